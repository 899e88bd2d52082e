//! What a reader sets for the whole page: language and theme; and what the address
//! says after `?`.

use splitbrain_words::Lang;
use web_sys::UrlSearchParams;

use crate::fault::{FRESH, RESTART};
use crate::session::{Action, Handle, NoticeKind, Said, store};

/// Dark, light, or as the system is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    #[default]
    Auto,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// All of them, in the order in which a button goes through them.
    pub const ALL: &'static [Self] = &[Self::Auto, Self::Dark, Self::Light];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Auto => "system",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The theme with this id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|theme| theme.id() == id)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::Auto,
        }
    }
}

/// What the address says after `?`, as far as it makes sense.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether the page is an exercise in somebody else's page.
    pub embed: bool,
    /// The seed of a lesson's dice.
    pub seed: Option<u64>,
    /// Where to fetch the lesson from, instead of the page's own lessons.
    pub src: Option<String>,
    /// How often in a row the page was started from what was kept after a panic.
    pub restarts: u32,
    /// Whether it was asked to start without what was kept.
    pub fresh: bool,
}

impl Settings {
    /// As the page was opened.
    pub fn read() -> Self {
        let query = web_sys::window().and_then(|window| window.location().search().ok());
        let query = query.and_then(|query| UrlSearchParams::new_with_str(&query).ok());
        let get = |name| query.as_ref().and_then(|query| query.get(name));
        Self {
            embed: get("embed").as_deref() == Some("1"),
            seed: get("seed").and_then(|seed| seed.parse().ok()),
            restarts: get(RESTART)
                .and_then(|count| count.parse().ok())
                .unwrap_or(0),
            fresh: get(FRESH).is_some(),
            src: get("src").filter(|src| !src.is_empty() && src.len() <= 2_000),
        }
    }
}

/// The language that the page was opened in: asked for, kept, or the browser's.
pub fn first_language() -> Lang {
    let lang = root().and_then(|root| root.get_attribute("lang"));
    lang.and_then(|lang| Lang::find(&lang)).unwrap_or(Lang::En)
}

/// The theme that the page was opened in.
pub fn first_theme() -> Theme {
    let theme = root().and_then(|root| root.get_attribute("data-theme"));
    theme
        .and_then(|theme| Theme::find(&theme))
        .unwrap_or_default()
}

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

fn set(name: &str, value: Option<&str>) {
    if let Some(root) = root() {
        // Neither name is one that an element refuses.
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Goes over to a theme, and keeps it if it is the reader's own choice.
pub fn choose_theme(handle: &Handle, theme: Theme, keep: bool) {
    set("data-theme", (theme != Theme::Auto).then(|| theme.id()));
    if keep {
        store::set_setting("theme", (theme != Theme::Auto).then(|| theme.id()));
    }
    handle.dispatch(Action::SetTheme(theme));
}

/// Shows these parts in an embedded page.
pub fn choose_controls(controls: Option<&str>) {
    set("data-controls", controls);
}

/// Fetches a language's words and goes over to it, and keeps it if it is the
/// reader's own choice. Where the words do not come, says so and stays.
pub async fn choose_language(handle: &Handle, lang: Lang, keep: bool) {
    let text = handle.read(|session| session.text.clone());
    match text.load(lang).await {
        Ok(text) => {
            set("lang", Some(lang.code()));
            if keep {
                store::set_setting("lang", Some(lang.code()));
            }
            handle.dispatch(Action::Speak(text));
        }
        Err(error) => {
            let said = Said::About("ui.error.language", Box::new(Said::Fetch(error)));
            set("lang", Some(text.lang().code()));
            handle.dispatch(Action::Say(NoticeKind::Error, said));
        }
    }
}
