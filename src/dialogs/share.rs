//! The share dialog: the run as a link or a file, and a file opened.

use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAnchorElement, HtmlInputElement, Url};
use yew::prelude::*;

use super::modal::Modal;
use crate::parts::icon;
use crate::session::{Action, use_handle};
use crate::share::{FILE_ENDING, MAX_LINK, TWIN, blob, bytes_of, link_of, open_file};
use crate::text::use_text;

/// How long "Copied" stands on the button, in milliseconds.
const COPIED_MS: u32 = 2_000;

/// What became of making a link.
#[derive(Clone, Debug, PartialEq)]
enum Link {
    Making,
    Made(AttrValue),
    TooLong,
    Failed,
}

/// The dialog that shares the run as it is when it opens.
#[component]
pub fn Share() -> Html {
    let text = use_text();
    let handle = use_handle();
    let bytes = use_memo((), |()| handle.read(bytes_of));
    let count = handle.read(|session| session.player.run().commands.len());
    let time = handle.read(crate::session::Session::time);
    let link = use_state(|| Link::Making);
    // What it is compared with goes along.
    let twin = handle.read(|session| {
        let twin = session.twin.as_ref()?;
        Some(twin.link(session.player.run()))
    });
    use_effect_with((), {
        let (bytes, link) = (bytes.clone(), link.clone());
        move |()| {
            spawn_local(async move {
                let made = link_of(&bytes).await.map(|made| match twin {
                    Some(twin) => format!("{made}{TWIN}{twin}"),
                    None => made,
                });
                link.set(match made {
                    Ok(made) if made.len() as u64 > u64::from(MAX_LINK) => Link::TooLong,
                    Ok(made) => Link::Made(address(&made).into()),
                    Err(_) => Link::Failed,
                });
            });
        }
    });
    let lede = text.with(
        "ui.share.about",
        &[
            ("n", splitbrain_words::Arg::from(count)),
            ("time", splitbrain_words::Arg::from(time)),
        ],
    );
    let save = {
        let bytes = bytes.clone();
        Callback::from(move |_: MouseEvent| save_file(&bytes))
    };
    html! {
        <Modal title={text.get("ui.share.title")}>
            <p class="muted">{ lede }</p>
            <div>
                { match &*link {
                    Link::Making => html! { <p role="status">{ text.node("ui.loading") }</p> },
                    Link::Made(link) => html! { <Made link={link.clone()} /> },
                    Link::TooLong => html! { <p>{ text.node("ui.share.too_long") }</p> },
                    Link::Failed => html! { <p>{ text.node("ui.error.link.old_browser") }</p> },
                } }
            </div>
            <div class="dialog-end">
                <OpenFile />
                <button type="button" class="btn" onclick={save}>
                    { icon("download") }{ text.node("ui.share.download") }
                </button>
            </div>
        </Modal>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct MadeProps {
    link: AttrValue,
}

#[component]
fn Made(props: &MadeProps) -> Html {
    let text = use_text();
    let field = use_node_ref();
    // What became of copying; nothing before.
    let copied = use_state(|| None::<bool>);
    use_effect_with(*copied, {
        let copied = copied.clone();
        move |now| {
            let back =
                (*now == Some(true)).then(|| Timeout::new(COPIED_MS, move || copied.set(None)));
            move || drop(back)
        }
    });
    let onclick = {
        let (link, field, copied) = (props.link.clone(), field.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.select();
            }
            let (link, copied) = (link.clone(), copied.clone());
            spawn_local(async move { copied.set(Some(copy(&link).await)) });
        })
    };
    let select = Callback::from(|event: FocusEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            field.select();
        }
    });
    let length = splitbrain_words::Arg::from(props.link.len());
    html! {
        <div class="field">
            <label for="share-link">
                { text.node("ui.share.link") }{ ", " }
                { text.with("ui.share.length", &[("n", length)]) }
            </label>
            <div class="field-row">
                <input
                    ref={field}
                    class="input num"
                    id="share-link"
                    readonly=true
                    value={props.link.clone()}
                    onfocus={select}
                />
                <button type="button" class="btn btn-primary" {onclick}>
                    { text.node(if *copied == Some(true) { "ui.share.copied" } else { "ui.share.copy" }) }
                </button>
            </div>
            <small role="status" class="error">
                if *copied == Some(false) {
                    { text.node("ui.share.copy_failed") }
                }
            </small>
        </div>
    }
}

#[component]
fn OpenFile() -> Html {
    let text = use_text();
    let handle = use_handle();
    let field = use_node_ref();
    let onclick = {
        let field = field.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.click();
            }
        })
    };
    let onchange = Callback::from(move |event: Event| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        let file = field
            .and_then(|field| field.files())
            .and_then(|files| files.get(0));
        let handle = handle.clone();
        spawn_local(async move {
            if let Some(file) = file {
                let bytes = read_file(&file).await;
                handle.dispatch(Action::Close);
                open_file(&handle, &bytes).await;
            }
        });
    });
    html! {
        <>
            <input
                ref={field}
                type="file"
                hidden=true
                accept={format!(".{FILE_ENDING}")}
                aria-label={text.get("ui.share.open_file")}
                {onchange}
            />
            <button type="button" class="btn" {onclick}>
                { icon("upload") }{ text.node("ui.share.open_file") }
            </button>
        </>
    }
}

/// The address of this page with another place.
fn address(hash: &str) -> String {
    let location = web_sys::window().map(|window| window.location());
    let href = location.and_then(|location| location.href().ok());
    let href = href.unwrap_or_default();
    let page = href.split(['#', '?']).next().unwrap_or_default();
    format!("{page}{hash}")
}

async fn copy(link: &str) -> bool {
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    // An insecure page has no clipboard at all.
    let clipboard = clipboard.filter(|clipboard| !clipboard.is_undefined());
    match clipboard {
        Some(clipboard) => JsFuture::from(clipboard.write_text(link)).await.is_ok(),
        None => false,
    }
}

/// Bytes of a file; one too large for a run is not read, but for its size.
async fn read_file(file: &web_sys::File) -> Vec<u8> {
    let most = f64::from(splitbrain_engine::wire::MAX_BYTES) + 1.0;
    let part = file.slice_with_f64_and_f64(0.0, most);
    let Ok(part) = part else {
        return Vec::new();
    };
    let buffer = JsFuture::from(part.array_buffer()).await;
    buffer.map_or_else(|_| Vec::new(), |buffer| Uint8Array::new(&buffer).to_vec())
}

fn save_file(bytes: &[u8]) {
    // A browser that runs this page can make a blob and click a link.
    let _ = try_save_file(bytes);
}

fn try_save_file(bytes: &[u8]) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let document = window.document().ok_or(JsValue::NULL)?;
    let url = Url::create_object_url_with_blob(&blob(bytes)?)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(&format!("run.{FILE_ENDING}"));
    link.click();
    // Later, since the browser begins to read it only after this.
    Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}
