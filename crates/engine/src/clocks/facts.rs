//! What every clock says of itself: data, no prose.
//!
//! A clock keeps no property that the judge decides by itself; it gives those who use it
//! something to decide by. So what it tells has names of its own. Names and texts stand in
//! the word catalogues under `clock.ID`.

use crate::policy::Cost;

/// What stamps of a clock tell of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Who comes after something has the larger stamp: "happened before" is never reversed.
    Order,
    /// Whether one of two events came before the other, or neither knew of the other.
    Concurrency,
    /// Whether one of two writes that one server took had been read by who made the other.
    ClientsOfOneServer,
    /// About what time it was.
    Time,
    /// How wrong that time may be.
    Uncertainty,
    /// What began after something had ended has the larger stamp, although no message went
    /// from one to the other: external consistency.
    RealTimeOrder,
}

impl Tells {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Order,
        Self::Concurrency,
        Self::ClientsOfOneServer,
        Self::Time,
        Self::Uncertainty,
        Self::RealTimeOrder,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Concurrency => "concurrency",
            Self::ClientsOfOneServer => "clients_of_one_server",
            Self::Time => "time",
            Self::Uncertainty => "uncertainty",
            Self::RealTimeOrder => "real_time_order",
        }
    }
}

/// What a clock says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockInfo {
    /// Stable id: lists and word catalogues use it.
    pub id: &'static str,
    /// What its stamps tell.
    pub keeps: &'static [Tells],
    /// What they do not.
    pub gives_up: &'static [Tells],
    /// What it costs.
    pub costs: &'static [Cost],
    /// Where it was published: author, title, year. Empty where it is as old as clocks.
    pub sources: &'static [&'static str],
}

#[cfg(test)]
mod tests {
    use super::super::{
        ALL, BoundedClock, Causality, HybridClock, LamportClock, PhysicalClock, VersionVector,
    };
    use super::*;
    use crate::sim::time::Time;

    fn keeps(id: &str, what: Tells) -> bool {
        let info = ALL.iter().find(|info| info.id == id);
        info.expect("it is listed").keeps.contains(&what)
    }

    #[test]
    fn every_clock_keeps_or_gives_up_everything_and_nothing_twice() {
        for (at, info) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|it| it.id != info.id), "{}", info.id);
            assert!(!info.costs.is_empty(), "{}", info.id);
            for tells in Tells::ALL {
                let says = [info.keeps, info.gives_up].map(|list| list.contains(tells));
                assert_ne!(says[0], says[1], "{}: {}", info.id, tells.id());
            }
        }
    }

    #[test]
    fn what_the_list_says_of_order_is_what_clocks_do() {
        // Something is sent at 100 by a clock that is right, and received by one that is
        // 50 µs behind.
        let slow = PhysicalClock::new(-50, 0);
        let (sent_us, received_us) = (100, slow.wall_us(Time(101)));
        assert!(received_us < sent_us);
        assert!(!keeps("wall_clock", Tells::Order));

        let mut lamport = LamportClock::new(1);
        let sent = LamportClock::new(0).tick().expect("it counts");
        assert!(lamport.receive(sent).expect("it counts") > sent);
        assert!(keeps("lamport_clock", Tells::Order));

        let mut hybrid = HybridClock::default();
        let sent = HybridClock::default().tick(100).expect("it fits");
        let received = hybrid.receive(sent, received_us as u64).expect("it fits");
        assert!(received > sent);
        assert!(keeps("hybrid_clock", Tells::Order));
    }

    #[test]
    fn what_the_list_says_of_concurrency_is_what_clocks_do() {
        let (mut one, mut other) = (VersionVector::new(2), VersionVector::new(2));
        one.increment(0);
        other.increment(1);
        assert_eq!(one.compare(&other), Causality::Concurrent);
        assert!(keeps("version_vector", Tells::Concurrency));
        // Lamport's stamps put one of two such events first all the same.
        let stamp = |process| LamportClock::new(process).tick().expect("it counts");
        let stamps = [0, 1].map(stamp);
        assert!(stamps[0] < stamps[1]);
        assert!(!keeps("lamport_clock", Tells::Concurrency));
    }

    #[test]
    fn what_the_list_says_of_real_time_is_what_clocks_do() {
        // One node is 40 µs ahead and another as far behind; both may be off by 50.
        let (ahead, behind) = (PhysicalClock::new(40, 0), PhysicalClock::new(-40, 0));
        let clock = BoundedClock::new(50, 0, 0);
        let read = |of: &PhysicalClock, at: u64| clock.now(of.wall_us(Time(at)), at);
        let began = read(&ahead, 1_000);
        assert!((began.earliest_us..=began.latest_us).contains(&1_000));
        assert!(keeps("bounded_clock", Tells::Uncertainty));
        let first = clock.commit_stamp(began, i64::MIN);
        let over = 1_000 + clock.commit_wait_us(first, began) + 1;
        let second = clock.commit_stamp(read(&behind, over), i64::MIN);
        assert!(second > first, "no message went from one to the other");
        assert!(keeps("bounded_clock", Tells::RealTimeOrder));
        // Bare wall clocks have it the wrong way round.
        assert!(behind.wall_us(Time(1_050)) < ahead.wall_us(Time(1_000)));
        assert!(!keeps("wall_clock", Tells::RealTimeOrder));
    }
}
