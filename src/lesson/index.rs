//! The list of lessons that is packed beside them, and how far somebody has come in
//! each.

use splitbrain_lesson::format::json;
use splitbrain_lesson::format::tree::{Node, Tree};

use crate::fetch::{FetchError, fetch_text};
use crate::route;
use crate::session::{Place, Session, tabs};
use crate::text::Text;

/// The list that is packed beside the lessons.
const INDEX: &str = "lessons/index.json";
/// Bytes of it at most.
const MAX_BYTES: u32 = 1 << 20;

/// A lesson as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// The module that it belongs to.
    pub module: String,
    /// Its place in the curriculum.
    pub order: i64,
    /// How long it takes, about.
    pub minutes: i64,
    /// The actions of its shortest solution.
    pub par: i64,
    /// Language, title and summary.
    pub texts: Vec<(String, String, String)>,
}

/// How far somebody has come in a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Come {
    /// The furthest step that was open, from 0.
    pub reached: u8,
    /// The actions it took, if it was solved.
    pub solved: Option<u32>,
}

impl Entry {
    /// Language, title and summary, in the page's language or in the one that it has.
    pub fn said(&self, text: &Text) -> (String, String, String) {
        let find = |lang: &str| self.texts.iter().find(|(held, ..)| held == lang);
        let found = find(text.lang().code()).or_else(|| find("en"));
        found.or(self.texts.first()).cloned().unwrap_or_default()
    }

    /// Where somebody goes on in it.
    pub fn place(&self, session: &Session) -> Place {
        Place::Lesson {
            id: self.id.clone(),
            step: come(session, &self.id).reached,
        }
    }
}

/// How far somebody has come, whether the lesson is open, laid aside, or only kept.
pub fn come(session: &Session, id: &str) -> Come {
    let open = session.lesson.as_ref().filter(|open| open.lesson.id == id);
    let aside = session.desks.get(id).and_then(|desk| desk.lesson.as_ref());
    if let Some(lesson) = open.or(aside) {
        return Come {
            reached: lesson.progress.reached,
            solved: lesson.progress.solved,
        };
    }
    let kept = tabs::records(&session.desk_name(id));
    let number = |start: &str| {
        let lines = kept.iter().flat_map(|record| record.text.lines());
        let numbers = lines.filter_map(|line| line.strip_prefix(start)?.parse().ok());
        numbers.max()
    };
    Come {
        reached: number("reached ").unwrap_or(0) as u8,
        solved: number("solved "),
    }
}

/// Fetches the list.
///
/// # Errors
/// A list that does not come, or is none.
pub async fn fetch() -> Result<Vec<Entry>, FetchError> {
    let source = fetch_text(INDEX, MAX_BYTES).await?;
    read(&source).ok_or_else(|| FetchError::content(INDEX, "lessons".into()))
}

fn read(source: &str) -> Option<Vec<Entry>> {
    let node = json::read(source).ok()?;
    let entries = node.get("lessons")?.as_list()?.iter().map(entry);
    entries.collect()
}

fn entry(node: &Node) -> Option<Entry> {
    let text = |name: &str| Some(node.get(name)?.as_text()?.to_owned());
    let number = |name: &str| match node.get(name)?.tree {
        Tree::Number(number) => Some(number),
        _ => None,
    };
    let Tree::Table(texts) = &node.get("texts")?.tree else {
        return None;
    };
    let texts = texts.iter().map(|(lang, text)| {
        let title = text.get("title")?.as_text()?.to_owned();
        let mut summary = String::new();
        words(text.get("summary")?, &mut summary);
        Some((lang.clone(), title, summary))
    });
    Some(Entry {
        id: text("id").filter(|id| route::is_id(id))?,
        module: text("module")?,
        order: number("order")?,
        minutes: number("minutes")?,
        par: number("par")?,
        texts: texts.collect::<Option<Vec<_>>>()?,
    })
}

/// The words of a summary without their markup: the list has one line's room, and a
/// link within a link is none.
fn words(node: &Node, out: &mut String) {
    const TAGS: [&str; 7] = ["p", "ul", "ol", "em", "strong", "code", "a"];
    match &node.tree {
        Tree::Text(text) => out.push_str(text),
        Tree::List(parts) => {
            let is_tagged = parts.first().and_then(Node::as_text);
            let skip = usize::from(is_tagged.is_some_and(|tag| TAGS.contains(&tag)));
            parts.iter().skip(skip).for_each(|part| words(part, out));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_lessons_is_read() {
        let source = r#"{"format":1,"lessons":[{"id":"x-y","module":"01-m","order":3,
            "minutes":8,"par":2,"hash":"0","texts":{"en":{"title":"T",
            "summary":[["p","one ",["em","two"]," three"]]}}}]}"#;
        let entries = read(source).unwrap();
        assert_eq!(entries[0].id, "x-y");
        let text = ("en".into(), "T".into(), "one two three".into());
        assert_eq!(entries[0].texts, [text]);
        assert_eq!(read("{}"), None);
        assert_eq!(read(&source.replace("x-y", "../x")), None);
    }
}
