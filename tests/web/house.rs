//! Who may import whom: files know one another in one direction, and so do rooms.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::habits::files;

/// The rooms from the lowest to the highest: each may know those above it in this list, and none below. `app` is what
/// handlers work with; the rooms after it are those that answer.
const ORDER: &[&[&str]] = &[
    &["log", "text", "codes"],
    &["i18n"],
    &["clock", "fields", "roles"],
    &["config", "licences"],
    &["database"],
    &["web"],
    &["changes"],
    &["guidance", "organisations"],
    &["people", "catalogue"],
    &["files", "forms"],
    &["app"],
    &["tokens", "images", "mail", "content", "costs", "demand", "rounds"],
    &["departments", "editing"],
    &["imports", "quality", "suggestions", "watches", "feedback", "requests", "home", "reminders"],
    &["reports", "check"],
    &["saved", "api"],
    &["site"],
];

/// What every file of the program imports from the program, by its module path.
fn imports() -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let texts: BTreeMap<Vec<String>, String> = files("src", "rs")
        .into_iter()
        .map(|(path, text)| (module_of(path.strip_prefix(&root).unwrap()), text))
        .collect();
    let modules: BTreeSet<&Vec<String>> = texts.keys().collect();
    let known = |mut path: Vec<String>| {
        while !path.is_empty() && !modules.contains(&path) {
            path.pop();
        }
        path
    };
    texts
        .iter()
        .map(|(module, text)| {
            let found = paths(&without_tests(text)).into_iter().filter_map(|path| absolute(module, &path));
            (module.clone(), found.map(known).filter(|other| other != module && !other.is_empty()).collect())
        })
        .collect()
}

fn module_of(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

/// A file without what is compiled for its tests alone, comments and the texts in it.
fn without_tests(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Every path that begins at the crate, the parent or the module itself, of grouped and nested imports each.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(start) {
            let is_word =
                text[..at].chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || "_:(".contains(letter));
            if !is_word {
                expand(&[], &text[at..], &mut found);
            }
        }
    }
    found
}

/// Reads one path, or the group that it ends with; what is left of the text.
fn expand<'t>(before: &[String], text: &'t str, found: &mut Vec<Vec<String>>) -> &'t str {
    let mut path = before.to_vec();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            rest = group;
            loop {
                rest = expand(&path, rest, found).trim_start();
                rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
                if let Some(after) = rest.strip_prefix('}') {
                    return after;
                }
                if rest.is_empty() {
                    return rest;
                }
            }
        }
        let end = rest
            .find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '*'))
            .unwrap_or(rest.len());
        path.push(rest[..end].to_owned());
        rest = &rest[end..];
        let Some(after) = rest.strip_prefix("::") else {
            found.push(path);
            let alias = rest.trim_start().strip_prefix("as ");
            let skip = |rest: &'t str| rest.find([',', '}', ';']).map_or("", |at| &rest[at..]);
            return alias.map_or(rest, skip);
        };
        rest = after;
    }
}

/// A path from the crate's root on.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path.first()?.as_str() {
        "crate" => (&[][..], &path[1..]),
        "self" => (module, &path[1..]),
        _ => (&module[..module.len().checked_sub(ups)?], &path[ups..]),
    };
    Some(base.iter().chain(rest).filter(|part| *part != "self" && *part != "*").cloned().collect())
}

/// A way that leads from somewhere back to it; none where there is no circle.
fn circle<T: Ord + Clone>(edges: &BTreeMap<T, BTreeSet<T>>) -> Option<Vec<T>> {
    fn visit<T: Ord + Clone>(
        at: &T,
        edges: &BTreeMap<T, BTreeSet<T>>,
        way: &mut Vec<T>,
        done: &mut BTreeSet<T>,
    ) -> Option<Vec<T>> {
        if let Some(from) = way.iter().position(|before| before == at) {
            return Some(way[from..].iter().chain([at]).cloned().collect());
        }
        if !done.insert(at.clone()) {
            return None;
        }
        way.push(at.clone());
        let found = edges.get(at).into_iter().flatten().find_map(|next| visit(next, edges, way, done));
        way.pop();
        found
    }
    let mut done = BTreeSet::new();
    edges.keys().find_map(|at| visit(at, edges, &mut Vec::new(), &mut done))
}

#[test]
fn no_files_know_one_another_in_a_circle() {
    if let Some(way) = circle(&imports()) {
        let way: Vec<String> = way.iter().map(|module| module.join("::")).collect();
        panic!("{}", way.join(" knows "));
    }
}

#[test]
fn rooms_know_only_rooms_below_them() {
    let rank: BTreeMap<&str, usize> =
        ORDER.iter().enumerate().flat_map(|(rank, rooms)| rooms.iter().map(move |room| (*room, rank))).collect();
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, known) in imports().into_iter().filter(|(module, _)| !module.is_empty()) {
        let room = module[0].clone();
        if ["main", "commands"].contains(&room.as_str()) {
            continue;
        }
        for other in known.iter().map(|other| other[0].clone()).filter(|other| *other != room) {
            let [own, its] = [&room, &other].map(|room| {
                rank.get(room.as_str()).unwrap_or_else(|| panic!("{room} stands nowhere in the order of rooms"))
            });
            assert!(its < own, "{} knows {other}, which is not below it", module.join("::"));
            rooms.entry(room.clone()).or_default().insert(other);
        }
    }
    assert_eq!(circle(&rooms), None);
}

#[test]
fn imports_are_read_grouped_nested_and_renamed() {
    let found = paths("use crate::a::{self, b::{C, d as e}, F};\nuse super::g;\nlet x = self::h::i();");
    let found: BTreeSet<String> = found.iter().map(|path| path.join("::")).collect();
    let wanted = ["crate::a::self", "crate::a::b::C", "crate::a::b::d", "crate::a::F", "super::g", "self::h::i"];
    assert_eq!(found, wanted.map(String::from).into());
    let edges =
        BTreeMap::from([("a", BTreeSet::from(["b"])), ("b", BTreeSet::from(["c"])), ("c", BTreeSet::from(["a"]))]);
    assert_eq!(circle(&edges), Some(vec!["a", "b", "c", "a"]));
}
