//! How sure a department is that it needs an image.

use serde::{Deserialize, Serialize};

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// How sure a department is, from least to most.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Firmness("firmness", code, label) {
        Interested("interested", "firmness-interested"),
        Planned("planned", "firmness-planned"),
        Funded("funded", "firmness-funded"),
    }
}
