//! Published histories of transactions, natively and in the browser: the strongest
//! level of each is the name of its folder.

use splitbrain_checker::transactions::*;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Folder, file, and what is in it.
macro_rules! file {
    ($folder:literal, $name:literal) => {
        (
            $folder,
            $name,
            include_str!(concat!(
                "../../../tests/data/awdit/",
                $folder,
                "/",
                $name,
                ".txt"
            )),
        )
    };
}

const FILES: [(&str, &str, &str); 9] = [
    file!("causal", "fully-ser"),
    file!("causal", "long-fork"),
    file!("causal", "lost-update"),
    file!("none", "hb-cycle"),
    file!("read-atomic", "biswas-enea"),
    file!("read-atomic", "test-ra"),
    file!("read-committed", "biswas-enea"),
    file!("read-committed", "non-repeatable-read"),
    file!("read-committed", "test-rc"),
];

fn level(text: &str) -> Level {
    let history = awdit::read("a history", text.as_bytes(), Repeats::Refuse).expect("well formed");
    strongest_level(&history).expect("few sessions")
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_strongest_level_of_every_published_history_is_its_folder() {
    for (folder, name, text) in FILES {
        assert_eq!(level(text).id(), folder, "{name}");
    }
}

/// Every number of a column, by a rule.
fn renumbered(text: &str, column: usize, rule: impl Fn(u64) -> u64) -> String {
    let line = |line: &str| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        if let Some(word) = words.get_mut(column) {
            *word = rule(word.parse().expect("a number")).to_string();
        }
        words.join(" ")
    };
    let lines: Vec<_> = text.lines().map(line).collect();
    lines.join("\n")
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn other_names_of_keys_and_values_change_nothing() {
    for (folder, name, text) in FILES {
        let far = |number: u64| u64::MAX - number * 1_000_003;
        let mixed = |number: u64| number.wrapping_add(5).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for rule in [&far as &dyn Fn(u64) -> u64, &mixed] {
            assert_eq!(
                level(&renumbered(text, 1, rule)).id(),
                folder,
                "{name}, keys"
            );
            assert_eq!(
                level(&renumbered(text, 2, rule)).id(),
                folder,
                "{name}, values"
            );
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_order_of_the_sessions_changes_nothing() {
    for (folder, name, text) in FILES {
        let mut sessions: Vec<&str> = text.split("=====").collect();
        for _ in 0..sessions.len() {
            sessions.rotate_left(1);
            assert_eq!(level(&sessions.join("\n=====\n")).id(), folder, "{name}");
            let backwards: Vec<&str> = sessions.iter().rev().copied().collect();
            assert_eq!(level(&backwards.join("\n=====\n")).id(), folder, "{name}");
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn nothing_can_be_spared_from_a_witness_in_a_published_history() {
    let mut witnesses = 0;
    for (_, name, text) in FILES {
        let history = awdit::read(name, text.as_bytes(), Repeats::Refuse).expect("well formed");
        for model in Model::ALL {
            let Verdict::Violated { witness } = check(&history, model).expect("few sessions")
            else {
                continue;
            };
            witnesses += 1;
            let all = &witness.transactions;
            assert!(witness.is_minimal);
            assert!(
                !holds(&history.restrict(|it| all.contains(&it)), model).expect("few sessions")
            );
            for spared in all {
                let rest = history.restrict(|it| it != *spared && all.contains(&it));
                assert!(
                    holds(&rest, model).expect("few sessions"),
                    "{name}, {model:?}: {witness:?}"
                );
            }
        }
    }
    // Of the levels above its own alone, each file breaks so many.
    assert!(witnesses >= 3 + 2 + 3 * 2, "{witnesses}");
}
