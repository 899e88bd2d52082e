//! Why? From a value, a loss or a charge to the few facts that explain it, in the
//! order of time.
//!
//! A fact has one cause, and subjects: the write that won, the operation that was
//! charged for. Causes alone lead back to one command; the subjects bring in the
//! other side of the story. Facts that the trace does not hold at the moment are
//! left out.

mod story;

use splitbrain_checker::{PropertyId, Role as Proof, Verdict, Violation, ViolationKind};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::trace::Trace;

use self::story::Story;
use crate::goal::{Predicate, Reason, Status};
use crate::grade::status;
use crate::ledger::Ledger;
use crate::observe::Observer;

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
    /// Somebody was shown a value.
    Read = "read",
    /// Two regions compared what they have.
    Compared = "compared",
    /// Something broke, healed, crashed, came back or was set.
    Changed = "changed",
    /// A region began on a report.
    Began = "began",
    /// The outside system has the report.
    Ran = "ran",
    /// It has it again.
    RanAgain = "ran_again",
    /// A region was given a lease.
    Leased = "leased",
    /// A lease ran out.
    Ended = "ended",
    /// It had to wait for something.
    Waited = "waited",
    /// A region was given a lock.
    Locked = "locked",
    /// A lock was given back, or ran out.
    Unlocked = "unlocked",
    /// A write stayed beside another.
    KeptBeside = "kept_beside",
    /// Somebody was to be asked which one is meant.
    Questioned = "questioned",
    /// That was settled.
    Settled = "settled",
    /// A region forgot a removal.
    Forgotten = "forgotten",
    /// What was removed is back.
    Returned = "returned",
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
        FactKind::MessageBuffered => {
            story.causes(fact);
            story.awaited(fact, held);
        }
        FactKind::StaleLockRefused => {
            story.causes(fact);
            story.lock(fact);
        }
        FactKind::JobRan | FactKind::StaleTokenRefused => {
            story.causes(fact);
            story.pauses(fact);
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
                if let Some(winner) = winner {
                    story.loss(lost, winner);
                } else {
                    story.write(lost, Role::Lost);
                    story.return_of_what_it_removed(lost);
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
        | ViolationKind::NeverCharged
        | ViolationKind::Oversold => {
            if let Some(op) = op {
                story.operation(op);
            }
        }
        ViolationKind::ShownOutOfOrder => {
            if let (Some(late), Some((_, first))) = (op, violation.other) {
                for message in [late, FactId(first.0)] {
                    story.shown(message, FactId(violation.first.0));
                }
            }
        }
        ViolationKind::UpdateLost => {
            for &(fact, _) in &violation.witness {
                story.causes(FactId(fact.0));
            }
        }
        ViolationKind::StaleRead
        | ViolationKind::OwnWriteUnseen
        | ViolationKind::WentBack
        | ViolationKind::WritesSwapped
        | ViolationKind::ReplyWithoutCause
        | ViolationKind::CauseUnseen
        | ViolationKind::NoOrder => {
            if let (Some(read), Some((_, newer))) = (op, violation.other) {
                story.stale(read, FactId(newer.0));
            }
            for &(fact, _) in &violation.witness {
                story.causes(FactId(fact.0));
            }
        }
        ViolationKind::RunMissed | ViolationKind::RunTwice | ViolationKind::RunRepeated => {
            for &(fact, _) in &violation.witness {
                let fact = FactId(fact.0);
                // What it is itself the proof says.
                if let Some(held) = trace.get(fact) {
                    story.causes(held.cause);
                }
                story.pauses(fact);
            }
        }
    }
    for &(fact, proof) in &violation.witness {
        let role = match proof {
            Proof::Wrote => Role::Lost,
            Proof::ToldSaved | Proof::ToldFailed | Proof::ToldNewer => Role::Told,
            Proof::Winner => Role::Won,
            Proof::Displaced => Role::Displaced,
            Proof::Received => Role::Arrived,
            Proof::Shows => Role::Shown,
            Proof::Charged => Role::Charged,
            Proof::ChargedAgain => Role::ChargedAgain,
            Proof::Ran => Role::Ran,
            Proof::RanAgain => Role::RanAgain,
            Proof::Asked | Proof::WantedNewer | Proof::WantedBefore => Role::Asked,
            Proof::ReadSame | Proof::ReadOld | Proof::Knew => Role::Read,
            Proof::Resurfaced
            | Proof::InForce
            | Proof::Stocked
            | Proof::SoldOut
            | Proof::Sold
            | Proof::Due
            | Proof::NextDue
            | Proof::Posted
            | Proof::Answered
            | Proof::ShownFirst
            | Proof::ShownLate => Role::Proof,
        };
        story.add(FactId(fact.0), role);
    }
    story.finish()
}

/// Why a goal stands as it stands: what the judge found about its subject, or else
/// the fact that decided it.
pub fn why_goal(trace: &Trace, observer: &Observer, goal: &Predicate) -> Vec<Step> {
    let end = observer.next();
    if let Some(violation) = judged(observer, goal) {
        return why_violation(trace, violation, end);
    }
    let fact = match status(goal, observer) {
        Some(Status::Met { since }) => Some(since),
        Some(Status::NotMet(reason) | Status::Open(reason)) => {
            if let Some(loss) = loss(observer, &reason) {
                return why_violation(trace, loss, end);
            }
            reason.first_fact
        }
        None => None,
    };
    fact.map_or_else(Vec::new, |fact| why_fact(trace, fact, end))
}

/// The loss that keeps a goal from being met, where that is why.
fn loss<'a>(observer: &'a Observer, reason: &Reason) -> Option<&'a Violation> {
    if reason.id != "was_lost" {
        return None;
    }
    let verdict = observer.judge().verdict(PropertyId::AcknowledgedWrites);
    let Verdict::Violated { violations, .. } = verdict else {
        return None;
    };
    let mut violations = violations.into_iter();
    violations.find(|it| Some(FactId(it.first.0)) == reason.first_fact)
}

/// The first violation that a goal is about.
fn judged<'a>(observer: &'a Observer, goal: &Predicate) -> Option<&'a Violation> {
    let judge = observer.judge();
    let (property, key, customer) = match goal {
        Predicate::WriteLost { key, .. } | Predicate::NoWriteLost { key, .. } => {
            (PropertyId::AcknowledgedWrites, Some(*key), None)
        }
        Predicate::Converged { key, .. } | Predicate::Diverged { key } => {
            (PropertyId::Convergence, Some(*key), None)
        }
        Predicate::PropertyHolds(judged) | Predicate::PropertyBroken(judged)
            if judged.property == PropertyId::MessageOrder =>
        {
            (judged.property, None, judged.customer)
        }
        Predicate::ExactlyOnce { customer } | Predicate::Charged { customer, .. } => {
            (PropertyId::ExactlyOnce, None, Some(*customer))
        }
        _ => return None,
    };
    let Verdict::Violated { violations, .. } = judge.verdict(property) else {
        return None;
    };
    violations.into_iter().find(|violation| {
        let of_key = key.is_none_or(|key| violation.key.is_some_and(|held| held.0 == key.0));
        let of_customer =
            customer.is_none_or(|who| violation.session.is_some_and(|held| held.0 == who));
        of_key && of_customer
    })
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
        FactKind::WriteAccepted | FactKind::MessagePosted => Role::Accepted,
        FactKind::ShardsRead if fact.b < fact.c => Role::NotArrived,
        FactKind::WriteApplied
        | FactKind::QuorumAnswered
        | FactKind::ShardsRead
        | FactKind::HintDelivered
        | FactKind::MessageDelivered => Role::Arrived,
        FactKind::ValueOverwritten | FactKind::WriteRolledBack | FactKind::WriteSetAside => {
            Role::Displaced
        }
        FactKind::ValueShown => Role::Shown,
        FactKind::MessageSent => match fact.message() {
            Some((_, fate)) if !fate.arrives() => Role::NotArrived,
            _ => Role::Sent,
        },
        FactKind::MessageDropped | FactKind::UnflushedLost | FactKind::QuorumMissed => {
            Role::NotArrived
        }
        FactKind::ChargeMade => Role::Charged,
        FactKind::DuplicateSuppressed | FactKind::DuplicateDropped => Role::Recognised,
        FactKind::KeyMarkedInFlight => Role::NotedAnew,
        FactKind::ResultStored
        | FactKind::HintStored
        | FactKind::FlagSet
        | FactKind::TombstonesHeld
        | FactKind::WriteReclaimed => Role::Stored,
        FactKind::RequestRejected
        | FactKind::EpochRefused
        | FactKind::HistoryLost
        | FactKind::HomeMoveRefused
        | FactKind::StaleTokenRefused
        | FactKind::StaleLockRefused => Role::Refused,
        FactKind::ReadHeld
        | FactKind::MessageBuffered
        | FactKind::LockWaited
        | FactKind::CommitHeld
        | FactKind::RightsAsked => Role::Waited,
        FactKind::JobStarted => Role::Began,
        FactKind::JobRan => Role::Ran,
        FactKind::LeaseGranted => Role::Leased,
        FactKind::LeaseExpired => Role::Ended,
        FactKind::LockGranted => Role::Locked,
        FactKind::LockReleased | FactKind::LockExpired => Role::Unlocked,
        FactKind::RequestForwarded | FactKind::HomeReleased | FactKind::RightsGiven => {
            Role::PassedOn
        }
        FactKind::ReplicasCompared | FactKind::ClockMeasured => Role::Compared,
        FactKind::VersionChosen | FactKind::ReadServed | FactKind::ContextGiven => Role::Read,
        FactKind::SiblingKept => Role::KeptBeside,
        FactKind::QuestionAsked | FactKind::QuestionNotAsked => Role::Questioned,
        FactKind::QuestionAnswered => Role::Settled,
        FactKind::TombstoneDropped => Role::Forgotten,
        FactKind::RemovedReturned => Role::Returned,
        FactKind::RegionCrashed
        | FactKind::RegionRestarted
        | FactKind::HomeTaken
        | FactKind::RegionPaused
        | FactKind::RegionResumed
        | FactKind::RegionSlowed
        | FactKind::ClockStepped
        | FactKind::LinkCut
        | FactKind::LinkHealed
        | FactKind::ReplyDropArmed
        | FactKind::LinkDegraded
        | FactKind::KeyPlaced
        | FactKind::JobDue
        | FactKind::StockOversold
        | FactKind::WordInserted
        | FactKind::WordDeleted
        | FactKind::RegionPromoted
        | FactKind::SteppedDown
        | FactKind::VoteGiven
        | FactKind::FlagExpired => Role::Changed,
    }
}
