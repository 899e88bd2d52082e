//! The menu of a region or a link: what can be done to it right there.

use gloo_events::EventListener;
use splitbrain_engine::run::{Command, Direction};
use splitbrain_engine::scenario::Scenario;
use splitbrain_words::Arg;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::geometry::decimal;
use super::map_world::LinkState;
use super::tools::Tool;
use crate::parts::icon;
use crate::session::{Action, Dialog, Selection, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// An entry of the menu.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    /// The tool that it stands for, by its id in the toolbox.
    tool: &'static str,
    icon: &'static str,
    words: AttrValue,
    action: Action,
}

/// What the menu is about and where it opens.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct MapMenuProps {
    /// A region or a link.
    pub(crate) target: Selection,
    /// Its place in the window, in CSS pixels.
    pub(crate) at: (f64, f64),
    /// Shuts it.
    pub(crate) on_close: Callback<()>,
}

/// The menu.
#[component]
pub(crate) fn MapMenu(props: &MapMenuProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let menu = use_node_ref();
    {
        // The focus comes here, and goes back to where it was.
        let (menu, on_close) = (menu.clone(), props.on_close.clone());
        use_effect_with(props.target, move |_| {
            let document = web_sys::window().and_then(|window| window.document());
            let before = document
                .as_ref()
                .and_then(web_sys::Document::active_element);
            let buttons = menu.cast::<Element>().map(|menu| entries_of(&menu));
            if let Some(first) = buttons.as_deref().and_then(<[HtmlElement]>::first) {
                // A button can always take the focus.
                let _ = first.focus();
            }
            let listener = document.map(|document| {
                let menu = menu.clone();
                EventListener::new(&document, "pointerdown", move |event| {
                    let target = event.target().and_then(|target| target.dyn_into().ok());
                    let inside = menu.cast::<Element>().zip(target).is_some_and(
                        |(menu, target): (Element, Element)| menu.contains(Some(&target)),
                    );
                    if !inside {
                        on_close.emit(());
                    }
                })
            });
            move || {
                drop(listener);
                if let Some(before) = before {
                    focus(&before);
                }
            }
        });
    }
    let target = props.target;
    let scenario = use_session(|session| session.scenario().clone());
    let state = use_session(move |session| State::of(session, target));
    let (title, mut entries) = entries(&text, &scenario, target, state);
    handle.read(|session| entries.retain(|entry| session.allows_tool(entry.tool)));
    // A menu without an entry could not take the focus.
    let nothing = entries.is_empty().then(|| {
        let close = props.on_close.clone();
        html! {
            <button type="button" role="menuitem" aria-disabled="true" onclick={move |_| close.emit(())}>
                { text.node("ui.menu.nothing") }
            </button>
        }
    });
    let buttons = entries.into_iter().map(|entry| {
        let (handle, close) = (handle.clone(), props.on_close.clone());
        let action = entry.action;
        let onclick = Callback::from(move |_| {
            close.emit(());
            handle.dispatch(action.clone());
        });
        html! {
            <button key={entry.words.to_string()} type="button" role="menuitem" {onclick}>
                { icon(entry.icon) }{ entry.words }
            </button>
        }
    });
    html! {
        <div
            ref={menu}
            class="menu menu-at"
            role="menu"
            aria-label={title.clone()}
            style={style(props.at)}
            onkeydown={on_key(props.on_close.clone())}
        >
            <div class="menu-title" aria-hidden="true">{ title }</div>
            <div role="none">{ for buttons }{ nothing }</div>
        </div>
    }
}

/// Beside the mark, towards the middle of the window so that all of it is seen.
fn style((x, y): (f64, f64)) -> String {
    const WIDTH: f64 = 264.0;
    let window = web_sys::window();
    let length = |value: Option<wasm_bindgen::JsValue>| value.and_then(|v| v.as_f64());
    let size = |window: &web_sys::Window| {
        let width = length(window.inner_width().ok())?;
        Some((width, length(window.inner_height().ok())?))
    };
    let (width, height) = window.as_ref().and_then(size).unwrap_or((1024.0, 768.0));
    let left = if x + 16.0 + WIDTH < width {
        x + 16.0
    } else {
        (x - 16.0 - WIDTH).max(8.0)
    };
    if y < height * 0.55 {
        let most = height - y - 16.0;
        let top = (y - 12.0).max(8.0);
        let [left, top, most] = [left, top, most].map(|length| decimal(length, 0));
        format!("position:fixed;left:{left}px;top:{top}px;max-height:{most}px")
    } else {
        let (bottom, most) = ((height - y - 12.0).max(8.0), y - 16.0);
        let [left, bottom, most] = [left, bottom, most].map(|length| decimal(length, 0));
        format!("position:fixed;left:{left}px;bottom:{bottom}px;max-height:{most}px")
    }
}

/// What of the world decides about the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct State {
    is_down: bool,
    is_paused: bool,
    link: LinkState,
}

impl State {
    fn of(session: &Session, target: Selection) -> Self {
        let world = session.player.world();
        let mut state = Self::default();
        match target {
            Selection::Region(place) => {
                let host = world.hosts().get(usize::from(place));
                state.is_down = host.is_some_and(|host| !host.is_up);
                state.is_paused = world.is_paused(place);
            }
            Selection::Link(a, b) => state.link = LinkState::of(world, a, b),
            _ => {}
        }
        state
    }
}

fn entries(
    text: &Text,
    scenario: &Scenario,
    target: Selection,
    state: State,
) -> (AttrValue, Vec<Entry>) {
    let name = |place: u8| {
        let region = scenario.regions.get(usize::from(place));
        region.map_or("", |region| region.get().id)
    };
    match target {
        Selection::Region(region) => {
            let entries = region_entries(text, scenario, region, state);
            (AttrValue::from(name(region)), entries)
        }
        Selection::Link(a, b) => {
            let title = format!("{} – {}", name(a), name(b));
            let entries = link_entries(text, (a, name(a)), (b, name(b)), state.link);
            (AttrValue::from(title), entries)
        }
        _ => (AttrValue::default(), Vec::new()),
    }
}

fn region_entries(text: &Text, scenario: &Scenario, region: u8, state: State) -> Vec<Entry> {
    let act = |tool, icon, command| Entry {
        tool,
        icon,
        words: text.get(&format!("ui.tool.{tool}")),
        action: Action::Act(command),
    };
    let open = |tool, icon| Entry {
        tool,
        icon,
        words: text.get(&format!("ui.tool.{tool}")),
        action: Action::Open(Dialog::Tool(tool)),
    };
    if state.is_down {
        let command = Command::RestartRegion { region };
        return vec![act("restart", "restart", command)];
    }
    let drop_reply = Command::DropNextReply {
        region,
        customer: None,
    };
    let pause = if state.is_paused {
        act("resume", "play", Command::ResumeRegion { region })
    } else {
        act("pause", "pause", Command::PauseRegion { region })
    };
    let mut entries = vec![
        act("crash", "crash", Command::CrashRegion { region }),
        pause,
        act("drop_reply", "drop-reply", drop_reply),
        open("slow", "slow"),
        open("clock", "clock"),
    ];
    // What can be said there: words of a service that is not here need not have come.
    let says = ["write", "post"].into_iter().filter_map(Tool::find);
    let says = says.filter(|tool| tool.fits(scenario));
    entries.extend(says.map(|tool| open(tool.id, tool.icon)));
    entries
}

fn link_entries(text: &Text, a: (u8, &str), b: (u8, &str), state: LinkState) -> Vec<Entry> {
    let one_way = |id: &str, from: &str, to: &str| {
        let args = [
            ("from", Arg::Plain(from.into())),
            ("to", Arg::Plain(to.into())),
        ];
        text.with(id, &args)
    };
    let cut = |from: u8, to: u8, direction, words| Entry {
        tool: "cut",
        icon: "cut",
        words,
        action: Action::Act(Command::CutLink {
            from,
            to,
            direction,
        }),
    };
    let heal = |from: u8, to: u8, direction, words| Entry {
        tool: "heal",
        icon: "heal",
        words,
        action: Action::Act(Command::HealLink {
            from,
            to,
            direction,
        }),
    };
    let mut entries = Vec::new();
    if state.is_cut() {
        let words = text.get("ui.tool.heal");
        entries.push(heal(a.0, b.0, Direction::Both, words));
    }
    if !(state.is_cut_on && state.is_cut_back) {
        let words = text.get("ui.tool.cut");
        entries.push(cut(a.0, b.0, Direction::Both, words));
    }
    for (from, to, is_cut) in [(a, b, state.is_cut_on), (b, a, state.is_cut_back)] {
        if !is_cut {
            let words = one_way("ui.menu.cut_one_way", from.1, to.1);
            entries.push(cut(from.0, to.0, Direction::OneWay, words));
        } else if state.is_cut_on && state.is_cut_back {
            let words = one_way("ui.menu.heal_one_way", from.1, to.1);
            entries.push(heal(from.0, to.0, Direction::OneWay, words));
        }
    }
    entries.push(Entry {
        tool: "degrade",
        icon: "warning",
        words: text.get("ui.tool.degrade"),
        action: Action::Open(Dialog::Tool("degrade")),
    });
    entries
}

/// Arrow keys go through the entries, Escape shuts.
fn on_key(close: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let target = event.target_dyn_into::<HtmlElement>();
        let menu = target.as_ref().and_then(|t| t.closest(".menu").ok()?);
        let buttons = menu.map(|menu| entries_of(&menu)).unwrap_or_default();
        let at = buttons
            .iter()
            .position(|button| Some(button) == target.as_ref());
        let count = buttons.len();
        let to = match (event.key().as_str(), at) {
            ("Escape" | "Tab", _) => {
                event.prevent_default();
                close.emit(());
                None
            }
            ("ArrowDown", Some(at)) => Some((at + 1) % count),
            ("ArrowUp", Some(at)) => Some((at + count - 1) % count),
            ("Home", _) => Some(0),
            ("End", _) => count.checked_sub(1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(button) = to.and_then(|to| buttons.get(to)) {
            // A button can always take the focus.
            let _ = button.focus();
        }
    })
}

fn entries_of(menu: &Element) -> Vec<HtmlElement> {
    let found = menu.get_elements_by_tag_name("button");
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect()
}

/// Gives the focus back, if what had it is still there.
fn focus(element: &Element) {
    let html = element.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
    let svg = || {
        element
            .dyn_ref::<web_sys::SvgElement>()
            .map(web_sys::SvgElement::focus)
    };
    // What cannot take it leaves it where it is.
    let _ = html.or_else(svg);
}
