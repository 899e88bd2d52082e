//! The fields of forms about orders and profiles: whose, which state, which field.

use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::scenario::ServiceKind;
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_words::names::Form;
use yew::prelude::*;

use super::draft::{Draft, RECORDS};
use super::fields::{Choice, radios, select};
use super::tool_fields::{Edit, Fields};

/// What stands for her own record among those that can be changed.
const OWN: &str = "own";

/// What stands for a record among what can be read.
pub(super) fn record((kind, account): (ServiceKind, u32)) -> String {
    format!("{} {account}", kind.id())
}

/// The record that something stands for.
pub(super) fn record_of(typed: &str) -> Option<(ServiceKind, u32)> {
    RECORDS.into_iter().find_map(|kind| {
        let account = typed.strip_prefix(kind.id())?.strip_prefix(' ')?;
        Some((kind, account.parse().ok()?))
    })
}

impl Fields<'_> {
    /// The record of each account, if there is such a service.
    pub(super) fn records(&self, kind: ServiceKind) -> Vec<Choice> {
        let Some(service) = self.scenario.service(kind) else {
            return Vec::new();
        };
        let customers = self.scenario.customers.iter();
        let mut accounts: Vec<u32> = customers.map(|customer| customer.account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let words = self.text.words();
        let named = |account| {
            let key = Key::new(service, account);
            let name = words.key(&self.scenario, key, Form::Label);
            (record((kind, account)), AttrValue::from(name.to_string()))
        };
        accounts.into_iter().map(named).collect()
    }

    /// Whose record is changed: her own unless told.
    pub(super) fn owner(&self, kind: ServiceKind, draft: &Draft, edit: Edit<'_>) -> Html {
        let mut choices = vec![(OWN.into(), self.label("owner.own"))];
        choices.extend(self.records(kind));
        let value = draft
            .owner
            .map_or(OWN.into(), |owner| record((kind, owner)));
        select(
            "f-owner",
            self.label("owner"),
            &value,
            choices,
            edit(|draft, typed| {
                draft.owner = record_of(typed).map(|(_, account)| account);
            }),
        )
    }

    /// The state that an order gets.
    pub(super) fn stage(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let service = self.scenario.service(ServiceKind::Orders).unwrap_or(0);
        let words = self.text.words();
        let stages = Stage::ALL.iter().map(|&stage| {
            let value = Value(stage as u32);
            let said = words.value(&self.scenario, Key::new(service, 0), value);
            (stage.id().into(), AttrValue::from(said.to_string()))
        });
        radios(
            "f-stage",
            self.label("stage"),
            draft.stage.id(),
            stages.collect(),
            edit(|draft, typed| {
                let found = Stage::ALL.iter().find(|stage| stage.id() == typed);
                draft.stage = found.copied().unwrap_or(draft.stage);
            }),
        )
    }

    /// Which field of a profile changes.
    pub(super) fn field(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let fields = Field::ALL.iter().map(|field| {
            let name = self.label(&format!("field.{}", field.id()));
            (field.id().into(), name)
        });
        select(
            "f-field",
            self.label("field"),
            draft.field.id(),
            fields.collect(),
            edit(|draft, typed| {
                let found = Field::ALL.iter().find(|field| field.id() == typed);
                draft.field = found.copied().unwrap_or(draft.field);
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_record_says_which_one_and_nothing_else_does() {
        for kind in RECORDS {
            assert_eq!(record_of(&record((kind, 7))), Some((kind, 7)));
        }
        for other in ["", "7", "orders", "orders x", "stock 7", OWN] {
            assert_eq!(record_of(other), None, "{other}");
        }
    }
}
