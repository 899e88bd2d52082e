//! The lesson format: one folder, `lesson.toml` and a Markdown file a language;
//! packed as one JSON file. Reference: `docs/lesson-format.md`.
//!
//! Both forms are the same tree, read by the same strict reader, so a packed lesson
//! from a stranger is checked as an author's is.

mod command;
pub mod error;
mod goals;
mod goals_known;
pub mod json;
mod lab;
mod lesson;
pub mod markdown;
mod names;
mod read;
mod reader;
#[cfg(feature = "toml")]
mod run;
mod scenario;
pub mod text;
#[cfg(feature = "toml")]
mod toml;
pub mod tree;

pub use lesson::{Answer, Lesson, MustFail, OpenSlot, Prediction, Solution, Step, StepKind};

#[cfg(feature = "toml")]
pub use run::{RunFile, run_from_toml};

use error::{LessonError, Problem, Problems};
use reader::Place;
use tree::{Node, Tree};

/// The version of the format.
pub const FORMAT: i64 = 1;

/// Bytes of a file of a lesson at most.
pub const MAX_BYTES: u64 = 256 << 10;

/// Reads a packed lesson. `file` is how errors call it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_json(file: &str, source: &str) -> Result<Lesson, Vec<LessonError>> {
    let problems = Problems::new(file);
    let lesson = parse(&problems, source, json::read).and_then(|node| {
        let table = Place::root(&node, &problems).table()?;
        let lesson = table.get("lesson").and_then(|place| read::lesson(&place));
        let texts = table.get("texts").and_then(|place| place.table());
        let mut lesson = lesson?;
        for name in texts.as_ref()?.names() {
            let place = texts.as_ref()?.entry(name)?;
            let text = text::read(&place)?;
            read::match_text(&lesson, &text, &problems, place.node().line);
            lesson.texts.insert(name.into(), text);
        }
        table.finish();
        Some(lesson)
    });
    finish(lesson, problems)
}

/// A lesson's folder, as its files were read by somebody else.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// `lesson.toml`.
    pub lesson: String,
    /// Each Markdown file's language and content.
    pub texts: Vec<(String, String)>,
}

/// Reads a lesson's folder.
///
/// # Errors
/// Everything that is wrong with its files.
#[cfg(feature = "toml")]
pub fn from_folder(folder: &Folder) -> Result<Lesson, Vec<LessonError>> {
    let problems = Problems::new("lesson.toml");
    let node = parse(&problems, &folder.lesson, toml::read);
    let lesson = node.and_then(|node| read::lesson(&Place::root(&node, &problems)));
    let mut lesson = finish(lesson, problems);
    for (language, source) in &folder.texts {
        let problems = Problems::new(format!("{language}.md"));
        let text = is_small(&problems, source).then(|| markdown::read(source, &problems));
        if let (Ok(lesson), Some(text)) = (&mut lesson, text) {
            read::match_text(lesson, &text, &problems, 1);
            lesson.texts.insert(language.clone(), text);
        }
        let errors = problems.into_list();
        if !errors.is_empty() {
            let before = lesson.err().unwrap_or_default();
            lesson = Err([before, errors].concat());
        }
    }
    lesson
}

/// Packs a lesson's folder into one JSON file with these languages, or with all.
///
/// # Errors
/// Everything that is wrong with its files.
#[cfg(feature = "toml")]
pub fn pack(folder: &Folder, languages: Option<&[&str]>) -> Result<String, Vec<LessonError>> {
    let lesson = from_folder(folder)?;
    let problems = Problems::new("lesson.toml");
    let Some(node) = parse(&problems, &folder.lesson, toml::read) else {
        return Err(problems.into_list());
    };
    let texts = lesson.texts.iter();
    let texts = texts.filter(|(language, _)| {
        languages.is_none_or(|languages| languages.contains(&language.as_str()))
    });
    let texts = texts.map(|(language, text)| (language.as_str(), text::to_node(text)));
    let packed = Node::table([("lesson", node), ("texts", Node::table(texts))]);
    Ok(json::write(&packed))
}

fn is_small(problems: &Problems, source: &str) -> bool {
    let bytes = source.len() as u64;
    if bytes > MAX_BYTES {
        let most = MAX_BYTES;
        problems.add(0, "", Problem::TooLarge { bytes, most });
    }
    bytes <= MAX_BYTES
}

fn parse(
    problems: &Problems,
    source: &str,
    read: impl Fn(&str) -> Result<Node, (u32, Problem)>,
) -> Option<Node> {
    if !is_small(problems, source) {
        return None;
    }
    match read(source) {
        Ok(node) => Some(node),
        Err((line, problem)) => {
            problems.add(line, "", problem);
            None
        }
    }
}

/// What was read, or everything that is wrong with it.
fn finish<T>(read: Option<T>, problems: Problems) -> Result<T, Vec<LessonError>> {
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => {
            if problems.is_empty() {
                problems.add(0, "", Problem::Missing);
            }
            Err(problems.into_list())
        }
    }
}

/// The version that a tree says it has, if it is one that is known.
fn version(node: &Node) -> Result<(), Problem> {
    let known = FORMAT;
    match node.get("format").map(|node| &node.tree) {
        Some(&Tree::Number(found)) if found != known => Err(Problem::Version { found, known }),
        _ => Ok(()),
    }
}
