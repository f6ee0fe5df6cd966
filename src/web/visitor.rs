//! Who visits: somebody unknown, a person who has signed in and has a role, or a program that brings a token.

use std::borrow::Cow;

use crate::database::known::coded;
use crate::i18n::Lang;

/// What a person may do, from least to most: each role may all that those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Signed in, of a department.
    Member,
    /// SSC staff: keeps the catalogue true.
    Staff,
    /// Takes reports away, with what they cost.
    Manager,
    /// Accounts, organisations, content.
    Administrator,
}

coded!(Role, "accounts", "role");

impl Role {
    /// All of them, from least to most.
    pub const ALL: [Role; 4] = [Role::Member, Role::Staff, Role::Manager, Role::Administrator];

    /// As on the command line and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Role::Member => "member",
            Role::Staff => "staff",
            Role::Manager => "manager",
            Role::Administrator => "admin",
        }
    }

    /// Whether it is the one that was chosen.
    #[must_use]
    pub fn is_chosen(self, chosen: &Option<Role>) -> bool {
        *chosen == Some(self)
    }

    /// Its name.
    #[must_use]
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Role::Member => "role-member",
            Role::Staff => "role-staff",
            Role::Manager => "role-manager",
            Role::Administrator => "role-admin",
        })
    }

    /// The role that a code names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}

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

/// What a token lets a program do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read the record with the names of those who acted.
    Record,
    /// Bring a revision in.
    Import,
    /// Renew what is procured.
    Renew,
    /// Set the status of a line.
    Status,
}

coded!(Scope, "api_tokens", "scopes");

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::Record, Scope::Import, Scope::Renew, Scope::Status];

    /// As in the database and in the description of the interface.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Scope::Record => "read:record",
            Scope::Import => "write:import",
            Scope::Renew => "write:renew",
            Scope::Status => "write:status",
        }
    }

    /// What it allows, in words.
    #[must_use]
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Scope::Record => "scope-record",
            Scope::Import => "scope-import",
            Scope::Renew => "scope-renew",
            Scope::Status => "scope-status",
        })
    }

    /// The scope that a code names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
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
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// As the record of changes calls it: the token's name and who made it, the same in both languages.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("{} (API, {})", self.name, self.made_by)
    }
}
