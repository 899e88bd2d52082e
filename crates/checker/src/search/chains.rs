//! Deciding without search where every value tells which operation made it.
//!
//! Where no value is written twice, a read tells its writer, a compare-and-set that
//! succeeded follows the write that it expected, and a text tells the appends that it is
//! made of and their order. So the operations fall into blocks: a write, and in a chain
//! what was built on it, each link with its reads. What remains is whether each chain can
//! happen in its order, and whether the blocks fit one after the other ([`super::zones`]):
//! sorting, no search.
//!
//! The conditions beside the zones, easily forgotten: every read has a writer; nothing
//! returns before what it rests on was called; the initial value is a write before all
//! time; a write of unknown outcome that nothing rests on never happened; nothing is built
//! on twice.
//!
//! Source: Gibbons & Korach, *Testing shared memories* (1997), for reads and writes; the
//! chains are ours: a chain's operations all overlap its zone, so cutting them to it
//! changes no order, and inside it only their own order counts.

use std::collections::BTreeMap;

use super::zones::{Zone, Zones};
use crate::history::{Operation, Time};

/// A value: a link of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// The link that it is built on; none where it replaces what was there.
    pub(super) on: Option<u32>,
    /// Who made it, by its place; none for the initial value, and for one that nobody
    /// made.
    pub(super) by: Option<u32>,
}

/// Operations by what they have to do with the links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chains {
    pub(super) links: Vec<Link>,
    /// The link that is there before all.
    pub(super) initial: Option<u32>,
    /// Reads: the link, and the place of the read.
    pub(super) reads: Vec<(u32, u32)>,
    /// Updates that belong to no link: whatever they made, nobody saw it.
    pub(super) unseen: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Chains {
    /// Places of operations that cannot be put in order together; none where all can.
    pub(super) fn conflict(&self, operations: &[Operation]) -> Option<Vec<u32>> {
        let returned = |at: u32| operations[at as usize].returned();
        // What happened: what returned, and what something that happened rests on.
        let mut happened = vec![false; self.links.len()];
        let seen = self.reads.iter().map(|&(link, _)| link);
        let made = (0..self.links.len() as u32).filter(|&link| {
            let by = self.links[link as usize].by;
            by.is_some_and(returned)
        });
        for link in seen.chain(made) {
            let mut at = Some(link);
            while let Some(link) = at.filter(|&link| !happened[link as usize]) {
                happened[link as usize] = true;
                at = self.links[link as usize].on;
            }
        }
        // Each link's one successor.
        let mut successor = vec![NONE; self.links.len()];
        for (at, link) in self
            .links
            .iter()
            .enumerate()
            .filter(|(at, _)| happened[*at])
        {
            let at = at as u32;
            if link.by.is_none() && self.initial != Some(at) {
                return Some(self.around(&self.built_on(at)));
            }
            if let Some(on) = link.on {
                if successor[on as usize] != NONE {
                    return Some(self.around(&self.built_on(on)));
                }
                successor[on as usize] = at;
            }
        }
        self.blocks(operations, &happened, &successor)
    }

    /// Walks the chains, checks each, and then all of them together.
    fn blocks(
        &self,
        operations: &[Operation],
        happened: &[bool],
        successor: &[u32],
    ) -> Option<Vec<u32>> {
        let mut reads = self.reads.clone();
        reads.sort_unstable();
        let mut zones = Zones::default();
        let mut chained = vec![false; self.links.len()];
        for root in 0..self.links.len() as u32 {
            if !happened[root as usize] || self.links[root as usize].on.is_some() {
                continue;
            }
            let mut zone = Zone::empty(root);
            if self.initial == Some(root) {
                zone.take(Time::MIN, Time::MIN);
            }
            let mut called = Time::MIN;
            let mut at = root;
            while at != NONE {
                chained[at as usize] = true;
                if let Some(by) = self.links[at as usize].by {
                    let by = &operations[by as usize];
                    if by.ret < called {
                        return Some(self.around(&chain(root, successor)));
                    }
                    called = by.call.max(called);
                    zone.take(by.call, by.ret);
                }
                let from = reads.partition_point(|&(link, _)| link < at);
                let readers = reads[from..].iter().take_while(|&&(link, _)| link == at);
                let mut latest = called;
                for &(_, read) in readers {
                    let read = &operations[read as usize];
                    if read.ret < called {
                        return Some(self.around(&chain(root, successor)));
                    }
                    latest = read.call.max(latest);
                    zone.take(read.call, read.ret);
                }
                called = latest;
                at = successor[at as usize];
            }
            zones.push(zone);
        }
        // Built on each other in a circle.
        if let Some(at) = (0..chained.len()).find(|&at| happened[at] && !chained[at]) {
            return Some(self.around(&chain(at as u32, successor)));
        }
        let links = self.links.len() as u32;
        for (at, &unseen) in self.unseen.iter().enumerate() {
            let operation = &operations[unseen as usize];
            if operation.returned() {
                let mut zone = Zone::empty(links + at as u32);
                zone.take(operation.call, operation.ret);
                zones.push(zone);
            }
        }
        let (one, other) = zones.conflict()?;
        let of = |block: u32| match block.checked_sub(links) {
            Some(unseen) => vec![self.unseen[unseen as usize]],
            None => self.around(&chain(block, successor)),
        };
        let mut places = of(one);
        places.extend(of(other));
        places.sort_unstable();
        Some(places)
    }

    /// This link and all that are built on it, however far.
    fn built_on(&self, from: u32) -> Vec<u32> {
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (at, link) in self.links.iter().enumerate() {
            if let Some(on) = link.on {
                children.entry(on).or_default().push(at as u32);
            }
        }
        let mut links = vec![from];
        let mut at = 0;
        while at < links.len() {
            links.extend(children.remove(&links[at]).into_iter().flatten());
            at += 1;
        }
        links
    }

    /// The operations that these links consist of and that they rest on, ascending.
    fn around(&self, links: &[u32]) -> Vec<u32> {
        let mut wanted = vec![false; self.links.len()];
        for &link in links {
            let mut at = Some(link);
            while let Some(link) = at.filter(|&link| !wanted[link as usize]) {
                wanted[link as usize] = true;
                at = self.links[link as usize].on;
            }
        }
        let makers = self.links.iter().zip(&wanted);
        let makers = makers.filter(|(_, wanted)| **wanted);
        let mut places: Vec<u32> = makers.filter_map(|(link, _)| link.by).collect();
        let reads = self
            .reads
            .iter()
            .filter(|&&(link, _)| wanted[link as usize]);
        places.extend(reads.map(|&(_, at)| at));
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// The links from this one on, once each.
fn chain(from: u32, successor: &[u32]) -> Vec<u32> {
    let mut links = vec![from];
    let mut at = successor[from as usize];
    while at != NONE && at != from {
        links.push(at);
        at = successor[at as usize];
    }
    links
}
