//! Every id that the core can ask words for.

use std::collections::BTreeSet;

use splitbrain_checker::import::{Expected, Instead};
use splitbrain_checker::transactions::EdgeKind;
use splitbrain_checker::{Role, ViolationKind};
use splitbrain_engine::crdt::laws::Law;
use splitbrain_engine::crdt::laws::rules::Wanted;
use splitbrain_engine::documents::WORDS;
use splitbrain_engine::policy::Info;
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::regions::CATALOG;
use splitbrain_engine::scenario::{ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactKind, Fate, Label, MoveRefusal, OpKind, Outcome};
use splitbrain_engine::{conflict, crdt, idempotency, playground, replication, routing};
use splitbrain_lesson::autopsy::{Conclusion, How, Loss, Order, PlaceState, Unaware};
use splitbrain_lesson::goal::{Predicate, Reason};
use splitbrain_lesson::script::Tool;
use splitbrain_words::errors::{SAID_BY_THE_ENGINE, WIRE_FIELDS, slug};
use splitbrain_words::names::Form;

use crate::problems;

/// Every policy of every registry.
pub(crate) fn policies() -> Vec<&'static Info> {
    let mut all: Vec<&Info> = replication::all()
        .map(replication::Strategy::info)
        .collect();
    // Of phones the same can be chosen as of addresses.
    let settings = Slot::SETTINGS.iter();
    let settings = settings.filter(|&&slot| slot != Slot::PhoneRule);
    all.extend(settings.flat_map(|slot| slot.choices(ServiceKind::Prices)));
    all.extend(conflict::all().map(conflict::ConflictRule::info));
    all.extend(crdt::ALL.iter().map(|entry| entry.info));
    let own = |info: &Info| crdt::ALL.iter().any(|entry| entry.info.id == info.id);
    let merged = replication::merged_types().map(|of| of.info);
    all.extend(merged.filter(|info| !own(info)));
    all.extend(idempotency::ALL.iter().map(|entry| entry.info()));
    all.extend(routing::ALL.iter().map(|entry| entry.info()));
    all
}

/// What is said of what people do in rooms.
const IN_ROOMS: [&str; 2] = ["Read.room", "Write.room"];

/// What a sentence of this kind has at the end of its id.
fn variants(kind: FactKind) -> Vec<String> {
    let list = |variants: &[&str]| variants.iter().map(|&variant| variant.to_owned()).collect();
    let dotted = |ids: Vec<&str>| ids.iter().map(|id| format!(".{id}")).collect();
    match kind {
        FactKind::WriteAccepted => dotted(OpKind::ALL.iter().map(|kind| kind.id()).collect()),
        FactKind::OperationStarted => {
            let kinds = OpKind::ALL.iter().map(|kind| kind.id());
            dotted(kinds.chain(IN_ROOMS).collect())
        }
        FactKind::MessageDelivered => list(&["", ".waited"]),
        FactKind::ContextGiven => list(&["", ".none", ".without"]),
        FactKind::AttemptStarted => list(&[".first", ".again"]),
        FactKind::OperationReturned => {
            let outcomes = Outcome::ALL
                .iter()
                .map(|outcome| format!(".{}", outcome.id()));
            let kinds = OpKind::ALL.iter().map(|kind| kind.id());
            let done = kinds.chain(IN_ROOMS).map(|kind| format!(".Ok.{kind}"));
            outcomes.chain(done).collect()
        }
        FactKind::WriteApplied => list(&[".own", ".own.discarded", ".peer", ".peer.discarded"]),
        FactKind::ValueOverwritten => list(&[".rule", ".type"]),
        FactKind::MessageSent => dotted(Label::ALL.iter().map(|label| label.id()).collect()),
        FactKind::DuplicateSuppressed => list(&[".gateway", ".region"]),
        FactKind::ClockStepped => list(&[".exact", ".ahead", ".behind", ".service", ".slewed"]),
        FactKind::ClockMeasured => list(&[".ahead", ".behind"]),
        FactKind::ReplyDropArmed => list(&[".any", ".one"]),
        FactKind::TombstoneDropped => list(&["", ".early"]),
        FactKind::ShardsRead => list(&["", ".missing"]),
        FactKind::SteppedDown => list(&["", ".for", ".term", ".term.later", ".term.handed"]),
        FactKind::RegionPromoted | FactKind::VoteGiven | FactKind::EpochRefused => {
            list(&["", ".term"])
        }
        FactKind::JobStarted | FactKind::JobRan => list(&["", ".token"]),
        FactKind::LeaseGranted => list(&["", ".renewed"]),
        FactKind::StaleTokenRefused => list(&["", ".claim"]),
        FactKind::HomeMoveRefused => dotted(MoveRefusal::ALL.iter().map(|why| why.id()).collect()),
        FactKind::WordInserted => list(&["", ".first"]),
        FactKind::RegionSlowed | FactKind::VersionChosen => list(&["", ".none"]),
        _ => list(&[""]),
    }
}

/// Those of an autopsy.
fn autopsy(add: &mut impl FnMut(String)) {
    for id in [
        "title",
        "until",
        "nobody",
        "nothing",
        "at",
        "value",
        "seen",
        "forgotten",
    ] {
        add(format!("autopsy.{id}"));
    }
    let mut all = |of: &str, ids: Vec<&str>| {
        for id in ids {
            add(format!("autopsy.{of}.{id}"));
        }
    };
    all("column", vec!["it", "other"]);
    let loss = Loss::ALL.iter().map(|it| it.id());
    all("loss", loss.chain(["charge"]).collect());
    all(
        "because",
        Conclusion::ALL.iter().map(|it| it.id()).collect(),
    );
    let rows = "asked told accepted true wall skew hybrid vector";
    all("row", rows.split(' ').collect());
    all(
        "told",
        Outcome::ALL
            .iter()
            .map(|it| it.id())
            .chain(["nothing"])
            .collect(),
    );
    all("skew", vec!["exact", "ahead", "behind"]);
    all("order", Order::ALL.iter().map(|it| it.id()).collect());
    all("unaware", Unaware::ALL.iter().map(|it| it.id()).collect());
    all("list", vec!["places", "told", "payment"]);
    all("place", PlaceState::ALL.iter().map(|it| it.id()).collect());
    let steps = "attempt noted reply_lost recognised charged";
    all("step", steps.split(' ').collect());
    for how in How::ALL {
        all(&format!("who.{}", how.id()), vec!["it", "other"]);
    }
}

/// All of them but the page's own.
pub(crate) fn ids() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut add = |id: String| assert!(ids.insert(id.clone()), "{id} is expected twice");
    for unit in ["us", "ms", "s", "min", "percent"] {
        add(format!("unit.{unit}"));
    }
    for id in [
        "host.gateway",
        "key.account",
        "key.both",
        "key.unknown",
        "op.unknown",
        "write.unknown",
    ] {
        add(id.into());
    }
    for id in [
        "value.no_price",
        "value.empty_cart",
        "value.no_run",
        "value.two",
        "value.no_order",
        "value.empty_profile",
        "value.several",
        "value.run",
        "value.empty_room",
        "value.room",
        "value.question",
        "value.answer",
        "value.empty_line",
        "value.line",
        "value.line.more",
        "value.place",
        "fact.at",
        "fact.forgotten",
        "message.unknown",
    ] {
        add(id.into());
    }
    for &form in Form::ALL {
        for kind in ServiceKind::ALL {
            add(format!("key.{}{}", kind.id(), form.suffix()));
        }
        for item in playground::ITEMS {
            add(format!("item.{item}{}", form.suffix()));
        }
    }
    for stage in Stage::ALL {
        add(format!("value.order.{}", stage.id()));
    }
    for word in WORDS {
        add(format!("word.{word}"));
    }
    for field in Field::ALL {
        add(format!("value.field.{}", field.id()));
    }
    autopsy(&mut add);
    add("whole.prices".into());
    add("whole.carts".into());
    // None, and those of `sim::node::Status`.
    for status in [0, 200, 400, 404, 409, 410, 413, 422, 501, 503, 504] {
        add(format!("status.{status}"));
    }
    for kind in OpKind::ALL {
        add(format!("op.{}", kind.id()));
        add(format!("command.act.{}", kind.id()));
        add(format!("did.act.{}", kind.id()));
    }
    for kind in IN_ROOMS {
        add(format!("op.{kind}"));
        add(format!("did.act.{kind}"));
        add(format!("command.act.{kind}"));
    }
    for kind in ["Write.order", "Resolve.order"] {
        add(format!("op.{kind}"));
        add(format!("command.act.{kind}"));
    }
    for &kind in FactKind::ALL {
        add(format!("kind.{}", kind.id()));
        for variant in variants(kind) {
            add(format!("fact.{}{variant}", kind.id()));
        }
    }
    for label in Label::ALL {
        add(format!("message.{}", label.id()));
        add(format!("message.{}.between", label.id()));
    }
    for &fate in Fate::ALL {
        add(format!("fate.{}.short", fate.id()));
        if fate != Fate::Arrives {
            add(format!("fate.{}", fate.id()));
        }
    }
    commands(&mut add);
    for info in policies() {
        add(format!("policy.{}", info.id));
        add(format!("policy.{}.what", info.id));
        add(format!("policy.{}.more", info.id));
    }
    for property in splitbrain_checker::properties::ALL {
        add(format!("property.{}", property.id));
        add(format!("property.{}.means", property.id));
    }
    add("soundness.broken".into());
    add("soundness.one_way".into());
    let costs: BTreeSet<&str> = policies()
        .iter()
        .flat_map(|info| info.costs)
        .map(|cost| cost.id())
        .collect();
    for cost in costs {
        add(format!("cost.{cost}"));
    }
    for kind in ServiceKind::ALL {
        add(format!("service.{}", kind.id()));
    }
    for world in playground::ready::READY {
        for what in ["", ".what", ".try"] {
            add(format!("world.{}{what}", world().id));
        }
    }
    for slot in Slot::ALL {
        add(format!("slot.{}", slot.id()));
    }
    add("slot.routing".into());
    for region in &CATALOG {
        add(format!("city.{}", region.id));
    }
    errors(&mut add);
    judged_and_taught(&mut add);
    law_lab(&mut add);
    ids
}

fn commands(add: &mut impl FnMut(String)) {
    for id in [
        "cut_link",
        "heal_link",
        "crash_region",
        "promote_region",
        "pause_region",
        "resume_region",
        "slow_region",
        "move_home",
        "restart_region",
        "step_clock",
        "drop_next_reply",
        "degrade_link",
    ] {
        add(format!("command.{id}"));
        let variants: &[&str] = match id {
            "cut_link" | "heal_link" => &[".both", ".one_way"],
            "step_clock" => &[".exact", ".ahead", ".behind"],
            "drop_next_reply" => &[".one", ".any"],
            "slow_region" => &["", ".none"],
            _ => &[""],
        };
        for variant in variants {
            add(format!("did.{id}{variant}"));
        }
    }
    for end in ["without_key", "with_previous_key", "via"] {
        add(format!("did.act.{end}"));
    }
}

fn errors(add: &mut impl FnMut(String)) {
    for id in ["too_large", "newer", "short", "range", "long", "foreign"] {
        add(format!("error.wire.{id}"));
    }
    add("error.scenario".into());
    for id in ["does_not_fit", "too_many", "too_late"] {
        add(format!("error.command.{id}"));
    }
    for words in SAID_BY_THE_ENGINE {
        add(format!("allowed.{}", slug(words)));
    }
    add("allowed.at_least".into());
    add("allowed.range".into());
    for field in WIRE_FIELDS {
        add(format!("wire.{}", slug(field)));
    }
}

/// What the law lab speaks of.
fn law_lab(add: &mut impl FnMut(String)) {
    for law in Law::ALL {
        for end in ["", ".name", ".means", ".broken"] {
            add(format!("law.{}{end}", law.id()));
        }
    }
    add("law.refused".into());
    for entry in crdt::catalogue::all() {
        for end in ["", ".means"] {
            add(format!("type.{}{end}", entry.info.id));
        }
    }
    for family in crdt::Family::ALL {
        add(format!("family.{}", family.id()));
    }
    for part in crdt::replicated::PARTS {
        add(format!("part.{part}"));
    }
    for wanted in Wanted::ALL {
        add(format!("rule.wanted.{}", wanted.id()));
    }
    add("rule.wrong".into());
    add("rule.end".into());
}

/// What the judge and the lessons speak of.
fn judged_and_taught(add: &mut impl FnMut(String)) {
    for info in splitbrain_checker::properties::ALL {
        for state in ["holds", "open", "violated"] {
            add(format!("verdict.{}.{state}", info.id));
        }
    }
    add("verdict.at_risk".into());
    add("verdict.bounded_staleness.worst".into());
    add("violation.stale_read.what.long".into());
    for kind in ViolationKind::ALL {
        add(format!("violation.{}", kind.id()));
        add(format!("violation.{}.what", kind.id()));
    }
    for role in Role::ALL {
        add(format!("role.{}", role.id()));
    }
    for role in splitbrain_lesson::why::Role::ALL {
        add(format!("why.{}", role.id()));
    }
    for &id in Predicate::IDS {
        let variants: &[&str] = match id {
            "no_write_lost" | "converged" => &["", ".accepted_in"],
            "shows" => &["", ".everywhere"],
            "survivor" => &[".first", ".last"],
            "property_holds" | "property_broken" => &["", ".of"],
            "answered_in" | "lag" => &["", ".at_least", ".between"],
            "runs_of_a_time" | "side_by_side" => &["", ".between"],
            "knew" => &["", ".within", ".stays", ".within_stays"],
            "concurrent" => &["", ".different", ".these", ".first_stays"],
            "cart_lacks" => &["", ".for_good", ".removed_in", ".removed_in_for_good"],
            "refused_during_cut" => &["", ".showing"],
            "removal_heard_late" => &["", ".item"],
            "took_back" => &["", ".item", ".during_cut"],
            "read_shows" => &["", ".items"],
            "questions" | "tombstones" => &["", ".most", ".between"],
            "stale_reads" => &["", ".at_least"],
            "message_kept_back" => &["", ".in"],
            _ => &[""],
        };
        for variant in variants {
            add(format!("goal.{id}{variant}"));
        }
    }
    for kind in Expected::ALL {
        add(format!("import.expected.{}", kind.id()));
    }
    for kind in Instead::ALL {
        add(format!("import.found.{}", kind.id()));
    }
    add("import.found.quoted".into());
    add("import.found.written_before".into());
    for phrase in ["transaction", "wrote", "read", "read_initial"] {
        add(format!("history.{phrase}"));
    }
    for kind in EdgeKind::ALL {
        add(format!("history.edge.{}", kind.id()));
        // A chain begins and ends with what somebody did.
        if kind != EdgeKind::Causal {
            add(format!("history.edge.{}.initial", kind.id()));
        }
    }
    for status in ["met", "not_met", "open"] {
        add(format!("goal_status.{status}"));
    }
    for (id, _) in Reason::IDS {
        add(format!("reason.{id}"));
    }
    add("reason.was_lost.unknown".into());
    add("reason.violated.shown".into());
    add("property.for_customer".into());
    for kind in OpKind::ALL {
        add(format!("wanted.{}", kind.id()));
    }
    for outcome in Outcome::ALL {
        add(format!("told.{}", outcome.id()));
    }
    for tool in Tool::ALL {
        add(format!("tool.{}", tool.id()));
    }
    for problem in problems::all() {
        add(format!("error.lesson.{}", problem.id()));
    }
    for kind in ["truth", "number", "text", "list", "table"] {
        add(format!("kind_of.{kind}"));
    }
}
