//! A single writer: one region takes all writes, the others follow its log. What the
//! entries of this folder share; they differ in how many followers have to have a write
//! before its customer hears of it.
//!
//! The writer of an epoch follows from its number, so no two regions ever write under
//! the same one. A follower whose log is not the writer's takes back what differs.
//!
//! Source: Alsberg and Day, "A principle for resilient sharing of distributed
//! resources", ICSE 1976; Oki and Liskov, "Viewstamped replication", PODC 1988.

pub mod all_replicas;
pub mod asynchronous;
pub mod majority;
mod message;
pub mod one_replica;
mod promote;
mod reclaim;
mod replica;
mod sessions;
pub mod settings;
mod shipping;
mod state;

use crate::design::{ServiceKind, Slot};
use crate::policy::{Info, Property, Soundness};

pub use replica::Replica;
pub use settings::{Failover, Settings};

const SOURCES: &[&str] = &[
    "Alsberg and Day, A principle for resilient sharing of distributed resources, ICSE 1976",
    "Oki and Liskov, Viewstamped replication, PODC 1988",
];

/// What is true of each of them.
const fn info(id: &'static str, costs: &'static [crate::policy::Cost]) -> Info {
    Info {
        id,
        keeps: &[Property::Convergence],
        gives_up: &[
            Property::AcknowledgedWrites,
            Property::LostUpdate,
            Property::ReadYourWrites,
            Property::MonotonicReads,
        ],
        soundness: Soundness::Sound,
        costs,
        sources: SOURCES,
    }
}

const SLOTS: &[Slot] = &[Slot::Reads, Slot::Failover, Slot::Failback, Slot::Session];

fn serves(kind: ServiceKind) -> bool {
    matches!(
        kind,
        ServiceKind::Prices | ServiceKind::Carts | ServiceKind::Orders | ServiceKind::Profiles
    )
}

macro_rules! entry {
    ($name:ident, $confirmations:expr) => {
        /// The strategy.
        #[derive(Debug)]
        pub struct $name;

        impl crate::replication::Strategy for $name {
            fn info(&self) -> &'static crate::policy::Info {
                &INFO
            }

            fn serves(&self, kind: crate::design::ServiceKind) -> bool {
                super::serves(kind)
            }

            fn slots(&self) -> &'static [crate::design::Slot] {
                super::SLOTS
            }

            fn replica(
                &self,
                setup: crate::replication::Setup,
                service: &crate::design::Service,
            ) -> Box<dyn crate::sim::node::Node> {
                let confirmations: fn(u8) -> u8 = $confirmations;
                let settings = super::Settings::of(service, confirmations(setup.regions));
                Box::new(super::Replica::new(setup, settings))
            }
        }
    };
}
use entry;
