//! The mail server: one mail handed over under a time-out of the program's own, and what came of it.

use std::time::Duration;

use anyhow::Context;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::time::timeout;

use super::db::Claimed;
use crate::config::Settings;
use crate::i18n::Lang;

/// How long the server may take for one mail, from the connection to its last answer.
const SEND: Duration = Duration::from_secs(20);
/// How long it may take to greet.
const GREET: Duration = Duration::from_secs(10);
/// As much of an answer is kept, in characters.
const KEPT: usize = 500;

/// What came of handing a mail over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it.
    Sent,
    /// It was not taken for now.
    PutOff(String),
    /// It will never be taken.
    Dead(String),
    /// The server takes nothing at all: it is away, or lets this program no longer in.
    Away(String),
}

/// Hands mails over to the server of the settings.
#[derive(Clone, Debug)]
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Sender {
    /// The sender of the settings; none where `SMTP_URL` is not set.
    ///
    /// # Errors
    /// One sentence: what is wrong and what to do.
    pub fn new(settings: &Settings) -> anyhow::Result<Option<Sender>> {
        let Some(smtp) = settings.smtp() else { return Ok(None) };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.url.reveal()).ok();
        let builder =
            builder.context("SMTP_URL is not an address such as smtp://host:25 or smtps://user:password@host")?;
        let from = smtp.from.parse().context("MAIL_FROM is not an e-mail address")?;
        Ok(Some(Sender { transport: builder.timeout(Some(GREET)).build(), from }))
    }

    /// Whether the server greets, and lets this program in.
    ///
    /// # Errors
    /// What it answered instead.
    pub async fn greet(&self) -> Result<(), String> {
        match timeout(GREET, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("the connection ended at once".to_owned()),
            Ok(Err(problem)) => Err(told(&problem)),
            Err(_) => Err(format!("no answer within {} s", GREET.as_secs())),
        }
    }

    /// Hands a mail over. Where that fails the server is greeted again: one that does not answer, or lets this program
    /// in no longer, is no fault of the mail's.
    pub async fn send(&self, mail: &Claimed) -> Outcome {
        let message = match self.message(mail) {
            Ok(message) => message,
            Err(problem) => return Outcome::Dead(told(&problem)),
        };
        let failed = match timeout(SEND, self.transport.send(message)).await {
            Ok(Ok(_)) => return Outcome::Sent,
            Ok(Err(problem)) if problem.is_permanent() => Outcome::Dead(told(&problem)),
            Ok(Err(problem)) => Outcome::PutOff(told(&problem)),
            Err(_) => Outcome::PutOff(format!("no answer within {} s", SEND.as_secs())),
        };
        match self.greet().await {
            Ok(()) => failed,
            Err(problem) => Outcome::Away(problem),
        }
    }

    /// The mail as it goes over the wire. Its Message-ID and date are the same at each try.
    fn message(&self, mail: &Claimed) -> anyhow::Result<lettre::Message> {
        let to: Address = mail.recipient.parse().context("The address is none that mail can be sent to")?;
        let id = format!("<{}@{}>", mail.message_id, self.from.email.domain());
        let mut message = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .date(mail.made_at.into())
            .message_id(Some(id))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", mail.lang.map_or("en, fr", Lang::code)));
        if let Some(address) = &mail.unsubscribe {
            message = message
                .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(mail.html.clone());
        let parts = MultiPart::alternative().singlepart(SinglePart::plain(mail.plain.clone())).singlepart(html);
        let (Some(name), Some(kind), Some(bytes)) = (&mail.file_name, &mail.file_type, &mail.file_bytes) else {
            return Ok(message.multipart(parts)?);
        };
        let bytes = Body::new_with_encoding(bytes.clone(), ContentTransferEncoding::Base64);
        let bytes = bytes.map_err(|_| anyhow::anyhow!("The attached file cannot be encoded"))?;
        let file = Attachment::new(name.clone()).body(bytes, ContentType::parse(kind)?);
        Ok(message.multipart(MultiPart::mixed().multipart(parts).singlepart(file))?)
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A problem with its cause, cut to what is kept.
fn told(problem: &impl ToString) -> String {
    problem.to_string().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(KEPT).collect()
}
