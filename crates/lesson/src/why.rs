//! Why? From a value, a loss or a charge to the few facts that explain it, in the
//! order of time.
//!
//! A fact has one cause, and subjects: the write that won, the operation that was
//! charged for. Causes alone lead back to one command; the subjects bring in the
//! other side of the story. Facts that the trace does not hold at the moment are
//! left out.

use std::collections::BTreeMap;

use splitbrain_checker::{Role as Proof, Violation, ViolationKind};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, Label};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::trace::Trace;

use crate::ledger::Ledger;

/// Facts looked through for the rest of a story, at most.
const MAX_LOOK: u32 = 1_000_000;
/// Causes followed from one fact, at most.
const MAX_CAUSES: u32 = 32;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)+) => {
        /// What a fact has to do with what is explained.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $name,)+ }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }
        }
    };
}

roles! {
    /// Somebody gave a command.
    Commanded = "commanded",
    /// A customer asked for something.
    Asked = "asked",
    /// Her app tried.
    Tried = "tried",
    /// Her app tried again.
    TriedAgain = "tried_again",
    /// Her app waited in vain.
    TimedOut = "timed_out",
    /// A message carried it on.
    Sent = "sent",
    /// A message did not arrive.
    NotArrived = "not_arrived",
    /// A message was still under way when it would have mattered.
    UnderWay = "under_way",
    /// A write was accepted.
    Accepted = "accepted",
    /// The write that lost was accepted.
    Lost = "lost",
    /// The write that won was accepted.
    Won = "won",
    /// A write arrived at a region.
    Arrived = "arrived",
    /// A write gave way to another.
    Displaced = "displaced",
    /// The value has been shown since.
    Shown = "shown",
    /// The customer was told how it went.
    Told = "told",
    /// A region noted a key that it had not known.
    NotedAnew = "noted_anew",
    /// A region stored the result.
    Stored = "stored",
    /// A region recognised the repetition.
    Recognised = "recognised",
    /// A region refused.
    Refused = "refused",
    /// A region passed it on to another.
    PassedOn = "passed_on",
    /// The card was charged.
    Charged = "charged",
    /// The card was charged again.
    ChargedAgain = "charged_again",
    /// Two regions compared what they have.
    Compared = "compared",
    /// Something broke, healed, crashed, came back or was set.
    Changed = "changed",
    /// Part of the proof in another way.
    Proof = "proof",
}

/// One fact of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The fact.
    pub fact: FactId,
    /// What it has to do with it.
    pub role: Role,
}

/// Why a region shows what it shows of a key; nothing if it never showed anything.
pub fn why_value(trace: &Trace, ledger: &Ledger, region: u8, key: Key) -> Vec<Step> {
    let belief = ledger.belief(key, region);
    belief.map_or_else(Vec::new, |belief| {
        why_fact(trace, belief.fact, FactId(trace.len()))
    })
}

/// Why a fact happened, from what had happened before `end`.
pub fn why_fact(trace: &Trace, fact: FactId, end: FactId) -> Vec<Step> {
    let mut story = Story::new(trace, end);
    let Some(held) = trace.get(fact) else {
        return Vec::new();
    };
    match held.kind() {
        FactKind::ChargeMade | FactKind::DuplicateSuppressed => story.operation(FactId(held.a)),
        FactKind::OperationReturned | FactKind::AttemptTimedOut => {
            story.operation(FactId(held.a));
            story.causes(fact);
        }
        FactKind::ValueOverwritten => {
            story.loss(FactId(held.a), FactId(held.b));
            story.causes(fact);
        }
        _ => story.causes(fact),
    }
    story.add(fact, role_of(held));
    story.finish()
}

/// Why a property was broken, from what had happened before `end`.
pub fn why_violation(trace: &Trace, violation: &Violation, end: FactId) -> Vec<Step> {
    let mut story = Story::new(trace, end);
    let winner = violation.winner.map(|write| FactId(write.0));
    let op = violation.op.map(|op| FactId(op.0));
    match violation.kind {
        ViolationKind::OverwrittenUnseen | ViolationKind::Vanished => {
            for write in &violation.writes {
                let lost = FactId(write.0);
                match winner {
                    Some(winner) => story.loss(lost, winner),
                    None => story.write(lost, Role::Lost),
                }
            }
        }
        ViolationKind::Diverged => {
            for write in &violation.writes {
                story.write(FactId(write.0), Role::Accepted);
            }
        }
        ViolationKind::ChargedTwice
        | ViolationKind::ChargedThoughFailed
        | ViolationKind::NeverCharged => {
            if let Some(op) = op {
                story.operation(op);
            }
        }
    }
    for &(fact, proof) in &violation.witness {
        let role = match proof {
            Proof::Wrote => Role::Lost,
            Proof::ToldSaved | Proof::ToldFailed => Role::Told,
            Proof::Winner => Role::Won,
            Proof::Displaced => Role::Displaced,
            Proof::Received => Role::Arrived,
            Proof::Shows => Role::Shown,
            Proof::Charged => Role::Charged,
            Proof::ChargedAgain => Role::ChargedAgain,
            Proof::Resurfaced => Role::Proof,
        };
        story.add(FactId(fact.0), role);
    }
    story.finish()
}

/// What a fact is when nothing more is known of its part.
fn role_of(fact: &Fact) -> Role {
    match fact.kind() {
        FactKind::CommandGiven => Role::Commanded,
        FactKind::OperationStarted => Role::Asked,
        FactKind::AttemptStarted if fact.b > 1 => Role::TriedAgain,
        FactKind::AttemptStarted => Role::Tried,
        FactKind::AttemptTimedOut => Role::TimedOut,
        FactKind::OperationReturned => Role::Told,
        FactKind::WriteAccepted => Role::Accepted,
        FactKind::WriteApplied => Role::Arrived,
        FactKind::ValueOverwritten => Role::Displaced,
        FactKind::ValueShown => Role::Shown,
        FactKind::MessageSent => match fact.message() {
            Some((_, fate)) if !fate.arrives() => Role::NotArrived,
            _ => Role::Sent,
        },
        FactKind::MessageDropped | FactKind::UnflushedLost => Role::NotArrived,
        FactKind::ChargeMade => Role::Charged,
        FactKind::DuplicateSuppressed => Role::Recognised,
        FactKind::KeyMarkedInFlight => Role::NotedAnew,
        FactKind::ResultStored => Role::Stored,
        FactKind::RequestRejected => Role::Refused,
        FactKind::RequestForwarded => Role::PassedOn,
        FactKind::ReplicasCompared => Role::Compared,
        FactKind::ReadServed => Role::Proof,
        FactKind::RegionCrashed
        | FactKind::RegionRestarted
        | FactKind::ClockStepped
        | FactKind::LinkCut
        | FactKind::LinkHealed
        | FactKind::ReplyDropArmed
        | FactKind::LinkDegraded => Role::Changed,
    }
}

/// An explanation in the making.
struct Story<'a> {
    trace: &'a Trace,
    end: FactId,
    steps: BTreeMap<FactId, Role>,
}

impl<'a> Story<'a> {
    fn new(trace: &'a Trace, end: FactId) -> Self {
        Self {
            trace,
            end,
            steps: BTreeMap::new(),
        }
    }

    fn finish(self) -> Vec<Step> {
        let steps = self.steps.into_iter();
        steps.map(|(fact, role)| Step { fact, role }).collect()
    }

    /// Adds a fact, unless it is there already or not in memory.
    fn add(&mut self, fact: FactId, role: Role) {
        if fact < self.end && self.trace.get(fact).is_some() {
            self.steps.entry(fact).or_insert(role);
        }
    }

    fn add_own(&mut self, id: FactId, fact: &Fact) {
        self.add(id, role_of(fact));
    }

    /// Follows causes back to the command or the timer that began it. Where the
    /// way of a write went through a comparison, its own beginning is added too.
    fn causes(&mut self, from: FactId) {
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
            id = fact.cause;
        }
    }

    /// How a write came to be, and what its customer was told.
    fn write(&mut self, write: FactId, role: Role) {
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

    /// How one write lost to another that it had not reached.
    fn loss(&mut self, lost: FactId, won: FactId) {
        self.write(lost, Role::Lost);
        self.write(won, Role::Won);
        let (Some(loser), Some(winner)) = (self.trace.get(lost), self.trace.get(won)) else {
            return;
        };
        let (from, to, won_at) = (loser.host, winner.host, winner.at());
        let push = self.look(lost, |fact| {
            let is_push = matches!(fact.message(), Some((Label::Replicate, _)));
            fact.kind() == FactKind::MessageSent
                && is_push
                && (fact.host, fact.peer, fact.b) == (from, to, lost.0)
        });
        if let Some((push, sent)) = push.and_then(|push| Some((push, self.trace.get(push)?))) {
            match sent.message() {
                Some((_, fate)) if !fate.arrives() => {
                    self.add(push, Role::NotArrived);
                    if fate == Fate::Cut {
                        self.cut_before(push, sent);
                    }
                }
                _ if sent.arrives_at() > won_at => self.add(push, Role::UnderWay),
                _ => {}
            }
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
    fn operation(&mut self, op: FactId) {
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
