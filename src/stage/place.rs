//! Where a label goes: it tries its places in order of liking and takes the one
//! that covers the least.

use super::geometry::{Area, Point};

/// Where a label may stand, as a direction from its anchor; 1 is the gap.
pub(super) type Spot = (f64, f64);

/// Beside, below and above, then the corners, then further off.
pub(super) const AROUND: [Spot; 14] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (0.8, 0.8),
    (0.8, -0.8),
    (-0.8, 0.8),
    (-0.8, -0.8),
    (0.0, 1.8),
    (0.0, -1.6),
    (1.4, 1.6),
    (-1.4, 1.6),
    (1.4, -1.6),
    (-1.4, -1.6),
];

/// For the name of somebody small.
pub(super) const BESIDE: [Spot; 8] = [
    (0.0, 1.0),
    (-1.0, 0.0),
    (1.0, 0.0),
    (0.0, -1.0),
    (-0.8, 0.8),
    (0.8, 0.8),
    (-0.8, -0.8),
    (0.8, -0.8),
];

/// For what is written along a line.
pub(super) const ALONG: [Spot; 10] = [
    (0.0, -1.0),
    (0.0, 1.0),
    (0.7, -0.7),
    (-0.7, -0.7),
    (0.7, 0.7),
    (-0.7, 0.7),
    (-0.9, -1.6),
    (0.9, -1.6),
    (0.0, 2.0),
    (-0.9, 1.8),
];

/// From here on a label covers a line; from [`COVERED`] on another label.
pub(super) const CROSSED: f64 = 4.0;
/// From here on a label covers another label.
pub(super) const COVERED: f64 = 100.0;

/// What it costs a label to seem another one's: rather over a few lines.
const MISLEADS: f64 = 60.0;

/// What is there already, and how far one may go.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    /// The edge.
    pub(super) bounds: Area,
    /// Markers and labels.
    pub(super) boxes: Vec<Area>,
    /// Points along lines.
    pub(super) points: Vec<Point>,
}

/// A place that was found, and what it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    /// The place.
    pub(super) area: Area,
    /// How bad it is.
    pub(super) cost: f64,
}

impl Ground {
    /// What a box here would cover.
    pub(super) fn cost(&self, area: &Area) -> f64 {
        let mut cost = 0.0;
        if !self.bounds.holds(area) {
            cost += 400.0;
        }
        for other in &self.boxes {
            if area.meets(other, 3.0, 2.0) {
                cost += COVERED;
            }
        }
        for &point in &self.points {
            if area.is_near(point, 6.0, 5.0) {
                cost += CROSSED;
            }
        }
        cost
    }

    /// The best of these spots for a label of this size.
    pub(super) fn best(&self, w: f64, h: f64, anchor: Point, gap: f64, spots: &[Spot]) -> Found {
        self.best_among(w, h, anchor, &[], gap, spots)
    }

    /// The same, where the label could be taken for that of something else. Its own anchor
    /// may be one of these.
    pub(super) fn best_among(
        &self,
        w: f64,
        h: f64,
        anchor: Point,
        others: &[Point],
        gap: f64,
        spots: &[Spot],
    ) -> Found {
        let mut best: Option<Found> = None;
        for (rank, &spot) in spots.iter().enumerate() {
            let area = spot_area(w, h, anchor, gap, spot);
            let is_nearly_at = |other: &Point| {
                *other != anchor && area.distance(*other) <= 1.5 * area.distance(anchor)
            };
            let misleads = others.iter().any(is_nearly_at);
            let cost = self.cost(&area) + rank as f64 * 0.6 + if misleads { MISLEADS } else { 0.0 };
            if best.is_none_or(|best| cost < best.cost) {
                best = Some(Found { area, cost });
            }
        }
        best.unwrap_or(Found {
            area: spot_area(w, h, anchor, gap, (1.0, 0.0)),
            cost: f64::INFINITY,
        })
    }
}

/// The box of a label in a spot.
pub(super) fn spot_area(w: f64, h: f64, anchor: Point, gap: f64, (sx, sy): Spot) -> Area {
    let shift = |toward: f64, size: f64| {
        if toward < 0.0 {
            -size
        } else if toward == 0.0 {
            -size / 2.0
        } else {
            0.0
        }
    };
    Area::new(
        anchor.x + sx * gap + shift(sx, w),
        anchor.y + sy * gap + shift(sy, h),
        w,
        h,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_goes_where_nothing_is() {
        let mut ground = Ground {
            bounds: Area::new(0.0, 0.0, 200.0, 100.0),
            ..Ground::default()
        };
        let anchor = Point::new(100.0, 50.0);
        let right = ground.best(40.0, 10.0, anchor, 8.0, &AROUND);
        assert_eq!(right.area, Area::new(108.0, 45.0, 40.0, 10.0));
        ground.boxes.push(right.area);
        let left = ground.best(40.0, 10.0, anchor, 8.0, &AROUND);
        assert_eq!(left.area, Area::new(52.0, 45.0, 40.0, 10.0));
        assert!(left.cost < CROSSED);
    }

    #[test]
    fn a_label_that_must_cover_something_covers_a_line_and_no_other_label() {
        let bounds = Area::new(0.0, 0.0, 60.0, 60.0);
        let ground = Ground {
            bounds,
            boxes: vec![Area::new(0.0, 0.0, 60.0, 30.0)],
            points: (0..10)
                .map(|n| Point::new(f64::from(n) * 6.0, 45.0))
                .collect(),
        };
        let found = ground.best(30.0, 10.0, Point::new(30.0, 34.0), 4.0, &AROUND);
        assert!((CROSSED..COVERED).contains(&found.cost), "{found:?}");
    }
}
