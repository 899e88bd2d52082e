//! Tells the linker and the code when the page is built in chunks.
//!
//! Chunks are cut out of the linked module by `cargo xtask post-build`, which needs the
//! linker's relocations. Only the page itself is cut, and only when it is optimised:
//! unoptimised builds, and tests in the browser, have everything in one module.

fn main() {
    println!("cargo:rustc-check-cfg=cfg(in_chunks)");
    println!("cargo:rerun-if-changed=build.rs");
    let is_wasm = std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32");
    let is_release = std::env::var("PROFILE").as_deref() == Ok("release");
    if is_wasm && is_release {
        println!("cargo:rustc-cfg=in_chunks");
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
