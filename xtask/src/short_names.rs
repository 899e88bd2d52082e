//! Shortens the names by which the page's module and its script know each other.
//!
//! wasm-bindgen gives every function between the two a name with a hash of 16 digits,
//! which no compression shortens, and it stands in both files.

use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// What exports of wasm-bindgen's closures begin with. Other exports have names that
/// the chunks know too.
const CLOSURE: &str = "wasm_bindgen__convert__closures";

/// How wasm-bindgen calls the page's own script in the module; others have names that
/// other files know too.
const OWN_SCRIPT: &str = "_bg.js";

/// The module and its script with short names.
pub(crate) fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let taken: BTreeSet<&str> = words(script).filter(|word| is_name(word)).collect();
    let mut free = (0..).map(short).filter(|name| !taken.contains(&**name));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for name in shared_names(wasm)? {
        if taken.contains(&*name)
            && let Some(short) = free.next()
        {
            names.insert(name, short);
        }
    }
    let short = |word: &str| names.get(word).cloned();
    let script = words(script).map(|word| short(word).unwrap_or_else(|| word.to_owned()));
    Ok((rename(wasm, &names)?, script.collect()))
}

/// Names of what the module has from its script and gives to it.
fn shared_names(wasm: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(broken)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(broken)?;
                    if import.module.ends_with(OWN_SCRIPT) {
                        names.push(import.name.to_owned());
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let name = export.map_err(broken)?.name;
                    if name.starts_with(CLOSURE) {
                        names.push(name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

fn rename(wasm: &[u8], names: &BTreeMap<String, String>) -> Result<Vec<u8>> {
    let name_of = |name: &str| names.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(broken)?;
        match payload {
            Payload::ImportSection(imports) => {
                let mut section = ImportSection::new();
                for import in imports.into_imports() {
                    let import = import.map_err(broken)?;
                    let ty = RoundtripReencoder.entity_type(import.ty).map_err(broken)?;
                    section.import(import.module, &name_of(import.name), ty);
                }
                module.section(&section);
            }
            Payload::ExportSection(exports) => {
                let mut section = ExportSection::new();
                for export in exports {
                    let export = export.map_err(broken)?;
                    let kind = RoundtripReencoder
                        .export_kind(export.kind)
                        .map_err(broken)?;
                    section.export(&name_of(export.name), kind, export.index);
                }
                module.section(&section);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    let data = &wasm[range.start as usize..range.end as usize];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(module.finish())
}

fn broken(error: impl Display) -> Error {
    Error::Verdict(format!("the page's module cannot be read: {error}"))
}

/// Names and what is between them, which together are the whole script.
fn words(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '$';
        let first = rest.chars().next()?;
        let end = rest.find(|char| is_part(char) != is_part(first));
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(word)
    })
}

fn is_name(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_alphanumeric() || char == '_' || char == '$')
}

/// The short names: `a0` to `z9`, `a00` and so on; none is a word of the language.
fn short(number: u32) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    format!("{letter}{}", number / 26)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind};

    fn module(import: &str, export: &str) -> Vec<u8> {
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./page_bg.js", import, EntityType::Function(0));
        let mut exports = ExportSection::new();
        exports.export(export, ExportKind::Func, 0);
        exports.export("memory_of_chunks", ExportKind::Func, 0);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&exports);
        module.finish()
    }

    #[test]
    fn both_files_have_the_same_short_names_and_none_that_is_taken() {
        let (import, export) = (
            "__wbg_now_0123456789abcdef",
            "wasm_bindgen__convert__closures_h1",
        );
        let script = format!("let a0 = {{ {import}: f }}; wasm.{export}(); wasm.memory_of_chunks");
        let (wasm, script) = shorten(&module(import, export), &script).expect("it is a module");
        assert_eq!(
            script,
            "let a0 = { b0: f }; wasm.c0(); wasm.memory_of_chunks"
        );
        assert_eq!(wasm, module("b0", "c0"));
    }

    #[test]
    fn a_name_that_the_script_lacks_is_kept() {
        let module = module("elsewhere", "memory");
        let (wasm, script) = shorten(&module, "let x;").expect("it is a module");
        assert_eq!((wasm, &*script), (module, "let x;"));
    }
}
