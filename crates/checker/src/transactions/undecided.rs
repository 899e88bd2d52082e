//! What is too large to be judged. Limits are in memory and in steps, never in time,
//! so that the same history gets the same answer everywhere.

use thiserror::Error;

/// Entries of all vector clocks together at most: half a gigabyte.
pub const MAX_CLOCK_ENTRIES: usize = 1 << 27;

/// Steps of one check at most: entries of tables and clocks that are looked at, some
/// ten seconds of them. A history of n operations in k sessions takes n·k at most
/// for most models, and n·k² for writes follow reads.
pub const MAX_STEPS: u64 = 1 << 31;

/// Why a history was not judged. Only histories of very many sessions come to this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Undecided {
    /// The clocks do not fit. They have an entry for each session that writes, and
    /// every session has one and every transaction that writes; so some 16,000
    /// sessions that write are too many in any case.
    #[error("undecided: its vector clocks have more than {MAX_CLOCK_ENTRIES} entries")]
    Clocks,
    /// Every step allowed was taken.
    #[error("undecided: not judged within {MAX_STEPS} steps")]
    Steps,
}
