//! The autopsy of a write that no longer shows, or of a payment that was charged twice:
//! what was written, by whom, what its customer was told, what took its place, what the
//! clocks of both regions showed, what each of the two had seen of the other, and who was
//! shown which.
//!
//! # How it is made
//! An [`Examination`] reads the trace once, from its beginning, and keeps what concerns one
//! key. What a region had seen when it accepted a write are the writes that had been applied
//! there; which write a region shows is the last one applied there that nothing displaced.
//! Stamps are those of [`splitbrain_engine::clocks::reading`]. So all of it comes from facts;
//! of the design only the name of the conflict rule is asked.
//!
//! # What the words mean
//! *Before*, *after*, *concurrent* ([`Order`]): whether the region that accepted the one had
//! received the other, or a write built on it. *Knowingly*: the write that took the place was
//! made where the other was shown, or a write built on the other. Source: Lamport 1978 for
//! the order; Parker et al., *Detection of Mutual Inconsistency in Distributed Systems*, 1983,
//! for version vectors.

mod conclusion;
mod element;
mod examination;
mod history;
mod payment;
mod places;
mod seen;
mod subject;
mod told;

pub use conclusion::{Conclusion, Loss};
pub use examination::Examination;
pub use payment::{Charge, Payment};
pub use places::{Place, PlaceState};
pub use subject::{Subject, of_violation};
pub use told::{How, Told};

use splitbrain_engine::clocks::{HybridStamp, VersionVector};
use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::time::Time;

use crate::ledger::Answer;

/// A fact and when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The fact.
    pub fact: FactId,
    /// True time.
    pub at: Time,
}

/// One of the two writes, or a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The operation, and when its customer asked for it.
    pub asked: Moment,
    /// Who; none if the host that asked is no customer.
    pub customer: Option<u16>,
    /// What was wanted.
    pub kind: OpKind,
    /// Of what.
    pub key: Key,
    /// A value, an item's index or an amount.
    pub argument: Value,
    /// What the customer was told; none if she was told nothing yet.
    pub told: Option<Answer>,
    /// Where it was accepted, if anywhere.
    pub accepted: Option<Accepted>,
}

/// A write that a region accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The fact that accepted it, and when: true time, which nobody there could see.
    pub moment: Moment,
    /// Where.
    pub region: u8,
    /// What the wall clock there showed, in microseconds since the run began.
    pub wall_us: i64,
    /// What a hybrid logical clock there would have shown.
    pub hybrid: HybridStamp,
    /// How many writes of this key by each region had been received there, this one among
    /// them.
    pub vector: VersionVector,
}

impl Accepted {
    /// How far the wall clock was ahead of true time, in microseconds.
    pub fn skew_us(&self) -> i64 {
        self.wall_us - self.moment.at.0 as i64
    }
}

/// What the one write has to do with the other that took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The one that took the place was made where this one had been received.
    Before,
    /// This one was made where the one that took its place had been received.
    After,
    /// Neither had been received where the other was made.
    Concurrent,
}

impl Order {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Before, Self::After, Self::Concurrent];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Concurrent => "concurrent",
        }
    }
}

/// Why the later of two concurrent writes was made without the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unaware {
    /// The message that carried it met a cut link: that message.
    Cut(FactId),
    /// The network lost the message.
    Lost(FactId),
    /// The message was still under way.
    UnderWay(FactId),
    /// No message is known to have carried it there by then.
    Unsent,
}

impl Unaware {
    /// One of each, for catalogues of words.
    pub const ALL: &'static [Self] = &[
        Self::Cut(FactId::NONE),
        Self::Lost(FactId::NONE),
        Self::UnderWay(FactId::NONE),
        Self::Unsent,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cut(_) => "cut",
            Self::Lost(_) => "lost",
            Self::UnderWay(_) => "under_way",
            Self::Unsent => "unsent",
        }
    }

    /// The message, if one is known.
    pub const fn message(self) -> Option<FactId> {
        match self {
            Self::Cut(message) | Self::Lost(message) | Self::UnderWay(message) => Some(message),
            Self::Unsent => None,
        }
    }
}

/// The sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Autopsy {
    /// What was asked about.
    pub subject: Subject,
    /// How far the trace was read.
    pub until: Time,
    /// The write in question, or the payment.
    pub lost: Side,
    /// The write that took its place, if one did.
    pub won: Option<Side>,
    /// When it first gave way to that write, or was first taken back.
    pub displaced: Option<Moment>,
    /// What the two writes have to do with each other.
    pub order: Option<Order>,
    /// If they are concurrent, why the later was made without the earlier one.
    pub unaware: Option<Unaware>,
    /// What became of the write in each region. None of a payment.
    pub places: Vec<Place>,
    /// Where it was shown last, and when that ended, if it is shown nowhere any more.
    pub forgotten: Option<(u8, Moment)>,
    /// Who was told which of the two, in the order in which they were told first.
    pub told: Vec<Told>,
    /// Of a payment: its charges.
    pub payment: Option<Payment>,
    /// Whether it is a loss.
    pub loss: Loss,
    /// Why, in one sentence.
    pub conclusion: Conclusion,
}
