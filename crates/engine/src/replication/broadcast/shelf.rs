//! What came from one region, for whoever may lack it.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::message::Post;

/// The messages of one region that are here. They are shown for ever, so none is let go;
/// real systems cut rooms off at some age.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    posts: Map<u32, Rc<Post>>,
    /// Everything up to this number is here.
    contiguous: u32,
}

impl Shelf {
    /// Everything up to this number is here.
    pub(super) fn contiguous(&self) -> u32 {
        self.contiguous
    }

    /// Whether the message with this number is here.
    pub(super) fn has(&self, number: u32) -> bool {
        number <= self.contiguous || self.posts.contains_key(&number)
    }

    /// Takes one in; whether it is new.
    pub(super) fn insert(&mut self, post: &Rc<Post>) -> bool {
        if self.has(post.number) {
            return false;
        }
        self.posts.insert(post.number, Rc::clone(post));
        while self.posts.contains_key(&(self.contiguous + 1)) {
            self.contiguous += 1;
        }
        true
    }

    /// Those after this number, in order, so many at most.
    pub(super) fn after(&self, number: u32, most: usize) -> Vec<Rc<Post>> {
        let from = number.saturating_add(1);
        let later = self.posts.range_from(&from);
        later.take(most).map(|(_, post)| Rc::clone(post)).collect()
    }
}
