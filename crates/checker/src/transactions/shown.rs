//! How far each session was shown the work of each other one.

use super::by_session::BySession;
use super::operation::OperationId;
use super::watch::Reading;
use super::witness::EdgeKind;

/// The newest write of one session that another one saw.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown {
    /// That many transactions were before it in its session; they are what it
    /// implies.
    pub(super) before: u32,
    /// The write.
    write: OperationId,
    /// The read that saw it.
    read: OperationId,
    /// Of the session that saw it, how many transactions were before that read.
    index: u32,
}

impl Shown {
    /// From a write that is implied to the transaction of a reading.
    pub(super) fn steps_to(self, reading: &Reading) -> Vec<(EdgeKind, OperationId)> {
        let mut steps = vec![
            (EdgeKind::SessionOrder, self.write),
            (EdgeKind::ReadFrom, self.read),
        ];
        if self.index != reading.index {
            steps.push((EdgeKind::SessionOrder, reading.operation));
        }
        steps
    }
}

/// By the session that saw, and the one that wrote.
#[derive(Debug, Clone, Default)]
pub(super) struct ShownSessions {
    shown: Vec<BySession<Option<Shown>>>,
}

impl ShownSessions {
    pub(super) fn see(&mut self, reading: &Reading) {
        let Some(source) = reading.source else {
            return;
        };
        let of = super::by_session::of_key(&mut self.shown, reading.session);
        let shown = of.get_or_default(source.session);
        if shown.is_none_or(|it| it.before < source.index) {
            *shown = Some(Shown {
                before: source.index,
                write: source.operation,
                read: reading.operation,
                index: reading.index,
            });
        }
    }

    pub(super) fn get(&self, by: u32, of: u32) -> Option<Shown> {
        *self.shown.get(by as usize)?.get(of)?
    }
}
