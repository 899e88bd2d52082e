//! The branches: where each came from, what is different in it, how far it got.

use std::collections::BTreeSet;

use splitbrain_engine::run::Run;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::twin::{are_twins, differences};
use splitbrain_words::clock;
use yew::prelude::*;

use super::modal::Modal;
use crate::parts::icon;
use crate::session::{Action, Branch, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// A branch in the list.
#[derive(Clone, PartialEq)]
struct Row {
    number: u32,
    /// How deep it stands in the tree.
    depth: u8,
    from: Option<(u32, Time)>,
    reached: Time,
    is_open: bool,
    may_drop: bool,
    /// It is the open run under another design.
    is_twin: bool,
    /// What its design has that its parent's has not, service by service.
    design: String,
    /// Commands that its parent does not have.
    commands: usize,
}

/// The list of branches.
#[component]
pub(crate) fn Branches() -> Html {
    let text = use_text();
    let rows = use_session(rows);
    html! {
        <Modal title={text.get("ui.branches")}>
            <p class="muted">{ text.get("ui.branches.what") }</p>
            <ul class="branches">
                { for rows.iter().map(|row| html! { <BranchRow key={row.number} row={row.clone()} /> }) }
            </ul>
        </Modal>
    }
}

/// Children stand right after their parent, deeper.
fn rows(session: &Session) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for branch in &session.branches {
        let parent = branch.from.map(|(from, _)| from);
        let has_parent = session.branches.iter().any(|it| Some(it.number) == parent);
        if !has_parent {
            grow(session, branch, 0, &mut rows, &mut seen);
        }
    }
    rows
}

fn grow(
    session: &Session,
    branch: &Branch,
    depth: u8,
    rows: &mut Vec<Row>,
    seen: &mut BTreeSet<u32>,
) {
    if !seen.insert(branch.number) {
        return;
    }
    let is_open = branch.number == session.branch;
    let run = now_run_of(session, branch);
    let parent = branch
        .from
        .and_then(|(from, _)| session.branches.iter().find(|held| held.number == from))
        .map(|parent| now_run_of(session, parent));
    rows.push(Row {
        number: branch.number,
        depth,
        from: branch.from,
        reached: if is_open {
            session.reached()
        } else {
            branch.reached
        },
        is_open,
        may_drop: session.may_drop(branch.number),
        is_twin: are_twins(session.player.run(), run),
        design: parent.map_or_else(String::new, |parent| {
            let words = session.text.words();
            words.design_parts(&run.design(), &differences(parent, run))
        }),
        commands: parent.map_or(run.commands.len(), |parent| added(run, parent)),
    });
    for child in &session.branches {
        if child.from.is_some_and(|(from, _)| from == branch.number) {
            grow(session, child, depth.saturating_add(1), rows, seen);
        }
    }
}

/// The run of a branch as it is now: of the open one, as it is played.
fn now_run_of<'a>(session: &'a Session, branch: &'a Branch) -> &'a Run {
    if branch.number == session.branch {
        session.player.run()
    } else {
        &branch.run
    }
}

/// The run of the branch with this number.
pub(super) fn run_of(session: &Session, number: u32) -> Option<Run> {
    let branch = session.branches.iter().find(|it| it.number == number)?;
    Some(now_run_of(session, branch).clone())
}

fn added(run: &Run, parent: &Run) -> usize {
    let same = run.commands.iter().zip(&parent.commands);
    run.commands.len() - same.take_while(|(mine, theirs)| mine == theirs).count()
}

/// One branch.
#[derive(Clone, PartialEq, Properties)]
struct BranchRowProps {
    row: Row,
}

#[component]
fn BranchRow(props: &BranchRowProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let row = &props.row;
    let number = row.number;
    let open = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Close);
            handle.dispatch(Action::OpenBranch(number));
        })
    };
    let to_forget = handle.clone();
    let forget =
        Callback::from(move |_: MouseEvent| to_forget.dispatch(Action::DropBranch(number)));
    let compare = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            let run = handle.read(|session| run_of(session, number));
            if let Some(run) = run {
                super::compare::begin(&handle, run);
            }
        })
    };
    let name = name(&text, row.from.is_none(), number);
    let columns = if row.is_twin {
        ";grid-template-columns:minmax(0,1fr) auto auto"
    } else {
        ""
    };
    let indent = u32::from(row.depth.min(6)) * 16;
    let indent = format!("padding-left:{indent}px{columns}");
    html! {
        <li style={indent}>
            <button type="button" class={classes!("branch", row.is_open.then_some("first"))} aria-current={row.is_open.then_some("true")} onclick={open}>
                { icon("branch") }
                <span>{ name.clone() }</span>
                <span class="end">{ clock(row.reached) }</span>
                <small>{ about(&text, row) }</small>
            </button>
            if row.is_twin {
                <button type="button" class="btn" aria-label={format!("{}: {}", text.get("ui.branches.compare"), name)} onclick={compare}>
                    { text.get("ui.branches.compare") }
                </button>
            }
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                disabled={!row.may_drop}
                aria-label={format!("{}: {}", text.get("ui.branches.forget"), name)}
                onclick={forget}
            >
                { icon("trash") }
            </button>
        </li>
    }
}

pub(super) fn name(text: &Text, is_first: bool, number: u32) -> AttrValue {
    if is_first && number == 0 {
        text.get("ui.branches.first")
    } else {
        text.with("ui.branches.name", &[("n", number)])
    }
}

fn about(text: &Text, row: &Row) -> String {
    let mut parts = Vec::new();
    if let Some((_, at)) = row.from {
        parts.push(text.with("ui.branches.from", &[("time", at)]).to_string());
    }
    if !row.design.is_empty() {
        parts.push(row.design.clone());
    }
    if row.commands > 0 || row.design.is_empty() {
        let commands = text.with("ui.branches.commands", &[("n", row.commands)]);
        parts.push(commands.to_string());
    }
    parts.join(" \u{b7} ")
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::run::Command;
    use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};

    use super::*;

    #[test]
    fn a_branch_stands_below_the_one_that_it_was_forked_from() {
        let mut session = Session::new(1);
        session.reduce(Action::Act(Command::CrashRegion { region: 2 }));
        let choice = Choice {
            service: ServiceKind::Prices,
            slot: Slot::Merge,
            policy: "arrival_order".into(),
        };
        session.reduce(Action::Choose(choice));
        let rows = rows(&session);
        let shape: Vec<_> = rows.iter().map(|row| (row.depth, row.is_open)).collect();
        assert_eq!(shape, [(0, false), (1, true)]);
        let policy = session.text.words().policy("arrival_order");
        assert_eq!(rows[1].design, format!("Prices: {policy}"));
        assert_eq!((rows[0].commands, rows[1].commands), (1, 0));
    }
}
