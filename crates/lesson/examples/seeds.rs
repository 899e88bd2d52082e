#![allow(warnings, clippy::all, clippy::pedantic)]
use splitbrain_engine::run::*;
use splitbrain_engine::scenario::*;
use splitbrain_engine::sim::fact::*;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let dir = &a[1];
    let f = Folder {
        lesson: std::fs::read_to_string(format!("{dir}/lesson.toml")).unwrap(),
        texts: vec![],
    };
    let l = from_folder(&f).unwrap();
    for seed in 0..60 {
        let mut s = String::new();
        for p in ["lease", "lease_with_fencing_token"] {
            let run = Run::new(l.scenario.clone(), seed).with(Choice {
                service: ServiceKind::Jobs,
                slot: Slot::Schedule,
                policy: p.into(),
            });
            let mut p = Player::new(run);
            p.jump(Target::Time(Time::from_ms(21_000)));
            let h: Vec<String> = p
                .trace()
                .range(FactId(0), p.end())
                .filter(|f| f.1.kind() == FactKind::JobStarted)
                .map(|f| format!("{}@{}", f.1.host.0, f.1.at().0))
                .collect();
            s += &format!("{h:?} ");
        }
        println!("{seed}: {s}");
    }
}
