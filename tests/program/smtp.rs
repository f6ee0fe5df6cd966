//! A mail server on loopback that takes, refuses, hangs and breaks off, as each recipient's name says.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::support::free_port;

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: String,
    /// The headers and the body, as they came, with the lines that encoding broke joined again.
    pub text: String,
}

impl Taken {
    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.text.lines().find_map(|line| line.strip_prefix(&*start)).unwrap_or_default().trim()
    }
}

/// What it has met.
#[derive(Default)]
struct Met {
    taken: Mutex<Vec<Taken>>,
    /// Whether recipients called `later` are still put off, and `drop` still broken off.
    is_difficult: AtomicBool,
    ended: AtomicBool,
}

/// The server, until it is dropped.
pub struct Smtp {
    pub port: u16,
    met: Arc<Met>,
}

impl Smtp {
    /// A server on a free port.
    pub fn start() -> Smtp {
        Smtp::on(free_port())
    }

    /// A server on a port.
    pub fn on(port: u16) -> Smtp {
        let met = Arc::new(Met { is_difficult: AtomicBool::new(true), ..Met::default() });
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let all = Arc::clone(&met);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if all.ended.load(Ordering::Relaxed) {
                    break;
                }
                let met = Arc::clone(&all);
                thread::spawn(move || drop(talk(&stream, &met)));
            }
        });
        Smtp { port, met }
    }

    /// The value of `SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What was taken for a recipient, or for everybody.
    pub fn taken(&self, to: &str) -> Vec<Taken> {
        self.met.taken.lock().unwrap().iter().filter(|mail| mail.to.contains(to)).cloned().collect()
    }

    /// Takes what it put off and broke off before.
    pub fn be_kind(&self) {
        self.met.is_difficult.store(false, Ordering::Relaxed);
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.met.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port)); // wakes the listener, which then closes
    }
}

/// One connection.
fn talk(stream: &TcpStream, met: &Met) -> std::io::Result<()> {
    let mut out = stream;
    let mut lines = BufReader::new(stream).lines();
    let mut to = String::new();
    out.write_all(b"220 loopback\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let is_difficult = met.is_difficult.load(Ordering::Relaxed);
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250-loopback\r\n250 8BITMIME",
            "QUIT" => return out.write_all(b"221 bye\r\n"),
            "RCPT" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                match to.split('@').next().unwrap_or_default() {
                    "refused" => "550 no such person",
                    "later" if is_difficult => "451 come back later",
                    "hang" => {
                        thread::sleep(Duration::from_mins(1));
                        return Ok(());
                    }
                    _ => "250 ok",
                }
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                if to.starts_with("drop@") && is_difficult {
                    lines.next();
                    return stream.shutdown(std::net::Shutdown::Both);
                }
                let text: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                let text = text.join("\n");
                let (head, body) = text.split_once("\n\n").unwrap_or_default();
                let text = format!("{}\n\n{}", head.replace("\n ", " "), body.replace("=\n", ""));
                met.taken.lock().unwrap().push(Taken { to: to.clone(), text });
                "250 taken"
            }
            _ => "250 ok",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}
