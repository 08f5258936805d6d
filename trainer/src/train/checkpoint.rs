//! Checkpoints: weights, moments and position, written so that a kill at any moment leaves a whole one.
//! A folder is written under a temporary name, synced, renamed; the pointer file `latest` is replaced last; two are kept.
use super::adamw::AdamW;
use anyhow::{Context, Result, bail};
use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Where a run stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Steps done in all.
    pub step: u64,
    /// Epoch under way, from 0.
    pub epoch: u64,
    /// Batches of it that are done.
    pub batch: usize,
    /// Sum of losses of the epoch so far.
    pub loss_sum: f64,
    /// Best dev score so far.
    pub best: f64,
    /// SHA-256 of the tensors' file.
    #[serde(default)]
    pub sha256: String,
}

pub use waymark_shared::pack::sha256;

/// Writes a file whole: a temporary beside it, synced, renamed.
///
/// # Errors
/// Those of the disk.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary).with_context(|| temporary.display().to_string())?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path).with_context(|| path.display().to_string())?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)?.sync_all().with_context(|| folder.display().to_string())
}

/// Saves the state of a run under `folder`.
///
/// # Errors
/// Those of the disk; the previous checkpoint stays whole.
pub fn save(folder: &Path, optimiser: &AdamW, position: &Position) -> Result<()> {
    let mut tensors: HashMap<String, Tensor> = HashMap::new();
    for slot in &optimiser.slots {
        for (part, var) in [("weight", &slot.var), ("mean", &slot.mean), ("square", &slot.square)] {
            tensors.insert(format!("{part}/{}", slot.name), var.as_tensor().to_device(&Device::Cpu)?);
        }
    }
    let bytes = safetensors::serialize(&tensors, None)?;
    let position = Position { sha256: sha256(&bytes), ..position.clone() };
    let name = format!("step-{:07}", position.step);
    let temporary = folder.join(format!("{name}.tmp"));
    if temporary.exists() {
        fs::remove_dir_all(&temporary)?;
    }
    fs::create_dir_all(&temporary)?;
    write_whole(&temporary.join("state.safetensors"), &bytes)?;
    write_whole(&temporary.join("position.json"), &serde_json::to_vec_pretty(&position)?)?;
    let whole = folder.join(&name);
    if whole.exists() {
        fs::remove_dir_all(&whole)?;
    }
    fs::rename(&temporary, &whole)?;
    sync_folder(folder)?;
    write_whole(&folder.join("latest"), name.as_bytes())?;
    let mut all: Vec<_> = fs::read_dir(folder)?.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_dir() && p.extension().is_none()).collect();
    all.sort();
    for old in all.iter().rev().skip(2) {
        fs::remove_dir_all(old)?;
    }
    Ok(())
}

/// Restores the latest checkpoint under `folder` into the optimiser; `None` if there is none.
///
/// # Errors
/// A damaged checkpoint, or one of another model.
pub fn load(folder: &Path, optimiser: &mut AdamW) -> Result<Option<Position>> {
    let Ok(name) = fs::read_to_string(folder.join("latest")) else { return Ok(None) };
    let whole = folder.join(name.trim());
    let position: Position = serde_json::from_slice(&fs::read(whole.join("position.json"))?)?;
    let bytes = fs::read(whole.join("state.safetensors"))?;
    if sha256(&bytes) != position.sha256 {
        bail!("{}: the digest of the checkpoint does not agree; remove it to go on from an older one", whole.display());
    }
    let tensors = candle_core::safetensors::load_buffer(&bytes, &Device::Cpu)?;
    for slot in &optimiser.slots {
        for (part, var) in [("weight", &slot.var), ("mean", &slot.mean), ("square", &slot.square)] {
            let tensor = tensors.get(&format!("{part}/{}", slot.name)).with_context(|| format!("{}: lacks {}", whole.display(), slot.name))?;
            var.set(&tensor.to_device(var.device())?)?;
        }
    }
    Ok(Some(position))
}
