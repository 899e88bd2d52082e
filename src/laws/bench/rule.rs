//! A merge rule of one's own that has to keep some laws, and the verdict on each that is
//! tried.

use splitbrain_engine::crdt::laws::Effort;
use splitbrain_engine::crdt::laws::rules::parse::parse;
use splitbrain_engine::crdt::laws::rules::{Kept, RuleLab};
use splitbrain_lesson::lab::{Answer, Ask};
use yew::prelude::*;

use super::build::said;
use super::checking::use_check;
use super::{Props, head};
use crate::laws::draft::Draft;
use crate::laws::form::Form;
use crate::laws::subject::Subject;
use crate::laws::verdicts::Verdicts;
use crate::parts::icon;
use crate::text::use_text;

/// The bench for a rule.
#[component]
pub(super) fn OwnRule(props: &Props) -> Html {
    let text = use_text();
    let draft = use_state(|| first(props));
    let (is_trying, check) = use_check(props);
    let form = Form {
        text: text.clone(),
        draft: (*draft).clone(),
        choose: {
            let draft = draft.setter();
            Callback::from(move |now| draft.set(now))
        },
    };
    let words = draft.words();
    let answer = Answer::parse(&props.goal, &words).ok();
    let is_none = answer.is_none();
    let shown = answer.as_ref().map(ToString::to_string);
    let is_answered = shown.is_some() && props.answered == shown;
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(answer) = &answer {
            check.emit(answer.clone());
        }
    });
    let tried = props.answered.as_deref().filter(|_| is_answered);
    let tried = tried.and_then(|rule| RuleLab::parse(rule).ok());
    let effort = Effort {
        histories: props.goal.histories,
        seed: props.seed,
        ..Effort::default()
    };
    html! {
        <>
            { head(&text, props) }
            { form.fields() }
            <p class="bench-rule"><code>{ words }</code></p>
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-primary"
                    disabled={is_none || is_trying}
                    {onclick}
                >
                    { icon("play") }{ text.node("ui.bench.check.rule") }
                </button>
                if is_trying {
                    <span class="lab-hint">{ text.node("ui.bench.trying") }</span>
                }
            </div>
            { said(&text, props, is_answered) }
            if let Some(rule) = tried {
                <Verdicts subject={Subject::Rule(rule)} {effort} />
            }
        </>
    }
}

/// The rule that was answered last, or one of the kind that is asked for.
fn first(props: &Props) -> Draft {
    let kept = match &props.goal.ask {
        Ask::SafeRule { kept, .. } => *kept,
        _ => Kept::Count,
    };
    let fresh = Draft {
        kept,
        ..Draft::default()
    };
    let plan = props.answered.as_deref().and_then(|rule| parse(rule).ok());
    plan.map_or_else(|| fresh.clone(), |plan| Draft::of(&plan, &fresh))
}
