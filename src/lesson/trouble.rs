//! What is there instead of a lesson: that it is on its way, or why it did not come.

use yew::prelude::*;

use crate::parts::icon;
use crate::session::use_session;
use crate::text::use_text;

/// What is there instead of a lesson.
#[component]
pub fn Trouble() -> Html {
    let text = use_text();
    let trouble = use_session(|session| session.trouble.clone());
    html! {
        <main class="page">
            <div class="page-in">
                if let Some(said) = trouble {
                    <div class="fault" role="alert">
                        <h1>{ text.node("ui.lesson.trouble") }</h1>
                        <p>{ text.show(&text.said(&said)) }</p>
                        <div class="btn-row">
                            <a class="btn btn-primary" href="#/lessons">
                                { icon("lesson") }{ text.node("ui.lesson.to_lessons") }
                            </a>
                        </div>
                    </div>
                } else {
                    <p role="status">{ text.node("ui.loading") }</p>
                }
            </div>
        </main>
    }
}
