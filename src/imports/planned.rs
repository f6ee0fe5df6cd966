//! What a plan is made of: what the catalogue holds, and what is to be written.

use std::collections::{HashMap, HashSet};

use crate::catalogue::snapshot::names::Names;
use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::imports::base::Base;
use crate::imports::line::PlannedLine;
use crate::imports::named::Named;
use crate::imports::verdict::{Missing, Row};
use crate::imports::warned::Warned;
use crate::organisations::{Directory, Organisation};

/// What the catalogue holds before the file.
#[derive(Debug, Default)]
pub struct Held {
    pub organisations: Directory,
    pub images: Vec<ImageRow>,
    pub slugs: HashSet<String>,
    /// All names of images; none where every name of the file is an image's present one.
    pub names: Names,
    pub lines: Vec<LineRow>,
    pub removed: Removed,
    pub base: Base,
}

/// What was taken out and keeps its number: it comes back with it.
#[derive(Debug, Default)]
pub struct Removed {
    /// Images by key: number and address.
    pub images: HashMap<String, (i64, String)>,
    /// Lines by image and organisation.
    pub lines: HashMap<(i64, i64), i64>,
}

/// What is to be written. Numbers of new things are places here, until the database gives them.
#[derive(Debug, Default)]
pub struct Plan {
    pub rows: Vec<Row>,
    pub missing: Vec<Missing>,
    pub warned: Warned,
    pub organisations: Vec<Organisation>,
    /// New images: their numbers are negative places, to be replaced.
    pub images: Vec<ImageRow>,
    pub removed: Removed,
    /// Images whose name is spelled otherwise: number, before, after.
    pub respelled: Vec<(i64, String, String)>,
    /// Names of the file that a person was asked about, or is.
    pub named: Vec<Named>,
    /// Names of the file that images had before: as the file has it, and as the image is called now.
    pub renamed: Vec<(String, String)>,
    /// Names that images are known by from now on.
    pub learned: Vec<(i64, String)>,
    pub lines: Vec<PlannedLine>,
    /// The rows that say something else than their source said before.
    pub said: Vec<SaidRow>,
}

/// A row as the file says it, and the image and organisation that it was taken for.
#[derive(Debug)]
pub struct SaidRow {
    pub line: usize,
    pub image: i64,
    pub organisation: i64,
    /// In JSON.
    pub said: String,
}
