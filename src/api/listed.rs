//! Lists in parts: how many rows an answer has, where the next one begins, and what an address may ask for.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::i18n::Word;
use crate::web::error::Error;
use crate::web::page::Visit;

/// Rows in an answer where the address does not say.
const USUAL: usize = 100;
/// At most so many rows in an answer.
const MOST: usize = 500;

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    items: Vec<T>,
    /// The address of the next part; none where this is the last.
    #[schema(required, format = "uri-reference")]
    next: Option<String>,
    /// Where this part ends; none where it is empty.
    #[schema(required)]
    cursor: Option<String>,
}

/// What every list takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only")]
pub struct Paging {
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<usize>,
    #[param(pattern = "^[0-7][0-9a-f]{15}$")]
    cursor: Option<String>,
}

/// A value that is not empty: a script's variable that nobody set would select everything.
#[derive(ToSchema)]
#[schema(pattern = r"\S")]
#[expect(dead_code, reason = "read by the description only")]
pub struct Given(String);

/// Which part of a list an address asks for.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The number of the last row of the part before.
    pub after: i64,
    pub limit: usize,
}

impl Part {
    /// The part that a visit asks for, where it gives none but these parameters besides.
    ///
    /// # Errors
    /// A sentence for a parameter or a value that is not offered.
    pub fn asked(visit: &Visit, others: &[&str]) -> Result<Part, Error> {
        let mut part = Part { after: 0, limit: USUAL };
        for (name, value) in visit.parameters() {
            match &*name {
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
                    part.limit = limit.ok_or_else(|| visit.not_offered("limit", &value, &format!("1–{MOST}")))?;
                }
                "cursor" => {
                    let offered = visit.lang.t("api-cursor-offered");
                    part.after = place(&value).ok_or_else(|| visit.not_offered("cursor", &value, &offered))?;
                }
                name if others.contains(&name) && value.trim().is_empty() => {
                    return Err(Error::BadAddress(vec![visit.lang.named("api-empty", name)]));
                }
                name if others.contains(&name) => {}
                name => return Err(unknown(visit, name, &[others, &["limit", "cursor"]].concat())),
            }
        }
        Ok(part)
    }

    /// The rows of this part, out of all that come after its beginning, each told by `tell` with its number.
    pub fn of<R, T>(self, visit: &Visit, rows: impl Iterator<Item = R>, tell: impl Fn(R) -> (i64, T)) -> Listed<T> {
        let mut rows = rows.peekable();
        let mut last = None;
        let mut items = Vec::new();
        while items.len() < self.limit
            && let Some(row) = rows.next()
        {
            let (number, item) = tell(row);
            last = Some(number);
            items.push(item);
        }
        let cursor = last.map(cursor);
        let next = cursor.as_ref().filter(|_| rows.peek().is_some()).map(|cursor| onward(visit, cursor));
        Listed { items, next, cursor }
    }
}

/// That an address has parameters which are not offered.
///
/// # Errors
/// A sentence for the first of them.
pub fn only(visit: &Visit, offered: &[&str]) -> Result<(), Error> {
    match visit.parameters().iter().find(|(name, _)| !offered.contains(&&**name)) {
        Some((name, _)) => Err(unknown(visit, name, offered)),
        None => Ok(()),
    }
}

fn unknown(visit: &Visit, name: &str, offered: &[&str]) -> Error {
    let name: String = name.chars().take(60).collect();
    let offered = if offered.is_empty() { "–".to_owned() } else { offered.join(", ") };
    let words = [("name", Word::Text(&name)), ("offered", Word::Text(&offered))];
    Error::BadAddress(vec![visit.lang.tell("api-not-a-parameter", &words)])
}

/// The address of the visit's list from a cursor on.
fn onward(visit: &Visit, cursor: &str) -> String {
    let kept = visit.parameters().into_iter().filter(|(name, _)| name != "cursor");
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    parameters.extend_pairs(kept).append_pair("cursor", cursor);
    format!("{}?{}", visit.path(), parameters.finish())
}

fn cursor(number: i64) -> String {
    format!("{number:016x}")
}

/// The number that a cursor stands for.
fn place(text: &str) -> Option<i64> {
    let number = i64::from_str_radix(text, 16).ok().filter(|number| *number >= 0)?;
    (cursor(number) == text).then_some(number)
}
