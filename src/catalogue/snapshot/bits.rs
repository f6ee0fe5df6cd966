//! Sets of lines: one bit a line, and the compact form in which a snapshot keeps them.

/// A set of lines, one bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// No line of `lines`.
    pub fn none(lines: usize) -> Bits {
        Bits(vec![0; lines.div_ceil(64)])
    }

    /// Every line of `lines`.
    pub fn all(lines: usize) -> Bits {
        let mut words = vec![u64::MAX; lines.div_ceil(64)];
        if let (Some(last), rest @ 1..) = (words.last_mut(), lines % 64) {
            *last = (1 << rest) - 1;
        }
        Bits(words)
    }

    /// Puts a line into the set.
    pub fn insert(&mut self, line: u32) {
        self.0[line as usize / 64] |= 1 << (line % 64);
    }

    /// Takes a line out of the set.
    pub fn take(&mut self, line: u32) {
        self.0[line as usize / 64] &= !(1 << (line % 64));
    }

    /// The same set in a catalogue that has places for more lines.
    pub fn grown(&self, lines: usize) -> Bits {
        let mut words = Vec::with_capacity(lines.div_ceil(64));
        words.extend_from_slice(&self.0);
        words.resize(lines.div_ceil(64), 0);
        Bits(words)
    }

    /// Whether the set has this line.
    pub fn has(&self, line: u32) -> bool {
        self.0.get(line as usize / 64).is_some_and(|word| word >> (line % 64) & 1 == 1)
    }

    /// How many lines the set has.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Keeps only what the other set has too.
    pub fn keep(&mut self, other: &Bits) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0.iter().chain(std::iter::repeat(&0))) {
            *mine &= theirs;
        }
    }

    /// Removes what the other set has.
    pub fn remove(&mut self, other: &Bits) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= !theirs;
        }
    }

    /// Adds what a kept set has.
    pub fn add(&mut self, kept: &Kept) {
        match kept {
            Kept::Dense(bits) => {
                for (mine, theirs) in self.0.iter_mut().zip(&bits.0) {
                    *mine |= theirs;
                }
            }
            Kept::Sparse(lines) => lines.iter().for_each(|line| self.insert(*line)),
        }
    }

    /// How many lines of a kept set the set has.
    pub fn count_of(&self, kept: &Kept) -> usize {
        match kept {
            Kept::Dense(bits) => {
                self.0.iter().zip(&bits.0).map(|(mine, theirs)| (mine & theirs).count_ones() as usize).sum()
            }
            Kept::Sparse(lines) => lines.iter().filter(|line| self.has(**line)).count(),
        }
    }

    /// The lines of the set, in order.
    #[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 lines
    pub fn lines(&self) -> impl Iterator<Item = u32> {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(place as u32 * 64 + bit)
            })
        })
    }

    /// Does something with each of [`Bits::lines`], in half their time.
    #[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 lines
    pub fn each(&self, mut act: impl FnMut(u32)) {
        for (place, word) in self.0.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                act(place as u32 * 64 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }
}

/// A set of lines as a snapshot keeps it: in whichever form is smaller.
#[derive(Debug)]
pub enum Kept {
    Dense(Bits),
    Sparse(Box<[u32]>),
}

impl Kept {
    /// Keeps these lines, given in order, of a catalogue of `of` lines.
    pub fn new(lines: &[u32], of: usize) -> Kept {
        if lines.len() * 32 < of {
            return Kept::Sparse(lines.into());
        }
        let mut bits = Bits::none(of);
        for line in lines {
            bits.insert(*line);
        }
        Kept::Dense(bits)
    }

    /// The lines of the set, in order.
    pub fn lines(&self) -> Vec<u32> {
        match self {
            Kept::Dense(bits) => bits.lines().collect(),
            Kept::Sparse(lines) => lines.to_vec(),
        }
    }

    /// The same set without some lines and with others, in a catalogue that has places for `of` lines.
    pub fn changed(&self, gone: &[u32], come: &[u32], of: usize) -> Kept {
        match self {
            Kept::Dense(bits) => {
                let mut bits = bits.grown(of);
                for line in gone {
                    bits.take(*line);
                }
                for line in come {
                    bits.insert(*line);
                }
                Kept::Dense(bits)
            }
            Kept::Sparse(lines) => {
                let mut lines: Vec<u32> = lines.iter().copied().filter(|line| !gone.contains(line)).collect();
                lines.extend_from_slice(come);
                lines.sort_unstable();
                Kept::new(&lines, of)
            }
        }
    }
}
