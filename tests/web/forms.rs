//! Forms as a browser reads, fills and sends them.

use crate::support::{Answer, SignedIn};

/// The fields of the form on a page, as a browser would send them: the largest form's.
pub fn fields(page: &Answer) -> Vec<(String, String)> {
    let html = page.page();
    let select = |text: &str| scraper::Selector::parse(text).unwrap();
    let form = html
        .select(&select("main form[method=post]"))
        .max_by_key(|form| form.select(&select("[name]")).count())
        .expect("a form");
    let mut sent = Vec::new();
    for field in form.select(&select("input[name], textarea[name], select[name]")) {
        let (name, element) = (field.value().attr("name").unwrap().to_owned(), field.value());
        let value = match element.name() {
            "textarea" => field.text().collect(),
            "select" => field
                .select(&select("option[selected]"))
                .next()
                .or_else(|| field.select(&select("option")).next())
                .and_then(|option| option.value().attr("value"))
                .unwrap_or_default()
                .to_owned(),
            _ if matches!(element.attr("type"), Some("checkbox" | "radio")) && element.attr("checked").is_none() => {
                continue;
            }
            _ => element.attr("value").unwrap_or_default().to_owned(),
        };
        sent.push((name, value));
    }
    sent
}

/// The form with other values in these fields; a field that it does not have is added.
pub fn with(fields: &[(String, String)], changed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<_> =
        fields.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)).cloned().collect();
    fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

/// Sends a form.
pub async fn send(person: &SignedIn<'_>, address: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    person.post(address, &fields).await
}

/// Opens a form, changes fields and saves.
pub async fn save(person: &SignedIn<'_>, address: &str, changed: &[(&str, &str)]) -> Answer {
    let open = fields(&person.get(address).await);
    send(person, address, &with(&open, &[changed, &[("do", "save")]].concat())).await
}
