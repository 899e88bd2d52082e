//! Messages: what they are and what became of them.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, Label};

use crate::arg::Arg;
use crate::facts::Scene;
use crate::text::Text;
use crate::words::Words;

impl Words {
    /// The name of a kind of messages, for legends and filters.
    pub fn label(&self, label: Label) -> Text {
        self.get(&format!("message.{}", label.id())).sentence()
    }

    /// What became of a message, in a word or two.
    pub fn fate(&self, fate: Fate) -> Text {
        self.get(&format!("fate.{}.short", fate.id()))
    }

    /// A noun phrase for a message, by the fact that sent it: "the reply to Ana".
    pub(crate) fn message_noun(&self, scene: &Scene<'_>, message: FactId) -> Text {
        let sent = scene.trace.get(message);
        let sent = sent.filter(|fact| fact.kind() == FactKind::MessageSent);
        match sent.and_then(|fact| Some((fact, fact.message()?))) {
            Some((fact, (label, _))) => self.labelled(scene, fact, label),
            None => self.get("message.unknown"),
        }
    }

    fn labelled(&self, scene: &Scene<'_>, fact: &Fact, label: Label) -> Text {
        let id = format!("message.{}.between", label.id());
        self.say(&id, &self.parties(scene, fact))
    }

    fn parties(&self, scene: &Scene<'_>, fact: &Fact) -> [(&'static str, Arg); 2] {
        [
            ("from", self.host(scene.scenario, fact.host).into()),
            ("to", self.host(scene.scenario, fact.peer).into()),
        ]
    }

    /// The sentence for a message that was sent.
    pub(crate) fn message_sent(&self, scene: &Scene<'_>, fact: &Fact) -> Text {
        let (label, fate) = fact.message().unwrap_or((Label::Request, Fate::Arrives));
        if fate == Fate::Arrives {
            let [from, to] = self.parties(scene, fact);
            let span = ("span", Arg::Span(u64::from(fact.a)));
            let id = format!("fact.MessageSent.{}", label.id());
            return self.say(&id, &[from, to, span]);
        }
        let message = self.labelled(scene, fact, label);
        let id = format!("fate.{}", fate.id());
        self.say(&id, &[("message", message.into())])
    }
}
