//! The mail with a saved report: what it is, of when, and how to get no more of them.

use sqlx::PgConnection;

use super::ONE;
use super::definition::Saved;
use super::filters;
use super::made::Made;
use crate::i18n::{Lang, Word};
use crate::mail::{self, Letter, Message};

/// Mails that carry the same file.
pub struct Mailing<'a> {
    pub saved: &'a Saved,
    pub made: &'a Made,
    /// The address before every path.
    pub origin: &'a str,
    /// Whether the reader asked for it just now.
    pub is_asked_for: bool,
}

impl Mailing<'_> {
    /// Writes a mail to each: its key and its address.
    pub async fn put(&self, db: &mut PgConnection, to: &[(String, &str)]) -> sqlx::Result<()> {
        let definition = &self.saved.definition;
        let file = match self.made {
            Made::File { name, bytes, .. } if !to.is_empty() => {
                Some(mail::attach(db, name, definition.format.content_type(), bytes).await?)
            }
            _ => None,
        };
        for (key, to) in to {
            let message = Message {
                key,
                kind: mail::Kind::Report,
                to,
                lang: Some(definition.lang),
                letter: &|lang| self.letter(lang),
                unsubscribe: None,
                file,
            };
            mail::put(db, &message).await?;
        }
        Ok(())
    }

    fn letter(&self, lang: Lang) -> Letter {
        let definition = &self.saved.definition;
        let source = definition.source;
        let subject = lang.named("saved-mail-subject", &definition.name);
        let mut letter = Letter::new(subject).say(match self.made {
            Made::File { name, as_at, .. } => {
                let day = as_at.to_string();
                lang.tell("saved-mail-attached", &[("file", Word::Text(name)), ("day", Word::Text(&day))])
            }
            Made::TooLarge { as_at, .. } => lang.named("saved-mail-too-large", as_at.to_string()),
            Made::Refused(_) => lang.t("saved-mail-refused").into_owned(),
        });
        if let Made::Refused(sentences) = self.made {
            letter = letter.list(sentences.clone());
        }
        let what = [
            (lang.t("field-saved-report"), source.title(lang).into_owned()),
            (lang.t("field-saved-period"), definition.period.in_words(source, lang)),
            (lang.t("field-saved-filters"), filters::in_words(source, &definition.filters, lang)),
        ];
        let what = what.iter().map(|(label, value)| format!("{} {value}", lang.named("table-label", label)));
        let address = format!("{}{}", self.origin, ONE.with(lang, &self.saved.id.to_string()));
        let why = if self.is_asked_for { "saved-mail-asked" } else { "saved-mail-chosen" };
        letter.list(what.collect()).link(lang.t("saved-mail-link"), address).say(lang.named(why, &self.saved.made_by))
    }
}
