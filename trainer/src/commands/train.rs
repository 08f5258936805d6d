//! `waymark train`.
use super::DeviceChoice;
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::model::kernels::Kernels;
use waymark_trainer::train::{self, Run, recipe::Recipe};

#[derive(clap::Args)]
pub struct Args {
    /// The recipe (TOML).
    #[arg(long)]
    config: PathBuf,
    /// The model to start from: a folder with config.json, tokenizer.json and safetensors, packed or not.
    #[arg(long)]
    base: PathBuf,
    /// The bare base whose sentence vectors are kept, where training goes on from a model already trained.
    #[arg(long)]
    vectors: Option<PathBuf>,
    /// Folder that the recipe's data paths count from.
    #[arg(long, default_value = ".")]
    data: PathBuf,
    /// Folder for checkpoints, log and result.
    #[arg(long)]
    out: PathBuf,
    /// Where to compute.
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceChoice,
    /// Use the clear composed kernels instead of the fused ones.
    #[arg(long)]
    composed: bool,
    /// Stop after this many steps, with a checkpoint.
    #[arg(long)]
    stop_after: Option<u64>,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let device = self.device.open()?;
        let kernels = if self.composed { Kernels::Composed } else { Kernels::for_device(&device) };
        train::run(&Run { recipe: Recipe::read(&self.config)?, data: self.data, base: self.base, vectors: self.vectors, out: self.out, kernels, device, stop_after: self.stop_after })?;
        Ok(ExitCode::SUCCESS)
    }
}
