//! Reads what a lesson asks of the law lab, and what its scripts answer.

use splitbrain_engine::crdt::catalogue::{Entry, all};
use splitbrain_engine::crdt::laws::Law;
use splitbrain_engine::crdt::laws::rules::{Kept, LAWS};

use super::error::Problem;
use super::lesson::{Step, StepKind};
use super::read::{MAX_PARTS, unique_id};
use super::reader::{Place, Table};
use crate::lab::{Answer, Answers, Ask, HISTORIES, LabGoal, MAX_CHARACTERS, MAX_STEPS};

/// Goals of a step at most: each may take a search.
const MAX_GOALS: u32 = 6;

/// The goals of a step in the law lab.
pub(super) fn read_goals(table: &Table<'_>) -> Vec<LabGoal> {
    let Some(places) = table
        .get("goals")
        .and_then(|goals| goals.list(1, MAX_GOALS))
    else {
        return Vec::new();
    };
    let mut seen = Vec::new();
    let mut has_rule = false;
    let mut goals = Vec::new();
    for place in &places {
        let Some(table) = place.table() else { continue };
        let id = unique_id(&table, &mut seen);
        let ask = read_ask(&table);
        if matches!(ask, Some(Ask::SafeRule { .. })) {
            // It is composed in one form.
            if has_rule {
                let name = Ask::IDS[2].to_owned();
                place.wrong(Problem::Duplicate { name });
            }
            has_rule = true;
        }
        let histories = table.number_or("histories", i64::from(HISTORIES), 50, 2_000);
        table.finish();
        if let (Some(id), Some(ask)) = (id, ask) {
            let histories = histories as u32;
            goals.push(LabGoal { id, ask, histories });
        }
    }
    goals
}

fn read_ask(table: &Table<'_>) -> Option<Ask> {
    Some(match Ask::IDS[table.get("goal")?.one_of(&Ask::IDS)?] {
        "counterexample" => {
            let broken = all().filter(|entry| !entry.breaks.is_empty());
            let broken: Vec<&'static Entry> = broken.collect();
            let subject = read_type(table, &broken);
            let known = subject.map_or(Law::ALL.as_slice(), |entry| entry.breaks);
            let law = table.get("law").and_then(|place| one_law(&place, known));
            let most = MAX_STEPS as i64;
            let at_most = table.number_or("at_most", most, 1, most);
            Ask::Counterexample {
                subject: subject?,
                law: law?,
                at_most: at_most as u32,
            }
        }
        "broken_laws" => {
            let subject = read_type(table, &all().collect::<Vec<_>>());
            let known = subject.map_or(Law::ALL.as_slice(), |entry| entry.laws);
            let among = read_laws(table, "among", known);
            Ask::BrokenLaws {
                subject: subject?,
                among: among?,
            }
        }
        _ => {
            let known = Kept::ALL.map(Kept::id);
            let kept = table.get("keeps").and_then(|place| place.one_of(&known));
            let laws = read_laws(table, "laws", LAWS);
            Ask::SafeRule {
                kept: Kept::ALL[kept?],
                laws: laws?,
            }
        }
    })
}

fn read_type(table: &Table<'_>, known: &[&'static Entry]) -> Option<&'static Entry> {
    let ids: Vec<&str> = known.iter().map(|entry| entry.info.id).collect();
    let place = table.get("subject")?.one_of(&ids)?;
    known.get(place).copied()
}

fn one_law(place: &Place<'_>, known: &[Law]) -> Option<Law> {
    let ids: Vec<&str> = known.iter().copied().map(Law::id).collect();
    place.one_of(&ids).map(|found| known[found])
}

/// Some of these laws, each once.
fn read_laws(table: &Table<'_>, field: &'static str, known: &[Law]) -> Option<Vec<Law>> {
    let places = table.get(field)?.list(1, known.len() as u32)?;
    let mut laws = Vec::new();
    for place in &places {
        let Some(law) = one_law(place, known) else {
            continue;
        };
        if laws.contains(&law) {
            let name = law.id().to_owned();
            place.wrong(Problem::Duplicate { name });
        }
        laws.push(law);
    }
    Some(laws)
}

/// What a script answers in the law lab: `goal` and `answer`.
pub(super) fn read_answers(table: &Table<'_>, steps: &[Step]) -> Answers {
    let goals = steps.iter().flat_map(|step| match &step.kind {
        StepKind::Lab(goals) => goals.as_slice(),
        _ => &[],
    });
    let goals: Vec<&LabGoal> = goals.collect();
    let ids: Vec<&str> = goals.iter().map(|goal| goal.id.as_str()).collect();
    let mut answers = Answers::default();
    for place in table.list("answers", MAX_PARTS) {
        let Some(table) = place.table() else { continue };
        let goal = table.get("goal");
        let found = goal.as_ref().and_then(|goal| goal.one_of(&ids));
        let said = table.get("answer");
        let said = said.and_then(|said| said.text(MAX_CHARACTERS as u32).map(|text| (said, text)));
        table.finish();
        let (Some(found), Some((said, text))) = (found, said) else {
            continue;
        };
        if answers.get(ids[found]).is_some() {
            let name = ids[found].to_owned();
            place.wrong(Problem::Duplicate { name });
        }
        match Answer::parse(goals[found], text) {
            Ok(answer) => answers.insert(ids[found], answer),
            Err(wrong) => said.refuse(wrong.found, wrong.expected),
        }
    }
    answers
}
