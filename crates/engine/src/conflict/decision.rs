//! By what a rule decides between two writes that did not know of each other, as a reason can
//! say it afterwards.

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The larger stamp stays, of the region's wall clock or hybrid clock; the number of the
    /// region decides between equal ones.
    Stamp,
    /// The larger stamp in whole seconds stays; between equal ones whatever is there already.
    StampInSeconds,
    /// What arrives last stays.
    Arrival,
    /// The smaller value stays, whoever knew what.
    SmallerValue,
    /// The larger value stays, whoever knew what.
    LargerValue,
    /// The state that comes later in a fixed order stays, whoever knew what.
    OrderOfStates,
    /// Nothing gives way: what arrives is added to what is there.
    Addition,
    /// Nothing gives way but what the writer had read, as far as its stamp can tell.
    WhatWasRead,
    /// A replicated data type merges, each as it is made.
    Merge,
}

impl Decision {
    /// Whether values only ever go one way by it: a write that would go back is discarded,
    /// also where nobody else has written.
    pub const fn is_one_way(self) -> bool {
        matches!(
            self,
            Self::SmallerValue | Self::LargerValue | Self::OrderOfStates
        )
    }
}
