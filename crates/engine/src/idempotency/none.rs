//! No key store. Broken.
//!
//! # What it does
//! Every request to pay is a new charge.
//!
//! # Guarantees
//! None.
//!
//! # Gives up
//! Exactly one effect an intent: a reply that is lost makes the customer's app
//! try again, and the second attempt charges again.
//!
//! # Cost
//! Nothing.
//!
//! # Source
//! Helland, "Life beyond distributed transactions", 2007, section 4, on why
//! retried messages need idempotence.

use super::{Keeper, KeyStore};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::IdempotencyKey;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "none",
    keeps: &[],
    gives_up: &[Property::ExactlyOnce],
    soundness: Soundness::Broken {
        loses: &[Property::ExactlyOnce],
    },
    costs: &[Cost::AnswersLocally],
    sources: &["Helland, Life beyond distributed transactions, 2007, section 4"],
};

/// The store that is none.
#[derive(Debug)]
pub struct NoStore;

impl KeyStore for NoStore {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn keeper(&self) -> Keeper {
        Keeper::Nobody
    }

    fn gateway_key(&self, _key: IdempotencyKey, _region: u8) -> Option<u64> {
        None
    }
}
