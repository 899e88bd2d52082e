//! Why? The chain of facts that led to a value, a loss or a charge.

use splitbrain_engine::sim::fact::{FactId, FactKind};
use splitbrain_lesson::autopsy::{Subject, of_violation};
use splitbrain_lesson::why::{Role, Step, why_fact, why_value, why_violation};
use splitbrain_words::{Arg, Scene, clock};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{autopsy, judged, say};
use crate::parts::{icon, shape, sign};
use crate::session::{Action, Ask, Handle, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// Steps shown at first; the latest explain most.
const STEPS: usize = 10;

/// An answer.
#[derive(Clone, PartialEq)]
struct Answer {
    title: AttrValue,
    is_bad: bool,
    steps: Vec<Step>,
    /// The fact that an autopsy can be asked of.
    autopsy: Option<FactId>,
}

/// An answer, and to what: the question, branch and commands, and the language.
struct Kept {
    asked: (Option<Ask>, (u32, usize), Text),
    answer: Answer,
}

/// The answer to what was asked, if anything was.
#[component]
pub(crate) fn Why() -> Html {
    let text = use_text();
    let handle = use_handle();
    let why = use_session(|session| session.why);
    // The answer holds for the moment at which it was asked: who follows it to an
    // earlier one still has it. Until the judge has read that far there is none.
    let run = use_session(|session| (session.branch, session.player.run().commands.len()));
    use_session(|session| (session.changes, session.is_observed()));
    let shows_all = use_state_eq(|| None::<Ask>);
    let kept = use_mut_ref(|| None::<Kept>);
    let asked = (why, run, text.clone());
    if kept
        .borrow()
        .as_ref()
        .is_none_or(|kept| kept.asked != asked)
    {
        let found = why.and_then(|why| handle.read(|session| answer(session, &text, why)));
        kept.replace(found.map(|answer| Kept { asked, answer }));
    }
    let answer = kept.borrow().as_ref().map(|kept| kept.answer.clone());
    let head = use_node_ref();
    // Who asks is led to the answer, and back when it is closed.
    use_effect_with(why, {
        let head = head.clone();
        move |why| {
            let before = why.and_then(|_| crate::dialogs::modal::active_element());
            if why.is_some()
                && let Some(head) = head.cast::<HtmlElement>()
            {
                let _ = head.focus();
            }
            move || {
                if let Some(before) = before {
                    // It may have gone meanwhile; then the focus falls where it falls.
                    let _ = before.focus();
                }
            }
        }
    });
    let close = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::CloseWhy))
    };
    let onkeydown = {
        let handle = handle.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                handle.dispatch(Action::CloseWhy);
            }
        })
    };
    let show_all = {
        let shows_all = shows_all.clone();
        Callback::from(move |_: MouseEvent| shows_all.set(why))
    };
    let is_autopsy = matches!(why, Some(Ask::Autopsy(_)));
    html! {
        <div class="why-place">
            if let Some(answer) = &answer {
                <aside
                    class={classes!("why", (!answer.is_bad).then_some("is-plain"))}
                    aria-label={text.get(if is_autopsy { "ui.autopsy" } else { "ui.why.title" })}
                    {onkeydown}
                >
                    <div class="why-head">
                        <h2 ref={head} tabindex="-1">{ &answer.title }</h2>
                        <button type="button" class="btn btn-quiet btn-icon" aria-label={text.get("ui.close")} onclick={close}>
                            { icon("close") }
                        </button>
                    </div>
                    if let Some(Ask::Autopsy(fact)) = why {
                        <autopsy::Sheet {fact} />
                    } else {
                        { chain(&text, &handle, answer, why.is_some() && *shows_all == why, show_all) }
                        { for answer.autopsy.map(|fact| autopsy::button(&text, &handle, fact)) }
                    }
                </aside>
            }
        </div>
    }
}

fn answer(session: &Session, text: &Text, why: Ask) -> Option<Answer> {
    let (trace, end) = (session.player.trace(), session.player.end());
    let words = text.words();
    let scene = Scene::of(&session.player, &session.design);
    match why {
        Ask::Value { region, key } => {
            let ledger = session.observer.ledger();
            let value = ledger
                .belief(key, region)
                .map_or(say::initial(&session.design, key), |it| it.value);
            let value = words.value(&session.design, key, value).to_string();
            let name = say::region(&session.design, region).to_owned();
            let title = text.with("ui.why.value", &[("region", name), ("value", value)]);
            let mut steps = why_value(trace, ledger, region, key);
            steps.retain(|step| step.fact < end);
            Some(Answer {
                title,
                is_bad: false,
                steps,
                autopsy: None,
            })
        }
        Ask::Autopsy(fact) => {
            let op = Subject::of(trace, fact).map_or(fact, |subject| subject.op);
            let op = Arg::from(words.operation(&scene, op));
            Some(Answer {
                title: text.with("autopsy.title", &[("op", op)]),
                is_bad: false,
                steps: Vec::new(),
                autopsy: None,
            })
        }
        Ask::Fact(fact) => {
            let held = trace.get(fact)?;
            let is_charge = held.kind() == FactKind::ChargeMade;
            let wrong = is_charge
                .then(|| judged::of_operation(session, FactId(held.a)))
                .flatten();
            if let Some((ask @ Ask::Violation { .. }, _)) = wrong {
                return answer(session, text, ask);
            }
            let said = words.fact(&scene, fact).to_string();
            let steps = why_fact(trace, fact, end);
            let title = text.with("ui.why.of", &[("what", said)]);
            Some(Answer {
                title,
                is_bad: false,
                steps,
                autopsy: Subject::of(trace, fact).map(|_| fact),
            })
        }
        Ask::Violation { property, index } => {
            let violation = judged::violation(session, property, index)?;
            let title = words.violation(&scene, violation).to_string().into();
            let steps = why_violation(trace, violation, end);
            Some(Answer {
                title,
                is_bad: true,
                steps,
                autopsy: of_violation(violation),
            })
        }
    }
}

fn chain(
    text: &Text,
    handle: &Handle,
    answer: &Answer,
    all: bool,
    show_all: Callback<MouseEvent>,
) -> Html {
    let hidden = if all {
        0
    } else {
        answer.steps.len().saturating_sub(STEPS)
    };
    html! {
        <>
            <div>
                if answer.steps.is_empty() {
                    <p class="muted">{ text.get("ui.why.nothing") }</p>
                } else if hidden > 0 {
                    <button type="button" class="linkish muted" onclick={show_all}>
                        { text.with("ui.why.earlier", &[("n", hidden)]) }
                    </button>
                }
            </div>
            <ol class="chain" aria-label={text.get("ui.why.chain")}>
                { for answer.steps.iter().skip(hidden).map(|step| step_view(text, handle, *step)) }
            </ol>
        </>
    }
}

fn step_view(text: &Text, handle: &Handle, step: Step) -> Html {
    let said = handle.read(|session| {
        let fact = *session.player.trace().get(step.fact)?;
        let scene = Scene::of(&session.player, &session.design);
        let regions = session.design.regions.len() as u16;
        let place = [fact.host.0, fact.peer.0]
            .into_iter()
            .find(|&host| host < regions);
        Some((text.words().fact(&scene, step.fact), fact.at(), place))
    });
    let Some((said, at, place)) = said else {
        return html! { <li key={step.fact.0}>{ text.get("ui.why.forgotten") }</li> };
    };
    let go = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::GoToFact(step.fact)))
    };
    let mark = match (is_bad(step.role), place) {
        (true, _) => sign("cross", "bad"),
        (false, Some(place)) => shape(place as u8),
        (false, None) => icon("circle"),
    };
    html! {
        <li key={step.fact.0}>
            { mark }
            <span>
                { text.show(&said) }
                <span class="part">
                    { text.words().why_part(step.role).to_string() }
                    { " \u{b7} " }
                    <button type="button" class="at" aria-label={text.with("ui.log.go", &[("time", clock(at))])} onclick={go}>
                        { clock(at) }
                    </button>
                </span>
            </span>
        </li>
    }
}

/// Where the story takes its bad turn.
fn is_bad(role: Role) -> bool {
    matches!(
        role,
        Role::NotArrived
            | Role::TimedOut
            | Role::Lost
            | Role::Displaced
            | Role::ChargedAgain
            | Role::Refused
    )
}
