//! Commands: their names, and what somebody did.

use splitbrain_engine::run::{Command, Direction};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, PaymentKey};

use crate::arg::Arg;
use crate::names::{self, Form};
use crate::text::Text;
use crate::words::Words;

impl Words {
    /// The name of a command, imperative: "Cut a link". An [`Command::Act`] is named by
    /// what it makes a customer do.
    pub fn command_name(&self, scenario: &Scenario, command: &Command) -> Text {
        match command {
            Command::Act { action, .. } => self.action_name(scenario, action),
            _ => self.get(&format!("command.{}", command.id())),
        }
    }

    /// What a customer is asked to do, imperative: "Pay". In a room she posts, where she sets
    /// a price elsewhere.
    pub fn action_name(&self, scenario: &Scenario, action: &Action) -> Text {
        let named_as = names::named_as(scenario, action.kind, action.key);
        self.get(&format!("command.act.{named_as}"))
    }

    /// What somebody did with a command: "You cut us-east-1 ⇄ eu-west-1".
    pub fn did(&self, scenario: &Scenario, command: &Command) -> Text {
        let region = |place: u8| Arg::from(self.region(scenario, place));
        let link = |from: u8, to: u8| [("from", region(from)), ("to", region(to))];
        let way = |direction: &Direction| match direction {
            Direction::OneWay => "one_way",
            Direction::Both => "both",
        };
        let id = command.id();
        match command {
            Command::Act { customer, action } => self.did_act(scenario, *customer, action),
            Command::CutLink {
                from,
                to,
                direction,
            }
            | Command::HealLink {
                from,
                to,
                direction,
            } => self.say(&format!("did.{id}.{}", way(direction)), &link(*from, *to)),
            Command::CrashRegion { region: which }
            | Command::RestartRegion { region: which }
            | Command::PromoteRegion { region: which }
            | Command::PauseRegion { region: which }
            | Command::ResumeRegion { region: which } => {
                self.say(&format!("did.{id}"), &[("region", region(*which))])
            }
            Command::SlowRegion {
                region: which,
                extra_us,
            } => {
                let variant = if *extra_us == 0 { ".none" } else { "" };
                let extra = Arg::Span(u64::from(*extra_us));
                let args = [("region", region(*which)), ("extra", extra)];
                self.say(&format!("did.{id}{variant}"), &args)
            }
            Command::MoveHome { key, region: which } => {
                let key = self.key(scenario, *key, Form::Of);
                let args = [("key", key.into()), ("region", region(*which))];
                self.say(&format!("did.{id}"), &args)
            }
            Command::StepClock {
                region: which,
                offset_us,
                drift_ppm,
            } => {
                let variant = match offset_us {
                    0 => "exact",
                    1.. => "ahead",
                    _ => "behind",
                };
                let args = [
                    ("region", region(*which)),
                    ("span", Arg::Span(offset_us.unsigned_abs())),
                    ("drift", Arg::Signed(i64::from(*drift_ppm))),
                ];
                self.say(&format!("did.{id}.{variant}"), &args)
            }
            Command::DropNextReply {
                region: which,
                customer,
            } => match customer {
                Some(index) => {
                    let customer = self.customer(scenario, *index);
                    let args = [("region", region(*which)), ("customer", customer.into())];
                    self.say(&format!("did.{id}.one"), &args)
                }
                None => self.say(&format!("did.{id}.any"), &[("region", region(*which))]),
            },
            Command::DegradeLink {
                from,
                to,
                loss_ppm,
                duplicate_ppm,
                reorder_ppm,
                extra_us,
            } => {
                let [from, to] = link(*from, *to);
                let share = |ppm: u32| Arg::Share(u64::from(ppm));
                let args = [
                    from,
                    to,
                    ("loss", share(*loss_ppm)),
                    ("copies", share(*duplicate_ppm)),
                    ("held", share(*reorder_ppm)),
                    ("extra", Arg::Span(u64::from(*extra_us))),
                ];
                self.say(&format!("did.{id}"), &args)
            }
        }
    }

    fn did_act(&self, scenario: &Scenario, customer: u16, action: &Action) -> Text {
        let what = self.argument(
            scenario,
            action.kind,
            action.key,
            action.argument,
            Form::Object,
        );
        let form = if action.kind == OpKind::Remove {
            Form::Of
        } else {
            Form::Object
        };
        let key = match action.kind {
            OpKind::ReadAll => self.whole(scenario, action.key),
            _ => self.key(scenario, action.key, form),
        };
        let args = [
            ("customer", self.customer(scenario, customer).into()),
            ("key", key.into()),
            ("what", what.into()),
        ];
        let told_as = names::told_as(scenario, action.kind, action.key);
        let mut text = self.say(&format!("did.act.{told_as}"), &args);
        match action.payment_key {
            PaymentKey::Fresh => {}
            PaymentKey::Missing => text.append(self.get("did.act.without_key")),
            PaymentKey::Previous => text.append(self.get("did.act.with_previous_key")),
        }
        if let Some(place) = action.via {
            let region = self.region(scenario, place);
            text.append(self.say("did.act.via", &[("region", region.into())]));
        }
        text
    }
}
