//! Dotted version vectors: which of a key's versions a write has replaced.
//!
//! # What it does
//! A version is named by a dot, the server that took it and its number there, and knows
//! its causal past as a version vector. A client reads all siblings of a key with one
//! context, and hands that back when it writes: what the context covers is replaced,
//! what it does not cover stays beside the new version. [`DottedVersionVectorSet`] keeps
//! all siblings under one clock: for each server the number of versions it ever took,
//! and the values of the newest of them that still stand.
//!
//! # Guarantees
//! While clients return the context they read: a version goes away only when a later
//! one was written by somebody who had read it, and then everywhere it is merged to.
//! Versions are siblings exactly if neither writer had read the other's. There are at
//! most as many siblings as writes that did not know of each other.
//!
//! # Gives up
//! Choosing: siblings stay until somebody reads and writes. A client that returns no
//! context adds a sibling with each write. A server that forgets its own count (lost
//! its disk) gives a number twice and must come back under a new name.
//!
//! # Cost
//! An entry a server, not one a client: a vector in the context, a count for each value.
//!
//! # Source
//! Preguiça, Baquero, Almeida, Fonte and Gonçalves, "Dotted version vectors: logical
//! clocks for optimistic replication", 2012; the set after Almeida, Baquero, Gonçalves,
//! Preguiça and Fonte, "Scalable and accurate causality tracking for eventually
//! consistent stores", 2014, section 5.

use super::facts::{ClockInfo, Tells};
use super::{Causality, VersionVector};
use crate::policy::Cost;

/// What the list says of it.
pub const INFO: ClockInfo = ClockInfo {
    id: "dotted_version_vector",
    keeps: &[Tells::Order, Tells::Concurrency, Tells::ClientsOfOneServer],
    gives_up: &[Tells::Time, Tells::Uncertainty, Tells::RealTimeOrder],
    costs: &[Cost::VectorPerVersion],
    sources: &[
        "Preguiça et al., Dotted version vectors: logical clocks for optimistic replication, 2012",
        "Almeida et al., Scalable and accurate causality tracking for eventually consistent stores, 2014",
    ],
};

/// The clock of one version: its dot, and the past that its writer had read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DottedVersionVector {
    /// The server that took the version.
    pub server: u8,
    /// Its number there, from 1. The past may have a gap before it.
    pub number: u32,
    /// What the writer had read.
    pub past: VersionVector,
}

impl DottedVersionVector {
    /// Whether this version is in a causal past.
    pub fn is_in(&self, past: &VersionVector) -> bool {
        past.get(self.server) >= self.number
    }

    /// How this version stands to another of the same key, by two look-ups.
    pub fn compare(&self, other: &Self) -> Causality {
        if (self.server, self.number) == (other.server, other.number) {
            return Causality::Equal;
        }
        match (self.is_in(&other.past), other.is_in(&self.past)) {
            (true, _) => Causality::Before,
            (_, true) => Causality::After,
            _ => Causality::Concurrent,
        }
    }
}

/// What one server has given to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given<V> {
    /// How many versions it ever gave, as far as is known here.
    count: u32,
    /// The newest of them that were not replaced, newest first: numbers `count`,
    /// `count - 1`, and so on without a gap.
    values: Vec<V>,
}

impl<V> Default for Given<V> {
    fn default() -> Self {
        Self {
            count: 0,
            values: Vec::new(),
        }
    }
}

/// All siblings of one key, as one server has them, under one clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DottedVersionVectorSet<V> {
    /// By server.
    given: Vec<Given<V>>,
}

impl<V> Default for DottedVersionVectorSet<V> {
    /// No version was ever written.
    fn default() -> Self {
        Self { given: Vec::new() }
    }
}

impl<V: Clone> DottedVersionVectorSet<V> {
    /// The siblings: servers in order, newest first.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.given.iter().flat_map(|given| &given.values)
    }

    /// The same, each with its dot: the server and the number there.
    pub fn dotted(&self) -> impl Iterator<Item = ((u8, u32), &V)> {
        self.given.iter().enumerate().flat_map(|(server, given)| {
            let numbers = (1..=given.count).rev();
            let dots = numbers.map(move |number| (server as u8, number));
            dots.zip(&given.values)
        })
    }

    /// The context to hand out with the values: everything that is known here.
    pub fn join(&self) -> VersionVector {
        let mut context = VersionVector::new(self.given.len() as u8);
        for (server, given) in self.given.iter().enumerate() {
            context.set(server as u8, given.count);
        }
        context
    }

    /// Drops every version that a context covers.
    pub fn discard(&mut self, context: &VersionVector) {
        for (server, given) in self.given.iter_mut().enumerate() {
            let unseen = given.count.saturating_sub(context.get(server as u8));
            given.values.truncate(unseen as usize);
        }
    }

    /// A server takes a value that was written in a context; what the context knows is
    /// known from now on, and the value is beside all that is here. Returns the clock of
    /// the new version.
    pub fn event(&mut self, context: &VersionVector, server: u8, value: V) -> DottedVersionVector {
        let servers = context.counts().len().max(usize::from(server) + 1);
        self.make_room(servers);
        for (at, given) in self.given.iter_mut().enumerate() {
            let seen = context.get(at as u8);
            if seen > given.count {
                // Values stand for the newest numbers, and the newest are replaced.
                given.values.clear();
                given.count = seen;
            }
        }
        let given = &mut self.given[usize::from(server)];
        given.count += 1;
        given.values.insert(0, value);
        DottedVersionVector {
            server,
            number: given.count,
            past: context.clone(),
        }
    }

    /// A client's write: [`Self::discard`] what it had read, then [`Self::event`].
    pub fn update(&mut self, context: &VersionVector, server: u8, value: V) -> DottedVersionVector {
        self.discard(context);
        self.event(context, server, value)
    }

    /// Takes in what another server has: versions that either has replaced go, all
    /// others stay.
    pub fn sync(&mut self, other: &Self) {
        self.make_room(other.given.len());
        for (own, theirs) in self.given.iter_mut().zip(&other.given) {
            // Both hold the newest up to their count; older ones that only one of them
            // lacks were replaced there.
            let (more, less) = if own.count >= theirs.count {
                (&*own, theirs)
            } else {
                (theirs, &*own)
            };
            let oldest_kept = less.count - less.values.len() as u32;
            let keep = (more.count - oldest_kept).min(more.values.len() as u32);
            let values = more.values[..keep as usize].to_vec();
            let count = more.count;
            *own = Given { count, values };
        }
    }

    fn make_room(&mut self, servers: usize) {
        if self.given.len() < servers {
            self.given.resize_with(servers, Given::default);
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "dotted_tests.rs"]
mod tests;
