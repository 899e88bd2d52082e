//! Lag and latency: how far each region is behind, as a chart with its alert, and where
//! the time of the latest writes went, leg by leg.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_lesson::lag::{ALERT_US, Lag as Behind, Lags};
use splitbrain_lesson::latency::{Leg, Wait, legs};
use splitbrain_words::{Arg, Scene};
use yew::prelude::*;

use super::say;
use crate::parts::{hue, shape, sign};
use crate::session::{Action, Ask, Handle, Session, use_handle, use_session};
use crate::stage::geometry::px;
use crate::text::{Text, use_text};

/// How far back the chart goes, in microseconds.
const WINDOW_US: u64 = 60_000_000;
/// Moments that the chart has.
const STEPS: u16 = 60;
/// Facts that are read before the page goes on.
const FACTS: u32 = 300_000;
/// Writes whose legs are shown.
const WRITES: usize = 6;
/// Facts looked at in search of them.
const LOOK: u32 = 60_000;
/// The chart, in units of its own.
const WIDTH: f64 = 312.0;
const HEIGHT: f64 = 96.0;
/// The chart shows at least this much, in microseconds.
const LEAST_US: u64 = 1_000_000;

/// A region in the chart.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    now: Behind,
    series: Vec<u64>,
}

/// A write that was answered.
#[derive(Clone, Debug, PartialEq)]
struct Answered {
    returned: FactId,
    op: FactId,
    outcome: Outcome,
    legs: Vec<Leg>,
}

impl Answered {
    fn waited_us(&self) -> u64 {
        self.legs.iter().map(|leg| leg.span_us).sum()
    }
}

/// What the panel shows.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    /// Whether everything up to the cursor has been read.
    is_whole: bool,
    lines: Vec<Line>,
    answered: Vec<Answered>,
}

fn shown(session: &Session, lags: &mut Lags) -> Shown {
    let (trace, end, now) = (session.player.trace(), session.player.end(), session.time());
    let is_whole = lags.follow(trace, end, FACTS);
    let from = Time(now.0.saturating_sub(WINDOW_US));
    let regions = 0..session.design.regions.len() as u8;
    let lines = regions.map(|region| Line {
        now: lags.lag(region, now),
        series: lags.series(region, from, now, STEPS),
    });
    Shown {
        is_whole,
        lines: lines.collect(),
        answered: answered(trace, end),
    }
}

/// The latest operations that change something, or ask about everything, and were
/// answered, the newest first.
fn answered(trace: &Trace, end: FactId) -> Vec<Answered> {
    let facts = (end.0.saturating_sub(LOOK)..end.0).rev().map(FactId);
    let of = |returned: FactId| {
        let fact = trace.get(returned)?;
        let outcome = fact.outcome()?;
        let op = FactId(fact.a);
        let is_answer = fact.kind() == FactKind::OperationReturned;
        let kind = is_answer.then(|| trace.get(op)).flatten();
        let changes = kind.and_then(Fact::op_kind)? != OpKind::Read;
        let legs = changes.then(|| legs(trace, returned)).flatten()?;
        Some(Answered {
            returned,
            op,
            outcome,
            legs,
        })
    };
    facts.filter_map(of).take(WRITES).collect()
}

/// The panel.
#[component]
pub(crate) fn Lag() -> Html {
    let text = use_text();
    let handle = use_handle();
    let design = use_session(|session| session.design.clone());
    let regions = design.regions.len() as u8;
    let lags = use_memo(regions, |&regions| RefCell::new(Lags::new(regions)));
    let shown = {
        let lags: Rc<RefCell<Lags>> = lags.clone();
        use_session(move |session| shown(session, &mut lags.borrow_mut()))
    };
    html! {
        <div class="lag">
            <h2>{ text.get("ui.lag.title") }</h2>
            <p class="muted">{ text.get("ui.lag.lede") }</p>
            { chart(&text, &shown.lines) }
            <ul class="lag-regions">
                { for shown.lines.iter().enumerate().map(|(place, line)| {
                    region(&text, &design, &handle, place as u8, line.now)
                }) }
            </ul>
            <p role="status" class="muted" hidden={shown.is_whole}>{ text.get("ui.loading") }</p>
            <h2>{ text.get("ui.lag.legs") }</h2>
            <p class="muted">{ text.get("ui.lag.legs.lede") }</p>
            <div>
                if shown.answered.is_empty() {
                    <p class="muted">{ text.get("ui.panel.empty") }</p>
                }
            </div>
            <ol class="lag-writes">
                { for shown.answered.iter().map(|it| html! {
                    <li key={it.returned.0}><Write answered={it.clone()} scenario={design.clone()} /></li>
                }) }
            </ol>
        </div>
    }
}

/// The chart; the list under it says the same of now.
fn chart(text: &Text, lines: &[Line]) -> Html {
    let peak = lines.iter().flat_map(|line| line.series.iter().copied());
    let top = rounded_up(peak.max().unwrap_or(0).max(LEAST_US));
    let y = |span_us: u64| HEIGHT - 1.0 - span_us as f64 / top as f64 * (HEIGHT - 14.0);
    let step = WIDTH / f64::from(STEPS - 1);
    let polyline = |(place, line): (usize, &Line)| {
        let points = line.series.iter().enumerate();
        let points = points.map(|(at, &span)| format!("{},{}", px(at as f64 * step), px(y(span))));
        let points: Vec<String> = points.collect();
        html! { <polyline key={place} class={hue(place as u8)} points={points.join(" ")} /> }
    };
    let alert = (top >= ALERT_US).then(|| {
        let at = px(y(ALERT_US));
        html! { <line class="alert" x1="0" x2={px(WIDTH)} y1={at.clone()} y2={at} /> }
    });
    let words = text.words();
    let top_label = words.span(top).to_string();
    html! {
        <svg class="lag-chart" viewBox={format!("0 0 {} {}", px(WIDTH), px(HEIGHT))} role="img" aria-label={text.get("ui.lag.chart")}>
            <line class="axis" x1="0" x2={px(WIDTH)} y1={px(HEIGHT - 1.0)} y2={px(HEIGHT - 1.0)} />
            <g>{ for alert }</g>
            <g>{ for lines.iter().enumerate().map(polyline) }</g>
            <text x="2" y="10">{ top_label }</text>
            <text x={px(WIDTH - 2.0)} y="10" text-anchor="end">{ text.get("ui.lag.window") }</text>
        </svg>
    }
}

/// The next of 1, 2, 5, 10 and so on, in seconds.
fn rounded_up(span_us: u64) -> u64 {
    let mut unit = LEAST_US;
    loop {
        for factor in [1, 2, 5] {
            if span_us <= unit * factor {
                return unit * factor;
            }
        }
        unit *= 10;
    }
}

/// How far one region is behind now, and what it lacks longest.
fn region(text: &Text, scenario: &Scenario, handle: &Handle, place: u8, now: Behind) -> Html {
    let is_alert = now.span_us >= ALERT_US;
    let span = text.words().span(now.span_us / 1_000 * 1_000).to_string();
    let ask = now.write.map(|write| {
        let handle = handle.clone();
        let label = text.with("ui.lag.why", &[("region", say::region(scenario, place))]);
        let onclick = Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Ask(Ask::Fact(write)));
        });
        html! { <button type="button" class="ask" aria-label={label} {onclick}>{ text.get("ui.lag.lacks") }</button> }
    });
    html! {
        <li key={place} class={classes!(is_alert.then_some("bad"))}>
            { shape(place) }
            <span class="name">{ say::region(scenario, place) }</span>
            <span>{ for ask }</span>
            <span class="span">
                if is_alert {
                    { sign("warning", "bad") }<span class="visually-hidden">{ text.get("ui.lag.alert") }</span>
                }
                { if now.span_us == 0 { text.get("ui.lag.none").to_string() } else { span } }
            </span>
        </li>
    }
}

/// What a write is given.
#[derive(Clone, PartialEq, Properties)]
struct WriteProps {
    answered: Answered,
    scenario: Rc<Scenario>,
}

/// A write and its legs. A component of its own, since it changes no more.
#[component]
fn Write(props: &WriteProps) -> Html {
    let (text, handle) = (use_text(), use_handle());
    let (answered, scenario) = (&props.answered, &props.scenario);
    let waited = answered.waited_us();
    let name = handle.read(|session| {
        let scene = Scene::of(&session.player, scenario);
        text.words().operation(&scene, answered.op).to_string()
    });
    let regions = scenario.regions.len() as u16;
    let bar = answered.legs.iter().map(|leg| {
        let class = match leg.wait {
            Wait::Message { from, to, .. } if from.0 < regions && to.0 < regions => {
                classes!("wide", hue(from.0 as u8))
            }
            Wait::Message { .. } => classes!("near"),
            Wait::At(_) | Wait::Uncertainty(_) => classes!("here"),
        };
        let share = leg.span_us as f64 / waited.max(1) as f64 * 100.0;
        html! { <span {class} style={format!("width:{}%", px(share))}></span> }
    });
    let outcome = match answered.outcome {
        Outcome::Ok => None,
        Outcome::Failed => Some(("bad", "ui.customer.refused")),
        Outcome::Unknown => Some(("warn", "ui.customer.unknown")),
    };
    html! {
        <details>
            <summary>
                <span class="what">{ name }</span>
                { for outcome.map(|(class, id)| html! { <span {class}>{ text.get(id) }</span> }) }
                <span class="span">{ text.words().span(waited).to_string() }</span>
                <span class="leg-bar" aria-hidden="true">{ for bar }</span>
            </summary>
            <ol>
                { for answered.legs.iter().map(|leg| leg_view(&text, scenario, &handle, leg)) }
            </ol>
        </details>
    }
}

fn leg_view(text: &Text, scenario: &Scenario, handle: &Handle, leg: &Leg) -> Html {
    let host = |host: HostId| text.words().host(scenario, host).to_string();
    let name = match leg.wait {
        Wait::Message { from, to, .. } => {
            let args = [
                ("from", Arg::Plain(host(from))),
                ("to", Arg::Plain(host(to))),
            ];
            text.with("ui.lag.way", &args)
        }
        Wait::At(at) => text.with("ui.lag.at", &[("place", Arg::Plain(host(at)))]),
        Wait::Uncertainty(at) => {
            text.with("ui.lag.uncertainty", &[("place", Arg::Plain(host(at)))])
        }
    };
    let onclick = {
        let (handle, fact) = (handle.clone(), leg.fact);
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(Ask::Fact(fact))))
    };
    let span = text.words().span(leg.span_us).to_string();
    html! {
        <li key={leg.fact.0}>
            <button type="button" class="ask" {onclick}>{ name }</button>
            <span class="span">{ span }</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_ends_at_a_round_number() {
        let seconds = |span: u64| rounded_up(span * 1_000_000) / 1_000_000;
        let rounded: Vec<u64> = [1, 2, 3, 5, 6, 11, 49, 51].map(seconds).into();
        assert_eq!(rounded, [1, 2, 5, 5, 10, 20, 50, 100]);
    }
}
