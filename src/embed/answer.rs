//! What the frame does when the host page asks.

use splitbrain_lesson::format::tree::Node;
use splitbrain_words::{Arg, Lang};
use wasm_bindgen_futures::spawn_local;

use super::Inner;
use super::incoming::Incoming;
use super::outgoing::{error, message, number};
use crate::lesson::{LessonAction, LessonState};
use crate::session::{Action, PLAYGROUND, Session, record};
use crate::settings;
use crate::share::playground_scenario;

/// The version of states.
const STATE_VERSION: u32 = 1;

impl Inner {
    pub(super) fn answer(&self, incoming: Incoming) {
        match incoming {
            Incoming::Hello => {}
            Incoming::GetState { id } => self.say_state(id),
            Incoming::SetState {
                id,
                version,
                lesson,
                record,
            } => match self.set_state(version, &lesson, &record) {
                Ok(()) => self.say_state(id),
                Err((place, said)) => {
                    let text = self.text();
                    let what = Arg::from(said);
                    let said = text.say("ui.error.state", &[("what", what)]).to_string();
                    self.say(&error(Some(id), "state", &said, place));
                }
            },
            Incoming::Reset => {
                let is_lesson = self.handle.read(|session| session.lesson.is_some());
                if is_lesson {
                    self.handle.dispatch(Action::Lesson(LessonAction::Reset));
                }
            }
            Incoming::Configure {
                theme,
                lang,
                controls,
            } => {
                if let Some(theme) = theme {
                    settings::choose_theme(&self.handle, theme, false);
                }
                if let Some(controls) = controls {
                    settings::choose_controls(controls.as_deref());
                }
                if let Some(lang) = lang {
                    let lang = lang.unwrap_or_else(browser_language);
                    let handle = self.handle.clone();
                    spawn_local(async move {
                        settings::choose_language(&handle, lang, false).await;
                    });
                }
            }
        }
    }

    fn say_state(&self, id: f64) {
        let (lesson, record) = self
            .handle
            .read(|session| (session.slot.clone(), session.desk().text()));
        let state = Node::table([
            ("version", number(STATE_VERSION.into())),
            ("lesson", Node::text(lesson)),
            ("record", Node::text(record)),
        ]);
        self.say(&message(
            "state",
            [("id", number(id as u64)), ("state", state)],
        ));
    }

    /// Puts a state back, or changes nothing and says which field is wrong.
    fn set_state(
        &self,
        version: u32,
        lesson: &str,
        record: &str,
    ) -> Result<(), (&'static str, splitbrain_words::Text)> {
        let text = self.text();
        if version != STATE_VERSION {
            let args = [("version", Arg::from(version))];
            return Err(("state.version", text.say("ui.error.record.newer", &args)));
        }
        let (slot, open) = self
            .handle
            .read(|session| (session.slot.clone(), session.lesson.clone()));
        let is_here = !self.handle.read(Session::lacks_lesson);
        if lesson != slot || !is_here {
            let args = [("lesson", Arg::from(lesson))];
            return Err(("state.lesson", text.say("ui.error.state.lesson", &args)));
        }
        let scenario = |id: &str| {
            let own = open.as_ref().map(|open| open.lesson.scenario.clone());
            own.filter(|own| own.id == id)
                .or_else(|| playground_scenario(id))
        };
        let wrong = |error: record::RecordError| ("state.record", text.record_error(&error));
        let read = record::read(record, scenario).map_err(wrong)?;
        match open {
            Some(open) => {
                let mut state = LessonState::new(open.lesson, None);
                state.read(&read.rest).map_err(wrong)?;
                let desk = Some(read.desk);
                let step = state.progress.reached;
                let open = LessonAction::Open(Box::new(state), desk);
                self.handle.dispatch(Action::Lesson(open));
                self.handle
                    .dispatch(Action::Lesson(LessonAction::GoTo(step)));
            }
            None if slot == PLAYGROUND => {
                let desk = read.desk;
                self.handle.dispatch(Action::Restore { desk, play: false });
            }
            None => {}
        }
        Ok(())
    }
}

/// The language that the browser prefers, as far as there are words for it.
fn browser_language() -> Lang {
    let preferred = web_sys::window().and_then(|window| window.navigator().language());
    preferred
        .and_then(|code| Lang::find(&code))
        .unwrap_or(Lang::En)
}
