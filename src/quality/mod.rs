//! The quality inbox: irregularities that the program finds and never corrects by itself; a person decides each.

mod db;
mod decide;
mod pages;
mod rules;
mod told;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};

use axum::Extension;
use chrono::NaiveDate;
use sqlx::PgPool;
use tokio::sync::Mutex;

use crate::app::App;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{Snapshot, Status};
use crate::codes::codes;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;
use crate::web::work::ANSWERS;

pub const QUALITY: Route = Route::new("/en/staff/quality", "/fr/personnel/qualite");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Staff))
                .long_page(QUALITY, pages::show)
                .act(QUALITY, decide::decide)
                .with(|router| router.layer(Extension(Findings::default()))),
        )
        .staff_menu(8, "menu-quality", QUALITY, Role::Staff)
}

codes! {
    /// What is looked for, in the order of the inbox; the last text says what is found.
    pub enum Rule(code, label, why) {
        /// An organisation that a file named and nobody has confirmed.
        UnknownAcronym("unknown-acronym", "field-quality-rule-unknown-acronym", "quality-why-unknown-acronym"),
        /// A renewal date that is past, and nobody has said what happened.
        DatePassed("date-passed", "field-quality-rule-date-passed", "quality-why-date-passed"),
        /// Procured, and no renewal date.
        DateUnknown("date-unknown", "field-quality-rule-date-unknown", "quality-why-date-unknown"),
        /// Procured, and nobody knows what the registry calls it.
        NoRegistryName("no-registry-name", "field-quality-rule-no-registry-name", "quality-why-no-registry-name"),
        /// Two images that the registry is said to call the same.
        SharedRegistryName("shared-registry-name", "field-quality-rule-shared-registry-name", "quality-why-shared-registry-name"),
        /// Two names that are nearly the same.
        NearName("near-name", "field-quality-rule-near-name", "quality-why-near-name"),
        /// A note that says what another image's says.
        NoteRepeated("note-repeated", "field-quality-rule-note-repeated", "quality-why-note-repeated"),
        /// English that changed while its French stayed as it was.
        StaleFrench("stale-french", "field-quality-rule-stale-french", "quality-why-stale-french"),
        /// English notes or description without French.
        MissingFrench("missing-french", "field-quality-rule-missing-french", "quality-why-missing-french"),
    }
}

/// What a finding is about: places in its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Image(u32),
    /// An image and another that it resembles.
    Pair(u32, u32),
    /// An image and the well-known name that it resembles.
    Upstream(u32, &'static str),
    Line(u32),
    Organisation(u32),
}

/// What stands for a finding: its rule, what it is about, and the text as it stands. Another text, another mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark([u8; 16]);

/// Something that a rule found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub about: About,
    /// Since when, for a date that is not known.
    pub since: Option<NaiveDate>,
    pub mark: Mark,
}

impl Mark {
    /// The mark of a rule's finding with these numbers and texts.
    fn new(rule: Rule, ids: &[i64], texts: &[&str]) -> Mark {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        digest.update(rule.code().as_bytes());
        for id in ids {
            digest.update(&id.to_be_bytes());
        }
        for text in texts {
            digest.update(&[0]);
            digest.update(text.as_bytes());
        }
        let mut mark = [0; 16];
        mark.copy_from_slice(&digest.finish().as_ref()[..16]);
        Mark(mark)
    }

    /// As in forms and in the database.
    fn text(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    fn parse(text: &str) -> Option<Mark> {
        let is_whole = text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        Some(Mark(u128::from_str_radix(text, 16).ok().filter(|_| is_whole)?.to_be_bytes()))
    }
}

/// The decisions that stand, by what they are about.
type Decisions = HashMap<Mark, db::Decision>;

/// What the rules find in the newest snapshot, computed when first read.
#[derive(Clone, Default)]
struct Findings(Arc<Mutex<Option<Found>>>);

/// What the inbox is read from.
struct Inbox {
    pool: PgPool,
    findings: Findings,
}

/// The snapshot that was looked through, and everything that the rules find in it.
type Found = (Weak<Snapshot>, Arc<Vec<Finding>>);

impl Findings {
    /// Everything that the rules find in a snapshot: worked out once, when it is first asked for.
    async fn of(&self, snapshot: &Arc<Snapshot>, pool: &PgPool) -> Result<Arc<Vec<Finding>>, Error> {
        let mut held = self.0.lock().await;
        let known = held.as_ref().filter(|(of, _)| std::ptr::eq(of.as_ptr(), Arc::as_ptr(snapshot)));
        if let Some((_, found)) = known {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(look_through(snapshot, pool).await?);
        *held = Some((Arc::downgrade(snapshot), Arc::clone(&found)));
        Ok(found)
    }
}

async fn look_through(snapshot: &Arc<Snapshot>, pool: &PgPool) -> Result<Vec<Finding>, Error> {
    let undated = |line: &&Line| line.status == Status::Procured && line.renewal_date.is_none();
    let images: Vec<i64> = snapshot.lines().filter(undated).map(|line| snapshot.image_of(line).id).collect();
    let since = if images.is_empty() { HashMap::new() } else { db::undated_since(pool, &images).await? };
    let images = rules::in_both_languages(snapshot);
    let stale = if images.is_empty() { HashSet::new() } else { db::stale_french(pool, &images).await? };
    let snapshot = Arc::clone(snapshot);
    Ok(ANSWERS.run(move |_| rules::find(&snapshot, &since, &stale)).await?)
}
