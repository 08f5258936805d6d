//! `waymark pack`: the taxonomy of the pack from public tables and our Chinese names.
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::model::NeuralTagger;
use waymark_shared::taxonomy::Taxonomy;
use waymark_shared::taxonomy::linker::LinkCalibration;
use waymark_trainer::train::checkpoint::sha256;
use waymark_trainer::{export, linking, model_dir, pack};

#[derive(clap::Args)]
pub struct Args {
    /// Folder of the market data (`onet-29.3`, `bls-ep-2024-34` …).
    #[arg(long, default_value = "../shared/data/market")]
    sources: PathBuf,
    /// Folder of our Chinese names, aliases, titles and judged phrases.
    #[arg(long, default_value = "trainer/data/taxonomy")]
    ours: PathBuf,
    /// The model whose encoder makes the vectors.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// The pack.
    #[arg(long, default_value = "public/pack")]
    out: PathBuf,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let sources = pack::taxonomy::read(&self.sources, &self.ours)?;
        println!("{}", sources.counts());
        let files = model_dir::read(&self.model)?;
        let tagger = NeuralTagger::load(&files)?;
        let folder = self.out.join("taxonomy");
        let encoder = model_dir::encoder_file(&files)?;
        sources.write(&tagger, encoder, &LinkCalibration::default(), &folder)?;
        // Fitted on the pack as it will be read.
        let taxonomy = Taxonomy::load(&model_dir::read(&folder)?, &sha256(encoder))?;
        let phrases = linking::judged(&self.ours.join("judged.tsv"), &taxonomy)?;
        let (calibration, score) = linking::fit(&tagger, &taxonomy, &phrases)?;
        sources.write_calibration(&calibration, &folder)?;
        sources.write_card(&sha256(encoder), &score, &folder)?;
        println!("{calibration:?}\non the other half of {} judged phrases: {score:?}", phrases.len());
        export::manifest(&self.out)?;
        Ok(ExitCode::SUCCESS)
    }
}
