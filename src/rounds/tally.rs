//! What a round comes to: departments counted once with their parts, as answers stand now or as they were frozen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sqlx::{PgConnection, PgPool};

use super::db::write::{self, NewEvent};
use super::db::{self, Answer, FrozenDepartment, Outcome, Round, RoundImage};
use crate::catalogue::snapshot::need::counts_with;
use crate::catalogue::{Catalogue, Firmness};
use crate::i18n::Lang;
use crate::log::Repeated;
use crate::organisations::Directory;
use crate::rounds::db::{Decided, Happened, Tallied};
use crate::web::error::Error;
use crate::web::visitor::Person;

impl FrozenDepartment {
    /// Its acronym, with that of whom it counts with.
    pub fn acronym(&self, lang: Lang) -> String {
        let (own, with) = (lang.of(&self.acronym_en, &self.acronym_fr), lang.of(&self.with_en, &self.with_fr));
        if own == with { own.clone() } else { format!("{own} ({with})") }
    }
}

/// A round with what it comes to.
pub struct RoundStatus {
    pub round: Round,
    pub images: Vec<Tallied>,
    pub outcome: Option<Outcome>,
}

impl RoundStatus {
    /// Reads a round: frozen figures where it is closed, else those of now.
    ///
    /// # Errors
    /// When there is no such round or the database does not answer.
    pub async fn read(db: &mut PgConnection, directory: &Directory, id: i64) -> Result<RoundStatus, Error> {
        let round = db::find(db, id).await?.ok_or(Error::NotFound)?;
        let images = if round.closed_at.is_some() {
            thawed(db::frozen(db, id).await?)
        } else {
            tally(directory, &db::images(db, id).await?, &db::answers(db, id).await?)
        };
        Ok(RoundStatus { images, outcome: db::outcome(db, id).await?, round })
    }

    /// Whether an image has as many departments as it takes.
    pub fn is_reached(&self, image: &Tallied) -> bool {
        image.departments >= usize::try_from(self.round.threshold).unwrap_or(usize::MAX)
    }

    /// What was decided of an image.
    pub fn decision(&self, image: &Tallied) -> Option<Decided> {
        let outcome = self.outcome.as_ref()?;
        let place = outcome.images.iter().position(|id| *id == image.id)?;
        outcome.decisions.get(place).copied()
    }
}

/// Frozen figures as pages show them.
fn thawed((images, departments): (Vec<db::FrozenImage>, Vec<FrozenDepartment>)) -> Vec<Tallied> {
    let count = |number: i32| usize::try_from(number).unwrap_or_default();
    let image = |image: db::FrozenImage| Tallied {
        named: departments.iter().filter(|one| one.image_id == image.image_id).cloned().collect(),
        id: image.image_id,
        departments: count(image.departments),
        planned: count(image.planned),
        funded: count(image.funded),
        unnamed: count(image.unnamed),
        name: image.name,
    };
    images.into_iter().map(image).collect()
}

/// What answers come to.
fn tally(directory: &Directory, images: &[RoundImage], answers: &[Answer]) -> Vec<Tallied> {
    let image = |image: &RoundImage| {
        let mut wanting: Vec<_> = answers.iter().filter(|answer| answer.image_id == image.id && answer.wants).collect();
        // What is said without a name adds nothing to what is said by name, so that it cannot be told from it.
        wanting.sort_by_key(|answer| !answer.may_name);
        let mut firmest: BTreeMap<i64, Option<Firmness>> = BTreeMap::new();
        let (mut named, mut tops) = (Vec::new(), BTreeSet::new());
        for answer in wanting {
            let top = counts_with(directory, answer.organisation_id);
            if !answer.may_name && tops.contains(&top) {
                continue;
            }
            let firmness = answer.firmness;
            let held = firmest.entry(top).or_default();
            *held = firmness.max(*held);
            if answer.may_name {
                tops.insert(top);
                named.extend(department(directory, image.id, answer, top));
            }
        }
        named.sort_by_cached_key(|one: &FrozenDepartment| crate::text::key(&one.acronym_en));
        let having = |firmness| firmest.values().filter(|held| **held == Some(firmness)).count();
        Tallied {
            id: image.id,
            name: image.name.clone(),
            departments: firmest.len(),
            planned: having(Firmness::Planned),
            funded: having(Firmness::Funded),
            unnamed: firmest.len() - tops.len(),
            named,
        }
    };
    images.iter().map(image).collect()
}

fn department(directory: &Directory, image: i64, answer: &Answer, top: i64) -> Option<FrozenDepartment> {
    let own = directory.at(directory.place(answer.organisation_id)?);
    let with = directory.at(directory.place(top)?);
    Some(FrozenDepartment {
        image_id: image,
        acronym_en: own.acronym_en.clone(),
        acronym_fr: own.acronym_fr.clone(),
        name_en: own.name_en.clone(),
        name_fr: own.name_fr.clone(),
        with_en: with.acronym_en.clone(),
        with_fr: with.acronym_fr.clone(),
        firmness: answer.firmness,
    })
}

/// Closes a round that is held: freezes what it comes to, and notes who did it; none: its day was over.
pub async fn close(
    db: &mut PgConnection,
    catalogue: &Catalogue,
    round: &Round,
    by: Option<&Person>,
    words: &str,
    form_key: Option<&str>,
) -> sqlx::Result<()> {
    let (snapshot, at) = (catalogue.now(), catalogue.clock().now());
    let images = db::images(db, round.id).await?;
    let tallied = tally(&snapshot.organisations, &images, &db::answers(db, round.id).await?);
    let event =
        NewEvent { round: round.id, at, by, kind: Happened::Closed, words, changed: None, confirms: None, form_key };
    write::add_event(db, &event).await?;
    write::freeze(db, round.id, &tallied, at).await
}

/// A round that cannot be frozen is tried again at every visit.
static UNSETTLED: Repeated = Repeated::new("rounds that are over are not frozen yet");

/// Freezes the rounds whose closing day is over: whoever looks first after that day does it, and once. Where the database
/// takes no writing the figures are shown as they stand, and no answer is taken any more.
pub async fn settle(pool: &PgPool, catalogue: &Catalogue) {
    let today = catalogue.clock().today();
    let settled = async {
        for id in db::due(pool, today).await? {
            settle_one(pool, catalogue, id, today).await?;
        }
        Ok::<_, sqlx::Error>(())
    };
    if let Err(problem) = settled.await {
        UNSETTLED.tell(|what| tracing::warn!(%problem, "{what}"));
    }
}

async fn settle_one(pool: &PgPool, catalogue: &Catalogue, id: i64, today: NaiveDate) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    let Some(round) = db::hold(&mut transaction, id).await? else { return Ok(()) };
    if round.closed_at.is_none() && !round.is_open(today) {
        close(&mut transaction, catalogue, &round, None, "", None).await?;
    }
    transaction.commit().await
}
