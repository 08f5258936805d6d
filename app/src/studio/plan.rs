//! The Plan page: what to learn first, in weeks, with progress; what each month brings within reach; what changed and why;
//! courses of a provider. Not the rules: those are `plan` and `feedback` of the core.
mod advice;
mod changes;
mod courses;
mod kept;
pub mod progress;
mod report;
pub mod words;

pub use changes::{Marks, open, read};
pub use courses::{Courses, controls as courses_controls, syllabus};
pub use kept::open as open_kept;
pub use report::code;

use std::collections::BTreeSet;

use waymark_shared::chart::Locale;
use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::gap::{DemandBook, Gap};
use waymark_shared::market::data::lists::LearningResource;
use waymark_shared::path::search::may_enter;
use waymark_shared::plan::book::PlanBook;
use waymark_shared::plan::resources::{Ask, Sources};
use waymark_shared::plan::schedule::{lay_out, lead_months, WEEK_HOURS};
use waymark_shared::plan::units::{Choices, draft, telling};
use waymark_shared::plan::{HoursBasis, LeftOut, Month, Schedule, ScheduleRequest, Track, Unit, Units, months, resources};

use super::{Random, Studio};
use super::figure::{locale, note};
use super::html::{Lever, escaped, opener, part, said, tag};
use super::paths::{self, Found};
use super::person;
use crate::i18n::Lang;
use crate::state::State;
use crate::worker::protocol::{Draw, Drawn, DrawnFile};
use words::{Texts, words};

/// Hours a week unless said: an evening on three days. Ours.
const HOURS_PER_WEEK: f64 = 6.0;
/// Weeks shown before "more".
const WEEKS_SHOWN: usize = 8;
/// Occupations named for a month.
const OPENED: usize = 5;
/// Longest deadline, weeks.
const WEEKS_MAX: u32 = 520;
/// The name of the file that a plan is saved in.
const PLAN_FILE: &str = "waymark-plan.json";

/// A plan as it stands.
pub struct Planned {
    /// Who, and where they can go.
    pub found: Found,
    /// The target's place, where it is an occupation.
    pub target: Option<usize>,
    /// What it asks against what is brought.
    pub gap: Gap,
    /// What to learn.
    pub units: Units,
    /// When.
    pub schedule: Schedule,
    /// Hours a week.
    pub hours_per_week: f64,
    /// What each month brings.
    pub months: Vec<Month>,
}

/// A unit's key in the state: `r`, `g` with the group of its activities, or `c` with the place of its competence.
pub fn unit_key(unit: &Unit) -> String {
    match (unit.group, unit.competences.first()) {
        (_, None) => "r".to_owned(),
        (Some(group), _) => format!("g{group}"),
        (None, Some(competence)) => format!("c{competence}"),
    }
}

/// Hours a week of a state.
fn hours_per_week(state: &State) -> f64 {
    state.get("hours").and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite()).map_or(HOURS_PER_WEEK, |v| v.clamp(WEEK_HOURS[0], WEEK_HOURS[1]))
}

/// Weeks that have passed.
fn weeks_passed(state: &State) -> u32 {
    state.get("my.week").and_then(|v| v.parse().ok()).unwrap_or(0).min(WEEKS_MAX)
}

/// Makes the plan of a state; `None` without a target.
pub fn plan(studio: &Studio, call: &Draw, state: &mut State) -> Option<Planned> {
    let book = DemandBook::new(&studio.taxonomy, &studio.data);
    let target = paths::gap::target(studio, state, &book)?;
    let found = paths::find(studio, call, state);
    let gap = paths::gap::of(studio, &found, &target);
    let places = |key: &str| state.list(key).filter_map(|place| place.parse().ok()).collect::<Vec<u32>>();
    let plans = PlanBook::new(&studio.taxonomy, &studio.data);
    let choices = Choices { include: places("my.learn"), decline: places("my.decline"), ..Choices::default() };
    let me = &found.me.brought;
    let wants = plans.wants(&gap, &target.demands, &me.held, me.occupation);
    let gap = telling(&gap, &wants);
    let mut units = draft(&wants, &choices, &|earlier, later| plans.needed(earlier, later));
    if let Some(courses) = studio.courses() {
        courses.into_units(&mut units.units);
    }
    let from_week = weeks_passed(state);
    let request = ScheduleRequest {
        hours_per_week: hours_per_week(state),
        deadline_weeks: state.get("weeks").and_then(|v| v.parse::<u32>().ok()).filter(|v| (1..=WEEKS_MAX).contains(v)),
        from_week,
        hours_over: progress::in_week(state, &units.units, from_week),
        progress: progress::of(state, &units.units),
    };
    let schedule = lay_out(&units.units, &request);
    let education = |place: usize| studio.data.occupations.get(place).and_then(|of| of.education);
    let carried = person::carried(&studio.needs, &found.me);
    let months = months::unlocked(&units.units, &schedule, &studio.needs, &studio.weights, &found.thresholds, &carried, target.place, &|to| may_enter(found.request.education, education(to)));
    Some(Planned { found, target: target.place, gap, units, schedule, hours_per_week: request.hours_per_week, months })
}

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let t = words(call.lang);
    let mut state = call.state.clone();
    changes::restore(studio, &mut state);
    if studio.ads.is_empty() {
        state.set("my.ad", "");
    }
    if state.get("to").is_some_and(|soc| studio.data.place(soc).is_none()) {
        state.set("to", "");
    }
    let Some(planned) = plan(studio, call, &mut state) else {
        let go = tag("p class=\"row\"", &said("button type=\"button\" class=\"main\" data-go=\"paths\"", t.to_paths));
        let open = open_file(call.lang) + &part("file", &changes::file_note(studio, call.lang)) + &kept::html(studio, call, false);
        return Drawn { state, parts: vec![("page".to_owned(), said("h1 tabindex=\"-1\"", t.title) + &said("p class=\"lead\"", t.no_target) + &go + &open)] };
    };
    let offers = advice::all(studio, &planned, call.lang);
    advice::follow(studio, &planned, &offers, &mut state, call);
    let changed = changes::html(studio, &planned, &mut state, &call.today, call.lang);
    let mut parts = Vec::new();
    if call.whole {
        parts.push(("page".to_owned(), page(studio, &planned, &state, call) + &kept::html(studio, call, true)));
    }
    let hours = write(planned.hours_per_week, Quantity::Plain { decimals: 0 }, locale(call.lang));
    parts.push(("value-hours".to_owned(), escaped(&t.hours_value(&hours))));
    parts.push(("summary".to_owned(), summary(&planned, call.lang)));
    parts.push(("weeks".to_owned(), weeks(studio, &planned, &state, call.lang)));
    parts.push(("months".to_owned(), opening(studio, &planned, call.lang)));
    parts.push(("advice".to_owned(), advice::html(studio, &planned, &offers, &state, call.lang)));
    parts.push(("units".to_owned(), units(studio, &planned, &state, call)));
    parts.push(("code".to_owned(), code(studio, &planned).svg(&escaped(t.code_note))));
    parts.push(("changes".to_owned(), changed));
    parts.push(("courses".to_owned(), courses::html(studio, &planned, call.lang)));
    parts.push(("file".to_owned(), changes::file_note(studio, call.lang)));
    Drawn { state, parts }
}

fn page(studio: &Studio, planned: &Planned, state: &State, call: &Draw) -> String {
    let (t, lang) = (words(call.lang), call.lang);
    let target = planned.target.map_or(t.for_ad.to_owned(), |place| t.for_target(studio.name(place, lang)));
    let hours = Lever { key: "hours", name: t.hours_a_week, ends: ["1", "40"], range: [1.0, 40.0, 1.0], value: planned.hours_per_week }.html();
    let deadline = format!(
        "<p class=\"field\"><label for=\"weeks\">{}</label> <input id=\"weeks\" type=\"number\" min=\"1\" max=\"{WEEKS_MAX}\" data-key=\"weeks\" value=\"{}\" placeholder=\"{}\"> <span class=\"muted\">{}</span></p>",
        escaped(t.deadline),
        escaped(state.get("weeks").unwrap_or_default()),
        escaped(t.deadline_none),
        escaped(t.weeks_unit)
    );
    let button = |attributes: &str, words: &str| said(&format!("button type=\"button\" {attributes}"), words);
    let files = button("class=\"main\" data-print=\"1\"", t.print) + &button("data-save=\"report.html\"", t.save_page) + &button("data-save=\"report-both.html\"", t.save_both) + &button("data-save=\"weeks.csv\"", t.save_csv) + &button("data-save=\"plan.json\"", t.save_file);
    let body = [
        said("h1 tabindex=\"-1\"", t.title),
        said("p class=\"lead\"", t.lead),
        tag("p class=\"sentence\"", &(said("strong", &target) + " " + &said("button type=\"button\" class=\"quiet\" data-go=\"paths\"", t.to_paths))),
        tag("div class=\"levers\"", &(hours + &deadline)),
        tag("div class=\"sentence\" data-part=\"summary\" aria-live=\"polite\"", ""),
        tag("div class=\"calendar\"", &(tag("section", &(said("h2", t.weeks_title) + &part("weeks", ""))) + &tag("section", &(said("h2", t.months_title) + &part("months", ""))))),
        tag("section class=\"advice\"", &(said("h2", t.advice_title) + &part("advice", ""))),
        tag("section", &(said("h2", t.units_title) + &note(t.units_note) + &part("units", ""))),
        tag("section", &(part("code", "") + &note(t.code_note))),
        tag("section class=\"changes\"", &(said("h2", t.changes_title) + &part("changes", ""))),
        tag("section class=\"courses\"", &(said("h2", t.courses_title) + &courses::controls(lang) + &part("courses", ""))),
        tag("section class=\"files\"", &(said("h2", t.files_title) + &tag("p class=\"row\"", &files) + &open_file(lang) + &part("file", "") + &said("h3", t.next_step) + &next_step(call))),
    ];
    tag("div class=\"plan\"", &body.concat())
}

fn open_file(lang: Lang) -> String {
    tag("p class=\"row\"", &opener("plan", ".json,application/json", false, words(lang).open_file))
}

/// The fields of an agreed next step, with what is typed in them, and its calendar file.
pub fn next_step(call: &Draw) -> String {
    let t = words(call.lang);
    let typed = |field: &str| escaped(call.asked.iter().find(|(of, _)| of == field).map_or("", |(_, words)| words));
    let fields = format!(
        "<p class=\"field\"><label for=\"step-what\">{}</label> <input id=\"step-what\" class=\"wide\" type=\"text\" data-quiet data-ask=\"step\" autocomplete=\"off\" value=\"{}\"></p>\
         <p class=\"field\"><label for=\"step-when\">{}</label> <input id=\"step-when\" type=\"date\" data-quiet data-ask=\"step-date\" value=\"{}\"></p>",
        escaped(t.step_what),
        typed("step"),
        escaped(t.step_when),
        typed("step-date")
    );
    fields + &tag("p class=\"row\"", &said("button type=\"button\" data-save=\"step.ics\"", t.save_ics)) + &note(t.step_hint)
}

fn whole(value: f64, lang: Lang) -> String {
    write(value, Quantity::Plain { decimals: 0 }, locale(lang))
}

/// Hours to a half, without a needless ".0".
fn hours(value: f64, lang: Lang) -> String {
    let decimals = u8::from((value - value.round()).abs() > 0.05);
    write(value, Quantity::Plain { decimals }, locale(lang))
}

fn summary(planned: &Planned, lang: Lang) -> String {
    let t = words(lang);
    let schedule = &planned.schedule;
    let left: f64 = schedule.hours_left.iter().sum();
    let Some(last) = schedule.weeks.last() else { return said("p", t.none_left) };
    let mut lines = said("p", &t.total(&hours(left, lang), &(last.week + 1).to_string()));
    if let Some(deadline) = &schedule.deadline {
        let weeks = deadline.weeks.to_string();
        lines += &if deadline.kept {
            said("p", &t.kept(&weeks))
        } else {
            let needed = deadline.hours_per_week_needed.map_or(String::new(), |needed| said("p", &t.needed(&hours(needed, lang))));
            said("p class=\"wrong\"", &t.not_kept(&hours(deadline.hours_over, lang), &weeks)) + &needed + &said("p", &t.fits(&deadline.fits.len().to_string()))
        };
    }
    lines
}

/// The name of a unit.
pub fn unit_name(studio: &Studio, unit: &Unit, lang: Lang) -> String {
    unit.competences.first().map_or(words(lang).responsible.to_owned(), |place| studio.competence(*place, lang).to_owned())
}

/// A box that puts an entry into a list of the state.
fn tick(id: &str, list: &str, entry: &str, on: bool, label: &str) -> String {
    tag("label", &format!("<input type=\"checkbox\" id=\"{id}\" data-list=\"{list}\" value=\"{entry}\"{}> {label}", if on { " checked" } else { "" }))
}

/// The lines of a week: hours ticked in it, then those to come. A unit is done with its last.
fn week_lines(studio: &Studio, planned: &Planned, state: &State, week: u32, lang: Lang) -> String {
    let t = words(lang);
    let label = |unit: &Unit, of: f64| escaped(&unit_name(studio, unit, lang)) + " " + &said("span class=\"muted\"", &t.hours(&hours(of, lang)));
    let over: Vec<progress::Spent<'_>> = progress::spent(state).filter(|spent| spent.week == week).collect();
    let ticked = over.iter().filter_map(|spent| {
        let unit = planned.units.units.iter().find(|unit| unit_key(unit) == spent.key)?;
        Some(tag("li", &tick(&format!("w{week}-{}", spent.key), "my.spent", spent.entry, true, &label(unit, spent.hours))))
    });
    let to_come = planned.schedule.weeks.iter().filter(|of| of.week == week).flat_map(|of| &of.lines).filter_map(|(place, of)| {
        let unit = planned.units.units.get(*place)?;
        let key = unit_key(unit);
        let last = planned.schedule.ends.get(*place).copied().flatten() == Some(week);
        let id = if over.iter().any(|spent| spent.key == key) { "x" } else { "w" };
        Some(tag("li", &tick(&format!("{id}{week}-{key}"), "my.spent", &progress::entry(unit, week, *of, last), false, &label(unit, *of))))
    });
    ticked.chain(to_come).collect()
}

fn weeks(studio: &Studio, planned: &Planned, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let passed = weeks_passed(state);
    let week = |week: u32| {
        let number = (week + 1).to_string();
        let name = if week == passed { t.this_week(&number) } else { t.week(&number) };
        tag("li class=\"week\"", &(said("h3", &name) + &tag("ul class=\"choices\"", &week_lines(studio, planned, state, week, lang))))
    };
    // The week that is to come stands there too when all of it is ticked.
    let last = planned.schedule.weeks.last().map(|last| last.week).or_else(|| progress::spent(state).any(|spent| spent.week == passed).then_some(passed));
    let all: Vec<String> = last.map_or(Vec::new(), |last| (passed..=last).map(week).collect());
    let (first, rest) = all.split_at(all.len().min(WEEKS_SHOWN));
    let rest = if rest.is_empty() { String::new() } else { tag("details", &(said("summary", &t.more_weeks(&rest.len().to_string())) + &tag("ol class=\"weeks\"", &rest.concat()))) };
    let set = |week: u32, words: &str| said(&format!("button type=\"button\" data-set=\"my.week={}\"", if week == 0 { String::new() } else { week.to_string() }), words);
    let on = if planned.schedule.weeks.is_empty() { String::new() } else { set(passed + 1, t.next_week) };
    let back = if passed > 0 { set(passed - 1, t.week_back) } else { String::new() };
    tag("ol class=\"weeks\"", &first.concat()) + &rest + &tag("p class=\"row\"", &(on + &back))
}

/// What each month brings.
fn opening(studio: &Studio, planned: &Planned, lang: Lang) -> String {
    let t = words(lang);
    let separator = if lang == Lang::Zh { "、" } else { "; " };
    let line = |month: &Month| {
        let names: Vec<&str> = month.occupations.iter().take(OPENED).map(|place| studio.name(*place, lang)).collect();
        let opens = if names.is_empty() { t.nothing_opens.to_owned() } else { t.opens(&names.join(separator)) };
        let nearer = month.score.map_or(String::new(), |score| said("p class=\"muted\"", &t.nearer(&write(f64::from(score), Quantity::Plain { decimals: 2 }, locale(lang)))));
        tag("li", &(said("h3", &t.month(&month.month.to_string())) + &said("p", &opens) + &nearer))
    };
    let lead = lead_months(&planned.schedule);
    let lead = if lead == 0 { String::new() } else { note(&t.lead_time(&lead.to_string())) };
    note(t.months_note) + &tag("ol class=\"months\"", &planned.months.iter().map(line).collect::<String>()) + &lead
}

fn units(studio: &Studio, planned: &Planned, state: &State, call: &Draw) -> String {
    let lang = call.lang;
    let fits: BTreeSet<usize> = planned.schedule.deadline.iter().filter(|deadline| !deadline.kept).flat_map(|deadline| deadline.fits.iter().copied()).collect();
    let line = |(place, of): (usize, &Unit)| unit(studio, planned, of, [fits.contains(&place), planned.schedule.done.contains(&place)], state, call);
    let all: String = planned.units.units.iter().enumerate().map(line).collect();
    let t = words(lang);
    let left = |reason: LeftOut| planned.units.left.iter().filter(|left| left.reason == reason).count();
    let say = |count: usize, words: fn(&Texts, &str) -> String| if count == 0 { String::new() } else { note(&words(t, &count.to_string())) };
    let declined = left(LeftOut::Declined);
    let back = if declined == 0 { String::new() } else { tag("p class=\"row\"", &(said("span", &t.declined(&declined.to_string())) + &said("button type=\"button\" data-set=\"my.decline=\"", t.declined_back))) };
    let rest = say(left(LeftOut::Have), Texts::left_have) + &say(left(LeftOut::Usual), Texts::left_usual) + &say(left(LeftOut::ExampleTool), Texts::left_tools) + &say(left(LeftOut::LittleAsked), Texts::left_little);
    tag("ol class=\"units\"", &all) + &back + &rest
}

fn unit(studio: &Studio, planned: &Planned, unit: &Unit, [fits, done]: [bool; 2], state: &State, call: &Draw) -> String {
    let (lang, known) = (call.lang, studio.resources());
    let t = words(lang);
    let separator = if lang == Lang::Zh { "、" } else { "; " };
    let track = match unit.track {
        Track::Responsible => t.track_responsible,
        Track::Foundation => t.track_foundation,
        Track::Practice => t.track_practice,
        Track::Soft => t.track_soft,
    };
    let basis = match unit.hours.basis {
        HoursBasis::OurEstimate => t.basis_ours.to_owned(),
        HoursBasis::LevelsToGo { levels } => t.basis_levels(&write(f64::from(levels), Quantity::Plain { decimals: 1 }, locale(lang))),
        HoursBasis::Course { course } => t.basis_course(studio.courses().and_then(|courses| courses.title(course)).unwrap_or_default()),
        HoursBasis::Own => t.basis_own.to_owned(),
    };
    let names = |ids: &[String]| -> Vec<String> { planned.units.units.iter().filter(|other| ids.contains(&other.id)).map(|other| unit_name(studio, other, lang)).collect() };
    let mut lines = said("p class=\"muted\"", &format!("{track} · {} · {basis}", t.hours_range(&whole(unit.hours.low, lang), &whole(unit.hours.high, lang))));
    if unit.competences.is_empty() {
        lines += &said("p", t.responsible_note);
    }
    if unit.check_first {
        lines += &said("p", t.check_first);
    }
    if !unit.after.is_empty() {
        lines += &said("p", &t.after(&names(&unit.after).join(separator)));
    }
    let more: Vec<&str> = unit.competences.iter().skip(1).map(|place| studio.competence(*place, lang)).collect();
    if !more.is_empty() {
        lines += &said("p", &t.covers(&more.join(separator)));
    }
    let ids: Vec<&str> = unit.competences.iter().filter_map(|place| studio.taxonomy.competences.get(*place as usize)).map(|of| of.id.as_str()).collect();
    let language = if lang == Lang::Zh { "zh" } else { "en" };
    lines += &match resources::of(&ids, unit.track, language, known) {
        Sources::Open(places) => {
            let line = |resource: &LearningResource| tag("li", &resource_line(resource, lang));
            said("h4", t.open_title) + &tag("ul class=\"plain\"", &places.iter().filter_map(|place| known.get(*place)).map(line).collect::<String>())
        }
        Sources::Ask(asks) => {
            let ask = |ask: &Ask| match ask {
                Ask::Covers => t.ask_covers,
                Ask::Hours => t.ask_hours,
                Ask::Price => t.ask_price,
                Ask::Entry => t.ask_entry,
                Ask::Practice => t.ask_practice,
                Ask::Certificate => t.ask_certificate,
            };
            said("h4", t.ask_title) + &tag("ul class=\"plain\"", &asks.iter().map(|one| said("li", ask(one))).collect::<String>())
        }
    };
    if !unit.competences.is_empty() {
        let declined: Vec<String> = state.list("my.decline").map(str::to_owned).chain(unit.competences.iter().map(ToString::to_string)).collect();
        lines += &tag("p class=\"row\"", &said(&format!("button type=\"button\" class=\"quiet\" data-set=\"my.decline={}\"", declined.join("+")), t.decline));
    }
    let key = unit_key(unit);
    // What is done by its last hours is taken back by them.
    let by_hours = progress::spent(state).find(|spent| spent.last && spent.key == key).filter(|_| !state.list("my.done").any(|done| done == key));
    let (list, entry) = by_hours.map_or(("my.done", key.as_str()), |spent| ("my.spent", spent.entry));
    let head = tick(&format!("u-{key}"), list, entry, done, &said("strong", &unit_name(studio, unit, lang)));
    let head = if done && !unit.competences.is_empty() { head + &advice::opinion(unit, state, call) } else { head };
    let class = if fits { "li class=\"unit fits\"" } else { "li class=\"unit\"" };
    tag(class, &(head + &tag("details", &(said("summary", &format!("{track} · {}", t.hours(&hours(unit.hours.expected, lang)))) + &lines))))
}

/// A resource with its address, which is text.
fn resource_line(resource: &LearningResource, lang: Lang) -> String {
    let t = words(lang);
    let language = if resource.language.starts_with("zh") { t.in_chinese } else { t.in_english };
    let what = t.resource(&resource.title, language, resource.licence.as_deref().unwrap_or(t.licence_unknown));
    escaped(&what) + " " + &said("span class=\"address\"", &resource.url)
}

/// A file that a button asks for.
pub fn save(studio: &mut Studio, call: &Draw, what: &str, random: Option<&Random>) -> Option<DrawnFile> {
    match what {
        "kept" => kept::seal(studio, call, random),
        "kept-delete" => Some(kept::delete(studio)),
        "courses.csv" => Some(courses::template(call.lang)),
        "plan.json" => changes::file(studio, call),
        "weeks.csv" => report::weeks(studio, call),
        "report.html" => report::page(studio, call, &[locale(call.lang)]),
        "report-both.html" => report::page(studio, call, &[Locale::En, Locale::Zh]),
        "step.ics" => report::calendar(call),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
