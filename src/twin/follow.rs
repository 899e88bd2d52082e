//! The other session follows the first: same scenario, seed, commands and moment.

use std::rc::Rc;

use splitbrain_engine::run::{Run, Target};
use splitbrain_lesson::observe::Missing;
use splitbrain_lesson::twin::{
    Seeker, Side, are_twins, choices, compare as compare_sides, twin_of,
};

use super::Twin;
use crate::session::{Handle, NoticeKind, Said, SaidArg, Session};

/// Facts that are compared between two looks at the clock.
const SEEK_FACTS: u32 = 5_000;
/// While time passes, figures are made anew when one in so many operations is new.
const FIGURES_SHARE: usize = 50;

/// Begins to compare the open run with another one, or ends it.
pub(super) fn compare(session: &mut Session, other: Option<Run>) {
    session.twin = None;
    session.kept_twin = None;
    let Some(other) = other else {
        return;
    };
    if !are_twins(session.player.run(), &other) {
        let said = Said::Words("ui.twin.no_twin", Vec::new());
        return session.say(NoticeKind::Warning, said);
    }
    session.why = None;
    session.tab = "side";
    session.twin = Some(Twin {
        choices: other.choices.clone(),
        seeker: Seeker::new(other.scenario.regions.len() as u8),
        handle: Handle::new(beside(session, other)),
        comparison: None,
        compared: ([u32::MAX; 2], 0),
        is_behind: true,
    });
}

/// Compares again with what was compared with when the desk was laid aside; says so if that
/// does not fit the open run. What was kept may be anything.
pub(super) fn resume(session: &mut Session) {
    let Some(with) = session.kept_twin.take() else {
        return;
    };
    let (tab, why) = (session.tab, session.why);
    match choices::read(&with, &session.design) {
        Ok(choices) => {
            let other = twin_of(session.player.run(), &choices);
            compare(session, Some(other));
        }
        Err(errors) => {
            let words = session.text.words();
            let first = errors.first().map(|error| words.scenario_error(error));
            let first = first.map(|error| error.to_string()).unwrap_or_default();
            let args = vec![("why", SaidArg::Plain(first))];
            session.say(NoticeKind::Warning, Said::Words("ui.twin.not_kept", args));
        }
    }
    // Nobody asked for it just now, so nothing is brought to the front.
    (session.tab, session.why) = (tab, why);
    session.changes += 1;
}

/// A session in the other run, at its beginning.
fn beside(session: &Session, run: Run) -> Session {
    let mut other = Session::with_run(run);
    other.playing = false;
    other.take_in(session.chunks);
    other.text = session.text.clone();
    // No branch of the learner's has this number: what stands twice in the page is told
    // apart by it.
    other.branch = u32::MAX;
    other
}

/// Goes on with the other session; true when it is where the first one is and both have
/// been compared.
pub(super) fn work(session: &mut Session, budget: u32) -> bool {
    let Some(mut twin) = session.twin.take() else {
        return true;
    };
    let handle = twin.handle.clone();
    let is_done = handle.change(|other| {
        let (own, held) = (session.player.run(), other.player.run());
        if own.scenario != held.scenario || own.choices == twin.choices {
            return None;
        }
        keep_up(&mut twin, session, other);
        twin.is_behind = !other.work(budget);
        let is_found = !twin.is_behind && seek(&mut twin.seeker, session, other);
        Some(is_found && tell(&mut twin, session, other))
    });
    // Another world is open, or the same design: nothing to compare any more.
    let Some(is_done) = is_done else {
        return true;
    };
    // Time waits for the slower one.
    session.seeking = twin.is_behind;
    session.twin = Some(twin);
    is_done
}

/// Sends the other session where the first one is.
fn keep_up(twin: &mut Twin, session: &Session, other: &mut Session) {
    other.playing = session.playing;
    other.speed = session.speed;
    if other.changes != session.changes {
        other.take_in(session.chunks);
        other.text = session.text.clone();
        other.theme = session.theme;
        other.changes = session.changes;
    }
    let now = session.player.time();
    let (own, held) = (session.player.run(), other.player.run());
    if own.commands != held.commands || own.seed != held.seed {
        let run = twin.run(own);
        let is_next = go_on(other, &run);
        if !is_next {
            other.open(run, now);
        }
        if !is_next || twin.seeker.read_to() >= now {
            // What was found may have gone with the road that was left.
            twin.seeker = Seeker::new(session.scenario().regions.len() as u8);
        }
    }
    other.heading_us = session.heading_us;
    if other.player.time() != now {
        other.player.go(Target::Time(now));
    }
}

/// The one command that is new is given to the player where it stands, if it was given
/// to the first one at the same moment and everything before it is the same.
fn go_on(other: &mut Session, run: &Run) -> bool {
    let held = &other.player.run().commands;
    let [before @ .., last] = run.commands.as_slice() else {
        return false;
    };
    let is_next = held.as_slice() == before
        && other.player.run().seed == run.seed
        && other.player.time().after(1) == last.at
        && other.player.world().commands_done() as usize == before.len();
    if !is_next || other.player.act(last.command).is_err() {
        return false;
    }
    other.forget_what_was_ahead();
    true
}

/// Looks on for where they part, some facts; true when there are no more.
fn seek(seeker: &mut Seeker, session: &mut Session, other: &mut Session) -> bool {
    let played = [&*session, &*other].map(|it| it.player.frontier_time());
    let until = played[0].min(played[1]);
    let before = seeker.first();
    let traces = [session.player.trace(), other.player.trace()];
    let found = seeker.follow(traces, until, SEEK_FACTS);
    if seeker.first() != before {
        session.changes += 1;
    }
    match found {
        Ok(is_done) => is_done,
        Err((side, Missing { from, to })) => {
            let of = if side == 0 { session } else { other };
            // What cannot be made again is not waited for.
            of.player.load(from, to) == 0
        }
    }
}

/// Puts both side by side, when there is something new.
fn tell(twin: &mut Twin, session: &mut Session, other: &Session) -> bool {
    if !session.is_observed() || !other.is_observed() {
        return false;
    }
    let facts = [session.player.end().0, other.player.end().0];
    let record = session.observer.record();
    let operations = record.map_or(0, |record| record.operations().len());
    let (compared, before) = twin.compared;
    let is_going_on = session.playing && operations >= before;
    let is_worth_it = !is_going_on || operations - before > before / FIGURES_SHARE;
    if facts != compared && is_worth_it {
        let comparison = compare_sides([session, other].map(|it| Side {
            world: it.player.world(),
            observer: &it.observer,
        }));
        twin.compared = (facts, operations);
        twin.comparison = Some(Rc::new(comparison));
    }
    true
}
