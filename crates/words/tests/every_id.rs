//! Crosses every id of the core with every language: nothing missing, nothing
//! unused, the same arguments everywhere.

mod expected;
mod problems;
mod spoken;
mod synthetic;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use splitbrain_words::catalog::{ENGLISH, ENGLISH_OF_JUDGE, ENGLISH_OF_LAWS};
use splitbrain_words::message::{Part, arguments, parse};
use splitbrain_words::{Catalog, Lang};

fn source(lang: Lang) -> String {
    match lang {
        // Which comes in parts.
        Lang::En => ENGLISH.to_owned() + ENGLISH_OF_JUDGE + ENGLISH_OF_LAWS,
        Lang::Uk => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"));
            let path = path.join(format!("catalog/{}.words", lang.code()));
            std::fs::read_to_string(path).expect("every language has a catalogue")
        }
    }
}

fn catalog(lang: Lang) -> Catalog {
    Catalog::parse(lang, source(lang)).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn ids(catalog: &Catalog) -> BTreeSet<String> {
    catalog.ids().map(str::to_owned).collect()
}

fn difference(left: &BTreeSet<String>, right: &BTreeSet<String>) -> Vec<String> {
    left.difference(right).cloned().collect()
}

#[test]
fn every_language_has_every_key_and_no_other() {
    let english = ids(&catalog(Lang::En));
    for &lang in Lang::ALL {
        let own = ids(&catalog(lang));
        let code = lang.code();
        assert_eq!(difference(&english, &own), [""; 0], "missing in {code}");
        assert_eq!(difference(&own, &english), [""; 0], "only in {code}");
    }
}

#[test]
fn every_id_of_the_core_has_words_and_no_word_is_unused() {
    let known = ids(&catalog(Lang::En));
    let known: BTreeSet<String> = known
        .into_iter()
        .filter(|id| !id.starts_with("ui."))
        .collect();
    let expected = expected::ids();
    assert_eq!(difference(&expected, &known), [""; 0], "missing");
    assert_eq!(difference(&known, &expected), [""; 0], "unused");
}

#[test]
fn a_text_has_the_same_arguments_in_every_language() {
    let english = catalog(Lang::En);
    for &lang in Lang::ALL {
        let other = catalog(lang);
        for id in english.ids() {
            let names = |catalog: &Catalog| {
                let parts = parse(catalog.get(id).unwrap_or_default()).expect("it parsed");
                let names = arguments(&parts).into_iter().map(str::to_owned);
                names.collect::<BTreeSet<String>>()
            };
            assert_eq!(names(&english), names(&other), "{id} in {}", lang.code());
        }
    }
}

#[test]
fn a_plural_has_every_category_of_its_language() {
    fn categories(parts: &[Part<'_>], all: &mut Vec<Vec<&'static str>>) {
        for part in parts {
            if let Part::Choice { arms, .. } = part {
                all.push(arms.iter().map(|(category, _)| category.name()).collect());
            }
        }
    }
    for (lang, needed) in [
        (Lang::En, ["one", "other"].as_slice()),
        (Lang::Uk, &["one", "few", "many", "other"]),
    ] {
        let catalog = catalog(lang);
        for id in catalog.ids() {
            let parts = parse(catalog.get(id).unwrap_or_default()).expect("it parsed");
            let mut all = Vec::new();
            categories(&parts, &mut all);
            for own in all {
                assert_eq!(own, needed, "{id} in {}", lang.code());
            }
        }
    }
}

#[test]
fn typography_is_the_languages_own() {
    for (lang, strange) in [
        (Lang::En, ["'", "\"", "..."]),
        (Lang::Uk, ["'", "\"", "..."]),
    ] {
        let catalog = catalog(lang);
        for id in catalog.ids() {
            let text = catalog.get(id).unwrap_or_default();
            for mark in strange {
                assert!(!text.contains(mark), "{id} in {}: {text}", lang.code());
            }
        }
    }
    let ukrainian = catalog(Lang::Uk);
    for id in ukrainian.ids() {
        let text = ukrainian.get(id).unwrap_or_default();
        assert!(!text.contains('“'), "{id}: quotes are «»");
        assert!(!text.contains(['ы', 'э', 'ъ', 'ё']), "{id}: {text}");
    }
}

/// Every string literal of the page that is an id of words, with the file it stands in.
fn ids_of_the_page() -> BTreeMap<String, String> {
    fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src"),
        &mut found,
    );
    let mut ids = BTreeMap::new();
    for path in found {
        let text = std::fs::read_to_string(&path).expect("a source file can be read");
        let is_id = |literal: &&str| literal.starts_with("ui.") && !literal.contains(' ');
        for literal in text.split('"').filter(is_id) {
            ids.insert(literal.to_owned(), path.display().to_string());
        }
    }
    ids
}

#[test]
fn every_id_that_the_page_names_has_words() {
    let known = ids(&catalog(Lang::En));
    let mut missing = ids_of_the_page();
    missing.retain(|id, _| match id.split_once('{') {
        // `format!("ui.tool.{id}")`: something has to begin like that.
        Some((start, _)) => !known.iter().any(|known| known.starts_with(start)),
        None => !known.contains(id),
    });
    let missing: Vec<String> = missing
        .into_iter()
        .map(|(id, file)| format!("{id} in {file}"))
        .collect();
    assert_eq!(missing, [""; 0], "the page names what has no words");
}

/// Ids of the page that it may ask for and does not name yet: the strings were
/// written ahead of the page, so this is told and not failed for.
#[test]
fn ids_that_the_page_does_not_name_are_told() {
    let known = ids(&catalog(Lang::En));
    let named = ids_of_the_page();
    let is_named = |id: &String| {
        let mut starts = named.keys().filter_map(|named| named.split_once('{'));
        named.contains_key(id) || starts.any(|(start, _)| id.starts_with(start))
    };
    let known = known.iter().filter(|id| id.starts_with("ui."));
    let unused: Vec<&String> = known.filter(|id| !is_named(id)).collect();
    println!("{} not named by the page: {unused:?}", unused.len());
}
