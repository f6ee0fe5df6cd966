//! The record of changes: complete, public, in plain words, and never rewritten.

use axum::http::StatusCode;

use crate::support::Site;

const RENEWED: &str =
    "Image name,Renewal date,Department,Type,Status,Notes\nPython,2027-03-01,SSC,,Procured,For Python\n";

#[tokio::test]
async fn a_change_is_told_with_who_when_why_before_and_after() {
    let site = Site::with_cast().await;
    let report = site.import(RENEWED, "renewed.csv", "Co-termed renewal").await;
    let page = site.get(&format!("/en/changes/{}", report.change_set.unwrap())).await;
    let facts = page.one("dl.facts");
    for told in ["A file was imported (1 change)", "2026-11-22 12:00", "tester", "Co-termed renewal", "renewed.csv"] {
        assert!(facts.contains(told), "{told} in {facts}");
    }
    assert_eq!(page.one("h3"), "Python · SSC Changed");
    assert_eq!(page.all("dt").split_off(5), ["Renewal date", "Notes in English"]);
    assert_eq!(page.all("del"), ["2026-03-01", "For Python-based applications"]);
    assert_eq!(page.all("ins"), ["2027-03-01", "For Python"]);
}

#[tokio::test]
async fn an_images_history_has_all_its_changes_and_its_page_the_newest() {
    let site = Site::with_cast().await;
    site.import(RENEWED, "renewed.csv", "Co-termed renewal").await;
    let history = site.get("/fr/images/python/changements").await;
    assert_eq!(history.all(".change h3").len(), 4, "the image, two lines, one renewal");
    assert!(history.all(".change")[0].contains("2026-03-01"));
    let page = site.get("/fr/images/python").await;
    assert!(page.one("[aria-labelledby=history]").contains("Co-termed renewal"));
}

#[tokio::test]
async fn a_renewal_adds_a_term_and_leaves_the_old_one() {
    let site = Site::with_cast().await;
    site.import(RENEWED, "renewed.csv", "").await;
    let terms: Vec<(Option<chrono::NaiveDate>,)> = sqlx::query_as(
        "select t.renewal_date from terms t join lines l on l.id = t.line_id join images i on i.id = l.image_id
         where i.slug = 'python' order by t.id",
    )
    .fetch_all(&site.pool)
    .await
    .unwrap();
    let dates: Vec<String> = terms.into_iter().filter_map(|(date,)| Some(date?.to_string())).collect();
    assert_eq!(dates, ["2026-03-01", "2027-03-01"]);
}

#[tokio::test]
async fn the_record_refuses_to_be_rewritten() {
    let site = Site::with_cast().await;
    for statement in [
        "update changes set after = '{}'",
        "delete from changes",
        "truncate changes",
        "update change_sets set actor = 'nobody'",
        "delete from change_sets",
        "truncate change_sets cascade",
    ] {
        let refused = sqlx::query(statement).execute(&site.pool).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn the_record_alone_gives_back_every_line() {
    let site = Site::with_cast().await;
    site.import(RENEWED, "renewed.csv", "").await;
    site.import(
        "Image name,Renewal date,Department,Status\nPython,TBD,SSC,Retired\nnginx,2028-01-01,NRCAN,Procured\n",
        "more.csv",
        "",
    )
    .await;
    let compared = image_catalogue::catalogue::store::history::verify(&site.pool).await.unwrap();
    assert_eq!((compared.images, compared.lines), (16, 18));
    assert!(compared.differing.is_empty(), "{:?}", compared.differing);
    sqlx::query("update lines set notes_en = 'by hand' where name = 'nginx'").execute(&site.pool).await.unwrap();
    let differing = image_catalogue::catalogue::store::history::verify(&site.pool).await.unwrap().differing;
    assert_eq!(differing, ["nginx: the record tells otherwise"]);
}

#[tokio::test]
async fn a_long_record_goes_on_page_after_page() {
    let site = Site::with_cast().await;
    for number in 0..40 {
        site.import(
            &format!("Image name,Department,Notes\nnginx,NRCAN,Note {number}\n"),
            "n.csv",
            &format!("Act {number}"),
        )
        .await;
    }
    let first = site.get("/en/changes").await;
    assert_eq!(first.all(".change").len(), 30);
    assert!(first.all(".change-reason")[0].contains("Act 39"));
    let older = first.attributes("a[rel=next]", "href").remove(0);
    assert_eq!(site.get(&older).await.all(".change").len(), 12);
    assert_eq!(site.get("/fr/changements?before=x").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.get("/en/changes/999999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/en/changes/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_feed_is_well_formed_and_its_links_are_of_the_public_address() {
    let site = Site::with(crate::support::CAST, &["--public-url", "https://images.example.gc.ca"]).await;
    let feed = site.get("/fr/changements.atom").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    let parsed = atom_syndication::Feed::read_from(feed.body.as_slice()).unwrap();
    assert_eq!(parsed.lang.as_deref(), Some("fr"));
    assert_eq!(parsed.entries.len(), 2);
    for entry in &parsed.entries {
        assert!(entry.id.starts_with("https://images.example.gc.ca/fr/changements/"));
    }
}

#[tokio::test]
async fn the_whole_record_comes_as_csv_a_row_for_each_field_and_no_cell_is_run() {
    let site = Site::with_cast().await;
    site.import(RENEWED, "renewed.csv", "=Co-termed renewal").await;
    let answer = site.get("/fr/changements.csv?bom=1&separator=semicolon").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text().strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["Changement", "Quand", "Consigné"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let renewal = rows.iter().rfind(|row| &row[7] == "Date de renouvellement").unwrap();
    assert_eq!(&renewal[3], "tester");
    assert_eq!(&renewal[5], "'=Co-termed renewal");
    assert_eq!([&renewal[6], &renewal[8], &renewal[9]], ["Python · SPC", "2026-03-01", "2027-03-01"]);
    assert_eq!(site.get("/en/changes.csv?separator=tab").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_record_and_one_persons_part_of_it_leave_as_four_files_with_the_same_rows() {
    let site = Site::with_cast().await;
    site.import(RENEWED, "renewed.csv", "=1+1 | [x](y)").await;
    sqlx::query(
        "with act as (insert into change_sets (effective_at, actor, act, changes)
                     values (now(), 'Ana Roy', 'import', 3000) returning id)
                 insert into changes (change_set_id, subject, subject_id, organisation_id, after)
                 select id, 'organisation', n, (select min(id) from organisations), '{\"name_en\": \"x\"}'
                 from act, generate_series(1, 3000) n",
    )
    .execute(&site.pool)
    .await
    .unwrap();
    for (path, query, person) in [
        ("/en/changes", "", ""),
        ("/fr/changements", "", ""),
        ("/en/changes", "?who=Ana+Roy", "-ana-roy"),
        ("/fr/changements", "?who=tester", "-tester"),
    ] {
        let page = site.get(&format!("{path}{query}")).await;
        let csv = site.get(&format!("{path}.csv{query}")).await;
        let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(&*csv.body).records().map(Result::unwrap).collect();
        assert!(rows.len() > 20 && (query != "?who=Ana+Roy" || rows.len() == 3000), "{path}{query}: {}", rows.len());
        assert!(query.is_empty() || rows.iter().all(|row| query.ends_with(&row[3].replace(' ', "+"))), "{path}{query}");
        let json = site.get(&format!("{path}.json{query}")).await;
        let json: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
        let told = json["tables"][0]["rows"].as_array().unwrap();
        assert_eq!(told.len(), rows.len(), "{path}{query}");
        let keys = ["act", "when", "recorded", "who", "what", "why", "about", "field", "before", "after"];
        for (row, told) in rows.iter().zip(told) {
            for (cell, key) in row.iter().zip(keys) {
                let same = told[key].as_str().map_or_else(|| told[key].to_string().replace("null", ""), str::to_owned);
                assert_eq!(image_catalogue::web::formula::restore(cell), same, "{path}{query}: {key}");
            }
        }
        let markdown = site.get(&format!("{path}.md{query}")).await;
        let lines = markdown.text().lines().filter(|line| line.starts_with("| ")).count();
        assert_eq!(lines, rows.len() + 1, "{path}{query}");
        assert!(query.contains("Ana") || markdown.text().contains("=1+1 \\| \\[x\\](y)"), "{path}{query}");
        let workbook = site.get(&format!("{path}.xlsx{query}")).await;
        assert!(workbook.body.starts_with(b"PK"), "{path}{query}");
        for (file, extension) in [(&csv, "csv"), (&workbook, "xlsx"), (&markdown, "md")] {
            let name = file.header("content-disposition");
            assert!(name.contains(&format!("{person}-20")) && name.contains(&format!(".{extension}\"")), "{name}");
            assert!(page.text().contains(&format!("{path}.{extension}{}", query.replace('+', "%20"))), "{extension}");
        }
    }
}

#[tokio::test]
async fn the_acts_of_one_person_are_shown_alone() {
    let site = Site::with_cast().await;
    site.import(RENEWED, "renewed.csv", "").await;
    let all = site.get("/en/changes").await;
    assert_eq!(all.all(".change").len(), 3);
    let alone = site.get("/en/changes?who=tester").await;
    assert_eq!(alone.all(".change").len(), 2);
    assert!(alone.one(".notice").contains("Only what tester did"));
    assert!(all.attributes(".change .meta a", "href").contains(&"/en/changes?who=tester".to_owned()));
    let nobody = site.get("/fr/changements?who=%3Cscript%3E").await;
    assert!(nobody.all(".change").is_empty() && !nobody.text().contains("<script>"));
}
