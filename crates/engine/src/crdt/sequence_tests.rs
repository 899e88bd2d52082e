use super::*;
use crate::crdt::replicated::joined;
use crate::crdt::testing::act;

/// Types a word at a place, forwards or backwards; the acts of a replica from a number on.
fn types(text: &mut Sequence, origin: u8, from: u32, at: u32, word: &str, backwards: bool) {
    for (number, letter) in (0..).zip(word.chars()) {
        let at = if backwards { at } else { at + number };
        act(text, origin, from + number, Act::Insert { at, letter });
    }
}

#[test]
fn characters_stand_where_they_were_typed() {
    let mut text = Sequence::default();
    types(&mut text, 0, 1, 0, "hello", false);
    types(&mut text, 0, 10, 2, "xyz", true);
    assert_eq!(text.text(), "hezyxllo");
    act(&mut text, 0, 20, Act::Erase(2));
    act(&mut text, 0, 21, Act::Erase(2));
    act(&mut text, 0, 22, Act::Erase(2));
    assert_eq!((text.text().as_str(), text.len()), ("hello", 5));
    types(&mut text, 0, 30, 2, "-", false);
    assert_eq!(text.text(), "he-llo");
    assert!(act(&mut text, 0, 40, Act::Erase(6)).is_none());
}

#[test]
fn what_two_people_type_at_one_place_is_not_interleaved() {
    for backwards in [false, true] {
        let mut base = Sequence::default();
        types(&mut base, 2, 1, 0, "[]", false);
        let (mut left, mut right) = (base.clone(), base);
        types(&mut left, 0, 1, 1, "abc", backwards);
        types(&mut right, 1, 1, 1, "xyz", backwards);
        let text = joined(&left, &right).text();
        let expected = if backwards { "[cbazyx]" } else { "[abcxyz]" };
        assert_eq!(text, expected);
        assert_eq!(joined(&right, &left).text(), text);
    }
}

#[test]
fn what_comes_before_its_parent_waits_for_it() {
    let mut left = Sequence::default();
    let mut updates = Vec::new();
    for (number, letter) in (0..).zip("abc".chars()) {
        let insert = Act::Insert { at: number, letter };
        updates.extend(act(&mut left, 0, number + 1, insert));
    }
    updates.extend(act(&mut left, 0, 4, Act::Erase(1)));
    let mut right = Sequence::default();
    for update in updates.iter().rev() {
        right.apply(update);
    }
    assert_eq!(right.text(), "ac");
    assert_eq!(left, right);
}
