//! What can be set of a single writer: where reads go, who becomes the writer when it is
//! gone, and what becomes of what only the old one has.

use crate::design::{Service, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::session::Session;

const BERNSTEIN: &str =
    "Bernstein, Hadzilacos and Goodman, Concurrency control and recovery in database systems, 1987";
const GRAY: &str = "Gray and Cheriton, Leases, SOSP 1989";
const COLLISIONS: &str =
    "Saito and Shapiro, Optimistic replication, ACM Computing Surveys 37(1), 2005";
const VIEWSTAMPED: &str = "Oki and Liskov, Viewstamped replication, PODC 1988";

const fn setting(
    id: &'static str,
    gives_up: &'static [Property],
    soundness: Soundness,
    costs: &'static [Cost],
    sources: &'static [&'static str],
) -> Info {
    Info {
        id,
        keeps: &[],
        gives_up,
        soundness,
        costs,
        sources,
    }
}

const LOSES: &[Property] = &[Property::AcknowledgedWrites];

static AT_REPLICAS: Info = setting(
    "reads_at_replicas",
    &[],
    Soundness::Sound,
    &[Cost::AnswersLocally],
    &[BERNSTEIN],
);
static AT_WRITER: Info = setting(
    "reads_at_writer",
    &[],
    Soundness::Sound,
    &[Cost::RoundTripToWriter],
    &[BERNSTEIN],
);
static BY_HAND: Info = setting(
    "promotion_by_hand",
    LOSES,
    Soundness::Sound,
    &[Cost::UnavailableUntilPromoted],
    &[VIEWSTAMPED],
);
static UNFENCED: Info = setting(
    "promotion_unfenced",
    // Followers believe either of two writers, and each orders the same writes its own way.
    &[Property::AcknowledgedWrites, Property::Convergence],
    Soundness::Broken { loses: LOSES },
    &[],
    &[GRAY],
);
static EPOCHS: Info = setting(
    "promotion_by_epoch",
    LOSES,
    Soundness::Sound,
    &[],
    &[VIEWSTAMPED],
);
static VOTE: Info = setting(
    "promotion_by_vote",
    LOSES,
    Soundness::Sound,
    &[Cost::UnavailableWithoutMajority],
    &[VIEWSTAMPED],
);

/// Where reads go.
pub static READS: &[&Info] = &[&AT_REPLICAS, &AT_WRITER];
/// Who becomes the writer when it is gone.
pub static FAILOVERS: &[&Info] = &[&BY_HAND, &VOTE, &EPOCHS, &UNFENCED];

static DISCARD: Info = setting(
    "failback_discard",
    LOSES,
    Soundness::Sound,
    &[],
    &[VIEWSTAMPED],
);
static RECONCILE: Info = setting(
    "failback_reconcile",
    LOSES,
    Soundness::Sound,
    &[Cost::SomebodyHasToLook],
    &[COLLISIONS],
);
/// What a region that was the writer does with writes that nobody else has.
pub static FAILBACKS: &[&Info] = &[&DISCARD, &RECONCILE];

/// Who becomes the writer when it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failover {
    /// Whom somebody promotes.
    ByHand,
    /// Whoever has not heard of it for a while; and nobody minds old epochs.
    Unfenced,
    /// Whoever has not heard of it for a while; followers refuse older epochs.
    ByEpoch,
    /// Whom a majority votes for; and a writer that no majority confirms stops.
    ByVote,
}

/// How a single writer is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Followers that have to have a write before its customer hears of it.
    pub confirmations: u8,
    /// Whether reads are passed on to the writer.
    pub reads_at_writer: bool,
    /// Who becomes the writer when it is gone.
    pub failover: Failover,
    /// Whether a region that was the writer hands in again what only it has.
    pub reclaims: bool,
    /// What a customer may count on from one answer to the next.
    pub session: Session,
}

impl Settings {
    /// The settings of a service's design.
    pub fn of(service: &Service, confirmations: u8) -> Self {
        Self {
            confirmations,
            reads_at_writer: service.choice(Slot::Reads) == Some("reads_at_writer"),
            failover: match service.choice(Slot::Failover) {
                Some("promotion_unfenced") => Failover::Unfenced,
                Some("promotion_by_epoch") => Failover::ByEpoch,
                Some("promotion_by_vote") => Failover::ByVote,
                _ => Failover::ByHand,
            },
            reclaims: service.choice(Slot::Failback) == Some("failback_reconcile"),
            session: Session::of(service),
        }
    }
}
