//! Plain broadcast: a message is shown as soon as it is here.
//!
//! # What it does
//! A message is logged, shown, answered and sent to every other region, which shows it
//! when it has logged it. Regions compare what they have now and then, so what a cut kept
//! back arrives after the heal, and is shown last.
//!
//! # Guarantees
//! Every message is shown once in every region that can be reached again.
//!
//! # Gives up
//! Order. Two ways between regions differ in length, and one of them may be cut: the
//! answer to a question may be shown where the question is not yet. Broken for a chat.
//!
//! # Cost
//! A message to each other region, and its number. Who reaches another region than her
//! own is served by way of her own, and waits while that is gone.
//!
//! # Source
//! Lamport, "Time, clocks, and the ordering of events in a distributed system", 1978, on
//! what it lacks; Demers et al., "Epidemic algorithms for replicated database
//! maintenance", 1987, on the comparisons.

use super::replica::{Order, Replica};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::replication::{Setup, Strategy};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "plain_broadcast",
    keeps: &[],
    gives_up: &[Property::MessageOrder],
    soundness: Soundness::Broken {
        loses: &[Property::MessageOrder],
    },
    costs: &[
        Cost::MessagePerPeer,
        Cost::RoundTripToHome,
        Cost::UnavailableWithoutHome,
    ],
    sources: &[
        "Lamport, Time, clocks, and the ordering of events in a distributed system, 1978",
        "Demers et al., Epidemic algorithms for replicated database maintenance, 1987",
    ],
};

/// The strategy.
#[derive(Debug)]
pub struct PlainBroadcast;

impl Strategy for PlainBroadcast {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Chat
    }

    fn slots(&self) -> &'static [Slot] {
        &[]
    }

    fn replica(&self, setup: Setup, _service: &Service) -> Box<dyn Node> {
        Box::new(Replica::new(setup, Order::AsItComes))
    }
}
