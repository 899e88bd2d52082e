//! What tests of every language share.

use splitbrain_words::{Catalog, Lang, Text, Words};

/// Words of a language, for a terminal.
pub(crate) fn words(lang: Lang) -> Words {
    let english = Words::terminal();
    match lang {
        Lang::En => english,
        Lang::Uk => {
            let path = format!(
                "{}/catalog/{}.words",
                env!("CARGO_MANIFEST_DIR"),
                lang.code()
            );
            let source = std::fs::read_to_string(path).expect("every language has a catalogue");
            english.with(Some(Catalog::parse(lang, source).expect("it parses")))
        }
    }
}

/// Fails for a text that is not whole or not in its language.
pub(crate) fn check(text: &Text, lang: Lang) {
    let said = text.to_string();
    assert!(!said.is_empty());
    assert!(
        !said.contains(['{', '}', '?']),
        "an argument is missing: {said}"
    );
    assert!(!said.contains(".."), "{said}");
    assert!(
        text.pieces.iter().all(|piece| piece.lang == lang),
        "fell back: {text:?}"
    );
}
