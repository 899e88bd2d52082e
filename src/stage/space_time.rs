//! The space-time diagram: the trace seen sideways.
//!
//! Lanes are regions, lines are messages, marks are events. It is painted on a
//! canvas by [`super::space_time_paint`]; the event log has all of it as text. Here are
//! the names of the lanes, what pointer and keys do, and what is said about a fact.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_checker::{PropertyId, Role, Verdict};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::time::Time;
use splitbrain_sorted::Map;
use splitbrain_words::{Scene, clock};
use web_sys::{Element, HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use super::geometry::{Point, within};
use super::size::use_size;
use super::space_time_clock::ShownClock;
use super::space_time_keys::on_key;
use super::space_time_paint::{Nodes, Painter, Stamped};
use crate::chunk::{Which, use_chunk};
use crate::parts::shape;
use crate::session::{Action, Ask, Handle, Selection, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// The diagram.
#[component]
pub(crate) fn SpaceTime() -> Html {
    let text = use_text();
    let handle = use_handle();
    let host = use_node_ref();
    let nodes = use_memo((), |()| Nodes::default());
    let painter = use_mut_ref(Painter::default);
    let size = use_size(&host);
    let scenario = use_session(|session| session.scenario().clone());
    let selected = use_session(|session| match session.selection {
        Selection::Fact(fact) => Some(fact),
        _ => None,
    });
    let wrong = use_session(wrong);
    let branch = use_session(|session| session.branch);
    let hover = use_state_eq(|| None::<FactId>);
    let lane = use_mut_ref(|| 0_u8);
    let clock = use_state_eq(ShownClock::default);
    let stamp = use_state_eq(|| None::<Stamped>);
    let clock_chunk = use_chunk(Which::Clocks, *clock != ShownClock::None).clocks;
    {
        let mut painter = painter.borrow_mut();
        let is_waiting = clock_chunk.is_some() && painter.has_no_stamps();
        if painter.clock != *clock || is_waiting {
            painter.show_clock(*clock, clock_chunk.map(|chunk| chunk.0.stamps));
        }
        let set_stamp = stamp.setter();
        painter.on_stamp = Callback::from(move |told| set_stamp.set(told));
        painter.lane = *lane.borrow();
        painter.size = size;
        painter.text = text.clone();
        painter.hover = *hover;
        painter.wrong = wrong;
        painter.touch();
    }
    use_effect_with(handle.clone(), {
        let (painter, nodes) = (painter.clone(), nodes.clone());
        move |handle| {
            let guard = handle.on_frame(move |session| {
                painter.borrow_mut().paint(&nodes, session);
            });
            move || drop(guard)
        }
    });
    let pointed = {
        let (host, painter) = (host.clone(), painter.clone());
        Rc::new(move |event: &MouseEvent| {
            let rect = host.cast::<Element>()?.get_bounding_client_rect();
            let at = Point::new(
                f64::from(event.client_x()) - rect.left(),
                f64::from(event.client_y()) - rect.top(),
            );
            let hit = painter.borrow().hit(at);
            Some((at, hit))
        })
    };
    let onpointermove = {
        let (pointed, hover) = (pointed.clone(), hover.setter());
        Callback::from(move |event: PointerEvent| {
            hover.set(pointed(&event).and_then(|(_, hit)| hit));
        })
    };
    let onpointerleave = {
        let hover = hover.setter();
        Callback::from(move |_: PointerEvent| hover.set(None))
    };
    let onclick = {
        let (handle, painter) = (handle.clone(), painter.clone());
        Callback::from(move |event: MouseEvent| match pointed(&event) {
            Some((_, Some(fact))) => handle.dispatch(Action::Select(Selection::Fact(fact))),
            Some((at, None)) => {
                let at_us = painter.borrow().window.at(at.x);
                go_to(&handle, at_us);
            }
            None => {}
        })
    };
    let onwheel = {
        let (host, painter) = (host.clone(), painter.clone());
        Callback::from(move |event: WheelEvent| wheel(&host, &painter, &event))
    };
    let zoom = |steps: f64| {
        let painter = painter.clone();
        Callback::from(move |_: MouseEvent| {
            let mut painter = painter.borrow_mut();
            painter.window.zoom(steps);
            painter.touch();
        })
    };
    let told = (*hover).or(selected);
    use_chunk(Which::Designs, told.is_some());
    let told_in_words = told.map(|fact| sentence(&handle, &text, fact, false));
    // It comes with the next picture; until then it is that of something else.
    let stamp = (*stamp).clone();
    let stamp = stamp.filter(|it| it.0 == *clock && Some(it.1) == told);
    let stamp = stamp.map(|it| it.2);
    let said = selected.map_or_else(
        || text.get("ui.diagram.keys"),
        |fact| {
            let sentence = sentence(&handle, &text, fact, true);
            match stamp.clone().filter(|_| told == selected) {
                Some(stamp) => AttrValue::from(format!("{sentence} {stamp}")),
                None => sentence,
            }
        },
    );
    let style = format!("--lanes:{}", scenario.regions.len());
    // Each event has a name of its own: two may read the same, and a screen reader is to say both.
    let option = selected.map_or_else(
        || format!("diagram-{branch}-keys"),
        |fact| format!("diagram-{branch}-{}", fact.0),
    );
    html! {
        <div class="diagram" {style}>
            { clock_list(&text, clock) }
            <div class="zoom">
                { zoom_button(&text, "ui.diagram.zoom_out", "M2 6h8", zoom(-1.0)) }
                { zoom_button(&text, "ui.diagram.zoom_in", "M2 6h8M6 2v8", zoom(1.0)) }
            </div>
            <div class="ticks" aria-hidden="true"><canvas ref={nodes.ticks.clone()}></canvas></div>
            <ol class="lane-names" aria-hidden="true">
                { for scenario.regions.iter().enumerate().map(|(place, region)| html! {
                    <li key={place}>{ shape(place as u8) }{ region.get().id }</li>
                }) }
            </ol>
            <div
                class="lanes"
                ref={host}
                role="listbox"
                tabindex="0"
                aria-label={text.get("ui.diagram")}
                aria-activedescendant={option.clone()}
                onkeydown={on_key(handle.clone(), painter.clone(), lane)}
                {onpointermove}
                {onpointerleave}
                {onclick}
                {onwheel}
            >
                <canvas ref={nodes.lanes.clone()} aria-hidden="true"></canvas>
                <div
                    id={option}
                    class="visually-hidden"
                    role="option"
                    aria-selected={selected.is_some().to_string()}
                >
                    { said }
                </div>
            </div>
            <div class="tips">
                <div class="tip" ref={nodes.tip.clone()} hidden={told.is_none()}>
                    if let Some(words) = told_in_words {
                        <p>{ words }</p>
                    }
                    if let Some(stamp) = stamp {
                        <p class="stamp num">{ stamp }</p>
                    }
                    { tip_actions(&handle, &text, told.filter(|_| told == selected)) }
                </div>
            </div>
        </div>
    }
}

/// The writes that were lost and the charges that were one too many, as the judge sees
/// it, in order; the newest, if there are very many.
fn wrong(session: &Session) -> Vec<FactId> {
    const MOST: usize = 200;
    let judge = session.observer.judge();
    let mut facts = Map::new();
    for property in [
        PropertyId::AcknowledgedWrites,
        PropertyId::ExactlyOnce,
        PropertyId::OnceATick,
    ] {
        let Verdict::Violated { violations, .. } = judge.verdict(property) else {
            continue;
        };
        for violation in violations.iter().rev().take(MOST) {
            if property == PropertyId::AcknowledgedWrites {
                for write in &violation.writes {
                    facts.insert(FactId(write.0), ());
                }
            }
            let proofs = violation.witness.iter();
            for (fact, _) in
                proofs.filter(|(_, role)| matches!(role, Role::ChargedAgain | Role::RanAgain))
            {
                facts.insert(FactId(fact.0), ());
            }
        }
    }
    facts.into_keys().collect()
}

/// The list of clocks that can be shown.
fn clock_list(text: &Text, clock: UseStateHandle<ShownClock>) -> Html {
    let shown = *clock;
    let onchange = Callback::from(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        let value = select.map(|select| select.value());
        if let Some(chosen) = value.and_then(|value| ShownClock::from_value(&value)) {
            clock.set(chosen);
        }
    });
    let options = ShownClock::ALL.map(|clock| {
        html! {
            <option key={clock.value()} value={clock.value().to_string()} selected={clock == shown}>
                { text.get(clock.words()) }
            </option>
        }
    });
    html! {
        <select
            class="select select-s clock-list"
            aria-label={text.get("ui.diagram.clock")}
            title={text.get("ui.diagram.clock")}
            {onchange}
        >
            { for options }
        </select>
    }
}

fn zoom_button(text: &Text, id: &str, path: &'static str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button
            type="button"
            class="btn btn-quiet btn-icon"
            aria-label={text.get(id)}
            title={text.get(id)}
            {onclick}
        >
            <svg class="icon icon-s" viewBox="0 0 12 12" aria-hidden="true"><path d={path} /></svg>
        </button>
    }
}

/// What can be done with the fact that is picked out.
fn tip_actions(handle: &Handle, text: &Text, fact: Option<FactId>) -> Html {
    let Some(fact) = fact else {
        return html! { <div></div> };
    };
    let send = |action: Action| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(action.clone()))
    };
    let at = handle.read(|session| session.player.trace().get(fact).map(|it| clock(it.at())));
    html! {
        <div class="tip-end">
            <button type="button" class="linkish num" onclick={send(Action::GoToFact(fact))}>
                { at.unwrap_or_default() }
            </button>
            <button type="button" class="linkish" onclick={send(Action::Ask(Ask::Fact(fact)))}>
                { text.get("ui.why") }
            </button>
        </div>
    }
}

/// What is said of a fact, with its moment or without; nothing before the words are there,
/// which come as soon as somebody acts.
fn sentence(handle: &Handle, text: &Text, fact: FactId, has_moment: bool) -> AttrValue {
    handle.read(|session| {
        let scene = Scene::of(&session.player, &session.design);
        let designs = session.chunks.designs;
        designs.map_or_else(AttrValue::default, |chunk| {
            AttrValue::from((chunk.0.said)(text, &scene, fact, has_moment))
        })
    })
}

/// To a moment that has been played.
fn go_to(handle: &Handle, at_us: f64) {
    let end_us = handle.read(|session| session.player.frontier_time().0 as f64);
    let at_us = within(at_us, 0.0, end_us);
    handle.dispatch(Action::Select(Selection::Nothing));
    handle.dispatch(Action::GoTo(Time(at_us as u64)));
}

/// The wheel zooms, sideways it moves; where lanes or page have to be scrolled it
/// does so only with the control key.
fn wheel(host: &NodeRef, painter: &Rc<RefCell<Painter>>, event: &WheelEvent) {
    let scrolls = |element: Element| {
        let diagram = element.closest(".diagram").ok().flatten();
        let is_tall = diagram.is_some_and(|it| it.scroll_height() > it.client_height() + 1);
        let root = element
            .owner_document()
            .and_then(|it| it.document_element());
        let is_long = root.is_some_and(|it| it.scroll_height() > it.client_height() + 1);
        is_tall || is_long
    };
    let has_key = event.ctrl_key() || event.meta_key();
    if !has_key
        && host
            .cast::<HtmlElement>()
            .is_none_or(|it| scrolls(it.into()))
    {
        return;
    }
    event.prevent_default();
    let mut painter = painter.borrow_mut();
    if event.delta_x().abs() > event.delta_y().abs() {
        painter.window.pan(event.delta_x());
    } else {
        painter
            .window
            .zoom(within(-event.delta_y() / 120.0, -1.0, 1.0));
    }
    painter.touch();
}
