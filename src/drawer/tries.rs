//! What to try first, and the seed.

use std::rc::Rc;

use splitbrain_engine::run::{Command, Direction, Run};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactKind, OpKind};
use splitbrain_engine::sim::node::{Action as CustomerAction, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use yew::prelude::*;

use crate::parts::icon;
use crate::session::{Action, Handle, NoticeKind, Said, Session, use_handle, use_session};
use crate::text::use_text;

/// Facts looked at to learn whether a customer is waiting for an answer.
const LOOK: u32 = 5_000;

/// Something worth trying. Its words stand under `ui.try.ID`.
#[derive(Clone, Copy)]
pub(crate) struct Try {
    /// Its id.
    pub id: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// The words for what to look at afterwards.
    pub then: &'static str,
    /// What it does, in order.
    pub actions: fn(&Session) -> Option<Vec<Action>>,
}

/// What a newcomer may try first.
pub(crate) const ALL: &[Try] = &[
    Try {
        id: "split",
        icon: "cut",
        then: "ui.try.split.then",
        actions: split,
    },
    Try {
        id: "twice",
        icon: "pay",
        then: "ui.try.twice.then",
        actions: twice,
    },
    Try {
        id: "clock",
        icon: "clock",
        then: "ui.try.clock.then",
        actions: clock,
    },
];

/// Cuts one region off and changes one price on both sides.
fn split(session: &Session) -> Option<Vec<Action>> {
    let cut_off = 1;
    let (here, there) = (keeper(session, 0)?, keeper(session, cut_off)?);
    let others = (0..session.design.regions.len() as u8).filter(|&place| place != cut_off);
    let cuts = others.map(|to| Command::CutLink {
        from: cut_off,
        to,
        direction: Direction::Both,
    });
    let writes = [
        set_price(session, here, 100)?,
        set_price(session, there, 110)?,
    ];
    Some(cuts.chain(writes).map(Action::Act).collect())
}

/// Loses the answer to a payment whose key is remembered in one region only.
fn twice(session: &Session) -> Option<Vec<Action>> {
    let service = session.design.service(ServiceKind::Payments)?;
    let customers = 0..session.design.customers.len() as u16;
    let who = customers.into_iter().filter(|&who| is_idle(session, who));
    let who = who
        .into_iter()
        .find(|&who| session.design.customers[who as usize].habits.pay > 0)?;
    let customer = &session.design.customers[who as usize];
    let pay = CustomerAction {
        kind: OpKind::Pay,
        key: Key::new(service, customer.account),
        argument: Value(45),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    let drop = Command::DropNextReply {
        region: customer.near,
        customer: Some(who),
    };
    let choice = Choice {
        service: ServiceKind::Payments,
        slot: Slot::KeyStore,
        policy: "per_region".into(),
    };
    let act = Command::Act {
        customer: who,
        action: pay,
    };
    Some(vec![
        Action::Act(drop),
        Action::Act(act),
        Action::Choose(choice),
    ])
}

/// Sets a clock ahead and changes a price there.
fn clock(session: &Session) -> Option<Vec<Action>> {
    let place = 2.min(session.design.regions.len() as u8 - 1);
    let customers = session.design.customers.iter();
    let who = customers
        .into_iter()
        .position(|customer| customer.near == place)? as u16;
    let step = Command::StepClock {
        region: place,
        offset_us: 5_000_000,
        drift_ppm: 0,
    };
    Some(vec![
        Action::Act(step),
        Action::Act(set_price(session, who, 80)?),
    ])
}

fn set_price(session: &Session, customer: u16, euros: u32) -> Option<Command> {
    let service = session.design.service(ServiceKind::Prices)?;
    let action = CustomerAction {
        kind: OpKind::Write,
        key: Key::new(service, 0),
        argument: Value(euros),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    Some(Command::Act { customer, action })
}

/// A shopkeeper near a region who is not waiting for an answer, or else anybody there.
fn keeper(session: &Session, near: u8) -> Option<u16> {
    let customers = 0..session.design.customers.len() as u16;
    let there = customers.filter(|&who| session.design.customers[who as usize].near == near);
    there.max_by_key(|&who| {
        let is_keeper = session.design.customers[who as usize].habits.write_price > 0;
        (is_idle(session, who), is_keeper)
    })
}

/// Whether a customer is not waiting for an answer.
fn is_idle(session: &Session, customer: u16) -> bool {
    let host = session.design.customer_host(customer);
    let end = session.player.end().0;
    let facts = (end.saturating_sub(LOOK)..end).rev();
    let mut facts = facts.filter_map(|id| {
        session
            .player
            .trace()
            .get(splitbrain_engine::sim::fact::FactId(id))
    });
    let last = facts.find(|fact| {
        let ends = [FactKind::OperationStarted, FactKind::OperationReturned];
        fact.host == host && ends.contains(&fact.kind())
    });
    last.is_none_or(|fact| fact.kind() == FactKind::OperationReturned)
}

/// Does one of them, by its place.
pub(crate) fn take(handle: &Handle, place: usize) {
    let Some(entry) = ALL.get(place) else {
        return;
    };
    if let Some(actions) = handle.read(entry.actions) {
        for action in actions {
            handle.dispatch(action);
        }
        handle.dispatch(Action::Play);
        let then = Said::Words(entry.then, Vec::new());
        handle.dispatch(Action::Say(NoticeKind::Info, then));
    }
}

/// What to try first.
#[component]
pub(crate) fn Tries() -> Html {
    let text = use_text();
    let handle = use_handle();
    let can = use_session(|session| {
        session.design.regions.len() > 2 && !session.design.customers.is_empty()
    });
    let row = |(place, entry): (usize, &Try)| {
        let handle = handle.clone();
        let title = text.get(&format!("ui.try.{}", entry.id));
        let what = text.get(&format!("ui.try.{}.what", entry.id));
        let onclick = Callback::from(move |_: MouseEvent| take(&handle, place));
        html! {
            <li key={entry.id}>
                <button type="button" class="try" {onclick}>
                    { icon(entry.icon) }
                    <span>{ title }<small>{ what }</small></span>
                </button>
            </li>
        }
    };
    html! {
        <section class="tries">
            if can {
                <>
                    <h2 class="card-title">{ text.get("ui.try.title") }</h2>
                    <ul>{ for ALL.iter().enumerate().map(row) }</ul>
                </>
            }
        </section>
    }
}

/// The seed.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct SeedProps {
    /// It.
    pub seed: u64,
}

/// The seed, and starting again under it or another.
#[component]
pub(crate) fn Seed(props: &SeedProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let again = |seed: fn(u64) -> u64| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            let run = handle.read(|session| {
                let run = session.player.run();
                let mut again = Run::new(Rc::clone(&run.scenario), seed(run.seed));
                again.choices.clone_from(&run.choices);
                again
            });
            handle.dispatch(Action::Load {
                run,
                cursor: Time::ZERO,
                play: true,
            });
        })
    };
    html! {
        <section class="service">
            <h2>{ text.get("ui.design.chance") }</h2>
            <p class="muted">{ text.get("ui.design.seed.what") }</p>
            <dl class="kv">
                <dt>{ text.get("ui.design.seed") }</dt>
                <dd>{ format!("{:x}", props.seed) }</dd>
            </dl>
            <div class="btn-row">
                <button type="button" class="btn" onclick={again(|seed| seed)}>{ text.get("ui.design.fresh") }</button>
                <button type="button" class="btn" onclick={again(|_| crate::app::fresh_seed())}>{ text.get("ui.design.seed.new") }</button>
            </div>
        </section>
    }
}
