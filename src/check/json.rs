//! A report as JSON.

use serde_json::{Value, json};

use super::answer::{Answer, Known, Verdict};
use super::report::Report;
use crate::catalogue::ONE;
use crate::i18n::Lang;

impl Report {
    /// The report as JSON, with links that begin with the site's address, in a language.
    #[must_use]
    pub fn json(&self, origin: &str, lang: Lang) -> Value {
        let counts = Verdict::ALL.into_iter().map(|verdict| (verdict.code().to_owned(), json!(self.number(verdict))));
        let mut summary: serde_json::Map<String, Value> = counts.collect();
        summary.insert("images".to_owned(), json!(self.answers.len()));
        summary.insert("all_procured".to_owned(), json!(self.is_all_procured()));
        json!({
            "kind": self.kind.code(),
            "images": self.answers.iter().map(|answer| of_answer(answer, origin, lang)).collect::<Vec<_>>(),
            "built": self.built,
            "summary": summary,
        })
    }
}

fn of_answer(answer: &Answer, origin: &str, lang: Lang) -> Value {
    let image = |image: &Known| json!({ "slug": image.slug, "name": image.name, "page": format!("{origin}{}", ONE.with(lang, &image.slug)) });
    let instead = Some(&answer.instead).filter(|all| answer.verdict == Verdict::Procured && !all.is_empty());
    json!({
        "reference": answer.written,
        "lines": answer.lines,
        "status": answer.verdict.code(),
        "use": instead,
        "tag": answer.tag,
        "departments": answer.departments,
        "renewal_date_passed": answer.passed,
        "image": answer.image.as_ref().map(image),
        "alike": answer.alike.iter().map(image).collect::<Vec<_>>(),
        "remarks": answer.remarks(lang),
    })
}
