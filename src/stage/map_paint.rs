//! Paints what moves on the map: messages as dots, once a frame.

use std::rc::Rc;

use yew::NodeRef;

use super::flights::{Sample, shown_us, speed, under_way};
use super::layout::Layout;
use super::map_brush::{Brush, Shown};
use super::motion::Motion;
use super::palette::Palette;
use super::size::Sheet;
use crate::session::Session;

/// From this speed on a sample is shown, in multiples of real time.
pub(super) const SAMPLE_FROM: f64 = 2.0;
/// How long the dot of a sample takes across, in microseconds of real time.
const SAMPLE_US: f64 = 700_000.0;
/// How long a trace of what has arrived or was lost stays, likewise.
const LINGER_US: f64 = 320_000.0;
/// How long the tail of a dot is, likewise.
const TAIL_US: f64 = 90_000.0;
/// How much of its way it covers at most.
const TAIL_MOST: f64 = 0.6;
/// The painter of the map.
#[derive(Default)]
pub(super) struct MapPainter {
    /// Where everything stands.
    pub(super) layout: Option<Rc<Layout>>,
    sheet: Option<Sheet>,
    palette: Palette,
    motion: Motion,
    sample: Sample,
    messages: Vec<Shown>,
    is_blank: bool,
    painted: Option<(u64, u32, u32)>,
}

impl MapPainter {
    /// Paints the moment that is shown, if it is not on the sheet already.
    pub(super) fn paint(&mut self, canvas: &NodeRef, session: &Session) {
        let Some(layout) = self.layout.clone() else {
            return;
        };
        let is_new_theme = self.motion.is_due() && self.palette.refresh();
        if self.sheet.is_none() {
            self.sheet = Sheet::on(canvas);
        }
        let Some(sheet) = self.sheet.as_mut() else {
            return;
        };
        let now_us = shown_us(session);
        let key = (now_us.to_bits(), session.player.end().0, session.changes);
        let is_resized = sheet.fit(layout.size);
        let is_same = self.painted == Some(key) && !is_resized && !is_new_theme;
        if is_same || !(is_resized || self.motion.may_move(session.playing)) {
            return;
        }
        self.painted = Some(key);
        self.messages.clear();
        let messages = &mut self.messages;
        let speed = speed(session);
        if session.playing && speed >= SAMPLE_FROM && !self.motion.is_reduced() {
            let slot_us = (SAMPLE_US * speed) as u64;
            self.sample
                .visit(session, now_us, slot_us, |flight, share| {
                    messages.push(Shown {
                        flight: *flight,
                        share,
                        tail: 0.1,
                        linger: 0.5,
                    });
                });
        } else {
            let (trace, end) = (session.player.trace(), session.player.end());
            let pace = if session.playing {
                speed
            } else {
                speed.min(1.0)
            };
            let linger_us = LINGER_US * pace;
            under_way(trace, end, now_us, linger_us, |flight| {
                messages.push(Shown {
                    flight: *flight,
                    share: flight.share(now_us),
                    tail: (TAIL_US * pace / flight.span_us).min(TAIL_MOST),
                    linger: linger_us / flight.span_us,
                });
            });
        }
        if self.messages.is_empty() && self.is_blank && !is_resized {
            return;
        }
        self.is_blank = self.messages.is_empty();
        sheet.clear();
        let brush = Brush {
            context: &sheet.context,
            palette: &self.palette,
            layout: &layout,
            is_still: self.motion.is_reduced(),
        };
        brush.draw(&self.messages);
    }
}
