//! What is wrong with what came from outside.

use splitbrain_engine::run::{CommandError, MAX_COMMANDS};
use splitbrain_engine::scenario::ScenarioError;
use splitbrain_engine::wire::WireError;

use crate::arg::Arg;
use crate::text::{Role, Text};
use crate::words::Words;

/// What the engine says in English of what is allowed or was found; each has a text
/// under `allowed.` and its words joined by `_`.
pub const SAID_BY_THE_ENGINE: [&str; 9] = [
    "each region once",
    "a region of the scenario",
    "one service of each kind",
    "at least one weight above zero",
    "none",
    "nothing",
    "not UTF-8",
    "a number of more than 64 bits",
    "1 or more",
];

/// The fields of the wire format, as the engine names them; each has a text under
/// `wire.` and its words joined by `_`.
pub const WIRE_FIELDS: [&str; 27] = [
    "version",
    "engine revision",
    "scenario",
    "scenario hash",
    "number of choices",
    "service",
    "slot",
    "policy",
    "seed",
    "cursor",
    "digest",
    "number of commands",
    "time of a command",
    "command",
    "customer",
    "operation",
    "key",
    "argument",
    "payment key",
    "region",
    "direction",
    "clock offset",
    "clock drift",
    "loss",
    "duplication",
    "reordering",
    "extra delay",
];

/// The last part of an id for words that stand in the core.
pub fn slug(words: &str) -> String {
    words.replace(' ', "_")
}

impl Words {
    /// What is wrong with the bytes of a run.
    pub fn wire_error(&self, error: &WireError) -> Text {
        let field = |what: &str| ("what", Arg::from(self.wire_field(what)));
        let count = |name: &'static str, number: u32| (name, Arg::from(number));
        match error {
            WireError::TooLarge { bytes, most } => self.say(
                "error.wire.too_large",
                &[("bytes", (*bytes).into()), count("most", *most)],
            ),
            WireError::Newer { version, known } => self.say(
                "error.wire.newer",
                &[count("version", *version), count("known", *known)],
            ),
            WireError::Short { at, what } => {
                self.say("error.wire.short", &[count("at", *at), field(what)])
            }
            WireError::Range {
                at,
                what,
                found,
                allowed,
            } => self.say(
                "error.wire.range",
                &[
                    count("at", *at),
                    field(what),
                    ("found", self.said_by_the_engine(found).into()),
                    ("allowed", self.said_by_the_engine(allowed).into()),
                ],
            ),
            WireError::Long { at, left } => {
                self.say("error.wire.long", &[count("at", *at), count("left", *left)])
            }
            WireError::Foreign { command, scenario } => self.say(
                "error.wire.foreign",
                &[
                    count("command", command + 1),
                    ("scenario", scenario.as_str().into()),
                ],
            ),
            WireError::Design(error) => self.scenario_error(error),
        }
    }

    /// What is wrong with a scenario.
    pub fn scenario_error(&self, error: &ScenarioError) -> Text {
        let args = [
            ("field", Arg::Value(error.field.clone())),
            ("found", self.said_by_the_engine(&error.found).into()),
            ("allowed", self.said_by_the_engine(&error.allowed).into()),
        ];
        self.say("error.scenario", &args)
    }

    /// Why a command was not taken.
    pub fn command_error(&self, error: CommandError) -> Text {
        match error {
            CommandError::DoesNotFit => self.get("error.command.does_not_fit"),
            CommandError::TooMany => {
                self.say("error.command.too_many", &[("most", MAX_COMMANDS.into())])
            }
            CommandError::TooLate => self.get("error.command.too_late"),
        }
    }

    fn wire_field(&self, what: &str) -> Text {
        let id = format!("wire.{}", slug(what));
        if self.has(&id) {
            self.get(&id)
        } else {
            Text::of(what, Role::Plain, self.lang())
        }
    }

    /// Ranges and the few phrases of the engine; ids and numbers stay as they are.
    pub(crate) fn said_by_the_engine(&self, words: &str) -> Text {
        let id = format!("allowed.{}", slug(words));
        if self.has(&id) {
            return self.get(&id);
        }
        let least = words
            .strip_prefix("at least ")
            .and_then(|least| least.parse().ok());
        if let Some(least) = least {
            return self.say("allowed.at_least", &[("least", Arg::Count(least))]);
        }
        let range = words.split_once(" to ");
        if let Some((least, most)) =
            range.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)))
        {
            let args = [("least", Arg::Count(least)), ("most", Arg::Count(most))];
            return self.say("allowed.range", &args);
        }
        Text::of(words, Role::Value, self.lang())
    }
}
