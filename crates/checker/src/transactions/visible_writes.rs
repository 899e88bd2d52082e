//! The writes of each key by chain, to find the newest ones in a past.

use splitbrain_sorted::Map;

use super::by_session::of_key;
use super::causality::{Causality, Writer};
use super::recent::partition_near_end;

/// The writes of one key in one chain. The ends stand apart: most questions are
/// about them.
#[derive(Debug, Clone)]
struct ChainWrites {
    first_place: u32,
    last: (u32, Writer),
    all: Vec<(u32, Writer)>,
}

/// The writes of every key.
#[derive(Debug, Clone, Default)]
pub(super) struct VisibleWrites {
    keys: Vec<Map<u32, ChainWrites>>,
}

impl VisibleWrites {
    /// Adds a write whose place is fixed.
    pub(super) fn add(&mut self, causality: &Causality, key: u32, writer: Writer) {
        let (chain, place) = causality.place(writer);
        let chains = of_key(&mut self.keys, key);
        if let Some(known) = chains.get_mut(&chain) {
            known.last = (place, writer);
            known.all.push((place, writer));
        } else {
            let (first_place, last) = (place, (place, writer));
            let all = vec![last];
            chains.insert(
                chain,
                ChainWrites {
                    first_place,
                    last,
                    all,
                },
            );
        }
    }

    /// How many chains write a key.
    pub(super) fn chains(&self, key: u32) -> u64 {
        self.keys.get(key as usize).map_or(0, |it| it.len() as u64)
    }

    /// Of each chain the newest write of a key that is in a past, by chain.
    pub(super) fn newest<'a>(
        &'a self,
        key: u32,
        past: &'a [u32],
    ) -> impl Iterator<Item = (u32, u32, Writer)> + 'a {
        let chains = self.keys.get(key as usize).into_iter().flat_map(Map::iter);
        chains.filter_map(move |(chain, it)| {
            let count = past.get(*chain as usize).copied().unwrap_or(0);
            if count <= it.first_place {
                return None;
            }
            let (place, writer) = if it.last.0 < count {
                it.last
            } else {
                it.all[partition_near_end(&it.all, |write| write.0 < count) - 1]
            };
            Some((*chain, place, writer))
        })
    }
}
