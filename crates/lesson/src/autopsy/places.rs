//! Which write each region shows, from when until when.

use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::Value;
use splitbrain_sorted::Map;

use super::Moment;
use super::element::{Element, Elements, is_as_wanted};

/// What became of a write in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The region.
    pub region: u8,
    /// What became of it there.
    pub state: PlaceState,
}

/// What became of a write somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// It never arrived.
    Never,
    /// It arrived and was not shown, since another was kept.
    Discarded(Moment),
    /// It was shown, for the first time from then on, and is still.
    Shown(Moment),
    /// It was shown for the first time from then on, and for the last time until then.
    Over(Moment, Moment),
}

impl PlaceState {
    /// One of each, for catalogues of words.
    pub const ALL: &'static [Self] = {
        const NONE: Moment = Moment {
            fact: FactId::NONE,
            at: splitbrain_engine::sim::time::Time::ZERO,
        };
        &[
            Self::Never,
            Self::Discarded(NONE),
            Self::Shown(NONE),
            Self::Over(NONE, NONE),
        ]
    };

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Discarded(_) => "discarded",
            Self::Shown(_) => "shown",
            Self::Over(..) => "over",
        }
    }
}

/// The time during which a region showed a write: the first beginning, and the last end if
/// it does not show it now.
#[derive(Clone, Copy, Debug)]
struct Span {
    since: Moment,
    until: Option<Moment>,
}

/// One region.
#[derive(Clone, Debug, Default)]
struct Region {
    /// The value of the key.
    value: Value,
    /// The write behind it, of a register.
    current: Option<FactId>,
    /// Every write that stands: of a register several where none of them replaces another.
    standing: Map<FactId, ()>,
    spans: Map<FactId, Span>,
    /// Changes of an item or a field that were applied here, with the argument.
    items: Map<FactId, (OpKind, Value)>,
}

impl Region {
    fn begin(&mut self, write: FactId, since: Moment) {
        let span = self
            .spans
            .get_or_insert_with(write, || Span { since, until: None });
        span.until = None;
    }

    fn end(&mut self, write: FactId, until: Moment) {
        if let Some(span) = self.spans.get_mut(&write) {
            span.until.get_or_insert(until);
        }
    }
}

/// Every region.
#[derive(Clone, Debug)]
pub(super) struct Showing {
    elements: Elements,
    regions: Vec<Region>,
    /// What a read is to be answered with, where that is not what the region shows.
    chosen: Map<FactId, (u8, FactId)>,
}

impl Showing {
    pub(super) fn new(regions: u8, elements: Elements) -> Self {
        Self {
            elements,
            regions: vec![Region::default(); regions as usize],
            chosen: Map::new(),
        }
    }

    /// A read is to be answered with this write.
    pub(super) fn choose(&mut self, op: FactId, region: u8, write: FactId) {
        self.chosen.insert(op, (region, write));
    }

    /// The write that a read of a register is answered with.
    pub(super) fn write_behind(&mut self, op: FactId, region: u8) -> Option<FactId> {
        match self.chosen.remove(&op) {
            Some((place, write)) if place == region => write.is_some().then_some(write),
            _ => self.current(region),
        }
    }

    /// The write behind the value of a register.
    pub(super) fn current(&self, region: u8) -> Option<FactId> {
        self.regions.get(region as usize)?.current
    }

    pub(super) fn apply(
        &mut self,
        place: u8,
        write: FactId,
        (kind, argument): (OpKind, Value),
        is_reflected: bool,
        moment: Moment,
    ) {
        let region = &mut self.regions[place as usize];
        let element = self.elements.of(kind, argument);
        if element.is_in_value() {
            region.items.insert(write, (kind, argument));
            if is_as_wanted(kind, argument, region.value) && is_reflected {
                region.begin(write, moment);
            }
        }
        if !is_reflected {
            return;
        }
        let before = region.current.replace(write);
        if matches!(element, Element::Count | Element::Part(_)) {
            region.begin(write, moment);
        }
        if element == Element::Whole {
            if let Some(before) = before.filter(|&before| before != write) {
                region.end(before, moment);
            }
            region.begin(write, moment);
        }
        region.standing.insert(write, ());
    }

    /// A write stays where another has come that does not replace it.
    pub(super) fn keep(&mut self, place: u8, write: FactId, moment: Moment) {
        let region = &mut self.regions[place as usize];
        if region.standing.contains_key(&write) {
            region.begin(write, moment);
        }
    }

    /// Every write that stands in a region, in the order in which they were accepted.
    pub(super) fn standing(&self, place: u8) -> impl Iterator<Item = FactId> {
        let region = self.regions.get(place as usize);
        region
            .into_iter()
            .flat_map(|it| it.standing.keys().copied())
    }

    pub(super) fn displace(&mut self, place: u8, write: FactId, moment: Moment) {
        let region = &mut self.regions[place as usize];
        region.standing.remove(&write);
        if region.current == Some(write) {
            region.current = None;
        }
        // Of an item or a field what is shown says more.
        if !region.items.contains_key(&write) {
            region.end(write, moment);
        }
    }

    pub(super) fn take_back(&mut self, place: u8, write: FactId, moment: Moment) {
        let region = &mut self.regions[place as usize];
        region.standing.remove(&write);
        if region.current == Some(write) {
            region.current = None;
        }
        region.end(write, moment);
        region.items.remove(&write);
    }

    pub(super) fn show(&mut self, place: u8, value: Value, moment: Moment) {
        let region = &mut self.regions[place as usize];
        region.value = value;
        let items = std::mem::take(&mut region.items);
        for (&write, &(kind, item)) in items.iter() {
            if is_as_wanted(kind, item, value) {
                region.begin(write, moment);
            } else {
                region.end(write, moment);
            }
        }
        region.items = items;
    }

    /// Whether a region shows a write now.
    pub(super) fn shows(&self, place: u8, write: FactId) -> bool {
        let span = self.regions[place as usize].spans.get(&write);
        span.is_some_and(|span| span.until.is_none())
    }

    /// What became of a write in each region; `arrived` says when it came there.
    pub(super) fn places(&self, write: FactId, arrived: &[Option<Moment>]) -> Vec<Place> {
        let regions = (0..).zip(&self.regions);
        let places = regions.map(|(region, held): (u8, &Region)| {
            let came = arrived.get(region as usize).copied().flatten();
            let state = match (held.spans.get(&write), came) {
                (Some(span), _) => match span.until {
                    None => PlaceState::Shown(span.since),
                    Some(until) => PlaceState::Over(span.since, until),
                },
                (None, Some(moment)) => PlaceState::Discarded(moment),
                (None, None) => PlaceState::Never,
            };
            Place { region, state }
        });
        places.collect()
    }
}
