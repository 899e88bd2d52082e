use super::*;
use crate::crdt::laws::{Counterexample, Effort, Step, search};

/// The laws that a plan breaks.
fn broken(source: &str) -> Vec<Law> {
    let lab = RuleLab::parse(source).unwrap();
    let findings = search(&lab, LAWS, Effort::default()).into_iter();
    findings
        .filter(|it| it.counterexample.is_some())
        .map(|it| it.law)
        .collect()
}

fn smallest(source: &str, law: Law) -> Counterexample {
    let lab = RuleLab::parse(source).unwrap();
    let found = search(&lab, &[law], Effort::default()).remove(0);
    found.counterexample.unwrap()
}

#[test]
fn rules_that_are_safe_break_nothing() {
    for source in [
        "growing count: per replica maximum",
        "growing cart: per item per replica maximum",
        "growing cart: per replica per item maximum",
        "growing set: union",
        "growing set: per replica union",
        "status: placed < paid < shipped",
        "record: { placed < paid, open < cancelled < shipped }",
        "price: latest",
        "record: { latest, latest }",
        "record: { latest, placed < paid }",
    ] {
        assert_eq!(broken(source), [], "{source}");
    }
}

#[test]
fn rules_that_are_not_safe_break_the_laws_they_are_known_to_break() {
    use Law::{Associative, Convergence, Idempotent, Specification, UpdatesGoUp};
    let sums = [Idempotent, UpdatesGoUp, Specification, Convergence];
    for (source, laws) in [
        // A sum counts what it has counted already.
        ("growing count: sum", &sums[..]),
        // A minimum forbids ever raising a price, a maximum ever lowering it.
        ("price: minimum", &[UpdatesGoUp, Specification, Convergence]),
        ("price: maximum", &[UpdatesGoUp, Specification, Convergence]),
        // The published cart, and what it would need.
        ("growing cart: per item maximum", &[Specification]),
        (
            "cart: per item per replica maximum",
            &[UpdatesGoUp, Specification, Convergence],
        ),
        (
            "growing set: intersection",
            &[UpdatesGoUp, Specification, Convergence],
        ),
        ("set: union", &[UpdatesGoUp, Specification, Convergence]),
        (
            "record: { minimum, placed < paid }",
            &[UpdatesGoUp, Specification, Convergence],
        ),
    ] {
        assert_eq!(broken(source), laws, "{source}");
        assert!(!laws.contains(&Associative));
    }
}

#[test]
fn the_smallest_history_shows_that_a_minimum_forbids_raising_a_price() {
    let found = smallest("price: minimum", Law::UpdatesGoUp);
    let write = |value| Step::Act {
        replica: 0,
        time: 0,
        act: Act::Write(value),
    };
    assert_eq!(found.history.steps, [write(1), write(2)]);
    let found = smallest("growing count: sum", Law::Idempotent);
    assert_eq!(found.history.steps.len(), 1);
}

#[test]
fn what_is_no_plan_is_said_where_and_why() {
    for (source, column, expected, found) in [
        ("", 1, Wanted::Kept, ""),
        ("prize: minimum", 1, Wanted::Kept, "prize"),
        ("growing price: minimum", 9, Wanted::Growing, "price"),
        ("price minimum", 7, Wanted::Colon, "minimum"),
        ("price: union", 8, Wanted::RuleOfNumbers, "union"),
        ("count: latest", 8, Wanted::RuleOfNumbers, "latest"),
        (
            "price: per replica maximum",
            8,
            Wanted::RuleOfNumbers,
            "per",
        ),
        ("set: sum", 6, Wanted::RuleOfSets, "sum"),
        ("cart: per replica maximum", 19, Wanted::PerItem, "maximum"),
        ("cart: per item per item sum", 20, Wanted::OnceOnly, "item"),
        ("count: per item sum", 12, Wanted::OnceOnly, "item"),
        ("count: per region sum", 12, Wanted::ReplicaOrItem, "region"),
        ("status: placed", 15, Wanted::States, ""),
        ("status: a < b < a", 17, Wanted::States, "a"),
        ("status: a < b < c < d < e", 25, Wanted::States, "e"),
        ("record: minimum", 9, Wanted::Fields, "minimum"),
        ("record: { sum, sum, sum, sum }", 26, Wanted::Fields, "sum"),
        ("record: { sum", 14, Wanted::Fields, ""),
        ("price: minimum é", 16, Wanted::End, "é"),
    ] {
        let error = RuleLab::parse(source).unwrap_err();
        assert_eq!(
            (error.column, error.expected, error.found.as_str()),
            (column, expected, found),
            "{source}"
        );
    }
    let long = format!("price: {}", "minimum ".repeat(40));
    assert_eq!(RuleLab::parse(&long).unwrap_err().expected, Wanted::Short);
}

#[test]
fn a_plan_is_written_as_it_is_read() {
    for source in [
        "count: sum",
        "growing count: per replica maximum",
        "growing cart: per item per replica maximum",
        "cart: per replica per item minimum",
        "set: intersection",
        "price: minimum",
        "status: placed < paid < shipped",
        "record: { minimum, placed < paid, sum }",
    ] {
        let plan = parse::parse(source).unwrap();
        assert_eq!(plan.to_string(), source);
    }
}
