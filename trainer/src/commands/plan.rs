//! `waymark plan`: what to learn for an occupation or an advertisement, week by week; with a provider's courses held against
//! it.
use super::gap::ad_links;
use super::person::{Ground, Person};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_shared::gap::advertisement::together;
use waymark_shared::gap::{Demand, DemandBook, Gap, against};
use waymark_shared::market::data::lists::{LearningResource, learning};
use waymark_shared::path::search::may_enter;
use waymark_shared::path::{MoveScores, Thresholds, ViewWeights};
use waymark_shared::plan::book::PlanBook;
use waymark_shared::plan::courses::{Course, CourseLink, UnitCover, cover, matrix, phrases, with_course_hours};
use waymark_shared::plan::ranker::{Ranker, Recommended, SHOWN, Way, offers};
use waymark_shared::plan::resources::{self, Sources};
use waymark_shared::plan::schedule::{lay_out, lead_months};
use waymark_shared::plan::units::{Choices, draft, telling};
use waymark_shared::plan::{Month, Progress, RESPONSIBLE, Schedule, ScheduleRequest, Unit, Units, courses, months, text};
use waymark_shared::report::FirstLine;
use waymark_trainer::model_dir;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) ask: Ask,
    /// A job advertisement beside or instead of the occupation; several make one target.
    #[arg(long)]
    ad: Vec<PathBuf>,
    /// A provider's courses: CSV with title, hours, price, place, text.
    #[arg(long)]
    courses: Option<PathBuf>,
    /// Another occupation that the courses are held against.
    #[arg(long, requires = "courses")]
    also: Vec<String>,
    /// The weeks as CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// What plan and report both ask for.
#[derive(clap::Args)]
pub(super) struct Ask {
    /// The person's CV: PDF, DOCX or text.
    #[arg(long, required_unless_present = "from")]
    pub(super) cv: Option<PathBuf>,
    /// The code of the present occupation, as 51-2090.
    #[arg(long)]
    pub(super) from: Option<String>,
    /// The occupation aimed at.
    #[arg(long)]
    pub(super) to: Option<String>,
    /// Hours a week.
    #[arg(long, default_value_t = 6.0)]
    pub(super) hours_per_week: f64,
    /// Weeks within which all should be done.
    #[arg(long)]
    pub(super) weeks: Option<u32>,
    /// Weeks that have passed.
    #[arg(long, default_value_t = 0)]
    pub(super) from_week: u32,
    /// A unit with hours spent, as 2.C.3.e=4; with `done` for the hours where it is done.
    #[arg(long, value_parser = progress)]
    pub(super) progress: Vec<Progress>,
    /// Language of the resources that come first.
    #[arg(long, default_value = "en")]
    pub(super) language: String,
    /// Model folder; the shipped pack by default.
    #[arg(long, default_value_os_t = model_dir::shipped())]
    pub(super) model: PathBuf,
}

fn progress(text: &str) -> Result<Progress, String> {
    let (unit, spent) = text.split_once('=').ok_or("a unit, =, and hours or done")?;
    if spent == "done" {
        return Ok(Progress { unit: unit.into(), hours: 0.0, done: true });
    }
    Ok(Progress { unit: unit.into(), hours: spent.parse().map_err(|_| "hours are a number")?, done: false })
}

/// A person, a target, and the plan from one to the other.
pub(super) struct Planned {
    pub(super) person: Person,
    pub(super) target: Option<usize>,
    pub(super) scores: MoveScores,
    pub(super) thresholds: Thresholds,
    /// Without tools that are only named as examples.
    pub(super) gap: Gap,
    pub(super) units: Units,
    pub(super) schedule: Schedule,
    pub(super) months: Vec<Month>,
    pub(super) resources: Vec<LearningResource>,
}

impl Planned {
    pub(super) fn new(ground: &Ground, ask: &Ask, ads: &[PathBuf], adapt: impl FnOnce(&mut Vec<Unit>)) -> Result<Self> {
        let book = DemandBook::new(ground.taxonomy(), &ground.market);
        let tagger = if ask.cv.is_some() || !ads.is_empty() { Some(ground.tagger()?) } else { None };
        let mut person = match (&ask.cv, &ask.from, &tagger) {
            (Some(cv), _, Some(tagger)) => Person::of_cv(ground, &book, cv, tagger)?,
            (None, Some(from), _) => Person::of_occupation(ground, &book, ground.place(from)?),
            _ => bail!("--cv FILE or --from SOC"),
        };
        if let Some(from) = &ask.from {
            person.occupation = Some(ground.place(from)?);
        }
        let target = ask.to.as_deref().map(|to| ground.place(to)).transpose()?;
        let mut demands: BTreeMap<u32, Demand> = BTreeMap::new();
        demands.extend(target.into_iter().flat_map(|place| book.occupation(place)).map(|demand| (demand.competence, demand)));
        if let Some(tagger) = tagger.as_ref().filter(|_| !ads.is_empty()) {
            let mut links = Vec::new();
            for (ad, path) in ads.iter().enumerate() {
                links.extend(ad_links(ground, ad, path, tagger)?);
            }
            // What the advertisements say of a competence goes before what the occupation does.
            demands.extend(together(&links, ads.len()).into_iter().filter_map(|d| Some((d.competence, book.demand(d.competence, d.share, Some(d.must), target)?))));
        }
        anyhow::ensure!(target.is_some() || !ads.is_empty(), "--to SOC or --ad FILE");
        let demands: Vec<Demand> = demands.into_values().collect();
        let gap = against(&demands, &person.held);
        let plan_book = PlanBook::new(ground.taxonomy(), &ground.market);
        let wants = plan_book.wants(&gap, &demands, &person.held, person.occupation);
        let gap = telling(&gap, &wants);
        let mut units = draft(&wants, &Choices::default(), &|earlier, later| plan_book.needed(earlier, later));
        adapt(&mut units.units);
        let request = ScheduleRequest { hours_per_week: ask.hours_per_week, deadline_weeks: ask.weeks, from_week: ask.from_week, hours_over: 0.0, progress: ask.progress.clone() };
        let schedule = lay_out(&units.units, &request);
        let weights = ViewWeights::default();
        let scores = ground.scores(&weights);
        let thresholds = scores.thresholds().context("no pairs of occupations")?;
        let figures = |place: usize| ground.market.occupations.get(place).and_then(|of| of.education);
        let attained = person.occupation.and_then(figures);
        let months = months::unlocked(&units.units, &schedule, &ground.needs, &weights, &thresholds, &person.carried(&ground.needs), target, &|to| may_enter(attained, figures(to)));
        let resources = learning(&ground.market_files, &ground.market)?;
        Ok(Self { person, target, scores, thresholds, gap, units, schedule, months, resources })
    }

    /// Where a unit can be learnt.
    pub(super) fn sources(&self, ground: &Ground, unit: &Unit, language: &str) -> Option<Sources> {
        let competences = &ground.taxonomy().competences;
        let ids: Vec<&str> = unit.competences.iter().filter_map(|place| competences.get(*place as usize)).map(|c| c.id.as_str()).collect();
        (unit.id != RESPONSIBLE).then(|| resources::of(&ids, unit.track, language, &self.resources))
    }

    /// What to look at first, of open resources and a provider's courses: by the rule, since no choices are known here.
    pub(super) fn first(&self, ground: &Ground, language: &str, courses: &[Course], covers: &[UnitCover]) -> Vec<FirstLine> {
        let id = |place: u32| ground.taxonomy().competences.get(place as usize).map(|c| c.id.as_str());
        let ways = offers(&self.units.units, &self.schedule.done, &id, language, &self.resources, courses, covers);
        let line = |of: Recommended| {
            let way = ways.get(of.offer)?;
            let what = match way.way {
                Way::Open(at) => self.resources.get(at).map(|r| r.title.clone()),
                Way::Course(at) => courses.get(at).map(|course| course.title.clone()),
                Way::Ask => None,
            };
            Some(FirstLine { unit: way.unit, what, reason: of.reason, learnt: of.learnt })
        };
        Ranker::new(&[]).recommend(&ways, SHOWN).into_iter().filter_map(line).collect()
    }
}

/// A provider's courses and what they teach, by rule.
struct Offer {
    courses: Vec<Course>,
    links: Vec<CourseLink>,
}

impl Offer {
    fn read(ground: &Ground, path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let courses = courses::read(&bytes).map_err(|faults| anyhow::anyhow!("{}: {}", path.display(), faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        let book = DemandBook::new(ground.taxonomy(), &ground.market);
        let of = |(course, text): (usize, &Course)| {
            let found: Vec<u32> = phrases(text).into_iter().flat_map(|phrase| ground.links.linker.by_rule(phrase)).map(|found| found.competence).collect();
            found.into_iter().map(|competence| CourseLink { course, competence, group: book.group(competence) }).collect::<Vec<_>>()
        };
        let mut links: Vec<CourseLink> = courses.iter().enumerate().flat_map(of).collect();
        links.sort_unstable();
        links.dedup();
        Ok(Self { courses, links })
    }
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let ground = Ground::load(&self.ask.model)?;
        let offer = self.courses.as_deref().map(|path| Offer::read(&ground, path)).transpose()?;
        let planned = Planned::new(&ground, &self.ask, &self.ad, |units| {
            if let Some(offer) = &offer {
                let covers = cover(&offer.links, units);
                with_course_hours(units, &offer.courses, &covers);
            }
        })?;
        let names = |place: usize| -> Vec<&str> {
            let of = planned.units.units.get(place).map_or(&[][..], |unit| &unit.competences);
            of.iter().filter_map(|c| ground.taxonomy().competences.get(*c as usize)).map(|c| c.name_en.as_str()).collect()
        };
        if self.json {
            println!("{}", self.shown(&ground, &planned, offer.as_ref())?);
        } else if self.csv {
            let id = |place: usize| planned.units.units.get(place).map_or_else(String::new, |unit| unit.id.clone());
            print!("{}", text::csv(["week", "unit", "hours", "unit_hours_left", "competences"], &planned.units.units, &planned.schedule, &id, &|place| names(place).join("; ")));
        } else {
            for (place, unit) in planned.units.units.iter().enumerate() {
                let names = names(place);
                let end = planned.schedule.ends.get(place).copied().flatten().map_or("done".into(), |week| format!("week {}", week + 1));
                println!("{:>3} {:<10} {:>5} h  {end:<8} {}", place + 1, format!("{:?}", unit.track), unit.hours.expected, if names.is_empty() { unit.id.clone() } else { names.join("; ") });
            }
            if let Some(deadline) = &planned.schedule.deadline {
                println!("{deadline:?}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn shown(&self, ground: &Ground, planned: &Planned, offer: Option<&Offer>) -> Result<Value> {
        let competence = |place: &u32| ground.taxonomy().competences.get(*place as usize).map(|c| json!({"id": c.id, "name_en": c.name_en, "name_zh": c.name_zh}));
        let id = |place: &u32| ground.taxonomy().competences.get(*place as usize).map(|c| c.id.as_str());
        let unit = |unit: &Unit| -> Result<Value> {
            let mut value = serde_json::to_value(unit)?;
            value["competences"] = json!(unit.competences.iter().filter_map(competence).collect::<Vec<_>>());
            value["resources"] = match planned.sources(ground, unit, &self.ask.language) {
                Some(Sources::Open(places)) => {
                    let open = places.iter().filter_map(|place| planned.resources.get(*place));
                    json!({"open": open.map(|r| json!({"title": r.title, "url": r.url, "language": r.language, "licence": r.licence, "source": r.source})).collect::<Vec<_>>()})
                }
                Some(Sources::Ask(asks)) => json!({"ask": asks}),
                None => Value::Null,
            };
            Ok(value)
        };
        let units = planned.units.units.iter().map(unit).collect::<Result<Vec<_>>>()?;
        let month = |month: &Month| json!({"month": month.month, "units": month.units, "score": month.score, "unlocked": month.occupations.iter().map(|place| ground.named(*place)).collect::<Vec<_>>()});
        let courses = offer.map(|offer| -> Result<Value> {
            let book = DemandBook::new(ground.taxonomy(), &ground.market);
            let also = self.also.iter().map(|soc| ground.place(soc)).collect::<Result<Vec<_>>>()?;
            let targets: Vec<usize> = planned.target.into_iter().chain(also).collect();
            let found = matrix(&offer.links, offer.courses.len(), &targets.iter().map(|place| book.occupation(*place)).collect::<Vec<_>>());
            let taught = |course: usize| offer.links.iter().filter(|link| link.course == course).filter_map(|link| id(&link.competence)).collect::<Vec<_>>();
            Ok(json!({
                "courses": offer.courses.iter().enumerate().map(|(place, course)| json!({"course": course, "teaches": taught(place)})).collect::<Vec<_>>(),
                "covers": cover(&offer.links, &planned.units.units),
                "matrix": {
                    "targets": targets.iter().map(|place| ground.named(*place)).collect::<Vec<_>>(), "cells": found.cells, "together": found.together,
                    "untaught": found.untaught.iter().map(|list| list.iter().filter_map(id).collect::<Vec<_>>()).collect::<Vec<_>>(),
                },
            }))
        });
        let (of_provider, covers) = offer.map_or((&[][..], Vec::new()), |offer| (&offer.courses[..], cover(&offer.links, &planned.units.units)));
        let first = planned.first(ground, &self.ask.language, of_provider, &covers);
        Ok(json!({
            "first": first.iter().map(|line| json!({"unit": line.unit, "title": line.what, "reason": line.reason})).collect::<Vec<_>>(),
            "from": planned.person.occupation.map(|place| ground.named(place)),
            "to": planned.target.map(|place| ground.named(place)),
            "score_now": planned.target.zip(planned.person.occupation).and_then(|(to, from)| planned.scores.get(from, to)),
            "hours_per_week": self.ask.hours_per_week,
            "units": units,
            "left": planned.units.left.iter().map(|left| json!({"id": id(&left.competence), "reason": left.reason})).collect::<Vec<_>>(),
            "weeks": planned.schedule.weeks,
            "ends": planned.schedule.ends,
            "hours_left": planned.schedule.hours_left,
            "deadline": planned.schedule.deadline,
            "months": planned.months.iter().map(month).collect::<Vec<_>>(),
            "lead_months": lead_months(&planned.schedule),
            "courses": courses.transpose()?,
        }))
    }
}
