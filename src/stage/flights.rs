//! Messages on their way, out of the trace.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, HostId, Label};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;

use super::geometry::within;
use crate::session::{SPEEDS, Session};

/// Messages that are longer under way than this are no longer drawn, in microseconds.
const LONGEST_US: f64 = 2_000_000.0;
/// Facts that are looked through for one frame at most.
const MOST_FACTS: u32 = 16_384;
/// Messages of one slot of a sample at most.
const MOST_SAMPLES: usize = 48;
/// Facts that are looked through for one slot of a sample at most.
const SAMPLE_FACTS: u32 = 4_096;

/// A message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flight {
    /// The fact that it was sent.
    pub(super) fact: FactId,
    /// By whom.
    pub(super) from: HostId,
    /// To whom.
    pub(super) to: HostId,
    /// What it is.
    pub(super) label: Label,
    /// What becomes of it.
    pub(super) fate: Fate,
    /// When it was sent, in microseconds.
    pub(super) sent_us: f64,
    /// How long it takes, in microseconds, at least 1.
    pub(super) span_us: f64,
}

impl Flight {
    /// The message that a fact tells of.
    pub(super) fn of(id: FactId, fact: &Fact) -> Option<Self> {
        if fact.kind() != FactKind::MessageSent {
            return None;
        }
        let (label, fate) = fact.message()?;
        Some(Self {
            fact: id,
            from: fact.host,
            to: fact.peer,
            label,
            fate,
            sent_us: fact.at().0 as f64,
            span_us: f64::from(fact.a).max(1.0),
        })
    }

    /// How far it is at a moment; 1 and more when it has arrived.
    pub(super) fn share(&self, now_us: f64) -> f64 {
        (now_us - self.sent_us) / self.span_us
    }
}

/// The moment that is shown: between two events too while time passes.
pub(super) fn shown_us(session: &Session) -> f64 {
    let time_us = session.player.time().0 as f64;
    if session.playing && !session.seeking {
        within(session.heading_us, time_us, time_us + 1.0)
    } else {
        time_us
    }
}

/// How much faster than real time it goes.
pub(super) fn speed(session: &Session) -> f64 {
    f64::from(SPEEDS[usize::from(session.speed).min(SPEEDS.len() - 1)]) / 1_000.0
}

/// Every message that is under way at a moment or was until `linger_us` before it.
pub(super) fn under_way(
    trace: &Trace,
    end: FactId,
    now_us: f64,
    linger_us: f64,
    mut visit: impl FnMut(&Flight),
) {
    let from_us = (now_us - LONGEST_US - linger_us).max(0.0);
    let from = trace.first_at(Time(from_us as u64)).0;
    let from = from.max(end.0.saturating_sub(MOST_FACTS));
    for (id, fact) in trace.range(FactId(from), end) {
        if let Some(flight) = Flight::of(id, fact)
            && now_us <= flight.sent_us + flight.span_us + linger_us
        {
            visit(&flight);
        }
    }
}

/// A few messages out of many, for speeds at which the eye cannot follow each.
///
/// Time is cut into slots as long as a dot takes across. Of the messages that began in
/// a slot one each way is picked; it is shown in the slots after.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    slots: Vec<(u64, Vec<Flight>)>,
    slot_us: u64,
    branch: u32,
}

impl Sample {
    /// Calls back with every picked message and how far its dot is.
    pub(super) fn visit(
        &mut self,
        session: &Session,
        now_us: f64,
        slot_us: u64,
        mut visit: impl FnMut(&Flight, f64),
    ) {
        let is_other = self.slot_us != slot_us || self.branch != session.branch;
        if is_other {
            self.slots.clear();
            (self.slot_us, self.branch) = (slot_us, session.branch);
        }
        let now = now_us as u64 / slot_us;
        self.slots
            .retain(|(slot, _)| *slot < now && *slot + 2 >= now);
        for slot in now.saturating_sub(2)..now {
            if !self.slots.iter().any(|(kept, _)| *kept == slot) {
                self.slots.push((slot, pick(session, slot, slot_us)));
            }
        }
        for (slot, flights) in &self.slots {
            for flight in flights {
                let share = now_us / slot_us as f64 - (slot + 1) as f64 - offset(flight);
                if (0.0..1.0).contains(&share) {
                    visit(flight, share);
                }
            }
        }
    }
}

fn pick(session: &Session, slot: u64, slot_us: u64) -> Vec<Flight> {
    let trace = session.player.trace();
    let from = trace.first_at(Time(slot * slot_us));
    let end = trace.first_at(Time((slot + 1) * slot_us));
    let end = end.0.min(from.0 + SAMPLE_FACTS).min(session.player.end().0);
    let mut picked: Vec<Flight> = Vec::new();
    for (id, fact) in trace.range(from, FactId(end)) {
        let Some(flight) = Flight::of(id, fact) else {
            continue;
        };
        let is_there = picked
            .iter()
            .any(|other| (other.from, other.to) == (flight.from, flight.to));
        if !is_there && flight.label != Label::Digest {
            picked.push(flight);
        }
        if picked.len() == MOST_SAMPLES {
            break;
        }
    }
    picked
}

/// So that not all dots of a slot set off at once.
fn offset(flight: &Flight) -> f64 {
    f64::from(flight.fact.0.wrapping_mul(0x9E37_79B9) >> 16 & 0xFF) / 256.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Action;

    fn session_at(ms: u64) -> Session {
        let mut session = Session::new(7);
        session.reduce(Action::GoTo(Time::from_ms(ms)));
        while !session.work(u32::MAX) {}
        session
    }

    #[test]
    fn what_is_under_way_has_been_sent_and_has_not_arrived() {
        let session = session_at(4_000);
        let (trace, end) = (session.player.trace(), session.player.end());
        let mut seen = 0;
        for ms in 3_000..4_000 {
            let now_us = f64::from(ms) * 1_000.0;
            under_way(trace, end, now_us, 0.0, |flight| {
                if flight.sent_us <= now_us {
                    assert!(flight.share(now_us) <= 1.0);
                    seen += 1;
                }
            });
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn a_sample_shows_at_most_one_message_each_way_of_a_slot() {
        let session = session_at(20_000);
        let mut sample = Sample::default();
        let mut ways = Vec::new();
        sample.visit(&session, 19_000_000.0, 2_000_000, |flight, share| {
            assert!((0.0..1.0).contains(&share));
            ways.push((flight.from, flight.to));
        });
        assert!(!ways.is_empty() && ways.len() <= 2 * MOST_SAMPLES);
    }
}
