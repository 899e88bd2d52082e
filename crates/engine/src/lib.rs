//! The deterministic simulator and every strategy it can run.
