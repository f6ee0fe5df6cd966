//! The revision of the page that was brought in last: how old the facts are.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use crate::clock;

/// The revision of the page that was brought in last.
#[derive(Clone, Debug, FromRow)]
pub struct Source {
    /// The day that it bears, where somebody said so or the page is known.
    as_of: Option<NaiveDate>,
    /// The moment from which it counts: before days were kept with revisions, the start of its own where that was said.
    effective_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
}

impl Source {
    /// The page's own date, where somebody said it.
    pub fn day(&self) -> Option<NaiveDate> {
        let since = clock::day_of(self.effective_at);
        self.as_of.or_else(|| (since != clock::day_of(self.recorded_at)).then_some(since))
    }
}
