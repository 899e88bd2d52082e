//! Dotted version vectors: clients who read and write one register through several replicas,
//! and return what they have read. Beside it stands what is true: of every write, all that
//! its writer had read. The siblings are then those writes that nobody wrote over.
//!
//! The data type and the conflict rule by dots must show exactly these. The rule by version
//! vectors must be seen to lose some of them, and the rule under one vector to keep ever
//! more that were read and written over: the two ways in which entries for servers fail.

mod kept;

use splitbrain_engine::conflict::siblings_by_dotted_version_vector::ByDots;
use splitbrain_engine::conflict::siblings_by_version_vector::ByVectors;
use splitbrain_engine::conflict::siblings_under_one_vector::ByOneVector;
use splitbrain_engine::sim::dice::{Dice, Purpose, identity};

use self::kept::{ByRule, ByState, Kept};
use super::{Asked, Outcome, Phrase, TOLD, Validation};

/// This validation.
pub(super) const SIBLINGS: Validation = Validation {
    name: "siblings",
    what: "cli.validate.siblings.what",
    source: "Preguiça et al. 2012",
    run: |asked| Ok(run(asked)),
};

const REPLICAS: usize = 3;

/// Clients at most; there are two at least.
const MOST_CLIENTS: u32 = 4;

/// Writes of a schedule at most: a bit for each.
const MOST_WRITES: u32 = 60;

/// What was found of one way to keep siblings.
#[derive(Debug, Default)]
struct Found {
    reads: u64,
    /// Reads of several values.
    several: u64,
    /// Reads without a value that nobody wrote over.
    lost: u64,
    /// Reads with a value that somebody who had read it wrote over.
    stale: u64,
    /// The most siblings at once.
    most: u64,
}

impl Found {
    fn differ(&self) -> u64 {
        self.lost + self.stale
    }
}

/// What was found of all of them. Clients return what they have read, but in `blind`.
#[derive(Debug, Default)]
struct All {
    state: Found,
    dots: Found,
    blind: [Found; 2],
    vectors: Found,
    one_vector: Found,
}

impl All {
    /// The same clients' choices in all of them.
    fn play(&mut self, seed: u64) {
        Schedule::<ByState>::new(seed, false).play(&mut self.state, true);
        Schedule::<ByRule<ByDots>>::new(seed, false).play(&mut self.dots, true);
        Schedule::<ByState>::new(seed, true).play(&mut self.blind[0], true);
        Schedule::<ByRule<ByDots>>::new(seed, true).play(&mut self.blind[1], true);
        Schedule::<ByRule<ByVectors>>::new(seed, false).play(&mut self.vectors, false);
        Schedule::<ByRule<ByOneVector>>::new(seed, false).play(&mut self.one_vector, false);
    }
}

fn run(asked: &Asked) -> Outcome {
    let mut all = All::default();
    for seed in asked.seeds() {
        all.play(seed);
    }
    outcome(asked, &all)
}

fn outcome(asked: &Asked, all: &All) -> Outcome {
    let right = [&all.state, &all.dots];
    let is_right = right
        .iter()
        .all(|it| it.differ() == 0 && it.most <= MOST_CLIENTS.into() && it.several > it.reads / 10);
    let is_blind_exploding =
        { all.blind.iter() }.all(|it| it.differ() == 0 && it.most > MOST_CLIENTS.into());
    let differ = right.into_iter().chain(&all.blind).map(Found::differ).sum();
    let most = right.map(|it| it.most)[0].max(right.map(|it| it.most)[1]);
    Outcome {
        size: Phrase {
            id: "cli.validate.siblings.size",
            counts: vec![
                ("n", asked.histories),
                ("reads", right.map(|it| it.reads).iter().sum()),
            ],
        },
        result: Phrase {
            id: "cli.validate.siblings.result",
            counts: vec![
                ("n", differ),
                ("most", most),
                ("blind", all.blind[0].most.min(all.blind[1].most)),
                ("lost", all.vectors.lost),
                ("under_one", all.one_vector.most),
            ],
        },
        expected: Phrase {
            id: "cli.validate.siblings.expected",
            counts: vec![("most", MOST_CLIENTS.into())],
        },
        is_as_expected: is_right
            && is_blind_exploding
            && all.vectors.lost > 0
            && all.one_vector.lost == 0
            && all.one_vector.stale > 0
            && all.one_vector.most > MOST_CLIENTS.into(),
        beside: None,
    }
}

/// A client's session.
#[derive(Clone, Debug, Default)]
struct Client<C> {
    /// What it returns with its next write.
    context: C,
    /// The same in truth: a bit for each write it has read or that such a write replaced.
    known: u64,
}

/// Clients and replicas in the middle of a schedule.
struct Schedule<K: Kept> {
    seed: u64,
    dice: Dice,
    drawn: u64,
    /// Whether clients return nothing of what they have read.
    is_blind: bool,
    clients: Vec<Client<K::Context>>,
    registers: [K; REPLICAS],
    /// By replica: a bit for each write that came, or that one which came replaced.
    come: [u64; REPLICAS],
    /// By write: all that its writer had read.
    pasts: Vec<u64>,
}

impl<K: Kept> Schedule<K> {
    fn new(seed: u64, is_blind: bool) -> Self {
        let mut schedule = Self {
            seed,
            dice: Dice::new(seed),
            drawn: 0,
            is_blind,
            clients: Vec::new(),
            registers: [0, 1, 2].map(K::new),
            come: [0; REPLICAS],
            pasts: Vec::new(),
        };
        let clients = 2 + schedule.below(MOST_CLIENTS - 1);
        schedule.clients.resize(clients as usize, Client::default());
        schedule
    }

    fn below(&mut self, n: u32) -> u32 {
        self.drawn += 1;
        let which = identity(1, self.drawn);
        self.dice.below(Purpose::Choice, which, n)
    }

    /// Plays to its end, and tells of differences where there should be none.
    fn play(mut self, found: &mut Found, is_sound: bool) {
        for _ in 0..10 + self.below(MOST_WRITES - 10) {
            let at = self.below(REPLICAS as u32) as usize;
            match self.below(3) {
                0 => self.write(at),
                1 => self.hear(at),
                _ => {
                    let client = self.below(self.clients.len() as u32) as usize;
                    self.returns(at, client);
                }
            }
            self.look(at, found, is_sound);
        }
    }

    /// A client reads: the reply tells it what there is.
    fn returns(&mut self, at: usize, client: usize) {
        let reply = self.registers[at].context();
        let client = &mut self.clients[client];
        K::join(&mut client.context, &reply);
        client.known |= self.come[at];
    }

    /// A client writes, with what it has read or without.
    fn write(&mut self, at: usize) {
        let writer = self.below(self.clients.len() as u32) as usize;
        let client = &self.clients[writer];
        let (context, past) = if self.is_blind {
            (K::Context::default(), 0)
        } else {
            (client.context.clone(), client.known)
        };
        let number = self.pasts.len() as u32;
        self.registers[at].write(number, &context);
        self.pasts.push(past);
        self.come[at] |= past | 1 << number;
        self.returns(at, writer);
    }

    /// A replica hears of what another one has; single updates get lost on the way.
    fn hear(&mut self, at: usize) {
        let from = (at + 1 + self.below(REPLICAS as u32 - 1) as usize) % REPLICAS;
        let these = (0..2).fold(0, |bits, _| bits << 32 | u64::from(self.below(u32::MAX)));
        let mut own = std::mem::replace(&mut self.registers[at], K::new(at as u8));
        let come = own.hear(&self.registers[from], these);
        self.registers[at] = own;
        for number in 0..self.pasts.len() {
            if come >> number & 1 == 1 {
                self.come[at] |= self.pasts[number] | 1 << number;
            }
        }
    }

    /// The writes that came and that no other which came had read.
    fn standing(&self, at: usize) -> Vec<u32> {
        let come = self.come[at];
        let has_come = |write: &usize| come >> write & 1 == 1;
        let all = (0..self.pasts.len()).filter(has_come);
        let over = all.clone().fold(0, |over, write| over | self.pasts[write]);
        let standing = all.filter(|write| over >> write & 1 == 0);
        standing.map(|write| write as u32).collect()
    }

    fn look(&self, at: usize, found: &mut Found, is_sound: bool) {
        let mut values = self.registers[at].numbers();
        values.sort_unstable();
        let count = values.len() as u64;
        found.reads += 1;
        found.several += u64::from(count > 1);
        found.most = found.most.max(count);
        let standing = self.standing(at);
        let is_lost = standing.iter().any(|it| !values.contains(it));
        let is_stale = values.iter().any(|it| !standing.contains(it));
        found.lost += u64::from(is_lost);
        found.stale += u64::from(!is_lost && is_stale);
        if is_sound && (is_lost || is_stale) && found.differ() <= TOLD {
            let seed = self.seed;
            eprintln!("siblings, seed {seed}: {values:?}, should be {standing:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets a client who has read a write write again, and the register be told that it has
    /// not: what was found after both.
    fn forgotten<K: Kept>() -> Found {
        let mut schedule = Schedule::<K>::new(1, false);
        let mut found = Found::default();
        schedule.write(0);
        schedule.look(0, &mut found, false);
        assert_eq!((found.differ(), found.most), (0, 1));
        let client = { schedule.clients.iter().position(|it| it.known != 0) }.unwrap();
        let past = schedule.clients[client].known;
        schedule.registers[0].write(1, &K::Context::default());
        schedule.pasts.push(past);
        schedule.come[0] |= 2;
        schedule.look(0, &mut found, false);
        found
    }

    #[test]
    fn a_register_that_forgets_what_its_client_read_is_noticed() {
        for found in [forgotten::<ByState>(), forgotten::<ByRule<ByDots>>()] {
            assert_eq!((found.stale, found.most), (1, 2));
        }
    }

    #[test]
    fn dots_are_right_and_what_has_none_loses_writes_or_explodes() {
        let mut all = All::default();
        for seed in 0..200 {
            all.play(seed);
        }
        for right in [&all.state, &all.dots] {
            assert!(right.differ() == 0 && right.most <= 4, "{right:?}");
        }
        for blind in &all.blind {
            assert!(blind.differ() == 0 && blind.most > 10, "{blind:?}");
        }
        assert!(all.vectors.lost > 0 && all.vectors.most <= 4, "{all:?}");
        assert!(
            all.one_vector.stale > 0 && all.one_vector.most > 4,
            "{all:?}"
        );
        let asked = Asked {
            histories: 200,
            seed: 0,
            data: std::path::PathBuf::new(),
        };
        assert!(outcome(&asked, &all).is_as_expected);
        // Each of these has to be seen.
        all.vectors.lost = 0;
        assert!(!outcome(&asked, &all).is_as_expected);
    }
}
