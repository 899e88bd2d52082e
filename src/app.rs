//! The frame of the page, and how it starts.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_words::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::bar::Bar;
use crate::chunk::{self, Which, use_chunk};
use crate::dialogs::Dialogs;
use crate::drawer::Drawer;
use crate::fault;
use crate::lesson::Trouble;
use crate::navigation;
use crate::notices::Notices;
use crate::panels::Side;
use crate::parts::icon;
use crate::session::{
    Action, Handle, NoticeKind, PLAYGROUND, Place, Session, keeper, tabs, use_handle, use_session,
};
use crate::settings::{self, Settings};
use crate::stage::Stage;
use crate::text::{Text, use_text};

/// Mounts the page into `#app`, replacing the shell.
pub fn mount() {
    let settings = Settings::read();
    fault::watch(settings.restarts);
    spawn_local(async move {
        let mut session = Session::new(fresh_seed());
        session.theme = settings::first_theme();
        session.seed = settings.seed;
        session.src.clone_from(&settings.src);
        let handle = Handle::new(session);
        let lang = settings::first_language();
        if lang != Lang::En {
            settings::choose_language(&handle, lang, false).await;
        }
        recall(&handle, &settings).await;
        navigation::begin(&handle);
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(root) = document.and_then(|document| document.get_element_by_id("app")) {
            root.set_text_content(None);
            handle.start();
            yew::Renderer::<App>::with_root_and_props(root, AppProps { handle, settings }).render();
        }
    });
}

/// Puts the playground's desk back as it was left. After a panic it stays paused.
async fn recall(handle: &Handle, settings: &Settings) {
    if let Some(slot) = navigation::first_slot().filter(|_| settings.fresh) {
        tabs::put_all_aside(&handle.read(|session| session.desk_name(&slot)));
    }
    let name = handle.read(|session| session.desk_name(PLAYGROUND));
    if tabs::records(&name).is_empty() {
        return;
    }
    // Where the reader does not come, what was kept stays until it does: this tab writes
    // a record of its own.
    let _ = chunk::fetch(handle, Which::Share).await;
    let Some(share) = handle.read(|session| session.chunks.share) else {
        return handle.dispatch(Action::Say(NoticeKind::Error, chunk::said()));
    };
    let (desk, said) = (share.0.recall)(&name);
    if let Some(desk) = desk {
        let is_after_fault = settings.restarts > 0;
        let desk = if is_after_fault {
            desk.without_what_is_ahead()
        } else {
            desk
        };
        handle.dispatch(Action::Restore {
            desk,
            play: !is_after_fault,
        });
    }
    for (kind, said) in said {
        handle.dispatch(Action::Say(kind, said));
    }
}

/// A seed that nobody has seen, from the browser's own entropy.
pub fn fresh_seed() -> u64 {
    let mut bytes = [0; 8];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    if let Some(crypto) = crypto {
        // Refused only where there is no entropy at all; zero is as good a seed.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    u64::from_le_bytes(bytes) >> 11
}

/// What the page is given.
#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    /// The session.
    pub handle: Handle,
    /// What the address says after `?`.
    pub settings: Settings,
}

/// The whole page.
#[component]
pub fn App(props: &AppProps) -> Html {
    // Kept for as long as the page is there.
    use_effect_with((), {
        let AppProps { handle, settings } = props.clone();
        move |()| {
            let navigation = navigation::listen(&handle);
            let keeper = keeper::keep(&handle);
            let acting = chunk::fetch_for_whoever_acts(&handle);
            let port = Rc::new(RefCell::new(None));
            if settings.embed {
                let port = Rc::downgrade(&port);
                spawn_local(async move {
                    if chunk::fetch(&handle, Which::Embed).await.is_err() {
                        return handle.dispatch(Action::Say(NoticeKind::Error, chunk::said()));
                    }
                    let chunk = handle.read(|session| session.chunks.embed);
                    if let Some((chunk, port)) = chunk.zip(port.upgrade()) {
                        port.replace((chunk.0.listen)(&handle));
                    }
                });
            }
            move || drop((navigation, keeper, acting, port))
        }
    });
    html! {
        <ContextProvider<Handle> context={props.handle.clone()}>
            <Worded />
        </ContextProvider<Handle>>
    }
}

/// Provides the words, and whatever else speaks outside of components.
#[component]
fn Worded() -> Html {
    let text = use_session(|session| session.text.clone());
    let desk = use_session(|session| session.desk_name(&session.slot));
    use_effect_with((text.clone(), desk), |(text, desk)| {
        fault::prepare(text, &tabs::own(desk));
    });
    let chunks = use_session(|session| session.chunks);
    html! {
        <ContextProvider<Text> context={text}>
            if let Some(style) = chunks.style() { <style>{ style }</style> }
            <Desk />
        </ContextProvider<Text>>
    }
}

#[component]
fn Desk() -> Html {
    let text = use_text();
    let place = use_session(|session| session.place.clone());
    let tab = use_session(|session| session.tab);
    let lacks_lesson = use_session(Session::lacks_lesson);
    let which = match place {
        Place::Playground => None,
        Place::Lessons | Place::Lesson { .. } => Some(Which::Lessons),
        Place::Judge => Some(Which::Judge),
        Place::Truth => Some(Which::Truth),
        Place::Laws(_) => Some(Which::Laws),
    };
    let chunks = use_chunk(which.unwrap_or(Which::Lessons), which.is_some());
    let lesson = use_session(|session| {
        let lesson = session.lesson.as_ref()?;
        Some(lesson.title(&session.text).to_owned())
    });
    let is_at_lab = use_session(Session::is_at_lab);
    let is_to_compare = use_session(|session| session.kept_twin.is_some());
    use_chunk(Which::Twin, is_to_compare);
    let twins = use_session(|session| session.twin.as_ref().and(session.chunks.twin));
    let title = match (&place, lesson) {
        (Place::Playground, _) => text.get("ui.title").to_string(),
        (Place::Lesson { .. }, Some(title)) => format!("{title} · Splitbrain"),
        (Place::Lesson { .. }, None) => "Splitbrain".to_owned(),
        (place, _) => format!("{} · Splitbrain", text.get(place.name())),
    };
    use_effect_with(title, |title| navigation::set_title(title));
    let is_first = use_mut_ref(|| true);
    use_effect_with((place.clone(), lacks_lesson), move |(_, lacks_lesson)| {
        // What the page opens with has the focus where the browser put it.
        if !lacks_lesson && !is_first.replace(false) {
            navigation::focus_heading();
        }
    });
    let desk = |rail: Html, key: &'static str| match twins {
        Some(chunk) => (chunk.0.desk)(),
        None if is_at_lab => html! {
            <main class="desk is-lab" data-tab={tab} key="lab">
                { rail }
                { for chunks.laws.map(|chunk| (chunk.0.bench)()) }
            </main>
        },
        None => html! {
            <main class="desk" data-tab={tab} {key}>
                { rail }
                <Stage />
                <Side />
            </main>
        },
    };
    let has_desk = place.slot().is_some() && !lacks_lesson;
    let heading = html! { <h1 class="visually-hidden">{ text.node("ui.title") }</h1> };
    html! {
        <div class="app">
            <Bar />
            { match place {
                Place::Playground => desk(html! { <>{ heading }<Drawer /></> }, "desk"),
                Place::Lesson { .. } if lacks_lesson => html! { <Trouble key="trouble" /> },
                Place::Lesson { .. } => {
                    let rail = chunks.lessons.map(|chunk| (chunk.0.rail)());
                    desk(html! { { for rail } }, "desk")
                }
                place => html! { { for chunks.page(&place).map(|page| page()) } },
            } }
            <div hidden={!has_desk}>
                <TabBar />
            </div>
            <Notices />
            <Dialogs />
        </div>
    }
}

/// On a phone: what stands under the stage.
#[component]
fn TabBar() -> Html {
    let text = use_text();
    let handle = use_handle();
    let tab = use_session(|session| session.tab);
    let is_lesson = use_session(|session| session.lesson.is_some());
    let (rail, sign) = if is_lesson {
        ("ui.lesson", "lesson")
    } else {
        ("ui.design", "design")
    };
    let is_at_lab = use_session(Session::is_at_lab);
    let tabs: &[_] = if is_at_lab {
        &[("rail", sign, rail), ("diagram", "panel", "ui.place.laws")]
    } else {
        &[
            ("rail", sign, rail),
            ("diagram", "diagram", "ui.diagram.short"),
            ("side", "panel", "ui.panels"),
        ]
    };
    let buttons = tabs.iter().map(|&(id, sign, name)| {
        let handle = handle.clone();
        let onclick = Callback::from(move |_: MouseEvent| handle.dispatch(Action::ShowTab(id)));
        let current = (tab == id).then_some("true");
        html! {
            <button key={id} type="button" aria-current={current} {onclick}>
                { icon(sign) }{ text.node(name) }
            </button>
        }
    });
    html! { <nav class="tabbar" aria-label={text.get("ui.view")}>{ for buttons }</nav> }
}
