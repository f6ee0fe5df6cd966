//! What an operations team does: check, two roles, backup and restore.

use std::process::Command;

use crate::support::{Data, Ended, PAGE, Serving, free_port, url};

/// Runs SQL on the private Postgres of a data folder as its administrator.
pub fn sql(data: &Data, statements: &str) -> String {
    let socket = data.path.join("postgres");
    let mut command = Command::new("psql");
    command.args([
        "--no-psqlrc",
        "--quiet",
        "--tuples-only",
        "--no-align",
        "--set=ON_ERROR_STOP=1",
        "--username=postgres",
    ]);
    command.arg("--host").arg(&socket).args(["--dbname=catalogue", "--command", statements]);
    Ended::from(command.output().unwrap()).ok().stdout
}

#[test]
fn check_says_what_it_found() {
    let data = Data::new();
    let told = data.run(&["check"]).ok().stdout;
    for words in ["answers in the data folder", "migrations are to be applied", "MB are free", "PUBLIC_URL is not set"]
    {
        assert!(told.contains(words), "{words} in {told}");
    }
    data.run(&["migrate"]).ok();
    assert!(data.run(&["check"]).ok().stdout.contains("Its tables are up to date."));
}

#[test]
fn the_two_roles_of_the_readme_migrate_and_serve_and_the_second_can_change_no_past() {
    let data = Data::new();
    let holder = data.serve();
    let readme = include_str!("../../src/operations.md");
    let statements = readme.split("```sql").nth(1).unwrap().split("```").next().unwrap();
    let (before, after) = statements.split_once("-- then, as the owner: image-catalogue migrate").unwrap();
    sql(&data, before);
    let role = |name: &str| url(&data.path).replace("catalogue@", &format!("{name}@"));
    let run = |name: &str, arguments: &[&str]| {
        Ended::from(data.command(arguments).env("DATABASE_URL", role(name)).output().unwrap())
    };
    run("catalogue_owner", &["migrate"]).ok();
    sql(&data, after);
    let page = data.path.parent().unwrap().join("page.md");
    std::fs::write(&page, PAGE).unwrap();
    assert!(run("catalogue_runtime", &["import", page.to_str().unwrap()]).ok().stdout.contains("47 new"));
    let mut command = data.command(&["serve"]);
    command.env("DATABASE_URL", role("catalogue_runtime"));
    let serving = Serving::start(command, free_port());
    assert_eq!(serving.rows(), 47);
    for statement in [
        "update changes set after = '{}'",
        "delete from change_sets",
        "update security_events set actor = 'x'",
        "update saved_report_events set actor = 'x'",
        "delete from security_events",
        "truncate terms",
        "update api_idempotency set status = 200",
        "delete from api_tokens",
        "create table x (a int)",
        "drop trigger changes_append_only on changes",
    ] {
        let refused = format!("set role catalogue_runtime; set search_path = catalogue; {statement}");
        let socket = data.path.join("postgres");
        let mut command = Command::new("psql");
        command
            .args(["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--username=postgres", "--dbname=catalogue", "--host"])
            .arg(socket);
        let ended = Ended::from(command.args(["--command", &refused]).output().unwrap());
        assert_ne!(ended.code, Some(0), "{statement}");
        assert!(
            ended.stderr.contains("permission denied") || ended.stderr.contains("must be owner"),
            "{statement}: {}",
            ended.stderr
        );
    }
    // A program's write goes through all the same, and its answer can be forgotten.
    crate::tokens::renews(&serving, |statements| sql(&data, &format!("set search_path = catalogue; {statements}")));
    let forget = "set role catalogue_runtime; set search_path = catalogue; delete from api_idempotency";
    sql(&data, forget);
    drop(serving);
    drop(holder);
}

#[test]
fn a_backup_restored_into_an_empty_database_has_every_row_and_every_change() {
    let data = Data::new();
    let holder = data.serve();
    let dump = data.path.parent().unwrap().join("catalogue.dump");
    let socket = data.path.join("postgres");
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        Ended::from(command.args(arguments).arg("--username=postgres").arg("--host").arg(&socket).output().unwrap())
            .ok();
    };
    let file = format!("--file={}", dump.display());
    run("pg_dump", &["--format=custom", &file, "catalogue"]);
    run("createdb", &["--owner=catalogue", "restored"]);
    run(
        "pg_restore",
        &["--exit-on-error", "--no-owner", "--role=catalogue", "--dbname=restored", dump.to_str().unwrap()],
    );
    let restored = format!("{}/restored", url(&data.path).strip_suffix("/catalogue").unwrap());
    let there = |format: &str| {
        Ended::from(data.command(&["export", "--format", format]).env("DATABASE_URL", &restored).output().unwrap())
            .ok()
            .stdout
    };
    for format in ["csv", "json", "markdown"] {
        assert_eq!(there(format), data.run(&["export", "--format", format]).ok().stdout, "{format}");
    }
    let mut command = data.command(&["serve"]);
    let second = Serving::start(
        {
            command.env("DATABASE_URL", &restored);
            command
        },
        free_port(),
    );
    let changes = |site: &Serving| site.get("/en/changes").1.matches("class=\"change\"").count();
    assert_eq!(changes(&second), changes(&holder));
}
