//! The network: how long a message takes and whether it arrives.
//!
//! The base of a link is half the measured round trip. Fate and delay are
//! decided when a message is sent, from its own identity; what was sent before a
//! link was cut still arrives. Customers reach every region over the public
//! internet, which cutting a link between two regions does not touch. Real
//! systems also have connections that keep order and retransmit; here a message
//! is a datagram, and protocols repair what is lost.

use super::delay::Mixture;
use super::dice::{Dice, Purpose};
use super::fact::{Fate, Label};

/// A link in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Time a message takes at least, in microseconds.
    pub base_us: u32,
    /// Nothing passes.
    pub is_cut: bool,
    /// Messages lost, in parts per million.
    pub loss_ppm: u32,
    /// Messages that arrive twice, in parts per million.
    pub duplicate_ppm: u32,
    /// Messages held back for up to four times the base, in parts per million.
    pub reorder_ppm: u32,
    /// Added to the base of every message, in microseconds.
    pub extra_us: u32,
}

/// What happens to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transmission {
    /// Whether and how it arrives.
    pub fate: Fate,
    /// How long it is under way, in microseconds.
    pub delay_us: u32,
    /// How long the second copy of a duplicated message is under way.
    pub second_us: u32,
}

/// Who a message travels between, as far as the network cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A region, by its place in the scenario.
    Region(u8),
    /// A customer whose nearest region this is.
    Near(u8),
    /// The payment gateway, as near to every region.
    Gateway,
}

/// All links of a world.
#[derive(Clone, Debug)]
pub struct Network {
    links: Vec<Link>,
    regions: u8,
    /// Delays by kind of message, in place of those by distance.
    legs: Vec<(Label, Mixture)>,
    /// Mean of the exponential jitter, as a share of the base in parts per million.
    pub jitter_ppm: u32,
    /// From a customer to the nearest point of the network and the like, one way.
    pub access_us: u32,
    /// From a region to the payment gateway, one way.
    pub gateway_us: u32,
}

impl Network {
    /// A network of this many regions, whose one-way base times are given.
    pub fn new(regions: u8, base_us: impl Fn(u8, u8) -> u32) -> Self {
        let pairs = (0..regions).flat_map(|from| (0..regions).map(move |to| (from, to)));
        let links = pairs
            .map(|(from, to)| Link {
                base_us: base_us(from, to),
                ..Link::default()
            })
            .collect();
        Self {
            links,
            regions,
            legs: Vec::new(),
            jitter_ppm: 0,
            access_us: 0,
            gateway_us: 0,
        }
    }

    /// Has messages of this kind between regions take times of this distribution,
    /// whatever the distance.
    pub fn set_leg(&mut self, label: Label, delays: Mixture) {
        self.legs.retain(|(held, _)| *held != label);
        self.legs.push((label, delays));
    }

    fn index(&self, from: u8, to: u8) -> usize {
        from as usize * self.regions as usize + to as usize
    }

    /// The link from one region to another.
    pub fn link(&self, from: u8, to: u8) -> &Link {
        &self.links[self.index(from, to)]
    }

    /// The same, to change it.
    pub fn link_mut(&mut self, from: u8, to: u8) -> &mut Link {
        let index = self.index(from, to);
        &mut self.links[index]
    }

    /// The time a message takes at least, in microseconds, if nothing is wrong.
    pub fn base_us(&self, from: Place, to: Place) -> u32 {
        match (from, to) {
            (Place::Region(a), Place::Region(b)) => self.link(a, b).base_us,
            (Place::Near(a), Place::Region(b)) | (Place::Region(a), Place::Near(b)) => {
                self.link(a, b).base_us + self.access_us
            }
            (Place::Near(a), Place::Near(b)) => self.link(a, b).base_us + 2 * self.access_us,
            (Place::Gateway, _) | (_, Place::Gateway) => self.gateway_us,
        }
    }

    /// Decides what happens to a message with this identity.
    pub fn transmit(
        &self,
        dice: Dice,
        identity: u64,
        label: Label,
        from: Place,
        to: Place,
    ) -> Transmission {
        let base_us = self.base_us(from, to);
        let mut delay_us = base_us + self.jitter_us(dice, identity, base_us);
        let mut fate = Fate::Arrives;
        if let (Place::Region(a), Place::Region(b)) = (from, to) {
            let link = self.link(a, b);
            if let Some((_, delays)) = self.legs.iter().find(|(of, _)| *of == label) {
                delay_us = delays
                    .sample_us(dice, identity)
                    .min(u64::from(u32::MAX / 2)) as u32;
            }
            delay_us += link.extra_us;
            if dice.chance(Purpose::Reorder, identity, link.reorder_ppm) {
                let hold_us = base_us.saturating_mul(4).max(1);
                delay_us += dice.below(Purpose::Reorder, !identity, hold_us);
            }
            if link.is_cut {
                fate = Fate::Cut;
            } else if dice.chance(Purpose::Loss, identity, link.loss_ppm) {
                fate = Fate::Lost;
            } else if dice.chance(Purpose::Duplicate, identity, link.duplicate_ppm) {
                fate = Fate::Duplicated;
            }
        }
        let second_us = if fate == Fate::Duplicated {
            delay_us + 1 + self.jitter_us(dice, !identity, base_us)
        } else {
            delay_us
        };
        Transmission {
            fate,
            delay_us,
            second_us,
        }
    }

    fn jitter_us(&self, dice: Dice, identity: u64, base_us: u32) -> u32 {
        let mean_us = u64::from(base_us) * u64::from(self.jitter_ppm) / 1_000_000;
        if mean_us == 0 {
            return 0;
        }
        dice.exponential_us(Purpose::Jitter, identity, mean_us) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::dice;

    fn network() -> Network {
        let mut network = Network::new(2, |from, to| {
            1_000 * (1 + u32::from(from) + 2 * u32::from(to))
        });
        network.jitter_ppm = 50_000;
        network
    }

    #[test]
    fn a_cut_is_per_direction() {
        let mut network = network();
        network.link_mut(0, 1).is_cut = true;
        let dice = Dice::new(1);
        let there = network.transmit(
            dice,
            9,
            Label::Replicate,
            Place::Region(0),
            Place::Region(1),
        );
        let back = network.transmit(
            dice,
            9,
            Label::Replicate,
            Place::Region(1),
            Place::Region(0),
        );
        assert_eq!((there.fate, back.fate), (Fate::Cut, Fate::Arrives));
        let customer =
            network.transmit(dice, 9, Label::Replicate, Place::Near(0), Place::Region(1));
        assert_eq!(customer.fate, Fate::Arrives);
    }

    #[test]
    fn loss_and_duplication_come_at_their_rates_and_delay_is_never_below_the_base() {
        let mut network = network();
        network.link_mut(0, 1).loss_ppm = 200_000;
        network.link_mut(0, 1).duplicate_ppm = 500_000;
        let (mut lost, mut twice) = (0, 0);
        for n in 0..10_000 {
            let sent = network.transmit(
                Dice::new(3),
                dice::identity(5, n),
                Label::Replicate,
                Place::Region(0),
                Place::Region(1),
            );
            assert!(sent.delay_us >= 3_000);
            assert_eq!(
                sent.second_us > sent.delay_us,
                sent.fate == Fate::Duplicated
            );
            lost += u32::from(sent.fate == Fate::Lost);
            twice += u32::from(sent.fate == Fate::Duplicated);
        }
        assert!((1_850..2_150).contains(&lost), "{lost}");
        assert!((3_800..4_200).contains(&twice), "{twice}");
    }
}
