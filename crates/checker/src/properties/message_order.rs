//! Message order: nobody reads an answer before the question.
//!
//! # What it says
//! Messages are shown to each reader in an order that respects happened-before of
//! their sending. A message was sent before another when the same author sent it
//! earlier, when the author of the other had been shown it, or by a chain of these.
//! For every reader and every message that is shown to her after one in the same room
//! that it was sent before: one violation, from that moment on, for ever.
//!
//! | what a reader is shown | verdict |
//! |---|---|
//! | question, answer | fine |
//! | two messages whose authors had not seen each other's, in any order | fine |
//! | answer, question | out of order |
//! | answer, and never the question | not out of order: what is missing is another matter |
//! | a message after one of another room that was sent in knowledge of it | fine: she had not looked there |
//! | her own message after an answer to it | fine: she has seen it since she sent it |
//!
//! Only the first time that a message is shown to a reader counts.
//!
//! # Cost
//! A vector clock a message and a reader, with an entry for each author that it knows
//! of: so many steps a message sent or shown. Clocks, and who was shown what, are kept
//! for ever: a message may be shown to a newcomer at any time.
//!
//! # Source
//! Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*, CACM
//! 21(7), 1978; Birman and Joseph, *Reliable Communication in the Presence of
//! Failures*, TOCS 5(1), 1987 (causal broadcast).

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::observation::{FactRef, KeyRef, Observation, OpRef, Session};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::MessageOrder,
    id: "message_order",
    per_customer: true,
    kinds: &[ViolationKind::ShownOutOfOrder],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct MessageOrder {
    messages: Map<OpRef, Message>,
    /// What each author knows of, by whichever room.
    authors: Map<Session, Vec<Known>>,
    /// What was sent before something that a reader was shown in a room.
    readers: Map<(Session, KeyRef), Vec<Known>>,
    /// What was shown to whom.
    shown: Map<(Session, OpRef), ()>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone)]
struct Message {
    posted: FactRef,
    room: KeyRef,
    author: Session,
    /// Which of its author's messages it is, from 1.
    number: u32,
    /// How many messages of each author were sent before it, itself among them.
    clock: Vec<(Session, u32)>,
}

/// What somebody knows of an author's messages.
#[derive(Debug, Clone, Copy)]
struct Known {
    author: Session,
    /// How many of them were sent before something that she was shown or sent.
    count: u32,
    /// The message that she knows it by, and where she was shown it.
    by: (OpRef, FactRef),
}

impl MessageOrder {
    fn post(&mut self, fact: FactRef, op: OpRef, room: KeyRef, session: Session) {
        if self.messages.contains_key(&op) {
            return;
        }
        let known = self.authors.get_or_insert_with(session, Vec::new);
        let own = known.iter().find(|it| it.author == session);
        let number = own.map_or(0, |it| it.count) + 1;
        learn(known, session, number, (op, fact));
        let message = Message {
            posted: fact,
            room,
            author: session,
            number,
            clock: known.iter().map(|it| (it.author, it.count)).collect(),
        };
        self.messages.insert(op, message);
    }

    fn show(&mut self, fact: FactRef, op: OpRef, session: Session) {
        let Some(message) = self.messages.get(&op) else {
            return;
        };
        if message.author == session || self.shown.contains_key(&(session, op)) {
            return;
        }
        self.shown.insert((session, op), ());
        let place = (session, message.room);
        let known = self.readers.get_or_insert_with(place, Vec::new);
        let overtaken = known
            .iter()
            .find(|it| it.author == message.author && it.count >= message.number);
        if let Some(&Known {
            by: (by, shown), ..
        }) = overtaken
            && let Some(answer) = self.messages.get(&by)
        {
            let witness = vec![
                (message.posted, Role::Posted),
                (answer.posted, Role::Answered),
                (shown, Role::ShownFirst),
                (fact, Role::ShownLate),
            ];
            self.violations.push(Violation {
                session: Some(session),
                key: Some(message.room),
                op: Some(op),
                other: Some((answer.author, by)),
                ..Violation::new(ViolationKind::ShownOutOfOrder, witness)
            });
        }
        let author = self.authors.get_or_insert_with(session, Vec::new);
        for &(sender, count) in &message.clock {
            learn(known, sender, count, (op, fact));
            learn(author, sender, count, (op, fact));
        }
    }
}

fn learn(known: &mut Vec<Known>, author: Session, count: u32, by: (OpRef, FactRef)) {
    let new = Known { author, count, by };
    match known.iter_mut().find(|it| it.author == author) {
        Some(held) if held.count < count => *held = new,
        Some(_) => {}
        None => known.push(new),
    }
}

impl Property for MessageOrder {
    fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::MessagePosted {
                fact,
                op,
                room,
                session,
            } => self.post(fact, op, room, session),
            Observation::MessageShown { fact, op, session } => self.show(fact, op, session),
            _ => {}
        }
    }

    fn has_subject(&self) -> bool {
        !self.messages.is_empty()
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use PropertyId::MessageOrder as IT;

    const ANN: u16 = 0;
    const BOB: u16 = 1;
    const EVE: u16 = 2;

    #[test]
    fn an_answer_shown_before_its_question_is_out_of_order() {
        let mut run = Script::new(1);
        let (question, posted) = run.posts(ANN);
        run.shown(question, BOB);
        let (answer, answered) = run.posts(BOB);
        let first = run.shown(answer, EVE);
        assert!(run.kinds(IT).is_empty());
        let late = run.shown(question, EVE);
        let violation = run.violation(IT);
        assert_eq!(violation.session, Some(Session(EVE)));
        assert_eq!(violation.op, Some(question));
        assert_eq!(violation.other, Some((Session(BOB), answer)));
        let witness = [
            (posted, Role::Posted),
            (answered, Role::Answered),
            (first, Role::ShownFirst),
            (late, Role::ShownLate),
        ];
        assert_eq!(violation.witness, witness);
    }

    #[test]
    fn messages_whose_authors_knew_nothing_of_each_other_come_in_any_order() {
        let mut run = Script::new(1);
        let [(one, _), (two, _)] = [run.posts(ANN), run.posts(BOB)];
        run.shown(two, EVE);
        run.shown(one, EVE);
        run.shown(two, ANN);
        run.shown(one, BOB);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn the_messages_of_one_author_come_in_order() {
        let mut run = Script::new(1);
        let [(one, _), (two, _)] = [run.posts(ANN), run.posts(ANN)];
        run.shown(two, EVE);
        run.shown(one, EVE);
        assert_eq!(run.kinds(IT), [ViolationKind::ShownOutOfOrder]);
    }

    #[test]
    fn a_chain_of_answers_carries_the_order_on_and_a_second_showing_counts_for_nothing() {
        let mut run = Script::new(1);
        let (one, _) = run.posts(ANN);
        run.shown(one, BOB);
        let (two, _) = run.posts(BOB);
        run.shown(two, 3);
        let (three, _) = run.posts(3);
        run.shown(three, EVE);
        run.shown(one, EVE);
        run.shown(one, EVE);
        assert_eq!(run.kinds(IT), [ViolationKind::ShownOutOfOrder]);
    }

    #[test]
    fn who_reads_one_room_after_another_has_missed_nothing_and_knows_of_it_all_the_same() {
        let mut run = Script::new(1);
        let (there, _) = run.posts_in(1, ANN);
        let (here, _) = run.posts(ANN);
        run.shown(here, EVE);
        run.shown(there, EVE);
        assert!(run.kinds(IT).is_empty());
        // What she says then was said after both.
        let (answer, _) = run.posts_in(1, EVE);
        run.shown(answer, BOB);
        run.shown(there, BOB);
        assert_eq!(run.kinds(IT), [ViolationKind::ShownOutOfOrder]);
        run.shown(here, BOB);
        assert_eq!(run.kinds(IT), [ViolationKind::ShownOutOfOrder]);
    }

    #[test]
    fn an_author_has_seen_her_own_message_since_she_sent_it() {
        let mut run = Script::new(1);
        let (one, _) = run.posts(ANN);
        run.shown(one, BOB);
        let (two, _) = run.posts(BOB);
        run.shown(two, ANN);
        run.shown(one, ANN);
        assert!(run.kinds(IT).is_empty());
    }
}
