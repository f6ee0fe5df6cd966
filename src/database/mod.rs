//! The connection to Postgres: the one that the settings name or a private one, with the migrations applied.

pub mod binaries;
pub mod cluster;
pub mod commit;
pub mod embedded;
pub mod fault;
pub mod guard;
pub mod initdb;
pub mod owner;
pub mod problem;

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::get;
use sqlx::migrate::{Migrate, Migration};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Row};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::config::Settings;
use embedded::{Embedded, Mode};
use fault::Fault;

/// The oldest Postgres that is supported, as `server_version_num`.
const OLDEST: i32 = 15_00_00;
/// Connections in the pool: a few for each core.
const CONNECTIONS: u32 = 8;
/// How long one attempt to connect may take at the start.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Rounds in which connections are asked for their sessions.
const ROUNDS: usize = 3;
/// What is told where the database does not answer at the start.
const AWAY: &str = "The database does not answer: check DATABASE_URL and that Postgres is running";
/// How long the connections may take to end.
const CLOSING: Duration = Duration::from_secs(2);

/// A database ready for use, and the private server where that is where it is.
#[derive(Debug)]
pub struct Database {
    pub pool: PgPool,
    pub embedded: Option<Embedded>,
}

impl Database {
    /// Connects to the database of the settings, or starts or joins the private one.
    ///
    /// # Errors
    /// One sentence: what is wrong and what to do.
    pub async fn open(settings: &Settings, mode: Mode) -> anyhow::Result<Database> {
        let (options, embedded) = if let Some(url) = settings.external_database() {
            let options = PgConnectOptions::from_str(url)
                .context("DATABASE_URL is not a Postgres address such as postgres://user@host/database")?
                .extra_float_digits(None); // no pooler knows it, and nothing here is a float
            let first = greet(&options).await.context(AWAY)?;
            let shared = timeout(CONNECT, shares_sessions(first, &options)).await;
            if shared.unwrap_or(Err(sqlx::Error::PoolTimedOut)).context(AWAY)? {
                bail!(
                    "DATABASE_URL leads to a pooler in transaction mode, which mixes up prepared statements: \
                     connect to Postgres itself, or set the pooler to session mode"
                );
            }
            (options, None)
        } else {
            let embedded = Embedded::open(&settings.data_dir, mode).await?;
            (embedded.connect_options(), Some(embedded))
        };
        let statement_timeout = settings.statement_timeout;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_millis(settings.pool_timeout))
            // A pooler takes no settings with the greeting.
            .after_connect(move |connection, _| Box::pin(limit(connection, statement_timeout)))
            .after_release(|connection, _| Box::pin(still_works(connection)))
            .connect_lazy_with(options.application_name("image-catalogue"));
        let database = Database { pool, embedded };
        if let Err(problem) = database.check().await {
            database.close().await?;
            return Err(problem);
        }
        Ok(database)
    }

    /// Whether the database answers and is new enough.
    async fn check(&self) -> anyhow::Result<()> {
        let version: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int")
            .fetch_one(&self.pool)
            .await
            .context(AWAY)?;
        if version < OLDEST {
            bail!("Postgres {} is too old: use version 15 or newer", version / 10_000);
        }
        Ok(())
    }

    /// How many migrations are still to be applied.
    pub async fn pending(&self) -> anyhow::Result<usize> {
        let mut connection = self.pool.acquire().await?;
        let applied = connection.list_applied_migrations("_sqlx_migrations").await.unwrap_or_default();
        Ok(sqlx::migrate!().iter().count().saturating_sub(applied.len()))
    }

    /// Applies the migrations that are new. Several instances may do so at once: they wait for one another. Where
    /// none is new nothing is written, so that a role without the right to change tables can serve.
    ///
    /// # Errors
    /// When a migration fails or the database was made by a newer version of the program.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let migrations = sqlx::migrate!();
        let mut connection = self.pool.acquire().await?;
        let applied = connection.list_applied_migrations("_sqlx_migrations").await.unwrap_or_default();
        let is_new = |migration: &Migration| !applied.iter().any(|one| one.version == migration.version);
        if migrations.iter().any(is_new) || applied.len() > migrations.iter().count() {
            sqlx::query("set statement_timeout = 0").execute(&mut *connection).await?;
            migrations.run(&mut *connection).await.context("The database could not be migrated")?;
            connection.close().await?;
        }
        Ok(())
    }

    /// Closes the connections and, where nobody else uses it, stops the private server.
    ///
    /// # Errors
    /// When the private server does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        if timeout(CLOSING, self.pool.close()).await.is_err() {
            tracing::warn!("connections to the database were given up: it does not answer");
        }
        if let Some(embedded) = self.embedded {
            embedded.close().await?;
        }
        Ok(())
    }
}

/// The first connection. Waits for a database that is only just starting; any other refusal is final.
async fn greet(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut tries = 5;
    loop {
        tries -= 1;
        let problem = match timeout(CONNECT, PgConnection::connect_with(options)).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(problem)) => problem,
            Err(_) => sqlx::Error::PoolTimedOut,
        };
        let is_starting = match &problem {
            sqlx::Error::Io(_) => true,
            sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| code == "57P03"),
            _ => false,
        };
        if !is_starting || tries == 0 {
            return Err(problem);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Whether a connection that a visit gave back can serve another. One on which an answer was lost would be waited for
/// without end.
async fn still_works(connection: &mut PgConnection) -> sqlx::Result<bool> {
    timeout(PATIENCE, connection.ping()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
}

/// Whether connections do not keep a session each, as behind `PgBouncer` in transaction mode: prepared statements would
/// be mixed up there, and answers wrong.
///
/// A pooler that takes its newest free session gives one to several connections; one that takes its sessions in turn
/// gives several to one connection that asks twice; one of several processes has some of four connections in common.
/// Others who keep it busy can hide that in one round, hardly in each.
async fn shares_sessions(first: PgConnection, options: &PgConnectOptions) -> sqlx::Result<bool> {
    let another = || async { timeout(PATIENCE, PgConnection::connect_with(options)).await.ok()?.ok() };
    let (second, third, fourth) = tokio::join!(another(), another(), another());
    let mut held: Vec<PgConnection> = [Some(first), second, third, fourth].into_iter().flatten().collect();
    let mut seen = BTreeSet::new();
    for _ in 0..ROUNDS {
        for (place, connection) in held.iter_mut().enumerate() {
            for _ in 0..2 {
                // In one message: a statement that is first prepared could be looked for in another session.
                let answer = sqlx::raw_sql("select pg_backend_pid()").fetch_one(&mut *connection).await?;
                seen.insert((place, answer.try_get::<i32, _>(0)?));
            }
        }
    }
    let connections = held.len();
    for connection in held {
        connection.close().await?;
    }
    let sessions: BTreeSet<i32> = seen.iter().map(|(_, session)| *session).collect();
    Ok(seen.len() != connections || sessions.len() != connections)
}

/// Sets how long a statement may take, in milliseconds.
async fn limit(connection: &mut PgConnection, statement_timeout: u64) -> sqlx::Result<()> {
    let limit = sqlx::query("select set_config('statement_timeout', $1, false)").bind(statement_timeout.to_string());
    limit.persistent(false).execute(connection).await.map(|_| ())
}

/// Whether something was not written because the database takes nothing for now: a standby, or one set so.
pub fn is_read_only(problem: &sqlx::Error) -> bool {
    Fault::of(problem) == Fault::ReadOnly
}

/// Whether a database takes no writing now: a standby, or one set so.
pub async fn is_reading_only(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let look = "select pg_is_in_recovery() or current_setting('transaction_read_only')::bool";
    sqlx::query_scalar(look).fetch_one(connection).await
}

/// Whether the database can be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ready {
    Wholly,
    ForReading,
    Not,
}

/// Whether the program lives, and whether its database answers. An instance that can only be read is left in service.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    PgPool: FromRef<S>,
{
    let remembered = Arc::new(Mutex::new(None));
    let ready = move |State(pool): State<PgPool>| async move {
        match ready(&pool, &remembered).await {
            Ready::Wholly => (StatusCode::OK, "ready\n"),
            Ready::ForReading => (StatusCode::OK, "read-only: the database takes no writing\n"),
            Ready::Not => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
        }
    };
    Router::new().route("/healthz", get(|| async { "alive\n" })).route("/readyz", get(ready))
}

/// Whether the database answers, is migrated and takes writing. The answer is kept for a second, so that asking often
/// costs little.
async fn ready(pool: &PgPool, remembered: &Mutex<Option<(Instant, Ready)>>) -> Ready {
    let mut remembered = remembered.lock().await;
    if let Some((asked, answer)) = *remembered
        && asked.elapsed() < Duration::from_secs(1)
    {
        return answer;
    }
    let look = async {
        let mut connection = pool.acquire().await?;
        sqlx::query("select version from catalogue_version").execute(&mut *connection).await?;
        is_reading_only(&mut connection).await
    };
    let answer = match timeout(PATIENCE, look).await {
        Ok(Ok(false)) => Ready::Wholly,
        Ok(Ok(true)) => Ready::ForReading,
        Ok(Err(_)) | Err(_) => Ready::Not,
    };
    *remembered = Some((Instant::now(), answer));
    answer
}

/// Brings the figures of the pool up to date.
pub fn count(pool: &PgPool) {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    metrics::gauge!("database_connections", "state" => "idle").set(f64::from(idle));
    metrics::gauge!("database_connections", "state" => "used").set(f64::from(pool.size().saturating_sub(idle)));
}
