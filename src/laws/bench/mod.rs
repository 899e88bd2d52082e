//! The law lab inside of a lesson: a bench for each goal of the step that is open.
//!
//! The rail keeps what the step says and how its goals stand. Here the learner answers: with
//! a history built by hand ([`build`]), by naming laws ([`name`]), or with a merge rule
//! ([`rule`]). The engine's lab decides, in slices ([`checking`]); [`machine`] looks for the
//! smallest history, to be compared with the learner's own. After the last hint the lesson's
//! own answer is there to be read ([`solution`]).

mod build;
mod checking;
mod machine;
mod name;
mod rule;
mod solution;

use std::rc::Rc;

use splitbrain_lesson::format::StepKind;
use splitbrain_lesson::lab::{Answer, Ask, LabGoal};
use splitbrain_words::Catalog;
use yew::prelude::*;

use self::build::Build;
use self::name::Name;
use self::rule::OwnRule;
use self::solution::Solution;
use super::page::STYLE;
use crate::session::{Session, use_session};
use crate::text::{Text, use_text};

/// A goal, and what is known of it.
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct Props {
    /// The goal.
    pub(super) goal: LabGoal,
    /// What the step calls it.
    pub(super) title: String,
    /// What was answered last, if anything was.
    pub(super) answered: Option<String>,
    /// Whether that meets it.
    pub(super) is_met: bool,
    /// Why it does not.
    pub(super) why: Option<String>,
    /// The answer of the lesson's solution, once the learner asked to see it.
    pub(super) solution: Option<Answer>,
    /// The seed of the learner's run.
    pub(super) seed: u64,
}

/// The goals of the step that is open, in a language.
fn shown(session: &Session) -> Vec<Props> {
    let Some(lesson) = &session.lesson else {
        return Vec::new();
    };
    let step = session.step();
    let Some(StepKind::Lab(goals)) = lesson.step(step).map(|step| &step.kind) else {
        return Vec::new();
    };
    let says = lesson.lesson.text(session.text.lang().code());
    let says = says.and_then(|(_, says)| says.steps.get(usize::from(step)));
    let of_goal = |goal: &LabGoal| {
        let part = says.and_then(|says| says.part(&goal.id));
        let answered = lesson.progress.answers.get(&goal.id);
        Props {
            title: part.map_or_else(|| goal.id.clone(), |part| part.title.clone()),
            answered: answered.map(|it| it.answer().to_owned()),
            why: answered.and_then(|it| it.status().reason()).map(|reason| {
                session
                    .text
                    .words()
                    .reason(&session.design, reason)
                    .to_string()
            }),
            is_met: answered.is_some_and(|it| it.status().is_met()),
            solution: lesson.shown_answer(step, &goal.id).cloned(),
            seed: lesson.seed,
            goal: goal.clone(),
        }
    };
    goals.iter().map(of_goal).collect()
}

/// A bench for each goal of the open step: it brings its own words.
#[component]
pub(super) fn Bench() -> Html {
    let own = use_memo((), |()| Rc::new(Catalog::laws()));
    let text = use_text().and(&own);
    let goals = use_session(shown);
    let label = text.get("ui.place.laws");
    let goals = goals.into_iter().map(|props| {
        let key = props.goal.id.clone();
        let content = match &props.goal.ask {
            Ask::Counterexample { .. } => html! { <Build ..props.clone() /> },
            Ask::BrokenLaws { .. } => html! { <Name ..props.clone() /> },
            Ask::SafeRule { .. } => html! { <OwnRule ..props.clone() /> },
        };
        html! { <section {key} class="bench-goal" aria-label={props.title.clone()}>{ content }<Solution ..props.clone() /></section> }
    });
    html! {
        <ContextProvider<Text> context={text}>
            <style>{ STYLE }</style>
            <section class="bench" aria-label={label.clone()} tabindex="0">
                // On a phone the lesson, whose title the page has otherwise, is another view.
                <h1 class="visually-hidden">{ label }</h1>
                { for goals }
            </section>
        </ContextProvider<Text>>
    }
}

/// What a bench begins with: what is asked for, of which type.
fn head(text: &Text, props: &Props) -> Html {
    let subject = props.goal.ask.subject().map(|entry| {
        let name = text.words().data_type(entry.info.id).to_string();
        let means = text.get(&format!("type.{}.means", entry.info.id));
        html! {
            <p class="lab-hint">
                <strong>{ text.with("ui.bench.type", &[("type", name)]) }</strong>
                { " " }{ means }
            </p>
        }
    });
    let law = match &props.goal.ask {
        Ask::Counterexample { law, .. } => {
            let name = text.get(&format!("law.{}.name", law.id()));
            Some(html! {
                <p class="lab-hint">
                    <strong>{ text.with("ui.bench.law", &[("law", name.to_string())]) }</strong>
                    { " " }{ text.get(&format!("law.{}.means", law.id())) }
                </p>
            })
        }
        _ => None,
    };
    html! {
        <>
            <h2>{ text.with("ui.bench.goal", &[("title", props.title.clone())]) }</h2>
            { for subject }
            { for law }
        </>
    }
}
