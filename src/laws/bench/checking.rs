//! Work of the lab in slices between frames, and the check of an answer.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use splitbrain_lesson::lab::{Answer, Check};
use yew::prelude::*;

use super::Props;
use crate::laws::trial::{PIECE, SLICE_MS, now_ms};
use crate::lesson::LessonAction;
use crate::session::{Action, use_handle};

/// Does a piece of work; true when it is done.
type Work = Box<dyn FnMut(u32) -> bool>;

/// Work that goes on by itself until it is done or stopped.
pub(super) struct Slices {
    work: RefCell<Work>,
    next: RefCell<Option<Timeout>>,
}

impl Slices {
    /// Begins with it after this frame.
    pub(super) fn start(work: impl FnMut(u32) -> bool + 'static) -> Rc<Self> {
        let slices = Rc::new(Self {
            work: RefCell::new(Box::new(work)),
            next: RefCell::default(),
        });
        slices.later();
        slices
    }

    /// Does no more of it.
    pub(super) fn stop(&self) {
        self.next.replace(None);
    }

    fn later(self: &Rc<Self>) {
        let slices = self.clone();
        let timer = Timeout::new(0, move || slices.slice());
        self.next.replace(Some(timer));
    }

    fn slice(self: &Rc<Self>) {
        let begin = now_ms();
        let mut is_done = false;
        while !is_done && now_ms() - begin < SLICE_MS {
            is_done = (self.work.borrow_mut())(PIECE);
        }
        if !is_done {
            self.later();
        }
    }
}

/// Whether an answer is being tried, and what has one tried.
#[hook]
pub(super) fn use_check(props: &Props) -> (bool, Callback<Answer>) {
    let handle = use_handle();
    let asked = use_state(|| None::<Answer>);
    use_effect_with(((*asked).clone(), props.goal.clone(), props.seed), {
        let setter = asked.setter();
        move |(asked, goal, seed)| {
            let slices = asked.as_ref().map(|answer| {
                let mut check = Check::new(goal, answer, *seed);
                let goal = goal.id.clone();
                Slices::start(move |budget| {
                    let is_done = check.advance(budget);
                    if is_done {
                        let decided = Box::new(check.decided());
                        let action = LessonAction::Answer(goal.clone(), decided);
                        handle.dispatch(Action::Lesson(action));
                        setter.set(None);
                    }
                    is_done
                })
            });
            move || {
                if let Some(slices) = slices {
                    slices.stop();
                }
            }
        }
    });
    let ask = {
        let asked = asked.setter();
        Callback::from(move |answer| asked.set(Some(answer)))
    };
    (asked.is_some(), ask)
}
