//! `serve`: the database, the first import, the site, and an orderly end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use image_catalogue::catalogue::Catalogue;
use image_catalogue::catalogue::reference::PUBLISHED_ON;
use image_catalogue::changes::record::OWN_REASONS;
use image_catalogue::clock::Clock;
use image_catalogue::config::Settings;
use image_catalogue::database::Database;
use image_catalogue::database::embedded::Mode;
use image_catalogue::files::Format;
use image_catalogue::imports::{self, PUBLISHED_PAGE, PUBLISHED_PAGE_FR};
use image_catalogue::mail::{self, Sender};
use image_catalogue::people;
use image_catalogue::web::connections::Places;
use image_catalogue::web::server;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How often the private server is looked after.
const LOOK_AFTER: Duration = Duration::from_millis(500);
/// How long answers under way may take once the end was asked for.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves the site until it is told to stop.
///
/// # Errors
/// One sentence: what is wrong and what to do.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let listener = listen(settings.listen)?;
    let end = told_to_stop()?;
    let Some(database) = open(&settings, end.clone()).await? else { return Ok(()) };
    let served = tokio::select! {
        served = run(settings, &database, listener, end.clone()) => served,
        () = drained(end) => Ok(()),
    };
    database.close().await?;
    served
}

/// Opens the database; none where the program was told to stop meanwhile.
async fn open(settings: &Settings, end: End) -> anyhow::Result<Option<Database>> {
    let mut opening = Box::pin(super::open(settings, Mode::Serve));
    tokio::select! {
        opened = &mut opening => return opened.map(Some),
        () = ended(end) => {}
    }
    // A server that is just starting is waited for, so that it can be stopped.
    if let Ok(Ok(database)) = tokio::time::timeout(DRAIN, opening).await {
        database.close().await?;
    }
    Ok(None)
}

/// Connections that may wait to be taken: where there is no room for one more, its visitor waits a second before asking again.
const WAITING: u32 = 4_096;

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?; // an instance that ended just now had it
        socket.bind(address)?;
        socket.listen(WAITING)
    };
    open().map_err(|problem| match problem.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow!("{address} is in use by another program: stop that program, or set LISTEN to another address, such as 127.0.0.1:8081")
        }
        io::ErrorKind::PermissionDenied => {
            anyhow!("This user may not listen on {address}: set LISTEN to a port above 1023")
        }
        _ => anyhow!("Cannot listen on {address}: {problem}; set LISTEN to an address of this machine"),
    })
}

async fn run(settings: Settings, database: &Database, listener: TcpListener, end: End) -> anyhow::Result<()> {
    let pool = database.pool.clone();
    let catalogue = Catalogue::open(pool.clone(), Clock::System).await?;
    if database.embedded.is_some() && catalogue.now().count_lines() == 0 {
        first_import(database).await.context("The published page could not be imported")?;
        catalogue.refresh().await?;
    }
    let settings = Settings { listen: listener.local_addr()?, ..settings };
    let address = settings.origin();
    let figures = match settings.metrics_listen {
        Some(address) => Some((listen(address)?, image_catalogue::figures(&pool, &catalogue))),
        None => None,
    };
    let makes_administrator = database.embedded.is_some() && settings.has_local_accounts();
    let sender = Sender::new(&settings)?;
    let settings = Arc::new(settings);
    let site = image_catalogue::app(Arc::clone(&settings), pool.clone(), catalogue.clone());
    let jobs = image_catalogue::jobs(Arc::clone(&settings), pool.clone(), catalogue.clone());
    let places = Places::new(settings.connections_per_address, settings.trust_proxy);
    let rows = catalogue.now().count_lines();
    let first = if makes_administrator { people::first_administrator(&pool, &address).await? } else { None };
    let first =
        first.map(|link| format!("\nTo sign in as its administrator, once and within 24 hours: {}", link.address));
    println!("The catalogue is ready at {address} ({rows} rows). Stop it with Ctrl-C.{}", first.unwrap_or_default());
    let show_figures = async {
        match figures {
            Some((listener, figures)) => server::serve(listener, figures, Places::new(0, 0), ended(end.clone())).await,
            None => std::future::pending().await,
        }
    };
    let mail = mail::deliver(pool.clone(), sender, end.clone());
    let site = server::serve(listener, site, places, ended(end.clone()));
    tokio::select! {
        ((), ()) = async { tokio::join!(site, mail) } => Ok(()),
        () = show_figures => Ok(()),
        () = look_after(database) => Ok(()),
        _ = jobs => Ok(()),
    }
}

/// A new catalogue begins with the published page, and its notes in French.
async fn first_import(database: &Database) -> anyhow::Result<()> {
    let files = [
        ("published-page.md", PUBLISHED_PAGE, Format::Markdown, OWN_REASONS[1]),
        ("published-page.fr.csv", PUBLISHED_PAGE_FR, Format::Csv, OWN_REASONS[2]),
    ];
    for (file_name, text, format, reason) in files {
        let request = imports::Request {
            bytes: text.as_bytes(),
            file_name,
            format: Some(format),
            reason,
            actor: "image-catalogue",
            as_of: Some(PUBLISHED_ON),
            dry_run: false,
            ..imports::Request::default()
        };
        imports::import(&database.pool, Clock::System, &request, |_, _| {}).await?;
    }
    Ok(())
}

/// Starts the private server again when it has died.
async fn look_after(database: &Database) {
    let Some(embedded) = &database.embedded else { return std::future::pending().await };
    loop {
        tokio::time::sleep(LOOK_AFTER).await;
        if let Err(problem) = embedded.ensure_running().await {
            tracing::error!(%problem, "the private Postgres could not be started again");
        }
    }
}

/// Becomes true when the program is told to stop.
type End = watch::Receiver<bool>;

/// Listens for Ctrl-C and SIGTERM.
fn told_to_stop() -> anyhow::Result<End> {
    let (tell, end) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tell.send_replace(true);
        tell.closed().await;
    });
    Ok(end)
}

/// Waits until the program is told to stop.
async fn ended(mut end: End) {
    let _ = end.wait_for(|ended| *ended).await;
}

/// Waits until the answers under way have had their time.
async fn drained(end: End) {
    ended(end).await;
    tokio::time::sleep(DRAIN).await;
}
