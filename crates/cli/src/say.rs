//! The terminal's words: the catalogues of `splitbrain_words`, and this program's own.

use splitbrain_words::host::Terminal;
use splitbrain_words::{Arg, Catalog, Lang, Text, Words, catalog};
use std::rc::Rc;

/// Words in the language of the output.
#[derive(Debug)]
pub(crate) struct Voice {
    /// All of them.
    pub(crate) words: Words,
}

/// The sources of a language's catalogue: what the page uses too, and our own.
fn sources(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::En => [catalog::ENGLISH, include_str!("../words/en.words")],
        Lang::Uk => [
            include_str!("../../words/catalog/uk.words"),
            include_str!("../words/uk.words"),
        ],
    }
}

fn both(lang: Lang) -> Option<Catalog> {
    // A test proves that they parse; without them ids are said.
    Catalog::parse(lang, sources(lang).join("\n")).ok()
}

impl Voice {
    /// In this language, English behind it.
    pub(crate) fn new(lang: Lang) -> Self {
        let english = both(Lang::En).unwrap_or_else(Catalog::english);
        let words = Words::new(english, Rc::new(Terminal));
        let words = words.and(Rc::new(Catalog::judge()));
        let other = (lang != Lang::En).then(|| both(lang)).flatten();
        Self {
            words: words.with(other),
        }
    }

    /// A text of the catalogue, filled in.
    pub(crate) fn say(&self, id: &str, args: &[(&str, Arg)]) -> Text {
        self.words.say(id, args)
    }

    /// Lines of a name and a value, the values in one column.
    pub(crate) fn table(rows: &[(Text, String)]) -> String {
        let width = |text: &Text| text.to_string().chars().count();
        let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        let line = |(name, value): &(Text, String)| {
            let gap = " ".repeat(widest - width(name) + 2);
            format!("{name}{gap}{value}\n")
        };
        rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// All of this program but this file, which has such literals of its own.
    fn sources_below(folder: &Path) -> String {
        let entries = std::fs::read_dir(folder).expect("it is there");
        let sources = entries.map(|entry| {
            let path = entry.expect("it can be read").path();
            match path.file_name().and_then(|name| name.to_str()) {
                Some("say.rs") => String::new(),
                _ if path.is_dir() => sources_below(&path),
                _ => std::fs::read_to_string(&path).expect("it is text"),
            }
        });
        sources.collect()
    }

    #[test]
    fn the_terminals_own_words_are_the_same_in_every_language() {
        let ids = |lang| -> Vec<String> {
            let own = Catalog::parse(lang, sources(lang)[1]).expect("it parses");
            own.ids().map(str::to_owned).collect()
        };
        for &lang in Lang::ALL {
            assert!(both(lang).is_some(), "an id is in both catalogues");
            assert_eq!(ids(Lang::En), ids(lang), "{}", lang.code());
        }
    }

    #[test]
    fn every_id_of_the_program_has_words_and_none_is_unused() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let source = sources_below(&folder);
        let named = source
            .split('"')
            .filter(|literal| literal.starts_with("cli."));
        let named: BTreeSet<&str> = named.collect();
        let own = Catalog::parse(Lang::En, sources(Lang::En)[1]).expect("it parses");
        assert_eq!(
            named.into_iter().collect::<Vec<_>>(),
            own.ids().collect::<Vec<_>>()
        );
    }
}
