//! The images that YAML names: Compose files, Kubernetes manifests and Helm values.

use super::variables::{Filled, NoValues, fill, without_templates};
use super::yaml::{Node, is_nothing};
use super::{Collected, Unreadable};
use crate::web::budget::{Budget, Spent};

/// Where a Kubernetes object holds its containers.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];
/// What shows that a map with a repository means an image.
const OF_IMAGE: [&str; 5] = ["registry", "tag", "digest", "pullPolicy", "imagePullPolicy"];
/// How Compose writes an image where a folder could stand.
const IMAGE_SOURCE: &str = "docker-image://";

/// Reads a Compose file: the images of its services. What a service builds itself is noted.
pub fn compose(document: &Node, found: &mut Collected) -> Result<(), Unreadable> {
    let Some(services) = document.get("services") else { return Ok(()) };
    found.visit(services)?;
    for (name, service) in services.entries() {
        found.visit(service)?;
        if let Some(build) = service.get("build") {
            found.built.push(name.to_owned());
            let Some(contexts) = build.get("additional_contexts") else { continue };
            found.visit(contexts)?;
            for (_, context) in contexts.entries() {
                if let Some(image) = context.text().and_then(|text| text.strip_prefix(IMAGE_SOURCE)) {
                    found.add_text(image, from_environment, context.line)?;
                }
            }
        } else if let Some(image) = service.get("image") {
            add(image, from_environment, found)?;
        }
    }
    Ok(())
}

/// Reads a Kubernetes object of any kind, or a list of them: the images of all containers in it.
pub fn kubernetes(node: &Node, found: &mut Collected) -> Result<(), Unreadable> {
    found.visit(node)?;
    if node.text_of("kind") == Some("Kustomization") {
        return kustomization(node, found);
    }
    for (key, value) in node.entries() {
        if CONTAINERS.contains(&key) {
            for container in value.items() {
                if let Some(image) = container.get("image") {
                    add(image, without_templates, found)?;
                }
            }
        } else if key == "volumes" {
            let images = value.items().iter().filter_map(|volume| volume.get("image")?.get("reference"));
            images.into_iter().try_for_each(|image| add(image, without_templates, found))?;
        }
        kubernetes(value, found)?;
    }
    node.items().iter().try_for_each(|item| kubernetes(item, found))
}

/// Kustomize puts one image in another's place.
fn kustomization(node: &Node, found: &mut Collected) -> Result<(), Unreadable> {
    for image in node.get("images").map(Node::items).unwrap_or_default() {
        let Some(name) = image.text_of("newName").or_else(|| image.text_of("name")) else { continue };
        let written = whole(None, name, image.text_of("newTag"), image.text_of("digest"));
        found.add_text(&written, without_templates, image.line)?;
    }
    Ok(())
}

/// Reads Helm values: `image: name:tag`, and maps of registry, repository, tag and digest.
pub fn values(node: &Node, found: &mut Collected) -> Result<(), Unreadable> {
    under("", node, found)
}

fn under(name: &str, node: &Node, found: &mut Collected) -> Result<(), Unreadable> {
    found.visit(node)?;
    if let Some(written) = image_of(name, node) {
        let line = node.get("repository").or_else(|| node.get("name")).map_or(node.line, |part| part.line);
        found.add_text(&written, without_templates, line)?;
    }
    for (key, value) in node.entries() {
        if is_image(key) && value.text().is_some() {
            add(value, without_templates, found)?;
        } else {
            under(key, value, found)?;
        }
    }
    node.items().iter().try_for_each(|item| under(name, item, found))
}

/// The reference that a map of parts means.
fn image_of(name: &str, node: &Node) -> Option<String> {
    let repository = node.text_of("repository").or_else(|| is_image(name).then(|| node.text_of("name")).flatten())?;
    let says_so = is_image(name) || OF_IMAGE.iter().any(|key| node.get(key).is_some());
    if !says_so || repository.contains("://") {
        return None;
    }
    Some(whole(node.text_of("registry"), repository, node.text_of("tag"), node.text_of("digest")))
}

/// Whether a key is about an image: `image`, `sidecarImage`.
fn is_image(key: &str) -> bool {
    key == "image" || key.ends_with("Image") || key.ends_with("_image")
}

fn whole(registry: Option<&str>, repository: &str, tag: Option<&str>, digest: Option<&str>) -> String {
    let registry = registry.map(|registry| format!("{}/", registry.trim_end_matches('/'))).unwrap_or_default();
    let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
    format!("{registry}{repository}{tag}{digest}")
}

/// Compose fills in what the environment says, which nobody here knows: only defaults are.
fn from_environment(text: &str, budget: &mut Budget) -> Result<Filled, Spent> {
    fill(text, &NoValues, budget)
}

/// How a text is filled in.
type Reading = fn(&str, &mut Budget) -> Result<Filled, Spent>;

fn add(image: &Node, read: Reading, found: &mut Collected) -> Result<(), Unreadable> {
    match image.text().map(str::trim) {
        Some(text) if !is_nothing(text) => found.add_text(text, read, image.line),
        _ => Ok(()),
    }
}

impl Collected {
    fn add_text(&mut self, text: &str, read: Reading, line: usize) -> Result<(), Unreadable> {
        let image = read(text, &mut self.budget).map_err(|spent| Unreadable::Spent(line, spent))?;
        self.add(image, line)
    }

    /// Counts what looking into a value visits.
    fn visit(&mut self, node: &Node) -> Result<(), Unreadable> {
        self.budget.nodes(node.width()).map_err(|spent| Unreadable::Spent(node.line, spent))
    }
}
