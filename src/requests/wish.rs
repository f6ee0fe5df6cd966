//! What was said of an image that is asked for, and where its request is followed.

use super::ONE;
use super::db::{
    Item,
    write::{self, NewItem},
};
use super::kind::Kind;
use crate::i18n::Lang;
use crate::web::address::encode;

/// The private address of a request, with what is to be added to it.
pub fn address(reference: &str, follow_key: &str, lang: Lang, more: &str) -> String {
    format!("{}?key={}{more}", ONE.with(lang, reference), encode(follow_key))
}

/// What was said of an image, as it was first sent.
pub fn as_said(item: &Item) -> NewItem {
    NewItem {
        name: item.name.clone(),
        image: item.image_id,
        fips: item.fips,
        kind: item.kind.clone(),
        needed_by: item.needed_by,
        firmness: item.firmness,
        environment: item.environment.clone(),
        why: item.why.clone(),
    }
}

/// What was said of an image that is asked for: labels and words.
pub fn details(item: &write::NewItem, lang: Lang) -> Vec<(String, String)> {
    let label = |key: &str| lang.t(key).into_owned();
    let mut all = Vec::new();
    let kind = item.kind.as_deref().and_then(Kind::from_code);
    all.extend(kind.map(|kind| (label("request-type"), kind.label(lang).into_owned())));
    all.extend(item.fips.map(|fips| (label("request-fips"), label(if fips { "yes" } else { "no" }))));
    all.extend(item.needed_by.map(|day| (label("field-needed-by"), day.to_string())));
    let firmness = item.firmness;
    all.extend(firmness.map(|firmness| (label("field-firmness"), firmness.label(lang).into_owned())));
    let texts = [("request-environment", &item.environment), ("request-why", &item.why)];
    all.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (label(key), text.clone())));
    all
}
