//! Amounts as people type them in either language: `1,234.50`, `1 234,50 $`.

/// The most that one price may be, in cents.
const MOST: i64 = 100_000_000_000;

/// An amount of Canadian dollars in cents; none where the text is not one.
pub fn cents(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches("CAD").trim_end_matches("CAD");
    let text = text.trim().trim_start_matches('$').trim_end_matches('$');
    let text: String = text.chars().filter(|character| !character.is_whitespace() && *character != '\'').collect();
    let (whole, decimals) = match text.rfind(['.', ',']) {
        Some(place) if text.len() - place <= 3 => (&text[..place], &text[place + 1..]),
        _ => (&*text, ""),
    };
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().filter(|first| !first.is_empty())?;
    let mut dollars = first.to_owned();
    let is_grouped = whole.contains(['.', ',']);
    if is_grouped && first.len() > 3 {
        return None;
    }
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        dollars.push_str(group);
    }
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(&dollars) || !is_digits(decimals) || (decimals.is_empty() && text.ends_with(['.', ','])) {
        return None;
    }
    let cents: i64 = format!("{decimals:0<2}").parse().ok()?;
    let total = dollars.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)?;
    (total <= MOST).then_some(total)
}

/// An amount in as many parts as even as cents allow; together they are the amount.
pub fn shared(cents: i64, parts: usize) -> impl Iterator<Item = i64> {
    let count = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
    let (each, rest) = (cents / count, cents % count);
    (0..parts).map(move |place| each + i64::from(i64::try_from(place).is_ok_and(|place| place < rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_as_either_language_writes_them() {
        for (text, amount) in [
            ("1234.50", 123_450),
            ("$1,234.50", 123_450),
            ("1 234,50 $", 123_450),
            ("1\u{a0}234,5\u{202f}$", 123_450),
            ("1,234", 123_400),
            ("1.234.567,89", 123_456_789),
            ("0", 0),
            ("CAD 12", 1_200),
        ] {
            assert_eq!(cents(text), Some(amount), "{text}");
        }
        for wrong in ["", "-1", "12.", "1,23,4", "1234,567", "a", "1.2.3", "9999999999.99", "٣", ".50", "1e3"] {
            assert_eq!(cents(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_amount(amount in 0..1_000_000_i64, parts in 1..50_usize) {
            let all: Vec<i64> = shared(amount, parts).collect();
            prop_assert_eq!(all.iter().sum::<i64>(), amount);
            prop_assert!(all.iter().all(|share| share - all[parts - 1] <= 1));
        }
    }
}
