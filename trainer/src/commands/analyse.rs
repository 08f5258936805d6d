//! `waymark analyse`: CVs in, one JSON object a line out. The form is relied on elsewhere: fields may be added only.
use anyhow::Result;
use serde_json::{Value, json};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_shared::analyse::{AnalyseJob, Analysis};
use waymark_shared::cv::{self, CvError, CvText, Limits, Notice};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::NeuralTagger;
use waymark_trainer::model_dir;

#[derive(clap::Args)]
pub struct Args {
    /// CVs: PDF, DOCX or text.
    #[arg(required = true)]
    cv: Vec<PathBuf>,
    /// Password of protected files.
    #[arg(long)]
    password: Option<String>,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

type Reading = Result<(CvText, Vec<Notice>), CvError>;

fn read(path: &Path, password: Option<&str>) -> Result<Reading> {
    let bytes = std::fs::read(path).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
    // A reader that panics must not take the other files with it.
    let panicked = |_| Err(CvError::Damaged { detail: "the reader stopped".into() });
    Ok(catch_unwind(AssertUnwindSafe(|| cv::read(&bytes, password, &Limits::default()))).unwrap_or_else(panicked))
}

fn spans(analysis: &Analysis) -> Vec<Value> {
    let span = |s: &waymark_shared::analyse::FoundSpan| {
        json!({"start": s.start, "end": s.end, "kind": s.kind, "confidence": s.confidence, "held": s.context.held(), "context": s.context, "by": s.by, "links": []})
    };
    analysis.spans.iter().map(span).collect()
}

fn line_of(text: &str, at: Range<usize>) -> String {
    text.get(at).unwrap_or("").replace('\n', " ")
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let tagger = NeuralTagger::load(&model_dir::read(&self.model)?)?;
        let gazetteer = Gazetteer::built_in();
        let mut failed = false;
        for path in &self.cv {
            let (object, analysis) = match read(path, self.password.as_deref())? {
                Err(error) => {
                    failed = true;
                    let error = json!({"kind": error.kind(), "message": error.to_string()});
                    (json!({"format": null, "language": null, "text": "", "notices": [], "error": error, "spans": [], "occupations": []}), None)
                }
                Ok((cv, notices)) => {
                    let mut job = AnalyseJob::new(&cv.text, gazetteer.as_ref());
                    while !job.finished() {
                        job.step(&tagger)?;
                    }
                    let analysis = job.finish();
                    let notices: Vec<Value> = notices.iter().map(|n| json!({"kind": n.kind, "message": n.detail})).collect();
                    let object = json!({"format": cv.format, "language": analysis.language, "text": cv.text, "notices": notices, "error": null, "spans": spans(&analysis), "occupations": []});
                    (object, Some((cv, analysis)))
                }
            };
            if self.json {
                println!("{object}");
            } else if let Some((cv, analysis)) = analysis {
                println!("{}", path.display());
                for s in &analysis.spans {
                    let kind = if s.kind == waymark_shared::analyse::SpanKind::Skill { "skill" } else { "knowledge" };
                    println!("  {:<10}{:>5.0} %  {:<8}{}", kind, s.confidence * 100.0, format!("{:?}", s.context).to_lowercase(), line_of(&cv.text, s.start..s.end));
                }
            } else {
                println!("{}: {}", path.display(), object["error"]["message"].as_str().unwrap_or(""));
            }
        }
        Ok(if failed { ExitCode::from(2) } else { ExitCode::SUCCESS })
    }
}
