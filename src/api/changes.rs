//! The public record of changes, the oldest first: what is read once need not be read again.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgPool;
use utoipa::ToSchema;

use super::listed::{Listed, Paging, Part};
use crate::changes::db::{RecordedChange, after};
use crate::changes::{FieldView, Sort, label, record};
use crate::i18n::Lang;
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;
use crate::web::visitor::Scope;

/// A change of the record. Who made it is told to a token with the scope for that; to all others the record's pages tell it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub struct ChangeOut {
    id: i64,
    /// The act that it belongs to.
    change_set: i64,
    /// What sort of act it was.
    act: String,
    effective_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    /// Only with a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    reason_en: String,
    reason_fr: String,
    /// What it is about.
    subject_en: String,
    subject_fr: String,
    /// Its image, where it has one.
    #[schema(required)]
    slug: Option<String>,
    kind: ChangeKind,
    fields: Vec<FieldOut>,
}

/// What happened.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Changed,
    Removed,
}

/// A field as it was and as it is, in words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangedField)]
pub struct FieldOut {
    field: &'static str,
    label_en: String,
    label_fr: String,
    #[schema(required)]
    before_en: Option<String>,
    #[schema(required)]
    before_fr: Option<String>,
    #[schema(required)]
    after_en: Option<String>,
    #[schema(required)]
    after_fr: Option<String>,
}

impl ChangeOut {
    fn new(row: &RecordedChange, with_names: bool) -> ChangeOut {
        let RecordedChange { act, .. } = &row;
        let reason = |lang: Lang| record::told(&act.reason, lang).into_owned();
        let subject = |lang: Lang| row.subject(lang).into_owned();
        ChangeOut {
            id: row.id,
            change_set: row.change_set_id,
            act: act.act.code().to_owned(),
            effective_at: act.effective_at,
            recorded_at: act.recorded_at,
            actor: with_names.then(|| act.actor.clone()),
            reason_en: reason(Lang::En),
            reason_fr: reason(Lang::Fr),
            subject_en: subject(Lang::En),
            subject_fr: subject(Lang::Fr),
            slug: row.image.as_ref().map(|image| image.slug.clone()),
            kind: match row.kind() {
                Sort::Added => ChangeKind::Added,
                Sort::Changed => ChangeKind::Changed,
                Sort::Removed => ChangeKind::Removed,
            },
            fields: side_by_side(&row.fields(Lang::En), &row.fields(Lang::Fr)),
        }
    }
}

/// The fields of a change in both languages. What only one language tells apart is told in its words.
fn side_by_side(english: &[FieldView], french: &[FieldView]) -> Vec<FieldOut> {
    let named = |fields: &'_ [FieldView], name: &str| fields.iter().position(|field| field.name == name);
    let both = english.iter().map(|one| (one, named(french, one.name).map_or(one, |at| &french[at])));
    let only_french = french.iter().filter(|one| named(english, one.name).is_none()).map(|one| (one, one));
    both.chain(only_french).map(|(english, french)| FieldOut::new(english, french)).collect()
}

impl FieldOut {
    fn new(english: &FieldView, french: &FieldView) -> FieldOut {
        FieldOut {
            field: english.name,
            label_en: label(english.name, Lang::En).into_owned(),
            label_fr: label(english.name, Lang::Fr).into_owned(),
            before_en: english.before.clone(),
            before_fr: french.before.clone(),
            after_en: english.after.clone(),
            after_fr: french.after.clone(),
        }
    }
}

/// The changes of the whole record, the oldest first.
#[utoipa::path(get, path = "/api/v1/changes", params(Paging), security((), ("token" = ["read:record"])),
    responses((status = OK, body = Listed<ChangeOut>), Refused))]
pub(super) async fn list_changes(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let part = Part::asked(&visit, &[])?;
    let most = i64::try_from(part.limit + 1).unwrap_or(i64::MAX);
    let rows = after(&pool, None, part.after, most).await?;
    let with_names = visit.program.as_ref().is_some_and(|program| program.may(Scope::Record));
    let rows = rows.into_iter().map(|row| (row.id, row));
    Ok(part.of(&visit, rows, move |row: RecordedChange| ChangeOut::new(&row, with_names)))
}
