//! What is wrong with a lesson's files, and the tools that a lesson gives.

use splitbrain_lesson::format::error::{LessonError, Problem};
use splitbrain_lesson::script::Tool;

use crate::arg::Arg;
use crate::text::{Role, Text};
use crate::words::Words;

impl Words {
    /// The name of a tool, imperative.
    pub fn tool(&self, tool: Tool) -> Text {
        self.get(&format!("tool.{}", tool.id()))
    }

    /// What is wrong, with file, line and field: `lesson.toml:12: goals[0]: …`.
    pub fn lesson_error(&self, error: &LessonError) -> Text {
        let mut text = Text::empty(self.lang());
        text.push(error.file.as_str(), Role::Value);
        if error.line > 0 {
            text.push(format!(":{}", error.line), Role::Value);
        }
        text.push(": ", Role::Plain);
        if !error.field.is_empty() {
            text.push(error.field.as_str(), Role::Value);
            text.push(": ", Role::Plain);
        }
        text.append(self.lesson_problem(&error.problem));
        text
    }

    /// What is wrong, without saying where.
    pub fn lesson_problem(&self, problem: &Problem) -> Text {
        let value = |words: &str| Arg::Value(words.into());
        let kind = |id: &str| {
            let id = format!("kind_of.{id}");
            Arg::from(self.get(&id))
        };
        let id = format!("error.lesson.{}", problem.id());
        let say = |args: &[(&str, Arg)]| self.say(&id, args);
        match problem {
            Problem::TooLarge { bytes, most } => {
                say(&[("bytes", (*bytes).into()), ("most", (*most).into())])
            }
            Problem::Syntax { message } => say(&[("message", message.as_str().into())]),
            Problem::Version { found, known } => say(&[
                ("found", Arg::Signed(*found)),
                ("known", Arg::Signed(*known)),
            ]),
            Problem::UnknownField { found, allowed } => {
                say(&[("found", value(found)), ("allowed", value(allowed))])
            }
            Problem::Missing => say(&[]),
            Problem::WrongKind { found, expected } => {
                say(&[("found", kind(found)), ("expected", kind(expected))])
            }
            Problem::NotAllowed { found, allowed } => say(&[
                ("found", value(found)),
                ("allowed", self.said_by_the_engine(allowed).into()),
            ]),
            Problem::Count { found, least, most } => say(&[
                ("found", (*found).into()),
                ("least", (*least).into()),
                ("most", (*most).into()),
            ]),
            Problem::Duplicate { name } => say(&[("name", value(name))]),
        }
    }
}
