//! What a host page says, checked before anything is made of it.

use js_sys::{JSON, Reflect};
use splitbrain_words::Lang;
use wasm_bindgen::JsValue;

use crate::settings::Theme;

/// The version of the contract.
pub const CONTRACT: f64 = 1.0;
/// Characters of a message at most, as JSON.
const MAX_CHARS: u32 = 1_000_000;
/// The greatest number that a request may carry as its id.
const MAX_ID: f64 = 9_007_199_254_740_991.0;
/// Characters of `controls` at most.
const MAX_CONTROLS: u32 = 100;

/// What a host page may ask.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// The first message.
    Hello,
    /// Asks for what the learner has done.
    GetState {
        /// Of the request.
        id: f64,
    },
    /// Puts back what the learner has done.
    SetState {
        /// Of the request.
        id: f64,
        /// The version of the state.
        version: u32,
        /// Whose it is: a lesson's id.
        lesson: String,
        /// What was done, as text.
        record: String,
    },
    /// Starts anew.
    Reset,
    /// Changes how the page looks.
    Configure {
        /// A theme, if it is to change.
        theme: Option<Theme>,
        /// A language, if it is to change; nothing within for the default.
        lang: Option<Option<Lang>>,
        /// What to show, if it is to change; nothing within for the default.
        controls: Option<Option<String>>,
    },
}

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Malformed {
    /// Of the request, where it has one.
    pub id: Option<f64>,
    /// Which field; empty for the whole message.
    pub place: &'static str,
    /// Whether it is too large rather than misshapen.
    pub is_too_large: bool,
}

/// Reads a message of this contract; nothing where it is of another, or of a type that
/// is not known here.
///
/// # Errors
/// A message of a known type with a field of the wrong shape.
pub fn read(data: &JsValue) -> Option<Result<Incoming, Malformed>> {
    if !data.is_object() || field(data, "splitbrain").as_f64() != Some(CONTRACT) {
        return None;
    }
    let kind = field(data, "type").as_string()?;
    let id = field(data, "id")
        .as_f64()
        .filter(|id| id.fract() == 0.0 && (0.0..=MAX_ID).contains(id));
    let wrong = |place| Malformed {
        id,
        place,
        is_too_large: false,
    };
    if !["hello", "getState", "setState", "reset", "configure"].contains(&kind.as_str()) {
        return None;
    }
    // Cyclic and other odd things are no JSON.
    let length = JSON::stringify(data).ok().map(|text| text.length());
    match length {
        None => return Some(Err(wrong(""))),
        Some(length) if length > MAX_CHARS => {
            let is_too_large = true;
            return Some(Err(Malformed {
                is_too_large,
                ..wrong("")
            }));
        }
        Some(_) => {}
    }
    Some(match kind.as_str() {
        "getState" => id.map(|id| Incoming::GetState { id }).ok_or(wrong("id")),
        "setState" => match id {
            Some(id) => state(data, id).map_err(wrong),
            None => Err(wrong("id")),
        },
        "reset" => Ok(Incoming::Reset),
        "configure" => configure(data).map_err(wrong),
        _ => Ok(Incoming::Hello),
    })
}

fn field(data: &JsValue, name: &str) -> JsValue {
    Reflect::get(data, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

fn state(data: &JsValue, id: f64) -> Result<Incoming, &'static str> {
    let state = field(data, "state");
    if !state.is_object() {
        return Err("state");
    }
    let version = field(&state, "version").as_f64();
    let version = version.filter(|version| version.fract() == 0.0 && (1.0..1e9).contains(version));
    Ok(Incoming::SetState {
        id,
        version: version.ok_or("state.version")? as u32,
        lesson: field(&state, "lesson").as_string().ok_or("state.lesson")?,
        record: field(&state, "record").as_string().ok_or("state.record")?,
    })
}

fn configure(data: &JsValue) -> Result<Incoming, &'static str> {
    let given = |name: &'static str| {
        let value = field(data, name);
        match value.as_string() {
            Some(word) => Ok(Some(Some(word))),
            None if value.is_null() => Ok(Some(None)),
            None if value.is_undefined() => Ok(None),
            None => Err(name),
        }
    };
    let theme = match given("theme")? {
        None => None,
        Some(None) => Some(Theme::Auto),
        Some(Some(word)) => match word.as_str() {
            "dark" => Some(Theme::Dark),
            "light" => Some(Theme::Light),
            _ => return Err("theme"),
        },
    };
    let lang = match given("lang")? {
        Some(Some(code)) => Some(Some(Lang::find(&code).ok_or("lang")?)),
        Some(None) => Some(None),
        None => None,
    };
    let controls = given("controls")?;
    if let Some(Some(words)) = &controls {
        let is_plain = |c: char| c.is_ascii_lowercase() || c == ' ' || c == ',';
        if words.len() as u64 > u64::from(MAX_CONTROLS) || !words.chars().all(is_plain) {
            return Err("controls");
        }
    }
    let controls = controls.map(|words| words.map(|words| words.replace(',', " ")));
    Ok(Incoming::Configure {
        theme,
        lang,
        controls,
    })
}
