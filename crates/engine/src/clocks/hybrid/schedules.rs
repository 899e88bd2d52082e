//! Hybrid clocks held against their theorems over random schedules.
//!
//! A schedule is a few nodes whose wall clocks are skewed, drift, tick coarsely and are
//! stepped, and which send each other messages that are delayed and overtake each
//! other. What happened before what is known from vector clocks, which share nothing
//! with what is judged. ε is the largest spread of the readings in the schedule, steps
//! included.

use super::{HybridClock, HybridStamp, Refused};
use crate::sim::dice::{identity, mix};

const NODES: usize = 5;
/// Events of one schedule at most.
const EVENTS: usize = 48;
/// Wall clocks show this, in microseconds, when a schedule begins.
const BEGIN_US: i64 = 1 << 40;

/// A theorem or corollary of Kulkarni et al. 2014, section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// There is a stamp for every event.
    Stamped,
    /// e before f implies that the stamp of e is smaller.
    Order,
    /// l is not behind the node's own wall clock.
    NotBehind,
    /// l is ahead of it by at most ε.
    WithinEpsilon,
    /// c is at most the number of events before this one with the same l.
    CounterCounts,
    /// c is at most N·(ε + 1) while clocks tick between events.
    CounterBounded,
}

/// A law that did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub law: Law,
    /// In which schedule, counted from 0: with the seed it can be made again.
    pub schedule: u64,
    /// At which event of it, counted from 0.
    pub event: u32,
}

/// What was looked at, and what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Schedules that were run to their end.
    pub schedules: u64,
    /// Events in them.
    pub events: u64,
    /// Pairs of which one event happened before the other.
    pub ordered_pairs: u64,
    /// The largest counter.
    pub largest_c: u16,
    /// The largest counter while clocks ticked between events, in thousandths of what
    /// is allowed there.
    pub largest_share_of_bound: u64,
    /// How far l was ahead of a wall clock at most, in microseconds.
    pub most_ahead_us: u64,
    /// The first law that did not hold; nothing was looked at after it.
    pub broken: Option<Broken>,
}

/// Runs so many schedules and checks every law at every event. Equal seeds, equal
/// schedules, on every target.
pub fn validate(schedules: u64, seed: u64) -> Report {
    validate_rules::<HybridClock>(schedules, seed)
}

/// What is judged.
trait Rules: Default {
    fn local(&mut self, physical_us: u64) -> Result<HybridStamp, Refused>;
    fn received(&mut self, sent: HybridStamp, physical_us: u64) -> Result<HybridStamp, Refused>;
}

impl Rules for HybridClock {
    fn local(&mut self, physical_us: u64) -> Result<HybridStamp, Refused> {
        self.tick(physical_us)
    }

    fn received(&mut self, sent: HybridStamp, physical_us: u64) -> Result<HybridStamp, Refused> {
        self.receive(sent, physical_us)
    }
}

fn validate_rules<R: Rules>(schedules: u64, seed: u64) -> Report {
    let mut report = Report::default();
    let mut events = Vec::with_capacity(EVENTS);
    for schedule in 0..schedules {
        let mut dice = Draws(identity(seed, schedule));
        let weather = Weather::new(&mut dice);
        events.clear();
        let broken = if weather.play::<R>(&mut dice, &mut events) {
            weather.judge(&events, &mut report)
        } else {
            Some((Law::Stamped, events.len()))
        };
        if let Some((law, event)) = broken {
            let event = event as u32;
            report.broken = Some(Broken {
                law,
                schedule,
                event,
            });
            return report;
        }
        report.schedules += 1;
        report.events += events.len() as u64;
    }
    report
}

/// Draws of one schedule, in order: `SplitMix64`.
struct Draws(u64);

impl Draws {
    /// From 0 to `n - 1`.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        // The bias of a remainder is below 2^-40 for every n used here.
        mix(self.0) % n.max(1)
    }

    fn around(&mut self, most: u64) -> i64 {
        self.below(2 * most + 1) as i64 - most as i64
    }
}

/// One event, and what an oracle knows of it.
#[derive(Clone, Copy)]
struct Event {
    node: usize,
    /// Of true time.
    at_us: i64,
    physical_us: u64,
    stamp: HybridStamp,
    /// Events of each node in its past, itself among them.
    past: [u16; NODES],
}

impl Event {
    fn is_before(&self, other: &Self) -> bool {
        self.past[self.node] <= other.past[self.node]
    }
}

/// How the clocks of a schedule behave.
struct Weather {
    nodes: usize,
    events: usize,
    /// Of each clock at the start, in microseconds.
    offsets_us: [i64; NODES],
    drifts_ppm: [i64; NODES],
    /// A reading is a multiple of it, in microseconds.
    grain_us: i64,
    /// True time between events at most, in microseconds.
    gap_us: u64,
    /// One event in so many steps a clock first; none if zero.
    steps_one_in: u64,
    step_us: u64,
    /// Each clock ticks between any two events of its node.
    is_ticking: bool,
}

impl Weather {
    fn new(dice: &mut Draws) -> Self {
        // From clocks that agree to the microsecond to some that are seconds apart.
        let skew_us = [0, 1, 3, 40, 5_000, 3_000_000][dice.below(6) as usize];
        let drift_ppm = [0, 100, 20_000][dice.below(3) as usize];
        let is_ticking = dice.below(2) == 0;
        let steps = dice.below(3) == 0;
        Self {
            nodes: 2 + dice.below(NODES as u64 - 1) as usize,
            events: 8 + dice.below(EVENTS as u64 - 7) as usize,
            offsets_us: [(); NODES].map(|()| dice.around(skew_us)),
            drifts_ppm: [(); NODES].map(|()| dice.around(drift_ppm)),
            grain_us: if is_ticking {
                1
            } else {
                [1, 10, 4_000][dice.below(3) as usize]
            },
            gap_us: [0, 2, 60, 20_000][dice.below(4) as usize],
            steps_one_in: if steps && !is_ticking { 6 } else { 0 },
            step_us: [2, 900, 5_000_000][dice.below(3) as usize],
            is_ticking,
        }
    }

    /// Plays the schedule; false if an event got no stamp.
    fn play<R: Rules>(&self, dice: &mut Draws, events: &mut Vec<Event>) -> bool {
        let mut clocks: [R; NODES] = [(); NODES].map(|()| R::default());
        let mut offsets_us = self.offsets_us;
        let mut pasts = [[0; NODES]; NODES];
        let mut last_us = [0; NODES];
        // Messages under way, as the events that sent them.
        let mut flights: Vec<usize> = Vec::with_capacity(EVENTS);
        let mut at_us = BEGIN_US;
        for place in 0..self.events {
            at_us += dice.below(self.gap_us + 1) as i64;
            let node = dice.below(self.nodes as u64) as usize;
            if self.steps_one_in > 0 && dice.below(self.steps_one_in) == 0 {
                offsets_us[node] += dice.around(self.step_us);
            }
            let drifted_us = (at_us - BEGIN_US) * self.drifts_ppm[node] / 1_000_000;
            let shown_us = at_us + offsets_us[node] + drifted_us;
            let mut physical_us = (shown_us - shown_us.rem_euclid(self.grain_us)) as u64;
            if self.is_ticking && physical_us <= last_us[node] {
                // The event waits for the tick.
                at_us += (last_us[node] + 1 - physical_us) as i64;
                physical_us = last_us[node] + 1;
            }
            last_us[node] = physical_us;

            let heard = (!flights.is_empty() && dice.below(2) == 0)
                .then(|| dice.below(flights.len() as u64) as usize)
                .filter(|&flight| events[flights[flight]].node != node)
                // One in eight stays under way and arrives once more.
                .map(|flight| match dice.below(8) {
                    0 => flights[flight],
                    _ => flights.swap_remove(flight),
                });
            let given = match heard {
                Some(sent) => clocks[node].received(events[sent].stamp, physical_us),
                None => clocks[node].local(physical_us),
            };
            let Ok(stamp) = given else {
                return false;
            };
            if let Some(sent) = heard {
                for (known, told) in pasts[node].iter_mut().zip(events[sent].past) {
                    *known = told.max(*known);
                }
            } else if dice.below(4) != 0 {
                flights.push(place);
            }
            pasts[node][node] += 1;
            events.push(Event {
                node,
                at_us,
                physical_us,
                stamp,
                past: pasts[node],
            });
        }
        true
    }

    /// The first law that does not hold, and at which event.
    fn judge(&self, events: &[Event], report: &mut Report) -> Option<(Law, usize)> {
        let off = |event: &Event| event.physical_us as i64 - event.at_us;
        let most = events.iter().map(off).max().unwrap_or(0);
        let least = events.iter().map(off).min().unwrap_or(0);
        let epsilon_us = (most - least) as u64;
        for (place, event) in events.iter().enumerate() {
            let (l_us, c) = (event.stamp.l_us(), event.stamp.c());
            let mut same_l = 0;
            for earlier in &events[..place] {
                if !earlier.is_before(event) {
                    continue;
                }
                report.ordered_pairs += 1;
                if earlier.stamp >= event.stamp {
                    return Some((Law::Order, place));
                }
                same_l += u16::from(earlier.stamp.l_us() == l_us);
            }
            let Some(ahead_us) = l_us.checked_sub(event.physical_us) else {
                return Some((Law::NotBehind, place));
            };
            if ahead_us > epsilon_us {
                return Some((Law::WithinEpsilon, place));
            }
            if c > same_l {
                return Some((Law::CounterCounts, place));
            }
            if self.is_ticking {
                let bound = self.nodes as u64 * (epsilon_us + 1);
                if u64::from(c) > bound {
                    return Some((Law::CounterBounded, place));
                }
                let share = u64::from(c) * 1_000 / bound;
                report.largest_share_of_bound = report.largest_share_of_bound.max(share);
            }
            report.largest_c = report.largest_c.max(c);
            report.most_ahead_us = report.most_ahead_us.max(ahead_us);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thousands of schedules, or as many as the variable `SCHEDULES` says.
    #[test]
    fn every_law_holds_in_every_schedule() {
        let wanted = std::env::var("SCHEDULES").ok();
        let schedules = wanted.map_or(5_000, |it| it.parse().expect("SCHEDULES is a number"));
        let report = validate(schedules, 2014);
        println!("{report:#?}");
        assert_eq!(report.broken, None);
        assert_eq!(report.schedules, schedules);
        // Schedules in which nothing can go wrong would prove nothing.
        if schedules >= 5_000 {
            assert!(report.ordered_pairs > 50 * schedules);
            assert!(report.largest_c > 20 && report.most_ahead_us > 1_000_000);
            assert!(report.largest_share_of_bound > 300);
        }
    }

    #[test]
    fn equal_seeds_make_equal_schedules_and_others_other_ones() {
        assert_eq!(validate(300, 7), validate(300, 7));
        assert_ne!(validate(300, 7), validate(300, 8));
    }

    /// Rules with a fault in them, each a slip that is easily made.
    macro_rules! wrong {
        ($name:ident, $local:expr, $received:expr) => {
            #[derive(Default)]
            struct $name(u64, u16);
            impl Rules for $name {
                fn local(&mut self, pt: u64) -> Result<HybridStamp, Refused> {
                    let rule: fn(u64, u16, u64) -> (u64, u16) = $local;
                    (self.0, self.1) = rule(self.0, self.1, pt);
                    Ok(HybridStamp::new(self.0, self.1).expect("fits"))
                }
                fn received(&mut self, m: HybridStamp, pt: u64) -> Result<HybridStamp, Refused> {
                    let rule: fn(u64, u16, HybridStamp, u64) -> (u64, u16) = $received;
                    (self.0, self.1) = rule(self.0, self.1, m, pt);
                    Ok(HybridStamp::new(self.0, self.1).expect("fits"))
                }
            }
        };
    }

    fn right_local(l: u64, c: u16, pt: u64) -> (u64, u16) {
        if pt > l { (pt, 0) } else { (l, c + 1) }
    }

    fn right_received(l: u64, c: u16, m: HybridStamp, pt: u64) -> (u64, u16) {
        let mut clock = HybridClock::default();
        clock.advance_to(HybridStamp::new(l, c).expect("fits"));
        let stamp = clock.receive(m, pt).expect("fits");
        (stamp.l_us(), stamp.c())
    }

    wrong!(WallOnly, |_, _, pt| (pt, 0), |_, _, _, pt| (pt, 0));
    wrong!(ForgetsTheirCounter, right_local, |l, c, m, pt| {
        let new = l.max(m.l_us()).max(pt);
        (new, if new == l { c + 1 } else { 0 })
    });
    wrong!(ForgetsItsOwnCounter, right_local, |l, _, m, pt| {
        let new = l.max(m.l_us()).max(pt);
        (new, if new == m.l_us() { m.c() + 1 } else { 0 })
    });
    // The naive algorithm of section 3.2: l takes the part of the counter and runs away.
    wrong!(Naive, |l, _, pt| (pt.max(l + 1), 0), |l, _, m, pt| {
        (pt.max(l + 1).max(m.l_us() + 1), 0)
    });
    wrong!(NeverResets, |l, c, pt| (l.max(pt), c + 1), |l, c, m, pt| {
        (l.max(m.l_us()).max(pt), c.max(m.c()) + 1)
    });
    wrong!(IgnoresItsWall, |l, c, _| (l, c + 1), right_received);

    #[test]
    fn every_slip_in_the_rules_is_caught_by_the_law_that_it_breaks() {
        let law = |report: Report| report.broken.map(|it| it.law);
        let runs = 5_000;
        assert_eq!(law(validate_rules::<WallOnly>(runs, 1)), Some(Law::Order));
        let forgets = validate_rules::<ForgetsTheirCounter>(runs, 1);
        assert_eq!(law(forgets), Some(Law::Order));
        let forgets = validate_rules::<ForgetsItsOwnCounter>(runs, 1);
        assert_eq!(law(forgets), Some(Law::Order));
        assert_eq!(
            law(validate_rules::<Naive>(runs, 1)),
            Some(Law::WithinEpsilon)
        );
        let never = validate_rules::<NeverResets>(runs, 1);
        assert_eq!(law(never), Some(Law::CounterCounts));
        let ignores = validate_rules::<IgnoresItsWall>(runs, 1);
        assert_eq!(law(ignores), Some(Law::NotBehind));
    }
}
