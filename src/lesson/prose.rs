//! Texts of lessons, whose Markdown was made into typed nodes when they were packed.

use splitbrain_lesson::format::text::{Block, Inline};
use yew::prelude::*;

use super::judged::Judged;
use crate::parts::icon_small;

/// Paragraphs and lists.
pub fn blocks(blocks: &[Block]) -> Html {
    html! { <div class="prose">{ for blocks.iter().enumerate().map(block) }</div> }
}

fn block((key, block): (usize, &Block)) -> Html {
    let item = |(key, item): (usize, &Vec<Inline>)| html! { <li {key}>{ inlines(item) }</li> };
    match block {
        Block::Paragraph(content) => html! { <p {key}>{ inlines(content) }</p> },
        Block::List { ordered, items } if *ordered => {
            html! { <ol {key}>{ for items.iter().enumerate().map(item) }</ol> }
        }
        Block::List { items, .. } => {
            html! { <ul {key}>{ for items.iter().enumerate().map(item) }</ul> }
        }
        Block::Verdict { property, customer } => {
            html! { <Judged {key} {property} customer={customer.clone()} /> }
        }
    }
}

/// The same without paragraphs of their own, where there is only a line's room.
pub fn line(blocks: &[Block]) -> Html {
    let parts = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(content) => Some(inlines(content)),
        Block::List { .. } | Block::Verdict { .. } => None,
    });
    html! { <span>{ for parts }</span> }
}

fn inlines(content: &[Inline]) -> Html {
    html! { <>{ for content.iter().map(inline) }</> }
}

fn inline(inline: &Inline) -> Html {
    match inline {
        Inline::Text(text) => html! { { text.clone() } },
        Inline::Emphasis(content) => html! { <em>{ inlines(content) }</em> },
        Inline::Strong(content) => html! { <strong>{ inlines(content) }</strong> },
        Inline::Code(text) => html! { <code>{ text.clone() }</code> },
        Inline::Link { to, content } => html! {
            <a href={to.clone()} target="_blank" rel="noopener noreferrer">
                { inlines(content) }{ icon_small("external") }
            </a>
        },
    }
}

/// Titles have no markup but may hold `code`.
pub fn title(title: &str) -> Html {
    let parts = title.split('`').enumerate().map(|(place, part)| {
        if place % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { { part.to_owned() } }
        }
    });
    html! { <>{ for parts }</> }
}
