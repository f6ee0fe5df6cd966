//! What every change in the browser goes through: the form's key and base, the lock, one act, and its page.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use sqlx::{PgPool, Postgres, Transaction};

use super::draft::{Draft, FormToken};
use crate::catalogue::store::history::HistoricalCatalogue;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::ImageRecord;
use crate::catalogue::store::write;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::record::{Act, Change, Record, Subject};
use crate::changes::{self, ChangeView};
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::Visit;
use crate::web::visitor::Person;

/// Others' changes that a form shows at most.
const MOST_OTHERS: i64 = 50;

/// A form that a person who has signed in sent, opened to be written.
pub struct Opened {
    pub person: Arc<Person>,
    pub draft: Draft,
    pub work: CatalogueTransaction,
}

/// An act that is about to be written: everybody else waits.
pub struct CatalogueTransaction {
    pub transaction: Transaction<'static, Postgres>,
}

impl CatalogueTransaction {
    /// Begins, and waits for any other act to end.
    pub async fn begin(pool: &PgPool) -> sqlx::Result<CatalogueTransaction> {
        let mut transaction = pool.begin().await?;
        Record::begin(&mut transaction).await?;
        Ok(CatalogueTransaction { transaction })
    }

    /// Opens a form: who sends it, its token, and the lock.
    ///
    /// # Errors
    /// When nobody has signed in, the form is not one that the program gave, or the database does not answer. A form that
    /// was sent before leads to its act.
    pub async fn open(pool: &PgPool, visit: &Visit, form: Form) -> Result<Opened, Error> {
        let person = visit.person.clone().ok_or(Error::Forbidden)?;
        let draft = Draft::sent(form)?;
        let mut work = CatalogueTransaction::begin(pool).await?;
        match work.sent_before(&draft.token).await? {
            Some(written) => Err(Error::Redirect(changes::ONE.with(visit.lang, &written.to_string()))),
            None => Ok(Opened { person, draft, work }),
        }
    }

    /// The act that a form was written as before.
    ///
    /// # Errors
    /// When the database does not answer, or the form claims to have seen what is still to come.
    pub async fn sent_before(&mut self, form_token: &FormToken) -> Result<Option<i64>, Error> {
        let mut record = Record::begin(&mut self.transaction).await?;
        if form_token.base_revision > changes::newest(record.db()).await? {
            return Err(Error::BadForm);
        }
        Ok(record.sent_before(&form_token.nonce).await?)
    }

    /// These images as the form's reader saw them, and as they are.
    pub async fn base_and_current(
        &mut self,
        images: &[i64],
        base: i64,
    ) -> Result<(Vec<ImageRecord>, Vec<ImageRecord>), Error> {
        let then = HistoricalCatalogue::of_images(&mut self.transaction, images, base).await?.image_records()?;
        let now = reading::load(&mut self.transaction, images).await?;
        Ok((then, now))
    }

    /// What others wrote about these images since a form was opened, the newest first, and the token of the form that
    /// shows it.
    pub async fn meanwhile(
        &mut self,
        images: &[i64],
        since: i64,
        lang: Lang,
    ) -> Result<(Vec<ChangeView>, FormToken), Error> {
        let rows = changes::of_images_since(&mut self.transaction, images, since, MOST_OTHERS).await?;
        let others = rows.into_iter().map(|row| ChangeView::new(row, lang)).collect();
        Ok((others, FormToken::new(&mut self.transaction).await?))
    }

    /// Writes sheets as one act and lets the site see them. None where nothing differs.
    pub async fn write(
        self,
        catalogue: &Catalogue,
        act: &Act<'_>,
        before: &[ImageRecord],
        after: Vec<ImageRecord>,
    ) -> Result<Option<i64>, Error> {
        self.write_with(catalogue, act, before, after, &[]).await
    }

    /// Writes sheets, and records what else the act changed.
    pub async fn write_with(
        mut self,
        catalogue: &Catalogue,
        act: &Act<'_>,
        before: &[ImageRecord],
        after: Vec<ImageRecord>,
        besides: &[Change],
    ) -> Result<Option<i64>, Error> {
        let record = Record::begin(&mut self.transaction).await?;
        let written = write::write(record, act, before, after, besides).await?;
        self.commit(catalogue).await?;
        Ok(written)
    }

    /// Writes sheets as one act, to be ended by [`CatalogueTransaction::commit`] with what else belongs to it.
    pub async fn put(
        &mut self,
        act: &Act<'_>,
        before: &[ImageRecord],
        after: Vec<ImageRecord>,
    ) -> Result<Option<i64>, Error> {
        let record = Record::begin(&mut self.transaction).await?;
        Ok(write::write(record, act, before, after, &[]).await?)
    }

    /// Makes everything last that was written, and lets the site see it.
    pub async fn commit(self, catalogue: &Catalogue) -> Result<(), Error> {
        Ok(catalogue.commit(self.transaction).await?)
    }
}

/// The answer after an act: its page, which says what was done and offers to undo it.
pub fn redirect_to_change(change_set: i64, lang: Lang) -> Response {
    Redirect::to(&changes::ONE.with(lang, &change_set.to_string())).into_response()
}

/// Changes that are still to be made, in words.
pub fn preview_changes(snapshot: &Snapshot, after: &[ImageRecord], changes: &[Change], lang: Lang) -> Vec<ChangeView> {
    let told = |change: &Change| {
        let image = after.iter().find(|image_record| Some(image_record.id) == change.image_id);
        let name = image.map(|image_record| image_record.image.name.clone()).unwrap_or_default();
        let place = change.organisation_id.and_then(|id| snapshot.organisations.place(id));
        let subject = match (change.subject, place) {
            (Subject::Line, Some(place)) => format!("{name} · {}", snapshot.organisations.at(place).acronym(lang)),
            _ => name,
        };
        ChangeView::preview(change, subject, lang)
    };
    changes.iter().map(told).collect()
}
