//! The fields of the forms that write in documents: in which, what, and where.

use splitbrain_engine::documents::{DOCUMENTS, MOST, WORDS, Word};
use splitbrain_engine::scenario::ServiceKind;
use splitbrain_engine::sim::node::Key;
use splitbrain_words::names::Form;
use yew::prelude::*;

use super::draft::Draft;
use super::fields::{Choice, select};
use super::tool_fields::{Edit, Fields};

impl Fields<'_> {
    /// In which document.
    pub(super) fn document(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let service = self.scenario.service(ServiceKind::Documents).unwrap_or(0);
        let choices = (0..DOCUMENTS).map(|index| {
            let key = Key::new(service, index);
            let name = self.text.words().key(&self.scenario, key, Form::Label);
            (index.to_string(), AttrValue::from(name.to_string()))
        });
        select(
            "f-document",
            self.label("document"),
            &draft.document.unwrap_or(0).to_string(),
            choices.collect(),
            edit(|draft, typed| {
                draft.document = typed.parse().ok();
            }),
        )
    }

    /// Which word comes in.
    pub(super) fn word(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let choices = (0..WORDS.len() as u32).map(|place| {
            let name = self.text.words().word(Word::new(place));
            (place.to_string(), AttrValue::from(name.to_string()))
        });
        select(
            "f-word",
            self.label("word"),
            &draft.word.to_string(),
            choices.collect(),
            edit(|draft, typed| {
                draft.word = typed.parse().unwrap_or(draft.word);
            }),
        )
    }

    /// After which word it stands then.
    pub(super) fn place(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let choices = (0..MOST as u64).map(|before| {
            let name = match before {
                0 => self.text.get("ui.form.place.first"),
                n => self.text.with("ui.form.place.after", &[("n", n)]),
            };
            (before.to_string(), name)
        });
        self.places(choices.collect(), draft, edit)
    }

    /// Which word goes.
    pub(super) fn word_at(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let choices = (0..MOST as u64).map(|before| {
            let name = self.text.with("value.place", &[("n", before + 1)]);
            (before.to_string(), name)
        });
        self.places(choices.collect(), draft, edit)
    }

    fn places(&self, choices: Vec<Choice>, draft: &Draft, edit: Edit<'_>) -> Html {
        select(
            "f-place",
            self.label("place"),
            &draft.place.to_string(),
            choices,
            edit(|draft, typed| {
                draft.place = typed.parse().unwrap_or(draft.place);
            }),
        )
    }
}
