//! `waymark tag`: tags for given tokens (SkillSpan records) or for a sentence a line.
use anyhow::{Result, bail};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::analyse::TagSetName;
use waymark_shared::model::NeuralTagger;
use waymark_shared::model::tagger::SentenceSpan;
use waymark_trainer::data::{Example, skillspan};
use waymark_trainer::{evaluate, model_dir};

#[derive(clap::Args)]
pub struct Args {
    /// Input file.
    file: PathBuf,
    /// What it holds.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// What to look for in sentences: open (skills and knowledge), line (three skills of a production line) or personal (names
    /// and home places).
    #[arg(long, value_parser = super::tag_set, default_value = "open")]
    tag_set: TagSetName,
    /// JSON lines (the only form).
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// SkillSpan JSON lines; given tags are ignored and replaced.
    Skillspan,
    /// A sentence a line.
    Text,
}

/// B, I, O of a layer over `count` units.
fn tags(spans: &[SentenceSpan], layer: &str, count: usize) -> Vec<String> {
    let mut out = vec!["O".to_string(); count];
    for span in spans.iter().filter(|s| s.layer == layer) {
        for (i, tag) in out.iter_mut().enumerate().take(span.last_unit).skip(span.first_unit) {
            *tag = if i == span.first_unit { "B" } else { "I" }.into();
        }
    }
    out
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let _ = self.json;
        let tagger = NeuralTagger::load(&model_dir::read(&self.model)?)?;
        super::expect(&tagger, self.tag_set)?;
        let bytes = std::fs::read(&self.file).map_err(|e| anyhow::anyhow!("{}: {e}", self.file.display()))?;
        match self.format {
            Format::Skillspan => {
                let (records, bad, _) = skillspan::records(&self.file.display().to_string(), &bytes);
                if let Some(line) = bad.first() {
                    bail!("{line}");
                }
                let example = |r: &skillspan::Record| {
                    let (text, words) = skillspan::join(&r.tokens);
                    Example { id: String::new(), language: "en".into(), group: String::new(), text, words: Some(words), spans: vec![] }
                };
                let examples: Vec<Example> = records.iter().map(|(_, r)| example(r)).collect();
                for ((_, mut record), scored) in records.into_iter().zip(evaluate::score(&tagger, &examples, TagSetName::Open, |_| ())?) {
                    let count = record.tokens.len();
                    let spans = tagger.decode(&scored.units, scored.language, scored.logits);
                    record.tags_skill = tags(&spans, "skill", count);
                    record.tags_knowledge = tags(&spans, "knowledge", count);
                    println!("{}", serde_json::to_string(&record)?);
                }
            }
            Format::Text => {
                let text = String::from_utf8(bytes).map_err(|e| anyhow::anyhow!("{}: not UTF-8 at byte {}", self.file.display(), e.utf8_error().valid_up_to()))?;
                let lines: Vec<Example> =
                    text.lines().map(|l| Example { id: String::new(), language: String::new(), group: String::new(), text: l.into(), words: None, spans: vec![] }).collect();
                for (line, scored) in lines.iter().zip(evaluate::score(&tagger, &lines, self.tag_set, |_| ())?) {
                    let spans = tagger.decode(&scored.units, scored.language, scored.logits);
                    let span = |s: &SentenceSpan| json!({"start": s.start, "end": s.end, "kind": s.kind, "confidence": tagger.confidence(s, scored.language), "held": s.context.held(), "context": s.context});
                    println!("{}", json!({"text": line.text, "spans": spans.iter().map(span).collect::<Vec<_>>()}));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
