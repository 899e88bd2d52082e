//! The column beside both stages: where they part, and what differs at the cursor.

use yew::prelude::*;

use super::desk::LETTERS;
use super::table::{self, Broken, KeyRows, Parting, Row};
use crate::chunk::{Which, use_chunk};
use crate::parts::{icon, icon_small, shape, sign};
use crate::session::{Action, Ask, Handle, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// The other session.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct DifferenceProps {
    /// It.
    pub other: Handle,
}

/// Everything that is told of the difference.
#[derive(Clone, PartialEq)]
struct Told {
    parting: Option<Parting>,
    figures: Vec<Row>,
    verdicts: Vec<Row>,
    values: Vec<KeyRows>,
    more_keys: u32,
    broken: Vec<Broken>,
    is_behind: bool,
}

fn told(session: &Session, text: &Text) -> Option<Told> {
    let twin = session.twin.as_ref()?;
    let comparison = twin.comparison.as_deref()?;
    Some(Told {
        parting: table::parting(text, session, twin),
        figures: table::figures(text, comparison),
        verdicts: table::verdicts(text, comparison),
        values: table::values(text, &session.design, comparison),
        more_keys: comparison.more_keys,
        broken: table::broken(text, session, twin),
        is_behind: twin.is_behind,
    })
}

/// The column.
#[component]
pub(super) fn Difference(props: &DifferenceProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let told = use_session({
        let text = text.clone();
        move |session| told(session, &text)
    });
    html! {
        <section class="side twin-side" aria-label={text.get("ui.twin.table")}>
            <SideWhy side={0} />
            <ContextProvider<Handle> context={props.other.clone()}><SideWhy side={1} /></ContextProvider<Handle>>
            <div class="panel" tabindex="0" role="group" aria-label={text.get("ui.twin.table")}>
                { match &told {
                    Some(told) => view(&text, [&handle, &props.other], told),
                    None => html! { <p class="muted" role="status">{ text.node("ui.twin.catching_up") }</p> },
                } }
            </div>
        </section>
    }
}

/// Which of the two.
#[derive(Clone, PartialEq, Properties)]
struct SideWhyProps {
    /// 0 or 1.
    side: usize,
}

/// The answer to "why?" in one of the two, under its letter, out of whatever session is
/// around it.
#[component]
fn SideWhy(props: &SideWhyProps) -> Html {
    let text = use_text();
    let asks = use_session(|session| session.why.is_some());
    let panels = use_chunk(Which::Panels, asks).panels;
    let letter = LETTERS[props.side];
    let heading = format!("twin-why-{letter}");
    html! {
        // Hidden while there is no answer. An answer takes the focus: a group says its name then.
        <div class="twin-why" role="group" aria-labelledby={heading.clone()}>
            <h2 id={heading}>{ text.with("ui.twin.why", &[("who", letter)]) }</h2>
            { panels.filter(|_| asks).map(|chunk| (chunk.0.why)()) }
        </div>
    }
}

fn view(text: &Text, handles: [&Handle; 2], told: &Told) -> Html {
    html! {
        <div class="twin-table">
            <p class="muted" role="status">
                if told.is_behind { { text.node("ui.twin.catching_up") } }
            </p>
            { parting_view(text, handles[0], told.parting.as_ref()) }
            { table_view(text, "ui.twin.figures", "figures", html! { { for told.figures.iter().enumerate().map(row_view) } }) }
            { table_view(text, "ui.twin.verdicts", "verdicts", html! { { for told.verdicts.iter().enumerate().map(row_view) } }) }
            if told.values.is_empty() {
                <section>
                    <h2 class="card-title">{ text.node("ui.twin.values") }</h2>
                    <p class="muted">{ text.node("ui.twin.values.same") }</p>
                </section>
            } else {
                { table_view(text, "ui.twin.values", "values", html! { { for told.values.iter().map(key_view) } }) }
            }
            <p class="muted">
                if told.more_keys > 0 { { text.with("ui.twin.more_keys", &[("n", told.more_keys)]) } }
            </p>
            <section>
                <h2 class="card-title">{ text.node("ui.twin.losses") }</h2>
                if told.broken.is_empty() {
                    <p class="muted">{ text.node("ui.twin.losses.none") }</p>
                }
                <div>{ for told.broken.iter().map(|broken| broken_view(text, handles[broken.side], broken)) }</div>
            </section>
        </div>
    }
}

fn parting_view(text: &Text, handle: &Handle, parting: Option<&Parting>) -> Html {
    let Some(parting) = parting else {
        return html! { <p class="twin-first">{ text.node("ui.twin.same") }</p> };
    };
    let (handle, at) = (handle.clone(), parting.at);
    let onclick = Callback::from(move |_: MouseEvent| {
        handle.dispatch(Action::Pause);
        handle.dispatch(Action::GoTo(at));
    });
    html! {
        <section class="twin-first">
            <h2>{ &parting.said }</h2>
            <ul>
                { for parting.came.iter().zip(LETTERS).map(|(came, letter)| html! {
                    <li key={letter}><b class="twin-letter">{ letter }</b><span>{ came }</span></li>
                }) }
            </ul>
            <button type="button" class="btn" {onclick}>
                { icon("to-start") }{ text.with("ui.twin.jump", &[("time", at)]) }
            </button>
        </section>
    }
}

/// A table with a column for each of the two.
fn table_view(text: &Text, title: &str, key: &'static str, body: Html) -> Html {
    html! {
        <section {key}>
            <h2 class="card-title" id={format!("twin-{key}")}>{ text.node(title) }</h2>
            <table class="ledger" aria-labelledby={format!("twin-{key}")}>
                <thead>
                    <tr>
                        <th scope="col"><span class="visually-hidden">{ text.node("ui.twin.what") }</span></th>
                        { for LETTERS.map(|letter| html! {
                            <th key={letter} scope="col"><b class="twin-letter">{ letter }</b></th>
                        }) }
                    </tr>
                </thead>
                { body }
            </table>
        </section>
    }
}

fn key_view(key: &KeyRows) -> Html {
    html! {
        <tbody key={key.key.0}>
            <tr><th class="twin-key" scope="colgroup" colspan="3">{ &key.name }</th></tr>
            { for key.rows.iter().map(cells) }
        </tbody>
    }
}

fn row_view((place, row): (usize, &Row)) -> Html {
    html! { <tbody key={place}>{ cells(row) }</tbody> }
}

fn cells(row: &Row) -> Html {
    let cell = |side: usize| {
        let mark = row.signs[side].map(|(name, meaning)| sign(name, meaning));
        html! { <td key={side}>{ mark }{ &row.cells[side] }</td> }
    };
    html! {
        <tr class={row.differs.then_some("differs")} key={row.name.to_string()}>
            <th scope="row">{ row.region.map(shape) }{ &row.name }</th>
            { cell(0) }
            { cell(1) }
        </tr>
    }
}

fn broken_view(text: &Text, handle: &Handle, broken: &Broken) -> Html {
    let letter = LETTERS[broken.side];
    let args = [
        ("who", letter.to_owned()),
        ("property", broken.name.to_string()),
    ];
    let loss = |loss: &table::Loss| {
        let (handle, property, index) = (handle.clone(), loss.property, loss.index);
        let onclick = Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Ask(Ask::Violation { property, index }));
        });
        html! {
            <li key={index}>
                { text.show(&loss.said) }
                <span class="acts">
                    <button type="button" class="linkish" {onclick}>{ text.get("ui.why") }</button>
                </span>
            </li>
        }
    };
    html! {
        <div class="twin-broken" key={format!("{letter}-{}", broken.property)}>
            <h3><span class="bad">{ icon_small("cross") }</span>{ text.with("ui.twin.broken", &args) }</h3>
            <ul class="violations">{ for broken.losses.iter().map(loss) }</ul>
            if broken.more > 0 {
                <small class="muted">{ text.with("ui.twin.more", &[("n", broken.more)]) }</small>
            }
        </div>
    }
}
