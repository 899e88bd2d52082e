//! A lease store: gives a lease to one asker at a time, each with a number higher than
//! all before.
//!
//! Holder and number are in its log before anybody hears of them. How long a lease still
//! lasts is not: a store that comes back from a crash lets a whole lease pass first.

use crate::sim::fact::{FactId, FactKind, Label};
use crate::sim::node::{Addr, Body, Context};
use crate::view::StateView;

use super::LEASE_US;
use super::message::Message;

/// What is in its log.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// The highest token given.
    token: u32,
    /// By whom it is held, if it was ever given.
    holder: Option<Addr>,
    /// The fact of its grant.
    granted: Option<FactId>,
}

/// A lease that is being logged.
#[derive(Clone, Copy, Debug)]
struct Granting {
    to: Addr,
    asked_us: u64,
    cause: FactId,
    /// The fact that the lease before has run out.
    expired: FactId,
}

/// The store's state.
#[derive(Clone, Debug, Default)]
pub(super) struct LeaseStore {
    held: Held,
    /// Until when it is held by this store's monotonic clock. In memory only.
    until_us: u64,
    granting: Option<Granting>,
}

impl LeaseStore {
    /// It starts, at the beginning or after a crash.
    pub(super) fn start(&mut self, cx: &Context<'_>) {
        self.granting = None;
        if self.held.holder.is_some() {
            self.until_us = cx.monotonic_us + LEASE_US;
        }
    }

    /// Somebody asks; true if what comes of it has to be logged first.
    pub(super) fn ask(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        token: Option<u32>,
        asked_us: u64,
    ) -> bool {
        if self.granting.is_some() {
            return false;
        }
        let is_holder = self.held.holder == Some(from);
        if is_holder && token == Some(self.held.token) {
            self.until_us = cx.monotonic_us + LEASE_US;
            let granted = self.record_grant(cx, cx.cause, 1, from, FactId::NONE);
            self.answer(cx, from, asked_us, granted);
            return false;
        }
        // Who held it and has forgotten is given another.
        let is_free = is_holder || cx.monotonic_us >= self.until_us;
        if !is_free {
            return false;
        }
        let mut expired = FactId::NONE;
        if let (Some(holder), Some(granted), false) =
            (self.held.holder, self.held.granted, is_holder)
        {
            let subjects = [self.held.token, u32::from(cx.me.service()), 0];
            let kind = FactKind::LeaseExpired;
            expired = cx.record_because(granted, kind, 0, holder.host(), subjects);
        }
        self.granting = Some(Granting {
            to: from,
            asked_us,
            cause: cx.cause,
            expired,
        });
        true
    }

    /// What was to be logged is.
    pub(super) fn logged(&mut self, cx: &mut Context<'_>) {
        let Some(granting) = self.granting.take() else {
            return;
        };
        self.held.token += 1;
        self.held.holder = Some(granting.to);
        self.until_us = cx.monotonic_us + LEASE_US;
        let granted = self.record_grant(cx, granting.cause, 0, granting.to, granting.expired);
        self.held.granted = Some(granted);
        self.answer(cx, granting.to, granting.asked_us, granted);
    }

    fn record_grant(
        &self,
        cx: &mut Context<'_>,
        cause: FactId,
        flag: u8,
        to: Addr,
        expired: FactId,
    ) -> FactId {
        let subjects = [self.held.token, u32::from(cx.me.service()), expired.0];
        cx.record_because(cause, FactKind::LeaseGranted, flag, to.host(), subjects)
    }

    /// The lease that it gave last, for panels; whether it has run out says its end.
    pub(super) fn state(&self, state: &mut Vec<StateView>) {
        if let Some(holder) = self.held.holder {
            state.push(StateView::Lease {
                key: None,
                holder: holder.host().0 as u8,
                token: self.held.token,
                until_us: self.until_us,
                // Who is refused asks again later: nobody stands in a queue.
                waiting: Vec::new(),
            });
        }
    }

    fn answer(&self, cx: &mut Context<'_>, to: Addr, asked_us: u64, cause: FactId) {
        let token = self.held.token;
        let body = Body::protocol(Message::Granted { token, asked_us });
        cx.send(to, Label::LeaseAnswer, body, cause, cause);
    }
}
