//! Consensus: a majority decides the order of writes (Raft).
//!
//! # What it does
//! A leader, elected for a term by a majority, takes all writes into its log; what a
//! majority has in its logs is committed, applied in that order everywhere, and only
//! then answered. A region that misses the leader first asks whether it would be voted
//! for (pre-vote); a leader that no majority confirms steps down (check-quorum).
//!
//! # Guarantees
//! Linearizable writes, and reads confirmed by a majority or by a lease within its
//! bound of clock drift. No acknowledged write is lost while a majority's logs survive.
//!
//! # Gives up
//! The side of a cut without a majority refuses everything. With two regions the loss
//! of either stops both; a third that only votes mends that.
//!
//! # Cost
//! A round trip to the leader, and from there to the last of the nearest majority. The
//! leader is whoever won; promote another region to place it elsewhere.
//!
//! # Source
//! Ongaro and Ousterhout, "In search of an understandable consensus algorithm", USENIX
//! ATC 2014; Ongaro, "Consensus: bridging theory and practice", 2014, sections 3.10
//! (transfer), 4.1 (members join and leave one at a time), 4.2.3, 6.4 (read index and leases), 9.6 (pre-vote), 11.7.2 (witness).

mod commit;
mod commit_wait;
mod elect;
mod membership;
mod message;
mod reads;
mod replica;
pub mod settings;
mod state;
mod transfer;

pub use membership::voters_of;
pub use replica::Replica;
pub use settings::{Changes, LeaderReads, Mistake, Settings};

use super::{Setup, Strategy};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "consensus",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::MonotonicWrites,
        Property::WritesFollowReads,
        Property::Causal,
        Property::Linearizable,
    ],
    gives_up: &[Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[
        Cost::RoundTripToWriter,
        Cost::RoundTripToMajority,
        Cost::UnavailableWithoutMajority,
    ],
    sources: &[
        "Ongaro and Ousterhout, In search of an understandable consensus algorithm, USENIX ATC \
         2014",
        "Ongaro, Consensus: bridging theory and practice, 2014",
    ],
};

/// The strategy.
#[derive(Debug)]
pub struct Consensus;

impl Strategy for Consensus {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        matches!(kind, ServiceKind::Prices | ServiceKind::Carts)
    }

    fn slots(&self) -> &'static [Slot] {
        &[Slot::LeaderReads, Slot::Witness, Slot::CommitWait]
    }

    fn replica(&self, setup: Setup, service: &Service) -> Box<dyn Node> {
        Box::new(Replica::new(setup, Settings::of(service)))
    }
}
