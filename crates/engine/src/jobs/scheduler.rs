//! What a region does about a job: keep the schedule, keep a lease where one is needed,
//! and run what is due.

use crate::clocks::VersionVector;
use crate::replication::Setup;
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, Key, Node, Payload, Request, Status, Timer, Value};
use crate::view::{EntryView, StateView};

use super::lease_store::LeaseStore;
use super::message::Message;
use super::{LEASE_US, Runner, Scheme, StoreAt, WORK_US};

/// The next time of the schedule comes.
const DUE: u8 = 0;
/// Time to ask for a lease, or for more of it.
const ASK: u8 = 1;
/// A report is ready.
const WORKED: u8 = 2;

/// A lease, as its holder knows it. In memory only.
#[derive(Clone, Copy, Debug)]
struct Lease {
    token: u32,
    /// By this region's monotonic clock, counted from the moment of asking, which was
    /// before the store began to count.
    until_us: u64,
    /// Whether the outside system has said what was run last.
    is_claimed: bool,
    /// The message that brought it.
    cause: FactId,
}

/// A time that is being run. In memory only.
#[derive(Clone, Copy, Debug)]
struct Job {
    /// Sets it apart from others that this region began.
    serial: u32,
    tick: u32,
    token: u32,
    started: FactId,
    /// Whether its beginning is in the log, where it has to be.
    is_logged: bool,
    is_ready: bool,
}

/// What is being written to the log.
#[derive(Clone, Copy, Debug)]
enum Logging {
    /// This time was begun.
    Begun { serial: u32, tick: u32 },
    /// The lease store gives a lease.
    Grant,
}

/// One region's state machine.
#[derive(Clone, Debug)]
pub struct Scheduler {
    me: Addr,
    sink: Addr,
    scheme: Scheme,
    period_us: u64,
    /// The latest time that this region began, as its log has it.
    begun: u32,
    /// The latest time that it knows to have been run or begun.
    last: u32,
    started_us: u64,
    lease: Option<Lease>,
    job: Option<Job>,
    logging: Vec<Logging>,
    /// The lease store, where this region has it.
    store: LeaseStore,
    serial: u32,
    asks: u32,
}

impl Scheduler {
    /// A region that runs the job every so many microseconds, if it is the one.
    pub fn new(setup: &Setup, scheme: Scheme, period_us: u64) -> Self {
        let gateway = HostId(u16::from(setup.regions));
        Self {
            me: setup.me,
            sink: Addr::new(gateway, setup.me.service()),
            scheme,
            period_us,
            begun: 0,
            last: 0,
            started_us: 0,
            lease: None,
            job: None,
            logging: Vec::new(),
            store: LeaseStore::default(),
            serial: 0,
            asks: 0,
        }
    }

    fn store_at(&self) -> Option<Addr> {
        match self.scheme.runner {
            Runner::Holder(StoreAt::EachRegion) => Some(self.me),
            Runner::Holder(StoreAt::FirstRegion) => Some(Addr::new(HostId(0), self.me.service())),
            Runner::Everyone | Runner::FirstRegion => None,
        }
    }

    /// Whether this region may begin a time now: under which token, and why.
    fn may_run(&self, cx: &Context<'_>) -> Option<(u32, FactId)> {
        match self.scheme.runner {
            Runner::Everyone => Some((0, cx.cause)),
            Runner::FirstRegion => (self.me.host() == HostId(0)).then_some((0, cx.cause)),
            Runner::Holder(_) => {
                let lease = self.lease.as_ref().filter(|lease| lease.is_claimed)?;
                let lasts = cx.monotonic_us < lease.until_us;
                lasts.then_some((lease.token, lease.cause))
            }
        }
    }

    /// Begins the oldest time that has come and was not run, if this region may.
    fn look(&mut self, cx: &mut Context<'_>) {
        let due = cx.wall_us.max(0) as u64 / self.period_us;
        if self.job.is_some() || due <= u64::from(self.last) {
            return;
        }
        let Some((token, cause)) = self.may_run(cx) else {
            return;
        };
        let tick = self.last + 1;
        let subjects = [tick, u32::from(self.me.service()), token];
        let here = self.me.host();
        let started = cx.record_because(cause, FactKind::JobStarted, 0, here, subjects);
        self.serial += 1;
        // Who holds a lease asks the outside system after a crash, others their log.
        let is_logged = self.store_at().is_some();
        self.job = Some(Job {
            serial: self.serial,
            tick,
            token,
            started,
            is_logged,
            is_ready: false,
        });
        self.last = tick;
        if !is_logged {
            let serial = self.serial;
            self.logging.push(Logging::Begun { serial, tick });
            cx.persist();
        }
        let timer = Timer {
            kind: WORKED,
            tick: self.serial,
        };
        cx.set_timer(WORK_US, timer, started);
    }

    /// Sends the report, if it is ready and may be sent. Whether the lease still lasts is
    /// not looked at: whatever is looked at here, the process can be stopped after it.
    fn send(&mut self, cx: &mut Context<'_>) {
        let is_whole = |job: &Job| job.is_logged && job.is_ready;
        let Some(job) = self.job.take_if(|job| is_whole(job)) else {
            return;
        };
        let report = Body::protocol(Message::Report {
            tick: job.tick,
            token: job.token,
        });
        cx.send(
            self.sink,
            Label::JobReport,
            report,
            job.started,
            job.started,
        );
        self.look(cx);
    }

    fn ask(&mut self, cx: &mut Context<'_>) {
        if let Some(store) = self.store_at() {
            let ask = Body::protocol(Message::Ask {
                token: self.lease.map(|lease| lease.token),
                asked_us: cx.monotonic_us,
            });
            cx.send(store, Label::LeaseAsk, ask, cx.cause, FactId::NONE);
        }
    }

    fn set_ask(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.asks += 1;
        let timer = Timer {
            kind: ASK,
            tick: self.asks,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }

    /// Waits for the next time by the wall clock as it is now.
    fn set_due(&self, cx: &mut Context<'_>) {
        let period_us = self.period_us as i64;
        let next = cx.wall_us.div_euclid(period_us) + 1;
        let after_us = (next * period_us - cx.wall_us) as u64;
        let timer = Timer {
            kind: DUE,
            tick: next as u32,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }
}

/// What others say.
impl Scheduler {
    fn asked(&mut self, cx: &mut Context<'_>, from: Addr, token: Option<u32>, asked_us: u64) {
        if self.store.ask(cx, from, token, asked_us) {
            self.logging.push(Logging::Grant);
            cx.persist();
        }
    }

    fn granted(&mut self, cx: &mut Context<'_>, token: u32, asked_us: u64) {
        // What was asked before a crash is somebody else's.
        let newest = self.lease.map_or(0, |lease| lease.token);
        if asked_us < self.started_us || token < newest {
            return;
        }
        let until_us = asked_us + LEASE_US;
        if let Some(lease) = self.lease.as_mut().filter(|lease| lease.token == token) {
            lease.until_us = lease.until_us.max(until_us);
            lease.cause = cx.cause;
            return;
        }
        self.lease = Some(Lease {
            token,
            until_us,
            is_claimed: false,
            cause: cx.cause,
        });
        self.job = None;
        let claim = Body::protocol(Message::Claim { token });
        cx.send(self.sink, Label::JobReport, claim, cx.cause, FactId::NONE);
    }

    fn claimed(&mut self, cx: &mut Context<'_>, token: u32, last: u32) {
        let mine = |lease: &&mut Lease| lease.token == token && !lease.is_claimed;
        if let Some(lease) = self.lease.as_mut().filter(mine) {
            lease.is_claimed = true;
            lease.cause = cx.cause;
            self.last = last;
            self.look(cx);
        }
    }

    fn refused(&mut self, token: u32) {
        if self.lease.is_some_and(|lease| lease.token == token) {
            (self.lease, self.job) = (None, None);
        }
    }
}

impl Node for Scheduler {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.started_us = cx.monotonic_us;
        self.store.start(cx);
        self.set_due(cx);
        if self.store_at().is_some() {
            let third_us = LEASE_US / 3;
            let phase_us = cx.dice.below(Purpose::Phase, cx.identity, third_us as u32);
            self.set_ask(cx, u64::from(phase_us) + 1);
        }
        // What came while it was down.
        self.look(cx);
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        // Nobody can ask it for anything.
        cx.refuse(from, request, Status::BAD_REQUEST);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        match message.as_any().downcast_ref::<Message>() {
            Some(&Message::Ask { token, asked_us }) => {
                self.asked(cx, from, token, asked_us);
            }
            Some(&Message::Granted { token, asked_us }) => self.granted(cx, token, asked_us),
            Some(&Message::Claimed { token, last }) => {
                self.claimed(cx, token, last);
            }
            Some(&Message::Refused { token }) => {
                self.refused(token);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        match timer.kind {
            DUE => {
                self.look(cx);
                self.set_due(cx);
            }
            ASK => {
                self.ask(cx);
                self.set_ask(cx, LEASE_US / 3);
            }
            _ => {
                if let Some(job) = self.job.as_mut().filter(|job| job.serial == timer.tick) {
                    job.is_ready = true;
                    self.send(cx);
                }
            }
        }
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        if self.logging.is_empty() {
            return;
        }
        match self.logging.remove(0) {
            Logging::Grant => self.store.logged(cx),
            Logging::Begun { serial, tick } => {
                self.begun = self.begun.max(tick);
                if let Some(job) = self.job.as_mut().filter(|job| job.serial == serial) {
                    job.is_logged = true;
                    self.send(cx);
                }
            }
        }
    }

    fn on_crash(&mut self, _cx: &mut Context<'_>) {
        (self.lease, self.job) = (None, None);
        self.logging.clear();
        self.last = self.begun;
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        entries.push(EntryView {
            key: Key::new(self.me.service(), 0),
            value: Value(self.last),
            versions: Vec::new(),
            vector: VersionVector::default(),
            payment: None,
        });
    }

    /// The lease: as it was given, where the store is, else as its holder knows it.
    fn state(&self, state: &mut Vec<StateView>) {
        if self.store_at() == Some(self.me) {
            return self.store.state(state);
        }
        if let Some(lease) = &self.lease {
            state.push(StateView::Lease {
                key: None,
                holder: self.me.host().0 as u8,
                token: lease.token,
                until_us: lease.until_us,
                waiting: Vec::new(),
            });
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
