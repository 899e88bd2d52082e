//! How far somebody has come in a lesson.

use std::fmt::Write as _;
use std::rc::Rc;

use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::{ServiceKind, Slot};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::{Lesson, Step};
use splitbrain_lesson::lab::{Answer, Decided};
use splitbrain_lesson::predict::Outcome;
use splitbrain_lesson::script::Tool;
use splitbrain_sorted::Map;

use crate::session::record::RecordError;
use crate::text::Text;

/// A lesson that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonState {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// The seed of its dice.
    pub seed: u64,
    /// How far somebody has come.
    pub progress: Progress,
    /// The branch that is the learner's own doing.
    pub own: u32,
    /// Branches that were shown to the learner: predictions played out, solutions.
    pub shown: Vec<u32>,
    /// The step in the law lab of which the solution's answers are shown.
    pub shown_answers: Option<u8>,
    /// Whether every goal is met at the moment.
    pub is_solved_now: bool,
    /// The run that solved it last.
    pub solved_run: Option<Run>,
    /// How often it was solved since it was opened.
    pub solved_count: u32,
}

/// How far somebody has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The furthest step that was open, from 0.
    pub reached: u8,
    /// Predictions that were locked in, by step.
    pub predictions: Map<u8, Locked>,
    /// What was answered in the law lab, by the goal's id.
    pub answers: Map<String, Decided>,
    /// How many hints were opened, by step.
    pub hints: Map<u8, u8>,
    /// Whether the solution was looked at.
    pub saw_solution: bool,
    /// The actions it took when it was solved first, if it was.
    pub solved: Option<u32>,
}

/// A prediction that was locked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// What was said, from 0.
    pub choice: u8,
    /// What the engine says; nothing while it is being played out.
    pub outcome: Option<Outcome>,
}

impl Progress {
    /// Takes in how far somebody has come in the same lesson in another tab.
    pub fn join(&mut self, other: &Self) {
        self.reached = self.reached.max(other.reached);
        for (step, theirs) in other.predictions.iter() {
            let mine = &mut self.predictions;
            let mine = mine.get_or_insert_with(*step, || theirs.clone());
            if mine.outcome.is_none() {
                *mine = theirs.clone();
            }
        }
        for (goal, theirs) in other.answers.iter() {
            let mine = &mut self.answers;
            let mine = mine.get_or_insert_with(goal.clone(), || theirs.clone());
            if !mine.status().is_met() {
                *mine = theirs.clone();
            }
        }
        for (step, theirs) in other.hints.iter() {
            let mine = self.hints.get_or_insert_with(*step, u8::default);
            *mine = (*mine).max(*theirs);
        }
        self.saw_solution |= other.saw_solution;
        self.solved = self.solved.or(other.solved);
    }
}

/// What a button of the toolbox is to lessons.
fn tool(id: &str) -> Option<Tool> {
    Some(match id {
        "write" => Tool::WritePrice,
        "add" => Tool::AddToCart,
        "remove" => Tool::RemoveFromCart,
        "post" => Tool::Post,
        "like" => Tool::Like,
        "unlike" => Tool::Unlike,
        "buy" => Tool::Buy,
        "restock" => Tool::Restock,
        "order" => Tool::WriteOrder,
        "profile" => Tool::WriteField,
        "insert" => Tool::InsertWord,
        "delete" => Tool::DeleteWord,
        "pay" => Tool::Pay,
        "cut" => Tool::CutLink,
        "heal" => Tool::HealLink,
        "crash" => Tool::CrashRegion,
        "restart" => Tool::RestartRegion,
        "promote" => Tool::PromoteRegion,
        "move" => Tool::MoveHome,
        "pause" => Tool::PauseRegion,
        "resume" => Tool::ResumeRegion,
        "slow" => Tool::SlowRegion,
        "clock" => Tool::StepClock,
        "drop_reply" => Tool::DropNextReply,
        "degrade" => Tool::DegradeLink,
        _ => return None,
    })
}

impl LessonState {
    /// A lesson that nobody has begun.
    pub fn new(lesson: Rc<Lesson>, seed: Option<u64>) -> Self {
        let seed = seed.or_else(|| lesson.seeds.first().copied()).unwrap_or(1);
        Self {
            lesson,
            seed,
            progress: Progress::default(),
            own: 0,
            shown: Vec::new(),
            shown_answers: None,
            is_solved_now: false,
            solved_run: None,
            solved_count: 0,
        }
    }

    /// Its title in the page's language, or in the one that it has.
    pub fn title(&self, text: &Text) -> &str {
        let found = self.lesson.text(text.lang().code());
        found.map_or(self.lesson.id.as_str(), |(_, text)| text.title.as_str())
    }

    /// The learner's run at the beginning.
    pub fn run(&self) -> Run {
        self.lesson.run(self.seed)
    }

    /// A step, the last one where there are not so many.
    pub fn step(&self, step: u8) -> Option<&Step> {
        let steps = &self.lesson.steps;
        steps.get(step as usize).or_else(|| steps.last())
    }

    /// When the learner's run ends.
    pub fn ends_at(&self) -> Time {
        self.lesson.ends_at
    }

    /// Whether it gives the learner this tool, by its id in the toolbox.
    pub fn allows_tool(&self, id: &str) -> bool {
        let tools = &self.lesson.tools;
        if id == "read" {
            let reads = [
                Tool::ReadPrice,
                Tool::ReadCart,
                Tool::ReadRoom,
                Tool::ReadAll,
                Tool::ReadCount,
                Tool::ReadRecord,
                Tool::ReadDocument,
            ];
            return reads.iter().any(|tool| tools.contains(tool));
        }
        tool(id).is_some_and(|tool| tools.contains(&tool))
    }

    /// The policies that the learner may put into a slot.
    pub fn policies(&self, service: ServiceKind, slot: Slot) -> &[String] {
        let mut slots = self.lesson.designs.iter();
        let open = slots.find(|open| (open.service, open.slot) == (service, slot));
        open.map_or(&[], |open| open.policies.as_slice())
    }

    /// Whether what was answered in the law lab meets this goal.
    pub fn has_answered(&self, goal: &str) -> bool {
        let decided = self.progress.answers.get(goal);
        decided.is_some_and(|decided| decided.status().is_met())
    }

    /// How the lesson's solution answers a goal of this step, if that is shown.
    pub fn shown_answer(&self, step: u8, goal: &str) -> Option<&Answer> {
        let solution = self.lesson.solutions.first()?;
        let answer = solution.script.answers.get(goal);
        answer.filter(|_| self.shown_answers == Some(step))
    }

    /// How many hints were opened in all.
    pub fn hints_opened(&self) -> u32 {
        self.progress.hints.values().map(|&n| u32::from(n)).sum()
    }

    /// The progress as lines of a record.
    pub fn write(&self) -> String {
        let progress = &self.progress;
        let mut text = format!(
            "seed {}\nreached {}\nown {}\n",
            self.seed, progress.reached, self.own
        );
        // Writing to a string does not fail.
        for branch in &self.shown {
            let _ = writeln!(text, "shown {branch}");
        }
        for (step, locked) in progress.predictions.iter() {
            let outcome = match &locked.outcome {
                None => "-".to_owned(),
                Some(Outcome::Undecided) => "?".to_owned(),
                Some(Outcome::Option(place)) => place.to_string(),
            };
            let _ = writeln!(text, "predicted {step} {} {outcome}", locked.choice);
        }
        for (goal, decided) in progress.answers.iter() {
            let _ = writeln!(text, "answered {goal} {}", decided.answer());
        }
        for (step, opened) in progress.hints.iter() {
            let _ = writeln!(text, "hints {step} {opened}");
        }
        if progress.saw_solution {
            text.push_str("saw-solution\n");
        }
        if let Some(actions) = progress.solved {
            let _ = writeln!(text, "solved {actions}");
        }
        text
    }

    /// Takes the lines of a record in; what names steps or options that the lesson
    /// does not have is left out, since lessons change.
    ///
    /// # Errors
    /// A line that cannot be one of ours.
    pub fn read(&mut self, lines: &[(u32, String)]) -> Result<(), RecordError> {
        let mut progress = Progress::default();
        let mut answers = Vec::new();
        for (line, words) in lines {
            let wrong = RecordError::Line {
                line: *line,
                what: "progress",
            };
            let parts: Vec<&str> = words.split(' ').collect();
            let numbers: Vec<u64> = parts[1..].iter().filter_map(|n| n.parse().ok()).collect();
            match (parts[0], numbers.as_slice()) {
                ("seed", &[seed]) => self.seed = seed,
                ("own", &[branch]) => self.own = branch as u32,
                ("shown", &[branch]) => self.shown.push(branch as u32),
                ("reached", &[step]) => progress.reached = self.clamp(step),
                ("predicted", &[step, choice, ..]) if parts.len() == 4 => {
                    let outcome = match parts[3] {
                        "-" => None,
                        "?" => Some(Outcome::Undecided),
                        place => Some(Outcome::Option(place.parse().map_err(|_| wrong.clone())?)),
                    };
                    let choice = choice as u8;
                    progress
                        .predictions
                        .insert(self.clamp(step), Locked { choice, outcome });
                }
                ("answered", _) if parts.len() > 2 => {
                    let answer = (parts[1].to_owned(), parts[2..].join(" "));
                    answers.push(answer);
                }
                ("hints", &[step, opened]) => {
                    progress.hints.insert(self.clamp(step), opened as u8);
                }
                ("saw-solution", []) => progress.saw_solution = true,
                ("solved", &[actions]) => progress.solved = Some(actions as u32),
                _ => return Err(wrong),
            }
        }
        // The lab decides again: what a record says of an answer counts for nothing.
        for (id, answer) in answers {
            let goal = self.lesson.lab_goals().find(|goal| goal.id == id);
            let decided = goal.and_then(|goal| Decided::of(goal, &answer, self.seed));
            if let Some(decided) = decided {
                progress.answers.insert(id, decided);
            }
        }
        self.progress = progress;
        Ok(())
    }

    fn clamp(&self, step: u64) -> u8 {
        step.min(self.lesson.steps.len().saturating_sub(1) as u64) as u8
    }
}
