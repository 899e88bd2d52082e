//! Which clock the diagram shows at events, and what a clock's stamp looks like.

use splitbrain_engine::clocks::bounded::Interval;
use splitbrain_engine::clocks::{Reading, VersionVector};
use splitbrain_engine::scenario::Scenario;
use splitbrain_words::Arg;

use crate::panels::say;
use crate::text::Text;

/// A clock that can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ShownClock {
    /// None.
    #[default]
    None,
    /// True time, which nobody in the system can see.
    True,
    /// The wall clock of the host.
    Wall,
    /// Lamport's.
    Lamport,
    /// The vector clock, an entry a region.
    Vector,
    /// The hybrid logical clock.
    Hybrid,
    /// The dotted version vector: the event's own dot, and what it knew.
    Dotted,
    /// The interval of a clock that knows how wrong it may be.
    Bounded,
}

impl ShownClock {
    /// Every one, in the order of the list.
    pub(super) const ALL: [Self; 8] = [
        Self::None,
        Self::True,
        Self::Wall,
        Self::Lamport,
        Self::Vector,
        Self::Hybrid,
        Self::Dotted,
        Self::Bounded,
    ];

    /// The id of its name.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::None => "ui.diagram.clock.none",
            Self::True => "ui.diagram.clock.true",
            Self::Wall => "ui.diagram.clock.wall",
            Self::Lamport => "ui.diagram.clock.lamport",
            Self::Vector => "ui.diagram.clock.vector",
            Self::Hybrid => "ui.diagram.clock.hybrid",
            Self::Dotted => "ui.diagram.clock.dotted",
            Self::Bounded => "ui.diagram.clock.bounded",
        }
    }

    /// Its value in the list: its place there.
    pub(super) const fn value(self) -> u8 {
        self as u8
    }

    /// The one with this value.
    pub(super) fn from_value(value: &str) -> Option<Self> {
        Self::ALL.get(value.parse::<usize>().ok()?).copied()
    }

    /// Its stamp in a few characters, for a label beside an event.
    pub(super) fn short(self, reading: &Reading) -> String {
        match self {
            Self::None => String::new(),
            Self::True => moment(reading.at.0 as i64),
            Self::Wall => moment(reading.wall_us),
            Self::Lamport => reading.lamport.count.to_string(),
            Self::Vector => counts(&reading.vector),
            Self::Dotted => {
                let (dot, past) = dotted(reading);
                let dot = dot.map(|(region, count)| format!("({} {count})", region + 1));
                format!("{}{}", dot.unwrap_or_default(), counts(&past))
            }
            Self::Bounded => {
                let Interval {
                    earliest_us,
                    latest_us,
                } = reading.interval;
                let half_us = (latest_us - earliest_us) as f64 / 2_000.0;
                format!("{} ±{half_us:.1} ms", moment(reading.wall_us))
            }
            Self::Hybrid => {
                let stamp = reading.hybrid;
                format!("{} c{}", moment(stamp.l_us() as i64), stamp.c())
            }
        }
    }

    /// Its stamp where there is room for it, and for somebody who only hears it: the
    /// entries of a vector with their regions.
    pub(super) fn long(self, text: &Text, scenario: &Scenario, reading: &Reading) -> String {
        match self {
            Self::Vector => by_region(scenario, &reading.vector),
            Self::Dotted => {
                let (dot, past) = dotted(reading);
                let past = by_region(scenario, &past);
                let Some((region, count)) = dot else {
                    return past;
                };
                let dot = format!("{} {count}", say::region(scenario, region));
                let args = [("dot", Arg::Value(dot)), ("past", Arg::Value(past))];
                text.with("ui.diagram.stamp.dotted", &args).to_string()
            }
            Self::Bounded => {
                let args = [
                    ("earliest", Arg::Value(moment(reading.interval.earliest_us))),
                    ("latest", Arg::Value(moment(reading.interval.latest_us))),
                ];
                let at_us = reading.at.0 as i64;
                let is_inside =
                    !reading.interval.is_after(at_us) && !reading.interval.is_before(at_us);
                let id = if is_inside {
                    "ui.diagram.stamp.bounded"
                } else {
                    "ui.diagram.stamp.bounded.wrong"
                };
                text.with(id, &args).to_string()
            }
            Self::Hybrid => {
                let stamp = reading.hybrid;
                let args = [
                    ("l", Arg::Value(moment(stamp.l_us() as i64))),
                    ("c", Arg::Count(u64::from(stamp.c()))),
                ];
                text.with("ui.diagram.stamp.hybrid", &args).to_string()
            }
            _ => self.short(reading),
        }
    }
}

/// The event's own dot, if it is a region's, and the vector of what it knew beside it.
fn dotted(reading: &Reading) -> (Option<(u8, u32)>, VersionVector) {
    let mut past = reading.vector.clone();
    let dot = reading.dot.map(|region| {
        let count = past.get(region);
        past.set(region, count.saturating_sub(1));
        (region, count)
    });
    (dot, past)
}

fn counts(vector: &VersionVector) -> String {
    let counts: Vec<String> = vector.counts().iter().map(u32::to_string).collect();
    format!("[{}]", counts.join(" "))
}

fn by_region(scenario: &Scenario, vector: &VersionVector) -> String {
    let entries = (0_u8..).zip(vector.counts());
    let entries: Vec<String> = entries
        .map(|(place, count)| format!("{} {count}", say::region(scenario, place)))
        .collect();
    entries.join(", ")
}

/// A moment to the microsecond, `mm:ss.ffffff`; with a sign before the run began.
fn moment(at_us: i64) -> String {
    let sign = if at_us < 0 { "−" } else { "" };
    let us = at_us.unsigned_abs();
    format!(
        "{sign}{:02}:{:02}.{:06}",
        us / 60_000_000,
        us / 1_000_000 % 60,
        us % 1_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use splitbrain_engine::clocks::{HybridStamp, LamportStamp};
    use splitbrain_engine::playground::playground;
    use splitbrain_engine::sim::time::Time;

    fn reading() -> Reading {
        let mut vector = VersionVector::new(5);
        vector.set(1, 12);
        Reading {
            at: Time(61_000_007),
            wall_us: -4_050,
            lamport: LamportStamp {
                count: 1_204,
                process: 1,
            },
            vector,
            hybrid: HybridStamp::new(61_000_009, 3).expect("it fits"),
            interval: Interval {
                earliest_us: -11_050,
                latest_us: 2_950,
            },
            dot: Some(1),
        }
    }

    #[test]
    fn a_stamp_of_each_clock_is_short_and_exact() {
        let stamps = ShownClock::ALL.map(|clock| clock.short(&reading()));
        let expected = [
            "",
            "01:01.000007",
            "−00:00.004050",
            "1204",
            "[0 12 0 0 0]",
            "01:01.000009 c3",
            "(2 12)[0 11 0 0 0]",
            "−00:00.004050 ±7.0 ms",
        ];
        assert_eq!(stamps, expected);
    }

    #[test]
    fn a_vector_is_read_out_with_its_regions() {
        let scenario = playground();
        let said = ShownClock::Vector.long(&Text::default(), &scenario, &reading());
        let second = say::region(&scenario, 1);
        assert!(said.contains(&format!("{second} 12, ")), "{said}");
    }

    #[test]
    fn an_interval_that_true_time_is_not_in_is_said_to_be_wrong() {
        let (text, scenario) = (Text::default(), playground());
        let far = ShownClock::Bounded.long(&text, &scenario, &reading());
        let mut near = reading();
        near.at = Time(2_950);
        assert_ne!(far, ShownClock::Bounded.long(&text, &scenario, &near));
    }

    #[test]
    fn every_clock_is_found_by_its_value() {
        for clock in ShownClock::ALL {
            let value = clock.value().to_string();
            assert_eq!(ShownClock::from_value(&value), Some(clock));
        }
        assert_eq!(ShownClock::from_value("8"), None);
        assert_eq!(ShownClock::from_value(""), None);
    }
}
