//! A page without the long runs of its tables' rows: those are read apart, so many at a time, since a parsed page takes
//! thirty times its own memory.

/// Rows at the beginning of a run that stay in the page: a heading, its rule and a row.
const KEPT: usize = 3;
/// Runs with fewer rows beyond those are left as they are.
pub const SHORTEST: usize = 16;

/// A page with its long tables folded.
#[derive(Debug)]
pub struct Folded<'t> {
    /// What is parsed as a whole.
    pub text: String,
    /// Its lines.
    pub lines: Vec<&'t str>,
    pub folds: Vec<Fold<'t>>,
}

/// Rows that were taken out.
#[derive(Debug)]
pub struct Fold<'t> {
    /// The line of the folded page, from 1, after which they stood.
    pub after: usize,
    /// The line of the file, from 1, in which the first of them stands.
    pub line: usize,
    pub rows: Vec<&'t str>,
}

impl<'t> Folded<'t> {
    /// Folds a page's runs of more rows than `shortest`; none where more lines than `most` are left.
    pub fn new(text: &'t str, shortest: usize, most: usize) -> Option<Folded<'t>> {
        let shortest = if has_far_links(text) { usize::MAX } else { shortest };
        let mut folded = Folded { text: String::new(), lines: Vec::new(), folds: Vec::new() };
        let mut run: Vec<&str> = Vec::new();
        let mut count = 0;
        for line in text.lines() {
            if folded.lines.len() > most {
                return None;
            }
            let place = count;
            count += 1;
            // To Markdown a return alone ends a line.
            if line.starts_with('|') && !line.contains('\r') {
                run.push(line);
                continue;
            }
            folded.end_run(&mut run, place, shortest);
            folded.keep(line);
        }
        folded.end_run(&mut run, count, shortest);
        (folded.lines.len() <= most).then_some(folded)
    }

    /// The line of the file, from 1, in which a line of the folded page stands.
    pub fn line(&self, line: usize) -> usize {
        let before = self.folds[..self.folds.partition_point(|fold| fold.after < line)].last();
        before.map_or(line, |fold| fold.line + fold.rows.len() + line - fold.after - 1)
    }

    /// The rows that stood after a line of the folded page.
    pub fn after(&self, line: usize) -> Option<&Fold<'t>> {
        let place = self.folds.binary_search_by_key(&line, |fold| fold.after).ok()?;
        self.folds.get(place)
    }

    fn keep(&mut self, line: &'t str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines.push(line);
    }

    /// Ends a run of rows before the line with the place `end`.
    fn end_run(&mut self, run: &mut Vec<&'t str>, end: usize, shortest: usize) {
        let kept = if run.len() > KEPT.saturating_add(shortest) { KEPT } else { run.len() };
        let rows = run.split_off(kept);
        run.drain(..).for_each(|line| self.keep(line));
        if !rows.is_empty() {
            self.folds.push(Fold { after: self.lines.len(), line: end + 1 - rows.len(), rows });
        }
    }
}

/// Whether rows may hold links that are defined elsewhere in the page, `[name]: address`: they are not read apart.
fn has_far_links(text: &str) -> bool {
    let is_row = |line: &&str| line.starts_with('|');
    text.lines().filter(|line| !is_row(line)).any(|line| line.contains("]:"))
        && text.lines().filter(is_row).any(|line| line.contains('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_the_numbers_that_they_have_in_the_file() {
        let rows = (0..30).map(|row| format!("|{row}|\n")).collect::<Vec<_>>().concat();
        let text = format!("# A\n\n|a|\n|-|\n{rows}\nbetween\n\n|b|\n|-|\n{rows}end");
        let folded = Folded::new(&text, 10, 1_000).expect("few lines");
        let all: Vec<&str> = text.lines().collect();
        assert_eq!(folded.lines.len(), 12);
        for (place, line) in folded.lines.iter().enumerate() {
            assert_eq!(all[folded.line(place + 1) - 1], *line);
        }
        for fold in &folded.folds {
            assert_eq!(all[fold.line - 1..][..fold.rows.len()], fold.rows[..]);
        }
        assert_eq!(Folded::new(&text, 100, 1_000).expect("few lines").text.trim_end(), text);
        assert!(Folded::new(&text, 10, 5).is_none());
    }
}
