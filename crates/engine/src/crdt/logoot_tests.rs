//! Two people write at one place, and positions in every gap.

use super::*;
use crate::crdt::Sequence;

fn write<T: Replicated>(text: &mut T, origin: u8, counter: u32, act: Act) -> T::Update {
    let writer = Writer {
        dot: Dot { origin, counter },
        time: 0,
        replicas: 2,
    };
    let update = text.prepare(writer, act).unwrap();
    text.apply(&update);
    update
}

/// What both show after one has typed "abc" and the other "xyz" at the beginning of ".".
fn written_at_once<T: Replicated + Default>() -> Content {
    let mut left = T::default();
    let dot = write(&mut left, 0, 1, Act::Insert { at: 0, letter: '.' });
    let mut right = T::default();
    right.apply(&dot);
    let mut typed = (Vec::new(), Vec::new());
    for (at, (ours, theirs)) in (0..).zip("abc".chars().zip("xyz".chars())) {
        let insert = |letter| Act::Insert { at, letter };
        typed.0.push(write(&mut left, 0, at + 2, insert(ours)));
        typed.1.push(write(&mut right, 1, at + 1, insert(theirs)));
    }
    typed.1.iter().for_each(|update| left.apply(update));
    typed.0.iter().for_each(|update| right.apply(update));
    assert_eq!(left.value(), right.value());
    left.value()
}

#[test]
fn what_two_people_type_at_one_place_comes_out_mixed() {
    assert_eq!(written_at_once::<Logoot>(), Content::Text("axbycz.".into()));
}

#[test]
fn and_does_not_in_a_tree_of_characters() {
    assert_eq!(
        written_at_once::<Sequence>(),
        Content::Text("abcxyz.".into())
    );
}

#[test]
fn there_is_always_a_position_between_two() {
    let mut text = Logoot::default();
    let mut model: Vec<char> = Vec::new();
    for round in 0..400_u32 {
        // At the beginning, at the end, and again and again into one gap.
        let at = match round % 4 {
            0 => 0,
            1 => model.len(),
            2 => model.len() / 2,
            _ => (round as usize * 7) % (model.len() + 1),
        };
        let letter = char::from(b'a' + (round % 26) as u8);
        let origin = (round % 3) as u8;
        let act = Act::Insert {
            at: at as u32,
            letter,
        };
        write(&mut text, origin, round + 1, act);
        model.insert(at, letter);
        if round % 5 == 4 {
            let gone = (round as usize * 11) % model.len();
            write(&mut text, origin, 1_000 + round, Act::Erase(gone as u32));
            model.remove(gone);
        }
        assert_eq!(text.value(), Content::Text(model.iter().collect()));
    }
}

#[test]
fn a_deletion_that_comes_first_holds() {
    let mut left = Logoot::default();
    let insert = write(&mut left, 0, 1, Act::Insert { at: 0, letter: 'a' });
    let erase = write(&mut left, 0, 2, Act::Erase(0));
    let mut right = Logoot::default();
    right.apply(&erase);
    right.apply(&insert);
    assert_eq!(left, right);
    assert_eq!(left.value(), Content::Text(String::new()));
    let mut merged = Logoot::default();
    merged.merge(&left.delta(&insert));
    merged.merge(&left);
    assert_eq!(merged, left);
}
