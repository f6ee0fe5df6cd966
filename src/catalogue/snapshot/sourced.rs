//! How old the facts are, in words: the date of the page that was brought in last, and when it was brought in.

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::store::source::Source;
use crate::clock;
use crate::i18n::{Lang, Word};

impl Snapshot {
    /// What is said of a file's or a table's source, with how old the facts are.
    pub fn with_source(&self, said: String, lang: Lang) -> String {
        match self.source.as_ref().and_then(Source::day) {
            Some(day) => format!("{said} {}", lang.named("source-page", day.to_string())),
            None => said,
        }
    }

    /// Of when the facts are, in a sentence; none where no page was brought in.
    pub fn source_in_words(&self, lang: Lang) -> Option<String> {
        let source = self.source.as_ref()?;
        let brought_in = clock::local(source.recorded_at).format("%Y-%m-%d %H:%M").to_string();
        let day = source.day().map(|day| day.to_string()).unwrap_or_default();
        let key = if day.is_empty() { "source-undated" } else { "source-dated" };
        Some(lang.tell(key, &[("day", Word::Text(&day)), ("now", Word::Text(&brought_in))]))
    }
}
