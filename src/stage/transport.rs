//! The transport bar: play, steps, speed, scrubbing, branches.

use splitbrain_engine::run::Command;
use splitbrain_engine::sim::time::Time;
use splitbrain_words::Arg;
use splitbrain_words::clock;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::geometry::{decimal, within};
use super::transport_keys::use_keys;
use crate::parts::{hue, icon};
use crate::session::{Action, Dialog, SPEEDS, Session, use_handle, use_session};
use crate::text::use_text;

/// Marks on the scrubber at most: more would be one line.
const MOST_MARKS: u32 = 120;
/// Steps of the scrubber.
const STEPS: u32 = 10_000;

/// The transport bar.
#[component]
pub(crate) fn Transport() -> Html {
    let text = use_text();
    let handle = use_handle();
    let playing = use_session(|session| session.playing);
    let speed = use_session(|session| session.speed);
    let branches = use_session(|session| session.branches.len());
    let is_open = use_session(|session| session.dialog == Some(Dialog::Branches));
    let at_start = use_session(|session| session.time() == Time::ZERO);
    use_keys();
    let send = |action: Action| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(action.clone()))
    };
    let to_end = {
        let handle = handle.clone();
        Callback::from(move |_| handle.dispatch(Action::GoTo(handle.read(Session::reached))))
    };
    let on_speed = {
        let handle = handle.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            if let Some(speed) = select.and_then(|select| select.value().parse().ok()) {
                handle.dispatch(Action::SetSpeed(speed));
            }
        })
    };
    let (play_icon, play_name) = if playing {
        ("pause", text.get("ui.pause"))
    } else {
        ("play", text.get("ui.play"))
    };
    let quiet = |name: &str, id: &str, onclick: Callback<MouseEvent>, disabled: bool| {
        html! {
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label={text.get(id)}
                title={text.get(id)}
                aria-disabled={disabled.then_some("true")}
                {onclick}
            >
                { icon(name) }
            </button>
        }
    };
    let speeds = SPEEDS.iter().enumerate().map(|(place, thousandths)| {
        html! {
            <option key={place} value={place.to_string()} selected={place == usize::from(speed)}>
                { multiple(*thousandths) }
            </option>
        }
    });
    let count = [("n", Arg::from(branches))];
    html! {
        <div class="transport" role="group" aria-label={text.get("ui.transport")}>
            { quiet("to-start", "ui.to_start", send(Action::GoTo(Time::ZERO)), at_start) }
            { quiet("step-back", "ui.step_back", send(Action::StepBack), at_start) }
            <button
                type="button"
                class="btn btn-primary btn-icon"
                aria-label={play_name.clone()}
                title={play_name}
                onclick={send(Action::TogglePlay)}
            >
                { icon(play_icon) }
            </button>
            { quiet("step-forward", "ui.step_on", send(Action::StepOn), false) }
            { quiet("to-end", "ui.to_end", to_end, false) }
            <Scrub />
            <select
                class="select select-s"
                aria-label={text.get("ui.speed")}
                title={text.get("ui.speed")}
                onchange={on_speed}
            >
                { for speeds }
            </select>
            <button
                type="button"
                class="btn btn-quiet"
                aria-label={text.with("ui.branches.count", &count)}
                title={text.with("ui.branches.count", &count)}
                aria-haspopup="dialog"
                aria-expanded={is_open.to_string()}
                onclick={send(Action::Open(Dialog::Branches))}
            >
                { icon("branch") }
                <span class="num">{ branches }</span>
            </button>
        </div>
    }
}

/// Clock and scrubber: what changes ten times a second.
#[component]
fn Scrub() -> Html {
    let text = use_text();
    let handle = use_handle();
    let (now, end) = use_session(|session| (session.time(), session.reached()));
    let marks = use_session(marks);
    let share = |time: Time| time.0 as f64 / end.0.max(1) as f64;
    let oninput = {
        let handle = handle.clone();
        Callback::from(move |event: InputEvent| {
            let input = event
                .target()
                .and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(step) = input.and_then(|input| input.value().parse::<u32>().ok()) {
                let end = handle.read(Session::reached);
                let time = end.0 as f64 * f64::from(step) / f64::from(STEPS);
                handle.dispatch(Action::GoTo(Time(time as u64)));
            }
        })
    };
    // The arrow keys of a range would move it by a share; a learner means moments.
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let span_us: i64 = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => 100_000,
            "ArrowLeft" | "ArrowDown" => -100_000,
            "PageUp" => 1_000_000,
            "PageDown" => -1_000_000,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let now = handle.read(Session::time).0;
        let to = now.saturating_add_signed(span_us);
        handle.dispatch(Action::GoTo(Time(to)));
    });
    let clock_now = clock(now);
    let of = [("time", Arg::from(now)), ("end", Arg::from(end))];
    let at = within(share(now), 0.0, 1.0);
    html! {
        <>
            <span class="clock">{ clock_now }</span>
            <div class="scrub">
                <ol class="marks" aria-hidden="true">
                    { for marks.iter().enumerate().map(|(place, mark)| html! {
                        <li
                            key={place}
                            class={mark.class()}
                            style={format!("left:{}%", decimal(100.0 * share(mark.at), 2))}
                        ></li>
                    }) }
                </ol>
                <input
                    type="range"
                    min="0"
                    max={STEPS.to_string()}
                    value={((at * f64::from(STEPS)) as u32).to_string()}
                    style={format!("--at:{}", decimal(at, 4))}
                    aria-label={text.get("ui.scrub")}
                    aria-valuetext={text.with("ui.scrub.at", &of)}
                    {oninput}
                    {onkeydown}
                />
            </div>
        </>
    }
}

/// A command on the scrubber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    at: Time,
    region: Option<u8>,
    meaning: &'static str,
}

impl Mark {
    fn class(self) -> Classes {
        classes!(self.region.map(hue), self.meaning)
    }
}

/// What the learner did in this run, the newest if there is too much of it.
fn marks(session: &Session) -> Vec<Mark> {
    let commands = &session.player.run().commands;
    let first = commands.len().saturating_sub(MOST_MARKS as usize);
    let scenario = session.scenario();
    let near = |customer: u16| scenario.customers.get(customer as usize).map(|it| it.near);
    let mark = |at, command: &Command| {
        let (region, meaning) = match *command {
            Command::Act { customer, action } => (action.via.or_else(|| near(customer)), ""),
            Command::StepClock { region, .. }
            | Command::PromoteRegion { region }
            | Command::MoveHome { region, .. } => (Some(region), ""),
            Command::HealLink { .. }
            | Command::RestartRegion { .. }
            | Command::ResumeRegion { .. }
            | Command::SlowRegion { extra_us: 0, .. } => (None, "good"),
            Command::CutLink { .. }
            | Command::CrashRegion { .. }
            | Command::PauseRegion { .. }
            | Command::SlowRegion { .. }
            | Command::DropNextReply { .. }
            | Command::DegradeLink { .. } => (None, "bad"),
        };
        Mark {
            at,
            region,
            meaning,
        }
    };
    commands[first..]
        .iter()
        .map(|timed| mark(timed.at, &timed.command))
        .chain(parts_at(session))
        .collect()
}

/// Where the run and the one that it is compared with part.
fn parts_at(session: &Session) -> Option<Mark> {
    let at = session.twin.as_ref()?.parts_at()?;
    Some(Mark {
        at,
        region: None,
        meaning: "parts",
    })
}

/// A speed as people write it: ×0.25.
fn multiple(thousandths: u32) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    let rest = format!("{rest:03}");
    match rest.trim_end_matches('0') {
        "" => format!("×{whole}"),
        rest => format!("×{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_written_without_idle_zeros() {
        let written: Vec<String> = SPEEDS.iter().copied().map(multiple).collect();
        assert_eq!(written[..4], ["×0.01", "×0.05", "×0.1", "×0.25"]);
        assert_eq!(written[8], "×100");
    }
}
