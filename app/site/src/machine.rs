//! What the tests need of this machine, and its installation on Debian-like systems. Installs nothing that is there.
use crate::step::Step;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// A thing that tests need: how to see that it is there, and the packages that bring it.
struct Need {
    name: &'static str,
    present: fn() -> bool,
    packages: &'static [&'static str],
}

/// All needs. The names of the packages are Debian's.
const NEEDS: [Need; 6] = [
    Need { name: "a linker (cc)", present: || on_path("cc"), packages: &["build-essential"] },
    Need { name: "Chromium", present: || on_path("chromium"), packages: &["chromium"] },
    Need { name: "ChromeDriver", present: || on_path("chromedriver"), packages: &["chromium-driver"] },
    Need { name: "pdftotext", present: || on_path("pdftotext"), packages: &["poppler-utils"] },
    Need { name: "software Vulkan", present: software_vulkan, packages: &["mesa-vulkan-drivers"] },
    Need { name: "a Chinese font", present: chinese_font, packages: &["fonts-noto-cjk"] },
];

/// Installs what is missing; an error names what could not be had.
pub fn prepare() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let by_hand = format!("install it by hand (Debian: `apt-get install {}`)", packages.join(" "));
    if !on_path("apt-get") {
        bail!("the tests need {}, and there is no apt-get here: {by_hand}", names.join(", "));
    }
    let Some(as_root) = as_root() else {
        bail!("the tests need {}, and neither are you root nor does `sudo -n` work: {by_hand}", names.join(", "));
    };
    let step = Step::start(format!("Install {}", names.join(", ")));
    apt(as_root, &["update", "-q"])?;
    let mut install = vec!["-q", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends"];
    install.extend(&packages);
    apt(as_root, &install)?;
    let still: Vec<&str> = missing.iter().filter(|need| !(need.present)()).map(|need| need.name).collect();
    if !still.is_empty() {
        bail!("apt-get installed {}, but still missing: {}", packages.join(" "), still.join(", "));
    }
    step.done(packages.join(" "));
    Ok(())
}

/// Runs apt-get without questions; its output is shown only where it fails.
fn apt(as_root: &[&str], arguments: &[&str]) -> Result<()> {
    let words: Vec<&str> = as_root.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]).collect();
    let Some((program, first)) = words.split_first() else { return Ok(()) };
    let output = Command::new(program).args(first).args(arguments).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("`apt-get {}` failed; its output is above", arguments.join(" "));
    }
    Ok(())
}

/// The words that make a command run as root: none for root itself, `sudo -n` where it asks no password.
fn as_root() -> Option<&'static [&'static str]> {
    let succeeds = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).stdin(Stdio::null()).output().ok().filter(|o| o.status.success())
    };
    if succeeds("id", &["-u"]).is_some_and(|output| output.stdout.trim_ascii() == b"0") {
        return Some(&[]);
    }
    succeeds("sudo", &["-n", "true"]).map(|_| ["sudo", "-n"].as_slice())
}

/// True where a program of this name can be found.
fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// True where a Vulkan driver on the CPU (lavapipe) is registered.
fn software_vulkan() -> bool {
    ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"].iter().filter_map(|dir| Path::new(dir).read_dir().ok()).any(|dir| {
        dir.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("lvp_icd"))
    })
}

/// True where fontconfig knows a font for Chinese.
fn chinese_font() -> bool {
    let output = Command::new("fc-list").args([":lang=zh-cn", "family"]).output();
    output.is_ok_and(|output| !output.stdout.trim_ascii().is_empty())
}
