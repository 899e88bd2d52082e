//! The colours and fonts of the style sheet, for what is painted on a canvas.

use web_sys::CssStyleDeclaration;

/// Hues that regions take in turn.
const HUES: u8 = 8;

/// The colours of the theme as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Palette {
    /// Words.
    pub(super) ink: String,
    /// Lesser words.
    pub(super) ink_2: String,
    /// The least of words.
    pub(super) ink_3: String,
    /// Hairlines.
    pub(super) line: String,
    /// Behind the map.
    pub(super) ground: String,
    /// Behind the diagram.
    pub(super) surface: String,
    /// The playhead.
    pub(super) accent: String,
    /// What went well.
    pub(super) good: String,
    /// What to look out for.
    pub(super) warn: String,
    /// What went wrong.
    pub(super) bad: String,
    /// The font of data.
    pub(super) mono: String,
    hues: Vec<String>,
    sign: String,
}

impl Palette {
    /// Reads the colours again if the theme has changed; true if it has.
    pub(super) fn refresh(&mut self) -> bool {
        let Some(style) = root_style() else {
            return false;
        };
        let sign = read(&style, "--bg") + &read(&style, "--ink");
        if sign == self.sign {
            return false;
        }
        let get = |name: &str| read(&style, name);
        *self = Self {
            ink: get("--ink"),
            ink_2: get("--ink-2"),
            ink_3: get("--ink-3"),
            line: get("--line"),
            ground: get("--bg"),
            surface: get("--surface"),
            accent: get("--accent"),
            good: get("--good"),
            warn: get("--warn"),
            bad: get("--bad"),
            mono: get("--mono"),
            hues: (0..HUES).map(|hue| get(&format!("--hue-{hue}"))).collect(),
            sign,
        };
        true
    }

    /// The hue of a region.
    pub(super) fn hue(&self, region: u8) -> &str {
        let hue = self.hues.get(usize::from(region % HUES));
        hue.map_or(&self.ink, |hue| hue)
    }
}

fn root_style() -> Option<CssStyleDeclaration> {
    let window = web_sys::window()?;
    let root = window.document()?.document_element()?;
    window.get_computed_style(&root).ok()?
}

fn read(style: &CssStyleDeclaration, name: &str) -> String {
    let value = style.get_property_value(name).unwrap_or_default();
    value.trim().to_owned()
}
