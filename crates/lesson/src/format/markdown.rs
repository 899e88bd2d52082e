//! The Markdown of lessons, as typed nodes. Runs when lessons are packed, never in
//! the page.
//!
//! ```text
//! # Title                      then the summary
//! ## Title of a step {#step-id}
//! ### A goal or an option {#its-id}
//! ### Hint
//! ```
//! Paragraphs, `- ` and `1. ` lists, `*emphasis*`, `**strong**`, `` `code` ``,
//! `[text](https://…)` or `[text](#/laws/…)`. A line `:::verdict PROPERTY`, or `:::verdict PROPERTY CUSTOMER`,
//! shows what the judge says. Nothing else: no HTML, no images, no tables.

use splitbrain_checker::properties;

use super::error::{Problem, Problems};
use super::text::{Block, Inline, LINKS, PartText, StepText, Text, is_safe_link};

/// Reads a language file.
pub fn read(source: &str, problems: &Problems) -> Text {
    let mut text = Text::default();
    let mut place = Section::Summary;
    let mut lines: Vec<&str> = Vec::new();
    let mut first = 1;
    for (number, line) in source.lines().chain(["# "]).enumerate() {
        let number = number as u32 + 1;
        if !line.starts_with('#') {
            lines.push(line);
            continue;
        }
        let blocks = read_blocks(&lines, first, problems);
        put(&mut text, &place, blocks);
        lines.clear();
        first = number + 1;
        let level = line.bytes().take_while(|&byte| byte == b'#').count();
        let (title, id) = heading(&line[level..]);
        let wrong = |allowed: &str| {
            let (found, allowed) = (line.to_string(), allowed.to_string());
            problems.add(number, "", Problem::NotAllowed { found, allowed });
        };
        match (level, id) {
            (1, None) if title.is_empty() => {}
            (1, None) if text.title.is_empty() => text.title = title.into(),
            (2, Some(id)) => {
                text.steps.push(StepText {
                    id: id.into(),
                    title: title.into(),
                    ..StepText::default()
                });
                place = Section::Body;
            }
            (3, part) if !text.steps.is_empty() => {
                let Some(step) = text.steps.last_mut() else {
                    continue;
                };
                if let Some(id) = part {
                    step.parts.push(PartText {
                        id: id.into(),
                        title: title.into(),
                        body: Vec::new(),
                    });
                    place = Section::Part;
                } else {
                    step.hints.push(Vec::new());
                    place = Section::Hint;
                }
            }
            _ => wrong("one # Title, then ## Step {#id}, ### Goal or option {#id}, ### Hint"),
        }
    }
    if text.title.is_empty() {
        problems.add(1, "title", Problem::Missing);
    }
    text
}

enum Section {
    Summary,
    Body,
    Part,
    Hint,
}

fn put(text: &mut Text, place: &Section, blocks: Vec<Block>) {
    let into = match (place, text.steps.last_mut()) {
        (Section::Summary, _) | (_, None) => Some(&mut text.summary),
        (Section::Body, Some(step)) => Some(&mut step.body),
        (Section::Part, Some(step)) => step.parts.last_mut().map(|part| &mut part.body),
        (Section::Hint, Some(step)) => step.hints.last_mut(),
    };
    if let Some(into) = into {
        into.extend(blocks);
    }
}

/// The title of a heading and its `{#id}`.
fn heading(rest: &str) -> (&str, Option<&str>) {
    let rest = rest.trim();
    let id = rest
        .strip_suffix('}')
        .and_then(|rest| rest.rsplit_once("{#"));
    match id {
        Some((title, id)) => (title.trim(), Some(id)),
        None => (rest, None),
    }
}

fn read_blocks(lines: &[&str], first: u32, problems: &Problems) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(Marker, String, u32)> = None;
    let close = |blocks: &mut Vec<Block>, open: &mut Option<(Marker, String, u32)>| {
        let Some((marker, content, line)) = open.take() else {
            return;
        };
        let content = Inlines::read(&content, line, problems);
        let ordered = match marker {
            Marker::None => return blocks.push(Block::Paragraph(content)),
            Marker::Dash | Marker::Number => matches!(marker, Marker::Number),
        };
        match blocks.last_mut() {
            Some(Block::List {
                ordered: held,
                items,
            }) if *held == ordered => items.push(content),
            _ => blocks.push(Block::List {
                ordered,
                items: vec![content],
            }),
        }
    };
    for (index, line) in lines.iter().enumerate() {
        let number = first + index as u32;
        if let Some(judged) = line.trim().strip_prefix(":::") {
            close(&mut blocks, &mut open);
            blocks.extend(read_verdict(judged.trim(), number, problems));
            continue;
        }
        let (marker, rest) = Marker::of(line.trim());
        match (&mut open, marker) {
            (_, Marker::None) if rest.is_empty() => close(&mut blocks, &mut open),
            (Some((_, content, _)), Marker::None) => {
                content.push(' ');
                content.push_str(rest);
            }
            _ => {
                close(&mut blocks, &mut open);
                open = Some((marker, rest.into(), number));
            }
        }
    }
    close(&mut blocks, &mut open);
    blocks
}

/// What follows `:::`.
fn read_verdict(block: &str, line: u32, problems: &Problems) -> Option<Block> {
    let wrong = |found: &str, allowed: String| {
        let found = found.chars().take(60).collect();
        problems.add(line, "", Problem::NotAllowed { found, allowed });
        None
    };
    let mut words = block.split_whitespace();
    if words.next() != Some("verdict") {
        return wrong(block, "verdict PROPERTY, verdict PROPERTY CUSTOMER".into());
    }
    let id = words.next().unwrap_or_default();
    let known = properties::ALL.map(|info| info.id);
    let Some(place) = known.iter().position(|known| *known == id) else {
        return wrong(id, known.join(", "));
    };
    let property = properties::ALL[place];
    let customer: Vec<&str> = words.collect();
    let customer = (!customer.is_empty()).then(|| customer.join(" "));
    if customer.is_some() && !property.per_customer {
        return wrong(block, format!("{id} without a customer"));
    }
    Some(Block::Verdict { property, customer })
}

#[derive(Clone, Copy)]
enum Marker {
    None,
    Dash,
    Number,
}

impl Marker {
    fn of(line: &str) -> (Self, &str) {
        if let Some(rest) = line.strip_prefix("- ") {
            return (Self::Dash, rest);
        }
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        match rest.strip_prefix(". ") {
            Some(item) if rest.len() < line.len() => (Self::Number, item),
            _ => (Self::None, line),
        }
    }
}

struct Inlines<'a> {
    rest: &'a str,
    line: u32,
    problems: &'a Problems,
}

impl<'a> Inlines<'a> {
    fn read(content: &'a str, line: u32, problems: &'a Problems) -> Vec<Inline> {
        let mut inlines = Self {
            rest: content,
            line,
            problems,
        };
        inlines.until("")
    }

    fn wrong(&self, found: &str, allowed: &str) {
        let (found, allowed) = (found.to_string(), allowed.to_string());
        let problem = Problem::NotAllowed { found, allowed };
        self.problems.add(self.line, "", problem);
    }

    /// Reads up to an end mark; all of it when the mark is empty.
    fn until(&mut self, end: &str) -> Vec<Inline> {
        let mut inlines = Vec::new();
        let mut plain = String::new();
        while let Some(next) = self.rest.chars().next() {
            if !end.is_empty() && self.rest.starts_with(end) {
                break;
            }
            let inline = match next {
                '`' | '*' | '[' => self.marked(),
                '<' => {
                    self.wrong("<", "text without HTML");
                    None
                }
                _ => None,
            };
            if let Some(inline) = inline {
                if !plain.is_empty() {
                    inlines.push(Inline::Text(std::mem::take(&mut plain)));
                }
                inlines.push(inline);
            } else if let Some(c) = self.rest.chars().next() {
                plain.push(c);
                self.rest = &self.rest[c.len_utf8()..];
            }
        }
        if !plain.is_empty() {
            inlines.push(Inline::Text(plain));
        }
        inlines
    }

    /// Reads what a mark begins; nothing where the mark is never closed.
    fn marked(&mut self) -> Option<Inline> {
        let rest = self.rest;
        if let Some(code) = rest.strip_prefix('`') {
            let (code, after) = code.split_once('`')?;
            self.rest = after;
            return Some(Inline::Code(code.into()));
        }
        if let Some(inner) = rest.strip_prefix('[') {
            let (_, link) = inner.split_once("](")?;
            let (to, after) = link.split_once(')')?;
            self.rest = inner;
            let content = self.until("](");
            if !is_safe_link(to) {
                self.wrong(to, LINKS);
            }
            self.rest = after;
            let to = to.into();
            return Some(Inline::Link { to, content });
        }
        let mark = if rest.starts_with("**") { "**" } else { "*" };
        let inner = &rest[mark.len()..];
        if inner.starts_with(char::is_whitespace) || !inner.contains(mark) {
            return None;
        }
        self.rest = inner;
        let content = self.until(mark);
        self.rest = self.rest.strip_prefix(mark).unwrap_or("");
        Some(if mark == "*" {
            Inline::Emphasis(content)
        } else {
            Inline::Strong(content)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_file_becomes_typed_nodes() {
        let source = "# Title\n\nSummary *here*.\n\n## First {#one}\n\nA **b `c`** d\ne.\n\n- x\n- y\n\n\
                      1. z\n\n### Goal {#g}\nDone.\n### Hint\nTry [it](https://a.example/b).\n";
        let problems = Problems::new("en.md");
        let text = read(source, &problems);
        assert_eq!(problems.into_list(), []);
        assert_eq!(text.title, "Title");
        let step = &text.steps[0];
        assert_eq!((step.id.as_str(), step.title.as_str()), ("one", "First"));
        let plain = |text: &str| Inline::Text(text.into());
        assert_eq!(
            step.body[0],
            Block::Paragraph(vec![
                plain("A "),
                Inline::Strong(vec![plain("b "), Inline::Code("c".into())]),
                plain(" d e."),
            ])
        );
        assert_eq!(
            step.body[1],
            Block::List {
                ordered: false,
                items: vec![vec![plain("x")], vec![plain("y")]]
            }
        );
        assert_eq!(step.body.len(), 3);
        assert_eq!(step.part("g").map(|part| part.body.len()), Some(1));
        assert_eq!(step.hints.len(), 1);
    }

    #[test]
    fn html_and_links_elsewhere_are_refused_with_their_line() {
        let problems = Problems::new("en.md");
        let source = "# T\n\n## S {#s}\n\na <b>\n\n[x](javascript:alert)\n\n## No id\n";
        read(source, &problems);
        let lines: Vec<u32> = problems.into_list().iter().map(|e| e.line).collect();
        assert_eq!(lines, [5, 7, 9]);
    }
}
