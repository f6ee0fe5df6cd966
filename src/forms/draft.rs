//! A form as its page shows it: what was typed, its hidden fields, what is wrong with it, and what becomes of it.

use std::fmt::Display;
use std::time::{Duration, SystemTime};

use sqlx::PgConnection;
use uuid::Uuid;

use super::outcome::Outcome;
use crate::changes;
use crate::i18n::Lang;
use crate::web::constraint::OnConstraint;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::problems::Problems;

/// A new key for a form, so that it counts once however often it is sent. It knows when it was made.
pub fn new_key() -> String {
    Uuid::now_v7().to_string()
}

/// The hidden fields of a form.
#[derive(Clone, Debug)]
pub struct FormToken {
    /// Makes the form count once, however often it is sent.
    pub nonce: String,
    /// The last act that its reader could see.
    pub base_revision: i64,
}

impl FormToken {
    /// The token of a form that is shown now.
    pub async fn new(db: &mut PgConnection) -> sqlx::Result<FormToken> {
        Ok(FormToken::at(changes::newest(db).await?))
    }

    /// The token of a form that shows what was so at a revision of its own.
    pub fn at(base_revision: i64) -> FormToken {
        FormToken { nonce: new_key(), base_revision }
    }

    /// The token of a form that was sent. One that names no revision has seen nothing of what it is about.
    ///
    /// # Errors
    /// When it is not one that the program gave.
    pub fn of(form: &Form) -> Result<FormToken, Error> {
        let nonce = Uuid::parse_str(form.text("key")).map_err(|_| Error::BadForm)?;
        let base = form.given("base").map_or(Ok(0), |base| base.parse()).ok().filter(|base| *base >= 0);
        Ok(FormToken { nonce: nonce.to_string(), base_revision: base.ok_or(Error::BadForm)? })
    }

    /// How long ago the form was made, where its key says so.
    pub fn age(&self) -> Option<Duration> {
        let (seconds, nanoseconds) = Uuid::parse_str(&self.nonce).ok()?.get_timestamp()?.to_unix();
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds)).ok()
    }
}

/// A form on its page.
#[derive(Clone, Debug)]
pub struct Draft {
    pub form: Form,
    pub token: FormToken,
    pub problems: Problems,
}

impl Draft {
    /// A form that is to be filled in.
    pub fn new(form: Form, token: FormToken) -> Draft {
        Draft { form, token, problems: Problems::default() }
    }

    /// An empty form about which nobody else writes.
    pub fn blank() -> Draft {
        Draft::new(Form::default(), FormToken::at(0))
    }

    /// A form that was sent.
    ///
    /// # Errors
    /// When it is not one that the program gave.
    pub fn sent(form: Form) -> Result<Draft, Error> {
        let token = FormToken::of(&form)?;
        Ok(Draft::new(form, token))
    }

    /// What the pressed button asks for.
    pub fn act(&self) -> &str {
        self.form.act()
    }

    /// Why it is done, as typed; empty where nothing was.
    pub fn reason(&self) -> String {
        self.form.given("reason").unwrap_or_default()
    }

    /// A field as typed.
    pub fn typed(&self, name: &str) -> &str {
        self.form.text(name)
    }

    /// A field of one of several things, as typed.
    pub fn typed_of(&self, name: &str, of: impl Display) -> &str {
        self.form.text(&format!("{name}-{of}"))
    }

    /// Whether a choice was made.
    pub fn is_typed(&self, name: &str, value: &str) -> bool {
        self.form.all(name).any(|typed| typed == value)
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<&str> {
        self.problems.of(name)
    }

    /// What is wrong with a field of one of several things.
    pub fn problem_of(&self, name: &str, of: impl Display) -> Option<&str> {
        self.problems.of(&format!("{name}-{of}"))
    }

    /// Whether it was sent to be written or previewed, and nothing is wrong with it so far.
    pub fn is_to_be_checked(&self) -> bool {
        self.act() != "edit" && self.problems.is_empty()
    }

    /// Says at a field that saving would change nothing, where nothing else is wrong.
    pub fn refuse_unchanged(&mut self, is_unchanged: bool, field: &str, lang: Lang) {
        if is_unchanged && self.problems.is_empty() {
            self.problems.add(field, lang.t("edit-nothing"));
        }
    }

    /// What becomes of a form that was sent, where it is not to be written: `is_stale` where others wrote meanwhile,
    /// `is_unseen` where there is something that its sender has to see first. None: it is to be written.
    ///
    /// # Errors
    /// When none of the form's buttons was pressed.
    pub fn outcome(&mut self, is_stale: bool, is_unseen: bool) -> Result<Option<Outcome>, Error> {
        self.outcome_of(&["save"], is_stale, is_unseen)
    }

    /// The same of a form with other buttons that write.
    ///
    /// # Errors
    /// The same.
    pub fn outcome_of(&mut self, writes: &[&str], is_stale: bool, is_unseen: bool) -> Result<Option<Outcome>, Error> {
        let (act, is_preview) = (self.act(), self.act() == "preview");
        if act == "edit" {
            self.problems = Problems::default();
            return Ok(Some(Outcome::Shown));
        }
        // A program that fills in the form of one button need not press it.
        let is_write = writes.contains(&act) || (act.is_empty() && writes.len() == 1);
        if !is_preview && !is_write {
            return Err(Error::BadForm);
        }
        Ok(match () {
            () if !self.problems.is_empty() => Some(Outcome::Invalid),
            () if is_stale => Some(Outcome::Stale),
            () if is_preview || is_unseen => Some(Outcome::Shown),
            () => None,
        })
    }

    /// What was read of the form; none, with all that is wrong with it, where something is.
    pub fn read<T>(&mut self, read: Result<T, Problems>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(problems) => {
                self.problems = problems;
                None
            }
        }
    }

    /// What was written; none where a named constraint refused it, which is then told at the field that it is about.
    pub fn written<T>(
        &mut self,
        written: Result<T, impl Into<Error>>,
        constraints: &[(&str, &str)],
        lang: Lang,
    ) -> Result<Option<T>, Error> {
        Ok(self.read(written.on_constraint(constraints, lang)?))
    }
}
