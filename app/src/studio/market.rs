//! The Market page: who, three numbers, what may become of the jobs with its levers, and the rest under "More". Not the
//! numbers themselves: `market` of the core computes them.
mod concept;
mod fit;
mod future;
mod gains;
mod more;
mod present;
mod system;

pub use fit::{Fitted, fitted};
pub use future::{BASE_YEAR, Future, RUNS, Runs, SEED, condition, controls, levers_of, preset_name, scenario_file, understood as put_right, values};
pub use more::fault_lines;

use std::collections::BTreeMap;

use waymark_shared::market::data::lists::NearestChina;
use waymark_shared::taxonomy::words::key;

use super::{Studio, person};
use super::html::{escaped, find, opener, option, part, said, select, setter, tag};
use super::words::words;
use crate::i18n::Lang;
use crate::state::State;
use crate::worker::protocol::{Draw, Drawn, DrawnFile};

/// At most so many occupations answer a search.
const FOUND: usize = 8;

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let lang = call.lang;
    let (state, place) = understood(studio, call);
    let mut parts = Vec::new();
    if call.whole {
        parts.push(("page".to_owned(), page(studio, call, &state, place)));
    }
    parts.push(("found".to_owned(), found_for(studio, call, "title", "soc")));
    parts.push(("numbers".to_owned(), present::numbers(studio, place, area(studio, &state), lang)));
    parts.extend(future::parts(studio, &state, place, call));
    let system = more::chosen(&state) == "system";
    if system {
        parts.extend(system::parts(studio, &state, call));
    }
    // While a lever moves, the list of all occupations and the view under "More" wait.
    if call.settled {
        parts.push(("who".to_owned(), who(studio, call, &state, place)));
        // The system's own levers stand within and are not replaced under the hand that moves them.
        if !system {
            parts.push(("more".to_owned(), more::html(studio, &state, place, call)));
        }
        parts.push(("own".to_owned(), own(studio, lang)));
    }
    Drawn { state, parts }
}

/// The runs that a settled drawing will show, if they are not there yet.
pub fn ahead(studio: &mut Studio, call: &Draw) -> Option<Runs> {
    let (state, place) = understood(studio, call);
    if call.settled { studio.future.ahead(&studio.data, &levers_of(&state), place) } else { None }
}

/// A file that a button asks for.
pub fn save(studio: &mut Studio, call: &Draw, what: &str) -> Option<DrawnFile> {
    let (state, place) = understood(studio, call);
    if what == "own-template" {
        use waymark_shared::market::local::{TemplateLanguage, template};
        let language = if call.lang == Lang::Zh { TemplateLanguage::Chinese } else { TemplateLanguage::English };
        return Some(DrawnFile { name: "waymark-own-figures.csv".into(), text: template(language) });
    }
    if what == "series-template" {
        return Some(DrawnFile { name: "waymark-series.csv".into(), text: fit::TEMPLATE.into() });
    }
    if what == "scenario.json" {
        return future::scenario_file(studio, &state);
    }
    let (name, kind) = what.rsplit_once('.')?;
    let chart = if name == "future" { future::chart(studio, &state, place, call) } else { more::chart(studio, &state, place, call, name) };
    super::figure::file(&chart?, name, kind)
}

/// The state with what is missing or unknown put right, and the occupation's place.
fn understood(studio: &Studio, call: &Draw) -> (State, usize) {
    let mut state = call.state.clone();
    let place = person::occupation(studio, call, &mut state);
    if area(studio, &state).is_none() {
        state.set("area", "");
    }
    future::understood(&mut state);
    (state, place)
}

/// The place of the chosen state among the areas; none for the whole country.
fn area(studio: &Studio, state: &State) -> Option<usize> {
    let code = state.get("area")?;
    studio.states()?.areas.iter().position(|area| area.code == code)
}

/// The name of an area.
fn area_name(studio: &Studio, area: usize, lang: Lang) -> &str {
    studio.states().and_then(|states| states.areas.get(area)).map_or("", |area| if lang == Lang::Zh { &area.name_zh } else { &area.name_en })
}

fn page(studio: &Studio, call: &Draw, state: &State, place: usize) -> String {
    let t = words(call.lang);
    let body = [
        said("h1 tabindex=\"-1\"", t.title),
        said("p class=\"lead\"", t.lead),
        part("who", &who(studio, call, state, place)),
        find("find", "title", t.find_title, t.find_hint),
        part("found", ""),
        tag("div data-part=\"numbers\" id=\"numbers\" tabindex=\"-1\"", ""),
        future::page(state, call.lang),
        // What needs no runs is there at once.
        part("more", &if ["concept", "system"].contains(&more::chosen(state)) { more::html(studio, state, place, call) } else { more::tabs(state, call.lang) }),
        tag("section class=\"own\"", &(said("h2", t.own_title) + &said("p", t.own_lead) + &own_controls(call.lang) + &part("own", ""))),
    ];
    tag("div class=\"market\"", &body.concat())
}

/// The sentence with the occupation and the state, and those of the CV beside it.
pub fn who(studio: &Studio, call: &Draw, state: &State, place: usize) -> String {
    let t = words(call.lang);
    let mut options = String::new();
    let mut by_group: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, figures) in studio.data.occupations.iter().enumerate() {
        by_group.entry(figures.group()).or_default().push(at);
    }
    for group in &studio.data.groups {
        let Some(places) = by_group.get(&group.soc) else { continue };
        let name = if call.lang == Lang::Zh { &group.name_zh } else { &group.name_en };
        let mut within = String::new();
        for &at in places {
            option(&mut within, &studio.data.occupations[at].soc, studio.name(at, call.lang), at == place);
        }
        options += &tag(&format!("optgroup label=\"{}\"", escaped(name)), &within);
    }
    let chooser = super::html::labelled_select("soc", "soc", t.i_work_as, &options);
    let areas = studio.states().map_or(&[][..], |states| &states.areas);
    let areas = areas.iter().enumerate().map(|(at, area)| (area.code.as_str(), area_name(studio, at, call.lang)));
    let area = select("area", "area", t.in_area, state.get("area").unwrap_or_default(), std::iter::once(("", t.all_areas)).chain(areas));
    // In Chinese the name is ours: the official English one stands beside it.
    let reference = if call.lang == Lang::Zh { said("p class=\"note\"", &reference(studio, place)) } else { String::new() };
    let code = |at: usize| studio.data.occupations.get(at).map_or("", |of| of.soc.as_str());
    let of_cv: Vec<String> =
        person::suggestions(studio, call).into_iter().map(|at| setter(&format!("soc={}", code(at)), Some(at == place), studio.name(at, call.lang))).collect();
    let of_cv = if of_cv.is_empty() { String::new() } else { tag("p class=\"row\"", &(said("span", t.from_cv) + &of_cv.concat())) };
    tag("p class=\"sentence\"", &format!("{chooser} {area}")) + &reference + &of_cv
}

/// Where a Chinese name is from, and the nearest one of China's own classification.
fn reference(studio: &Studio, place: usize) -> String {
    let near = |of: &NearestChina| format!("。相近职业（大典）：{}（{}）{}", of.name, of.code, if of.close { "" } else { "，范围不完全相同" });
    let nearest = studio.nearest.get(place).and_then(Option::as_ref).map_or_else(String::new, near);
    format!("参考译名；原名{}{nearest}", studio.name(place, Lang::En))
}

/// Occupations whose titles hold the words that were typed: those that begin with them first; each sets a key of the state.
pub fn found_for(studio: &Studio, call: &Draw, field: &str, sets: &str) -> String {
    let lang = call.lang;
    let Some(asked) = call.asked.iter().find(|(name, _)| name == field).map(|(_, words)| key(words)).filter(|words| words.chars().count() > 1) else {
        return String::new();
    };
    let mut ranked: Vec<(bool, usize, u16)> = Vec::new();
    for (title, of) in &studio.taxonomy.titles {
        if title.contains(&asked) {
            ranked.extend(of.iter().map(|occupation| (!title.starts_with(&asked), title.len(), *occupation)));
        }
    }
    ranked.sort_unstable();
    let mut places: Vec<u16> = Vec::new();
    for (.., occupation) in ranked {
        if !places.contains(&occupation) {
            places.push(occupation);
        }
    }
    places.truncate(FOUND);
    if places.is_empty() {
        return said("p class=\"note\"", words(lang).find_none);
    }
    let buttons: String = (places.iter().map(|place| usize::from(*place)))
        .filter_map(|place| Some(setter(&format!("{sets}={}", studio.data.occupations.get(place)?.soc), None, studio.name(place, lang))))
        .collect();
    tag("p class=\"row\"", &buttons)
}

fn own_controls(lang: Lang) -> String {
    let t = words(lang);
    tag("p class=\"row\"", &(opener("own", ".csv,text/csv", false, t.own_choose) + &said("button type=\"button\" data-save=\"own-template\"", t.own_template)))
}

/// What became of the tables that were given.
fn own(studio: &Studio, lang: Lang) -> String {
    let t = words(lang);
    let own = &studio.own;
    let taken = own.table.as_ref().map(|table| table.rows.len().to_string()).map(|rows| if own.of_host { t.host_taken(&rows) } else { t.own_taken(&rows) });
    let faults = own.faults.as_ref().map(|(faults, of_host)| {
        fault_lines(if *of_host { t.host_faults } else { t.own_faults }, faults, lang)
    });
    taken.map_or(String::new(), |taken| said("p", &taken)) + &faults.unwrap_or_default()
}

/// A control of choices of the state, whose first is the default.
fn choice(state: &State, key: &str, label: &str, choices: &[(&str, &str)]) -> String {
    let chosen = state.get(key).or_else(|| choices.first().map(|(value, _)| *value)).unwrap_or_default();
    select(key, key, label, chosen, choices.iter().copied())
}

/// The state that a preset sets.
#[cfg(test)]
pub fn preset_state(name: &str) -> State {
    let mut state = State::default();
    state.set_all(&waymark_shared::market::levers::Levers::preset(name).map_or(String::new(), |levers| future::setting(&levers)));
    state
}
