//! A hash tree over the keys of a range, so that two replicas find what differs
//! without sending what does not.
//!
//! 64 leaves under 8 nodes under one root. A leaf's hash is the exclusive or of its
//! keys' hashes, so it does not depend on order.
//!
//! Source: Merkle, "A digital signature based on a conventional encryption function",
//! CRYPTO 1987; its use between replicas is Dynamo's (`DeCandia` et al., SOSP 2007,
//! section 4.7).

use crate::conflict::Version;
use crate::sim::dice::{identity, mix};
use crate::sim::node::Key;

const FANOUT: usize = 8;
const LEAVES: usize = FANOUT * FANOUT;

/// The hashes of a range.
#[derive(Clone, Debug)]
pub(super) struct Tree([u64; LEAVES]);

/// A part of a tree, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    /// The hash of all.
    Root(u64),
    /// The hashes under the root.
    Nodes(Vec<u64>),
    /// The hashes under some nodes, which are a bit each.
    Leaves(u8, Vec<u64>),
}

impl Branch {
    pub(super) fn bytes(&self) -> u32 {
        match self {
            Self::Root(_) => 8,
            Self::Nodes(hashes) => 8 * hashes.len() as u32,
            Self::Leaves(_, hashes) => 1 + 8 * hashes.len() as u32,
        }
    }
}

/// What to do about a branch that a peer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing differs.
    Same,
    /// Send this, to look closer.
    Look(Branch),
    /// Exchange what is in these leaves, a bit each.
    Exchange(u64),
}

/// The leaf of a key.
pub(super) fn leaf(key: Key) -> usize {
    (mix(u64::from(key.0)) % LEAVES as u64) as usize
}

impl Tree {
    pub(super) fn of<'a>(versions: impl Iterator<Item = (Key, &'a Version)>) -> Self {
        let mut leaves = [0; LEAVES];
        for (key, version) in versions {
            let name = u64::from(version.dot.origin) << 32 | u64::from(version.dot.counter);
            let hash = identity(identity(u64::from(key.0), name), version.stamp_us as u64);
            leaves[leaf(key)] ^= hash;
        }
        Self(leaves)
    }

    fn fold(hashes: &[u64]) -> u64 {
        hashes.iter().fold(0, |all, &hash| identity(all, hash))
    }

    fn node(&self, node: usize) -> u64 {
        Self::fold(&self.0[FANOUT * node..FANOUT * (node + 1)])
    }

    fn nodes(&self) -> Vec<u64> {
        (0..FANOUT).map(|node| self.node(node)).collect()
    }

    pub(super) fn root(&self) -> Branch {
        Branch::Root(Self::fold(&self.nodes()))
    }

    /// Compares a peer's branch with this tree.
    pub(super) fn compare(&self, theirs: &Branch) -> Step {
        match theirs {
            Branch::Root(_) if self.root() == *theirs => Step::Same,
            Branch::Root(_) => Step::Look(Branch::Nodes(self.nodes())),
            Branch::Nodes(hashes) => {
                let mut differing = 0_u8;
                let mut leaves = Vec::new();
                for (node, hash) in hashes.iter().enumerate().take(FANOUT) {
                    if *hash != self.node(node) {
                        differing |= 1 << node;
                        leaves.extend(&self.0[FANOUT * node..FANOUT * (node + 1)]);
                    }
                }
                if differing == 0 {
                    Step::Same
                } else {
                    Step::Look(Branch::Leaves(differing, leaves))
                }
            }
            Branch::Leaves(nodes, hashes) => {
                let places = (0..LEAVES).filter(|leaf| nodes >> (leaf / FANOUT) & 1 == 1);
                let differing = places
                    .zip(hashes)
                    .filter(|&(leaf, &hash)| self.0[leaf] != hash)
                    .fold(0, |leaves, (leaf, _)| leaves | 1_u64 << leaf);
                if differing == 0 {
                    Step::Same
                } else {
                    Step::Exchange(differing)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;
    use crate::sim::node::Value;

    fn version(counter: u32) -> Version {
        Version {
            value: Value(1),
            stamp_us: 5,
            count: 0,
            dot: Dot { origin: 1, counter },
            write: FactId(0),
        }
    }

    #[test]
    fn two_trees_find_the_leaf_of_the_one_key_that_differs() {
        let same: Vec<(Key, Version)> = (0..500).map(|key| (Key(key), version(key))).collect();
        let mut other = same.clone();
        other[77].1 = version(9_999);
        let tree = |held: &[(Key, Version)]| Tree::of(held.iter().map(|(key, it)| (*key, it)));
        let (left, right) = (tree(&same), tree(&other));
        assert_eq!(left.compare(&tree(&same).root()), Step::Same);
        let mut step = right.compare(&left.root());
        let mut turn = false;
        while let Step::Look(branch) = step {
            step = if turn { &right } else { &left }.compare(&branch);
            turn = !turn;
        }
        assert_eq!(step, Step::Exchange(1 << leaf(Key(77))));
    }
}
