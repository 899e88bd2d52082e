//! Which files of the built page a first visit downloads.
//!
//! These are `index.html` and everything that it, its scripts and its styles
//! name and that is in the folder: JavaScript, wasm, CSS, images and static
//! data. English is in the wasm. What the chunks' loader names is fetched later. Links to other pages are not followed. An
//! end-to-end test holds what the browser really asks for against the same budget.

use crate::chunks;
use crate::error::Result;
use crate::machine::read;
use std::collections::BTreeSet;
use std::path::Path;

/// The files of the first load, relative to the page, with `/`.
pub(crate) fn files(dist: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut to_read = vec!["index.html".to_owned()];
    while let Some(name) = to_read.pop() {
        if !found.insert(name.clone()) || !is_followed(&name) {
            continue;
        }
        let text = read(&dist.join(&name))?;
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        to_read.extend(
            mentions(&text)
                .filter_map(|mention| resolve(folder, mention))
                .filter(|name| dist.join(name).is_file()),
        );
    }
    Ok(found)
}

/// Whether a file may name others that are loaded with it.
fn is_followed(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((_, "html")) => name == "index.html",
        Some((_, ending)) => {
            ["js", "mjs", "css"].contains(&ending) && !name.starts_with(chunks::LOADER)
        }
        None => false,
    }
}

/// Every quoted or bracketed word of a text, but for links to other pages.
fn mentions(text: &str) -> impl Iterator<Item = &str> {
    text.split('<')
        .filter(|tag| !tag.starts_with("a ") && !tag.starts_with("!--"))
        .flat_map(|tag| {
            tag.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')'))
        })
        .filter(|word| word.contains('.'))
}

/// The file that a relative address names, as a path from the page's folder.
fn resolve(folder: &str, mention: &str) -> Option<String> {
    let address = mention.split(['#', '?']).next()?;
    if address.is_empty() || address.starts_with('/') || address.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in address.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_styles_and_preloads_are_mentioned_but_links_to_pages_are_not() {
        let html = r#"<link rel="preload" href="./page_bg.wasm"><a href="example.html">x</a>
                      <script type="module">import init from './page.js';</script>"#;
        let found: Vec<_> = mentions(html).filter_map(|m| resolve("", m)).collect();
        assert_eq!(found, ["page_bg.wasm", "page.js"]);
    }

    #[test]
    fn an_address_is_relative_to_the_file_it_stands_in() {
        assert_eq!(
            resolve("css", "../font.woff2?v=1").as_deref(),
            Some("font.woff2")
        );
        assert_eq!(resolve("", "https://example.org/x.js"), None);
        assert_eq!(resolve("", "../outside.js"), None);
    }
}
