//! A sentence for each fact.

use splitbrain_engine::conflict::Decision;
use splitbrain_engine::run::{Player, TimedCommand};
use splitbrain_engine::scenario::{MergeRule, Scenario, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, MoveRefusal, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Status, Value};
use splitbrain_engine::sim::trace::Trace;

use crate::arg::Arg;
use crate::names::{self, Form};
use crate::text::{Role, Text};
use crate::words::Words;

/// What facts are told with: the scenario under the run's own design, the trace and
/// the commands.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The scenario with the run's own policies: `run.design()`.
    pub scenario: &'a Scenario,
    /// The facts that a sentence may look up. One that was let go is spoken of in
    /// general words.
    pub trace: &'a Trace,
    /// The run's commands.
    pub commands: &'a [TimedCommand],
}

impl<'a> Scene<'a> {
    /// The scene of a player; `design` is `player.run().design()`.
    pub fn of(player: &'a Player, design: &'a Scenario) -> Self {
        Self {
            scenario: design,
            trace: player.trace(),
            commands: &player.run().commands,
        }
    }

    fn merges_by_type(&self, key: Key) -> bool {
        let service = self.scenario.services.get(key.service() as usize);
        let rule = service.and_then(|service| MergeRule::find(service.choice(Slot::Merge)?));
        rule.is_some_and(|rule| {
            let is_rule = matches!(rule, MergeRule::Conflict(_));
            !is_rule && rule.decides_by() == Decision::Merge
        })
    }
}

impl Words {
    /// One sentence that says what happened, without its moment and without a full
    /// stop.
    pub fn fact(&self, scene: &Scene<'_>, id: FactId) -> Text {
        match scene.trace.get(id) {
            Some(fact) => self.fact_sentence(scene, fact).sentence(),
            None => self.get("fact.forgotten"),
        }
    }

    /// The same with its moment: "… at 00:04.210".
    pub fn fact_at(&self, scene: &Scene<'_>, id: FactId) -> Text {
        let Some(fact) = scene.trace.get(id) else {
            return self.get("fact.forgotten");
        };
        let what = self.fact(scene, id);
        let args = [("what", what.into()), ("time", fact.at().into())];
        self.say("fact.at", &args)
    }

    /// The name of a kind of facts, for filters.
    pub fn fact_kind(&self, kind: FactKind) -> Text {
        self.get(&format!("kind.{}", kind.id()))
    }

    /// A status with its number: "409, the first request is still in flight".
    pub fn status(&self, status: Status) -> Text {
        let id = format!("status.{}", status.0);
        if self.has(&id) {
            self.get(&id)
        } else {
            Text::of(status.0.to_string(), Role::Value, self.lang())
        }
    }

    fn fact_sentence(&self, scene: &Scene<'_>, fact: &Fact) -> Text {
        let scenario = scene.scenario;
        let kind = fact.kind();
        let name = kind.id();
        let here = || ("host", Arg::from(self.host(scenario, fact.host)));
        let peer = || ("peer", Arg::from(self.host(scenario, fact.peer)));
        let op = |id: u32| ("op", Arg::from(self.operation(scene, FactId(id))));
        let status = |number: u32| ("status", Arg::from(self.status(Status(number as u16))));
        let count = |name: &'static str, number: u32| (name, Arg::from(number));
        let say =
            |variant: &str, args: &[(&str, Arg)]| self.say(&format!("fact.{name}{variant}"), args);
        match kind {
            FactKind::CommandGiven => scene
                .commands
                .get(fact.a as usize)
                .map_or_else(|| say("", &[]), |timed| self.did(scenario, &timed.command)),
            FactKind::OperationStarted | FactKind::WriteAccepted => {
                let is_start = kind == FactKind::OperationStarted;
                let (key, value) = if is_start {
                    (Key(fact.a), Value(fact.b))
                } else {
                    (Key(fact.b), Value(fact.c))
                };
                let wanted = fact.op_kind().unwrap_or(OpKind::Write);
                let what = self.argument(scenario, wanted, key, value, Form::Object);
                let told_as = names::told_as(scenario, wanted, key);
                let key = match wanted {
                    OpKind::ReadAll => self.whole(scenario, key),
                    OpKind::Remove => self.key(scenario, key, Form::Of),
                    _ => self.key(scenario, key, Form::Object),
                };
                let args = [here(), peer(), ("key", key.into()), ("what", what.into())];
                say(&format!(".{told_as}"), &args)
            }
            FactKind::AttemptStarted => {
                let variant = if fact.b <= 1 { ".first" } else { ".again" };
                say(variant, &[here(), peer(), op(fact.a), count("n", fact.b)])
            }
            FactKind::AttemptTimedOut | FactKind::HistoryLost => {
                say("", &[here(), peer(), op(fact.a), count("n", fact.b)])
            }
            FactKind::OperationReturned => self.returned(scene, fact),
            FactKind::ReadServed => {
                let (key, value) = (Key(fact.b), Value(fact.c));
                let value = self.value(scenario, key, value);
                let key = self.key(scenario, key, Form::Object);
                say(
                    "",
                    &[here(), peer(), ("key", key.into()), ("value", value.into())],
                )
            }
            FactKind::WriteApplied => {
                let variant = match (fact.host == fact.peer, fact.flag()) {
                    (true, 0) => ".own.discarded",
                    (true, _) => ".own",
                    (false, 0) => ".peer.discarded",
                    (false, _) => ".peer",
                };
                let write = self.write(scene, FactId(fact.a));
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let args = [here(), peer(), ("write", write.into()), ("key", key.into())];
                say(variant, &args)
            }
            FactKind::ValueOverwritten => {
                let key = Key(fact.c);
                let variant = if scene.merges_by_type(key) {
                    ".type"
                } else {
                    ".rule"
                };
                let lost = self.write(scene, FactId(fact.a));
                let won = self.write(scene, FactId(fact.b));
                let key = self.key(scenario, key, Form::Label);
                let args = [
                    here(),
                    ("lost", lost.into()),
                    ("won", won.into()),
                    ("key", key.into()),
                ];
                say(variant, &args)
            }
            FactKind::ValueShown => {
                let key = Key(fact.a);
                let value = self.value(scenario, key, Value(fact.b));
                let before = self.value(scenario, key, Value(fact.c));
                let key = self.key(scenario, key, Form::Label);
                let args = [
                    here(),
                    ("key", key.into()),
                    ("value", value.into()),
                    ("before", before.into()),
                ];
                say("", &args)
            }
            FactKind::MessageSent => self.message_sent(scene, fact),
            FactKind::MessageDropped => {
                let message = self.message_noun(scene, FactId(fact.a));
                say("", &[here(), peer(), ("message", message.into())])
            }
            FactKind::ChargeMade => {
                let amount = Arg::Money(u64::from(fact.b));
                say("", &[peer(), op(fact.a), ("amount", amount)])
            }
            FactKind::DuplicateSuppressed => {
                let is_gateway = fact.host == scenario.gateway();
                let variant = if is_gateway { ".gateway" } else { ".region" };
                say(variant, &[here(), peer(), op(fact.a)])
            }
            FactKind::RightsAsked => {
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let key = ("key", key.into());
                say("", &[here(), peer(), op(fact.a), count("n", fact.c), key])
            }
            FactKind::RightsGiven => {
                let key = self.key(scenario, Key(fact.a), Form::Label);
                say(
                    "",
                    &[here(), peer(), count("n", fact.b), ("key", key.into())],
                )
            }
            FactKind::TombstoneDropped => {
                let regions = scenario.regions.len().min(32) as u8;
                let lacks = (0..regions).filter(|place| fact.c >> place & 1 == 1);
                let lacks = lacks.map(|place| self.region(scenario, place));
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let args = [
                    here(),
                    ("write", self.write(scene, FactId(fact.a)).into()),
                    ("key", key.into()),
                    ("regions", self.list(lacks).into()),
                ];
                say(if fact.c == 0 { "" } else { ".early" }, &args)
            }
            FactKind::RemovedReturned => {
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let write = self.write(scene, FactId(fact.a));
                say("", &[here(), ("write", write.into()), ("key", key.into())])
            }
            FactKind::TombstonesHeld => {
                let key = self.key(scenario, Key(fact.a), Form::Label);
                say("", &[here(), count("n", fact.b), ("key", key.into())])
            }
            FactKind::StockOversold => {
                let key = Key(fact.a);
                let value = self.value(scenario, key, Value(fact.b));
                let key = self.key(scenario, key, Form::Label);
                say("", &[here(), ("value", value.into()), ("key", key.into())])
            }
            FactKind::KeyMarkedInFlight
            | FactKind::RequestForwarded
            | FactKind::FlagSet
            | FactKind::FlagExpired => say("", &[here(), peer(), op(fact.a)]),
            FactKind::ReadHeld => {
                let lacks = count("n", fact.b.saturating_sub(fact.c));
                say("", &[here(), peer(), op(fact.a), lacks])
            }
            FactKind::ResultStored | FactKind::RequestRejected => {
                say("", &[here(), peer(), op(fact.a), status(fact.b)])
            }
            FactKind::RegionCrashed | FactKind::RegionRestarted | FactKind::RegionResumed => {
                say("", &[here(), count("n", fact.a)])
            }
            FactKind::RegionPaused => say("", &[here()]),
            FactKind::RegionSlowed => {
                let variant = if fact.a == 0 { ".none" } else { "" };
                say(variant, &[here(), ("extra", Arg::Span(u64::from(fact.a)))])
            }
            FactKind::UnflushedLost => say("", &[here(), op(fact.a)]),
            FactKind::ClockStepped => {
                let offset_us = fact.clock_offset_us();
                let variant = match (fact.flag(), offset_us) {
                    (Fact::SET_BY_SERVICE, _) => ".service",
                    (Fact::SLEWED, _) => ".slewed",
                    (_, 0) => ".exact",
                    (_, 1..) => ".ahead",
                    _ => ".behind",
                };
                let span = Arg::Span(offset_us.unsigned_abs());
                let drift = Arg::Signed(i64::from(fact.c as i32));
                say(variant, &[here(), ("span", span), ("drift", drift)])
            }
            FactKind::ClockMeasured => {
                let offset_us = fact.a as i32;
                let variant = if offset_us < 0 { ".ahead" } else { ".behind" };
                let span = Arg::Span(u64::from(offset_us.unsigned_abs()));
                let trip = Arg::Span(u64::from(fact.b));
                say(variant, &[here(), peer(), ("span", span), ("trip", trip)])
            }
            FactKind::LinkCut | FactKind::LinkHealed => say("", &[here(), peer()]),
            FactKind::ReplyDropArmed => {
                let variant = if fact.host == fact.peer {
                    ".any"
                } else {
                    ".one"
                };
                say(variant, &[here(), peer()])
            }
            FactKind::LinkDegraded => {
                let args = [
                    here(),
                    peer(),
                    ("loss", Arg::Share(u64::from(fact.a))),
                    ("extra", Arg::Span(u64::from(fact.b))),
                    ("copies", Arg::Share(u64::from(fact.c))),
                ];
                say("", &args)
            }
            FactKind::WriteRolledBack
            | FactKind::HintStored
            | FactKind::HintDelivered
            | FactKind::DuplicateDropped => {
                let write = self.write(scene, FactId(fact.a));
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let args = [here(), peer(), ("write", write.into()), ("key", key.into())];
                say("", &args)
            }
            FactKind::WriteReclaimed => {
                let write = self.write(scene, FactId(fact.a));
                say("", &[here(), peer(), ("write", write.into())])
            }
            FactKind::WriteSetAside => {
                let write = self.write(scene, FactId(fact.a));
                let other = self.write(scene, FactId(fact.c));
                say(
                    "",
                    &[here(), ("write", write.into()), ("other", other.into())],
                )
            }
            FactKind::KeyPlaced => {
                let key = self.key(scenario, Key(fact.a), Form::Label);
                say("", &[("key", key.into()), count("n", fact.b.count_ones())])
            }
            FactKind::HomeReleased | FactKind::HomeTaken => {
                let key = self.key(scenario, Key(fact.a), Form::Of);
                let args = [here(), peer(), ("key", key.into()), count("n", fact.b)];
                say("", &args)
            }
            FactKind::HomeMoveRefused => {
                let key = self.key(scenario, Key(fact.a), Form::Of);
                let why = MoveRefusal::from_number(fact.flag()).unwrap_or(MoveRefusal::NoAnswer);
                let args = [here(), peer(), ("key", key.into())];
                say(&format!(".{}", why.id()), &args)
            }
            FactKind::VersionChosen => {
                let key = self.key(scenario, Key(fact.c), Form::Label);
                let mut args = vec![here(), peer(), ("key", key.into())];
                let write = FactId(fact.b);
                if write.is_some() {
                    args.push(("write", self.write(scene, write).into()));
                }
                say(if write.is_some() { "" } else { ".none" }, &args)
            }
            FactKind::ContextGiven => {
                let version = FactId(fact.b);
                let variant = match (version.is_some(), fact.flag()) {
                    (true, _) => "",
                    (false, 0) => ".without",
                    (false, _) => ".none",
                };
                let write = self.write(scene, FactId(fact.a));
                let mut args = vec![here(), peer(), ("write", write.into())];
                if version.is_some() {
                    args.push(("version", self.write(scene, version).into()));
                }
                say(variant, &args)
            }
            FactKind::SiblingKept | FactKind::QuestionAsked | FactKind::QuestionNotAsked => {
                let (write, other) = (FactId(fact.a), FactId(fact.b));
                let key = self.key(scenario, Key(fact.c), Form::Label);
                let args = [
                    here(),
                    ("write", self.write(scene, write).into()),
                    ("other", self.write(scene, other).into()),
                    ("key", key.into()),
                ];
                say("", &args)
            }
            FactKind::WordInserted | FactKind::WordDeleted => {
                let write = self.write(scene, FactId(fact.a));
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let other = FactId(fact.c);
                let mut args = vec![here(), ("write", write.into()), ("key", key.into())];
                if other.is_some() {
                    args.push(("other", self.write(scene, other).into()));
                }
                let is_first = kind == FactKind::WordInserted && !other.is_some();
                say(if is_first { ".first" } else { "" }, &args)
            }
            FactKind::QuestionAnswered => {
                let write = self.write(scene, FactId(fact.a));
                let key = self.key(scenario, Key(fact.b), Form::Label);
                say("", &[here(), ("write", write.into()), ("key", key.into())])
            }
            FactKind::MessagePosted => {
                let what = self.said(scenario, Value(fact.c));
                let key = self.key(scenario, Key(fact.b), Form::Object);
                let args = [here(), peer(), ("key", key.into()), ("what", what.into())];
                say("", &args)
            }
            FactKind::MessageBuffered | FactKind::MessageDelivered => {
                let variant = match (kind, fact.flag()) {
                    (FactKind::MessageDelivered, 1) => ".waited",
                    _ => "",
                };
                let message = self.posted(scene, FactId(fact.a));
                let args = [
                    here(),
                    peer(),
                    count("n", fact.c),
                    ("message", message.into()),
                ];
                say(variant, &args)
            }
            FactKind::JobStarted | FactKind::JobRan => {
                let variant = if fact.c == 0 { "" } else { ".token" };
                let token = count("token", fact.c);
                say(variant, &[here(), peer(), count("n", fact.a), token])
            }
            FactKind::LeaseGranted => {
                let variant = if fact.flag() == 1 { ".renewed" } else { "" };
                let service = self.service_at(scenario, fact.b as usize);
                let args = [
                    here(),
                    peer(),
                    count("n", fact.a),
                    ("service", service.into()),
                ];
                say(variant, &args)
            }
            FactKind::StaleTokenRefused => {
                let (token, newest) = (count("token", fact.b), count("newest", fact.c));
                let variant = if fact.a == 0 { ".claim" } else { "" };
                say(variant, &[peer(), count("n", fact.a), token, newest])
            }
            FactKind::LockGranted | FactKind::LockReleased | FactKind::LockExpired => {
                let key = self.key(scenario, Key(fact.b), Form::Label);
                let args = [here(), peer(), count("n", fact.a), ("key", key.into())];
                say("", &args)
            }
            FactKind::LockWaited => {
                let key = self.key(scenario, Key(fact.b), Form::Label);
                say("", &[here(), peer(), op(fact.a), ("key", key.into())])
            }
            FactKind::StaleLockRefused => {
                let write = self.write(scene, FactId(fact.a));
                let (token, newest) = (count("token", fact.b), count("newest", fact.c));
                say(
                    "",
                    &[here(), peer(), ("write", write.into()), token, newest],
                )
            }
            FactKind::RegionPromoted
            | FactKind::VoteGiven
            | FactKind::JobDue
            | FactKind::LeaseExpired => {
                let service = self.service_at(scenario, fact.b as usize);
                let is_election = matches!(kind, FactKind::RegionPromoted | FactKind::VoteGiven);
                let is_term = is_election && fact.flag() & Fact::OF_A_TERM != 0;
                say(
                    if is_term { ".term" } else { "" },
                    &[
                        here(),
                        peer(),
                        count("n", fact.a),
                        ("service", service.into()),
                    ],
                )
            }
            FactKind::SteppedDown => {
                let is_known = fact.a != fact.c;
                let service = self.service_at(scenario, fact.b as usize);
                let args = [
                    here(),
                    peer(),
                    count("n", fact.c),
                    ("service", service.into()),
                ];
                let is_handed = fact.flag() & Fact::HANDED_OVER != 0;
                let variant = match (fact.flag() & Fact::OF_A_TERM != 0, is_known) {
                    (true, _) if is_handed => ".term.handed",
                    (true, true) => ".term.later",
                    (true, false) => ".term",
                    (false, true) => ".for",
                    (false, false) => "",
                };
                say(variant, &args)
            }
            FactKind::CommitHeld => {
                let write = self.write(scene, FactId(fact.a));
                let span = |name: &'static str, us: u32| (name, Arg::Span(u64::from(us)));
                let (wait, bound) = (span("wait", fact.b), span("bound", fact.c));
                say("", &[here(), peer(), ("write", write.into()), wait, bound])
            }
            FactKind::EpochRefused => {
                let args = [here(), peer(), count("old", fact.a), count("new", fact.b)];
                say(if fact.flag() == 0 { "" } else { ".term" }, &args)
            }
            FactKind::QuorumAnswered | FactKind::QuorumMissed => {
                let needed = count("needed", fact.c);
                say(
                    "",
                    &[here(), peer(), op(fact.a), count("n", fact.b), needed],
                )
            }
            FactKind::ShardsRead => {
                let variant = if fact.b < fact.c { ".missing" } else { "" };
                let needed = count("needed", fact.c);
                let args = [here(), peer(), op(fact.a), count("n", fact.b), needed];
                say(variant, &args)
            }
            FactKind::ReplicasCompared => say(
                "",
                &[
                    here(),
                    peer(),
                    count("lacked", fact.a),
                    count("had", fact.b),
                ],
            ),
        }
    }

    /// What a customer was told.
    fn returned(&self, scene: &Scene<'_>, fact: &Fact) -> Text {
        let op = FactId(fact.a);
        let started = scene.trace.get(op);
        let wanted = started.and_then(Fact::op_kind);
        let key = started.map_or(Key(u32::MAX), |fact| Key(fact.a));
        let outcome = fact.outcome().unwrap_or(Outcome::Unknown);
        let mut id = format!("fact.OperationReturned.{}", outcome.id());
        if let (Outcome::Ok, Some(wanted)) = (outcome, wanted) {
            id = format!("{id}.{}", names::told_as(scene.scenario, wanted, key));
        }
        let (key, value) = if wanted == Some(OpKind::ReadAll) {
            let count = Text::of(fact.b.to_string(), Role::Value, self.lang());
            (self.whole(scene.scenario, key), count)
        } else {
            let value = self.value(scene.scenario, key, Value(fact.b));
            (self.key(scene.scenario, key, Form::Label), value)
        };
        let args = [
            ("host", self.host(scene.scenario, fact.host).into()),
            ("peer", self.host(scene.scenario, fact.peer).into()),
            ("op", self.operation(scene, op).into()),
            ("key", key.into()),
            ("value", value.into()),
            ("status", self.status(Status(fact.c as u16)).into()),
        ];
        self.say(&id, &args)
    }
}
