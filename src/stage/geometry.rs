//! Points, boxes and arcs, in CSS pixels of the element that they are drawn in.

/// A number with so many decimals, at most 6. The standard library prints floats exactly
/// and to any length, and its tables for that weigh more than the map.
pub(crate) fn decimal(value: f64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals.min(6));
    let scaled = (value.abs() * scale as f64 + 0.5) as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    let (whole, part) = (scaled / scale, scaled % scale);
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = decimals as usize),
    }
}

/// The number nearest to a value within bounds. The standard library's `clamp` also
/// checks that the bounds are in order, and to tell if they are not it brings along
/// what prints any float exactly.
pub(super) fn within(value: f64, least: f64, most: f64) -> f64 {
    value.max(least).min(most)
}

/// A length in pixels, to a tenth.
pub(crate) fn px(length: f64) -> String {
    decimal(length, 1)
}

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    /// To the right.
    pub(super) x: f64,
    /// Downwards.
    pub(super) y: f64,
}

impl Point {
    /// The point at these coordinates.
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// How far it is to another.
    pub(super) fn distance(self, other: Self) -> f64 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        (x * x + y * y).sqrt()
    }

    /// The point a share of the way to another.
    pub(super) fn towards(self, other: Self, share: f64) -> Self {
        Self {
            x: self.x + (other.x - self.x) * share,
            y: self.y + (other.y - self.y) * share,
        }
    }

    /// How far it is to the line between two points.
    pub(super) fn distance_to_line(self, a: Self, b: Self) -> f64 {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length_squared = dx * dx + dy * dy;
        let share = if length_squared > 0.0 {
            ((self.x - a.x) * dx + (self.y - a.y) * dy) / length_squared
        } else {
            0.0
        };
        self.distance(a.towards(b, within(share, 0.0, 1.0)))
    }
}

/// An upright box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    /// Its left edge.
    pub(super) x: f64,
    /// Its upper edge.
    pub(super) y: f64,
    /// Its width.
    pub(super) w: f64,
    /// Its height.
    pub(super) h: f64,
}

impl Area {
    /// The box with this corner and size.
    pub(super) const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    /// The box around a point.
    pub(super) fn around(centre: Point, half: f64) -> Self {
        Self::new(centre.x - half, centre.y - half, 2.0 * half, 2.0 * half)
    }

    /// Whether another comes nearer than these margins.
    pub(super) fn meets(&self, other: &Self, across: f64, down: f64) -> bool {
        self.x < other.x + other.w + across
            && other.x < self.x + self.w + across
            && self.y < other.y + other.h + down
            && other.y < self.y + self.h + down
    }

    /// Whether a point comes nearer than these margins.
    pub(super) fn is_near(&self, point: Point, across: f64, down: f64) -> bool {
        point.x > self.x - across
            && point.x < self.x + self.w + across
            && point.y > self.y - down
            && point.y < self.y + self.h + down
    }

    /// How far a point is outside; 0 inside.
    pub(super) fn distance(&self, point: Point) -> f64 {
        let nearest = Point::new(
            within(point.x, self.x, self.x + self.w),
            within(point.y, self.y, self.y + self.h),
        );
        nearest.distance(point)
    }

    /// Whether another lies inside.
    pub(super) fn holds(&self, other: &Self) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.x + other.w <= self.x + self.w
            && other.y + other.h <= self.y + self.h
    }
}

/// The smallest convex polygon around two boxes, as the `d` of an SVG path. Its
/// middle is inside, so whoever aims at the middle of what it is around hits it.
pub(super) fn hull(a: &Area, b: &Area) -> String {
    let corners = |area: &Area| {
        let (right, bottom) = (area.x + area.w, area.y + area.h);
        [
            Point::new(area.x, area.y),
            Point::new(right, area.y),
            Point::new(right, bottom),
            Point::new(area.x, bottom),
        ]
    };
    let points: Vec<Point> = corners(a).into_iter().chain(corners(b)).collect();
    // Jarvis's march: from the upper left corner always to the outermost next one.
    let is_before = |a: &Point, b: &Point| a.x < b.x || a.x <= b.x && a.y < b.y;
    let first = points.iter().fold(points[0], |best, point| {
        if is_before(point, &best) {
            *point
        } else {
            best
        }
    });
    let mut outer = vec![first];
    let mut here = first;
    for _ in 1..points.len() {
        let next = points.iter().fold(here, |best, &point| {
            let turn =
                (best.x - here.x) * (point.y - here.y) - (best.y - here.y) * (point.x - here.x);
            let is_further = turn.abs() < 1e-9 && here.distance(point) > here.distance(best);
            if turn < -1e-9 || is_further {
                point
            } else {
                best
            }
        });
        if next == first {
            break;
        }
        outer.push(next);
        here = next;
    }
    let path: Vec<String> = outer.iter().map(corner).collect();
    format!("M{}Z", path.join("L"))
}

/// A point in the `d` of an SVG path.
fn corner(point: &Point) -> String {
    format!("{} {}", px(point.x), px(point.y))
}

/// An arc: a quadratic Bézier curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Arc {
    /// Where it begins.
    pub(super) from: Point,
    /// What it bends towards.
    pub(super) bend: Point,
    /// Where it ends.
    pub(super) to: Point,
}

/// How far an arc bends away from its chord at most.
const BEND_MOST: f64 = 140.0;

impl Arc {
    /// An arc that bulges by this share of its length; to the north if negative.
    pub(super) fn bulging(from: Point, to: Point, share: f64) -> Self {
        let length = from.distance(to).max(0.01);
        let (mut nx, mut ny) = (-(to.y - from.y) / length, (to.x - from.x) / length);
        if ny < 0.0 || (ny == 0.0 && nx < 0.0) {
            (nx, ny) = (-nx, -ny);
        }
        let bend = share.signum() * (share.abs() * length).min(BEND_MOST);
        let middle = from.towards(to, 0.5);
        Self {
            from,
            bend: Point::new(middle.x + nx * bend, middle.y + ny * bend),
            to,
        }
    }

    /// The point at a share of the way, 0 to 1.
    pub(super) fn at(&self, share: f64) -> Point {
        let rest = 1.0 - share;
        let (a, b, c) = (rest * rest, 2.0 * share * rest, share * share);
        Point {
            x: a * self.from.x + b * self.bend.x + c * self.to.x,
            y: a * self.from.y + b * self.bend.y + c * self.to.y,
        }
    }

    /// The same arc, walked from its other end.
    pub(super) fn reversed(&self) -> Self {
        Self {
            from: self.to,
            bend: self.bend,
            to: self.from,
        }
    }

    /// How many pieces of about 6 pixels it has.
    pub(super) fn steps(&self) -> u32 {
        (self.from.distance(self.to) / 6.0).ceil().max(8.0) as u32
    }

    /// Points along it, about 6 pixels apart.
    pub(super) fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let steps = self.steps();
        (0..=steps).map(move |step| self.at(f64::from(step) / f64::from(steps)))
    }

    /// The `d` of an SVG path.
    pub(super) fn path(&self) -> String {
        let [from, bend, to] = [&self.from, &self.bend, &self.to].map(corner);
        format!("M{from}Q{bend} {to}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_has_the_outer_corners_of_both_boxes() {
        let path = hull(
            &Area::new(0.0, 0.0, 2.0, 2.0),
            &Area::new(4.0, 4.0, 2.0, 2.0),
        );
        let corners = "M0.0 0.0L2.0 0.0L6.0 4.0L6.0 6.0L4.0 6.0L0.0 2.0Z";
        assert_eq!(path, corners);
    }
}
