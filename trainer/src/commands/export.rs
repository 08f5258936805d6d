//! `waymark export`: a trained model into the pack, with its calibration and card.
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_trainer::export;
use waymark_trainer::train::recipe::Recipe;

#[derive(clap::Args)]
pub struct Args {
    /// The trained model's folder.
    #[arg(long)]
    model: PathBuf,
    /// The recipe it was trained by: names training and dev data.
    #[arg(long)]
    config: PathBuf,
    /// Folder that the recipe's data paths count from.
    #[arg(long, default_value = ".")]
    data: PathBuf,
    /// The pack.
    #[arg(long, default_value = "public/pack")]
    out: PathBuf,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let recipe = Recipe::read(&self.config)?;
        let under = |files: &[PathBuf]| files.iter().map(|f| self.data.join(f)).collect::<Vec<_>>();
        export::run(&self.model, &self.out, &under(&recipe.train), &under(&recipe.dev))?;
        Ok(ExitCode::SUCCESS)
    }
}
