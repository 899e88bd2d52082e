//! Who a customer is: where, whose account, with what habits, and what it can use.

use super::{Habits, RetryPolicy};
use crate::sim::node::Addr;

/// What a customer is given.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its own address.
    pub me: Addr,
    /// Regions, best first.
    pub regions: Vec<u8>,
    /// Where the account lives.
    pub home: u8,
    /// Number of the account: whose cart, whose payments.
    pub account: u32,
    /// Mean time between operations, in microseconds; none if only told to act.
    pub think_us: Option<u64>,
    /// What it does by itself.
    pub habits: Habits,
    /// How it retries.
    pub retry: RetryPolicy,
    /// The services it can use.
    pub services: Services,
    /// How many items there are.
    pub items: u32,
    /// Accounts whose orders it ships.
    pub ships: Vec<u32>,
}

/// Which services there are, by their place in the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Services {
    /// Prices, a register an item.
    pub prices: Option<u8>,
    /// Carts, a set an account.
    pub carts: Option<u8>,
    /// Payments.
    pub payments: Option<u8>,
    /// The rooms of a chat.
    pub chat: Option<u8>,
    /// Likes, a count an item.
    pub likes: Option<u8>,
    /// What is left of each item.
    pub stock: Option<u8>,
    /// The state of an order an account.
    pub orders: Option<u8>,
    /// A record of some fields an account.
    pub profiles: Option<u8>,
    /// Documents.
    pub documents: Option<u8>,
    /// Those whose keys have homes and can be read all at once, in a mask.
    pub whole: u16,
    /// Those whose contexts her app gives back, in a mask.
    pub contexts: u16,
    /// Those of which a read may return several values at once, in a mask.
    pub several: u16,
}

impl Services {
    /// Whether a service can be asked about all its keys at once.
    pub fn is_whole(self, service: u8) -> bool {
        self.whole >> service & 1 == 1
    }
}
