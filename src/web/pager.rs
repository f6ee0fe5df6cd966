//! Numbered pages of a list.

/// Where in a list a page is, and the ways to the others.
#[derive(Clone, Debug)]
pub struct Pager {
    /// From 1; the last one where the address asked for more than there are.
    pub page: usize,
    pub pages: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The first, the last, those near this one, and gaps between them.
    pub steps: Vec<Step>,
}

/// A step of a pager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Page(usize, String),
    Gap,
}

impl Pager {
    /// The pager of a list of `total` rows, `per_page` a page, at the page asked for.
    pub fn new(asked: usize, per_page: usize, total: usize, address: impl Fn(usize) -> String) -> Pager {
        let pages = total.div_ceil(per_page).max(1);
        let page = asked.clamp(1, pages);
        let mut steps = Vec::new();
        let mut before = 0;
        let near = page.saturating_sub(2).max(1)..=(page + 2).min(pages);
        let shown: std::collections::BTreeSet<usize> = [1, pages].into_iter().chain(near).collect();
        for number in shown {
            if number > before + 1 {
                steps.push(Step::Gap);
            }
            steps.push(Step::Page(number, address(number)));
            before = number;
        }
        Pager {
            page,
            pages,
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < pages).then(|| address(page + 1)),
            steps,
        }
    }
}
