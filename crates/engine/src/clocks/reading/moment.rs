//! The clocks of all hosts at one moment of a trace, and how a fact moves them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{BELIEVED_DRIFT_PPM, BELIEVED_US, Reading, is_event};
use crate::clocks::hybrid::{MAX_L_US, Refused};
use crate::clocks::{
    BoundedClock, HybridClock, HybridStamp, LamportClock, LamportStamp, PhysicalClock,
    VersionVector,
};
use crate::sim::fact::{Fact, FactId, FactKind, Fate, HostId};
use crate::sim::time::Time;
use crate::sim::world::World;

#[derive(Clone, Debug)]
struct HostClocks {
    physical: PhysicalClock,
    lamport: LamportClock,
    hybrid: HybridClock,
    is_up: bool,
    is_paused: bool,
    /// How much longer it takes over a message, in microseconds.
    slowed_us: u32,
    bounded: BoundedClock,
    /// Half of the last round trip to a time server, in microseconds.
    measured_us: u32,
}

/// A message on its way, with the stamps that it carries. In order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Flight {
    arrives_at: Time,
    message: FactId,
    receiver: HostId,
    comes_twice: bool,
    /// Whether it has waited for a receiver that is slow.
    was_put_off: bool,
    /// Where its vector is.
    slot: u32,
    lamport: LamportStamp,
    hybrid: HybridStamp,
}

/// The clocks of all hosts between two facts, and what is on its way.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// The fact after it.
    pub(super) next: FactId,
    regions: u16,
    hosts: Vec<HostClocks>,
    /// Of each host, so many entries as there are regions.
    vectors: Vec<u32>,
    flights: BinaryHeap<Reverse<Flight>>,
    /// Messages whose first copy found nobody; a second one comes.
    missed: Vec<Flight>,
    /// Messages that wait for a receiver that is paused, in the order of arrival.
    held: Vec<Flight>,
    /// The vectors of messages, so many entries each.
    carried: Vec<u32>,
    free: Vec<u32>,
}

impl Moment {
    /// Before anything happened.
    pub(super) fn start(world: &World, regions: u8) -> Self {
        let hosts = world.hosts();
        Self {
            next: FactId(0),
            regions: u16::from(regions),
            hosts: (0_u16..)
                .zip(hosts)
                .map(|(number, host)| HostClocks {
                    physical: host.clock,
                    lamport: LamportClock::new(number),
                    hybrid: HybridClock::default(),
                    is_up: true,
                    is_paused: false,
                    slowed_us: 0,
                    bounded: BoundedClock::new(BELIEVED_US, BELIEVED_DRIFT_PPM, 0),
                    measured_us: 0,
                })
                .collect(),
            vectors: vec![0; hosts.len() * usize::from(regions)],
            flights: BinaryHeap::new(),
            missed: Vec::new(),
            held: Vec::new(),
            carried: Vec::new(),
            free: Vec::new(),
        }
    }

    fn entries(&self, place: usize) -> std::ops::Range<usize> {
        let width = usize::from(self.regions);
        place * width..(place + 1) * width
    }

    /// An event of a host, which has heard of what `flight` carries, if of anything.
    fn tick(&mut self, at: Time, host: HostId, flight: Option<&Flight>) {
        let entries = self.entries(usize::from(host.0));
        if let Some(flight) = flight {
            let carried = self.entries(flight.slot as usize);
            for (own, sent) in entries.clone().zip(carried) {
                self.vectors[own] = self.vectors[own].max(self.carried[sent]);
            }
        }
        if host.0 < self.regions {
            self.vectors[entries.start + usize::from(host.0)] += 1;
        }
        let clocks = &mut self.hosts[usize::from(host.0)];
        // A Lamport clock that only events move does not reach its last value.
        let _ = match flight {
            Some(flight) => clocks.lamport.receive(flight.lamport),
            None => clocks.lamport.tick(),
        };
        let physical_us = clocks.physical.wall_us(at).max(0) as u64;
        let physical_us = physical_us.min(MAX_L_US);
        let given = match flight {
            Some(flight) => clocks.hybrid.receive(flight.hybrid, physical_us),
            None => clocks.hybrid.tick(physical_us),
        };
        if let Err(Refused::CounterFull { .. }) = given {
            let sent = flight.map_or_else(HybridStamp::default, |flight| flight.hybrid);
            let largest = clocks.hybrid.last().max(sent);
            clocks.hybrid.advance_to(largest.next().unwrap_or(largest));
        }
    }

    /// A message arrives; `heard` is told of it if somebody was there.
    fn deliver(&mut self, flight: Flight, at: Time, heard: Heard<'_>) {
        let host = &self.hosts[usize::from(flight.receiver.0)];
        if host.is_up && host.is_paused {
            return self.held.push(flight);
        }
        if !host.is_up {
            if flight.comes_twice {
                self.missed.push(flight);
            } else {
                self.free.push(flight.slot);
            }
            return;
        }
        self.tick(at, flight.receiver, Some(&flight));
        heard(flight.message, self, at);
        self.free.push(flight.slot);
    }

    /// Everything that arrives before a fact does so, and of what arrives in the same
    /// microsecond that which led to it.
    fn arrivals(&mut self, fact: &Fact, heard: Heard<'_>) {
        let now = fact.at();
        let mut others = Vec::new();
        while let Some(&Reverse(flight)) = self.flights.peek() {
            if flight.arrives_at > now {
                break;
            }
            self.flights.pop();
            let slowed_us = self.hosts[usize::from(flight.receiver.0)].slowed_us;
            if slowed_us > 0 && !flight.was_put_off {
                self.flights.push(Reverse(Flight {
                    arrives_at: flight.arrives_at.after(u64::from(slowed_us)),
                    was_put_off: true,
                    ..flight
                }));
                continue;
            }
            if flight.arrives_at < now || flight.message == fact.cause {
                self.deliver(flight, flight.arrives_at, heard);
            } else {
                others.push(Reverse(flight));
            }
        }
        self.flights.extend(others);
        let missed = self.missed.iter();
        if let Some(place) = missed.clone().position(|it| it.message == fact.cause) {
            let second = self.missed.swap_remove(place);
            self.deliver(second, now, heard);
        }
    }

    /// The next fact happens; true if it is an event of its host.
    pub(super) fn take(&mut self, fact: &Fact, heard: Heard<'_>) -> bool {
        let id = self.next;
        self.next = FactId(id.0 + 1);
        self.arrivals(fact, heard);
        let host = &mut self.hosts[usize::from(fact.host.0)];
        match fact.kind() {
            FactKind::RegionCrashed => {
                (host.is_up, host.is_paused) = (false, false);
                self.held.retain(|flight| {
                    let stays = flight.receiver != fact.host;
                    self.free.extend((!stays).then_some(flight.slot));
                    stays
                });
            }
            FactKind::RegionPaused => host.is_paused = true,
            FactKind::RegionResumed => {
                host.is_paused = false;
                let (come, held) = std::mem::take(&mut self.held)
                    .into_iter()
                    .partition(|flight| flight.receiver == fact.host);
                self.held = held;
                let come: Vec<Flight> = come;
                for flight in come {
                    self.deliver(flight, fact.at(), heard);
                }
            }
            FactKind::ClockMeasured => {
                // As wrong as it was found to be, and as the measurement may be.
                host.measured_us = fact.b / 2 + 1;
                let bound_us = (fact.a as i32)
                    .unsigned_abs()
                    .saturating_add(host.measured_us);
                let monotonic_us = host.physical.monotonic_us(fact.at());
                host.bounded.was_set(bound_us, monotonic_us);
            }
            FactKind::RegionSlowed => host.slowed_us = fact.a,
            FactKind::RegionRestarted => host.is_up = true,
            FactKind::ClockStepped => {
                let drift_ppm = fact.c as i32;
                host.physical
                    .step(fact.at(), fact.clock_offset_us(), drift_ppm);
                if fact.flag() == Fact::SET_BY_SERVICE {
                    let monotonic_us = host.physical.monotonic_us(fact.at());
                    host.bounded.was_set(host.measured_us, monotonic_us);
                }
            }
            _ => {}
        }
        if !is_event(fact.kind()) {
            return false;
        }
        self.tick(fact.at(), fact.host, None);
        if fact.kind() == FactKind::MessageSent {
            self.send(id, fact);
        }
        true
    }

    fn send(&mut self, message: FactId, fact: &Fact) {
        let Some((_, fate)) = fact.message().filter(|(_, fate)| fate.arrives()) else {
            return;
        };
        let slot = self.free.pop().unwrap_or_else(|| {
            let width = usize::from(self.regions);
            let slot = self.carried.len() / width.max(1);
            self.carried.resize(self.carried.len() + width, 0);
            slot as u32
        });
        let (own, carried) = (
            self.entries(usize::from(fact.host.0)),
            self.entries(slot as usize),
        );
        self.carried[carried].copy_from_slice(&self.vectors[own]);
        let clocks = &self.hosts[usize::from(fact.host.0)];
        self.flights.push(Reverse(Flight {
            arrives_at: fact.arrives_at(),
            message,
            receiver: fact.peer,
            comes_twice: fate == Fate::Duplicated,
            was_put_off: false,
            slot,
            lamport: clocks.lamport.last(),
            hybrid: clocks.hybrid.last(),
        }));
    }

    /// What the clocks of a host show after its last event.
    pub(super) fn reading(&self, host: HostId, at: Time) -> Reading {
        let clocks = &self.hosts[usize::from(host.0)];
        let mut vector = VersionVector::new(self.regions as u8);
        for (region, &count) in self.vectors[self.entries(usize::from(host.0))]
            .iter()
            .enumerate()
        {
            vector.set(region as u8, count);
        }
        Reading {
            at,
            wall_us: clocks.physical.wall_us(at),
            lamport: clocks.lamport.last(),
            vector,
            hybrid: clocks.hybrid.last(),
            interval: clocks.bounded.now(
                clocks.physical.wall_us(at),
                clocks.physical.monotonic_us(at),
            ),
            dot: (host.0 < self.regions).then_some(host.0 as u8),
        }
    }
}

/// Is told of a message that somebody received, when, and how things stand then.
pub(super) type Heard<'a> = &'a mut dyn FnMut(FactId, &Moment, Time);
