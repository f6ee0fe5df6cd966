//! `check-project`: what SSC has procured of the images that a file names.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use image_catalogue::catalogue::Snapshot;
use image_catalogue::check::kind::Kind;
use image_catalogue::check::parse::LARGEST;
use image_catalogue::check::report::{File, Report};
use image_catalogue::clock::Clock;
use image_catalogue::config::Settings;
use image_catalogue::database::embedded::Mode;
use image_catalogue::i18n::Lang;
use image_catalogue::web::work::Stop;

use super::export::Language;

#[derive(Args)]
pub struct Options {
    /// The file; `-` reads standard input
    file: PathBuf,
    /// What kind of file it is; found out by its name and content where this is not given
    #[arg(long, value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::code)).try_map(|code| Kind::from_code(&code).ok_or("unknown")))]
    kind: Option<Kind>,
    /// The language of the answers
    #[arg(long, default_value = "en")]
    lang: Language,
    #[arg(long, default_value = "text")]
    format: Output,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    Text,
    Json,
}

/// Answers to each image of the file. The exit code says whether SSC has procured all of them.
///
/// # Errors
/// One sentence: what is wrong and what to do.
pub async fn check_project(settings: &Settings, options: Options) -> anyhow::Result<ExitCode> {
    let lang = Lang::from(options.lang);
    let file = read(&options, lang)?;
    let database = super::open(settings, Mode::Join).await?;
    let clock = Clock::System;
    let answered = async {
        let snapshot = Snapshot::load(&mut *database.pool.acquire().await?, clock.now(), clock.today()).await?;
        let report =
            Report::new(&snapshot, settings, &file, &Stop::default()).map_err(|wrong| anyhow!(wrong.in_words(lang)))?;
        anyhow::Ok(report)
    };
    let report = answered.await;
    database.close().await?;
    let report = report?;
    let text = match options.format {
        Output::Text => report.text(lang),
        Output::Json => serde_json::to_string_pretty(&report.json(&settings.origin(), lang))? + "\n",
    };
    std::io::stdout().lock().write_all(text.as_bytes()).context("The answers could not be written")?;
    Ok(ExitCode::from(u8::from(!report.is_all_procured())))
}

/// Reads the file; one byte more than is taken shows that it is too large.
fn read(options: &Options, lang: Lang) -> anyhow::Result<File> {
    let mut bytes = Vec::new();
    let most = LARGEST as u64 + 1;
    let name = options.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if options.file == Path::new("-") {
        let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
        read.with_context(|| lang.named("import-unreadable", "-"))?;
    } else {
        std::fs::File::open(&options.file)
            .and_then(|file| file.take(most).read_to_end(&mut bytes))
            .with_context(|| lang.named("import-unreadable", options.file.display().to_string()))?;
    }
    Ok(File { bytes, name, kind: options.kind })
}
