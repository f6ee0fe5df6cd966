//! What an administrator sent for a text: read, shown as it would be, and written as one act.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use sqlx::PgPool;

use super::pages::{self, Preview, TextName};
use crate::catalogue::Catalogue;
use crate::changes::record::{Act, Kind, Record};
use crate::changes::{self, ChangeView};
use crate::forms::draft::FormToken;
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::guidance::{self, BANNER, BannerKind, Guides, Prose, Text, Texts};
use crate::i18n::Lang;
use crate::web::banner::Banner;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::Visit;
use crate::web::path::Path;
use crate::web::problems::Problems;

/// How long texts may be, in characters.
const LONGEST_TEXT: usize = 20_000;
const LONGEST_BANNER: usize = 500;
const LONGEST_REASON: usize = 2_000;
/// Others' changes that the form shows at most.
const MOST_OTHERS: i64 = 20;

/// The fields that named constraints are about.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("contents_name_unique", "text-en"),
    ("contents_in_one_language_at_least", "text-en"),
    ("contents_banner_in_both", "text-en"),
    ("contents_kind_known", "kind"),
];

/// What a form makes of a text.
struct Read {
    wanted: Text,
    drawn: Vec<Prose>,
    problems: Problems,
}

/// Takes what was sent.
pub async fn save(
    State(catalogue): State<Catalogue>,
    State(guides): State<Arc<Guides>>,
    State(pool): State<PgPool>,
    Path(TextName(name)): Path<TextName>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let lang = visit.lang;
    let Opened { person, mut draft, mut work } = CatalogueTransaction::open(&pool, &visit, form).await?;
    let texts = Texts::load(&mut work.transaction).await?;
    let (held, today) = (texts.text(name), catalogue.clock().today());
    let Read { wanted, drawn, problems } = match draft.act() {
        "published" => Read { wanted: Text::published(name), drawn: Vec::new(), problems: Problems::default() },
        _ => read(&draft.form, &guides, name, today, lang),
    };
    draft.problems = problems;
    draft.refuse_unchanged(wanted == held, "text-en", lang);
    let reason = draft.reason();
    draft.problems.check("reason", &reason, LONGEST_REASON, true, lang);
    let others = match texts.held(name) {
        Some(held) => {
            let since = draft.token.base_revision;
            changes::of_content_since(&mut work.transaction, held.id, since, MOST_OTHERS).await?
        }
        None => Vec::new(),
    };
    let mut page = pages::page(&mut work.transaction, &guides, &visit, &texts, name, draft).await?;
    if let Some(outcome) = page.draft.outcome_of(&["save", "published"], !others.is_empty(), false)? {
        if outcome == Outcome::Stale {
            page.others = others.into_iter().map(|row| ChangeView::new(row, lang)).collect();
            page.draft.token = FormToken::new(&mut work.transaction).await?;
        } else if page.draft.act() == "preview" && outcome == Outcome::Shown {
            page.preview = Some(preview(&held, &wanted, drawn, lang)?);
        }
        return outcome.draw(&page);
    }
    let now = catalogue.clock().now();
    let mut record = Record::begin(&mut work.transaction).await?;
    let id = guidance::upsert(record.db(), &wanted, now).await;
    let Some(id) = page.draft.written(id, CONSTRAINTS, lang)? else {
        return Outcome::Invalid.draw(&page);
    };
    let act = Act::by(&person, Kind::Content, &reason, &page.draft.token.nonce, now);
    let change = guidance::changed(id, &held, &wanted)?.ok_or(Error::BadForm)?;
    let written = record.write(&act, &[change]).await?;
    work.commit(&catalogue).await?;
    Ok(transaction::redirect_to_change(written, lang))
}

fn preview(held: &Text, wanted: &Text, drawn: Vec<Prose>, lang: Lang) -> Result<Preview, Error> {
    let subject = lang.t(&format!("content-name-{}", wanted.name)).into_owned();
    let change = guidance::changed(0, held, wanted)?;
    let changes = change.iter().map(|change| ChangeView::preview(change, subject.clone(), lang)).collect();
    let banner = (wanted.name == BANNER).then(|| Banner {
        is_warning: wanted.kind == Some(BannerKind::Warning),
        words: Lang::BOTH.map(|lang| wanted.in_language(lang).unwrap_or_default().into()),
    });
    let banner = banner.filter(|banner| !banner.words(lang).is_empty());
    Ok(Preview { changes, drawn, banner })
}

fn read(form: &Form, guides: &Guides, name: &'static str, today: NaiveDate, lang: Lang) -> Read {
    if name == BANNER { read_banner(form, today, lang) } else { read_text(form, guides, name, today, lang) }
}

fn read_text(form: &Form, guides: &Guides, name: &'static str, today: NaiveDate, lang: Lang) -> Read {
    let (mut problems, mut drawn) = (Problems::default(), Vec::new());
    let mut text = |of: Lang| {
        let field = of.of("text-en", "text-fr");
        let given = form.given(field).unwrap_or_default();
        problems.check(field, &given, LONGEST_TEXT, true, lang);
        if !given.is_empty() {
            match guides.preview(&given, of, today) {
                Ok(prose) => drawn.push(prose),
                Err(wrong) => problems.add(field, wrong.words(lang)),
            }
        }
        Some(given).filter(|given| guidance::published(name, of) != Some(given))
    };
    let (text_en, text_fr) = (text(Lang::En), text(Lang::Fr));
    if [&text_en, &text_fr].into_iter().all(|text| text.as_deref() == Some("")) {
        problems.add("text-en", lang.t("content-missing"));
    }
    Read { wanted: Text { name: name.to_owned(), text_en, text_fr, ..Text::default() }, drawn, problems }
}

fn read_banner(form: &Form, today: NaiveDate, lang: Lang) -> Read {
    let mut problems = Problems::default();
    let mut text = |field: &str| {
        let given = form.given(field).unwrap_or_default();
        problems.check(field, &given, LONGEST_BANNER, true, lang);
        given
    };
    let (text_en, text_fr) = (text("text-en"), text("text-fr"));
    let is_none = text_en.is_empty() && text_fr.is_empty();
    if text_en.is_empty() != text_fr.is_empty() {
        problems.add(if text_en.is_empty() { "text-en" } else { "text-fr" }, lang.t("content-banner-both"));
    }
    let kind = BannerKind::from_code(form.text("kind"));
    if kind.is_none() {
        problems.add("kind", lang.t("content-kind-missing"));
    }
    let until = problems.day(form, "until", &lang.t("content-until-wrong"));
    if until.is_some_and(|until| until < today) && !is_none {
        problems.add("until", lang.t("content-until-wrong"));
    }
    let (kind, until) = if is_none { (None, None) } else { (kind, until) };
    let wanted = Text { name: BANNER.to_owned(), text_en: Some(text_en), text_fr: Some(text_fr), kind, until };
    Read { wanted, drawn: Vec::new(), problems }
}
