//! What the judge says of the run that is open, in the midst of a lesson's text.

use splitbrain_checker::Info;
use yew::prelude::*;

use crate::chunk::{Which, use_chunk};
use crate::session::use_session;

/// Which verdict.
#[derive(Clone, PartialEq, Properties)]
pub struct JudgedProps {
    /// Of which property.
    pub property: &'static Info,
    /// For this customer alone, by name.
    pub customer: Option<String>,
}

/// A verdict as the panel shows it: its witness can be lit on the diagram.
#[component]
pub fn Judged(props: &JudgedProps) -> Html {
    let panels = use_chunk(Which::Panels, true).panels;
    let name = props.customer.clone();
    let customer = use_session(move |session| {
        let mut customers = session.scenario().customers.iter();
        let place = customers.position(|it| Some(&it.name) == name.as_ref());
        place.map(|place| place as u16)
    });
    let property = props.property.property;
    html! {
        <div class="judged">
            { for panels.map(|chunk| (chunk.0.verdict)(property, customer)) }
        </div>
    }
}
