//! The page's words, in its language.
//!
//! English is in the module, another language is a file that is fetched when it is
//! chosen. Everything goes through `splitbrain_words`; numbers go through `Intl`.

use std::rc::Rc;

use splitbrain_words::{Arg, Catalog, Lang, Role, Words};
use yew::prelude::*;

use crate::fetch::{FetchError, fetch_text};
use crate::intl::Browser;

/// Bytes of a file of words at most.
const MAX_BYTES: u32 = 1 << 20;

/// The words in the page's language. Clones are cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    words: Words,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            words: Words::english(Rc::new(Browser::default())),
        }
    }
}

impl Text {
    /// The language.
    pub fn lang(&self) -> Lang {
        self.words.lang()
    }

    /// All that the words can say: facts, commands, policies, errors.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The words under an id.
    pub fn get(&self, id: &str) -> AttrValue {
        AttrValue::from(self.words.plain(id))
    }

    /// The words under an id, with arguments filled in: strings as they are, or
    /// [`Arg`]s for numbers, moments and whatever else the words know to format.
    pub fn with<A: Clone + Into<Arg>>(&self, id: &str, args: &[(&str, A)]) -> AttrValue {
        AttrValue::from(self.say(id, args).to_string())
    }

    /// The same with its roles, to be shown by [`Text::show`].
    pub fn say<A: Clone + Into<Arg>>(
        &self,
        id: &str,
        args: &[(&str, A)],
    ) -> splitbrain_words::Text {
        let args: Vec<(&str, Arg)> = args
            .iter()
            .map(|(name, arg)| (*name, arg.clone().into()))
            .collect();
        self.words.say(id, &args)
    }

    /// A rendered text: values stand out, and what fell back to another language
    /// says which.
    pub fn show(&self, text: &splitbrain_words::Text) -> Html {
        let mine = self.lang();
        let pieces = text.pieces.iter().enumerate().map(|(place, piece)| {
            let lang = (piece.lang != mine).then(|| piece.lang.code());
            let words = piece.text.clone();
            match piece.role {
                Role::Value => html! { <b key={place} {lang}>{ words }</b> },
                Role::Plain if lang.is_none() => html! { <>{ words }</> },
                _ => html! { <span key={place} {lang}>{ words }</span> },
            }
        });
        html! { <span>{ for pieces }</span> }
    }

    /// The same, with more English behind it.
    #[must_use]
    pub fn and(&self, more: &Rc<Catalog>) -> Self {
        Self {
            words: self.words.and(more.clone()),
        }
    }

    /// The same, with what English came to `other` meanwhile.
    #[must_use]
    pub fn keep_up_with(&self, other: &Self) -> Self {
        Self {
            words: self.words.keep_up_with(&other.words),
        }
    }

    /// These words, for tests that know what the page fetches.
    #[cfg(test)]
    pub(crate) fn of(words: Words) -> Self {
        Self { words }
    }

    /// The words under an id, marked with their language where it is not the page's.
    pub fn node(&self, id: &str) -> Html {
        let text = self.words.get(id);
        if text.lang == self.lang() {
            html! { <>{ text.to_string() }</> }
        } else {
            html! { <span lang={text.lang.code()}>{ text.to_string() }</span> }
        }
    }

    /// The same page in another language; fetches its words.
    ///
    /// # Errors
    /// A file that does not come or is no catalogue; says which line.
    pub async fn load(&self, lang: Lang) -> Result<Self, FetchError> {
        let words = if lang == Lang::En {
            self.words.with(None)
        } else {
            let file = format!("words/{}.txt", lang.code());
            let source = fetch_text(&file, MAX_BYTES).await?;
            let catalog = Catalog::parse(lang, source).map_err(|errors| {
                let first = errors.first().map(ToString::to_string);
                FetchError::content(&file, first.unwrap_or_default())
            })?;
            self.words.with(Some(catalog))
        };
        Ok(Self { words })
    }
}

/// The words in the page's language.
#[hook]
pub fn use_text() -> Text {
    use_context::<Text>().unwrap_or_default()
}
