//! `splitbrain pack`: lessons as the page fetches them, a JSON file each, and
//! `index.json`, which lists them.
//!
//! The index is `{ "format": 1, "lessons": [{ "id", "module", "order", "minutes",
//! "par", "hash", "texts": { LANGUAGE: { "title", "summary" } } }] }`, by order; titles and
//! summaries are as in the lesson itself. `hash` changes with the file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};
use splitbrain_lesson::format::{FORMAT, Lesson, from_folder, pack};

use crate::fail::Failure;
use crate::lessons::{Found, find};
use crate::say::Voice;

/// From where to where.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain pack lessons --out site/lessons
  splitbrain pack my-lesson --out . && splitbrain lint my-lesson
Exits with 1 where a lesson cannot be read; nothing is written then.")]
pub(crate) struct Options {
    /// A folder with lessons in it, or one lesson's folder.
    folder: PathBuf,
    /// Where to write; made if it is not there.
    #[arg(long)]
    out: PathBuf,
    /// Languages to keep, with commas between them; all without it.
    #[arg(long, value_delimiter = ',')]
    languages: Option<Vec<String>>,
}

/// Packs.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let mut packed = Vec::new();
    let mut faulty = 0;
    for found in find(&options.folder)? {
        match one(&found, options.languages.as_deref()) {
            Ok(lesson) => packed.push(lesson),
            Err(errors) => {
                faulty += 1;
                for mut error in errors {
                    error.file = found.path.join(&error.file).display().to_string();
                    eprintln!("{}", voice.words.lesson_error(&error));
                }
            }
        }
    }
    if faulty > 0 {
        return Err(Failure::Faulty(faulty));
    }
    packed.sort_by(|(one, _), (other, _)| (one.order, &one.id).cmp(&(other.order, &other.id)));
    std::fs::create_dir_all(&options.out).map_err(|error| failure(&options.out, error))?;
    let mut entries = Vec::new();
    for (lesson, source) in &packed {
        let path = options.out.join(format!("{}.json", lesson.id));
        std::fs::write(&path, source).map_err(|error| failure(&path, error))?;
        entries.push(entry(lesson, source));
    }
    let index = json!({ "format": FORMAT, "lessons": entries });
    let path = options.out.join("index.json");
    std::fs::write(&path, index.to_string()).map_err(|error| failure(&path, error))?;
    let args = [
        ("n", packed.len().into()),
        ("path", options.out.display().to_string().into()),
    ];
    writeln!(std::io::stdout(), "{}", voice.say("cli.pack.done", &args))?;
    Ok(())
}

type Errors = Vec<splitbrain_lesson::format::error::LessonError>;

fn one(found: &Found, languages: Option<&[String]>) -> Result<(Lesson, String), Errors> {
    let lesson = from_folder(&found.folder)?;
    let languages: Option<Vec<&str>> =
        languages.map(|codes| codes.iter().map(String::as_str).collect());
    let source = pack(&found.folder, languages.as_deref())?;
    Ok((lesson, source))
}

/// What the list of lessons has to know of one.
fn entry(lesson: &Lesson, source: &str) -> Value {
    let whole: Value = serde_json::from_str(source).unwrap_or_default();
    let mut texts = Map::new();
    if let Some(languages) = whole["texts"].as_object() {
        for (language, text) in languages {
            let short = json!({ "title": text["title"], "summary": text["summary"] });
            texts.insert(language.clone(), short);
        }
    }
    json!({
        "id": lesson.id,
        "module": lesson.module,
        "order": lesson.order,
        "minutes": lesson.minutes,
        "par": lesson.par,
        "hash": format!("{:016x}", hash(source)),
        "texts": texts,
    })
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): tells versions of a file apart, nothing more.
fn hash(source: &str) -> u64 {
    source.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

fn failure(path: &Path, error: std::io::Error) -> Failure {
    Failure::File {
        path: path.to_owned(),
        error,
    }
}
