//! A command-line tool out of the crate registry, at one exact version.

use crate::error::{Error, Result};
use crate::machine::{remove_folder, rename};
use crate::say::step;
use crate::toolbox::{Run, Toolbox};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What to install and how to know it.
pub(super) struct CrateTool<'a> {
    /// The crate.
    pub(super) package: &'a str,
    /// The program that is asked for its version.
    pub(super) program: &'a str,
    /// The exact version.
    pub(super) version: &'a str,
    /// Features to build with instead of the defaults.
    pub(super) features: Option<&'a str>,
    /// What the project needs it for.
    pub(super) why: &'a str,
}

impl CrateTool<'_> {
    /// The folder with the tool's programs, or nothing where the PATH has it.
    pub(super) fn find_or_install(&self, toolbox: &Toolbox) -> Result<Option<PathBuf>> {
        let place = toolbox.cache.join(self.name());
        let programs = place.join("bin");
        if self.is_right(toolbox, &programs.join(self.program)) {
            return Ok(Some(programs));
        }
        if self.is_right(toolbox, Path::new(self.program)) {
            return Ok(None);
        }
        self.install(toolbox, &place)?;
        if self.is_right(toolbox, &programs.join(self.program)) {
            return Ok(Some(programs));
        }
        Err(Error::Missing {
            what: format!("{} was installed but does not run", self.name()),
            remedy: self.by_hand(&place),
        })
    }

    fn name(&self) -> String {
        format!("{}-{}", self.package, self.version)
    }

    fn is_right(&self, toolbox: &Toolbox, program: &Path) -> bool {
        let output = toolbox
            .command(program)
            .arg("--version")
            .stderr(Stdio::null())
            .output();
        output.is_ok_and(|output| {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            output.status.success() && text.split_whitespace().any(|word| word == self.version)
        })
    }

    /// Compiles into a folder of its own, so that an interrupted build goes on,
    /// and for quick compilation: these tools wait for others most of the time.
    fn install(&self, toolbox: &Toolbox, place: &Path) -> Result<()> {
        let partial = place.with_file_name(format!("{}.partial", self.name()));
        let build = place.with_file_name(format!("{}.build", self.name()));
        remove_folder(&partial)?;
        let mut cargo = toolbox.cargo();
        cargo.args(["install", "--locked", "--root"]).arg(&partial);
        cargo.arg(format!("{}@{}", self.package, self.version));
        if let Some(features) = self.features {
            cargo.args(["--no-default-features", "--features", features]);
        }
        cargo.current_dir(&toolbox.cache);
        cargo.env("CARGO_TARGET_DIR", &build);
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        let what = format!(
            "installing {} {} ({}; some minutes, once) into {}",
            self.package,
            self.version,
            self.why,
            place.display()
        );
        step(&what, || cargo.run()).map_err(|error| Error::Missing {
            what: format!("{} could not be installed: {error}", self.name()),
            remedy: self.by_hand(place),
        })?;
        rename(&partial, place)?;
        remove_folder(&build)
    }

    fn by_hand(&self, place: &Path) -> String {
        let (package, version) = (self.package, self.version);
        format!(
            "  cargo install --locked {package}@{version} --root {}",
            place.display()
        )
    }
}
