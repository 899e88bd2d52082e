//! How true it is: what each design keeps and loses as judged, with a run for each loss,
//! and what the project is held against. Both tables are made by the terminal's commands
//! and lie beside the page as files.

mod tables;

use splitbrain_words::Arg;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::chunk::{Which, use_chunk};
use crate::fetch::FetchError;
use crate::parts::{icon_small, sign};
use crate::text::{Text, use_text};
use tables::{Row, Tables, Validation};

/// What the page fetches when somebody asks.
#[derive(Debug)]
pub struct Chunk {
    /// The place.
    pub page: fn() -> Html,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    page: || html! { <Truth /> },
};

#[derive(Clone, PartialEq)]
enum Content {
    Coming,
    Here(Tables),
    Failed(FetchError),
}

/// The place.
#[component]
fn Truth() -> Html {
    let text = use_text();
    // It has the names of policies, and these words.
    let designs = use_chunk(Which::Designs, true).designs;
    let content = use_state(|| Content::Coming);
    use_effect_with((), {
        let content = content.clone();
        move |()| {
            spawn_local(async move {
                content.set(match tables::fetch().await {
                    Ok(tables) => Content::Here(tables),
                    Err(error) => Content::Failed(error),
                });
            });
        }
    });
    if designs.is_none() {
        return html! { <main class="page"><p role="status">{ text.node("ui.loading") }</p></main> };
    }
    html! {
        <main class="page">
            <div class="page-in truth">
                <div>
                    <h1>{ text.node("ui.truth") }</h1>
                    <p class="lede">{ text.node("ui.truth.lede") }</p>
                </div>
                { match &*content {
                    Content::Coming => html! { <p role="status">{ text.node("ui.loading") }</p> },
                    Content::Here(tables) => html! {
                        <>
                            { designs_view(&text, &tables.rows) }
                            { validations_view(&text, &tables.validations) }
                        </>
                    },
                    Content::Failed(error) => {
                        let what = Arg::from(text.fetch_error(error));
                        let sentence = text.say("ui.truth.missing", &[("what", what)]);
                        html! { <p role="alert">{ text.show(&sentence) }</p> }
                    }
                } }
            </div>
        </main>
    }
}

fn designs_view(text: &Text, rows: &[Row]) -> Html {
    let mut services: Vec<&str> = rows.iter().map(|row| row.service.as_str()).collect();
    services.dedup();
    let schedules = rows.iter().map(|row| row.schedules).max().unwrap_or(0);
    let table = |service: &str| {
        let own = rows.iter().filter(|row| row.service == service);
        let name = text.get(&format!("service.{service}"));
        html! {
            <section key={service.to_owned()}>
                <h3>{ name.clone() }</h3>
                <div class="table-wrap" tabindex="0" role="region" aria-label={name}>
                    <table class="ledger">
                        <thead>
                            <tr>
                                <th scope="col">{ text.get("ui.truth.design") }</th>
                                <th scope="col">{ text.get("ui.truth.keeps") }</th>
                                <th scope="col">{ text.get("ui.truth.loses") }</th>
                            </tr>
                        </thead>
                        <tbody>{ for own.enumerate().map(|(at, row)| row_view(text, at, row)) }</tbody>
                    </table>
                </div>
            </section>
        }
    };
    html! {
        <section>
            <h2>{ text.node("ui.truth.designs") }</h2>
            <p class="lede">{ text.with("ui.truth.designs.lede", &[("n", schedules as u64)]) }</p>
            { for services.into_iter().map(table) }
        </section>
    }
}

fn row_view(text: &Text, at: usize, row: &Row) -> Html {
    let words = text.words();
    let names = row
        .policies
        .iter()
        .map(|(slot, policy)| words.design_part(slot, policy));
    let names: Vec<String> = names.collect();
    let property = |id: &str| text.get(&format!("property.{id}"));
    html! {
        <tr key={at}>
            <th scope="row">
                { names.join(", ") }
                if !row.is_sound {
                    <small class="sign broken">{ sign("warning", "warn") }<span>{ text.get("ui.truth.broken") }</span></small>
                }
            </th>
            <td>
                <ul>{ for row.keeps.iter().map(|id| html! {
                    <li key={id.clone()}>{ sign("check", "good") }<span>{ property(id) }</span></li>
                }) }</ul>
            </td>
            <td>
                <ul>{ for row.loses.iter().map(|loss| html! {
                    <li key={loss.property.clone()}>
                        { sign("cross", "bad") }
                        <a href={loss.link.clone()}>{ property(&loss.property) }</a>
                        <small class="muted">{ text.with("ui.truth.commands", &[("n", loss.commands as u64)]) }</small>
                    </li>
                }) }</ul>
            </td>
        </tr>
    }
}

fn validations_view(text: &Text, validations: &[Validation]) -> Html {
    let columns = ["what", "size", "result", "expected", "verdict"];
    let row = |it: &Validation| {
        let (sign_name, meaning, verdict) = if it.passed {
            ("check", "good", "ui.truth.passed")
        } else {
            ("cross", "bad", "ui.truth.failed")
        };
        // The terminal wrote them, in every language that it had then.
        let Some((lang, said)) = it.said(text.lang()) else {
            return html! {};
        };
        let lang = (*lang != text.lang()).then(|| lang.code());
        html! {
            <tr key={it.name.clone()}>
                <th scope="row"><span {lang}>{ said.what.clone() }</span><small class="muted" lang="en">{ it.source.clone() }</small></th>
                <td {lang}>{ said.size.clone() }</td>
                <td {lang}>{ said.result.clone() }</td>
                <td {lang}>{ said.expected.clone() }</td>
                <td><span class="sign">{ sign(sign_name, meaning) }<span>{ text.get(verdict) }</span></span></td>
            </tr>
        }
    };
    html! {
        <section>
            <h2>{ text.node("ui.truth.validations") }</h2>
            <p class="lede">{ text.node("ui.truth.validations.lede") }</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label={text.get("ui.truth.validations")}>
                <table class="ledger">
                    <thead>
                        <tr>{ for columns.into_iter().map(|column| html! {
                            <th key={column} scope="col">{ text.get(&format!("ui.truth.column.{column}")) }</th>
                        }) }</tr>
                    </thead>
                    <tbody>{ for validations.iter().map(row) }</tbody>
                </table>
            </div>
            { for validations.iter().filter(|it| !it.beside.is_empty()).map(|it| beside_view(text, it)) }
            <p class="muted">{ icon_small("info") }{ " " }{ text.node("ui.truth.again") }</p>
        </section>
    }
}

/// The figures for which the source prints others than are expected, and why it does.
fn beside_view(text: &Text, validation: &Validation) -> Html {
    let Some((lang, said)) = validation.said(text.lang()) else {
        return html! {};
    };
    let lang = (*lang != text.lang()).then(|| lang.code());
    let columns = ["of", "found", "expected", "printed"];
    let time = |us: i64| {
        let ms = Arg::from(text.words().decimal(us, 2).to_string());
        text.show(&text.say("ui.truth.beside.time", &[("ms", ms)]))
    };
    html! {
        <section key={validation.name.clone()}>
            <h3 {lang}>{ said.what.clone() }</h3>
            <p {lang}>{ said.why.clone() }</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label={said.what.clone()}>
                <table class="ledger">
                    <thead>
                        <tr>{ for columns.into_iter().map(|column| html! {
                            <th key={column} scope="col">{ text.get(&format!("ui.truth.beside.{column}")) }</th>
                        }) }</tr>
                    </thead>
                    <tbody>{ for validation.beside.iter().map(|it| html! {
                        <tr key={it.of.clone()}>
                            <th scope="row" lang="en">{ it.of.clone() }</th>
                            <td>{ time(it.found_us) }</td>
                            <td>{ time(it.expected_us) }</td>
                            <td>{ time(it.printed_us) }</td>
                        </tr>
                    }) }</tbody>
                </table>
            </div>
        </section>
    }
}
