//! Mail: written to an outbox in the same transaction as what it tells, and handed over to a mail server from there.

mod db;
mod letter;
mod outbox;

pub use letter::Letter;
pub use outbox::{Message, put};
