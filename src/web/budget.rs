//! What reading one text that a stranger sent may take: counted while it is read, and refused before it is made.

use super::work::Stop;
use crate::i18n::{Lang, Word};

/// What reading one text may take, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Bytes of the text.
    pub bytes: usize,
    /// Values, rows and cells that it is read into, those that it repeats counted each time.
    pub nodes: usize,
    /// Values within values.
    pub depth: usize,
    /// Characters made of it: copies, and what variables put in their places.
    pub characters: usize,
}

/// Why a text is not read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Spent {
    #[error("it has more than {0} bytes")]
    Bytes(usize),
    #[error("it unfolds into more than {0} values")]
    Nodes(usize),
    #[error("its values stand more than {0} deep")]
    Depth(usize),
    #[error("its variables make more than {0} characters")]
    Characters(usize),
    /// Nobody waits for it any more.
    #[error("nobody waits for it")]
    Stopped,
}

impl Spent {
    /// One sentence: what is wrong and what to do.
    pub fn in_words(self, lang: Lang) -> String {
        match self {
            Spent::Bytes(most) => lang.tell("budget-bytes", &[("n", Word::Number(most))]),
            Spent::Nodes(most) => lang.tell("budget-nodes", &[("n", Word::Number(most))]),
            Spent::Depth(most) => lang.tell("budget-depth", &[("n", Word::Number(most))]),
            Spent::Characters(most) => lang.tell("budget-characters", &[("n", Word::Number(most))]),
            Spent::Stopped => lang.t("budget-stopped").into_owned(),
        }
    }
}

/// What is left of an allowance.
#[derive(Clone, Debug)]
pub struct Budget {
    allowed: Allowance,
    nodes: usize,
    characters: usize,
    stop: Stop,
}

impl Budget {
    /// A budget for one text, whose reading ends when `stop` is set.
    pub fn new(allowed: Allowance, stop: &Stop) -> Budget {
        Budget { allowed, nodes: 0, characters: 0, stop: stop.clone() }
    }

    /// Holds the length of the text to what is allowed.
    ///
    /// # Errors
    /// When it is longer, or nobody waits.
    pub fn length(&self, bytes: usize) -> Result<(), Spent> {
        self.go_on()?;
        if bytes > self.allowed.bytes { Err(Spent::Bytes(self.allowed.bytes)) } else { Ok(()) }
    }

    /// Counts values, rows or cells that are about to be made or visited.
    ///
    /// # Errors
    /// When they are more than are left, or nobody waits.
    pub fn nodes(&mut self, more: usize) -> Result<(), Spent> {
        self.go_on()?;
        self.nodes = spent(self.nodes, more, self.allowed.nodes).ok_or(Spent::Nodes(self.allowed.nodes))?;
        Ok(())
    }

    /// Counts characters that are about to be made.
    ///
    /// # Errors
    /// When they are more than are left, or nobody waits.
    pub fn characters(&mut self, more: usize) -> Result<(), Spent> {
        self.go_on()?;
        let most = self.allowed.characters;
        self.characters = spent(self.characters, more, most).ok_or(Spent::Characters(most))?;
        Ok(())
    }

    /// Holds values within values to a depth.
    ///
    /// # Errors
    /// When it is deeper, or nobody waits.
    pub fn depth(&self, depth: usize) -> Result<(), Spent> {
        self.go_on()?;
        if depth > self.allowed.depth { Err(Spent::Depth(self.allowed.depth)) } else { Ok(()) }
    }

    /// Ends the work where nobody waits for it.
    ///
    /// # Errors
    /// When nobody waits.
    pub fn go_on(&self) -> Result<(), Spent> {
        if self.stop.is_set() { Err(Spent::Stopped) } else { Ok(()) }
    }

    /// What it had.
    pub fn allowed(&self) -> Allowance {
        self.allowed
    }

    /// How many nodes and characters were counted.
    pub fn spent(&self) -> (usize, usize) {
        (self.nodes, self.characters)
    }
}

/// The sum, where it is allowed.
fn spent(so_far: usize, more: usize, most: usize) -> Option<usize> {
    so_far.checked_add(more).filter(|sum| *sum <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALLOWED: Allowance = Allowance { bytes: 100, nodes: 50, depth: 5, characters: 1_000 };

    proptest! {
        #[test]
        fn no_order_of_spending_exceeds_the_budget(steps in proptest::collection::vec((any::<bool>(), 0..usize::MAX), 0..40)) {
            let mut budget = Budget::new(ALLOWED, &Stop::default());
            for (is_nodes, more) in steps {
                let more = if more % 3 == 0 { more } else { more % 100 };
                let before = budget.spent();
                let result = if is_nodes { budget.nodes(more) } else { budget.characters(more) };
                let (nodes, characters) = budget.spent();
                prop_assert!(nodes <= ALLOWED.nodes && characters <= ALLOWED.characters);
                prop_assert!(result.is_ok() || budget.spent() == before, "what is refused is not counted");
            }
        }
    }

    #[test]
    fn each_limit_is_named_in_both_languages() {
        for lang in [Lang::En, Lang::Fr] {
            for spent in
                [Spent::Bytes(1_000), Spent::Nodes(1_000), Spent::Depth(64), Spent::Characters(1_000), Spent::Stopped]
            {
                assert!(!spent.in_words(lang).contains('⟦'), "{spent}");
            }
        }
    }
}
