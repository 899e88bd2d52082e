//! Where files come in: dropped, chosen, or one of those that are there to try; and the
//! list of them.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, FileList, HtmlInputElement};
use yew::prelude::*;

use super::answer::Trouble;
use super::clerk::Clerk;
use super::desk::{Entry, State};
use super::page::use_desk;
use super::request::MAX_BYTES;
use super::say;
use crate::fetch::fetch_text;
use crate::parts::{icon, sign};
use crate::text::{Text, use_text};

/// Histories that are there to try: the file in `data/histories/`, and the words that
/// say what it is.
const TO_TRY: [(&str, &str); 6] = [
    ("etcd_000.log", "ui.judge.try.etcd_bad"),
    ("etcd_004.log", "ui.judge.try.etcd_bad"),
    ("etcd_002.log", "ui.judge.try.etcd_good"),
    ("etcd_005.log", "ui.judge.try.etcd_good"),
    ("c01-bad.txt", "ui.judge.try.kv"),
    ("lost-update.txt", "ui.judge.try.transactions"),
];

/// What the place where files come in is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// Whether something is being dragged over the page.
    pub(super) drags: bool,
}

/// Where files come in, and their list.
#[component]
pub(super) fn Files(props: &Props) -> Html {
    let text = use_text();
    let seen = use_desk();
    let field = use_node_ref();
    let onclick = {
        let field = field.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                // So that the same file can be chosen again.
                field.set_value("");
                field.click();
            }
        })
    };
    let onchange = {
        let clerk = seen.clerk.clone();
        Callback::from(move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            if let Some(files) = field.and_then(|field| field.files()) {
                take(&clerk, &files);
            }
        })
    };
    let to_try = TO_TRY.iter().map(|&(file, what)| {
        let clerk = seen.clerk.clone();
        let onclick = Callback::from(move |_: MouseEvent| try_one(&clerk, file));
        html! {
            <li key={file}>
                <button type="button" class="try" {onclick}>
                    { icon("log") }
                    <span>{ file }<small>{ text.node(what) }</small></span>
                </button>
            </li>
        }
    });
    let (entries, open, refused) =
        seen.read(|desk| (desk.entries.clone(), desk.open, desk.refused));
    let list = entries.iter().map(|entry| {
        html! { <li key={entry.id}>{ one(&text, &seen.clerk, entry, open) }</li> }
    });
    html! {
        <>
            <section aria-label={text.get("ui.judge.files")}>
                <input
                    ref={field}
                    type="file"
                    hidden=true
                    multiple=true
                    aria-label={text.get("ui.judge.choose")}
                    {onchange}
                />
                <button
                    type="button"
                    class={classes!("drop", props.drags.then_some("is-over"))}
                    {onclick}
                >
                    { icon("upload") }
                    <b>{ text.node("ui.judge.choose") }</b>
                    <small>{ text.node("ui.judge.formats") }</small>
                    <small>{ text.node("ui.judge.private") }</small>
                </button>
                if refused > 0 {
                    <p class="bad" role="alert">
                        { text.with("ui.judge.error.many", &[("n", refused)]) }
                    </p>
                }
                if !entries.is_empty() {
                    <ul class="files">{ for list }</ul>
                }
            </section>
            <section class="tries">
                <h2 class="card-title">{ text.node("ui.judge.try") }</h2>
                <ul>{ for to_try }</ul>
            </section>
        </>
    }
}

/// A file of the list: its name, how it stands, what is wrong with it.
fn one(text: &Text, clerk: &Clerk, entry: &Entry, open: Option<u32>) -> Html {
    let id = entry.id;
    let send = |deed: fn(&Clerk, u32)| {
        let clerk = clerk.clone();
        Callback::from(move |_: MouseEvent| deed(&clerk, id))
    };
    let first = entry.found.as_ref().and_then(|found| found.rows.first());
    let (mark, summary) = match (entry.state, first) {
        (State::Waiting, _) => (icon("clock"), text.get("ui.judge.waiting").to_string()),
        (State::Running, _) => (icon("clock"), text.get("ui.judge.running").to_string()),
        (State::Done, _) if entry.trouble.is_some() => (
            sign("warning", "bad"),
            text.get("ui.judge.unread").to_string(),
        ),
        (State::Done | State::Halted, Some(row)) => {
            let mark = match row.verdict.id() {
                "holds" => sign("check", "good"),
                "violated" => sign("cross", "bad"),
                _ => icon("circle"),
            };
            let verdict = text.get(&format!("ui.judge.{}", row.verdict.id()));
            let args = [
                ("model", say::consistency(text, row.model)),
                ("verdict", verdict.to_string()),
            ];
            (mark, text.with("ui.judge.summary", &args).to_string())
        }
        (State::Done | State::Halted, None) => {
            (icon("circle"), text.get("ui.judge.halted").to_string())
        }
    };
    let forget = text.with("ui.judge.forget", &[("file", entry.name.clone())]);
    html! {
        <>
            <button
                type="button"
                class="file"
                aria-current={(open == Some(id)).then_some("true")}
                onclick={send(|clerk, id| clerk.change(|desk| desk.open(id)))}
            >
                { mark }<span>{ &entry.name }<small>{ summary }</small></span>
            </button>
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label={forget.clone()}
                title={forget}
                onclick={send(|clerk, id| clerk.change_file(id, |desk| desk.remove(id)))}
            >
                { icon("close") }
            </button>
            if let Some(trouble) = &entry.trouble {
                <p class="bad" role="alert">{ text.show(&say::trouble(text, trouble)) }</p>
            }
        </>
    }
}

/// Takes in files from the reader's own machine.
pub(super) fn take(clerk: &Clerk, files: &FileList) {
    let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
    let clerk = clerk.clone();
    spawn_local(async move {
        let mut read = Vec::new();
        for file in files {
            let bytes = bytes_of(&file).await;
            read.push((file.name(), bytes));
        }
        clerk.change(|desk| desk.add(read));
    });
}

/// What is in a file. A folder, or one that is gone meanwhile, gives nothing.
async fn bytes_of(file: &File) -> Result<Vec<u8>, Trouble> {
    if file.size() > MAX_BYTES as f64 {
        return Err(Trouble::TooLarge);
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| Trouble::Unreadable)?;
    Ok(Uint8Array::new(buffer.unchecked_ref()).to_vec())
}

/// Fetches one of those that are there to try.
fn try_one(clerk: &Clerk, file: &'static str) {
    let clerk = clerk.clone();
    spawn_local(async move {
        let text = fetch_text(&format!("data/histories/{file}"), MAX_BYTES as u32).await;
        let bytes = text
            .map(String::into_bytes)
            .map_err(|_| Trouble::Unreadable);
        clerk.change(|desk| desk.add(vec![(file.to_owned(), bytes)]));
    });
}
