//! The command line: serve, import, export, account, migrate, check, check-project.

mod commands;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use image_catalogue::config::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;

/// Which hardened container images SSC has procured, when each must be renewed, which ones departments want,
/// and what to type to use one.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Migrate the database, then serve the site (what happens without a command)
    Serve,
    /// Bring a revision of the page, or a CSV, into the catalogue
    Import(commands::import::Options),
    /// Write the catalogue's rows as CSV, Markdown or JSON
    Export(commands::export::Options),
    /// Local accounts: make one or a new link for it, list all, disable one
    #[command(subcommand)]
    Account(commands::account::Act),
    /// Bring the database's tables up to date
    Migrate,
    /// Build the catalogue up from the record of changes alone and compare; exit 1 where it differs
    Verify,
    /// Verify the settings and the database; exit 1 with the reason
    Check,
    /// What SSC has procured of the images that a file names: a Dockerfile, a Compose file, Kubernetes manifests, Helm
    /// values or a list. Exit 0: all; 1: not all; 2: no answer
    CheckProject(commands::check_project::Options),
}

/// Gives memory back sooner and takes less of it than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A thread for heavy work ends after so long without any. With it goes back to the system what was freed more than a
/// second before, such as the catalogue as it was.
const IDLE: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let Arguments { settings, command } = Arguments::parse();
    log(&settings);
    let command = command.unwrap_or(Command::Serve);
    // Who checks a project has to tell “no” from “no answer”.
    let failed = ExitCode::from(if matches!(command, Command::CheckProject(_)) { 2 } else { 1 });
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let done = runtime.enable_all().thread_keep_alive(IDLE).build().map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            match command {
                Command::Serve => commands::serve::serve(settings).await,
                Command::Import(options) => commands::import::import(&settings, options).await,
                Command::Export(options) => commands::export::export(&settings, options).await,
                Command::Account(act) => commands::account::account(&settings, act).await,
                Command::Migrate => commands::migrate(&settings).await,
                Command::Verify => commands::verify(&settings).await,
                Command::Check => commands::check(&settings).await,
                Command::CheckProject(options) => {
                    return commands::check_project::check_project(&settings, options).await;
                }
            }
            .map(|()| ExitCode::SUCCESS)
        })
    });
    match done {
        Ok(code) => code,
        Err(problem) if is_closed_pipe(&problem) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}", sentence(&problem));
            failed
        }
    }
}

/// What went wrong, with each cause that adds something.
fn sentence(problem: &anyhow::Error) -> String {
    problem.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.as_str() {
        "" => cause,
        _ if told.contains(&cause) => told,
        _ => format!("{}: {cause}", told.trim_end_matches('.')),
    })
}

/// Whether who reads the output has read enough, as in `export | head`.
fn is_closed_pipe(problem: &anyhow::Error) -> bool {
    let io = problem.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Logs go to standard error, so that standard output is the command's alone.
fn log(settings: &Settings) {
    let filter = EnvFilter::new(&settings.rust_log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    match settings.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
