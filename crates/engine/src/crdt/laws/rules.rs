//! Merge rules that a learner composes.
