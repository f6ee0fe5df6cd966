//! A way to the database that breaks, or stands still, right after an act's commit: the commit is answered, and nothing
//! after it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use image_catalogue::catalogue::Catalogue;
use sqlx::postgres::PgPoolOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::support::{Site, clock, named, settings};

/// What a client says to commit, and what a transaction that only looks begins with.
const COMMIT: &[u8] = b"COMMIT\0";
const LOOKS: &[u8] = b"read only";

/// What becomes of the way after the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Every connection breaks off, and there is no other.
    Breaks,
    /// Nothing that the database says arrives.
    Stands,
}

/// The switch of such a way.
#[derive(Debug)]
pub struct Breaker {
    after: After,
    is_armed: AtomicBool,
    /// What is the matter with the way; nothing while it is whole.
    matter: watch::Sender<Option<After>>,
    /// How many commits it has struck after.
    pub struck: AtomicUsize,
}

impl Breaker {
    /// Strikes after the next commit.
    pub fn arm(&self) {
        self.is_armed.store(true, Ordering::SeqCst);
    }

    /// Ends when it has struck.
    pub async fn strikes(&self) {
        self.matter.subscribe().wait_for(Option::is_some).await.unwrap();
    }

    /// Whole again; whether it had struck.
    pub fn mend(&self) -> bool {
        self.is_armed.store(false, Ordering::SeqCst);
        self.matter.send_replace(None).is_some()
    }
}

trait Server: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Server for T {}

/// Whether the bytes hold a part. What a client says comes in one piece, as the connection is to this machine.
fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

async fn carry(breaker: Arc<Breaker>, mut client: TcpStream, mut server: Box<dyn Server>) {
    let mut matter = breaker.matter.subscribe();
    let (mut only_looks, mut commits) = (false, false);
    let (mut asked, mut told) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let now = *matter.borrow_and_update();
        if now == Some(After::Breaks) {
            return;
        }
        tokio::select! {
            _ = matter.changed() => {}
            count = client.read(&mut asked) => {
                let Ok(count @ 1..) = count else { return };
                let said = &asked[..count];
                only_looks |= holds(said, LOOKS);
                if holds(said, COMMIT) {
                    commits = !only_looks;
                    only_looks = false;
                } else if holds(said, b"ROLLBACK") {
                    only_looks = false;
                }
                if server.write_all(said).await.is_err() { return }
            }
            count = server.read(&mut told), if now.is_none() => {
                let Ok(count @ 1..) = count else { return };
                // It strikes first, as whoever is told of the commit may answer before anything else is done here.
                if std::mem::take(&mut commits) && breaker.is_armed.swap(false, Ordering::SeqCst) {
                    breaker.struck.fetch_add(1, Ordering::SeqCst);
                    breaker.matter.send_replace(Some(breaker.after));
                }
                if client.write_all(&told[..count]).await.is_err() { return }
            }
        }
    }
}

/// The same site over a way to its database that breaks or stands still when it is armed.
pub async fn breaking(site: &Site, after: After) -> (Site, Arc<Breaker>) {
    let options = (*site.pool.connect_options()).clone();
    let (host, port) = (options.get_host().to_owned(), options.get_port());
    let socket = options.get_socket().cloned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    let (is_armed, matter) = (AtomicBool::new(false), watch::Sender::new(None));
    let breaker = Arc::new(Breaker { after, is_armed, matter, struck: 0.into() });
    let switch = Arc::clone(&breaker);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            if *switch.matter.borrow() == Some(After::Breaks) {
                continue;
            }
            let server: Box<dyn Server> = match &socket {
                Some(folder) => {
                    let path: PathBuf = folder.join(format!(".s.PGSQL.{port}"));
                    Box::new(UnixStream::connect(path).await.unwrap())
                }
                None => Box::new(TcpStream::connect((&*host, port)).await.unwrap()),
            };
            tokio::spawn(carry(Arc::clone(&switch), client, server));
        }
    });
    let mut fresh = sqlx::postgres::PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(own)
        .ssl_mode(sqlx::postgres::PgSslMode::Disable)
        .username(options.get_username())
        .database(options.get_database().unwrap());
    if let Some(more) = options.get_options() {
        fresh = fresh.options([("search_path", more.rsplit('=').next().unwrap())]);
    }
    // Who reads from a database that is slow waits for it as long as the request may take.
    let waits = Duration::from_millis(if after == After::Breaks { 500 } else { 30_000 });
    let pool = PgPoolOptions::new().max_connections(4).acquire_timeout(waits).connect_with(fresh).await.unwrap();
    let catalogue = Catalogue::open(pool.clone(), clock()).await.unwrap();
    let app = image_catalogue::app(Arc::new(settings(&["--local-accounts", "on"])), pool, catalogue.clone());
    (Site { router: named("127.0.0.1:8080", app), pool: site.pool.clone(), catalogue }, breaker)
}
