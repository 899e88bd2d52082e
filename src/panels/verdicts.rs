//! What the judge says of each property: held, broken, or not yet known.

use splitbrain_checker::{PropertyId, Report, Session as Customer, Verdict, Violation};
use splitbrain_engine::sim::fact::{Fact, FactId};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::autopsy::of_violation;
use splitbrain_words::{Scene, Text as Said, clock};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{autopsy, judged, say, whose};
use crate::parts::{icon, sign};
use crate::session::{Action, Ask, Handle, Selection, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// Violations shown of each property: the latest.
const SHOWN: usize = 12;

/// A property and what is said of it.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    id: &'static str,
    name: Said,
    /// `holds`, `open` or `violated`.
    verdict: &'static str,
    means: Said,
    /// The verdict in a sentence, and a figure beside it if there is one.
    said: Vec<Said>,
    /// Which services it speaks of, and for whom it was kept.
    whose: Vec<Said>,
    broken: Vec<Broken>,
    /// Violations that are not shown.
    more: usize,
    at_risk: Vec<(FactId, Said)>,
}

/// A violation.
#[derive(Clone, Debug, PartialEq)]
struct Broken {
    index: u32,
    first: FactId,
    at: Time,
    /// When it ceased to be so.
    ended: Option<Time>,
    said: Said,
    /// The fact that an autopsy can be asked of.
    autopsy: Option<FactId>,
    /// The facts that prove it, where it is picked out.
    proof: Option<Vec<Proof>>,
}

/// A fact of a proof.
#[derive(Clone, Debug, PartialEq)]
struct Proof {
    fact: FactId,
    at: Time,
    part: Said,
    said: Said,
}

fn proof(session: &Session, text: &Text, violation: &Violation) -> Vec<Proof> {
    let scene = Scene::of(&session.player, &session.design);
    let words = text.words();
    let facts = violation.witness.iter().map(|&(fact, part)| {
        let fact = FactId(fact.0);
        Proof {
            fact,
            at: time(session, fact),
            part: words.part(part),
            said: words.fact(&scene, fact),
        }
    });
    facts.collect()
}

/// When a fact happened; zero if the trace does not hold it at the moment.
fn time(session: &Session, fact: FactId) -> Time {
    let fact = session.player.trace().get(fact);
    fact.map_or(Time::ZERO, Fact::at)
}

fn rows(session: &Session, text: &Text, customer: Option<u16>) -> Vec<Row> {
    let judge = session.observer.judge();
    let reports = match customer {
        Some(customer) => judge.verdicts_for(Customer(customer)),
        None => judge.verdicts(),
    };
    let reports = reports.iter();
    reports.map(|it| row(session, text, customer, it)).collect()
}

fn row(session: &Session, text: &Text, customer: Option<u16>, report: &Report<'_>) -> Row {
    let words = text.words();
    let scene = Scene::of(&session.player, &session.design);
    let property = report.info.property;
    let all = judged::violations(session, property);
    let (mine, risks) = match &report.verdict {
        Verdict::Holds => (Vec::new(), &[][..]),
        Verdict::Open { at_risk } => (Vec::new(), &at_risk[..]),
        Verdict::Violated {
            violations,
            at_risk,
        } => (violations.clone(), &at_risk[..]),
    };
    let place = |it: &Violation| all.iter().position(|held| std::ptr::eq(*held, it));
    let shown = mine.iter().rev().take(SHOWN);
    let broken = |it: &&Violation| {
        let index = place(it).unwrap_or(0) as u32;
        let picked = Selection::Violation {
            property: property.id(),
            index,
        };
        Broken {
            index,
            first: FactId(it.first.0),
            at: time(session, FactId(it.first.0)),
            ended: it.ended.map(|fact| time(session, FactId(fact.0))),
            said: words.violation(&scene, it),
            autopsy: of_violation(it),
            proof: (session.selection == picked).then(|| proof(session, text, it)),
        }
    };
    let mut said = vec![words.verdict(property, &report.verdict)];
    if property == PropertyId::BoundedStaleness && customer.is_none() {
        let worst = session.observer.judge().worst_staleness();
        said.extend(worst.map(|worst| words.worst_staleness(worst)));
    }
    let mut whose: Vec<Said> = Vec::new();
    whose.extend(whose::services(text, &session.design, property));
    if customer.is_none() {
        whose.extend(whose::whose(session, text, report));
    }
    Row {
        id: property.id(),
        name: words.judged(property),
        verdict: report.verdict.id(),
        said,
        whose,
        means: words.judged_means(property),
        broken: shown.map(broken).collect(),
        more: mine.len().saturating_sub(SHOWN),
        at_risk: risks
            .iter()
            .take(SHOWN)
            .map(|risk| (FactId(risk.since.0), words.at_risk(&scene, risk)))
            .collect(),
    }
}

/// Which verdict.
#[derive(Clone, Copy, PartialEq, Properties)]
pub(crate) struct OneProps {
    /// Of which property.
    pub property: PropertyId,
    /// For this customer alone.
    pub customer: Option<u16>,
}

/// One verdict, as it stands in the panel, for a lesson that speaks of it.
#[component]
pub(crate) fn One(props: &OneProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let OneProps { property, customer } = *props;
    let row = use_session({
        let text = text.clone();
        move |session| {
            let judge = session.observer.judge();
            let verdict = match customer {
                Some(customer) => judge.verdict_for(property, Customer(customer)),
                None => judge.verdict(property),
            };
            let info = property.info();
            let mut row = row(session, &text, customer, &Report { info, verdict });
            let all = judge.verdicts();
            if !all.iter().any(|it| it.info.property == property) {
                row.verdict = "open";
                row.said = vec![text.words().get("ui.verdicts.nothing")];
                row.whose.clear();
            }
            if let Some(customer) = customer {
                let customer = text.words().customer(&session.design, customer);
                let args = [("property", row.name), ("customer", customer)];
                row.name = text.say("property.for_customer", &args);
            }
            row
        }
    });
    row_view(&text, &handle, &row)
}

/// The panel.
#[component]
pub(crate) fn Verdicts() -> Html {
    let text = use_text();
    let handle = use_handle();
    let customer = use_state_eq(|| None::<u16>);
    let design = use_session(|session| session.design.clone());
    let chosen = customer.filter(|&index| (index as usize) < design.customers.len());
    let rows = use_session({
        let text = text.clone();
        move |session| rows(session, &text, chosen)
    });
    let unsplit = use_session({
        let text = text.clone();
        move |session| chosen.and_then(|_| whose::unsplit(session, &text))
    });
    let onchange = {
        let customer = customer.clone();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            customer.set(select.and_then(|select| select.value().parse().ok()));
        })
    };
    html! {
        <>
            <div class="log-bar">
                <select class="select select-s" aria-label={text.get("ui.ledger.customer")} {onchange}>
                    <option value="" selected={chosen.is_none()}>{ text.get("ui.ledger.everybody") }</option>
                    <optgroup label={text.get("ui.ledger.customer")}>
                        { for (0..design.customers.len() as u16).map(|index| html! {
                            <option key={index} value={index.to_string()} selected={chosen == Some(index)}>
                                { say::customer(&design, index) }
                            </option>
                        }) }
                    </optgroup>
                </select>
            </div>
            <div>
                if rows.is_empty() {
                    <p class="muted verdict">{ text.get("ui.verdicts.nothing") }</p>
                }
                { for rows.iter().map(|row| row_view(&text, &handle, row)) }
                { for unsplit.iter().map(|said| html! { <p class="muted">{ text.show(said) }</p> }) }
            </div>
        </>
    }
}

fn row_view(text: &Text, handle: &Handle, row: &Row) -> Html {
    let (name, meaning) = match row.verdict {
        "violated" => ("cross", "bad"),
        "open" => ("circle", "warn"),
        _ => ("check", "good"),
    };
    html! {
        <section class="verdict" key={row.id}>
            { sign(name, meaning) }
            <h2>{ text.show(&row.name) }</h2>
            <span class={meaning}>{ text.get(&format!("ui.verdicts.{}", row.verdict)) }</span>
            <p>{ text.show(&row.means) }</p>
            { for row.said.iter().map(|said| html! { <p>{ text.show(said) }</p> }) }
            <p class="whose">
                { for row.whose.iter().enumerate().map(|(at, said)| html! {
                    <>{ if at > 0 { " \u{b7} " } else { "" } }{ text.show(said) }</>
                }) }
            </p>
            <ul class="violations">
                { for row.broken.iter().map(|broken| broken_view(text, handle, row.id, broken)) }
            </ul>
            <ul class="violations">
                { for row.at_risk.iter().map(|(since, said)| {
                    let handle = handle.clone();
                    let since = *since;
                    html! {
                        <li key={since.0}>
                            { text.show(said) }
                            <span class="acts">
                                <button type="button" class="linkish" onclick={Callback::from(move |_| handle.dispatch(Action::Ask(Ask::Fact(since))))}>
                                    { text.get("ui.why") }
                                </button>
                            </span>
                        </li>
                    }
                }) }
            </ul>
            <div class="more">
                if row.more > 0 { <small class="muted">{ text.with("ui.verdicts.show_more", &[("n", row.more)]) }</small> }
            </div>
        </section>
    }
}

fn broken_view(text: &Text, handle: &Handle, property: &'static str, broken: &Broken) -> Html {
    let (go, ask) = (handle.clone(), handle.clone());
    let index = broken.index;
    // Picked out it is lit on the diagram; once more, and everything is again.
    let pick = match broken.proof {
        Some(_) => Action::Select(Selection::Nothing),
        None => Action::GoToViolation {
            first: broken.first,
            property,
            index,
        },
    };
    let since = match broken.ended {
        Some(ended) => text.with("ui.verdicts.over", &[("time", clock(ended))]),
        None => text.with("ui.verdicts.since", &[("time", clock(broken.at))]),
    };
    html! {
        <li key={index}>
            { text.show(&broken.said) }
            <span class="acts">
                <small class="num muted">{ since }</small>
                <button
                    type="button"
                    class="linkish"
                    aria-pressed={broken.proof.is_some().to_string()}
                    onclick={Callback::from(move |_| go.dispatch(pick.clone()))}
                >
                    { text.get("ui.show_me") }
                </button>
                <button
                    type="button"
                    class="linkish"
                    onclick={Callback::from(move |_| ask.dispatch(Action::Ask(Ask::Violation { property, index })))}
                >
                    { text.get("ui.why") }
                </button>
                { for broken.autopsy.map(|fact| autopsy::button(text, handle, fact)) }
            </span>
            <ol class="chain" aria-label={text.get("ui.verdicts.witness")}>
                { for broken.proof.iter().flatten().map(|proof| proof_view(text, handle, proof)) }
            </ol>
        </li>
    }
}

fn proof_view(text: &Text, handle: &Handle, proof: &Proof) -> Html {
    let (handle, fact) = (handle.clone(), proof.fact);
    html! {
        <li key={fact.0}>
            { icon("circle") }
            <span>
                { text.show(&proof.said) }
                <span class="part">
                    { text.show(&proof.part) }
                    { " \u{b7} " }
                    <button
                        type="button"
                        class="at"
                        aria-label={text.with("ui.log.go", &[("time", clock(proof.at))])}
                        onclick={Callback::from(move |_: MouseEvent| handle.dispatch(Action::GoToFact(fact)))}
                    >
                        { clock(proof.at) }
                    </button>
                </span>
            </span>
        </li>
    }
}
