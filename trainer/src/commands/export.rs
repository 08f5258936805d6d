//! `waymark export`: a trained model into the pack, with its calibration and card; or a head beside the encoder there.
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::span::TagSetName;
use waymark_trainer::export;
use waymark_trainer::train::recipe::Recipe;

#[derive(clap::Args)]
pub struct Args {
    /// The trained model's folder.
    #[arg(long)]
    model: PathBuf,
    /// The recipe it was trained by, or those of its stages: they name training and dev data.
    #[arg(long, required = true)]
    config: Vec<PathBuf>,
    /// Folder that the recipe's data paths count from.
    #[arg(long, default_value = ".")]
    data: PathBuf,
    /// The pack.
    #[arg(long, default_value = "public/pack")]
    out: PathBuf,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        if let [one] = &self.config[..]
            && let recipe = Recipe::read(one)?
            && recipe.freeze
            && recipe.tag_set != TagSetName::Open
        {
            export::head::run(&self.model, &self.out, &recipe, &self.data)?;
            return Ok(ExitCode::SUCCESS);
        }
        let (mut train, mut pairs, mut dev, mut kept) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for recipe in &self.config {
            let recipe = Recipe::read(recipe)?;
            kept.extend(recipe.kept_beside());
            let of_pairs = recipe.pairs.into_iter().map(|(file, _)| file).collect();
            let taught = [recipe.train, recipe.beside.map(|beside| beside.train).unwrap_or_default()].concat();
            for (all, files) in [(&mut train, taught), (&mut pairs, of_pairs), (&mut dev, recipe.dev)] {
                for file in files.iter().map(|f| self.data.join(f)) {
                    if !all.contains(&file) {
                        all.push(file);
                    }
                }
            }
        }
        export::run(&self.model, &self.out, &train, &pairs, &dev)?;
        for recipe in kept {
            export::head::run(&self.model, &self.out, &recipe, &self.data)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
