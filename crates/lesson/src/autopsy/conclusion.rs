//! Whether it is a loss, and why, in one sentence.

use splitbrain_engine::conflict::Decision;
use splitbrain_engine::design::{MergeRule, Slot};
use splitbrain_engine::records::Field;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;

use super::element::Element;
use super::history::{History, Promotion, Write};
use super::{Moment, Order, Payment, Place, PlaceState};

/// Whether something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: it is shown, or a write that was built on it is, or it was replaced knowingly.
    None,
    /// It was told saved and is gone in some region, but not, or not yet, everywhere.
    AtRisk,
    /// It was told saved and nothing is left of it; or the card was charged too often.
    Lost,
    /// It is gone, but nobody had been told that it was saved.
    Unpromised,
}

impl Loss {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::None, Self::AtRisk, Self::Lost, Self::Unpromised];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::AtRisk => "at_risk",
            Self::Lost => "lost",
            Self::Unpromised => "unpromised",
        }
    }
}

macro_rules! conclusions {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty = $sample:expr),+ })? = $id:literal,)+) => {
        /// Why it came so.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Conclusion { $($(#[$doc])* $name $({
            $(#[doc = "See the conclusion itself."] $field: $type),+
        })?,)+ }

        impl Conclusion {
            /// One of each, for catalogues of words.
            pub const ALL: &'static [Self] = &[$(Self::$name $({ $($field: $sample),+ })?,)+];

            /// Its stable id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),+ })? => $id,)+ }
            }
        }
    };
}

conclusions! {
    /// What took its place was made in the knowledge of it.
    Knowingly = "knowingly",
    /// What took its place was made in the knowledge of it, but gave way in turn to one that
    /// was not: then. Nothing is left of either.
    HeirLost { displaced: Moment = NO_MOMENT } = "heir_lost",
    /// The two are concurrent; the later in true time lost, since the clock of the other's
    /// region ran ahead of this one's by so many microseconds.
    FastClock { ahead_us: u64 = 0 } = "fast_clock",
    /// It was made in sight of the other, and lost all the same, since the clock of the
    /// other's region ran ahead by so many microseconds.
    FastClockSeen { ahead_us: u64 = 0 } = "fast_clock_seen",
    /// The two are concurrent, with the same stamp to the microsecond: the number of the
    /// region decided.
    EqualStamps = "equal_stamps",
    /// The two are concurrent, and the later stamp won.
    Concurrent = "concurrent",
    /// The two are concurrent, and each region kept what arrived last.
    Arrival = "arrival",
    /// Each arrived last where the other was made: regions differ.
    Crossed = "crossed",
    /// The two are concurrent, and the data type or the strategy decided.
    Decided = "decided",
    /// The rule keeps the smaller value, and the other is smaller.
    Smaller = "smaller",
    /// The rule keeps the larger value, and the other is larger.
    Larger = "larger",
    /// The rule keeps the state that comes later in its order, and that is the other.
    LaterState = "later_state",
    /// The stamps are of one second, and each region keeps what it has.
    SameSecond = "same_second",
    /// The rule adds up what arrives, and what was written later replaced the sum.
    Added = "added",
    /// The stamp of the other seemed to know it, and its customer had never read it.
    TakenForRead = "taken_for_read",
    /// What took its place was made where it had been received, but not where it was shown.
    Hidden = "hidden",
    /// It was made in sight of the other, and lost all the same.
    Backwards = "backwards",
    /// A region became the writer without it.
    Promoted { region: u8 = 0, promotion: Moment = NO_MOMENT } = "promoted",
    /// It was taken out of a log, since another log is the right one.
    RolledBack { region: u8 = 0 } = "rolled_back",
    /// It was set aside for somebody to look at, since the same was written in the meantime.
    SetAside { region: u8 = 0 } = "set_aside",
    /// It was not durable when its region crashed.
    Unflushed { region: u8 = 0 } = "unflushed",
    /// No region accepted it.
    NeverAccepted = "never_accepted",
    /// An addition that this removal saw is shown again, or still.
    Undone = "undone",
    /// There was nothing to remove.
    NothingToRemove = "nothing_to_remove",
    /// It is there.
    Shown = "shown",
    /// It is nowhere, and nothing took its place.
    Vanished = "vanished",
    /// Two regions took the payment for a new one.
    NotedTwice { first: u8 = 0, second: u8 = 0 } = "noted_twice",
    /// The same region took the payment for a new one twice.
    NotedAgain { region: u8 = 0 } = "noted_again",
    /// No region noted the payment's key, so each attempt was charged.
    NoKey = "no_key",
    /// It was charged although its customer was told that it failed.
    ChargedThoughFailed = "charged_though_failed",
    /// It was charged once.
    ChargedOnce = "charged_once",
    /// It was not charged, although its customer was told that it was paid.
    NotCharged = "not_charged",
    /// It was not charged, and nobody was told otherwise.
    Unpaid = "unpaid",
}

/// What a stamp in whole seconds counts, in microseconds.
const SECOND_US: i64 = 1_000_000;

const NO_MOMENT: Moment = Moment {
    fact: FactId::NONE,
    at: splitbrain_engine::sim::time::Time::ZERO,
};

/// The write that took the place of another, and when it first did: one that had not been
/// built on it before one that had.
pub(super) fn winner(history: &History, lost: FactId, write: &Write) -> Option<(FactId, Moment)> {
    let known = |(by, _): &(FactId, Moment)| history.writes.contains_key(by);
    let mut displaced = write.displaced.iter().copied().filter(known);
    let first = displaced.clone().next();
    let unseen = displaced.find(|&(by, _)| !history.is_past(lost, by));
    unseen.or(first)
}

/// Whether anything is lost of an operation, by all that its regions show.
pub(super) fn loss(history: &History, op: FactId, writes: &[FactId]) -> Loss {
    if writes.iter().any(|&id| history.is_settled(id)) {
        return Loss::None;
    }
    let is_promised = history.is_promised(op);
    let wanted = history.ops.get(&op).map(|it| it.kind);
    if writes.is_empty() && wanted == Some(OpKind::Remove) {
        return Loss::None;
    }
    let is_everywhere = |id: &FactId| {
        let write = history.writes.get(id);
        write.is_some_and(|it| it.is_everywhere(history.holders))
    };
    if writes.iter().any(|&id| history.is_undone(id)) {
        return match (writes.iter().all(is_everywhere), is_promised) {
            (true, true) => Loss::Lost,
            (true, false) => Loss::Unpromised,
            (false, true) => Loss::AtRisk,
            (false, false) => Loss::None,
        };
    }
    let is_alive = |region: u8, id: FactId| {
        let write = history.writes.get(&id);
        let is_whole = |it: &Write| history.elements.of(it.kind, it.argument) == Element::Whole;
        if write.is_some_and(|it| !is_whole(it)) && !history.is_register {
            return history.keeps_element(region, id);
        }
        let mut standing = history.showing.standing(region);
        standing.any(|it| it == id || history.is_past(id, it))
    };
    let holds = |region: u8| writes.iter().any(|&id| is_alive(region, id));
    let holders = (0..history.regions).filter(|&region| history.holders >> region & 1 == 1);
    let (alive, all) = holders.fold((0, 0), |(alive, all), region| {
        (alive + u32::from(holds(region)), all + 1)
    });
    let comes = writes.iter().any(|&id| history.is_under_way(id));
    let gave_way = writes.iter().any(|id| {
        let write = history.writes.get(id);
        write.is_some_and(|it| {
            let unseen = |(by, _): &(FactId, Moment)| !history.is_past(*id, *by);
            it.displaced.iter().any(unseen) || !it.taken_back.is_empty()
        })
    });
    match (alive == all, alive > 0 || comes, is_promised) {
        (true, _, _) => Loss::None,
        (_, true, true) if gave_way => Loss::AtRisk,
        (_, true, _) => Loss::None,
        (_, false, true) => Loss::Lost,
        (_, false, false) => Loss::Unpromised,
    }
}

/// Which rule decides between two versions of a key, if the design has one.
pub(super) fn rule(scenario: &Scenario, key: Key) -> Option<MergeRule> {
    let service = scenario.services.get(key.service() as usize)?;
    let has_rule = service.slots().contains(&Slot::Merge);
    MergeRule::of(service).filter(|_| has_rule)
}

/// Why a write gave way to another.
pub(super) fn of_pair(
    scenario: &Scenario,
    history: &History,
    (lost, won): (FactId, FactId),
    order: Order,
) -> Option<Conclusion> {
    let (loser, winner) = (history.writes.get(&lost)?, history.writes.get(&won)?);
    let (a, b) = (&loser.accepted, &winner.accepted);
    let ahead_us = (b.skew_us() - a.skew_us()).max(0) as u64;
    if order == Order::Before && history.is_past(lost, won) {
        return Some(Conclusion::Knowingly);
    }
    let rule = rule(scenario, history.key);
    let field = field_of_both(loser, winner);
    let decides_by = rule.map(|rule| match field {
        Some(field) => rule.decides_by_field(field),
        None => rule.decides_by(),
    });
    let number = |write: &Write| match (field, rule) {
        (Some(_), _) => Field::from_argument(write.argument).1,
        (None, Some(rule)) => rule.rank(write.argument),
        (None, None) => write.argument.0,
    };
    let numbers = (number(loser), number(winner));
    if let Some(of_rule) = decides_by.and_then(|it| without_clocks(it, numbers, loser, winner)) {
        return Some(of_rule);
    }
    let (has_larger_stamp, has_same_stamp) = match rule {
        Some(rule) if rule.is_stamped_by_hybrid_clock() => {
            (b.hybrid > a.hybrid, b.hybrid == a.hybrid)
        }
        _ => (b.wall_us > a.wall_us, b.wall_us == a.wall_us),
    };
    let is_later = a.moment.at > b.moment.at;
    // Without a rule the strategy decides, by stamps where it goes by them at all.
    let by_stamp = matches!(
        decides_by,
        None | Some(Decision::Stamp | Decision::StampInSeconds)
    );
    Some(match order {
        Order::Before => Conclusion::Hidden,
        Order::After if by_stamp && has_larger_stamp && ahead_us > 0 => {
            Conclusion::FastClockSeen { ahead_us }
        }
        Order::After => Conclusion::Backwards,
        Order::Concurrent if decides_by == Some(Decision::Arrival) => {
            let crossed = winner.displaced.iter().any(|&(by, _)| by == lost);
            if crossed {
                Conclusion::Crossed
            } else {
                Conclusion::Arrival
            }
        }
        Order::Concurrent if !by_stamp => Conclusion::Decided,
        Order::Concurrent if has_same_stamp => Conclusion::EqualStamps,
        Order::Concurrent if has_larger_stamp && is_later && ahead_us > 0 => {
            Conclusion::FastClock { ahead_us }
        }
        Order::Concurrent if has_larger_stamp => Conclusion::Concurrent,
        Order::Concurrent => Conclusion::Decided,
    })
}

/// The field that both wrote, if they wrote one of a record.
fn field_of_both(loser: &Write, winner: &Write) -> Option<Field> {
    let of = |write: &Write| {
        let writes_field = write.kind == OpKind::WriteField;
        writes_field.then(|| Field::from_argument(write.argument).0)
    };
    of(loser).filter(|&field| of(winner) == Some(field))
}

/// What a rule says for itself where no clock had a part in it; it goes by these numbers
/// where it goes by values.
fn without_clocks(
    rule: Decision,
    (lost, won): (u32, u32),
    loser: &Write,
    winner: &Write,
) -> Option<Conclusion> {
    let second = |write: &Write| write.accepted.wall_us.div_euclid(SECOND_US);
    match rule {
        Decision::SmallerValue => (won < lost).then_some(Conclusion::Smaller),
        Decision::LargerValue => (won > lost).then_some(Conclusion::Larger),
        Decision::OrderOfStates => (won > lost).then_some(Conclusion::LaterState),
        Decision::StampInSeconds => {
            (second(loser) == second(winner)).then_some(Conclusion::SameSecond)
        }
        Decision::Addition => Some(Conclusion::Added),
        Decision::WhatWasRead => winner
            .says_what_was_read
            .then_some(Conclusion::TakenForRead),
        Decision::Stamp | Decision::Arrival | Decision::Merge => None,
    }
}

/// Why a write that nothing displaced is as it is.
pub(super) fn of_one(
    history: &History,
    op: FactId,
    write: Option<&Write>,
    places: &[Place],
) -> Conclusion {
    let Some(write) = write else {
        let lost = history.unflushed.iter().find(|(of, ..)| *of == op);
        let is_removal = history.ops.get(&op).map(|it| it.kind) == Some(OpKind::Remove);
        return match lost {
            Some(&(_, region, _)) => Conclusion::Unflushed { region },
            None if is_removal && history.is_promised(op) => Conclusion::NothingToRemove,
            None => Conclusion::NeverAccepted,
        };
    };
    let is_shown = |place: &Place| matches!(place.state, PlaceState::Shown(_));
    if places.iter().any(is_shown) {
        return Conclusion::Shown;
    }
    if write.set_aside.is_some() {
        let region = write.accepted.region;
        return Conclusion::SetAside { region };
    }
    let Some(&(region, taken)) = write.taken_back.first() else {
        return Conclusion::Vanished;
    };
    let before = |it: &&Promotion| it.moment.fact < taken.fact;
    let mut promotions = history.promotions.iter().filter(before);
    let without = promotions.rfind(|it| {
        let arrived = write.arrived[it.region as usize];
        arrived.is_none_or(|arrived| arrived.fact > it.moment.fact)
            && it.moment.fact > write.accepted.moment.fact
    });
    match without {
        Some(it) => Conclusion::Promoted {
            region: it.region,
            promotion: it.moment,
        },
        None => Conclusion::RolledBack { region },
    }
}

/// Why a payment was charged as often as it was, and whether that is wrong.
pub(super) fn of_payment(payment: &Payment, told: Option<Outcome>) -> (Loss, Conclusion) {
    let noted: Vec<u8> = payment.noted.iter().map(|&(region, _)| region).collect();
    match (payment.charges.len(), told) {
        (0, Some(Outcome::Ok)) => (Loss::Lost, Conclusion::NotCharged),
        (0, _) => (Loss::None, Conclusion::Unpaid),
        (1, Some(Outcome::Failed)) => (Loss::Lost, Conclusion::ChargedThoughFailed),
        (1, _) => (Loss::None, Conclusion::ChargedOnce),
        _ => {
            let first = noted.first().copied();
            let other = noted.iter().find(|&&it| Some(it) != first).copied();
            let why = match (first, other) {
                (None, _) => Conclusion::NoKey,
                (Some(first), Some(second)) => Conclusion::NotedTwice { first, second },
                (Some(region), None) => Conclusion::NotedAgain { region },
            };
            (Loss::Lost, why)
        }
    }
}
