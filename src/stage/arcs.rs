//! Links as arcs: shortest first, each takes the side on which it passes no
//! marker and runs along no other arc.

use super::geometry::{Arc, Area, Point};

/// With more links than this, nobody could follow them apart anyway.
const CROWD: usize = 60;

/// The arcs of all pairs of these places, in the order of [`pairs`].
pub(super) fn arcs(places: &[Point], equator: f64, bounds: &Area) -> Vec<Arc> {
    let pairs: Vec<(u8, u8)> = pairs(places.len() as u8).collect();
    let ends = |&(a, b): &(u8, u8)| (places[a as usize], places[b as usize]);
    let length = |index: &usize| {
        let (a, b) = ends(&pairs[*index]);
        a.distance(b)
    };
    let mut arcs = vec![Arc::default(); pairs.len()];
    let mut taken: Vec<Point> = Vec::new();
    let mut left: Vec<usize> = (0..pairs.len()).collect();
    while let Some(next) =
        (0..left.len()).min_by(|&a, &b| length(&left[a]).total_cmp(&length(&left[b])))
    {
        let index = left.swap_remove(next);
        let (from, to) = ends(&pairs[index]);
        let south = if f64::midpoint(from.y, to.y) > equator {
            1.0
        } else {
            -1.0
        };
        let ways = [0.2, -0.2, 0.32, -0.32, 0.1].map(|share| Arc::bulging(from, to, share * south));
        arcs[index] = if pairs.len() > CROWD {
            ways[0]
        } else {
            let cost = |(rank, way): (usize, &Arc)| {
                rank as f64 * 3.0 + covers(way, places, &taken, bounds)
            };
            let costs: Vec<f64> = ways.iter().enumerate().map(cost).collect();
            let best = (0..ways.len()).min_by(|&a, &b| costs[a].total_cmp(&costs[b]));
            let best = ways[best.unwrap_or(0)];
            taken.extend(best.points());
            best
        };
    }
    arcs
}

/// All pairs of this many places, the smaller place first.
pub(super) fn pairs(places: u8) -> impl Iterator<Item = (u8, u8)> {
    (0..places).flat_map(move |a| (a + 1..places).map(move |b| (a, b)))
}

/// The place of a pair in [`pairs`], and whether it was named the other way round.
pub(super) fn pair_index(places: u8, a: u8, b: u8) -> (usize, bool) {
    let (low, high) = (a.min(b) as usize, a.max(b) as usize);
    let before = low * (2 * places as usize - low - 1) / 2;
    (before + high - low - 1, a > b)
}

fn covers(way: &Arc, places: &[Point], taken: &[Point], bounds: &Area) -> f64 {
    let mut cost = 0.0;
    let last = way.steps();
    for (step, point) in (0..).zip(way.points()) {
        let is_end = step.min(last - step) <= 4;
        for &place in places {
            let is_own = place == way.from || place == way.to;
            if !is_own && point.distance(place) < 22.0 {
                cost += 12.0;
            }
        }
        let runs_along =
            |other: &Point| (point.x - other.x).abs() < 8.0 && (point.y - other.y).abs() < 8.0;
        if !is_end && taken.iter().any(runs_along) {
            cost += 1.0;
        }
        let is_inside = (bounds.x..=bounds.x + bounds.w).contains(&point.x)
            && (bounds.y + 30.0..=bounds.y + bounds.h).contains(&point.y);
        if !is_inside {
            cost += 4.0;
        }
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_by_its_ends() {
        for (index, (a, b)) in pairs(5).enumerate() {
            assert_eq!(pair_index(5, a, b), (index, false));
            assert_eq!(pair_index(5, b, a), (index, true));
        }
        assert_eq!(pairs(32).count(), 496);
    }

    #[test]
    fn an_arc_goes_around_a_region_that_is_in_its_way() {
        let bounds = Area::new(0.0, 0.0, 600.0, 400.0);
        let ends = [Point::new(100.0, 200.0), Point::new(500.0, 200.0)];
        let free = arcs(&ends, 300.0, &bounds)[0].at(0.5);
        let places = [ends[0], ends[1], free];
        let around = arcs(&places, 300.0, &bounds)[0];
        assert!(around.points().all(|point| point.distance(free) > 22.0));
    }
}
