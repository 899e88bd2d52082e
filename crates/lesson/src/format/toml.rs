//! TOML, as a tree. Only for those who pack and lint; the page reads JSON.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Problem;
use super::tree::{Node, Tree};

/// Reads a text.
///
/// # Errors
/// What is wrong first, and its line.
pub(super) fn read(text: &str) -> Result<Node, (u32, Problem)> {
    let line_at = |at: usize| {
        let before = &text.as_bytes()[..at.min(text.len())];
        before.split(|&byte| byte == b'\n').count() as u32
    };
    match DeTable::parse(text) {
        Ok(table) => table_node(1, table.get_ref(), &line_at),
        Err(error) => {
            let line = error.span().map_or(0, |span| line_at(span.start));
            let message = error.message().to_string();
            Err((line, Problem::Syntax { message }))
        }
    }
}

fn table_node(
    line: u32,
    table: &DeTable<'_>,
    line_at: &impl Fn(usize) -> u32,
) -> Result<Node, (u32, Problem)> {
    let mut entries = Vec::new();
    for (name, value) in table {
        let value = value_node(value, line_at)?;
        entries.push((name.get_ref().to_string(), value));
    }
    // The parser sorts by name; a reader wants the order of the file.
    entries.sort_by_key(|(_, node)| node.line);
    let tree = Tree::Table(entries);
    Ok(Node { line, tree })
}

fn value_node(
    value: &Spanned<DeValue<'_>>,
    line_at: &impl Fn(usize) -> u32,
) -> Result<Node, (u32, Problem)> {
    let line = line_at(value.span().start);
    let refuse = |found| {
        let expected = "a table, a list, a text, a whole number, true or false";
        Err((line, Problem::WrongKind { found, expected }))
    };
    let tree = match value.get_ref() {
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Boolean(truth) => Tree::Truth(*truth),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Tree::Number(number),
            Err(_) => return refuse("number"),
        },
        DeValue::Float(_) => return refuse("fraction"),
        DeValue::Datetime(_) => return refuse("date"),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| value_node(item, line_at));
            Tree::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => return table_node(line, table, line_at),
    };
    Ok(Node { line, tree })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_know_their_lines() {
        let node = read("a = 1\n\n[[steps]]\nid = \"x\"\n[[steps]]\nid = \"y\"\n").unwrap();
        let steps = node.get("steps").and_then(Node::as_list).unwrap();
        assert_eq!(node.get("a").map(|node| node.line), Some(1));
        assert_eq!(steps[1].get("id").map(|node| node.line), Some(6));
        assert_eq!(read("a = 1\nb = \n").map_err(|(line, _)| line), Err(2));
        assert_eq!(read("a = 1\nb = 1.5\n").map_err(|(line, _)| line), Err(2));
    }
}
