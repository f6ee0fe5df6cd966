//! The description of the interface (`OpenAPI` 3.1), made from its code, with the words of each language.

use std::sync::LazyLock;

use axum::Json;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use super::listed::only;
use super::{described, written};
use crate::i18n::{Lang, Word};
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;

/// Where the document keeps its schemas.
pub const SCHEMAS: &str = "#/components/schemas/";

static DOCUMENTS: LazyLock<[Value; 2]> = LazyLock::new(|| Lang::BOTH.map(told));

/// The language of the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only")]
pub struct Wanted {
    #[param(inline)]
    lang: Option<Lang>,
}

/// The description of the interface.
#[utoipa::path(get, path = "/api/openapi.json", params(Wanted), responses((status = OK, body = Value), Refused))]
pub(super) async fn get_document(visit: Visit) -> Result<Json<&'static Value>, Error> {
    only(&visit, &["lang"])?;
    let lang = visit.language()?.unwrap_or(Lang::En);
    Ok(Json(document(lang)))
}

/// The description in a language.
pub fn document(lang: Lang) -> &'static Value {
    &DOCUMENTS[lang as usize]
}

/// What the code says of itself, in the words of a language.
fn told(lang: Lang) -> Value {
    let mut document = serde_json::to_value(described().merge(written()).to_openapi()).unwrap_or_default();
    document["info"] = json!({
        "title": lang.t("site-title"),
        "description": lang.t("api-lead"),
        "version": "1",
        "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
    });
    document["servers"] = json!([{ "url": "/" }]);
    document["components"]["securitySchemes"] =
        json!({ "token": { "type": "http", "scheme": "bearer", "description": lang.t("api-token") } });
    for operations in values(&mut document["paths"]) {
        for operation in values(operations) {
            tell_operation(operation, lang);
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        if let Some(of) = name.strip_prefix("Listed_") {
            schema["properties"]["items"]["items"] = json!({ "$ref": format!("{SCHEMAS}{of}") }); // written out otherwise
        }
        tell_fields(schema, lang);
    }
    document
}

fn tell_operation(operation: &mut Value, lang: Lang) {
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    if let Some(operation) = operation.as_object_mut() {
        operation.remove("tags");
        operation.remove("description");
        operation.insert("summary".to_owned(), words("api-do-", &name, lang).into());
        operation.entry("security").or_insert_with(|| json!([])); // said, not left out: it needs no account
    }
    if let Some(body) = operation.get_mut("requestBody") {
        body["description"] = words("api-send-", &name, lang).into();
    }
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["description"] = words("api-take-", name, lang).into();
        tell_fields(&mut parameter["schema"], lang);
    }
    for (status, answer) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten() {
        answer["description"] = words("api-answer-", status, lang).into();
    }
}

/// Gives each field of a schema its words, and takes away what is meant for readers of the code.
fn tell_fields(schema: &mut Value, lang: Lang) {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("description");
    }
    if let Some(items) = schema.get_mut("items") {
        tell_fields(items, lang);
    }
    for (name, field) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        tell_fields(field, lang);
        field["description"] = field_words(name, lang).into();
    }
}

/// What a field holds; those that stand in both languages say which.
fn field_words(name: &str, lang: Lang) -> String {
    let (name, language) = match name.rsplit_once('_') {
        Some((name, "en")) => (name, Some("api-in-english")),
        Some((name, "fr")) => (name, Some("api-in-french")),
        _ => (name, None),
    };
    let told = words("api-field-", name, lang);
    match language {
        Some(language) => lang.tell(language, &[("words", Word::Text(&told))]),
        None => told,
    }
}

fn words(start: &str, name: &str, lang: Lang) -> String {
    lang.t(&format!("{start}{}", name.replace('_', "-").to_ascii_lowercase())).into_owned()
}

fn values(object: &mut Value) -> impl Iterator<Item = &mut Value> {
    object.as_object_mut().into_iter().flat_map(Map::values_mut)
}
