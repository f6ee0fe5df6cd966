//! Forms that write to the tables of the schema, and the tables that no form brings into conflict with a constraint.

use image_catalogue::web::visitor::Role;

use crate::requests::number;
use crate::support::Site;

/// A form, filled in so that it writes to these tables.
pub struct Act {
    pub address: &'static str,
    pub tables: &'static [&'static str],
    pub typed: Vec<(&'static str, String)>,
    pub button: &'static str,
    /// The fields that constraints of its tables are about.
    pub at: &'static [(&'static str, &'static str)],
    /// What no row can have: a field, a value, and the field at which it is said.
    pub wrong: &'static [(&'static str, &'static str)],
}

/// Tables that no visitor's act can bring into conflict with a constraint, and why.
pub const NEVER: &[(&str, &str)] = &[
    ("api_idempotency", "written under the lock of its token and key, looked up before"),
    ("catalogue_version", "one row, made by the migration"),
    ("change_sets", "the form's key and the act that is undone are looked up under the lock of all acts"),
    ("changes", "written by the record alone, from two states that differ"),
    ("feedback_events", "the form's key is looked up under the lock of the feedback; kinds are the program's own"),
    ("feedback_numbers", "a year that has its row counts on in it"),
    ("former_slugs", "an address that is there already leads to the image that left it last"),
    ("import_revisions", "written once an import, under the lock of all acts, with its own file's name and hash"),
    ("import_rows", "written once an import, by the lines of its file"),
    ("kept_forms", "its mark is 32 random bytes"),
    ("mail_events", "written by the sender of mail, not by a visit"),
    ("mail_files", "made by the program from a saved report whose size it holds to the limit"),
    ("mails", "its key is made by the program, and a second mail of a key is left out"),
    ("moved_references", "written by merging, under the lock of all acts"),
    ("one_time_links", "its mark is 32 random bytes"),
    ("quality_decisions", "the decision that stands is looked up under the lock of all acts"),
    ("reminder_digests", "written by the program's own clock, one a day; a second one is left out"),
    ("reminder_wishes", "its number is the database's own"),
    ("reminders_told", "written by the program's own clock; what was told already is left out"),
    ("request_events", "kinds are the program's own"),
    ("request_numbers", "a year that has its row counts on in it"),
    ("request_standings", "written with the act that it belongs to, once an image of a request"),
    ("round_answers", "how firm a need is is read from a list of three"),
    ("round_decisions", "a decision is read from a list of three"),
    ("round_events", "the form's key is looked up under the lock of the round; kinds are the program's own"),
    ("round_outcomes", "words in both languages are asked for at their fields"),
    ("round_result_departments", "written once a round, under its lock"),
    ("round_results", "written once a round, under its lock"),
    ("saved_report_events", "the form's key is looked up, and a second event of a key or month is left out"),
    ("secrets", "one row, made by the migration"),
    ("security_events", "kinds are the program's own"),
    ("sessions", "its mark is 32 random bytes"),
    ("sign_ins", "the language is that of the address"),
    ("submissions", "kinds are the program's own"),
    ("uploads", "a file without a name gets one"),
];

#[allow(clippy::too_many_lines)] // a list
pub async fn acts(site: &Site) -> Vec<Act> {
    let cse = number(site, "CSE").await;
    let recipient = site.sign_in(Role::Administrator).await.account.to_string();
    sqlx::query("update accounts set email = 'admin@example.ca'").execute(&site.pool).await.unwrap();
    let text =
        |fields: &[(&'static str, &str)]| fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    vec![
        Act {
            address: "/en/staff/images/new",
            tables: &["images", "registry_names", "other_names", "lines"],
            typed: text(&[
                ("name", "Quarkus"),
                ("registry-names", "quarkus"),
                ("other-names", "Supersonic"),
                ("description-en", "For Java"),
                ("description-fr", "Pour Java"),
                ("department-new", &cse),
            ]),
            button: "save",
            at: &[
                ("images_slug_unique", "name"),
                ("images_slug_form", "name"),
                ("images_key_unique", "name"),
                ("images_name_given", "name"),
                ("images_description_given", "description-en"),
                ("registry_names_pk", "registry-names"),
                ("registry_names_form", "registry-names"),
                ("other_names_pk", "other-names"),
                ("other_names_given", "other-names"),
                ("lines_one_for_each_image_and_organisation", "department-new"),
                ("lines_cells_given", "name"),
            ],
            wrong: &[("name", ""), ("name", "NGINX"), ("registry-names", "Not a name"), ("status-new", "leased")],
        },
        Act {
            address: "/en/staff/departments/new",
            tables: &["organisations", "organisation_aliases"],
            typed: text(&[
                ("acronym-en", "ZZT"),
                ("acronym-fr", "ZZF"),
                ("name-en", "Zed Office"),
                ("name-fr", "Bureau Zed"),
                ("aliases", "Zeds"),
            ]),
            button: "save",
            at: &[
                ("organisations_acronym_en_unique", "acronym-en"),
                ("organisations_acronym_fr_unique", "acronym-fr"),
                ("organisations_not_own_parent", "parent"),
                ("organisations_named", "name-en"),
                ("organisation_aliases_pk", "aliases"),
            ],
            wrong: &[("acronym-en", "CSE"), ("acronym-fr", "CST"), ("name-en", ""), ("aliases", "CSE")],
        },
        Act {
            address: "/en/staff/reports/new?report=renewals&table=renewals",
            tables: &["saved_reports", "saved_report_recipients"],
            typed: text(&[("name", "Every month"), ("recipient", &recipient)]),
            button: "save",
            at: &[
                ("saved_reports_named", "name"),
                ("saved_reports_period_known", "period"),
                ("saved_reports_days_where_fixed", "day-to"),
                ("saved_reports_days_in_order", "day-to"),
                ("saved_reports_lang_known", "language"),
                ("saved_reports_format_known", "format"),
                ("saved_report_recipients_pk", "recipients"),
            ],
            wrong: &[("name", ""), ("recipient", "0"), ("period", "leased"), ("language", "de"), ("format", "exe")],
        },
        Act {
            address: "/en/staff/tokens",
            tables: &["api_tokens"],
            typed: text(&[("name", "nightly"), ("reason", "Keeps dates"), ("days", "30"), ("scope", "read:record")]),
            button: "make",
            at: &[("api_tokens_pk", "name"), ("api_tokens_named", "name"), ("api_tokens_expire_within_a_year", "days")],
            wrong: &[("name", ""), ("reason", ""), ("days", "400"), ("scope", "leased")],
        },
        Act {
            address: "/en/staff/rounds/new",
            tables: &["rounds", "round_images"],
            typed: text(&[
                ("title-en", "Winter pool"),
                ("title-fr", "Campagne d’hiver"),
                ("words-en", "Together"),
                ("words-fr", "Ensemble"),
                ("closes-on", "2026-12-22"),
                ("threshold", "2"),
                ("images", "nginx"),
            ]),
            button: "save",
            at: &[
                ("rounds_in_both_languages", "title-en"),
                ("rounds_threshold_sensible", "threshold"),
                ("round_images_pk", "images"),
            ],
            wrong: &[("title-en", ""), ("threshold", "0"), ("threshold", "1001")],
        },
        Act {
            address: "/en/staff/costs",
            tables: &["prices"],
            typed: text(&[("image", "nginx"), ("price", "12"), ("months", "12"), ("source", "The contract")]),
            button: "enter",
            at: &[("prices_amount_known", "price"), ("prices_term_known", "months"), ("prices_with_source", "source")],
            wrong: &[("price", "-1"), ("months", "0"), ("months", "121"), ("source", "")],
        },
        Act {
            address: "/en/staff/content/banner",
            tables: &["contents"],
            typed: text(&[("text-en", "Closed on Monday"), ("text-fr", "Fermé lundi"), ("kind", "warning")]),
            button: "save",
            at: &[
                ("contents_name_unique", "text-en"),
                ("contents_in_one_language_at_least", "text-en"),
                ("contents_banner_in_both", "text-en"),
                ("contents_kind_known", "kind"),
            ],
            wrong: &[("text-fr", ""), ("kind", "leased")],
        },
        Act {
            address: "/en/feedback/new",
            tables: &["feedback"],
            typed: text(&[
                ("about", "site"),
                ("message", "It is good"),
                ("email", "ada@example.ca"),
                ("answer", "yes"),
            ]),
            button: "send",
            at: &[],
            wrong: &[("message", ""), ("about", "leased"), ("email", "")],
        },
        Act {
            address: "/en/requests/new",
            tables: &["requests", "request_items"],
            typed: text(&[
                ("image-1", "Apache Kafka"),
                ("department", &cse),
                ("contact-name", "Marie Tremblay"),
                ("contact-email", "marie@example.ca"),
            ]),
            button: "send",
            at: &[],
            wrong: &[("image-1", ""), ("department", ""), ("contact-email", "")],
        },
        Act {
            address: "/en/images/nginx/suggest",
            tables: &["suggestions"],
            typed: text(&[("description-en", "A web server")]),
            button: "send",
            at: &[],
            wrong: &[("name", "")],
        },
        Act {
            address: "/en/follow?image=nginx",
            tables: &["watches"],
            typed: text(&[("email", "ada@example.ca")]),
            button: "ask",
            at: &[],
            wrong: &[("email", ""), ("email", "ada")],
        },
        Act {
            address: "/en/staff/renewals",
            tables: &["terms"],
            typed: text(&[("line", "1"), ("decision", "renew"), ("date", "2028-01-01"), ("months", "12")]),
            button: "save",
            at: &[],
            wrong: &[("months", "0"), ("months", "121"), ("date", "")],
        },
        Act {
            address: "/en/staff/reminders",
            tables: &["renewal_owners"],
            typed: text(&[("organisation", &cse), ("email", "owner@example.ca")]),
            button: "add",
            at: &[],
            wrong: &[("email", ""), ("organisation", "0")],
        },
        Act {
            address: "/en/staff/accounts",
            tables: &["accounts"],
            typed: text(&[("email", "new@example.ca"), ("role", "staff")]),
            button: "add",
            at: &[],
            wrong: &[("email", ""), ("role", "leased")],
        },
    ]
}
