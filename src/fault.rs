//! The screen after a panic.
//!
//! After one the module is dead: nothing may run in it any more. So the screen is
//! plain DOM without a listener of ours. Its buttons are links: to this page anew,
//! with what was kept last, and to a file with the run.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsValue;
use web_sys::{Document, Element, Url};

use crate::base64;
use crate::session::store;
use crate::share::{FILE_ENDING, LINK_VERSION, blob};
use crate::text::Text;

/// Asks, after `?`, for a start from what was kept, paused; its value counts how often
/// that was needed in a row.
pub const RESTART: &str = "restart";
/// Asks, after `?`, for a start without it.
pub const FRESH: &str = "fresh";

/// Characters of a message that are shown at most.
const MAX_MESSAGE: usize = 600;

/// What the screen says, in the page's language; made beforehand, since afterwards
/// little can be relied on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentences {
    /// The heading.
    pub title: String,
    /// What happened to the learner's work.
    pub lede: String,
    /// The button that goes on.
    pub restart: String,
    /// The button that starts afresh.
    pub fresh: String,
    /// The button that saves the run.
    pub save: String,
}

#[derive(Default)]
struct Prepared {
    sentences: Sentences,
    desk: String,
    restarts: u32,
    is_shown: Cell<bool>,
}

thread_local! {
    static PREPARED: RefCell<Prepared> = RefCell::default();
}

impl Sentences {
    /// In this language.
    pub fn of(text: &Text) -> Self {
        let say = |id| text.words().plain(id);
        Self {
            title: say("ui.panic.title"),
            lede: say("ui.panic.lede"),
            restart: say("ui.panic.restart"),
            fresh: say("ui.panic.fresh"),
            save: say("ui.panic.save"),
        }
    }
}

/// Shows the screen whenever the module panics from now on. `restarts` is how often
/// that happened just before.
pub fn watch(restarts: u32) {
    PREPARED.with_borrow_mut(|prepared| prepared.restarts = restarts);
    // Through yew, which would put its own in place of any other.
    yew::set_custom_panic_hook(Box::new(|info| {
        let location = info.location();
        let location = location.map(|at| format!("{}:{}", last_parts(at.file()), at.line()));
        let payload = info.payload_as_str().unwrap_or_default();
        let message = format!("{payload}\n{}", location.unwrap_or_default());
        PREPARED.with(|prepared| {
            if let Ok(prepared) = prepared.try_borrow()
                // What the dead module does after its first panic is no news.
                && !prepared.is_shown.replace(true)
            {
                let name = &prepared.desk;
                let run = store::get(name).as_deref().and_then(kept_run);
                // Where the browser keeps nothing, the link has to.
                let travels = run.as_deref().filter(|_| !store::is_lasting(name));
                let fault = Fault {
                    message: &message,
                    run: run.as_deref(),
                    hash: travels.map(link_to),
                    restarts: prepared.restarts + 1,
                };
                // Where even this fails there is nobody left to tell.
                let _ = show(&prepared.sentences, &fault);
            }
        });
    }));
}

/// The end of a path: where it begins is the business of the machine that built this.
fn last_parts(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    parts[parts.len().saturating_sub(3)..].join("/")
}

/// What happened, and what is left.
#[derive(Clone, Debug, Default)]
pub struct Fault<'a> {
    /// What the panic said.
    pub message: &'a str,
    /// The bytes of the run that was kept last.
    pub run: Option<&'a [u8]>,
    /// Where to start again, where it is not where the page is.
    pub hash: Option<String>,
    /// How often in a row it has happened.
    pub restarts: u32,
}

/// The part after `#` of a link to a run. The deflated data is stored as it is, since
/// nothing can be waited for any more (RFC 1951, section 3.2.4).
fn link_to(run: &[u8]) -> String {
    const BLOCK: usize = 0xFFFF;
    let mut deflated = Vec::new();
    let last = run.len().saturating_sub(1) / BLOCK;
    for (place, block) in run.chunks(BLOCK).enumerate() {
        let length = block.len() as u16;
        deflated.push(u8::from(place == last));
        deflated.extend_from_slice(&length.to_le_bytes());
        deflated.extend_from_slice(&(!length).to_le_bytes());
        deflated.extend_from_slice(block);
    }
    format!("#s={LINK_VERSION}.{}", base64::encode(&deflated))
}

/// Prepares the sentences, and says under which name the desk is kept.
pub fn prepare(text: &Text, desk: &str) {
    PREPARED.with_borrow_mut(|prepared| {
        prepared.sentences = Sentences::of(text);
        desk.clone_into(&mut prepared.desk);
    });
}

/// The bytes of the run that is open in a kept desk.
pub fn kept_run(record: &str) -> Option<Vec<u8>> {
    let open = record.lines().find_map(|line| line.strip_prefix("open "))?;
    let start = format!("branch {open} ");
    let line = record.lines().find(|line| line.starts_with(&start))?;
    base64::decode(line.rsplit(' ').next()?).ok()
}

/// Puts the screen in place of the page.
///
/// # Errors
/// A document that has no `#app`, or refuses elements.
pub fn show(sentences: &Sentences, fault: &Fault<'_>) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let document = window.document().ok_or(JsValue::NULL)?;
    let root = document.get_element_by_id("app").ok_or(JsValue::NULL)?;
    root.set_text_content(None);
    let put = |parent: &Element, tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag)?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        parent.append_child(&element)?;
        Ok::<Element, JsValue>(element)
    };
    let app = put(&root, "div", "app", "")?;
    let bar = put(&app, "header", "bar", "")?;
    put(&bar, "span", "brand", "Splitbrain")?;
    let page = put(&app, "main", "page", "")?;
    let screen = put(&page, "div", "fault", "")?;
    screen.set_attribute("role", "alert")?;
    put(&screen, "h1", "", &sentences.title)?;
    put(&screen, "p", "muted", &sentences.lede)?;
    let message: String = fault.message.chars().take(MAX_MESSAGE).collect();
    put(&screen, "pre", "", &message)?;
    let row = put(&screen, "div", "btn-row", "")?;
    let here = window.location();
    let (search, place) = (here.search()?, here.hash()?);
    let restart = fault.hash.as_ref().unwrap_or(&place);
    let links = [
        (
            "btn btn-primary",
            "restart",
            &sentences.restart,
            RESTART,
            restart,
        ),
        ("btn", "trash", &sentences.fresh, FRESH, &place),
    ];
    for (class, icon, text, setting, hash) in links {
        let address = with_setting(&search, setting, fault.restarts);
        let link = put(&row, "a", class, "")?;
        link.set_attribute("href", &format!("{address}{hash}"))?;
        // Icons may be missing; what they stand beside may not.
        let _ = put_icon(&document, &link, icon);
        put(&link, "span", "", text)?;
    }
    if let Some(run) = fault.run {
        let url = Url::create_object_url_with_blob(&blob(run)?)?;
        let link = put(&row, "a", "btn", "")?;
        link.set_attribute("href", &url)?;
        link.set_attribute("download", &format!("run.{FILE_ENDING}"))?;
        let _ = put_icon(&document, &link, "download");
        put(&link, "span", "", &sentences.save)?;
    }
    Ok(())
}

fn put_icon(document: &Document, parent: &Element, name: &str) -> Result<(), JsValue> {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    let icon = document.create_element_ns(SVG, "svg")?;
    icon.set_attribute("class", "icon")?;
    icon.set_attribute("aria-hidden", "true")?;
    let shape = document.create_element_ns(SVG, "use")?;
    shape.set_attribute("href", &format!("#i-{name}"))?;
    icon.append_child(&shape)?;
    parent.append_child(&icon)?;
    Ok(())
}

/// What follows `?`, with one of our two settings and without the other.
fn with_setting(search: &str, setting: &str, restarts: u32) -> String {
    let mut kept: Vec<String> = settings_without(search, &[RESTART, FRESH]);
    kept.push(format!("{setting}={restarts}"));
    format!("?{}", kept.join("&"))
}

/// The settings of an address but for these.
pub fn settings_without(search: &str, names: &[&str]) -> Vec<String> {
    let all = search.trim_start_matches('?').split('&');
    let is_kept = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default();
        !name.is_empty() && !names.contains(&name)
    };
    all.filter(is_kept).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Session, record};
    use splitbrain_engine::wire::Envelope;

    #[test]
    fn the_run_that_was_open_is_found_in_what_was_kept() {
        let session = Session::new(7);
        let record = record::write(&session.desk());
        let run = kept_run(&record).and_then(|bytes| Envelope::decode(&bytes).ok());
        assert_eq!(run.map(|run| run.seed), Some(7));
        assert_eq!(kept_run("open 1\nbranch 2 - 0 AA"), None);
    }

    #[test]
    fn the_address_keeps_the_other_settings() {
        assert_eq!(
            with_setting("?lang=uk&restart=1&embed=1", FRESH, 2),
            "?lang=uk&embed=1&fresh=2"
        );
        assert_eq!(with_setting("", RESTART, 1), "?restart=1");
    }
}
