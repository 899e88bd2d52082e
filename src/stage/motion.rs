//! How much may move: nothing, if somebody asked their system for that. Then the
//! state steps.

/// Real time between two steps where nothing may move, in milliseconds.
const STEP_MS: f64 = 800.0;
/// Frames between two looks at the theme and at the system's wishes.
const LOOK_EVERY: u32 = 20;

/// Whether things may move now.
#[derive(Debug, Default)]
pub(super) struct Motion {
    frames: u32,
    is_reduced: bool,
    stepped_ms: f64,
}

impl Motion {
    /// Counts a frame; true if it is time to look at theme and wishes.
    pub(super) fn is_due(&mut self) -> bool {
        let is_due = self.frames.is_multiple_of(LOOK_EVERY);
        self.frames = self.frames.wrapping_add(1);
        if is_due {
            self.is_reduced = prefers_reduced_motion();
        }
        is_due
    }

    /// Whether somebody asked for no movement.
    pub(super) fn is_reduced(&self) -> bool {
        self.is_reduced
    }

    /// Whether the picture may change in this frame. What somebody does while
    /// nothing plays is always shown.
    pub(super) fn may_move(&mut self, is_playing: bool) -> bool {
        if !self.is_reduced || !is_playing {
            return true;
        }
        let now_ms = web_sys::window()
            .and_then(|window| window.performance())
            .map_or(0.0, |clock| clock.now());
        let may = now_ms - self.stepped_ms >= STEP_MS;
        if may {
            self.stepped_ms = now_ms;
        }
        may
    }
}

fn prefers_reduced_motion() -> bool {
    web_sys::window()
        .and_then(|window| {
            window
                .match_media("(prefers-reduced-motion: reduce)")
                .ok()?
        })
        .is_some_and(|query| query.matches())
}
