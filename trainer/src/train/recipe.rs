//! A training run as a file: what to train on, from which base, how. Every number that shapes the result is here.
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use waymark_shared::model::{AdapterConfig, EncoderConfig, HeadConfig, HeadKind};
use waymark_shared::span::TagSetName;

/// The recipe of a run (TOML). Relative paths of data count from the recipe's folder, or from `--data`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Version of the encoder, as in its model card.
    pub version: String,
    /// The tag set that is taught.
    #[serde(default)]
    pub tag_set: TagSetName,
    /// How the labels of a tag set of one layer mark a span; the open set is always BIO.
    #[serde(default)]
    pub scheme: Scheme,
    /// True where the encoder stays as it is: a head is made for it, as a file beside its own.
    #[serde(default)]
    pub freeze: bool,
    /// Files trained on.
    pub train: Vec<PathBuf>,
    /// Another tag set, taught beside the open one in the same steps.
    #[serde(default)]
    pub beside: Option<Beside>,
    /// Files judged on after each epoch.
    pub dev: Vec<PathBuf>,
    /// Files judged on once, after the last epoch.
    #[serde(default)]
    pub test: Vec<PathBuf>,
    /// Copies of the training data with their spans exchanged (see `data::augment`).
    #[serde(default)]
    pub augment: u64,
    /// Passes over the data.
    pub epochs: u64,
    /// Sentences a step.
    pub batch: usize,
    /// Longest sentence in pieces, marks included; longer ones are cut in training.
    pub max_length: usize,
    /// True where the sentences of a batch are of like length, which spares padding; else batches are plainly shuffled.
    #[serde(default = "yes")]
    pub bucket: bool,
    /// Peak learning rate.
    pub learning_rate: f64,
    /// Share of all steps over which the rate rises from 0.
    #[serde(default)]
    pub warmup: f64,
    /// What the rate does after that.
    #[serde(default)]
    pub schedule: Schedule,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Largest norm of the gradients.
    #[serde(default = "endless")]
    pub clip: f64,
    /// Dropout of hidden states and attention weights.
    pub dropout: f64,
    /// Share of sentences without a span that an epoch keeps, drawn anew each epoch.
    #[serde(default = "whole")]
    pub keep_empty: f64,
    /// Weight of the context loss.
    #[serde(default)]
    pub context_weight: f64,
    /// Weight of the loss that keeps sentence vectors near the base's.
    #[serde(default)]
    pub vector_weight: f64,
    /// Files of pairs of texts whose vectors shall meet (see `data::pairs`), each with how often an epoch of pairs holds it.
    #[serde(default)]
    pub pairs: Vec<(PathBuf, usize)>,
    /// Pairs a step.
    #[serde(default)]
    pub pair_batch: usize,
    /// Weight of their loss.
    #[serde(default)]
    pub pair_weight: f64,
    /// Text the base wants before a sentence for its vector.
    #[serde(default)]
    pub base_prefix: String,
    /// Seed of order and dropout.
    pub seed: u64,
    /// Share of dev documents judged on after each epoch but the last.
    #[serde(default = "whole")]
    pub dev_share: f64,
    /// Steps between checkpoints.
    pub checkpoint_steps: u64,
    /// What the head adds to the frozen encoder.
    #[serde(default)]
    pub adapter: Option<AdapterConfig>,
    /// Whose additions in the base these begin as; without it, as nothing.
    #[serde(default)]
    pub adapter_of: Option<String>,
    /// The head of the base whose additions it reads the encoder with, as they are: only the head itself is taught.
    #[serde(default)]
    pub shares: Option<String>,
}

/// A tag set taught beside the open one. Where the encoder is trained, it learns from this too, and its head stays behind: the
/// one that ships is made for the finished encoder. On a frozen encoder its head reads the pass of the open heads and is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// The tag set.
    pub tag_set: TagSetName,
    /// Files trained on.
    pub train: Vec<PathBuf>,
    /// Files judged on after each epoch, where the head is kept.
    #[serde(default)]
    pub dev: Vec<PathBuf>,
    /// As for the open set.
    #[serde(default)]
    pub augment: u64,
    /// Weight of its loss.
    #[serde(default = "whole")]
    pub weight: f64,
}

/// How labels mark a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Its first unit apart from the others: neighbours of one kind stay two spans.
    #[default]
    Bio,
    /// All its units alike, as in the article: neighbours of one kind become one span.
    Io,
}

/// What the learning rate does after its rise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Falls in a line to 0.
    #[default]
    Linear,
    /// Stays.
    Constant,
}

fn yes() -> bool {
    true
}
fn whole() -> f64 {
    1.0
}
fn endless() -> f64 {
    f64::INFINITY
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// The file and the field that is off.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let recipe: Self = toml::from_str(&text).with_context(|| path.display().to_string())?;
        if recipe.adapter.is_some() && !recipe.freeze {
            bail!("{}: an adapter adds to an encoder that stays as it is: set freeze = true", path.display());
        }
        if recipe.adapter_of.is_some() && recipe.adapter.is_none() {
            bail!("{}: `adapter_of` goes with an adapter of the same shape", path.display());
        }
        if recipe.shares.is_some() && (recipe.adapter.is_some() || !recipe.freeze || recipe.tag_set == TagSetName::Open) {
            bail!("{}: `shares` goes with a head beside the open ones, without additions of its own, and freeze = true", path.display());
        }
        if recipe.beside.as_ref().is_some_and(|beside| beside.tag_set == TagSetName::Open || recipe.tag_set != TagSetName::Open || recipe.freeze && recipe.adapter.is_none()) {
            bail!("{}: `beside` is another tag set beside the open one; on a frozen encoder it shares the adapter", path.display());
        }
        Ok(recipe)
    }

    /// The heads that are taught and kept.
    pub fn heads(&self) -> Vec<HeadConfig> {
        self.heads_of(self.tag_set)
    }

    /// The heads of what is taught `beside`.
    pub fn heads_beside(&self) -> Vec<HeadConfig> {
        let mut heads = self.beside.as_ref().map(|beside| self.heads_of(beside.tag_set)).unwrap_or_default();
        if let (Some(_), [first, ..]) = (&self.adapter, &self.heads()[..]) {
            heads.iter_mut().for_each(|head| (head.adapter, head.shares) = (None, Some(first.name.clone())));
        }
        heads
    }

    /// What is taught beside and kept, as a recipe of its own: by it its head is judged and told of. Not a recipe to train by.
    pub fn kept_beside(&self) -> Option<Self> {
        let Beside { tag_set, train, dev, augment, .. } = self.beside.clone().filter(|_| self.freeze)?;
        Some(Self { tag_set, train, dev, augment, test: Vec::new(), adapter: None, ..self.clone() })
    }

    fn heads_of(&self, tag_set: TagSetName) -> Vec<HeadConfig> {
        if tag_set == TagSetName::Open {
            let mut heads = EncoderConfig::open_heads();
            if let ([first, others @ ..], Some(adapter)) = (&mut heads[..], &self.adapter) {
                first.adapter = Some(adapter.clone());
                others.iter_mut().for_each(|head| head.shares = Some(first.name.clone()));
            }
            return heads;
        }
        let labels = tag_set.tags().into_iter().flat_map(|tag| match self.scheme {
            Scheme::Bio => vec![format!("B-{tag}"), format!("I-{tag}")],
            Scheme::Io => vec![tag.to_string()],
        });
        let labels: Vec<String> = std::iter::once("O".to_string()).chain(labels).collect();
        let head = |name: &&str| HeadConfig { name: (*name).into(), kind: HeadKind::Spans, labels: labels.clone(), adapter: self.adapter.clone(), shares: self.shares.clone() };
        tag_set.layers().iter().map(head).collect()
    }

    /// The learning rate of a step (from 1) of `total`: linear up, then as the schedule says.
    pub fn rate(&self, step: u64, total: u64) -> f64 {
        let warm = (self.warmup * total as f64).max(1.0);
        let (step, total) = (step as f64, total as f64);
        self.learning_rate
            * match self.schedule {
                _ if step < warm => step / warm,
                Schedule::Constant => 1.0,
                Schedule::Linear => ((total - step) / (total - warm).max(1.0)).max(0.0),
            }
    }
}
