//! `waymark link`: phrases in, the competences they may mean out; and how well that works (`--measure`).
use anyhow::{Context, Result};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::model::NeuralTagger;
use waymark_shared::taxonomy::linker::{LinkCalibration, Linker};
use waymark_shared::taxonomy::{NameVectors, Taxonomy};
use waymark_trainer::data::pairs::is_held_out_group;
use waymark_trainer::pack::taxonomy::vectors;
use waymark_trainer::train::checkpoint::{sha256, write_whole};
use waymark_trainer::{linking, model_dir};

#[derive(clap::Args)]
pub struct Args {
    /// A phrase a line.
    #[arg(long, required_unless_present = "measure")]
    lines: Option<PathBuf>,
    /// At most so many matches a phrase.
    #[arg(long, default_value_t = 10)]
    top: usize,
    /// Which names to link to.
    #[arg(long, value_enum, default_value = "onet")]
    taxonomy: Names,
    /// Measures instead: O*NET task → activity, Chinese name → English name, phrase → ESCO group.
    #[arg(long, value_enum)]
    measure: Vec<Measure>,
    /// Folder of the shared data (for `--measure` and ESCO's labels).
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Folder where ESCO's vectors are kept between runs.
    #[arg(long, default_value = "runs/cache")]
    cache: PathBuf,
    /// Draws the samples of `--measure`.
    #[arg(long, default_value_t = 20_261_124)]
    seed: u64,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// Text before every phrase, for a bare base (`"query: "`).
    #[arg(long)]
    prefix: Option<String>,
    /// One JSON object a line (the only form).
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Names {
    /// O*NET's competences, as the page has them.
    Onet,
    /// ESCO's skill labels; their vectors are computed once and kept.
    Esco,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Measure {
    Tasks,
    Names,
    Groups,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let _ = self.json;
        let mut files = model_dir::read(&self.model)?;
        if let Some(prefix) = &self.prefix {
            let config = files.get("config.json").context("the model has no config.json")?;
            let mut config: serde_json::Value = serde_json::from_slice(config)?;
            config["prefix"] = json!(prefix);
            files.insert("config.json".into(), serde_json::to_vec(&config)?);
        }
        let tagger = NeuralTagger::load(&files)?;
        if !self.measure.is_empty() {
            for measure in &self.measure {
                match measure {
                    Measure::Tasks => println!("task → activity, plain cosine, held-out groups, a quarter by seed {}: {:?}", self.seed, linking::tasks(&tagger, &self.data.join("market"), is_held_out_group, 0.25, self.seed)?),
                    Measure::Names => {
                        let taxonomy = self.onet(&files)?;
                        println!("Chinese → English name, held-out half, 400 by seed {}: {:?}", self.seed, linking::chinese_names(&tagger, &taxonomy, 400, self.seed)?);
                    }
                    Measure::Groups => println!("phrase → ESCO group, by the nearest name of a group and by the nearest of the other phrases: {:?}", linking::groups(&tagger, &self.data.join("nlp/kompetencer-en/1_en_train.tsv"))?),
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        let (linker, names) = match self.taxonomy {
            Names::Onet => {
                let taxonomy = self.onet(&files)?;
                let names = taxonomy.competences.iter().map(|c| (c.id.clone(), c.name_en.clone())).collect::<Vec<_>>();
                (Linker::of(&taxonomy, taxonomy.calibration.clone()), names)
            }
            Names::Esco => self.esco(&tagger, model_dir::encoder_file(&files)?)?,
        };
        let path = self.lines.context("--lines FILE")?;
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let phrases: Vec<&str> = text.lines().map(str::trim).collect();
        for (phrase, vector) in phrases.iter().zip(vectors(&tagger, &phrases, "phrases")?) {
            let matches: Vec<_> = linker
                .nearest(phrase, Some(&vector), self.top)
                .iter()
                .filter_map(|m| names.get(m.competence as usize).map(|(id, name)| json!({"id": id, "name": name, "score": m.score, "by": m.by})))
                .collect();
            println!("{}", json!({"text": phrase, "matches": matches}));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn onet(&self, files: &waymark_shared::model::PackFiles) -> Result<Taxonomy> {
        Ok(Taxonomy::load(&model_dir::read(&model_dir::taxonomy())?, &sha256(model_dir::encoder_file(files)?))?)
    }

    /// ESCO's labels with vectors by this encoder, kept under its digest. The labels have no ids: they are their own.
    fn esco(&self, tagger: &NeuralTagger, encoder: &[u8]) -> Result<(Linker, Vec<(String, String)>)> {
        let path = self.data.join("nlp/esco-labels-v1.1.0/skills_en_label.txt");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let labels: Vec<&str> = text.lines().filter(|l| !l.is_empty()).collect();
        let kept = self.cache.join(format!("esco-{}.f32", &sha256(format!("{}{text}", sha256(encoder)).as_bytes())[..16]));
        let width = tagger.config().hidden_size;
        let of_labels = match std::fs::read(&kept) {
            Ok(bytes) if bytes.len() == labels.len() * width * 4 => {
                let values: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
                values.chunks_exact(width).map(<[f32]>::to_vec).collect()
            }
            _ => {
                let made = vectors(tagger, &labels, "ESCO labels")?;
                std::fs::create_dir_all(&self.cache)?;
                write_whole(&kept, &made.iter().flatten().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>())?;
                made
            }
        };
        let english = NameVectors::pack((0u32..).take(labels.len()).collect(), &of_labels);
        // A Chinese phrase is compared by the mean of Chinese names, which the taxonomy of the pack knows.
        let chinese = Taxonomy::load(&model_dir::read(&model_dir::taxonomy())?, &sha256(encoder)).map(|t| t.chinese.without_names()).unwrap_or_default();
        let linker = Linker::new(labels.iter().copied().zip(0u32..), [english, chinese], LinkCalibration::default());
        Ok((linker, labels.iter().map(|l| ((*l).to_owned(), (*l).to_owned())).collect()))
    }
}
