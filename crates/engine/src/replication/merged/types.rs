//! Which data types of the catalogue serve in running worlds, and for what.

use crate::conflict::Decision;
use crate::crdt::laws::Replica;
use crate::crdt::replicated::{Replicated, Verb};
use crate::crdt::{
    MergedType, Trail, bounded_counter, cart_by_maximum, counter_by_last_write,
    early_collecting_set, g_counter, g_set, logoot, lww_element_set, lww_register,
    multi_value_register, observed_remove_map, observed_remove_set, pn_counter,
    published_add_wins_set, region_tag_set, remove_wins_set, sequence, stock_counter,
    tombstone_set, two_phase_set,
};
use crate::design::ServiceKind;
use crate::policy::Info;

const VALUES: &[ServiceKind] = &[ServiceKind::Prices, ServiceKind::Orders];
const PROFILES: &[ServiceKind] = &[ServiceKind::Profiles];
const CARTS: &[ServiceKind] = &[ServiceKind::Carts];
const LIKES: &[ServiceKind] = &[ServiceKind::Likes];
const STOCK: &[ServiceKind] = &[ServiceKind::Stock];
const DOCUMENTS: &[ServiceKind] = &[ServiceKind::Documents];
const TEXT: &[Verb] = &[Verb::Insert, Verb::Erase];
const COUNT: &[Verb] = &[Verb::Increment, Verb::Decrement];
const WRITE: &[Verb] = &[Verb::Write];
const ESCROW: &[Verb] = &[Verb::Increment, Verb::Decrement, Verb::Transfer];
const SET: &[Verb] = &[Verb::Add, Verb::Remove];
const COLLECTED: &[Verb] = &[Verb::Add, Verb::Remove, Verb::Collect];

const fn held<T: Replicated + Default + 'static>(
    info: &'static Info,
    kinds: &'static [ServiceKind],
    verbs: &'static [Verb],
    trail: Trail,
) -> MergedType
where
    T::Update: 'static,
{
    MergedType {
        info,
        kinds,
        verbs,
        trail,
        decides_by: Decision::Merge,
        has_siblings: false,
        has_tombstones: false,
        empty: || Box::new(T::default()) as Box<dyn Replica>,
    }
}

const COLLECTING: &MergedType = &MergedType {
    has_tombstones: true,
    ..held::<tombstone_set::TombstoneSet>(&tombstone_set::INFO, CARTS, COLLECTED, Trail::ByItem)
};

const LAST_WRITE: &MergedType = &MergedType {
    decides_by: Decision::Stamp,
    ..held::<lww_register::LwwRegister>(&lww_register::INFO, VALUES, WRITE, Trail::ByName)
};

const SIBLINGS: &MergedType = &MergedType {
    has_siblings: true,
    ..held::<multi_value_register::MultiValueRegister>(
        &multi_value_register::INFO,
        VALUES,
        WRITE,
        Trail::ByName,
    )
};

macro_rules! held {
    ($module:ident :: $name:ident, $kinds:expr, $verbs:expr, $trail:expr) => {{
        const TYPE: &MergedType = &held::<$module::$name>(&$module::INFO, $kinds, $verbs, $trail);
        TYPE
    }};
}

/// All of them, in the order in which menus show them: the sound ones first.
pub static ALL: &[&MergedType] = &[
    LAST_WRITE,
    SIBLINGS,
    held!(
        observed_remove_map::ObservedRemoveMap,
        PROFILES,
        &[Verb::Put],
        Trail::ByName
    ),
    held!(g_set::GSet, CARTS, &[Verb::Add], Trail::ByItem),
    held!(two_phase_set::TwoPhaseSet, CARTS, SET, Trail::ByItem),
    held!(lww_element_set::LwwElementSet, CARTS, SET, Trail::ByItem),
    held!(
        observed_remove_set::ObservedRemoveSet,
        CARTS,
        SET,
        Trail::ByItem
    ),
    COLLECTING,
    held!(remove_wins_set::RemoveWinsSet, CARTS, SET, Trail::ByItem),
    held!(
        published_add_wins_set::PublishedAddWinsSet,
        CARTS,
        SET,
        Trail::ByItem
    ),
    held!(region_tag_set::RegionTagSet, CARTS, SET, Trail::ByItem),
    held!(
        early_collecting_set::EarlyCollectingSet,
        CARTS,
        COLLECTED,
        Trail::ByItem
    ),
    held!(pn_counter::PnCounter, LIKES, COUNT, Trail::All),
    held!(g_counter::GCounter, LIKES, &[Verb::Increment], Trail::All),
    held!(
        counter_by_last_write::CounterByLastWrite,
        LIKES,
        &[Verb::Increment],
        Trail::Newest
    ),
    held!(bounded_counter::BoundedCounter, STOCK, ESCROW, Trail::All),
    held!(stock_counter::StockCounter, STOCK, COUNT, Trail::All),
    held!(
        cart_by_maximum::CartByMaximum,
        CARTS,
        &[Verb::Raise, Verb::Lower],
        Trail::ByItem
    ),
    held!(sequence::Sequence, DOCUMENTS, TEXT, Trail::ByWord),
    held!(logoot::Logoot, DOCUMENTS, TEXT, Trail::ByWord),
];
