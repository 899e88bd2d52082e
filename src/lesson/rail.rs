//! The column of the lesson that is open: one step at a time.

use splitbrain_lesson::format::StepKind;
use splitbrain_lesson::format::text::StepText;
use splitbrain_words::Arg;
use yew::prelude::*;

use super::goals::Goals;
use super::help::Help;
use super::play::LessonAction;
use super::predict::Predict;
use super::prose;
use super::state::LessonState;
use crate::chunk::{Table, Which, use_chunk};
use crate::drawer;
use crate::drawer::service::ServiceDesign;
use crate::parts::icon;
use crate::session::{Action, Handle, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// What the rail shows of the session.
#[derive(Clone, PartialEq)]
struct Shown {
    lesson: Option<LessonState>,
    step: u8,
    can_go_on: bool,
    is_watching: bool,
    actions: u32,
}

impl Shown {
    fn of(session: &Session) -> Self {
        let lesson = session.lesson.clone();
        let run = session.player.run();
        let actions = lesson
            .as_ref()
            .map_or(0, |lesson| lesson.lesson.actions(run));
        Self {
            step: session.step(),
            can_go_on: session.can_go_on(),
            is_watching: session.is_shown(),
            actions,
            lesson,
        }
    }
}

/// The column of the lesson that is open.
#[component]
pub fn LessonRail() -> Html {
    let text = use_text();
    let handle = use_handle();
    let shown = use_session(Shown::of);
    // Goals may ask for any property, and what judges most of them comes with the panels.
    use_chunk(Which::Panels, true);
    let is_at_lab = use_session(Session::is_at_lab);
    use_chunk(Which::Laws, is_at_lab);
    let compare = use_session(compare);
    let label = text.get("ui.lesson");
    let Some(lesson) = &shown.lesson else {
        return html! { <section class="rail" aria-label={label}></section> };
    };
    let found = lesson.lesson.text(text.lang().code());
    let says = found
        .and_then(|(_, says)| says.steps.get(shown.step as usize))
        .cloned();
    let says = says.unwrap_or_default();
    let lang = found.map(|(lang, _)| lang.to_owned());
    let is_foreign = lang
        .as_deref()
        .is_some_and(|lang| lang != text.lang().code());
    let lang = lang.filter(|_| is_foreign);
    let all = lesson.lesson.steps.len();
    let step = text.with(
        "ui.lesson.step",
        &[
            ("n", Arg::from(u32::from(shown.step) + 1)),
            ("all", Arg::from(all)),
        ],
    );
    let segments = (0..all).map(|place| {
        let is_done = place < usize::from(lesson.progress.reached);
        let class = if place == usize::from(shown.step) {
            Some("is-here")
        } else {
            is_done.then_some("is-done")
        };
        let current = (place == usize::from(shown.step)).then_some("step");
        html! { <li key={place} {class} aria-current={current}></li> }
    });
    let is_do = matches!(
        lesson.step(shown.step).map(|step| &step.kind),
        Some(StepKind::Do(_))
    );
    let par = text.with(
        "ui.par",
        &[
            ("par", Arg::from(lesson.lesson.par)),
            ("used", Arg::from(shown.actions)),
        ],
    );
    html! {
        <section class="rail" aria-label={label} tabindex="0">
            <ol class="segments" aria-label={step}>{ for segments }</ol>
            <p class="muted" hidden={!is_foreign}>{ text.node("ui.lesson.english_only") }</p>
            <div class="step" lang={lang} key={shown.step}>
                <p class="muted">{ lesson.title(&text).to_owned() }</p>
                <h1>{ prose::title(&says.title) }</h1>
                { prose::blocks(&says.body) }
            </div>
            <Watching is_shown={shown.is_watching} />
            { work(lesson, shown.step, &says, text.lang().code()) }
            { for compare.map(|chunk| (chunk.0.compare)()) }
            <Solved solved={lesson.is_solved_now && !shown.is_watching} actions={shown.actions} par={lesson.lesson.par} />
            <p class="par" hidden={!is_do}>{ par }</p>
            { way_on(&text, &handle, &shown, all) }
        </section>
    }
}

/// Leads to a comparison with another design, where the lesson lets one be chosen and the
/// step is about the learner's own run.
fn compare(session: &Session) -> Option<Table<drawer::Chunk>> {
    let lesson = session.lesson.as_ref()?;
    let step = lesson.step(session.step())?;
    let is_about_run = matches!(step.kind, StepKind::Do(_) | StepKind::Explain(_));
    let is_offered = is_about_run && !lesson.lesson.designs.is_empty();
    session.chunks.designs.filter(|_| is_offered)
}

/// What there is to do in a step.
fn work(lesson: &LessonState, step: u8, says: &StepText, lang: &str) -> Html {
    let kind = lesson.step(step).map(|step| &step.kind);
    let content = match kind {
        Some(StepKind::Predict(prediction)) => html! {
            <Predict key={step} prediction={prediction.clone()} says={says.clone()} {step} />
        },
        Some(kind @ StepKind::Do(_)) => {
            let mut kinds: Vec<_> = lesson
                .lesson
                .designs
                .iter()
                .map(|open| open.service)
                .collect();
            kinds.dedup();
            let designs = kinds.into_iter().map(|kind| {
                html! { <div key={kind.id()}><ServiceDesign {kind} /></div> }
            });
            html! {
                <>
                    <Goals key={says.id.clone()} goals={ids(kind)} says={says.clone()} />
                    <div class="services">{ for designs }</div>
                    <Help says={says.clone()} {step} />
                </>
            }
        }
        Some(kind @ StepKind::Lab(_)) => html! {
            <>
                <Goals key={says.id.clone()} goals={ids(kind)} says={says.clone()} />
                <Help says={says.clone()} {step} />
            </>
        },
        Some(StepKind::Explain(Some(goal))) => explained(lesson, goal, lang),
        _ => html! {},
    };
    html! { <div class="work" key={format!("work-{step}")}>{ content }</div> }
}

/// The goals of a step, by their ids.
fn ids(kind: &StepKind) -> Vec<String> {
    let goals = kind.goal_ids().into_iter();
    goals.map(str::to_owned).collect()
}

/// The goal that a step explains, with what the step that asked for it called it.
fn explained(lesson: &LessonState, id: &str, lang: &str) -> Html {
    let says = lesson.lesson.text(lang);
    let says = says.and_then(|(_, says)| says.steps.iter().find(|step| step.part(id).is_some()));
    html! {
        <Goals goals={vec![id.to_owned()]} says={says.cloned().unwrap_or_default()} />
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WatchingProps {
    is_shown: bool,
}

/// Says that what plays is not the learner's own doing.
#[component]
fn Watching(props: &WatchingProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let onclick = Callback::from(move |_: MouseEvent| {
        handle.dispatch(Action::Lesson(LessonAction::BackToOwn));
    });
    html! {
        <div class="notice" role="status" hidden={!props.is_shown}>
            { icon("info") }
            <p>
                { text.node("ui.lesson.watching") }
                <small>{ text.node("ui.lesson.watching.more") }</small>
            </p>
            <button type="button" class="btn" {onclick}>
                { text.node("ui.lesson.back_to_own") }
            </button>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SolvedProps {
    solved: bool,
    actions: u32,
    par: u32,
}

/// Says that the lesson is solved.
#[component]
fn Solved(props: &SolvedProps) -> Html {
    let text = use_text();
    let counts = [
        ("n", Arg::from(props.actions)),
        ("par", Arg::from(props.par)),
    ];
    html! {
        <div role="status">
            if props.solved {
                <div class="notice is-good">
                    { icon("check") }
                    <p>
                        <strong>{ text.node("ui.lesson.solved") }</strong>
                        <small>{ text.with("ui.lesson.solved_in", &counts) }</small>
                    </p>
                </div>
            }
        </div>
    }
}

fn way_on(text: &Text, handle: &Handle, shown: &Shown, all: usize) -> Html {
    let go = |step: u8| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Lesson(LessonAction::GoTo(step)));
        })
    };
    let reset = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Lesson(LessonAction::Reset));
        })
    };
    let is_last = usize::from(shown.step) + 1 >= all;
    html! {
        <div class="way-on">
            <div class="btn-row">
                <button
                    type="button"
                    class="btn"
                    hidden={shown.step == 0}
                    onclick={go(shown.step.saturating_sub(1))}
                >
                    { text.node("ui.lesson.back") }
                </button>
                <button
                    type="button"
                    class={classes!("btn", shown.can_go_on.then_some("btn-primary"))}
                    hidden={is_last}
                    disabled={!shown.can_go_on}
                    onclick={go(shown.step + 1)}
                >
                    { text.node("ui.lesson.next") }{ icon("chevron") }
                </button>
                <a class="btn btn-primary" href="#/lessons" hidden={!is_last}>
                    { text.node("ui.lesson.to_lessons") }
                </a>
            </div>
            <button type="button" class="btn btn-quiet" onclick={reset}>
                { icon("restart") }{ text.node("ui.lesson.again") }
            </button>
        </div>
    }
}
