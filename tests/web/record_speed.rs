//! A long record is read as fast as a short one: by an index at every depth, whatever the page asks for.

use std::time::{Duration, Instant};

use image_catalogue::changes::db;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::Site;

/// Changes of one act and one image.
const CHANGES: i64 = 200_000;
/// Acts with a change each.
const SETS: i64 = 5_000;
/// How long a page may take.
const IN_TIME: Duration = Duration::from_millis(300);

/// A record with one huge act about one image, and many small ones; gives the act and the image.
async fn long_record(site: &Site) -> (i64, i64) {
    let mut db = site.pool.acquire().await.unwrap();
    let image: i64 =
        sqlx::query_scalar("select id from images where slug = 'python'").fetch_one(&mut *db).await.unwrap();
    let act: i64 = sqlx::query_scalar(
        "insert into change_sets (effective_at, actor, act, changes) values (now(), 'tester', 'import', 0) returning id",
    )
    .fetch_one(&mut *db)
    .await
    .unwrap();
    for statement in [
        "insert into changes (change_set_id, subject, subject_id, image_id, after)
         select $1, 'line', n, $2, jsonb_build_object('notes_en', 'note ' || n) from generate_series(1, $3) n",
        "with acts as (
             insert into change_sets (effective_at, actor, act, changes)
             select now() - make_interval(mins => ($1 + $2 + n)::int % 1000), 'tester', 'import', 1
             from generate_series(1, $3) n returning id)
         insert into changes (change_set_id, subject, subject_id, organisation_id, after)
         select id, 'organisation', id, (select min(id) from organisations), '{\"name_en\": \"x\"}' from acts",
    ] {
        let most = if statement.starts_with("with") { SETS } else { CHANGES };
        sqlx::query(statement).bind(act).bind(image).bind(most).execute(&mut *db).await.unwrap();
    }
    for table in ["changes", "change_sets", "images"] {
        sqlx::query(AssertSqlSafe(format!("analyze {table}"))).execute(&mut *db).await.unwrap();
    }
    (act, image)
}

/// The tables that Postgres would read whole for a statement with these parameters, and its plan.
async fn read_whole_for(db: &mut PgConnection, statement: &str, parameters: &[i64]) -> (Vec<String>, Value) {
    let given = parameters.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    sqlx::raw_sql(AssertSqlSafe(format!("prepare asked as {statement}"))).execute(&mut *db).await.unwrap();
    let explain = AssertSqlSafe(format!("explain (format json) execute asked ({given})"));
    let plan: Value = sqlx::query_scalar(explain).persistent(false).fetch_one(&mut *db).await.unwrap();
    sqlx::raw_sql("deallocate asked").execute(&mut *db).await.unwrap();
    let mut found = Vec::new();
    read_whole(&plan, &mut found);
    (found, plan)
}

/// The tables that a plan reads from their first row to their last.
fn read_whole(plan: &Value, found: &mut Vec<String>) {
    match plan {
        Value::Array(all) => all.iter().for_each(|one| read_whole(one, found)),
        Value::Object(fields) => {
            if fields.get("Node Type").is_some_and(|kind| kind == "Seq Scan") {
                found.push(fields["Relation Name"].as_str().unwrap().to_owned());
            }
            fields.values().for_each(|one| read_whole(one, found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_page_of_the_record_reads_it_whole() {
    let site = Site::with_cast().await;
    let (act, image) = long_record(&site).await;
    let middle: i64 = sqlx::query_scalar("select min(id) + 100000 from changes where change_set_id = $1")
        .bind(act)
        .fetch_one(&site.pool)
        .await
        .unwrap();
    let mut db = site.pool.acquire().await.unwrap();
    // As for the first visits, and as for those after Postgres has settled on a plan for all parameters.
    for mode in ["force_custom_plan", "force_generic_plan"] {
        sqlx::query(AssertSqlSafe(format!("set plan_cache_mode = {mode}"))).execute(&mut *db).await.unwrap();
        let all: [(&str, &[i64]); 10] = [
            (db::SETS, &[i64::MAX, 31]),
            (db::SETS, &[act + SETS / 2, 31]),
            (db::SETS, &[act + SETS / 2, 51]),
            (db::SET, &[act]),
            (db::OF_SET, &[act, 0, 101]),
            (db::OF_SET, &[act, middle, 101]),
            (db::OF_SET, &[act + 9, 0, 101]),
            (db::OF_IMAGE, &[image, i64::MAX, 101]),
            (db::OF_IMAGE, &[image, middle, 101]),
            (db::OF_IMAGE, &[image + 1, i64::MAX, 101]),
        ];
        for (statement, parameters) in all {
            let (mut found, plan) = read_whole_for(&mut db, statement, parameters).await;
            found.retain(|table| table == "changes" || table == "change_sets");
            assert!(found.is_empty(), "{mode}: {found:?} in {statement} with {parameters:?}: {plan:#}");
        }
        let no_index = "select id from changes where subject_id = $1";
        assert_eq!(read_whole_for(&mut db, no_index, &[act]).await.0, ["changes"], "it would be found");
    }
}

#[tokio::test]
async fn a_page_deep_in_a_long_record_is_there_at_once() {
    let site = Site::with_cast().await;
    let (act, _) = long_record(&site).await;
    let first: i64 = sqlx::query_scalar("select min(id) from changes where change_set_id = $1")
        .bind(act)
        .fetch_one(&site.pool)
        .await
        .unwrap();
    for (address, shown) in [
        (format!("/en/changes?before={}", act + SETS / 2), 30),
        (format!("/fr/changements/{act}?after={}", first + CHANGES / 2), 100),
        (format!("/en/images/python/changes?before={}", first + CHANGES / 2), 100),
        ("/fr/images/python".to_owned(), 0),
    ] {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            let request = axum::http::Request::get(&address).body(axum::body::Body::empty()).unwrap();
            let answer = tower::ServiceExt::oneshot(site.router.clone(), request).await.unwrap();
            let page = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            best = best.min(began.elapsed());
            let page = String::from_utf8_lossy(&page);
            assert!(page.matches("class=\"change\"").count() >= shown, "{address}");
        }
        println!("{address}: {best:?}");
        assert!(best < IN_TIME, "{address}: {best:?}");
    }
}
