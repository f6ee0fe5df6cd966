//! The programming interface: what it describes is what it answers, whole lists come in parts, and nothing else comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use image_catalogue::i18n::Lang;
use serde_json::Value;

use crate::support::{Answer, Site};

/// Every address that is written to: see `api_writes.rs`.
const WRITTEN: [&str; 3] = ["/api/v1/imports", "/api/v1/images/{slug}/renewals", "/api/v1/images/{slug}/status"];

/// Every address of the interface that is read, and an example of each.
const ADDRESSES: [(&str, &str); 8] = [
    ("/api/openapi.json", "/api/openapi.json?lang=fr"),
    ("/api/v1/allow-list.json", "/api/v1/allow-list.json"),
    ("/api/v1/changes", "/api/v1/changes?limit=500"),
    ("/api/v1/demand", "/api/v1/demand"),
    ("/api/v1/images", "/api/v1/images"),
    ("/api/v1/images/{slug}", "/api/v1/images/python"),
    ("/api/v1/licences", "/api/v1/licences?renewal=passed&renewal=soon&department=SPC"),
    ("/api/v1/organisations", "/api/v1/organisations?limit=500"),
];

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|problem| panic!("{}: {problem}", answer.path))
}

pub async fn read(site: &Site, address: &str) -> Value {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json", "{address}");
    json(&answer)
}

/// What the document says of an answer, as a schema that stands by itself.
fn schema(document: &Value, path: &str, status: &str) -> jsonschema::Validator {
    schema_of(document, path, "get", status)
}

pub fn schema_of(document: &Value, path: &str, method: &str, status: &str) -> jsonschema::Validator {
    let content = &document["paths"][path][method]["responses"][status]["content"];
    let (_, body) = content.as_object().unwrap_or_else(|| panic!("{path} {status}")).iter().next().unwrap();
    let mut schema = document.clone();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["allOf"] = vec![body["schema"].clone()].into();
    jsonschema::validator_for(&schema).unwrap()
}

pub fn check(validator: &jsonschema::Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}");
}

/// No object of an answer has a field that its description does not know.
pub fn closed(document: &mut Value) {
    for (_, schema) in document["components"]["schemas"].as_object_mut().unwrap() {
        if schema["type"] == "object" {
            schema["additionalProperties"] = false.into();
        }
    }
    let listed: Vec<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    assert!(listed.iter().any(|name| name == "Problem"), "{listed:?}");
}

#[tokio::test]
async fn the_document_lists_the_addresses_of_the_router_and_every_answer_is_as_it_says() {
    let site = Site::with_cast().await;
    site.import("Image name,Renewal date,Department\nPython,2027-03-01,SSC\n", "renewed.csv", "Renewed").await;
    let mut document = read(&site, "/api/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let project = "/api/v1/check";
    assert_eq!(described, ADDRESSES.iter().map(|(path, _)| *path).chain([project]).chain(WRITTEN).collect());
    closed(&mut document);
    for (path, example) in ADDRESSES {
        let answer = read(&site, example).await;
        let items = answer.get("items").map(|items| items.as_array().unwrap().len());
        assert_ne!(items, Some(0), "{example} shows something");
        if path != "/api/openapi.json" {
            check(&schema(&document, path, "200"), &answer, example);
        }
        let operations: Vec<&String> = document["paths"][path].as_object().unwrap().keys().collect();
        assert_eq!(operations, ["get"], "{path}");
        assert!(document["paths"][path]["get"]["security"].is_array(), "{path} says whether it needs a token");
        let posted = site.send(request(Method::POST, example, "fr-CA")).await;
        assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        check(&schema(&document, path, "405"), &json(&posted), example);
        let refused = site.get(&format!("{path}?stauts=procured").replace("{slug}", "python")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path}");
        check(&schema(&document, path, "400"), &json(&refused), example);
    }
    for (parameters, body, status) in [
        ("", "FROM python:3.13\nFROM nginx\nFROM nonesuch AS a\nFROM a\n", "200"),
        ("?lang=fr", "", "422"),
        ("?kind=", "nginx", "400"),
        ("?lang=", "nginx", "400"),
    ] {
        let sent = Request::post(format!("{project}{parameters}")).body(Body::from(body)).unwrap();
        let answer = site.send(sent).await;
        assert_eq!(answer.status.as_str(), status, "{parameters}");
        check(&schema_of(&document, project, "post", status), &json(&answer), parameters);
    }
    let mut wrong = read(&site, "/api/v1/images").await;
    wrong["items"][0]["contact"] = "a@b.ca".into();
    assert!(!schema(&document, "/api/v1/images", "200").is_valid(&wrong), "the check sees a field too many");
}

fn request(method: Method, address: &str, language: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(address).header("sec-fetch-site", "same-origin");
    request.header("accept-language", language).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_refusal_is_wholly_in_the_language_that_the_address_asks_for() {
    let site = Site::with_cast().await;
    let written = WRITTEN.map(|path| (Method::POST, path));
    let read = ADDRESSES.map(|(path, _)| (Method::GET, path));
    let others =
        [(Method::POST, "/api/v1/check"), (Method::GET, "/api/v1/nowhere"), (Method::DELETE, "/api/v1/images")];
    for (method, path) in written.into_iter().chain(read).chain(others) {
        for (asked, preferred) in [("fr", "en-CA"), ("en", "fr-CA")] {
            let address = format!("{path}?lang={asked}&stauts=procured").replace("{slug}", "python");
            let answer = site.send(request(method.clone(), &address, preferred)).await;
            let agrees = site.send(request(method.clone(), &address, asked)).await;
            assert!(answer.status.is_client_error(), "{method} {address}: {}", answer.status);
            assert_eq!(answer.text(), agrees.text(), "{method} {address}");
            assert_eq!(answer.header("content-language"), asked, "{method} {address}");
        }
    }
}

#[tokio::test]
async fn every_word_of_the_document_and_its_page_is_there_in_both_languages() {
    let site = Site::with_cast().await;
    for (lang, page) in [(Lang::En, "/en/api"), (Lang::Fr, "/fr/api")] {
        let document = site.get(&format!("/api/openapi.json?lang={}", lang.code())).await;
        assert!(!document.text().contains('⟦'), "{}", document.text().split('⟦').nth(1).unwrap());
        let answer = site.get(page).await;
        for (path, _) in ADDRESSES {
            assert!(answer.all("h3 code").contains(&format!("GET {path}")), "{path}");
        }
        assert!(answer.all("h3 code").contains(&"POST /api/v1/check".to_owned()));
        let limit = ["1 to 500, 100 where it is not given", "de 1 à 500, 100 s’il n’est pas donné"][lang as usize];
        assert!(answer.text().contains(limit));
        for link in answer.attributes("main a[href^='#']", "href") {
            assert_eq!(answer.all(&format!("[id='{}']", &link[1..])).len(), 1, "{link}");
        }
        assert_eq!(answer.attributes(".site-footer a[href$='/api']", "href"), [page]);
    }
}

/// Every entry of a list, by following its parts; `meanwhile` happens after the first.
async fn walk(site: &Site, address: &str, meanwhile: impl AsyncFnOnce()) -> Vec<Value> {
    let mut part = read(site, address).await;
    let mut items = part["items"].as_array().unwrap().clone();
    meanwhile().await;
    while let Some(next) = part["next"].as_str() {
        part = read(site, next).await;
        items.extend(part["items"].as_array().unwrap().iter().cloned());
    }
    items
}

fn slugs(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_is_walked_once_while_the_catalogue_is_edited() {
    let site = Site::with_cast().await;
    let before = walk(&site, "/api/v1/images?limit=500", async || ()).await;
    let edited = "Image name,Renewal date,Department,Status\naaa first,2027-01-01,SSC,Procured\nPython,2029-01-01,SSC,Procured\n\
                  nginx,TBD,NRCAN,Declined\n";
    let walked = walk(&site, "/api/v1/images?limit=3", async || {
        site.import(edited, "edited.csv", "").await;
    })
    .await;
    assert_eq!(slugs(&walked)[..before.len()], slugs(&before));
    assert_eq!(slugs(&walked)[before.len()..], ["aaa-first"]);
    for list in ["licences", "demand", "organisations", "changes"] {
        let whole = walk(&site, &format!("/api/v1/{list}?limit=500"), async || ()).await;
        let parts = walk(&site, &format!("/api/v1/{list}?limit=2"), async || ()).await;
        assert_eq!(whole, parts, "{list}");
    }
    let newest = read(&site, "/api/v1/changes?limit=500").await;
    let cursor = newest["cursor"].as_str().unwrap();
    site.import("Image name,Renewal date,Department\nPython,2030-01-01,SSC\n", "again.csv", "Renewed").await;
    let new = read(&site, &format!("/api/v1/changes?cursor={cursor}")).await;
    let fields = new["items"][0]["fields"].as_array().unwrap();
    assert_eq!(new["items"].as_array().unwrap().len(), 1);
    assert_eq!((&fields[0]["field"], &fields[0]["after_fr"]), (&"renewal_date".into(), &"2030-01-01".into()));
}

#[tokio::test]
async fn filters_are_those_of_the_list_and_stay_in_the_next_part() {
    let site = Site::with_cast().await;
    let wanted = walk(&site, "/api/v1/images?status=under_consideration&department=RNCan&limit=1", async || ()).await;
    assert_eq!(slugs(&wanted), ["nginx", "osgeo-gdal", "donnees-geospatiales"]);
    let found = read(&site, "/api/v1/images?q=python").await;
    assert_eq!(slugs(found["items"].as_array().unwrap()), ["python"]);
    let python = &found["items"][0];
    let lines: Vec<_> =
        python["lines"].as_array().unwrap().iter().map(|line| &line["department"]["acronym_fr"]).collect();
    assert_eq!(lines, ["SPC", "EDSC"]);
    let licences = read(&site, "/api/v1/licences?renewal=passed").await;
    assert_eq!(licences["items"][0]["renewal_fr"], "Date de renouvellement passée, non confirmée");
    assert_eq!(slugs(licences["items"].as_array().unwrap()), ["python"]);
}

#[tokio::test]
async fn demand_counts_named_departments_and_their_parts_once() {
    let rows = "Image name,Renewal date,Department,Status\nredis,TBD,ESDC,Under consideration\n\
                redis,TBD,Service Canada,Under consideration\nredis,TBD,GC,Under consideration\n\
                alone,TBD,GC,Under consideration\n";
    let site = Site::with(rows, &[]).await;
    let demand = read(&site, "/api/v1/demand").await;
    let told: BTreeMap<&str, (u64, String)> = demand["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let names = item["departments"].as_array().unwrap().iter().map(|one| one["acronym_en"].as_str().unwrap());
            (item["slug"].as_str().unwrap(), (item["wanted_by"].as_u64().unwrap(), names.collect::<Vec<_>>().join(" ")))
        })
        .collect();
    assert_eq!(told, BTreeMap::from([("redis", (1, "ESDC".to_owned())), ("alone", (0, String::new()))]));
}

#[tokio::test]
async fn the_allow_list_has_whole_references_of_what_is_procured_and_their_digest() {
    let site = Site::with_cast().await;
    sqlx::query(
        "insert into registry_names (image_id, name, sample_tag, source)
         select id, 'other/' || slug, '1.2', 'published' from images where slug in ('nginx', 'chart-iamguarded', 'put-away')
         on conflict do nothing",
    )
    .execute(&site.pool)
    .await
    .unwrap();
    site.import("Image name,Department,Notes\nPython,SSC,Changed\n", "n.csv", "").await;
    let list = read(&site, "/api/v1/allow-list.json").await;
    let reference = "artifacts-artefacts.devops.cloud-nuage.canada.ca/docker-chainguard-remote/ssc-spc.gc.ca/python";
    assert_eq!(list["references"], Value::from(vec![reference]));
    assert_eq!(list["date"], "2026-11-22");
    let canonical = format!("{reference}\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes());
    let hex = digest.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(list["digest"], format!("sha256:{hex}"));
    let empty = read(&Site::with("", &[]).await, "/api/v1/allow-list.json").await;
    assert_eq!(empty["references"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn an_answer_that_has_not_changed_is_not_sent_again() {
    let site = Site::with_cast().await;
    for (_, example) in ADDRESSES {
        let etag = site.get(example).await.header("etag").to_owned();
        assert!(!etag.is_empty(), "{example}");
        let again = Request::get(example).header("if-none-match", &etag).body(Body::empty()).unwrap();
        let answer = site.send(again).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NOT_MODIFIED, 0), "{example}");
    }
    let etag = site.get("/api/v1/licences").await.header("etag").to_owned();
    site.import("Image name,Renewal date,Department\nPython,2027-03-01,SSC\n", "renewed.csv", "").await;
    assert_ne!(site.get("/api/v1/licences").await.header("etag"), etag);
}

#[tokio::test]
async fn what_is_not_offered_is_a_problem_in_the_language_of_the_program() {
    let site = Site::with_cast().await;
    for wrong in [
        "images?limit=0",
        "images?limit=501",
        "images?limit=ten",
        "images?cursor=1",
        "images?cursor=ffffffffffffffff",
        "images?cursor=00000000000000%200",
        "images?status=expired",
        "images?status=",
        "images?q=%20",
        "licences?department=",
        "images?renewal=never",
        "images?department=Nowhere",
        "images?per-page=3",
        "images/python?tag=1",
        "licences?department=Nowhere",
        "licences?status=procured",
        "demand?q=x",
        "changes?before=3",
        "allow-list.json?limit=1",
    ] {
        let answer = site.get(&format!("/api/v1/{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{wrong}");
        let problem = json(&answer);
        assert_eq!((&problem["status"], problem["errors"].as_array().unwrap().len()), (&400.into(), 1), "{wrong}");
    }
    for (language, title) in
        [("fr-CA,en;q=0.5", "Il n’y a rien à cette adresse"), ("en", "There is nothing at this address")]
    {
        for nowhere in ["/api/v1/images/nowhere", "/api/v1/nothing", "/api/v2"] {
            let answer = site.send(request(Method::GET, nowhere, language)).await;
            assert_eq!((answer.status, &json(&answer)["title"]), (StatusCode::NOT_FOUND, &title.into()), "{nowhere}");
            assert_eq!(answer.header("content-language"), &language[..2]);
        }
    }
}

#[tokio::test]
async fn too_many_requests_and_an_absent_database_are_problems_too() {
    let site = Site::with(crate::support::CAST, &["--rate-limit", "1"]).await;
    let often = || {
        let visitor = ConnectInfo(SocketAddr::from(([198, 51, 100, 7], 1000)));
        Request::get("/api/v1/images").extension(visitor).body(Body::empty()).unwrap()
    };
    let mut last = site.send(often()).await;
    for _ in 0..8 {
        last = site.send(often()).await;
    }
    assert_eq!((last.status, json(&last)["status"].clone()), (StatusCode::TOO_MANY_REQUESTS, 429.into()));
    assert_ne!(last.header("retry-after"), "");
    let site = Site::with_cast().await;
    site.pool.close().await;
    let away = site.get("/api/v1/changes").await;
    assert_eq!((away.status, json(&away)["status"].clone()), (StatusCode::SERVICE_UNAVAILABLE, 503.into()));
    assert_eq!(site.get("/api/v1/images").await.status, StatusCode::OK, "reading goes on from memory");
}

#[tokio::test]
async fn no_answer_has_a_contact_a_name_of_staff_or_a_reason_of_a_request() {
    let site = Site::with_cast().await;
    for (_, example) in ADDRESSES {
        let text = site.get(example).await.text().to_owned();
        for never in ["\"actor\":\"", "tester", "\"contact", "@", "price", "\"needed_by", "\"firmness"] {
            assert!(!text.contains(never), "{example}: {never}");
        }
    }
    let moved = site.get("/api/v1/images/PYTHON").await;
    assert_eq!(moved.status, StatusCode::NOT_FOUND);
}
