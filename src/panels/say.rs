//! What things in a scenario are called, for panels and forms.

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_words::names::Form;
use yew::AttrValue;

use crate::text::Text;

/// A region's id: the name that people use.
pub(crate) fn region(scenario: &Scenario, place: u8) -> &'static str {
    let region = scenario.regions.get(place as usize);
    region.map_or("?", |region| region.get().id)
}

/// A customer's name.
pub(crate) fn customer(scenario: &Scenario, index: u16) -> String {
    let customer = scenario.customers.get(index as usize);
    customer.map_or_else(|| "?".into(), |customer| customer.name.clone())
}

/// A customer and where she is.
pub(crate) fn customer_and_region(scenario: &Scenario, index: u16) -> String {
    let near = scenario.customers.get(index as usize);
    let near = near.map_or(0, |customer| customer.near);
    format!("{}, {}", customer(scenario, index), region(scenario, near))
}

/// An item for sale.
pub(crate) fn item(text: &Text, scenario: &Scenario, index: u32) -> AttrValue {
    text.words()
        .item(scenario, index, Form::Label)
        .to_string()
        .into()
}

/// What a key shows before anybody wrote it.
pub(crate) fn initial(scenario: &Scenario, key: Key) -> Value {
    let service = scenario.services.get(key.service() as usize);
    service.map_or(Value(0), |service| scenario.initial(service.kind))
}
