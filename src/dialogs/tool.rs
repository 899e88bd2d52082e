//! The form of a tool: who, what, where. While it is open time stands still.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use super::draft::{Draft, cut_links};
use super::modal::Modal;
use super::tool_fields::{Fields, Form};
use crate::parts::icon;
use crate::session::{Action, NoticeKind, Said, Session, WAITS, use_handle, use_session};
use crate::stage::tools::Tool;
use crate::text::use_text;

/// What the form is given.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ToolFormProps {
    /// The tool's id.
    pub tool: &'static str,
}

/// The form.
#[component]
pub(crate) fn ToolForm(props: &ToolFormProps) -> Html {
    let tool = props.tool;
    let text = use_text();
    let handle = use_handle();
    let update = use_force_update();
    let form = use_mut_ref(|| Form {
        draft: handle.read(|session| Draft::new(session, tool)),
        wrong: None,
    });
    let forks = use_session(Session::is_past);
    // Every field changes the form in its cell, so what is sent is always the newest.
    let edit = {
        let (form, handle) = (form.clone(), handle.clone());
        move |change: fn(&mut Draft, &str)| {
            let (form, handle, update) = (form.clone(), handle.clone(), update.clone());
            Callback::from(move |typed: String| {
                let mut form = form.borrow_mut();
                form.wrong = None;
                let asked = (form.draft.customer, form.draft.item, form.draft.via);
                change(&mut form.draft, &typed);
                if tool == "write"
                    && asked != (form.draft.customer, form.draft.item, form.draft.via)
                {
                    form.draft.amount = handle.read(|s| form.draft.next_price(s)).to_string();
                }
                update.force_update();
            })
        }
    };
    // On the button, whom Enter in a field clicks too: in a sandbox without
    // `allow-forms` a form itself never submits.
    let onclick = {
        let (form, handle, update) = (form.clone(), handle.clone(), use_force_update());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            let commands = handle.read(|session| form.borrow().draft.commands(session, tool));
            match commands {
                Ok(commands) => {
                    handle.dispatch(Action::Close);
                    for command in commands {
                        handle.dispatch(Action::Act(command));
                    }
                    if !handle.read(|session| session.playing) {
                        let said = Said::Words(WAITS, Vec::new());
                        handle.dispatch(Action::Say(NoticeKind::Info, said));
                    }
                }
                Err(wrong) => {
                    form.borrow_mut().wrong = Some(wrong);
                    update.force_update();
                }
            }
        })
    };
    let now = use_session(Session::time);
    let cancel = handle.clone();
    let has_icon = Tool::find(tool).map_or("more", |tool| tool.icon);
    let fields = handle.read(|session| {
        Fields {
            text: &text,
            form: &form,
            scenario: session.design.clone(),
            cut: cut_links(session),
        }
        .of(tool, &edit)
    });
    html! {
        <Modal title={text.get(&format!("ui.tool.{tool}.title"))}>
            <p class="muted">{ text.get(&format!("ui.tool.{tool}.what")) }</p>
            <form class="tool-form" onkeydown={Callback::from(send)} novalidate=true>
                { fields }
                <p class="hint" hidden={!forks}>{ text.get("ui.form.past") }</p>
                <div class="dialog-end">
                    <span class="muted num">{ text.with("ui.at", &[("time", now)]) }</span>
                    <button
                        type="button"
                        class="btn"
                        onclick={Callback::from(move |_| cancel.dispatch(Action::Close))}
                    >
                        { text.get("ui.cancel") }
                    </button>
                    <button type="submit" class="btn btn-primary" {onclick}>
                        { icon(has_icon) }{ text.get(&format!("ui.tool.{tool}")) }
                    </button>
                </div>
            </form>
        </Modal>
    }
}

/// Enter sends the form from a list too, as it does from every other field.
fn send(event: KeyboardEvent) {
    let list = event.target_dyn_into::<HtmlSelectElement>();
    if event.key() == "Enter"
        && let Some(form) = list.and_then(|list| list.form())
    {
        event.prevent_default();
        let button = form.query_selector("[type=submit]").ok().flatten();
        let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
        if let Some(button) = button {
            button.click();
        }
    }
}
