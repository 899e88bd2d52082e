//! The world: hosts, nodes, network and queue, and the loop that moves them.
//!
//! [`World::step`] takes the next command or event, delivers it, and applies the
//! effects. Nothing else moves time.

use super::dice::{Dice, identity};
use super::fact::{Digest, Draft, Fact, FactId, FactKind, Fate, HostId, Label, MoveRefusal};
use super::network::{Network, Place};
use super::node::{Addr, Body, Context, Effect, Key, Node, Recorded, Timer};
use super::pace::{Pace, Turn};
use super::queue::{Class, OrderKey, Queue};
use super::time::Time;
use super::trace::Trace;
use crate::clocks::PhysicalClock;
use crate::clocks::time_service::Correction;
use crate::run::{Command, Direction, TimedCommand};
use crate::view::{EntryView, LogView, StateView};

/// How long a log write takes, in microseconds: a choice, about a local SSD with
/// a group commit.
pub const LOG_WRITE_US: u64 = 1_000;

/// A machine, or a region's worth of them seen as one.
#[derive(Clone, Debug)]
pub struct Host {
    /// Where the network sees it.
    pub place: Place,
    /// Whether it runs.
    pub is_up: bool,
    /// Counted from 1, one more after each restart.
    pub incarnation: u32,
    /// Its clocks.
    pub clock: PhysicalClock,
    /// Whether the wall clock is being slewed.
    pub is_slewed: bool,
}

#[derive(Clone, Debug)]
enum Happening {
    Deliver(Body),
    Timer(Timer),
    Durable,
    Start,
}

impl Happening {
    fn class(&self) -> Class {
        match self {
            Self::Durable => Class::Disk,
            Self::Deliver(_) => Class::Delivery,
            Self::Timer(_) | Self::Start => Class::Timer,
        }
    }
}

#[derive(Clone, Debug)]
struct Event {
    target: Addr,
    source: Addr,
    /// Of the target's host when it was scheduled, or put off; messages that were not
    /// put off ignore it.
    incarnation: u32,
    /// Whether it has waited for a host that was slow or paused.
    was_put_off: bool,
    identity: u64,
    cause: FactId,
    happening: Happening,
}

/// What was sent in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Messages between two regions.
    pub messages_between_regions: u64,
    /// Their bytes.
    pub bytes_between_regions: u64,
    /// Messages of every kind.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// The state of a simulated system. Cloning it makes a checkpoint.
#[derive(Clone, Debug)]
pub struct World {
    now: Time,
    events: u32,
    next_command: u32,
    facts: u32,
    digest: Digest,
    dice: Dice,
    queue: Queue<Event>,
    hosts: Vec<Host>,
    /// How each host keeps pace.
    paces: Vec<Pace<Event>>,
    regions: u8,
    nodes: Vec<Option<Box<dyn Node>>>,
    /// Each source's own counter of what it scheduled.
    counters: Vec<u32>,
    network: Network,
    /// Replies to lose: the region, and the customer or the region itself for any.
    armed: Vec<(HostId, HostId)>,
    traffic: Traffic,
    log_write_us: u64,
    scratch_facts: Vec<Recorded>,
    scratch_effects: Vec<Effect>,
    scratch_sent: Vec<Addr>,
}

impl World {
    /// A world in which nothing has happened yet. Hosts from 0 are the regions.
    pub fn new(seed: u64, network: Network, regions: u8, hosts: Vec<Host>) -> Self {
        let addresses = hosts.len() * super::node::MAX_SERVICES as usize;
        Self {
            now: Time::ZERO,
            events: 0,
            next_command: 0,
            facts: 0,
            digest: Digest::default(),
            dice: Dice::new(seed),
            queue: Queue::default(),
            paces: vec![Pace::default(); hosts.len()],
            hosts,
            regions,
            nodes: vec![None; addresses],
            counters: vec![0; addresses],
            network,
            armed: Vec::new(),
            traffic: Traffic::default(),
            log_write_us: LOG_WRITE_US,
            scratch_facts: Vec::new(),
            scratch_effects: Vec::new(),
            scratch_sent: Vec::new(),
        }
    }

    /// Puts a node at an address; it starts with the run.
    pub fn install(&mut self, at: Addr, node: Box<dyn Node>) {
        self.nodes[at.0 as usize] = Some(node);
        self.schedule_start(at, FactId::NONE);
    }

    /// Sets how long a log write takes, in microseconds; [`LOG_WRITE_US`] unless set.
    pub fn set_log_write(&mut self, log_write_us: u64) {
        self.log_write_us = log_write_us;
    }

    /// Puts another node in the place of one, before the run begins.
    pub fn replace(&mut self, at: Addr, node: Box<dyn Node>) {
        self.nodes[at.0 as usize] = Some(node);
    }

    /// The moment of the last event.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Events so far, commands among them.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// Commands that have taken effect.
    pub fn commands_done(&self) -> u32 {
        self.next_command
    }

    /// Facts so far, recorded or not.
    pub fn facts(&self) -> u32 {
        self.facts
    }

    /// The digest of all facts so far.
    pub fn digest(&self) -> u64 {
        self.digest.value()
    }

    /// Messages and bytes sent so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// The hosts: regions, the gateway, customers.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Whether a region is paused.
    pub fn is_paused(&self, region: u8) -> bool {
        let pace = self.paces.get(region as usize);
        pace.is_some_and(Pace::is_paused)
    }

    /// The clocks of a region.
    pub fn clock(&self, region: u8) -> PhysicalClock {
        self.hosts[region as usize].clock
    }

    /// How much longer each step of a region's work takes, in microseconds.
    pub fn slowed_us(&self, region: u8) -> u32 {
        let pace = self.paces.get(region as usize);
        pace.map_or(0, Pace::extra_us)
    }

    /// Whether a region's next reply is going to be lost.
    pub fn will_drop_reply(&self, region: u8) -> bool {
        let region = HostId(u16::from(region));
        self.armed.iter().any(|&(from, _)| from == region)
    }

    /// What the node at an address holds, an entry a key.
    pub fn view(&self, at: Addr) -> Vec<EntryView> {
        let mut entries = Vec::new();
        if let Some(Some(node)) = self.nodes.get(at.0 as usize) {
            node.view(&mut entries);
        }
        entries
    }

    /// What else is to be seen of the state of the node at an address.
    pub fn state(&self, at: Addr) -> Vec<StateView> {
        let mut state = Vec::new();
        if let Some(Some(node)) = self.nodes.get(at.0 as usize) {
            node.state(&mut state);
        }
        state
    }

    /// The log of the node at an address, if it keeps one with terms.
    pub fn log_view(&self, at: Addr) -> Option<LogView<'_>> {
        self.nodes.get(at.0 as usize)?.as_ref()?.log_view()
    }

    /// When the next command or event happens, if anything is left to happen.
    pub fn next_at(&self, commands: &[TimedCommand]) -> Option<Time> {
        let command = commands.get(self.next_command as usize).map(|next| next.at);
        match (command, self.queue.next_at()) {
            (Some(command), Some(event)) => Some(command.min(event)),
            (command, event) => command.or(event),
        }
    }

    /// Does the next thing, if there is one, and records its facts. Learners'
    /// commands come before every event of their instant.
    pub fn step(&mut self, commands: &[TimedCommand], trace: Option<&mut Trace>) -> bool {
        let command = commands.get(self.next_command as usize);
        let event_at = self.queue.next_at();
        match command {
            Some(next) if event_at.is_none_or(|at| next.at <= at) => {
                self.now = next.at;
                self.next_command += 1;
                self.command(next);
            }
            _ => {
                let Some((at, event)) = self.queue.pop() else {
                    return false;
                };
                self.now = at;
                self.deliver(event);
            }
        }
        self.commit(trace);
        self.events += 1;
        true
    }

    /// Turns what this step recorded into facts.
    fn commit(&mut self, mut trace: Option<&mut Trace>) {
        for recorded in self.scratch_facts.drain(..) {
            let Recorded { host, cause, draft } = recorded;
            let fact = Fact::new(draft, self.now, self.events, cause, host);
            self.digest.cover(&fact);
            if let Some(trace) = trace.as_deref_mut() {
                trace.push(fact);
            }
            self.facts += 1;
        }
    }

    /// Records a fact of the world's own.
    fn record(&mut self, host: HostId, cause: FactId, draft: Draft) -> FactId {
        let id = FactId(self.facts + self.scratch_facts.len() as u32);
        self.scratch_facts.push(Recorded { host, cause, draft });
        id
    }

    fn record_at(
        &mut self,
        region: u8,
        peer: u8,
        cause: FactId,
        kind: FactKind,
        subjects: [u32; 3],
    ) {
        let draft = Draft {
            kind,
            flag: 0,
            peer: HostId(u16::from(peer)),
            subjects,
        };
        self.record(HostId(u16::from(region)), cause, draft);
    }

    fn deliver(&mut self, mut event: Event) {
        let place = event.target.host().0 as usize;
        let host = &self.hosts[place];
        let is_new = matches!(event.happening, Happening::Deliver(_)) && !event.was_put_off;
        if !host.is_up || (!is_new && host.incarnation != event.incarnation) {
            return self.drop_event(&event);
        }
        match self.paces[place].turn(self.now, event.was_put_off) {
            Turn::Now => {}
            Turn::At(at) => return self.put_off(at, event),
            Turn::Held => {
                event.incarnation = host.incarnation;
                return self.paces[place].hold(event);
            }
        }
        self.run_node(
            event.target,
            event.identity,
            event.cause,
            |node, cx| match &event.happening {
                Happening::Deliver(Body::Request(request)) => {
                    node.on_request(cx, event.source, request);
                }
                Happening::Deliver(Body::Reply(reply)) => node.on_reply(cx, event.source, reply),
                Happening::Deliver(Body::RequestAfter(held)) => {
                    node.on_request_after(cx, event.source, &held.0, &held.1);
                }
                Happening::Deliver(Body::ReplyWith(held)) => {
                    node.on_reply_with(cx, event.source, &held.0, &held.1);
                }
                Happening::Deliver(Body::Protocol(payload)) => {
                    node.on_message(cx, event.source, payload.as_ref());
                }
                Happening::Timer(timer) => node.on_timer(cx, *timer),
                Happening::Durable => node.on_durable(cx),
                Happening::Start => node.on_start(cx),
            },
        );
    }

    /// It never reaches its host, which is down or has been since.
    fn drop_event(&mut self, event: &Event) {
        if let Happening::Deliver(_) = event.happening {
            let draft = Draft {
                kind: FactKind::MessageDropped,
                flag: 0,
                peer: event.source.host(),
                subjects: [event.cause.0, 0, 0],
            };
            self.record(event.target.host(), event.cause, draft);
        }
    }

    /// Lets something wait until its host can handle it.
    fn put_off(&mut self, at: Time, event: Event) {
        let incarnation = self.hosts[event.target.host().0 as usize].incarnation;
        let event = Event {
            was_put_off: true,
            incarnation,
            ..event
        };
        self.enqueue(at, event);
    }

    /// Lets a node handle something and applies the effects it asks for.
    fn run_node(
        &mut self,
        at: Addr,
        identity: u64,
        cause: FactId,
        handle: impl FnOnce(&mut dyn Node, &mut Context<'_>),
    ) {
        let Some(mut node) = self.nodes[at.0 as usize].take() else {
            return;
        };
        let clock = self.hosts[at.host().0 as usize].clock;
        let mut facts = std::mem::take(&mut self.scratch_facts);
        let mut effects = std::mem::take(&mut self.scratch_effects);
        let mut cx = Context {
            me: at,
            wall_us: clock.wall_us(self.now),
            monotonic_us: clock.monotonic_us(self.now),
            cause,
            identity,
            dice: self.dice,
            facts: &mut facts,
            first_fact: FactId(self.facts),
            effects: &mut effects,
        };
        handle(node.as_mut(), &mut cx);
        self.nodes[at.0 as usize] = Some(node);
        self.scratch_facts = facts;
        self.apply(at, identity, &mut effects);
        self.scratch_effects = effects;
    }

    fn apply(&mut self, from: Addr, step: u64, effects: &mut Vec<Effect>) {
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

    fn record_clock(&mut self, host: HostId, clock: PhysicalClock, flag: u8, cause: FactId) {
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

    fn enqueue(&mut self, at: Time, event: Event) {
        let counter = &mut self.counters[event.source.0 as usize];
        *counter += 1;
        let class = event.happening.class();
        let key = OrderKey::new(at, class, event.target, event.source, *counter);
        self.queue.push(key, event);
    }

    fn schedule_start(&mut self, at: Addr, cause: FactId) {
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

    /// A learner's or a script's command. One that changes nothing (crashing what
    /// is down) still leaves its own fact.
    fn command(&mut self, next: &TimedCommand) {
        let first = match &next.command {
            Command::Act { customer, .. } => HostId(u16::from(self.regions) + 1 + customer),
            Command::CutLink { from, .. }
            | Command::HealLink { from, .. }
            | Command::DegradeLink { from, .. } => HostId(u16::from(*from)),
            Command::CrashRegion { region }
            | Command::RestartRegion { region }
            | Command::PromoteRegion { region }
            | Command::PauseRegion { region }
            | Command::ResumeRegion { region }
            | Command::SlowRegion { region, .. }
            | Command::MoveHome { region, .. }
            | Command::StepClock { region, .. }
            | Command::DropNextReply { region, .. } => HostId(u16::from(*region)),
        };
        let draft = Draft {
            kind: FactKind::CommandGiven,
            flag: next.command.tag(),
            peer: first,
            subjects: [self.next_command - 1, 0, 0],
        };
        let cause = self.record(first, FactId::NONE, draft);
        match &next.command {
            Command::Act { action, .. } => {
                let id = next.identity();
                self.run_node(Addr::new(first, 0), id, cause, |node, cx| {
                    node.on_action(cx, action);
                });
            }
            &Command::CutLink {
                from,
                to,
                direction,
            } => {
                self.set_cut(from, to, direction, true, cause);
            }
            &Command::HealLink {
                from,
                to,
                direction,
            } => {
                self.set_cut(from, to, direction, false, cause);
            }
            &Command::DegradeLink {
                from,
                to,
                loss_ppm,
                duplicate_ppm,
                reorder_ppm,
                extra_us,
            } => {
                for (from, to) in [(from, to), (to, from)] {
                    let link = self.network.link_mut(from, to);
                    link.loss_ppm = loss_ppm;
                    link.duplicate_ppm = duplicate_ppm;
                    link.reorder_ppm = reorder_ppm;
                    link.extra_us = extra_us;
                    let subjects = [loss_ppm, extra_us, duplicate_ppm];
                    self.record_at(from, to, cause, FactKind::LinkDegraded, subjects);
                }
            }
            &Command::CrashRegion { region } => self.crash(region, cause),
            &Command::RestartRegion { region } => self.restart(region, cause),
            &Command::PromoteRegion { region } => self.promote(region, next.identity(), cause),
            &Command::MoveHome { key, region } => {
                self.move_home(region, key, next.identity(), cause);
            }
            &Command::PauseRegion { region } => self.pause(region, cause),
            &Command::ResumeRegion { region } => self.resume(region, cause),
            &Command::SlowRegion { region, extra_us } => {
                self.paces[region as usize].slow(extra_us);
                let subjects = [extra_us, 0, 0];
                self.record_at(region, region, cause, FactKind::RegionSlowed, subjects);
            }
            &Command::StepClock {
                region,
                offset_us,
                drift_ppm,
            } => {
                let host = &mut self.hosts[region as usize];
                host.clock.step(self.now, offset_us, drift_ppm);
                host.is_slewed = false;
                let clock = host.clock;
                self.record_clock(HostId(u16::from(region)), clock, 0, cause);
            }
            &Command::DropNextReply { region, customer } => {
                let from = HostId(u16::from(region));
                let to = customer.map_or(from, |index| HostId(u16::from(self.regions) + 1 + index));
                self.armed.push((from, to));
                let draft = Draft {
                    kind: FactKind::ReplyDropArmed,
                    flag: 0,
                    peer: to,
                    subjects: [0; 3],
                };
                self.record(from, cause, draft);
            }
        }
    }

    fn set_cut(&mut self, a: u8, b: u8, direction: Direction, is_cut: bool, cause: FactId) {
        let kind = if is_cut {
            FactKind::LinkCut
        } else {
            FactKind::LinkHealed
        };
        let ways: &[(u8, u8)] = match direction {
            Direction::OneWay => &[(a, b)],
            Direction::Both => &[(a, b), (b, a)],
        };
        for &(from, to) in ways {
            if self.network.link(from, to).is_cut != is_cut {
                self.network.link_mut(from, to).is_cut = is_cut;
                self.record_at(from, to, cause, kind, [0; 3]);
            }
        }
    }

    fn crash(&mut self, region: u8, cause: FactId) {
        let host = &mut self.hosts[region as usize];
        if !host.is_up {
            return;
        }
        host.is_up = false;
        let incarnation = host.incarnation;
        self.record_at(
            region,
            region,
            cause,
            FactKind::RegionCrashed,
            [incarnation, 0, 0],
        );
        for at in region_nodes(region) {
            let id = identity(u64::from(at.0), u64::from(incarnation));
            self.run_node(at, id, cause, |node, cx| node.on_crash(cx));
        }
        for event in self.paces[region as usize].stop() {
            self.drop_event(&event);
        }
    }

    fn pause(&mut self, region: u8, cause: FactId) {
        if self.hosts[region as usize].is_up && self.paces[region as usize].pause() {
            self.record_at(region, region, cause, FactKind::RegionPaused, [0; 3]);
        }
    }

    fn resume(&mut self, region: u8, cause: FactId) {
        if let Some(held) = self.paces[region as usize].resume(self.now) {
            let waited = held.len() as u32;
            let subjects = [waited, 0, 0];
            self.record_at(region, region, cause, FactKind::RegionResumed, subjects);
            for (at, event) in held {
                self.put_off(at, event);
            }
        }
    }

    /// Who is paused does not hear of it.
    fn promote(&mut self, region: u8, step: u64, cause: FactId) {
        if self.hosts[region as usize].is_up && !self.is_paused(region) {
            for at in region_nodes(region) {
                let id = identity(step, u64::from(at.0));
                self.run_node(at, id, cause, |node, cx| node.on_promote(cx));
            }
        }
    }

    /// Who is paused or down does not hear of it, and the key stays where it is.
    fn move_home(&mut self, region: u8, key: Key, step: u64, cause: FactId) {
        let host = HostId(u16::from(region));
        if self.hosts[region as usize].is_up && !self.is_paused(region) {
            let at = Addr::new(host, key.service());
            let id = identity(step, u64::from(at.0));
            return self.run_node(at, id, cause, |node, cx| node.on_move_home(cx, key));
        }
        let draft = Draft {
            kind: FactKind::HomeMoveRefused,
            flag: MoveRefusal::Down as u8,
            peer: host,
            subjects: [key.0, 0, 0],
        };
        self.record(host, cause, draft);
    }

    fn restart(&mut self, region: u8, cause: FactId) {
        let host = &mut self.hosts[region as usize];
        if host.is_up {
            return;
        }
        host.is_up = true;
        host.incarnation += 1;
        let incarnation = host.incarnation;
        self.record_at(
            region,
            region,
            cause,
            FactKind::RegionRestarted,
            [incarnation, 0, 0],
        );
        for at in region_nodes(region) {
            if self.nodes[at.0 as usize].is_some() {
                self.schedule_start(at, cause);
            }
        }
    }
}

fn region_nodes(region: u8) -> impl Iterator<Item = Addr> {
    let host = HostId(u16::from(region));
    (0..super::node::MAX_SERVICES).map(move |service| Addr::new(host, service))
}
