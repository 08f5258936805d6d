//! A scenario against the one in which nothing changes: jobs and unemployment by group of occupations with the range of the
//! runs, what help would cost at a price that the reader gives, and the equations. Not the runs: those are the market's.
use serde_json::json;
use waymark_shared::chart::number::{Quantity, range, write};
use waymark_shared::chart::{Axis, Chart, Frame, Plot, Range, RangeRow, RangeWords, Ranges};
use waymark_shared::fields::Span;
use waymark_shared::fields::policy::{Difference, EQUATIONS, differences, lost};
use waymark_shared::market::levers::{BASELINE, Levers, PROJECTED_YEARS};

use super::words::words;
use super::{csv, head, table};
use crate::i18n::Lang;
use crate::state::{DrawnPage, State};
use crate::studio::figure::{figure, file, locale, note};
use crate::studio::html::{escaped, part, said, setter, tag};
use crate::studio::market::{BASE_YEAR, RUNS, SEED, condition, controls, levers_of, put_right, scenario_file, values};
use crate::studio::{Studio, paths, words as general};
use crate::worker::protocol::{Draw, Drawn, DrawnFile};

/// The greatest cost of a person.
const COST_MAX: f64 = 1e9;

/// A scenario against the baseline, by the pack's groups of occupations, all occupations first.
pub struct Compared {
    levers: Levers,
    groups: Vec<Difference>,
    lost: Span,
    runs: usize,
}

/// Compares a scenario with the baseline, where that is not known yet: over all runs, or over the central one.
fn compare(studio: &mut Studio, levers: &Levers, all: bool) {
    let known = |of: &Compared| of.levers == *levers && (of.runs == RUNS || !all);
    if !studio.compared.as_ref().is_some_and(known) {
        studio.compared = compared(studio, levers, all);
    }
}

fn compared(studio: &Studio, levers: &Levers, all: bool) -> Option<Compared> {
    let baseline = studio.future.ends(&studio.data, &Levers::preset(BASELINE)?.within(levers.network), all)?;
    let scenario = studio.future.ends(&studio.data, levers, all)?;
    let group = |place: &usize| {
        let own = studio.data.occupations.get(*place).map(|of| of.group());
        studio.data.groups.iter().position(|group| own.as_ref() == Some(&group.soc)).unwrap_or_default()
    };
    let of: Vec<usize> = studio.future.places().iter().map(group).collect();
    let mut groups = differences(&vec![0; of.len()], 1, &baseline, &scenario);
    groups.extend(differences(&of, studio.data.groups.len(), &baseline, &scenario).into_iter().skip(1));
    Some(Compared { levers: levers.clone(), groups, lost: lost(&baseline, &scenario), runs: scenario.len() })
}

/// The cost of a person, in whatever currency.
fn each(state: &State) -> Option<f64> {
    state.get("each").and_then(|value| value.parse().ok()).filter(|value: &f64| (0.0..=COST_MAX).contains(value))
}

/// The year that is spoken of.
fn year() -> String {
    format!("{:.0}", BASE_YEAR + PROJECTED_YEARS as f64)
}

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let lang = call.lang;
    let mut state = call.state.clone();
    put_right(&mut state);
    if each(&state).is_none() {
        state.set("each", "");
    }
    let mut parts = Vec::new();
    if call.whole {
        parts.push(("page".to_owned(), page(&state, lang)));
    }
    parts.extend(values(&state, lang));
    let name = paths::scenario_name(&state, lang).unwrap_or(words(lang).own_levers);
    parts.push(("sentence".to_owned(), escaped(&words(lang).scenario(name, &condition(&state, lang)))));
    compare(studio, &levers_of(&state), call.settled);
    parts.push(("groups".to_owned(), groups(studio, call)));
    parts.push(("cost".to_owned(), cost(studio, &state, lang)));
    Drawn { state, parts }
}

fn page(state: &State, lang: Lang) -> String {
    let (t, g) = (words(lang), general::words(lang));
    let each = format!(
        "<p class=\"field\"><label for=\"each\">{}</label> <input id=\"each\" type=\"number\" inputmode=\"decimal\" min=\"0\" data-key=\"each\" value=\"{}\"> <span class=\"muted\">{}</span></p>",
        escaped(t.each),
        escaped(state.get("each").unwrap_or_default()),
        escaped(t.each_hint)
    );
    let equation = |(name, formula): &(&str, &str)| vec![escaped(equation_name(name, lang)), said("code", formula)];
    let equations = table(&[t.equation_head, t.formula_head], &EQUATIONS.iter().map(equation).collect::<Vec<_>>());
    let save = |what: &str, words: &str| said(&format!("button type=\"button\" data-save=\"{what}\""), words);
    let files = save("policy.json", t.save_all) + &save("policy.csv", t.save_results) + &save("equations.csv", t.save_equations) + &save("scenario.json", g.save_scenario);
    let print = said("button type=\"button\" class=\"main\" data-print=\"1\"", crate::studio::plan::words::words(lang).print);
    let body = [
        head(DrawnPage::Policy, t.policy_title, t.policy_lead, lang),
        controls(state, lang),
        tag("p class=\"row\"", &(setter("undo", None, g.undo) + &setter("reset", None, g.reset))),
        part("groups", ""),
        note(g.ours_note),
        note(g.model_note),
        tag("section", &(said("h2", t.cost_title) + &each + &part("cost", ""))),
        tag("section", &(said("h2", t.equations_title) + &note(t.equations_note) + &equations)),
        tag("section class=\"files\"", &(said("h2", crate::studio::plan::words::words(lang).files_title) + &tag("p class=\"row\"", &(print + &files)))),
    ];
    body.concat()
}

fn equation_name(name: &str, lang: Lang) -> &'static str {
    let t = words(lang);
    match name {
        "adoption" => t.eq_adoption,
        "demand" => t.eq_demand,
        "gap" => t.eq_gap,
        "separations" => t.eq_separations,
        "openings" => t.eq_openings,
        "applications" => t.eq_applications,
        "hires" => t.eq_hires,
        _ => t.eq_stocks,
    }
}

/// The name of a group of the pack.
fn group_name(studio: &Studio, at: usize, lang: Lang) -> &str {
    studio.data.groups.get(at).map_or("", |group| if lang == Lang::Zh { &group.name_zh } else { &group.name_en })
}

/// A middle with its range; before there is one, the middle alone.
fn spanned(span: Span, quantity: Quantity, ranged: bool, lang: Lang) -> String {
    let middle = write(span.middle, quantity, locale(lang));
    if ranged { words(lang).span(&middle, &range(span.low, span.high, quantity, locale(lang))) } else { middle }
}

/// The cells of a group: name, jobs in the baseline, difference of jobs in persons and as a share, difference of unemployment.
fn cells(studio: &Studio, of: &Compared, at: usize, lang: Lang) -> Option<Vec<String>> {
    let (difference, ranged) = (of.groups.get(at)?, of.runs > 1);
    Some(vec![
        group_name(studio, at, lang).to_owned(),
        write(difference.baseline, Quantity::Count, locale(lang)),
        spanned(difference.employed, Quantity::Count, ranged, lang),
        spanned(difference.share, Quantity::Change { decimals: 1 }, ranged, lang),
        spanned(difference.unemployment, Quantity::Points { decimals: 2 }, ranged, lang),
    ])
}

fn columns(lang: Lang) -> [&'static str; 5] {
    let t = words(lang);
    [t.group_head, t.baseline_head, t.jobs_head, t.share_head, t.unemployment_head]
}

/// The picture and the table of the groups.
fn groups(studio: &Studio, call: &Draw) -> String {
    let (t, lang) = (words(call.lang), call.lang);
    let Some(of) = &studio.compared else { return note(general::words(lang).not_published) };
    let rows: Vec<Vec<String>> = (0..of.groups.len()).filter_map(|at| cells(studio, of, at, lang)).map(|cells| cells.iter().map(|cell| escaped(cell)).collect()).collect();
    let said_of = if of.runs > 1 { t.runs(&of.runs.to_string(), &year()) } else { t.runs_wait.to_owned() };
    let picture = chart(studio, of, lang).map_or(String::new(), |chart| figure("groups", &chart, f64::from(call.width), lang));
    picture + &table(&columns(lang), &rows) + &note(&said_of)
}

/// The change of jobs of every group.
fn chart(studio: &Studio, of: &Compared, lang: Lang) -> Option<Chart> {
    let (t, g) = (words(lang), general::words(lang));
    let source = studio.data.sources.main("occupations.tsv", "employment_2024").ok()?;
    let row = |(at, difference): (usize, &Difference)| {
        let Span { low, middle, high } = difference.share;
        RangeRow { name: group_name(studio, at, lang).to_owned(), own: at == 0, range: Range { low: Some(low), middle: Some(middle), high: Some(high) } }
    };
    let ranges = Ranges {
        value: Axis { title: t.share_head.into(), unit: String::new(), quantity: Quantity::Change { decimals: 0 } },
        rows_title: t.group_head.into(),
        words: RangeWords { low: t.range_low.into(), middle: t.range_middle.into(), high: t.range_high.into() },
        rows: of.groups.iter().enumerate().map(row).collect(),
    };
    let all = of.groups.first()?;
    let frame = Frame {
        locale: locale(lang),
        title: t.chart_title(&year()),
        summary: spanned(all.share, Quantity::Change { decimals: 1 }, of.runs > 1, lang),
        source: g.source_line(&format!("{}; Waymark", source.name), &source.date),
        missing: g.not_published.into(),
    };
    Chart::new(frame, Plot::Ranges(ranges)).ok()
}

/// Posts that go, and what help for as many people would cost.
fn cost(studio: &Studio, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let Some(of) = &studio.compared else { return String::new() };
    let told = |span: Span| spanned(span, Quantity::Count, of.runs > 1, lang);
    let gone = said("p", &t.gone(&told(of.lost), &year()));
    let total = each(state).map_or(note(t.cost_ask), |each| said("p class=\"value-small\"", &t.total(&told(of.lost.times(each)))));
    gone + &total + &note(t.cost_note)
}

/// A file that a button asks for.
pub fn save(studio: &mut Studio, call: &Draw, what: &str) -> Option<DrawnFile> {
    let lang = call.lang;
    let text = |name: &str, text: String| Some(DrawnFile { name: format!("waymark-{name}"), text });
    match what {
        "scenario.json" => return scenario_file(studio, &call.state),
        "equations.csv" => {
            let t = words(lang);
            let rows: Vec<Vec<String>> = EQUATIONS.iter().map(|(name, formula)| vec![equation_name(name, lang).to_owned(), (*formula).to_owned()]).collect();
            return text(what, csv(&[t.equation_head, t.formula_head], &rows));
        }
        _ => compare(studio, &levers_of(&call.state), true),
    }
    let of = studio.compared.as_ref()?;
    match what {
        "policy.json" => text(what, format!("{:#}\n", whole(studio, of, &call.state)?)),
        "policy.csv" => text(what, csv(&NUMBERS, &numbers(studio, of))),
        _ => {
            let (name, kind) = what.rsplit_once('.').filter(|(name, _)| *name == "groups")?;
            file(&chart(studio, of, lang)?, name, kind)
        }
    }
}

/// Columns of the results as numbers: persons, shares and differences of rates of 0..1.
const NUMBERS: [&str; 12] = [
    "group", "name", "baseline_jobs", "jobs_low", "jobs", "jobs_high", "share_low", "share", "share_high", "unemployment_low", "unemployment", "unemployment_high",
];

fn numbers(studio: &Studio, of: &Compared) -> Vec<Vec<String>> {
    let row = |(group, difference): (&waymark_shared::market::data::GroupFigures, &Difference)| {
        let span = |span: Span, decimals: usize| [span.low, span.middle, span.high].map(|value| format!("{value:.decimals$}"));
        let mut cells = vec![group.soc.clone(), group.name_en.clone(), format!("{:.0}", difference.baseline)];
        cells.extend([span(difference.employed, 0), span(difference.share, 5), span(difference.unemployment, 6)].concat());
        cells
    };
    studio.data.groups.iter().zip(&of.groups).map(row).collect()
}

/// Scenario, baseline, equations and results in one.
fn whole(studio: &Studio, of: &Compared, state: &State) -> Option<serde_json::Value> {
    let baseline = Levers::preset(BASELINE)?.within(of.levers.network);
    let group = |(group, of): (&waymark_shared::market::data::GroupFigures, &Difference)| json!({"soc": group.soc, "name_en": group.name_en, "name_zh": group.name_zh, "baseline_jobs": of.baseline, "jobs": of.employed, "share": of.share, "unemployment": of.unemployment});
    let sources: Vec<&str> = studio.data.sources.main("occupations.tsv", "employment_2024").into_iter().map(|source| source.attribution.as_str()).collect();
    Some(json!({
        "waymark_policy": 1,
        "year": BASE_YEAR + PROJECTED_YEARS as f64,
        "runs": of.runs,
        "seed": SEED,
        "range": "low and high: 5 and 95 % of the runs; middle: the run with the coefficients as they are",
        "scenario": studio.future.scenario(&studio.data, &of.levers),
        "baseline": studio.future.scenario(&studio.data, &baseline),
        "equations": EQUATIONS.iter().map(|(name, formula)| json!({"name": name, "formula": formula})).collect::<Vec<_>>(),
        "groups": studio.data.groups.iter().zip(&of.groups).map(group).collect::<Vec<_>>(),
        "jobs_gone": of.lost,
        "cost_per_person": each(state),
        "cost": each(state).map(|each| of.lost.times(each)),
        "sources": sources,
    }))
}
