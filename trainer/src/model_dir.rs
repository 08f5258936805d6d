//! Folders of the pack on disk, read whole: a model, the taxonomy, the market data.
use anyhow::{Context, Result};
use std::path::Path;
use waymark_shared::pack::{Manifest, PackFiles};

/// The files of a folder of the pack: of a model what a tagger reads, of the taxonomy all.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn read(folder: &Path) -> Result<PackFiles> {
    let mut files = PackFiles::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("no model folder {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let json = matches!(name.as_str(), "config.json" | "tokenizer.json" | "calibration.json" | "linking.json") || name.starts_with("head.") && name.ends_with(".json");
        if json || name.ends_with(".safetensors") || name.ends_with(".tsv") {
            files.insert(name, std::fs::read(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(files)
}

/// The files of one folder of a pack (`market`, say) that its manifest lists, each checked against its digest.
///
/// # Errors
/// A file that cannot be read or is not the one that is listed.
pub fn checked(pack: &Path, folder: &str) -> Result<PackFiles> {
    let read = |path: &str| std::fs::read(pack.join(path)).with_context(|| pack.join(path).display().to_string());
    let manifest = Manifest::parse(&read("manifest.json")?)?;
    let listed = manifest.files.iter().filter(|file| file.path.split('/').next() == Some(folder));
    let files = listed.map(|file| Ok((file.path.clone(), read(&file.path)?))).collect::<Result<Vec<_>>>()?;
    Ok(manifest.folder(folder, files)?)
}

/// The model folder of the shipped pack, seen from the project root.
pub fn shipped() -> std::path::PathBuf {
    Path::new("public/pack/model/waymark-3").to_path_buf()
}

/// The taxonomy of the shipped pack, seen from the project root.
pub fn taxonomy() -> std::path::PathBuf {
    Path::new("public/pack/taxonomy").to_path_buf()
}

/// The file of the encoder's weights, whose digest the vectors carry: `encoder.safetensors` of a packed model.
///
/// # Errors
/// A folder without weights.
pub fn encoder_file(files: &PackFiles) -> Result<&[u8]> {
    let file = files.get("encoder.safetensors").or_else(|| files.get("model.safetensors"));
    file.map(Vec::as_slice).context("the model folder has no weights")
}
