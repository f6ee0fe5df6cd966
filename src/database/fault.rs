//! What a problem of the database means: the one place where its errors are told apart.

use sqlx::postgres::PgDatabaseError;

/// What a problem of the database means for whoever waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not reached, starts or shuts down, or has no place left.
    Away,
    /// It reads and takes nothing: a standby, or one set so.
    ReadOnly,
    /// It was too slow, or gave up since others wrote the same: sent again, it may do.
    Busy,
    /// Its answer to a commit was lost: nobody knows whether it is written.
    Unconfirmed,
    /// It cannot hold a value: a NUL in a text, a date or a number out of its range.
    Unholdable,
    /// A named constraint refused a row, since another has what only one can have.
    Taken(Box<str>),
    /// A named constraint refused a row, since no row has such a value.
    Unfit(Box<str>),
    /// Anything else: the program and the database do not fit each other.
    Defect,
}

impl Fault {
    /// What a problem means.
    pub fn of(problem: &sqlx::Error) -> Fault {
        match problem {
            sqlx::Error::Database(refusal) => {
                let refusal = refusal.downcast_ref::<PgDatabaseError>();
                Fault::of_code(refusal.code(), refusal.constraint())
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            // As from a proxy that has no database behind it.
            | sqlx::Error::Protocol(_) => Fault::Away,
            sqlx::Error::Encode(_) => Fault::Unholdable,
            sqlx::Error::AnyDriverError(problem) if problem.is::<Unconfirmed>() => Fault::Unconfirmed,
            sqlx::Error::Migrate(problem) => match &**problem {
                sqlx::migrate::MigrateError::Execute(problem) => Fault::of(problem),
                _ => Fault::Defect,
            },
            _ => Fault::Defect,
        }
    }

    /// What an error means that may have been wrapped on its way; none where no database stands behind it.
    pub fn behind(problem: &anyhow::Error) -> Option<Fault> {
        problem.chain().find_map(|cause| {
            let of_database = cause.downcast_ref::<sqlx::Error>().map(Fault::of);
            of_database.or_else(|| cause.is::<tokio::time::error::Elapsed>().then_some(Fault::Away))
        })
    }

    /// By the five letters of the standard: the first two name a class.
    fn of_code(code: &str, constraint: Option<&str>) -> Fault {
        match code {
            "25006" => Fault::ReadOnly,
            // A statement that took too long or was cancelled, a lock that was not to be had, two that wait for each other.
            "57014" | "55P03" | "40001" | "40P01" => Fault::Busy,
            // A transaction or a session that Postgres ended since it was idle too long.
            "25P03" | "25P04" => Fault::Away,
            "22021" | "22P05" | "22P02" | "22P03" | "22007" | "22008" | "22003" | "22001" | "54000" => {
                Fault::Unholdable
            }
            "23505" | "23P01" if constraint.is_some() => Fault::Taken(constraint.unwrap_or_default().into()),
            "23514" if constraint.is_some() => Fault::Unfit(constraint.unwrap_or_default().into()),
            _ => match code.get(..2).unwrap_or_default() {
                // No connection, a password that is not taken, no such database, no means, an operator, the system.
                "08" | "28" | "3D" | "53" | "57" | "58" => Fault::Away,
                _ => Fault::Defect,
            },
        }
    }

    /// As it is handed on where only a text can be.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Away => "away",
            Fault::ReadOnly => "read-only",
            Fault::Busy => "busy",
            Fault::Unconfirmed => "unconfirmed",
            Fault::Unholdable => "unholdable",
            Fault::Taken(_) => "taken",
            Fault::Unfit(_) => "unfit",
            Fault::Defect => "defect",
        }
    }

    /// The fault that a text which was handed on begins with.
    pub fn named(text: &str) -> Fault {
        let known = [Fault::Away, Fault::ReadOnly, Fault::Busy, Fault::Unconfirmed, Fault::Unholdable];
        let (code, _) = text.split_once(':').unwrap_or_default();
        known.into_iter().find(|fault| fault.code() == code).unwrap_or(Fault::Defect)
    }
}

/// It is not known whether a transaction was committed: its connection broke off at that moment, and the database did
/// not say afterwards.
#[derive(Debug, thiserror::Error)]
#[error("whether it was committed is not known: {0}")]
pub struct Unconfirmed(pub sqlx::Error);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_of_postgres_has_its_meaning() {
        let means = |codes: &[&str], fault: &Fault| {
            for code in codes {
                assert_eq!(Fault::of_code(code, None), *fault, "{code}");
            }
        };
        means(
            &["57P01", "57P02", "57P03", "57P05", "08006", "08P01", "53300", "53100", "28P01", "58030"],
            &Fault::Away,
        );
        means(&["25006"], &Fault::ReadOnly);
        means(&["57014", "55P03", "40001", "40P01"], &Fault::Busy);
        means(&["22021", "22P05", "22008", "22003"], &Fault::Unholdable);
        means(&["42P01", "42703", "42501", "XX000", "25P02", "", "2"], &Fault::Defect);
        assert_eq!(Fault::of_code("23505", Some("images_slug_unique")), Fault::Taken("images_slug_unique".into()));
        assert_eq!(Fault::of_code("23514", Some("images_slug_form")), Fault::Unfit("images_slug_form".into()));
        assert_eq!(Fault::of_code("23503", Some("terms_line_fk")), Fault::Defect);
        assert_eq!(Fault::of_code("23502", None), Fault::Defect);
    }

    #[test]
    fn an_error_that_was_wrapped_is_told_apart_all_the_same() {
        let wrapped = anyhow::Error::from(sqlx::Error::PoolTimedOut).context("reading").context("an act");
        assert_eq!(Fault::behind(&wrapped), Some(Fault::Away));
        assert_eq!(Fault::behind(&anyhow::anyhow!("a line without its image")), None);
    }

    #[test]
    fn what_is_handed_on_as_a_text_is_the_same_fault_again() {
        for fault in [Fault::Away, Fault::ReadOnly, Fault::Busy, Fault::Unholdable, Fault::Defect] {
            assert_eq!(Fault::named(&format!("{}: why: so", fault.code())), fault);
        }
        assert_eq!(Fault::named("whatever"), Fault::Defect);
    }
}
