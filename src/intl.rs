//! Numbers, money and plurals as the browser's `Intl` knows them.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, Object, Reflect};
use splitbrain_sorted::Map;
use splitbrain_words::Lang;
use splitbrain_words::host::{Host, Terminal};
use splitbrain_words::message::Plural;
use wasm_bindgen::{JsCast, JsValue};

/// What is formatted: a number with so many digits after the point, or euros.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Decimal(u8),
    Euros,
}

/// Formats by `Intl`, and remembers the formatters, which are slow to make.
#[derive(Default)]
pub struct Browser {
    numbers: RefCell<Map<(Lang, Style), Function>>,
    plurals: RefCell<Map<Lang, Intl::PluralRules>>,
}

fn locales(lang: Lang) -> Array {
    Array::of1(&JsValue::from_str(lang.code()))
}

impl Browser {
    fn format(&self, lang: Lang, style: Style, number: f64) -> Option<String> {
        let mut numbers = self.numbers.borrow_mut();
        let format = numbers.get_or_insert_with((lang, style), || {
            let options = Object::new();
            let set = |name: &str, value: JsValue| {
                // A plain object takes every property.
                let _ = Reflect::set(&options, &JsValue::from_str(name), &value);
            };
            let digits = match style {
                Style::Decimal(digits) => digits,
                Style::Euros => {
                    set("style", JsValue::from_str("currency"));
                    set("currency", JsValue::from_str("EUR"));
                    // Ukrainian would write out EUR, which no map has room for.
                    set("currencyDisplay", JsValue::from_str("narrowSymbol"));
                    0
                }
            };
            set("minimumFractionDigits", JsValue::from(digits));
            set("maximumFractionDigits", JsValue::from(digits));
            Intl::NumberFormat::new(&locales(lang), &options).format()
        });
        let text = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(number));
        text.ok()?.as_string()
    }
}

impl Host for Browser {
    fn number(&self, lang: Lang, number: i64) -> String {
        let text = self.format(lang, Style::Decimal(0), number as f64);
        text.unwrap_or_else(|| Terminal.number(lang, number))
    }

    fn decimal(&self, lang: Lang, thousandths: i64, digits: u8) -> String {
        let style = Style::Decimal(digits.min(3));
        let text = self.format(lang, style, thousandths as f64 / 1_000.0);
        text.unwrap_or_else(|| Terminal.decimal(lang, thousandths, digits))
    }

    fn money(&self, lang: Lang, euros: i64) -> String {
        let text = self.format(lang, Style::Euros, euros as f64);
        text.unwrap_or_else(|| Terminal.money(lang, euros))
    }

    fn plural(&self, lang: Lang, number: u64) -> Plural {
        let mut plurals = self.plurals.borrow_mut();
        let rules = plurals.get_or_insert_with(lang, || {
            Intl::PluralRules::new(&locales(lang), &Object::new())
        });
        let category = rules.select(number as f64);
        category
            .unchecked_ref::<JsValue>()
            .as_string()
            .and_then(|name| Plural::find(&name))
            .unwrap_or(Plural::Other)
    }
}
