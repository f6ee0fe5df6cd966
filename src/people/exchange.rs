//! HTTP to the provider: no redirects, little time, small answers.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

/// How long a connection, and how long an answer, may take.
const CONNECT: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(4);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("{0}")]
    Malformed(#[from] axum::http::Error),
    #[error("the answer is larger than {LARGEST} bytes")]
    TooLarge,
}

/// The client, made when it is first needed.
#[derive(Debug, Default)]
pub struct Exchange {
    client: OnceLock<reqwest::Client>,
}

impl Exchange {
    fn client(&self) -> Result<reqwest::Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let _ = rustls::crypto::ring::default_provider().install_default(); // it may be installed already
        let client =
            reqwest::Client::builder().redirect(Policy::none()).connect_timeout(CONNECT).timeout(ANSWER).build()?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

impl<'c> AsyncHttpClient<'c> for Exchange {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut answer = self.client()?.execute(request.try_into()?).await?;
            let mut copy = axum::http::Response::builder().status(answer.status());
            for (name, value) in answer.headers() {
                copy = copy.header(name, value);
            }
            let mut body = Vec::new();
            while let Some(piece) = answer.chunk().await? {
                body.extend_from_slice(&piece);
                if body.len() > LARGEST {
                    return Err(Failure::TooLarge);
                }
            }
            Ok(copy.body(body)?)
        })
    }
}
