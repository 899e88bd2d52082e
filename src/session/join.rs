//! Two desks as one: what another tab kept of the same place becomes branches.

use splitbrain_engine::run::Run;
use splitbrain_engine::sim::time::Time;

use super::desk::Desk;
use super::model::Branch;
use super::record::{MAX_BRANCHES, MAX_LENGTH};

/// How much of a branch another one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shared {
    /// Everything that was done and seen in it.
    All,
    /// What is missing begins at this moment, at the end of the other.
    Start(Time),
    /// They are different roads.
    Nothing,
}

impl Desk {
    /// Takes in what was done on another desk of the same place, and returns how many
    /// branches came of it. Nothing where there is no room; then this desk is as it was.
    pub fn join(&mut self, other: &Self) -> Option<u32> {
        let mut joined = self.clone();
        let mut added = 0;
        // What the other desk's branches are called on this one.
        let mut names: Vec<(u32, u32)> = Vec::new();
        for theirs in &other.branches {
            if is_bare(&theirs.run) && other.branches.len() == 1 && other.lesson.is_none() {
                continue;
            }
            let (number, is_new) = joined.take_in(theirs, &names);
            names.push((theirs.number, number));
            added += u32::from(is_new);
            // What was shown there is no more the learner's own here.
            let is_shown = |desk: &Self| {
                let lesson = desk.lesson.as_ref();
                lesson.is_some_and(|lesson| lesson.shown.contains(&theirs.number))
            };
            if is_new
                && is_shown(other)
                && let Some(lesson) = &mut joined.lesson
                && !lesson.shown.contains(&number)
            {
                lesson.shown.push(number);
            }
        }
        if let (Some(mine), Some(theirs)) = (&mut joined.lesson, &other.lesson) {
            mine.progress.join(&theirs.progress);
        }
        let has_room = joined.branches.len() as u64 <= u64::from(MAX_BRANCHES)
            && joined.text().len() as u64 <= u64::from(MAX_LENGTH);
        if !has_room {
            return None;
        }
        *self = joined;
        Some(added)
    }

    /// Its number here, and whether it is a new branch.
    fn take_in(&mut self, theirs: &Branch, names: &[(u32, u32)]) -> (u32, bool) {
        let mut from = theirs.from.and_then(|(parent, at)| {
            let (_, parent) = names.iter().find(|(theirs, _)| *theirs == parent)?;
            Some((*parent, at))
        });
        for mine in &mut self.branches {
            match shared(theirs, mine) {
                Shared::All => {
                    if mine.run == theirs.run {
                        mine.reached = mine.reached.max(theirs.reached);
                    }
                    return (mine.number, false);
                }
                // What is open stays as it is.
                Shared::Start(at) if mine.number == self.open => from = Some((mine.number, at)),
                Shared::Start(_) => {
                    mine.run = theirs.run.clone();
                    mine.reached = mine.reached.max(theirs.reached);
                    return (mine.number, false);
                }
                Shared::Nothing => {}
            }
        }
        let highest = self.branches.iter().map(|branch| branch.number).max();
        let number = highest.map_or(0, |number| number.saturating_add(1));
        self.branches.push(Branch {
            number,
            from,
            ..theirs.clone()
        });
        (number, true)
    }
}

fn is_bare(run: &Run) -> bool {
    run.commands.is_empty() && run.choices.is_empty()
}

/// How much of a branch is in another.
fn shared(theirs: &Branch, mine: &Branch) -> Shared {
    let (one, other) = (&theirs.run, &mine.run);
    let is_same_start = one.scenario.id == other.scenario.id
        && one.seed == other.seed
        && one.choices == other.choices;
    if !is_same_start {
        return Shared::Nothing;
    }
    let both = one.commands.iter().zip(&other.commands);
    let same = both.take_while(|(one, other)| one == other).count();
    match (one.commands.get(same), other.commands.get(same)) {
        (None, None) => Shared::All,
        // It was seen to its end without what comes next here.
        (None, Some(next)) if theirs.reached < next.at => Shared::All,
        (Some(next), None) if mine.reached < next.at => Shared::Start(next.at),
        _ => Shared::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::run::Command;

    use super::*;
    use crate::session::{Action, Session};

    fn take(session: &mut Session, action: Action) {
        session.reduce(action);
        while !session.work(u32::MAX) {}
    }

    fn crash(session: &mut Session, ms: u64, region: u8) {
        take(session, Action::GoTo(Time::from_ms(ms)));
        take(session, Action::Act(Command::CrashRegion { region }));
    }

    /// Two tabs that have the same desk, with something done in it.
    fn two_tabs() -> (Session, Session) {
        let mut one = Session::new(7);
        crash(&mut one, 1_000, 0);
        let mut other = Session::new(8);
        let desk = one.desk();
        take(&mut other, Action::Restore { desk, play: false });
        (one, other)
    }

    fn commands(desk: &Desk) -> Vec<usize> {
        let branches = desk.branches.iter();
        branches.map(|branch| branch.run.commands.len()).collect()
    }

    #[test]
    fn what_two_tabs_did_from_one_moment_on_is_two_branches() {
        let (mut one, mut other) = two_tabs();
        crash(&mut one, 2_000, 1);
        crash(&mut other, 2_000, 2);
        let mut desk = one.desk();
        assert_eq!(desk.join(&other.desk()), Some(1));
        assert_eq!(commands(&desk), [2, 2]);
        assert_eq!(desk.branches[0].run, *one.player.run());
        assert_eq!(desk.branches[1].run, *other.player.run());
        assert_eq!(desk.open, 0);
        assert_eq!(desk.join(&other.desk()), Some(0), "it is there already");
    }

    #[test]
    fn a_tab_that_only_watched_adds_nothing_but_how_far_it_saw() {
        let (one, mut other) = two_tabs();
        take(&mut other, Action::GoTo(Time::from_ms(9_000)));
        let mut desk = one.desk();
        assert_eq!(desk.join(&other.desk()), Some(0));
        assert_eq!(desk.branches[0].reached, Time::from_ms(9_000));
    }

    #[test]
    fn what_was_done_after_the_open_branch_becomes_a_branch_of_it() {
        let (one, mut other) = two_tabs();
        crash(&mut other, 5_000, 2);
        let mut desk = one.desk();
        assert_eq!(desk.join(&other.desk()), Some(1));
        let at = Time::from_ms(5_000).after(1);
        assert_eq!(desk.branches[1].from, Some((0, at)));
        let mut desk = other.desk();
        assert_eq!(desk.join(&one.desk()), Some(0), "it has all of it");
    }

    #[test]
    fn a_whole_tree_keeps_its_shape() {
        let (mut one, mut other) = two_tabs();
        crash(&mut one, 3_000, 1);
        crash(&mut other, 4_000, 2);
        crash(&mut other, 500, 2);
        let mut desk = one.desk();
        assert_eq!(desk.join(&other.desk()), Some(2));
        let from: Vec<_> = desk.branches.iter().map(|it| it.from).collect();
        assert_eq!(from, [None, None, Some((1, Time::from_ms(500)))]);
    }

    #[test]
    fn a_run_in_which_nobody_did_anything_adds_nothing() {
        let (one, _) = two_tabs();
        let mut desk = one.desk();
        assert_eq!(desk.join(&Session::new(9).desk()), Some(0));
        assert_eq!(desk.branches.len(), 1);
    }
}
