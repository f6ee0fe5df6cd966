//! The daily digest: one mail a day to each recipient, of the renewals that have come a stage nearer.

use std::time::Duration;

use chrono::{NaiveDate, Timelike};
use sqlx::PgPool;

use super::due::{due, known};
use super::{REMINDERS, db};
use crate::catalogue::query::Query;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::verdict::Verdict;
use crate::catalogue::{Catalogue, Snapshot};
use crate::clock;
use crate::editing::RENEWALS;
use crate::i18n::{Lang, Word};
use crate::mail::{self, Letter, Message};
use crate::people::db::accounts;
use crate::web::address::is_mailbox;
use crate::web::visitor::Role;

/// From this hour on, in America/Toronto, the day's digest is sent.
pub const HOUR: u32 = 7;
/// How often it is seen whether it is time.
const LOOK: Duration = Duration::from_mins(1);
/// Lines that one mail names; the site has the others.
const MOST: usize = 200;

/// Somebody who gets reminders.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// `account-7` or `owner-7`.
    pub mark: String,
    pub name: String,
    pub email: String,
    pub lang: Option<Lang>,
    /// Whose licences it is about; none: all of them.
    pub organisation: Option<i64>,
}

/// Sends each day's digest, for as long as the program runs.
pub async fn keep_reminding(pool: PgPool, catalogue: Catalogue, origin: String) {
    loop {
        if let Err(problem) = remind(&pool, &catalogue, &origin).await {
            tracing::warn!(%problem, "reminders are not written yet");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Writes today's digests that are due and not yet written; how many.
pub async fn remind(pool: &PgPool, catalogue: &Catalogue, origin: &str) -> sqlx::Result<usize> {
    let now = catalogue.clock().now();
    if clock::local(now).hour() < HOUR {
        return Ok(0);
    }
    let (snapshot, day) = (catalogue.now(), clock::day_of(now));
    let mut written = 0;
    for recipient in recipients(pool).await? {
        written += usize::from(write(pool, &snapshot, &recipient, day, origin).await?);
    }
    Ok(written)
}

/// Who gets reminders: staff with an address who want them, and the owners of licences.
pub async fn recipients(pool: &PgPool) -> sqlx::Result<Vec<Recipient>> {
    let unwilling = db::unwilling(pool).await?;
    let accounts = accounts::all(pool).await?.into_iter().filter(|account| {
        account.role >= Role::Staff
            && account.disabled_at.is_none()
            && is_mailbox(&account.email)
            && !unwilling.contains(&account.id)
    });
    let staff = accounts.map(|account| Recipient {
        mark: format!("account-{}", account.id),
        name: account.name,
        email: account.email,
        lang: None,
        organisation: None,
    });
    let owners = db::owners(pool).await?.into_iter().map(|owner| Recipient {
        mark: format!("owner-{}", owner.id),
        name: owner.email.clone(),
        email: owner.email,
        lang: owner.lang,
        organisation: Some(owner.organisation_id),
    });
    Ok(staff.chain(owners).collect())
}

/// Writes a recipient's digest of a day, with what it tells; whether there was one to write.
async fn write(
    pool: &PgPool,
    snapshot: &Snapshot,
    recipient: &Recipient,
    day: NaiveDate,
    origin: &str,
) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    let Some(digest) = db::open(&mut transaction, &recipient.mark, day, &recipient.email).await? else {
        return Ok(false);
    };
    let mut known = known(db::told(&mut transaction, Some(&recipient.mark)).await?);
    let due = due(snapshot, recipient.organisation, known.remove(&recipient.mark).as_ref(), day);
    if due.is_empty() {
        return Ok(false); // and the day stays open
    }
    let told: Vec<_> = due.iter().map(|(line, date, stage)| (line.id, *date, *stage)).collect();
    db::tell(&mut transaction, digest, &recipient.mark, &told).await?;
    let lines: Vec<&Line> = due.iter().map(|(line, ..)| *line).collect();
    let message = Message {
        key: &format!("reminder-{day}-{}", recipient.mark),
        kind: mail::Kind::Reminder,
        to: &recipient.email,
        lang: recipient.lang,
        letter: &|lang| letter(snapshot, recipient, &lines, day, origin, lang),
        unsubscribe: None,
        file: None,
    };
    mail::put(&mut transaction, &message).await?;
    transaction.commit().await?;
    Ok(true)
}

fn letter(
    snapshot: &Snapshot,
    recipient: &Recipient,
    lines: &[&Line],
    day: NaiveDate,
    origin: &str,
    lang: Lang,
) -> Letter {
    let items = lines.iter().take(MOST).map(|line| in_words(snapshot, line, day, lang));
    let mut letter = Letter::new(lang.n("reminder-subject", lines.len()))
        .say(lang.n("reminder-lead", lines.len()))
        .list(items.collect());
    if lines.len() > MOST {
        letter = letter.say(lang.n("reminder-more", lines.len() - MOST));
    }
    let place = recipient.organisation.and_then(|id| snapshot.organisations.place(id));
    match place.map(|place| snapshot.organisations.at(place)) {
        Some(organisation) => {
            let query = Query { department: vec![organisation.acronym_en.clone()], ..Query::default() };
            let address = format!("{origin}{}", query.address(crate::images::LIST.pattern(lang)));
            letter.link(lang.named("reminder-list", organisation.name(lang)), address).say(lang.t("reminder-owner-why"))
        }
        None => letter
            .link(lang.t("reminder-decide"), format!("{origin}{}", RENEWALS.pattern(lang)))
            .link(lang.t("reminder-stop"), format!("{origin}{}", REMINDERS.pattern(lang))),
    }
}

/// A line with its date, what that means on a day, and whether its image can be used:
/// `Python · SSC: 2026-03-01 (Renews in 12 days). Can I use it today? Yes. …`.
pub fn in_words(snapshot: &Snapshot, line: &Line, day: NaiveDate, lang: Lang) -> String {
    let acronym = snapshot.organisations.at(line.organisation as usize).acronym(lang);
    let subject = format!("{} · {acronym}", snapshot.image_of(line).name);
    let renewal = line.renewal();
    let date = renewal.last_date().map(|date| date.to_string()).unwrap_or_default();
    let told = [Some(renewal.in_words(day, lang)), renewal.overdue(day, lang), renewal.owed(None, lang)];
    let meaning = told.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let answer = Verdict::of(snapshot, snapshot.image_of(line)).told(lang);
    let words = [("subject", &subject), ("date", &date), ("meaning", &meaning), ("answer", &answer)];
    let words = words.map(|(name, text)| (name, Word::Text(text)));
    lang.tell("reminder-line", &words)
}
