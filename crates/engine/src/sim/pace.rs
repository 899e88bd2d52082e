//! How a host keeps pace with what happens to it: at once, later, or not before it
//! goes on.
//!
//! A pause is a process that is stopped while its machine goes on: a long collection of
//! garbage, a stopped virtual processor. What arrives waits in the order in which it
//! arrived, timers that fall due wait too, and the clocks go on, so that whoever
//! resumes does not know that time has passed until it looks. Being slow is a service
//! time added to each step, with as many steps under way as come: there is no capacity
//! that a queue could grow over. Real systems also have pauses that stop the clocks of
//! a whole virtual machine, and slow hosts whose queues overflow.

use super::time::Time;

/// Between two things that waited for the same host, in microseconds: enough to keep
/// their order.
const APART_US: u64 = 1;

/// When a host is to handle something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Now.
    Now,
    /// At this moment, which is later.
    At(Time),
    /// Not before it resumes.
    Held,
}

/// The pace of one host; `T` is what waits for it.
#[derive(Clone, Debug)]
pub(super) struct Pace<T> {
    is_paused: bool,
    held: Vec<T>,
    /// Added to each step, in microseconds.
    extra_us: u32,
    /// When the last thing that was put off is handled.
    last: Time,
}

impl<T> Default for Pace<T> {
    fn default() -> Self {
        Self {
            is_paused: false,
            held: Vec::new(),
            extra_us: 0,
            last: Time::ZERO,
        }
    }
}

impl<T> Pace<T> {
    /// Whether it is paused.
    pub(super) fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// How much longer each step takes, in microseconds.
    pub(super) fn extra_us(&self) -> u32 {
        self.extra_us
    }

    /// Sets how much longer each step takes.
    pub(super) fn slow(&mut self, extra_us: u32) {
        self.extra_us = extra_us;
    }

    /// When something that comes now is to be handled; `was_put_off` if it has waited
    /// its service time.
    pub(super) fn turn(&mut self, now: Time, was_put_off: bool) -> Turn {
        if self.is_paused {
            return Turn::Held;
        }
        let is_behind = self.last > now;
        if was_put_off || (self.extra_us == 0 && !is_behind) {
            return Turn::Now;
        }
        // Nothing overtakes what came before it, when a host becomes quicker again.
        let earliest = now.after(u64::from(self.extra_us));
        self.last = earliest.max(self.last.after(APART_US));
        Turn::At(self.last)
    }

    /// Keeps something until the host resumes.
    pub(super) fn hold(&mut self, what: T) {
        self.held.push(what);
    }

    /// Pauses it; false if it was.
    pub(super) fn pause(&mut self) -> bool {
        !std::mem::replace(&mut self.is_paused, true)
    }

    /// Lets it go on, and gives what waited with the moment of each; nothing if it was
    /// not paused.
    pub(super) fn resume(&mut self, now: Time) -> Option<Vec<(Time, T)>> {
        if !std::mem::replace(&mut self.is_paused, false) {
            return None;
        }
        let held = std::mem::take(&mut self.held).into_iter();
        let spread = (1..).zip(held).map(|(place, what)| {
            let at = now.after(place * APART_US);
            self.last = at;
            (at, what)
        });
        Some(spread.collect())
    }

    /// It stops for good; gives what waited.
    pub(super) fn stop(&mut self) -> Vec<T> {
        self.is_paused = false;
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_held_comes_in_the_order_in_which_it_came() {
        let mut pace = Pace::default();
        assert!(pace.pause() && !pace.pause());
        for what in 0..3 {
            assert_eq!(pace.turn(Time(5), false), Turn::Held);
            pace.hold(what);
        }
        let now = Time(100);
        let came = pace.resume(now).expect("it was paused");
        assert_eq!(came, [(Time(101), 0), (Time(102), 1), (Time(103), 2)]);
        assert_eq!(pace.resume(now), None);
    }

    #[test]
    fn nothing_new_overtakes_what_was_held() {
        let mut pace = Pace::default();
        pace.pause();
        pace.hold('a');
        pace.hold('b');
        pace.resume(Time(100));
        assert_eq!(pace.turn(Time(101), false), Turn::At(Time(103)));
        assert_eq!(pace.turn(Time(103), true), Turn::Now);
        assert_eq!(pace.turn(Time(103), false), Turn::Now);
    }

    #[test]
    fn a_host_that_is_quick_again_keeps_the_order() {
        let mut pace = Pace::<()>::default();
        pace.slow(1_000);
        assert_eq!(pace.turn(Time(10), false), Turn::At(Time(1_010)));
        pace.slow(0);
        assert_eq!(pace.turn(Time(20), false), Turn::At(Time(1_011)));
        assert_eq!(pace.turn(Time(1_010), true), Turn::Now);
        assert_eq!(pace.turn(Time(2_000), false), Turn::Now);
    }
}
