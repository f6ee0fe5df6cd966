//! The catalogue as it was: built up from the record of changes alone.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures_util::{Stream, TryStreamExt};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use crate::catalogue::store::db;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::changes::record::Subject;
use crate::changes::{self, Folded};
use crate::clock::day_of;
use crate::fields::{Fields, ImageFields, LineFields, parse};
use crate::licences::LastKnown;
use crate::organisations::{Directory, Organisation};

/// What the record has built up so far, each thing by its number.
#[derive(Debug, Default)]
pub struct HistoricalCatalogue {
    organisations: BTreeMap<i64, Fields>,
    images: BTreeMap<i64, Fields>,
    lines: BTreeMap<i64, PastLine>,
}

#[derive(Debug)]
struct PastLine {
    image: i64,
    organisation: i64,
    fields: Fields,
    /// The last date that it had, and since when it has had none.
    last_date: Option<NaiveDate>,
    unknown_since: Option<DateTime<Utc>>,
}

impl PastLine {
    /// Takes over what a change made of it.
    fn extend(&mut self, fields: Fields, at: DateTime<Utc>) {
        match fields.get("renewal_date") {
            Some(Value::String(date)) => (self.last_date, self.unknown_since) = (date.parse().ok(), None),
            Some(_) => self.unknown_since = self.unknown_since.or(self.last_date.map(|_| at)),
            None => {}
        }
        self.fields.extend(fields);
    }
}

impl HistoricalCatalogue {
    /// What counted before a moment.
    pub async fn before(db: &mut PgConnection, moment: DateTime<Utc>) -> anyhow::Result<HistoricalCatalogue> {
        HistoricalCatalogue::gather(changes::fold(db, moment)).await
    }

    /// These images as they were after a change.
    pub async fn of_images(db: &mut PgConnection, images: &[i64], until: i64) -> anyhow::Result<HistoricalCatalogue> {
        HistoricalCatalogue::gather(changes::fold_images(db, images, until)).await
    }

    async fn gather(changes: impl Stream<Item = sqlx::Result<Folded>>) -> anyhow::Result<HistoricalCatalogue> {
        let mut changes = std::pin::pin!(changes);
        let mut past = HistoricalCatalogue::default();
        while let Some(change) = changes.try_next().await? {
            past.take(change);
        }
        Ok(past)
    }

    /// Takes over what the next change made.
    pub fn take(&mut self, change: Folded) {
        let id = change.subject_id;
        let after = match change.after {
            Some(Value::Object(fields)) => Some(fields),
            _ => None,
        };
        match change.subject {
            Subject::Organisation => put(&mut self.organisations, id, after),
            Subject::Image => put(&mut self.images, id, after),
            Subject::Line => match (after, change.image_id, change.organisation_id) {
                (Some(fields), Some(image), Some(organisation)) => {
                    let new = || PastLine {
                        image,
                        organisation,
                        fields: Fields::new(),
                        last_date: None,
                        unknown_since: None,
                    };
                    self.lines.entry(id).or_insert_with(new).extend(fields, change.effective_at);
                }
                _ => {
                    self.lines.remove(&id);
                }
            },
            Subject::Content => {}
        }
    }

    /// The organisations as they were.
    ///
    /// # Errors
    /// When the record tells of one what none can have.
    pub fn directory(&self) -> anyhow::Result<Directory> {
        let organisation = |(id, fields): (&i64, &Fields)| -> anyhow::Result<Organisation> {
            let mut fields = fields.clone();
            fields.insert("id".to_owned(), Value::from(*id));
            serde_json::from_value(Value::Object(fields)).context("an organisation of the record")
        };
        Ok(Directory::new(self.organisations.iter().map(organisation).collect::<anyhow::Result<_>>()?))
    }

    /// The lines whose date was not known and had been before, by number.
    pub fn last_known(&self) -> HashMap<i64, LastKnown> {
        let known = |(id, line): (&i64, &PastLine)| {
            let (date, since) = (line.last_date?, day_of(line.unknown_since?));
            Some((*id, LastKnown { date, since }))
        };
        self.lines.iter().filter_map(known).collect()
    }

    /// The images as they were, by number, each with its lines.
    ///
    /// # Errors
    /// When the record tells of one what none can have.
    pub fn image_records(self) -> anyhow::Result<Vec<ImageRecord>> {
        let mut lines: BTreeMap<i64, Vec<LineRecord>> = BTreeMap::new();
        for (id, line) in self.lines {
            let fields: LineFields = parse(line.fields)?;
            lines.entry(line.image).or_default().push(LineRecord { id, organisation: line.organisation, fields });
        }
        let image_record = |(id, fields): (i64, Fields)| -> anyhow::Result<ImageRecord> {
            let image: ImageFields = parse(fields)?;
            Ok(ImageRecord { id, image: image.sorted(), lines: lines.remove(&id).unwrap_or_default() })
        };
        self.images.into_iter().map(image_record).collect()
    }
}

fn put(all: &mut BTreeMap<i64, Fields>, id: i64, after: Option<Fields>) {
    match after {
        Some(fields) => all.entry(id).or_default().extend(fields),
        None => {
            all.remove(&id);
        }
    }
}

/// The record held against what is kept.
#[derive(Debug)]
pub struct Compared {
    pub changes: i64,
    pub images: usize,
    pub lines: usize,
    /// A sentence for each image that differs.
    pub differing: Vec<String>,
}

/// Builds every image up from the record and compares it with the tables, in one consistent look.
pub async fn verify(pool: &PgPool) -> anyhow::Result<Compared> {
    let mut look = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *look).await?;
    sqlx::query("set local statement_timeout = 0").execute(&mut *look).await?;
    let told =
        HistoricalCatalogue::before(&mut look, DateTime::<Utc>::MAX_UTC - Duration::days(1)).await?.image_records()?;
    let ids: Vec<i64> = db::images(&mut look).map_ok(|image| image.id).try_collect().await?;
    let kept = reading::load(&mut look, &ids).await?;
    let changes = changes::count(&mut look).await?;
    look.commit().await?;
    let mut told: BTreeMap<i64, ImageRecord> =
        told.into_iter().map(|image_record| (image_record.id, image_record)).collect();
    let (images, lines) = (kept.len(), kept.iter().map(|image_record| image_record.lines.len()).sum());
    let mut differing = Vec::new();
    for image_record in kept {
        match told.remove(&image_record.id) {
            Some(record) if record == image_record => {}
            Some(_) => differing.push(format!("{}: the record tells otherwise", image_record.image.name)),
            None => differing.push(format!("{}: the record does not know it", image_record.image.name)),
        }
    }
    differing
        .extend(told.into_values().map(|image_record| format!("{}: only the record has it", image_record.image.name)));
    Ok(Compared { changes, images, lines, differing })
}
