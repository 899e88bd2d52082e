//! What nodes ask of their world: messages, timers, log writes, corrected clocks; and how
//! each becomes an event.

use super::{Event, Happening, World};
use crate::clocks::PhysicalClock;
use crate::clocks::time_service::Correction;
use crate::sim::dice::identity;
use crate::sim::fact::{Draft, Fact, FactId, FactKind, Fate, HostId, Label};
use crate::sim::network::Place;
use crate::sim::node::{Addr, Body, Effect};
use crate::sim::queue::OrderKey;
use crate::sim::time::Time;

impl World {
    pub(super) fn apply(&mut self, from: Addr, step: u64, effects: &mut Vec<Effect>) {
        self.scratch_sent.clear();
        for effect in effects.drain(..) {
            match effect {
                Effect::Send {
                    to,
                    label,
                    body,
                    cause,
                    about,
                } => {
                    // Counts earlier messages of this step to the same target.
                    let ordinal = self
                        .scratch_sent
                        .iter()
                        .filter(|&&earlier| earlier == to)
                        .count();
                    self.scratch_sent.push(to);
                    let id = identity(step, u64::from(to.0) << 32 | ordinal as u64);
                    self.send(from, to, label, body, cause, about, id);
                }
                Effect::Timer {
                    after_us,
                    timer,
                    cause,
                } => {
                    let clock = self.hosts[from.host().0 as usize].clock;
                    let at = self.now.after(clock.true_span_us(after_us));
                    let name = u64::from(from.0) << 8 | u64::from(timer.kind);
                    let id = identity(name, u64::from(timer.tick));
                    self.schedule(at, from, from, id, cause, Happening::Timer(timer));
                }
                Effect::Correct {
                    correction,
                    ends,
                    cause,
                } => self.correct(from.host(), correction, ends, cause),
                Effect::Persist { cause } => {
                    let at = self.now.after(self.log_write_us);
                    let id = identity(step, u64::from(from.0));
                    self.schedule(at, from, from, id, cause, Happening::Durable);
                }
            }
        }
    }

    /// Begins to correct a host's wall clock, or ends it.
    fn correct(&mut self, host: HostId, correction: Correction, ends: bool, cause: FactId) {
        let now = self.now;
        let of = &mut self.hosts[host.0 as usize];
        if ends {
            if !std::mem::take(&mut of.is_slewed) {
                return;
            }
            correction.end(&mut of.clock, now);
        } else {
            correction.begin(&mut of.clock, now);
            of.is_slewed = matches!(correction, Correction::Slew { .. });
        }
        let flag = if matches!(correction, Correction::Step { .. }) {
            Fact::SET_BY_SERVICE
        } else {
            Fact::SLEWED
        };
        let clock = of.clock;
        self.record_clock(host, clock, flag, cause);
    }

    pub(super) fn record_clock(
        &mut self,
        host: HostId,
        clock: PhysicalClock,
        flag: u8,
        cause: FactId,
    ) {
        let bits = clock.offset_us(self.now) as u64;
        let draft = Draft {
            kind: FactKind::ClockStepped,
            flag,
            peer: host,
            subjects: [bits as u32, (bits >> 32) as u32, clock.drift_ppm() as u32],
        };
        self.record(host, cause, draft);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one message, all its parts, one caller"
    )]
    fn send(
        &mut self,
        from: Addr,
        to: Addr,
        label: Label,
        body: Body,
        cause: FactId,
        about: FactId,
        identity: u64,
    ) {
        let (sender, receiver) = (from.host(), to.host());
        let (here, there) = (
            self.hosts[sender.0 as usize].place,
            self.hosts[receiver.0 as usize].place,
        );
        let mut sent = self
            .network
            .transmit(self.dice, identity, label, here, there);
        if label == Label::Reply && self.disarm(sender, receiver) {
            sent.fate = Fate::Dropped;
        }
        let bytes = body.bytes();
        self.traffic.messages += 1;
        self.traffic.bytes += u64::from(bytes);
        if let (Place::Region(_), Place::Region(_)) = (here, there) {
            self.traffic.messages_between_regions += 1;
            self.traffic.bytes_between_regions += u64::from(bytes);
        }
        let draft = Draft {
            kind: FactKind::MessageSent,
            flag: Fact::message_flag(label, sent.fate),
            peer: receiver,
            subjects: [sent.delay_us, about.0, bytes],
        };
        let message = self.record(sender, cause, draft);
        if sent.fate == Fate::Duplicated {
            let at = self.now.after(u64::from(sent.second_us));
            let copy = Happening::Deliver(body.clone());
            self.schedule(at, to, from, !identity, message, copy);
        }
        if sent.fate.arrives() {
            let at = self.now.after(u64::from(sent.delay_us));
            let happening = Happening::Deliver(body);
            self.schedule(at, to, from, identity, message, happening);
        }
    }

    fn schedule(
        &mut self,
        at: Time,
        target: Addr,
        source: Addr,
        identity: u64,
        cause: FactId,
        happening: Happening,
    ) {
        let event = Event {
            target,
            source,
            incarnation: self.hosts[target.host().0 as usize].incarnation,
            was_put_off: false,
            identity,
            cause,
            happening,
        };
        self.enqueue(at, event);
    }

    pub(super) fn enqueue(&mut self, at: Time, event: Event) {
        let counter = &mut self.counters[event.source.0 as usize];
        *counter += 1;
        let class = event.happening.class();
        let key = OrderKey::new(at, class, event.target, event.source, *counter);
        self.queue.push(key, event);
    }

    pub(super) fn schedule_start(&mut self, at: Addr, cause: FactId) {
        let incarnation = self.hosts[at.host().0 as usize].incarnation;
        let id = identity(u64::from(at.0) << 8, u64::from(incarnation));
        let now = self.now;
        self.schedule(now, at, at, id, cause, Happening::Start);
    }

    fn disarm(&mut self, region: HostId, customer: HostId) -> bool {
        let armed = self
            .armed
            .iter()
            .position(|&(from, to)| from == region && (to == customer || to == region));
        armed.map(|place| self.armed.remove(place)).is_some()
    }
}
