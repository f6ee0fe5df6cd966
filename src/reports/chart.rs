//! Bars drawn on the server: each with its label and its figure beside it, told apart by pattern as well as by colour.

use crate::i18n::Lang;

/// Bars that a drawing has at most; the table beside it has the rest.
const MOST_BARS: usize = 26;
/// Widths and heights are in the units of the drawing.
const ROW: usize = 22;
const LABELS: usize = 190;
const BARS: usize = 380;
const FIGURES: usize = 60;

/// One bar before it is drawn.
pub struct Given {
    pub label: String,
    /// One figure for each series.
    pub figures: Vec<usize>,
}

/// A drawing of bars.
pub struct Chart {
    pub title: String,
    /// What it shows, in one sentence, for those who do not see it.
    pub description: String,
    /// What the patterns mean; one alone needs no key.
    pub series: Vec<String>,
    pub bars: Vec<Bar>,
    pub width: usize,
    pub height: usize,
}

/// A bar with its place.
pub struct Bar {
    pub label: String,
    pub y: usize,
    pub text_y: usize,
    pub pieces: Vec<Piece>,
    /// Its figures, in words: `3`, `3 + 2`.
    pub figure: String,
    pub figure_x: usize,
}

/// A series' part of a bar.
pub struct Piece {
    pub series: usize,
    pub x: usize,
    pub width: usize,
}

impl Chart {
    /// The drawing of the first bars; none where there is nothing to draw.
    pub fn new(
        title: String,
        description: String,
        series: Vec<String>,
        given: Vec<Given>,
        lang: Lang,
    ) -> Option<Chart> {
        let longest = given.iter().take(MOST_BARS).map(|bar| bar.figures.iter().sum::<usize>()).max()?;
        if longest == 0 {
            return None;
        }
        let bars: Vec<Bar> =
            given.into_iter().take(MOST_BARS).enumerate().map(|(place, bar)| draw(place, bar, longest, lang)).collect();
        let height = bars.len() * ROW + 4;
        Some(Chart { title, description, series, bars, width: LABELS + BARS + FIGURES, height })
    }
}

fn draw(place: usize, given: Given, longest: usize, lang: Lang) -> Bar {
    let mut x = LABELS;
    let mut pieces = Vec::new();
    for (series, figure) in given.figures.iter().enumerate().filter(|(_, figure)| **figure > 0) {
        let width = (figure * BARS / longest).max(2);
        pieces.push(Piece { series, x, width });
        x += width;
    }
    let told: Vec<String> = given.figures.iter().map(|figure| lang.number(*figure)).collect();
    let figure = if given.figures.iter().sum::<usize>() == 0 { lang.number(0_usize) } else { told.join(" + ") };
    let label = if given.label.chars().count() > 26 {
        given.label.chars().take(25).chain(['…']).collect()
    } else {
        given.label
    };
    Bar { label, y: place * ROW + 3, text_y: place * ROW + 17, pieces, figure, figure_x: x + 6 }
}
