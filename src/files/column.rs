//! Columns by the names of their headings, in either language and in any order.

use std::fmt;

use crate::fields::Label;
use crate::i18n::Lang;
use crate::text::words;

/// A column that the catalogue knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    Name,
    Renewal,
    Department,
    Label(Label),
    Status,
    Notes,
}

/// What headings call the columns, as words without case and accents, with the language that it tells.
const HEADINGS: &[(Column, Option<Lang>, &[&str])] = &[
    (Column::Name, Some(Lang::En), &["image name", "image names", "name", "container image", "image"]),
    (Column::Name, Some(Lang::Fr), &["nom de l image", "nom d image", "nom", "image de conteneur"]),
    (
        Column::Renewal,
        Some(Lang::En),
        &[
            "renewal date",
            "renewal",
            "renewal dates",
            "renews",
            "expiry date",
            "expiry",
            "expiration date",
            "expires",
            "valid until",
            "end date",
        ],
    ),
    (
        Column::Renewal,
        Some(Lang::Fr),
        &[
            "date de renouvellement",
            "renouvellement",
            "date d expiration",
            "expiration",
            "date d echeance",
            "echeance",
            "date de fin",
        ],
    ),
    (
        Column::Department,
        Some(Lang::En),
        &[
            "department",
            "departments",
            "dept",
            "dept name",
            "department name",
            "organization",
            "organisation",
            "agency",
        ],
    ),
    (Column::Department, Some(Lang::Fr), &["ministere", "ministeres", "organisme", "nom du ministere"]),
    (Column::Status, Some(Lang::En), &["status", "state"]),
    (Column::Status, Some(Lang::Fr), &["etat", "statut"]),
    (Column::Notes, None, &["notes", "note"]),
    (Column::Notes, Some(Lang::En), &["comments", "comment", "description"]),
    (Column::Notes, Some(Lang::Fr), &["remarques", "remarque", "commentaires"]),
];

impl Column {
    /// As in the database.
    pub fn code(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Renewal => "renewal_date",
            Column::Department => "department",
            Column::Label(label) => label.name,
            Column::Status => "status",
            Column::Notes => "notes",
        }
    }

    /// The key of its name in words.
    pub fn words(self) -> &'static str {
        match self {
            Column::Name => "field-name",
            Column::Renewal => "field-renewal-date",
            Column::Department => "field-department",
            Column::Label(label) => label.words[0],
            Column::Status => "field-status",
            Column::Notes => "field-notes",
        }
    }

    /// Whether a heading names a column that the catalogue knows.
    pub fn is_known(heading: &str) -> bool {
        Column::named(heading).is_some() || Column::named_with_qualifier(heading).is_some()
    }

    /// The column that a heading names, and the language that the heading is in.
    pub(super) fn named(heading: &str) -> Option<(Column, Option<Lang>)> {
        let heading = words(heading).join(" ");
        let of_labels = Label::ALL.into_iter().flat_map(|label| {
            let langs = [None, Some(Lang::En), Some(Lang::Fr)];
            langs.into_iter().zip(label.headings).map(move |(lang, names)| (Column::Label(label), lang, names))
        });
        let mut all = HEADINGS.iter().copied().chain(of_labels);
        all.find(|(_, _, names)| names.contains(&&*heading)).map(|(column, lang, _)| (column, lang))
    }

    /// The column that a heading names beside a qualifier: `Renewal date (YYYY-MM-DD)`, `Department / Agency`.
    pub(super) fn named_with_qualifier(heading: &str) -> Option<(Column, Option<Lang>)> {
        let plain = heading.split(['(', '[']).next().unwrap_or_default();
        plain.split(['/', '|']).find_map(Column::named)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}
