//! Markdown and the text that it means, there and back.

use std::borrow::Cow;

use comrak::arena_tree::Node;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options};

use crate::web::budget::{Budget, Spent};
use crate::web::parse;
use crate::web::work::Stop;

pub(super) const MOST_PARTS: usize = 200_000;

/// A text as a cell of a table: as it stands where Markdown reads it so, else with its marks escaped.
pub fn written(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '`', '*', '_', '[', ']', '<', '>', '&', '!', '|', '\n']) {
        return Cow::Borrowed(text);
    }
    let plain = text.replace('|', "\\|").replace('\n', "<br>");
    if !text.contains('<') && cell_text(&plain) == text {
        return Cow::Owned(plain);
    }
    let mut escaped = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        match letter {
            '\n' => escaped.push_str("<br>"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '!' | '|' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    Cow::Owned(escaped)
}

/// The text of a cell as it would be read from its source.
pub fn cell_text(source: &str) -> Cow<'_, str> {
    if !source.contains(['\\', '`', '*', '_', '[', ']', '<', '>', '&', '!', '|', '\n']) {
        return Cow::Borrowed(source);
    }
    let arena = Arena::new();
    let table = format!("|a|\n|-|\n|{source} |\n");
    // A cell that is kept was parsed when it was brought in: it is never too much.
    let document = parse(&arena, &table, MOST_PARTS, &Budget::new(crate::files::ALLOWED, &Stop::default())).ok();
    let cell = document.and_then(Node::first_child).and_then(Node::last_child).and_then(Node::first_child);
    Cow::Owned(cell.map(|cell| text_of(cell).trim().to_owned()).unwrap_or_default())
}

/// The plain text inside a node: without marks, escapes and entities resolved, `<br>` as a line's end.
pub(super) fn text_of<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match &part.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::HtmlInline(tag) if is_line_break(tag) => text.push('\n'),
            NodeValue::HtmlInline(html) => text.push_str(html),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn is_line_break(tag: &str) -> bool {
    tag.trim_matches(['<', '>', '/', ' ']).eq_ignore_ascii_case("br")
}

/// Parses a text into so many parts at most, for as long as somebody waits.
pub(super) fn parse<'a>(
    arena: &'a Arena<'a>,
    text: &str,
    most: usize,
    budget: &Budget,
) -> Result<&'a AstNode<'a>, Spent> {
    parse::markdown(arena, text, &options(), most, budget)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options
}
