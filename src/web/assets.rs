//! Static files: embedded, compressed, served at addresses that change with their content.

use std::collections::HashMap;

use axum::Router;
use memory_serve::CacheControl;

/// Where the static files are: their addresses by name, such as `css/site.css`.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    addresses: HashMap<String, String>,
}

impl Assets {
    /// The address of a static file, with a mark of its content.
    pub fn address(&self, name: &str) -> &str {
        self.addresses.get(name).map_or("/static/", |address| address)
    }
}

/// The static files' addresses, and the routes that serve them below `/static`.
pub fn assets<S: Clone + Send + Sync + 'static>() -> (Assets, Router<S>) {
    let files = memory_serve::load!()
        .index_file(None)
        .enable_gzip(true)
        .enable_brotli(true)
        .enable_hashed_routes(true)
        .cache_control(CacheControl::Medium);
    let addresses = files
        .manifest()
        .iter()
        .map(|(plain, hashed)| (plain.trim_start_matches('/').to_owned(), format!("/static{hashed}")))
        .collect();
    (Assets { addresses }, Router::new().nest("/static", files.into_router()))
}
