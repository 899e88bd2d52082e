//! The log: every fact as a sentence, around the cursor. What the stage shows, as text.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, Label, OpKind, Outcome};
use splitbrain_engine::sim::trace::Trace;
use splitbrain_words::{Scene, clock};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use crate::parts::{icon, shape};
use crate::session::{Action, Ask, Handle, Selection, Session, use_handle, use_session};
use crate::text::{Text, use_text};

use super::{autopsy, say};

/// Facts shown before the cursor, at first and each time that more are asked for.
const BEFORE: u32 = 60;
/// And after it, where the run has been played already.
const AFTER: u32 = 12;
/// Facts looked at in search of those, each way.
const LOOK: u32 = 40_000;

/// Which facts are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kinds {
    /// Those that change something for somebody.
    Telling,
    /// All.
    All,
    /// Of one kind.
    Only(FactKind),
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Filter {
    kinds: Kinds,
    region: Option<u8>,
    before: u32,
}

impl Filter {
    fn takes(self, trace: &Trace, fact: &Fact) -> bool {
        let kind = match self.kinds {
            Kinds::Telling => is_telling(trace, fact),
            Kinds::All => true,
            Kinds::Only(kind) => fact.kind() == kind,
        };
        let here = |place: u8| [fact.host.0, fact.peer.0].contains(&u16::from(place));
        kind && self.region.is_none_or(here)
    }
}

/// Messages and the inner steps of a request say little by themselves, unless
/// something went wrong.
fn is_telling(trace: &Trace, fact: &Fact) -> bool {
    match fact.kind() {
        FactKind::OperationReturned => {
            let started = trace.get(FactId(fact.a)).and_then(Fact::op_kind);
            fact.outcome() != Some(Outcome::Ok) || started != Some(OpKind::Read)
        }
        FactKind::AttemptStarted => fact.b > 1,
        // Replacing what was there is what writes do; being turned away is news.
        FactKind::ValueOverwritten => trace.get(fact.cause).is_some_and(|it| it.flag() == 0),
        // Comparisons come again and again, so one that is lost is no loss.
        FactKind::MessageSent => fact
            .message()
            .is_some_and(|(label, fate)| fate != Fate::Arrives && label != Label::Digest),
        FactKind::OperationStarted
        | FactKind::ReadServed
        | FactKind::WriteApplied
        | FactKind::KeyMarkedInFlight
        | FactKind::ResultStored
        | FactKind::ReplicasCompared
        | FactKind::TombstonesHeld
        | FactKind::VersionChosen
        | FactKind::KeyPlaced
        | FactKind::ContextGiven
        | FactKind::QuorumAnswered
        | FactKind::HintDelivered
        | FactKind::VoteGiven
        | FactKind::EpochRefused
        | FactKind::LockGranted
        | FactKind::RightsAsked
        | FactKind::WordInserted
        | FactKind::WordDeleted
        | FactKind::LockReleased
        | FactKind::FlagSet
        | FactKind::ReadHeld
        | FactKind::CommitHeld
        | FactKind::MessageDelivered
        | FactKind::JobDue => false,
        // Leases are renewed again and again.
        FactKind::LeaseGranted => fact.flag() == 0,
        _ => true,
    }
}

/// Whether somebody should worry.
fn is_bad(fact: &Fact) -> bool {
    match fact.kind() {
        FactKind::AttemptTimedOut
        | FactKind::MessageDropped
        | FactKind::RegionCrashed
        | FactKind::RegionPaused
        | FactKind::UnflushedLost
        | FactKind::WriteRolledBack
        | FactKind::WriteSetAside
        | FactKind::StockOversold
        | FactKind::RemovedReturned
        | FactKind::SteppedDown
        | FactKind::QuorumMissed
        | FactKind::HistoryLost
        | FactKind::HomeMoveRefused
        | FactKind::QuestionNotAsked
        | FactKind::LinkCut => true,
        FactKind::OperationReturned => fact.outcome() != Some(Outcome::Ok),
        FactKind::MessageSent => fact.message().is_some_and(|(_, fate)| !fate.arrives()),
        _ => false,
    }
}

/// A row: the fact and what is worth knowing of it now.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    id: FactId,
    fact: Fact,
    is_now: bool,
    is_ahead: bool,
}

fn rows(session: &Session, filter: Filter) -> Vec<Row> {
    let (trace, end) = (session.player.trace(), session.player.end());
    let selected = match session.selection {
        Selection::Fact(id) => Some(id),
        _ => None,
    };
    let row = |id: FactId, fact: &Fact| Row {
        id,
        fact: *fact,
        is_now: selected.map_or(id.0 + 1 == end.0, |selected| selected == id),
        is_ahead: id >= end,
    };
    let first = FactId(end.0.saturating_sub(LOOK));
    let earlier: Vec<Row> = (first.0..end.0)
        .rev()
        .filter_map(|id| Some((FactId(id), trace.get(FactId(id))?)))
        .filter(|(_, fact)| filter.takes(trace, fact))
        .take(filter.before as usize)
        .map(|(id, fact)| row(id, fact))
        .collect();
    let later = trace.range(end, FactId(end.0.saturating_add(LOOK)));
    let later = later
        .filter(|(_, fact)| filter.takes(trace, fact))
        .take(AFTER as usize);
    let later = later.map(|(id, fact)| row(id, fact));
    earlier.into_iter().rev().chain(later).collect()
}

/// The log.
#[component]
pub(crate) fn Log() -> Html {
    let text = use_text();
    let handle = use_handle();
    let kinds = use_state_eq(|| Kinds::Telling);
    let region = use_state_eq(|| None::<u8>);
    let before = use_state_eq(|| BEFORE);
    let scenario = use_session(|session| session.design.clone());
    let shown = Filter {
        kinds: *kinds,
        region: *region,
        before: *before,
    };
    let rows = use_session(move |session| rows(session, shown));
    let list = use_node_ref();
    // The newest fact stays in sight, unless somebody has scrolled away from it.
    let last = rows.iter().rfind(|row| !row.is_ahead).map(|row| row.id);
    use_effect_with((last, shown), {
        let list = list.clone();
        move |_| {
            if let Some(list) = list.cast::<HtmlElement>() {
                follow(&list);
            }
        }
    });
    let choose_kinds = Callback::from(move |event: Event| {
        let chosen = value_of(&event);
        let number = || chosen.parse().ok().and_then(FactKind::from_number);
        kinds.set(match chosen.as_str() {
            "telling" => Kinds::Telling,
            _ => number().map_or(Kinds::All, Kinds::Only),
        });
    });
    let choose_region =
        Callback::from(move |event: Event| region.set(value_of(&event).parse().ok()));
    let earlier = Callback::from(move |_: MouseEvent| before.set(shown.before + BEFORE));
    // What only some strategies make happen is named when they have come.
    let is_named = |kind: &&FactKind| text.words().has(&format!("kind.{}", kind.id()));
    let named = FactKind::ALL.iter().filter(is_named);
    let has_earlier = rows.iter().filter(|row| !row.is_ahead).count() as u32 == shown.before;
    html! {
        <>
            <div class="log-bar">
                <select class="select select-s" aria-label={text.get("ui.log.filter")} onchange={choose_kinds}>
                    <option value="telling" selected={shown.kinds == Kinds::Telling}>{ text.get("ui.log.filter.notable") }</option>
                    <option value="all" selected={shown.kinds == Kinds::All}>{ text.get("ui.log.filter.all") }</option>
                    <optgroup label={text.get("ui.log.filter.kind")}>
                        { for named.map(|&kind| html! {
                            <option key={kind as u8} value={(kind as u8).to_string()} selected={shown.kinds == Kinds::Only(kind)}>
                                { text.words().fact_kind(kind).to_string() }
                            </option>
                        }) }
                    </optgroup>
                </select>
                <select class="select select-s" aria-label={text.get("ui.log.region")} onchange={choose_region}>
                    <option value="" selected={shown.region.is_none()}>{ text.get("ui.log.region.any") }</option>
                    <optgroup label={text.get("ui.log.region")}>
                        { for (0..scenario.regions.len() as u8).map(|place| html! {
                            <option key={place} value={place.to_string()} selected={shown.region == Some(place)}>
                                { say::region(&scenario, place) }
                            </option>
                        }) }
                    </optgroup>
                </select>
            </div>
            <div>
                if has_earlier {
                    <p class="log-more"><button type="button" class="linkish" onclick={earlier}>{ text.get("ui.log.earlier") }</button></p>
                }
                if rows.is_empty() {
                    <p class="muted log-more">{ text.get("ui.panel.empty") }</p>
                }
            </div>
            <ol class="log" ref={list} aria-label={text.get("ui.log.label")}>
                { for rows.iter().map(|row| row_view(&text, &handle, row)) }
            </ol>
        </>
    }
}

fn row_view(text: &Text, handle: &Handle, row: &Row) -> Html {
    let (id, fact) = (row.id, row.fact);
    let (said, place) = handle.read(|session| {
        let scene = Scene::of(&session.player, &session.design);
        let regions = session.design.regions.len() as u16;
        let place = [fact.host.0, fact.peer.0]
            .into_iter()
            .find(|&host| host < regions);
        (text.words().fact(&scene, id), place)
    });
    let go = handle.clone();
    let ask = handle.clone();
    let time = clock(fact.at());
    let bad = is_bad(&fact);
    html! {
        <li
            key={id.0}
            class={classes!(bad.then_some("is-bad"), row.is_now.then_some("is-now"), row.is_ahead.then_some("is-ahead"))}
            aria-current={row.is_now.then_some("true")}
        >
            <button
                type="button"
                class="at"
                aria-label={text.with("ui.log.go", &[("time", time.clone())])}
                onclick={Callback::from(move |_| go.dispatch(Action::GoToFact(id)))}
            >
                { time }
            </button>
            { match place {
                Some(place) => shape(place as u8),
                None => icon("circle"),
            } }
            if autopsy::is_offered(fact.kind()) {
                <span>{ text.show(&said) }{ " " }{ autopsy::button(text, handle, id) }</span>
            } else {
                { text.show(&said) }
            }
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label={text.with("ui.regions.why", &[("what", said.to_string())])}
                onclick={Callback::from(move |_| ask.dispatch(Action::Ask(Ask::Fact(id))))}
            >
                { icon("why") }
            </button>
        </li>
    }
}

/// Scrolls the panel to the row of the cursor if it was near its end.
fn follow(list: &HtmlElement) {
    let Some(panel) = list.closest(".panel").ok().flatten() else {
        return;
    };
    let now = list.query_selector(".is-now").ok().flatten();
    let ahead = list.query_selector(".is-ahead").ok().flatten();
    let hidden = panel.scroll_height() - panel.scroll_top() - panel.client_height();
    if let (Some(now), Some(_)) = (&now, ahead) {
        let (row, frame) = (
            now.get_bounding_client_rect(),
            panel.get_bounding_client_rect(),
        );
        if row.top() < frame.top() || row.bottom() > frame.bottom() {
            let middle = row.top() - frame.top() - frame.height() / 2.0;
            panel.set_scroll_top(panel.scroll_top() + middle as i32);
        }
    } else if hidden < panel.client_height() / 2 || panel.scroll_top() == 0 {
        panel.set_scroll_top(panel.scroll_height());
    }
}

fn value_of(event: &Event) -> String {
    let select = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
    select.map_or_else(String::new, |select| select.value())
}
