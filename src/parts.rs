//! Small pieces of markup that many components share.

use yew::prelude::*;

/// Hues of regions; see `static/style/README.md`.
const HUES: u8 = 8;

/// An icon, for the eye only.
pub(crate) fn icon(name: &str) -> Html {
    html! { <svg class="icon" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}

/// A small icon, for chips.
pub(crate) fn icon_small(name: &str) -> Html {
    html! { <svg class="icon icon-s" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}

/// An icon in a colour of meaning: `good`, `warn`, `bad`.
pub(crate) fn sign(name: &str, meaning: &'static str) -> Html {
    html! {
        <svg class={classes!("icon", meaning)} aria-hidden="true">
            <use href={format!("#i-{name}")} />
        </svg>
    }
}

/// The class that gives a region its hue.
pub(crate) fn hue(place: u8) -> String {
    format!("r{}", place % HUES)
}

/// The number of a region's shape.
pub(crate) const fn shape_number(place: u8) -> u8 {
    place.wrapping_add(place / HUES) % HUES
}

/// A region's shape in its hue.
pub(crate) fn shape(place: u8) -> Html {
    html! {
        <svg class={classes!("shape", hue(place))} aria-hidden="true">
            <use href={format!("#s-{}", shape_number(place))} />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_regions_look_different() {
        let mut looks: Vec<(String, u8)> = (0..64).map(|i| (hue(i), shape_number(i))).collect();
        looks.sort();
        looks.dedup();
        assert_eq!(looks.len(), 64);
    }
}
