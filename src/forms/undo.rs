//! What else an undone act gives back: the affair of rooms that the one which undoes does not know.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::visitor::Person;

/// An act that a new one undoes, in the transaction that does it.
pub struct Undone<'a> {
    pub db: &'a mut PgConnection,
    pub act: i64,
    /// The new act.
    pub by: i64,
    pub person: &'a Person,
    pub reason: &'a str,
    pub form_key: &'a str,
}

/// Gives back what else an undone act changed.
pub type GiveBack = Arc<dyn for<'a> Fn(Undone<'a>) -> BoxFuture<'a, Result<(), Error>> + Send + Sync>;
/// Tells what that would be, before it is done: each in words, with the address of its page.
pub type Ahead =
    Arc<dyn for<'a> Fn(&'a mut PgConnection, i64, Lang) -> BoxFuture<'a, Result<Vec<GivenBack>, Error>> + Send + Sync>;

/// What an undone act gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBack {
    pub title: String,
    pub address: String,
    pub words: String,
}

/// What else an undone act gives back: the affair of rooms that this one does not know.
#[derive(Clone)]
pub struct AfterUndo {
    pub give_back: GiveBack,
    pub ahead: Ahead,
}
