//! A project is checked: what it names is answered, by page and by program, and nothing of it is kept.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::support::{Answer, Site};

const HOST: &str = "artifacts-artefacts.devops.cloud-nuage.canada.ca/docker-chainguard-remote/ssc-spc.gc.ca";

async fn page(site: &Site, address: &str, text: &str, kind: &str) -> Answer {
    send(site, address, &[("text", None, text.as_bytes()), ("kind", None, kind.as_bytes())]).await
}

async fn send(site: &Site, address: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    let request = Request::post(address)
        .header("sec-fetch-site", "same-origin")
        .header("content-length", body.len())
        .header("content-type", "multipart/form-data; boundary=xyz");
    site.send(request.body(Body::from(body)).unwrap()).await
}

/// What the check for programs answers, without any header that a browser sends.
async fn ask(site: &Site, parameters: &str, body: impl Into<Body>) -> (Answer, Value) {
    let request = Request::post(format!("/api/v1/check{parameters}")).body(body.into()).unwrap();
    let answer = site.send(request).await;
    let json = serde_json::from_slice(&answer.body).unwrap();
    (answer, json)
}

/// The answer to one image of a list.
async fn of(site: &Site, image: &str) -> Value {
    let (answer, mut json) = ask(site, "?kind=list", image.to_owned()).await;
    assert_eq!(answer.status, StatusCode::OK, "{image}: {json}");
    json["images"][0].take()
}

#[tokio::test]
async fn each_image_is_answered_with_what_to_do() {
    let site = Site::with_cast().await;
    for (image, status) in [
        ("python:3.13", "procured"),
        ("docker.io/library/python", "procured"),
        ("ghcr.io/acme/tools/python:1", "procured"),
        ("nginx:1.27", "under_consideration"),
        ("osgeo/gdal", "under_consideration"),
        ("Kubernetes-event-exporter", "under_consideration"),
        ("turned-down:1", "declined"),
        ("put-away", "retired"),
        ("nonesuch:1", "unknown"),
        ("$IMAGE", "unresolved"),
        ("$HOST/nginx:$TAG", "under_consideration"),
    ] {
        assert_eq!(of(&site, image).await["status"], status, "{image}");
    }
    let right = of(&site, &format!("{HOST}/python:3.13.3")).await;
    assert_eq!(
        (&right["status"], &right["use"], &right["tag"]),
        (&"already_right".into(), &Value::Null, &"3.13.3".into())
    );
    let elsewhere = of(&site, &format!("{HOST}/nginx:1")).await;
    assert_eq!(elsewhere["status"], "under_consideration", "the registry alone makes nothing right");
    let python = of(&site, "python:3.12-slim").await;
    assert_eq!(python["use"], serde_json::json!([format!("{HOST}/python")]), "no tag is invented");
    assert_eq!(python["renewal_date_passed"], "2026-03-01");
    assert!(python["remarks"].to_string().contains("“3.12-slim”: check that it exists"), "{python}");
    let nginx = of(&site, "bitnami/nginx").await;
    assert_eq!((&nginx["departments"], &nginx["use"]), (&1.into(), &Value::Null));
    assert_eq!(nginx["alike"][0]["slug"], "nginx-iamguarded");
    assert!(nginx["remarks"].to_string().contains("check that it is the same software"), "{nginx}");
    let chart = of(&site, "chart-iamguarded:1").await;
    assert_eq!((&chart["status"], &chart["use"]), (&"procured".into(), &Value::Null), "no docker line for a chart");
    assert_eq!(of(&site, "chart-fips").await["alike"][0]["slug"], "chart-iamguarded");
    assert_eq!(of(&site, "ngnix:1").await["alike"][0]["slug"], "nginx");
    let shared = of(&site, "shared").await;
    assert_eq!(shared["departments"], 2);
}

#[tokio::test]
async fn the_page_answers_in_both_languages_and_asks_for_what_is_missing_at_once() {
    let site = Site::with_cast().await;
    let file = "FROM python:3.13 AS base\nFROM nginx:1.27\nFROM nonesuch:2\nFROM ${WHICH}\nFROM nginx:1.27\nCOPY --from=base / /\n";
    let english = page(&site, "/en/check", file, "").await;
    assert_eq!(english.status, StatusCode::OK);
    assert_eq!(english.header("cache-control"), "private, no-store");
    assert_eq!(english.one("[role=status]"), "Read as: Dockerfile. 4 images.");
    let rows = english.all("tbody tr");
    assert_eq!(rows.len(), 4);
    assert!(rows[0].contains(&format!("{HOST}/python")) && rows[0].contains("“3.13”"), "{rows:?}");
    assert!(rows[1].starts_with("nginx:1.27 2, 5 Under consideration"), "{rows:?}");
    assert!(!english.text().contains("docker pull"), "no command for what is not checked");
    assert_eq!(english.attributes("form[method=get] input[name=image]", "value"), ["nonesuch", "nginx"]);
    assert!(english.one("textarea").contains("FROM ${WHICH}"), "the text is kept");
    let french = page(&site, "/fr/verifier", file, "dockerfile").await;
    assert_eq!(french.one("[role=status]"), "Type reconnu : Dockerfile. 4 images.");
    let asking = french.all("form[method=get]");
    assert!(asking[0].contains("Demander celle que personne n’a encore demandée"), "{asking:?}");
    assert!(asking[1].contains("Se joindre aux ministères qui ont demandé celle qui est à l’étude"), "{asking:?}");
    let form = site.get("/en/requests/new?image=nginx&image=nonesuch&image=NGINX&image=%20").await;
    assert_eq!(form.attributes("[name^=image-]", "value"), ["nginx", "nonesuch"]);
    let all = (0..30).map(|number| format!("&image=image-{number}")).collect::<Vec<_>>().concat();
    let form = site.get(&format!("/en/requests/new?{}", &all[1..])).await;
    assert_eq!(form.attributes("[name^=image-]", "value").len(), 20);
    let many: String = (0..45).map(|number| ["none-", &number.to_string(), "such\n"].concat()).collect();
    let parts = page(&site, "/en/check", &many, "list").await;
    assert_eq!(parts.all("form[method=get]").last().unwrap(), "Ask for 41 to 45 of those that nobody has asked for");
}

#[tokio::test]
async fn a_file_counts_before_text_and_its_name_tells_its_kind() {
    let site = Site::with_cast().await;
    let values = include_bytes!("../fixtures/projects/values.yaml");
    let sent = [("text", None, &b"FROM nginx"[..]), ("file", Some("values.yaml"), values)];
    let answer = send(&site, "/en/check", &sent).await;
    assert_eq!(answer.one("[role=status]"), "Read as: Helm values. 5 images.");
    let empty = [("text", None, &b"FROM nginx"[..]), ("file", Some(""), &b""[..])];
    assert_eq!(send(&site, "/en/check", &empty).await.one("[role=status]"), "Read as: Dockerfile. One image.");
    let built = page(&site, "/en/check", include_str!("../fixtures/projects/compose.yaml"), "").await;
    assert!(built.one(".notice-info").contains("one image itself: site"), "{}", built.one("main"));
    let none = page(&site, "/en/check", "FROM scratch\n", "").await;
    assert!(none.one(".empty").contains("No image is named"));
    let right = page(&site, "/en/check", &format!("{HOST}/python:3.13.3\n"), "").await;
    assert!(right.one(".notice-info").contains("every image"), "its date passed and its tag is not checked");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_the_text_kept() {
    let site = Site::with_cast().await;
    for (address, words) in
        [("/en/check", "Line 2 cannot be read as YAML"), ("/fr/verifier", "La ligne 2 ne peut pas être lue")]
    {
        let answer = page(&site, address, "services:\n  a: [1\n  b: 2\n<i>é</i>", "compose").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.one(".error-summary").contains(words) || answer.one(".error-summary").contains("ne 3"),
            "{}",
            answer.one(".error-summary")
        );
        assert!(answer.one("textarea").contains("<i>é</i>"));
        assert_eq!(answer.attributes("select option[selected]", "value"), ["compose"]);
    }
    for text in ["", "  \n"] {
        assert_eq!(page(&site, "/en/check", text, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for bytes in [&b"\x7fELF\0\x01"[..], &[0xff, 0xfe, 0, 1], b"FROM a\0"] {
        let answer = send(&site, "/en/check", &[("file", Some("x"), bytes)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.one("#file-error").contains("not text in UTF-8"));
    }
    let large = vec![b'a'; 251_000];
    let answer = send(&site, "/en/check", &[("file", Some("x"), &large)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = vec![b'a'; 10_000_000];
    assert_eq!(send(&site, "/en/check", &[("file", Some("x"), &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let plain = site.post("/en/check", &[("text", "FROM nginx")]).await;
    assert_eq!(plain.status, StatusCode::OK, "a form without files is taken too");
    let foreign = Request::post("/en/check").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(site.send(foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn hostile_names_are_shown_as_text() {
    let site = Site::with_cast().await;
    let list = "<script>alert(1)</script>\n\"><img src=x onerror=alert(1)>\n'; drop table images; --\nnginx\u{202e}txt\n{{7*7}}\n../../etc/passwd\n";
    let answer = page(&site, "/en/check", list, "list").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.all("main img, main script").len(), 0);
    let written = answer.all("tbody th");
    assert!(written.contains(&"<script>alert(1)</script>".to_owned()), "{written:?}");
    assert!(written.contains(&"nginx\u{fffd}txt".to_owned()), "what turns the writing round is not shown");
}

#[tokio::test]
async fn programs_get_json_or_a_problem_in_their_language() {
    let site = Site::with_cast().await;
    let (answer, json) = ask(&site, "?name=Dockerfile", "FROM python:3.13\nFROM nginx\n").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(json["kind"], "dockerfile");
    assert_eq!(json["images"][1]["lines"], serde_json::json!([2]));
    assert_eq!(json["images"][1]["image"]["page"], "http://127.0.0.1:8080/en/images/nginx");
    assert_eq!((&json["summary"]["images"], &json["summary"]["all_procured"]), (&2.into(), &false.into()));
    let (_, json) = ask(&site, "", "FROM python:3.13\nFROM scratch\n").await;
    assert_eq!(json["summary"]["all_procured"], true);
    let wrong = [
        ("?kind=dockerfile&lang=fr", "BAKE it\n".to_owned(), 422, "La ligne 1"),
        ("?kind=spaceship", String::new(), 400, "dockerfile, compose, kubernetes, helm, list"),
        ("?lang=xx", String::new(), 400, "en, fr"),
        ("", String::new(), 422, "not empty"),
        ("?kind=helm", "a: &a [*a]\n".to_owned(), 422, "ine 1"),
        ("?lang=fr", "x".repeat(300_000), 413, "Demande"),
    ];
    for (parameters, body, status, words) in wrong {
        let (answer, json) = ask(&site, parameters, body).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{parameters}");
        assert_eq!((answer.status.as_u16(), &json["status"]), (status, &status.into()), "{parameters}");
        assert!(status == 413 || json["errors"][0].as_str().unwrap().contains(words), "{json}");
    }
    let foreign =
        Request::post("/api/v1/check").header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    assert_eq!(site.send(foreign.body(Body::from("nginx")).unwrap()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get("/api/v1/check").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn nothing_that_is_sent_is_kept() {
    let site = Site::with_cast().await;
    let rows = "select coalesce(sum((xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', table_name), false, true, '')))[1]::text::bigint), 0)::bigint
                from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'";
    let count = async || -> i64 { sqlx::query_scalar(rows).fetch_one(&site.pool).await.unwrap() };
    let before = count().await;
    page(&site, "/en/check", "FROM nginx\nFROM nonesuch\n", "").await;
    send(&site, "/en/check", &[("file", Some("values.yaml"), b"image: nginx")]).await;
    ask(&site, "", "FROM nginx\n").await;
    assert!(before > 0);
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn no_body_breaks_the_check() {
    let site = Site::with_cast().await;
    let mut runner = TestRunner::deterministic();
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    let bodies: Vec<_> = (0..60).map(|_| bytes.new_tree(&mut runner).unwrap().current()).collect();
    for body in bodies {
        let request = Request::post("/api/v1/check").body(Body::from(body)).unwrap();
        assert!(!site.send(request).await.status.is_server_error());
    }
}
