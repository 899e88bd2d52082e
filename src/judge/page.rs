//! The place of the judge.

use std::rc::Rc;

use splitbrain_words::Catalog;
use yew::prelude::*;

use super::clerk::Clerk;
use super::desk::Desk;
use super::files::Files;
use super::result::Verdicts;
use crate::text::{Text, use_text};

/// The desk as a component saw it, with who works at it.
#[derive(Clone, PartialEq)]
pub(super) struct Seen {
    /// Who works at it.
    pub(super) clerk: Clerk,
    round: u32,
}

impl Seen {
    /// Reads what lies on the desk.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Desk) -> T) -> T {
        self.clerk.read(read)
    }
}

/// The place: it brings its own words, which the first load is too small for.
#[component]
pub(super) fn Page() -> Html {
    let own = use_memo((), |()| Rc::new(Catalog::judge()));
    let text = use_text().and(&own);
    let round = use_state(|| 0_u32);
    use_effect_with((), {
        let round = round.clone();
        move |()| {
            let clerk = Clerk::the();
            let counted = std::cell::Cell::new(0);
            clerk.tell(Callback::from(move |()| {
                counted.set(counted.get() + 1);
                round.set(counted.get());
            }));
            move || clerk.tell(Callback::noop())
        }
    });
    let seen = Seen {
        clerk: Clerk::the(),
        round: *round,
    };
    html! {
        <ContextProvider<Text> context={text}>
            <ContextProvider<Seen> context={seen}>
                <Content />
            </ContextProvider<Seen>>
        </ContextProvider<Text>>
    }
}

/// The desk, shown anew whenever something on it changes.
#[hook]
pub(super) fn use_desk() -> Seen {
    use_context::<Seen>().unwrap_or_else(|| Seen {
        clerk: Clerk::the(),
        round: 0,
    })
}

#[component]
fn Content() -> Html {
    let text = use_text();
    let seen = use_desk();
    let drags = use_state_eq(|| false);
    let ondragover = {
        let drags = drags.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            drags.set(true);
        })
    };
    let ondragleave = {
        let drags = drags.clone();
        Callback::from(move |_: DragEvent| drags.set(false))
    };
    let ondrop = {
        let (drags, clerk) = (drags.clone(), seen.clerk.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            drags.set(false);
            let files = event.data_transfer().and_then(|data| data.files());
            if let Some(files) = files {
                super::files::take(&clerk, &files);
            }
        })
    };
    html! {
        <main class="page" {ondragover} {ondragleave} {ondrop}>
            <div class="page-in judge">
                <div class="judge-all">
                    <h1>{ text.node("ui.place.judge") }</h1>
                    <p class="lede">{ text.node("ui.judge.lede") }</p>
                </div>
                <Files drags={*drags} />
                <Verdicts />
            </div>
        </main>
    }
}
