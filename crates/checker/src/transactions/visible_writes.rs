//! The writes of each key by chain, to find the newest ones in a past.

use super::by_session::of_key;
use super::causality::{Causality, Writer};

/// The writes of one key in one chain. The ends stand apart: most questions are
/// about them.
#[derive(Debug, Clone)]
struct ChainWrites {
    chain: u32,
    first_place: u32,
    last: (u32, Writer),
    all: Vec<(u32, Writer)>,
}

/// The writes of every key.
#[derive(Debug, Clone, Default)]
pub(super) struct VisibleWrites {
    keys: Vec<Vec<ChainWrites>>,
}

impl VisibleWrites {
    /// Adds a write whose place is fixed.
    pub(super) fn add(&mut self, causality: &Causality, key: u32, writer: Writer) {
        let (chain, place) = causality.place(writer);
        let chains = of_key(&mut self.keys, key);
        match chains.binary_search_by_key(&chain, |it| it.chain) {
            Ok(at) => {
                chains[at].last = (place, writer);
                chains[at].all.push((place, writer));
            }
            Err(at) => {
                let (first_place, last) = (place, (place, writer));
                let all = vec![last];
                chains.insert(
                    at,
                    ChainWrites {
                        chain,
                        first_place,
                        last,
                        all,
                    },
                );
            }
        }
    }

    /// Of each chain the newest write of a key that is in a past, by chain.
    pub(super) fn newest<'a>(
        &'a self,
        key: u32,
        past: &'a [u32],
    ) -> impl Iterator<Item = (u32, u32, Writer)> + 'a {
        let chains = self.keys.get(key as usize).map_or(&[][..], Vec::as_slice);
        chains.iter().filter_map(move |it| {
            let count = past.get(it.chain as usize).copied().unwrap_or(0);
            if count <= it.first_place {
                return None;
            }
            let (place, writer) = if it.last.0 < count {
                it.last
            } else {
                it.all[it.all.partition_point(|write| write.0 < count) - 1]
            };
            Some((it.chain, place, writer))
        })
    }
}
