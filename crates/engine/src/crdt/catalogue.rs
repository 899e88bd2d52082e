//! Everything whose laws the law lab can try: replicated data types and conflict rules, the
//! broken ones beside the sound ones.

use super::laws::specification as by;
use super::laws::{Expected, Lab, Law, Replica, Visible};
use super::replicated::{Content, Verb};
use super::{
    bounded_counter, cart_by_maximum, counter_by_last_write, early_collecting_set, g_counter,
    g_set, logoot, lww_element_set, lww_register, multi_value_register, observed_remove_map,
    observed_remove_set, own_on_equal_register, pn_counter, published_add_wins_set,
    published_clock_register, region_tag_set, remove_wins_set, sequence, stock_counter,
    tombstone_set, two_phase_set,
};
use crate::conflict::tried::TRIED;
use crate::policy::{Info, Soundness};

/// What types are alike in: what somebody keeps in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// A number that is counted.
    Counter,
    /// Items that are in it or not.
    Set,
    /// One value, or siblings.
    Register,
    /// Values or quantities under keys.
    Map,
    /// Characters in an order.
    Text,
    /// None of its own: what decides between two versions of a value.
    Rule,
}

impl Family {
    /// Every one, in the order of menus.
    pub const ALL: [Self; 6] = [
        Self::Counter,
        Self::Set,
        Self::Register,
        Self::Map,
        Self::Text,
        Self::Rule,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Set => "set",
            Self::Register => "register",
            Self::Map => "map",
            Self::Text => "text",
            Self::Rule => "rule",
        }
    }
}

/// A replicated data type of the catalogue, or a conflict rule.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What it says of itself.
    pub info: &'static Info,
    /// What it is like.
    pub family: Family,
    /// The laws it does not keep; none, where it is sound. A test proves that the search
    /// finds these and no other.
    pub breaks: &'static [Law],
    /// The laws that say something of it.
    pub laws: &'static [Law],
    /// What the laws are tried on.
    pub lab: &'static dyn Lab,
}

impl Entry {
    /// Whether it is here to be seen failing. What is not and breaks a law all the same
    /// has what it keeps at the price of that law.
    pub const fn is_broken(&self) -> bool {
        matches!(self.info.soundness, Soundness::Broken { .. })
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Entry").field(&self.info.id).finish()
    }
}

/// Every type, and every rule that merges one version into another.
pub fn all() -> impl Iterator<Item = &'static Entry> + Clone {
    ALL_TYPES.iter().chain(TRIED)
}

/// The entry with this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.info.id == id)
}

/// A type as the laws see it.
struct Kind {
    empty: fn() -> Box<dyn Replica>,
    verbs: &'static [Verb],
    is_timed: bool,
    expected: fn(&Visible<'_>) -> Expected,
    is_allowed: Option<fn(&Content) -> bool>,
}

impl Kind {
    const fn new<T: super::Replicated + Default + 'static>(
        verbs: &'static [Verb],
        expected: fn(&Visible<'_>) -> Expected,
    ) -> Self
    where
        T::Update: 'static,
    {
        Self {
            empty: || Box::new(T::default()),
            verbs,
            is_timed: false,
            expected,
            is_allowed: None,
        }
    }

    const fn timed(mut self) -> Self {
        self.is_timed = true;
        self
    }

    const fn allowing(mut self, is_allowed: fn(&Content) -> bool) -> Self {
        self.is_allowed = Some(is_allowed);
        self
    }
}

impl Lab for Kind {
    fn empty(&self) -> Box<dyn Replica> {
        (self.empty)()
    }

    fn verbs(&self) -> &[Verb] {
        self.verbs
    }

    fn is_timed(&self) -> bool {
        self.is_timed
    }

    fn expected(&self, visible: &Visible<'_>) -> Expected {
        (self.expected)(visible)
    }

    fn is_allowed(&self) -> Option<fn(&Content) -> bool> {
        self.is_allowed
    }
}

fn is_not_negative(content: &Content) -> bool {
    !matches!(content, Content::Number(number) if *number < 0)
}

const COUNT: &[Verb] = &[Verb::Increment, Verb::Decrement];
const SET: &[Verb] = &[Verb::Add, Verb::Remove];
const COLLECTED: &[Verb] = &[Verb::Add, Verb::Remove, Verb::Collect];
/// Text is typed more often than deleted.
const TYPE: &[Verb] = &[Verb::Insert, Verb::Insert, Verb::Erase];
const ESCROW: &[Verb] = &[Verb::Increment, Verb::Decrement, Verb::Transfer];

macro_rules! entry {
    ($module:ident, $family:ident, $breaks:expr, $kind:expr $(,)?) => {
        Entry {
            info: &$module::INFO,
            family: Family::$family,
            breaks: $breaks,
            laws: &Law::ALL,
            lab: {
                const KIND: &Kind = &$kind;
                KIND
            },
        }
    };
}

/// Every one, in the order in which menus show them: counters, sets, registers, map, text,
/// and the broken ones.
pub const ALL_TYPES: &[Entry] = &[
    entry!(
        g_counter,
        Counter,
        &[],
        Kind::new::<g_counter::GCounter>(&[Verb::Increment], by::difference)
    ),
    entry!(
        pn_counter,
        Counter,
        &[],
        Kind::new::<pn_counter::PnCounter>(COUNT, by::difference)
    ),
    entry!(
        bounded_counter,
        Counter,
        &[],
        Kind::new::<bounded_counter::BoundedCounter>(ESCROW, by::difference)
            .allowing(is_not_negative)
    ),
    entry!(
        g_set,
        Set,
        &[],
        Kind::new::<g_set::GSet>(&[Verb::Add], by::added)
    ),
    entry!(
        two_phase_set,
        Set,
        &[],
        Kind::new::<two_phase_set::TwoPhaseSet>(SET, by::added_and_never_removed)
    ),
    entry!(
        lww_element_set,
        Set,
        &[],
        Kind::new::<lww_element_set::LwwElementSet>(SET, by::last_by_item).timed()
    ),
    entry!(
        observed_remove_set,
        Set,
        &[],
        Kind::new::<observed_remove_set::ObservedRemoveSet>(SET, by::add_wins)
    ),
    entry!(
        tombstone_set,
        Set,
        &[],
        Kind::new::<tombstone_set::TombstoneSet>(COLLECTED, by::add_wins)
    ),
    entry!(
        remove_wins_set,
        Set,
        &[],
        Kind::new::<remove_wins_set::RemoveWinsSet>(SET, by::remove_wins)
    ),
    entry!(
        lww_register,
        Register,
        &[],
        Kind::new::<lww_register::LwwRegister>(&[Verb::Write], by::last_by_stamp).timed()
    ),
    entry!(
        multi_value_register,
        Register,
        &[],
        Kind::new::<multi_value_register::MultiValueRegister>(
            &[Verb::Write, Verb::BlindWrite],
            by::not_overwritten
        )
    ),
    entry!(
        observed_remove_map,
        Map,
        &[],
        Kind::new::<observed_remove_map::ObservedRemoveMap>(
            &[Verb::Put, Verb::Delete],
            by::entries_not_overwritten
        )
    ),
    entry!(
        sequence,
        Text,
        &[],
        Kind::new::<sequence::Sequence>(TYPE, by::fugue)
    ),
    entry!(
        logoot,
        Text,
        &[Law::NoInterleaving],
        Kind::new::<logoot::Logoot>(TYPE, by::by_positions)
    ),
    entry!(
        cart_by_maximum,
        Map,
        &[
            Law::UpdatesGoUp,
            Law::Specification,
            Law::Deltas,
            Law::Operations,
            Law::Convergence
        ],
        Kind::new::<cart_by_maximum::CartByMaximum>(&[Verb::Raise, Verb::Lower], by::quantities)
    ),
    entry!(
        counter_by_last_write,
        Counter,
        &[Law::Specification],
        Kind::new::<counter_by_last_write::CounterByLastWrite>(&[Verb::Increment], by::difference)
            .timed()
    ),
    entry!(
        stock_counter,
        Counter,
        &[Law::Bounds],
        Kind::new::<stock_counter::StockCounter>(COUNT, by::difference).allowing(is_not_negative)
    ),
    entry!(
        published_add_wins_set,
        Set,
        &[
            Law::UpdatesGoUp,
            Law::Specification,
            Law::Deltas,
            Law::Convergence
        ],
        Kind::new::<published_add_wins_set::PublishedAddWinsSet>(SET, by::add_wins)
    ),
    entry!(
        region_tag_set,
        Set,
        &[Law::Specification],
        Kind::new::<region_tag_set::RegionTagSet>(SET, by::add_wins)
    ),
    entry!(
        early_collecting_set,
        Set,
        &[Law::Specification, Law::Deltas, Law::Convergence],
        Kind::new::<early_collecting_set::EarlyCollectingSet>(COLLECTED, by::add_wins)
    ),
    entry!(
        own_on_equal_register,
        Register,
        &[
            Law::Commutative,
            Law::Specification,
            Law::Deltas,
            Law::Operations,
            Law::Convergence
        ],
        Kind::new::<own_on_equal_register::OwnOnEqualRegister>(&[Verb::Write], by::last_by_stamp)
            .timed()
    ),
    entry!(
        published_clock_register,
        Register,
        &[
            Law::Commutative,
            Law::Associative,
            Law::Idempotent,
            Law::UpdatesGoUp,
            Law::Specification,
            Law::Deltas,
            Law::Operations,
            Law::Convergence
        ],
        Kind::new::<published_clock_register::PublishedClockRegister>(
            &[Verb::Write],
            by::not_overwritten
        )
    ),
];
