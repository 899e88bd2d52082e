//! Fields of forms.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A choice in a field: what stands for it in the form, and what it is called.
pub(crate) type Choice = (String, AttrValue);

/// A drop-down list with a label.
pub(crate) fn select(
    id: &'static str,
    label: AttrValue,
    value: &str,
    choices: Vec<Choice>,
    onchange: Callback<String>,
) -> Html {
    let changed = Callback::from(move |event: Event| {
        let select = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            onchange.emit(select.value());
        }
    });
    html! {
        <div class="field">
            <label for={id}>{ label }</label>
            <select class="select" id={id} onchange={changed}>
                { for choices.into_iter().map(|(choice, name)| html! {
                    <option key={choice.clone()} selected={choice == value} value={choice.clone()}>{ name }</option>
                }) }
            </select>
        </div>
    }
}

/// What a number is, and what is wrong with what was typed.
pub(crate) struct Number {
    /// Its id.
    pub id: &'static str,
    /// What it is called.
    pub label: AttrValue,
    /// What was typed.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<AttrValue>,
}

/// A field for a number.
pub(crate) fn number(number: Number, oninput: Callback<String>) -> Html {
    let typed = Callback::from(move |event: InputEvent| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            oninput.emit(input.value());
        }
    });
    let Number {
        id,
        label,
        value,
        error,
    } = number;
    let error_id = format!("{id}-error");
    html! {
        <div class="field">
            <label for={id}>{ label }</label>
            <input
                class="input"
                id={id}
                inputmode="decimal"
                autocomplete="off"
                value={value}
                oninput={typed}
                aria-invalid={error.is_some().then_some("true")}
                aria-describedby={error.is_some().then(|| error_id.clone())}
            />
            if let Some(error) = error {
                <small class="error" id={error_id}>{ error }</small>
            }
        </div>
    }
}

/// A few choices, all to be seen at once.
pub(crate) fn radios(
    name: &'static str,
    legend: AttrValue,
    value: &str,
    choices: Vec<Choice>,
    onchange: Callback<String>,
) -> Html {
    html! {
        <fieldset class="field">
            <legend>{ legend }</legend>
            <div class="choice">
                { for choices.into_iter().map(|(choice, label)| {
                    let onchange = onchange.reform({
                        let choice = choice.clone();
                        move |_: Event| choice.clone()
                    });
                    html! {
                        <label key={choice.clone()}>
                            <input type="radio" name={name} checked={choice == value} value={choice.clone()} onchange={onchange} />
                            <span>{ label }</span>
                        </label>
                    }
                }) }
            </div>
        </fieldset>
    }
}
