//! The markup of what stands on the map: links, regions, customers.

use yew::prelude::*;

use super::geometry::{Area, hull, px};
use super::layout::{Layout, LinkMark, PersonMark, RegionMark, marker_radius};
use super::map_words;
use super::map_world::{LinkState, MapWorld};
use crate::parts::{hue, shape_number};
use crate::session::Selection;
use crate::text::Text;
use splitbrain_engine::scenario::Scenario;

/// What marks are drawn with.
pub(super) struct Scene<'a> {
    /// The words.
    pub(super) text: &'a Text,
    /// The scenario.
    pub(super) scenario: &'a Scenario,
    /// The world at the cursor.
    pub(super) world: &'a MapWorld,
    /// Where everything stands.
    pub(super) layout: &'a Layout,
    /// What is picked out.
    pub(super) selected: Selection,
    /// What has its menu open.
    pub(super) open: Selection,
    /// Picks something out and opens its menu.
    pub(super) pick: &'a Callback<Selection>,
}

impl Scene<'_> {
    /// All links.
    pub(super) fn links(&self) -> Html {
        let states = self.world.links.iter().copied();
        let states = states.chain(std::iter::repeat(LinkState::default()));
        let marks = self.layout.links.iter().zip(states);
        html! { <g>{ for marks.map(|(mark, state)| self.link(mark, state)) }</g> }
    }

    /// All regions.
    pub(super) fn regions(&self) -> Html {
        let marks = self.layout.regions.iter().enumerate();
        html! { <g>{ for marks.map(|(place, mark)| self.region(place as u8, mark)) }</g> }
    }

    /// All customers.
    pub(super) fn people(&self) -> Html {
        html! { <g>{ for self.layout.people.iter().map(|mark| self.person(mark)) }</g> }
    }

    /// What stands beside links.
    pub(super) fn round_trips(&self) -> Html {
        let states = self.world.links.iter().copied();
        let states = states.chain(std::iter::repeat(LinkState::default()));
        let labels = self
            .layout
            .links
            .iter()
            .zip(states)
            .filter_map(|(mark, state)| {
                let at = mark.label?;
                let class = state.is_cut().then_some("bad");
                Some(html! {
                    <text key={u32::from(mark.ends.0) << 8 | u32::from(mark.ends.1)} {class} x={px(at.x)} y={px(at.y + 9.0)}>
                        { map_words::link_label(self.text, mark, state) }
                    </text>
                })
            });
        html! { <g aria-hidden="true">{ for labels }</g> }
    }

    fn link(&self, mark: &LinkMark, state: LinkState) -> Html {
        let (a, b) = mark.ends;
        let what = Selection::Link(a, b);
        let path = mark.arc.path();
        let class = classes!(
            "link-group",
            state.is_cut().then_some("is-cut"),
            state.is_degraded.then_some("is-slow"),
            (self.selected == what).then_some("is-on"),
        );
        let cross = state.is_cut().then(|| {
            let at = mark.arc.at(mark.cut_at);
            let d = format!(
                "M{} {}l6 6M{} {}l-6 6",
                px(at.x - 3.0),
                px(at.y - 3.0),
                px(at.x + 3.0),
                px(at.y - 3.0)
            );
            html! {
                <g class="cut-mark"><circle cx={px(at.x)} cy={px(at.y)} r="8" /><path {d} /></g>
            }
        });
        html! {
            <g
                key={format!("{a}-{b}")}
                {class}
                role="button"
                tabindex="0"
                aria-haspopup="menu"
                aria-expanded={(self.open == what).to_string()}
                aria-label={map_words::link(self.text, self.scenario, mark, state)}
                onclick={self.on_click(what)}
                onkeydown={self.on_key(what)}
            >
                <path class="link" d={path.clone()} />
                <path class="link-hit" d={path} />
                <g>{ cross }</g>
            </g>
        }
    }

    fn region(&self, place: u8, mark: &RegionMark) -> Html {
        let what = Selection::Region(place);
        let is_down = self.world.is_down.get(place as usize) == Some(&true);
        let radius = marker_radius(self.layout.is_small);
        let class = classes!(
            "region",
            hue(place),
            is_down.then_some("is-down"),
            (self.selected == what).then_some("is-on"),
        );
        let (at, label) = (mark.at, mark.label);
        // Words begin or end next to the marker.
        let (anchor, words_x) = if label.x + label.w <= at.x {
            ("end", label.x + label.w)
        } else {
            ("start", label.x)
        };
        let value = map_words::region_value(self.text, self.scenario, self.world, place);
        let value = (!self.layout.is_small).then(|| {
            html! {
                <text
                    class="region-value"
                    x={px(words_x)}
                    y={px(label.y + 26.0)}
                    text-anchor={anchor}
                >
                    { value }
                </text>
            }
        });
        let reach = if self.layout.is_small { 22.0 } else { 14.0 };
        let size = px(2.0 * radius);
        // The words beside it are in its name, in another order.
        let words_class = classes!("region-words", is_down.then_some("is-down"));
        html! {
            <g key={place}>
                <g
                    {class}
                    role="button"
                    tabindex="0"
                    aria-haspopup="menu"
                    aria-expanded={(self.open == what).to_string()}
                    aria-label={map_words::region(self.text, self.scenario, self.world, place)}
                    onclick={self.on_click(what)}
                    onkeydown={self.on_key(what)}
                >
                    <path class="hit" d={hull(&Area::around(at, reach), &label)} />
                    <circle class="halo" cx={px(at.x)} cy={px(at.y)} r={px(radius + 5.0)} />
                    <use
                        href={format!("#s-{}", shape_number(place))}
                        x={px(at.x - radius)}
                        y={px(at.y - radius)}
                        width={size.clone()}
                        height={size}
                    />
                </g>
                <g class={words_class} aria-hidden="true">
                    <text
                        class="region-name"
                        x={px(words_x)}
                        y={px(label.y + 11.0)}
                        text-anchor={anchor}
                    >
                        if self.world.first(place).is_some() {
                            <tspan class="crown">{ "\u{265b} " }</tspan>
                        }
                        { self.scenario.regions[place as usize].get().id }
                    </text>
                    <g>{ value }</g>
                </g>
            </g>
        }
    }

    fn person(&self, mark: &PersonMark) -> Html {
        let customer = self.scenario.customers.get(mark.customer as usize);
        let name = if mark.count > 1 {
            format!("×{}", mark.count)
        } else {
            customer.map_or_else(String::new, |customer| customer.name.clone())
        };
        let told = self.world.told.get(mark.customer as usize).copied();
        let (told, class) = map_words::told(self.text, self.scenario, told.unwrap_or_default());
        let label = mark.label.map(|label| {
            let told = (label.is_roomy && mark.count == 1 && !told.is_empty()).then(|| {
                html! { <tspan {class} dx="6">{ told }</tspan> }
            });
            html! {
                <text x={px(label.at.x)} y={px(label.at.y + 9.0)} text-anchor={label.anchor}>
                    { name }{ told }
                </text>
            }
        });
        html! {
            <g key={mark.customer} class={classes!("customer", hue(mark.near))}>
                <circle cx={px(mark.at.x)} cy={px(mark.at.y)} r="3.5" />
                <g>{ label }</g>
            </g>
        }
    }

    fn on_click(&self, what: Selection) -> Callback<MouseEvent> {
        let pick = self.pick.clone();
        Callback::from(move |_| pick.emit(what))
    }

    fn on_key(&self, what: Selection) -> Callback<KeyboardEvent> {
        let pick = self.pick.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                pick.emit(what);
            }
        })
    }
}
