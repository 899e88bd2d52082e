//! Geo-sharding by home region: each key lives in one region, near those who use it.
//!
//! # What it does
//! An account's cart lives where the account does; prices are dealt out to the regions
//! in turn, by item. Only its home keeps a key, and logs a write before it answers;
//! every other region passes requests for it on. A learner can move a key to another home
//! (`moves.rs`).
//!
//! # Guarantees
//! Each key is linearizable: one region decides about it, and nobody reads copies. Who
//! is near a key's home is answered there at once.
//!
//! # Gives up
//! While a home is down or cut off, nobody reads or writes its keys: there is no other
//! copy. A key on its way to a new home is served by neither until it arrives. What
//! belongs to several homes has no common order, and who asks about all keys waits for
//! the farthest home (`gather.rs`).
//!
//! # Cost
//! A round trip to the home for requests that arrive elsewhere.
//!
//! # Source
//! Corbett et al., "Spanner: Google's globally distributed database", OSDI 2012,
//! section 2.2 (placement by geography); Cooper et al., "PNUTS: Yahoo!'s hosted data
//! serving platform", VLDB 2008, section 2.2 (a record's own master).

mod gather;
mod message;
mod moves;
mod replica;
mod seats;
mod state;

pub use replica::Replica;

use super::{Homes, Setup, Strategy};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "geo_sharded",
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
    costs: &[Cost::RoundTripToHome, Cost::UnavailableWithoutHome],
    sources: &[
        "Corbett et al., Spanner: Google's globally distributed database, OSDI 2012",
        "Cooper et al., PNUTS: Yahoo!'s hosted data serving platform, VLDB 2008",
    ],
};

/// The strategy.
#[derive(Debug)]
pub struct GeoSharded;

impl Strategy for GeoSharded {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        matches!(kind, ServiceKind::Prices | ServiceKind::Carts)
    }

    fn slots(&self) -> &'static [Slot] {
        &[]
    }

    fn has_homes(&self) -> bool {
        true
    }

    /// Without a scenario's accounts every key is dealt out by its index.
    fn replica(&self, setup: Setup, service: &Service) -> Box<dyn Node> {
        self.replica_at_home(setup, service, Homes::default())
    }

    fn replica_at_home(&self, setup: Setup, service: &Service, accounts: Homes) -> Box<dyn Node> {
        // Only a cart's index is an account.
        let holds_sets = service.kind == ServiceKind::Carts;
        let homes = if holds_sets {
            accounts
        } else {
            Homes::default()
        };
        Box::new(Replica::new(setup, homes, holds_sets))
    }
}
