//! A store of keys in each region, known to nobody else. Broken for a retry that
//! goes elsewhere.
//!
//! # What it does
//! The region that receives a request keeps the record of its key and gives the
//! gateway a key of its own.
//!
//! # Guarantees
//! A retry that comes back to the same region, even after a crash of it, gets the
//! stored result.
//!
//! # Gives up
//! Exactly one effect an intent: a retry that reaches another region finds no
//! record and charges again.
//!
//! # Cost
//! A record a key; answers without asking another region.
//!
//! # Source
//! The IETF draft "The Idempotency-Key HTTP Header Field" leaves
//! open where keys live; this is the store that forgets to ask.

use super::{Keeper, KeyStore};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::dice::identity;
use crate::sim::node::IdempotencyKey;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "per_region",
    keeps: &[],
    gives_up: &[Property::ExactlyOnce],
    soundness: Soundness::Broken {
        loses: &[Property::ExactlyOnce],
    },
    costs: &[Cost::AnswersLocally, Cost::RecordPerKey],
    sources: &["IETF draft, The Idempotency-Key HTTP Header Field"],
};

/// The store.
#[derive(Debug)]
pub struct PerRegion;

impl KeyStore for PerRegion {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn keeper(&self) -> Keeper {
        Keeper::Receiver
    }

    fn gateway_key(&self, key: IdempotencyKey, region: u8) -> Option<u64> {
        Some(identity(key.0, u64::from(region)))
    }
}
