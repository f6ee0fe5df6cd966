//! Delivery: mails are claimed one by one, handed over outside any transaction, and then noted as sent.
//!
//! A claim is a lease: while it lasts no other instance takes the mail, and one that dies gives it up by dying. Each mail
//! goes at least once. It goes twice only where an instance dies, or loses the database for longer than its lease,
//! between the server's last answer and the note of it; both then have the same Message-ID, by which receivers drop a
//! double.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::db::{self, Claimed};
use super::sender::{Outcome, Sender};

/// Mails under way at once: one that hangs keeps no other waiting.
const WORKERS: usize = 4;
/// How often the outbox is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often where the database does not answer.
const BROKEN: Duration = Duration::from_secs(10);
/// How long after each failed try the next one is, in minutes: two and a half days in all. After the last a mail is dead.
const BACK_OFF: [i32; 10] = [1, 5, 15, 60, 180, 360, 720, 720, 720, 720];
/// How long the server is left alone each time that it is away, in seconds.
const AWAY: [u64; 5] = [2, 5, 15, 30, 60];
/// How often it is tried to note what came of a mail, within its lease.
const NOTES: usize = 20;
/// How often what is old is forgotten.
const SWEEP: Duration = Duration::from_hours(1);

/// Hands mail over until the program is told to stop, and ends what is under way first. Without a sender it is kept.
pub async fn deliver(pool: PgPool, sender: Option<Sender>, end: watch::Receiver<bool>) {
    let mut work = JoinSet::new();
    work.spawn(until(end.clone(), sweep(pool.clone())));
    if let Some(sender) = sender {
        let office = Arc::new(Office { pool, sender, away: Mutex::default() });
        for _ in 0..WORKERS {
            work.spawn(Arc::clone(&office).work(end.clone()));
        }
    }
    while work.join_next().await.is_some() {}
}

/// What all workers share.
struct Office {
    pool: PgPool,
    sender: Sender,
    away: Mutex<Away>,
}

/// How often in a row the server was away, and until when it is left alone.
#[derive(Default)]
struct Away {
    times: usize,
    until: Option<Instant>,
}

impl Office {
    async fn work(self: Arc<Office>, end: watch::Receiver<bool>) {
        while !*end.borrow() {
            let rest = match self.one().await {
                Ok(true) => continue,
                Ok(false) => LOOK,
                Err(problem) => {
                    tracing::warn!(%problem, "the outbox cannot be looked at");
                    BROKEN
                }
            };
            until(end.clone(), tokio::time::sleep(rest)).await;
        }
    }

    /// Hands one mail over; whether there was one.
    async fn one(&self) -> sqlx::Result<bool> {
        if self.is_left_alone() {
            return Ok(false);
        }
        let Some(mail) = db::claim(&self.pool).await? else { return Ok(false) };
        let outcome = self.sender.send(&mail).await;
        self.remember(&outcome);
        for _ in 0..NOTES {
            match note(&self.pool, &mail, &outcome).await {
                Ok(()) => return Ok(true),
                Err(problem) => tracing::warn!(%problem, mail = mail.id, "what came of a mail is not noted yet"),
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(true)
    }

    fn is_left_alone(&self) -> bool {
        let away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        away.until.is_some_and(|until| Instant::now() < until)
    }

    /// Leaves a server that is away alone for longer each time.
    fn remember(&self, outcome: &Outcome) {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        let Outcome::Away(problem) = outcome else {
            *away = Away::default();
            return;
        };
        if away.until.is_none_or(|until| Instant::now() >= until) {
            let seconds = AWAY[away.times.min(AWAY.len() - 1)];
            *away = Away { times: away.times + 1, until: Some(Instant::now() + Duration::from_secs(seconds)) };
            tracing::warn!(problem, seconds, "the mail server takes nothing; mail waits");
        }
    }
}

/// Notes what came of a mail.
async fn note(pool: &PgPool, mail: &Claimed, outcome: &Outcome) -> sqlx::Result<()> {
    let code = match outcome {
        Outcome::Sent => "sent",
        Outcome::PutOff(_) => "put-off",
        Outcome::Dead(_) => "dead",
        Outcome::Away(_) => "away",
    };
    metrics::counter!("mail_tries_total", "outcome" => code).increment(1);
    match outcome {
        Outcome::Sent => db::sent(pool, mail).await,
        Outcome::Dead(answer) => db::died(pool, mail, answer).await,
        Outcome::Away(answer) => db::gave_back(pool, mail, answer).await,
        Outcome::PutOff(answer) => match usize::try_from(mail.tries).ok().and_then(|tries| BACK_OFF.get(tries)) {
            Some(minutes) => db::put_off(pool, mail, *minutes, answer).await,
            None => db::died(pool, mail, answer).await,
        },
    }
}

/// Forgets to whom mails went, and what they said, some time after they were sent.
async fn sweep(pool: PgPool) {
    loop {
        if let Err(problem) = db::forget(&pool).await {
            tracing::debug!(%problem, "old mails could not be forgotten");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// Does something until it is done or the program is told to stop.
async fn until(mut end: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        _ = end.wait_for(|ended| *ended) => {}
        () = work => {}
    }
}
