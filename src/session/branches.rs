//! Branches: acting in the past forks, and no road that was taken is lost.

use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::Choice;
use splitbrain_engine::sim::time::Time;

use super::model::{Branch, Session};

impl Session {
    /// The furthest moment of the open branch: what was played in it, now or before it
    /// was left, and what is still to be done in it.
    pub fn reached(&self) -> Time {
        let mut branches = self.branches.iter();
        let open = branches.find(|branch| branch.number == self.branch);
        let reached = open.map_or(Time::ZERO, |branch| branch.reached);
        let last = self.player.run().commands.last();
        let last = last.map_or(Time::ZERO, |timed| timed.at);
        self.player.frontier_time().max(reached).max(last)
    }

    /// Whether acting now would leave what comes after the cursor to another branch.
    pub fn is_past(&self) -> bool {
        self.player.world().events() < self.player.frontier_event()
            || self.player.time() < self.reached()
            || (self.player.world().commands_done() as usize) < self.player.run().commands.len()
    }

    /// The old run stays as the branch it was; what is played now becomes a new one.
    pub(super) fn forked(&mut self, before: Run, reached: Time, at: Time) {
        self.forget_what_was_ahead();
        let from = self.branch;
        if let Some(branch) = self.entry(from) {
            branch.run = before;
            branch.reached = branch.reached.max(reached);
            branch.cursor = at;
        }
        self.add_branch(Some((from, at)));
        self.inherit_shown(from);
    }

    /// What the player has becomes a branch, and is the open one.
    pub(crate) fn add_branch(&mut self, from: Option<(u32, Time)>) {
        self.branch = self.next_branch;
        self.next_branch += 1;
        self.branches.push(Branch {
            number: self.branch,
            from,
            run: self.player.run().clone(),
            reached: self.player.frontier_time(),
            cursor: self.player.time(),
        });
    }

    /// Brings the open branch's entry up to what the player has.
    pub fn keep_open_branch(&mut self) {
        let (run, cursor) = (self.player.run().clone(), self.player.time());
        let reached = self.player.frontier_time();
        if let Some(branch) = self.entry(self.branch) {
            branch.run = run;
            branch.reached = branch.reached.max(reached);
            branch.cursor = cursor;
        }
    }

    pub(super) fn choose(&mut self, choice: Choice) {
        let run = self.player.run().with(choice);
        if run == *self.player.run() {
            return;
        }
        self.keep_open_branch();
        let (from, at) = (self.branch, self.player.time());
        self.open(run, at);
        self.add_branch(Some((from, Time::ZERO)));
        self.inherit_shown(from);
    }

    pub(crate) fn open_branch(&mut self, number: u32) {
        self.keep_open_branch();
        let branch = self.branches.iter().find(|branch| branch.number == number);
        if let Some(branch) = branch.cloned() {
            self.open(branch.run, branch.cursor);
            self.branch = number;
            self.inherit_shown(number);
        }
    }

    /// Whether a branch may be forgotten: not the open one, nor the learner's own while
    /// something is shown beside it.
    pub fn may_drop(&self, number: u32) -> bool {
        let own = self.lesson.as_ref().map(|lesson| lesson.own);
        number != self.branch && own != Some(number)
    }

    pub(super) fn drop_branch(&mut self, number: u32) {
        if self.may_drop(number) {
            self.branches.retain(|branch| branch.number != number);
            if let Some(lesson) = &mut self.lesson {
                lesson.shown.retain(|shown| *shown != number);
            }
        }
    }

    fn entry(&mut self, number: u32) -> Option<&mut Branch> {
        let mut branches = self.branches.iter_mut();
        branches.find(|branch| branch.number == number)
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::run::Command;

    use super::*;
    use crate::session::{Action, NoticeKind};

    const CRASH: Command = Command::CrashRegion { region: 1 };

    fn take(session: &mut Session, action: Action) {
        session.reduce(action);
        while !session.work(u32::MAX) {}
    }

    fn go(session: &mut Session, ms: u64) {
        take(session, Action::GoTo(Time::from_ms(ms)));
    }

    fn numbers(session: &Session) -> Vec<u32> {
        let branches = session.branches.iter();
        branches.map(|branch| branch.number).collect()
    }

    /// Two branches, of which the first was played to 5 s, left at 1 s, and reopened.
    fn reopened() -> Session {
        let mut session = Session::new(7);
        go(&mut session, 5_000);
        go(&mut session, 1_000);
        take(&mut session, Action::Act(CRASH));
        take(&mut session, Action::OpenBranch(0));
        session
    }

    #[test]
    fn acting_in_the_past_of_a_reopened_branch_forks_and_leaves_it_as_it_was() {
        let mut session = reopened();
        assert_eq!(session.time(), Time::from_ms(1_000));
        assert!(session.is_past(), "five seconds of it have been seen");
        take(
            &mut session,
            Action::Act(Command::CrashRegion { region: 2 }),
        );
        assert_eq!(numbers(&session), [0, 1, 2]);
        assert_eq!(session.branch, 2);
        let (old, new) = (&session.branches[0], &session.branches[2]);
        assert_eq!(new.from, Some((0, Time::from_ms(1_000))));
        assert_eq!(old.run.commands, []);
        assert_eq!(old.reached, Time::from_ms(5_000));
        assert_eq!(new.run.commands.len(), 1);
    }

    #[test]
    fn acting_at_the_end_of_a_reopened_branch_goes_on_in_it() {
        let mut session = reopened();
        let end = session.reached();
        take(&mut session, Action::GoTo(end));
        assert!(!session.is_past());
        take(&mut session, Action::Act(CRASH));
        assert_eq!((session.branch, numbers(&session)), (0, vec![0, 1]));
    }

    #[test]
    fn a_desk_that_was_kept_in_its_past_forks_too() {
        let mut session = Session::new(7);
        let desk = reopened().desk();
        take(&mut session, Action::Restore { desk, play: false });
        take(
            &mut session,
            Action::Act(Command::CrashRegion { region: 2 }),
        );
        assert_eq!(numbers(&session), [0, 1, 2]);
        assert_eq!(session.branches[0].reached, Time::from_ms(5_000));
    }

    #[test]
    fn notices_leave_no_gaps_in_the_numbers_of_branches() {
        let mut session = reopened();
        for word in ["one", "two", "three"] {
            take(&mut session, Action::Tell(NoticeKind::Warning, word.into()));
        }
        take(&mut session, Action::Act(CRASH));
        assert_eq!(numbers(&session), [0, 1, 2]);
        let notices = session.notices.iter();
        assert_eq!(notices.map(|it| it.number).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_number_is_not_given_again_while_the_desk_is_open() {
        let mut session = reopened();
        take(&mut session, Action::DropBranch(1));
        take(&mut session, Action::DropBranch(0));
        assert_eq!(numbers(&session), [0], "the open one stays");
        take(&mut session, Action::Act(CRASH));
        assert_eq!(numbers(&session), [0, 2]);
    }
}
