//! The Paths page: conditions, a few suggested paths with their reasons, all that no other beats, and what a target asks
//! held against what the person brings. Not the search: that is `path` of the core.
mod check;
pub mod gap;
pub mod words;

pub use gap::Ad;

use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::gap::{DemandBook, HardRequirement, hard_requirements, licences};
use waymark_shared::market::data::figures::Education;
use waymark_shared::market::data::lists::States;
use waymark_shared::path::reach::Reach;
use waymark_shared::path::search::{CareerPath, Objectives, OpenSteps, PathRequest, STEPS_MAX, StepFigures, after_each_step, search};
use waymark_shared::market::levers::{Levers, changing};
use waymark_shared::path::suggest::{Reason, Suggestion, balanced, presets_in_top, suggest, with_direct};
use waymark_shared::path::{Carried, MoveScores, Thresholds};

use super::Studio;
use super::figure::{locale, note};
use super::html::{escaped, find as find_field, option, part, said, select, setter, tag};
use super::market::{levers_of, preset_name};
use super::person::{self, Me, Origin};
use crate::i18n::Lang;
use crate::state::State;
use crate::worker::protocol::{Draw, Drawn, DrawnFile};
use words::{Texts, words};

/// Shares of all pairs of occupations within reach, and close, by their names in the state: Nesta's, only what is close, and
/// twice as many (ours).
const CLOSENESS: [(&str, f64); 3] = [("usual", 0.04), ("near", 0.013), ("far", 0.08)];
/// A change of pay smaller than this is "about the same".
const SAME_PAY: f64 = 0.03;
/// Under it a share of jobs lost is told as none.
const NO_RISK: f64 = 0.005;
/// Industrial machinery mechanics, electro-mechanical and mechatronics technicians (robotics technicians among them), data
/// scientists (data analysts among them).
const EXAMPLE_TARGETS: [&str; 3] = ["49-9041", "17-3024", "15-2051"];
/// Rows of the list at most; the file holds all.
const LISTED: usize = 40;
/// So many occupations near two targets are looked for.
const BLENDED: usize = 10;
/// Levels of education by their names in the state, from the least.
const EDUCATION: [(&str, Education); 8] = [
    ("nothing", Education::Nothing),
    ("high-school", Education::HighSchool),
    ("some-college", Education::SomeCollege),
    ("award", Education::Award),
    ("associates", Education::Associates),
    ("bachelors", Education::Bachelors),
    ("masters", Education::Masters),
    ("doctoral", Education::Doctoral),
];

/// The paths of a person under their conditions.
pub struct Found {
    /// Who.
    pub me: Me,
    /// What was asked of the search.
    pub request: PathRequest,
    /// What steps depend on, by occupation.
    pub figures: Vec<StepFigures>,
    /// Where a step is within reach, and close.
    pub thresholds: Thresholds,
    /// All that no other covers.
    pub front: Vec<CareerPath>,
    /// The few to show.
    pub suggestions: Vec<Suggestion>,
}

fn education_name(education: Education, t: &'static Texts) -> &'static str {
    match education {
        Education::Nothing => t.edu_nothing,
        Education::HighSchool => t.edu_high_school,
        Education::SomeCollege => t.edu_some_college,
        Education::Award => t.edu_award,
        Education::Associates => t.edu_associates,
        Education::Bachelors => t.edu_bachelors,
        Education::Masters => t.edu_masters,
        Education::Doctoral => t.edu_doctoral,
    }
}

fn education(state: &State, key: &str) -> Option<Education> {
    EDUCATION.iter().find(|(name, _)| state.get(key) == Some(name)).map(|(_, education)| *education)
}

/// Dollars, from a field of the state.
fn dollars(state: &State, key: &str) -> Option<f64> {
    state.get(key)?.replace(',', "").parse::<f64>().ok().filter(|v| v.is_finite() && (0.0..=1e9).contains(v))
}

/// The scores of all moves, computed when first asked for.
fn scores(studio: &Studio) -> &MoveScores {
    studio.scores.get_or_init(|| MoveScores::new(&studio.needs, &studio.weights))
}

/// Where a step is within reach under a state.
pub fn thresholds(studio: &Studio, state: &State) -> Thresholds {
    let share = CLOSENESS.iter().find(|(name, _)| state.get("close") == Some(name)).map_or(CLOSENESS[0].1, |(_, share)| *share);
    let close = scores(studio).top(CLOSENESS[1].1).unwrap_or(1.0);
    Thresholds { within_reach: scores(studio).top(share).unwrap_or(1.0), very_close: close }
}

/// What steps depend on under levers: risk is the share of its jobs that an occupation loses.
fn figures(studio: &Studio, levers: &Levers) -> Vec<StepFigures> {
    let losses = studio.future.losses(&studio.data, levers);
    studio.data.occupations.iter().zip(losses).map(|(of, risk)| StepFigures::new(of, risk)).collect()
}

/// Which steps are open to one who carries this.
pub fn reach(studio: &Studio, thresholds: Thresholds, carried: Carried) -> Reach<'_> {
    Reach::new(&studio.needs, &studio.weights, scores(studio), thresholds, carried)
}

/// The education that the person said they have.
pub fn attained(state: &State) -> Option<Education> {
    education(state, "edu")
}

/// Looks for paths under the conditions of a state.
pub fn find(studio: &Studio, call: &Draw, state: &mut State) -> Found {
    let book = DemandBook::new(&studio.taxonomy, &studio.data);
    let me = person::of(studio, call, state, &book);
    let thresholds = thresholds(studio, state);
    let present = studio.data.occupations.get(me.place);
    let mut barred = vec![false; studio.data.occupations.len()];
    if let Some((states, column)) = region(studio, state) {
        for (slot, row) in barred.iter_mut().zip(&states.figures) {
            *slot |= row.get(column).copied().flatten().is_none_or(|of| of.jobs.is_none());
        }
    }
    let target = |key: &str| state.get(key).and_then(|soc| studio.data.place(soc));
    let targets = target("to").zip(target("near")).map(|(first, second)| scores(studio).blended([first, second], 0.5).into_iter().take(BLENDED).map(|(place, _)| place).collect());
    let request = PathRequest {
        origin: Some(me.place),
        education: education(state, "edu").or(present.and_then(|of| of.education)),
        zone: present.and_then(|of| of.job_zone),
        pay: dollars(state, "pay").or(present.and_then(|of| of.pay.annual.median)),
        tuition: dollars(state, "tuition"),
        steps: state.get("steps").and_then(|n| n.parse().ok()).unwrap_or(2).clamp(1, STEPS_MAX),
        pay_floor: dollars(state, "floor"),
        education_ceiling: education(state, "ceiling"),
        barred,
        targets,
        ..PathRequest::default()
    };
    let reach = reach(studio, thresholds, person::carried(&studio.needs, &me));
    let figures = figures(studio, &levers_of(state));
    let front = search(&figures, &request, &reach);
    let suggestions = suggest(&with_direct(&front, &reach.all(None), &figures, &request), &figures, &request, &thresholds);
    Found { me, request, figures, thresholds, front, suggestions }
}

/// In how many of the ready-made scenarios each target is suggested. The one in which nothing changes is not among them.
fn in_presets(studio: &Studio, found: &Found) -> (std::collections::BTreeMap<usize, usize>, usize) {
    let presets: Vec<Vec<StepFigures>> = changing().map(|(_, levers)| figures(studio, &levers)).collect();
    let reach = reach(studio, found.thresholds, person::carried(&studio.needs, &found.me));
    (presets_in_top(&presets, &found.request, &found.thresholds, &reach), presets.len())
}

/// The state of the US where there must be jobs, with its column.
fn region<'a>(studio: &'a Studio, state: &State) -> Option<(&'a States, usize)> {
    let (code, states) = (state.get("region")?, studio.states()?);
    Some((states, states.areas.iter().position(|area| area.code == code)?))
}

/// Takes out what names nothing known.
fn understood(studio: &Studio, state: &mut State) {
    for key in ["to", "near"] {
        if state.get(key).is_some_and(|soc| studio.data.place(soc).is_none()) {
            state.set(key, "");
        }
    }
    if studio.ads.is_empty() {
        state.set("my.ad", "");
    }
}

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let t = words(call.lang);
    let mut state = call.state.clone();
    if state.get("my.ads") == Some("clear") {
        studio.ads.clear();
        state.set("my.ads", "");
    }
    understood(studio, &mut state);
    // The first time all pairs are compared: the page stands meanwhile.
    if waits(studio, call) {
        let place = person::occupation(studio, call, &mut state);
        let waiting = page(studio, call, &state, place, &note(t.wait));
        return Drawn { state, parts: vec![("page".to_owned(), waiting)] };
    }
    let found = find(studio, call, &mut state);
    let ways = ways(studio, &found, &state, call);
    let mut parts = Vec::new();
    if call.whole {
        parts.push(("page".to_owned(), page(studio, call, &state, found.me.place, &ways)));
    } else {
        parts.push(("ways".to_owned(), ways));
    }
    let search = |name: &str, set: &str| super::market::found_for(studio, call, name, set);
    parts.push(("found".to_owned(), search("title", "soc")));
    parts.push(("found-to".to_owned(), search("target", "to")));
    parts.push(("example".to_owned(), example(studio, found.me.place, call.lang)));
    parts.push(("gap".to_owned(), gap::html(studio, &found, &state, call)));
    parts.push(("check".to_owned(), check::html(studio, &state, call)));
    Drawn { state, parts }
}

fn page(studio: &Studio, call: &Draw, state: &State, place: usize, ways: &str) -> String {
    let t = words(call.lang);
    let general = super::words::words(call.lang);
    let find = |id: &str, ask: &str, label: &str| find_field(id, ask, label, general.find_hint);
    let body = [
        said("h1 tabindex=\"-1\"", t.title),
        said("p class=\"lead\"", t.lead),
        super::market::who(studio, call, state, place),
        find("find", "title", general.find_title),
        part("found", ""),
        part("example", &example(studio, place, call.lang)),
        conditions(studio, state, call.lang),
        tag("section", &(said("h2", t.ways_title) + &part("ways", ways))),
        tag("section id=\"gap\"", &(part("gap", "") + &find("find-to", "target", t.find_target) + &part("found-to", ""))),
        tag("section", &gap::advertisement(studio, call.lang)),
        part("check", ""),
    ];
    tag("div class=\"paths\"", &body.concat())
}

/// The targets of the built-in example, the automated car line (mission.md, M4), for those who come from it.
fn example(studio: &Studio, place: usize, lang: Lang) -> String {
    if studio.data.place(person::EXAMPLE_SOC) != Some(place) {
        return String::new();
    }
    let buttons = EXAMPLE_TARGETS.iter().filter_map(|soc| Some(setter(&format!("to={soc}&my.ad="), None, studio.name(studio.data.place(soc)?, lang))));
    tag("p class=\"row\"", &(said("span", words(lang).example_targets) + &buttons.collect::<String>()))
}

fn conditions(studio: &Studio, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let educations = |key: &str, label: &str, first: &str| {
        let choices = std::iter::once(("", first)).chain(EDUCATION.iter().map(|(name, education)| (*name, education_name(*education, t))));
        tag("p class=\"field\"", &select(key, key, label, state.get(key).unwrap_or_default(), choices))
    };
    let money = |key: &str, label: &str| {
        let value = escaped(state.get(key).unwrap_or_default());
        format!(
            "<p class=\"field\"><label for=\"{key}\">{}</label> <input id=\"{key}\" type=\"number\" inputmode=\"numeric\" min=\"0\" step=\"500\" data-key=\"{key}\" value=\"{value}\"> <span class=\"muted\">{}</span></p>",
            escaped(label),
            escaped(t.unit_year)
        )
    };
    let steps: Vec<String> = (1..=STEPS_MAX).map(|n| n.to_string()).collect();
    let steps = select("steps", "steps", t.steps, state.get("steps").unwrap_or("2"), steps.iter().map(|n| (n.as_str(), n.as_str())));
    let close = [("usual", t.close_usual), ("near", t.close_near), ("far", t.close_far)];
    let close = select("close", "close", t.closeness, state.get("close").unwrap_or("usual"), close);
    let mut areas = String::new();
    option(&mut areas, "", t.anywhere, state.get("region").is_none());
    if let Some(states) = studio.states() {
        for area in &states.areas {
            option(&mut areas, &area.code, if lang == Lang::Zh { &area.name_zh } else { &area.name_en }, state.get("region") == Some(&area.code));
        }
    }
    let field = |content: &str| tag("p class=\"field\"", content);
    let fields = [
        educations("edu", t.education, t.as_usual),
        money("pay", t.pay_now),
        money("floor", t.pay_floor),
        money("tuition", t.tuition),
        educations("ceiling", t.ceiling, t.no_limit),
        field(&super::html::labelled_select("region", "region", t.region, &areas)),
        field(&steps),
        field(&close),
    ];
    let tools = tag("p class=\"row\"", &(setter("undo", None, super::words::words(lang).undo) + &setter("reset", None, super::words::words(lang).reset)));
    tag("details class=\"conditions\"", &(said("summary", t.conditions) + &tag("div class=\"fields\"", &fields.concat()) + &tools))
}

/// What counts as the person's.
pub fn brings(me: &Me, lang: Lang) -> String {
    let (t, count) = (words(lang), me.brought.sure().len().to_string());
    note(&match me.origin {
        Origin::Cv => t.brings_cv(&count),
        Origin::Answers => t.brings_answers(&count),
        Origin::Occupation => t.brings_occupation.to_owned(),
    })
}

/// The name of the ready-made scenario that a state is.
pub fn scenario_name(state: &State, lang: Lang) -> Option<&'static str> {
    levers_of(state).name().map(|name| preset_name(name, super::words::words(lang)))
}

/// The suggestions, each a line from the person to the target with its reasons, and the list of all.
fn ways(studio: &Studio, found: &Found, state: &State, call: &Draw) -> String {
    let t = words(call.lang);
    let scenario = scenario_name(state, call.lang).map_or(String::new(), |name| format!("{}{}", if call.lang == Lang::Zh { "：" } else { ": " }, escaped(name)));
    let scenario = tag(
        "p class=\"note\"",
        &(escaped(t.risk_note) + " " + &tag("button type=\"button\" class=\"quiet\" data-go=\"market\"", &(escaped(t.to_market) + &scenario))),
    );
    let head = brings(&found.me, call.lang) + &note(t.us_note) + &scenario;
    if found.suggestions.is_empty() {
        return head + &none(call.lang);
    }
    let (times, presets) = if call.settled { in_presets(studio, found) } else { Default::default() };
    let card = |suggestion: &Suggestion| {
        let target = suggestion.path.target().unwrap_or(0);
        let times = times.get(&target).copied().unwrap_or(0);
        let robust = if presets > 0 { said("li class=\"robust\"", &t.presets_in(&times.to_string(), &presets.to_string())) } else { String::new() };
        way(studio, found, suggestion, &robust, state, call.lang)
    };
    let cards: String = found.suggestions.iter().map(card).collect();
    head + &tag("ol class=\"suggested\"", &cards) + &list(studio, found, call.lang)
}

/// Where nothing is within reach.
pub fn none(lang: Lang) -> String {
    let t = words(lang);
    tag("div class=\"message notice\"", &(said("p", t.none_title) + &said("p", t.none_hint)))
}

/// True where a drawing should not wait for the scores of all moves: they are computed once the page stands.
pub fn waits(studio: &Studio, call: &Draw) -> bool {
    studio.scores.get().is_none() && !call.settled
}

/// One suggestion.
pub fn way(studio: &Studio, found: &Found, suggestion: &Suggestion, robust: &str, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let legs = after_each_step(&suggestion.path.steps, &found.figures, &found.request);
    let mut route = tag("li class=\"stop from\"", &(said("strong", t.you) + &said("span", studio.name(found.me.place, lang))));
    let mut before = Objectives { months: Some(0.0), cost: None, pay: None, risk: None };
    let mut pay_before = found.request.pay;
    for (step, after) in suggestion.path.steps.iter().zip(&legs) {
        let into = found.figures.get(step.to).and_then(StepFigures::entry_middle);
        let months = after.months.zip(before.months).map(|(after, before)| after - before);
        let width = 2.0 + 8.0 * f64::from(step.score);
        let line = format!("<svg class=\"link\" viewBox=\"0 0 48 14\" aria-hidden=\"true\"><path d=\"M0 7H38M32 1L40 7L32 13\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"{width:.1}\"/></svg>");
        let close = if step.score >= found.thresholds.very_close { t.near } else { t.reachable };
        let label = said("span", &months_words(months, lang)) + &said("span", &entry_words(pay_before, into, lang)) + &said("span class=\"closeness\"", close);
        let title = escaped(&t.reached_by(&write(f64::from(step.score), Quantity::Plain { decimals: 2 }, locale(lang))));
        route += &tag(&format!("li class=\"leg\" title=\"{title}\""), &(line + &label));
        route += &tag("li class=\"stop\"", &said("strong", studio.name(step.to, lang)));
        (before, pay_before) = (*after, into);
    }
    let objectives = suggestion.path.objectives;
    // Where none are lost, that fewest are says nothing.
    let told = |reason: &&Reason| **reason != Reason::Safest || objectives.risk.is_none_or(|risk| risk >= NO_RISK);
    let mut reasons: Vec<String> = suggestion.reasons.iter().filter(told).map(|reason| reason_words(reason, dollars(state, "pay").is_some(), lang)).collect();
    if reasons.is_empty() {
        reasons.push(t.balanced.to_owned());
    }
    reasons.truncate(3);
    let openings = suggestion.path.target().and_then(|to| found.figures.get(to)?.openings).map_or(t.openings_unknown.to_owned(), |thousands| t.openings(&write(thousands * 1000.0, Quantity::Count, locale(lang))));
    let outlook = suggestion.path.target().and_then(|to| studio.data.occupations.get(to)?.growth()).map(|change| t.outlook(&write(change, Quantity::Change { decimals: 1 }, locale(lang))));
    let facts = [Some(cost_words(&objectives, lang)), Some(pay_words(&objectives, lang)), Some(openings), outlook, Some(risk_words(&objectives, lang))];
    let mut lines: String = reasons.iter().map(|reason| said("li", reason)).collect();
    lines += robust;
    lines += &facts.iter().flatten().map(|fact| said("li class=\"muted\"", fact)).collect::<String>();
    let target = suggestion.path.target().unwrap_or(0);
    if !studio.needs.borrowed(target).is_empty() {
        lines += &said("li class=\"muted\"", t.borrowed);
    }
    let soc = studio.data.occupations.get(target).map_or("", |of| of.soc.as_str());
    let chosen = state.get("to") == Some(soc);
    let ask = said(&format!("button type=\"button\" data-set=\"to={soc}&amp;my.ad=\" aria-pressed=\"{chosen}\""), t.show_gap);
    let plan = said(&format!("button type=\"button\" class=\"main\" data-set=\"to={soc}&amp;my.ad=\" data-go=\"plan\""), t.make_plan);
    tag("li class=\"way\"", &(tag("ol class=\"route\"", &route) + &tag("ul class=\"reasons\"", &lines) + &tag("p class=\"row\"", &(ask + &plan))))
}

fn months_words(months: Option<f64>, lang: Lang) -> String {
    let t = words(lang);
    months.map_or(t.no_time.to_owned(), |months| t.months(&write(months, Quantity::Plain { decimals: 0 }, locale(lang))))
}

fn entry_words(before: Option<f64>, into: Option<f64>, lang: Lang) -> String {
    let t = words(lang);
    match before.zip(into).filter(|(before, _)| *before > 0.0).map(|(before, into)| into / before - 1.0) {
        None => t.entry_unknown.to_owned(),
        Some(change) if change.abs() < SAME_PAY => t.entry_same.to_owned(),
        Some(change) => {
            let size = write(change, Quantity::Change { decimals: 0 }, locale(lang));
            if change > 0.0 { t.entry_up(&size) } else { t.entry_down(&size) }
        }
    }
}

/// `pay_told`: the person said what they earn; else the usual pay of the occupation stands for it.
fn reason_words(reason: &Reason, pay_told: bool, lang: Lang) -> String {
    let t = words(lang);
    match reason {
        Reason::Fastest => t.fastest.to_owned(),
        Reason::Cheapest => t.cheapest.to_owned(),
        Reason::BestPaid => t.best_paid.to_owned(),
        Reason::Safest => t.safest.to_owned(),
        Reason::VeryClose => t.very_close.to_owned(),
        Reason::NoSchooling => t.no_schooling.to_owned(),
        Reason::EntryPayAbove { share } => {
            let share = write(*share, Quantity::Share { decimals: 0 }, locale(lang));
            if pay_told { t.pay_above(&share) } else { t.pay_above_usual(&share) }
        }
    }
}

fn money(amount: f64, lang: Lang) -> String {
    let quantity = if lang == Lang::Zh { Quantity::Count } else { Quantity::Plain { decimals: 0 } };
    let amount = write((amount / 100.0).round() * 100.0, quantity, locale(lang));
    if lang == Lang::Zh { format!("{amount}美元") } else { format!("{amount} US dollars") }
}

fn cost_words(objectives: &Objectives, lang: Lang) -> String {
    let t = words(lang);
    match objectives.cost {
        None => t.cost_unknown.to_owned(),
        Some(cost) if cost < 50.0 => t.cost_none.to_owned(),
        Some(cost) => t.cost(&money(cost, lang)),
    }
}

fn pay_words(objectives: &Objectives, lang: Lang) -> String {
    let t = words(lang);
    objectives.pay.map_or(t.pay_unknown.to_owned(), |pay| t.five_years(&money(pay, lang)))
}

fn risk_words(objectives: &Objectives, lang: Lang) -> String {
    let t = words(lang);
    match objectives.risk {
        None => t.risk_unknown.to_owned(),
        Some(risk) if risk < NO_RISK => t.risk_none.to_owned(),
        Some(risk) => t.risk(&write(risk, Quantity::Share { decimals: 0 }, locale(lang))),
    }
}

/// The cells of a path in the list: target, steps, months, cost, pay, jobs lost.
fn row(studio: &Studio, path: &CareerPath, lang: Lang) -> [String; 6] {
    let t = words(lang);
    let whole = Quantity::Plain { decimals: 0 };
    let number = |value: Option<f64>, quantity| value.map_or(t.unknown.to_owned(), |value| write(value, quantity, locale(lang)));
    let names: Vec<&str> = path.steps.iter().map(|step| studio.name(step.to, lang)).collect();
    let of = path.objectives;
    [
        names.last().copied().unwrap_or_default().to_owned(),
        names.join(" → "),
        number(of.months, whole),
        number(of.cost, whole),
        number(of.pay, whole),
        number(of.risk, Quantity::Share { decimals: 0 }),
    ]
}

fn list(studio: &Studio, found: &Found, lang: Lang) -> String {
    let t = words(lang);
    let head: String = [t.col_target, t.col_steps, t.col_months, t.col_cost, t.col_pay, t.col_risk].iter().map(|name| said("th scope=\"col\"", name)).collect();
    let order = balanced(&found.front, &found.figures);
    let rows: String = order
        .iter()
        .take(LISTED)
        .filter_map(|(place, _)| found.front.get(*place))
        .map(|path| {
            let [target, rest @ ..] = row(studio, path, lang);
            let soc = path.target().and_then(|to| studio.data.occupations.get(to)).map_or("", |of| of.soc.as_str());
            tag("tr", &(tag("th scope=\"row\"", &setter(&format!("to={soc}&my.ad="), None, &target)) + &rest.iter().map(|cell| said("td", cell)).collect::<String>()))
        })
        .collect();
    let table = tag("div class=\"table\" tabindex=\"0\"", &tag("table", &(tag("thead", &tag("tr", &head)) + &tag("tbody", &rows))));
    let save = tag("p class=\"row\"", &said("button type=\"button\" data-save=\"paths.csv\"", t.save_list));
    tag("details class=\"all-paths\"", &(said("summary", t.list_title) + &note(t.list_note) + &table + &save))
}

/// A file that a button asks for.
pub fn save(studio: &Studio, call: &Draw, what: &str) -> Option<DrawnFile> {
    if what != "paths.csv" {
        return None;
    }
    let t = words(call.lang);
    let found = find(studio, call, &mut call.state.clone());
    let head = [t.col_target, t.col_steps, t.col_months, t.col_cost, t.col_pay, t.col_risk].map(str::to_owned);
    let rows = found.front.iter().map(|path| row(studio, path, call.lang));
    let quoted = |cells: [String; 6]| cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).join(",");
    let text: Vec<String> = std::iter::once(head).chain(rows).map(quoted).collect();
    Some(DrawnFile { name: "waymark-paths.csv".into(), text: format!("\u{feff}{}\r\n", text.join("\r\n")) })
}

/// The hard requirements of an occupation, as questions.
pub fn hard(studio: &Studio, place: usize, attained: Option<Education>, lang: Lang) -> String {
    let t = words(lang);
    let Some(figures) = studio.data.occupations.get(place) else { return String::new() };
    let questions = hard_requirements(figures.education, figures.experience, &licences::of(&figures.soc), attained);
    let line = |question: &waymark_shared::gap::HardQuestion| {
        use waymark_shared::market::data::figures::Experience;
        let asked = match &question.requirement {
            HardRequirement::Education { asked } => t.hard_education(education_name(*asked, t)),
            HardRequirement::Experience { asked: Experience::FiveYears } => t.hard_experience_five.to_owned(),
            HardRequirement::Experience { .. } => t.hard_experience_under.to_owned(),
            HardRequirement::Licence(rule) if lang == Lang::Zh => t.hard_rule(country(&rule.country, t), &rule.name_zh, &rule.source_zh, &rule.date),
            HardRequirement::Licence(rule) => t.hard_rule(country(&rule.country, t), &rule.name, &rule.source, &rule.date),
            HardRequirement::AskLocally => t.hard_licence.to_owned(),
        };
        let met = match question.met {
            Some(true) => t.met,
            Some(false) => t.not_met,
            None => t.unknown_met,
        };
        tag("li", &(said("span", &asked) + " " + &said("span class=\"muted\"", met)))
    };
    said("h3", t.hard_title) + &note(t.hard_note) + &tag("ul class=\"plain\"", &questions.iter().map(line).collect::<String>())
}

/// The name of a country of the table of licences.
fn country<'a>(code: &'a str, t: &'static Texts) -> &'a str {
    match code {
        "CN" => t.china,
        "US" => t.united_states,
        other => other,
    }
}
