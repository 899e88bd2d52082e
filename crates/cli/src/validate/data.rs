//! The published histories get their published verdicts, and none is left undecided.
//! Every verdict comes from where its source put it: a list, the name of a file, the name
//! of a folder.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use splitbrain_checker::import::{Imported, guess, import};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{Order, STEPS, Verdict, check};
use splitbrain_checker::transactions::{Level, Repeats, awdit, strongest_level};

use super::{Asked, Outcome, Phrase, TOLD, Validation};

/// This validation.
pub(super) const DATA: Validation = Validation {
    name: "data",
    what: "cli.validate.data.what",
    source: "Jepsen, Porcupine, AWDIT",
    run,
};

/// How many histories were published: of etcd, of a key-value store, of transactions.
const PUBLISHED: [u64; 3] = [52, 4, 9];

fn run(asked: &Asked) -> Result<Outcome> {
    let porcupine = asked.data.join("porcupine");
    let kinds = [
        etcd(&porcupine.join("jepsen"))?,
        kv(&porcupine.join("kv"))?,
        transactional(&asked.data.join("awdit"))?,
    ];
    let [mut right, mut wrong, mut undecided] = [0, 0, 0];
    for (path, published) in kinds.iter().flatten() {
        let found = verdict(path)?;
        match found {
            Some(found) if found == published => right += 1,
            Some(_) => wrong += 1,
            None => undecided += 1,
        }
        if found != Some(published) && wrong + undecided <= TOLD {
            let (path, found) = (path.display(), found.unwrap_or("undecided"));
            eprintln!("data, {path}: {found}, published as {published}");
        }
    }
    let [etcd, kv, transactional] = kinds.map(|kind| kind.len() as u64);
    let counts =
        |right, wrong, undecided| vec![("n", right), ("wrong", wrong), ("undecided", undecided)];
    let phrase = |counts| Phrase {
        id: "cli.validate.verdicts",
        counts,
    };
    let all = PUBLISHED.iter().sum();
    Ok(Outcome {
        size: Phrase {
            id: "cli.validate.files",
            counts: vec![("etcd", etcd), ("kv", kv), ("transactional", transactional)],
        },
        result: phrase(counts(right, wrong, undecided)),
        expected: phrase(counts(all, 0, 0)),
        is_as_expected: [etcd, kv, transactional] == PUBLISHED && right == all,
        beside: None,
    })
}

/// Files with their published verdicts, in the words of `splitbrain check`.
type Published = Vec<(PathBuf, String)>;

/// A line a file, `NAME VERDICT`.
fn etcd(folder: &Path) -> Result<Published> {
    let list = std::fs::read_to_string(folder.join("VERDICTS.txt"))?;
    let lines = list.lines().filter_map(|line| line.split_once(' '));
    let file = |(name, verdict): (&str, &str)| (folder.join(name), verdict.trim().to_owned());
    Ok(lines.map(file).collect())
}

/// `NAME-ok.txt` and `NAME-bad.txt`.
fn kv(folder: &Path) -> Result<Published> {
    let paths = inside(folder)?.into_iter();
    let named = paths.filter_map(|path| {
        let verdict = match path.file_stem()?.to_str()?.rsplit_once('-')?.1 {
            "ok" => "linearizable",
            "bad" => "not-linearizable",
            _ => return None,
        };
        Some((path, verdict.to_owned()))
    });
    Ok(named.collect())
}

/// A folder a level.
fn transactional(folder: &Path) -> Result<Published> {
    let mut all = Vec::new();
    for level in inside(folder)?.into_iter().filter(|path| path.is_dir()) {
        let name = level.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        all.extend(inside(&level)?.into_iter().map(|path| (path, name.clone())));
    }
    Ok(all)
}

/// What is in a folder, in the order of names.
fn inside(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// What a file is found to be; none where that is not decided.
///
/// # Errors
/// It cannot be read.
fn verdict(path: &Path) -> Result<Option<&'static str>> {
    let unreadable = |why: String| Error::new(ErrorKind::InvalidData, why);
    let bytes = std::fs::read(path)?;
    let name = path.display().to_string();
    let format = guess(&bytes).ok_or_else(|| unreadable(format!("{name}: no known format")))?;
    let history = match import(format, &bytes) {
        Some(Ok(Imported::Operations(history))) => history,
        Some(Ok(other)) => return Err(unreadable(format!("{name}: {other:?}"))),
        Some(Err(error)) => return Err(unreadable(format!("{name}: {error}"))),
        None => {
            let read = awdit::read(&name, &bytes, Repeats::Refuse);
            let history = read.map_err(|error| unreadable(error.to_string()))?;
            return Ok(strongest_level(&history).ok().map(Level::id));
        }
    };
    let model = ModelId::guess(&history);
    let model = model.ok_or_else(|| unreadable(format!("{name}: several kinds of things")))?;
    let checked = check(&history, model, Order::Linearizable, STEPS);
    let checked = checked.map_err(|error| unreadable(format!("{name}: {error:?}")))?;
    Ok(match checked.verdict {
        Verdict::Holds => Some("linearizable"),
        Verdict::Violated(_) => Some("not-linearizable"),
        Verdict::Undecided { .. } => None,
    })
}
