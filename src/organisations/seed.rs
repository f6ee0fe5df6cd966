//! The federal organisations that the project knows from the start, and how they come into the database.

use std::collections::HashMap;

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::PgPool;

use super::{Directory, Organisation, db};
use crate::changes::record::{Act, Change, Kind, OWN_REASONS, Record, Subject};
use crate::i18n::Lang;

/// Applied titles and acronyms in both languages, parents and other spellings.
const FEDERAL: &str = include_str!("federal.csv");

#[derive(Deserialize)]
struct Entry {
    acronym_en: String,
    acronym_fr: String,
    name_en: String,
    name_fr: String,
    parent: String,
    aliases: String,
}

/// Adds the federal organisations that the database does not have yet, as one act in the record.
pub async fn seed(pool: &PgPool, now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut transaction = pool.begin().await?;
    if missing(&db::load(&mut transaction).await?).is_ok_and(|missing| missing.is_empty()) {
        return Ok(()); // without waiting for an act that is under way
    }
    sqlx::query("set local statement_timeout = 0").execute(&mut *transaction).await?;
    let mut record = Record::begin(&mut transaction).await?;
    let known = db::load(record.db()).await?;
    let entries = missing(&known).context("the embedded list of organisations")?;
    if entries.is_empty() {
        return Ok(());
    }
    let ids = db::next_ids(record.db(), entries.len()).await?;
    let organisations = numbered(&known, &entries, &ids);
    db::add(record.db(), &organisations).await?;
    let changes: Vec<Change> = organisations.iter().map(added).collect();
    let act = Act { source: "federal.csv", ..Act::new("image-catalogue", Kind::Organisations, OWN_REASONS[0], now) };
    record.write(&act, &changes).await?;
    transaction.commit().await?;
    Ok(())
}

/// The record's line for an organisation that was added.
pub fn added(organisation: &Organisation) -> Change {
    Change {
        subject: Subject::Organisation,
        subject_id: organisation.id,
        image_id: None,
        organisation_id: Some(organisation.id),
        before: None,
        after: Some(Value::Object(fields(organisation))),
    }
}

/// The record's line for an organisation that was changed; none where nothing differs.
pub fn changed(before: &Organisation, after: &Organisation) -> Option<Change> {
    let (mut was, mut is) = (Map::new(), Map::new());
    for ((name, before), (_, after)) in fields(before).into_iter().zip(fields(after)) {
        if before != after {
            was.insert(name.clone(), before);
            is.insert(name, after);
        }
    }
    let change = Change { before: Some(Value::Object(was)), after: Some(Value::Object(is.clone())), ..added(after) };
    (!is.is_empty()).then_some(change)
}

/// An organisation's fields in the record.
fn fields(organisation: &Organisation) -> Map<String, Value> {
    let fields = [
        ("acronym_en", json!(organisation.acronym_en)),
        ("acronym_fr", json!(organisation.acronym_fr)),
        ("name_en", json!(organisation.name_en)),
        ("name_fr", json!(organisation.name_fr)),
        ("parent_id", json!(organisation.parent_id)),
        ("confirmed", json!(organisation.confirmed)),
        ("aliases", json!(organisation.aliases)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn missing(known: &Directory) -> csv::Result<Vec<Entry>> {
    let mut reader = csv::Reader::from_reader(FEDERAL.as_bytes());
    let entries: csv::Result<Vec<Entry>> = reader.deserialize().collect();
    let taken = |entry: &Entry| {
        known.find(&entry.acronym_en, Lang::En).is_some() || known.find(&entry.acronym_fr, Lang::Fr).is_some()
    };
    Ok(entries?.into_iter().filter(|entry| !taken(entry)).collect())
}

fn numbered(known: &Directory, entries: &[Entry], ids: &[i64]) -> Vec<Organisation> {
    let new: HashMap<String, i64> =
        entries.iter().map(|entry| entry.acronym_en.clone()).zip(ids.iter().copied()).collect();
    let parent = |acronym: &str| {
        new.get(acronym).copied().or_else(|| known.find(acronym, Lang::En).map(|place| known.at(place).id))
    };
    let aliases = |entry: &Entry| {
        let free = |alias: &&str| !alias.is_empty() && known.find(alias, Lang::En).is_none();
        entry.aliases.split('|').map(str::trim).filter(free).map(str::to_owned).collect()
    };
    entries
        .iter()
        .zip(ids)
        .map(|(entry, id)| Organisation {
            id: *id,
            acronym_en: entry.acronym_en.clone(),
            acronym_fr: entry.acronym_fr.clone(),
            name_en: entry.name_en.clone(),
            name_fr: entry.name_fr.clone(),
            parent_id: parent(&entry.parent),
            confirmed: true,
            aliases: aliases(entry),
        })
        .collect()
}
