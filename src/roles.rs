//! What people may do.

use std::borrow::Cow;

use crate::codes::coded;
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
    pub const fn code(self) -> &'static str {
        match self {
            Role::Member => "member",
            Role::Staff => "staff",
            Role::Manager => "manager",
            Role::Administrator => "admin",
        }
    }

    /// Whether it is the one that was chosen.
    pub fn is_chosen(self, chosen: &Option<Role>) -> bool {
        *chosen == Some(self)
    }

    /// Its name.
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Role::Member => "role-member",
            Role::Staff => "role-staff",
            Role::Manager => "role-manager",
            Role::Administrator => "role-admin",
        })
    }

    /// The role that a code names.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}
