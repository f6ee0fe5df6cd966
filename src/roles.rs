//! What people may do.

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// What a person may do, from least to most: each role may all that those before it may.
    pub enum Role("accounts.role", code, label) {
        /// Signed in, of a department.
        Member("member", "role-member"),
        /// SSC staff: keeps the catalogue true.
        Staff("staff", "role-staff"),
        /// Takes reports away, with what they cost.
        Manager("manager", "role-manager"),
        /// Accounts, organisations, content.
        Administrator("admin", "role-admin"),
    }
}

impl Role {
    /// Whether it is the one that was chosen.
    pub fn is_chosen(self, chosen: &Option<Role>) -> bool {
        *chosen == Some(self)
    }
}
