//! YAML as a tree that knows its lines: aliases point at what they repeat, and a file that would unfold into more than
//! people write is refused before it does.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use saphyr_parser::{Event, Parser, Span};

use super::unreadable::{ALLOWED, Unreadable};
use crate::web::budget::{Budget, Spent};

/// The key by which a map takes what another has.
const MERGE: &str = "<<";

/// A value and the line where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    pub line: usize,
    pub value: Value,
    /// How many values it is, with every alias unfolded, and how deep they stand.
    size: usize,
    depth: usize,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Value {
    Scalar(String),
    List(Vec<Rc<Node>>),
    Map(Vec<(Rc<Node>, Rc<Node>)>),
}

impl Node {
    /// The value as text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; nothing where it is none.
    pub fn items(&self) -> &[Rc<Node>] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map with those that it merges (`<<`), its own first; nothing where it is none.
    pub fn entries(&self) -> Vec<(&str, &Node)> {
        let mut entries = Vec::new();
        self.gather(&mut entries, &mut HashSet::new());
        entries
    }

    fn gather<'n>(&'n self, entries: &mut Vec<(&'n str, &'n Node)>, seen: &mut HashSet<&'n str>) {
        entries.extend(self.own().filter(|(key, _)| *key != MERGE && seen.insert(key)));
        self.merged().for_each(|merged| merged.gather(entries, seen));
    }

    /// The value of a map's key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let own = self.own().find(|(name, _)| *name == key).map(|(_, value)| value);
        own.or_else(|| self.merged().find_map(|merged| merged.get(key)))
    }

    fn own(&self) -> impl Iterator<Item = (&str, &Node)> {
        let pairs = if let Value::Map(pairs) = &self.value { pairs.as_slice() } else { &[] };
        pairs.iter().filter_map(|(key, value)| Some((key.text()?, &**value)))
    }

    /// How many values looking into it visits: those that stand in it, and all that it merges.
    pub fn width(&self) -> usize {
        let merged: usize = self.merged().map(|merged| merged.size).sum();
        let own = if let Value::Map(pairs) = &self.value { pairs.len() } else { self.items().len() };
        own.saturating_add(merged)
    }

    /// The maps that a map merges.
    fn merged(&self) -> impl Iterator<Item = &Node> {
        self.own().filter(|(key, _)| *key == MERGE).flat_map(|(_, value)| {
            let one = matches!(value.value, Value::Map(_)).then_some(value);
            one.into_iter().chain(value.items().iter().map(|item| &**item))
        })
    }

    /// A map's value for a key as text that is not empty.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        let node = self.get(key)?;
        node.text().map(str::trim).filter(|text| !is_nothing(text))
    }
}

/// Whether a text is what YAML writes for nothing.
pub fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "~" | "null" | "Null" | "NULL")
}

/// Reads every document of a file.
pub fn read(text: &str, budget: &mut Budget) -> Result<Vec<Rc<Node>>, Unreadable> {
    let mut builder = Builder { documents: Vec::new(), open: Vec::new(), anchors: HashMap::new(), budget };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|problem| Unreadable::Yaml(problem.marker().line()))?;
        builder.take(event, span)?;
    }
    Ok(builder.documents)
}

/// A list or a map that is not at its end.
struct Open {
    anchor: usize,
    line: usize,
    is_map: bool,
    nodes: Vec<Rc<Node>>,
}

struct Builder<'b> {
    documents: Vec<Rc<Node>>,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    budget: &'b mut Budget,
}

impl Builder<'_> {
    fn take(&mut self, event: Event, span: Span) -> Result<(), Unreadable> {
        let line = span.start.line();
        match event {
            Event::SequenceStart(anchor, _) => self.begin(anchor, line, false)?,
            Event::MappingStart(anchor, _) => self.begin(anchor, line, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Scalar(text, _, anchor, _) => {
                self.count(1, line)?;
                let node = Node { line, value: Value::Scalar(text.into_owned()), size: 1, depth: 0 };
                self.put(Rc::new(node), anchor)?;
            }
            // An alias within what it repeats would have no end.
            Event::Alias(anchor) => {
                let endless = Unreadable::Spent(line, Spent::Nodes(ALLOWED.nodes));
                let node = self.anchors.get(&anchor).cloned().ok_or(endless)?;
                self.count(node.size, line)?;
                self.put(node, 0)?;
            }
            Event::DocumentEnd => self.anchors.clear(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(())
    }

    /// Counts values, with every alias unfolded.
    fn count(&mut self, values: usize, line: usize) -> Result<(), Unreadable> {
        self.budget.nodes(values).map_err(|spent| Unreadable::Spent(line, spent))
    }

    fn begin(&mut self, anchor: usize, line: usize, is_map: bool) -> Result<(), Unreadable> {
        self.count(1, line)?;
        self.budget.depth(self.open.len() + 1).map_err(|spent| Unreadable::Spent(line, spent))?;
        self.open.push(Open { anchor, line, is_map, nodes: Vec::new() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        let Some(Open { anchor, line, is_map, nodes }) = self.open.pop() else { return Ok(()) };
        let size = nodes.iter().fold(1_usize, |size, node| size.saturating_add(node.size));
        let depth = nodes.iter().map(|node| node.depth + 1).max().unwrap_or_default();
        let value = if is_map {
            let mut nodes = nodes.into_iter();
            let pairs = std::iter::from_fn(|| Some((nodes.next()?, nodes.next()?)));
            Value::Map(pairs.collect())
        } else {
            Value::List(nodes)
        };
        self.put(Rc::new(Node { line, value, size, depth }), anchor)
    }

    fn put(&mut self, node: Rc<Node>, anchor: usize) -> Result<(), Unreadable> {
        let deep = self.budget.depth(self.open.len() + node.depth);
        deep.map_err(|spent| Unreadable::Spent(node.line, spent))?;
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.documents.push(node),
        }
        Ok(())
    }
}
