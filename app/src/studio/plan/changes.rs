//! What changed in a plan since it was marked, and why; and the file that a plan is kept in. Not what counts as a change:
//! that is `feedback` of the core.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::feedback::{Ageing, Change, Skill, Snapshot, TargetState, What, Why, ageing, changes, gap_state, unit_state};
use waymark_shared::gap::Standing;

use super::words::words;
use super::kept::Told;
use super::{PLAN_FILE, Planned};
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::Studio;
use crate::studio::figure::locale;
use crate::studio::html::{escaped, said, tag};
use crate::studio::market::levers_of;
use crate::studio::paths::words::words as path_words;
use crate::worker::protocol::{Draw, DrawnFile, Person};

/// Version of the file.
const VERSION: u32 = 1;
/// No saved plan has more bytes.
const BYTES_MAX: usize = 2 << 20;
/// Changes told at most.
const TOLD: usize = 12;

/// What is remembered of a plan between two drawings.
#[derive(Default)]
pub struct Marks {
    /// What changes are told against.
    mark: Option<Snapshot>,
    /// The state of a saved plan, until the page takes it over.
    opened: Option<State>,
    /// Whether the last file was a plan.
    taken: Option<bool>,
    /// What became of the last attempt to keep the plan on the device or to open it.
    pub told: Option<Told>,
}

/// The file.
#[derive(Serialize, Deserialize)]
pub struct Saved {
    waymark_plan: u32,
    /// What the person set.
    pub state: State,
    mark: Option<Snapshot>,
    /// What is kept of their CV.
    pub person: Option<Person>,
}

/// The plan as a file: state, mark, and what is kept of the CV. Nothing else.
pub fn file(studio: &Studio, call: &Draw) -> Option<DrawnFile> {
    let person = call.person.clone().or_else(|| studio.kept.clone());
    let saved = Saved { waymark_plan: VERSION, state: call.state.clone(), mark: studio.marks.mark.clone(), person };
    Some(DrawnFile { name: PLAN_FILE.into(), text: serde_json::to_string_pretty(&saved).ok()? })
}

/// A saved plan; `None` for any other file.
pub fn read(bytes: &[u8]) -> Option<Saved> {
    let saved = (bytes.len() <= BYTES_MAX).then(|| serde_json::from_slice::<Saved>(bytes).ok()).flatten().filter(|saved| saved.waymark_plan == VERSION)?;
    // Key by key, so that what no page would set is not set.
    let mut state = State::default();
    saved.state.iter().for_each(|(key, value)| state.set(key, value));
    Some(Saved { state, ..saved })
}

/// Takes a saved plan; what is none changes nothing.
pub fn open(studio: &mut Studio, bytes: &[u8]) {
    let saved = read(bytes);
    studio.marks.taken = Some(saved.is_some());
    if let Some(saved) = saved {
        studio.marks.opened = Some(saved.state);
        studio.marks.mark = saved.mark;
        studio.kept = saved.person;
    }
}

/// Takes over the state of a plan that was opened.
pub fn restore(studio: &mut Studio, state: &mut State) {
    if let Some(opened) = studio.marks.opened.take() {
        *state = opened;
    }
}

/// What became of the file.
pub fn file_note(studio: &Studio, lang: Lang) -> String {
    let t = words(lang);
    match studio.marks.taken {
        None => String::new(),
        Some(true) => said("p class=\"note\" role=\"status\"", t.file_taken),
        Some(false) => tag("div class=\"message\" role=\"alert\"", &said("p", t.file_fault)),
    }
}

/// All that changes are told by.
fn snapshot(studio: &Studio, planned: &Planned, state: &State) -> Snapshot {
    let id = |place: u32| studio.taxonomy.competences.get(place as usize).map_or(String::new(), |of| of.id.clone());
    let soc = |place: usize| studio.data.occupations.get(place).map_or(String::new(), |of| of.soc.clone());
    let me = &planned.found.me;
    let mut skills: BTreeMap<u32, Skill> = BTreeMap::new();
    for held in me.brought.held.iter().filter(|held| me.brought.own || held.denied || held.level.is_some()) {
        // Of one that stands without a year somewhere it is not known when it was last used.
        let year = me.items.iter().filter(|item| item.link.as_ref().is_some_and(|link| link.id == id(held.competence))).map(|item| item.year).collect::<Option<Vec<_>>>().and_then(|years| years.into_iter().max());
        let level_off = crate::studio::person::check(studio, state, held.competence).map(|(_, estimate)| estimate.high - estimate.low);
        #[expect(clippy::cast_possible_truncation, reason = "0..7")]
        let skill = Skill { id: id(held.competence), confidence: held.confidence, level: held.level, level_off: level_off.filter(|_| held.level.is_some()).map(|off| off as f32 / 2.0), denied: held.denied, year };
        skills
            .entry(held.competence)
            .and_modify(|known| {
                known.confidence = known.confidence.max(skill.confidence);
                known.level = skill.level.or(known.level);
                known.level_off = skill.level_off.or(known.level_off);
                known.denied |= skill.denied;
            })
            .or_insert(skill);
    }
    let target = |suggestion: &waymark_shared::path::suggest::Suggestion| {
        let of = suggestion.path.objectives;
        Some(TargetState { soc: soc(suggestion.path.target()?), objectives: [of.months, of.cost, of.pay, of.risk] })
    };
    Snapshot {
        pack: studio.data.sources.main("occupations.tsv", "employment_2024").map(|source| source.date.clone()).unwrap_or_default(),
        scenario: format!("{:?}", levers_of(state)),
        target: planned.target.map_or("ad".to_owned(), soc),
        hours_per_week: planned.hours_per_week,
        skills: skills.into_values().collect(),
        gap: gap_state(&planned.gap, &id),
        shown: planned.gap.shown,
        targets: planned.found.suggestions.iter().filter_map(target).collect(),
        units: unit_state(&planned.units, &planned.schedule),
    }
}

/// The changes since the mark, and what the yearly review asks about; `today` as 2026-11-24.
pub fn html(studio: &mut Studio, planned: &Planned, state: &mut State, today: &str, lang: Lang) -> String {
    let now = snapshot(studio, planned, state);
    let review = review(studio, &now, today, lang);
    told(studio, planned, now, state, lang) + &review
}

/// The changes since the mark; the first drawing of a plan marks it.
fn told(studio: &mut Studio, planned: &Planned, now: Snapshot, state: &mut State, lang: Lang) -> String {
    let t = words(lang);
    if state.get("my.mark").is_some() {
        state.set("my.mark", "");
        studio.marks.mark = None;
    }
    let before = studio.marks.mark.get_or_insert_with(|| now.clone());
    // Another target is another plan: what it changes is all.
    if before.target != now.target {
        *before = now.clone();
    }
    let all = changes(before, &now);
    if all.is_empty() {
        return said("p class=\"note\"", t.changes_none);
    }
    let told: String = all.iter().take(TOLD).map(|change| line(studio, planned, change, lang)).collect();
    tag("ul class=\"plain\"", &told) + &tag("p class=\"row\"", &said("button type=\"button\" data-set=\"my.mark=1\"", t.changes_mark))
}

/// What the yearly review asks about; empty where nothing is old enough.
fn review(studio: &Studio, now: &Snapshot, today: &str, lang: Lang) -> String {
    let t = words(lang);
    let Some(year) = today.get(..4).and_then(|year| year.parse().ok()) else { return String::new() };
    let checked: Vec<&str> = now.skills.iter().filter(|skill| skill.level.is_some()).map(|skill| skill.id.as_str()).collect();
    let old = ageing(&now.skills, &checked, year);
    if old.is_empty() {
        return String::new();
    }
    let line = |of: &Ageing| said("li", &t.ageing_line(&name(studio, &of.id, lang), &of.year.to_string()));
    said("h3", t.ageing_title) + &said("p", t.ageing_lead) + &tag("ul class=\"plain\"", &old.iter().take(TOLD).map(line).collect::<String>())
}

/// The name of what an id stands for: a competence, an occupation, or a unit of kindred activities by one of them.
fn name(studio: &Studio, id: &str, lang: Lang) -> String {
    if id == waymark_shared::plan::RESPONSIBLE {
        return words(lang).responsible.to_owned();
    }
    if let Some(place) = studio.data.place(id) {
        return studio.name(place, lang).to_owned();
    }
    let of = studio.taxonomy.place(id).or_else(|| (0u32..).zip(&studio.taxonomy.competences).find(|(_, of)| of.id.rsplit_once('.').is_some_and(|(group, _)| group == id)).map(|(place, _)| place));
    of.map_or(id.to_owned(), |place| studio.competence(place, lang).to_owned())
}

fn line(studio: &Studio, planned: &Planned, change: &Change, lang: Lang) -> String {
    let t = words(lang);
    let p = path_words(lang);
    // A unit of several activities bears the name of its first.
    let name = |id: &str| planned.units.units.iter().find(|unit| unit.id == id).map_or_else(|| name(studio, id, lang), |unit| super::unit_name(studio, unit, lang));
    let number = |value: Option<f64>, decimals: u8| value.map_or(t.none.to_owned(), |value| write(value, Quantity::Plain { decimals }, locale(lang)));
    let share = |value: Option<f64>| value.map_or(t.none.to_owned(), |value| write(value, Quantity::Share { decimals: 0 }, locale(lang)));
    let standing = |value: &Option<Standing>| {
        value.map_or(t.not_asked, |standing| match standing {
            Standing::Have => p.have,
            Standing::Partly => p.partly,
            Standing::NotInCv => p.not_in_cv,
            Standing::ToLearn => p.to_learn,
        })
    };
    let place = |value: &Option<usize>| value.map_or(t.none.to_owned(), |at| (at + 1).to_string());
    let week = |value: &Option<u32>| value.map_or(t.none.to_owned(), |week| (week + 1).to_string());
    let what = match &change.what {
        What::SkillAdded { id } => t.skill_added(&name(id)),
        What::SkillGone { id } => t.skill_gone(&name(id)),
        What::Level { id, from, to, within_error } => {
            let told = t.level(&name(id), &number(from.map(f64::from), 1), &number(to.map(f64::from), 1));
            match (*within_error, lang) {
                (false, _) => told,
                (true, Lang::Zh) => format!("{told}（{}）", t.within_error),
                (true, Lang::En) => format!("{told} ({})", t.within_error),
            }
        }
        What::Standing { id, from, to } => t.standing(&name(id), standing(from), standing(to)),
        What::Shown { from, to } => t.shown(&share(from.map(f64::from)), &share(to.map(f64::from))),
        What::Target { soc, from: None, .. } => t.target_new(&name(soc)),
        What::Target { soc, to: None, .. } => t.target_gone(&name(soc)),
        What::Target { soc, from, to } => t.target_moved(&name(soc), &place(from), &place(to)),
        What::Objective { soc, objective, from, to } => {
            let (what, value): (&str, &dyn Fn(Option<f64>) -> String) = match objective {
                0 => (t.months_word, &|value| number(value, 0)),
                1 => (t.cost_word, &|value| number(value, 0)),
                2 => (t.pay_word, &|value| number(value, 0)),
                _ => (t.risk_word, &share),
            };
            t.objective(&name(soc), what, &value(*from), &value(*to))
        }
        What::UnitAdded { id } => t.unit_added(&name(id)),
        What::UnitGone { id } => t.unit_gone(&name(id)),
        What::UnitDone { id } => t.unit_done(&name(id)),
        What::UnitHours { id, from, to } => t.unit_hours(&name(id), &number(Some(*from), 0), &number(Some(*to), 0)),
        What::PlanEnd { from, to } => t.plan_end(&week(from), &week(to)),
    };
    let why = |why: &Why| match why {
        Why::Progress { unit } => t.why_progress(&name(unit)),
        Why::Check { id } => t.why_check(&name(id)),
        Why::Said { id } => t.why_said(&name(id)),
        Why::Evidence { id } => t.why_evidence(&name(id)),
        Why::Target => t.why_target.to_owned(),
        Why::Hours => t.why_hours.to_owned(),
        Why::Pack => t.why_pack.to_owned(),
        Why::Scenario => t.why_scenario.to_owned(),
        Why::Choice => t.why_choice.to_owned(),
    };
    let reasons: Vec<String> = change.why.iter().take(3).map(why).collect();
    let separator = if lang == Lang::Zh { "、" } else { "; " };
    tag("li", &(escaped(&what) + " " + &said("span class=\"muted\"", &t.because(&reasons.join(separator)))))
}
