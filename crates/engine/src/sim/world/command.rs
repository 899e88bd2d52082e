//! What commands do to a world: customers act, links are cut, regions crash, clocks are
//! set.

use super::World;
use crate::run::{Command, Direction, TimedCommand};
use crate::sim::dice::identity;
use crate::sim::fact::{Draft, FactId, FactKind, HostId, MoveRefusal};
use crate::sim::node::{Addr, Key, MAX_SERVICES};

impl World {
    /// A learner's or a script's command. One that changes nothing (crashing what
    /// is down) still leaves its own fact.
    pub(super) fn command(&mut self, next: &TimedCommand) {
        let first = match &next.command {
            Command::Act { customer, .. } => HostId(u16::from(self.regions) + 1 + customer),
            Command::CutLink { from, .. }
            | Command::HealLink { from, .. }
            | Command::DegradeLink { from, .. } => HostId(u16::from(*from)),
            Command::CrashRegion { region }
            | Command::RestartRegion { region }
            | Command::PromoteRegion { region }
            | Command::PauseRegion { region }
            | Command::ResumeRegion { region }
            | Command::SlowRegion { region, .. }
            | Command::MoveHome { region, .. }
            | Command::StepClock { region, .. }
            | Command::DropNextReply { region, .. } => HostId(u16::from(*region)),
        };
        let draft = Draft {
            kind: FactKind::CommandGiven,
            flag: next.command.tag(),
            peer: first,
            subjects: [self.next_command - 1, 0, 0],
        };
        let cause = self.record(first, FactId::NONE, draft);
        match &next.command {
            Command::Act { action, .. } => {
                let id = next.identity();
                self.run_node(Addr::new(first, 0), id, cause, |node, cx| {
                    node.on_action(cx, action);
                });
            }
            &Command::CutLink {
                from,
                to,
                direction,
            } => {
                self.set_cut(from, to, direction, true, cause);
            }
            &Command::HealLink {
                from,
                to,
                direction,
            } => {
                self.set_cut(from, to, direction, false, cause);
            }
            &Command::DegradeLink {
                from,
                to,
                loss_ppm,
                duplicate_ppm,
                reorder_ppm,
                extra_us,
            } => {
                for (from, to) in [(from, to), (to, from)] {
                    let link = self.network.link_mut(from, to);
                    link.loss_ppm = loss_ppm;
                    link.duplicate_ppm = duplicate_ppm;
                    link.reorder_ppm = reorder_ppm;
                    link.extra_us = extra_us;
                    let subjects = [loss_ppm, extra_us, duplicate_ppm];
                    self.record_at(from, to, cause, FactKind::LinkDegraded, subjects);
                }
            }
            &Command::CrashRegion { region } => self.crash(region, cause),
            &Command::RestartRegion { region } => self.restart(region, cause),
            &Command::PromoteRegion { region } => self.promote(region, next.identity(), cause),
            &Command::MoveHome { key, region } => {
                self.move_home(region, key, next.identity(), cause);
            }
            &Command::PauseRegion { region } => self.pause(region, cause),
            &Command::ResumeRegion { region } => self.resume(region, cause),
            &Command::SlowRegion { region, extra_us } => {
                self.paces[region as usize].slow(extra_us);
                let subjects = [extra_us, 0, 0];
                self.record_at(region, region, cause, FactKind::RegionSlowed, subjects);
            }
            &Command::StepClock {
                region,
                offset_us,
                drift_ppm,
            } => {
                let host = &mut self.hosts[region as usize];
                host.clock.step(self.now, offset_us, drift_ppm);
                host.is_slewed = false;
                let clock = host.clock;
                self.record_clock(HostId(u16::from(region)), clock, 0, cause);
            }
            &Command::DropNextReply { region, customer } => {
                let from = HostId(u16::from(region));
                let to = customer.map_or(from, |index| HostId(u16::from(self.regions) + 1 + index));
                self.armed.push((from, to));
                let draft = Draft {
                    kind: FactKind::ReplyDropArmed,
                    flag: 0,
                    peer: to,
                    subjects: [0; 3],
                };
                self.record(from, cause, draft);
            }
        }
    }

    fn set_cut(&mut self, a: u8, b: u8, direction: Direction, is_cut: bool, cause: FactId) {
        let kind = if is_cut {
            FactKind::LinkCut
        } else {
            FactKind::LinkHealed
        };
        let ways: &[(u8, u8)] = match direction {
            Direction::OneWay => &[(a, b)],
            Direction::Both => &[(a, b), (b, a)],
        };
        for &(from, to) in ways {
            if self.network.link(from, to).is_cut != is_cut {
                self.network.link_mut(from, to).is_cut = is_cut;
                self.record_at(from, to, cause, kind, [0; 3]);
            }
        }
    }

    fn crash(&mut self, region: u8, cause: FactId) {
        let host = &mut self.hosts[region as usize];
        if !host.is_up {
            return;
        }
        host.is_up = false;
        let incarnation = host.incarnation;
        self.record_at(
            region,
            region,
            cause,
            FactKind::RegionCrashed,
            [incarnation, 0, 0],
        );
        for at in region_nodes(region) {
            let id = identity(u64::from(at.0), u64::from(incarnation));
            self.run_node(at, id, cause, |node, cx| node.on_crash(cx));
        }
        for event in self.paces[region as usize].stop() {
            self.drop_event(&event);
        }
    }

    fn pause(&mut self, region: u8, cause: FactId) {
        if self.hosts[region as usize].is_up && self.paces[region as usize].pause() {
            self.record_at(region, region, cause, FactKind::RegionPaused, [0; 3]);
        }
    }

    fn resume(&mut self, region: u8, cause: FactId) {
        if let Some(held) = self.paces[region as usize].resume(self.now) {
            let waited = held.len() as u32;
            let subjects = [waited, 0, 0];
            self.record_at(region, region, cause, FactKind::RegionResumed, subjects);
            for (at, event) in held {
                self.put_off(at, event);
            }
        }
    }

    /// Who is paused does not hear of it.
    fn promote(&mut self, region: u8, step: u64, cause: FactId) {
        if self.hosts[region as usize].is_up && !self.is_paused(region) {
            for at in region_nodes(region) {
                let id = identity(step, u64::from(at.0));
                self.run_node(at, id, cause, |node, cx| node.on_promote(cx));
            }
        }
    }

    /// Who is paused or down does not hear of it, and the key stays where it is.
    fn move_home(&mut self, region: u8, key: Key, step: u64, cause: FactId) {
        let host = HostId(u16::from(region));
        if self.hosts[region as usize].is_up && !self.is_paused(region) {
            let at = Addr::new(host, key.service());
            let id = identity(step, u64::from(at.0));
            return self.run_node(at, id, cause, |node, cx| node.on_move_home(cx, key));
        }
        let draft = Draft {
            kind: FactKind::HomeMoveRefused,
            flag: MoveRefusal::Down as u8,
            peer: host,
            subjects: [key.0, 0, 0],
        };
        self.record(host, cause, draft);
    }

    fn restart(&mut self, region: u8, cause: FactId) {
        let host = &mut self.hosts[region as usize];
        if host.is_up {
            return;
        }
        host.is_up = true;
        host.incarnation += 1;
        let incarnation = host.incarnation;
        self.record_at(
            region,
            region,
            cause,
            FactKind::RegionRestarted,
            [incarnation, 0, 0],
        );
        for at in region_nodes(region) {
            if self.nodes[at.0 as usize].is_some() {
                self.schedule_start(at, cause);
            }
        }
    }
}

fn region_nodes(region: u8) -> impl Iterator<Item = Addr> {
    let host = HostId(u16::from(region));
    (0..MAX_SERVICES).map(move |service| Addr::new(host, service))
}
