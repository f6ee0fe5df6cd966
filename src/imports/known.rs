//! Registry names that the project knows from the start: given to an image when a file first names it.

use std::collections::HashMap;

use serde::Deserialize;

use crate::catalogue::store::db::RegistryNameRow;
use crate::text::key;

const NAMES: &str = include_str!("registry-names.csv");

#[derive(Deserialize)]
struct Entry {
    image: String,
    registry_name: String,
    sample_tag: Option<String>,
    source: String,
}

/// Known registry names by the key of the image's name; their image's number is still to be filled in.
///
/// # Errors
/// When the embedded file is not as it should be.
pub fn registry_names() -> csv::Result<HashMap<String, Vec<RegistryNameRow>>> {
    let mut names: HashMap<String, Vec<RegistryNameRow>> = HashMap::new();
    for entry in csv::Reader::from_reader(NAMES.as_bytes()).deserialize() {
        let Entry { image, registry_name, sample_tag, source } = entry?;
        let row = RegistryNameRow { image_id: 0, name: registry_name, sample_tag, source };
        names.entry(key(&image)).or_default().push(row);
    }
    Ok(names)
}
