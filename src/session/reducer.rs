//! The one reducer: what an action does to the session.

use std::rc::Rc;

use splitbrain_engine::run::{Command, Player, Run, Target};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::time::Time;

use super::action::{Action, Dialog, NoticeKind, Said, SaidArg, Selection, WAITS};
use super::model::{Notice, SPEEDS, Session};

/// Events that a step may pass over in search of one that left a fact.
const STEP_EVENTS: u32 = 10_000;
/// Real time for which news stands, in milliseconds; warnings stand until dismissed.
const NEWS_MS: f64 = 8_000.0;

impl Session {
    /// Takes an action. Going somewhere is only begun; [`Session::work`] does it.
    pub fn reduce(&mut self, action: Action) {
        if !matches!(action, Action::Tick(_)) {
            self.changes += 1;
        }
        // What was said of the last thing done is no news when the next is done.
        if matches!(
            action,
            Action::Act(_) | Action::Choose(_) | Action::Load { .. } | Action::StepOn
        ) {
            let is_news = |notice: &Notice| notice.kind == NoticeKind::Info;
            self.notices.retain(|notice| !is_news(notice));
        }
        // Nor is what waits for time, once it goes on.
        if matches!(
            action,
            Action::Play | Action::TogglePlay | Action::GoTo(_) | Action::GoToFact(_)
        ) {
            self.notices
                .retain(|it| !matches!(it.said, Said::Words(WAITS, _)));
        }
        match action {
            Action::Play => {
                self.is_held = false;
                self.set_playing(true);
            }
            Action::Pause => self.set_playing(false),
            Action::TogglePlay => {
                self.is_held = self.playing;
                self.set_playing(!self.playing);
            }
            Action::StepOn => {
                self.is_held = true;
                self.step_on();
            }
            Action::StepBack => {
                self.is_held = true;
                self.step_back();
            }
            Action::GoTo(time) => self.go(Target::Time(time)),
            Action::GoToFact(fact) => self.go_to_fact(fact),
            Action::GoToViolation {
                first,
                property,
                index,
            } => {
                self.go_to_fact(first);
                self.selection = Selection::Violation { property, index };
            }
            Action::SetSpeed(speed) => self.speed = speed.min(SPEEDS.len() as u8 - 1),
            Action::Tick(ms) => self.tick(ms),
            Action::Act(command) => self.act(command),
            Action::Choose(choice) => self.choose(choice),
            Action::OpenBranch(number) => self.open_branch(number),
            Action::DropBranch(number) => self.drop_branch(number),
            Action::Load { run, cursor, play } => self.load(run, cursor, play),
            Action::Import {
                run,
                cursor,
                expected,
            } => self.import(run, cursor, expected),
            Action::Restore { desk, play } => self.sit_down(desk, play),
            Action::Lesson(action) => {
                if let Some(lessons) = self.chunks.lessons {
                    (lessons.0.reduce)(self, action);
                }
            }
            Action::Compare(other) => {
                if let Some(twins) = self.chunks.twin {
                    (twins.0.compare)(self, other);
                }
            }
            Action::Arrived(chunks) => self.take_in(chunks),
            Action::LessonTrouble(said) => self.trouble = said,
            Action::Select(selection) => self.selection = selection,
            Action::Ask(ask) => {
                self.why = Some(ask);
                self.tab = "side";
            }
            Action::CloseWhy => self.why = None,
            Action::ShowPanel(panel) => {
                self.panel = panel;
                self.tab = "side";
            }
            Action::ShowTab(tab) => self.tab = tab,
            Action::Open(dialog) => self.dialog = Some(dialog),
            Action::Close => self.dialog = None,
            Action::Navigate(place) => self.navigate(place),
            Action::Tell(kind, text) => self.say(kind, Said::Plain(text)),
            Action::Say(kind, said) => self.say(kind, said),
            Action::Speak(text) => self.text = text.keep_up_with(&self.text),
            Action::SetTheme(theme) => self.theme = theme,
            Action::Dismiss(number) => self.notices.retain(|notice| notice.number != number),
        }
    }

    /// Goes on towards where the cursor was sent, with at most this many events;
    /// true when it is there.
    pub fn work(&mut self, budget: u32) -> bool {
        let done = self.player.work(budget);
        if done {
            self.seeking = false;
            self.compare();
            if !self.playing {
                self.heading_us = self.player.time().0 as f64;
            }
        }
        let observed = done && self.observe();
        let tried = match self.chunks.lessons {
            Some(lessons) if self.lesson.is_some() => (lessons.0.work)(self, observed, budget),
            _ => true,
        };
        if let Some(twins) = self.chunks.twin
            && self.kept_twin.is_some()
        {
            (twins.0.resume)(self);
        }
        let twinned = match self.chunks.twin {
            Some(twins) if done && self.twin.is_some() => (twins.0.work)(self, budget),
            _ => true,
        };
        observed && tried && twinned
    }

    fn set_playing(&mut self, playing: bool) {
        self.playing = playing;
        self.heading_us = self.player.time().0 as f64;
    }

    fn tick(&mut self, ms: f64) {
        self.notices.retain_mut(|notice| {
            notice.age_ms += ms;
            notice.kind != NoticeKind::Info || notice.age_ms < NEWS_MS
        });
        // Somebody who fills in a form acts at the moment at which it was opened.
        let waits = matches!(self.dialog, Some(Dialog::Tool(_)));
        let is_elsewhere = self.place.slot().is_none() || self.lacks_lesson();
        if self.playing && !self.seeking && !waits && !is_elsewhere {
            let speed = f64::from(SPEEDS[self.speed as usize]);
            let end = self.stop_at.unwrap_or(Time::MAX).min(self.time_to_act().1);
            self.heading_us = (self.heading_us + ms * speed).min(end.0 as f64);
            self.player.go(Target::Time(Time(self.heading_us as u64)));
            if self.player.time() >= end {
                self.stop_at = None;
                self.set_playing(false);
            }
        }
    }

    fn go(&mut self, target: Target) {
        let target = match target {
            Target::Time(time) => Target::Time(time.min(self.time_to_act().1)),
            Target::Event(_) => target,
        };
        self.stop_at = None;
        self.player.go(target);
        self.seeking = true;
        if let Target::Time(time) = target {
            self.heading_us = time.0 as f64;
        } else {
            self.playing = false;
        }
    }

    fn go_to_fact(&mut self, fact: FactId) {
        let event = self.player.trace().get(fact).map(|fact| fact.event);
        if let Some(event) = event {
            self.go(Target::Event(event + 1));
            self.selection = Selection::Fact(fact);
        }
    }

    fn step_on(&mut self) {
        let next = self
            .player
            .trace()
            .get(self.player.end())
            .map(|fact| fact.event);
        if let Some(event) = next {
            return self.go(Target::Event(event + 1));
        }
        // At the frontier nobody knows yet which event leaves the next fact.
        self.playing = false;
        let facts = self.player.world().facts();
        for _ in 0..STEP_EVENTS {
            self.player
                .jump(Target::Event(self.player.world().events() + 1));
            if self.player.world().facts() != facts {
                break;
            }
        }
        self.heading_us = self.player.time().0 as f64;
    }

    fn step_back(&mut self) {
        let last = self.player.world().facts().checked_sub(1).map(FactId);
        let event = last
            .and_then(|last| self.player.trace().get(last))
            .map(|fact| fact.event);
        if let Some(event) = event {
            self.go(Target::Event(event));
        }
    }

    fn act(&mut self, command: Command) {
        let cursor = self.player.time();
        let (from, to) = self.time_to_act();
        if !(from..to).contains(&cursor) {
            let id = if cursor < from {
                "ui.lesson.too_early"
            } else {
                "ui.lesson.too_late"
            };
            let args = vec![("from", SaidArg::Time(from)), ("to", SaidArg::Time(to))];
            return self.say(NoticeKind::Warning, Said::Words(id, args));
        }
        // A player knows what it has played itself; a branch, what was seen of it before.
        let seen = (self.is_past()).then(|| (self.player.run().clone(), self.reached()));
        match (self.player.act(command), seen) {
            (Ok(_), Some((before, reached))) => self.forked(before, reached, cursor),
            (Ok(_), None) => {}
            (Err(error), _) => return self.say(NoticeKind::Error, Said::Command(error)),
        }
        self.heading_us = cursor.0 as f64 + 1.0;
        self.go_on_to(cursor.after(1));
        self.keep_open_branch();
        // What somebody does is there to be watched, in a lesson and in the playground alike,
        // unless she has stopped time herself, to ask for several things in one moment.
        self.playing |= !self.is_held;
    }

    /// Moves to a moment without leaving play.
    fn go_on_to(&mut self, time: Time) {
        self.player.go(Target::Time(time));
        self.seeking = true;
    }

    pub(crate) fn load(&mut self, run: Run, cursor: Time, play: bool) {
        self.open(run, cursor);
        self.branches.clear();
        self.next_branch = 0;
        self.add_branch(None);
        self.playing = play;
    }

    /// Starts a player in this run and sends it to a moment.
    pub(crate) fn open(&mut self, run: Run, cursor: Time) {
        self.design = Rc::new(run.design());
        self.kept_twin = None;
        self.observe_anew(&run);
        self.player = Player::new(run);
        self.selection = Selection::Nothing;
        self.why = None;
        self.stop_at = None;
        self.heading_us = cursor.0 as f64;
        self.go_on_to(cursor);
    }

    pub(crate) fn say(&mut self, kind: NoticeKind, said: Said) {
        let number = self.next_notice;
        self.next_notice += 1;
        self.notices.retain(|notice| notice.said != said);
        self.notices.push(Notice {
            number,
            kind,
            said,
            age_ms: 0.0,
        });
    }
}
