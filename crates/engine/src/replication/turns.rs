//! Whose turn it is to be compared with: every other region, one after the other, in equal
//! times (anti-entropy: Demers et al., "Epidemic algorithms for replicated database
//! maintenance", PODC 1987, section 1.3).

use super::Setup;
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, HostId};
use crate::sim::node::{Addr, Context, Timer};

/// The kind of the timer.
const COMPARE: u8 = 1;

/// Turns taken so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turns(u32);

impl Turns {
    /// Sets when to begin: each replica somewhere else in the time between two turns.
    pub(super) fn begin(&mut self, setup: &Setup, cx: &mut Context<'_>) {
        if setup.regions > 1 {
            let every_us = setup.compare_every_us as u32;
            let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us);
            self.set(cx, u64::from(phase_us) + 1);
        }
    }

    /// Whose turn it is.
    pub(super) fn peer(self, setup: &Setup) -> u8 {
        let others = u32::from(setup.regions) - 1;
        let place = (self.0 % others) as u8;
        // Those from this replica on stand one further.
        place + u8::from(place >= setup.region())
    }

    /// Sets the next turn.
    pub(super) fn next(&mut self, setup: &Setup, cx: &mut Context<'_>) {
        self.set(cx, setup.compare_every_us);
    }

    fn set(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.0 += 1;
        let timer = Timer {
            kind: COMPARE,
            tick: self.0,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }
}

impl Setup {
    /// The region of this replica.
    pub(super) fn region(&self) -> u8 {
        self.me.host().0 as u8
    }

    /// The replica in another region.
    pub(super) fn peer(&self, region: u8) -> Addr {
        Addr::new(HostId(u16::from(region)), self.me.service())
    }

    /// The other regions.
    pub(super) fn others(&self) -> impl Iterator<Item = u8> + Clone + use<> {
        let me = self.region();
        (0..self.regions).filter(move |&region| region != me)
    }
}
