//! Folders of lessons: `NN-module/lesson-id/` with `lesson.toml` and a Markdown file a
//! language.

use std::path::{Path, PathBuf};

use splitbrain_lesson::format::Folder;

use crate::fail::Failure;

/// One lesson's folder.
#[derive(Debug)]
pub(crate) struct Found {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The names of the folder above and of its own.
    pub(crate) names: [String; 2],
    /// Its files.
    pub(crate) folder: Folder,
}

/// Every lesson at or below a folder, by path.
pub(crate) fn find(root: &Path) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    look(root, 3, &mut found)?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    if found.is_empty() {
        return Err(Failure::NoLessons(root.to_owned()));
    }
    Ok(found)
}

fn look(path: &Path, depth: u32, found: &mut Vec<Found>) -> Result<(), Failure> {
    let lesson = path.join("lesson.toml");
    if lesson.is_file() {
        found.push(open(path, &lesson)?);
        return Ok(());
    }
    for entry in list(path)? {
        if entry.is_dir() && depth > 0 {
            look(&entry, depth - 1, found)?;
        }
    }
    Ok(())
}

fn open(path: &Path, lesson: &Path) -> Result<Found, Failure> {
    let full = path.canonicalize().map_err(|error| failure(path, error))?;
    let name = |path: Option<&Path>| {
        let name = path.and_then(Path::file_name).unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let mut texts = Vec::new();
    for file in list(path)? {
        if file.extension().is_some_and(|ending| ending == "md") {
            let language = file.file_stem().unwrap_or_default();
            texts.push((language.to_string_lossy().into_owned(), read(&file)?));
        }
    }
    Ok(Found {
        path: path.to_owned(),
        names: [name(full.parent()), name(Some(&full))],
        folder: Folder {
            lesson: read(lesson)?,
            texts,
        },
    })
}

fn list(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(path).map_err(|error| failure(path, error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| failure(path, error))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| failure(path, error))
}

fn failure(path: &Path, error: std::io::Error) -> Failure {
    Failure::File {
        path: path.to_owned(),
        error,
    }
}
