//! `waymark report`: target, path, gap and plan as a page to print. Personal data stand in it only by `--name`.
use super::person::by_name;
use super::person::Ground;
use super::plan::{Ask, Planned};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use waymark_shared::chart::Locale;
use waymark_shared::gap::{hard_requirements, licences};
use waymark_shared::market::data::figures::Education;
use waymark_shared::market::data::lists::LEARNING;
use waymark_shared::market::data::{Exposure, OCCUPATIONS, WEIGHTS};
use waymark_shared::path::ViewWeights;
use waymark_shared::path::reach::Reach;
use waymark_shared::path::search::{OpenSteps, PathRequest, StepFigures, search};
use waymark_shared::path::suggest::{suggest, with_direct};
use waymark_shared::plan::resources::Sources;
use waymark_shared::report::{Named, PathPart, PlanCode, PlanPart, Report, ResourceLine, RiskBasis, SourceLine, html, standings};
use waymark_trainer::train::checkpoint::write_whole;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    ask: Ask,
    /// Language of the page.
    #[arg(long, value_enum, default_value = "en")]
    lang: Language,
    /// The page.
    #[arg(long)]
    out: PathBuf,
    /// Education attained, as high_school; by default what the present occupation asks for, which is then not said to be met.
    #[arg(long, value_parser = by_name::<Education>)]
    education: Option<Education>,
    /// What a year of schooling costs, dollars.
    #[arg(long)]
    tuition: Option<f64>,
    /// A name to print; none by default.
    #[arg(long)]
    name: Option<String>,
    /// The day to print; today (UTC) by default.
    #[arg(long)]
    date: Option<String>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Language {
    En,
    Zh,
    Both,
}

impl Args {
    pub fn run(mut self) -> Result<ExitCode> {
        let locales: &[Locale] = match self.lang {
            Language::En => &[Locale::En],
            Language::Zh => &[Locale::Zh],
            Language::Both => &[Locale::En, Locale::Zh],
        };
        if self.lang == Language::Zh {
            self.ask.language = "zh".into();
        }
        let ground = Ground::load(&self.ask.model)?;
        let planned = Planned::new(&ground, &self.ask, &[], |_| {})?;
        let target = planned.target.context("--to SOC")?;
        let occupation = |place: usize| ground.taxonomy().occupations.get(place).map_or_else(Named::default, |o| Named { en: o.name_en.clone(), zh: o.name_zh.clone() });
        let competence = |place: u32| ground.taxonomy().competences.get(place as usize).map_or_else(Named::default, |c| Named { en: c.name_en.clone(), zh: c.name_zh.clone() });
        let figures = ground.market.occupations.get(target).context("the occupation has no figures")?;
        let mut shown = BTreeSet::new();
        let where_to = |place: usize| {
            let unit = planned.units.units.get(place);
            match unit.and_then(|unit| planned.sources(&ground, unit, &self.ask.language)) {
                Some(Sources::Open(places)) => {
                    let line = |r: &waymark_shared::market::data::lists::LearningResource| ResourceLine { title: r.title.clone(), url: r.url.clone(), language: r.language.clone(), licence: r.licence.clone() };
                    (places.iter().filter_map(|place| planned.resources.get(*place)).map(line).collect(), Vec::new())
                }
                Some(Sources::Ask(asks)) => (Vec::new(), asks),
                None => (Vec::new(), Vec::new()),
            }
        };
        let plan = PlanPart::new(&planned.units, &planned.schedule, &planned.months, self.ask.hours_per_week, &competence, &occupation, &where_to);
        for (file, column) in [(OCCUPATIONS, "annual_p10"), (OCCUPATIONS, "education"), (OCCUPATIONS, "alpha"), (WEIGHTS, "soc")] {
            shown.extend(ground.market.sources.of(file, column)?.sources.iter().cloned());
        }
        if plan.units.iter().any(|unit| !unit.resources.is_empty()) {
            shown.extend(ground.market.sources.of(LEARNING, "title")?.sources.iter().cloned());
        }
        let soc = |place: usize| ground.market.occupations.get(place).map(|of| of.soc.as_str());
        let skills = planned.units.units.iter().filter_map(|unit| ground.taxonomy().competences.get(*unit.competences.first()? as usize)).map(|of| of.id.as_str());
        let sources = ground.market.sources.sources.iter().filter(|source| shown.contains(&source.id));
        let report = Report {
            name: self.name.clone(),
            date: self.date.clone().unwrap_or_else(|| time::OffsetDateTime::now_utc().date().to_string()),
            from: planned.person.occupation.map(occupation),
            target: occupation(target),
            path: self.path(&ground, &planned, target, &occupation),
            hard: hard_requirements(figures.education, figures.experience, &licences::of(&figures.soc), self.education),
            gap: standings(&planned.gap, &competence),
            shown: planned.gap.shown,
            plan: Some(plan),
            first: planned.first(&ground, &self.ask.language, &[], &[]),
            code: Some(PlanCode::new(planned.person.occupation.and_then(soc), soc(target), skills)),
            next_step: None,
            sources: sources.map(|s| SourceLine { attribution: s.attribution.clone(), date: s.date.clone(), licence: s.licence.clone() }).collect(),
        };
        write_whole(&self.out, html(&report, locales).as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    /// The best balanced path to the target, if there is one within reach.
    fn path(&self, ground: &Ground, planned: &Planned, target: usize, name: &dyn Fn(usize) -> Named) -> Option<PathPart> {
        let weights = ViewWeights::default();
        let present = planned.person.occupation.and_then(|place| ground.market.occupations.get(place));
        let request = PathRequest {
            origin: planned.person.occupation,
            education: self.education.or(present.and_then(|of| of.education)),
            zone: present.and_then(|of| of.job_zone),
            pay: present.and_then(|of| of.pay.annual.median),
            tuition: self.tuition,
            targets: Some(vec![target]),
            ..PathRequest::default()
        };
        let figures: Vec<StepFigures> = ground.market.occupations.iter().map(|of| StepFigures::new(of, of.exposure.map(Exposure::beta))).collect();
        let reach = Reach::new(&ground.needs, &weights, &planned.scores, planned.thresholds, planned.person.carried(&ground.needs));
        let front = search(&figures, &request, &reach);
        let best = suggest(&with_direct(&front, &reach.all(None), &figures, &request), &figures, &request, &planned.thresholds).into_iter().next()?;
        Some(PathPart::new(&best.path, &figures, &planned.thresholds, RiskBasis::Exposure, self.tuition.is_some(), &best.reasons, name))
    }
}
