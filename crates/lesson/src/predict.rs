//! Predictions: what will happen? The answer is what the engine does with the
//! learner's own run.

use splitbrain_engine::run::{MAX_COMMANDS, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::time::Time;

use crate::format::Prediction;
use crate::grade::status;
use crate::observe::Observer;

/// The learner's run from some moment on, with what the prediction lets happen.
/// What the learner does not see yet does not count: commands after the moment are
/// left out.
pub fn continued(prediction: &Prediction, run: &Run, at: Time) -> (Run, Time) {
    let mut continued = run.clone();
    for choice in &prediction.choices {
        continued = continued.with(choice.clone());
    }
    continued.commands.retain(|held| held.at <= at);
    let begins_at = at.after(1);
    let next = prediction.continuation.iter().map(|timed| TimedCommand {
        at: begins_at.after(timed.at.0),
        command: timed.command,
    });
    continued.commands.extend(next);
    continued.commands.truncate(MAX_COMMANDS as usize);
    (continued, begins_at.after(prediction.for_us))
}

/// A prediction that is being tried out.
#[derive(Clone, Debug)]
pub struct Trial {
    prediction: Prediction,
    player: Player,
    observer: Observer,
}

/// What came of a prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This option, by its place.
    Option(u8),
    /// None of the options, or several: the learner's run is another than the one
    /// that the lesson had in mind.
    Undecided,
}

impl Trial {
    /// Tries a prediction out from a moment of a learner's run on.
    pub fn new(prediction: &Prediction, run: &Run, at: Time) -> Self {
        let (run, ends_at) = continued(prediction, run, at);
        let observer = Observer::with_record(&run.scenario);
        let mut player = Player::new(run);
        player.go(Target::Time(ends_at));
        Self {
            prediction: prediction.clone(),
            player,
            observer,
        }
    }

    /// Plays on for so many events at most. True when it is decided.
    pub fn work(&mut self, events: u32) -> bool {
        self.player.work(events)
    }

    /// What came of it, once [`Trial::work`] is done.
    pub fn outcome(&mut self) -> Outcome {
        self.observer.follow_player(&mut self.player);
        let observer = &self.observer;
        let options = self.prediction.options.iter().enumerate();
        let mut true_options = options.filter(|(_, option)| {
            let mut when = option.when.iter();
            when.all(|predicate| status(predicate, observer).is_some_and(|it| it.is_met()))
        });
        match (true_options.next(), true_options.next()) {
            (Some((place, _)), None) => Outcome::Option(place as u8),
            _ => Outcome::Undecided,
        }
    }

    /// The run that was tried, to be looked at.
    pub fn player(&self) -> &Player {
        &self.player
    }
}

/// Tries a prediction out in one go.
pub fn outcome(prediction: &Prediction, run: &Run, at: Time) -> Outcome {
    let mut trial = Trial::new(prediction, run, at);
    while !trial.work(u32::MAX) {}
    trial.outcome()
}
