//! From latitude and longitude to the map, and from the map to the screen.
//!
//! Natural Earth (Tom Patterson 2008; polynomial by Bojan Šavrič 2011), centred on
//! 11° E, in the units of `#land`: 1000 by 444. See `static/map/SOURCE.md`.

use splitbrain_engine::regions::Region;

use super::geometry::{Point, decimal, px};

/// The height of the map in its own units; its width is 1000.
const MAP_HEIGHT: f64 = 444.0;
/// The equator is 1000 units long: 1000 / (2π · 0.8707).
const SCALE: f64 = 182.789_64;
const CENTRE_DEG: f64 = 11.0;
const EQUATOR: f64 = 256.0;

/// The place of a region, in units of the map.
pub(super) fn project(region: &Region) -> Point {
    let latitude = (f64::from(region.latitude_mdeg) / 1_000.0).to_radians();
    let east = f64::from(region.longitude_mdeg) / 1_000.0 - CENTRE_DEG;
    let longitude = ((east + 540.0).rem_euclid(360.0) - 180.0).to_radians();
    let square = latitude * latitude;
    let tenth = square.powi(5);
    let x = 0.8707 - 0.131_979 * square - 0.013_791 * square.powi(2)
        + tenth * (0.003_971 - 0.001_529 * square);
    let y = 1.007_226 + square * (0.015_085 + square.powi(2) * (-0.044_475 + 0.028_874 * square))
        - 0.005_916 * tenth;
    Point {
        x: 500.0 + SCALE * longitude * x,
        y: EQUATOR - SCALE * latitude * y,
    }
}

/// Where the map lies on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    scale: f64,
    left: f64,
    top: f64,
}

/// What must stay free around the regions, for labels.
struct Margin {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Whether a stage of this width has room for names only.
pub(super) fn is_small(width: f64) -> bool {
    width < 520.0
}

impl Fit {
    /// Shows these points (in units of the map) in an element of this size.
    pub(super) fn new(width: f64, height: f64, points: &[Point]) -> Self {
        let margin = Margin::of(width, height);
        let range = |pick: fn(&Point) -> f64| {
            let values = points.iter().map(pick);
            let least = values.clone().fold(f64::INFINITY, f64::min);
            let most = values.fold(f64::NEG_INFINITY, f64::max);
            if least <= most {
                (least, most)
            } else {
                (0.0, 1_000.0)
            }
        };
        let ((x0, x1), (y0, y1)) = (range(|point| point.x), range(|point| point.y));
        let across = (width - margin.left - margin.right) / (x1 - x0).max(200.0);
        let down = (height - margin.top - margin.bottom) / (y1 - y0).max(120.0);
        let scale = across.min(down).max(width / 1_000.0 * 0.9);
        let left = f64::midpoint(margin.left, width - margin.right) - scale * f64::midpoint(x0, x1);
        // The land is centred where it is lower than the stage, else the regions
        // are, without showing its edges.
        let middle = f64::midpoint(margin.top, height - margin.bottom);
        let land = MAP_HEIGHT * scale;
        let top = if land < height {
            f64::midpoint(height, -land) + 8.0
        } else {
            let regions = middle - scale * f64::midpoint(y0, y1);
            regions.max(height - land).min(8.0)
        };
        Self { scale, left, top }
    }

    /// A point of the map on the screen.
    pub(super) fn place(&self, point: Point) -> Point {
        Point {
            x: self.left + self.scale * point.x,
            y: self.top + self.scale * point.y,
        }
    }

    /// The height of the equator on the screen.
    pub(super) fn equator(&self) -> f64 {
        self.top + self.scale * EQUATOR
    }

    /// The `transform` of the land.
    pub(super) fn transform(&self) -> String {
        format!(
            "translate({} {}) scale({})",
            px(self.left),
            px(self.top),
            decimal(self.scale, 3)
        )
    }
}

impl Margin {
    fn of(width: f64, height: f64) -> Self {
        let [left, right, top, bottom] = if is_small(width) {
            [34.0, 44.0, 46.0, 26.0]
        } else if height < 340.0 {
            [80.0, 76.0, 76.0, 36.0]
        } else {
            [80.0, 76.0, 84.0, 56.0]
        };
        Self {
            left,
            right,
            top,
            bottom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use splitbrain_engine::regions::{CATALOG, RegionId};

    fn at(id: &str) -> Point {
        project(RegionId::find(id).expect("it is in the catalogue").get())
    }

    #[test]
    fn cities_are_where_the_map_was_checked() {
        for (id, x, y) in [("eu-west-1", 459.0, 85.0), ("ap-southeast-2", 868.0, 365.0)] {
            assert!(
                at(id).distance(Point::new(x, y)) < 1.0,
                "{id}: {:?}",
                at(id)
            );
        }
    }

    #[test]
    fn every_region_is_inside_the_stage_with_room_for_a_name() {
        let points: Vec<Point> = CATALOG.iter().map(project).collect();
        for (width, height) in [(760.0, 500.0), (590.0, 400.0), (390.0, 250.0)] {
            let fit = Fit::new(width, height, &points);
            for point in points.iter().map(|&point| fit.place(point)) {
                assert!((0.0..width).contains(&point.x), "{point:?} in {width}");
                assert!((0.0..height).contains(&point.y), "{point:?} in {height}");
            }
        }
    }
}
