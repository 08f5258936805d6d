//! Compiles page and worker to wasm with nested cargo calls. Makes no glue: that is [`crate::glue`].
use crate::step::Step;
use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The target of everything that runs in the browser.
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// How much the compiler optimises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// What is deployed: fat link-time optimisation.
    Web,
    /// The same code, linked faster: for daily work.
    WebDev,
}

impl Profile {
    /// The profile's name in Cargo.toml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::WebDev => "web-dev",
        }
    }
}

/// The programs of the site, before wasm-bindgen.
#[derive(Debug)]
pub struct Programs {
    /// The page.
    pub page: PathBuf,
    /// The worker.
    pub worker: PathBuf,
    /// The unpacker.
    pub unpack: PathBuf,
}

/// Compiles page, worker and unpacker: always this one package with the same features, since another set would compile the
/// dependencies again.
pub fn programs(profile: Profile) -> Result<Programs> {
    ensure_wasm_target()?;
    let step = Step::start(format!("Compile page and worker (profile {})", profile.name()));
    let mut packages = 0;
    let mut found = compile(profile, &["build", "--bin", "page", "--bin", "unpack"], &[], &mut packages)?;
    // What is linked at the end decides whether loops become vectors: the worker's must, the page is weighed in bytes.
    found.extend(compile(profile, &["rustc", "--bin", "worker"], &["--", "-C", "opt-level=3"], &mut packages)?);
    let mut program = |name: &str| found.remove(name).ok_or_else(|| anyhow!("waymark-app has no binary `{name}`"));
    let programs = Programs { page: program("page")?, worker: program("worker")?, unpack: program("unpack")? };
    step.done(format!("{packages} crates"));
    Ok(programs)
}

/// One cargo call; gives the wasm files by the name of their program.
fn compile(profile: Profile, what: &[&str], flags: &[&str], packages: &mut usize) -> Result<BTreeMap<String, PathBuf>> {
    let mut cargo = plain_cargo();
    cargo
        .args(what)
        .args(["--locked", "-p", "waymark-app", "--target", WASM_TARGET, "--profile", profile.name()])
        .arg("--message-format=json-render-diagnostics")
        .args(flags)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = cargo.spawn().context("cannot start cargo")?;
    let stdout = child.stdout.take().context("cargo gives no output")?;
    let mut found = BTreeMap::new();
    for line in BufReader::new(stdout).lines() {
        let Ok(message) = serde_json::from_str::<CargoMessage>(&line?) else { continue };
        if message.reason != "compiler-artifact" {
            continue;
        }
        *packages += 1;
        if let Some(wasm) = message.filenames.into_iter().find(|file| file.extension().is_some_and(|e| e == "wasm")) {
            found.insert(message.target.name, wasm);
        }
    }
    if !child.wait()?.success() {
        bail!("cargo could not compile the page and its worker (its messages are above)");
    }
    Ok(found)
}

/// A cargo of the same toolchain, in the workspace, without what `cargo run` told this process about itself: build
/// scripts would take it for a change. `RUSTFLAGS` would switch off the SIMD flag of `.cargo/config.toml`.
pub fn plain_cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(crate::workspace_root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let own = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|p| text.starts_with(p));
        if own || ["CARGO_PRIMARY_PACKAGE", "OUT_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"].contains(&&*text) {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Adds the wasm target to the toolchain where it is missing.
fn ensure_wasm_target() -> Result<()> {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(crate::workspace_root())
        .output()
        .context("cannot run rustc")?;
    let sysroot = String::from_utf8(sysroot.stdout)?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    let step = Step::start(format!("Add the target {WASM_TARGET}"));
    let status = Command::new("rustup")
        .args(["target", "add", WASM_TARGET])
        .current_dir(crate::workspace_root())
        .status()
        .context("cannot run rustup; install it from https://rustup.rs, or add the wasm target by hand")?;
    if !status.success() {
        bail!("`rustup target add {WASM_TARGET}` failed; is the network there?");
    }
    step.done("");
    Ok(())
}

/// The part of cargo's messages that is read here.
#[derive(Deserialize)]
struct CargoMessage {
    reason: String,
    #[serde(default)]
    target: CargoTarget,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// A target in cargo's messages.
#[derive(Default, Deserialize)]
struct CargoTarget {
    name: String,
}
