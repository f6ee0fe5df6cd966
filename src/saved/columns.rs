//! The columns of a saved report: which are chosen in a form, and in which order.

use crate::i18n::Lang;
use crate::web::form::Form;
use crate::web::problems::Problems;
use crate::web::table::Column;

/// A column in the form.
pub struct Choice {
    pub key: String,
    pub heading: String,
    pub is_chosen: bool,
    /// Its place, as typed.
    pub place: String,
}

/// The name of the field that says a column's place.
fn field(key: &str) -> String {
    format!("place-{key}")
}

/// The columns as the form shows them, in the order of their places.
pub fn shown(columns: &[Column], form: &Form) -> Vec<Choice> {
    let mut choices = choices(columns, form);
    choices.sort_by_key(|choice| choice.place.parse::<i64>().unwrap_or(i64::MAX));
    choices
}

fn choices(columns: &[Column], form: &Form) -> Vec<Choice> {
    let chosen: Vec<&str> = form.all("column").collect();
    columns
        .iter()
        .map(|column| Choice {
            key: column.key.to_string(),
            heading: column.heading.clone(),
            is_chosen: chosen.contains(&&*column.key),
            place: form.text(&field(&column.key)).to_owned(),
        })
        .collect()
}

/// The fields of a form with these columns chosen; none: all of them.
pub fn filled(columns: &[Column], chosen: &[String]) -> Vec<(String, String)> {
    let all: Vec<String> = columns.iter().map(|column| column.key.to_string()).collect();
    let known: Vec<&String> = chosen.iter().filter(|key| all.contains(key)).collect();
    let known = if known.is_empty() { all.iter().collect() } else { known };
    let others = all.iter().filter(|key| !known.contains(key));
    let mut fields: Vec<(String, String)> = known.iter().map(|key| ("column".to_owned(), (*key).clone())).collect();
    let places = known.iter().copied().chain(others).zip(1..);
    fields.extend(places.map(|(key, place): (&String, usize)| (field(key), place.to_string())));
    fields
}

/// The columns that a form chooses, in their order; none where they are all as the table has them.
pub fn read(columns: &[Column], form: &Form, lang: Lang, problems: &mut Problems) -> Vec<String> {
    let mut chosen: Vec<(i64, &str)> = Vec::new();
    for (at, choice) in (1..).zip(choices(columns, form)) {
        let place = if choice.place.is_empty() { Some(at) } else { choice.place.parse().ok() };
        let Some(place) = place.filter(|place| (0..1_000).contains(place)) else {
            problems.add("columns", lang.named("saved-place-wrong", &choice.heading));
            continue;
        };
        if choice.is_chosen {
            let key = columns.iter().find(|column| column.key == choice.key).map_or("", |column| &*column.key);
            chosen.push((place, key));
        }
    }
    if chosen.is_empty() {
        problems.add("columns", lang.t("saved-columns-missing"));
    }
    chosen.sort_by_key(|(place, _)| *place);
    let chosen: Vec<String> = chosen.into_iter().map(|(_, key)| key.to_owned()).collect();
    let is_usual = chosen.len() == columns.len() && chosen.iter().zip(columns).all(|(key, column)| column.key == *key);
    if is_usual { Vec::new() } else { chosen }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::table::Kind;

    fn columns() -> Vec<Column> {
        ["image", "department", "owner"].map(|key| Column::new(key, key, Kind::Text)).to_vec()
    }

    fn chosen(fields: &[(&str, &str)]) -> (Vec<String>, bool) {
        let mut problems = Problems::default();
        let form = Form::new(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        let read = read(&columns(), &form, Lang::En, &mut problems);
        (read, problems.is_empty())
    }

    #[test]
    fn columns_are_chosen_and_put_in_order_by_number() {
        let fields = [("column", "image"), ("column", "owner"), ("place-image", "2"), ("place-owner", "1")];
        assert_eq!(chosen(&fields), (vec!["owner".to_owned(), "image".to_owned()], true));
        let all = [("column", "image"), ("column", "department"), ("column", "owner")];
        assert_eq!(chosen(&all), (Vec::new(), true), "all of them as the table has them");
        assert!(!chosen(&[("place-image", "1")]).1, "none is chosen");
        assert!(!chosen(&[("column", "image"), ("place-image", "first")]).1);
    }

    #[test]
    fn a_form_that_was_filled_chooses_what_was_kept() {
        for kept in [vec![], vec!["owner".to_owned(), "image".to_owned()]] {
            let form = Form::new(filled(&columns(), &kept));
            assert_eq!(read(&columns(), &form, Lang::En, &mut Problems::default()), kept);
        }
    }
}
