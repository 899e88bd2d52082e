//! What the judge sees: verdicts, violations and the parts that facts play in them.
//!
//! The judge's references are the numbers of the engine, as `splitbrain_lesson::observe`
//! feeds them.

use splitbrain_checker::{
    AtRisk, PropertyId, Role as Part, STALENESS_BOUND_US, Staleness, Verdict, Violation,
    ViolationKind,
};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::node::Key;
use splitbrain_lesson::why::Role as WhyPart;

use crate::arg::Arg;
use crate::facts::Scene;
use crate::names::Form;
use crate::text::Text;
use crate::words::Words;

impl Words {
    /// The name of a property that is judged.
    pub fn judged(&self, property: PropertyId) -> Text {
        self.get(&format!("property.{}", property.id()))
    }

    /// What a property means to a customer.
    pub fn judged_means(&self, property: PropertyId) -> Text {
        let id = format!("property.{}.means", property.id());
        self.say(&id, &[("bound", Arg::Span(STALENESS_BOUND_US))])
    }

    /// How stale a read was at worst: "The stalest read so far was 1.2 s behind".
    pub fn worst_staleness(&self, worst: Staleness) -> Text {
        let id = "verdict.bounded_staleness.worst";
        self.say(id, &[("span", Arg::Span(worst.us))])
    }

    /// A verdict in a sentence: "2 acknowledged writes were lost".
    pub fn verdict(&self, property: PropertyId, verdict: &Verdict<'_>) -> Text {
        let count = match verdict {
            Verdict::Holds => 0,
            Verdict::Open { at_risk } => at_risk.len(),
            Verdict::Violated { violations, .. } => violations.len(),
        };
        let id = format!("verdict.{}.{}", property.id(), verdict.id());
        self.say(&id, &[("n", count.into())])
    }

    /// The name of a kind of violation: "Overwritten unseen".
    pub fn violation_kind(&self, kind: ViolationKind) -> Text {
        self.get(&format!("violation.{}", kind.id()))
    }

    /// What was violated, with names and values.
    pub fn violation(&self, scene: &Scene<'_>, violation: &Violation) -> Text {
        let scenario = scene.scenario;
        let op = violation.op.map_or(FactId::NONE, |op| FactId(op.0));
        let winner = violation
            .winner
            .map_or(FactId::NONE, |write| FactId(write.0));
        let key = violation.key.map_or(Key(u32::MAX), |key| Key(key.0));
        let regions = violation.replicas.iter();
        let regions = regions.map(|replica| self.region(scenario, replica.0));
        let other = other(violation).unwrap_or(FactId::NONE);
        let behind_us = behind_us(scene, violation);
        let args = [
            ("op", self.operation(scene, op).into()),
            ("other", self.operation(scene, other).into()),
            ("span", Arg::Span(behind_us.unwrap_or(0))),
            ("winner", self.write(scene, winner).into()),
            ("key", self.key(scenario, key, Form::Label).into()),
            ("regions", self.list(regions).into()),
        ];
        let length = behind_us.map_or("", |_| ".long");
        let id = format!("violation.{}.what{length}", violation.kind.id());
        self.say(&id, &args).sentence()
    }

    /// What is at risk.
    pub fn at_risk(&self, scene: &Scene<'_>, risk: &AtRisk) -> Text {
        let op = self.operation(scene, FactId(risk.op.0));
        self.say("verdict.at_risk", &[("op", op.into())]).sentence()
    }

    /// The part that a fact plays in the answer to "why?", as a short label before it.
    pub fn why_part(&self, part: WhyPart) -> Text {
        self.get(&format!("why.{}", part.id()))
    }

    /// The part that a fact plays in a violation, as a short label before it.
    pub fn part(&self, part: Part) -> Text {
        self.get(&format!("role.{}", part.id()))
    }
}

/// The other operation that a violation is about: the one that has part in it, or the
/// newer one, which is known by where it was asked for.
fn other(violation: &Violation) -> Option<FactId> {
    let wanted = violation
        .witness
        .iter()
        .find(|it| it.1 == Part::WantedNewer);
    let wanted = wanted.map(|it| FactId(it.0.0));
    violation.other.map(|(_, op)| FactId(op.0)).or(wanted)
}

/// How long what a read returned had been replaced when it began, in microseconds, if
/// that is what the violation is and the facts are in memory.
fn behind_us(scene: &Scene<'_>, violation: &Violation) -> Option<u64> {
    let at = |part| {
        let (fact, _) = violation.witness.iter().find(|it| it.1 == part)?;
        Some(scene.trace.get(FactId(fact.0))?.at().0)
    };
    at(Part::Asked)?.checked_sub(at(Part::ToldNewer)?)
}
