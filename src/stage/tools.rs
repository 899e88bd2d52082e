//! The toolbox: what a learner can do to the world. Each tool opens its form.

use splitbrain_engine::replication::Strategy;
use splitbrain_engine::scenario::{Scenario, Service, ServiceKind, Slot};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::dialogs::draft::{cut_links, down_regions, paused_regions};
use crate::parts::icon;
use crate::session::{Action, Dialog, Session, use_handle, use_session};
use crate::text::use_text;

/// A tool. Its words stand under `ui.tool.ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tool {
    /// Its id.
    pub id: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Which service it needs, if one.
    pub service: Option<ServiceKind>,
    /// Tools of one group stand together.
    pub group: u8,
}

/// Every tool, in the order of the toolbox.
pub(crate) const ALL: &[Tool] = &[
    tool("write", "write", Some(ServiceKind::Prices), 0),
    tool("add", "cart-plus", Some(ServiceKind::Carts), 0),
    tool("remove", "cart-minus", Some(ServiceKind::Carts), 0),
    tool("post", "post", Some(ServiceKind::Chat), 0),
    tool("like", "check", Some(ServiceKind::Likes), 0),
    tool("unlike", "cross", Some(ServiceKind::Likes), 0),
    tool("buy", "pay", Some(ServiceKind::Stock), 0),
    tool("restock", "cart-plus", Some(ServiceKind::Stock), 0),
    tool("order", "ledger", Some(ServiceKind::Orders), 0),
    tool("profile", "home", Some(ServiceKind::Profiles), 0),
    tool("pay", "pay", Some(ServiceKind::Payments), 0),
    tool("read", "search", None, 0),
    tool("drop_reply", "drop-reply", None, 1),
    tool("cut", "cut", None, 1),
    tool("heal", "heal", None, 1),
    tool("degrade", "warning", None, 1),
    tool("crash", "crash", None, 1),
    tool("restart", "restart", None, 1),
    tool("promote", "promote", None, 1),
    tool("move", "home", None, 1),
    tool("pause", "pause", None, 1),
    tool("resume", "play", None, 1),
    tool("slow", "slow", None, 1),
    tool("clock", "clock", None, 1),
];

const fn tool(
    id: &'static str,
    icon: &'static str,
    service: Option<ServiceKind>,
    group: u8,
) -> Tool {
    Tool {
        id,
        icon,
        service,
        group,
    }
}

impl Tool {
    /// The tool with this id.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|tool| tool.id == id)
    }

    /// Whether it can do anything in this scenario at all.
    pub(crate) fn fits(&self, scenario: &Scenario) -> bool {
        let needs_link = matches!(self.id, "cut" | "heal" | "degrade");
        let has = |kind| scenario.service(kind).is_some();
        let kinds = [
            ServiceKind::Prices,
            ServiceKind::Carts,
            ServiceKind::Chat,
            ServiceKind::Likes,
            ServiceKind::Stock,
            ServiceKind::Orders,
            ServiceKind::Profiles,
        ];
        let reads = kinds.into_iter().any(has);
        self.service.is_none_or(has)
            && (!needs_link || scenario.regions.len() > 1)
            && (self.id != "read" || reads)
            && (self.group != 0 || !scenario.customers.is_empty())
    }
}

/// The tools that are allowed here and of use now: healing, restarting and resuming once
/// there is something to heal, restart or resume.
pub(crate) fn useful(session: &Session) -> Vec<&'static Tool> {
    let fits = ALL.iter().filter(|tool| tool.fits(&session.design));
    let allowed = fits.filter(|tool| session.allows_tool(tool.id));
    let useful = allowed.filter(|tool| match tool.id {
        "heal" => !cut_links(session).is_empty(),
        "restart" => !down_regions(session).is_empty(),
        "promote" => has_writer(&session.design),
        "move" => {
            let services = &session.design.services;
            services.iter().any(has_homes)
        }
        "resume" => !paused_regions(session).is_empty(),
        _ => true,
    });
    useful.collect()
}

/// Whether some service has one writer or leader, who can be replaced.
fn has_writer(scenario: &Scenario) -> bool {
    let slots = scenario.services.iter().flat_map(Service::slots);
    let mut slots = slots.filter(|slot| matches!(slot, Slot::Failover | Slot::LeaderReads));
    slots.next().is_some()
}

/// Whether each key of a service has a home that can be moved.
pub(crate) fn has_homes(service: &Service) -> bool {
    service.strategy().is_some_and(Strategy::has_homes)
}

/// The toolbox.
#[component]
pub(crate) fn Tools() -> Html {
    let text = use_text();
    let handle = use_handle();
    let tools = use_session(useful);
    let stop = use_state_eq(|| 0_usize);
    let stop_at = (*stop).min(tools.len().saturating_sub(1));
    let onfocusin = {
        let stop = stop.clone();
        Callback::from(move |event: FocusEvent| {
            if let Some((buttons, at)) = event.target_dyn_into::<HtmlElement>().and_then(siblings) {
                stop.set(at.min(buttons.len()));
            }
        })
    };
    html! {
        <div
            class="tools"
            role="toolbar"
            aria-label={text.get("ui.act")}
            onkeydown={Callback::from(move_focus)}
            onfocusin={onfocusin}
        >
            { for tools.iter().enumerate().flat_map(|(at, &tool)| {
                let starts_group = at > 0 && tools[at - 1].group != tool.group;
                let gap = starts_group.then(|| html! { <span class="gap" key={format!("gap {at}")}></span> });
                let open = handle.clone();
                let id = tool.id;
                let button = html! {
                    <button
                        key={id}
                        type="button"
                        class="btn btn-quiet"
                        data-tool={id}
                        aria-haspopup="dialog"
                        tabindex={if at == stop_at { "0" } else { "-1" }}
                        onclick={Callback::from(move |_| open.dispatch(Action::Open(Dialog::Tool(id))))}
                    >
                        { icon(tool.icon) }
                        { text.get(&format!("ui.tool.{id}")) }
                    </button>
                };
                gap.into_iter().chain([button])
            }) }
        </div>
    }
}

/// All buttons of the toolbar that one is in, and its place.
fn siblings(button: HtmlElement) -> Option<(Vec<HtmlElement>, usize)> {
    let bar = button.closest(".tools").ok()??;
    let found = bar.query_selector_all("button").ok()?;
    let buttons: Vec<HtmlElement> = (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect();
    let at = buttons.iter().position(|other| *other == button)?;
    Some((buttons, at))
}

/// Arrow keys move within the toolbar, which is one stop of the Tab key.
fn move_focus(event: KeyboardEvent) {
    let Some((buttons, at)) = event.target_dyn_into::<HtmlElement>().and_then(siblings) else {
        return;
    };
    let last = buttons.len() - 1;
    let to = match event.key().as_str() {
        "ArrowRight" => (at + 1) % buttons.len(),
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    // A button of the toolbar can always take the focus.
    let _ = buttons[to].focus();
}
