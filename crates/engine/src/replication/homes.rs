//! Where keys are at home.

use std::rc::Rc;

use splitbrain_sorted::Map;

/// The regions, by their place in the scenario, in which accounts live.
#[derive(Clone, Debug, Default)]
pub struct Homes(Rc<Map<u32, u8>>);

impl Homes {
    /// From accounts and regions. Where customers share an account, it lives with the
    /// first of them.
    pub fn new(accounts: impl Iterator<Item = (u32, u8)>) -> Self {
        let mut homes = Map::new();
        for (account, region) in accounts {
            homes.get_or_insert_with(account, || region);
        }
        Self(Rc::new(homes))
    }

    /// The home of what has this index, out of so many regions: of an account where it
    /// lives, of anything else the next region in turn.
    pub fn of(&self, index: u32, regions: u8) -> u8 {
        let in_turn = || (index % u32::from(regions.max(1))) as u8;
        self.0.get(&index).copied().unwrap_or_else(in_turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_lives_with_its_first_customer_and_the_rest_is_dealt_out_in_turn() {
        let homes = Homes::new([(0, 2), (4, 1), (0, 1)].into_iter());
        let of = |index| homes.of(index, 3);
        assert_eq!([of(0), of(4), of(1), of(3), of(5)], [2, 1, 1, 0, 2]);
    }
}
