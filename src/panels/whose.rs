//! What a verdict speaks of: which services, and each customer or all of them at once.

use splitbrain_checker::properties::consistency::judges_sets;
use splitbrain_checker::{PropertyId, Report, Verdict, Violation};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_words::{Arg, Text as Said};

use crate::session::Session;
use crate::text::Text;

/// Customers that are named before the others are counted.
const NAMED: usize = 6;

/// Whom a verdict on everybody concerns: for each customer whether it was kept, or that
/// this cannot be said and whose operations prove that it was broken.
pub(crate) fn whose(session: &Session, text: &Text, report: &Report<'_>) -> Option<Said> {
    let scenario = &*session.design;
    let violations = match &report.verdict {
        Verdict::Holds => &[][..],
        Verdict::Open { .. } => return None,
        Verdict::Violated { violations, .. } => violations,
    };
    if !report.info.per_customer {
        let mut shares: Vec<u16> = violations
            .iter()
            .rev()
            .take(1)
            .flat_map(|it| proved_by(session, it))
            .collect();
        shares.sort_unstable();
        shares.dedup();
        let is_of_customers = is_of_reads(report.info.property) && !shares.is_empty();
        return Some(if is_of_customers {
            text.say(
                "ui.verdicts.for_all.proof",
                &[("customers", named(text, scenario, &shares))],
            )
        } else {
            text.words().get("ui.verdicts.for_all")
        });
    }
    let sessions = violations
        .iter()
        .flat_map(|it| [it.session, it.other.map(|it| it.0)]);
    let mut broken: Vec<u16> = sessions.flatten().map(|it| it.0).collect();
    broken.sort_unstable();
    broken.dedup();
    if broken.is_empty() {
        return Some(text.words().get("ui.verdicts.for_each.kept"));
    }
    let kept = scenario.customers.len().saturating_sub(broken.len());
    let customers = named(text, scenario, &broken);
    let args = [
        ("customers", customers),
        ("more", Arg::from(broken.len().saturating_sub(NAMED))),
        ("n", Arg::from(kept)),
    ];
    Some(if broken.len() > NAMED {
        text.say("ui.verdicts.for_each.more", &args)
    } else {
        text.say("ui.verdicts.for_each", &[args[0].clone(), args[2].clone()])
    })
}

/// The services that a property says anything of, among those that the world has.
pub(crate) fn services(text: &Text, scenario: &Scenario, property: PropertyId) -> Option<Said> {
    let kinds: &[ServiceKind] = match property {
        PropertyId::ExactlyOnce => &[ServiceKind::Payments],
        PropertyId::JobRuns | PropertyId::OnceATick => &[ServiceKind::Jobs],
        PropertyId::MessageOrder => &[ServiceKind::Chat],
        PropertyId::NoOversell => &[ServiceKind::Stock],
        PropertyId::AcknowledgedWrites | PropertyId::Convergence => &[
            ServiceKind::Prices,
            ServiceKind::Carts,
            ServiceKind::Orders,
            ServiceKind::Profiles,
            ServiceKind::Likes,
            ServiceKind::Stock,
            ServiceKind::Documents,
        ],
        property if judges_sets(property) => &[
            ServiceKind::Prices,
            ServiceKind::Carts,
            ServiceKind::Likes,
            ServiceKind::Stock,
        ],
        _ => &[ServiceKind::Prices, ServiceKind::Orders],
    };
    let there = |kind: &&ServiceKind| scenario.service(**kind).is_some();
    let names = kinds
        .iter()
        .filter(there)
        .map(|&kind| text.words().service(kind));
    let names: Vec<Said> = names.collect();
    // Of a world with one service there is nothing to tell apart.
    if names.is_empty() || scenario.services.len() < 2 {
        return None;
    }
    let services = Arg::from(text.words().list(names));
    Some(text.say("ui.verdicts.services", &[("services", services)]))
}

/// The properties that cannot be asked of one customer.
pub(crate) fn unsplit(session: &Session, text: &Text) -> Option<Said> {
    let reports = session.observer.judge().verdicts();
    let reports = reports.iter().filter(|it| !it.info.per_customer);
    let names: Vec<Said> = reports
        .map(|it| text.words().judged(it.info.property))
        .collect();
    let names = (!names.is_empty()).then(|| text.words().list(names))?;
    Some(text.say("ui.verdicts.unsplit", &[("properties", names)]))
}

fn is_of_reads(property: PropertyId) -> bool {
    matches!(property, PropertyId::Causal | PropertyId::Linearizable)
}

/// The customers whose operations stand in a proof.
fn proved_by(session: &Session, violation: &Violation) -> Vec<u16> {
    let facts = violation.witness.iter();
    let facts = facts.filter_map(|it| session.player.trace().get(FactId(it.0.0)));
    let hosts = facts.filter_map(|fact| session.design.customer_at(fact.host));
    hosts.collect()
}

fn named(text: &Text, scenario: &Scenario, customers: &[u16]) -> Arg {
    let words = text.words();
    let names = customers.iter().take(NAMED);
    Arg::from(words.list(names.map(|&index| words.customer(scenario, index))))
}
