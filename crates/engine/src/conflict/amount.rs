//! A number to which whatever arrives from another region is added: what rules hold that
//! take a sum. Not a counter: that keeps what each region added apart.

use super::Version;
use crate::crdt::laws::rules::Rule;
use crate::sim::fact::FactId;

/// Parts that are remembered by name; older ones are in the sum only.
const MOST_PARTS: usize = 64;

/// One replica of such a number.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    region: u8,
    /// What is shown; what it shows before anything was written is no part of it.
    sum: u32,
    /// The largest sum that can be held.
    most: u32,
    /// What was added up since the last write of its own, the latest last.
    parts: Vec<Version>,
}

impl Amount {
    /// What a region shows before anything was written, and the most that it can hold.
    pub(super) fn new(region: u8, initial: u32, most: u32) -> Self {
        Self {
            region,
            sum: initial,
            most,
            parts: Vec::new(),
        }
    }

    /// Takes in a version, of whose value `number` counts: one of its own in place of all
    /// that is here, any other besides. Calls back with each write that it replaces.
    pub(super) fn take(
        &mut self,
        incoming: Version,
        number: u32,
        rule: Option<&Rule>,
        replaced: impl FnMut(FactId),
    ) {
        if incoming.dot.origin == self.region {
            self.parts
                .drain(..)
                .map(|part| part.write)
                .for_each(replaced);
        }
        self.sum = match rule {
            Some(rule) if !self.parts.is_empty() => {
                let sum = rule.of_numbers(self.sum.into(), number.into());
                u32::try_from(sum).map_or(self.most, |sum| sum.min(self.most))
            }
            _ => number,
        };
        if self.parts.len() == MOST_PARTS {
            self.parts.remove(0);
        }
        self.parts.push(incoming);
    }

    /// What is shown.
    pub(super) fn sum(&self) -> u32 {
        self.sum
    }

    /// What it was added up from.
    pub(super) fn parts(&self) -> &[Version] {
        &self.parts
    }
}
