//! JSON, as far as lessons use it: no null, whole numbers only.
//!
//! Sixteen levels and a bounded size, because a stranger's lesson is hostile. A
//! general library would cost the page ten times as much.

use super::error::Problem;
use super::tree::{Node, Tree};

/// Levels of tables and lists within each other, at most.
const MAX_DEPTH: u32 = 16;

/// Reads a text.
///
/// # Errors
/// What is wrong first, and its line.
pub fn read(text: &str) -> Result<Node, (u32, Problem)> {
    let mut parser = Parser {
        text,
        at: 0,
        line: 1,
        counted: 0,
    };
    let parsed = parser.value(0).and_then(|node| {
        parser.skip_space();
        match parser.peek() {
            None => Ok(node),
            Some(_) => Err("text after the end"),
        }
    });
    parsed.map_err(|message| {
        let message = message.to_string();
        (parser.line(), Problem::Syntax { message })
    })
}

/// Writes a tree, without needless space.
pub fn write(node: &Node) -> String {
    let mut out = String::new();
    write_node(&mut out, node);
    out
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The line that `counted` is on.
    line: u32,
    counted: usize,
}

impl Parser<'_> {
    fn line(&mut self) -> u32 {
        let end = self.at.min(self.text.len());
        let since = &self.text.as_bytes()[self.counted..end];
        self.line += since.split(|&byte| byte == b'\n').count() as u32 - 1;
        self.counted = end;
        self.line
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: u32) -> Result<Node, &'static str> {
        if depth > MAX_DEPTH {
            return Err("more than 16 levels");
        }
        self.skip_space();
        let line = self.line();
        let rest = &self.text[self.at..];
        let tree = match self.peek() {
            Some(b'{') => self.table(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Tree::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Tree::Number(self.number()?),
            _ if rest.starts_with("true") => {
                self.at += 4;
                Tree::Truth(true)
            }
            _ if rest.starts_with("false") => {
                self.at += 5;
                Tree::Truth(false)
            }
            _ => return Err("expected a table, a list, a text, a whole number, true or false"),
        };
        Ok(Node { line, tree })
    }

    fn table(&mut self, depth: u32) -> Result<Tree, &'static str> {
        self.at += 1;
        let mut entries: Vec<(String, Node)> = Vec::new();
        if self.take(b'}') {
            return Ok(Tree::Table(entries));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err("expected a name in quotes");
            }
            let name = self.string()?;
            if entries.iter().any(|(held, _)| *held == name) {
                return Err("a name stands twice in one table");
            }
            if !self.take(b':') {
                return Err("expected a colon");
            }
            entries.push((name, self.value(depth + 1)?));
            if self.take(b'}') {
                return Ok(Tree::Table(entries));
            }
            if !self.take(b',') {
                return Err("expected a comma or a closing brace");
            }
        }
    }

    fn list(&mut self, depth: u32) -> Result<Tree, &'static str> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Tree::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(Tree::List(items));
            }
            if !self.take(b',') {
                return Err("expected a comma or a closing bracket");
            }
        }
    }

    fn number(&mut self) -> Result<i64, &'static str> {
        let rest = &self.text[self.at..];
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || "-+.eE".contains(c)));
        let word = &rest[..digits.unwrap_or(rest.len())];
        self.at += word.len();
        word.parse().map_err(|_| "only whole numbers are allowed")
    }

    fn string(&mut self) -> Result<String, &'static str> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end = rest.find(['"', '\\', '\n']).ok_or("a text without end")?;
            text.push_str(&rest[..end]);
            self.at += end + 1;
            match rest.as_bytes()[end] {
                b'"' => return Ok(text),
                b'\\' => text.push(self.escape()?),
                _ => return Err("a line break within a text"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let kind = self.peek().ok_or("a text without end")?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => kind as char,
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let first = self.unit()?;
                let low = |unit| (0xDC00..0xE000).contains(&unit);
                let code = if (0xD800..0xDC00).contains(&first) {
                    if !self.text[self.at..].starts_with("\\u") {
                        return Err("half a character");
                    }
                    self.at += 2;
                    let second = self.unit()?;
                    if !low(second) {
                        return Err("half a character");
                    }
                    0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                } else {
                    first
                };
                char::from_u32(code).ok_or("half a character")?
            }
            _ => return Err("an unknown escape"),
        })
    }

    fn unit(&mut self) -> Result<u32, &'static str> {
        let word = self.text.get(self.at..self.at + 4);
        let word = word.filter(|word| word.bytes().all(|byte| byte.is_ascii_hexdigit()));
        self.at += 4;
        word.and_then(|word| u32::from_str_radix(word, 16).ok())
            .ok_or("four hexadecimal digits expected")
    }
}

fn write_node(out: &mut String, node: &Node) {
    match &node.tree {
        Tree::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Tree::Number(number) => out.push_str(&number.to_string()),
        Tree::Text(text) => write_text(out, text),
        Tree::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_node(out, item);
            }
            out.push(']');
        }
        Tree::Table(entries) => {
            out.push('{');
            for (place, (name, value)) in entries.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_text(out, name);
                out.push(':');
                write_node(out, value);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 => {
                out.push_str("\\u00");
                out.push(char::from_digit(c as u32 >> 4, 16).unwrap_or('0'));
                out.push(char::from_digit(c as u32 & 15, 16).unwrap_or('0'));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let text = r#"{"a":[1,-2,true,"é \"q\" \\ \n \u0001 😀"],"b":{"c":[],"d":{}}}"#;
        let node = read(text).unwrap();
        assert_eq!(write(&node), text);
        assert_eq!(read("\"\\ud83d\\ude00\"").unwrap().as_text(), Some("😀"));
    }

    #[test]
    fn what_lessons_do_not_use_is_refused_with_its_line() {
        for (text, line) in [
            ("", 1),
            ("{\n\"a\": 1.5}", 2),
            ("{\"a\": null}", 1),
            ("{\"a\": 1,\n\n\"a\": 2}", 3),
            ("[1,]", 1),
            ("[1", 1),
            ("\"abc", 1),
            ("\"\\ud83d\"", 1),
            ("\"\\u12", 1),
            ("[1] x", 1),
            ("99999999999999999999", 1),
        ] {
            assert_eq!(read(text).map_err(|(line, _)| line), Err(line), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
