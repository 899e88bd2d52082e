//! What to compare the open run with: other policies in one slot or in several, or a branch
//! that is the same run under another design.

use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_lesson::twin::{are_twins, differences, twin_of};
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
    /// What its design has where the two differ.
    choices: Vec<Choice>,
}

/// The dialog.
#[component]
pub(crate) fn Compare() -> Html {
    let text = use_text();
    let handle = use_handle();
    let chosen = use_state(Vec::<Choice>::new);
    let rows = use_session(rows);
    let design = use_session(|session| session.design.clone());
    let field = use_node_ref();
    // What the list offers next is up to what was chosen: each strategy and each rule brings
    // places of its own.
    let choices = {
        let chosen = (*chosen).clone();
        use_session(move |session| choices(session, &session.design.with(&chosen)))
    };
    let selected = {
        let (choices, field) = (choices.clone(), field.clone());
        move || {
            let place = field.cast::<HtmlSelectElement>()?.value();
            choices.get(place.parse::<usize>().ok()?).cloned()
        }
    };
    let compare = {
        let (handle, chosen, selected) = (handle.clone(), chosen.clone(), selected.clone());
        Callback::from(move |_: MouseEvent| {
            let mut all = (*chosen).clone();
            all.extend(selected());
            if !all.is_empty() {
                let run = handle.read(|session| twin_of(session.player.run(), &all));
                begin(&handle, run);
            }
        })
    };
    let choose = {
        let (handle, chosen) = (handle.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| {
            let mut all = (*chosen).clone();
            all.extend(selected());
            chosen.set(handle.read(|session| fitting(session, &all)));
        })
    };
    let take_back = {
        let (handle, chosen, field) = (handle.clone(), chosen.clone(), field.clone());
        Callback::from(move |place: usize| {
            let mut all = (*chosen).clone();
            all.remove(place);
            chosen.set(handle.read(|session| fitting(session, &all)));
            // The button that was pressed is gone.
            if let Some(select) = field.cast::<HtmlSelectElement>() {
                let _ = select.focus();
            }
        })
    };
    html! {
        <Modal title={text.get("ui.twin.with")}>
            <p class="muted">{ text.node("ui.twin.with.what") }</p>
            <div class="field">
                <label for="twin-policy">{ text.node("ui.twin.with.policy") }</label>
                // Made anew when something was chosen: it offers other things then.
                <select key={chosen.len()} class="select" id="twin-policy" ref={field}>
                    if !chosen.is_empty() {
                        <option value="" selected=true>{ text.get("ui.twin.with.nothing") }</option>
                    }
                    { for groups(&choices).into_iter().map(|group| {
                        group_view(&text, &design, &choices, group, |place| place == 0 && chosen.is_empty())
                    }) }
                </select>
                <div class="btn-row">
                    <button type="button" class="btn" onclick={choose}>
                        { text.node("ui.twin.with.more") }
                    </button>
                    <button type="button" class="btn btn-primary" onclick={compare}>
                        { text.node("ui.twin.with.begin") }
                    </button>
                </div>
                <div role="status">{ for chosen_view(&text, &design, &chosen, &take_back) }</div>
            </div>
            <div>
                if !rows.is_empty() {
                    <div class="field">
                        <span class="label">{ text.node("ui.twin.with.branch") }</span>
                        <ul class="branches">{ for rows.iter().map(|row| row_view(&text, &design, &handle, row)) }</ul>
                    </div>
                }
            </div>
        </Modal>
    }
}

/// Of what was chosen one after the other what can be put into its place still, and is not
/// there already.
fn fitting(session: &Session, chosen: &[Choice]) -> Vec<Choice> {
    let mut kept: Vec<Choice> = Vec::new();
    for (place, choice) in chosen.iter().enumerate() {
        let mut later = chosen[place + 1..].iter();
        let is_again = later.any(|it| (it.service, it.slot) == (choice.service, choice.slot));
        let design = session.design.with(&kept);
        if !is_again && choices(session, &design).contains(choice) {
            kept.push(choice.clone());
        }
    }
    kept
}

/// What was chosen, each with a button that takes it back.
fn chosen_view(
    text: &Text,
    design: &Scenario,
    chosen: &[Choice],
    take_back: &Callback<usize>,
) -> Option<Html> {
    let row = |(place, choice): (usize, &Choice)| {
        let name = text
            .words()
            .design_parts(design, std::slice::from_ref(choice));
        let label = text.with("ui.twin.with.take_back", &[("what", name.as_str())]);
        let onclick = take_back.reform(move |_: MouseEvent| place);
        html! {
            <li key={name.clone()}>
                <span>{ name.clone() }</span>
                <button type="button" class="btn btn-icon" aria-label={label} {onclick}>
                    { icon("close") }
                </button>
            </li>
        }
    };
    (!chosen.is_empty()).then(|| {
        html! {
            <>
                <span class="label">{ text.node("ui.twin.with.chosen") }</span>
                <ul class="branches">{ for chosen.iter().enumerate().map(row) }</ul>
            </>
        }
    })
}

/// Branches that are the open run under another design.
fn rows(session: &Session) -> Vec<Row> {
    let run = session.player.run();
    let branches = session.branches.iter();
    let twins = branches.filter(|it| it.number != session.branch && are_twins(run, &it.run));
    let rows = twins.map(|branch| Row {
        number: branch.number,
        is_first: branch.from.is_none(),
        choices: differences(run, &branch.run),
    });
    rows.collect()
}

/// The slots in which something can be chosen, in order.
fn groups(choices: &[Choice]) -> Vec<(ServiceKind, Slot)> {
    let mut groups: Vec<_> = choices.iter().map(|it| (it.service, it.slot)).collect();
    groups.dedup();
    groups
}

fn group_view(
    text: &Text,
    design: &Scenario,
    choices: &[Choice],
    group: (ServiceKind, Slot),
    is_first: impl Fn(usize) -> bool,
) -> Html {
    let words = text.words();
    let label = format!("{}: {}", words.service(group.0), words.slot(group.1));
    let own = choices.iter().enumerate();
    let own = own.filter(|(_, choice)| (choice.service, choice.slot) == group);
    html! {
        <optgroup key={label.clone()} {label}>
            { for own.map(|(place, choice)| html! {
                // Options come from the last to the first, and a list takes the first that came.
                <option key={place} value={place.to_string()} selected={is_first(place)}>
                    // The closed list shows nothing of the group.
                    { words.of_service(design, group.0, &words.policy(&choice.policy).to_string()) }
                </option>
            }) }
        </optgroup>
    }
}

fn row_view(text: &Text, design: &Scenario, handle: &Handle, row: &Row) -> Html {
    let (handle, number) = (handle.clone(), row.number);
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(run) = handle.read(|session| run_of(session, number)) {
            begin(&handle, run);
        }
    });
    html! {
        <li key={number}>
            <button type="button" class="branch" {onclick}>
                { icon("branch") }
                <span>{ name(text, row.is_first, number) }</span>
                <small>{ text.words().design_parts(design, &row.choices) }</small>
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

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(slot: Slot, policy: &str) -> Choice {
        Choice {
            service: ServiceKind::Carts,
            slot,
            policy: policy.into(),
        }
    }

    #[test]
    fn what_a_choice_brings_along_can_be_chosen_after_it_and_goes_with_it() {
        let session = Session::new(7);
        let writer = choice(Slot::Replication, "single_writer_asynchronous");
        let reads = choice(Slot::Reads, "reads_at_writer");
        let both = [writer.clone(), reads.clone()];
        assert_eq!(fitting(&session, &both), both);
        assert_eq!(fitting(&session, &[reads]), []);
        let design = session.design.with(&both);
        let carts = design.services.iter();
        let carts = carts.filter(|it| it.kind == ServiceKind::Carts);
        let chosen: Vec<Option<&str>> = carts.map(|it| it.choice(Slot::Reads)).collect();
        assert_eq!(chosen, [Some("reads_at_writer")]);
    }

    #[test]
    fn of_two_choices_for_one_place_the_later_one_counts_and_what_is_there_already_is_none() {
        let session = Session::new(7);
        let set = choice(Slot::Merge, "g_set");
        let stamps = choice(Slot::Merge, "last_writer_wins");
        let both = [set, stamps.clone()];
        assert_eq!(fitting(&session, &both), [stamps]);
        let own = session.design.services.iter();
        let own = own.filter(|it| it.kind == ServiceKind::Carts);
        let own: Vec<Choice> = own
            .filter_map(|it| Some(choice(Slot::Merge, it.choice(Slot::Merge)?)))
            .collect();
        assert_eq!(own.len(), 1);
        assert_eq!(fitting(&session, &own), []);
    }
}
