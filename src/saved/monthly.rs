//! The mail of each month: on its first day from 07:00 in America/Toronto, once, whatever number of instances run and
//! however often they start. What was missed while the program was down goes once, for the last month.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;

use super::db::{self, Happened, NewEvent};
use super::definition::{Saved, may_get};
use super::letter::Mailing;
use super::made::{Made, make};
use super::source::Inputs;
use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::people::db::accounts::{self, Account};
use crate::web::error::Error;

/// How often it is seen whether it is time.
const LOOK: Duration = Duration::from_mins(1);

/// Mails each month's reports, for as long as the program runs.
pub async fn keep_mailing(pool: PgPool, catalogue: Catalogue, settings: Arc<Settings>) {
    loop {
        if let Err(problem) = mail_month(&pool, &catalogue, &settings).await {
            tracing::warn!(%problem, "saved reports are not mailed yet");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Writes the mails of this month that are due and not yet written; of how many reports.
pub async fn mail_month(pool: &PgPool, catalogue: &Catalogue, settings: &Settings) -> Result<usize, Error> {
    let now = catalogue.clock().now();
    let due: Vec<Saved> = db::monthly(pool).await?.into_iter().filter(|saved| saved.is_due(now)).collect();
    if due.is_empty() {
        return Ok(0);
    }
    let inputs = Inputs { catalogue: catalogue.clone(), pool: pool.clone(), lead_days: settings.renewal_lead_days };
    let (mut written, mut failed) = (0, None);
    for saved in due {
        match write(&saved, &inputs, &settings.origin()).await {
            Ok(is_written) => written += usize::from(is_written),
            Err(problem) => failed = Some(problem), // the others are not kept waiting
        }
    }
    failed.map_or(Ok(written), Err)
}

/// Writes the mails of one report with the note that they were written; whether nobody else has.
async fn write(saved: &Saved, inputs: &Inputs, origin: &str) -> Result<bool, Error> {
    let now = inputs.catalogue.clock().now();
    let month = saved.next(now).ok_or(Error::NotFound)?;
    let made = make(&saved.definition, inputs).await?;
    let to = recipients(&inputs.pool, saved).await?;
    let names: Vec<&str> = to.iter().map(|account| account.name.as_str()).collect();
    let mut after = vec![("recipients".to_owned(), names.join(", "))];
    after.extend(made.told());
    let mut transaction = inputs.pool.begin().await?;
    let event = NewEvent {
        report: saved.id,
        at: now,
        by: None,
        kind: Happened::Mailed,
        words: "",
        before: None,
        after: Some(after),
        month: Some(month),
        form_key: None,
    };
    if !db::note(&mut transaction, &event).await? {
        return Ok(false);
    }
    let key = |account: &Account| format!("report-{}-{month}-{}", saved.id, account.id);
    let to: Vec<(String, &str)> = to.iter().map(|account| (key(account), account.email.as_str())).collect();
    Mailing { saved, made: &made, origin, is_asked_for: false }.put(&mut transaction, &to).await?;
    transaction.commit().await?;
    if let Made::Refused(_) = made {
        tracing::warn!(report = saved.id, "a saved report asks for what is not offered any more");
    }
    Ok(true)
}

/// Those among its recipients who may get it now.
async fn recipients(pool: &PgPool, saved: &Saved) -> sqlx::Result<Vec<Account>> {
    let mut accounts = accounts::all(pool).await?;
    accounts.retain(|account| saved.definition.recipients.contains(&account.id) && may_get(account));
    Ok(accounts)
}
