//! Dotted version vectors: clients who read and write one register through several replicas,
//! and return what they have read. Beside it stands what is true: of every write, all that
//! its writer had read. The siblings are then those writes that nobody wrote over.

use splitbrain_engine::clocks::VersionVector;
use splitbrain_engine::crdt::MultiValueRegister;
use splitbrain_engine::crdt::Replicated;
use splitbrain_engine::sim::dice::{Dice, Purpose, identity};

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

/// What was found.
#[derive(Debug, Default)]
struct Found {
    reads: u64,
    /// Reads of several values.
    several: u64,
    /// Values that were not those which nobody wrote over, or more than there are clients.
    differ: u64,
    /// The most siblings where clients return what they have read, and where they do not.
    most: u64,
    most_blind: u64,
}

fn run(asked: &Asked) -> Outcome {
    let mut found = Found::default();
    for seed in asked.seeds() {
        Schedule::new(seed, false).play(&mut found);
        Schedule::new(seed, true).play(&mut found);
    }
    outcome(asked, &found)
}

fn outcome(asked: &Asked, found: &Found) -> Outcome {
    Outcome {
        size: Phrase {
            id: "cli.validate.siblings.size",
            counts: vec![("n", asked.histories), ("reads", found.reads)],
        },
        result: Phrase {
            id: "cli.validate.siblings.result",
            counts: vec![
                ("n", found.differ),
                ("most", found.most),
                ("blind", found.most_blind),
            ],
        },
        expected: Phrase {
            id: "cli.validate.siblings.expected",
            counts: vec![("most", MOST_CLIENTS.into())],
        },
        is_as_expected: found.differ == 0
            && found.most <= MOST_CLIENTS.into()
            && found.most_blind > MOST_CLIENTS.into()
            && found.several > found.reads / 10,
        beside: None,
    }
}

/// A client's session.
#[derive(Clone, Debug, Default)]
struct Client {
    /// What it returns with its next write.
    context: VersionVector,
    /// The same in truth: a bit for each write it has read or that such a write replaced.
    known: u64,
}

/// Clients and replicas in the middle of a schedule.
struct Schedule {
    seed: u64,
    dice: Dice,
    drawn: u64,
    /// Whether clients return nothing of what they have read.
    is_blind: bool,
    clients: Vec<Client>,
    registers: [MultiValueRegister; REPLICAS],
    /// By replica: a bit for each write that came, or that one which came replaced.
    come: [u64; REPLICAS],
    /// By write: all that its writer had read.
    pasts: Vec<u64>,
}

impl Schedule {
    fn new(seed: u64, is_blind: bool) -> Self {
        let mut schedule = Self {
            seed,
            dice: Dice::new(seed),
            drawn: 0,
            is_blind,
            clients: Vec::new(),
            registers: [(); REPLICAS].map(|()| MultiValueRegister::default()),
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

    fn play(mut self, found: &mut Found) {
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
            self.look(at, found);
        }
    }

    /// A client reads: the reply tells it what there is.
    fn returns(&mut self, at: usize, client: usize) {
        let reply = self.registers[at].context();
        let client = &mut self.clients[client];
        client.context.merge(&reply);
        client.known |= self.come[at];
    }

    /// A client writes, with what it has read or without.
    fn write(&mut self, at: usize) {
        let writer = self.below(self.clients.len() as u32) as usize;
        let client = &self.clients[writer];
        let (context, past) = if self.is_blind {
            (VersionVector::default(), 0)
        } else {
            (client.context.clone(), client.known)
        };
        let number = self.pasts.len() as u32;
        let write = MultiValueRegister::written(context, at as u8, number);
        self.registers[at].apply(&write);
        self.pasts.push(past);
        self.come[at] |= past | 1 << number;
        self.returns(at, writer);
    }

    /// A replica hears of all that another one has.
    fn hear(&mut self, at: usize) {
        let from = (at + 1 + self.below(REPLICAS as u32 - 1) as usize) % REPLICAS;
        let other = self.registers[from].clone();
        self.registers[at].merge(&other);
        self.come[at] |= self.come[from];
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

    fn look(&self, at: usize, found: &mut Found) {
        let mut values: Vec<u32> = self.registers[at].siblings().map(|it| it.1).collect();
        values.sort_unstable();
        let count = values.len() as u64;
        found.reads += 1;
        found.several += u64::from(count > 1);
        let most = if self.is_blind {
            &mut found.most_blind
        } else {
            &mut found.most
        };
        *most = count.max(*most);
        let standing = self.standing(at);
        let is_exploding = !self.is_blind && values.len() > self.clients.len();
        if values != standing || is_exploding {
            found.differ += 1;
            if found.differ <= TOLD {
                let seed = self.seed;
                eprintln!("siblings, seed {seed}: {values:?}, should be {standing:?}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_that_forgets_what_its_client_read_is_noticed() {
        let mut schedule = Schedule::new(1, false);
        let mut found = Found::default();
        schedule.write(0);
        schedule.look(0, &mut found);
        assert_eq!((found.differ, found.most), (0, 1));
        // The client has read the first write, and the register is told that it has not.
        let client = { schedule.clients.iter().position(|it| it.known != 0) }.unwrap();
        let past = schedule.clients[client].known;
        let write = MultiValueRegister::written(VersionVector::default(), 0, 1);
        schedule.registers[0].apply(&write);
        schedule.pasts.push(past);
        schedule.come[0] |= 2;
        schedule.look(0, &mut found);
        assert_eq!((found.differ, found.most), (1, 2));
    }

    #[test]
    fn writers_who_return_nothing_explode_and_others_do_not() {
        let mut found = [Found::default(), Found::default()];
        for seed in 0..200 {
            Schedule::new(seed, false).play(&mut found[0]);
            Schedule::new(seed, true).play(&mut found[1]);
        }
        assert_eq!(found[0].differ + found[1].differ, 0);
        assert!(found[0].most <= 4 && found[1].most_blind > 10, "{found:?}");
    }
}
