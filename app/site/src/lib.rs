//! Builds the site into a plain folder, serves it, and runs every test. The browser's code is in `waymark-app`; nothing
//! of it is linked here, so that this program compiles in a minute.
//!
//! [`build::build`] is the principal function: [`compile`] → [`glue`] → [`build`].
pub mod build;
pub mod check;
pub mod compile;
pub mod glue;
pub mod machine;
pub mod server;
pub mod step;

use std::path::PathBuf;

/// The root of the workspace.
pub fn workspace_root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .canonicalize()
        .unwrap_or_else(|_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")))
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => workspace_root().join(dir),
        None => workspace_root().join("target"),
    }
}
