//! Violations and the facts that prove them.

use splitbrain_sorted::sort_short;

use crate::observation::{FactRef, KeyRef, OpRef, Replica, Session, WriteRef};
use crate::properties::PropertyId;

macro_rules! ids {
    ($(#[$outer:meta])* $name:ident[$count:literal]:
     $($(#[$inner:meta])* $variant:ident = $id:literal,)+) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$inner])* $variant,)+ }

        impl $name {
            /// Every one of them.
            pub const ALL: [Self; $count] = [$(Self::$variant,)+];

            /// The stable id, under which its words stand in the catalogues.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }
        }
    };
}

ids! {
    /// How a property was broken.
    ViolationKind[19]:
    /// An acknowledged write is lost: a write that did not see it won.
    OverwrittenUnseen = "overwritten_unseen",
    /// An acknowledged write is lost: no replica has its effect, or its item is
    /// back, and no write is to blame.
    Vanished = "vanished",
    /// Replicas that have received the same writes show different values.
    Diverged = "diverged",
    /// Two charges for one intent.
    ChargedTwice = "charged_twice",
    /// Told that it failed, and charged.
    ChargedThoughFailed = "charged_though_failed",
    /// Told that it is paid, and not charged.
    NeverCharged = "never_charged",
    /// Two customers replaced the same version, neither knowing of the other.
    UpdateLost = "update_lost",
    /// A read returned what had been overwritten for too long.
    StaleRead = "stale_read",
    /// A customer did not see what the same customer had written.
    OwnWriteUnseen = "own_write_unseen",
    /// A customer read what was older than what the same customer had read.
    WentBack = "went_back",
    /// A customer's later write was seen, and the earlier was not.
    WritesSwapped = "writes_swapped",
    /// A write was seen, and what its writer had read before it was not.
    ReplyWithoutCause = "reply_without_cause",
    /// A read returned what could be known to be replaced.
    CauseUnseen = "cause_unseen",
    /// No order of a key's operations explains what was read.
    NoOrder = "no_order",
    /// More was sold than there was.
    Oversold = "oversold",
    /// A scheduled time of a job passed without a run.
    RunMissed = "run_missed",
    /// A job ran twice for one scheduled time.
    RunTwice = "run_twice",
    /// One scheduled time of a job was run again.
    RunRepeated = "run_repeated",
    /// A message was shown after one that was sent in knowledge of it.
    ShownOutOfOrder = "shown_out_of_order",
}

ids! {
    /// What a fact has to do with a violation.
    Role[29]:
    /// The write that is lost was accepted.
    Wrote = "wrote",
    /// The customer was told that it is saved, or paid.
    ToldSaved = "told_saved",
    /// The customer was told that it failed.
    ToldFailed = "told_failed",
    /// The write that won was accepted.
    Winner = "winner",
    /// The write gave way to the winner.
    Displaced = "displaced",
    /// A replica received the last that it had to.
    Received = "received",
    /// A replica shows this value.
    Shows = "shows",
    /// The item that was removed is in again, or still.
    Resurfaced = "resurfaced",
    /// The first charge.
    Charged = "charged",
    /// The second charge.
    ChargedAgain = "charged_again",
    /// A customer was shown the version that two replaced.
    ReadSame = "read_same",
    /// The old value was in force by now: its writer was told, or somebody had read it.
    InForce = "in_force",
    /// The write of the newer value was asked for.
    WantedNewer = "wanted_newer",
    /// The writer of the newer value was told that it is saved.
    ToldNewer = "told_newer",
    /// The read was asked for.
    Asked = "asked",
    /// The read returned the old value.
    ReadOld = "read_old",
    /// A write that has to come before was asked for.
    WantedBefore = "wanted_before",
    /// Somebody read it, through whom it could be known.
    Knew = "knew",
    /// The latest stock came in.
    Stocked = "stocked",
    /// The sale after which nothing was left.
    SoldOut = "sold_out",
    /// The sale that there was not enough for.
    Sold = "sold",
    /// The scheduled time came.
    Due = "due",
    /// The next scheduled time came.
    NextDue = "next_due",
    /// The job ran.
    Ran = "ran",
    /// It ran again.
    RanAgain = "ran_again",
    /// The earlier message was sent.
    Posted = "posted",
    /// The later message was sent, in knowledge of the earlier.
    Answered = "answered",
    /// The later message was shown to the reader.
    ShownFirst = "shown_first",
    /// The earlier message was shown to her after that.
    ShownLate = "shown_late",
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
    /// Another operation that has part in it, and whose it is: the other update of
    /// the same version, the write of the newer value, the message that overtook.
    pub other: Option<(Session, OpRef)>,
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
    /// Proved by these facts, which it puts in order, and since the last of them.
    pub(crate) fn new(kind: ViolationKind, mut witness: Vec<(FactRef, Role)>) -> Self {
        sort_short(&mut witness, |one, other| one < other);
        witness.dedup();
        Self {
            kind,
            first: witness.last().map_or(FactRef(0), |it| it.0),
            ended: None,
            session: None,
            key: None,
            op: None,
            other: None,
            writes: Vec::new(),
            winner: None,
            replicas: Vec::new(),
            witness,
        }
    }

    /// Whether it concerns this customer.
    pub fn concerns(&self, session: Session) -> bool {
        self.session == Some(session) || self.other.is_some_and(|it| it.0 == session)
    }

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
            ViolationKind::UpdateLost => PropertyId::LostUpdate,
            ViolationKind::StaleRead => PropertyId::BoundedStaleness,
            ViolationKind::OwnWriteUnseen => PropertyId::ReadYourWrites,
            ViolationKind::WentBack => PropertyId::MonotonicReads,
            ViolationKind::WritesSwapped => PropertyId::MonotonicWrites,
            ViolationKind::ReplyWithoutCause => PropertyId::WritesFollowReads,
            ViolationKind::CauseUnseen => PropertyId::Causal,
            ViolationKind::NoOrder => PropertyId::Linearizable,
            ViolationKind::Oversold => PropertyId::NoOversell,
            ViolationKind::RunMissed | ViolationKind::RunTwice => PropertyId::JobRuns,
            ViolationKind::RunRepeated => PropertyId::OnceATick,
            ViolationKind::ShownOutOfOrder => PropertyId::MessageOrder,
        }
    }

    /// Whether it is still so.
    pub fn stands(&self) -> bool {
        self.ended.is_none()
    }
}
