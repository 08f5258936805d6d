//! `waymark gap`: what an occupation or job advertisements ask, against what a CV or an occupation shows.
use super::person::{Ground, Person, by_name};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::gap::advertisement::{AdDemand, AdLink, together};
use waymark_shared::gap::{DemandBook, GapItem, against, hard_requirements, licences};
use waymark_shared::market::data::figures::Education;
use waymark_shared::path::ViewWeights;
use waymark_shared::path::score::unlocked;
use waymark_trainer::model_dir;

#[derive(clap::Args)]
pub struct Args {
    /// The person's CV: PDF, DOCX or text.
    #[arg(long, conflicts_with = "from", required_unless_present = "from")]
    cv: Option<PathBuf>,
    /// Instead of a CV: the code of an occupation, as 51-2090.
    #[arg(long)]
    from: Option<String>,
    /// The occupation aimed at.
    #[arg(long, conflicts_with = "ad", required_unless_present = "ad")]
    to: Option<String>,
    /// A job advertisement; several make one target.
    #[arg(long)]
    ad: Vec<PathBuf>,
    /// Education attained, as high_school or bachelors.
    #[arg(long, value_parser = by_name::<Education>)]
    education: Option<Education>,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let ground = Ground::load(&self.model)?;
        let book = DemandBook::new(ground.taxonomy(), &ground.market);
        let tagger = if self.cv.is_some() || !self.ad.is_empty() { Some(ground.tagger()?) } else { None };
        let person = match (&self.cv, &self.from, &tagger) {
            (Some(cv), _, Some(tagger)) => Person::of_cv(&ground, &book, cv, tagger)?,
            (_, Some(from), _) => Person::of_occupation(&ground, &book, ground.place(from)?),
            _ => bail!("--cv FILE or --from SOC"),
        };
        let mut ads: BTreeMap<u32, AdDemand> = BTreeMap::new();
        let (demands, target, hard) = match (&self.to, &tagger) {
            (Some(to), _) => {
                let place = ground.place(to)?;
                let figures = ground.market.occupations.get(place).context("the occupation has no figures")?;
                let hard = hard_requirements(figures.education, figures.experience, &licences::of(&figures.soc), self.education);
                (book.occupation(place), ground.named(place), hard)
            }
            (None, Some(tagger)) => {
                let mut links = Vec::new();
                for (ad, path) in self.ad.iter().enumerate() {
                    links.extend(ad_links(&ground, ad, path, tagger)?);
                }
                ads = together(&links, self.ad.len()).into_iter().map(|demand| (demand.competence, demand)).collect();
                let demands = ads.values().filter_map(|d| book.demand(d.competence, d.share, Some(d.must), None)).collect();
                (demands, json!({"ads": self.ad}), hard_requirements(None, None, &[], self.education))
            }
            _ => bail!("--to SOC or --ad FILE"),
        };
        let weights = ViewWeights::default();
        let thresholds = ground.scores(&weights).thresholds().context("no pairs of occupations")?;
        let carried = person.carried(&ground.needs);
        let gap = against(&demands, &person.held).with_unlocked(|open| unlocked(&ground.needs, &weights, &carried, &thresholds, open));
        let item = |item: &GapItem| -> Option<Value> {
            let competence = ground.taxonomy().competences.get(item.competence as usize)?;
            let mut value = serde_json::to_value(item).ok()?;
            let fields = value.as_object_mut()?;
            fields.insert("id".into(), json!(competence.id));
            fields.insert("name_en".into(), json!(competence.name_en));
            fields.insert("name_zh".into(), json!(competence.name_zh));
            fields.insert("cv".into(), json!(person.phrases.get(&item.competence)));
            fields.insert("ads".into(), json!(ads.get(&item.competence).map(|d| json!({"share": d.share, "named_in": d.named_in, "phrases": d.phrases}))));
            Some(value)
        };
        if self.json {
            let items: Vec<Value> = gap.items.iter().filter_map(item).collect();
            println!("{}", json!({"from": person.occupation.map(|place| ground.named(place)), "to": target, "shown": gap.shown, "items": items, "hard": hard}));
        } else {
            println!("{target}: shown {:?}", gap.shown);
            for of in &gap.items {
                let name = ground.taxonomy().competences.get(of.competence as usize).map_or("", |c| c.name_en.as_str());
                println!("  {:<10} {:.2}  {name}{}", format!("{:?}", of.standing), of.weight, of.unlocks.map(|n| format!("  (+{n})")).unwrap_or_default());
            }
            hard.iter().for_each(|question| println!("  {:?}, met: {:?}", question.requirement, question.met));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What an advertisement asks for.
pub(super) fn ad_links(ground: &Ground, ad: usize, path: &std::path::Path, tagger: &waymark_shared::model::NeuralTagger) -> Result<Vec<AdLink>> {
    let (text, analysis) = ground.read(path, tagger, true)?;
    Ok(AdLink::all(ad, &text.text, &analysis.sentences, &analysis.spans, &analysis.links, &|id| ground.taxonomy().place(id)))
}
