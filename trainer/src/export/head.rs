//! A head for the shipped encoder into its folder of the pack: f16 tensors, calibration, and a card of its own. No other
//! file of the folder changes.
use super::{DataSet, Stored, largest_difference, manifest, serialise};
use crate::calibrate::{self, CalibrationError};
use crate::data::{self, Example};
use crate::evaluate::{self, Report, tokens::TokenReport};
use crate::model_dir;
use crate::train::checkpoint::{sha256, write_whole};
use crate::train::recipe::Recipe;
use anyhow::{Context, Result, bail};
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use waymark_shared::model::{HeadFile, NeuralTagger, PackFiles};

/// Largest a head may be, in bytes (house.md, "One shipped encoder").
const HEAD_BYTES: usize = 500_000;

/// What is told of a head.
#[derive(Serialize)]
struct HeadCard {
    head: String,
    encoder_version: String,
    encoder_sha256: String,
    files: BTreeMap<String, String>,
    bytes: usize,
    trained_on: Vec<DataSet>,
    licences: Vec<&'static str>,
    limits: Vec<&'static str>,
    /// What the head and the bias of O were chosen by.
    dev: BTreeMap<String, Judgement>,
    /// Looked at once, when all was chosen.
    test: BTreeMap<String, Judgement>,
    largest_f1_difference_to_f32: f64,
    calibration_error: Vec<CalibrationError>,
    recipe: Recipe,
    learning_curve: Vec<serde_json::Value>,
}

/// How a head does on a data set.
#[derive(Serialize)]
struct Judgement {
    /// Strict spans.
    spans: Report,
    /// Sector → strict spans.
    by_sector: BTreeMap<String, Report>,
    /// Units one by one.
    units: TokenReport,
}

/// Head and additions in f16.
///
/// # Errors
/// A file that does not parse, or holds other than f32.
pub fn pack_f16(safetensors: &[u8]) -> Result<Vec<u8>> {
    let mut tensors = BTreeMap::new();
    for (name, view) in SafeTensors::deserialize(safetensors)?.iter() {
        if view.dtype() != Dtype::F32 {
            bail!("{name} is {:?}, not f32", view.dtype());
        }
        let values = view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
        tensors.insert(name.to_string(), Stored::f16(values, view.shape()));
    }
    serialise(&tensors)
}

/// Packs the head of a training run beside the encoder it was trained on, with calibration on dev and card.
///
/// # Errors
/// Data or model that cannot be read; another encoder in the pack; a head over its size budget.
pub fn run(trained: &Path, pack_dir: &Path, recipe: &Recipe, data_dir: &Path) -> Result<()> {
    let [layer] = recipe.tag_set.layers() else { bail!("only a tag set of one layer is a head beside the encoder") };
    let (tensors, json) = (format!("head.{layer}.safetensors"), HeadFile::name(layer));
    let folder = pack_dir.join("model").join(&recipe.version);
    let parent = model_dir::read(trained)?;
    let mut shipped = model_dir::read(&folder)?;
    let mut file: HeadFile = serde_json::from_slice(parent.get(&json).with_context(|| format!("{} lacks {json}", trained.display()))?)?;
    if file.encoder_sha256 != sha256(model_dir::encoder_file(&shipped)?) {
        bail!("{}: the head was trained on another encoder than {}", trained.display(), folder.display());
    }
    if let Some(of) = &file.head.shares {
        let name = format!("head.{of}.safetensors");
        let there = shipped.get(&name).with_context(|| format!("{} lacks {name}", folder.display()))?;
        if super::pack(&parent)?.get(&name) != Some(there) {
            bail!("{}: the head was taught together with other additions than those of {of:?} in {}", trained.display(), folder.display());
        }
        file.shared_sha256 = Some(sha256(there));
    }
    let packed = pack_f16(parent.get(&tensors).with_context(|| format!("{} lacks {tensors}", trained.display()))?)?;
    if packed.len() > HEAD_BYTES {
        bail!("the head takes {} bytes, more than {HEAD_BYTES}", packed.len());
    }
    shipped.insert(tensors.clone(), packed);
    shipped.insert(json.clone(), serde_json::to_vec_pretty(&file)?);

    let read = |files: &[std::path::PathBuf]| -> Result<Vec<(String, Vec<Example>)>> {
        files.iter().map(|f| Ok((f.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(), data::read(&data_dir.join(f))?))).collect()
    };
    let (train, dev, test) = (read(&recipe.train)?, read(&recipe.dev)?, read(&recipe.test)?);
    let seen = evaluate::span_texts(&train.iter().flat_map(|(_, e)| e.clone()).collect::<Vec<_>>());
    let mut tagger = NeuralTagger::load(&shipped)?;
    let all: Vec<Example> = dev.iter().flat_map(|(_, e)| e.clone()).collect();
    let scored = evaluate::score(&tagger, &all, recipe.tag_set, |_| ())?;
    let (fitted, calibration_error) = calibrate::fit(&mut tagger, &scored, recipe.tag_set)?;
    file.outside_bias = fitted.outside_bias.get(*layer).cloned().unwrap_or_default();
    file.floor = fitted.floor.get(*layer).cloned().unwrap_or_default();
    file.confidence = fitted.confidence.get(*layer).cloned().unwrap_or_default();
    shipped.insert(json.clone(), serde_json::to_vec_pretty(&file)?);

    let judge = |files: &PackFiles, sets: &[(String, Vec<Example>)]| -> Result<BTreeMap<String, Judgement>> {
        let tagger = NeuralTagger::load(files)?;
        sets.iter().map(|(name, examples)| Ok((name.clone(), judgement(&tagger, examples, recipe, layer, &seen)?))).collect()
    };
    let of_dev = judge(&shipped, &dev)?;
    let mut twin = shipped.clone();
    twin.insert(tensors.clone(), parent[&tensors].clone());
    let spans = |judged: &BTreeMap<String, Judgement>| judged.iter().map(|(n, j)| (n.clone(), j.spans.clone())).collect::<BTreeMap<_, _>>();
    let log = trained.parent().map(|p| p.join("epochs.jsonl")).and_then(|p| std::fs::read_to_string(p).ok()).unwrap_or_default();
    let own: BTreeMap<String, Vec<u8>> = [tensors, json].into_iter().map(|name| (name.clone(), shipped[&name].clone())).collect();
    let card = HeadCard {
        head: (*layer).into(),
        encoder_version: file.encoder_version,
        encoder_sha256: file.encoder_sha256,
        bytes: own.values().map(Vec::len).sum(),
        files: own.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect(),
        trained_on: train.iter().map(|(file, e)| DataSet { file: file.clone(), sentences: e.len(), spans: e.iter().map(|e| e.spans.len()).sum() }).collect(),
        licences: vec!["our own sentences in trainer/data (CC0)", "this model: MIT OR Apache-2.0"],
        limits: vec![
            "All sentences were written by us: accuracy on real CVs is unknown.",
            "The sectors of dev and test are not among those of train. What the encoder and the open heads learnt first, from other lines, may be of any sector.",
            "Epochs, the bias of O, the floor under which no span is reported and the confidence were chosen on dev; test, where there is one, was looked at once, when all was chosen.",
        ],
        largest_f1_difference_to_f32: largest_difference(&spans(&of_dev), &spans(&judge(&twin, &dev)?)),
        dev: of_dev,
        test: judge(&shipped, &test)?,
        calibration_error,
        recipe: recipe.clone(),
        learning_curve: log.lines().map(serde_json::from_str).collect::<Result<_, _>>()?,
    };
    for (name, bytes) in &own {
        write_whole(&folder.join(name), bytes)?;
    }
    write_whole(&folder.join(format!("card.{layer}.json")), &serde_json::to_vec_pretty(&card)?)?;
    for (name, j) in card.dev.iter().chain(&card.test) {
        println!("{name}: units\n{}strict spans\n{}", j.units, j.spans);
        for (sector, report) in &j.by_sector {
            println!("{sector}: pooled F1 {:.4}", report.f1("pooled"));
        }
    }
    println!("head {layer}: {} bytes; F1 on dev differs from f32 by at most {:.4}", card.bytes, card.largest_f1_difference_to_f32);
    for e in &card.calibration_error {
        println!("calibration error {}/{}: {:.3} ({:.3} to {:.3}) over {} spans", e.layer, e.language, e.ece, e.interval.0, e.interval.1, e.spans);
    }
    manifest(pack_dir)
}

fn judgement(tagger: &NeuralTagger, examples: &[Example], recipe: &Recipe, layer: &str, seen: &BTreeSet<String>) -> Result<Judgement> {
    let scored = evaluate::score(tagger, examples, recipe.tag_set, |_| ())?;
    let sectors: BTreeSet<&str> = examples.iter().map(|e| e.group.as_str()).collect();
    let of = |sector: &str| evaluate::report(tagger, scored.iter().filter(|s| s.example.group == sector), Some(seen));
    Ok(Judgement {
        spans: evaluate::report(tagger, &scored, Some(seen)),
        by_sector: sectors.into_iter().map(|sector| (sector.to_string(), of(sector))).collect(),
        units: evaluate::tokens::report(tagger, &scored, layer, recipe.max_length)?,
    })
}
