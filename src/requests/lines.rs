//! What becomes of the lines that accepting a request made, once it is not accepted any more: they stay because a
//! person says so, or they are taken back in the same act.

use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::accept::Demand;
use super::db::lines::{self, Disagreement, Made};
use super::decision::Decision;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::ImageRecord;
use crate::fields::{describe, parse};
use crate::web::error::Error;
use crate::web::form::Form;

/// What a person says of the lines of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Keep,
    TakeBack,
}

impl Fate {
    /// All of them, as forms offer them: value and words.
    pub const ALL: [(&str, &str); 2] = [("keep", "decide-lines-keep"), ("take", "decide-lines-take")];

    /// What a form says of an item's lines.
    pub fn of(form: &Form, item: i64) -> Option<Fate> {
        match form.text(&format!("lines-{item}")) {
            "keep" => Some(Fate::Keep),
            "take" => Some(Fate::TakeBack),
            _ => None,
        }
    }
}

impl Decision {
    /// Whether it has to say what becomes of lines that were made before.
    pub const fn asks_lines(self) -> bool {
        !matches!(self, Decision::Assign | Decision::Accept | Decision::Release)
    }
}

/// The lines of an item and of what was merged into it that nobody else's request counts by.
pub fn own(made: &[Made], item: i64) -> impl Iterator<Item = &Made> {
    made.iter().filter(move |one| (one.item_id == item || one.leader_id == item) && one.others.is_empty())
}

/// The catalogue without lines that accepting made: those that are new leave it, those that came back are again what they
/// were. What has been changed of them since by other acts stays in the record.
pub async fn without(db: &mut PgConnection, made: &[&Made]) -> Result<Demand, Error> {
    let mut images: Vec<i64> = made.iter().map(|one| one.image_id).collect();
    images.sort_unstable();
    images.dedup();
    let before = reading::load(db, &images).await?;
    let mut after = before.clone();
    for one in made {
        if let Some(image_record) = after.iter_mut().find(|image_record| image_record.id == one.image_id) {
            take_back(image_record, one)?;
        }
    }
    Ok(Demand { before, after })
}

fn take_back(image_record: &mut ImageRecord, made: &Made) -> Result<(), Error> {
    let Some(place) = image_record.lines.iter().position(|line| line.id == made.line_id) else { return Ok(()) };
    let (Some(Value::Object(before)), Value::Object(after)) = (&made.before, &made.after) else {
        image_record.lines.remove(place);
        return Ok(());
    };
    let line = &mut image_record.lines[place];
    let mut fields = describe(&line.fields)?;
    for (name, left) in after {
        if fields.get(name).unwrap_or(&Value::Null) == left {
            fields.insert(name.clone(), before.get(name).cloned().unwrap_or(Value::Null));
        }
    }
    line.fields = parse(fields)?;
    Ok(())
}

/// The requests held against the lines of the catalogue: how many images of requests there are, and a sentence for each
/// that says something else.
pub async fn verify(pool: &PgPool) -> sqlx::Result<(i64, Vec<String>)> {
    let mut look = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *look).await?;
    sqlx::query("set local statement_timeout = 0").execute(&mut *look).await?;
    let (count, found) = lines::disagreements(&mut look).await?;
    let sentence = |one: Disagreement| {
        let Disagreement { reference, place, name, state, is_accepted } = one;
        if is_accepted {
            format!("{reference}/{place} {name}: accepted, and the catalogue has no line of it")
        } else {
            format!("{reference}/{place} {name}: {state}, and the line that accepting made still counts")
        }
    };
    Ok((count, found.into_iter().map(sentence).collect()))
}
