//! The lessons of this repository, read from their folders.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    reason = "a file that cannot be read fails the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use splitbrain_lesson::format::{Folder, Lesson, from_folder};

pub(crate) fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
    let subfolders = |folder: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .collect();
        found.sort();
        found
    };
    subfolders(&root)
        .iter()
        .flat_map(|module| subfolders(module))
        .collect()
}

pub(crate) fn load(folder: &Path) -> Folder {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let language = path.file_stem().unwrap().to_str().unwrap().to_string();
            texts.push((language, fs::read_to_string(&path).unwrap()));
        }
    }
    texts.sort();
    Folder {
        lesson: fs::read_to_string(folder.join("lesson.toml")).unwrap(),
        texts,
    }
}

pub(crate) fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap()
}

pub(crate) fn folder(id: &str) -> PathBuf {
    let mut folders = folders().into_iter();
    folders.find(|folder| name(folder) == id).unwrap()
}

pub(crate) fn open(id: &str) -> Lesson {
    from_folder(&load(&folder(id))).unwrap()
}
