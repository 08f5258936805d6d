//! `waymark pack`: the taxonomy and the market data of the pack from public tables and our Chinese names.
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
    /// Folder of our own: `taxonomy` with Chinese names, aliases, titles and judged phrases, `market` with names of states.
    #[arg(long, default_value = "trainer/data")]
    ours: PathBuf,
    /// Build one part; the market needs no model but the taxonomy built before.
    #[arg(long)]
    only: Option<Part>,
    /// Keep what linking was fitted to (`linking.json`), so that a few new aliases change no link but their own.
    #[arg(long)]
    keep_fit: bool,
    /// The model whose encoder makes the vectors.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// The pack.
    #[arg(long, default_value = "public/pack")]
    out: PathBuf,
}

/// A part of the pack.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Competences and occupations, their names, titles and vectors.
    Taxonomy,
    /// Figures, weights, relations, lists.
    Market,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        if self.only != Some(Part::Market) {
            self.taxonomy()?;
        }
        if self.only != Some(Part::Taxonomy) {
            let market = pack::market::read(&self.sources, &self.ours, &self.out.join("taxonomy"))?;
            market.write(&self.out.join("market"))?;
            print!("{}", market.report());
        }
        export::manifest(&self.out)?;
        Ok(ExitCode::SUCCESS)
    }

    fn taxonomy(&self) -> Result<()> {
        let ours = self.ours.join("taxonomy");
        let sources = pack::taxonomy::read(&self.sources, &ours)?;
        println!("{}", sources.counts());
        let files = model_dir::read(&self.model)?;
        let tagger = NeuralTagger::load(&files)?;
        let folder = self.out.join("taxonomy");
        let encoder = model_dir::encoder_file(&files)?;
        let kept = if self.keep_fit { Some(Taxonomy::load(&model_dir::read(&folder)?, &sha256(encoder))?.calibration) } else { None };
        sources.write(&tagger, encoder, &LinkCalibration::default(), &folder)?;
        // Fitted on the pack as it will be read.
        let taxonomy = Taxonomy::load(&model_dir::read(&folder)?, &sha256(encoder))?;
        let phrases = linking::judged(&ours.join("judged.tsv"), &taxonomy)?;
        let (calibration, score) = linking::fit(&tagger, &taxonomy, &phrases, kept)?;
        sources.write_calibration(&calibration, &folder)?;
        sources.write_card(&sha256(encoder), &score, &folder)?;
        println!("{calibration:?}\non the other half of {} judged phrases: {score:?}", phrases.len());
        Ok(())
    }
}
