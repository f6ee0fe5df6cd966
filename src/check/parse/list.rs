//! A plain list: one reference or name a line.

use super::variables::{NoValues, fill};
use super::{Collected, Unreadable};

/// Reads a list. What follows a `#` at the beginning of a word is a remark; a bullet before a line does not count.
pub fn read(text: &str, found: &mut Collected) -> Result<(), Unreadable> {
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let said = if line.starts_with('#') { "" } else { line.split(" #").next().unwrap_or_default() };
        let name = said.trim_start_matches(['-', '*', '•']).trim();
        if !name.is_empty() {
            let name = fill(name, &NoValues, &mut found.budget).map_err(|spent| Unreadable::Spent(number, spent))?;
            found.add(name, number)?;
        }
    }
    Ok(())
}
