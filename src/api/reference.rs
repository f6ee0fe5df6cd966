//! The page that explains the interface, drawn from the document that describes it.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use serde_json::{Map, Value};

use super::document::{SCHEMAS, document};
use super::{DOCUMENT, REFERENCE};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::visitor::Scope;

#[derive(Template)]
#[template(path = "api/reference.html")]
struct ReferencePage<'d> {
    page: Page,
    document: String,
    operations: Vec<Operation<'d>>,
    refusals: BTreeMap<&'d str, &'d str>,
    schemas: Vec<Schema<'d>>,
}

/// An address of the interface.
struct Operation<'d> {
    name: &'d str,
    method: String,
    path: &'d str,
    summary: &'d str,
    /// The scope that a token needs for it.
    scope: Option<&'d str>,
    /// Whether it is answered without a token, only less of it.
    is_public: bool,
    parameters: Vec<Row<'d>>,
    /// What is sent to it: in words, of which kinds, and the schema where it has one.
    body: Option<(&'d str, String, Option<&'d str>)>,
    /// The schema of its answer, where it has one of its own.
    answer: Option<&'d str>,
}

/// What an answer is made of.
struct Schema<'d> {
    name: &'d str,
    fields: Vec<Row<'d>>,
    values: String,
}

/// A parameter or a field.
struct Row<'d> {
    name: &'d str,
    kind: String,
    description: &'d str,
}

/// The page.
pub(super) async fn show_reference(visit: Visit) -> Result<Response, Error> {
    let lang = visit.lang;
    let described = document(lang);
    let operations: Vec<Operation> = entries(&described["paths"])
        .flat_map(|(path, operations)| entries(operations).map(move |(method, one)| Operation::new(path, method, one)))
        .collect();
    let refusals: BTreeMap<&str, &str> = entries(&described["paths"])
        .flat_map(|(_, operations)| entries(operations))
        .flat_map(|(_, one)| entries(&one["responses"]))
        .filter(|(status, _)| status.starts_with(['4', '5']))
        .map(|(status, answer)| (status, text(&answer["description"])))
        .collect();
    show(&ReferencePage {
        page: visit.page(lang.t("api-title"), REFERENCE),
        document: format!("{DOCUMENT}?lang={}", lang.code()),
        operations,
        refusals,
        schemas: entries(&described["components"]["schemas"]).map(|(name, one)| Schema::new(name, one)).collect(),
    })
}

impl<'d> Operation<'d> {
    fn new(path: &'d str, method: &str, operation: &'d Value) -> Operation<'d> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let body = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        Operation {
            name: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path,
            summary: text(&operation["summary"]),
            scope: entries_of(&operation["security"]).find_map(|one| one["token"][0].as_str()),
            is_public: entries_of(&operation["security"]).any(|one| one.as_object().is_some_and(Map::is_empty)),
            parameters: parameters
                .map(|one| Row::new(text(&one["name"]), &one["schema"], &one["description"]))
                .collect(),
            body: operation.get("requestBody").map(sent),
            answer: body["$ref"].as_str().and_then(|name| name.strip_prefix(SCHEMAS)),
        }
    }

    /// Its address, where it can be opened as it stands.
    fn link(&self) -> Option<&str> {
        (self.method == "GET" && !self.path.contains('{')).then_some(self.path)
    }
}

/// What is sent in a body.
fn sent(body: &Value) -> (&str, String, Option<&str>) {
    let kinds: Vec<&str> = entries(&body["content"]).map(|(kind, _)| kind).collect();
    let schema = body["content"]["application/json"]["schema"]["$ref"].as_str();
    (text(&body["description"]), kinds.join(", "), schema.and_then(|name| name.strip_prefix(SCHEMAS)))
}

impl<'d> Schema<'d> {
    fn new(name: &'d str, schema: &'d Value) -> Schema<'d> {
        let is_simple = schema["enum"].is_array();
        let rows = entries(&schema["properties"]).map(|(name, field)| Row::new(name, field, &field["description"]));
        Schema { name, fields: rows.collect(), values: if is_simple { kind(schema) } else { String::new() } }
    }
}

impl<'d> Row<'d> {
    fn new(name: &'d str, schema: &Value, description: &'d Value) -> Row<'d> {
        Row { name, kind: kind(schema), description: text(description) }
    }
}

/// What a schema takes, in the notation of the page: `string[]`, `string | null`, `"procured" | "retired"`.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.strip_prefix(SCHEMAS).unwrap_or(name).to_owned();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    if let Some(schemas) = schema["oneOf"].as_array() {
        return schemas.iter().map(kind).collect::<Vec<_>>().join(" | ");
    }
    let format = schema["format"].as_str().map(|format| format!(" ({format})")).unwrap_or_default();
    let of_type = |name: &Value| match text(name) {
        "array" => {
            let items = kind(&schema["items"]);
            if items.contains(" | ") { format!("({items})[]") } else { format!("{items}[]") }
        }
        name => name.to_owned(),
    };
    match schema["type"].as_array() {
        Some(types) => types.iter().map(of_type).collect::<Vec<_>>().join(" | ") + &format,
        None => of_type(&schema["type"]) + &format,
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn entries_of(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
