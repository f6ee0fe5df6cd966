//! What is found in files that people have, and that nothing a file holds breaks the reader.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::time::Instant;

use proptest::prelude::*;

use super::variables::UNKNOWN;
use super::*;
use crate::i18n::Lang;
use crate::web::budget::Spent;

fn read(bytes: &[u8], name: &str, kind: Option<Kind>) -> Result<(Kind, Collected), Unreadable> {
    super::read(bytes, name, kind, &Stop::default())
}

fn named(text: &str, name: &str) -> (Kind, Vec<(String, Vec<usize>)>) {
    let (kind, found) = read(text.as_bytes(), name, None).unwrap();
    (kind, found.images.into_iter().map(|named| (named.image.shown, named.lines)).collect())
}

fn expect(text: &str, name: &str, kind: Kind, images: &[(&str, &[usize])]) {
    let images = images.iter().map(|(image, lines)| ((*image).to_owned(), lines.to_vec())).collect();
    assert_eq!(named(text, name), (kind, images), "{name}");
}

fn refused(text: &str) -> Unreadable {
    read(text.as_bytes(), "", None).unwrap_err()
}

#[test]
fn a_dockerfile_names_what_its_stages_stand_on() {
    expect(
        include_str!("../../../tests/fixtures/projects/Dockerfile"),
        "Dockerfile",
        Kind::Dockerfile,
        &[
            ("node:22-slim", &[10]),
            ("docker.io/library/python:3.13", &[21]),
            ("ghcr.io/astral-sh/uv:0.5", &[24]),
            ("redis:7", &[27]),
            ("${REGISTRY}/nginx:1.27", &[38]),
            ("${FINAL}", &[43]),
        ],
    );
}

#[test]
fn a_compose_file_names_its_services_images_through_anchors_and_merges() {
    let (kind, found) =
        read(include_bytes!("../../../tests/fixtures/projects/compose.yaml"), "stack.yml", None).unwrap();
    assert_eq!(kind, Kind::Compose);
    let images: Vec<_> = found.images.iter().map(|one| (one.image.shown.as_str(), one.lines.as_slice())).collect();
    let expected: [(&str, &[usize]); 4] = [
        ("python:3.13-slim", &[6]),
        ("docker.io/bitnami/nginx:1.27", &[13]),
        (
            "registry.example.gc.ca:5000/team/postgres:17@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            &[19],
        ),
        ("${CACHE_IMAGE:?say which}", &[32]),
    ];
    assert_eq!(images, expected);
    assert_eq!(found.built, ["site"]);
}

#[test]
fn manifests_name_the_images_of_all_their_containers() {
    expect(
        include_str!("../../../tests/fixtures/projects/manifests.yaml"),
        "all.yaml",
        Kind::Kubernetes,
        &[
            ("nginx:1.27", &[19, 68]),
            ("busybox", &[23]),
            (
                "artifacts-artefacts.devops.cloud-nuage.canada.ca/docker-chainguard-remote/ssc-spc.gc.ca/python:3.13.3",
                &[42],
            ),
            ("ghcr.io/org/debug@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", &[54]),
        ],
    );
}

#[test]
fn values_name_images_in_each_of_their_ways() {
    expect(
        include_str!("../../../tests/fixtures/projects/values.yaml"),
        "values-prod.yaml",
        Kind::Helm,
        &[
            ("docker.io/bitnami/nginx:1.27.0", &[7]),
            ("quay.io/metallb/controller:v0.14", &[15]),
            ("osgeo/gdal", &[19]),
            ("memcached:1.6", &[23]),
            ("{{ .Values.global.registry }}/busybox:1.20", &[26]),
        ],
    );
}

#[test]
fn a_list_names_an_image_a_line() {
    let text = "# ours\nnginx:1.27   # the proxy\n- ghcr.io/org/app:1\n\n* python\nnginx:1.27\n";
    expect(text, "", Kind::List, &[("nginx:1.27", &[2, 6]), ("ghcr.io/org/app:1", &[3]), ("python", &[5])]);
    let (_, found) = read(b"ASP.NET Runtime\n", "", Some(Kind::List)).unwrap();
    assert_eq!(found.images[0].image.shown, "ASP.NET Runtime");
}

#[test]
fn the_kind_is_told_by_name_or_content() {
    let of = |text: &str, name: &str| named(text, name).0;
    assert_eq!(of("from a\n", ""), Kind::Dockerfile);
    assert_eq!(of("FROM a\n", "Dockerfile.prod"), Kind::Dockerfile);
    assert_eq!(of("services: {a: {image: b}}\n", ""), Kind::Compose);
    assert_eq!(of("services: {a: {port: 1}}\nimage: b\n", ""), Kind::Helm);
    assert_eq!(of("apiVersion: v1\nkind: Pod\n", ""), Kind::Kubernetes);
    assert_eq!(of("image: nginx\n", ""), Kind::Helm);
    assert_eq!(of("nginx\n", "images.txt"), Kind::List);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    assert_eq!(refused(""), Unreadable::Empty);
    assert_eq!(refused(" \n\t\n"), Unreadable::Empty);
    assert_eq!(refused("FROM nginx\0\n"), Unreadable::NotText);
    assert_eq!(refused("FROM a\n\nBAKE it\n"), Unreadable::Dockerfile(3));
    assert_eq!(read(b"# nothing\nARG A\n", "Dockerfile", None).unwrap_err(), Unreadable::NoStage);
    assert_eq!(refused("a: 1\nb: [1, 2\nc: 3\n"), Unreadable::Yaml(3));
    assert_eq!(refused("a:\n  {{- if .Values.x }}\n  b: 1\n"), Unreadable::Template(2));
    assert_eq!(refused(&"nginx ".repeat(50_000)), Unreadable::TooLarge);
    assert_eq!(refused(&format!("{}\n", "a".repeat(501))), Unreadable::TooLong(1));
    let many: String = (0..=MOST_IMAGES).map(|number| ["image-", &number.to_string(), "\n"].concat()).collect();
    assert_eq!(refused(&many), Unreadable::TooMany);
    assert_eq!(read(&[0xff, 0xfe, b'F', 0], "", None).unwrap_err(), Unreadable::NotText);
}

#[test]
fn bombs_are_refused_before_they_unfold() {
    let began = Instant::now();
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..30 {
        let again = format!("*a{}, ", level - 1).repeat(9);
        writeln!(laughs, "a{level}: &a{level} [{again}]").unwrap();
    }
    assert!(matches!(refused(&laughs), Unreadable::Spent(..)));
    let mut merged = "a0: &a0 {image: x}\n".to_owned();
    for level in 1..60 {
        writeln!(merged, "a{level}: &a{level} {{<<: [*a{0}, *a{0}]}}", level - 1).unwrap();
    }
    assert!(matches!(refused(&merged), Unreadable::Spent(..)));
    assert!(matches!(refused("a: &a [*a]\n"), Unreadable::Spent(1, _) | Unreadable::Yaml(1)));
    for (open, more) in [("[", ""), ("{a: ", ""), ("- ", ""), ("? ", ""), ("", "x:\n")] {
        let deep = if more.is_empty() { open.repeat(60_000) } else { nested(more) };
        assert!(
            matches!(refused(&deep), Unreadable::Spent(..) | Unreadable::Yaml(_) | Unreadable::TooLong(1)),
            "{open}{more}"
        );
        let as_yaml = read(deep.as_bytes(), "", Some(Kind::Helm)).unwrap_err();
        assert!(matches!(as_yaml, Unreadable::Spent(..) | Unreadable::Yaml(_)), "{open}{more}");
    }
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn arguments_that_unfold_into_more_than_people_write_are_refused_while_they_do() {
    let began = Instant::now();
    let letters = "abcdefghij".repeat(10);
    let fold = |level: usize| format!("ARG A{level}={}\n", format!("$A{}", level - 1).repeat(10));
    let folded = (1..12).map(fold).collect::<Vec<_>>().concat();
    let tenfold = format!("ARG A0={letters}\n{folded}FROM $A11\n");
    let refusal = read(tenfold.as_bytes(), "", Some(Kind::Dockerfile)).unwrap_err();
    assert!(matches!(refusal, Unreadable::Spent(5, Spent::Characters(_))), "{refusal:?}");
    let copies = (0..9_000).map(|number| format!("ARG B{number}=$A0\n")).collect::<Vec<_>>().concat();
    let large = format!("ARG A0={}\n{copies}FROM $B1\n", letters.repeat(1_000));
    let refusal = read(large.as_bytes(), "", Some(Kind::Dockerfile)).unwrap_err();
    assert!(matches!(refusal, Unreadable::Spent(_, Spent::Characters(_))), "{refusal:?}");
    assert!(refusal.in_words(Lang::Fr).contains("caractères"), "{}", refusal.in_words(Lang::Fr));
    assert!(began.elapsed().as_secs() < 2, "{:?}", began.elapsed());
}

/// The worst that people send, each as long as is taken.
fn bombs() -> Vec<String> {
    let mut bombs: Vec<String> = [
        "[",
        "{a: ",
        "- ",
        "? ",
        "a: ",
        "&a ",
        "${A:-",
        "${A:-x}",
        "$A",
        "{{",
        "{{x}}",
        "ONBUILD ",
        "\"",
        "'",
        "<<A\n",
        "- &a x\n",
        "nginx\n",
        "|\n",
        "--- a\n",
        "[a,",
        "{a,",
        "\\\n",
        "FROM $A AS a\n",
        "ARG A=$A$A\n",
        "*a ",
        "%",
        "!a ",
    ]
    .map(|piece| piece.repeat(LARGEST / piece.len()))
    .into();
    bombs.push(format!("A: &a {{k: 1}}\nx: &x {{<<: [{}]}}\ny: [{}]\n", "*a,".repeat(30_000), "*x,".repeat(9_000)));
    bombs.push(format!("a: &a {{b: 1}}\nservices: {{x: {{<<: [{}], image: b}}}}\n", "*a,".repeat(80_000)));
    bombs.push(format!("ARG A={}\n{}FROM $A\n", "a".repeat(100_000), "ARG B=$A$A$A\n".repeat(10_000)));
    bombs.push(format!("ARG A={}\nFROM {}\n", "a".repeat(100), "$A".repeat(100_000)));
    bombs
}

#[test]
fn every_bomb_as_every_kind_stays_within_the_budget() {
    for bomb in bombs() {
        for kind in Kind::ALL {
            let (start, began) = (bomb.chars().take(20).collect::<String>(), Instant::now());
            match read(bomb.as_bytes(), "", Some(kind)) {
                Ok((_, found)) => within(&found),
                Err(refusal) => {
                    for lang in [Lang::En, Lang::Fr] {
                        let sentence = refusal.in_words(lang);
                        assert!(!sentence.contains('⟦') && sentence.ends_with('.'), "{sentence}");
                    }
                }
            }
            assert!(began.elapsed().as_secs() < 10, "{start:?} as {kind:?}: {:?}", began.elapsed());
        }
    }
}

fn within(found: &Collected) {
    let (nodes, characters) = found.budget.spent();
    assert!(nodes <= ALLOWED.nodes && characters <= ALLOWED.characters);
    let made: usize = found.images.iter().map(|named| named.image.text.len().max(named.image.shown.len())).sum();
    assert!(made <= characters, "all that was made was counted");
}

#[test]
fn reading_ends_where_nobody_waits() {
    let stop = Stop::default();
    assert!(super::read(b"FROM nginx\n", "", None, &stop).is_ok());
    stop.set();
    for kind in Kind::ALL {
        let ended = super::read(b"FROM nginx\n", "", Some(kind), &stop);
        assert!(ended.is_err(), "{kind:?}");
    }
}

fn nested(line: &str) -> String {
    (0..600).flat_map(|depth| [" ".repeat(depth), line.to_owned()]).collect()
}

#[test]
fn long_files_are_read_in_no_time() {
    let lines = LARGEST / 12;
    let began = Instant::now();
    for line in [
        "a: 1\n",
        "FROM nginx\n",
        "\"a\": 'b'\n",
        "- [a, b]\n",
        "&a b: c\n",
        "# a\n",
        "|\n",
        "\t\n",
        "--- \n",
        "RUN <<A\n",
    ] {
        for kind in Kind::ALL {
            let _ = read(line.repeat(lines).as_bytes(), "", Some(kind));
        }
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, "", None);
        for kind in Kind::ALL {
            let _ = read(&bytes, "", Some(kind));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("FROM "), Just("ARG "), Just("COPY --from="), Just("RUN <<EOF\n"), Just("EOF\n"), Just("AS a\n"), Just("\\\n"),
                Just("# escape=`\n"), Just("${A:-"), Just("}"), Just("$"), Just("{{"), Just("}}"), Just("image: "), Just("- "), Just("\n"),
                Just("  "), Just("&a "), Just("*a"), Just("<<: "), Just("services:\n"), Just("containers:\n"), Just("|\n"), Just("\""),
                Just("'"), Just("["), Just("{"), Just("]"), Just("---\n"), Just("? "), Just("é"), Just("nginx:1@sha256:"), Just("\t"),
                Just("\r"), Just("%YAML 1.2\n"), Just("!!str "), Just("ONBUILD "), Just("kind: Pod\napiVersion: v1\n"), Just("--mount=from="),
            ],
            0..60,
        )
    ) {
        let text = pieces.concat();
        for kind in Kind::ALL {
            if let Ok((_, found)) = read(text.as_bytes(), "", Some(kind)) {
                let lines = text.replace("\r\n", "\n").replace('\r', "\n").lines().count().max(1);
                within(&found);
                for named in found.images {
                    prop_assert!(!named.image.shown.contains(UNKNOWN));
                    prop_assert!(named.lines.iter().all(|line| (1..=lines).contains(line)), "{:?} in {text:?}", named);
                }
            }
        }
    }
}
