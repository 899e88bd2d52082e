//! What is being filled into a tool's form, and what suits it at the beginning.

use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Direction};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::HostId;
use splitbrain_engine::sim::node::{Addr, Key, PaymentKey};

use super::draft_commands::MOST_EUROS;
use crate::session::{Selection, Session};
use crate::stage::tools::has_homes;

/// Services that keep a record an account.
pub(super) const RECORDS: [ServiceKind; 2] = [ServiceKind::Orders, ServiceKind::Profiles];

/// Everything that a tool's form may ask for. Numbers stay as they were typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    /// Who acts.
    pub customer: u16,
    /// On which item.
    pub item: u32,
    /// Her cart, instead of an item's price.
    pub cart: bool,
    /// Every key of a service, instead.
    pub whole: Option<ServiceKind>,
    /// A room, instead of an item's price; where something is posted.
    pub room: Option<u32>,
    /// A document, instead of an item's price; in which somebody writes.
    pub document: Option<u32>,
    /// The word that comes in, by its place among those that can be written.
    pub word: u32,
    /// How many words stand before the one that comes in or goes.
    pub place: u32,
    /// Likes or stock of the item, instead of its price.
    pub count: Option<ServiceKind>,
    /// A record instead of an item's price, by its service and its account.
    pub record: Option<(ServiceKind, u32)>,
    /// Whose order or profile is changed, if not her own.
    pub owner: Option<u32>,
    /// The state that an order gets.
    pub stage: Stage,
    /// The field of a profile that changes.
    pub field: Field,
    /// What it changes to.
    pub number: String,
    /// What is said there: the answer, instead of the question.
    pub answers: bool,
    /// Of a price: it replaces all that stand side by side, and not only what she has read.
    pub settles: bool,
    /// A price or an amount, in euros.
    pub amount: String,
    /// Through which region, if not the nearest.
    pub via: Option<u8>,
    /// Which idempotency key.
    pub key: PaymentKey,
    /// Which region.
    pub region: u8,
    /// Whose reply is lost, if not anyone's.
    pub only: Option<u16>,
    /// One end of a link.
    pub from: u8,
    /// The other.
    pub to: u8,
    /// One way or both.
    pub direction: Direction,
    /// Every link that is cut, instead of one.
    pub all: bool,
    /// How far a clock is ahead, in milliseconds.
    pub offset_ms: String,
    /// How much faster it runs.
    pub drift_ppm: String,
    /// Messages lost, in per cent.
    pub loss: String,
    /// Messages that arrive twice, in per cent.
    pub copies: String,
    /// Messages held back, in per cent.
    pub held: String,
    /// Added to each message's time, or to each step of a region, in milliseconds.
    pub extra_ms: String,
}

impl Draft {
    /// What suits a tool at this moment and with this selection.
    pub(crate) fn new(session: &Session, tool: &str) -> Self {
        let scenario = &session.design;
        let (region, link) = match session.selection {
            Selection::Region(place) => (Some(place), None),
            Selection::Link(a, b) => (Some(a), Some((a, b))),
            _ => (None, None),
        };
        let cut = cut_links(session);
        let link = link.unwrap_or_else(|| match (tool, cut.first(), region) {
            ("heal", Some(&first), None) => cut_last(session, &cut).unwrap_or(first),
            (_, _, Some(region)) => (region, u8::from(region == 0)),
            _ => (0, 1),
        });
        let (down, paused) = (down_regions(session), paused_regions(session));
        let place = match tool {
            "restart" => region
                .filter(|place| down.contains(place))
                .or(down.first().copied()),
            "resume" => region
                .filter(|place| paused.contains(place))
                .or(paused.first().copied()),
            "crash" | "promote" | "pause" | "move" => region
                .or_else(|| (0..scenario.regions.len() as u8).find(|place| !down.contains(place))),
            _ => region,
        };
        let customer = suited_customer(scenario, tool, region);
        let has = |kind| scenario.service(kind).is_some();
        let alone = !has(ServiceKind::Prices) && !has(ServiceKind::Carts);
        let kept = RECORDS.into_iter().find(|&kind| alone && has(kind));
        let record = kept.map(|kind| {
            let account = scenario.customers.get(usize::from(customer));
            (kind, account.map_or(0, |it| it.account))
        });
        let mut draft = Self {
            customer,
            item: 0,
            cart: (!has(ServiceKind::Prices) && has(ServiceKind::Carts))
                || (tool == "move" && moves_carts(scenario)),
            whole: None,
            document: has(ServiceKind::Documents).then_some(0),
            word: 0,
            place: 0,
            count: [ServiceKind::Likes, ServiceKind::Stock]
                .into_iter()
                .find(|&kind| has(kind) && !has(ServiceKind::Prices) && !has(ServiceKind::Carts)),
            room: alone.then_some(0),
            record,
            owner: None,
            stage: Stage::Placed,
            field: Field::Address,
            number: "7".into(),
            answers: false,
            settles: false,
            amount: "100".into(),
            via: None,
            key: PaymentKey::Fresh,
            region: place.unwrap_or(0),
            only: None,
            from: link.0,
            to: link.1,
            direction: Direction::Both,
            // In a lesson some may be cut on purpose.
            all: tool == "heal"
                && session.lesson.is_none()
                && cut.len() > 1
                && !matches!(session.selection, Selection::Link(..)),
            offset_ms: "5000".into(),
            drift_ppm: "0".into(),
            loss: "20".into(),
            copies: "0".into(),
            held: "0".into(),
            extra_ms: if tool == "slow" { "500" } else { "0" }.into(),
        };
        if tool == "write" {
            draft.amount = draft.next_price(session).to_string();
        }
        draft
    }

    /// A price unlike the one that the customer would see now.
    pub(crate) fn next_price(&self, session: &Session) -> u32 {
        let Some(service) = session.design.service(ServiceKind::Prices) else {
            return 100;
        };
        let near = session
            .design
            .customers
            .get(self.customer as usize)
            .map_or(0, |it| it.near);
        let at = Addr::new(HostId(u16::from(self.via.unwrap_or(near))), service);
        let key = Key::new(service, self.item);
        let shown = session
            .player
            .world()
            .view(at)
            .into_iter()
            .find(|entry| entry.key == key);
        let now = shown.map_or(session.design.list_price, |entry| entry.value.0);
        (now + 10).min(MOST_EUROS)
    }
}

/// Links of which at least one direction is cut, the smaller place first.
pub(crate) fn cut_links(session: &Session) -> Vec<(u8, u8)> {
    let network = session.player.world().network();
    let regions = session.design.regions.len() as u8;
    let pairs = (0..regions).flat_map(|a| (a + 1..regions).map(move |b| (a, b)));
    pairs
        .filter(|&(a, b)| network.link(a, b).is_cut || network.link(b, a).is_cut)
        .collect()
}

/// Of these links that are cut, the one that somebody cut last.
fn cut_last(session: &Session, cut: &[(u8, u8)]) -> Option<(u8, u8)> {
    let now = session.time();
    let commands = session.player.run().commands.iter().rev();
    let mut commands = commands.filter(|it| it.at <= now);
    commands.find_map(|it| match it.command {
        Command::CutLink { from, to, .. } => {
            let link = (from.min(to), from.max(to));
            cut.contains(&link).then_some(link)
        }
        _ => None,
    })
}

/// Regions that are down.
pub(crate) fn down_regions(session: &Session) -> Vec<u8> {
    let regions = session.design.regions.len();
    let hosts = session.player.world().hosts().iter().take(regions);
    hosts
        .enumerate()
        .filter(|(_, host)| !host.is_up)
        .map(|(place, _)| place as u8)
        .collect()
}

/// Regions that are paused.
pub(crate) fn paused_regions(session: &Session) -> Vec<u8> {
    let world = session.player.world();
    let regions = 0..session.design.regions.len() as u8;
    regions.filter(|&place| world.is_paused(place)).collect()
}

/// Whether carts have homes that can be moved.
fn moves_carts(scenario: &Scenario) -> bool {
    let mut carts = scenario.services.iter();
    carts.any(|service| service.kind == ServiceKind::Carts && has_homes(service))
}

/// Somebody near a region who does such things.
fn suited_customer(scenario: &Scenario, tool: &str, region: Option<u8>) -> u16 {
    let does = |index: usize| {
        let customer = &scenario.customers[index];
        let is_keeper = customer.habits.write_price > 0;
        let is_near = region.is_none_or(|region| customer.near == region);
        (is_near, is_keeper == (tool == "write"))
    };
    let best = (0..scenario.customers.len())
        .rev()
        .max_by_key(|&index| does(index));
    best.unwrap_or(0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shopkeeper_near_the_selected_region_writes() {
        let mut session = Session::new(1);
        session.selection = Selection::Region(1);
        assert_eq!(
            session.design.customers[Draft::new(&session, "write").customer as usize].name,
            "Nora"
        );
        assert_eq!(
            session.design.customers[Draft::new(&session, "pay").customer as usize].name,
            "Ben"
        );
    }
}
