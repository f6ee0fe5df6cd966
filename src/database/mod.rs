//! The connection to Postgres: the one that the settings name or a private one, with the migrations applied.

pub mod binaries;
pub mod cluster;
pub mod embedded;
pub mod guard;
pub mod initdb;
pub mod owner;

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::App;
use crate::config::Settings;
use embedded::{Embedded, Mode};

/// The oldest Postgres that is supported, as `server_version_num`.
const OLDEST: i32 = 15_00_00;
/// Connections in the pool: a few for each core.
const CONNECTIONS: u32 = 8;
/// How long a visit waits for a connection, and a statement for its answer.
const PATIENCE: Duration = Duration::from_millis(1500);

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
                .context("DATABASE_URL is not a Postgres address such as postgres://user@host/database")?;
            (options, None)
        } else {
            let embedded = Embedded::open(&settings.data_dir, mode).await?;
            (embedded.connect_options(), Some(embedded))
        };
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
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
            .context("The database does not answer: check DATABASE_URL and that Postgres is running")?;
        if version < OLDEST {
            bail!("Postgres {} is too old: use version 15 or newer", version / 10_000);
        }
        Ok(())
    }

    /// Applies the migrations that are new. Several instances may do so at once: they wait for one another.
    ///
    /// # Errors
    /// When a migration fails or the database was made by a newer version of the program.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        sqlx::migrate!().run(&self.pool).await.context("The database could not be migrated")
    }

    /// Closes the connections and, where nobody else uses it, stops the private server.
    ///
    /// # Errors
    /// When the private server does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        self.pool.close().await;
        if let Some(embedded) = self.embedded {
            embedded.close().await?;
        }
        Ok(())
    }
}

/// Whether the program lives, and whether its database answers.
pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(|| async { "alive\n" })).route("/readyz", get(ready))
}

async fn ready(State(pool): State<PgPool>) -> (StatusCode, &'static str) {
    let look = sqlx::query("select version from catalogue_version").execute(&pool);
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
