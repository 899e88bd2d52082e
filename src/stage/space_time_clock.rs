//! Which clock the diagram shows at events, and what a clock's stamp looks like.

use splitbrain_engine::clocks::Reading;
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
}

impl ShownClock {
    /// Every one, in the order of the list.
    pub(super) const ALL: [Self; 6] = [
        Self::None,
        Self::True,
        Self::Wall,
        Self::Lamport,
        Self::Vector,
        Self::Hybrid,
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
            Self::Vector => {
                let counts: Vec<String> =
                    reading.vector.counts().iter().map(u32::to_string).collect();
                format!("[{}]", counts.join(" "))
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
            Self::Vector => {
                let entries = (0_u8..).zip(reading.vector.counts());
                let entries: Vec<String> = entries
                    .map(|(place, count)| format!("{} {count}", say::region(scenario, place)))
                    .collect();
                entries.join(", ")
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
    use splitbrain_engine::clocks::{HybridStamp, LamportStamp, VersionVector};
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
    fn every_clock_is_found_by_its_value() {
        for clock in ShownClock::ALL {
            let value = clock.value().to_string();
            assert_eq!(ShownClock::from_value(&value), Some(clock));
        }
        assert_eq!(ShownClock::from_value("6"), None);
        assert_eq!(ShownClock::from_value(""), None);
    }
}
