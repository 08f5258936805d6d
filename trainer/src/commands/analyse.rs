//! `waymark analyse`: CVs in, one JSON object a line out. The form is relied on elsewhere: fields may be added only.
use anyhow::Result;
use serde_json::{Value, json};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_shared::analyse::{AnalyseJob, Analysis, DescribedOccupation, Links, SpanLink, TagSetName};
use waymark_shared::cv::{self, CvError, CvText, Limits, Notice};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::{NeuralTagger, PackFiles};
use waymark_shared::taxonomy::Taxonomy;
use waymark_trainer::model_dir;
use waymark_trainer::train::checkpoint::sha256;

#[derive(clap::Args)]
pub struct Args {
    /// CVs: PDF, DOCX, HTML, JSON Resume or text.
    #[arg(required = true)]
    cv: Vec<PathBuf>,
    /// Password of protected files.
    #[arg(long)]
    password: Option<String>,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// What to look for: open (skills and knowledge) or line (three skills of a production line).
    #[arg(long, value_parser = super::tag_set_of_skills, default_value = "open")]
    tag_set: TagSetName,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

pub(super) type Reading = Result<(CvText, Vec<Notice>), CvError>;

pub(super) fn read(path: &Path, password: Option<&str>) -> Result<Reading> {
    let bytes = std::fs::read(path).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
    // A reader that panics must not take the other files with it.
    let panicked = |_| Err(CvError::Damaged { detail: "the reader stopped".into() });
    Ok(catch_unwind(AssertUnwindSafe(|| cv::read(&bytes, password, &Limits::default()))).unwrap_or_else(panicked))
}

fn spans(analysis: &Analysis) -> Vec<Value> {
    let link = |l: &SpanLink| json!({"id": l.id, "taxonomy": "onet", "name_en": l.name_en, "name_zh": l.name_zh, "score": l.score, "kind": l.kind, "by": l.by});
    let span = |(s, links): (&waymark_shared::analyse::FoundSpan, &Vec<SpanLink>)| {
        let links: Vec<Value> = links.iter().map(link).collect();
        json!({"start": s.start, "end": s.end, "kind": s.kind, "confidence": s.confidence, "held": s.context.held(), "context": s.context, "by": s.by, "links": links})
    };
    analysis.spans.iter().zip(&analysis.links).map(span).collect()
}

fn occupations(analysis: &Analysis) -> Vec<Value> {
    let occupation = |o: &DescribedOccupation| {
        let titles: Vec<Value> = o.titles.iter().map(|(start, end)| json!({"start": start, "end": end})).collect();
        let competences: Vec<&str> = o.competences.iter().map(|(en, _)| en.as_str()).collect();
        json!({"soc": o.soc, "name_en": o.name_en, "name_zh": o.name_zh, "score": o.score, "evidence": {"titles": titles, "competences": competences}})
    };
    analysis.occupations.iter().map(occupation).collect()
}

/// The taxonomy of the pack, where it is there and its vectors are this model's; else why not, once, to standard error.
pub(super) fn links(files: &PackFiles) -> Option<Links> {
    let folder = model_dir::read(&model_dir::taxonomy());
    let taxonomy = folder.and_then(|folder| Ok(Taxonomy::load(&folder, &sha256(model_dir::encoder_file(files)?))?));
    match taxonomy {
        Ok(taxonomy) => Some(Links::new(taxonomy)),
        Err(error) => {
            eprintln!("waymark: nothing is linked: {error:#}");
            None
        }
    }
}

/// A whole text tagged and linked.
pub(super) fn analyse(text: &str, tagger: &NeuralTagger, tag_set: TagSetName, links: Option<&Links>, advertisement: bool) -> Result<Analysis> {
    let gazetteer = Gazetteer::built_in();
    let mut job = AnalyseJob::new(text, gazetteer.as_ref(), tag_set).of_advertisement(advertisement);
    while !job.finished() {
        job.step(tagger)?;
    }
    if let Some(links) = links {
        while !job.link_step(tagger, links)? {}
    }
    Ok(job.finish(links))
}

fn line_of(text: &str, at: Range<usize>) -> String {
    text.get(at).unwrap_or("").replace('\n', " ")
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let files = model_dir::read(&self.model)?;
        let tagger = NeuralTagger::load(&files)?;
        super::expect(&tagger, self.tag_set)?;
        let links = links(&files);
        let mut failed = false;
        for path in &self.cv {
            let (object, analysis) = match read(path, self.password.as_deref())? {
                Err(error) => {
                    failed = true;
                    let error = json!({"kind": error.kind(), "message": error.to_string()});
                    (json!({"format": null, "language": null, "text": "", "notices": [], "error": error, "spans": [], "occupations": [], "personal": []}), None)
                }
                Ok((cv, notices)) => {
                    let analysis = analyse(&cv.text, &tagger, self.tag_set, links.as_ref(), false)?;
                    let notices: Vec<Value> = notices.iter().map(|n| json!({"kind": n.kind, "message": n.detail})).collect();
                    let object = json!({"format": cv.format, "language": analysis.language, "text": cv.text, "notices": notices, "error": null, "spans": spans(&analysis), "occupations": occupations(&analysis), "personal": analysis.personal});
                    (object, Some((cv, analysis)))
                }
            };
            if self.json {
                println!("{object}");
            } else if let Some((cv, analysis)) = analysis {
                println!("{}", path.display());
                for (s, links) in analysis.spans.iter().zip(&analysis.links) {
                    let meant = links.first().map(|l| format!("  → {} ({:.0} %)", l.name_en, l.score * 100.0)).unwrap_or_default();
                    println!("  {:<10}{:>5.0} %  {:<8}{}{meant}", s.kind.name(), s.confidence * 100.0, format!("{:?}", s.context).to_lowercase(), line_of(&cv.text, s.start..s.end));
                }
                for o in &analysis.occupations {
                    println!("  {} {} {} ({:.2})", o.soc, o.name_en, o.name_zh, o.score);
                }
            } else {
                println!("{}: {}", path.display(), object["error"]["message"].as_str().unwrap_or(""));
            }
        }
        Ok(if failed { ExitCode::from(2) } else { ExitCode::SUCCESS })
    }
}
