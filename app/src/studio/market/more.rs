//! What stands under "More": one view at a time, computed when it is chosen. Not the fan: that is `future`.
use std::collections::BTreeMap;

use waymark_shared::chart::{Axis, Bar, BarRow, Bars, Chart, Flow, Flows, Frame, Heat, HeatRow, Plot, Quantity, Trail, TrailPoint, Trails};
use waymark_shared::chart::number::write;
use waymark_shared::market::backtest::{Backtest, Caveat, Guess};
use waymark_shared::market::data::lists::technologies;
use waymark_shared::market::levers::step_of;
use waymark_shared::market::local::{LocalFault, LocalFaultKind};

use super::future::{BASE_YEAR, ends, lever_names, levers_of};
use super::{area_name, concept, gains, system};
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::Studio;
use crate::studio::figure::{figure, locale, note};
use crate::studio::html::{said, tag};
use crate::studio::words::{Texts, words};
use crate::worker::protocol::Draw;

/// The views, the first open at the start.
const TABS: [&str; 10] = ["concept", "states", "heat", "beveridge", "flows", "tornado", "system", "created", "backtest", "sources"];
/// Rows of a list of the most.
const MOST: usize = 10;
/// Years between the columns of the heat map.
const HEAT_YEARS: usize = 3;
/// The year of the run whose moves are shown.
const FLOW_YEAR: usize = 5;

fn tab_name(tab: &str, t: &'static Texts) -> &'static str {
    match tab {
        "concept" => t.tab_concept,
        "states" => t.tab_states,
        "heat" => t.tab_heat,
        "beveridge" => t.tab_beveridge,
        "flows" => t.tab_flows,
        "tornado" => t.tab_tornado,
        "system" => t.tab_system,
        "created" => t.tab_created,
        "backtest" => t.tab_backtest,
        _ => t.tab_sources,
    }
}

/// The view that is open.
pub fn chosen(state: &State) -> &'static str {
    TABS.into_iter().find(|tab| state.get("more") == Some(tab)).unwrap_or(TABS[0])
}

/// The row of views.
pub fn tabs(state: &State, lang: Lang) -> String {
    let t = words(lang);
    let chosen = chosen(state);
    let tab = |tab: &&str| {
        let pressed = chosen == *tab;
        // A view that is open closes on the map.
        let set = if pressed || *tab == TABS[0] { "" } else { tab };
        said(&format!("button type=\"button\" id=\"view-{tab}\" data-set=\"more={set}\" aria-pressed=\"{pressed}\""), tab_name(tab, t))
    };
    said("h2", t.more) + &tag("p class=\"row tabs\"", &TABS.iter().map(tab).collect::<String>())
}

/// The section: the row of views, and the one that is chosen.
pub fn html(studio: &Studio, state: &State, place: usize, call: &Draw) -> String {
    let t = words(call.lang);
    let view = match chosen(state) {
        "created" => created(studio, place, call.lang),
        "backtest" => backtest(studio, call.lang),
        "sources" => sources(studio, call.lang),
        "system" => system::page(state, call),
        tab => {
            let text = match tab {
                "concept" => t.concept_note,
                "states" => t.states_note,
                "heat" => t.heat_note,
                "beveridge" => t.beveridge_note,
                "flows" => t.flows_note,
                _ => t.tornado_note,
            };
            match chart(studio, state, place, call, tab) {
                Some(chart) => figure(tab, &chart, f64::from(call.width), call.lang) + &note(text),
                None => note(if tab == "states" { t.not_published } else { t.no_node }),
            }
        }
    };
    tabs(state, call.lang) + &view
}

/// The chart of a view.
pub fn chart(studio: &Studio, state: &State, place: usize, call: &Draw, name: &str) -> Option<Chart> {
    let t = words(call.lang);
    let lang = call.lang;
    let occupation = studio.name(place, lang);
    let frame = |title: String, file: &str, column: &str, ours: bool| {
        let source = studio.data.sources.main(file, column).ok()?;
        let vintage = studio.data.sources.of(file, column).ok().map_or("", |column| &column.vintage);
        let name = if ours { format!("{}; Waymark", source.name) } else { source.name.clone() };
        Some(Frame { locale: locale(lang), summary: title.clone(), title, source: t.source_line(&name, vintage), missing: t.not_published.into() })
    };
    let axis = |title: &str, quantity| Axis { title: title.into(), unit: String::new(), quantity };
    match name {
        "states" => {
            let own = super::area(studio, state);
            let mut rows: Vec<(Option<f64>, usize)> = (studio.states()?.figures.get(place)?.iter().enumerate())
                .filter_map(|(area, figures)| Some((figures.as_ref()?.annual_median, area)))
                .collect();
            rows.sort_by(|a, b| b.0.unwrap_or(-1.0).total_cmp(&a.0.unwrap_or(-1.0)));
            let rows = rows.into_iter().map(|(value, area)| BarRow { name: area_name(studio, area, lang).into(), own: own == Some(area), bars: vec![Bar { word: String::new(), value }] }).collect();
            let value = Axis { title: t.pay.into(), unit: if lang == Lang::Zh { "美元/年".into() } else { "dollars a year".into() }, quantity: Quantity::Count };
            Chart::new(frame(t.states_title(occupation), "states.tsv", "01", false)?, Plot::Bars(Bars { value, rows_title: t.in_area.into(), rows })).ok()
        }
        "tornado" => {
            let found = ends(studio, state, place)?;
            let names = lever_names(lang);
            let mut rows: Vec<(f64, BarRow)> = (found.iter().zip(names))
                .map(|([low, high], (name, words))| {
                    let bar = |word: &str, value: f64| Bar { word: word.into(), value: Some(value) };
                    ((high - low).abs(), BarRow { name: name.into(), own: false, bars: vec![bar(words[0], *low), bar(words[1], *high)] })
                })
                .collect();
            rows.sort_by(|a, b| b.0.total_cmp(&a.0));
            let rows = rows.into_iter().map(|(_, row)| row).collect();
            let value = axis(t.employment, Quantity::Change { decimals: 0 });
            Chart::new(frame(t.tornado_title(occupation), "occupations.tsv", "employment_2024", true)?, Plot::Bars(Bars { value, rows_title: t.levers_more.into(), rows })).ok()
        }
        "beveridge" => {
            let run = studio.future.central(&studio.data, &levers_of(state), &[place])?;
            let points: Vec<TrailPoint> = (run.totals.iter().enumerate().step_by(4))
                .map(|(step, counts)| {
                    let year = year_of(step);
                    let name = write(year, Quantity::Year, locale(lang));
                    TrailPoint { x: counts.unemployment(), y: counts.vacancy_rate(), name, named: step % 40 == 0 }
                })
                .collect();
            let plot = Trails {
                x: axis(t.beveridge_u, Quantity::Share { decimals: 1 }),
                y: axis(t.beveridge_v, Quantity::Share { decimals: 1 }),
                names: [t.run_scenario.into(), t.future_axis_years.into()],
                trails: vec![Trail { name: t.run_scenario.into(), points }],
                shown: None,
            };
            Chart::new(frame(t.beveridge_title.into(), "occupations.tsv", "employment_2024", true)?, Plot::Trails(plot)).ok()
        }
        "heat" => {
            let (levers, places) = (levers_of(state), studio.future.places());
            let run = studio.future.central(&studio.data, &levers, places)?;
            let years: Vec<usize> = (0..=30).step_by(HEAT_YEARS).collect();
            let mut groups: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
            for (node, place) in places.iter().enumerate() {
                let sums = groups.entry(studio.data.occupations.get(*place)?.group()).or_insert_with(|| vec![(0.0, 0.0); years.len()]);
                for (sum, year) in sums.iter_mut().zip(&years) {
                    let counts = run.recorded.get(step_of(*year)).and_then(|nodes| nodes.get(node))?;
                    *sum = (sum.0 + counts.vacancies, sum.1 + counts.unemployed);
                }
            }
            let rows = studio.data.groups.iter().filter_map(|group| {
                let sums = groups.get(&group.soc)?;
                let name = if lang == Lang::Zh { group.name_zh.clone() } else { group.name_en.clone() };
                Some(HeatRow { name, values: sums.iter().map(|(v, u)| (*u > 0.0).then(|| v / u)).collect() })
            });
            let plot = Heat {
                value: axis(t.tab_heat, Quantity::Plain { decimals: 2 }),
                rows_title: t.group_of("").trim_end_matches(['：', ':', ' ']).into(),
                columns_title: t.future_axis_years.into(),
                columns: years.iter().map(|year| year_name(*year)).collect(),
                rows: rows.collect(),
                middle: Some(1.0),
            };
            Chart::new(frame(t.heat_title.into(), "occupations.tsv", "employment_2024", true)?, Plot::Heat(plot)).ok()
        }
        "flows" => {
            let (levers, places) = (levers_of(state), studio.future.places());
            let run = studio.future.central(&studio.data, &levers, places)?;
            let counts = run.recorded.get(step_of(FLOW_YEAR))?;
            let (into, out) = studio.future.moves(&levers, counts, place)?;
            let listed = |mut flows: Vec<(usize, f64)>| -> Vec<Flow> {
                flows.sort_by(|a, b| b.1.total_cmp(&a.1));
                flows.truncate(MOST - 2);
                flows.into_iter().filter(|(_, count)| *count >= 1.0).map(|(place, count)| Flow { name: studio.name(place, lang).into(), count }).collect()
            };
            let plot = Flows {
                centre: occupation.into(),
                value: Axis { title: t.tab_flows.into(), unit: if lang == Lang::Zh { "人/年".into() } else { "people a year".into() }, quantity: Quantity::Count },
                into_title: t.flows_in.into(),
                out_title: t.flows_out.into(),
                names_title: t.i_work_as.into(),
                into: listed(into),
                out: listed(out),
            };
            Chart::new(frame(t.flows_title(occupation), "occupations.tsv", "employment_2024", true)?, Plot::Flows(plot)).ok()
        }
        "concept" => concept::chart(studio, place, lang),
        "system" => system::chart(state, lang),
        "gains" => gains::chart(state, lang),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a small number")]
fn year_of(step: usize) -> f64 {
    BASE_YEAR + (step as f64 / waymark_shared::market::labour_flow::STEPS_PER_YEAR).round()
}

fn year_name(year: usize) -> String {
    format!("{}", 2024 + year)
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    tag("ol", &items.into_iter().map(|item| said("li", &item)).collect::<String>())
}

/// Growth, technologies asked for, digital occupations of China.
fn created(studio: &Studio, _place: usize, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let mut growth: Vec<(f64, usize)> = (studio.data.occupations.iter().enumerate()).filter_map(|(place, figures)| Some((figures.growth()?, place))).collect();
    growth.sort_by(|a, b| b.0.total_cmp(&a.0));
    let line = |(change, place): &(f64, usize)| format!("{} {}", studio.name(*place, lang), write(*change, Quantity::Change { decimals: 1 }, locale));
    let fast = list(growth.iter().take(MOST).map(line));
    let slow = list(growth.iter().rev().take(MOST).map(line));
    let mut asked = technologies(&studio.files, &studio.data).unwrap_or_default();
    asked.sort_by(|a, b| b.demanded_by.cmp(&a.demanded_by).then(a.id.cmp(&b.id)));
    let named = |id: &str| studio.taxonomy.place(id).and_then(|place| studio.taxonomy.competences.get(place as usize)).map(|c| c.name_en.clone());
    let asked = list(asked.iter().take(MOST).filter_map(|technology| named(&technology.id)));
    let digital: String = studio.china.iter().filter(|o| o.digital && o.level == 4).map(|o| said("li", &format!("{} {}", o.code, o.name))).collect();
    let digital = tag("details", &(said("summary", t.digital_title) + &tag("ul class=\"columns-list\"", &digital)));
    let source = |file: &str, column: &str| studio.data.sources.main(file, column).ok().map_or(String::new(), |s| said("p class=\"source\"", &t.source_line(&s.name, &s.date)));
    let growth = said("h4", t.growth_title) + &tag("div class=\"cards\"", &(tag("div class=\"card\"", &fast) + &tag("div class=\"card\"", &slow))) + &source("occupations.tsv", "employment_2034");
    let technologies = said("h4", t.technologies_title) + &asked + &source("technologies.tsv", "demanded_by");
    said("h3", t.created_title) + &note(t.created_note) + &growth + &technologies + &digital + &source("china.tsv", "digital")
}

/// How past projections did, employment and pay.
fn backtest(studio: &Studio, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let Ok(backtest) = Backtest::run(&studio.files, &studio.data) else { return note(t.not_published) };
    let head: String = [t.backtest_guess, t.backtest_error, t.backtest_rank, t.backtest_direction].iter().map(|cell| said("th scope=\"col\"", cell)).collect();
    let mut out = said("h3", t.backtest_title) + &note(t.backtest_note);
    for (title, comparison) in [(t.employment, &backtest.employment), (t.pay, &backtest.pay)] {
        let rows: String = (comparison.trials.iter())
            .map(|trial| {
                let name = match trial.guess {
                    Guess::Official => t.guess_official,
                    Guess::CommonGrowth => t.guess_common,
                    Guess::NoChange => t.guess_same,
                };
                let maybe = |value: Option<f64>, quantity| value.map_or("–".to_owned(), |value| write(value, quantity, locale));
                let cells = [
                    said("th scope=\"row\"", name),
                    said("td", &write(trial.score.median_error / 100.0, Quantity::Share { decimals: 1 }, locale)),
                    said("td", &maybe(trial.score.rank_correlation, Quantity::Plain { decimals: 2 })),
                    said("td", &maybe(trial.score.right_direction, Quantity::Share { decimals: 0 })),
                ];
                tag("tr", &cells.concat())
            })
            .collect();
        out += &said("h4", title);
        out += &tag("div class=\"table\" tabindex=\"0\"", &tag("table", &(tag("thead", &tag("tr", &head)) + &tag("tbody", &rows))));
        if comparison.caveats.contains(&Caveat::BaseRevision) {
            out += &note(t.caveat_base);
        }
        if comparison.caveats.contains(&Caveat::PandemicRebound) {
            out += &note(t.caveat_rebound);
        }
    }
    out + &studio.data.sources.main("backtest.tsv", "employment_2032").ok().map_or(String::new(), |s| said("p class=\"source\"", &t.source_line(&s.name, &s.date)))
}

/// Every source with its licence and the line that must be shown.
fn sources(studio: &Studio, lang: Lang) -> String {
    let t = words(lang);
    let one = |source: &waymark_shared::market::data::Source| {
        tag("li", &(said("p class=\"value-small\"", &format!("{} ({})", source.name, source.version)) + &said("p", &source.attribution) + &said("p class=\"note\"", &format!("{} · {}", t.licence(&source.licence), source.url))))
    };
    said("h3", t.sources_title) + &tag("ul class=\"sources\"", &studio.data.sources.sources.iter().map(one).collect::<String>())
}

/// A message with what is wrong with each line of a table.
pub fn fault_lines(head: &str, faults: &[LocalFault], lang: Lang) -> String {
    let line = |fault: &LocalFault| said("li", &words(lang).own_fault(&fault.line.to_string(), &fault_words(fault, lang)));
    tag("div class=\"message\" role=\"alert\"", &(said("p", head) + &tag("ul", &faults.iter().map(line).collect::<String>())))
}

/// What is wrong with a line of a person's own table.
fn fault_words(fault: &LocalFault, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let column = fault.column.map(|column| column.names()[usize::from(zh)]).unwrap_or_default();
    let (en, cn) = match fault.kind {
        LocalFaultKind::TooLarge => ("the file is larger than 4 MB", "文件超过4 MB"),
        LocalFaultKind::Empty => ("there is no line under the names of the columns", "列名下面没有数据"),
        LocalFaultKind::Malformed => ("the line has another number of cells than the first, or a quote is not closed", "单元格数与首行不同，或引号没有配对"),
        LocalFaultKind::UnknownColumn => ("no column has this name", "没有这个列名"),
        LocalFaultKind::ColumnTwice => ("the column stands there twice", "这一列重复了"),
        LocalFaultKind::ColumnMissing => ("a column that is needed is not there", "少了必需的列"),
        LocalFaultKind::CellMissing => ("a cell that is needed is empty", "必填的单元格是空的"),
        LocalFaultKind::NotANumber => ("expected a number of 0 or more", "应为不小于0的数"),
        LocalFaultKind::NotAPercentage => ("expected a number from 0 to 100", "应为0到100的数"),
        LocalFaultKind::NotAPayUnit => ("expected a unit such as CNY/month", "应为单位，如元/月"),
        LocalFaultKind::PayWithoutUnit => ("pay needs its unit", "工资要写明单位"),
        LocalFaultKind::PercentilesFall => ("a higher percentile is below a lower one", "高分位低于低分位"),
        LocalFaultKind::NotADate => ("expected a date such as 2025-06", "应为日期，如2025-06"),
        LocalFaultKind::UnknownOccupation => ("no occupation has this code or name", "没有这个编码或名称的职业"),
        LocalFaultKind::UnknownChinaCode => ("the Chinese classification has no such code", "职业分类大典没有这个编码"),
        LocalFaultKind::OccupationTwice => ("an earlier line has this occupation", "前面已有这个职业"),
    };
    let mut parts = vec![if zh { cn.to_owned() } else { en.to_owned() }];
    parts.extend((!column.is_empty()).then(|| column.to_owned()));
    parts.extend((!fault.found.is_empty()).then(|| fault.found.clone()));
    parts.join(if zh { "，" } else { ", " })
}
