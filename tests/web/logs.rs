//! What the program writes to its log while a test waits.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::Level;
use tracing::instrument::WithSubscriber;

/// A log of its own: what is wrong, line by line.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Waits for something, and keeps what is logged meanwhile.
    pub async fn of<T>(&self, waited: impl Future<Output = T>) -> T {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt().json().with_max_level(Level::WARN);
        waited.with_subscriber(subscriber.with_writer(move || log.clone()).finish()).await
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<Value> {
        let written = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
