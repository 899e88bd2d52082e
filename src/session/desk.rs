//! A desk: what somebody has before them, to be laid aside and taken up again.
//!
//! The playground has one and each lesson has its own, so that going from one to
//! another loses nothing.

use splitbrain_engine::run::{Run, Target};
use splitbrain_engine::sim::time::Time;

use super::action::Place;
use super::model::{Branch, Session};
use super::record;
use crate::lesson::LessonState;

/// The slot of the playground's desk.
pub const PLAYGROUND: &str = "playground";

/// What is laid aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Desk {
    /// The branches, never none.
    pub branches: Vec<Branch>,
    /// The number of the open one.
    pub open: u32,
    /// The digest of the open one at its cursor; nothing where it is not known.
    pub digest: Option<u64>,
    /// Whether time passed when it was laid aside.
    pub playing: bool,
    /// In what the design that the open branch is compared with differs from it, as links
    /// write it; whoever read it from outside has not checked it.
    pub twin: Option<String>,
    /// The lesson that it belongs to, and how far somebody has come in it.
    pub lesson: Option<LessonState>,
}

impl Desk {
    /// The same without the commands of the open branch that had not taken effect at
    /// its cursor: one of them may have stopped the engine.
    #[must_use]
    pub fn without_what_is_ahead(mut self) -> Self {
        let open = self.open;
        for branch in self
            .branches
            .iter_mut()
            .filter(|branch| branch.number == open)
        {
            let cursor = branch.cursor;
            branch.run.commands.retain(|timed| timed.at <= cursor);
            branch.reached = cursor;
        }
        self
    }

    /// As text, to be kept.
    pub fn text(&self) -> String {
        let mut text = record::write(self);
        if let Some(lesson) = &self.lesson {
            text.push_str(&lesson.write());
        }
        text
    }

    /// The open branch.
    pub fn open_branch(&self) -> Option<&Branch> {
        let open = self
            .branches
            .iter()
            .find(|branch| branch.number == self.open);
        open.or_else(|| self.branches.first())
    }
}

impl Place {
    /// Under which name the desk of this place is kept; those without a desk have none.
    pub fn slot(&self) -> Option<String> {
        match self {
            Self::Playground => Some(PLAYGROUND.into()),
            Self::Lessons | Self::Judge | Self::Truth | Self::Laws(_) => None,
            Self::Lesson { id, .. } => Some(id.clone()),
        }
    }
}

impl Session {
    /// What is before them now, to be kept.
    pub fn desk(&self) -> Desk {
        let mut branches = self.branches.clone();
        let cursor = self.player.time();
        for branch in &mut branches {
            if branch.number == self.branch {
                branch.run = self.player.run().clone();
                branch.reached = branch.reached.max(self.player.frontier_time());
                branch.cursor = if self.seeking { branch.cursor } else { cursor };
            }
        }
        Desk {
            branches,
            open: self.branch,
            digest: (!self.seeking).then(|| self.digest_at_cursor()),
            playing: self.playing,
            twin: self.compared_with(),
            lesson: self.lesson.clone(),
        }
    }

    /// In what the other design differs, if two are compared or are to be.
    fn compared_with(&self) -> Option<String> {
        let twins = self.chunks.twin;
        let link = twins.and_then(|twins| (twins.0.link)(self));
        link.or_else(|| self.kept_twin.clone())
    }

    /// The digest of every event up to the cursor's moment. After a step the cursor
    /// may be between two events of one moment; then the rest of it is done aside.
    pub fn digest_at_cursor(&self) -> u64 {
        let commands = &self.player.run().commands;
        let world = self.player.world();
        let is_due = |at: Option<Time>| at.is_some_and(|at| at <= self.player.time());
        if !is_due(world.next_at(commands)) {
            return world.digest();
        }
        let mut world = world.clone();
        while is_due(world.next_at(commands)) {
            world.step(commands, None);
        }
        world.digest()
    }

    /// Whether nobody has done anything yet but watch.
    pub fn is_untouched(&self) -> bool {
        let is_bare = |run: &Run| match &self.lesson {
            Some(lesson) => lesson.lesson.actions(run) == 0,
            None => run.commands.is_empty() && run.choices.is_empty(),
        };
        self.branches.len() == 1 && is_bare(self.player.run())
    }

    /// Lays what is before them aside, to go elsewhere.
    pub(crate) fn lay_aside(&mut self) {
        let desk = self.desk();
        self.lesson = None;
        self.trial = None;
        self.desks.insert(self.slot.clone(), desk);
    }

    /// Takes up a desk.
    pub(crate) fn sit_down(&mut self, desk: Desk, play: bool) {
        let Some(open) = desk.open_branch().cloned() else {
            return;
        };
        let highest = desk.branches.iter().map(|branch| branch.number).max();
        self.next_branch = highest.map_or(0, |number| number.saturating_add(1));
        self.open(open.run, open.cursor);
        self.branch = open.number;
        self.branches = desk.branches;
        self.lesson = desk.lesson;
        self.twin = None;
        self.kept_twin = desk.twin;
        self.take_up_lesson();
        self.playing = play;
        self.is_held = false;
        self.expected = desk.digest.map(|digest| super::action::Expected {
            at: open.cursor,
            digest,
        });
        self.player.go(Target::Time(open.cursor));
    }
}
