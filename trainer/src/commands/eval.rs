//! `waymark eval`: strict span scores of a model on annotated data.
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::model::NeuralTagger;
use waymark_trainer::{data, evaluate, model_dir};

#[derive(clap::Args)]
pub struct Args {
    /// Annotated files, scored together: SkillSpan JSON or CoNLL, or our JSON lines.
    #[arg(long, required = true)]
    data: Vec<PathBuf>,
    /// Training files: spans that never occur there are scored apart.
    #[arg(long)]
    train: Vec<PathBuf>,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let tagger = NeuralTagger::load(&model_dir::read(&self.model)?)?;
        let mut examples = Vec::new();
        for file in &self.data {
            examples.extend(data::read(file)?);
        }
        let mut seen = None;
        for file in &self.train {
            seen.get_or_insert_with(std::collections::BTreeSet::new).extend(evaluate::span_texts(&data::read(file)?));
        }
        let set = data::tag_set(&examples);
        super::expect(&tagger, set)?;
        let scored = evaluate::score(&tagger, &examples, set, |_| ())?;
        let mut report = evaluate::report(&tagger, &scored, seen.as_ref());
        report.groups = evaluate::groups::pairs(&tagger, &scored);
        if self.json { println!("{}", serde_json::to_string(&report)?) } else { println!("{report}") }
        Ok(ExitCode::SUCCESS)
    }
}
