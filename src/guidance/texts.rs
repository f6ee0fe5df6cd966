//! The texts that administrators edited, in memory, and the banner among them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::db;
use crate::changes::record::{Change, Subject};
use crate::guidance::published::{Prose, published};
use crate::guidance::text::{BANNER, BannerKind, Text};
use crate::i18n::Lang;
use crate::web::banner::Banner;

/// The record's line for a text that was changed; none where nothing differs.
///
/// # Errors
/// Never for texts: they are plain values.
pub fn changed(id: i64, before: &Text, after: &Text) -> anyhow::Result<Option<Change>> {
    let (mut was, mut is) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    if let (Some(was), Some(is)) = (was.as_object_mut(), is.as_object_mut()) {
        let same: Vec<String> =
            is.keys().filter(|name| *name != "content" && was.get(*name) == is.get(*name)).cloned().collect();
        for name in same {
            was.remove(&name);
            is.remove(&name);
        }
    }
    for (fields, text) in [(&mut was, before), (&mut is, after)] {
        for lang in Lang::BOTH {
            let (name, shown) = lang.of(("text_en", "published_en"), ("text_fr", "published_fr"));
            if fields.get(name).is_some_and(Value::is_null) {
                fields[shown] = published(&text.name, lang).into(); // so that the record tells what was read then
            }
        }
    }
    let change = Change {
        subject: Subject::Content,
        subject_id: id,
        image_id: None,
        organisation_id: None,
        before: Some(was),
        after: Some(is),
    };
    Ok((before != after).then_some(change))
}

/// Every text that was edited.
#[derive(Debug, Default)]
pub struct Texts {
    held: BTreeMap<String, Held>,
    banner: Option<(Option<NaiveDate>, Arc<Banner>)>,
}

/// A text with what is known of it.
#[derive(Debug)]
pub struct Held {
    pub id: i64,
    pub changed_at: DateTime<Utc>,
    pub text: Text,
    /// As visitors see it in each language, drawn when first read.
    pub(super) drawn: [OnceLock<Arc<Prose>>; 2],
}

impl Texts {
    /// Reads them.
    pub async fn load(db: &mut PgConnection) -> sqlx::Result<Texts> {
        let rows = db::all(db).await?.into_iter();
        let held: BTreeMap<String, Held> = rows
            .map(|db::Row { id, changed_at, text }| {
                (text.name.clone(), Held { id, changed_at, text, drawn: Default::default() })
            })
            .collect();
        let banner = held.get(BANNER).and_then(|held| {
            let text = |lang| held.text.in_language(lang).filter(|text| !text.is_empty()).map(Box::from);
            let is_warning = held.text.kind == Some(BannerKind::Warning);
            Some((held.text.until, Arc::new(Banner { is_warning, words: [text(Lang::En)?, text(Lang::Fr)?] })))
        });
        Ok(Texts { held, banner })
    }

    /// What is known of a text that was edited.
    pub fn held(&self, name: &str) -> Option<&Held> {
        self.held.get(name)
    }

    /// A text as it is now.
    pub fn text(&self, name: &str) -> Text {
        self.held(name).map_or_else(|| Text::published(name), |held| held.text.clone())
    }

    /// The banner of a day, where there is one.
    pub fn banner(&self, today: NaiveDate) -> Option<Arc<Banner>> {
        let (until, banner) = self.banner.as_ref()?;
        until.is_none_or(|until| today <= until).then(|| Arc::clone(banner))
    }
}
