//! What handlers work with.

use std::sync::Arc;

use axum::extract::FromRef;
use sqlx::PgPool;

use crate::catalogue::memory::Catalogue;
use crate::config::Settings;
use crate::forms::guard::Guard;
use crate::forms::undo::AfterUndo;
use crate::guidance::Guides;
use crate::people::People;
use crate::web::shell::Shell;

#[derive(Clone, FromRef)]
pub struct App {
    pub settings: Arc<Settings>,
    pub pool: PgPool,
    pub catalogue: Catalogue,
    pub guard: Arc<Guard>,
    pub guides: Arc<Guides>,
    pub people: Arc<People>,
    pub shell: Arc<Shell>,
    pub after_undo: AfterUndo,
}
