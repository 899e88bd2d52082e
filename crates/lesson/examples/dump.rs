//! scratch
#![allow(warnings, clippy::all, clippy::pedantic)]
use splitbrain_engine::run::*;
use splitbrain_engine::sim::fact::*;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::*;
use splitbrain_lesson::grade;
use splitbrain_lesson::observe::Observer;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let dir = &a[1];
    let which = &a[2];
    let seed: u64 = a[3].parse().unwrap();
    let v = a.get(4).map(|s| s == "v").unwrap_or(false);
    let f = Folder {
        lesson: std::fs::read_to_string(format!("{dir}/lesson.toml")).unwrap(),
        texts: vec![(
            "en".into(),
            std::fs::read_to_string(format!("{dir}/en.md")).unwrap(),
        )],
    };
    let l = from_folder(&f).unwrap();
    if let Some(s) = l.step(which) {
        if let StepKind::Predict(p) = &l.steps[s].kind {
            let at = a
                .get(5)
                .map(|x| Time::from_ms(x.parse().unwrap()))
                .unwrap_or(l.begins_at);
            let run = if a.len() > 5 {
                l.run_of(&l.solutions[0].script, seed)
            } else {
                l.run(seed)
            };
            let (run, end) = splitbrain_lesson::predict::continued(p, &run, at);
            show(&l, run, end, v, seed);
            println!(
                "{:?}",
                splitbrain_lesson::predict::outcome(p, &l.run(seed), at)
            );
        }
        return;
    }
    let s = l
        .solutions
        .iter()
        .map(|s| (&s.id, &s.script))
        .chain(l.must_fail.iter().map(|s| (&s.id, &s.script)))
        .find(|s| s.0 == which)
        .unwrap()
        .1;
    show(&l, l.run_of(s, seed), s.ends_at, v, seed);
}
fn show(l: &Lesson, run: Run, end: Time, v: bool, seed: u64) {
    let mut p = Player::new(run);
    p.jump(Target::Time(end));
    let mut o = Observer::with_record(&l.scenario);
    o.follow_player(&mut p);
    for (id, f) in p.trace().range(FactId(0), p.end()) {
        let k = f.kind();
        if matches!(k, FactKind::MessageSent | FactKind::ReplicasCompared) && !v {
            continue;
        }
        println!(
            "{:>6} {:>10.3} {:?} h{} p{} a={} b={} c={} fl={} {:?}",
            id.0,
            f.at().0 as f64 / 1000.0,
            k,
            f.host.0,
            f.peer.0,
            f.a as i32,
            f.b as i32,
            f.c as i32,
            f.flag(),
            f.message()
        );
    }
    for (g, s) in grade::goals(l, &o) {
        println!("{g}: {s:?}");
    }
}
