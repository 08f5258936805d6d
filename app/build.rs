//! Gives page and worker one name for the sources they were built from, so that neither talks to another's protocol.
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    let roots = [PathBuf::from("src"), PathBuf::from("../shared/src")];
    let mut files = Vec::new();
    for root in &roots {
        println!("cargo:rerun-if-changed={}", root.display());
        collect(root, &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        if let Ok(bytes) = std::fs::read(file) {
            hasher.write(file.to_string_lossy().as_bytes());
            hasher.write(&bytes);
        }
    }
    println!("cargo:rustc-env=WAYMARK_SOURCES={:016x}", hasher.finish());
}

/// Adds every Rust file under `folder`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
