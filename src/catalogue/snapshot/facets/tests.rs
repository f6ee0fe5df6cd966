//! Counts of facets against going through every line.

use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;
use crate::fields::Status;

fn line((status, organisation, kind): (usize, u32, Option<u32>)) -> Line {
    Line {
        id: 0,
        image: 0,
        organisation,
        status: Status::ALL[status],
        labels: Label::ALL.map(|_| kind.and_then(|kind| NonZeroU32::new(kind + 1))),
        renewal_date: None,
        name: None,
        department: None,
        notes_en: None,
        notes_fr: None,
        more: None,
    }
}

fn kind_of(line: &Line) -> Option<u32> {
    line.labels[0].map(place_of)
}

proptest! {
    #[test]
    fn counts_are_those_of_going_through_every_line(
        lines in prop::collection::vec((0..4_usize, 0..5_u32, prop::option::of(0..3_u32)), 0..300),
        status in prop::option::of(prop::collection::vec(0..4_u32, 0..4)),
        organisation in prop::option::of(prop::collection::vec(0..5_u32, 0..5)),
        kind in prop::option::of(prop::collection::vec(0..3_u32, 0..3)),
    ) {
        let lines: Vec<Line> = lines.into_iter().map(line).collect();
        let mut all = Pieces::default();
        for line in &lines {
            all.push(line.clone());
        }
        let facets = Facets::new(&all, [3; Label::COUNT], 5, NaiveDate::default());
        let passes = |chosen: &Option<Vec<u32>>, value: Option<u32>| {
            chosen.as_ref().is_none_or(|chosen| value.is_some_and(|value| chosen.contains(&value)))
        };
        let counted = |is_of: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| is_of(line)).count();
        let of_status: Vec<usize> = (0..4).map(|value| counted(&|line| {
            line.status as u32 == value && passes(&organisation, Some(line.organisation)) && passes(&kind, kind_of(line))
        })).collect();
        let of_kind: Vec<usize> = (0..3).map(|value| counted(&|line| {
            kind_of(line) == Some(value) && passes(&organisation, Some(line.organisation)) && passes(&status, Some(line.status as u32))
        })).collect();
        let mut chosen = Chosen::default();
        (chosen[0], chosen[1], chosen[2]) = (status, organisation, kind);
        prop_assert_eq!(facets.counts(Facet::Status, &chosen, None), of_status);
        prop_assert_eq!(facets.counts(Facet::Label(Label::Kind), &chosen, None), of_kind);
    }
}
