//! A model folder on disk, read whole.
use anyhow::{Context, Result};
use std::path::Path;
use waymark_shared::model::PackFiles;

/// The files of a model folder that a tagger reads.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn read(folder: &Path) -> Result<PackFiles> {
    let mut files = PackFiles::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("no model folder {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(".safetensors") || matches!(name.as_str(), "config.json" | "tokenizer.json" | "calibration.json") {
            files.insert(name, std::fs::read(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(files)
}

/// The model folder of the shipped pack, seen from the project root.
pub fn shipped() -> std::path::PathBuf {
    Path::new("public/pack/model/waymark-1").to_path_buf()
}
