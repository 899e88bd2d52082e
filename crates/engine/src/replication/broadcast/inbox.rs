//! What a message waits for, and those that wait.
//!
//! Source: Birman, Schiper and Stephenson 1991, section 5.1: a message of region `s` with
//! clock `m`, received where the clock shows `c`, is delivered once `m[s] = c[s] + 1` and
//! `m[k] <= c[k]` for every other `k`.

use std::rc::Rc;

use super::message::Post;
use crate::clocks::VersionVector;

/// What is to be shown before a message: of which region, up to which number.
pub(super) fn lacks<'a>(
    clock: &'a VersionVector,
    post: &'a Post,
) -> impl Iterator<Item = (u8, u32)> + 'a {
    let counts = post.past.counts().iter().enumerate();
    counts.filter_map(move |(region, &count)| {
        let region = region as u8;
        let own = u32::from(region == post.origin);
        let needed = count.saturating_sub(own);
        (clock.get(region) < needed).then_some((region, needed))
    })
}

/// Messages that wait. They are in the log, and survive a crash.
#[derive(Clone, Debug, Default)]
pub(super) struct Inbox(Vec<Rc<Post>>);

impl Inbox {
    /// Keeps one.
    pub(super) fn put(&mut self, post: Rc<Post>) {
        self.0.push(post);
    }

    /// Takes out those that wait for nothing any more, in the order in which they came.
    pub(super) fn take_ready(&mut self, clock: &VersionVector) -> Vec<Rc<Post>> {
        let is_ready = |post: &mut Rc<Post>| lacks(clock, post).next().is_none();
        self.0.extract_if(.., is_ready).collect()
    }

    /// Those that wait, in the order in which they came.
    pub(super) fn posts(&self) -> &[Rc<Post>] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::fact::FactId;
    use crate::sim::node::{Key, Value};

    fn vector(counts: &[u32]) -> VersionVector {
        let mut vector = VersionVector::default();
        for (origin, &count) in counts.iter().enumerate() {
            vector.set(origin as u8, count);
        }
        vector
    }

    fn post(origin: u8, past: &[u32]) -> Rc<Post> {
        Rc::new(Post {
            origin,
            number: past[origin as usize],
            room: Key(0),
            text: Value(0),
            message: FactId(0),
            stamp_us: 0,
            past: vector(past),
        })
    }

    #[test]
    fn an_answer_waits_for_its_question_and_a_second_message_for_the_first() {
        let answer = post(1, &[1, 1, 0]);
        let missing: Vec<_> = lacks(&vector(&[0, 0, 0]), &answer).collect();
        assert_eq!(missing, [(0, 1)]);
        assert!(lacks(&vector(&[1, 0, 4]), &answer).next().is_none());
        let second = post(0, &[2, 0, 0]);
        let missing: Vec<_> = lacks(&vector(&[0, 0, 0]), &second).collect();
        assert_eq!(missing, [(0, 1)]);
    }

    #[test]
    fn what_is_ready_leaves_in_the_order_in_which_it_came() {
        let mut inbox = Inbox::default();
        inbox.put(post(1, &[1, 1, 0]));
        inbox.put(post(2, &[2, 0, 1]));
        inbox.put(post(2, &[1, 0, 1]));
        let ready = inbox.take_ready(&vector(&[1, 0, 0]));
        let origins: Vec<u8> = ready.iter().map(|post| post.origin).collect();
        assert_eq!(origins, [1, 2]);
        assert_eq!(inbox.posts().len(), 1);
    }
}
