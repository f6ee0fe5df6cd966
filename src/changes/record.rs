//! Writing the record: every act locks the catalogue, says who, when and why, and leaves before and after.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction};

use crate::codes::codes;
use crate::i18n::Lang;
use crate::web::visitor::{Person, Program};

/// The channel on which instances hear that the catalogue has changed.
pub const NOTICES: &str = "catalogue_changed";

/// Reasons of the program's own acts: keys, so that each page tells them in its language.
pub const OWN_REASONS: [&str; 3] = ["reason-federal-organisations", "reason-first-content", "reason-french-notes"];

/// A reason as a page tells it: the program's own in the page's language, a person's as it was given.
pub fn told(reason: &str, lang: Lang) -> Cow<'_, str> {
    if OWN_REASONS.contains(&reason) { lang.t(reason) } else { Cow::Borrowed(reason) }
}

codes! {
    /// What sort of act it was.
    pub enum Kind("change_sets.act", code, label) {
        /// Organisations were added.
        Organisations("organisations", "act-organisations"),
        /// A file was brought in.
        Import("import", "act-import"),
        /// A person changed an image.
        Image("image", "act-image"),
        /// Renewals were decided.
        Renewal("renewal", "act-renewal"),
        /// An act was undone.
        Undo("undo", "act-undo"),
        /// A visitor's suggestion was accepted.
        Suggestion("suggestion", "act-suggestion"),
        /// An administrator changed an organisation.
        Organisation("organisation", "act-organisation"),
        /// A finding of the quality inbox was decided.
        Quality("quality", "act-quality"),
        /// Requests of departments became demand.
        Request("request", "act-request"),
        /// An administrator changed a text of the site.
        Content("content", "act-content"),
    }
}

/// An act: who did what, why, from where, and from when on it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    pub actor: &'a str,
    pub kind: Kind,
    pub reason: &'a str,
    pub source: &'a str,
    pub effective_at: DateTime<Utc>,
    /// The key of the form that was sent: sent again it does not count again.
    pub form_key: Option<&'a str>,
    /// The act that this one undoes.
    pub undoes: Option<i64>,
    /// The account of the person who acts, where one has signed in.
    pub account: Option<i64>,
    /// The token by which a program acts.
    pub token: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// An act of a person who has signed in, by a form with this key.
    pub fn by(person: &'a Person, kind: Kind, reason: &'a str, form_key: &'a str, now: DateTime<Utc>) -> Act<'a> {
        Act { account: Some(person.account), form_key: Some(form_key), ..Act::new(&person.name, kind, reason, now) }
    }

    /// An act of a program, by its token.
    pub fn of(program: &'a Program, actor: &'a str, kind: Kind, reason: &'a str, now: DateTime<Utc>) -> Act<'a> {
        Act { token: Some(&program.token), ..Act::new(actor, kind, reason, now) }
    }

    /// An act that counts from now on.
    pub fn new(actor: &'a str, kind: Kind, reason: &'a str, now: DateTime<Utc>) -> Act<'a> {
        Act {
            actor,
            kind,
            reason,
            source: "",
            effective_at: now,
            form_key: None,
            undoes: None,
            account: None,
            token: None,
        }
    }
}

codes! {
    /// What a change is about.
    pub enum Subject("changes.subject", code) {
        Organisation("organisation"),
        Image("image"),
        Line("line"),
        /// A text of the site.
        Content("content"),
    }
}

/// One thing that an act changed: the fields it touched, as they were and as they are.
#[derive(Clone, Debug)]
pub struct Change {
    pub subject: Subject,
    pub subject_id: i64,
    pub image_id: Option<i64>,
    pub organisation_id: Option<i64>,
    /// None: it was added.
    pub before: Option<Value>,
    /// None: it was taken out.
    pub after: Option<Value>,
}

/// An open act. Nothing can change in the catalogue but through one, and only one is open at a time.
pub struct Record<'t> {
    transaction: &'t mut Transaction<'static, Postgres>,
}

impl<'t> Record<'t> {
    /// Opens an act: waits for any other to end.
    pub async fn begin(transaction: &'t mut Transaction<'static, Postgres>) -> sqlx::Result<Record<'t>> {
        sqlx::query("select version from catalogue_version for update").execute(&mut **transaction).await?;
        Ok(Record { transaction })
    }

    /// The connection on which the act reads and writes.
    pub fn db(&mut self) -> &mut PgConnection {
        self.transaction
    }

    /// The change set that a form was written as, where it was sent before.
    pub async fn sent_before(&mut self, form_key: &str) -> sqlx::Result<Option<i64>> {
        sqlx::query_scalar("select id from change_sets where form_key = $1")
            .bind(form_key)
            .fetch_optional(self.db())
            .await
    }

    /// Opens the act's change set and gives its number.
    pub async fn open(&mut self, act: &Act<'_>, changes: usize) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "insert into change_sets (effective_at, actor, act, reason, source, changes, form_key, undoes, account_id,
                                      token_id, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (select version + 1 from catalogue_version)) returning id",
        )
        .bind(act.effective_at)
        .bind(act.actor)
        .bind(act.kind)
        .bind(act.reason)
        .bind(act.source)
        .bind(i32::try_from(changes).unwrap_or(i32::MAX))
        .bind(act.form_key)
        .bind(act.undoes)
        .bind(act.account)
        .bind(act.token)
        .fetch_one(self.db())
        .await
    }

    /// Records changes of an open change set.
    pub async fn add(&mut self, change_set: i64, changes: &[Change]) -> sqlx::Result<()> {
        sqlx::query(
            "insert into changes (change_set_id, subject, subject_id, image_id, organisation_id, before, after)
             select $1, * from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::jsonb[], $7::jsonb[])",
        )
        .bind(change_set)
        .bind(changes.iter().map(|change| change.subject).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.subject_id).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.image_id).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.organisation_id).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.before.clone()).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| change.after.clone()).collect::<Vec<_>>())
        .execute(self.db())
        .await?;
        Ok(())
    }

    /// Ends the act: raises the catalogue's version and tells every instance when the transaction commits.
    pub async fn end(self) -> sqlx::Result<()> {
        sqlx::query("update catalogue_version set version = version + 1, changed_at = clock_timestamp()")
            .execute(&mut **self.transaction)
            .await?;
        sqlx::query("select pg_notify($1, '')").bind(NOTICES).execute(&mut **self.transaction).await?;
        Ok(())
    }

    /// Lets every instance read the catalogue anew when the transaction commits, though no act changed it.
    pub async fn show_anew(db: &mut PgConnection) -> sqlx::Result<()> {
        sqlx::query("update catalogue_version set version = version + 1").execute(&mut *db).await?;
        sqlx::query("select pg_notify($1, '')").bind(NOTICES).execute(&mut *db).await?;
        Ok(())
    }

    /// Records a whole act at once: opens it, adds its changes and ends it.
    pub async fn write(mut self, act: &Act<'_>, changes: &[Change]) -> sqlx::Result<i64> {
        let change_set = self.open(act, changes.len()).await?;
        self.add(change_set, changes).await?;
        self.end().await?;
        Ok(change_set)
    }
}
