//! Lists in parts: how many rows an answer has, where the next one begins, and what an address may ask for.

use axum::response::Response;
use serde::Serialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::i18n::Word;
use crate::web::csv::PIECE;
use crate::web::error::Error;
use crate::web::file::in_pieces;
use crate::web::page::Visit;

/// Rows in an answer where the address does not say.
const USUAL: usize = 100;
/// At most so many rows in an answer.
const MOST: usize = 500;

/// A part of a list.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by the description only")]
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

    /// The rows of this part, out of all that come after its beginning, each with its number: they are told by `tell`, one
    /// after another, as they are sent.
    pub fn of<R, T>(
        self,
        visit: &Visit,
        rows: impl Iterator<Item = (i64, R)>,
        tell: impl Fn(R) -> T + Send + 'static,
    ) -> Response
    where
        R: Send + 'static,
        T: Serialize,
    {
        let mut rows: Vec<(i64, R)> = rows.take(self.limit + 1).collect();
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let cursor = rows.last().map(|(number, _)| cursor(*number));
        let next = cursor.as_ref().filter(|_| has_more).map(|cursor| onward(visit, cursor));
        let end = format!("],\"next\":{},\"cursor\":{}}}", json!(next), json!(cursor));
        let rows = rows.into_iter().map(|(_, row)| row);
        in_pieces("application/json", pieces(rows, tell, end))
    }
}

/// A list in pieces, row by row.
fn pieces<R: Send, T: Serialize>(
    rows: impl Iterator<Item = R> + Send + 'static,
    tell: impl Fn(R) -> T + Send + 'static,
    end: String,
) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let (mut rows, mut piece) = (rows.enumerate().peekable(), b"{\"items\":[".to_vec());
    let mut end = Some(end);
    std::iter::from_fn(move || {
        end.as_ref()?;
        while piece.len() < PIECE
            && let Some((place, row)) = rows.next()
        {
            if place > 0 {
                piece.push(b',');
            }
            let _ = serde_json::to_writer(&mut piece, &tell(row)); // plain values in memory
        }
        if rows.peek().is_none() {
            piece.extend(end.take().unwrap_or_default().into_bytes());
        }
        Some(std::mem::take(&mut piece))
    })
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
    let mut parameters = url::form_urlencoded::Serializer::new(String::new());
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
