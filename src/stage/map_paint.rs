//! Paints what moves on the map: messages as dots, once a frame.

use std::f64::consts::TAU;
use std::rc::Rc;

use splitbrain_engine::sim::fact::{Fate, HostId, Label};
use yew::NodeRef;

use super::flights::{Flight, Sample, shown_us, speed, under_way};
use super::geometry::{Arc, Point};
use super::layout::{Layout, marker_radius};
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
/// How far a message that the network loses gets.
const LOST_AT: f64 = 0.62;

/// How a message looks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Look {
    Disc(f64),
    Ring(f64),
    Square(f64, bool),
    Diamond(f64, bool),
}

fn look(label: Label) -> Look {
    match label {
        Label::Request => Look::Ring(3.0),
        Label::Reply => Look::Ring(2.25),
        Label::Replicate => Look::Disc(3.5),
        Label::Digest => Look::Disc(1.5),
        Label::Repair => Look::Diamond(4.5, true),
        Label::Charge => Look::Square(3.0, true),
        Label::ChargeResult => Look::Square(3.0, false),
        Label::Forward | Label::ForwardResult => Look::Diamond(3.75, false),
    }
}

/// The painter of the map.
#[derive(Default)]
pub(super) struct MapPainter {
    /// Where everything stands.
    pub(super) layout: Option<Rc<Layout>>,
    sheet: Option<Sheet>,
    palette: Palette,
    motion: Motion,
    sample: Sample,
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
        sheet.clear();
        let brush = Brush {
            sheet,
            palette: &self.palette,
            layout: &layout,
            is_still: self.motion.is_reduced(),
        };
        let speed = speed(session);
        if session.playing && speed >= SAMPLE_FROM && !self.motion.is_reduced() {
            let slot_us = (SAMPLE_US * speed) as u64;
            self.sample
                .visit(session, now_us, slot_us, |flight, share| {
                    brush.flight(flight, share, 0.1, 0.5);
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
                let tail = (TAIL_US * pace / flight.span_us).min(TAIL_MOST);
                let share = flight.share(now_us);
                brush.flight(flight, share, tail, linger_us / flight.span_us);
            });
        }
    }
}

struct Brush<'a> {
    sheet: &'a Sheet,
    palette: &'a Palette,
    layout: &'a Layout,
    is_still: bool,
}

impl Brush<'_> {
    /// A message that is a share of its way; `tail` and `linger` are shares too.
    fn flight(&self, flight: &Flight, share: f64, tail: f64, linger: f64) {
        let Some((route, region)) = self.route(flight) else {
            return;
        };
        let hue = self.palette.hue(region);
        let end = self.end_of(flight);
        let is_between_regions = region_of(self.layout, flight.from).is_some()
            && region_of(self.layout, flight.to).is_some();
        let fade = if flight.label == Label::Digest {
            0.5
        } else {
            1.0
        };
        if !self.is_still {
            let (from, to) = ((share - tail).max(0.0), share.min(end));
            if from < to {
                self.tail(&route, from, to, hue, 0.5 * fade);
            }
        }
        if share < end {
            self.dot(route.at(share), look(flight.label), hue, fade);
        } else if end < 1.0 {
            let age = ((share - end) / (1.0 - end + linger)).clamp(0.0, 1.0);
            self.cross(route.at(end), 1.0 - age * age);
        } else if is_between_regions && flight.label != Label::Digest && !self.is_still {
            let age = ((share - 1.0) / linger).clamp(0.0, 1.0);
            self.pulse(route.to, hue, age);
        }
    }

    /// Where it travels, and whose hue it has: its sender's.
    fn route(&self, flight: &Flight) -> Option<(Arc, u8)> {
        let layout = self.layout;
        match (region_of(layout, flight.from), region_of(layout, flight.to)) {
            (Some(from), Some(to)) => Some((layout.arc(from, to)?, from)),
            (Some(from), None) => match customer_of(layout, flight.to) {
                Some(customer) => Some((layout.visit(customer, from)?.reversed(), from)),
                None => Some((self.to_till(from)?, from)),
            },
            (None, Some(to)) => match customer_of(layout, flight.from) {
                Some(customer) => {
                    let person = *layout.person_of.get(customer as usize)? as usize;
                    let near = layout.people.get(person)?.near;
                    Some((layout.visit(customer, to)?, near))
                }
                None => Some((self.to_till(to)?.reversed(), to)),
            },
            (None, None) => None,
        }
    }

    fn to_till(&self, region: u8) -> Option<Arc> {
        let mark = self.layout.regions.get(region as usize)?;
        Some(Arc::bulging(mark.at, mark.till, 0.0))
    }

    /// How far it gets: to the cut if its link is cut.
    fn end_of(&self, flight: &Flight) -> f64 {
        match flight.fate {
            Fate::Arrives | Fate::Duplicated => 1.0,
            Fate::Lost | Fate::Dropped => LOST_AT,
            Fate::Cut => {
                let regions = self.layout.regions.len() as u8;
                let (from, to) = (flight.from.0 as u8, flight.to.0 as u8);
                let (index, is_back) = super::arcs::pair_index(regions, from, to);
                let cut_at = self.layout.links.get(index).map_or(0.5, |link| link.cut_at);
                if is_back { 1.0 - cut_at } else { cut_at }
            }
        }
    }

    fn dot(&self, at: Point, look: Look, hue: &str, alpha: f64) {
        let context = &self.sheet.context;
        context.set_global_alpha(alpha);
        context.begin_path();
        let (filled, outlined) = match look {
            Look::Disc(radius) => (circle(context, at, radius), false),
            Look::Ring(radius) => (circle(context, at, radius), true),
            Look::Square(half, filled) => {
                context.rect(at.x - half, at.y - half, 2.0 * half, 2.0 * half);
                (true, !filled)
            }
            Look::Diamond(half, filled) => {
                context.move_to(at.x, at.y - half);
                context.line_to(at.x + half, at.y);
                context.line_to(at.x, at.y + half);
                context.line_to(at.x - half, at.y);
                context.close_path();
                (true, !filled)
            }
        };
        if outlined {
            context.set_fill_style_str(&self.palette.ground);
            context.fill();
            context.set_stroke_style_str(hue);
            context.set_line_width(1.5);
            context.stroke();
        } else if filled {
            context.set_fill_style_str(hue);
            context.fill();
        }
    }

    fn tail(&self, route: &Arc, from: f64, to: f64, hue: &str, alpha: f64) {
        let context = &self.sheet.context;
        let length = route.from.distance(route.to) * (to - from);
        let pieces = (length / 14.0).clamp(3.0, 24.0) as u32;
        context.set_stroke_style_str(hue);
        context.set_line_width(2.0);
        let mut last = route.at(from);
        for piece in 1..=pieces {
            let done = f64::from(piece) / f64::from(pieces);
            let next = route.at(from + (to - from) * done);
            context.set_global_alpha(alpha * done);
            context.begin_path();
            context.move_to(last.x, last.y);
            context.line_to(next.x, next.y);
            context.stroke();
            last = next;
        }
    }

    /// It ended here.
    fn cross(&self, at: Point, alpha: f64) {
        let context = &self.sheet.context;
        context.set_global_alpha(alpha);
        context.set_stroke_style_str(&self.palette.bad);
        context.set_line_width(2.0);
        context.begin_path();
        for (dx, dy) in [(4.0, 4.0), (4.0, -4.0)] {
            context.move_to(at.x - dx, at.y - dy);
            context.line_to(at.x + dx, at.y + dy);
        }
        context.stroke();
    }

    /// It arrived here.
    fn pulse(&self, at: Point, hue: &str, age: f64) {
        let context = &self.sheet.context;
        context.set_global_alpha(0.6 * (1.0 - age));
        context.set_stroke_style_str(hue);
        context.set_line_width(1.5);
        context.begin_path();
        circle(
            context,
            at,
            marker_radius(self.layout.is_small) + 3.0 + 6.0 * age,
        );
        context.stroke();
    }
}

fn circle(context: &web_sys::CanvasRenderingContext2d, at: Point, radius: f64) -> bool {
    // Fails only for a negative radius.
    context.arc(at.x, at.y, radius, 0.0, TAU).is_ok()
}

fn region_of(layout: &Layout, host: HostId) -> Option<u8> {
    ((host.0 as usize) < layout.regions.len()).then_some(host.0 as u8)
}

fn customer_of(layout: &Layout, host: HostId) -> Option<u16> {
    host.0.checked_sub(layout.regions.len() as u16 + 1)
}
