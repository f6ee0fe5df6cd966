//! Texts compared and cut as people would: without regard to accents, case and doubled spaces.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text by which names are matched: no accents, no case, plain apostrophes, single spaces.
pub fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut spaced = false;
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        if letter.is_whitespace() {
            spaced = !key.is_empty();
            continue;
        }
        if spaced {
            key.push(' ');
            spaced = false;
        }
        key.push(if letter == '’' { '\'' } else { letter });
    }
    key
}

/// The words of a text: its runs of letters and digits, without accents and case.
pub fn words(text: &str) -> Vec<String> {
    key(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A text as part of an address: its words joined by hyphens, in ASCII. Empty where it has none.
pub fn slug(text: &str) -> String {
    let ascii = |word: String| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let parts: Vec<String> = words(text).into_iter().map(ascii).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// The first character of a text that nobody sees: a control, or one that turns the direction of writing. Line ends and
/// tabs are seen in a text of several lines.
pub fn unseen(text: &str, has_lines: bool) -> Option<char> {
    text.chars().find(|letter| match letter {
        '\n' | '\t' => !has_lines,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        letter => letter.is_control(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_accents_or_spaces_are_the_same_name() {
        assert_eq!(key("  Cert\u{a0} Manager "), key("cert manager"));
        assert_eq!(key("À l’Étude"), "a l'etude");
        assert_ne!(key("neo4j"), key("neo4j-iamguarded"));
    }

    #[test]
    fn addresses_are_readable() {
        assert_eq!(slug("OpenJDK (JDK & JRE)"), "openjdk-jdk-jre");
        assert_eq!(slug("ASP.NET Runtime"), "asp-net-runtime");
        assert_eq!(slug("osgeo/gdal"), "osgeo-gdal");
        assert_eq!(slug("日本"), "");
    }
}
