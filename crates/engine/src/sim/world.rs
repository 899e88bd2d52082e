//! The world: hosts, nodes, network and queue, and the loop that moves them.
//!
//! [`World::step`] takes the next command or event, delivers it, and applies the
//! effects. Nothing else moves time.

mod command;
mod effect;

use super::dice::Dice;
use super::fact::{Digest, Draft, Fact, FactId, FactKind, HostId};
use super::network::{Network, Place};
use super::node::{Addr, Body, Context, Effect, Node, Recorded, Timer};
use super::pace::{Pace, Turn};
use super::queue::{Class, Queue};
use super::time::Time;
use super::trace::Trace;
use crate::clocks::PhysicalClock;
use crate::run::TimedCommand;
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
}
