//! `splitbrain lint`: proves lessons right, or says what is wrong with them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use splitbrain_lesson::format::{Lesson, from_folder};
use splitbrain_lesson::lint::{Finding, MIN_HINTS, Part, lint};
use splitbrain_words::{Arg, Text};

use crate::fail::Failure;
use crate::lessons::{Found, find};
use crate::say::Voice;

/// Which lessons.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain lint lessons/
  splitbrain lint lessons/03-two-truths/last-write-wins-loses --lang uk
Exits with 1 where something is wrong with a lesson.")]
pub(crate) struct Options {
    /// A folder with lessons in it, or one lesson's folder.
    #[arg(default_value = "lessons")]
    folder: PathBuf,
    /// A line of JSON a lesson.
    #[arg(long)]
    json: bool,
}

/// Lints and says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let mut seen = BTreeMap::new();
    let mut faulty = 0;
    for found in find(&options.folder)? {
        let (lesson, problems) = check(voice, &found, &mut seen);
        faulty += u32::from(!problems.is_empty());
        if options.json {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let path = found.path.display().to_string();
            let id = lesson.map(|lesson| lesson.id);
            writeln!(
                out,
                "{}",
                json!({ "path": path, "id": id, "problems": problems })
            )?;
            continue;
        }
        writeln!(
            out,
            "{}",
            summary(voice, &found, lesson.as_ref(), problems.len())
        )?;
        for problem in problems {
            writeln!(out, "  {problem}")?;
        }
    }
    if faulty == 0 {
        Ok(())
    } else {
        Err(Failure::Faulty(faulty))
    }
}

/// One line a lesson.
fn summary(voice: &Voice, found: &Found, lesson: Option<&Lesson>, problems: usize) -> Text {
    let path = ("path", Arg::from(found.path.display().to_string()));
    match lesson {
        Some(lesson) if problems == 0 => {
            let languages: Vec<&str> = lesson.texts.keys().map(String::as_str).collect();
            let args = [
                path,
                ("goals", lesson.goals().count().into()),
                ("seeds", lesson.seeds.len().into()),
                ("solutions", lesson.solutions.len().into()),
                ("failing", lesson.must_fail.len().into()),
                ("par", lesson.par.into()),
                ("languages", languages.join(", ").into()),
            ];
            voice.say("cli.lint.sound", &args)
        }
        _ => voice.say("cli.lint.faulty", &[path, ("n", problems.into())]),
    }
}

/// Reads and lints one lesson. `seen` has the ids so far, since links name lessons
/// by id alone.
fn check(
    voice: &Voice,
    found: &Found,
    seen: &mut BTreeMap<String, PathBuf>,
) -> (Option<Lesson>, Vec<Text>) {
    let lesson = match from_folder(&found.folder) {
        Ok(lesson) => lesson,
        Err(errors) => {
            let place = |file: &str| found.path.join(file).display().to_string();
            let located = errors.into_iter().map(|mut error| {
                error.file = place(&error.file);
                voice.words.lesson_error(&error)
            });
            return (None, located.collect());
        }
    };
    let [module, folder] = &found.names;
    let mut problems: Vec<Text> = lint(&lesson, Some([module, folder]))
        .iter()
        .map(|finding| say(voice, &found.path, finding))
        .collect();
    if let Some(other) = seen.insert(lesson.id.clone(), found.path.clone()) {
        let args = [
            ("id", Arg::from(lesson.id.as_str())),
            ("other", other.display().to_string().into()),
        ];
        problems.push(voice.say("cli.finding.id_twice", &args));
    }
    (Some(lesson), problems)
}

fn say(voice: &Voice, path: &Path, finding: &Finding) -> Text {
    let text = |words: &str| Arg::from(words);
    let list = |ids: &[String]| Arg::from(ids.join(", "));
    let seed = |seed: &u64| ("seed", Arg::from(seed.to_string()));
    match finding {
        Finding::Format(error) => {
            let mut error = error.clone();
            error.file = path.join(&error.file).display().to_string();
            voice.words.lesson_error(&error)
        }
        Finding::Folder { found, expected } => {
            let args = [("found", text(found)), ("expected", text(expected))];
            voice.say("cli.finding.folder", &args)
        }
        Finding::Lacks { what } => {
            let what = voice.say(name_of(*what), &[]);
            voice.say("cli.finding.lacks", &[("what", what.into())])
        }
        Finding::Hints {
            language,
            step,
            found,
        } => voice.say(
            "cli.finding.hints",
            &[
                ("language", text(language)),
                ("step", text(step)),
                ("found", (*found).into()),
                ("least", MIN_HINTS.into()),
            ],
        ),
        Finding::NotGiven { script, what } => {
            let args = [("script", text(script)), ("what", text(what))];
            voice.say("cli.finding.not_given", &args)
        }
        Finding::StartsSolved { seed: of } => voice.say("cli.finding.starts_solved", &[seed(of)]),
        Finding::GoalStartsMet { seed: of, goal } => voice.say(
            "cli.finding.goal_starts_met",
            &[seed(of), ("goal", text(goal))],
        ),
        Finding::NotSolved {
            seed: of,
            script,
            unmet,
        } => voice.say(
            "cli.finding.not_solved",
            &[seed(of), ("script", text(script)), ("unmet", list(unmet))],
        ),
        Finding::PrefixSolves {
            seed: of,
            script,
            actions,
        } => voice.say(
            "cli.finding.prefix_solves",
            &[seed(of), ("script", text(script)), ("n", (*actions).into())],
        ),
        Finding::BreaksOther {
            seed: of,
            script,
            breaks,
            broken,
        } => voice.say(
            "cli.finding.breaks_other",
            &[
                seed(of),
                ("script", text(script)),
                ("breaks", text(breaks)),
                ("broken", list(broken)),
            ],
        ),
        Finding::Undecided {
            seed: of,
            step,
            before,
        } => voice.say(
            "cli.finding.undecided",
            &[seed(of), ("step", text(step)), ("before", text(before))],
        ),
        Finding::Par { found, expected } => {
            let args = [("found", (*found).into()), ("expected", (*expected).into())];
            voice.say("cli.finding.par", &args)
        }
    }
}

fn name_of(part: Part) -> &'static str {
    match part {
        Part::Prediction => "cli.finding.lacks.prediction",
        Part::Goal => "cli.finding.lacks.goal",
        Part::Solution => "cli.finding.lacks.solution",
        Part::MustFail => "cli.finding.lacks.must_fail",
        Part::English => "cli.finding.lacks.english",
        Part::LastStep => "cli.finding.lacks.last_step",
    }
}
