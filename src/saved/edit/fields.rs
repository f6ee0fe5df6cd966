//! The fields of a saved report's form: filled from what is kept, and read with what is wrong with them.

use super::{EditPage, LONGEST_NAME};
use crate::i18n::Lang;
use crate::saved::definition::Definition;
use crate::saved::period::Period;
use crate::saved::source::Inputs;
use crate::saved::{columns, filters};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::parameters::Parameters;
use crate::web::problems::Problems;
use crate::web::table::FileFormat;

const LONGEST_FILTERS: usize = 4_000;
/// Managers who get one report, at most.
const MOST_RECIPIENTS: usize = 100;

impl EditPage {
    /// The fields of a form that shows a definition.
    pub(super) fn filled(&self, definition: &Definition) -> Vec<(String, String)> {
        let (from, to) = definition.period.days();
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let fields = [
            ("name", definition.name.clone()),
            ("language", definition.lang.code().to_owned()),
            ("format", definition.format.code().to_owned()),
            ("period", definition.period.code().to_owned()),
            ("day-from", day(from)),
            ("day-to", day(to)),
        ];
        let mut fields: Vec<_> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        fields.extend(filters::filled(self.source, &definition.filters));
        fields.extend(columns::filled(&self.columns, &definition.columns));
        fields.extend(definition.recipients.iter().map(|id| ("recipient".to_owned(), id.to_string())));
        fields
    }

    /// What a form asks for, and what is wrong with it.
    pub(super) fn wanted(&self, form: &Form, inputs: &Inputs) -> (Option<Definition>, Problems) {
        let (lang, mut problems) = (self.page.lang, Problems::default());
        let name = form.text("name").to_owned();
        problems.check("name", &name, LONGEST_NAME, false, lang);
        if name.is_empty() {
            problems.add("name", lang.t("saved-name-missing"));
        }
        let period = self.period(form, &mut problems);
        let typed = filters::typed(self.source, form);
        let filters = match self.source.canonical(&Parameters::of(lang, &typed), inputs) {
            Ok(filters) if filters.len() <= LONGEST_FILTERS => Some(filters),
            Ok(_) => {
                problems.add("filters", lang.t("saved-filters-long"));
                None
            }
            Err(Error::BadAddress(sentences)) => {
                problems.add("filters", sentences.join(" "));
                None
            }
            Err(_) => None,
        };
        let columns = columns::read(&self.columns, form, lang, &mut problems);
        let own = Lang::BOTH.into_iter().find(|one| one.code() == form.text("language"));
        if own.is_none() {
            problems.add("language", lang.t("saved-language-missing"));
        }
        let format = FileFormat::from_code(form.text("format"));
        if format.is_none() {
            problems.add("format", lang.t("saved-format-missing"));
        }
        let recipients: Option<Vec<i64>> = form.all("recipient").map(|id| id.parse().ok()).collect();
        let is_known = |id: &i64| self.accounts.iter().any(|account| account.id == *id);
        let recipients = recipients.filter(|all| all.iter().all(is_known) && all.len() <= MOST_RECIPIENTS);
        if recipients.is_none() {
            problems.add("recipients", lang.n("saved-recipients-wrong", MOST_RECIPIENTS));
        }
        let wanted = || {
            let mut recipients = recipients?;
            recipients.sort_unstable();
            recipients.dedup();
            let (source, table) = (self.source, self.table.clone());
            let (filters, period) = (filters?, period?);
            Some(Definition { name, source, table, filters, period, columns, lang: own?, format: format?, recipients })
        };
        (wanted(), problems)
    }

    fn period(&self, form: &Form, problems: &mut Problems) -> Option<Period> {
        let lang = self.page.lang;
        let [from, to] = ["day-from", "day-to"].map(|name| problems.day(form, name, &lang.t("saved-day-wrong")));
        let is_fixed = form.text("period") == "fixed";
        let is_between = self.source.is_between_days();
        if is_fixed {
            for (field, is_missing) in [("day-from", is_between && from.is_none()), ("day-to", to.is_none())] {
                if is_missing && problems.of(field).is_none() {
                    problems.add(field, lang.t("saved-day-wrong"));
                }
            }
        }
        let (from, to) = (from.filter(|_| is_fixed && is_between), to.filter(|_| is_fixed));
        if from.is_some() && to.is_some() && from > to {
            problems.add("day-to", lang.t("report-days-turned"));
        }
        let period = Period::from_code(form.text("period"), from, to);
        if period.is_none() && !is_fixed {
            problems.add("period", lang.t("saved-period-missing"));
        }
        period
    }
}
