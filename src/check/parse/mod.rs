//! Reads a file and collects the images that it names, each with its lines.

mod dockerfile;
mod list;
mod manifests;
mod unreadable;
pub mod variables;
mod yaml;

use std::collections::HashMap;
use std::rc::Rc;

use self::unreadable::ALLOWED;
pub use self::unreadable::{LARGEST, MOST_IMAGES, Unreadable};
use self::variables::Filled;
use self::yaml::Node;
use super::kind::Kind;
use crate::web::budget::Budget;
use crate::web::work::Stop;

/// How long one reference may be, in characters.
pub const LONGEST: usize = 500;
/// An image that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub image: Filled,
    /// The lines where it stands, in order.
    pub lines: Vec<usize>,
}

/// What a file names.
#[derive(Debug)]
pub struct Collected {
    /// In the order in which the file names them first.
    pub images: Vec<Named>,
    /// What the file builds itself instead: by its name.
    pub built: Vec<String>,
    /// Where each image stands in the list.
    places: HashMap<Filled, usize>,
    budget: Budget,
}

impl Collected {
    fn new(budget: Budget) -> Collected {
        Collected { images: Vec::new(), built: Vec::new(), places: HashMap::new(), budget }
    }

    /// Notes that an image is named on a line.
    fn add(&mut self, image: Filled, line: usize) -> Result<(), Unreadable> {
        if image.shown.chars().count() > LONGEST {
            return Err(Unreadable::TooLong(line));
        }
        self.budget.nodes(1).map_err(|spent| Unreadable::Spent(line, spent))?;
        if let Some(known) = self.places.get(&image) {
            let lines = &mut self.images[*known].lines;
            if let Err(place) = lines.binary_search(&line) {
                lines.insert(place, line);
            }
            return Ok(());
        }
        if self.images.len() == MOST_IMAGES {
            return Err(Unreadable::TooMany);
        }
        self.places.insert(image.clone(), self.images.len());
        self.images.push(Named { image, lines: vec![line] });
        Ok(())
    }
}

/// Reads a file: as the kind that is given, or else as its name and content tell. Says which was taken.
///
/// # Errors
/// Why it cannot be read.
pub fn read(bytes: &[u8], name: &str, kind: Option<Kind>, stop: &Stop) -> Result<(Kind, Collected), Unreadable> {
    let budget = Budget::new(ALLOWED, stop);
    budget.length(bytes.len()).map_err(|_| Unreadable::TooLarge)?;
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}')) {
        return Err(Unreadable::NotText);
    }
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    // Every kind of file counts its lines alike, and as editors do.
    let text = &*text.replace("\r\n", "\n").replace('\r', "\n");
    let mut found = Collected::new(budget);
    let kind = match kind.or_else(|| Kind::of_name(name)).or_else(|| Kind::of_lines(text)) {
        Some(Kind::Dockerfile) => {
            dockerfile::read(text, &mut found)?;
            Kind::Dockerfile
        }
        Some(Kind::List) => {
            list::read(text, &mut found)?;
            Kind::List
        }
        kind => read_yaml(text, kind, &mut found)?,
    };
    found.images.sort_by_key(|named| named.lines.first().copied());
    Ok((kind, found))
}

fn read_yaml(text: &str, kind: Option<Kind>, found: &mut Collected) -> Result<Kind, Unreadable> {
    let documents = yaml::read(text, &mut found.budget).map_err(|problem| match problem {
        Unreadable::Yaml(line) if text.contains("{{") => Unreadable::Template(line),
        other => other,
    })?;
    let kind = kind.unwrap_or_else(|| kind_of(&documents));
    for document in &documents {
        match kind {
            Kind::Compose => manifests::compose(document, found)?,
            Kind::Kubernetes => manifests::kubernetes(document, found)?,
            _ => manifests::values(document, found)?,
        }
    }
    Ok(kind)
}

/// The kind that YAML is by its keys.
fn kind_of(documents: &[Rc<Node>]) -> Kind {
    let any = |keys: &[&str]| documents.iter().any(|document| keys.iter().all(|key| document.get(key).is_some()));
    match () {
        () if any(&["apiVersion", "kind"]) => Kind::Kubernetes,
        () if any(&["services"]) && documents.iter().any(|document| is_compose(document)) => Kind::Compose,
        () => Kind::Helm,
    }
}

fn is_compose(document: &Node) -> bool {
    let services = document.get("services").map(Node::entries).unwrap_or_default();
    services.iter().any(|(_, service)| service.get("image").or_else(|| service.get("build")).is_some())
}

#[cfg(test)]
mod tests;
