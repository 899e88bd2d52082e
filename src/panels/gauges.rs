//! Three promises at a glance, over the map.

use splitbrain_checker::PropertyId;
use yew::prelude::*;

use super::say;
use crate::parts::icon_small;
use crate::session::{Action, Panel, Session, use_handle, use_session};
use crate::stage::tools::has_homes;
use crate::text::{Text, use_text};

/// A gauge: a colour of meaning with its sign, and what it says.
type Gauge = (&'static str, &'static str, AttrValue);

/// The numbers behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Numbers {
    lost: u32,
    at_risk: u32,
    agree: bool,
    wrong_charges: u32,
    has_values: bool,
    has_payments: bool,
}

fn numbers(session: &Session) -> Numbers {
    use splitbrain_engine::scenario::ServiceKind;
    let judge = session.observer.judge();
    let ledger = session.observer.ledger();
    let writes = judge.counts(PropertyId::AcknowledgedWrites);
    let service = |kind| session.design.service(kind).is_some();
    Numbers {
        lost: writes.violations,
        at_risk: writes.at_risk,
        agree: ledger.keys().into_iter().all(|key| {
            // Nobody but its home holds a key that has one.
            let of = session.design.services.get(usize::from(key.service()));
            if of.is_some_and(has_homes) {
                return true;
            }
            let initial = say::initial(&session.design, key);
            let beliefs = ledger.beliefs(key);
            let mut beliefs = beliefs.map(|belief| belief.map_or(initial, |it| it.value));
            let first = beliefs.next();
            beliefs.all(|belief| Some(belief) == first)
        }),
        wrong_charges: judge.counts(PropertyId::ExactlyOnce).violations,
        has_values: service(ServiceKind::Prices) || service(ServiceKind::Carts),
        has_payments: service(ServiceKind::Payments),
    }
}

fn gauges(text: &Text, numbers: Numbers) -> Vec<Gauge> {
    let mut all: Vec<Gauge> = Vec::new();
    if numbers.has_values {
        all.push(match (numbers.lost, numbers.at_risk) {
            (0, 0) => ("good", "check", text.get("ui.gauge.no_write_lost")),
            (0, n) => ("warn", "circle", text.with("ui.gauge.at_risk", &[("n", n)])),
            (n, _) => (
                "bad",
                "cross",
                text.with("ui.gauge.writes_lost", &[("n", n)]),
            ),
        });
        all.push(if numbers.agree {
            ("good", "check", text.get("ui.gauge.agree"))
        } else {
            ("", "circle", text.get("ui.gauge.disagree"))
        });
    }
    if numbers.has_payments {
        all.push(match numbers.wrong_charges {
            0 => ("good", "check", text.get("ui.gauge.charged_once")),
            n => (
                "bad",
                "cross",
                text.with("ui.gauge.charged_wrong", &[("n", n)]),
            ),
        });
    }
    all
}

/// The gauges; each opens the verdicts.
#[component]
pub(crate) fn Gauges() -> Html {
    let text = use_text();
    let handle = use_handle();
    let numbers = use_session(numbers);
    html! {
        <div class="gauges">
            { for gauges(&text, numbers).into_iter().enumerate().map(|(place, (meaning, sign, said))| {
                let handle = handle.clone();
                html! {
                    <button
                        key={place}
                        type="button"
                        class={classes!("chip", meaning)}
                        onclick={Callback::from(move |_| handle.dispatch(Action::ShowPanel(Panel::Verdicts)))}
                    >
                        { icon_small(sign) }{ said }
                    </button>
                }
            }) }
        </div>
    }
}
