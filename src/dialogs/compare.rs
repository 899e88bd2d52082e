//! What to compare the open run with: another policy in one slot, or a branch that is
//! the same run under another design.

use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_lesson::twin::{are_twins, differences};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::branches::{name, run_of};
use super::modal::Modal;
use super::offers::choices;
use crate::chunk::{self, Which, fetch};
use crate::parts::icon;
use crate::session::{Action, Handle, NoticeKind, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// A branch to compare with.
#[derive(Clone, PartialEq)]
struct Row {
    number: u32,
    is_first: bool,
    policies: Vec<String>,
}

/// The dialog.
#[component]
pub(crate) fn Compare() -> Html {
    let text = use_text();
    let handle = use_handle();
    let choices = use_session(choices);
    let rows = use_session(rows);
    let field = use_node_ref();
    let onclick = {
        let (handle, choices, field) = (handle.clone(), choices.clone(), field.clone());
        Callback::from(move |_: MouseEvent| {
            let select = field.cast::<HtmlSelectElement>();
            let place = select.and_then(|select| select.value().parse::<usize>().ok());
            if let Some(choice) = place.and_then(|place| choices.get(place)) {
                let run = handle.read(|session| session.player.run().with(choice.clone()));
                begin(&handle, run);
            }
        })
    };
    html! {
        <Modal title={text.get("ui.twin.with")}>
            <p class="muted">{ text.node("ui.twin.with.what") }</p>
            <div class="field">
                <label for="twin-policy">{ text.node("ui.twin.with.policy") }</label>
                <div class="field-row">
                    <select class="select" id="twin-policy" ref={field}>
                        { for groups(&choices).into_iter().map(|group| group_view(&text, &choices, group)) }
                    </select>
                    <button type="button" class="btn btn-primary" {onclick}>
                        { text.node("ui.twin.with.begin") }
                    </button>
                </div>
            </div>
            <div>
                if !rows.is_empty() {
                    <div class="field">
                        <span class="label">{ text.node("ui.twin.with.branch") }</span>
                        <ul class="branches">{ for rows.iter().map(|row| row_view(&text, &handle, row)) }</ul>
                    </div>
                }
            </div>
        </Modal>
    }
}

/// Branches that are the open run under another design.
fn rows(session: &Session) -> Vec<Row> {
    let run = session.player.run();
    let branches = session.branches.iter();
    let twins = branches.filter(|it| it.number != session.branch && are_twins(run, &it.run));
    let rows = twins.map(|branch| Row {
        number: branch.number,
        is_first: branch.from.is_none(),
        policies: differences(run, &branch.run)
            .into_iter()
            .map(|choice| choice.policy)
            .collect(),
    });
    rows.collect()
}

/// The slots in which something can be chosen, in order.
fn groups(choices: &[Choice]) -> Vec<(ServiceKind, Slot)> {
    let mut groups: Vec<_> = choices.iter().map(|it| (it.service, it.slot)).collect();
    groups.dedup();
    groups
}

fn group_view(text: &Text, choices: &[Choice], group: (ServiceKind, Slot)) -> Html {
    let words = text.words();
    let label = format!("{}: {}", words.service(group.0), words.slot(group.1));
    let own = choices.iter().enumerate();
    let own = own.filter(|(_, choice)| (choice.service, choice.slot) == group);
    html! {
        <optgroup key={label.clone()} {label}>
            { for own.map(|(place, choice)| html! {
                <option key={place} value={place.to_string()}>
                    { words.policy(&choice.policy).to_string() }
                </option>
            }) }
        </optgroup>
    }
}

fn row_view(text: &Text, handle: &Handle, row: &Row) -> Html {
    let (handle, number) = (handle.clone(), row.number);
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(run) = handle.read(|session| run_of(session, number)) {
            begin(&handle, run);
        }
    });
    let policies = row.policies.iter();
    let policies: Vec<String> = policies
        .map(|policy| text.words().policy(policy).to_string())
        .collect();
    html! {
        <li key={number}>
            <button type="button" class="branch" {onclick}>
                { icon("branch") }
                <span>{ name(text, row.is_first, number) }</span>
                <small>{ policies.join(" \u{b7} ") }</small>
            </button>
        </li>
    }
}

/// Compares with this run, when what is needed for that has come.
pub(super) fn begin(handle: &Handle, run: Run) {
    let handle = handle.clone();
    handle.dispatch(Action::Close);
    spawn_local(async move {
        match fetch(&handle, Which::Twin).await {
            Ok(()) => handle.dispatch(Action::Compare(Some(run))),
            Err(_) => handle.dispatch(Action::Say(NoticeKind::Error, chunk::said())),
        }
    });
}
