//! Verdicts so far.
