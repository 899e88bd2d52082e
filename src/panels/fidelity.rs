//! What is modelled and what is not, with every constant and where it comes from.

use splitbrain_engine::regions::ROUND_TRIP_CAPTURED;
use splitbrain_engine::run::ENGINE_REVISION;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::world::LOG_WRITE_US;
use yew::prelude::*;

use crate::session::use_session;
use crate::text::{Text, use_text};

/// What is modelled, by the ends of their ids.
const MODELLED: [&str; 5] = [
    "one_way",
    "does.order",
    "does.crash",
    "does.clocks",
    "does.retries",
];
/// What is not.
const NOT_MODELLED: [&str; 6] = [
    "not.bandwidth",
    "not.load",
    "not.inside",
    "not.disk",
    "not.byzantine",
    "not.dns",
];

/// A constant: what it is, how much, and where it comes from.
struct Constant {
    id: &'static str,
    value: String,
    /// Where it comes from: `choice` or `published`.
    source: &'static str,
}

fn constants(text: &Text, scenario: &Scenario) -> Vec<Constant> {
    let words = text.words();
    let span = |span_us: u64| words.span(span_us).to_string();
    let physics = scenario.physics;
    let retry = scenario.retry;
    let choice = |id, value| Constant {
        id,
        value,
        source: "choice",
    };
    let plus_minus = |value: String| format!("\u{b1}{value}");
    vec![
        choice(
            "jitter",
            words.share(u64::from(physics.jitter_ppm)).to_string(),
        ),
        choice("access", span(u64::from(physics.access_us))),
        choice("log_write", span(LOG_WRITE_US)),
        choice("gateway", span(u64::from(physics.gateway_us))),
        choice("charge", {
            let least = u64::from(physics.charge_least_us);
            format!(
                "{} \u{2013} {}",
                span(least),
                span(least + u64::from(physics.charge_spread_us))
            )
        }),
        Constant {
            id: "clock_offset",
            value: plus_minus(span(u64::from(physics.clock_offset_us))),
            source: "published",
        },
        Constant {
            id: "clock_drift",
            value: plus_minus(format!("{} ppm", physics.clock_drift_ppm)),
            source: "published",
        },
        choice("compare", span(physics.compare_every_us)),
        choice("timeout", span(retry.timeout_us)),
        choice("attempts", retry.attempts.to_string()),
        choice("backoff", span(retry.backoff_us)),
    ]
}

/// The panel.
#[component]
pub(crate) fn Fidelity() -> Html {
    let text = use_text();
    let scenario = use_session(|session| session.design.clone());
    let list = |ids: &[&str]| {
        html! {
            <ul class="points">
                { for ids.iter().map(|id| html! {
                    <li key={id.to_string()}>{ text.get(&format!("ui.fidelity.{id}")) }</li>
                }) }
            </ul>
        }
    };
    html! {
        <div class="fidelity">
            <h2>{ text.get("ui.fidelity.title") }</h2>
            <p class="muted">{ text.get("ui.fidelity.lede") }</p>
            <p>{ text.with("ui.fidelity.rtt", &[("date", ROUND_TRIP_CAPTURED)]) }</p>
            <dl>
                { for constants(&text, &scenario).iter().map(|constant| {
                    let id = format!("ui.fidelity.{}", constant.id);
                    let source = format!("ui.fidelity.{}", constant.source);
                    html! {
                        <div key={constant.id} class="constant">
                            <dt>{ text.get(&id) }</dt>
                            <dd class="num">{ &constant.value }</dd>
                            <dd class="muted source">{ text.get(&source) }</dd>
                        </div>
                    }
                }) }
            </dl>
            <h2>{ text.get("ui.fidelity.modelled") }</h2>
            { list(&MODELLED) }
            <h2>{ text.get("ui.fidelity.not_modelled") }</h2>
            { list(&NOT_MODELLED) }
            <p class="muted">{ text.get("ui.fidelity.land") }</p>
            <p class="muted">{ text.with("ui.fidelity.revision", &[("n", ENGINE_REVISION)]) }</p>
        </div>
    }
}
