//! A training run as a file: what to train on, from which base, how. Every number that shapes the result is here.
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The recipe of a run (TOML). Relative paths of data count from the recipe's folder, or from `--data`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Version of the encoder, as in its model card.
    pub version: String,
    /// Files trained on.
    pub train: Vec<PathBuf>,
    /// Files judged on after each epoch.
    pub dev: Vec<PathBuf>,
    /// Passes over the data.
    pub epochs: u64,
    /// Sentences a step.
    pub batch: usize,
    /// Longest sentence in pieces, marks included; longer ones are cut in training.
    pub max_length: usize,
    /// Peak learning rate.
    pub learning_rate: f64,
    /// Share of all steps over which the rate rises from 0.
    pub warmup: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Largest norm of the gradients.
    pub clip: f64,
    /// Dropout of hidden states and attention weights.
    pub dropout: f64,
    /// Share of sentences without a span that an epoch keeps, drawn anew each epoch.
    pub keep_empty: f64,
    /// Weight of the context loss.
    pub context_weight: f64,
    /// Weight of the loss that keeps sentence vectors near the base's.
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
    pub dev_share: f64,
    /// Steps between checkpoints.
    pub checkpoint_steps: u64,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// The file and the field that is off.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// The learning rate of a step (from 1) of `total`: linear up, linear down to 0.
    pub fn rate(&self, step: u64, total: u64) -> f64 {
        let warm = (self.warmup * total as f64).max(1.0);
        let (step, total) = (step as f64, total as f64);
        self.learning_rate * if step < warm { step / warm } else { ((total - step) / (total - warm).max(1.0)).max(0.0) }
    }
}
