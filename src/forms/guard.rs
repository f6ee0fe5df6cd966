//! The one guard of what anybody may send and have kept: by network, by mailbox and by its domain, so that no sender
//! takes what is there for all. What counts is kept in Postgres: it holds for all instances and after a restart.

use std::net::IpAddr;
use std::time::Duration;

use askama::Template;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use ring::hmac;
use sqlx::{PgConnection, PgPool};
use tokio::sync::OnceCell;

use super::db::{self, Marks, Waiting};

pub use super::db::Kind;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::limits::{Caller, SubmissionLimiter};
use crate::web::page::{Visit, show_as};

/// How much of a form may be kept.
struct Limits {
    /// Of one network, or of one account.
    sender_hour: i64,
    sender_day: i64,
    mailbox_day: i64,
    domain_hour: i64,
}

impl Kind {
    /// A department stands behind one network and one domain, so these are wide; a mailbox is one person's.
    const fn limits(self) -> Limits {
        match self {
            Kind::Request | Kind::Change | Kind::Feedback => {
                Limits { sender_hour: 60, sender_day: 240, mailbox_day: 40, domain_hour: 2_000 }
            }
            Kind::Follow => Limits { sender_hour: 30, sender_day: 100, mailbox_day: 10, domain_hour: 200 },
            Kind::Suggestion => Limits { sender_hour: 30, sender_day: 100, mailbox_day: 20, domain_hour: 200 },
        }
    }

    /// How many may come at once from one network, and after how long there is one more: told in memory, before anything
    /// is read or written.
    const fn pace(self) -> (u32, Duration) {
        match self {
            Kind::Request => (30, Duration::from_secs(20)),
            Kind::Change | Kind::Feedback | Kind::Follow | Kind::Suggestion => (20, Duration::from_secs(15)),
        }
    }
}

/// Counts what is sent.
#[derive(Debug)]
pub struct Guard {
    pool: PgPool,
    secret: OnceCell<hmac::Key>,
    limiters: [SubmissionLimiter; Kind::ALL.len()],
    /// How many proxies stand before the program: where none is declared, a program on this machine may be one.
    proxies: usize,
}

/// Who sends a form, let in so far: what it has kept is counted with [`Sender::count`] in the same transaction.
#[derive(Debug)]
pub struct Sender {
    kind: Kind,
    /// How many senders it may stand for: a proxy on this machine that nobody declared has visitors behind it.
    stands_for: i64,
    pub marks: Marks,
}

/// How many senders a program on this machine may stand for where no proxy is declared.
const BEHIND_THIS_MACHINE: i64 = 10;

/// Why a form is not taken now: one has sent too much, and may send again after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    seconds: u64,
}

impl Guard {
    /// A guard of a catalogue behind so many `proxies`.
    pub fn new(pool: PgPool, proxies: usize) -> Guard {
        let limiters = Kind::ALL.map(|kind| {
            let (at_once, every) = kind.pace();
            SubmissionLimiter::new(at_once, every, proxies)
        });
        Guard { pool, secret: OnceCell::new(), limiters, proxies }
    }

    /// Meets whoever sends a form; `mailbox` is empty where none was given.
    pub async fn meet(
        &self,
        kind: Kind,
        caller: Caller,
        visit: &Visit,
        mailbox: &str,
    ) -> Result<Result<Sender, Refusal>, Error> {
        if let Some(seconds) = self.limiters[kind as usize].wait(caller) {
            return Ok(Err(Refusal { seconds }));
        }
        let key = self.secret.get_or_try_init(|| async {
            db::secret(&self.pool).await.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, &secret))
        });
        let key = key.await?;
        let stands_for = if self.proxies == 0 && caller.is_here() { BEHIND_THIS_MACHINE } else { 1 };
        let sender = visit.person.as_ref().map(|person| format!("account {}", person.account));
        let network = || caller.neighbourhood().map(|network: IpAddr| format!("network {network}"));
        let sender = sender.or_else(network);
        let (mailbox, domain) = parts(mailbox);
        let mark = |text: String| hmac::sign(key, text.as_bytes()).as_ref().to_vec();
        let marks = Marks {
            sender: sender.map(mark),
            mailbox: mailbox.map(|mailbox| mark(format!("mailbox {mailbox}"))),
            domain: domain.map(|domain| mark(format!("domain {domain}"))),
        };
        Ok(Ok(Sender { kind, stands_for, marks }))
    }
}

impl Sender {
    /// Counts what is kept in this transaction; where it is too much, nothing of the transaction may be kept.
    pub async fn count(&self, db: &mut PgConnection) -> sqlx::Result<Result<(), Refusal>> {
        let (limits, form) = (self.kind.limits(), self.kind);
        let had = db::counts(db, form, &self.marks).await?;
        let full = [
            (had.sender_hour, limits.sender_hour * self.stands_for, had.sender_hour_wait),
            (had.sender_day, limits.sender_day * self.stands_for, had.sender_day_wait),
            (had.mailbox_day, limits.mailbox_day, had.mailbox_day_wait),
            (had.domain_hour, limits.domain_hour, had.domain_hour_wait),
        ];
        let waits = full.into_iter().filter(|(had, most, _)| had >= most).map(|(.., wait)| wait.max(1));
        match waits.max() {
            Some(wait) => Ok(Err(Refusal { seconds: u64::try_from(wait).unwrap_or(1) })),
            None => db::count(db, form, &self.marks).await.map(Ok),
        }
    }
}

/// Whether one more may wait where `most` may, with what waits already and with it: a sender and a domain may have a
/// tenth of the places that the others leave, so that however many senders come, there is room for one more.
pub fn has_room(waiting: Waiting, most: i64) -> bool {
    let Waiting { all, of_sender, of_domain } = waiting;
    let of_one = of_sender.max(of_domain);
    all <= most && of_one <= ((most - all) / 10).max(1)
}

impl Refusal {
    /// The refusal where too much waits: there is room when some of it is decided or forgotten.
    pub const fn while_full() -> Refusal {
        Refusal { seconds: 3_600 }
    }

    /// In words: nothing was sent, and when to try again.
    pub fn words(self, lang: Lang) -> String {
        let minutes = usize::try_from(self.seconds.div_ceil(60)).unwrap_or(usize::MAX);
        lang.n("forms-too-many", minutes.max(1))
    }

    /// The form again, with everything that was typed: 429.
    ///
    /// # Errors
    /// When the template cannot be filled.
    pub fn answer<T: Template>(self, form: &T) -> Result<Response, Error> {
        let mut answer = show_as(StatusCode::TOO_MANY_REQUESTS, form)?;
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(self.seconds));
        Ok(answer)
    }
}

/// Whose mailbox an address is, and its domain: in small letters, without what follows a plus sign.
fn parts(mailbox: &str) -> (Option<String>, Option<String>) {
    let Some((person, domain)) = mailbox.trim().rsplit_once('@') else { return (None, None) };
    let person = person.split('+').next().filter(|name| !name.is_empty()).unwrap_or(person).to_lowercase();
    let domain = domain.to_lowercase();
    (Some(format!("{person}@{domain}")), Some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_one_and_dots_are_not_folded() {
        let mailbox = |text: &str| parts(text).0;
        for same in ["ada@example.ca", "Ada@Example.CA", "ada+1@example.ca", "ADA+x+y@example.ca"] {
            assert_eq!(mailbox(same), mailbox("ada@example.ca"), "{same}");
        }
        for other in ["a.da@example.ca", "ada@example.gc.ca", "+ada@example.ca"] {
            assert_ne!(mailbox(other), mailbox("ada@example.ca"), "{other}");
        }
        assert_eq!(parts(""), (None, None));
    }

    #[test]
    fn however_many_senders_come_there_is_room_for_one_more() {
        let most = 2_000;
        let (mut all, mut greedy) = (0, Vec::new());
        for _ in 0..30 {
            let mut own = 0;
            while has_room(Waiting { all: all + 1, of_sender: own + 1, of_domain: 0 }, most) {
                (all, own) = (all + 1, own + 1);
            }
            greedy.push(own);
        }
        assert!(greedy[0] <= most / 10, "the first takes {}", greedy[0]);
        assert!(all < most && greedy[29] >= 1, "{all} wait: {greedy:?}");
        let of_one_domain = Waiting { all: 300, of_sender: 1, of_domain: 300 };
        assert!(!has_room(of_one_domain, most), "many networks with one domain are one");
    }
}
