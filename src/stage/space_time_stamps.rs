//! The stamps of the run that is open, read along with its trace while a clock is shown.
//!
//! Few ever choose a clock, so all of this is a chunk; the painter knows [`Stamps`] only.

use std::rc::Rc;

use splitbrain_engine::clocks::Reading;
use splitbrain_engine::clocks::reading::{Cursor, Readings, is_event};
use splitbrain_engine::run::Player;
use splitbrain_engine::scenario::{Choice, Scenario};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::trace::Trace;
use splitbrain_engine::sim::world::World;
use splitbrain_words::{Arg, Lang};

use super::space_time_clock::ShownClock;
use crate::text::Text;

/// Facts that are followed in one frame at most: some milliseconds.
const A_FRAME: u32 = 40_000;
/// Events that are played again in one frame at most, where the trace has let go of
/// what has to be followed.
const EVENTS_A_FRAME: u32 = 8_000;
/// A cursor goes on so far; from further away a checkpoint is nearer.
const NEAR: u32 = 8_192;

/// The run whose stamps are known.
#[derive(Debug)]
struct Followed {
    branch: u32,
    scenario: Rc<Scenario>,
    seed: u64,
    choices: Vec<Choice>,
    /// The last fact that was followed: another one there is another run.
    last: Option<(FactId, Fact)>,
    readings: Readings,
    cursor: Option<Cursor>,
    /// Plays again what the trace let go.
    replay: Option<World>,
    /// What was said last, of which clock and fact, in which language: a picture is
    /// painted many times while the same is said.
    said: Option<(ShownClock, FactId, Lang, String)>,
}

impl Followed {
    fn new(player: &Player, branch: u32) -> Self {
        let run = player.run();
        Self {
            branch,
            scenario: run.scenario.clone(),
            seed: run.seed,
            choices: run.choices.clone(),
            last: None,
            readings: Readings::new(&run.world(), run.scenario.regions.len() as u8),
            cursor: None,
            replay: None,
            said: None,
        }
    }

    fn is_of(&self, player: &Player, branch: u32) -> bool {
        let run = player.run();
        let trace = player.trace();
        let is_same_run = self.branch == branch
            && Rc::ptr_eq(&self.scenario, &run.scenario)
            && self.seed == run.seed
            && self.choices == run.choices;
        is_same_run
            && self.last.is_none_or(|(id, fact)| {
                id.0 < trace.len() && trace.get(id).is_none_or(|held| *held == fact)
            })
    }

    fn follow(&mut self, player: &Player) -> bool {
        let trace = player.trace();
        let end = FactId(trace.len());
        let followed = self.readings.follow(trace, end, A_FRAME);
        if followed.is_ok() {
            self.replay = None;
        } else {
            self.play_again(player);
        }
        let done = followed.unwrap_or(false);
        let last = self.readings.next().0.checked_sub(1).map(FactId);
        let held = last.and_then(|id| Some((id, *trace.get(id)?)));
        self.last = held.or(self.last);
        done
    }

    fn play_again(&mut self, player: &Player) {
        let run = player.run();
        let world = self.replay.get_or_insert_with(|| run.world());
        let first = world.facts();
        let mut recorded = Trace::default();
        for _ in 0..EVENTS_A_FRAME {
            if !world.step(&run.commands, Some(&mut recorded)) {
                break;
            }
        }
        for (id, fact) in recorded.range(FactId(0), FactId(recorded.len())) {
            if first + id.0 == self.readings.next().0 {
                self.readings.push(fact);
            }
        }
    }

    fn at(&mut self, trace: &Trace, fact: FactId) -> Option<Reading> {
        if fact >= self.readings.next() {
            return None;
        }
        let held = self.cursor.take();
        let near = held.filter(|it| it.next() <= fact && fact.0 - it.next().0 <= NEAR);
        let mut cursor = match near {
            Some(cursor) => cursor,
            None => self.readings.cursor(trace, fact).ok().flatten()?,
        };
        while cursor.next() < fact {
            cursor.skip(trace).ok()?;
        }
        let reading = cursor.step(trace).ok()?;
        self.cursor = Some(cursor);
        reading
    }
}

/// What the diagram asks of a run's stamps.
pub(crate) trait Stamps {
    /// Follows the run, as much as fits into a frame; true if all of it is followed.
    fn follow(&mut self, player: &Player, branch: u32) -> bool;

    /// What a clock showed at a fact, in a few characters, if the fact is an event of a
    /// host and has been followed. Quick for facts in order.
    fn short(&mut self, clock: ShownClock, trace: &Trace, fact: FactId) -> Option<String>;

    /// Says what a clock showed at a fact, and for a message also at its other end; none
    /// while that is not known.
    fn told(
        &mut self,
        text: &Text,
        clock: ShownClock,
        player: &Player,
        fact: FactId,
    ) -> Option<String>;
}

/// The functions of the chunk.
pub struct Chunk {
    /// Stamps of no run yet.
    pub(crate) stamps: fn() -> Box<dyn Stamps>,
}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chunk")
    }
}

/// The chunk.
pub(crate) static CHUNK: Chunk = Chunk {
    stamps: || Box::new(OpenRun::default()),
};

/// The stamps of whichever run is open.
#[derive(Debug, Default)]
struct OpenRun {
    followed: Option<Followed>,
}

impl Stamps for OpenRun {
    fn follow(&mut self, player: &Player, branch: u32) -> bool {
        let held = self.followed.take().filter(|it| it.is_of(player, branch));
        let mut followed = held.unwrap_or_else(|| Followed::new(player, branch));
        let done = followed.follow(player);
        self.followed = Some(followed);
        done
    }

    fn short(&mut self, clock: ShownClock, trace: &Trace, fact: FactId) -> Option<String> {
        let reading = self.at(trace, fact)?;
        Some(clock.short(&reading))
    }

    fn told(
        &mut self,
        text: &Text,
        clock: ShownClock,
        player: &Player,
        id: FactId,
    ) -> Option<String> {
        if clock == ShownClock::None {
            return None;
        }
        let lang = text.lang();
        let held = self.followed.as_ref()?.said.as_ref();
        if let Some(held) = held.filter(|it| (it.0, it.1, it.2) == (clock, id, lang)) {
            return Some(held.3.clone());
        }
        let (words, is_all) = self.say(text, clock, player, id)?;
        if is_all && let Some(followed) = &mut self.followed {
            followed.said = Some((clock, id, lang, words.clone()));
        }
        Some(words)
    }
}

impl OpenRun {
    fn at(&mut self, trace: &Trace, fact: FactId) -> Option<Reading> {
        self.followed.as_mut()?.at(trace, fact)
    }

    fn received(&self, trace: &Trace, message: FactId) -> Option<Reading> {
        let followed = self.followed.as_ref()?;
        followed.readings.received(trace, message).ok().flatten()
    }

    /// The words, and whether nothing will have to be added to them.
    fn say(
        &mut self,
        text: &Text,
        clock: ShownClock,
        player: &Player,
        id: FactId,
    ) -> Option<(String, bool)> {
        let trace = player.trace();
        let scenario = &player.run().scenario;
        let fact = *trace.get(id)?;
        let name = ("clock", Arg::Plain(text.get(clock.words()).to_string()));
        let value = |reading: &Reading| Arg::Value(clock.long(text, scenario, reading));
        if !is_event(fact.kind()) {
            let words = text.with("ui.diagram.stamp.none", &[name]);
            return Some((words.to_string(), true));
        }
        let own = self.at(trace, id)?;
        let other = (fact.kind() == FactKind::MessageSent).then(|| self.received(trace, id));
        let is_all = other.as_ref().is_none_or(Option::is_some);
        let words = match other.flatten() {
            None => text.with("ui.diagram.stamp", &[name, ("stamp", value(&own))]),
            Some(received) => {
                let args = [name, ("sent", value(&own)), ("received", value(&received))];
                text.with("ui.diagram.stamp.message", &args)
            }
        };
        Some((words.to_string(), is_all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use splitbrain_engine::playground::busy;
    use splitbrain_engine::run::{Command, Run, Target};
    use splitbrain_engine::sim::time::Time;

    fn player(until_ms: u64, window: u32) -> Player {
        let run = Run::new(Rc::new(busy()), 3);
        let mut player = Player::with_trace(run, Trace::with_window(window));
        player.jump(Target::Time(Time::from_ms(until_ms)));
        player
    }

    fn follow(stamps: &mut OpenRun, player: &Player, branch: u32) {
        let frames = (0..10_000).take_while(|_| !stamps.follow(player, branch));
        assert!(frames.count() < 9_999, "it gets there");
    }

    #[test]
    fn stamps_are_the_same_in_order_and_at_random() {
        let player = player(20_000, 24);
        let trace = player.trace();
        let (mut along, mut across) = (OpenRun::default(), OpenRun::default());
        follow(&mut along, &player, 0);
        follow(&mut across, &player, 0);
        let facts: Vec<FactId> = (0..trace.len()).step_by(997).map(FactId).collect();
        let mut one: Vec<_> = facts.iter().map(|&it| along.at(trace, it)).collect();
        let two: Vec<_> = facts.iter().rev().map(|&it| across.at(trace, it)).collect();
        one.reverse();
        assert_eq!(one, two);
        assert!(one.iter().flatten().count() > 10);
    }

    #[test]
    fn what_the_trace_let_go_is_played_again() {
        let (short, whole) = (player(100_000, 2), player(100_000, 24));
        assert!(short.trace().get(FactId(0)).is_none(), "it let go");
        let (mut one, mut two) = (OpenRun::default(), OpenRun::default());
        follow(&mut one, &short, 0);
        follow(&mut two, &whole, 0);
        let last = (0..short.trace().len()).rev().map(FactId).take(200);
        for id in last {
            assert_eq!(one.at(short.trace(), id), two.at(whole.trace(), id));
        }
    }

    #[test]
    fn after_a_fork_the_stamps_are_those_of_the_new_run() {
        let mut player = player(5_000, 24);
        let mut stamps = OpenRun::default();
        follow(&mut stamps, &player, 0);
        player.jump(Target::Time(Time::from_ms(2_000)));
        let crash = Command::CrashRegion { region: 0 };
        player.act(crash).expect("it can crash");
        player.jump(Target::Time(Time::from_ms(6_000)));
        // Not even a new number of the branch is needed to notice.
        follow(&mut stamps, &player, 0);
        let mut fresh = OpenRun::default();
        follow(&mut fresh, &player, 0);
        let trace = player.trace();
        for id in (0..trace.len()).step_by(53).map(FactId) {
            assert_eq!(stamps.at(trace, id), fresh.at(trace, id));
        }
    }

    #[test]
    fn a_message_is_told_with_both_ends_and_a_crash_with_neither() {
        let mut player = player(3_000, 24);
        player
            .act(Command::CrashRegion { region: 0 })
            .expect("it can");
        player.jump(Target::Time(Time::from_ms(4_000)));
        let mut stamps = OpenRun::default();
        follow(&mut stamps, &player, 0);
        let (trace, text) = (player.trace(), Text::default());
        let find = |kind: FactKind| {
            let mut facts = trace.range(FactId(0), FactId(trace.len()));
            facts
                .find(|(_, fact)| fact.kind() == kind)
                .expect("there is one")
                .0
        };
        let mut said = |clock, id| stamps.told(&text, clock, &player, id);
        let message = find(FactKind::MessageSent);
        let words = said(ShownClock::Lamport, message).expect("it is followed");
        assert!(
            words.starts_with("Lamport: ") && words.contains("received"),
            "{words}"
        );
        let crash = said(ShownClock::Hybrid, find(FactKind::RegionCrashed));
        assert!(crash.expect("it is said").contains("no stamp"));
        assert_eq!(said(ShownClock::None, message), None);
    }
}
