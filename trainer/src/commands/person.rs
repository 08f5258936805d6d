//! What a person brings, from a CV or an occupation, and the pack that it is held against. Not a subcommand.
use super::analyse;
use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use waymark_shared::analyse::{Analysis, Links, TagSetName};
use waymark_shared::cv::CvText;
use waymark_shared::gap::brought::Brought;
use waymark_shared::gap::{DemandBook, Held, SURE};
use waymark_shared::market::data::MarketData;
use waymark_shared::model::NeuralTagger;
use waymark_shared::pack::PackFiles;
use waymark_shared::path::{Carried, MoveScores, Needs, ViewWeights};
use waymark_shared::taxonomy::Taxonomy;
use waymark_trainer::model_dir;
use waymark_trainer::train::checkpoint::sha256;

/// The folder of the pack, seen from the project root.
const PACK: &str = "public/pack";

/// The pack: names, market, needs.
pub(super) struct Ground {
    /// The model's files.
    pub(super) model: PackFiles,
    pub(super) links: Links,
    pub(super) market: MarketData,
    pub(super) market_files: PackFiles,
    pub(super) needs: Needs,
}

impl Ground {
    pub(super) fn load(model: &Path) -> Result<Self> {
        let model = model_dir::read(model)?;
        let taxonomy = Taxonomy::load(&model_dir::read(&model_dir::taxonomy())?, &sha256(model_dir::encoder_file(&model)?))?;
        let market_files = model_dir::checked(Path::new(PACK), "market")?;
        let market = MarketData::load(&market_files)?;
        let same = market.occupations.len() == taxonomy.occupations.len() && market.occupations.iter().zip(&taxonomy.occupations).all(|(m, t)| m.soc == t.soc);
        anyhow::ensure!(same, "taxonomy and market name different occupations: run `waymark pack` for both");
        let needs = Needs::of(&taxonomy, &market);
        Ok(Self { model, links: Links::new(taxonomy), market, market_files, needs })
    }

    pub(super) fn taxonomy(&self) -> &Taxonomy {
        &self.links.taxonomy
    }

    /// The scores of all moves, on all cores.
    pub(super) fn scores(&self, weights: &ViewWeights) -> MoveScores {
        MoveScores::from_rows((0..self.needs.count()).into_par_iter().map(|from| MoveScores::row(&self.needs, weights, from)).collect())
    }

    pub(super) fn place(&self, soc: &str) -> Result<usize> {
        self.market.place(soc).with_context(|| format!("no occupation {soc} in the pack; its codes stand in public/pack/taxonomy/occupations.tsv"))
    }

    /// Code and names.
    pub(super) fn named(&self, place: usize) -> Value {
        self.taxonomy().occupations.get(place).map_or(Value::Null, |o| json!({"soc": o.soc, "name_en": o.name_en, "name_zh": o.name_zh}))
    }

    /// A CV or an advertisement, read, tagged and linked.
    pub(super) fn read(&self, path: &Path, tagger: &NeuralTagger, advertisement: bool) -> Result<(CvText, Analysis)> {
        let (text, _) = analyse::read(path, None)?.map_err(|e| anyhow!("{}: {e}", path.display()))?;
        let analysis = analyse::analyse(&text.text, tagger, TagSetName::Open, Some(&self.links), advertisement)?;
        Ok((text, analysis))
    }

    pub(super) fn tagger(&self) -> Result<NeuralTagger> {
        Ok(NeuralTagger::load(&self.model)?)
    }
}

/// What a person brings.
pub(super) struct Person {
    /// The present occupation: as given, or the one that the CV describes best.
    pub(super) occupation: Option<usize>,
    pub(super) held: Vec<Held>,
    /// Competence → phrases of the CV, in bytes.
    pub(super) phrases: BTreeMap<u32, Vec<(usize, usize)>>,
}

impl Person {
    /// Of an occupation: all that it asks for.
    pub(super) fn of_occupation(ground: &Ground, book: &DemandBook<'_>, place: usize) -> Self {
        let brought = Brought::of_occupation(ground.taxonomy(), book, place);
        Self { occupation: brought.occupation, held: brought.held, phrases: BTreeMap::new() }
    }

    /// Of a CV: what it shows as the person's own, by the probability of span and link.
    pub(super) fn of_cv(ground: &Ground, book: &DemandBook<'_>, path: &Path, tagger: &NeuralTagger) -> Result<Self> {
        let (_, analysis) = ground.read(path, tagger, false)?;
        let mut person = Self { occupation: analysis.occupations.first().and_then(|o| ground.market.place(&o.soc)), held: Vec::new(), phrases: BTreeMap::new() };
        for (span, links) in analysis.spans.iter().zip(&analysis.links).filter(|(span, _)| span.context.held()) {
            for link in links {
                let Some(competence) = ground.taxonomy().place(&link.id) else { continue };
                person.held.push(Held { competence, confidence: span.confidence * link.score, level: None, denied: false, group: book.group(competence) });
                person.phrases.entry(competence).or_default().push((span.start, span.end));
            }
        }
        Ok(person)
    }

    /// For scores: the occupation, and what is held for sure in full.
    pub(super) fn carried(&self, needs: &Needs) -> Carried {
        let own = self.held.iter().filter(|held| held.confidence >= SURE && !self.phrases.is_empty());
        Carried::of_person(needs, self.occupation, &own.map(|held| held.competence).collect::<Vec<_>>())
    }
}

/// A name as its type writes it in JSON, as `high_school`.
pub(super) fn by_name<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, String> {
    serde_json::from_value(Value::from(name)).map_err(|e| e.to_string())
}
