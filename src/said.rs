//! Sentences that were left for whatever language the page has, as words.

use splitbrain_words::{Arg, Role, Text as Sentence};

use crate::base64::Base64Error;
use crate::fetch::{FetchError, FetchProblem};
use crate::session::record::RecordError;
use crate::session::{Said, SaidArg};
use crate::text::Text;

impl Text {
    /// A sentence that was left for whatever language the page has.
    pub fn said(&self, said: &Said) -> Sentence {
        let words = self.words();
        match said {
            Said::Plain(text) => self.as_it_is(text),
            Said::Words(id, args) => {
                let args: Vec<(&str, Arg)> = args
                    .iter()
                    .map(|(name, arg)| {
                        let arg = match arg {
                            SaidArg::Plain(text) => Arg::Plain(text.clone()),
                            SaidArg::Count(number) => Arg::Count(*number),
                            SaidArg::Time(time) => Arg::Time(*time),
                        };
                        (*name, arg)
                    })
                    .collect();
                words.say(id, &args)
            }
            Said::About(id, what) => words.say(id, &[("what", self.said(what).into())]),
            Said::Command(error) => words.command_error(*error),
            Said::Wire(error) => words.wire_error(error),
            Said::Lesson(error) => words.lesson_error(error),
            Said::Fetch(error) => self.fetch_error(error),
            Said::Record(place, error) => {
                let what = self.record_error(error);
                let args = [("place", Arg::from(place.as_str())), ("what", what.into())];
                words.say("ui.error.kept", &args)
            }
        }
    }

    fn as_it_is(&self, text: &str) -> Sentence {
        Sentence::of(text, Role::Plain, self.lang())
    }

    /// Why a file did not come.
    pub fn fetch_error(&self, error: &FetchError) -> Sentence {
        let words = self.words();
        let what = match &error.problem {
            FetchProblem::Network => words.get("ui.error.offline"),
            FetchProblem::Missing => words.say("ui.error.not_found", &[("status", "404".into())]),
            FetchProblem::Status(status) => words.say(
                "ui.error.not_found",
                &[("status", status.to_string().into())],
            ),
            FetchProblem::TooLarge(most) => {
                words.say("ui.error.fetch_large", &[("n", Arg::from(*most))])
            }
            FetchProblem::Content(what) => self.as_it_is(what),
        };
        let file = Arg::from(error.file.as_str());
        words.say("ui.error.file_is", &[("file", file), ("what", what.into())])
    }

    /// Why what was kept cannot be read.
    pub fn record_error(&self, error: &RecordError) -> Sentence {
        let words = self.words();
        let at = |line: u32, what: Sentence| {
            words.say(
                "ui.error.line",
                &[("line", line.into()), ("what", what.into())],
            )
        };
        match error {
            RecordError::TooLong { length } => {
                words.say("ui.error.record.too_long", &[("n", Arg::Count(*length))])
            }
            RecordError::Foreign => words.get("ui.error.record.foreign"),
            RecordError::Newer { version } => {
                words.say("ui.error.record.newer", &[("version", (*version).into())])
            }
            RecordError::Line { line, what } => {
                let id = format!("ui.error.record.{what}");
                at(
                    *line,
                    words.say("ui.error.record.line", &[("what", words.get(&id).into())]),
                )
            }
            RecordError::Text { line, error } => at(*line, self.base64_error(*error)),
            RecordError::Run { line, error } => at(*line, words.wire_error(error)),
            RecordError::Scenario { line, scenario } => {
                let args = [("scenario", Arg::from(scenario.as_str()))];
                at(*line, words.say("ui.error.scenario_unknown", &args))
            }
        }
    }

    fn base64_error(&self, error: Base64Error) -> Sentence {
        let words = self.words();
        match error {
            Base64Error::Character { at, found } => {
                let args = [("at", Arg::from(at)), ("found", found.to_string().into())];
                words.say("ui.error.link.letters", &args)
            }
            Base64Error::Cut { .. } => words.get("ui.error.link.inflate"),
        }
    }
}
