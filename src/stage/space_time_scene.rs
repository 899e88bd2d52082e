//! What the diagram shows of a window of time, read from the trace: messages as lines
//! and events as marks.

use splitbrain_engine::run::Command;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label};
use splitbrain_engine::sim::time::Time;

use super::flights::Flight;
use super::space_time_window::TimeWindow;
use crate::session::Session;

/// Facts that are looked at for one picture at most. Where there are more, every
/// second, fourth, … is: they would lie on each other anyway.
const MOST_FACTS: u32 = 12_000;
/// Messages that were sent this long before the window may still reach into it.
const REACH_US: f64 = 1_000_000.0;

/// Where a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From a region to another.
    Across(u8, u8),
    /// From a customer into a region.
    In(u8),
    /// From a region to a customer.
    Out(u8),
    /// From a region to the payment gateway.
    ToTill(u8),
    /// And back.
    FromTill(u8),
}

/// A message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The message.
    pub(super) flight: Flight,
    /// Where it goes.
    pub(super) way: Way,
    /// The operation or write that it is about.
    pub(super) about: FactId,
}

impl Line {
    /// Whether it is only a replica telling another what it has.
    pub(super) fn is_chatter(&self) -> bool {
        self.flight.label == Label::Digest
    }

    /// Whether it carries a write from a region to another.
    pub(super) fn is_replication(&self) -> bool {
        matches!(self.flight.label, Label::Replicate | Label::Repair)
    }
}

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A customer's write became durable here first.
    Accepted,
    /// Somebody else's write became durable here.
    Applied,
    /// A write was discarded by a rule here.
    Discarded,
    /// A charge.
    Charge,
    /// A repetition was recognised.
    Suppressed,
    /// A request was refused.
    Rejected,
    /// Something that was here is gone: an unlogged write, a message to a region
    /// that is down.
    Gone,
    /// The region stopped.
    Crashed,
    /// It came back.
    Restarted,
    /// Messages to another region no longer pass.
    Cut(u8),
    /// They pass again.
    Healed(u8),
    /// The clock was set.
    Clock,
    /// A reply will be lost, or a link was degraded.
    Armed,
    /// A write gave way here that should not have been lost.
    Displaced,
    /// The region becomes the writer, the leader, or the holder of a lease.
    Crowned,
    /// It is that no more.
    Uncrowned,
    /// A run of a job was begun.
    Begun,
    /// Its report was taken by the outside system.
    Ran,
    /// What was in a log was taken out of it again.
    TakenBack,
}

/// An event on a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// When, in microseconds.
    pub(super) at_us: f64,
    /// The lane: a region by its place.
    pub(super) lane: u8,
    /// What it says.
    pub(super) kind: MarkKind,
    /// The region whose hue it has: where a write came from, else the lane.
    pub(super) hue: u8,
    /// The fact.
    pub(super) fact: FactId,
    /// The write that it is about, if one.
    pub(super) about: FactId,
    /// The judge holds it against the design.
    pub(super) is_wrong: bool,
}

/// What is shown. Its vectors are kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Scene {
    /// Messages, in order.
    pub(super) lines: Vec<Line>,
    /// Events, in order.
    pub(super) marks: Vec<Mark>,
    /// When regions are down: lane, from and to in microseconds.
    pub(super) downs: Vec<(u8, f64, f64)>,
    /// One of so many facts was looked at.
    pub(super) one_of: u32,
}

impl Scene {
    /// Reads a window; `wrong` are the writes and charges that the judge holds
    /// against the design, in order.
    pub(super) fn read(&mut self, session: &Session, window: &TimeWindow, wrong: &[FactId]) {
        self.lines.clear();
        self.marks.clear();
        let trace = session.player.trace();
        let time = |us: f64| Time(us.max(0.0) as u64);
        let from = trace.first_at(time(window.start_us - REACH_US)).0;
        let to = trace.first_at(time(window.end_us() + 1.0)).0;
        let lanes = session.scenario().regions.len() as u16;
        let step = (to.saturating_sub(from) / MOST_FACTS + 1).next_power_of_two();
        self.one_of = step;
        let mut next = from.next_multiple_of(step);
        while next < to {
            let id = FactId(next);
            if let Some(fact) = trace.get(id) {
                self.take(id, fact, window, lanes, wrong);
            }
            next += step;
        }
        self.read_downs(session);
    }

    fn take(&mut self, id: FactId, fact: &Fact, window: &TimeWindow, lanes: u16, wrong: &[FactId]) {
        if let Some(flight) = Flight::of(id, fact) {
            let is_seen = flight.sent_us + flight.span_us >= window.start_us;
            if let Some(way) = way(&flight, lanes)
                && is_seen
            {
                self.lines.push(Line {
                    flight,
                    way,
                    about: FactId(fact.b),
                });
            }
            return;
        }
        let at_us = fact.at().0 as f64;
        let is_wrong = |id: FactId| wrong.binary_search(&id).is_ok();
        let gave_way = fact.kind() == FactKind::ValueOverwritten && is_wrong(FactId(fact.a));
        let found = if gave_way {
            Some((fact.host.0 as u8, MarkKind::Displaced))
        } else {
            mark(fact, lanes)
        };
        if let Some((lane, kind)) = found
            && at_us >= window.start_us
        {
            let (hue, about) = match kind {
                MarkKind::Accepted => (lane, id),
                MarkKind::Applied | MarkKind::Discarded => (fact.peer.0 as u8, FactId(fact.a)),
                MarkKind::Displaced => (lane, FactId(fact.a)),
                _ => (lane, FactId::NONE),
            };
            self.marks.push(Mark {
                at_us,
                lane,
                kind,
                hue,
                fact: id,
                about,
                is_wrong: gave_way || is_wrong(id),
            });
        }
    }

    /// Regions go down and come back by command only, and commands are few.
    fn read_downs(&mut self, session: &Session) {
        self.downs.clear();
        let mut since = [None; 32];
        for timed in &session.player.run().commands {
            let at_us = timed.at.0 as f64;
            match timed.command {
                Command::CrashRegion { region } => {
                    if let Some(slot) = since.get_mut(region as usize) {
                        *slot = slot.or(Some(at_us));
                    }
                }
                Command::RestartRegion { region } => {
                    let slot = since.get_mut(region as usize);
                    if let Some(from_us) = slot.and_then(Option::take) {
                        self.downs.push((region, from_us, at_us));
                    }
                }
                _ => {}
            }
        }
        let end_us = session.player.frontier_time().0 as f64;
        for (region, slot) in since.iter().enumerate() {
            if let Some(from_us) = *slot {
                self.downs
                    .push((region as u8, from_us, end_us.max(from_us)));
            }
        }
    }
}

/// The lane and the mark of an event, if it has one.
pub(super) fn mark(fact: &Fact, lanes: u16) -> Option<(u8, MarkKind)> {
    let here = (fact.host.0 < lanes).then_some(fact.host.0 as u8);
    let peer = (fact.peer.0 < lanes).then_some(fact.peer.0 as u8);
    Some(match fact.kind() {
        FactKind::WriteAccepted => (here?, MarkKind::Accepted),
        FactKind::WriteApplied if fact.flag() == 0 => (here?, MarkKind::Discarded),
        FactKind::WriteApplied if fact.host != fact.peer => (here?, MarkKind::Applied),
        FactKind::ChargeMade => (peer?, MarkKind::Charge),
        FactKind::DuplicateSuppressed => (here.or(peer)?, MarkKind::Suppressed),
        FactKind::RequestRejected => (here?, MarkKind::Rejected),
        FactKind::RegionPromoted => (here?, MarkKind::Crowned),
        FactKind::LeaseGranted if fact.flag() == 0 => (peer?, MarkKind::Crowned),
        FactKind::SteppedDown => (here?, MarkKind::Uncrowned),
        FactKind::LeaseExpired => (peer?, MarkKind::Uncrowned),
        FactKind::JobStarted => (here?, MarkKind::Begun),
        FactKind::JobRan => (peer?, MarkKind::Ran),
        FactKind::StaleTokenRefused => (peer?, MarkKind::Gone),
        FactKind::WriteRolledBack | FactKind::WriteSetAside => (here?, MarkKind::TakenBack),
        FactKind::UnflushedLost | FactKind::MessageDropped => (here?, MarkKind::Gone),
        FactKind::RegionCrashed => (here?, MarkKind::Crashed),
        FactKind::RegionRestarted => (here?, MarkKind::Restarted),
        FactKind::LinkCut => (here?, MarkKind::Cut(peer?)),
        FactKind::LinkHealed => (here?, MarkKind::Healed(peer?)),
        FactKind::ClockStepped if fact.flag() != Fact::SLEWED => (here?, MarkKind::Clock),
        FactKind::ReplyDropArmed
        | FactKind::LinkDegraded
        | FactKind::RegionPaused
        | FactKind::RegionResumed
        | FactKind::RegionSlowed => (here?, MarkKind::Armed),
        _ => return None,
    })
}

fn way(flight: &Flight, lanes: u16) -> Option<Way> {
    let lane = |host: HostId| (host.0 < lanes).then_some(host.0 as u8);
    let is_charge = matches!(
        flight.label,
        Label::Charge | Label::ChargeResult | Label::JobReport | Label::JobResult
    );
    Some(match (lane(flight.from), lane(flight.to)) {
        (Some(from), Some(to)) => Way::Across(from, to),
        (Some(from), None) if is_charge => Way::ToTill(from),
        (Some(from), None) => Way::Out(from),
        (None, Some(to)) if is_charge => Way::FromTill(to),
        (None, Some(to)) => Way::In(to),
        (None, None) => return None,
    })
}
