//! A quorum store: N regions hold a key, a read waits for R of them and a write for W.
//!
//! # What it does
//! Whoever is asked coordinates, if it holds the key, and else passes the request on to
//! a region that does. A write gets a stamp and goes to all N; the customer hears when
//! W have it in their logs. A read asks all N, waits for R and returns the version with
//! the largest stamp. Stale replicas are repaired by reads, and by regular comparison of
//! hash trees. With a sloppy quorum, regions beyond the N stand in for those that do not
//! answer, and keep a hint for them.
//!
//! # Guarantees
//! With R + W > N every read quorum meets every strict write quorum, so a read that
//! starts after a write was acknowledged sees it or a later one, while stamps follow
//! the order of writes. Any N minus the larger of R and W regions can be away.
//!
//! # Gives up
//! Linearizability, even with R + W > N: during a write one read may return the new
//! value and the next the old one (read-back repairs that); a write that was not
//! acknowledged may surface later; of concurrent writes the smaller stamp is lost, and
//! stamps are as good as clocks. With R + W ≤ N or a sloppy quorum reads may be stale.
//!
//! # Cost
//! A round trip to the R-th or W-th nearest region, and a message to each of N.
//!
//! # Source
//! Gifford, "Weighted voting for replicated data", SOSP 1979; `DeCandia` et al.,
//! "Dynamo: Amazon's highly available key-value store", SOSP 2007; read-back: Attiya,
//! Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems", JACM 1995.

mod anti_entropy;
mod coordinate;
mod hints;
mod merkle;
mod message;
mod replica;
pub mod settings;

pub use replica::Replica;
pub use settings::{ReadRepair, Settings};

use super::{Setup, Strategy};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "quorum",
    keeps: &[Property::Convergence],
    gives_up: &[
        Property::AcknowledgedWrites,
        Property::LostUpdate,
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::Linearizable,
    ],
    soundness: Soundness::Sound,
    costs: &[Cost::RoundTripToMajority, Cost::StampPerValue],
    sources: &[
        "Gifford, Weighted voting for replicated data, SOSP 1979",
        "DeCandia et al., Dynamo: Amazon's highly available key-value store, SOSP 2007",
        "Attiya, Bar-Noy and Dolev, Sharing memory robustly in message-passing systems, JACM 1995",
    ],
};

/// The strategy.
#[derive(Debug)]
pub struct Quorum;

impl Strategy for Quorum {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        matches!(kind, ServiceKind::Prices | ServiceKind::Carts)
    }

    fn slots(&self) -> &'static [Slot] {
        &[
            Slot::Copies,
            Slot::ReadQuorum,
            Slot::WriteQuorum,
            Slot::ReadRepair,
            Slot::Spares,
        ]
    }

    fn replica(&self, setup: Setup, service: &Service) -> Box<dyn Node> {
        Box::new(Replica::new(setup, Settings::of(service, setup.regions)))
    }
}
