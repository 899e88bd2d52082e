//! Hints, one by one, and in the end the solution.

use splitbrain_lesson::format::text::StepText;
use splitbrain_words::Arg;
use yew::prelude::*;

use super::play::LessonAction;
use super::prose;
use crate::session::{Action, use_handle, use_session};
use crate::text::use_text;

/// Of which step.
#[derive(Clone, PartialEq, Properties)]
pub struct HelpProps {
    /// What the step says.
    pub says: StepText,
    /// Which step it is.
    pub step: u8,
}

/// Hints, and after the last one the solution.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let step = props.step;
    let opened = use_session(move |session| {
        let lesson = session.lesson.as_ref();
        let opened = lesson.and_then(|lesson| lesson.progress.hints.get(&step));
        opened.copied().unwrap_or(0)
    });
    let solutions = use_session(|session| {
        let lesson = session.lesson.as_ref();
        lesson.map_or(0, |lesson| lesson.lesson.solutions.len())
    });
    let hints = &props.says.hints;
    let opened = usize::from(opened).min(hints.len());
    let open = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Lesson(LessonAction::OpenHint));
        })
    };
    let show = Callback::from(move |_: MouseEvent| {
        handle.dispatch(Action::Lesson(LessonAction::ShowSolution(0)));
    });
    let shown = hints.iter().take(opened).enumerate();
    let shown =
        shown.map(|(key, hint)| html! { <li {key} class="hint">{ prose::blocks(hint) }</li> });
    let has_more = opened < hints.len();
    let next = text.with(
        "ui.hint.next",
        &[
            ("n", Arg::from((opened + 1).min(hints.len()))),
            ("all", Arg::from(hints.len())),
        ],
    );
    html! {
        <div class="help">
            <ol class="hints" aria-live="polite" hidden={opened == 0}>{ for shown }</ol>
            <div class="btn-row">
                <button type="button" class="btn" hidden={!has_more} onclick={open}>{ next }</button>
                <button
                    type="button"
                    class="btn"
                    hidden={has_more || solutions == 0}
                    onclick={show}
                >
                    { text.node("ui.lesson.show_solution") }
                </button>
            </div>
        </div>
    }
}
