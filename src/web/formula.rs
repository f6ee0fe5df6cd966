//! Cells that a spreadsheet would run as a formula: neutralised by an apostrophe, which reading takes away again.

use std::borrow::Cow;

/// The cell as it is written: with one apostrophe more where it would be run, or would lose one in reading.
pub fn neutralise(cell: &str) -> Cow<'_, str> {
    if is_run(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before it was neutralised.
pub fn restore(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_run(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Whether a spreadsheet takes a text that begins so for a formula.
fn is_run(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_cell_comes_back_and_none_is_run(cell in "['=+@＝-]{0,4}.{0,12}") {
            let written = neutralise(&cell).into_owned();
            prop_assert!(!is_run(&written));
            prop_assert_eq!(restore(&written), cell);
        }
    }
}
