//! An explanation in the making: facts gathered along causes and subjects.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, HostId, Label};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_sorted::Map;

use super::{Role, Step, role_of};

/// Facts looked through for the rest of a story, at most.
const MAX_LOOK: u32 = 1_000_000;
/// Causes followed from one fact, at most.
const MAX_CAUSES: u32 = 32;

/// An explanation in the making.
pub(super) struct Story<'a> {
    trace: &'a Trace,
    end: FactId,
    steps: Map<FactId, Role>,
}

impl<'a> Story<'a> {
    pub(super) fn new(trace: &'a Trace, end: FactId) -> Self {
        Self {
            trace,
            end,
            steps: Map::new(),
        }
    }

    pub(super) fn finish(self) -> Vec<Step> {
        let steps = self.steps.into_iter();
        steps.map(|(fact, role)| Step { fact, role }).collect()
    }

    /// Adds a fact, unless it is there already or not in memory.
    pub(super) fn add(&mut self, fact: FactId, role: Role) {
        if fact < self.end && self.trace.get(fact).is_some() {
            self.steps.get_or_insert_with(fact, || role);
        }
    }

    fn add_own(&mut self, id: FactId, fact: &Fact) {
        self.add(id, role_of(fact));
    }

    /// Follows causes back to the command or the timer that began it. Where the
    /// way of a write went through a comparison, its own beginning is added too.
    pub(super) fn causes(&mut self, from: FactId) {
        let mut id = from;
        for _ in 0..MAX_CAUSES {
            let Some(fact) = self.trace.get(id) else {
                return;
            };
            // The first attempt says nothing that the operation does not.
            if !(fact.kind() == FactKind::AttemptStarted && fact.b == 1) {
                self.add_own(id, fact);
            }
            if fact.kind() == FactKind::WriteApplied && fact.cause != FactId(fact.a) {
                self.write(FactId(fact.a), Role::Accepted);
            }
            if fact.kind() == FactKind::RemovedReturned {
                self.forgetting(FactId(fact.c));
            }
            if fact.kind() == FactKind::MessageDelivered {
                self.causes(FactId(fact.a));
                self.waiting(id, fact);
            }
            id = fact.cause;
        }
    }

    /// How a removal came to be forgotten while somebody lacked it: the removal, what became
    /// of the news of it on its way there, and who forgot it.
    fn forgetting(&mut self, dropped: FactId) {
        let Some(&fact) = self.trace.get(dropped) else {
            return;
        };
        let removal = FactId(fact.a);
        self.add(dropped, Role::Forgotten);
        self.write(removal, Role::Accepted);
        if let Some(&accepted) = self.trace.get(removal)
            && fact.c != 0
        {
            let mut there = fact;
            there.host = fact.peer;
            self.news(removal, &accepted, &there);
        }
    }

    /// Where what a removal took out came back though it had been forgotten, the first time.
    pub(super) fn return_of_what_it_removed(&mut self, removal: FactId) {
        let is_of_it = |fact: &Fact| {
            let dropped = self.trace.get(FactId(fact.c));
            dropped.is_some_and(|dropped| dropped.a == removal.0)
        };
        let returned = self.look(removal, |fact| {
            fact.kind() == FactKind::RemovedReturned && is_of_it(fact)
        });
        if let Some(returned) = returned {
            self.causes(returned);
        }
    }

    /// What a message waits for: the message with that number of that region, and the way
    /// of the one to the other.
    pub(super) fn awaited(&mut self, buffered: FactId, held: &Fact) {
        let from = FactId(buffered.0.saturating_sub(MAX_LOOK));
        let service = Key(held.b).service();
        let mut shown = self.trace.range(from, buffered).filter(|(_, fact)| {
            fact.kind() == FactKind::MessageDelivered
                && (fact.host, fact.peer, fact.c) == (held.peer, held.peer, held.c)
                && Key(fact.b).service() == service
        });
        let message = shown.next().map(|(_, fact)| FactId(fact.a));
        if let Some(message) = message {
            self.message(message, held.host);
        }
    }

    /// If a message had to wait where it is shown: for how long, and its own way there.
    fn waiting(&mut self, delivered: FactId, held: &Fact) {
        let (host, message) = (held.host, held.a);
        let buffered = self.look(FactId(message), |fact| {
            fact.kind() == FactKind::MessageBuffered && (fact.host, fact.a) == (host, message)
        });
        if let Some(buffered) = buffered.filter(|&buffered| buffered < delivered) {
            self.causes(buffered);
        }
    }

    /// How a message came to be, and what became of it on its direct way to a region.
    fn message(&mut self, message: FactId, to: HostId) {
        self.causes(message);
        let push = self.look(message, |fact| {
            fact.kind() == FactKind::MessageSent
                && matches!(fact.message(), Some((Label::Broadcast, _)))
                && (fact.peer, fact.b) == (to, message.0)
        });
        if let Some((push, sent)) = push.and_then(|push| Some((push, self.trace.get(push)?))) {
            match sent.message() {
                Some((_, fate)) if !fate.arrives() => {
                    self.add(push, Role::NotArrived);
                    if fate == Fate::Cut {
                        self.cut_before(push, sent);
                    }
                }
                _ => self.add(push, Role::UnderWay),
            }
        }
    }

    /// How the message of an operation came to be shown where a read was served.
    pub(super) fn shown(&mut self, op: FactId, told: FactId) {
        let is_served = |id: FactId| {
            let fact = self.trace.get(id)?;
            (fact.kind() == FactKind::ReadServed).then_some((fact.host, fact.cause))
        };
        let mut id = told;
        let mut served = None;
        for _ in 0..MAX_CAUSES {
            served = is_served(id);
            let Some(fact) = self.trace.get(id).filter(|_| served.is_none()) else {
                break;
            };
            id = fact.cause;
        }
        let posted = self.look(op, |fact| {
            fact.kind() == FactKind::MessagePosted && fact.a == op.0
        });
        let Some(((region, _), message)) = served.zip(posted) else {
            return;
        };
        self.message(message, region);
        let delivered = self.look(message, |fact| {
            fact.kind() == FactKind::MessageDelivered && (fact.host, fact.a) == (region, message.0)
        });
        if let Some(delivered) = delivered {
            self.causes(delivered);
        }
    }

    /// The first fact of this kind among the causes of one.
    fn back_to(&self, from: FactId, kind: FactKind) -> Option<(FactId, Fact)> {
        let mut id = from;
        for _ in 0..MAX_CAUSES {
            let fact = self.trace.get(id)?;
            if fact.kind() == kind {
                return Some((id, *fact));
            }
            id = fact.cause;
        }
        None
    }

    /// What happened between the grant of the lock under which a refused write came and its
    /// refusal: whether the holder stood still, that the lock ran out, and whose it was
    /// next.
    pub(super) fn lock(&mut self, refused: FactId) {
        let Some((began, granted)) = self.back_to(refused, FactKind::LockGranted) else {
            return;
        };
        let end = self.end.min(refused);
        let end = end.min(FactId(began.0.saturating_add(MAX_LOOK)));
        for (id, fact) in self.trace.range(began, end) {
            let is_same_key = fact.b == granted.b;
            let is_told = match fact.kind() {
                FactKind::RegionPaused | FactKind::RegionResumed | FactKind::RegionSlowed => {
                    fact.host == granted.peer
                }
                FactKind::LockExpired => is_same_key && fact.a == granted.a,
                FactKind::LockGranted => is_same_key && fact.a > granted.a,
                _ => false,
            };
            if is_told {
                self.add_own(id, fact);
            }
        }
    }

    /// What happened to a region between the moment at which it began on a report and
    /// the effect: whether it stood still, and to whom its lease went meanwhile.
    pub(super) fn pauses(&mut self, effect: FactId) {
        let Some((began, started)) = self.back_to(effect, FactKind::JobStarted) else {
            return;
        };
        let end = self.end.min(effect);
        let end = end.min(FactId(began.0.saturating_add(MAX_LOOK)));
        for (id, fact) in self.trace.range(began, end) {
            let is_told = match fact.kind() {
                FactKind::RegionPaused | FactKind::RegionResumed | FactKind::RegionSlowed => {
                    fact.host == started.host
                }
                FactKind::LeaseExpired => fact.b == started.b && fact.a == started.c,
                FactKind::LeaseGranted => {
                    fact.b == started.b && fact.a > started.c && fact.flag() == 0
                }
                _ => false,
            };
            // A lease of each region says nothing of this one's.
            if is_told && (started.c > 0 || fact.host == started.host) {
                self.add_own(id, fact);
            }
        }
    }

    /// How a write came to be, and what its customer was told.
    pub(super) fn write(&mut self, write: FactId, role: Role) {
        let Some(accepted) = self.trace.get(write) else {
            return;
        };
        if accepted.kind() != FactKind::WriteAccepted {
            return;
        }
        self.add(write, role);
        let op = FactId(accepted.a);
        self.causes(op);
        let told = self.look(op, |fact| {
            fact.kind() == FactKind::OperationReturned && fact.a == op.0
        });
        if let Some(told) = told {
            self.add(told, Role::Told);
        }
    }

    /// How one write lost to another that had not seen it.
    pub(super) fn loss(&mut self, lost: FactId, won: FactId) {
        self.write(lost, Role::Lost);
        self.write(won, Role::Won);
        let (Some(loser), Some(winner)) = (self.trace.get(lost), self.trace.get(won)) else {
            return;
        };
        if lost < won {
            self.news(lost, loser, winner);
        } else {
            self.news(won, winner, loser);
            self.clock(winner.host, won);
        }
        let displaced = self.look(lost, |fact| {
            fact.kind() == FactKind::ValueOverwritten && (fact.a, fact.b) == (lost.0, won.0)
        });
        if let Some(displaced) = displaced {
            self.add(displaced, Role::Displaced);
            let applied = self.trace.get(displaced).map(|fact| fact.cause);
            if let Some(applied) = applied.filter(|id| id.is_some()) {
                self.add(applied, Role::Arrived);
            }
        }
    }

    /// How a read missed a newer write: what became of the news of it on its way to
    /// where the read was served.
    pub(super) fn stale(&mut self, read: FactId, newer: FactId) {
        let accepted = self.look(newer, |fact| {
            fact.kind() == FactKind::WriteAccepted && fact.a == newer.0
        });
        // The last attempt that was served is the likeliest to have been answered.
        let end = self.end.min(FactId(read.0.saturating_add(MAX_LOOK)));
        let served = self
            .trace
            .range(read, end)
            .take_while(|(_, fact)| {
                !(fact.kind() == FactKind::OperationReturned && fact.a == read.0)
            })
            .filter(|(_, fact)| fact.kind() == FactKind::ReadServed && fact.a == read.0)
            .last();
        let Some((write, (_, served))) = accepted.zip(served) else {
            return;
        };
        self.write(write, Role::Accepted);
        if let Some(earlier) = self.trace.get(write) {
            self.news(write, earlier, served);
        }
    }

    /// What became of the news of a write on its way to where a later one was
    /// accepted: it did not arrive, or not in time, or it had arrived.
    fn news(&mut self, write: FactId, earlier: &Fact, later: &Fact) {
        let push = self.look(write, |fact| {
            let is_push = matches!(fact.message(), Some((Label::Replicate, _)));
            fact.kind() == FactKind::MessageSent
                && is_push
                && (fact.host, fact.peer, fact.b) == (earlier.host, later.host, write.0)
        });
        let Some((push, sent)) = push.and_then(|push| Some((push, self.trace.get(push)?))) else {
            return;
        };
        match sent.message() {
            Some((_, fate)) if !fate.arrives() => {
                self.add(push, Role::NotArrived);
                if fate == Fate::Cut {
                    self.cut_before(push, sent);
                }
            }
            _ if sent.arrives_at() > later.at() => self.add(push, Role::UnderWay),
            _ => {
                let arrived = self.look(push, |fact| {
                    fact.kind() == FactKind::WriteApplied
                        && (fact.host, fact.a) == (later.host, write.0)
                });
                if let Some(arrived) = arrived {
                    self.add(arrived, Role::Arrived);
                }
            }
        }
    }

    /// The last time that a region's clock was set before a fact.
    fn clock(&mut self, region: HostId, before: FactId) {
        let from = FactId(before.0.saturating_sub(MAX_LOOK));
        let steps = self
            .trace
            .range(from, before)
            .filter(|(_, fact)| fact.kind() == FactKind::ClockStepped && fact.host == region);
        if let Some((step, _)) = steps.last() {
            self.add(step, Role::Changed);
        }
    }

    /// The cut that a message was lost to.
    fn cut_before(&mut self, message: FactId, sent: &Fact) {
        let from = FactId(message.0.saturating_sub(MAX_LOOK));
        let cuts = self.trace.range(from, message).filter(|(_, fact)| {
            fact.kind() == FactKind::LinkCut && (fact.host, fact.peer) == (sent.host, sent.peer)
        });
        if let Some((cut, _)) = cuts.last() {
            self.add(cut, Role::Changed);
        }
    }

    /// Everything that happened for an operation, from the first attempt to the
    /// last answer.
    pub(super) fn operation(&mut self, op: FactId) {
        self.causes(op);
        let mut charges = 0;
        let end = self.end.min(FactId(op.0.saturating_add(MAX_LOOK)));
        for (id, fact) in self.trace.range(op, end) {
            let is_its = fact.a == op.0;
            match fact.kind() {
                FactKind::ChargeMade if is_its => {
                    charges += 1;
                    let again = charges > 1;
                    let role = if again {
                        Role::ChargedAgain
                    } else {
                        Role::Charged
                    };
                    self.add(id, role);
                }
                FactKind::AttemptStarted
                | FactKind::AttemptTimedOut
                | FactKind::KeyMarkedInFlight
                | FactKind::DuplicateSuppressed
                | FactKind::RequestForwarded
                | FactKind::RequestRejected
                | FactKind::UnflushedLost
                | FactKind::WriteAccepted
                | FactKind::MessagePosted
                    if is_its =>
                {
                    self.add_own(id, fact);
                }
                FactKind::OperationReturned if is_its => self.add_own(id, fact),
                FactKind::MessageSent if fact.b == op.0 => {
                    if matches!(fact.message(), Some((_, fate)) if !fate.arrives()) {
                        self.add_own(id, fact);
                    }
                }
                _ => {}
            }
        }
    }

    /// The first fact from here on that is so.
    fn look(&self, from: FactId, is_it: impl Fn(&Fact) -> bool) -> Option<FactId> {
        let end = self.end.min(FactId(from.0.saturating_add(MAX_LOOK)));
        let mut facts = self.trace.range(from, end);
        facts.find(|(_, fact)| is_it(fact)).map(|(id, _)| id)
    }
}
