//! Who visits: somebody unknown, a person who has signed in and has a role, or a program that brings a token.

use crate::codes::codes;
use crate::i18n::Lang;

pub use crate::roles::Role;

/// The number of the session in which a request is made. Stands in its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current(pub i64);

/// A person who has signed in. Stands in a request's extensions as `Arc<Person>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account's number.
    pub account: i64,
    /// As pages and the record of changes call the person.
    pub name: String,
    pub role: Role,
    /// The number of the organisation that the person belongs to.
    pub organisation: Option<i64>,
}

codes! {
    /// What a token lets a program do.
    pub enum Scope("api_tokens.scopes", code, label) {
        /// Read the record with the names of those who acted.
        Record("read:record", "scope-record"),
        /// Bring a revision in.
        Import("write:import", "scope-import"),
        /// Renew what is procured.
        Renew("write:renew", "scope-renew"),
        /// Set the status of a line.
        Status("write:status", "scope-status"),
    }
}

/// A program that brought a token which counts. Stands in a request's extensions as `Arc<Program>`; it is never a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What names its token in public.
    pub token: String,
    /// What its token is called.
    pub name: String,
    /// Who made the token.
    pub made_by: String,
    pub scopes: Vec<Scope>,
}

impl Program {
    /// Whether its token has a scope.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// As the record of changes calls it: the token's name and who made it, the same in both languages.
    pub fn actor(&self) -> String {
        format!("{} (API, {})", self.name, self.made_by)
    }
}
