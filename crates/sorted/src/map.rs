//! The map: a B-tree of two levels.

use std::borrow::Borrow;
use std::fmt;

/// Entries in a chunk at most.
const CHUNK: usize = 64;

/// A map in the order of its keys.
///
/// Its entries stand in chunks, each in order and none empty. So an insertion moves
/// the rest of one chunk only, and a look-up halves twice: over the chunks, and
/// within one. Keys that come in ascending order fill chunk after chunk.
#[derive(Clone)]
pub struct Map<K, V> {
    chunks: Vec<Vec<(K, V)>>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    /// How many entries it has; counts chunks, not entries.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Every entry, in the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let entries = self.chunks.iter().flatten();
        entries.map(|(key, value)| (key, value))
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.chunks.iter().flatten().map(|(key, _)| key)
    }

    /// Every value, in the order of the keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.chunks.iter().flatten().map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.chunks.iter_mut().flatten().map(|(_, value)| value)
    }

    /// Every key, in order.
    pub fn into_keys(self) -> impl Iterator<Item = K> {
        self.into_iter().map(|(key, _)| key)
    }

    /// Every value, in the order of the keys.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// Keeps the entries of which this is so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for chunk in &mut self.chunks {
            chunk.retain_mut(|(key, value)| keep(key, value));
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
    }
}

impl<K: Ord, V> Map<K, V> {
    /// Where a key stands, or where it would: the chunk, and the place in it.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let is_before = |chunk: &Vec<(K, V)>| chunk.last().is_some_and(|it| it.0.borrow() < key);
        let at = self.chunks.partition_point(is_before);
        let place = self.chunks.get(at).map_or(Err(0), |chunk| {
            chunk.binary_search_by(|it| it.0.borrow().cmp(key))
        });
        (at, place)
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (at, place) = self.find(key);
        place.ok().map(|place| &self.chunks[at][place].1)
    }

    /// The same, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (at, place) = self.find(key);
        place.ok().map(|place| &mut self.chunks[at][place].1)
    }

    /// Whether there is such a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).1.is_ok()
    }

    /// The value of a key, which gets this one if it has none.
    pub fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let (at, place) = match self.find(&key) {
            (at, Ok(place)) => (at, place),
            (at, Err(place)) => self.insert_at(at, place, (key, value())),
        };
        &mut self.chunks[at][place].1
    }

    /// Gives a key this value.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            (at, Ok(place)) => self.chunks[at][place].1 = value,
            (at, Err(place)) => drop(self.insert_at(at, place, (key, value))),
        }
    }

    /// Puts an entry where [`Map::find`] says, and says where it ended up.
    fn insert_at(&mut self, mut at: usize, mut place: usize, entry: (K, V)) -> (usize, usize) {
        if at > 0 && at == self.chunks.len() {
            // Behind the last entry of all.
            at -= 1;
            place = self.chunks[at].len();
        }
        if self.chunks.get(at).is_none_or(|held| held.len() == CHUNK) {
            // Half of a full chunk moves on; none of it when keys ascend.
            let kept = if place == CHUNK { CHUNK } else { CHUNK / 2 };
            let rest = self.chunks.get_mut(at).map(|held| held.split_off(kept));
            let next = at + usize::from(rest.is_some());
            self.chunks.insert(next, rest.unwrap_or_default());
            if place > kept || place == CHUNK {
                at = next;
                place -= kept;
            }
        }
        self.chunks[at].insert(place, entry);
        (at, place)
    }

    /// Takes a key out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (at, place) = self.find(key);
        let (_, value) = self.chunks.get_mut(at)?.remove(place.ok()?);
        if self.chunks[at].is_empty() {
            self.chunks.remove(at);
        }
        Some(value)
    }

    /// The entries from a key on, in order.
    pub fn range_from<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> {
        let (at, Ok(place) | Err(place)) = self.find(key);
        let entries = self.chunks.iter().skip(at).flatten().skip(place);
        entries.map(|(key, value)| (key, value))
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.chunks.into_iter().flatten()
    }
}

/// Equal by entries: where chunks end says how they came in.
impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascending_keys_fill_their_chunks() {
        let mut map = Map::new();
        for key in 0..1_000_u32 {
            map.insert(key, ());
        }
        assert_eq!(map.len(), 1_000);
        assert_eq!(map.chunks.len(), 1_000_usize.div_ceil(CHUNK));
    }

    #[test]
    fn maps_with_the_same_entries_are_equal_however_they_came_in() {
        let (mut up, mut down) = (Map::new(), Map::new());
        for key in 0..200_u32 {
            up.insert(key, key);
            down.insert(199 - key, 199 - key);
        }
        assert_ne!(up.chunks, down.chunks);
        assert_eq!(up, down);
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn it_does_what_the_standard_map_does(
            steps in proptest::collection::vec((0..4_u8, 0..400_u32), 0..1_500),
        ) {
            let (mut map, mut model) = (Map::new(), std::collections::BTreeMap::new());
            for (number, (what, key)) in steps.into_iter().enumerate() {
                match what {
                    0 => assert_eq!(map.remove(&key), model.remove(&key)),
                    1 => {
                        let held = map.get_or_insert_with(key, || number);
                        assert_eq!(held, model.entry(key).or_insert(number));
                    }
                    _ => {
                        map.insert(key, number);
                        model.insert(key, number);
                    }
                }
                assert_eq!(map.get(&key), model.get(&key));
                assert!(map.chunks.iter().all(|chunk| (1..=CHUNK).contains(&chunk.len())));
            }
            assert!(map.iter().eq(model.iter()));
            assert!(map.range_from(&200).eq(model.range(200..)));
            map.retain(|key, _| key % 3 == 0);
            model.retain(|key, _| key % 3 == 0);
            assert!(map.iter().eq(model.iter()));
            assert!(map.iter().rev().eq(model.iter().rev()));
        }
    }
}
