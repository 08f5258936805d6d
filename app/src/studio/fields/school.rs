//! A class by the files of its people: what most have still to show for a target, progress, and what a syllabus covers. No
//! names: the files hold none.
use waymark_shared::chart::number::{Quantity, range, write};
use waymark_shared::fields::school::{CommonGap, common, progress, spread};
use waymark_shared::gap::{Demand, DemandBook, Gap, against};
use waymark_shared::plan::book::PlanBook;
use waymark_shared::plan::units::{draft, is_example};

use super::words::words;
use super::{Member, closes, consent, csv, files, head, table};
use crate::i18n::Lang;
use crate::state::{DrawnPage, State};
use crate::studio::figure::{locale, note};
use crate::studio::html::{escaped, find, part, said, setter, tag};
use crate::studio::{Studio, market, paths, plan, words as general};
use crate::worker::protocol::{Draw, Drawn, DrawnFile};

/// Rows of common gaps before "more"; the file holds all.
const SHOWN: usize = 15;
/// Targets of the people's own plans that are offered.
const OFFERED: usize = 5;

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let (t, lang) = (words(call.lang), call.lang);
    let mut state = call.state.clone();
    if closes(&mut state) {
        studio.class = super::Group::default();
    }
    let mut parts = Vec::new();
    if call.whole {
        let (g, p) = (general::words(lang), paths::words::words(lang));
        let body = [
            head(DrawnPage::School, t.school_title, t.school_lead, lang),
            part("consent", ""),
            part("files", ""),
            find("find-to", "target", p.find_target, g.find_hint),
            part("found-to", ""),
            part("class", ""),
            tag("section", &(said("h2", plan::words::words(lang).courses_title) + &plan::courses_controls(lang) + &part("courses", ""))),
        ];
        parts.push(("page".to_owned(), body.concat()));
    }
    parts.push(("consent".to_owned(), consent("class", &state, lang)));
    parts.push(("files".to_owned(), files(&studio.class, lang)));
    parts.push(("found-to".to_owned(), market::found_for(studio, call, "target", "to")));
    parts.push(("class".to_owned(), class(studio, &state, lang)));
    let target: Vec<usize> = target(studio, &state).into_iter().collect();
    parts.push(("courses".to_owned(), plan::syllabus(studio, &target, lang)));
    Drawn { state, parts }
}

/// The occupation that the class is held against.
fn target(studio: &Studio, state: &State) -> Option<usize> {
    state.get("to").and_then(|soc| studio.data.place(soc))
}

/// What an occupation asks, without tools that it only names as examples.
fn demands(studio: &Studio, place: usize) -> Vec<Demand> {
    let all = DemandBook::new(&studio.taxonomy, &studio.data).occupation(place).into_iter();
    all.filter(|demand| !is_example(demand.kind, demand.share, demand.must)).collect()
}

/// The gap of everyone to a target, in the order of the files.
fn gaps(studio: &Studio, place: usize) -> Vec<Gap> {
    let demands = demands(studio, place);
    studio.class.members.iter().map(|member| against(&demands, &member.brought.held)).collect()
}

/// The share of the hours of a person's own plan that is done; `None` where the file holds no plan.
fn done(book: &DemandBook<'_>, plans: &PlanBook<'_>, member: &Member) -> Option<f64> {
    let demands = book.occupation(member.target?);
    let wants = plans.wants(&against(&demands, &member.brought.held), &demands, &member.brought.held, member.brought.occupation);
    // In which order they are learnt does not matter here.
    progress(&draft(&wants, &member.choices, &|_, _| 0.0).units, |unit| member.done.contains(&plan::unit_key(unit)))
}

fn class(studio: &Studio, state: &State, lang: Lang) -> String {
    let t = words(lang);
    if studio.class.members.is_empty() {
        return note(t.class_none);
    }
    let mut offered: Vec<usize> = Vec::new();
    for place in studio.class.members.iter().filter_map(|member| member.target) {
        if !offered.contains(&place) {
            offered.push(place);
        }
    }
    let of = target(studio, state);
    let choice = |place: &usize| Some(setter(&format!("to={}", studio.data.occupations.get(*place)?.soc), Some(of == Some(*place)), studio.name(*place, lang)));
    let offered: String = offered.iter().take(OFFERED).filter_map(choice).collect();
    let offered = if offered.is_empty() { String::new() } else { tag("p class=\"row\"", &(said("span", t.own_targets) + &offered)) };
    let Some(place) = of else { return offered + &note(t.class_pick) + &people(studio, &[], lang) };
    let gaps = gaps(studio, place);
    let share = Quantity::Share { decimals: 0 };
    let shown = spread(gaps.iter().filter_map(|gap| gap.shown.map(f64::from)).collect());
    let shown = shown.map_or(String::new(), |of| said("p class=\"sentence\"", &t.class_shown(&range(of.low, of.high, share, locale(lang)), &write(of.middle, share, locale(lang)))));
    let all: Vec<Vec<String>> = rows(studio, &common(&gaps), lang).into_iter().map(|cells| cells.iter().map(|cell| escaped(cell)).collect()).collect();
    let columns = columns(studio, lang);
    let (first, rest) = all.split_at(all.len().min(SHOWN));
    let rest = if rest.is_empty() { String::new() } else { tag("details", &(said("summary", &paths::words::words(lang).more_items(&rest.len().to_string())) + &table(&columns, rest))) };
    let save = tag("p class=\"row\"", &said("button type=\"button\" data-save=\"class.csv\"", general::words(lang).save_csv));
    let common = said("h2", t.common_title) + &note(t.common_note) + &table(&columns, first) + &rest + &save;
    offered + &said("h2", &t.class_target(studio.name(place, lang))) + &shown + &people(studio, &gaps, lang) + &tag("section", &common)
}

/// The columns of common gaps; the last only beside a syllabus.
fn columns(studio: &Studio, lang: Lang) -> Vec<&'static str> {
    let (t, p) = (words(lang), paths::words::words(lang));
    let mut all = vec![p.check_pick, p.have, p.partly, p.not_in_cv, p.to_learn];
    all.extend(studio.courses().map(|_| t.taught));
    all
}

fn rows(studio: &Studio, gaps: &[CommonGap], lang: Lang) -> Vec<Vec<String>> {
    let t = words(lang);
    let row = |of: &CommonGap| {
        let mut cells = vec![studio.competence(of.competence, lang).to_owned()];
        cells.extend([of.have, of.partly, of.not_in_cv, of.to_learn].map(|count| count.to_string()));
        cells.extend(studio.courses().map(|courses| if courses.teaches(of.competence) { t.yes } else { t.no }.to_owned()));
        cells
    };
    gaps.iter().map(row).collect()
}

/// Everyone by their number, folded: what is shown of the target, and how far their own plan is.
fn people(studio: &Studio, gaps: &[Gap], lang: Lang) -> String {
    let t = words(lang);
    let (book, plans) = (DemandBook::new(&studio.taxonomy, &studio.data), PlanBook::new(&studio.taxonomy, &studio.data));
    let share = |value: f64| write(value, Quantity::Share { decimals: 0 }, locale(lang));
    let done: Vec<Option<f64>> = studio.class.members.iter().map(|member| done(&book, &plans, member)).collect();
    let all = spread(done.iter().flatten().copied().collect());
    let all = all.map_or(note(t.no_plans), |of| said("p", &t.class_done(&range(of.low, of.high, Quantity::Share { decimals: 0 }, locale(lang)), &share(of.middle))));
    let row = |(at, done): (usize, &Option<f64>)| {
        let shown = gaps.get(at).and_then(|gap| gap.shown).map_or("–".to_owned(), |shown| share(f64::from(shown)));
        vec![escaped(&t.person(&(at + 1).to_string())), shown, done.map_or(escaped(t.no_plan), share)]
    };
    let rows: Vec<Vec<String>> = done.iter().enumerate().map(row).collect();
    let list = tag("details", &(said("summary", t.people_title) + &table(&[t.person_head, t.shown_head, t.done_head], &rows)));
    said("h3", t.progress_title) + &all + &note(t.progress_note) + &list
}

/// A file that a button asks for.
pub fn save(studio: &mut Studio, call: &Draw, what: &str) -> Option<DrawnFile> {
    if what != "class.csv" {
        return plan::save(studio, call, what, None);
    }
    let all = common(&gaps(studio, target(studio, &call.state)?));
    Some(DrawnFile { name: "waymark-class.csv".into(), text: csv(&columns(studio, call.lang), &rows(studio, &all, call.lang)) })
}
