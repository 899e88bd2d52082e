//! The frame of the page.

use yew::prelude::*;

use crate::bar::Bar;
use crate::dialogs::Dialogs;
use crate::drawer::Drawer;
use crate::lesson::{Catalogue, LessonRail};
use crate::notices::Notices;
use crate::panels::Side;
use crate::session::{Handle, Place, Session, use_session};
use crate::stage::Stage;

/// Mounts the page into `#app`, replacing the shell.
pub fn mount() {
    let window = web_sys::window();
    let root = window
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"));
    if let Some(root) = root {
        root.set_inner_html("");
        let handle = Handle::new(Session::new(fresh_seed()));
        handle.start();
        yew::Renderer::<App>::with_root_and_props(root, AppProps { handle }).render();
    }
}

/// A seed that nobody has seen, from the browser's own entropy.
fn fresh_seed() -> u64 {
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
}

/// The whole page.
#[component]
pub fn App(props: &AppProps) -> Html {
    html! {
        <ContextProvider<Handle> context={props.handle.clone()}>
            <Desk />
        </ContextProvider<Handle>>
    }
}

#[component]
fn Desk() -> Html {
    let place = use_session(|session| session.place.clone());
    let tab = use_session(|session| session.tab);
    let desk = |rail: Html| {
        html! {
            <main class="desk" data-tab={tab}>
                { rail }
                <Stage />
                <Side />
            </main>
        }
    };
    html! {
        <div class="app">
            <Bar />
            { match place {
                Place::Playground => desk(html! { <Drawer /> }),
                Place::Lesson { .. } => desk(html! { <LessonRail /> }),
                Place::Lessons => html! { <Catalogue /> },
            } }
            <Notices />
            <Dialogs />
        </div>
    }
}
