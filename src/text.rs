//! The page's words, in its language.

use yew::prelude::*;

/// The words in the page's language. Clones are cheap.
#[derive(Clone, Default, PartialEq)]
pub struct Text;

impl Text {
    /// The words under an id.
    pub fn get(&self, id: &str) -> AttrValue {
        self.with(id, &[])
    }

    /// The words under an id, with arguments filled in.
    pub fn with(&self, id: &str, args: &[(&str, String)]) -> AttrValue {
        let args: Vec<String> = args.iter().map(|(_, value)| value.clone()).collect();
        AttrValue::from(format!("{id} {}", args.join(" ")).trim().to_owned())
    }
}

/// The words in the page's language.
#[hook]
pub fn use_text() -> Text {
    use_context::<Text>().unwrap_or_default()
}
