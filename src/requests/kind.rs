//! In what form a department needs an image, as the types of the page say it.

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// In what form a department needs an image; its code is the type as the catalogue writes it.
    pub enum Kind(code, label) {
        Application("Application", "request-type-application"),
        Helm("Helm", "request-type-helm"),
    }
}
