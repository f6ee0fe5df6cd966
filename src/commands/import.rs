//! `import`: a file into the catalogue, a verdict a row.

use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use image_catalogue::changes;
use image_catalogue::clock::{self, Clock};
use image_catalogue::config::Settings;
use image_catalogue::database;
use image_catalogue::database::embedded::Mode;
use image_catalogue::database::fault::Fault;
use image_catalogue::files::{Format, OWN_ALLOWED, Problem};
use image_catalogue::i18n::{Lang, Word};
use image_catalogue::imports::{self, FieldVerdict, ImageChoice, Outcome, Refusal, Report, Row, Take};
use image_catalogue::web::parameters::Parameters;

#[derive(Args)]
pub struct Options {
    /// The page in Markdown, or a CSV
    file: PathBuf,
    /// What the file is; told by its name and content where this is not given
    #[arg(long)]
    format: Option<FileFormat>,
    /// Say what would happen, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Why: goes into the record of changes
    #[arg(long, default_value = "")]
    reason: String,
    /// The day of this revision, for the record of changes
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// Whose values remain where a row was changed in the file and in the catalogue
    #[arg(long)]
    take: Option<Side>,
    /// Which image a name of the file means that no image has now: NAME=ADDRESS, as in the image's address, or NAME=new for a
    /// new image; once for each name
    #[arg(long, value_name = "NAME=ADDRESS", value_parser = choice)]
    image: Vec<ImageChoice>,
    /// The language of what is said
    #[arg(long, default_value = "en")]
    lang: super::export::Language,
}

#[derive(Clone, Copy, ValueEnum)]
enum FileFormat {
    Markdown,
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
enum Side {
    File,
    Catalogue,
}

fn choice(text: &str) -> Result<ImageChoice, &'static str> {
    ImageChoice::parse(text).ok_or("write NAME=ADDRESS or NAME=new")
}

/// Brings the file in.
///
/// # Errors
/// One sentence: what is wrong and what to do. Then nothing was written.
pub async fn import(settings: &Settings, options: Options) -> anyhow::Result<()> {
    let lang = Lang::from(options.lang);
    let as_of = match options.as_of.as_deref().map(|text| day(text).ok_or(text)).transpose() {
        Ok(as_of) => as_of,
        Err(text) => bail!(Parameters::of(lang, "").said_not_offered("--as-of", text, &lang.t("day-format"))),
    };
    let bytes =
        read(&options.file).with_context(|| lang.named("import-unreadable", options.file.display().to_string()))?;
    let file_name = options.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let request = imports::Request {
        bytes: &bytes,
        file_name: &file_name,
        format: options.format.map(|format| match format {
            FileFormat::Markdown => Format::Markdown,
            FileFormat::Csv => Format::Csv,
        }),
        reason: options.reason.trim(),
        actor: &super::user("import"),
        as_of,
        dry_run: options.dry_run,
        is_own: true,
        take: options.take.map(|side| match side {
            Side::File => Take::File,
            Side::Catalogue => Take::Catalogue,
        }),
        images: &options.image,
        ..imports::Request::default()
    };
    let database = super::open(settings, Mode::Join).await?;
    let imported = imports::import(&database.pool, Clock::System, &request, progress).await;
    database.close().await?;
    tell_outcome(imported, &request, lang)
}

/// Says what was written, or why nothing was.
fn tell_outcome(imported: Result<Report, Refusal>, request: &imports::Request<'_>, lang: Lang) -> anyhow::Result<()> {
    let unwritten = "The verdicts could not be written";
    match imported {
        Ok(report) => {
            tell(&report, request.dry_run, lang).context(unwritten)?;
            if request.dry_run && report.is_undecided(request.take) {
                bail!(undecided(&report, request.take, lang));
            }
            Ok(())
        }
        Err(Refusal::Undecided(report)) => {
            verdicts(&report, lang).context(unwritten)?;
            bail!(undecided(&report, request.take, lang))
        }
        Err(Refusal::Problems(problems)) => refuse(&problems, lang),
        Err(problem @ (Refusal::Moved | Refusal::Undone(_))) => Err(problem.into()),
        Err(Refusal::Future(day)) => bail!(lang.named("import-future", day.to_string())),
        Err(Refusal::Database(problem)) if database::is_read_only(&problem) => bail!(lang.t("import-read-only")),
        Err(Refusal::Database(problem)) if Fault::of(&problem) == Fault::Unconfirmed => {
            Err(problem).context(lang.t("import-unconfirmed"))
        }
        Err(Refusal::Database(problem)) => Err(problem).context(lang.t("import-away")),
        Err(Refusal::Internal(problem)) => Err(problem),
    }
}

/// The day that is written so; one that is still to come is refused as such.
fn day(text: &str) -> Option<NaiveDate> {
    let to_come = || text.parse().ok().filter(|day| *day > Clock::System.today());
    clock::day(text).or_else(to_come)
}

/// The file, and no more of it than tells that it is too large.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(OWN_ALLOWED.bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn tell(report: &Report, dry_run: bool, lang: Lang) -> std::io::Result<()> {
    verdicts(report, lang)?;
    let end = match (dry_run, report.change_set) {
        (true, _) => lang.t("import-dry-run").into_owned(),
        (false, None) => lang.t("import-nothing").into_owned(),
        (false, Some(change_set)) => lang.named("import-written", change_set.to_string()),
    };
    writeln!(std::io::stdout().lock(), "{end}")
}

/// Why nothing is written, and what to do.
fn undecided(report: &Report, take: Option<Take>, lang: Lang) -> String {
    let values = match report.count(imports::Verdict::Conflict) {
        _ if take.is_some() || !report.has_undecided_values() => None,
        0 => Some(lang.t("import-older-refused").into_owned()),
        conflicts => Some(lang.n("import-undecided", conflicts)),
    };
    let option = |choice: &String| format!("--image \"{choice}\"");
    let options = |choices: &Vec<String>| choices.iter().map(option).collect::<Vec<_>>().join(" / ");
    let names: Vec<String> = report.open_names().iter().map(options).collect();
    let names = (!names.is_empty()).then(|| lang.named("import-names-open", names.join("; ")));
    values.into_iter().chain(names).collect::<Vec<_>>().join(" ")
}

/// A line a row; below it, a line a field with its values.
fn verdicts(report: &Report, lang: Lang) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in &report.rows {
        verdict(&mut out, row, lang)?;
    }
    for row in &report.missing {
        writeln!(out, "missing: {} · {}", row.name, row.department(lang))?;
    }
    for note in report.notes(lang) {
        writeln!(out, "{}", lang.named("import-remark", note))?;
    }
    writeln!(out, "{}", report.summary(lang))?;
    if let Some(kept) = report.summary_of_kept(lang) {
        writeln!(out, "{kept}")?;
    }
    out.flush()
}

fn verdict(out: &mut impl Write, row: &Row, lang: Lang) -> std::io::Result<()> {
    write!(out, "{}: {} · {}", row.verdict.code(), row.file.name, row.file.department)?;
    if !row.fields.is_empty() {
        let fields: Vec<_> = row.fields.iter().map(|field| changes::label(field.name, lang)).collect();
        write!(out, " ({})", fields.join(", "))?;
    }
    writeln!(out)?;
    if let Some(now) = &row.called {
        writeln!(out, "    {}", imports::called(now, row.is_open, lang))?;
    }
    for field in &row.fields {
        writeln!(out, "    {}", values(field, lang))?;
    }
    Ok(())
}

/// A field's values: before and after, or all three where they do not agree.
fn values(field: &FieldVerdict, lang: Lang) -> String {
    let words = |value| match changes::in_words(field.name, value, lang) {
        Some(words) => words.replace('\n', " "),
        None => lang.t("diff-empty").into_owned(),
    };
    let label = changes::label(field.name, lang);
    let base = field.base.as_ref().map_or_else(|| lang.t("import-no-base").into_owned(), words);
    let (ours, theirs) = (words(&field.ours), words(&field.theirs));
    let key = match field.outcome {
        Outcome::Changed => "import-field-changed",
        Outcome::Kept => "import-field-kept",
        Outcome::Conflict => "import-field-conflict",
    };
    let said = [("field", &*label), ("base", &*base), ("ours", &*ours), ("theirs", &*theirs)];
    lang.tell(key, &said.map(|(name, words)| (name, Word::Text(words))))
}

/// All errors, a line each; then one sentence.
fn refuse(problems: &[Problem], lang: Lang) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for problem in problems {
        let _ = writeln!(out, "error: {}", problem.in_words(lang));
    }
    let first = problems.first().map(|problem| problem.in_words(lang)).unwrap_or_default();
    bail!(lang.tell("import-refused", &[("n", Word::Number(problems.len())), ("first", Word::Text(&first))]))
}

/// Shows how far the writing is, where someone is watching.
fn progress(written: usize, total: usize) {
    if total >= 10_000 && std::io::stderr().is_terminal() {
        eprint!("\r{written} / {total}");
        if written == total {
            eprintln!();
        }
    }
}
