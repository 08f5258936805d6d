//! A firm: which groups of at least five people could move to which of its occupations, in what time, with which training. No
//! figure of one worker, and none of exposure.
use waymark_shared::chart::number::{Quantity, range, write};
use waymark_shared::fields::company::{Group, GroupMove, Groups, groups, headcounts, hours, moves};
use waymark_shared::gap::brought::{Brought, Said};
use waymark_shared::gap::{DemandBook, against};
use waymark_shared::market::local::LocalFault;
use waymark_shared::path::Thresholds;
use waymark_shared::path::search::StepFigures;
use waymark_shared::plan::book::PlanBook;
use waymark_shared::plan::units::{Choices, draft};
use waymark_shared::taxonomy::words::key;

use super::words::words;
use super::{closes, consent, csv, files, head, separator, table};
use crate::i18n::Lang;
use crate::state::{DrawnPage, State};
use crate::studio::figure::{locale, note};
use crate::studio::html::{escaped, find, opener, part, said, tag};
use crate::studio::{Studio, market, paths, plan, words as general};
use crate::worker::protocol::{Draw, Drawn, DrawnFile};

/// Moves of a group that are shown; the file holds all.
const SHOWN: usize = 6;
/// Units that a training is told by.
const NAMED: usize = 3;

/// People by the place of their occupation.
pub type Headcounts = Vec<(usize, usize)>;

/// Reads a table of headcounts. An occupation is named by its code, its name in one of the languages, or a title that only one
/// occupation bears.
///
/// # Errors
/// The faults of the table.
pub fn read(studio: &Studio, bytes: &[u8]) -> Result<Headcounts, Vec<LocalFault>> {
    let place = |text: &str| {
        let name = key(text);
        let named = || studio.taxonomy.occupations.iter().position(|of| key(&of.name_en) == name || key(&of.name_zh) == name);
        let titled = || match studio.taxonomy.titles.iter().find(|(title, _)| *title == name).map(|(_, of)| of.as_slice()) {
            Some([one]) => Some(usize::from(*one)),
            _ => None,
        };
        studio.data.place(text).or_else(named).or_else(titled).filter(|_| !name.is_empty())
    };
    headcounts(bytes, &place)
}

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let (t, lang) = (words(call.lang), call.lang);
    let mut state = call.state.clone();
    if closes(&mut state) {
        (studio.staff, studio.headcounts) = Default::default();
    }
    let mut parts = Vec::new();
    if call.whole {
        let (g, m) = (general::words(lang), opener("headcounts", ".csv,text/csv", false, t.headcounts_open));
        let body = [
            head(DrawnPage::Company, t.company_title, t.company_lead, lang),
            tag("p class=\"row\"", &(m + &said("button type=\"button\" data-save=\"headcounts.csv\"", g.own_template))),
            part("headcounts", ""),
            said("h2", t.or_files),
            part("consent", ""),
            part("files", ""),
            find("find-to", "target", t.also, g.find_hint),
            part("found-to", ""),
            part("groups", ""),
        ];
        parts.push(("page".to_owned(), body.concat()));
    }
    let table = match &studio.headcounts {
        None => String::new(),
        Some(Err(faults)) => market::fault_lines(t.headcounts_faults, faults, lang),
        Some(Ok(rows)) => said("p", &t.headcounts_taken(&rows.len().to_string())) + &tag("p class=\"row\"", &said("button type=\"button\" data-set=\"my.files=close\"", t.close_files)),
    };
    parts.push(("headcounts".to_owned(), table));
    parts.push(("consent".to_owned(), consent("staff", &state, lang)));
    parts.push(("files".to_owned(), files(&studio.staff, lang)));
    parts.push(("found-to".to_owned(), market::found_for(studio, call, "target", "to")));
    let groups = if paths::waits(studio, call) { note(paths::words::words(lang).wait) } else { html(studio, &state, lang) };
    parts.push(("groups".to_owned(), groups));
    Drawn { state, parts }
}

/// The groups of what was given.
fn of_firm(studio: &Studio) -> Groups {
    let people: Vec<(usize, Vec<u32>)> = studio.staff.members.iter().filter_map(|member| Some((member.occupation?, if member.brought.own { member.brought.sure() } else { Vec::new() }))).collect();
    let table = studio.headcounts.as_ref().and_then(|table| table.as_ref().ok());
    groups(table.map_or(&[][..], Vec::as_slice), &people)
}

/// What moves are looked for among.
struct Firm<'a> {
    studio: &'a Studio,
    targets: Vec<usize>,
    figures: Vec<StepFigures>,
    thresholds: Thresholds,
    book: DemandBook<'a>,
    plans: PlanBook<'a>,
}

impl<'a> Firm<'a> {
    fn new(studio: &'a Studio, all: &Groups, state: &State) -> Self {
        let wanted = state.get("to").and_then(|soc| studio.data.place(soc));
        let mut targets: Vec<usize> = all.groups.iter().map(|group| group.occupation).chain(all.small.iter().copied()).chain(wanted).collect();
        targets.sort_unstable();
        targets.dedup();
        Self {
            studio,
            targets,
            figures: studio.data.occupations.iter().map(|of| StepFigures::new(of, None)).collect(),
            thresholds: paths::thresholds(studio, state),
            book: DemandBook::new(&studio.taxonomy, &studio.data),
            plans: PlanBook::new(&studio.taxonomy, &studio.data),
        }
    }

    fn moves(&self, group: &Group) -> Vec<GroupMove> {
        moves(group, &self.targets, &self.studio.needs, &self.studio.weights, &self.figures, &self.thresholds)
    }

    /// The cells of a move: occupation, closeness, months, training hours, what training begins with.
    fn row(&self, group: &Group, to: &GroupMove, lang: Lang) -> Vec<String> {
        let (t, p, studio) = (words(lang), paths::words::words(lang), self.studio);
        let more: Vec<(u32, Said)> = group.brought.iter().map(|competence| (*competence, Said::Have)).collect();
        let held = Brought::of_occupation(&studio.taxonomy, &self.book, group.occupation).with(&self.book, &more).held;
        let demands = self.book.occupation(to.to);
        let wants = self.plans.wants(&against(&demands, &held), &demands, &held, Some(group.occupation));
        let units = draft(&wants, &Choices::default(), &|_, _| 0.0).units;
        let sum = hours(&units);
        let mut heavy: Vec<_> = units.iter().filter(|unit| !unit.competences.is_empty()).collect();
        heavy.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let names: Vec<String> = heavy.iter().take(NAMED).map(|unit| plan::unit_name(studio, unit, lang)).collect();
        let whole = Quantity::Plain { decimals: 0 };
        vec![
            studio.name(to.to, lang).to_owned(),
            if to.score >= self.thresholds.very_close { p.near } else { p.reachable }.to_owned(),
            to.months.map_or(p.unknown.to_owned(), |months| write(months, whole, locale(lang))),
            t.hours(&write(sum.middle, whole, locale(lang)), &range(sum.low, sum.high, whole, locale(lang))),
            names.join(separator(lang)),
        ]
    }
}

fn columns(lang: Lang) -> [&'static str; 5] {
    let t = words(lang);
    [t.col_to, t.col_close, paths::words::words(lang).col_months, t.col_hours, t.col_with]
}

fn html(studio: &Studio, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let all = of_firm(studio);
    let small = if all.small.is_empty() { String::new() } else { note(&t.small(&all.small.len().to_string())) };
    if all.groups.is_empty() {
        return small + &note(t.firm_none);
    }
    let firm = Firm::new(studio, &all, state);
    let group = |group: &Group| {
        let found = firm.moves(group);
        let rows: Vec<Vec<String>> = found.iter().take(SHOWN).map(|to| firm.row(group, to, lang).iter().map(|cell| escaped(cell)).collect()).collect();
        let brought = if group.brought.is_empty() { String::new() } else { note(&t.half(&group.brought.len().to_string())) };
        let body = if rows.is_empty() { note(t.none_close) } else { table(&columns(lang), &rows) };
        let count = write(group.people as f64, Quantity::Plain { decimals: 0 }, locale(lang));
        tag("section", &(said("h2", &t.group(studio.name(group.occupation, lang), &count)) + &brought + &body))
    };
    let sections: String = all.groups.iter().map(group).collect();
    let save = tag("p class=\"row\"", &said("button type=\"button\" data-save=\"moves.csv\"", general::words(lang).save_csv));
    let source = studio.data.sources.main("occupations.tsv", "education").ok().map_or(String::new(), |of| said("p class=\"source\"", &general::words(lang).source_line(&of.name, &of.date)));
    sections + &small + &note(t.firm_note) + &note(paths::words::words(lang).hard_licence) + &source + &save
}

/// A file that a button asks for.
pub fn save(studio: &Studio, call: &Draw, what: &str) -> Option<DrawnFile> {
    let (t, lang) = (words(call.lang), call.lang);
    match what {
        "headcounts.csv" => Some(DrawnFile { name: "waymark-headcounts.csv".into(), text: format!("\u{feff}{}\r\n", if lang == Lang::Zh { "职业,人数" } else { "occupation,headcount" }) }),
        "moves.csv" => {
            let all = of_firm(studio);
            let firm = Firm::new(studio, &all, &call.state);
            let line = |group: &Group, to: &GroupMove| [vec![studio.name(group.occupation, lang).to_owned(), group.people.to_string()], firm.row(group, to, lang)].concat();
            let rows: Vec<Vec<String>> = all.groups.iter().flat_map(|group| firm.moves(group).iter().map(|to| line(group, to)).collect::<Vec<_>>()).collect();
            let [to, close, months, hours, with] = columns(lang);
            Some(DrawnFile { name: "waymark-moves.csv".into(), text: csv(&[t.col_from, t.col_people, to, close, months, hours, with], &rows) })
        }
        _ => None,
    }
}
