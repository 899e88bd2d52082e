//! What a learner answers in the law lab: a history, some laws, or a merge rule.
//!
//! As text it is one line, kept with the learner's progress and in the scripts of lessons:
//! `A: add(0); A: remove(0); A <- B`, or `updates_go_up, specification`, or `growing count:
//! per replica maximum`. Which of them it is, the goal says.

use std::fmt::{self, Display, Formatter};

use splitbrain_engine::crdt::laws::notation::{parse_step, step};
use splitbrain_engine::crdt::laws::rules::RuleLab;
use splitbrain_engine::crdt::laws::rules::parse::MOST_CHARACTERS;
use splitbrain_engine::crdt::laws::{History, Law};
use splitbrain_engine::crdt::replicated::Verb;

use super::{Ask, LabGoal};

/// Steps of a history at most: what somebody builds by hand is short.
pub const MAX_STEPS: usize = 24;

/// Characters of an answer at most.
pub const MAX_CHARACTERS: usize = 1_000;

/// An answer to a goal in the law lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A history that is to break a law.
    History {
        /// Its steps.
        history: History,
        /// Whether clocks matter to the type, and are written down.
        is_timed: bool,
    },
    /// The laws that are to be broken, in the order of [`Law::ALL`].
    Laws(Vec<Law>),
    /// A merge rule in words, as the lab writes it.
    Rule(String),
}

/// Why a text is no answer: what stands there, and what may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} is no answer here; expected {expected}")]
pub struct NoAnswer {
    /// The part that is wrong.
    pub found: String,
    /// What may stand there.
    pub expected: String,
}

impl Answer {
    /// Reads an answer to a goal. It may come from anywhere.
    ///
    /// # Errors
    /// The first part of it that cannot be, and what could.
    pub fn parse(goal: &LabGoal, source: &str) -> Result<Self, NoAnswer> {
        if source.len() > MAX_CHARACTERS {
            return Err(NoAnswer {
                found: format!("a text of {} bytes", source.len()),
                expected: format!("up to {MAX_CHARACTERS}"),
            });
        }
        match &goal.ask {
            Ask::Counterexample { subject, .. } => {
                let lab = subject.lab;
                let wrong = |found: &str| {
                    let verbs: Vec<&str> = lab.verbs().iter().copied().map(Verb::id).collect();
                    NoAnswer {
                        found: found.to_owned(),
                        expected: format!(
                            "1 to {MAX_STEPS} steps between semicolons, such as B <- A, or A: and one of {}",
                            verbs.join(", ")
                        ),
                    }
                };
                let steps = source.split(';').map(|source| {
                    let read = parse_step(source.trim(), lab);
                    read.ok_or_else(|| wrong(source.trim()))
                });
                let steps: Vec<_> = steps.collect::<Result<_, _>>()?;
                if steps.len() > MAX_STEPS {
                    return Err(wrong(&format!("{} steps", steps.len())));
                }
                Ok(Self::History {
                    history: History { steps },
                    is_timed: lab.is_timed(),
                })
            }
            Ask::BrokenLaws { among, .. } => {
                let named = source.split(',').map(str::trim).map(|id| {
                    let found = among.iter().copied().find(|law| law.id() == id);
                    let known: Vec<&str> = among.iter().copied().map(Law::id).collect();
                    found.ok_or_else(|| NoAnswer {
                        found: id.to_owned(),
                        expected: known.join(", "),
                    })
                });
                Ok(Self::of_laws(&named.collect::<Result<Vec<_>, _>>()?))
            }
            Ask::SafeRule { .. } => match RuleLab::parse(source) {
                Ok(lab) => Ok(Self::Rule(lab.plan().to_string())),
                Err(error) => Err(NoAnswer {
                    found: source.chars().take(MOST_CHARACTERS).collect(),
                    expected: format!("a merge rule; it is none from character {}", error.column),
                }),
            },
        }
    }

    /// These laws, each once and in order.
    pub fn of_laws(named: &[Law]) -> Self {
        let laws = Law::ALL.into_iter().filter(|law| named.contains(law));
        Self::Laws(laws.collect())
    }
}

impl Display for Answer {
    /// As [`Answer::parse`] reads it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::History { history, is_timed } => {
                for (place, done) in history.steps.iter().enumerate() {
                    let between = if place == 0 { "" } else { "; " };
                    write!(f, "{between}{}", step(*done, *is_timed))?;
                }
                Ok(())
            }
            Self::Laws(laws) => {
                let ids: Vec<&str> = laws.iter().copied().map(Law::id).collect();
                f.write_str(&ids.join(", "))
            }
            Self::Rule(rule) => f.write_str(rule),
        }
    }
}

/// Answers to goals, by the goals' ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(Vec<(String, Answer)>);

impl Answers {
    /// The answer to a goal.
    pub fn get(&self, goal: &str) -> Option<&Answer> {
        let found = self.0.iter().find(|(id, _)| id == goal);
        found.map(|(_, answer)| answer)
    }

    /// Answers a goal, instead of what was answered before.
    pub fn insert(&mut self, goal: &str, answer: Answer) {
        self.0.retain(|(id, _)| id != goal);
        self.0.push((goal.to_owned(), answer));
    }

    /// Each goal's id and the answer, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer))
    }
}
