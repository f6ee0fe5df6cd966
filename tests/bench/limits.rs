//! What the site is measured against: the same bytes from memory, and the list's handler without the site's layers.
//!
//! `limits PORT PAGE`: a bare axum that serves the file PAGE from memory at `/bytes`, and, over the database of
//! `DATABASE_URL`, the rooms' handlers as they are.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use clap::Parser;
use image_catalogue::catalogue::Catalogue;
use image_catalogue::clock::Clock;
use image_catalogue::config::Settings;
use image_catalogue::database::Database;
use image_catalogue::database::embedded::Mode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
    port: u16,
    page: std::path::PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { settings, port, page } = Arguments::parse();
    let page = axum::body::Bytes::from(std::fs::read(page)?);
    let database = Database::open(&settings, Mode::Join).await?;
    let catalogue = Catalogue::open(database.pool.clone(), Clock::System).await?;
    let bytes =
        Router::new().route("/bytes", get(move || async move { ([(CONTENT_TYPE, "text/html; charset=utf-8")], page) }));
    let bare = image_catalogue::rooms_alone(Arc::new(settings), database.pool.clone(), catalogue);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready");
    axum::serve(listener, bytes.merge(bare)).await?;
    Ok(())
}
