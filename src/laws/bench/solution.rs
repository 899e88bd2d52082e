//! An answer that the lesson's solution gives, shown to the learner who has used up the
//! hints. It is there to be read and tried: only what she answers herself meets a goal.

use splitbrain_engine::crdt::laws::history::REPLICAS;
use splitbrain_engine::crdt::laws::moments;
use splitbrain_lesson::lab::Answer;
use yew::prelude::*;

use super::Props;
use crate::laws::acts::list;
use crate::text::use_text;

/// The answer, or nothing while it is not shown.
#[component]
pub(super) fn Solution(props: &Props) -> Html {
    let text = use_text();
    let content = props.solution.as_ref().map(|answer| match answer {
        Answer::History { history, is_timed } => {
            let subject = props.goal.ask.subject();
            let seen = subject.map(|it| moments(it.lab, history, usize::from(REPLICAS)));
            list(&text, &seen.unwrap_or_default(), *is_timed)
        }
        Answer::Laws(laws) => {
            let names = laws.iter().map(|law| {
                let id = law.id();
                html! { <li key={id}>{ text.get(&format!("law.{id}.name")) }</li> }
            });
            html! { <ul>{ for names }</ul> }
        }
        Answer::Rule(rule) => html! { <p class="bench-rule"><code>{ rule.clone() }</code></p> },
    });
    // Always there, so that it is said when it comes.
    html! {
        <div role="status">
            if let Some(content) = content {
                <h3>{ text.node("ui.bench.solution") }</h3>
                { content }
            }
        </div>
    }
}
