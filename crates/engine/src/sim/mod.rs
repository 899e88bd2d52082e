//! The kernel: time, chance, the queue, the network, nodes, and the loop that
//! ties them together. It knows no protocol.

pub mod delay;
pub mod dice;
pub mod fact;
pub mod message;
pub mod network;
pub mod node;
mod pace;
pub mod queue;
pub mod time;
pub mod trace;
pub mod world;
