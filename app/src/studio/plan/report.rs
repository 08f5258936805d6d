//! The plan as a page to print and to hand over, and the agreed next step for a calendar. Not how they are worded: that is
//! `report` and `plan::text` of the core. No personal data stand in them but what is typed as the next step.
use std::collections::BTreeSet;

use waymark_shared::chart::Locale;
use waymark_shared::gap::{hard_requirements, licences};
use waymark_shared::market::data::lists::LEARNING;
use waymark_shared::market::data::{OCCUPATIONS, WEIGHTS};
use waymark_shared::path::search::{OpenSteps, PathRequest, search};
use waymark_shared::path::suggest::{suggest, with_direct};
use waymark_shared::plan::resources::{self, Sources};
use waymark_shared::plan::text::{NextStep, csv, ics};
use waymark_shared::report::{AgreedStep, Named, PathPart, PlanCode, PlanPart, Report, ResourceLine, RiskBasis, SourceLine, html, standings};

use super::words::words;
use super::{Planned, advice, plan, unit_name};
use crate::i18n::Lang;
use crate::studio::{Studio, paths, person};
use crate::worker::protocol::{Draw, DrawnFile};

/// The report, in one language or both.
pub fn page(studio: &Studio, call: &Draw, locales: &[Locale]) -> Option<DrawnFile> {
    let planned = plan(studio, call, &mut call.state.clone())?;
    let occupation = |place: usize| studio.taxonomy.occupations.get(place).map_or_else(Named::default, |o| Named { en: o.name_en.clone(), zh: o.name_zh.clone() });
    let competence = |place: u32| studio.taxonomy.competences.get(place as usize).map_or_else(Named::default, |c| Named { en: c.name_en.clone(), zh: c.name_zh.clone() });
    let known = studio.resources();
    let language = if locales.first() == Some(&Locale::Zh) { "zh" } else { "en" };
    let where_to = |place: usize| {
        let Some(unit) = planned.units.units.get(place) else { return (Vec::new(), Vec::new()) };
        let ids: Vec<&str> = unit.competences.iter().filter_map(|place| studio.taxonomy.competences.get(*place as usize)).map(|of| of.id.as_str()).collect();
        match resources::of(&ids, unit.track, language, known) {
            Sources::Open(places) => {
                let line = |place: &usize| known.get(*place).map(|r| ResourceLine { title: r.title.clone(), url: r.url.clone(), language: r.language.clone(), licence: r.licence.clone() });
                (places.iter().filter_map(line).collect(), Vec::new())
            }
            Sources::Ask(asks) => (Vec::new(), asks),
        }
    };
    let part = PlanPart::new(&planned.units, &planned.schedule, &planned.months, planned.hours_per_week, &competence, &occupation, &where_to);
    let mut shown = BTreeSet::new();
    for (file, column) in [(OCCUPATIONS, "annual_p10"), (OCCUPATIONS, "education"), (OCCUPATIONS, "employment_2024"), (WEIGHTS, "soc"), (LEARNING, "title")] {
        shown.extend(studio.data.sources.of(file, column).ok()?.sources.iter().cloned());
    }
    let sources = studio.data.sources.sources.iter().filter(|source| shown.contains(&source.id));
    let figures = planned.target.and_then(|place| studio.data.occupations.get(place));
    let report = Report {
        name: None,
        date: call.today.clone(),
        from: Some(occupation(planned.found.me.place)),
        target: planned.target.map_or_else(|| Named { en: words(Lang::En).for_ad.to_owned(), zh: words(Lang::Zh).for_ad.to_owned() }, occupation),
        path: planned.target.and_then(|target| path(studio, call, &planned, target, &occupation)),
        hard: figures.map_or_else(Vec::new, |of| hard_requirements(of.education, of.experience, &licences::of(&of.soc), paths::attained(&call.state))),
        gap: standings(&planned.gap, &competence),
        shown: planned.gap.shown,
        plan: Some(part),
        first: advice::first(studio, &planned, &call.state, call.lang),
        code: Some(code(studio, &planned)),
        next_step: asked(call).map(|(text, date)| AgreedStep { date, text }),
        sources: sources.map(|s| SourceLine { attribution: s.attribution.clone(), date: s.date.clone(), licence: s.licence.clone() }).collect(),
    };
    Some(DrawnFile { name: "waymark-plan.html".into(), text: html(&report, locales) })
}

/// The plan by its codes: where from, where to, the first competence of every unit.
pub fn code(studio: &Studio, planned: &Planned) -> PlanCode {
    let soc = |place: usize| studio.data.occupations.get(place).map(|of| of.soc.as_str());
    let skills = planned.units.units.iter().filter_map(|unit| studio.taxonomy.competences.get(*unit.competences.first()? as usize));
    PlanCode::new(soc(planned.found.me.place), planned.target.and_then(soc), skills.map(|of| of.id.as_str()))
}

/// The best balanced path to the target under the scenario in force.
fn path(studio: &Studio, call: &Draw, planned: &Planned, target: usize, name: &dyn Fn(usize) -> Named) -> Option<PathPart> {
    let found = &planned.found;
    let request = PathRequest { targets: Some(vec![target]), ..found.request.clone() };
    let reach = paths::reach(studio, found.thresholds, person::carried(&studio.needs, &found.me));
    let front = search(&found.figures, &request, &reach);
    let best = suggest(&with_direct(&front, &reach.all(None), &found.figures, &request), &found.figures, &request, &found.thresholds).into_iter().next()?;
    let scenario = |lang: Lang, own: &str| paths::scenario_name(&call.state, lang).unwrap_or(own).to_owned();
    let basis = RiskBasis::Scenario(Named { en: scenario(Lang::En, "own levers"), zh: scenario(Lang::Zh, "自己调的情景") });
    Some(PathPart::new(&best.path, &found.figures, &found.thresholds, basis, request.tuition.is_some(), &best.reasons, name))
}

/// What is typed as the next step, with its day.
fn asked(call: &Draw) -> Option<(String, String)> {
    let typed = |field: &str| call.asked.iter().find(|(of, _)| of == field).map(|(_, words)| words.trim().to_owned()).filter(|words| !words.is_empty());
    Some((typed("step")?, typed("step-date")?))
}

/// The next step for a calendar; `None` before both fields are filled.
pub fn calendar(call: &Draw) -> Option<DrawnFile> {
    let (summary, day) = asked(call)?;
    let made = format!("{}T000000Z", call.today.replace('-', ""));
    let uid = format!("waymark-{day}");
    let mut parts = day.split('-');
    let day = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let text = ics(&NextStep { uid, made, day, summary, note: String::new() }).ok()?;
    Some(DrawnFile { name: "waymark-next-step.ics".into(), text })
}

/// The weeks as a table.
pub fn weeks(studio: &Studio, call: &Draw) -> Option<DrawnFile> {
    let t = words(call.lang);
    let planned = plan(studio, call, &mut call.state.clone())?;
    let units = &planned.units.units;
    let separator = if call.lang == Lang::Zh { "、" } else { "; " };
    let name = |place: usize| units.get(place).map_or(String::new(), |unit| unit_name(studio, unit, call.lang));
    let competences = |place: usize| {
        let of = units.get(place).into_iter().flat_map(|unit| &unit.competences).map(|place| studio.competence(*place, call.lang));
        of.collect::<Vec<_>>().join(separator)
    };
    let header = [t.csv_week, t.csv_unit, t.csv_hours, t.csv_left, t.csv_covers];
    Some(DrawnFile { name: "waymark-weeks.csv".into(), text: csv(header, units, &planned.schedule, &name, &competences) })
}
