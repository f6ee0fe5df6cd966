//! A real `PgBouncer` before Postgres: in session mode the program works, in transaction mode it refuses in words.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::postgres::{Base, as_ordinary_user, give_away};
use crate::support::{Ended, free_port, wait_until};

const REFUSAL: &str = "DATABASE_URL leads to a pooler in transaction mode";

/// A running `PgBouncer` before a database.
struct Pooler {
    port: u16,
    child: Child,
    _folder: TempDir,
}

impl Pooler {
    fn before(base: &Base, settings: &str) -> Pooler {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let users = folder.path().join("users");
        fs::write(&users, format!("\"{}\" \"\"\n", base.name)).unwrap();
        let configuration = format!(
            "[databases]\n{0} = host=127.0.0.1 port={1} dbname={0}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n\
             auth_file = {2}\n{settings}\n",
            base.name,
            base.postgres.port,
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, configuration).unwrap();
        for path in [&users, &file] {
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        }
        give_away(folder.path());
        let installed = Path::new("/usr/sbin/pgbouncer"); // where ordinary users do not look
        let mut command = as_ordinary_user(if installed.exists() { installed } else { Path::new("pgbouncer") });
        command.current_dir(folder.path()).arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("the package pgbouncer is installed");
        wait_until(Duration::from_secs(10), || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Pooler { port, child, _folder: folder }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every command that opens the database is refused with the sentence about the pooler.
fn refuses(base: &Base, pooler: &Pooler) {
    for command in ["serve", "check", "migrate"] {
        let mut command = base.command_at(pooler.port, &[command]);
        let ended = Ended::from(command.env("LISTEN", "127.0.0.1:0").output().unwrap()).refused(REFUSAL);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn a_pooler_in_transaction_mode_is_refused_however_it_shares_its_connections() {
    let base = Base::new();
    for settings in [
        "default_pool_size = 1",
        "default_pool_size = 20",
        "default_pool_size = 20\nmin_pool_size = 8",
        "default_pool_size = 20\nmin_pool_size = 2\nserver_round_robin = 1",
        "default_pool_size = 20\nmin_pool_size = 8\nserver_round_robin = 1",
    ] {
        let pooler = Pooler::before(&base, &format!("pool_mode = transaction\n{settings}"));
        // Its servers are opened when someone has come, so that it has several to choose from.
        let _ = base.command_at(pooler.port, &["check"]).output().unwrap();
        thread::sleep(Duration::from_millis(400));
        refuses(&base, &pooler);
    }
    assert_eq!(base.sql("select count(*) from pg_tables where schemaname = 'public'"), "0", "nothing was migrated");
}

#[test]
fn a_pooler_in_transaction_mode_is_refused_while_others_keep_it_busy() {
    let base = Base::new();
    for order in [0, 1] {
        let settings = format!("pool_mode = transaction\ndefault_pool_size = 20\nserver_round_robin = {order}");
        let pooler = Pooler::before(&base, &settings);
        let url = base.url_at(pooler.port);
        let script = "select pg_sleep(random() * 0.005); \\watch 0.002";
        let mut busy: Vec<Child> = (0..6)
            .map(|_| {
                let mut psql = std::process::Command::new("psql");
                psql.args(["--no-psqlrc", "--quiet", &url]).stdin(Stdio::piped()).stdout(Stdio::null());
                let mut psql = psql.stderr(Stdio::null()).spawn().unwrap();
                std::io::Write::write_all(psql.stdin.as_mut().unwrap(), script.as_bytes()).unwrap();
                psql
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        refuses(&base, &pooler);
        for psql in &mut busy {
            assert!(psql.try_wait().unwrap().is_none(), "the others were busy all the time");
            let _ = psql.kill();
            let _ = psql.wait();
        }
    }
}

#[test]
fn a_pooler_in_session_mode_is_as_good_as_postgres_itself() {
    let base = Base::filled();
    let pooler = Pooler::before(&base, "pool_mode = session\ndefault_pool_size = 12");
    Ended::from(base.command_at(pooler.port, &["check"]).output().unwrap()).ok();
    let site = base.serve_at(pooler.port);
    assert_eq!(site.rows(), 47);
    assert_eq!(site.get("/fr/changements").0, 200);
    base.add_line("a new image");
    wait_until(Duration::from_secs(3), || site.rows() == 48);
    // The limit on statements holds there too: who waits for a lock gives up in the database as well.
    thread::scope(|scope| {
        scope.spawn(|| base.sql("begin; lock table change_sets; select pg_sleep(5); commit"));
        let waiting = "select count(*) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";
        wait_until(Duration::from_secs(4), || {
            let answer = site.get("/fr/changements").0;
            answer == 503 && base.sql(waiting) == "0"
        });
    });
    wait_until(Duration::from_secs(5), || site.get("/fr/changements").0 == 200);
    assert_eq!(site.stop(), Some(0));
}
