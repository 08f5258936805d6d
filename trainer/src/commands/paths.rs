//! `waymark paths`: steps from an occupation or a CV to others; with `--all-pairs` the scores of all moves.
use super::person::{Ground, Person, by_name};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_shared::gap::{DemandBook, hard_requirements, licences};
use waymark_shared::market::data::OccupationFigures;
use waymark_shared::market::data::figures::Education;
use waymark_shared::market::data::lists::States;
use waymark_shared::market::ensemble::{Ensemble, Plan, Progress, Spread};
use waymark_shared::market::labour_flow::lanes::Lanes;
use waymark_shared::market::levers::{Levers, changing, losses};
use waymark_shared::market::scenario::{Kind, Scenario};
use waymark_shared::market::snapshot::Market;
use waymark_shared::path::reach::Reach;
use waymark_shared::path::search::{CareerPath, OpenSteps, PathRequest, StepFigures, search};
use waymark_shared::path::suggest::{presets_in_top, suggest, with_direct};
use waymark_shared::path::{MoveScores, Thresholds, ViewWeights};
use waymark_trainer::model_dir;
use waymark_trainer::train::checkpoint::write_whole;

#[derive(clap::Args)]
pub struct Args {
    /// The code of the present occupation, as 51-2090.
    #[arg(long, required_unless_present_any = ["cv", "all_pairs"])]
    from: Option<String>,
    /// The person's CV; its likeliest occupation is taken for the present one unless --from names it.
    #[arg(long)]
    cv: Option<PathBuf>,
    /// Occupation to arrive at; two are blended (those near both are looked for); none: all.
    #[arg(long)]
    to: Vec<String>,
    /// What the first of two blended targets counts, 0 to 1.
    #[arg(long, default_value_t = 0.5)]
    blend: f32,
    /// Steps at most.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=4))]
    steps: u8,
    /// Education attained, as high_school; by default what the present occupation asks for.
    #[arg(long, value_parser = by_name::<Education>)]
    education: Option<Education>,
    /// The most schooling that would be taken up.
    #[arg(long, value_parser = by_name::<Education>)]
    education_ceiling: Option<Education>,
    /// Present pay, dollars a year; by default the median of the present occupation.
    #[arg(long)]
    pay: Option<f64>,
    /// What a year of schooling costs, dollars. Unsaid, paths with schooling have no cost.
    #[arg(long)]
    tuition: Option<f64>,
    /// No entry pay below, dollars a year.
    #[arg(long)]
    pay_floor: Option<f64>,
    /// Only occupations with published jobs in this US state (two-digit FIPS code).
    #[arg(long)]
    region: Option<String>,
    /// Occupation never to be entered, as for a licence that cannot be had.
    #[arg(long)]
    bar: Vec<String>,
    /// Where a move is within reach, 0 to 1; by default the score of the top 4 % of pairs.
    #[arg(long)]
    within_reach: Option<f32>,
    /// Where a move is very close; by default the score of the top 1.3 % of pairs.
    #[arg(long)]
    very_close: Option<f32>,
    /// What risk means.
    #[arg(long, value_enum, default_value = "beta")]
    risk: Risk,
    /// Scores all moves instead.
    #[arg(long, requires = "out")]
    all_pairs: bool,
    /// CSV of `--all-pairs`: soc_from,soc_to,score.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    model: PathBuf,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// An occupation's risk, 0..1. None of them is a probability of losing a job.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Risk {
    /// Tasks exposed to a language model alone.
    Alpha,
    /// The same and half of those exposed with software around it.
    Beta,
    /// All of both.
    Gamma,
    /// Beta as rated by people.
    HumanBeta,
    /// Our index of routine and manual work.
    Machines,
    /// Jobs that BLS projects to go by 2034, as a share.
    Decline,
}

impl Risk {
    const fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Gamma => "gamma",
            Self::HumanBeta => "human_beta",
            Self::Machines => "machines",
            Self::Decline => "decline",
        }
    }

    fn of(self, figures: &OccupationFigures) -> Option<f64> {
        match self {
            Self::Alpha => figures.exposure.map(|e| e.alpha),
            Self::Beta => figures.exposure.map(waymark_shared::market::data::Exposure::beta),
            Self::Gamma => figures.exposure.map(|e| e.gamma),
            Self::HumanBeta => figures.human_exposure.map(waymark_shared::market::data::Exposure::beta),
            Self::Machines => figures.routine_manual.map(waymark_shared::market::data::RoutineManual::index),
            Self::Decline => figures.growth().map(|growth| (-growth).clamp(0.0, 1.0)),
        }
    }

    fn figures(self, ground: &Ground) -> Vec<StepFigures> {
        ground.market.occupations.iter().map(|of| StepFigures::new(of, self.of(of))).collect()
    }
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let ground = Ground::load(&self.model)?;
        let weights = ViewWeights::default();
        let scores = ground.scores(&weights);
        if let (true, Some(out)) = (self.all_pairs, &self.out) {
            return all_pairs(&ground, &scores, out);
        }
        let own = scores.thresholds().context("no pairs of occupations")?;
        let thresholds = Thresholds { within_reach: self.within_reach.unwrap_or(own.within_reach), very_close: self.very_close.unwrap_or(own.very_close) };
        let book = DemandBook::new(ground.taxonomy(), &ground.market);
        let mut person = match (&self.cv, &self.from) {
            (Some(cv), _) => Person::of_cv(&ground, &book, cv, &ground.tagger()?)?,
            (None, Some(from)) => Person::of_occupation(&ground, &book, ground.place(from)?),
            _ => bail!("--from SOC or --cv FILE"),
        };
        if let Some(from) = &self.from {
            person.occupation = Some(ground.place(from)?);
        }
        let request = self.request(&ground, &person, &scores)?;
        let reach = Reach::new(&ground.needs, &weights, &scores, thresholds, person.carried(&ground.needs));
        let figures = self.risk.figures(&ground);
        let began = std::time::Instant::now();
        let front = search(&figures, &request, &reach);
        let millis = began.elapsed().as_secs_f64() * 1000.0;
        let suggestions = suggest(&with_direct(&front, &reach.all(None), &figures, &request), &figures, &request, &thresholds);
        let show = |path: &CareerPath| self.path(&ground, path, &figures, &thresholds, request.education);
        if self.json {
            let presets = presets(&ground)?;
            let times = presets_in_top(&presets, &request, &thresholds, &reach);
            let suggested = |s: &waymark_shared::path::suggest::Suggestion| {
                let target = s.path.target().unwrap_or(usize::MAX);
                json!({"target": ground.named(target), "path": show(&s.path), "reasons": s.reasons, "presets": {"in_top": times.get(&target).copied().unwrap_or(0), "of": presets.len()}})
            };
            println!(
                "{}",
                json!({
                    "from": person.occupation.map(|place| ground.named(place)),
                    "thresholds": thresholds, "view_weights": weights.0, "risk": self.risk.name(), "presets": changing().map(|(name, _)| name).collect::<Vec<_>>(),
                    "request": {"education": request.education, "zone": request.zone, "pay": request.pay, "tuition": request.tuition, "steps": request.steps, "stay_months": request.stay_months},
                    "place": "US", "search_millis": millis,
                    "suggestions": suggestions.iter().map(suggested).collect::<Vec<_>>(),
                    "pareto": front.iter().map(show).collect::<Vec<_>>(),
                })
            );
        } else {
            println!("{} undominated paths, search {millis:.1} ms", front.len());
            for s in &suggestions {
                let names: Vec<String> = s.path.steps.iter().map(|step| format!("{} ({:.2})", ground.named(step.to)["name_en"].as_str().unwrap_or(""), step.score)).collect();
                println!("  {}\n    {:?}\n    {:?}", names.join(" → "), s.path.objectives, s.reasons);
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn request(&self, ground: &Ground, person: &Person, scores: &MoveScores) -> Result<PathRequest> {
        let present = person.occupation.and_then(|place| ground.market.occupations.get(place));
        let mut barred = vec![false; ground.market.occupations.len()];
        for soc in &self.bar {
            barred[ground.place(soc)?] = true;
        }
        if let Some(region) = &self.region {
            let states = States::load(&ground.market_files, &ground.market)?;
            let column = states.areas.iter().position(|area| area.code == *region).with_context(|| format!("no state {region}"))?;
            for (slot, row) in barred.iter_mut().zip(&states.figures) {
                *slot |= row.get(column).copied().flatten().is_none_or(|of| of.jobs.is_none());
            }
        }
        let to = self.to.iter().map(|soc| ground.place(soc)).collect::<Result<Vec<_>>>()?;
        let targets = match to.as_slice() {
            [] => None,
            [first, second] => Some(scores.blended([*first, *second], self.blend).into_iter().take(BLENDED).map(|(place, _)| place).collect()),
            _ => Some(to),
        };
        Ok(PathRequest {
            origin: person.occupation,
            education: self.education.or(present.and_then(|of| of.education)),
            zone: present.and_then(|of| of.job_zone),
            pay: self.pay.or(present.and_then(|of| of.pay.annual.median)),
            tuition: self.tuition,
            steps: usize::from(self.steps),
            pay_floor: self.pay_floor,
            education_ceiling: self.education_ceiling,
            barred,
            targets,
            ..PathRequest::default()
        })
    }

    fn path(&self, ground: &Ground, path: &CareerPath, figures: &[StepFigures], thresholds: &Thresholds, attained: Option<Education>) -> Value {
        let step = |step: &waymark_shared::path::search::PathStep| {
            let of = figures.get(step.to);
            let figures = ground.market.occupations.get(step.to);
            let (experience, licences) = figures.map_or((None, Vec::new()), |of| (of.experience, licences::of(&of.soc)));
            let mut value = ground.named(step.to);
            value["score"] = json!(step.score);
            value["closeness"] = json!(if step.score >= thresholds.very_close { "very_close" } else { "within_reach" });
            value["score_borrowed"] = json!(ground.needs.borrowed(step.to));
            value["entry_pay"] = json!(of.and_then(|of| of.entry_pay));
            value["hard"] = json!(hard_requirements(of.and_then(|of| of.education), experience, &licences, attained));
            value
        };
        json!({"steps": path.steps.iter().map(step).collect::<Vec<_>>(), "objectives": path.objectives})
    }
}

/// What steps depend on under each ready-made scenario of the Market page but the one in which nothing changes: risk is the share
/// of its jobs that an occupation loses in the run with the coefficients as they are.
fn presets(ground: &Ground) -> Result<Vec<Vec<StepFigures>>> {
    let market = Market::of(&ground.market)?;
    let at_rest = Scenario::of(Kind::Software { built: 0.5 });
    let mut ensemble = Ensemble::new(&market, &at_rest, &Plan { runs: 1, seed: 0, spread: Spread::none() })?;
    pollster::block_on(ensemble.settle(&market, &Lanes, on))?;
    let of = |levers: Levers| {
        let run = pollster::block_on(levers.ends(&ground.market, &market, &ensemble, &Lanes, on))?.into_iter().next().context("no run")?;
        let risks = losses(&ground.market, &market, &run);
        anyhow::Ok(ground.market.occupations.iter().zip(risks).map(|(of, risk)| StepFigures::new(of, risk)).collect())
    };
    changing().map(|(_, levers)| of(levers)).collect()
}

/// Nothing stops the runs.
async fn on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// So many occupations near two targets are looked for.
const BLENDED: usize = 10;

/// Writes the score of every move between two occupations.
fn all_pairs(ground: &Ground, scores: &MoveScores, out: &Path) -> Result<ExitCode> {
    let mut text = String::from("soc_from,soc_to,score\n");
    let mut views: BTreeMap<usize, usize> = BTreeMap::new();
    for (from, of) in ground.market.occupations.iter().enumerate() {
        *views.entry(ground.needs.borrowed(from).len()).or_default() += 1;
        for (to, other) in ground.market.occupations.iter().enumerate().filter(|(to, _)| *to != from) {
            let score = scores.get(from, to).map(|score| format!("{score:.5}")).unwrap_or_default();
            text.push_str(&format!("{},{},{score}\n", of.soc, other.soc));
        }
    }
    write_whole(out, text.as_bytes())?;
    eprintln!("thresholds {:?}; occupations by the number of views that they borrow: {views:?}", scores.thresholds());
    Ok(ExitCode::SUCCESS)
}
