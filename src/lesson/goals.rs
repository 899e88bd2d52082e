//! The goals of a step: how each stands, why it is not met, and where to look.

use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::text::StepText;
use splitbrain_lesson::goal::Status;
use splitbrain_words::Arg;
use yew::prelude::*;

use super::prose;
use crate::parts::icon;
use crate::session::{Action, Session, use_handle, use_session};
use crate::text::use_text;

/// How a goal stands, and what there is to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub status: Status,
    /// The fact to look at, and its moment; what happened before the learner came is
    /// nobody's fault and not worth a look.
    pub look_at: Option<(FactId, Time)>,
}

/// How these goals stand at the cursor.
pub fn standing(session: &Session, goals: &[String]) -> Vec<Standing> {
    let begins_at = session.time_to_act().0;
    let one = |goal: &String| {
        let status = session.standing(goal)?;
        let fact = status.reason().and_then(|reason| reason.first_fact);
        let at = |fact| Some((fact, session.player.trace().get(fact)?.at()));
        Some(Standing {
            id: goal.clone(),
            status,
            look_at: fact.and_then(at).filter(|(_, at)| *at > begins_at),
        })
    };
    goals.iter().filter_map(one).collect()
}

/// Which goals, and what they are called.
#[derive(Clone, PartialEq, Properties)]
pub struct GoalsProps {
    /// The goals, by their ids.
    pub goals: Vec<String>,
    /// What the step says.
    pub says: StepText,
}

/// The goals of a step.
#[component]
pub fn Goals(props: &GoalsProps) -> Html {
    let text = use_text();
    let goals = props.goals.clone();
    let all = use_session(move |session| standing(session, &goals));
    let met = all.iter().filter(|one| one.status.is_met()).count();
    let count = text.with(
        "ui.goals.count",
        &[("n", Arg::from(met)), ("all", Arg::from(all.len()))],
    );
    let title = |id: &str| {
        let part = props.says.part(id);
        part.map_or_else(|| id.to_owned(), |part| part.title.clone())
    };
    let items = all.iter().map(|one| {
        let says = props.says.part(&one.id).map(|part| part.body.clone());
        html! {
            <One
                key={one.id.clone()}
                standing={one.clone()}
                title={title(&one.id)}
                afterwards={says.map(|body| prose::line(&body)).unwrap_or_default()}
            />
        }
    });
    html! {
        <section class="card" aria-label={text.get("ui.goals")}>
            <h2 class="card-title">{ text.node("ui.goals") }</h2>
            <ul class="goals">{ for items }</ul>
            <p class="visually-hidden" role="status">{ count }</p>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OneProps {
    standing: Standing,
    title: String,
    afterwards: Html,
}

#[component]
fn One(props: &OneProps) -> Html {
    let text = use_text();
    let scenario = use_session(|session| session.scenario().clone());
    let standing = &props.standing;
    let is_broken = matches!(standing.status, Status::NotMet(_)) && standing.look_at.is_some();
    let (class, sign, state) = if standing.status.is_met() {
        ("is-met", "check", "ui.goals.met")
    } else if is_broken {
        ("is-broken", "cross", "ui.goals.broken")
    } else {
        ("", "circle", "ui.goals.not_met")
    };
    let reason = standing.status.reason();
    let reason = reason.map(|reason| text.show(&text.words().reason(&scenario, reason)));
    html! {
        <li {class}>
            { icon(sign) }
            <span>
                { prose::title(&props.title) }
                <span class="visually-hidden">{ ": " }{ text.node(state) }</span>
            </span>
            <small hidden={reason.is_none()}>
                { reason.unwrap_or_default() }
                { " " }
                <Look at={standing.look_at} />
            </small>
            <small hidden={!standing.status.is_met()}>{ props.afterwards.clone() }</small>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LookProps {
    at: Option<(FactId, Time)>,
}

/// The way to the fact to look at.
#[component]
fn Look(props: &LookProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let fact = props.at.map(|(fact, _)| fact);
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(fact) = fact {
            handle.dispatch(Action::GoToFact(fact));
        }
    });
    let at = props.at.map_or(Time::ZERO, |(_, at)| at);
    html! {
        <button type="button" class="linkish" hidden={fact.is_none()} {onclick}>
            { text.with("ui.goals.jump", &[("time", Arg::from(at))]) }
        </button>
    }
}
