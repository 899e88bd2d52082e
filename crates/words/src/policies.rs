//! What the catalogues of policies say of themselves.

use splitbrain_engine::conflict::is_one_way;
use splitbrain_engine::policy::{Cost, Info, Property, Soundness};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};

use crate::text::Text;
use crate::words::Words;

impl Words {
    /// The name of a policy, by its id.
    pub fn policy(&self, id: &str) -> Text {
        self.get(&format!("policy.{id}"))
    }

    /// A part of a design's name: the policy's own, and for what a strategy is set to, which
    /// says nothing alone, the slot's before it.
    pub fn design_part(&self, slot: &str, policy: &str) -> String {
        let name = self.policy(policy);
        let names_itself = ["replication", "merge", "key_store", "schedule"];
        if names_itself.contains(&slot) {
            return name.to_string();
        }
        format!("{}: {name}", self.get(&format!("slot.{slot}")))
    }

    /// What it does, in a line.
    pub fn policy_what(&self, id: &str) -> Text {
        self.get(&format!("policy.{id}.what"))
    }

    /// What it does and gives up, in a few sentences.
    pub fn policy_more(&self, id: &str) -> Text {
        self.get(&format!("policy.{id}.more"))
    }

    /// What somebody who chooses it has to know first: what it loses, if it is not sound, or
    /// that values only go one way by it.
    pub fn warning(&self, info: &Info) -> Option<Text> {
        match info.soundness {
            Soundness::Sound => is_one_way(info.id).then(|| self.get("soundness.one_way")),
            Soundness::Broken { loses } => {
                let loses = self.list(loses.iter().map(|&property| self.property(property)));
                Some(self.say("soundness.broken", &[("loses", loses.into())]))
            }
        }
    }

    /// The name of a property.
    pub fn property(&self, property: Property) -> Text {
        self.get(&format!("property.{}", property.id()))
    }

    /// What a property means to a customer.
    pub fn property_means(&self, property: Property) -> Text {
        self.get(&format!("property.{}.means", property.id()))
    }

    /// What something costs.
    pub fn cost(&self, cost: Cost) -> Text {
        self.get(&format!("cost.{}", cost.id()))
    }

    /// The name of a service.
    pub fn service(&self, kind: ServiceKind) -> Text {
        self.get(&format!("service.{}", kind.id()))
    }

    /// What is said of one service, with its name before it where a scenario has several.
    pub fn of_service(&self, scenario: &Scenario, kind: ServiceKind, said: &str) -> String {
        if scenario.services.len() < 2 {
            return said.to_owned();
        }
        format!("{}: {said}", self.service(kind))
    }

    /// What fills slots of a design, service by service, as choices come:
    /// "Prices: Minimum · Carts: Multi-master; Observed-remove set".
    pub fn design_parts(&self, scenario: &Scenario, choices: &[Choice]) -> String {
        let services = choices.chunk_by(|one, other| one.service == other.service);
        let services = services.map(|choices| {
            let parts = choices.iter();
            let parts = parts.map(|it| self.design_part(it.slot.id(), &it.policy));
            // Names of policies have commas of their own.
            let parts = parts.collect::<Vec<_>>().join("; ");
            self.of_service(scenario, choices[0].service, &parts)
        });
        services.collect::<Vec<_>>().join("\u{a0}\u{b7} ")
    }

    /// The name of the service at a place of a scenario; nothing where there is none.
    pub(crate) fn service_at(&self, scenario: &Scenario, place: usize) -> Text {
        let service = scenario.services.get(place);
        service.map_or_else(|| Text::empty(self.lang()), |held| self.service(held.kind))
    }

    /// The question that a design slot answers: "When two writes meet".
    pub fn slot(&self, slot: Slot) -> Text {
        self.get(&format!("slot.{}", slot.id()))
    }
}
