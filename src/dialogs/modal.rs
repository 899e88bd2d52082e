//! The frame of every dialog: the browser's own `<dialog>`, opened modally. Esc and a
//! click beside it close it.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::parts::icon;
use crate::session::{Action, use_handle};
use crate::text::use_text;

/// What is focused when a dialog opens.
const FIRST: &str = "input:checked, select, input:not([type=radio]), textarea, .first";

/// What a dialog is given.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ModalProps {
    /// Its heading; without one the content brings its own and a label is given.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// What it is called where it has no heading.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// More classes of the dialog.
    #[prop_or_default]
    pub class: Classes,
    /// What is in it.
    pub children: Html,
}

/// A dialog. It is open for as long as it is there.
#[component]
pub(crate) fn Modal(props: &ModalProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let node = use_node_ref();
    use_effect_with((), {
        let (node, handle) = (node.clone(), handle.clone());
        move |()| {
            let listener = node.cast::<HtmlDialogElement>().map(|dialog| {
                let opener = active_element();
                // Already open only if the browser kept it so, and then all is well.
                let _ = dialog.show_modal();
                if let Some(opener) = opener {
                    stand_near(&dialog, &opener);
                }
                // The first field rather than the button that closes.
                let first = dialog.query_selector(FIRST).ok().flatten();
                if let Some(first) = first.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                    let _ = first.focus();
                }
                EventListener::new(&dialog, "close", move |_| handle.dispatch(Action::Close))
            });
            move || drop(listener)
        }
    });
    let onclick = {
        let (node, handle) = (node.clone(), handle.clone());
        Callback::from(move |event: MouseEvent| {
            let hit = event
                .target()
                .and_then(|hit| hit.dyn_into::<web_sys::Node>().ok());
            if hit.is_some() && hit == node.get() {
                handle.dispatch(Action::Close);
            }
        })
    };
    let close = Callback::from(move |_: MouseEvent| handle.dispatch(Action::Close));
    let labelled = props.title.is_some().then_some("dialog-title");
    html! {
        <dialog
            ref={node}
            class={classes!("dialog", props.class.clone())}
            aria-labelledby={labelled}
            aria-label={props.label.clone()}
            onclick={onclick}
        >
            if let Some(title) = &props.title {
                <div class="dialog-in">
                    <div class="dialog-head">
                        <h2 id="dialog-title">{ title }</h2>
                        <button
                            type="button"
                            class="btn btn-quiet btn-icon"
                            aria-label={text.get("ui.close")}
                            onclick={close}
                        >
                            { icon("close") }
                        </button>
                    </div>
                    { props.children.clone() }
                </div>
            } else {
                { props.children.clone() }
            }
        </dialog>
    }
}

/// In a frame that is as tall as what is in it the middle may be out of sight. There a
/// dialog stands above what opened it, or below it where there is no room.
fn stand_near(dialog: &HtmlDialogElement, opener: &HtmlElement) -> Option<()> {
    const GAP_PX: f64 = 12.0;
    let window = web_sys::window()?;
    let is_framed = window.parent().ok().flatten()? != window;
    if !is_framed || opener.tag_name() == "BODY" {
        return None;
    }
    let (rect, height) = (
        opener.get_bounding_client_rect(),
        f64::from(dialog.offset_height()),
    );
    let above = rect.top() - GAP_PX - height;
    let top = if above >= GAP_PX {
        above
    } else {
        rect.bottom() + GAP_PX
    };
    let most = window.inner_height().ok()?.as_f64()? - height - GAP_PX;
    let style = dialog.style();
    let top = format!("{}px", top.min(most).max(GAP_PX) as i32);
    for (name, value) in [
        ("top", top.as_str()),
        ("bottom", "auto"),
        ("margin-block", "0"),
    ] {
        style.set_property(name, value).ok()?;
    }
    Some(())
}

/// What has the focus.
pub(crate) fn active_element() -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    document.active_element()?.dyn_into().ok()
}
