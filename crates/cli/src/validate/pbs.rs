//! Probabilistically bounded staleness: the published figures of two production stores,
//! from the quorum store itself.
//!
//! Bailis et al. print the times to visibility of a simulator that walks a grid with
//! fresh noise at each point and takes the first point past 99.9 %, which comes out low.
//! The quantiles here are true ones, and so are the figures expected of them; what the
//! paper prints is told beside them and held against nothing.

use splitbrain_engine::measure::staleness::{Legs, Model, Report};
use splitbrain_engine::sim::delay::{Mixture, Shape};

use super::{Asked, Beside, Figure, Outcome, Phrase, Validation};

/// This validation.
pub(super) const PBS: Validation = Validation {
    name: "pbs",
    what: "cli.validate.pbs.what",
    source: "Bailis et al., VLDB 2012, tables 3 and 4",
    run: |asked| Ok(run(asked)),
};

/// From so many trials on, figures are held to what was published; with fewer the tails
/// are noise.
const FULL: u32 = 500_000;
/// Trials at least: twenty make a tail of a thousandth.
const LEAST: u64 = 20_000;

/// What is expected of R, W: latencies of reads and writes and the time to visibility at
/// 99.9 %, in microseconds, and the share that is consistent at once, in parts per 10,000.
struct Row {
    read: u8,
    write: u8,
    read_us: u64,
    write_us: u64,
    visible_us: Option<u64>,
    /// What the paper prints for the time to visibility, in microseconds.
    printed_us: Option<u64>,
    consistent: Option<u64>,
    /// The share that is consistent so many microseconds later.
    later: Option<(u64, u64)>,
}

impl Row {
    const fn printed(self, printed_us: u64) -> Self {
        Self {
            printed_us: Some(printed_us),
            ..self
        }
    }

    const fn later(self, after_us: u64, share: u64) -> Self {
        Self {
            later: Some((after_us, share)),
            ..self
        }
    }
}

const fn row(
    (read, write): (u8, u8),
    (read_us, write_us): (u64, u64),
    visible_us: Option<u64>,
    consistent: Option<u64>,
) -> Row {
    Row {
        read,
        write,
        read_us,
        write_us,
        visible_us,
        printed_us: None,
        consistent,
        later: None,
    }
}

const SSD: [Row; 6] = [
    row((1, 1), (660, 660), Some(1_940), Some(9_740)).printed(1_850),
    row((1, 2), (660, 1_630), Some(1_890), None).printed(1_790),
    row((2, 1), (1_630, 650), None, None),
    row((2, 2), (1_620, 1_640), Some(0), Some(10_000)),
    row((3, 1), (4_140, 650), Some(0), Some(10_000)),
    row((1, 3), (650, 4_090), Some(0), Some(10_000)),
];

const DISK: [Row; 6] = [
    row((1, 1), (660, 10_990), Some(52_000), Some(4_390))
        .printed(45_500)
        .later(10_000, 9_250),
    row((1, 2), (650, 20_970), Some(48_700), None).printed(43_300),
    row((2, 1), (1_630, 10_900), Some(14_100), None).printed(13_600),
    row((2, 2), (1_640, 20_960), Some(0), Some(10_000)),
    row((3, 1), (4_120, 10_890), Some(0), Some(10_000)),
    row((1, 3), (650, 112_650), Some(0), Some(10_000)),
];

fn ssd() -> Mixture {
    let body = Shape::Pareto {
        scale_us: 235.0,
        shape: 10.0,
    };
    let tail = Shape::Exponential {
        mean_us: 1_000.0 / 1.66,
    };
    Mixture::new(vec![(912_200, body), (87_800, tail)])
}

fn disk() -> Mixture {
    let body = Shape::Pareto {
        scale_us: 1_050.0,
        shape: 1.51,
    };
    let tail = Shape::Exponential {
        mean_us: 1_000.0 / 0.183,
    };
    Mixture::new(vec![(380_000, body), (620_000, tail)])
}

/// How far a figure may be off.
struct Tolerance {
    /// Of latencies and times, in thousandths.
    thousandths: u64,
    /// Of the times to visibility at least, in microseconds: their tail is the noisiest.
    visible_us: u64,
    /// Of shares, in parts per 10,000.
    share: u64,
}

/// Counts figures and those that are off.
#[derive(Default)]
struct Held {
    figures: u64,
    off: u64,
    /// Times to visibility for which the paper prints something else.
    beside: Vec<Figure>,
}

impl Held {
    fn figure(&mut self, name: &str, found: u64, expected: u64, may_be_off: u64) {
        self.figures += 1;
        if found.abs_diff(expected) > may_be_off {
            self.off += 1;
            eprintln!("pbs, {name}: {found}, expected {expected} ± {may_be_off}");
        }
    }

    fn row(&mut self, store: &str, row: &Row, report: &Report, tolerance: &Tolerance) {
        let name = |figure: &str| format!("{store} R={} W={}, {figure}", row.read, row.write);
        let part = |us: u64| us * tolerance.thousandths / 1_000;
        let latencies = [
            ("read µs", report.read_latency.p999_us, row.read_us),
            ("write µs", report.write_latency.p999_us, row.write_us),
        ];
        for (figure, found, expected) in latencies {
            self.figure(&name(figure), found, expected, part(expected));
        }
        if let Some(expected) = row.visible_us {
            let off = match expected {
                0 => 0,
                expected => part(expected).max(tolerance.visible_us),
            };
            let found = report.t_visibility.p999_us;
            self.figure(&name("visible µs"), found, expected, off);
            self.beside.extend(row.printed_us.map(|printed_us| Figure {
                of: format!("{store}, R = {}, W = {}", row.read, row.write),
                found_us: found,
                expected_us: expected,
                printed_us,
            }));
        }
        let share = |count: u32| u64::from(count) * 10_000 / u64::from(report.trials);
        if let Some(expected) = row.consistent {
            let found = share(report.consistent_at_commit);
            let off = if expected == 10_000 {
                0
            } else {
                tolerance.share
            };
            self.figure(&name("consistent 1/10,000"), found, expected, off);
        }
        if let Some((after_us, expected)) = row.later {
            let found = share(report.consistent_at(after_us));
            let name = name(&format!("consistent after {after_us} µs, 1/10,000"));
            self.figure(&name, found, expected, tolerance.share);
        }
    }
}

fn run(asked: &Asked) -> Outcome {
    let trials = asked.histories.clamp(LEAST, 1_000_000) as u32;
    let tolerance = if trials >= FULL {
        Tolerance {
            thousandths: 50,
            visible_us: 0,
            share: 50,
        }
    } else {
        Tolerance {
            thousandths: 250,
            visible_us: 4_000,
            share: 120,
        }
    };
    let mut held = Held::default();
    let mut events = 0;
    for (store, rows, w) in [("SSD", &SSD, ssd()), ("DISK", &DISK, disk())] {
        for row in rows {
            let model = Model {
                replicas: 3,
                read: row.read,
                write: row.write,
                trials,
                legs: Legs {
                    w: w.clone(),
                    a: ssd(),
                    r: ssd(),
                    s: ssd(),
                },
            };
            let report = model.measure(asked.seed, &mut |_| {});
            events += report.events;
            held.row(store, row, &report, &tolerance);
        }
    }
    let counts = |off| vec![("n", held.figures), ("off", off)];
    Outcome {
        size: Phrase {
            id: "cli.validate.pbs.size",
            counts: vec![("trials", u64::from(trials)), ("events", events)],
        },
        result: Phrase {
            id: "cli.validate.pbs.result",
            counts: counts(held.off),
        },
        expected: Phrase {
            id: "cli.validate.pbs.expected",
            counts: vec![("thousandths", tolerance.thousandths)],
        },
        is_as_expected: held.off == 0,
        beside: Some(Beside {
            why: "cli.validate.pbs.printed",
            figures: held.beside,
        }),
    }
}
