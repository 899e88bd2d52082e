//! Draws messages on the map: dots of one look and hue together, since there can be
//! hundreds.

use std::f64::consts::TAU;

use splitbrain_engine::sim::fact::{Fate, HostId, Label};
use web_sys::CanvasRenderingContext2d;

use super::arcs::pair_index;
use super::flights::Flight;
use super::geometry::{Arc, Point, within};
use super::layout::{Layout, marker_radius};
use super::palette::Palette;

/// Hues that regions take in turn.
const HUES: u8 = 8;
/// With more messages than this they have no tails, and leave no rings.
const CROWD: usize = 60;
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
        Label::Replicate | Label::Broadcast | Label::QuorumWrite | Label::Hint => Look::Disc(3.5),
        Label::Digest => Look::Disc(1.5),
        Label::Repair | Label::HomeTransfer => Look::Diamond(4.5, true),
        Label::Charge | Label::JobReport => Look::Square(3.0, true),
        Label::ChargeResult | Label::JobResult => Look::Square(3.0, false),
        Label::Forward | Label::ForwardResult => Look::Diamond(3.75, false),
        Label::QuorumRead
        | Label::AskForVote
        | Label::AskForPreVote
        | Label::LeaseAsk
        | Label::TimeAsk
        | Label::RightsAsk => Look::Ring(2.5),
        Label::QuorumWriteAck
        | Label::QuorumReadReply
        | Label::LogAck
        | Label::Vote
        | Label::PreVote
        | Label::HomeNotice
        | Label::LeaseAnswer
        | Label::LockRelease
        | Label::DeliveryAck
        | Label::TimeAnswer => Look::Ring(1.75),
    }
}

impl Look {
    fn is_filled(self) -> bool {
        match self {
            Self::Disc(_) => true,
            Self::Ring(_) => false,
            Self::Square(_, filled) | Self::Diamond(_, filled) => filled,
        }
    }
}

/// A message that is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// The message.
    pub(super) flight: Flight,
    /// How far it is.
    pub(super) share: f64,
    /// How much of its way its tail covers.
    pub(super) tail: f64,
    /// How long what is left of it stays, as a share of its way too.
    pub(super) linger: f64,
}

/// A dot.
#[derive(Clone, Copy, Debug)]
struct Dot {
    at: Point,
    look: Look,
    hue: u8,
    is_lesser: bool,
}

/// Draws on the sheet over the map.
pub(super) struct Brush<'a> {
    /// What is drawn with.
    pub(super) context: &'a CanvasRenderingContext2d,
    /// The colours.
    pub(super) palette: &'a Palette,
    /// Where everything stands.
    pub(super) layout: &'a Layout,
    /// Nothing may move, so there are neither tails nor rings.
    pub(super) is_still: bool,
}

impl Brush<'_> {
    /// Draws all of them.
    pub(super) fn draw(&self, messages: &[Shown]) {
        let is_plain = self.is_still || messages.len() > CROWD;
        let mut dots = Vec::with_capacity(messages.len());
        for shown in messages {
            let Some((route, hue)) = self.route(&shown.flight) else {
                continue;
            };
            let (end, share) = (self.end_of(&shown.flight), shown.share);
            let is_lesser = shown.flight.label == Label::Digest;
            if !is_plain {
                let (from, to) = ((share - shown.tail).max(0.0), share.min(end));
                if from < to {
                    self.tail(&route, from, to, hue, if is_lesser { 0.25 } else { 0.5 });
                }
            }
            if share < end {
                dots.push(Dot {
                    at: route.at(share),
                    look: look(shown.flight.label),
                    hue: hue % HUES,
                    is_lesser,
                });
            } else if end < 1.0 {
                let age = within((share - end) / (1.0 - end + shown.linger), 0.0, 1.0);
                self.cross(route.at(end), 1.0 - age * age);
            } else if !is_plain && !is_lesser && self.is_between_regions(&shown.flight) {
                let age = within((share - 1.0) / shown.linger, 0.0, 1.0);
                self.pulse(route.to, hue, age);
            }
        }
        self.dots(&dots);
    }

    /// Where it travels, and whose hue it has: its sender's.
    fn route(&self, flight: &Flight) -> Option<(Arc, u8)> {
        let layout = self.layout;
        match (self.region_of(flight.from), self.region_of(flight.to)) {
            (Some(from), Some(to)) => Some((layout.arc(from, to)?, from)),
            (Some(from), None) => match self.customer_of(flight.to) {
                Some(customer) => Some((layout.visit(customer, from)?.reversed(), from)),
                None => Some((self.to_till(from)?, from)),
            },
            (None, Some(to)) => match self.customer_of(flight.from) {
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

    fn region_of(&self, host: HostId) -> Option<u8> {
        ((host.0 as usize) < self.layout.regions.len()).then_some(host.0 as u8)
    }

    fn customer_of(&self, host: HostId) -> Option<u16> {
        host.0.checked_sub(self.layout.regions.len() as u16 + 1)
    }

    fn is_between_regions(&self, flight: &Flight) -> bool {
        self.region_of(flight.from).is_some() && self.region_of(flight.to).is_some()
    }

    /// How far it gets: to the cut if its link is cut.
    fn end_of(&self, flight: &Flight) -> f64 {
        match flight.fate {
            Fate::Arrives | Fate::Duplicated => 1.0,
            Fate::Lost | Fate::Dropped => LOST_AT,
            Fate::Cut => {
                let regions = self.layout.regions.len() as u8;
                let (from, to) = (flight.from.0 as u8, flight.to.0 as u8);
                let (index, is_back) = pair_index(regions, from, to);
                let cut_at = self.layout.links.get(index).map_or(0.5, |link| link.cut_at);
                if is_back { 1.0 - cut_at } else { cut_at }
            }
        }
    }

    /// One path for all that look alike.
    fn dots(&self, dots: &[Dot]) {
        let context = self.context;
        for hue in 0..HUES {
            let color = self.palette.hue(hue);
            for (is_filled, is_lesser) in [(true, true), (true, false), (false, false)] {
                let is_alike = |dot: &&Dot| {
                    (dot.hue, dot.look.is_filled(), dot.is_lesser) == (hue, is_filled, is_lesser)
                };
                let mut alike = dots.iter().filter(is_alike).peekable();
                if alike.peek().is_none() {
                    continue;
                }
                context.begin_path();
                for dot in alike {
                    self.outline(dot.at, dot.look);
                }
                context.set_global_alpha(if is_lesser { 0.5 } else { 1.0 });
                let inside = if is_filled {
                    color
                } else {
                    &self.palette.ground
                };
                context.set_fill_style_str(inside);
                context.fill();
                if !is_filled {
                    context.set_stroke_style_str(color);
                    context.set_line_width(1.5);
                    context.stroke();
                }
            }
        }
    }

    fn outline(&self, at: Point, look: Look) {
        let context = self.context;
        match look {
            Look::Disc(radius) | Look::Ring(radius) => self.circle(at, radius),
            Look::Square(half, _) => {
                context.rect(at.x - half, at.y - half, 2.0 * half, 2.0 * half);
            }
            Look::Diamond(half, _) => {
                context.move_to(at.x, at.y - half);
                context.line_to(at.x + half, at.y);
                context.line_to(at.x, at.y + half);
                context.line_to(at.x - half, at.y);
                context.close_path();
            }
        }
    }

    fn circle(&self, at: Point, radius: f64) {
        self.context.move_to(at.x + radius, at.y);
        // Fails only for a negative radius.
        let _ = self.context.arc(at.x, at.y, radius, 0.0, TAU);
    }

    fn tail(&self, route: &Arc, from: f64, to: f64, hue: u8, alpha: f64) {
        let context = self.context;
        let length = route.from.distance(route.to) * (to - from);
        let pieces = within(length / 40.0, 2.0, 8.0) as u32;
        context.set_stroke_style_str(self.palette.hue(hue));
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
        let context = self.context;
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
    fn pulse(&self, at: Point, hue: u8, age: f64) {
        let context = self.context;
        context.set_global_alpha(0.6 * (1.0 - age));
        context.set_stroke_style_str(self.palette.hue(hue));
        context.set_line_width(1.5);
        context.begin_path();
        self.circle(at, marker_radius(self.layout.is_small) + 3.0 + 6.0 * age);
        context.stroke();
    }
}
