//! Multi-master for the data types of the catalogue: what travels between regions is a
//! setting.
//!
//! # What it does
//! Every region accepts writes and answers by itself. What it then sends to the others is
//! the *operation*, the *delta* (a small state with just the news), or the whole *state* of
//! the key; [`forms`]. Now and then each region tells another in turn how many writes of
//! each region it has of every key, and whoever has more sends that.
//!
//! # Guarantees
//! Every write reaches every region that can be reached again. Operations and deltas are
//! applied after everything of their key that their origin had seen; states may come in any
//! order, and as often as they like.
//!
//! # Gives up
//! Any order between regions: what concurrent writes come to is up to the type.
//!
//! # Cost
//! One message to each peer a write; its size depends on what travels. Operations and
//! deltas carry a count for each region, so that nothing is applied before what it rests
//! on. Real systems also batch, and drop deltas that a later one covers.
//!
//! Where a type remembers removals, when a region forgets them is a setting too;
//! [`collection`].
//!
//! Where rights are what a type is about, a region without any asks the others for some
//! before it says that nothing is left; `escrow`.
//!
//! # Source
//! Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of convergent and
//! commutative replicated data types", 2011, section 2; Almeida, Shoker and Baquero,
//! "Delta state replicated data types", 2018, sections 3 and 6.

mod act;
mod cell;
pub mod collection;
mod compare;
mod escrow;
pub mod forms;
mod message;
mod named;
mod provenance;
mod removals;
mod replica;
mod types;
mod words;

pub use types::ALL;

use self::forms::Form;
use super::Setup;
use crate::design::{Service, Slot};
use crate::sim::node::Node;

/// The replica of a service whose data type is one of these; nothing for those that
/// multi-master keeps by itself: registers, and its own data types as long as operations
/// travel.
pub(super) fn replica(setup: &Setup, service: &Service) -> Option<Box<dyn Node>> {
    let id = service.choice(Slot::Merge)?;
    let form = Form::find(service.choice(Slot::Travels)?)?;
    let of = *ALL.iter().find(|of| of.info.id == id)?;
    let has_own_node = crate::crdt::ALL.iter().any(|held| held.info.id == id);
    let is_kept_here = form != Form::Operation || !has_own_node;
    let collecting = of
        .has_tombstones
        .then(|| collection::of(service, form))
        .flatten();
    is_kept_here.then(|| {
        let replica = replica::Replica::new(*setup, of, form, service.kind);
        Box::new(replica.collecting(collecting)) as Box<dyn Node>
    })
}
