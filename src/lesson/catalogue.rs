//! The catalogue of lessons, by module, with how far somebody has come.

use splitbrain_lesson::format::json;
use splitbrain_lesson::format::tree::{Node, Tree};
use splitbrain_words::Arg;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::fetch::{FetchError, fetch_text};
use crate::parts::icon;
use crate::route;
use crate::session::{Place, Session, tabs, use_session};
use crate::text::{Text, use_text};

/// The list that is packed beside the lessons.
const INDEX: &str = "lessons/index.json";
/// Bytes of it at most.
const MAX_BYTES: u32 = 1 << 20;

/// A lesson as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    id: String,
    module: String,
    order: i64,
    minutes: i64,
    par: i64,
    /// Language, title and summary.
    texts: Vec<(String, String, String)>,
}

/// How far somebody has come in a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Come {
    reached: u8,
    solved: Option<u32>,
}

#[derive(Clone, PartialEq)]
enum List {
    Coming,
    Here(Vec<Entry>),
    Failed(FetchError),
}

/// The catalogue of lessons.
#[component]
pub fn Catalogue() -> Html {
    let text = use_text();
    let list = use_state(|| List::Coming);
    use_effect_with((), {
        let list = list.clone();
        move |()| {
            spawn_local(async move {
                list.set(match fetch().await {
                    Ok(entries) => List::Here(entries),
                    Err(error) => List::Failed(error),
                });
            });
        }
    });
    let content = match &*list {
        List::Coming => html! { <p role="status">{ text.node("ui.loading") }</p> },
        List::Here(entries) => modules(entries),
        List::Failed(error) => {
            let what = Arg::from(text.fetch_error(error));
            let sentence = text.say("ui.error.lessons_fetch", &[("what", what)]);
            html! { <p role="alert">{ text.show(&sentence) }</p> }
        }
    };
    html! {
        <main class="page">
            <div class="page-in">
                <div>
                    <h1>{ text.node("ui.lessons") }</h1>
                    <p class="lede">{ text.node("ui.lessons.lede") }</p>
                </div>
                <div class="modules">{ content }</div>
            </div>
        </main>
    }
}

fn modules(entries: &[Entry]) -> Html {
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.module.as_str()).collect();
    names.dedup();
    let modules = names.into_iter().map(|name| {
        let lessons = entries.iter().filter(|entry| entry.module == name).cloned();
        html! { <Module key={name} name={name.to_owned()} lessons={lessons.collect::<Vec<_>>()} /> }
    });
    html! { <>{ for modules }</> }
}

#[derive(Clone, PartialEq, Properties)]
struct ModuleProps {
    name: String,
    lessons: Vec<Entry>,
}

#[component]
fn Module(props: &ModuleProps) -> Html {
    let text = use_text();
    let count = Arg::from(props.lessons.len());
    let lessons = props.lessons.iter().map(|entry| {
        html! { <li key={entry.id.clone()}><Lesson entry={entry.clone()} /></li> }
    });
    html! {
        <section>
            <div class="module-head">
                <h2>{ module_title(&text, &props.name) }</h2>
                <span class="num">{ text.with("ui.lessons.count", &[("n", count)]) }</span>
            </div>
            <ul class="catalogue">{ for lessons }</ul>
        </section>
    }
}

/// A module's title; one that nobody named shows its folder's name.
pub fn module_title(text: &Text, module: &str) -> String {
    let id = format!("ui.module.{module}");
    if text.words().has(&id) {
        text.words().plain(&id)
    } else {
        module.to_owned()
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LessonProps {
    entry: Entry,
}

#[component]
fn Lesson(props: &LessonProps) -> Html {
    let text = use_text();
    let entry = &props.entry;
    let id = entry.id.clone();
    let come = use_session(move |session| come(session, &id));
    let mine = text.lang().code();
    let find = |lang: &str| entry.texts.iter().find(|(held, ..)| held == lang);
    let found = find(mine)
        .or_else(|| find("en"))
        .or_else(|| entry.texts.first());
    let (lang, title, summary) = found.cloned().unwrap_or_default();
    let lang = (lang != mine).then_some(lang);
    let place = Place::Lesson {
        id: entry.id.clone(),
        step: come.reached,
    };
    let par = Arg::from(entry.par.max(0) as u64);
    let foot = match come {
        Come {
            solved: Some(actions),
            ..
        } => {
            let args = [("n", Arg::from(actions)), ("par", par)];
            html! {
                <span class="sign good">
                    { icon("check") }{ text.with("ui.lessons.solved_in", &args) }
                </span>
            }
        }
        Come { reached: 1.., .. } => {
            let step = Arg::from(u32::from(come.reached) + 1);
            html! { <span class="sign">{ text.with("ui.lessons.at_step", &[("n", step)]) }</span> }
        }
        Come { .. } => {
            let minutes = Arg::from(entry.minutes.max(0) as u64);
            html! {
                <>
                    <span>{ text.with("ui.lessons.minutes", &[("n", minutes)]) }</span>
                    <span>{ text.with("ui.lessons.par", &[("n", par)]) }</span>
                </>
            }
        }
    };
    html! {
        <a class="lesson" href={route::address(&place)}>
            <span class="no">{ entry.order }</span>
            <h3 lang={lang.clone()}>{ title }</h3>
            <p {lang}>{ summary }</p>
            <p class="foot">{ foot }</p>
        </a>
    }
}

/// How far somebody has come, whether the lesson is open, laid aside, or only kept.
fn come(session: &Session, id: &str) -> Come {
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

async fn fetch() -> Result<Vec<Entry>, FetchError> {
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
