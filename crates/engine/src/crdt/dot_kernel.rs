//! What is held under dots, beside a context of all dots ever seen: the core of every
//! type that removes what it has observed, and keeps no tombstones.
//!
//! Something is gone if its dot has been seen and is no longer held. Bieniusa et al., "An
//! optimized conflict-free replicated set", 2012; as a core to build on, Almeida, Shoker
//! and Baquero, "Delta state replicated data types", 2018, section 7.

use super::{Dot, DotContext};

/// Things under dots, and every dot seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotKernel<P> {
    /// Sorted by dot.
    held: Vec<(Dot, P)>,
    context: DotContext,
}

impl<P> Default for DotKernel<P> {
    fn default() -> Self {
        Self {
            held: Vec::new(),
            context: DotContext::default(),
        }
    }
}

impl<P: Clone> DotKernel<P> {
    /// What is held, by dot.
    pub fn iter(&self) -> impl Iterator<Item = (Dot, &P)> {
        self.held.iter().map(|(dot, payload)| (*dot, payload))
    }

    /// The dots of what is held and wanted.
    pub fn dots<'a>(&'a self, wanted: impl Fn(&P) -> bool + 'a) -> impl Iterator<Item = Dot> + 'a {
        let wanted = self.iter().filter(move |(_, payload)| wanted(payload));
        wanted.map(|(dot, _)| dot)
    }

    /// Every dot seen.
    pub fn context(&self) -> &DotContext {
        &self.context
    }

    /// How many are held.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether something is held under this dot.
    pub fn holds(&self, dot: Dot) -> bool {
        self.find(dot).is_ok()
    }

    fn find(&self, dot: Dot) -> Result<usize, usize> {
        self.held.binary_search_by_key(&dot, |held| held.0)
    }

    /// Holds something from now on, unless its dot has been seen already.
    pub fn put(&mut self, dot: Dot, payload: P) {
        if let Err(place) = self.find(dot)
            && !self.context.contains(dot)
        {
            self.held.insert(place, (dot, payload));
        }
        self.context.insert(dot);
    }

    /// Holds it no more, and never again.
    pub fn take(&mut self, dot: Dot) -> Option<P> {
        self.context.insert(dot);
        let place = self.find(dot).ok()?;
        Some(self.held.remove(place).1)
    }

    /// Notes a dot under which nothing is held.
    pub fn note(&mut self, dot: Dot) {
        self.context.insert(dot);
    }

    /// A write: takes away what it has observed, and puts something in its place or
    /// nothing.
    pub fn write(&mut self, dot: Dot, observed: &[Dot], payload: Option<P>) {
        for &dot in observed {
            self.take(dot);
        }
        match payload {
            Some(payload) => self.put(dot, payload),
            None => self.note(dot),
        }
    }

    /// Joins another state: what both hold stays, and what one holds and the other has
    /// never seen.
    pub fn merge(&mut self, other: &Self) {
        let mut theirs = other.held.as_slice();
        self.held.retain(|(dot, _)| {
            while let [first, rest @ ..] = theirs
                && first.0 < *dot
            {
                theirs = rest;
            }
            theirs.first().is_some_and(|first| first.0 == *dot) || !other.context.contains(*dot)
        });
        for (dot, payload) in &other.held {
            if !self.context.contains(*dot)
                && let Err(place) = self.find(*dot)
            {
                self.held.insert(place, (*dot, payload.clone()));
            }
        }
        self.context.merge(&other.context);
    }

    /// Its size on the wire in bytes, where what is held takes so many each.
    pub fn bytes(&self, payload_bytes: u32) -> u32 {
        1 + (Dot::BYTES + payload_bytes) * self.held.len() as u32 + self.context.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(origin: u8, counter: u32) -> Dot {
        Dot { origin, counter }
    }

    #[test]
    fn what_one_side_has_seen_and_no_longer_holds_is_gone() {
        let mut left = DotKernel::default();
        left.put(dot(0, 1), 'a');
        left.put(dot(0, 2), 'b');
        let mut right = left.clone();
        right.write(dot(1, 1), &[dot(0, 1)], Some('c'));
        left.put(dot(0, 3), 'd');
        let mut joined = left.clone();
        joined.merge(&right);
        let held: Vec<char> = joined.iter().map(|(_, &letter)| letter).collect();
        assert_eq!(held, ['b', 'd', 'c']);
        right.merge(&left);
        assert_eq!(joined, right);
    }

    #[test]
    fn what_was_taken_before_it_came_does_not_come() {
        let mut kernel = DotKernel::default();
        assert_eq!(kernel.take(dot(0, 1)), None);
        kernel.put(dot(0, 1), 'a');
        assert!(kernel.is_empty());
    }
}
