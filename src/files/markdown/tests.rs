//! What is read of a page.

use crate::files::Column;
use crate::files::markdown::*;

fn budget() -> Budget {
    Budget::new(crate::files::ALLOWED, &crate::web::work::Stop::default())
}

fn read_both(text: &str) {
    let whole = read_folded(text, usize::MAX, &mut budget());
    let folded = read_folded(text, 2, &mut budget());
    let Ok(whole) = whole else { panic!("within the budget") };
    if let Ok(folded) = folded {
        assert_eq!(folded.rows, whole.rows, "{text}");
        assert_eq!(folded.problems, whole.problems, "{text}");
        assert_eq!(folded.remarks, whole.remarks, "{text}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(500))]

    #[test]
    fn a_page_with_its_long_tables_folded_is_read_as_if_whole(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "# Procured\n", "\n", "|Image name|Department|\n", "|-|-|\n", "|a|b|\n", "|*c*|`d`|\n", "|[e][x]|f|\n", "| |\n", "|g|\n", "|||\n",
            "|h|i|j|\n", "|k \\| l|m|\n", "text\n", "a | b\n", "```\n", "<!--\n", "-->\n", "|-->|x|\n", "<div>\n", "> ", "- ", "    ",
            "[x]: y\n", "Under consideration:\n", "---\n", "|<br>|<b>|\n", "|n|o|\r\n", "|p|q|\r|r|s|\n",
        ]), 0..60),
    ) {
        read_both(&pieces.concat());
    }
}

#[test]
fn rows_of_long_tables_keep_their_lines_marks_and_links() {
    let rows = (0..1_000)
        .map(|row| format!("|image-{row}|*D*|[n](https://example.ca) <br> {row}|\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = format!("# Procured\n\n|Image name|Department|Notes|\n|-|-|-|\n{rows}");
    let (file, problems) = read(&text, &mut budget());
    assert_eq!((problems.as_slice(), file.rows.len()), (&[][..], 1_000));
    let last = &file.rows[999];
    assert_eq!((last.line, &*last.name, &*last.department), (1_004, "image-999", "D"));
    assert_eq!(last.notes, Some(Some("n \n 999".to_owned())));
    read_both(&text);
    assert!(read_folded(&text, SHORTEST, &mut budget()).is_ok_and(|page| page.unfolded == 1));
    let far = text.replace("(https://example.ca)", "[x]") + "\n[x]: https://example.ca\n";
    let (file, _) = read(&far, &mut budget());
    assert_eq!(file.rows[999].notes, last.notes, "a link that is defined elsewhere");
}

#[test]
fn headings_are_understood_by_what_they_mean() {
    for (text, expected) in [
        ("Procured Chainguard Images", Some(Status::Procured)),
        ("The following hardened container images have already been procured:", Some(Status::Procured)),
        ("Potential Chainguard Images", Some(Status::UnderConsideration)),
        ("The following hardened container images are under active consideration:", Some(Status::UnderConsideration)),
        ("Images not yet procured", Some(Status::UnderConsideration)),
        ("Images acquises", Some(Status::Procured)),
        ("Images à l’étude", Some(Status::UnderConsideration)),
        ("Images refusées", Some(Status::Declined)),
        ("Retired images", Some(Status::Retired)),
        ("Contacts", None),
    ] {
        assert_eq!(meaning(text), expected, "{text}");
    }
}

#[test]
fn an_empty_row_is_passed_over_and_a_line_break_in_a_name_is_said() {
    let heading = "## Procured images\n| Image name | Renewal date | Department | Notes |\n|---|---|---|---|\n";
    let (file, problems) = read(&format!("{heading}| redis | 2027-03-01 | SSC | a |\n|  |  |  |  |\n"), &mut budget());
    assert_eq!((problems.as_slice(), file.rows.len()), (&[][..], 1));
    let (_, problems) = read(&format!("{heading}| redis<br>valkey | 2027-03-01 | SSC | a<br>b |\n"), &mut budget());
    assert_eq!(problems, [Problem { line: Some(4), kind: ProblemKind::LineBreak { column: Column::Name } }]);
}

#[test]
fn a_line_of_a_table_is_split_at_its_bars() {
    assert_eq!(split("| a | b |"), ["a", "b"]);
    assert_eq!(split("a | b"), ["a", "b"]);
    assert_eq!(split(r"| a \| b |  | c"), [r"a \| b", "", "c"]);
    assert_eq!(split("| a |"), ["a"]);
}
