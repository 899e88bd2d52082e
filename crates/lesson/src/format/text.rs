//! Texts as typed nodes, so that the page renders no Markdown and no HTML.
//!
//! As JSON: an inline is a text or `["em" | "strong" | "code" | "a", …]`, a block is
//! `["p" | "ul" | "ol", …]` or `["verdict", PROPERTY]` with a customer's name or without.
//! A link leads to `https:` or into the law lab only.

use splitbrain_checker::Info;

use super::names;
use super::reader::{Place, Table};
use super::tree::{Node, Tree};

/// Characters of one text at most.
const MAX_TEXT: u32 = 4_000;
/// Parts of anything at most.
const MAX_PARTS: u32 = 200;
/// Inlines within each other at most.
const MAX_DEPTH: u32 = 4;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain.
    Text(String),
    /// Stressed.
    Emphasis(Vec<Inline>),
    /// Strongly.
    Strong(Vec<Inline>),
    /// An id, a value.
    Code(String),
    /// A link.
    Link {
        /// An `https:` address, or one of the law lab's.
        to: String,
        /// What it says.
        content: Vec<Inline>,
    },
}

/// A paragraph, a list, or what the judge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// Whether it is numbered.
        ordered: bool,
        /// What it lists.
        items: Vec<Vec<Inline>>,
    },
    /// What the judge says of the run that is open, with its witness.
    Verdict {
        /// Of which property.
        property: &'static Info,
        /// For this customer alone, by name.
        customer: Option<String>,
    },
}

/// What a lesson says in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its title.
    pub title: String,
    /// What it is about, for the list of lessons.
    pub summary: Vec<Block>,
    /// What each step says, in the order of the steps.
    pub steps: Vec<StepText>,
}

/// What a step says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepText {
    /// The step's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub body: Vec<Block>,
    /// Its goals or options by id, each with a label and what is said afterwards.
    pub parts: Vec<PartText>,
    /// Its hints, each more direct than the one before.
    pub hints: Vec<Vec<Block>>,
}

/// What a goal or an option says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartText {
    /// The goal's or the option's id.
    pub id: String,
    /// Its label.
    pub title: String,
    /// What is said once it is met or answered.
    pub body: Vec<Block>,
}

impl StepText {
    /// What a goal or an option of this step says.
    pub fn part(&self, id: &str) -> Option<&PartText> {
        self.parts.iter().find(|part| part.id == id)
    }
}

impl Text {
    /// What stands in the bodies of steps, and what stands elsewhere.
    pub(super) fn blocks(&self) -> (impl Iterator<Item = &Block>, impl Iterator<Item = &Block>) {
        let bodies = self.steps.iter().flat_map(|step| &step.body);
        let elsewhere = self.steps.iter().flat_map(|step| {
            let parts = step.parts.iter().flat_map(|part| &part.body);
            parts.chain(step.hints.iter().flatten())
        });
        (bodies, self.summary.iter().chain(elsewhere))
    }
}

/// Where links may lead, for those who write one that may not.
pub(super) const LINKS: &str = "an address that begins with https:// or #/laws/";

/// Whether a link may lead there: away by `https:`, or into the page's own law lab.
pub fn is_safe_link(to: &str) -> bool {
    let begins = ["https://", "#/laws/"];
    begins.iter().any(|begin| to.starts_with(begin))
        && !to.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A text as a tree.
pub fn to_node(text: &Text) -> Node {
    let steps = text.steps.iter().map(|step| {
        let parts = step.parts.iter().map(|part| {
            Node::table([
                ("id", Node::text(&part.id)),
                ("title", Node::text(&part.title)),
                ("body", blocks_node(&part.body)),
            ])
        });
        Node::table([
            ("id", Node::text(&step.id)),
            ("title", Node::text(&step.title)),
            ("body", blocks_node(&step.body)),
            ("parts", Node::list(parts)),
            (
                "hints",
                Node::list(step.hints.iter().map(|hint| blocks_node(hint))),
            ),
        ])
    });
    Node::table([
        ("title", Node::text(&text.title)),
        ("summary", blocks_node(&text.summary)),
        ("steps", Node::list(steps)),
    ])
}

fn blocks_node(blocks: &[Block]) -> Node {
    Node::list(blocks.iter().map(|block| match block {
        Block::Paragraph(content) => tagged("p", content.iter().map(inline_node)),
        Block::List { ordered, items } => {
            let items = items.iter();
            let items = items.map(|item| Node::list(item.iter().map(inline_node)));
            tagged(if *ordered { "ol" } else { "ul" }, items)
        }
        Block::Verdict { property, customer } => {
            let names = [property.id].into_iter().chain(customer.as_deref());
            tagged("verdict", names.map(Node::text))
        }
    }))
}

fn inline_node(inline: &Inline) -> Node {
    match inline {
        Inline::Text(text) => Node::text(text),
        Inline::Emphasis(content) => tagged("em", content.iter().map(inline_node)),
        Inline::Strong(content) => tagged("strong", content.iter().map(inline_node)),
        Inline::Code(text) => tagged("code", [Node::text(text)]),
        Inline::Link { to, content } => {
            let to = [Node::text(to)].into_iter();
            tagged("a", to.chain(content.iter().map(inline_node)))
        }
    }
}

fn tagged(tag: &str, rest: impl IntoIterator<Item = Node>) -> Node {
    Node::list([Node::text(tag)].into_iter().chain(rest))
}

/// Reads a text from a tree.
pub(super) fn read(place: &Place<'_>) -> Option<Text> {
    let table = place.table()?;
    let text = Text {
        title: title(&table)?,
        summary: read_blocks(&table.get("summary")?)?,
        steps: collect(table.list("steps", MAX_PARTS), read_step)?,
    };
    table.finish();
    Some(text)
}

fn title(table: &Table<'_>) -> Option<String> {
    table.get("title")?.text(200).map(Into::into)
}

fn collect<'a, T>(
    places: Vec<Place<'a>>,
    read: impl Fn(&Place<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    places.iter().map(read).collect()
}

fn read_step(place: &Place<'_>) -> Option<StepText> {
    let table = place.table()?;
    let step = StepText {
        id: table.get("id")?.id('-')?.into(),
        title: title(&table)?,
        body: read_blocks(&table.get("body")?)?,
        parts: collect(table.list("parts", MAX_PARTS), |place| {
            let table = place.table()?;
            let part = PartText {
                id: table.get("id")?.id('-')?.into(),
                title: title(&table)?,
                body: read_blocks(&table.get("body")?)?,
            };
            table.finish();
            Some(part)
        })?,
        hints: collect(table.list("hints", MAX_PARTS), read_blocks)?,
    };
    table.finish();
    Some(step)
}

fn read_blocks(place: &Place<'_>) -> Option<Vec<Block>> {
    collect(place.list(0, MAX_PARTS)?, |place| {
        let parts = place.list(1, MAX_PARTS)?;
        let tag = parts[0].one_of(&["p", "ul", "ol", "verdict"])?;
        if tag == 3 {
            return read_verdict(place);
        }
        let rest = parts[1..].to_vec();
        Some(if tag == 0 {
            Block::Paragraph(read_inlines(rest, 0)?)
        } else {
            Block::List {
                ordered: tag == 2,
                items: collect(rest, |item| read_inlines(item.list(0, MAX_PARTS)?, 0))?,
            }
        })
    })
}

fn read_verdict(place: &Place<'_>) -> Option<Block> {
    let parts = place.list(2, 3)?;
    let property = names::property(&parts[1])?;
    let customer = match parts.get(2) {
        None => None,
        Some(place) => {
            names::may_be_asked_of_one(place, property)?;
            Some(place.text(100)?.into())
        }
    };
    Some(Block::Verdict { property, customer })
}

fn read_inlines(places: Vec<Place<'_>>, depth: u32) -> Option<Vec<Inline>> {
    collect(places, |place| read_inline(place, depth))
}

fn read_inline(place: &Place<'_>, depth: u32) -> Option<Inline> {
    if let Tree::Text(_) = place.node().tree {
        return place.text(MAX_TEXT).map(|text| Inline::Text(text.into()));
    }
    let parts = place.list(2, MAX_PARTS)?;
    let tag = parts[0].one_of(&["em", "strong", "code", "a"])?;
    if depth >= MAX_DEPTH {
        place.refuse("a deeper level", format!("{MAX_DEPTH} levels"));
        return None;
    }
    let content = |from: usize| read_inlines(parts[from..].to_vec(), depth + 1);
    Some(match tag {
        0 => Inline::Emphasis(content(1)?),
        1 => Inline::Strong(content(1)?),
        2 => Inline::Code(parts[1].text(MAX_TEXT)?.into()),
        _ => {
            let to = parts[1].text(500)?;
            if !is_safe_link(to) {
                parts[1].refuse(to, LINKS);
                return None;
            }
            let to = to.into();
            let content = content(2)?;
            Inline::Link { to, content }
        }
    })
}
