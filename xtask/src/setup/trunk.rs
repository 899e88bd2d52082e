//! Trunk, which builds and serves the page.

use super::crate_tool::CrateTool;
use crate::error::Result;
use crate::toolbox::Toolbox;

/// 0.22 wants a newer compiler than Debian has.
const VERSION: &str = "0.21.14";

pub(super) fn find_or_install(toolbox: &mut Toolbox) -> Result<()> {
    let tool = CrateTool {
        package: "trunk",
        program: "trunk",
        version: VERSION,
        // Without the updater and OpenSSL.
        features: Some("rustls"),
        why: "it builds and serves the page",
    };
    if let Some(programs) = tool.find_or_install(toolbox)? {
        toolbox.add_to_path(programs);
    }
    Ok(())
}
