//! The engine: a deterministic simulator of a multi-region system, and every
//! strategy, policy, data type and clock that can run in it.
//!
//! # In one breath
//! A [`run::Run`] is a scenario, a seed and timed commands. [`sim::world::World`]
//! is the state at a moment; [`sim::world::World::step`] takes the next command or
//! event, lets a node handle it, and applies the effects. What happened is
//! recorded as 32-byte [`sim::fact::Fact`]s in a [`sim::trace::Trace`].
//! [`run::Player`] moves a cursor through all that, forwards and backwards.
//!
//! # Code map
//! - [`sim`]: the kernel. Time, dice, queue, network, the `Node` trait, the world,
//!   facts and trace. It knows no protocol.
//! - [`clocks`], [`crdt`], [`conflict`], [`replication`], [`idempotency`], [`routing`],
//!   [`session`], [`jobs`], [`workload`]: one policy a file. A folder's `mod.rs` has the trait, what siblings
//!   share, and `ALL`.
//! - [`chat`]: what is said in rooms, as values.
//! - [`documents`]: what is written in documents, as values.
//! - [`design`]: which places a design has and what may fill them.
//! - [`scenario`]: configuration to world; with [`design`] it knows every registry.
//! - [`run`]: runs, commands, the player with its checkpoints.
//! - [`wire`]: runs as bytes, for links and files, with versions.
//! - [`measure`]: experiments that published results are held against.
//! - [`golden`]: the runs whose digests are committed. [`playground`]: the worlds that come along. [`regions`]: places and round trips.
//!
//! # Invariants
//! - Same run, same trace, bit for bit, on every target: no wall clock, no ambient
//!   randomness, no order of a hash map, no `usize` in a draw or in saved bytes.
//! - Nodes see their own clocks, their own messages and the dice, nothing else.
//! - Nothing here knows a browser, a file or a sentence. Ids and numbers only.
//! - Inside, nothing fails: what comes from outside is checked in `wire` and
//!   [`scenario::Scenario::check`].
//!
//! # Glossary
//! *Operation*: a customer's intent, all its attempts. *Event*: one pop of the
//! queue. *Fact*: one thing that happened in an event. *Host*: a region, the
//! payment gateway or a customer. *Node*: a state machine on a host. *Place*: the
//! index of a region in its scenario.

pub mod chat;
pub mod clocks;
pub mod conflict;
pub mod crdt;
pub mod design;
pub mod documents;
pub mod golden;
pub mod idempotency;
pub mod jobs;
pub mod measure;
pub mod playground;
pub mod policy;
pub mod records;
pub mod regions;
pub mod replication;
pub mod routing;
pub mod run;
pub mod scenario;
pub mod session;
pub mod sim;
pub mod timekeeping;
pub mod view;
pub mod wire;
pub mod workload;
