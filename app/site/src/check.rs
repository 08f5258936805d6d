//! Runs every test of the workspace, the browser's among them, against a freshly built site.
use crate::build;
use crate::compile::{self, Profile};
use crate::step::Step;
use anyhow::{Context, Result};
use std::process::ExitCode;

/// How the tests are run.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    /// With the full counts, not a tenth.
    pub long: bool,
    /// Without looking for missing programs.
    pub skip_install: bool,
}

/// Installs, builds, tests. The tests find the site by `WAYMARK_SITE`, and read `WAYMARK_LONG` for the full counts.
pub fn check(options: CheckOptions) -> Result<ExitCode> {
    if !options.skip_install {
        crate::machine::prepare()?;
    }
    // The deployed profile: what is tested is what ships, and only it keeps the budget of the page's size.
    let profile = Profile::Web;
    let folder = crate::target_dir().join("site-test");
    let site = build::build(profile, &folder)?;
    build::report_sizes(&site, profile);
    let step = Step::start("Run all tests");
    let mut cargo = compile::plain_cargo();
    cargo.args(["test", "--locked", "--workspace", "--no-fail-fast"]).env("WAYMARK_SITE", &site.folder);
    if options.long {
        cargo.env("WAYMARK_LONG", "1");
    }
    let status = cargo.status().context("cannot start cargo")?;
    step.done(if status.success() { "all passed" } else { "FAILED: see above" });
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
