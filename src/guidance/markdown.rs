//! Markdown of the site's own texts: what it may hold, and the HTML that it becomes.

use std::fmt;

use askama::filters::HtmlSafe;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, format_html};

use crate::i18n::Lang;
use crate::web::budget::{Allowance, Budget, Spent};
use crate::web::limits::LARGEST_BODY;
use crate::web::parse;
use crate::web::work::Stop;

/// What a text may take: a long guide is parsed into 2,000 parts.
const ALLOWED: Allowance = Allowance { bytes: LARGEST_BODY, nodes: 20_000, depth: 64, characters: LARGEST_BODY };

/// HTML that the Markdown parser made; markup of the text's own is left out of it.
#[derive(Clone, Debug)]
pub struct Body(String);

impl HtmlSafe for Body {}

impl fmt::Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a text may not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It does not begin with a title, or has another one below.
    Title,
    Html,
    Image,
    /// It has more parts than are read.
    TooMuch,
    /// A link that leads to no page of this site, no `https:` address and no mailbox.
    Link(String),
    /// A place that nothing is known to fill.
    Place(String),
}

impl Wrong {
    /// What is to be done about it.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Wrong::Title => lang.t("content-wrong-title").into_owned(),
            Wrong::Html => lang.t("content-wrong-html").into_owned(),
            Wrong::TooMuch => lang.t("content-wrong-much").into_owned(),
            Wrong::Image => lang.t("content-wrong-image").into_owned(),
            Wrong::Link(address) => lang.named("content-wrong-link", short(address)),
            Wrong::Place(place) => lang.named("content-wrong-place", short(place)),
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The title on a text's first line, and the rest.
pub fn parts(filled: &str) -> (&str, &str) {
    let (title, body) = filled.split_once('\n').unwrap_or((filled, ""));
    (title.trim_start_matches('#').trim(), body)
}

/// A text's body as HTML. The ids of its headings begin with `prefix`.
pub fn html(body: &str, prefix: &str) -> Body {
    let (arena, mut html) = (Arena::new(), String::new());
    // One that takes too much was refused when it was written, and has no body here.
    if let Ok(document) = parsed(&arena, body, prefix) {
        let _ = format_html(document, &options(prefix), &mut html); // a text takes all
    }
    Body(html)
}

fn parsed<'a>(arena: &'a Arena<'a>, body: &str, prefix: &str) -> Result<&'a AstNode<'a>, Spent> {
    let budget = Budget::new(ALLOWED, &Stop::default());
    budget.length(body.len())?;
    parse::markdown(arena, body, &options(prefix), ALLOWED.nodes, &budget)
}

fn options(prefix: &str) -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.header_id_prefix = Some(prefix.to_owned());
    options
}

/// Holds a text whose places are filled to what may be published.
///
/// # Errors
/// The first thing that may not.
pub fn check(filled: &str) -> Result<(), Wrong> {
    if let Some(at) = filled.find("{{") {
        let end = filled[at..].find("}}").map_or(filled.len(), |end| at + end + 2);
        return Err(Wrong::Place(filled[at..end].to_owned()));
    }
    let (title, body) = parts(filled);
    if !filled.starts_with("# ") || title.is_empty() {
        return Err(Wrong::Title);
    }
    let arena = Arena::new();
    let document = parsed(&arena, body, "").map_err(|_| Wrong::TooMuch)?;
    for node in document.descendants() {
        match &node.data().value {
            NodeValue::Heading(heading) if heading.level == 1 => return Err(Wrong::Title),
            NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_) => return Err(Wrong::Html),
            NodeValue::Image(_) => return Err(Wrong::Image),
            NodeValue::Link(link) if !may_lead(&link.url) => return Err(Wrong::Link(link.url.clone())),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a link may lead to an address.
fn may_lead(address: &str) -> bool {
    let is_own = ["/en", "/fr"].iter().any(|start| {
        address.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    });
    let has_backslash = address.contains('\\');
    !has_backslash
        && (is_own || address.starts_with('#') || address.starts_with("https://") || address.starts_with("mailto:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_and_links_to_known_kinds_of_places_may_be_published() {
        let body = |body: &str| check(&format!("# Title\n\n{body}"));
        for fine in [
            "Plain *text* with `code <b>` and a [link](https://example.ca/a?b=c).",
            "[here](/en/images) [là](/fr) [below](#below) [mail](mailto:a@b.ca) <https://example.ca>",
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n## Below\n\n3 < 4 && 5 > 4",
        ] {
            assert_eq!(body(fine), Ok(()), "{fine}");
        }
        let link = |address: &str| Err(Wrong::Link(address.to_owned()));
        for (text, wrong) in [
            ("<script>alert(1)</script>", Err(Wrong::Html)),
            ("a <b onclick=x>b</b>", Err(Wrong::Html)),
            ("<!-- a -->", Err(Wrong::Html)),
            ("![a](https://example.ca/a.png)", Err(Wrong::Image)),
            ("[a](javascript:alert(1))", link("javascript:alert(1)")),
            ("[a](JaVaScRiPt:alert)", link("JaVaScRiPt:alert")),
            ("[a](http://example.ca)", link("http://example.ca")),
            ("[a](//example.ca)", link("//example.ca")),
            ("[a](/english)", link("/english")),
            ("[a](data:text/html,x)", link("data:text/html,x")),
            ("[a][b]\n\n[b]: vbscript:x", link("vbscript:x")),
            ("# Another", Err(Wrong::Title)),
            ("Another\n===", Err(Wrong::Title)),
            ("{{nothing}} b", Err(Wrong::Place("{{nothing}}".to_owned()))),
        ] {
            assert_eq!(body(text), wrong, "{text}");
        }
        assert_eq!(body(&"*a".repeat(100_000)), Err(Wrong::TooMuch));
        assert_eq!(check("No title"), Err(Wrong::Title));
        assert_eq!(check("#\n\nNo title"), Err(Wrong::Title));
    }
}
