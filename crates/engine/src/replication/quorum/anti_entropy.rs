//! Comparing replicas by hash trees, and handing over what was kept for others.

use super::merkle::{Branch, Step, Tree, leaf};
use super::message::{Copy, Message};
use super::replica::{COMPARE, Replica};
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context, Key, Timer};

impl Replica {
    fn tree(&self, range: u8) -> Tree {
        let of_range = self
            .cells
            .iter()
            .filter(|(key, _)| self.range(**key) == range);
        Tree::of(of_range.filter_map(|(key, cell)| Some((*key, cell.current.as_ref()?))))
    }

    fn in_leaves(&self, range: u8, leaves: u64) -> Vec<(Key, Copy)> {
        let here = self.cells.iter();
        let here =
            here.filter(|(key, _)| self.range(**key) == range && leaves >> leaf(**key) & 1 == 1);
        here.filter_map(|(key, cell)| Some((*key, cell.copy()?)))
            .collect()
    }

    pub(super) fn compare_trees(&self, cx: &mut Context<'_>, from: u8, range: u8, branch: &Branch) {
        match self.tree(range).compare(branch) {
            Step::Same => {}
            Step::Look(branch) => {
                let message = Message::Tree { range, branch };
                self.send(cx, from, Label::Digest, message, FactId::NONE);
            }
            Step::Exchange(leaves) => self.send_leaves(cx, from, range, leaves, true),
        }
    }

    pub(super) fn send_leaves(
        &self,
        cx: &mut Context<'_>,
        to: u8,
        range: u8,
        leaves: u64,
        answer: bool,
    ) {
        let copies = self.in_leaves(range, leaves);
        let subjects = [0, copies.len() as u32, 0];
        let host = HostId(u16::from(to));
        let compared = cx.record(FactKind::ReplicasCompared, 0, host, subjects);
        let about = copies
            .last()
            .map_or(FactId::NONE, |(_, it)| it.version.write);
        let message = Body::protocol(Message::Leaves {
            range,
            leaves,
            copies,
            answer,
        });
        cx.send(self.peer(to), Label::Repair, message, compared, about);
    }

    pub(super) fn set_comparison(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.comparisons += 1;
        let timer = Timer {
            kind: COMPARE,
            tick: self.comparisons,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }

    /// Compares one of the shared ranges with one peer, in turn, and tries to hand over
    /// what is kept for others.
    pub(super) fn compare(&mut self, cx: &mut Context<'_>) {
        let here = self.region();
        let ranges = if self.settings.copies >= self.setup.regions {
            1
        } else {
            self.setup.regions
        };
        let pairs: Vec<(u8, u8)> = (0..ranges)
            .filter(|&range| self.of_range(range).any(|region| region == here))
            .flat_map(|range| self.of_range(range).map(move |peer| (range, peer)))
            .filter(|&(_, peer)| peer != here)
            .collect();
        if let Some(&(range, peer)) = pairs.get(self.comparisons as usize % pairs.len().max(1)) {
            let branch = self.tree(range).root();
            let message = Message::Tree { range, branch };
            self.send(cx, peer, Label::Digest, message, FactId::NONE);
        }
        self.offer_hints(cx);
        self.set_comparison(cx, self.setup.compare_every_us);
    }
}
