//! Reads a lesson from its tree.

use std::rc::Rc;

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::time::Time;
use splitbrain_sorted::Map;

use super::command::{MAX_MS, read_all, read_choices, read_script, read_slot};
use super::error::{Problem, Problems};
use super::lesson::{Answer, Lesson, MustFail, OpenSlot, Prediction, Solution, Step, StepKind};
use super::reader::{Place, Table};
use super::text::{Block, Text};
use super::{FORMAT, goals, lab, scenario, version};
use crate::goal::Goal;
use crate::script::{Script, Tool};

/// Steps, goals, options, scripts at most.
pub(super) const MAX_PARTS: u32 = 40;

/// Reads what `lesson.toml` says.
pub(super) fn lesson(place: &Place<'_>) -> Option<Lesson> {
    if let Err(problem) = version(place.node()) {
        place.wrong(problem);
        return None;
    }
    let table = place.table()?;
    table.number("format", FORMAT, FORMAT);
    let id = table.get("id").and_then(|id| id.id('-'));
    let module = table.get("module").and_then(|module| module.id('-'));
    let order = table.number("order", 1, 10_000);
    let minutes = table.number("minutes", 1, 120);
    let par = table.number("par", 1, 1_000);
    let begins_at = Time::from_ms(table.number_or("begins_ms", 0, 0, MAX_MS) as u64);
    let ends_at = Time::from_ms(table.number_or("ends_ms", 600_000, 1_000, MAX_MS) as u64);
    let seeds = table.get("seeds").and_then(|place| read_seeds(&place));
    let world = table.get("scenario");
    // Without a scenario nothing else can be read: names would all be unknown.
    let of = format!("lesson/{}", id.unwrap_or("lesson"));
    let world = world.and_then(|world| scenario::read(&world, of))?;
    let opening = read_all(&table, "opening", "at_ms", &world);
    let steps = read_steps(&table, &world);
    let lesson = Lesson {
        tools: read_tools(&table),
        designs: read_designs(&table, &world),
        solutions: scripts(&table, "solutions", &world, &steps, |table, script| {
            let id = script_id(table)?;
            Some(Solution {
                id,
                script: script?,
            })
        }),
        must_fail: scripts(&table, "must_fail", &world, &steps, |table, script| {
            let breaks = table.get("breaks");
            let breaks = breaks.and_then(|goal| goal.id('-').map(ToString::to_string));
            Some(MustFail {
                id: script_id(table)?,
                breaks: breaks?,
                script: script?,
            })
        }),
        steps,
        scenario: Rc::new(world),
        opening,
        begins_at,
        ends_at,
        texts: Map::new(),
        seeds: seeds.unwrap_or_default(),
        id: id.unwrap_or_default().into(),
        module: module.unwrap_or_default().into(),
        order: order.unwrap_or_default() as u32,
        minutes: minutes.unwrap_or_default() as u32,
        par: par.unwrap_or_default() as u32,
    };
    table.finish();
    cross_check(&lesson, place);
    Some(lesson)
}

fn read_seeds(place: &Place<'_>) -> Option<Vec<u64>> {
    let seeds = place.list(1, 20)?;
    let seeds = seeds.iter().filter_map(|seed| seed.number(0, i64::MAX));
    Some(seeds.map(|seed| seed as u64).collect())
}

fn read_tools(table: &Table<'_>) -> Vec<Tool> {
    let known: Vec<&str> = Tool::ALL.iter().map(|tool| tool.id()).collect();
    let tools = table.list("tools", MAX_PARTS);
    let tools = tools.iter().filter_map(|tool| tool.one_of(&known));
    tools.map(|tool| Tool::ALL[tool]).collect()
}

fn read_designs(table: &Table<'_>, scenario: &Scenario) -> Vec<OpenSlot> {
    let places = table.list("designs", MAX_PARTS);
    let slots = places.iter().filter_map(|place| {
        let table = place.table()?;
        let (service, slot) = read_slot(&table, scenario)?;
        let known: Vec<&str> = slot.choices(service).iter().map(|info| info.id).collect();
        let policies = table.get("policies")?.list(1, MAX_PARTS)?;
        let policies = policies.iter().filter_map(|policy| policy.one_of(&known));
        let policies = policies.map(|policy| known[policy].into()).collect();
        table.finish();
        Some(OpenSlot {
            service,
            slot,
            policies,
        })
    });
    slots.collect()
}

fn read_steps(table: &Table<'_>, scenario: &Scenario) -> Vec<Step> {
    let Some(places) = table
        .get("steps")
        .and_then(|steps| steps.list(1, MAX_PARTS))
    else {
        return Vec::new();
    };
    let mut seen = Vec::new();
    let steps = places.iter().filter_map(|place| {
        let table = place.table()?;
        let id = unique_id(&table, &mut seen);
        let kinds = ["read", "predict", "do", "explain", "lab"];
        let kind = match kinds[table.get("kind")?.one_of(&kinds)?] {
            "read" => StepKind::Read,
            "predict" => StepKind::Predict(read_prediction(&table, scenario)?),
            "do" => StepKind::Do(read_goals(&table, scenario)),
            "lab" => StepKind::Lab(lab::read_goals(&table)),
            _ => {
                let goal = table.find("goal");
                StepKind::Explain(goal.and_then(|goal| goal.id('-').map(Into::into)))
            }
        };
        table.finish();
        Some(Step { id: id?, kind })
    });
    steps.collect()
}

pub(super) fn unique_id(table: &Table<'_>, seen: &mut Vec<String>) -> Option<String> {
    let place = table.get("id")?;
    let id = place.id('-')?.to_string();
    if seen.contains(&id) {
        place.wrong(Problem::Duplicate { name: id.clone() });
    }
    seen.push(id.clone());
    Some(id)
}

fn read_goals(table: &Table<'_>, scenario: &Scenario) -> Vec<Goal> {
    let Some(places) = table
        .get("goals")
        .and_then(|goals| goals.list(1, MAX_PARTS))
    else {
        return Vec::new();
    };
    let mut seen = Vec::new();
    let goals = places.iter().filter_map(|place| {
        let table = place.table()?;
        let id = unique_id(&table, &mut seen);
        let predicate = goals::read(&table, scenario)?;
        table.finish();
        Some(Goal { id: id?, predicate })
    });
    goals.collect()
}

fn read_prediction(table: &Table<'_>, scenario: &Scenario) -> Option<Prediction> {
    let choices = read_choices(table, scenario);
    let continuation = read_all(table, "continuation", "after_ms", scenario);
    let for_ms = table.number("for_ms", 1, 600_000);
    let places = table.get("options")?.list(2, 8)?;
    let mut seen = Vec::new();
    let options = places.iter().filter_map(|place| {
        let table = place.table()?;
        let id = unique_id(&table, &mut seen);
        let when = table.get("when")?.list(1, MAX_PARTS)?;
        let when = when.iter().filter_map(|place| {
            let table = place.table()?;
            let predicate = goals::read(&table, scenario)?;
            table.finish();
            Some(predicate)
        });
        let when = when.collect();
        table.finish();
        Some(Answer { id: id?, when })
    });
    Some(Prediction {
        choices,
        continuation,
        options: options.collect(),
        for_us: for_ms? as u64 * 1_000,
    })
}

fn scripts<T>(
    table: &Table<'_>,
    list: &'static str,
    scenario: &Scenario,
    steps: &[Step],
    make: impl Fn(&Table<'_>, Option<Script>) -> Option<T>,
) -> Vec<T> {
    let places = table.list(list, MAX_PARTS);
    let scripts = places.iter().filter_map(|place| {
        let table = place.table()?;
        let answers = lab::read_answers(&table, steps);
        let script = read_script(&table, scenario);
        let script = script.map(|script| Script { answers, ..script });
        let made = make(&table, script);
        table.finish();
        made
    });
    scripts.collect()
}

fn script_id(table: &Table<'_>) -> Option<String> {
    table.get("id")?.id('-').map(Into::into)
}

/// What has to fit together, beyond each field by itself.
fn cross_check(lesson: &Lesson, place: &Place<'_>) {
    let problems = place.problems();
    let wrong = |field: String, found: &str, allowed: String| {
        let found = found.to_string();
        problems.add(0, field, Problem::NotAllowed { found, allowed });
    };
    let goals = lesson.goal_ids();
    for (index, id) in goals.iter().enumerate() {
        if goals[..index].contains(id) {
            let name = (*id).to_string();
            problems.add(0, "steps", Problem::Duplicate { name });
        }
    }
    for (index, script) in lesson.must_fail.iter().enumerate() {
        if !goals.contains(&script.breaks.as_str()) {
            let field = format!("must_fail[{index}].breaks");
            wrong(field, &script.breaks, goals.join(", "));
        }
    }
    let goals: Vec<&str> = lesson.goals().map(|goal| goal.id.as_str()).collect();
    for (index, step) in lesson.steps.iter().enumerate() {
        if let StepKind::Explain(Some(goal)) = &step.kind
            && !goals.contains(&goal.as_str())
        {
            wrong(format!("steps[{index}].goal"), goal, goals.join(", "));
        }
    }
    let begins_ms = lesson.begins_at.0 / 1_000;
    if let Some(last) = lesson.opening.last()
        && last.at > lesson.begins_at
    {
        let found = format!("a command at {} ms", last.at.0 / 1_000);
        wrong(
            "opening".into(),
            &found,
            format!("up to begins_ms, {begins_ms}"),
        );
    }
    let solutions = lesson.solutions.iter().map(|it| ("solutions", &it.script));
    let failing = lesson.must_fail.iter().map(|it| ("must_fail", &it.script));
    for (list, script) in solutions.chain(failing) {
        let first = script.commands.first().map(|first| first.at);
        if let Some(first) = first
            && first <= lesson.begins_at
        {
            let found = format!("a command at {} ms", first.0 / 1_000);
            wrong(list.into(), &found, format!("after begins_ms, {begins_ms}"));
        }
        if script.ends_at > lesson.ends_at {
            let found = format!("an end at {} ms", script.ends_at.0 / 1_000);
            let most = lesson.ends_at.0 / 1_000;
            wrong(list.into(), &found, format!("up to ends_ms, {most}"));
        }
    }
}

/// Notes where a text's headings are not the lesson's steps, goals and options.
pub(super) fn match_text(lesson: &Lesson, text: &Text, problems: &Problems, line: u32) {
    let compare = |field: String, expected: Vec<&str>, found: Vec<&str>| {
        if expected != found {
            let (found, allowed) = (found.join(", "), expected.join(", "));
            let found = if found.is_empty() {
                "nothing".into()
            } else {
                found
            };
            problems.add(line, field, Problem::NotAllowed { found, allowed });
        }
    };
    let expected = lesson.steps.iter().map(|step| step.id.as_str());
    let found = text.steps.iter().map(|step| step.id.as_str());
    compare("steps".into(), expected.collect(), found.collect());
    for (step, said) in lesson.steps.iter().zip(&text.steps) {
        let expected = match &step.kind {
            StepKind::Predict(asked) => asked.options.iter().map(|it| it.id.as_str()).collect(),
            kind => kind.goal_ids(),
        };
        let found = said.parts.iter().map(|part| part.id.as_str());
        compare(format!("step {}", step.id), expected, found.collect());
    }
    match_verdicts(lesson, text, problems, line);
}

/// Notes verdicts about customers that the lesson does not have, and those that stand
/// where there is no room for them.
fn match_verdicts(lesson: &Lesson, text: &Text, problems: &Problems, line: u32) {
    let wrong = |found: &str, allowed: String| {
        let found = found.to_string();
        problems.add(line, "verdict", Problem::NotAllowed { found, allowed });
    };
    let customers = lesson.scenario.customers.iter();
    let known: Vec<&str> = customers.map(|it| it.name.as_str()).collect();
    let (bodies, elsewhere) = text.blocks();
    for block in bodies {
        if let Block::Verdict { customer, .. } = block
            && let Some(name) = customer
            && !known.contains(&name.as_str())
        {
            wrong(name, known.join(", "));
        }
    }
    for block in elsewhere {
        if let Block::Verdict { property, .. } = block {
            wrong(property.id, "in what a step says before its parts".into());
        }
    }
}
