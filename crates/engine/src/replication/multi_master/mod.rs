//! Multi-master: every region accepts writes, pushes them to the others, and
//! compares itself with them now and then.
//!
//! # What it does
//! A write is logged, answered, and pushed once to every peer. Regularly each
//! replica tells one peer in turn what it has; who has more sends what is
//! missing. So what a cut or a crash kept back arrives after the heal.
//!
//! # Guarantees
//! Every region answers by itself. Every update reaches every region that can
//! be reached again (eventual delivery), and is applied there once.
//!
//! # Gives up
//! Any order between regions: concurrent writes meet, and the service's conflict
//! rule or data type decides.
//!
//! # Cost
//! One message to each peer a write, and the comparisons. Real systems also
//! batch updates, and compare with Merkle trees when logs were cut.
//!
//! # Source
//! Demers et al., "Epidemic algorithms for replicated database maintenance",
//! 1987; Petersen et al., "Flexible update propagation for weakly consistent
//! replication", 1997.

mod compare;
mod message;
mod origin;
mod replica;

use self::replica::Replica;
use super::{Setup, Strategy, later};
use crate::conflict::Questions;
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "multi_master",
    keeps: &[],
    gives_up: &[
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::MonotonicWrites,
        Property::WritesFollowReads,
        Property::Causal,
        Property::Linearizable,
    ],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::MessagePerPeer],
    sources: &[
        "Demers et al., Epidemic algorithms for replicated database maintenance, 1987",
        "Petersen et al., Flexible update propagation for weakly consistent replication, 1997",
    ],
};

/// The strategy.
#[derive(Debug)]
pub struct MultiMaster;

impl Strategy for MultiMaster {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        matches!(
            kind,
            ServiceKind::Prices
                | ServiceKind::Carts
                | ServiceKind::Orders
                | ServiceKind::Profiles
                | ServiceKind::Likes
                | ServiceKind::Stock
                | ServiceKind::Documents
        )
    }

    fn slots(&self) -> &'static [Slot] {
        &[Slot::Merge, Slot::Travels, Slot::Collection]
    }

    fn replica(&self, setup: Setup, service: &Service) -> Box<dyn Node> {
        let of_a_type = later::replica(&setup, service);
        of_a_type.unwrap_or_else(|| Box::new(Replica::new(setup, Questions::of(service))))
    }
}
