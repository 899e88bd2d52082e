//! Everything that the palette offers: each thing that can be done, with its name.

use splitbrain_engine::scenario::{Choice, Scenario};
use splitbrain_engine::sim::time::Time;
use splitbrain_words::text::lowercase;
use yew::AttrValue;

use super::worlds;
use crate::drawer::tries;
use crate::lesson::index::Entry;
use crate::panels::{self, say};
use crate::session::{Action, Dialog, PLAYGROUND, Place, SPEEDS, Selection, Session};
use crate::stage::tools;
use crate::text::Text;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offer {
    /// Stable and unlike any other.
    pub id: String,
    /// What it is called.
    pub name: AttrValue,
    /// Its icon.
    pub icon: &'static str,
    /// Its key, if it has one.
    pub key: Option<&'static str>,
    /// What it does.
    pub deed: Deed,
}

/// What an offer does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    /// Sends an action.
    Act(Action),
    /// Something worth trying, by its place among [`tries::ALL`].
    Try(usize),
    /// Opens a ready world, by its place among them.
    World(usize),
}

impl Offer {
    /// Whether its name has all of these words, whatever their order.
    pub(crate) fn has(&self, searched: &str) -> bool {
        let name = lowercase(&self.name);
        lowercase(searched)
            .split_whitespace()
            .all(|word| name.contains(word))
    }
}

/// Everything that can be done here and now, and these lessons.
pub(crate) fn offers(session: &Session, text: &Text, lessons: &[Entry]) -> Vec<Offer> {
    let mut all = Vec::new();
    let mut offer = |id: String, name: AttrValue, icon, key, action| {
        all.push(Offer {
            id,
            name,
            icon,
            key,
            deed: Deed::Act(action),
        });
    };
    for tool in tools::useful(session) {
        let name = text.get(&format!("ui.tool.{}.title", tool.id));
        offer(
            format!("tool-{}", tool.id),
            name,
            tool.icon,
            None,
            Action::Open(Dialog::Tool(tool.id)),
        );
    }
    let (play, sign) = if session.playing {
        ("ui.pause", "pause")
    } else {
        ("ui.play", "play")
    };
    offer(
        "play".into(),
        text.get(play),
        sign,
        Some("Space"),
        Action::TogglePlay,
    );
    offer(
        "on".into(),
        text.get("ui.step_on"),
        "step-forward",
        Some("\u{2192}"),
        Action::StepOn,
    );
    offer(
        "back".into(),
        text.get("ui.step_back"),
        "step-back",
        Some("\u{2190}"),
        Action::StepBack,
    );
    offer(
        "start".into(),
        text.get("ui.to_start"),
        "to-start",
        Some("Home"),
        Action::GoTo(Time::ZERO),
    );
    let end = Action::GoTo(session.reached());
    offer(
        "end".into(),
        text.get("ui.to_end"),
        "to-end",
        Some("End"),
        end,
    );
    for entry in panels::ALL {
        let panel = text.get(&format!("ui.panel.{}", entry.id)).to_string();
        let name = text.with("ui.palette.panel", &[("panel", panel)]);
        offer(
            format!("panel-{}", entry.id),
            name,
            entry.icon,
            None,
            Action::ShowPanel(entry.panel),
        );
    }
    offer(
        "share".into(),
        text.get("ui.share.title"),
        "share",
        None,
        Action::Open(Dialog::Share),
    );
    offer(
        "branches".into(),
        text.get("ui.branches"),
        "branch",
        Some("B"),
        Action::Open(Dialog::Branches),
    );
    offer(
        "compare".into(),
        text.get("ui.twin.with"),
        "branch",
        None,
        Action::Open(Dialog::Compare),
    );
    offer(
        "keys".into(),
        text.get("ui.keys.title"),
        "keys",
        Some("?"),
        Action::Open(Dialog::Keys),
    );
    offer(
        "lessons".into(),
        text.get("ui.lessons"),
        "lesson",
        None,
        Action::Navigate(Place::Lessons),
    );
    offer(
        "judge".into(),
        text.get("ui.place.judge.what"),
        "verdict",
        None,
        Action::Navigate(Place::Judge),
    );
    offer(
        "truth".into(),
        text.get("ui.place.truth"),
        "verdict",
        None,
        Action::Navigate(Place::Truth),
    );
    offer(
        "laws".into(),
        text.get("ui.place.laws.what"),
        "lesson",
        None,
        Action::Navigate(Place::Laws(String::new())),
    );
    for lesson in lessons {
        let (_, title, _) = lesson.said(text);
        offer(
            format!("lesson-{}", lesson.id),
            text.with("ui.palette.lesson", &[("lesson", title)]),
            "lesson",
            None,
            Action::Navigate(lesson.place(session)),
        );
    }
    offer(
        "playground".into(),
        text.get("ui.playground"),
        "map",
        None,
        Action::Navigate(Place::Playground),
    );
    for place in 0..session.design.regions.len() as u8 {
        let region = say::region(&session.design, place);
        let name = text.with("ui.palette.region", &[("region", region)]);
        offer(
            format!("region-{place}"),
            name,
            "map",
            None,
            Action::Select(Selection::Region(place)),
        );
    }
    for choice in choices(session, &session.design) {
        let policy = text.words().policy(&choice.policy).to_string();
        let service = text.words().service(choice.service).to_string();
        let name = text.with(
            "ui.palette.choose",
            &[("service", service), ("policy", policy)],
        );
        let id = format!("choose-{}-{}", choice.service.id(), choice.policy);
        offer(id, name, "design", None, Action::Choose(choice));
    }
    for (place, speed) in SPEEDS.iter().enumerate() {
        let times = f64::from(*speed) / 1_000.0;
        let times = text.with("ui.speed.times", &[("n", times.to_string())]);
        let name = format!("{}: {times}", text.get("ui.speed"));
        offer(
            format!("speed-{place}"),
            name.into(),
            "clock",
            None,
            Action::SetSpeed(place as u8),
        );
    }
    for (place, id) in worlds::ids().into_iter().enumerate() {
        let world = text.get(&format!("world.{id}")).to_string();
        all.push(Offer {
            name: text.with("ui.palette.world", &[("world", world)]),
            id: format!("world-{id}"),
            icon: "map",
            key: None,
            deed: Deed::World(place),
        });
    }
    if session.place == Place::Playground && session.design.id == PLAYGROUND {
        for (place, entry) in tries::ALL.iter().enumerate() {
            all.push(Offer {
                id: format!("try-{}", entry.id),
                name: text.get(&format!("ui.try.{}", entry.id)),
                icon: entry.icon,
                key: None,
                deed: Deed::Try(place),
            });
        }
    }
    all
}

/// Policies that could be put in the place of others in a design of the session's run.
pub(super) fn choices(session: &Session, design: &Scenario) -> Vec<Choice> {
    let mut choices = Vec::new();
    for service in &design.services {
        for slot in service.slots() {
            for info in slot.choices(service.kind) {
                let is_held = service.choice(slot) == Some(info.id);
                if !is_held && session.allows_policy(service.kind, slot, info.id) {
                    choices.push(Choice {
                        service: service.kind,
                        slot,
                        policy: info.id.into(),
                    });
                }
            }
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(name: &'static str) -> Offer {
        Offer {
            id: String::new(),
            name: name.into(),
            icon: "cut",
            key: None,
            deed: Deed::Act(Action::Close),
        }
    }

    #[test]
    fn words_are_found_in_any_order_and_case() {
        assert!(offer("Cut a link").has("LINK cut"));
        assert!(offer("Розірвати канал").has("КАНАЛ"));
        assert!(!offer("Cut a link").has("cut region"));
    }
}
