//! How many histories are tried, and where they begin.

use splitbrain_engine::crdt::laws::Effort;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::text::use_text;

/// How many histories may be tried.
const HISTORIES: [u32; 4] = [500, 2_000, 10_000, 50_000];

/// What is chosen, and who is told of another choice.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// What is chosen.
    pub(super) effort: Effort,
    /// Chooses.
    pub(super) choose: Callback<Effort>,
}

/// Both fields.
#[component]
pub(super) fn Settings(props: &Props) -> Html {
    let text = use_text();
    let Props { effort, choose } = props.clone();
    // What is typed may be no seed yet; the one before it is tried on.
    let typed = use_state(|| effort.seed.to_string());
    let on_histories = {
        let choose = choose.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let chosen = select.and_then(|select| select.value().parse().ok());
            if let Some(histories) = chosen.filter(|it| HISTORIES.contains(it)) {
                choose.emit(Effort {
                    histories,
                    ..effort
                });
            }
        })
    };
    let on_seed = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            if let Ok(seed) = input.value().parse::<u32>() {
                choose.emit(Effort {
                    seed: seed.into(),
                    ..effort
                });
            }
            typed.set(input.value());
        })
    };
    let is_seed = typed.parse::<u32>().is_ok();
    let options = HISTORIES.iter().map(|&count| {
        html! {
            <option key={count} value={count.to_string()} selected={effort.histories == count}>
                { text.words().number(count.into()).to_string() }
            </option>
        }
    });
    html! {
        <div class="lab-settings">
            <label>
                <span>{ text.node("ui.laws.histories") }</span>
                <select class="select" onchange={on_histories}>{ for options }</select>
            </label>
            <label>
                <span>{ text.node("ui.laws.seed") }</span>
                <input
                    class="input"
                    type="text"
                    inputmode="numeric"
                    maxlength="10"
                    autocomplete="off"
                    value={(*typed).clone()}
                    aria-invalid={(!is_seed).to_string()}
                    aria-describedby="lab-seed"
                    oninput={on_seed}
                />
            </label>
            if is_seed {
                <p id="lab-seed" class="lab-hint" role="status">{ text.node("ui.laws.seed.what") }</p>
            } else {
                <p id="lab-seed" class="error" role="status">
                    { text.with("ui.laws.seed.wrong", &[("seed", effort.seed.to_string())]) }
                </p>
            }
        </div>
    }
}
