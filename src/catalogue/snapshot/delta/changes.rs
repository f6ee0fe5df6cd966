//! What changed since a snapshot, as the database has it now.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Days, Utc};
use futures_util::TryStreamExt;
use sqlx::PgConnection;

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::store::db::{self, ImageRow, LineRow, RegistryNameRow};
use crate::catalogue::store::source::Source;
use crate::changes::record::{Kind, Subject};
use crate::guidance::Texts;
use crate::licences::{self, LastKnown};

/// Where more images than this have changed, the catalogue is read whole.
const MOST_IMAGES: usize = 1_000;

/// What changed since a snapshot, as the database has it now.
#[derive(Default)]
pub(super) struct Changes {
    /// The numbers of the images that were touched. One that has no row is gone.
    pub(super) touched: BTreeSet<i64>,
    pub(super) images: Vec<ImageRow>,
    pub(super) registry_names: Vec<RegistryNameRow>,
    pub(super) other_names: Vec<db::names::OtherName>,
    pub(super) lines: Vec<LineRow>,
    pub(super) last_known: HashMap<i64, LastKnown>,
    /// The former addresses of the images that were touched.
    pub(super) former: Vec<(String, i64)>,
    /// All images that were merged into others.
    pub(super) merged: Vec<db::names::Merged>,
    pub(super) source: Option<Source>,
    pub(super) texts: Arc<Texts>,
    pub(super) requests: Option<Arc<Vec<db::CountedRequest>>>,
}

impl Changes {
    /// What changed from a snapshot to a version.
    pub(super) async fn read(look: &mut PgConnection, held: &Snapshot, to: i64) -> anyhow::Result<Option<Changes>> {
        let from = held.version.version;
        let acts = db::acts_since(look, from).await?;
        let numbers: Vec<i64> = acts.iter().map(|act| act.id).collect();
        let subjects = db::touched_by(look, &numbers, MOST_IMAGES).await?;
        let is_about = |thing: Subject| subjects.iter().any(|(subject, _)| *subject == thing);
        let touched: BTreeSet<i64> = subjects.iter().filter_map(|(_, image)| *image).collect();
        if is_about(Subject::Organisation) || subjects.len() > MOST_IMAGES {
            return Ok(None);
        }
        let has_act = |kinds: &[Kind]| acts.iter().any(|act| kinds.contains(&act.act));
        // What counts requests anew, or dates the source anew, raises the version without an act.
        let versions: BTreeSet<i64> = acts.iter().map(|act| act.version).collect();
        let is_without_act = i64::try_from(versions.len())? < to - from;
        let ids: Vec<i64> = touched.iter().copied().collect();
        let mut changes = Changes {
            images: db::images_of(look, &ids).try_collect().await?,
            registry_names: db::registry_names_of(look, &ids).await?,
            other_names: db::names::other(look, Some(&ids)).await?,
            lines: db::lines_of(look, &ids).await?,
            former: db::former_slugs_of(look, &ids).await?,
            merged: db::names::all_merged(look).await?,
            source: held.source.clone(),
            texts: Arc::clone(&held.texts),
            requests: held.requests.clone(),
            last_known: HashMap::new(),
            touched,
        };
        let undated = changes.lines.iter().filter(|line| line.fields.renewal_date.is_none());
        let undated: Vec<i64> = undated.map(|line| line.id).collect();
        changes.last_known = licences::db::last_known(look, Some(&undated)).await?;
        if has_act(&[Kind::Import, Kind::Undo]) || is_without_act {
            changes.source = db::source(look, DateTime::<Utc>::MAX_UTC - Days::new(1)).await?;
        }
        if is_about(Subject::Content) {
            changes.texts = Arc::new(Texts::load(look).await?);
        }
        if has_act(&[Kind::Undo]) || is_without_act {
            changes.requests = Some(Arc::new(db::counted_requests(look).await?));
        }
        Ok(Some(changes))
    }
}
