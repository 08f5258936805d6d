//! The result of a run as files: a whole model, or heads beside the frozen encoder. Not what ships: that is `export`.
use super::adamw::AdamW;
use super::checkpoint;
use crate::model_dir;
use anyhow::{Context, Result};
use candle_core::{Device, Tensor};
use std::collections::BTreeMap;
use std::path::Path;
use waymark_shared::model::encoder::trainable;
use waymark_shared::model::quant::Weights;
use waymark_shared::model::{EncoderConfig, HeadFile, PackFiles};

/// Writes the model in Hugging Face's layout.
pub(super) fn save_model(folder: &Path, config: &EncoderConfig, files: &PackFiles, weights: &Weights<'_>, optimiser: &AdamW) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let kept = |name: &str| name.strip_prefix("head.").is_none_or(|n| config.heads.iter().any(|h| n.starts_with(&format!("{}.", h.name))));
    let mut tensors: BTreeMap<String, Tensor> = optimiser.slots.iter().filter(|s| kept(&s.name)).map(|s| (s.name.clone(), s.var.as_tensor().clone())).collect();
    for (name, shape) in waymark_shared::model::encoder::frozen(config) {
        let values = weights.dense(&name, &shape)?;
        tensors.insert(name, Tensor::from_vec(values, shape, &Device::Cpu)?);
    }
    debug_assert!(trainable(config)?.iter().all(|(n, _)| tensors.contains_key(n)));
    checkpoint::write_whole(&folder.join("model.safetensors"), &safetensors::serialize(&tensors, None)?)?;
    checkpoint::write_whole(&folder.join("config.json"), &serde_json::to_vec_pretty(config)?)?;
    checkpoint::write_whole(&folder.join("tokenizer.json"), &files["tokenizer.json"])
}

/// Writes the frozen base as it is but for its own heads, and beside it each other head with its additions, as the page
/// loads them.
pub(super) fn save_head(folder: &Path, config: &EncoderConfig, files: &PackFiles, optimiser: &AdamW) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in files {
        checkpoint::write_whole(&folder.join(name), bytes)?;
    }
    let mut base = EncoderConfig::parse(&files["config.json"])?;
    let heads = base.heads.clone();
    let mut digests: BTreeMap<&String, String> = BTreeMap::new();
    for head in &config.heads {
        let own = |name: &str| name.strip_prefix("head.").or_else(|| name.strip_prefix("adapter.")).is_some_and(|n| n.starts_with(&format!("{}.", head.name)));
        let tensors: BTreeMap<String, Tensor> = optimiser.slots.iter().filter(|s| own(&s.name)).map(|s| (s.name.clone(), s.var.as_tensor().clone())).collect();
        let file = format!("head.{}.safetensors", head.name);
        // One that is read, not taught, stays as it is.
        let bytes = match files.get(&file) {
            Some(bytes) if tensors.is_empty() => bytes.clone(),
            _ => safetensors::serialize(&tensors, None)?,
        };
        digests.insert(&head.name, checkpoint::sha256(&bytes));
        checkpoint::write_whole(&folder.join(file), &bytes)?;
        if let Some(slot) = base.heads.iter_mut().find(|of| of.name == head.name) {
            slot.clone_from(head);
            continue;
        }
        let file = HeadFile {
            head: head.clone(),
            encoder_version: config.encoder_version.clone().context("the base names no version")?,
            encoder_sha256: checkpoint::sha256(model_dir::encoder_file(files)?),
            shared_sha256: head.shares.as_ref().and_then(|of| digests.get(of)).cloned(),
            outside_bias: BTreeMap::new(),
            floor: BTreeMap::new(),
            confidence: BTreeMap::new(),
        };
        checkpoint::write_whole(&folder.join(HeadFile::name(&head.name)), &serde_json::to_vec_pretty(&file)?)?;
    }
    if base.heads != heads {
        checkpoint::write_whole(&folder.join("config.json"), &serde_json::to_vec_pretty(&base)?)?;
    }
    Ok(())
}
