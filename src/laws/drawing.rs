//! The picture of a history: replicas as lanes, acts as dots, merges as arrows, and under
//! each what the replica shows from then on. The same stands beside it as text.

use splitbrain_engine::crdt::laws::{Counterexample, Step};
use splitbrain_words::notation::{act_at, content, replica};
use yew::prelude::*;

use super::replicas::place_of;
use crate::parts::{hue, shape_number};

/// Height of a lane.
const LANE: f64 = 76.0;
/// Room above the first lane's line, for the act that is written over it.
const TOP: f64 = 34.0;
/// Room for the names of replicas.
const NAMES: f64 = 52.0;
/// Width of a letter at the size that is used here, in a monospaced face.
const LETTER: f64 = 7.3;
/// A column's width at least, and what is between two texts.
const COLUMN: f64 = 92.0;
const GAP: f64 = 20.0;
/// How far before its arrival a merge sets out.
const FLIGHT: f64 = 44.0;
/// Width of the last column: the law.
const LAW: f64 = 72.0;
/// Letters of a text at most.
const LETTERS: usize = 28;

/// Where a step is.
struct Column {
    from: f64,
    width: f64,
}

impl Column {
    fn middle(&self) -> f64 {
        self.from + self.width / 2.0
    }
}

fn columns(told: &[(String, String)]) -> Vec<Column> {
    let mut from = NAMES;
    let columns = told.iter().map(|(above, below)| {
        let letters = above.chars().count().max(below.chars().count());
        let width = (letters as f64 * LETTER + GAP).max(COLUMN);
        let column = Column { from, width };
        from += width;
        column
    });
    columns.collect()
}

fn cut(text: String) -> String {
    if text.chars().count() <= LETTERS {
        return text;
    }
    let kept: String = text.chars().take(LETTERS - 1).collect();
    kept + "…"
}

/// What stands over a step and under it.
fn told(found: &Counterexample, is_timed: bool, refused: &str) -> Vec<(String, String)> {
    let told = found.moments.iter().map(|moment| {
        let above = match moment.step {
            Step::Act { act, time, .. } => act_at(act, is_timed.then_some(time)),
            Step::Merge { .. } => String::new(),
        };
        let view = moment.replicas.get(usize::from(place_of(moment.step)));
        let below = match view {
            _ if moment.is_refused => refused.to_owned(),
            Some(view) => content(&view.value),
            None => String::new(),
        };
        (cut(above), cut(below))
    });
    told.collect()
}

fn y_of(place: u8) -> f64 {
    TOP + f64::from(place) * LANE
}

/// Draws a history up to a step, from 1; the one after the last is the law.
pub(super) fn draw(found: &Counterexample, is_timed: bool, refused: &str, at: usize) -> Html {
    let told = told(found, is_timed, refused);
    let columns = columns(&told);
    let end = columns.last().map_or(NAMES, |last| last.from + last.width);
    let (width, lanes) = (
        end + LAW,
        found.moments.first().map_or(1, |it| it.replicas.len()) as u8,
    );
    let height = y_of(lanes.saturating_sub(1)) + LANE - TOP + 14.0;
    let now = match columns.get(at.wrapping_sub(1)) {
        Some(column) => (column.from, column.width),
        None => (end, LAW),
    };
    let lane = |place: u8| {
        let y = y_of(place);
        html! {
            <g key={place} class={hue(place)}>
                <use
                    class="hue-fill"
                    href={format!("#s-{}", shape_number(place))}
                    x="6"
                    y={(y - 7.0).to_string()}
                    width="14"
                    height="14"
                />
                <text x="27" y={(y + 4.5).to_string()} class="lab-name">{ replica(place) }</text>
                <line x1={NAMES.to_string()} x2={width.to_string()} y1={y.to_string()} y2={y.to_string()} class="lab-lane" />
            </g>
        }
    };
    let steps = found.moments.iter().zip(&columns).zip(&told).enumerate();
    let steps = steps.map(|(place, ((moment, column), told))| {
        let is_ahead = place + 1 > at;
        let class = classes!(
            is_ahead.then_some("is-ahead"),
            (place + 1 == at).then_some("is-now"),
            moment.is_refused.then_some("is-refused")
        );
        let (step, x) = (moment.step, column.middle());
        (
            html! { <g key={place} class={class.clone()}>{ arrow(step, x) }</g> },
            html! { <g key={place} {class}>{ mark(step, x, told) }</g> },
        )
    });
    // Words over all arrows: a merge may pass what another replica shows.
    let (arrows, marks): (Vec<Html>, Vec<Html>) = steps.unzip();
    html! {
        <svg
            class="lab-drawing"
            width={width.to_string()}
            height={height.to_string()}
            viewBox={format!("0 0 {width} {height}")}
            aria-hidden="true"
        >
            <rect class="lab-now" x={now.0.to_string()} y="0" width={now.1.to_string()} height={height.to_string()} rx="6" />
            <g>{ for (0..lanes).map(lane) }</g>
            <g>{ for arrows }</g>
            <g>{ for marks }</g>
            <g class={classes!((at <= columns.len()).then_some("is-ahead"))}>
                { law(found, end + LAW / 2.0) }
            </g>
        </svg>
    }
}

/// The way of a merge, from the replica whose state it is.
fn arrow(step: Step, x: f64) -> Html {
    let Step::Merge { from, .. } = step else {
        return Html::default();
    };
    let (y, start) = (y_of(place_of(step)), y_of(from));
    // Along the way, and across it; ends at the rim of the dot.
    let (dx, dy) = (FLIGHT, y - start);
    let (ux, uy) = (dx / dx.hypot(dy), dy / dx.hypot(dy));
    let (tip_x, tip_y) = (x - 8.0 * ux, y - 8.0 * uy);
    let (base_x, base_y) = (tip_x - 8.0 * ux, tip_y - 8.0 * uy);
    let head = format!(
        "M{tip_x} {tip_y}L{} {}L{} {}z",
        base_x - 4.0 * uy,
        base_y + 4.0 * ux,
        base_x + 4.0 * uy,
        base_y - 4.0 * ux
    );
    html! {
        <g class={hue(from)}>
            <line
                class="lab-merge"
                x1={(x - dx).to_string()}
                y1={start.to_string()}
                x2={base_x.to_string()}
                y2={base_y.to_string()}
            />
            <path class="hue-fill" d={head} />
        </g>
    }
}

/// The replica at a step: what it does, and what it shows from then on.
fn mark(step: Step, x: f64, (above, below): &(String, String)) -> Html {
    let place = place_of(step);
    let y = y_of(place);
    let is_merge = matches!(step, Step::Merge { .. });
    html! {
        <g class={hue(place)}>
            <circle
                class={if is_merge { "lab-heard" } else { "lab-act" }}
                cx={x.to_string()}
                cy={y.to_string()}
                r="6"
            />
            <text class="lab-above" x={x.to_string()} y={(y - 14.0).to_string()}>{ above }</text>
            <text class="lab-below" x={x.to_string()} y={(y + 24.0).to_string()}>{ below }</text>
        </g>
    }
}

/// Marks the replicas that the law is about.
fn law(found: &Counterexample, x: f64) -> Html {
    let marks = found.violation.replicas.iter().map(|&place| {
        let y = y_of(place);
        html! {
            <g key={place}>
                <circle class="lab-broke" cx={x.to_string()} cy={y.to_string()} r="10" />
                <path
                    class="lab-broke"
                    d={format!("M{} {}l8 8m0 -8l-8 8", x - 4.0, y - 4.0)}
                />
            </g>
        }
    });
    html! { <g>{ for marks }</g> }
}
