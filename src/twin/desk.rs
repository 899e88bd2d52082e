//! Both stages, one beside the other, under one transport bar.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::difference::Difference;
use super::lead::Led;
use super::table::names;
use crate::navigation;
use crate::panels::Gauges;
use crate::parts::icon;
use crate::session::{Action, Handle, use_handle, use_session};
use crate::stage::{Map, SpaceTime, Tools, Transport};
use crate::text::use_text;

/// How it is laid out, which nothing but this needs.
const STYLE: &str = include_str!("twin.css");

/// The letters by which the two are called.
pub(super) const LETTERS: [&str; 2] = ["A", "B"];

/// The two.
#[component]
pub(super) fn TwinDesk() -> Html {
    let text = use_text();
    let handle = use_handle();
    let tab = use_session(|session| session.tab);
    let other = use_session(|session| session.twin.as_ref().map(|twin| twin.handle.clone()));
    let names = use_session({
        let text = text.clone();
        move |session| {
            session
                .twin
                .as_ref()
                .map(|twin| names(&text, session, twin))
        }
    });
    use_effect_with((handle.clone(), other.clone()), |(first, other)| {
        let (first, other) = (first.clone(), other.clone());
        let kept = other.map(|other| {
            let led = Led::new(&first, &other);
            let clock = web_sys::window().and_then(|window| window.performance());
            let guard = first.on_frame(move |_| {
                other.show(clock.as_ref().map_or(0.0, web_sys::Performance::now));
            });
            (led, guard)
        });
        move || drop(kept)
    });
    let (Some(other), Some([one, two])) = (other, names) else {
        return html! {};
    };
    use_effect_with((), |()| navigation::focus_heading());
    let close = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Compare(None));
            // What had the focus is gone.
            Timeout::new(0, navigation::focus_heading).forget();
        })
    };
    // The tab of the design has no design to show here.
    let tab = if tab == "rail" { "side" } else { tab };
    html! {
        <main class="desk twin-desk" data-tab={tab}>
            <style>{ STYLE }</style>
            <section class="stage twin-stage" aria-label={text.get("ui.stage")}>
                <div class="twin-bar">
                    <h1>{ text.node("ui.twin.title") }</h1>
                    <span class="muted">{ text.node("ui.twin.of_both") }</span>
                    <button type="button" class="btn" onclick={close}>
                        { icon("close") }{ text.node("ui.twin.close") }
                    </button>
                </div>
                <div class="twins">
                    <Half side={0} name={one} />
                    <ContextProvider<Handle> context={other.clone()}>
                        <Half side={1} name={two} />
                    </ContextProvider<Handle>>
                </div>
                <Tools />
                <Transport />
            </section>
            <Difference {other} />
        </main>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HalfProps {
    /// Which: 0 or 1.
    side: usize,
    /// What its design has where the two differ.
    name: AttrValue,
}

/// One of the two, out of whatever session is around it.
#[component]
fn Half(props: &HalfProps) -> Html {
    let text = use_text();
    let letter = LETTERS[props.side];
    let heading = format!("twin-{letter}");
    let what = [("who", letter.to_owned()), ("what", props.name.to_string())];
    html! {
        <section class="twin" aria-labelledby={heading.clone()}>
            <div class="twin-head">
                <h2 id={heading} aria-label={text.with("ui.twin.side", &what)}>
                    <b class="twin-letter">{ letter }</b>
                    <span>{ &props.name }</span>
                </h2>
                // On a phone, whose small maps have no room for theirs.
                <Gauges />
            </div>
            <Map />
            <SpaceTime />
        </section>
    }
}
