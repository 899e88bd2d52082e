//! What a customer wants by itself: habits, and what it saw last.

use super::customer::Customer;
use crate::chat::Text;
use crate::documents::{Edit, MOST, WORDS, Word};
use crate::records::{Field, Stage};
use crate::sim::dice::Purpose;
use crate::sim::fact::OpKind;
use crate::sim::node::{Action, Context, Key, PaymentKey, Value};

/// The document that it writes by itself.
const OWN_DOCUMENT: u32 = 0;
/// The room in which it acts by itself.
pub(super) const OWN_ROOM: u32 = 0;
/// Units that come into stock at once.
const RESTOCKED: u32 = 5;

impl Customer {
    /// What the customer wants by itself at this place of its script.
    pub(super) fn choose(&self, cx: &Context<'_>, id: u64) -> Option<Action> {
        let services = self.profile.services;
        let weights = self.profile.habits.weights();
        let mut left = cx.dice.below(Purpose::Choice, id, weights.iter().sum());
        let habit = weights.iter().position(|&weight| {
            let hit = left < weight;
            left = left.saturating_sub(weight);
            hit
        })?;
        let item = cx
            .dice
            .below(Purpose::Argument, id, self.profile.items.max(1));
        let amount = 5 + 5 * cx.dice.below(Purpose::Argument, !id, 40);
        let account = self.profile.account;
        let (kind, service, index, argument) = match habit {
            0 => (OpKind::Read, services.prices?, item, 0),
            1 => (OpKind::Write, services.prices?, item, amount),
            2 => (OpKind::Read, services.carts?, account, 0),
            4 if self.cart.0 != 0 => {
                let held: Vec<u32> = (0..32).filter(|bit| self.cart.0 >> bit & 1 == 1).collect();
                let chosen = cx.dice.below(Purpose::Argument, id, held.len() as u32);
                (
                    OpKind::Remove,
                    services.carts?,
                    account,
                    held[chosen as usize],
                )
            }
            3 | 4 => (OpKind::Add, services.carts?, account, item),
            6 => (OpKind::Read, services.chat?, OWN_ROOM, 0),
            7 => {
                let text = self.text(item);
                (OpKind::Write, services.chat?, OWN_ROOM, text.argument().0)
            }
            8 => {
                let kept = [services.carts, services.prices].into_iter().flatten();
                let mut whole = kept.filter(|&service| services.is_whole(service));
                (OpKind::ReadAll, whole.next()?, 0, 0)
            }
            9..=14 => {
                const KINDS: [OpKind; 6] = [
                    OpKind::Read,
                    OpKind::Like,
                    OpKind::Unlike,
                    OpKind::Read,
                    OpKind::Buy,
                    OpKind::Restock,
                ];
                let service = if habit < 12 {
                    services.likes?
                } else {
                    services.stock?
                };
                let units = if habit == 14 { RESTOCKED } else { 1 };
                (KINDS[habit - 9], service, item, units)
            }
            15..=18 => {
                let (owner, stage) = self.next_stage(cx, id, habit - 15);
                let kind = stage.map_or(OpKind::Read, |_| OpKind::Write);
                let stage = stage.map_or(0, |stage| stage as u32);
                (kind, services.orders?, owner, stage)
            }
            19 => (OpKind::Read, services.profiles?, account, 0),
            20 | 21 => {
                let field = Field::ALL[habit - 20];
                let number = 1 + cx.dice.below(Purpose::Argument, id, 99);
                let argument = field.argument(number).0;
                (OpKind::WriteField, services.profiles?, account, argument)
            }
            22..=24 => {
                let kinds = [OpKind::Read, OpKind::InsertWord, OpKind::DeleteWord];
                let kind = kinds[habit - 22];
                let draw = |id, below| cx.dice.below(Purpose::Argument, id, below);
                let edit = Edit {
                    at: draw(!id, MOST as u32),
                    word: Word::new(draw(id, WORDS.len() as u32)),
                };
                let argument = match kind {
                    OpKind::Read => 0,
                    OpKind::DeleteWord => edit.at,
                    _ => edit.argument().0,
                };
                (kind, services.documents?, OWN_DOCUMENT, argument)
            }
            _ => (OpKind::Pay, services.payments?, account, amount),
        };
        Some(Action {
            kind,
            key: Key::new(service, index),
            argument: Value(argument),
            payment_key: PaymentKey::Fresh,
            via: None,
        })
    }

    /// Whose order it asks about, and the state that it wants that to have; none if it only
    /// looks, or does not know enough to want anything. Of the habits with orders the first
    /// looks, the second takes the own order on, the third cancels it, the fourth ships one.
    fn next_stage(&self, cx: &Context<'_>, id: u64, habit: usize) -> (u32, Option<Stage>) {
        let (seen, stage) = self.order;
        let own = self.profile.account;
        let of_own = stage.filter(|_| seen == own);
        let ships = &self.profile.ships;
        match (habit, of_own) {
            (1, None) => (own, Some(Stage::Placed)),
            (1, Some(Stage::Placed)) => (own, Some(Stage::Paid)),
            (2, Some(Stage::Placed | Stage::Paid)) => (own, Some(Stage::Cancelled)),
            (3, _) if stage == Some(Stage::Paid) => (seen, Some(Stage::Shipped)),
            (3, _) if !ships.is_empty() => {
                let place = cx.dice.below(Purpose::Argument, id, ships.len() as u32);
                (ships[place as usize], None)
            }
            _ => (own, None),
        }
    }

    /// What it has to say in a room: the answer, if what it saw last is somebody else's
    /// question, or else a question.
    fn text(&self, item: u32) -> Text {
        let last = self.room.last.filter(|last| !last.is_answer);
        let asked_of_it = last.filter(|&last| Some(last) != self.asked);
        asked_of_it.map_or(Text::question(item), Text::answer)
    }
}
