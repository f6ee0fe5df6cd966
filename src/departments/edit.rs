//! Administrators keep the organisations true: names, acronyms, parents, and every spelling by which files call them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use super::{EDIT, EDIT_LIST};
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::record::{Act, Kind, Record};
use crate::changes::{self, ChangeView};
use crate::files::{self, Limit};
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::i18n::Lang;
use crate::organisations::{self, Directory, Organisation};
use crate::text::key;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{IdOrNew, Path};
use crate::web::problems::Problems;

/// What stands in the address for an organisation that is to be added.
/// Others' changes that the form shows at most.
const MOST_OTHERS: i64 = 20;
/// Spellings that one organisation may have.
const MOST_ALIASES: usize = 50;

/// The fields that named constraints are about.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("organisations_acronym_en_unique", "acronym-en"),
    ("organisations_acronym_fr_unique", "acronym-fr"),
    ("organisations_not_own_parent", "parent"),
    ("organisations_named", "name-en"),
    ("organisation_aliases_pk", "aliases"),
];

#[derive(Template)]
#[template(path = "departments/edit_list.html")]
struct ListPage<'s> {
    page: Page,
    organisations: Vec<&'s Organisation>,
}

/// All organisations, those to be confirmed first.
pub async fn list(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let lang = visit.lang;
    let mut organisations: Vec<&Organisation> = snapshot.organisations.all().iter().collect();
    organisations.sort_by_cached_key(|one| (one.confirmed, key(one.acronym(lang))));
    show(&ListPage { page: visit.page(lang.t("departments-edit-title"), EDIT_LIST), organisations })
}

#[derive(Template)]
#[template(path = "departments/edit.html")]
struct EditPage {
    page: Page,
    draft: Draft,
    parents: Vec<(i64, String)>,
    others: Vec<ChangeView>,
}

/// The form of an organisation.
pub async fn open(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<IdOrNew>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let held = held(&snapshot.organisations, id)?;
    let form_token = FormToken::new(&mut *pool.acquire().await?).await?;
    Outcome::Shown.draw(&page(&snapshot, &visit, &held, Draft::new(Form::new(filled(&held)), form_token)))
}

/// Takes what was sent.
pub async fn save(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<IdOrNew>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let Opened { person, mut draft, mut work } = CatalogueTransaction::open(&pool, &visit, form).await?;
    let directory = organisations::load(&mut work.transaction).await?;
    let held = held(&directory, id)?;
    let (mut wanted, problems) = read(&draft.form, &held, &directory, lang);
    draft.problems = problems;
    draft.refuse_unchanged(wanted == held, "acronym-en", lang);
    let since = draft.token.base_revision;
    let others = changes::of_organisation_since(&mut work.transaction, held.id, false, since, MOST_OTHERS).await?;
    if let Some(outcome) = draft.outcome(!others.is_empty(), false)? {
        let mut page = page(&snapshot, &visit, &held, draft);
        if outcome == Outcome::Stale {
            page.others = others.into_iter().map(|row| ChangeView::new(row, lang)).collect();
            page.draft.token = FormToken::new(&mut work.transaction).await?;
        }
        return outcome.draw(&page);
    }
    let reason = draft.reason();
    let act = Act::by(&person, Kind::Organisation, &reason, &draft.token.nonce, catalogue.clock().now());
    let written = write(&mut work, &act, &held, &mut wanted).await;
    let Some(written) = draft.written(written, CONSTRAINTS, lang)? else {
        return Outcome::Invalid.draw(&page(&snapshot, &visit, &held, draft));
    };
    work.commit(&catalogue).await?;
    Ok(transaction::redirect_to_change(written, lang))
}

async fn write(
    work: &mut CatalogueTransaction,
    act: &Act<'_>,
    held: &Organisation,
    wanted: &mut Organisation,
) -> Result<i64, Error> {
    let mut record = Record::begin(&mut work.transaction).await?;
    let change = if held.id == 0 {
        wanted.id = organisations::next_ids(record.db(), 1).await?.pop().ok_or(Error::BadForm)?;
        organisations::add(record.db(), std::slice::from_ref(wanted)).await?;
        organisations::added(wanted)
    } else {
        organisations::change(record.db(), wanted).await?;
        organisations::changed(held, wanted).ok_or(Error::BadForm)?
    };
    Ok(record.write(act, &[change]).await?)
}

/// The organisation that an address means; an empty one where it is to be added.
fn held(directory: &Directory, id: IdOrNew) -> Result<Organisation, Error> {
    let IdOrNew::Id(id) = id else {
        let empty = String::new;
        return Ok(Organisation {
            id: 0,
            acronym_en: empty(),
            acronym_fr: empty(),
            name_en: empty(),
            name_fr: empty(),
            parent_id: None,
            confirmed: true,
            aliases: Vec::new(),
        });
    };
    let place = directory.place(id).ok_or(Error::NotFound)?;
    Ok(directory.at(place).clone())
}

fn filled(held: &Organisation) -> Vec<(String, String)> {
    let mut fields = vec![
        ("acronym-en", held.acronym_en.clone()),
        ("acronym-fr", held.acronym_fr.clone()),
        ("name-en", held.name_en.clone()),
        ("name-fr", held.name_fr.clone()),
        ("parent", held.parent_id.map(|id| id.to_string()).unwrap_or_default()),
        ("aliases", held.aliases.join("\n")),
    ];
    if held.confirmed {
        fields.push(("confirmed", "yes".to_owned()));
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What a form makes of an organisation, and what is wrong with it. An acronym that is given up stays as a spelling.
fn read(form: &Form, held: &Organisation, directory: &Directory, lang: Lang) -> (Organisation, Problems) {
    let mut problems = Problems::default();
    let taken = |spelling: &str| {
        Lang::BOTH
            .iter()
            .any(|lang| directory.find(spelling, *lang).is_some_and(|place| directory.at(place).id != held.id))
    };
    let mut text = |field: &str, is_unique: bool| {
        let given = form.given(field).unwrap_or_default();
        match files::check_text(&given, Limit::Name, lang) {
            Err(words) => problems.add(field, words),
            Ok(()) if given.is_empty() => problems.add(field, lang.t("department-missing")),
            Ok(()) if is_unique && taken(&given) => problems.add(field, lang.named("department-taken", &given)),
            Ok(()) => {}
        }
        given
    };
    let (acronym_en, acronym_fr) = (text("acronym-en", true), text("acronym-fr", true));
    let (name_en, name_fr) = (text("name-en", true), text("name-fr", true));
    let mut aliases: Vec<String> = form.text("aliases").lines().map(|line| line.trim().to_owned()).collect();
    aliases.extend([held.acronym_en.clone(), held.acronym_fr.clone()]);
    let own = [&acronym_en, &acronym_fr, &name_en, &name_fr].map(|text| key(text));
    aliases.retain(|alias| !alias.is_empty() && !own.contains(&key(alias)));
    aliases.sort_unstable();
    aliases.dedup_by_key(|alias| key(alias));
    if let Some(wrong) = aliases.iter().find(|alias| taken(alias)) {
        problems.add("aliases", lang.named("department-taken", wrong));
    }
    if aliases.len() > MOST_ALIASES || aliases.iter().any(|alias| files::check_text(alias, Limit::Name, lang).is_err())
    {
        problems.add("aliases", lang.t("department-missing"));
    }
    let parent_id = form.given("parent").map(|id| id.parse().ok().filter(|id| may_be_parent(directory, *id, held.id)));
    if parent_id == Some(None) {
        problems.add("parent", lang.t("department-parent-wrong"));
    }
    let wanted = Organisation {
        id: held.id,
        acronym_en,
        acronym_fr,
        name_en,
        name_fr,
        parent_id: parent_id.flatten(),
        confirmed: form.has("confirmed"),
        aliases,
    };
    (wanted, problems)
}

/// Whether an organisation can be the parent of another: it is there, and not part of it.
fn may_be_parent(directory: &Directory, parent: i64, child: i64) -> bool {
    let mut at = directory.place(parent).map(|place| directory.at(place));
    let mut steps = directory.all().len();
    while let Some(organisation) = at {
        if organisation.id == child || steps == 0 {
            return false;
        }
        steps -= 1;
        match organisation.parent_id {
            None => return true,
            Some(id) => at = directory.place(id).map(|place| directory.at(place)),
        }
    }
    false
}

fn page(snapshot: &Snapshot, visit: &Visit, held: &Organisation, draft: Draft) -> EditPage {
    let lang = visit.lang;
    let is_new = held.id == 0;
    let title = if is_new {
        lang.t("department-new-title").into_owned()
    } else {
        lang.named("department-edit-title", held.acronym(lang))
    };
    let part = if is_new { IdOrNew::New } else { IdOrNew::Id(held.id) }.to_string();
    let directory = &snapshot.organisations;
    let may = directory.all().iter().filter(|one| may_be_parent(directory, one.id, held.id));
    let mut parents: Vec<(i64, String)> =
        may.map(|one| (one.id, format!("{} – {}", one.acronym(lang), one.name(lang)))).collect();
    parents.sort_by_cached_key(|(_, title)| key(title));
    EditPage {
        page: visit
            .page_of(title, EDIT, |_| part.clone())
            .below(lang.t("departments-edit-title"), EDIT_LIST.pattern(lang)),
        draft,
        parents,
        others: Vec::new(),
    }
}

impl ListPage<'_> {
    fn address(&self, one: &&Organisation) -> String {
        EDIT.with(self.page.lang, &one.id.to_string())
    }

    fn add(&self) -> String {
        EDIT.with(self.page.lang, &IdOrNew::New.to_string())
    }
}
