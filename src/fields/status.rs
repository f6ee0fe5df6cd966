//! What SSC has decided about an image for a department.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// What SSC has decided about an image for a department, in the order in which lists show it.
    #[derive(Default, Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    #[schema(as = StatusCode)]
    pub enum Status("lines.status", code, label) {
        Procured("procured", "status-procured"),
        #[default]
        UnderConsideration("under_consideration", "status-under-consideration"),
        Declined("declined", "status-declined"),
        Retired("retired", "status-retired"),
    }
}
