//! Which fields each tool's form has.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_engine::scenario::{Scenario, ServiceKind};
use yew::prelude::*;

use super::draft::Draft;
use super::draft_commands::Wrong;
use crate::text::Text;

/// What has been filled in, and what is wrong with it.
pub(crate) struct Form {
    /// What has been filled in.
    pub draft: Draft,
    /// The field that does not hold what it should.
    pub wrong: Option<Wrong>,
}

/// Makes the callback that takes in what is typed.
pub(crate) type Edit<'a> = &'a dyn Fn(fn(&mut Draft, &str)) -> Callback<String>;

/// Makes the fields of a tool.
pub(crate) struct Fields<'a> {
    /// The words.
    pub text: &'a Text,
    /// What has been filled in.
    pub form: &'a Rc<RefCell<Form>>,
    /// What there is to choose from.
    pub scenario: Rc<Scenario>,
    /// Links that are cut.
    pub cut: Vec<(u8, u8)>,
}

impl Fields<'_> {
    /// The fields of a tool.
    pub(crate) fn of(&self, tool: &str, edit: Edit<'_>) -> Html {
        let draft = &self.form.borrow().draft.clone();
        let customer = || self.customer(draft, edit);
        let item = || self.item(draft, edit);
        let via = || self.via(draft, edit);
        let region = || self.region(draft, edit);
        let amount = |name: &str| self.amount(name, draft, edit);
        let link = || self.link(draft, edit);
        let direction = || self.direction(draft, edit);
        let number = |field, name: &str, value: &str, change: fn(&mut Draft, &str)| {
            self.number(field, self.label(name), value, edit(change))
        };
        match tool {
            "write" => {
                html! { <>{ customer() }<div class="field-pair">{ item() }{ amount("price") }</div>{ self.settles(ServiceKind::Prices, draft, edit) }{ via() }</> }
            }
            "post" => {
                html! { <>{ customer() }{ self.room(draft, edit) }{ item() }{ self.says(draft, edit) }{ via() }</> }
            }
            "add" | "remove" | "like" | "unlike" | "buy" | "restock" => {
                html! { <>{ customer() }{ item() }{ via() }</> }
            }
            "order" => html! { <>
                { customer() }
                { self.owner(ServiceKind::Orders, draft, edit) }
                { self.stage(draft, edit) }
                { self.settles(ServiceKind::Orders, draft, edit) }
                { via() }
            </> },
            "profile" => html! { <>
                { customer() }
                { self.owner(ServiceKind::Profiles, draft, edit) }
                <div class="field-pair">
                    { self.field(draft, edit) }
                    { number("number", "number", &draft.number, |draft, typed| draft.number = typed.into()) }
                </div>
                { via() }
            </> },
            "insert" => {
                html! { <>{ customer() }{ self.document(draft, edit) }<div class="field-pair">{ self.word(draft, edit) }{ self.place(draft, edit) }</div>{ via() }</> }
            }
            "delete" => {
                html! { <>{ customer() }{ self.document(draft, edit) }{ self.word_at(draft, edit) }{ via() }</> }
            }
            "read" => html! { <>{ customer() }{ self.key(draft, edit, true) }{ via() }</> },
            "move" => html! { <>{ customer() }{ self.key(draft, edit, false) }{ region() }</> },
            "pay" => {
                html! { <>{ customer() }{ amount("amount") }{ self.payment_key(draft, edit) }{ via() }</> }
            }
            "drop_reply" => html! { <>{ region() }{ self.reply_to(draft, edit) }</> },
            "heal" if self.cut.len() > 1 => html! { <>
                { self.which(draft, edit) }
                <div class="tool-form" hidden={draft.all}>{ link() }{ direction() }</div>
            </> },
            "cut" | "heal" => html! { <>{ link() }{ direction() }</> },
            "crash" | "restart" | "promote" | "pause" | "resume" => region(),
            "slow" => html! { <>
                { region() }
                { number("extra_ms", "extra", &draft.extra_ms, |draft, typed| draft.extra_ms = typed.into()) }
            </> },
            "clock" => html! { <>
                { region() }
                <div class="field-pair">
                    { number("offset_ms", "offset", &draft.offset_ms, |draft, typed| draft.offset_ms = typed.into()) }
                    { number("drift_ppm", "drift", &draft.drift_ppm, |draft, typed| draft.drift_ppm = typed.into()) }
                </div>
            </> },
            "degrade" => html! { <>
                { link() }
                <div class="field-pair">
                    { number("loss", "loss", &draft.loss, |draft, typed| draft.loss = typed.into()) }
                    { number("copies", "duplicate", &draft.copies, |draft, typed| draft.copies = typed.into()) }
                    { number("held", "reorder", &draft.held, |draft, typed| draft.held = typed.into()) }
                    { number("extra_ms", "extra", &draft.extra_ms, |draft, typed| draft.extra_ms = typed.into()) }
                </div>
            </> },
            _ => html! {},
        }
    }
}
