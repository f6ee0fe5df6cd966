//! `export`: the rows of the list as a file.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use image_catalogue::catalogue::Snapshot;
use image_catalogue::catalogue::query::Query;
use image_catalogue::clock::Clock;
use image_catalogue::config::Settings;
use image_catalogue::database::embedded::Mode;
use image_catalogue::i18n::Lang;
use image_catalogue::images::Rows;
use image_catalogue::web::csv::{CsvOptions, Separator};
use image_catalogue::web::table::{self, text_pieces};

#[derive(Args)]
pub struct Options {
    #[arg(long, default_value = "csv")]
    format: FileFormat,
    /// The language of headers, departments and notes
    #[arg(long, default_value = "en")]
    lang: Language,
    /// Where to write; standard output where this is not given
    #[arg(long)]
    output: Option<PathBuf>,
    /// Begin a CSV with a byte-order mark, as spreadsheets like it
    #[arg(long)]
    bom: bool,
    /// What stands between the cells of a CSV
    #[arg(long, default_value = "comma")]
    separator: Between,
    /// Words to search for
    #[arg(short, long, value_name = "WORDS")]
    q: Option<String>,
    /// Only rows of this status; may be repeated
    #[arg(long)]
    status: Vec<String>,
    /// Only rows of this department; may be repeated
    #[arg(long)]
    department: Vec<String>,
    /// Only rows of this type; may be repeated
    #[arg(long)]
    r#type: Vec<String>,
    /// Only rows in this renewal state; may be repeated
    #[arg(long)]
    renewal: Vec<String>,
    /// The column to sort by; a hyphen in front turns the order round
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FileFormat {
    Csv,
    Markdown,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Between {
    Comma,
    Semicolon,
}

/// An official language, on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    En,
    Fr,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::En => Lang::En,
            Language::Fr => Lang::Fr,
        }
    }
}

/// Writes the rows.
///
/// # Errors
/// One sentence: what is wrong and what to do.
pub async fn export(settings: &Settings, options: Options) -> anyhow::Result<()> {
    let lang = Lang::from(options.lang);
    let query = asked(&options).map_err(|unknown| {
        let sentences: Vec<String> = unknown.iter().map(|one| one.in_words(lang)).collect();
        anyhow!(sentences.join(" "))
    })?;
    let database = super::open(settings, Mode::Join).await?;
    let clock = Clock::System;
    let read = async { Snapshot::load(&mut *database.pool.acquire().await?, clock.now(), clock.today()).await };
    let snapshot = read.await;
    database.close().await?;
    let rows = Rows::new(Arc::new(snapshot?), &query, lang);
    let separator = match options.separator {
        Between::Comma => Separator::Comma,
        Between::Semicolon => Separator::Semicolon,
    };
    let in_table =
        |rows: Rows, format| text_pieces(rows.take(format, clock), format, CsvOptions { bom: options.bom, separator });
    let pieces: Box<dyn Iterator<Item = Vec<u8>>> = match options.format {
        FileFormat::Csv => Box::new(in_table(rows, table::FileFormat::Csv)),
        FileFormat::Json => Box::new(in_table(rows, table::FileFormat::Json)),
        FileFormat::Markdown if query.sort.is_some() => Box::new(rows.markdown()),
        FileFormat::Markdown => Box::new(rows.as_published().markdown()),
    };
    match &options.output {
        None => write(std::io::stdout().lock(), pieces).context("The rows could not be written"),
        Some(path) => std::fs::File::create(path)
            .and_then(|file| write(file, pieces))
            .with_context(|| format!("{} could not be written", path.display())),
    }
}

fn asked(options: &Options) -> Result<Query, Vec<image_catalogue::catalogue::query::Unknown>> {
    let many =
        |name: &'static str, values: &[String]| values.iter().map(|value| (name, value.clone())).collect::<Vec<_>>();
    let mut pairs = many("status", &options.status);
    pairs.extend(many("department", &options.department));
    pairs.extend(many("type", &options.r#type));
    pairs.extend(many("renewal", &options.renewal));
    pairs.extend(options.q.clone().map(|words| ("q", words)));
    pairs.extend(options.sort.clone().map(|column| ("sort", column)));
    Query::parse(pairs.iter().map(|(name, value)| (*name, &**value)))
}

fn write(out: impl Write, pieces: impl Iterator<Item = Vec<u8>>) -> std::io::Result<()> {
    let mut out = BufWriter::new(out);
    for piece in pieces {
        out.write_all(&piece)?;
    }
    out.flush()
}
