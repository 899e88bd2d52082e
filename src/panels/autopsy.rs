//! The autopsy of a lost write: the sheet that "why?" opens on request, with jumps to the
//! moments that it speaks of.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_engine::sim::fact::{FactId, FactKind};
use splitbrain_lesson::autopsy::{Autopsy, Examination, Loss, Moment};
use splitbrain_words::autopsy::{Line, Section, Sheet as Said};
use splitbrain_words::{Role, Scene, clock};
use yew::prelude::*;

use crate::parts::{icon, shape, sign};
use crate::session::{Action, Ask, Handle, use_handle, use_session};
use crate::text::{Text, use_text};

/// Facts that are read in one frame at most: some milliseconds.
const A_FRAME: u32 = 16_000;

/// Whether a fact tells of a write that gave way or of money, so that its line offers an
/// autopsy.
pub(super) fn is_offered(kind: FactKind) -> bool {
    matches!(
        kind,
        FactKind::ValueOverwritten
            | FactKind::WriteRolledBack
            | FactKind::WriteSetAside
            | FactKind::UnflushedLost
            | FactKind::ChargeMade
    )
}

/// A button that opens the autopsy of what a fact speaks of.
pub(super) fn button(text: &Text, handle: &Handle, fact: FactId) -> Html {
    let handle = handle.clone();
    let onclick =
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(Ask::Autopsy(fact))));
    html! { <button type="button" class="linkish" {onclick}>{ text.get("ui.autopsy") }</button> }
}

/// Of what.
#[derive(Clone, Copy, PartialEq, Properties)]
pub(super) struct Props {
    /// The fact that was asked about.
    pub fact: FactId,
}

#[derive(Clone, PartialEq)]
enum Content {
    Coming,
    Nothing,
    Here(Rc<Autopsy>),
}

/// The sheet.
#[component]
pub(super) fn Sheet(props: &Props) -> Html {
    let text = use_text();
    let handle = use_handle();
    let fact = props.fact;
    let run = use_session(|session| (session.branch, session.player.run().commands.len()));
    let content = use_state_eq(|| Content::Coming);
    use_effect_with((fact, run), {
        let (handle, content) = (handle.clone(), content.clone());
        move |_| {
            content.set(Content::Coming);
            let examination = handle.read(|session| {
                let (run, trace) = (session.player.run(), session.player.trace());
                Examination::new(run, trace, fact, FactId(trace.len()))
            });
            if examination.is_none() {
                content.set(Content::Nothing);
            }
            let examination = RefCell::new(examination);
            let guard = handle.on_frame(move |session| {
                let mut held = examination.borrow_mut();
                let done = held
                    .as_mut()
                    .is_some_and(|it| it.advance(&session.player, A_FRAME));
                if done {
                    let sheet = held.take().and_then(|it| it.sheet());
                    content.set(sheet.map_or(Content::Nothing, |it| Content::Here(Rc::new(it))));
                }
            });
            move || drop(guard)
        }
    });
    match &*content {
        Content::Coming => {
            html! { <p role="status" class="muted">{ text.get("ui.autopsy.reading") }</p> }
        }
        Content::Nothing => html! { <p class="muted">{ text.get("ui.autopsy.none") }</p> },
        Content::Here(sheet) => {
            let said = handle.read(|session| {
                let scene = Scene::of(&session.player, &session.design);
                text.words().autopsy(&scene, sheet)
            });
            view(&text, &handle, fact, sheet.loss, &said)
        }
    }
}

fn view(text: &Text, handle: &Handle, fact: FactId, loss: Loss, said: &Said) -> Html {
    let (name, meaning) = match loss {
        Loss::None => ("check", "good"),
        Loss::AtRisk => ("warning", "warn"),
        Loss::Lost => ("cross", "bad"),
        Loss::Unpromised => ("circle", "muted"),
    };
    let why = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(Ask::Fact(fact))))
    };
    html! {
        <>
            <p role="status">
                <b class={classes!("sign", meaning)}>{ sign(name, meaning) }<span>{ text.show(&said.verdict) }</span></b>
                <br />
                { text.show(&said.conclusion) }{ "." }
            </p>
            { table(text, handle, said) }
            <ul>
                { for said.order.iter().enumerate().map(|(at, line)| html! {
                    <li key={at}>{ text.show(&line.text) }{ ". " }{ for line.moment.map(|it| jump(text, handle, it)) }</li>
                }) }
            </ul>
            { for said.sections.iter().enumerate().map(|(at, it)| section(text, handle, at, it)) }
            <p class="acts">
                <span>{ text.show(&said.until) }</span>
                <button type="button" class="linkish" onclick={why}>{ text.get("ui.why") }</button>
            </p>
        </>
    }
}

fn table(text: &Text, handle: &Handle, said: &Said) -> Html {
    let cell = |line: &Line| {
        let is_time = line
            .text
            .pieces
            .iter()
            .any(|it| matches!(it.role, Role::Time(_)));
        html! {
            <>
                if !is_time { { text.show(&line.text) }{ " " } }
                { for line.moment.map(|it| jump(text, handle, it)) }
            </>
        }
    };
    html! {
        <table class="ledger">
            <thead>
                <tr>
                    <td></td>
                    { for said.columns.iter().enumerate().map(|(at, column)| html! {
                        <th key={at} scope="col">{ text.show(column) }</th>
                    }) }
                </tr>
            </thead>
            <tbody>
                { for said.rows.iter().enumerate().map(|(at, row)| html! {
                    <tr key={at}>
                        <th scope="row">{ text.show(&row.name) }</th>
                        { for row.cells.iter().enumerate().map(|(at, line)| html! {
                            <td key={at}>{ cell(line) }</td>
                        }) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn section(text: &Text, handle: &Handle, at: usize, section: &Section) -> Html {
    let mark = |line: &Line| {
        let mut roles = line.text.pieces.iter().map(|piece| piece.role);
        let region = roles.find_map(|role| match role {
            Role::Region(place) => Some(place),
            _ => None,
        });
        region.map_or_else(|| icon("circle"), shape)
    };
    html! {
        <section key={at}>
            <h3>{ text.show(&section.title) }</h3>
            <ol class="log">
                { for section.lines.iter().enumerate().map(|(at, line)| html! {
                    <li key={at}>
                        <span>{ for line.moment.map(|it| jump(text, handle, it)) }</span>
                        { mark(line) }
                        { text.show(&line.text) }
                    </li>
                }) }
            </ol>
        </section>
    }
}

/// A moment, to go to.
fn jump(text: &Text, handle: &Handle, moment: Moment) -> Html {
    let (handle, time) = (handle.clone(), clock(moment.at));
    let go = move |_: MouseEvent| handle.dispatch(Action::GoToFact(moment.fact));
    html! {
        <button
            type="button"
            class="at"
            aria-label={text.with("ui.log.go", &[("time", time.clone())])}
            onclick={Callback::from(go)}
        >
            { time }
        </button>
    }
}
