//! Broadcast: each region sends every message of a room to all the others, and shows
//! what it got.
//!
//! The two deliveries differ in one thing: whether a region shows a message as soon as it
//! has it, or only once it has shown all that was sent before it. A customer talks to the
//! region at which she lives, whichever one she reaches: a region and its customers are
//! one of the processes of the paper, and what she has seen is what her region has shown.
//!
//! | file | what |
//! |---|---|
//! | `plain`, `causal` | the two deliveries, as entries of the catalogue |
//! | `message` | messages, and what regions say to each other |
//! | `inbox` | what waits, and for what |
//! | `shelf` | what came from one region, for who may lack it |
//! | `replica` | one region |

pub mod causal;
mod inbox;
mod message;
pub mod plain;
mod replica;
mod shelf;
