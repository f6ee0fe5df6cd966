//! Mail: written to an outbox in the same transaction as what it tells, and handed over to a mail server from there.

mod db;
mod deliver;
mod letter;
mod outbox;
mod sender;

pub use deliver::deliver;
pub use letter::Letter;
pub use outbox::{Message, put};
pub use sender::Sender;
