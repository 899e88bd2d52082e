//! Ids and arguments to sentences, by language.
//!
//! The core speaks in ids and numbers. This crate says them to people, for the page
//! and the terminal alike, from one catalogue file a language.
//!
//! # In one breath
//! [`Words`] holds a language (English behind it) and the [`host::Host`] that
//! formats numbers. [`Words::say`] fills in a text of the catalogue; the other
//! modules add a method for each kind of thing the core has: facts, commands,
//! policies, errors. What comes out is a [`Text`]: pieces with roles, so that a page
//! can colour a region's name and make a moment a link.
//!
//! # Code map
//! - [`words`]: lookup, fallback, spans and lists. [`mod@arg`]: what goes in.
//!   [`text`]: what comes out.
//! - [`catalog`]: the files in `catalog/`. [`message`]: braces and plurals.
//!   [`host`]: numbers, money, plural rules.
//! - [`names`]: regions, customers, items, keys, values, operations, writes.
//! - [`facts`], [`messages`], [`commands`], [`policies`], [`errors`], [`verdicts`],
//!   [`goals`], [`lessons`], [`laws`], [`autopsy`]: one kind of thing each. [`notation`]:
//!   how states of data types are written, in every language alike.
//!
//! # Ids
//! | prefix | of |
//! |---|---|
//! | `fact.KIND…` | a sentence a fact; `kind.KIND` is the name of the kind |
//! | `message.LABEL`, `fate.FATE` | what a message is and what became of it |
//! | `op.KIND`, `write.KIND`, `key.SERVICE`, `value.…` | noun phrases inside sentences |
//! | `command.ID`, `did.ID…` | a command's name, and what somebody did |
//! | `policy.ID`, `.what`, `.more` | an entry of a registry: name, a line, a paragraph |
//! | `property.…`, `cost.…`, `service.…`, `slot.…`, `item.…`, `city.…`, `status.…` | as they say |
//! | `verdict.…`, `violation.…`, `role.…`, `why.…` | what the judge sees, and the part of a fact in it |
//! | `autopsy.…` | the sheet of a lost write |
//! | `goal.…`, `goal_status.…`, `reason.…`, `wanted.…`, `told.…`, `tool.…` | of lessons |
//! | `law.…`, `type.…`, `family.…`, `part.…`, `rule.…` | of the law lab |
//! | `error.…`, `wire.…`, `allowed.…` | what is wrong with what came from outside |
//! | `ui.…` | the page's own strings |
//!
//! # Adding words
//! Add the line to *every* file in `catalog/`, with the same arguments. The test
//! `tests/every_id.rs` crosses every id of the core with every language and fails for
//! a key that is missing, that nothing uses, or whose arguments differ. A new kind of thing
//! needs a method here and a line in that test. `README.md` says more, on style too.
//!
//! # Invariants
//! - Nothing here decides anything: it reads ids, facts and scenarios, and speaks.
//! - A missing key never fails: English, marked with its language, or else the id.
//! - No other language than English is in the wasm module.

pub mod arg;
pub mod autopsy;
pub mod catalog;
pub mod commands;
pub mod errors;
pub mod facts;
pub mod goals;
pub mod histories;
pub mod host;
pub mod imports;
pub mod laws;
pub mod lessons;
pub mod message;
pub mod messages;
pub mod names;
pub mod notation;
pub mod policies;
pub mod reasons;
pub mod text;
pub mod verdicts;
pub mod words;

pub use arg::Arg;
pub use catalog::Catalog;
pub use facts::Scene;
pub use text::{Lang, Piece, Role, Text};
pub use words::{Words, clock, clock_us};
