//! Idempotency keys: the protocol in `protocol`, and one store of keys a file.

pub mod gateway;
pub mod home_region;
pub mod none;
pub mod per_region;
pub mod protocol;

use crate::policy::Info;
use crate::sim::node::IdempotencyKey;

/// Where the record of a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// Nowhere: every request is new.
    Nobody,
    /// In the region that received the request.
    Receiver,
    /// In the region where the customer's account lives.
    Home,
}

/// A store of idempotency keys.
pub trait KeyStore: Sync {
    /// What the catalogue says of it.
    fn info(&self) -> &'static Info;

    /// Where the record of a key is kept.
    fn keeper(&self) -> Keeper;

    /// The key that the payment gateway is given, if any, when `region` charges.
    fn gateway_key(&self, key: IdempotencyKey, region: u8) -> Option<u64>;
}

impl std::fmt::Debug for dyn KeyStore {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

/// Every key store, in the order in which menus show them.
pub const ALL: &[&dyn KeyStore] = &[
    &none::NoStore,
    &per_region::PerRegion,
    &home_region::HomeRegion,
];
