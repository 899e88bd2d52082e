//! Causal broadcast: a message is shown after all that was sent before it.
//!
//! # What it does
//! Each region counts the messages that it has shown, by the region that sent them: its
//! vector clock. A message carries the clock of its sender. Who receives it shows it if
//! it is the next one of its sender, and everything else that the sender had shown is
//! shown here too; otherwise it waits.
//!
//! # Guarantees
//! Messages are shown everywhere in an order that respects happened-before of their
//! sending: nobody reads an answer before the question.
//!
//! # Gives up
//! A common order: two messages whose senders had not seen each other's may come in
//! either order, and do. Freshness: a message that is here is kept back while one that it
//! follows is missing, even if nobody means that one.
//!
//! # Cost
//! A count for each region in every message, and a buffer for those that wait; who reaches
//! another region than her own is served by way of her own. Real systems send only the counts that changed, or track what a message names as its
//! causes (Lloyd et al. 2011).
//!
//! # Source
//! Birman, Schiper and Stephenson, "Lightweight causal and atomic group multicast", ACM
//! TOCS 9(3), 1991, section 5.1 (the CBCAST protocol); the clocks are of Fidge 1988 and
//! Mattern 1989.

use super::replica::{Order, Replica};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::replication::{Setup, Strategy};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "causal_broadcast",
    keeps: &[Property::MessageOrder],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::MessagePerPeer,
        Cost::RoundTripToHome,
        Cost::UnavailableWithoutHome,
        Cost::ClockPerMessage,
        Cost::WaitsForCauses,
    ],
    sources: &[
        "Birman, Schiper and Stephenson, Lightweight causal and atomic group multicast, \
         ACM TOCS 9(3), 1991",
        "Mattern, Virtual time and global states of distributed systems, 1989",
    ],
};

/// The strategy.
#[derive(Debug)]
pub struct CausalBroadcast;

impl Strategy for CausalBroadcast {
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
        Box::new(Replica::new(setup, Order::AfterCauses))
    }
}
