//! The training loop: the article's recipe (mission.md M3: AdamW, shuffled batches, a progress bar, the mean loss and a
//! report on dev after every epoch) plus warm-up, decay, clipping, length bucketing and exact resume. The same seed gives
//! the same bytes; dropout and order come from counters, never from the tensor library's generator.
pub mod adamw;
pub mod checkpoint;
pub mod recipe;
mod saved;

use crate::data::{self, Example};
use crate::evaluate::{self, Report};
use crate::model_dir;
use adamw::{AdamW, AdamWConfig};
use anyhow::{Context, Result, bail};
use candle_core::{D, Device, Tensor, Var};
use checkpoint::Position;
use indicatif::{ProgressBar, ProgressStyle};
use recipe::Recipe;
use saved::{save_head, save_model};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use waymark_shared::model::encoder::{Batch, Encoder};
use waymark_shared::model::kernels::{Dropout, Kernels, mix};
use waymark_shared::model::quant::Weights;
use waymark_shared::model::{Calibration, EncoderConfig, HeadConfig, HeadFile, HeadKind, ModelError, NeuralTagger, PackFiles, Pass};
use waymark_shared::span::TagSetName;
use waymark_shared::tag::{TagSet, TagSpan};
use waymark_shared::tokenize::{PieceTokenizer, WINDOW};

/// What a run is given from the command line.
pub struct Run {
    /// The recipe.
    pub recipe: Recipe,
    /// Folder that relative data paths count from.
    pub data: PathBuf,
    /// The folder of the model that training starts from: a bare base, or a shipped model to go on from.
    pub base: PathBuf,
    /// The folder of the bare base whose sentence vectors are kept; `base` where none is given.
    pub vectors: Option<PathBuf>,
    /// Where checkpoints, the log and the result go.
    pub out: PathBuf,
    /// CPU or CUDA.
    pub device: Device,
    /// Kernels; the device's own unless a test asks for the twin.
    pub kernels: Kernels,
    /// Stop after this many steps (for tests of resuming).
    pub stop_after: Option<u64>,
}

/// A sentence ready for training.
struct Item {
    /// Ids with marks, cut to the recipe's length.
    ids: Vec<u32>,
    /// Head → (position of the unit's first piece in `ids`, label).
    tags: BTreeMap<String, Vec<(u32, u32)>>,
    /// Bare base's vector of the sentence.
    vector: Vec<f32>,
    /// What enters the first layer that is trained, [piece · hidden], where those below stay as they are.
    lower: Vec<f32>,
    empty: bool,
}

/// Order of `count` things under a key: sorted by hash, so that it needs no state.
fn shuffled(count: usize, key: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&i| (mix(key ^ mix(i as u64 + 1)), i));
    order
}

/// Batches of an epoch: a seeded subset of the sentences without spans, bucketed by length, in seeded order.
fn batches(items: &[Item], recipe: &Recipe, epoch: u64) -> Vec<Vec<usize>> {
    let key = mix(recipe.seed ^ mix(epoch + 1));
    let kept = |i: &usize| !items[*i].empty || (mix(key ^ mix(*i as u64 + 77)) >> 11) as f64 / (1u64 << 53) as f64 <= recipe.keep_empty;
    let order: Vec<usize> = shuffled(items.len(), key).into_iter().filter(kept).collect();
    if !recipe.bucket {
        return order.chunks(recipe.batch).map(<[usize]>::to_vec).collect();
    }
    // Buckets of 32 batches: sorted by length inside, so that padding is small but batches still differ from epoch to epoch.
    let mut out = Vec::new();
    for bucket in order.chunks(32 * recipe.batch) {
        let mut bucket = bucket.to_vec();
        bucket.sort_by_key(|&i| items[i].ids.len());
        out.extend(bucket.chunks(recipe.batch).map(<[usize]>::to_vec));
    }
    shuffled(out.len(), mix(key ^ 5)).into_iter().map(|i| out[i].clone()).collect()
}

/// Mean cross-entropy −log p(label) of logits [rows, labels], by composed operations that differentiate.
///
/// # Errors
/// Those of the tensor library.
pub fn cross_entropy(logits: &Tensor, labels: &[u32]) -> candle_core::Result<Tensor> {
    let shifted = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?.detach())?;
    let log_probs = shifted.broadcast_sub(&shifted.exp()?.sum_keepdim(D::Minus1)?.log()?)?;
    let picked = log_probs.gather(&Tensor::from_slice(labels, (labels.len(), 1), logits.device())?, 1)?;
    picked.mean_all()?.neg()
}

/// Sentences labelled for the heads of a tag set alone. In one that is annotated with other tags, what bears one is none of these,
/// and nothing is known of the rest.
fn items(tagger: &NeuralTagger, examples: &[Example], heads: &[HeadConfig], set: TagSetName, recipe: &Recipe, cache: &Path) -> Result<Vec<Item>> {
    let limit = recipe.max_length.min(WINDOW) - 2;
    let mut out = Vec::with_capacity(examples.len());
    for example in examples {
        let prepared = evaluate::prepare(tagger, example)?;
        let cut = prepared.pieces.ids.len().min(limit);
        let ids = tagger.tokenizer().marked(&prepared.pieces.ids[..cut]);
        let mut tags = BTreeMap::new();
        for head in heads {
            let mut of_head = Vec::new();
            if example.spans.iter().any(|s| TagSetName::of_tag(&s.kind) != Some(set)) {
                of_head.extend(example.spans.iter().flat_map(|s| evaluate::units_of(&prepared.units, s)).map(|u| (prepared.units[u].piece, 0)));
                of_head.sort_unstable();
            } else if head.kind == HeadKind::Spans {
                let set = TagSet::new(&head.labels);
                let class = |kind: &str| set.classes().into_iter().find(|class| class.to_lowercase() == kind).unwrap_or("").to_string();
                let spans: Vec<TagSpan> =
                    example.spans.iter().filter(|s| s.layer == head.name).map(|s| TagSpan { units: evaluate::units_of(&prepared.units, s), class: class(&s.kind) }).collect();
                for (unit, label) in prepared.units.iter().zip(set.labels(prepared.units.len(), &spans)) {
                    of_head.push((unit.piece, label));
                }
            } else {
                for span in &example.spans {
                    let Some(context) = span.context else { continue };
                    let name = serde_json::to_value(context)?;
                    let label = head.labels.iter().position(|l| name == l.as_str()).context("a context the head does not know")?;
                    of_head.extend(evaluate::units_of(&prepared.units, span).map(|u| (prepared.units[u].piece, label)));
                }
            }
            let mut seen = None;
            of_head.retain(|(piece, _)| *piece < cut && seen.replace(*piece) != Some(*piece));
            tags.insert(head.name.clone(), of_head.into_iter().map(|(p, l)| Ok((u32::try_from(p + 1)?, u32::try_from(l)?))).collect::<Result<_>>()?);
        }
        out.push(Item { ids, tags, vector: Vec::new(), lower: Vec::new(), empty: example.spans.is_empty() });
    }
    for (item, vector) in out.iter_mut().zip(vectors(tagger, examples, recipe, cache)?) {
        item.vector = vector;
    }
    Ok(out)
}

/// The bare base's vectors of the sentences, kept in `cache` under a digest of what they depend on.
fn vectors(tagger: &NeuralTagger, examples: &[Example], recipe: &Recipe, cache: &Path) -> Result<Vec<Vec<f32>>> {
    if recipe.vector_weight <= 0.0 {
        return Ok(vec![Vec::new(); examples.len()]);
    }
    let width = tagger.config().hidden_size;
    let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
    let digest = checkpoint::sha256(format!("{:?}{}", tagger.config(), texts.join("\n")).as_bytes());
    let file = cache.join(format!("vectors-{}.f32", &digest[..16]));
    if let Ok(bytes) = std::fs::read(&file)
        && bytes.len() == examples.len() * width * 4
    {
        let values: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        return Ok(values.chunks_exact(width).map(<[f32]>::to_vec).collect());
    }
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&i| texts[i].len());
    let mut out = vec![Vec::new(); texts.len()];
    let bar = bar(texts.len() as u64, "vectors of the base");
    for chunk in order.chunks(32) {
        let sentences: Vec<&str> = chunk.iter().map(|&i| texts[i]).collect();
        for (&i, vector) in chunk.iter().zip(tagger.sentence_vectors(&sentences)?) {
            out[i] = vector;
        }
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    let bytes: Vec<u8> = out.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
    checkpoint::write_whole(&file, &bytes)?;
    Ok(out)
}

/// Temperature of the softmax over the pairs of a step.
const PAIR_TEMPERATURE: f64 = 0.05;

/// The ids of all pairs, each file as often as the recipe says.
fn pairs(tagger: &NeuralTagger, recipe: &Recipe, data: &Path) -> Result<Vec<[Vec<u32>; 2]>> {
    let ids = |text: &str| -> Result<Vec<u32>> {
        let pieces = tagger.tokenizer().pieces(text)?;
        Ok(tagger.tokenizer().marked(&pieces.ids[..pieces.ids.len().min(recipe.max_length.min(WINDOW) - 2)]))
    };
    let mut out = Vec::new();
    for (file, times) in &recipe.pairs {
        let of_file = data::pairs::read(&data.join(file))?.iter().map(|(a, b)| Ok([ids(a)?, ids(b)?])).collect::<Result<Vec<_>>>()?;
        (0..*times).for_each(|_| out.extend(of_file.iter().cloned()));
    }
    Ok(out)
}

/// The pairs of a step: a function of seed and step alone. One whose second text is there already is left out, for it
/// would count as wrong.
fn pairs_of_step(count: usize, recipe: &Recipe, step: u64, second: impl Fn(usize) -> Vec<u32>) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for draw in 0..4 * recipe.pair_batch as u64 {
        let key = mix(recipe.seed ^ mix(step ^ mix(draw + 901)));
        let pair = (key % count.max(1) as u64) as usize;
        if chosen.len() < recipe.pair_batch && seen.insert(second(pair)) {
            chosen.push(pair);
        }
    }
    chosen
}

/// Mean cross-entropy of finding the second text of each pair among those of the step by cosine, and the first by the second.
fn pair_loss(encoder: &Encoder, pairs: &[&[Vec<u32>; 2]], pass: Pass) -> Result<Tensor> {
    let vectors = |side: usize| -> Result<Tensor> {
        let rows: Vec<&[u32]> = pairs.iter().map(|p| p[side].as_slice()).collect();
        let batch = Batch::pad(&rows, encoder.config.pad_token_id);
        Ok(encoder.pooled(&batch, &encoder.hidden(&batch, pass)?)?)
    };
    let cosines = (vectors(0)?.matmul(&vectors(1)?.t()?)? / PAIR_TEMPERATURE)?;
    let own: Vec<u32> = (0u32..).take(pairs.len()).collect();
    Ok(((cross_entropy(&cosines, &own)? + cross_entropy(&cosines.t()?.contiguous()?, &own)?)? / 2.0)?)
}

fn bar(total: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(what.to_string());
    bar
}

/// The loss of a batch; its parts by name.
fn loss(encoder: &Encoder, items: &[&Item], recipe: &Recipe, pass: Pass) -> Result<(Tensor, BTreeMap<String, f32>)> {
    let rows: Vec<&[u32]> = items.iter().map(|i| i.ids.as_slice()).collect();
    let batch = Batch::pad(&rows, encoder.config.pad_token_id);
    // All heads of a recipe have the same additions, or none.
    let head = encoder.config.heads.first().map(|h| h.name.as_str());
    let hidden = if recipe.freeze {
        let width = encoder.config.hidden_size;
        let mut values = vec![0f32; items.len() * batch.seq * width];
        for (row, item) in values.chunks_exact_mut(batch.seq * width).zip(items) {
            row[..item.lower.len()].copy_from_slice(&item.lower);
        }
        let lower = Tensor::from_vec(values, (items.len() * batch.seq, width), &encoder.device)?;
        encoder.upper(&lower, &batch, encoder.first_own(head.unwrap_or("")), head, pass)?
    } else {
        encoder.hidden(&batch, pass)?
    };
    let mut total: Option<Tensor> = None;
    let mut parts = BTreeMap::new();
    let mut add = |name: &str, part: Tensor, weight: f64| -> Result<()> {
        parts.insert(name.to_string(), part.to_scalar::<f32>()?);
        let part = (part * weight)?;
        total = Some(match total.take() {
            Some(t) => (t + part)?,
            None => part,
        });
        Ok(())
    };
    for head in &encoder.config.heads {
        let (mut at, mut labels) = (Vec::new(), Vec::new());
        for (row, item) in items.iter().enumerate() {
            for (position, label) in item.tags.get(&head.name).map_or(&[][..], Vec::as_slice) {
                at.push(u32::try_from(row * batch.seq)? + position);
                labels.push(*label);
            }
        }
        if at.is_empty() {
            continue;
        }
        let places = Tensor::new(at.as_slice(), &encoder.device)?;
        let logits = encoder.head(&head.name, &hidden.index_select(&places, 0)?, pass)?;
        let weight = match &recipe.beside {
            _ if head.kind == HeadKind::Context => recipe.context_weight,
            Some(beside) if beside.tag_set.layers().contains(&head.name.as_str()) => beside.weight,
            _ => 1.0,
        };
        add(&head.name, cross_entropy(&logits, &labels)?, weight)?;
    }
    if recipe.vector_weight > 0.0 {
        let width = encoder.config.hidden_size;
        let target: Vec<f32> = items.iter().flat_map(|i| i.vector.iter().copied()).collect();
        let target = Tensor::from_vec(target, (items.len(), width), &encoder.device)?;
        let cosine = encoder.pooled(&batch, &hidden)?.mul(&target)?.sum(1)?;
        add("vector", cosine.affine(-1.0, 1.0)?.mean_all()?, recipe.vector_weight)?;
    }
    Ok((total.context("a batch without anything to learn")?, parts))
}

/// Runs the layers that stay as they are once for all sentences. (So there is no dropout in them.)
fn fill_lower(encoder: &Encoder, items: &mut [Item]) -> Result<()> {
    let first = encoder.config.heads.first().map_or(0, |h| encoder.first_own(&h.name));
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&i| items[i].ids.len());
    let bar = bar(items.len() as u64, "layers that stay");
    for chunk in order.chunks(32) {
        let rows: Vec<&[u32]> = chunk.iter().map(|&i| items[i].ids.as_slice()).collect();
        let batch = Batch::pad(&rows, encoder.config.pad_token_id);
        let lower = encoder.lower(&batch, first, Pass::infer(&encoder.device))?.to_vec2::<f32>()?;
        for (row, &i) in chunk.iter().enumerate() {
            items[i].lower = lower[row * batch.seq..][..items[i].ids.len()].concat();
        }
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Builds the encoder with variables for all that is trained: the base's values, and small seeded values for new heads.
/// Frozen, only heads and their additions are trained.
fn trained_encoder(config: &EncoderConfig, weights: &Weights<'_>, device: &Device, recipe: &Recipe, freeze: bool) -> Result<(Encoder, Vec<(String, Var)>)> {
    let mut vars = Vec::new();
    let heads = [recipe.heads(), recipe.heads_beside()].concat();
    let encoder = Encoder::build(config.clone(), weights, device, |name, shape| {
        let values = if let (Some(of), Some((_, matrix))) = (&recipe.adapter_of, name.strip_prefix("adapter.").and_then(|rest| rest.split_once('.'))) {
            weights.dense(&format!("adapter.{of}.{matrix}"), shape)?
        } else if weights.has(name) || weights.has(&format!("bert.{name}")) {
            weights.dense(name, shape)?
        } else if name.starts_with("head.") {
            initial(name, shape, recipe.seed)
        } else if name.starts_with("adapter.") {
            // Hu et al. 2021, 4.1: A random, B nought, so that the head begins on the encoder as it is.
            if name.ends_with(".up") { vec![0.0; shape.iter().product()] } else { initial(name, shape, recipe.seed) }
        } else {
            return Err(ModelError::Missing(name.into()));
        };
        let taught = || heads.iter().any(|head| name.starts_with(&format!("head.{}.", head.name)) || name.starts_with(&format!("adapter.{}.", head.name)));
        if freeze && !taught() {
            return Ok(Tensor::from_vec(values, shape, device)?);
        }
        let var = Var::from_vec(values, shape, device)?;
        let tensor = var.as_tensor().clone();
        vars.push((name.to_string(), var));
        Ok(tensor)
    })?;
    Ok((encoder, vars))
}

/// Values within ±0.02 from the name and the seed (BERT's initializer range); biases 0.
fn initial(name: &str, shape: &[usize], seed: u64) -> Vec<f32> {
    let count = shape.iter().product();
    if shape.len() == 1 {
        return vec![0.0; count];
    }
    let key = name.bytes().fold(mix(seed ^ 0x5eed), |k, b| mix(k ^ u64::from(b)));
    (0..count).map(|i| ((mix(key ^ mix(i as u64)) >> 40) as f32 / 16_777_216.0 - 0.5) * 0.04).collect()
}

/// A reading tagger that sees the trained variables.
fn tagger(encoder: Encoder, files: &PackFiles) -> Result<NeuralTagger> {
    let json = files.get("tokenizer.json").context("the base has no tokenizer.json")?;
    Ok(NeuralTagger::from_parts(encoder, PieceTokenizer::parse(json)?, Calibration::default()))
}

/// Runs a recipe to its end (or to `stop_after`), resuming where a checkpoint lies.
///
/// # Errors
/// Data, base or disk; a loss that is not finite three times in a row.
pub fn run(run: &Run) -> Result<()> {
    let recipe = &run.recipe;
    std::fs::create_dir_all(&run.out)?;
    let read_all = |files: &[PathBuf]| -> Result<Vec<(String, Vec<Example>)>> {
        files.iter().map(|f| Ok((f.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(), data::read(&run.data.join(f))?))).collect()
    };
    // Of files annotated with other tags only what bears one says anything.
    let telling = |e: Vec<Example>| { let own = data::tag_set(&e) == recipe.tag_set; e.into_iter().filter(move |e| own || !e.spans.is_empty()) };
    let mut train: Vec<Example> = read_all(&recipe.train)?.into_iter().flat_map(|(_, e)| telling(e)).collect();
    let (mut beside, mut dev_beside, mut seen_beside) = (Vec::new(), Vec::new(), BTreeSet::new());
    if let Some(of) = &recipe.beside {
        beside = read_all(&of.train)?.into_iter().flat_map(|(_, e)| e).collect();
        seen_beside = evaluate::span_texts(&beside);
        beside.extend(data::augment::exchanged(&beside, of.augment, recipe.seed));
        dev_beside = read_all(&of.dev)?;
    }
    let dev = read_all(&recipe.dev)?;
    let seen = evaluate::span_texts(&train);
    train.extend(data::augment::exchanged(&train, recipe.augment, recipe.seed));

    let mut files = model_dir::read(&run.base)?;
    if recipe.freeze {
        // A head beside the encoder is made anew, whatever head of that name the base has, but for one whose additions stay; its own
        // go on. One that shares the additions of a head taught here would read others than it learnt: it is left out.
        let taught: Vec<String> = [recipe.heads(), recipe.heads_beside()].concat().into_iter().map(|head| head.name).collect();
        let beside = files.iter().filter(|(name, _)| name.starts_with("head.") && name.ends_with(".json")).map(|(_, json)| Ok(serde_json::from_slice::<HeadFile>(json)?.head));
        for head in beside.collect::<Result<Vec<_>>>()?.iter().filter(|head| taught.contains(&head.name) || head.shares.as_ref().is_some_and(|of| taught.contains(of))) {
            let goes_on = |name: &str| recipe.shares.is_some() && name.ends_with(".safetensors");
            files.retain(|name, _| !name.starts_with(&format!("head.{}.", head.name)) || goes_on(name));
        }
    }
    let base_config = EncoderConfig::parse(files.get("config.json").context("the base has no config.json")?)?;
    if recipe.freeze && base_config.encoder_version.as_ref() != Some(&recipe.version) {
        bail!("the recipe makes a head for {}, the base is {:?}", recipe.version, base_config.encoder_version);
    }
    if let Some(of) = &recipe.adapter_of
        && base_config.heads.iter().find(|head| head.name == *of).is_none_or(|head| head.adapter != recipe.adapter)
    {
        bail!("the base has no head {of:?} with additions as the recipe's");
    }
    // The heads whose additions are read but not taught.
    let shared: Vec<HeadConfig> = base_config.heads.iter().filter(|head| recipe.shares.as_ref() == Some(&head.name)).cloned().collect();
    if recipe.shares.is_some() && shared.iter().all(|head| head.adapter.is_none()) {
        bail!("the base has no head {:?} with additions to share", recipe.shares);
    }
    let weights = Weights::open(&files)?;
    let mut items = {
        let files = model_dir::read(run.vectors.as_ref().unwrap_or(&run.base))?;
        let mut bare = EncoderConfig::parse(files.get("config.json").context("the base has no config.json")?)?;
        bare.heads.clear();
        bare.prefix.clone_from(&recipe.base_prefix);
        let (encoder, _) = trained_encoder(&bare, &Weights::open(&files)?, &run.device, recipe, true)?;
        let tagger = tagger(encoder, &files)?;
        let mut items_of = items(&tagger, &train, &recipe.heads(), recipe.tag_set, recipe, &run.out)?;
        if let Some(of) = &recipe.beside {
            // Where the head is kept, so are all lines without a span: they are near misses.
            let beside = items(&tagger, &beside, &recipe.heads_beside(), of.tag_set, recipe, &run.out)?;
            items_of.extend(beside.into_iter().map(|item| Item { empty: item.empty && !recipe.freeze, ..item }));
        }
        items_of
    };
    let config = EncoderConfig {
        heads: [shared, recipe.heads(), recipe.heads_beside()].concat(),
        encoder_version: Some(recipe.version.clone()),
        prefix: String::new(),
        quantization: None,
        ..base_config
    };
    let (encoder, vars) = trained_encoder(&config, &weights, &run.device, recipe, recipe.freeze)?;
    if recipe.freeze {
        fill_lower(&encoder, &mut items)?;
    }
    let mut optimiser = AdamW::new(vars, AdamWConfig { weight_decay: recipe.weight_decay, ..AdamWConfig::default() })?;
    let tagger = tagger(encoder, &files)?;

    let checkpoints = run.out.join("checkpoints");
    std::fs::create_dir_all(&checkpoints)?;
    let mut at = checkpoint::load(&checkpoints, &mut optimiser)?.unwrap_or_default();
    let total: u64 = (0..recipe.epochs).map(|e| batches(&items, recipe, e).len() as u64).sum();
    let pairs = pairs(&tagger, recipe, &run.data)?;
    let pieces: usize = items.iter().map(|i| i.ids.len()).sum();
    println!("{} sentences, {pieces} pieces, {} pairs, {total} steps in {} epochs, from step {}", items.len(), pairs.len(), recipe.epochs, at.step);

    let mut bad_steps = 0;
    while at.epoch < recipe.epochs {
        let epoch_batches = batches(&items, recipe, at.epoch);
        let bar = bar(epoch_batches.len() as u64, &format!("epoch {}/{}", at.epoch + 1, recipe.epochs));
        bar.set_position(at.batch as u64);
        while at.batch < epoch_batches.len() {
            let chosen: Vec<&Item> = epoch_batches[at.batch].iter().map(|&i| &items[i]).collect();
            #[expect(clippy::cast_possible_truncation, reason = "a share")]
            let drop = Dropout { share: recipe.dropout as f32, key: mix(recipe.seed ^ mix(at.step + 1)) };
            let pass = Pass { kernels: run.kernels, drop, attention_drop: drop };
            let (mut loss, mut parts) = loss(tagger.encoder(), &chosen, recipe, pass)?;
            if !pairs.is_empty() && recipe.pair_batch > 0 {
                let of_step: Vec<_> = pairs_of_step(pairs.len(), recipe, at.step, |i| pairs[i][1].clone()).into_iter().map(|i| &pairs[i]).collect();
                let part = pair_loss(tagger.encoder(), &of_step, pass)?;
                parts.insert("pairs".into(), part.to_scalar()?);
                loss = (loss + (part * recipe.pair_weight)?)?;
            }
            let value = loss.to_scalar::<f32>()?;
            let mut store = loss.backward()?;
            let gradients = optimiser
                .slots
                .iter()
                .map(|s| match store.remove(s.var.as_tensor()) {
                    Some(g) => Ok(g),
                    None => s.var.zeros_like(),
                })
                .collect::<candle_core::Result<Vec<_>>>()?;
            let norm = adamw::norm(&gradients)?;
            if value.is_finite() && norm.is_finite() {
                let scale = if norm > recipe.clip { recipe.clip / norm } else { 1.0 };
                optimiser.step(&gradients, at.step + 1, recipe.rate(at.step + 1, total), scale)?;
                at.loss_sum += f64::from(value);
                bad_steps = 0;
            } else {
                bad_steps += 1;
                eprintln!("step {}: loss {value}, gradient norm {norm}: skipped; sentences {:?}", at.step + 1, epoch_batches[at.batch]);
                if bad_steps >= 3 {
                    bail!("three steps in a row gave no finite loss: lower the learning rate");
                }
            }
            at.step += 1;
            at.batch += 1;
            bar.inc(1);
            bar.set_message(format!("epoch {}/{} loss {:.4}", at.epoch + 1, recipe.epochs, at.loss_sum / at.batch as f64));
            if at.step.is_multiple_of(20) {
                println!("step {} loss {:.4} {parts:?} {:.2} s/step", at.step, at.loss_sum / at.batch as f64, bar.elapsed().as_secs_f64() / bar.position().max(1) as f64);
            }
            let stop = run.stop_after.is_some_and(|s| at.step >= s);
            if at.step.is_multiple_of(recipe.checkpoint_steps) || stop {
                checkpoint::save(&checkpoints, &optimiser, &at)?;
            }
            if stop {
                return Ok(());
            }
        }
        bar.finish_and_clear();
        let last = at.epoch + 1 == recipe.epochs;
        println!("epoch {}/{}: mean loss {:.4} over {} steps", at.epoch + 1, recipe.epochs, at.loss_sum / at.batch as f64, at.batch);
        let mut reports = BTreeMap::new();
        for (name, examples) in &dev {
            let share = if last { 1.0 } else { recipe.dev_share };
            let part = dev_part(examples, share);
            reports.insert(name.clone(), judge(&tagger, name, &part, recipe, &seen)?);
        }
        if let Some(kept) = recipe.kept_beside() {
            for (name, examples) in &dev_beside {
                reports.insert(name.clone(), judge(&tagger, name, examples, &kept, &seen_beside)?);
            }
        }
        let mut test = BTreeMap::new();
        if last {
            for (name, examples) in &read_all(&recipe.test)? {
                test.insert(name.clone(), judge(&tagger, name, examples, recipe, &seen)?);
            }
        }
        log(&run.out, &at, &reports, &test)?;
        let mean = reports.values().map(|r| r.f1("pooled")).sum::<f64>() / reports.len().max(1) as f64;
        at = Position { step: at.step, epoch: at.epoch + 1, batch: 0, loss_sum: 0.0, best: at.best.max(mean), sha256: String::new() };
        if recipe.freeze {
            save_head(&run.out.join("model"), &config, &files, &optimiser)?;
        } else {
            save_model(&run.out.join("model"), &EncoderConfig { heads: recipe.heads(), ..config.clone() }, &files, &weights, &optimiser)?;
        }
        checkpoint::save(&checkpoints, &optimiser, &at)?;
    }
    Ok(())
}

/// Whole groups of dev examples, about `share` of them, the same every time.
fn dev_part(examples: &[Example], share: f64) -> Vec<Example> {
    let chosen = |e: &&Example| (e.group.bytes().fold(7, |k, b| mix(k ^ u64::from(b))) >> 11) as f64 / (1u64 << 53) as f64 <= share;
    if examples.len() < 1000 { examples.to_vec() } else { examples.iter().filter(chosen).cloned().collect() }
}

/// Prints the reports of a data set: strict spans, and for a tag set of one layer its units one by one.
fn judge(tagger: &NeuralTagger, name: &str, examples: &[Example], recipe: &Recipe, seen: &BTreeSet<String>) -> Result<Report> {
    let scored = evaluate::score(tagger, examples, recipe.tag_set, |_| ())?;
    println!("{name} ({} sentences)", examples.len());
    if let [layer] = recipe.tag_set.layers() {
        println!("units\n{}", evaluate::tokens::report(tagger, &scored, layer, recipe.max_length)?);
        println!("strict spans");
    }
    let report = evaluate::report(tagger, &scored, Some(seen));
    println!("{report}");
    Ok(report)
}

fn log(out: &Path, at: &Position, dev: &BTreeMap<String, Report>, test: &BTreeMap<String, Report>) -> Result<()> {
    let mut line = serde_json::json!({"epoch": at.epoch + 1, "step": at.step, "mean_loss": at.loss_sum / at.batch.max(1) as f64, "dev": dev});
    if !test.is_empty() {
        line["test"] = serde_json::to_value(test)?;
    }
    let path = out.join("epochs.jsonl");
    let mut text = std::fs::read_to_string(&path).unwrap_or_default();
    text.push_str(&format!("{line}\n"));
    checkpoint::write_whole(&path, text.as_bytes())
}
