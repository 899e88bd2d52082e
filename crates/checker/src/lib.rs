//! Consistency checkers: histories in, verdicts with witnesses out.
