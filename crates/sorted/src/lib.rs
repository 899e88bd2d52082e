//! What is kept in order: a map, and a sort of short lists.
//!
//! The standard library's are quicker for millions of entries, and generic: every
//! kind of entry gets a copy of their code, 4 to 8 kB of WebAssembly each. The page
//! has some twenty kinds and weighs what it downloads, so these are short instead.

mod map;

pub use self::map::Map;

/// Sorts a short list; equals keep their order. Insertion sort: at its best for a
/// dozen elements, and quadratic for many.
pub fn sort_short<T>(list: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    for end in 1..list.len() {
        let mut at = end;
        while at > 0 && is_before(&list[at], &list[at - 1]) {
            list.swap(at, at - 1);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_order() {
        let mut list = [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (0, 'e')];
        sort_short(&mut list, |one, other| one.0 < other.0);
        assert_eq!(list.map(|it| it.1), ['e', 'b', 'd', 'a', 'c']);
    }
}
