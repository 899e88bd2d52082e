//! Violations and the facts that prove them.

use crate::observation::{FactRef, KeyRef, OpRef, Replica, Session, WriteRef};
use crate::properties::PropertyId;

/// How a property was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ViolationKind {
    /// An acknowledged write is lost: a write that did not see it won.
    OverwrittenUnseen,
    /// An acknowledged write is lost: no replica has its effect, or its item is
    /// back, and no write is to blame.
    Vanished,
    /// Replicas that have received the same writes show different values.
    Diverged,
    /// Two charges for one intent.
    ChargedTwice,
    /// Told that it failed, and charged.
    ChargedThoughFailed,
    /// Told that it is paid, and not charged.
    NeverCharged,
}

impl ViolationKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::OverwrittenUnseen,
        Self::Vanished,
        Self::Diverged,
        Self::ChargedTwice,
        Self::ChargedThoughFailed,
        Self::NeverCharged,
    ];

    /// The stable id, under which its words stand in the catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Self::OverwrittenUnseen => "overwritten_unseen",
            Self::Vanished => "vanished",
            Self::Diverged => "diverged",
            Self::ChargedTwice => "charged_twice",
            Self::ChargedThoughFailed => "charged_though_failed",
            Self::NeverCharged => "never_charged",
        }
    }
}

/// What a fact has to do with a violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The write that is lost was accepted.
    Wrote,
    /// The customer was told that it is saved, or paid.
    ToldSaved,
    /// The customer was told that it failed.
    ToldFailed,
    /// The write that won was accepted.
    Winner,
    /// The write gave way to the winner.
    Displaced,
    /// A replica received the last that it had to.
    Received,
    /// A replica shows this value.
    Shows,
    /// The item that was removed is in again, or still.
    Resurfaced,
    /// The first charge.
    Charged,
    /// The second charge.
    ChargedAgain,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Wrote,
        Self::ToldSaved,
        Self::ToldFailed,
        Self::Winner,
        Self::Displaced,
        Self::Received,
        Self::Shows,
        Self::Resurfaced,
        Self::Charged,
        Self::ChargedAgain,
    ];

    /// The stable id, under which its words stand in the catalogues.
    pub fn id(self) -> &'static str {
        match self {
            Self::Wrote => "wrote",
            Self::ToldSaved => "told_saved",
            Self::ToldFailed => "told_failed",
            Self::Winner => "winner",
            Self::Displaced => "displaced",
            Self::Received => "received",
            Self::Shows => "shows",
            Self::Resurfaced => "resurfaced",
            Self::Charged => "charged",
            Self::ChargedAgain => "charged_again",
        }
    }
}

/// A property was broken, and here is the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// How.
    pub kind: ViolationKind,
    /// The moment at which it became true.
    pub first: FactRef,
    /// The moment at which it ceased to be true; none while it stands. A violation
    /// that came back stands again under its first moment.
    pub ended: Option<FactRef>,
    /// Whose operation it was; none where no single customer is concerned.
    pub session: Option<Session>,
    /// The key; none where the start of the operation was not observed.
    pub key: Option<KeyRef>,
    /// The operation.
    pub op: Option<OpRef>,
    /// The operation's own writes, or those that the replicas received last.
    pub writes: Vec<WriteRef>,
    /// The write that won.
    pub winner: Option<WriteRef>,
    /// The replicas that disagree; empty where no single replica is concerned.
    pub replicas: Vec<Replica>,
    /// The facts that prove it, in the order of time.
    pub witness: Vec<(FactRef, Role)>,
}

impl Violation {
    /// The property that this breaks.
    pub fn property(&self) -> PropertyId {
        match self.kind {
            ViolationKind::OverwrittenUnseen | ViolationKind::Vanished => {
                PropertyId::AcknowledgedWrites
            }
            ViolationKind::Diverged => PropertyId::Convergence,
            ViolationKind::ChargedTwice
            | ViolationKind::ChargedThoughFailed
            | ViolationKind::NeverCharged => PropertyId::ExactlyOnce,
        }
    }

    /// Whether it is still so.
    pub fn stands(&self) -> bool {
        self.ended.is_none()
    }
}
