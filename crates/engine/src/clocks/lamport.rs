//! Lamport's logical clock: one counter a process, larger than everything it heard of.
//!
//! # What it does
//! Every event of a process adds one to its counter. A message carries the counter of
//! its sending; the receiver first takes the larger of that and its own. Ties between
//! processes are broken by their numbers, which makes a total order of all events.
//!
//! # Guarantees
//! If e happened before f, the stamp of e is smaller. Stamps of different events of
//! differently numbered processes are never equal.
//!
//! # Gives up
//! The converse: a smaller stamp does not tell whether e came before f or neither knew
//! of the other. And every relation to time: a busy process runs ahead of a quiet one.
//!
//! # Cost
//! One integer a process and a message.
//!
//! # Source
//! Lamport, "Time, clocks, and the ordering of events in a distributed system",
//! 1978, rules IR1 and IR2 and the total order after them.

use super::facts::{ClockInfo, Tells};
use crate::policy::Cost;

/// What the list says of it.
pub const INFO: ClockInfo = ClockInfo {
    id: "lamport_clock",
    keeps: &[Tells::Order],
    gives_up: &[
        Tells::Concurrency,
        Tells::ClientsOfOneServer,
        Tells::Time,
        Tells::Uncertainty,
        Tells::RealTimeOrder,
    ],
    costs: &[Cost::StampPerValue],
    sources: &["Lamport, Time, clocks, and the ordering of events in a distributed system, 1978"],
};

/// A point in Lamport's total order: by counter, then by process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LamportStamp {
    /// The counter of the process at the event, from 1.
    pub count: u64,
    /// The number of the process.
    pub process: u16,
}

/// The counter has no next value. A counter that only its own events move never gets
/// there; a message with a forged stamp can bring it there at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a Lamport clock stands at its last value, {}, and cannot go on",
    u64::MAX
)]
pub struct Exhausted;

/// The clock of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LamportClock {
    last: LamportStamp,
}

impl LamportClock {
    /// The clock of a process at which nothing has happened yet.
    pub const fn new(process: u16) -> Self {
        let last = LamportStamp { count: 0, process };
        Self { last }
    }

    /// The stamp of the last event; its counter is 0 if there was none.
    pub const fn last(&self) -> LamportStamp {
        self.last
    }

    /// The stamp of an event of the process's own, or of a message that it sends (IR1).
    ///
    /// # Errors
    /// [`Exhausted`]; the clock stays as it was.
    pub fn tick(&mut self) -> Result<LamportStamp, Exhausted> {
        self.last.count = self.last.count.checked_add(1).ok_or(Exhausted)?;
        Ok(self.last)
    }

    /// The stamp of receiving a message that carries `sent` (IR2).
    ///
    /// # Errors
    /// [`Exhausted`]; the clock stays as it was, and the message was not received.
    pub fn receive(&mut self, sent: LamportStamp) -> Result<LamportStamp, Exhausted> {
        let larger = self.last.count.max(sent.count);
        self.last.count = larger.checked_add(1).ok_or(Exhausted)?;
        Ok(self.last)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_receiver_is_past_the_sender_and_never_goes_back() {
        let (mut busy, mut quiet) = (LamportClock::new(0), LamportClock::new(1));
        for _ in 0..9 {
            busy.tick().unwrap();
        }
        let sent = busy.tick().unwrap();
        assert_eq!(quiet.receive(sent).unwrap().count, 11);
        let answer = quiet.tick().unwrap();
        assert_eq!(busy.receive(answer).unwrap().count, 13);
        let late = LamportStamp::default();
        assert_eq!(busy.receive(late).unwrap().count, 14);
    }

    #[test]
    fn equal_counters_are_ordered_by_process() {
        let left = LamportClock::new(3).tick().unwrap();
        let right = LamportClock::new(4).tick().unwrap();
        assert_eq!(left.count, right.count);
        assert!(left < right);
    }

    #[test]
    fn the_last_value_is_told_of_and_not_wrapped() {
        let mut clock = LamportClock::new(0);
        let forged = LamportStamp {
            count: u64::MAX,
            process: 1,
        };
        assert_eq!(clock.receive(forged), Err(Exhausted));
        assert_eq!(clock.tick().unwrap().count, 1);
    }

    proptest! {
        /// Steps are (process, whether it hears the last stamp of another, which).
        #[test]
        fn what_happened_before_has_the_smaller_stamp_and_all_stamps_differ(
            steps in prop::collection::vec((0_u16..4, any::<bool>(), 0_u16..4), 1..60)
        ) {
            let mut clocks: Vec<LamportClock> = (0..4).map(LamportClock::new).collect();
            let mut stamps = Vec::new();
            for (process, hears, from) in steps {
                let sent = clocks[from as usize].last();
                let before = clocks[process as usize].last();
                let clock = &mut clocks[process as usize];
                let stamp = if hears { clock.receive(sent) } else { clock.tick() }.unwrap();
                prop_assert!(before < stamp);
                prop_assert!(!hears || sent < stamp);
                stamps.push(stamp);
            }
            let count = stamps.len();
            stamps.sort();
            stamps.dedup();
            prop_assert_eq!(stamps.len(), count);
        }
    }
}
