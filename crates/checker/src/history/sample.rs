//! Random histories, for tests of checkers and for measuring them.
//!
//! A store that works is asked by processes that call and return in a random order, each
//! operation taking effect at a random moment between the two. Then some answers are
//! replaced by others, so that histories that hold and histories that do not, by a hair,
//! come in like numbers. Everything follows from the seed.

use super::{Action, Builder, Call, History, Id, NIL, Outcome, Time, Value};
use crate::models::ModelId;

/// `SplitMix64` (Steele, Lea & Flood, *Fast splittable pseudorandom number generators*,
/// 2014): small, seeded, the same everywhere.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below another, which must not be nought.
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// True this often in a million.
    pub fn chance(&mut self, ppm: u32) -> bool {
        self.below(1_000_000) < ppm
    }
}

/// What histories to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Operations called.
    pub operations: u32,
    /// Processes at once. One whose call ends unknown goes on under another name.
    pub processes: u32,
    /// Keys.
    pub keys: u32,
    /// Values to choose from; none where every written value is a new one.
    pub values: Option<u32>,
    /// Of a million calls, how many end unknown.
    pub unknown: u32,
    /// Of a million answers, how many are replaced by a random one.
    pub wrong: u32,
    /// Of a million moments, how many have the time of the one before.
    pub equal_times: u32,
}

/// A register's history of this seed: reads and writes.
pub fn register(seed: u64, shape: &Shape) -> History {
    Maker::new(seed, shape, ModelId::Register).make()
}

/// A history of this seed of operations that the model knows.
pub fn of_model(seed: u64, shape: &Shape, model: ModelId) -> History {
    Maker::new(seed, shape, model).make()
}

/// A process in a call.
struct Pending {
    name: Id,
    key: u32,
    action: Action,
    /// What the store answered, once it took effect.
    answered: Option<Action>,
}

struct Maker<'a> {
    shape: &'a Shape,
    model: ModelId,
    dice: Dice,
    builder: Builder,
    stores: Vec<Store>,
    fresh: u32,
    names: u32,
    time: Time,
}

/// A store that works, one key of it.
#[derive(Debug, Clone, Default)]
struct Store {
    /// A register's value, a queue's and a set's contents.
    held: Vec<Id>,
    text: String,
    sum: i64,
    holder: Option<Id>,
}

impl<'a> Maker<'a> {
    fn new(seed: u64, shape: &'a Shape, model: ModelId) -> Self {
        let mut builder = Builder::new();
        if model == ModelId::Kv {
            builder.history.initial = builder.value(Value::Text(String::new()));
        }
        Self {
            shape,
            model,
            dice: Dice::new(seed),
            builder,
            stores: vec![Store::default(); shape.keys as usize],
            fresh: 0,
            names: 0,
            time: 0,
        }
    }

    fn make(mut self) -> History {
        let mut idle: Vec<Id> = Vec::new();
        for _ in 0..self.shape.processes {
            idle.push(self.name());
        }
        let mut busy: Vec<Pending> = Vec::new();
        let mut left = self.shape.operations;
        while left > 0 || !busy.is_empty() {
            let all = (idle.len() + busy.len()) as u32;
            let chosen = self.dice.below(all) as usize;
            if let Some(at) = chosen.checked_sub(idle.len()) {
                if busy[at].answered.is_none() {
                    let answered = self.take_effect(&busy[at]);
                    busy[at].answered = Some(answered);
                } else {
                    let pending = busy.swap_remove(at);
                    idle.push(self.end(pending));
                }
            } else if left > 0 {
                left -= 1;
                let name = idle.swap_remove(chosen);
                busy.push(self.call(name));
            }
        }
        self.builder.finish()
    }

    fn name(&mut self) -> Id {
        self.names += 1;
        self.builder.process(Value::Int(i64::from(self.names)))
    }

    fn tick(&mut self) -> Time {
        let same = self.dice.chance(self.shape.equal_times);
        self.time += Time::from(!same);
        self.time
    }

    /// A value to write; where they are unique, a new one.
    fn value(&mut self, fresh: bool) -> Value {
        let number = match self.shape.values {
            None if fresh => {
                self.fresh += 1;
                self.fresh
            }
            None => self.dice.below(self.fresh + 1),
            Some(values) => self.dice.below(values) + 1,
        };
        match self.model {
            ModelId::Kv => Value::Text(format!("<{number}>")),
            _ => Value::Int(i64::from(number)),
        }
    }

    fn id(&mut self, fresh: bool) -> Id {
        let value = self.value(fresh);
        self.builder.value(value)
    }

    fn call(&mut self, name: Id) -> Pending {
        let key = self.dice.below(self.shape.keys);
        let action = self.choose(name);
        let key_id = self.builder.key(Value::Int(i64::from(key)));
        let call = Call {
            key: key_id,
            time: self.tick(),
            action: Some(if let Action::Dequeue(_) = action {
                Action::Take
            } else {
                action
            }),
        };
        // The maker calls nobody twice and keeps time.
        let called = self.builder.call(name, call);
        debug_assert_eq!(called, Ok(()));
        Pending {
            name,
            key,
            action,
            answered: None,
        }
    }

    /// What to call. Answers are filled in by the store.
    fn choose(&mut self, name: Id) -> Action {
        let which = self.dice.below(4);
        match (self.model, which) {
            (ModelId::Register | ModelId::CasRegister | ModelId::Kv, 0) => {
                Action::Write(self.id(true))
            }
            (ModelId::CasRegister, 1) => {
                let old = match self.stores[0].held.last() {
                    Some(&held) if self.dice.chance(700_000) => held,
                    _ => self.id(false),
                };
                Action::Cas(old, self.id(true))
            }
            (ModelId::CasRegister, 2) if self.dice.chance(200_000) => Action::Refused(NIL),
            (ModelId::Kv, 1) => Action::Append(self.id(true)),
            (ModelId::Counter, 0 | 1) | (ModelId::Set, 0) => Action::Add(self.id(true)),
            (ModelId::Set, 1) => Action::Remove(self.id(false)),
            (ModelId::Set, 2) => Action::Contains(self.id(false), false),
            (ModelId::Queue, 0 | 1) => Action::Enqueue(self.id(true)),
            (ModelId::Queue, _) => Action::Dequeue(NIL),
            (ModelId::Lock, 0 | 1) => Action::Acquire(name),
            (ModelId::Lock, _) => Action::Release(name),
            (ModelId::Register, 1) if self.shape.values.is_some() => Action::Write(self.id(true)),
            _ => Action::Read(NIL),
        }
    }

    /// What the working store does and answers now.
    fn take_effect(&mut self, pending: &Pending) -> Action {
        let store = &mut self.stores[pending.key as usize];
        match pending.action {
            Action::Write(id) => {
                store.held = vec![id];
                store.text = self.builder.history.values.get(id).text();
            }
            Action::Append(id) => store.text += &self.builder.history.values.get(id).text(),
            Action::Cas(old, new) => {
                let held = store.held.last().copied().unwrap_or(NIL);
                if held != old {
                    return Action::Refused(old);
                }
                store.held = vec![new];
            }
            Action::Refused(_) => {
                let held = store.held.last().copied().unwrap_or(NIL);
                let other = self.id(false);
                return Action::Refused(if other == held { u32::MAX } else { other });
            }
            Action::Add(id) => {
                if let Value::Int(number) = self.builder.history.values.get(id) {
                    store.sum += number;
                }
                if !store.held.contains(&id) {
                    store.held.push(id);
                }
            }
            Action::Remove(id) => store.held.retain(|&held| held != id),
            Action::Contains(id, _) => return Action::Contains(id, store.held.contains(&id)),
            Action::Enqueue(id) => store.held.push(id),
            Action::Dequeue(_) => {
                let first = (!store.held.is_empty()).then(|| store.held.remove(0));
                return Action::Dequeue(first.unwrap_or(NIL));
            }
            Action::Acquire(name) if store.holder.is_none() => store.holder = Some(name),
            Action::Release(name) if store.holder == Some(name) => store.holder = None,
            // The lock refuses: nothing happened.
            Action::Acquire(_) | Action::Release(_) => return Action::Refused(u32::MAX),
            Action::Read(_) | Action::Take => return Action::Read(self.read(pending.key)),
        }
        pending.action
    }

    fn read(&mut self, key: u32) -> Id {
        let store = &self.stores[key as usize];
        let values = &self.builder.history.values;
        let value = match self.model {
            ModelId::Kv => Value::Text(store.text.clone()),
            ModelId::Counter => Value::Int(store.sum),
            ModelId::Set => {
                let mut held: Vec<Value> = store
                    .held
                    .iter()
                    .map(|&id| values.get(id).clone())
                    .collect();
                held.sort();
                Value::Many(held)
            }
            _ => return store.held.last().copied().unwrap_or(NIL),
        };
        self.builder.value(value)
    }

    /// Ends a call; who goes on in its place.
    fn end(&mut self, pending: Pending) -> Id {
        let time = self.tick();
        let Pending {
            name,
            action,
            answered,
            ..
        } = pending;
        let answered = answered.unwrap_or(action);
        let outcome = if self.dice.chance(self.shape.unknown) {
            Outcome::Unknown(self.builder.pending(name).and_then(|call| call.action))
        } else {
            match (action, answered) {
                // The store refused: a failure, and did not happen.
                (Action::Cas(..) | Action::Acquire(_) | Action::Release(_), Action::Refused(_))
                | (_, Action::Refused(u32::MAX)) => Outcome::Failed,
                (_, answered) if self.dice.chance(self.shape.wrong) => {
                    Outcome::Succeeded(self.distort(answered))
                }
                _ => Outcome::Succeeded(answered),
            }
        };
        let retires = matches!(outcome, Outcome::Unknown(_));
        let ended = self.builder.end(name, time, outcome);
        debug_assert_eq!(ended, Ok(()));
        if retires { self.name() } else { name }
    }

    /// Another answer.
    fn distort(&mut self, answered: Action) -> Action {
        match answered {
            Action::Read(_) if self.model == ModelId::Kv => {
                let parts = self.dice.below(3);
                let text: String = (0..parts).map(|_| self.value(false).text()).collect();
                Action::Read(self.builder.value(Value::Text(text)))
            }
            Action::Read(_) if self.model == ModelId::Set => {
                let element = self.value(false);
                Action::Read(self.builder.value(Value::Many(vec![element])))
            }
            Action::Read(_) => Action::Read(self.id(false)),
            Action::Dequeue(_) => Action::Dequeue(self.id(false)),
            Action::Contains(id, found) => Action::Contains(id, !found),
            same => same,
        }
    }
}

impl Value {
    /// A text as it is, anything else as it is shown.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::ALL;

    const SHAPE: Shape = Shape {
        operations: 40,
        processes: 4,
        keys: 2,
        values: Some(3),
        unknown: 100_000,
        wrong: 0,
        equal_times: 100_000,
    };

    #[test]
    fn the_same_seed_makes_the_same_history_and_the_model_knows_all_of_it() {
        for info in ALL {
            let history = of_model(7, &SHAPE, info.model);
            assert_eq!(history, of_model(7, &SHAPE, info.model));
            assert_ne!(history, of_model(8, &SHAPE, info.model));
            assert!(history.operations.len() > 10, "{}", info.id);
            let known = |one: &crate::history::Operation| info.model.accepts(one.action);
            assert!(history.operations.iter().all(known), "{}", info.id);
        }
    }

    #[test]
    fn dice_are_splitmix64() {
        let mut dice = Dice::new(1_234_567);
        assert_eq!(dice.bits(), 6_457_827_717_110_365_317);
        assert_eq!(dice.bits(), 3_203_168_211_198_807_973);
    }
}
