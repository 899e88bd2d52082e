//! Where everything on the map stands: computed once for a size and a scenario,
//! not while time passes, so that nothing jumps.

use splitbrain_engine::regions::round_trip_us;
use splitbrain_engine::scenario::Scenario;

use super::arcs::{arcs, pairs};
use super::geometry::{Arc, Area, Point};
use super::place::{ALONG, AROUND, BESIDE, COVERED, CROSSED, Ground};
use super::projection::{Fit, is_small, project};

/// Customers that are drawn one by one at a region; more become one marker.
const PEOPLE: usize = 4;
/// How much room a region's value is given, in characters.
pub(super) const VALUE_CHARS: u32 = 13;
const TEXT_HEIGHT: f64 = 11.0;

/// A region on the map.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RegionMark {
    /// Where it is.
    pub(super) at: Point,
    /// The label's box: name, and a value below it.
    pub(super) label: Area,
    /// Where charges go that it asks for.
    pub(super) till: Point,
}

/// A link on the map, in the order of [`pairs`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinkMark {
    /// Its ends, the smaller place first.
    pub(super) ends: (u8, u8),
    /// Its arc, from the smaller place.
    pub(super) arc: Arc,
    /// Its measured round trip, in microseconds.
    pub(super) round_trip_us: u32,
    /// Where its round trip is written, if there is room.
    pub(super) label: Option<Point>,
    /// Where it is crossed out if it is cut, as a share of the way.
    pub(super) cut_at: f64,
}

/// A customer, or all of a region's.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PersonMark {
    /// Where.
    pub(super) at: Point,
    /// The region's place.
    pub(super) near: u8,
    /// Who: the first of them, by place in the scenario.
    pub(super) customer: u16,
    /// How many.
    pub(super) count: u32,
    /// Where the name is written, if there is room.
    pub(super) label: Option<PersonLabel>,
}

/// Where a customer's name is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PersonLabel {
    /// The upper end of the text's anchor.
    pub(super) at: Point,
    /// The SVG `text-anchor`: words begin, end or have their middle there, whichever
    /// is next to the customer.
    pub(super) anchor: &'static str,
    /// Whether there is room for more than the name.
    pub(super) is_roomy: bool,
}

impl PersonLabel {
    fn new(person: Point, area: Area, is_roomy: bool) -> Self {
        let (anchor, x) = if area.x + area.w <= person.x {
            ("end", area.x + area.w)
        } else if area.x >= person.x {
            ("start", area.x)
        } else {
            ("middle", area.x + area.w / 2.0)
        };
        Self {
            at: Point::new(x, area.y),
            anchor,
            is_roomy,
        }
    }
}

/// The map at one size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// In CSS pixels.
    pub(super) size: (u32, u32),
    /// Where the land lies.
    pub(super) fit: Fit,
    /// Whether there is room for names only.
    pub(super) is_small: bool,
    /// By place.
    pub(super) regions: Vec<RegionMark>,
    /// In the order of [`pairs`].
    pub(super) links: Vec<LinkMark>,
    /// In the order of regions.
    pub(super) people: Vec<PersonMark>,
    /// Which of `people` stands for a customer, by place.
    pub(super) person_of: Vec<u32>,
}

/// How wide words will be: of a region's name, of data with so many characters.
pub(super) struct Widths<'a> {
    /// Of a name.
    pub(super) name: &'a dyn Fn(&str) -> f64,
    /// Of one character of data.
    pub(super) data: f64,
    /// How many characters the longest thing has that a customer can be told.
    pub(super) told_chars: u32,
}

/// What lies over the map and must stay free: the head with its gauges.
const HEAD_HEIGHT: f64 = 40.0;

impl Layout {
    /// Lays a scenario out. `cut` says which links are, in the order of [`pairs`];
    /// `head` is how much of the upper edge is taken at its left and right end.
    pub(super) fn new(
        size: (u32, u32),
        scenario: &Scenario,
        cut: &[bool],
        head: (f64, f64),
        widths: &Widths<'_>,
    ) -> Self {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let is_small = is_small(width);
        let on_map: Vec<Point> = scenario
            .regions
            .iter()
            .map(|region| project(region.get()))
            .collect();
        let fit = Fit::new(width, height, &on_map);
        let places: Vec<Point> = on_map.iter().map(|&point| fit.place(point)).collect();
        let mut ground = Ground {
            bounds: Area::new(6.0, 6.0, width - 12.0, height - 12.0),
            boxes: vec![
                Area::new(0.0, 0.0, head.0, HEAD_HEIGHT),
                Area::new(width - head.1, 0.0, head.1, HEAD_HEIGHT),
            ],
            points: Vec::new(),
        };
        let arcs = arcs(&places, fit.equator(), &ground.bounds);
        ground.points.extend(arcs.iter().flat_map(Arc::points));
        let radius = marker_radius(is_small);
        ground
            .boxes
            .extend(places.iter().map(|&place| Area::around(place, radius)));
        let regions = regions(scenario, &places, is_small, &mut ground, widths);
        let (people, person_of) = people(scenario, &places, is_small, &mut ground, widths);
        let mut links = links(scenario, arcs);
        write_round_trips(&mut links, cut, is_small, &mut ground, widths);
        Self {
            size,
            fit,
            is_small,
            regions,
            links,
            people,
            person_of,
        }
    }

    /// The arc from one region to another.
    pub(super) fn arc(&self, from: u8, to: u8) -> Option<Arc> {
        let (index, is_back) = super::arcs::pair_index(self.regions.len() as u8, from, to);
        let arc = self.links.get(index)?.arc;
        Some(if is_back { arc.reversed() } else { arc })
    }

    /// The arc between a customer and a region.
    pub(super) fn visit(&self, customer: u16, region: u8) -> Option<Arc> {
        let person = self
            .people
            .get(*self.person_of.get(customer as usize)? as usize)?;
        let region_at = self.regions.get(region as usize)?.at;
        let bend = if person.near == region { 0.0 } else { -0.14 };
        Some(Arc::bulging(person.at, region_at, bend))
    }
}

/// How large a region's marker is, from its middle.
pub(super) fn marker_radius(is_small: bool) -> f64 {
    if is_small { 7.0 } else { 9.0 }
}

fn regions(
    scenario: &Scenario,
    places: &[Point],
    is_small: bool,
    ground: &mut Ground,
    widths: &Widths<'_>,
) -> Vec<RegionMark> {
    let gap = marker_radius(is_small) + 7.0;
    let mut marks = Vec::new();
    for (region, &at) in scenario.regions.iter().zip(places) {
        let name = (widths.name)(region.get().id);
        let value = widths.data * f64::from(VALUE_CHARS - 1);
        let (w, h) = if is_small {
            (name, 13.0)
        } else {
            (name.max(value), 28.0)
        };
        let label = ground.best_among(w, h, at, places, gap, &AROUND).area;
        ground.boxes.push(label);
        marks.push(RegionMark {
            at,
            label,
            till: at,
        });
    }
    for mark in &mut marks {
        let found = ground.best(10.0, 10.0, mark.at, gap + 6.0, &AROUND).area;
        mark.till = Point::new(found.x + 5.0, found.y + 5.0);
    }
    marks
}

fn links(scenario: &Scenario, arcs: Vec<Arc>) -> Vec<LinkMark> {
    let pairs = pairs(scenario.regions.len() as u8);
    let marks = pairs.zip(arcs).map(|(ends, arc)| LinkMark {
        ends,
        arc,
        round_trip_us: round_trip_us(
            scenario.regions[ends.0 as usize],
            scenario.regions[ends.1 as usize],
        ),
        label: None,
        cut_at: 0.5,
    });
    marks.collect()
}

/// Whether so many customers are near a region that they stand there as one.
pub(super) fn is_crowd(scenario: &Scenario, region: u8) -> bool {
    let customers = scenario.customers.iter();
    customers.filter(|customer| customer.near == region).count() > PEOPLE
}

/// Customers stand around their region where the fewest lines pass and where there is
/// room for what they are told.
fn people(
    scenario: &Scenario,
    places: &[Point],
    is_small: bool,
    ground: &mut Ground,
    widths: &Widths<'_>,
) -> (Vec<PersonMark>, Vec<u32>) {
    let mut marks: Vec<PersonMark> = Vec::new();
    let mut person_of = vec![0; scenario.customers.len()];
    for (region, &at) in places.iter().enumerate() {
        let here = || {
            let all = scenario.customers.iter().enumerate();
            all.filter(move |(_, customer)| customer.near as usize == region)
        };
        let count = here().count() as u32;
        let is_crowd = is_crowd(scenario, region as u8);
        for (nth, (customer, spec)) in here().enumerate() {
            if nth == 0 || !is_crowd {
                let chars = spec.name.chars().count() as u32;
                let name = widths.data * f64::from(if is_crowd { 4 } else { chars });
                let told = widths.data * f64::from(widths.told_chars + 1);
                let lengths = if is_small {
                    &[][..]
                } else if is_crowd {
                    &[name][..]
                } else {
                    &[name + told, name][..]
                };
                let (at, label) = stand(at, is_small, lengths, ground);
                marks.push(PersonMark {
                    at,
                    near: region as u8,
                    customer: customer as u16,
                    count: if is_crowd { count } else { 1 },
                    label,
                });
            }
            person_of[customer] = marks.len() as u32 - 1;
        }
    }
    (marks, person_of)
}

/// A place, and the label's box there with whether it has room for more than a name.
type Stand = (Point, Option<(Area, bool)>);

/// The best place on a circle around a region, and that of a label of one of these
/// lengths, the first if there is room.
fn stand(
    region: Point,
    is_small: bool,
    lengths: &[f64],
    ground: &mut Ground,
) -> (Point, Option<PersonLabel>) {
    const DIRECTIONS: u32 = 24;
    // Of a turn of one direction. Trigonometry in the module weighs 8 kB.
    const COSINE: f64 = 0.965_925_826_289_068_3;
    const SINE: f64 = 0.258_819_045_102_520_74;
    let mut turned = Point::new(0.0, 1.0);
    let distance = if is_small { 19.0 } else { 30.0 };
    let mut best: Option<(f64, Stand)> = None;
    for step in 0..DIRECTIONS {
        // Below first, then alternating to both sides.
        let side = if step % 2 == 0 { 1.0 } else { -1.0 };
        if step % 2 == 1 {
            turned = Point::new(
                turned.x * COSINE - turned.y * SINE,
                turned.x * SINE + turned.y * COSINE,
            );
        }
        let at = Point::new(
            region.x + side * distance * turned.x,
            region.y + distance * turned.y,
        );
        let mut cost = ground.cost(&Area::around(at, 5.0)) + f64::from(step) * 0.2;
        let mut label = None;
        for (nth, &length) in lengths.iter().enumerate() {
            let found = ground.best(length, TEXT_HEIGHT, at, 8.0, &BESIDE);
            if found.cost < CROSSED + 0.6 * BESIDE.len() as f64 {
                label = Some((found.area, nth == 0));
                cost += found.cost + 6.0 * nth as f64;
                break;
            }
        }
        if label.is_none() && !lengths.is_empty() {
            cost += 20.0;
        }
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, (at, label)));
        }
    }
    let (at, label) = best.map_or((region, None), |(_, stand)| stand);
    ground.boxes.push(Area::around(at, 5.0));
    ground.boxes.extend(label.map(|(area, _)| area));
    let label = label.map(|(area, is_roomy)| PersonLabel::new(at, area, is_roomy));
    (at, label)
}

/// Round trips stand beside their line where nothing else is, or nowhere; a cut
/// link is always crossed out and named.
fn write_round_trips(
    links: &mut [LinkMark],
    cut: &[bool],
    is_small: bool,
    ground: &mut Ground,
    widths: &Widths<'_>,
) {
    const SHARES: [f64; 7] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];
    let is_cut = |index: usize| cut.get(index).copied().unwrap_or(false);
    for (_, link) in links
        .iter_mut()
        .enumerate()
        .filter(|(index, _)| is_cut(*index))
    {
        let cost = |share: f64| ground.cost(&Area::around(link.arc.at(share), 9.0));
        let best = SHARES.into_iter().min_by(|&a, &b| {
            // Its own line is under it wherever it stands.
            let (a, b) = (
                cost(a) + (a - 0.5).abs() * 6.0,
                cost(b) + (b - 0.5).abs() * 6.0,
            );
            a.total_cmp(&b)
        });
        link.cut_at = best.unwrap_or(0.5);
        ground
            .boxes
            .push(Area::around(link.arc.at(link.cut_at), 9.0));
    }
    let all = || 0..links.len();
    let order = all().filter(|&index| is_cut(index));
    let order: Vec<usize> = order.chain(all().filter(|&index| !is_cut(index))).collect();
    for index in order {
        let link = &mut links[index];
        if is_small && !is_cut(index) {
            continue;
        }
        let chars = if is_cut(index) { 14.0 } else { 7.0 };
        let w = widths.data * chars;
        let found = SHARES.into_iter().map(|share| {
            let gap = if is_cut(index) && (share - link.cut_at).abs() < 0.01 {
                13.0
            } else {
                7.0
            };
            let mut found = ground.best(w, TEXT_HEIGHT, link.arc.at(share), gap, &ALONG);
            found.cost += (share - 0.5).abs() * 6.0;
            found
        });
        let best = found.min_by(|a, b| a.cost.total_cmp(&b.cost));
        if let Some(best) = best
            && (best.cost < CROSSED || is_cut(index) && best.cost < COVERED)
        {
            ground.boxes.push(best.area);
            link.label = Some(Point::new(best.area.x, best.area.y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use splitbrain_engine::playground::playground;

    fn layout(width: u32, height: u32) -> Layout {
        let widths = Widths {
            name: &|name| 7.0 * name.len() as f64,
            data: 6.7,
            told_chars: 9,
        };
        Layout::new((width, height), &playground(), &[], (330.0, 200.0), &widths)
    }

    #[test]
    fn labels_of_regions_lie_on_no_marker_and_on_no_other_label() {
        for (width, height) in [(768, 520), (620, 400), (390, 253)] {
            let layout = layout(width, height);
            for (n, mark) in layout.regions.iter().enumerate() {
                for (m, other) in layout.regions.iter().enumerate() {
                    let marker = Area::around(other.at, marker_radius(layout.is_small));
                    assert!(!mark.label.meets(&marker, 0.0, 0.0), "{width}: {n} on {m}");
                    let covers = n != m && mark.label.meets(&other.label, 0.0, 0.0);
                    assert!(!covers, "{width}: {n} and {m}");
                }
            }
        }
    }

    #[test]
    fn names_stand_nearer_to_their_own_region_than_to_any_other() {
        for (width, height) in [(1000, 560), (768, 520), (620, 400), (390, 253), (360, 234)] {
            let layout = layout(width, height);
            for mark in &layout.regions {
                for other in &layout.regions {
                    let (own, others) =
                        (mark.label.distance(mark.at), mark.label.distance(other.at));
                    let is_clear = mark == other || 1.5 * own < others;
                    assert!(
                        is_clear,
                        "{width}: {mark:?} at {own}, {other:?} at {others}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_wide_stage_has_room_for_most_round_trips() {
        let written = layout(768, 520)
            .links
            .iter()
            .filter(|link| link.label.is_some())
            .count();
        assert!(written >= 7, "{written} of 10");
    }

    #[test]
    fn every_customer_is_somewhere() {
        let layout = layout(768, 520);
        for customer in 0..9 {
            assert!(layout.visit(customer, 0).is_some());
        }
        assert_eq!(layout.people.len(), 9);
    }
}
