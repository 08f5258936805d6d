//! What may become of an occupation's jobs: the page's levers as a scenario of the core, its runs, and their picture. Not the
//! model: that is `market` of the core. Levers and shocks are ours and not measured; the page says so.
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use waymark_shared::chart::number::{range, write};
use waymark_shared::chart::{Axis, Band, Chart, Fan, FanPanel, FanWords, Frame, Plot, Quantity, Role, Series};
use waymark_shared::market::bands::quantiles;
use waymark_shared::market::data::MarketData;
use waymark_shared::market::ensemble::{Ensemble, Plan, Progress, Spread};
use waymark_shared::market::labour_flow::lanes::Lanes;
use waymark_shared::market::labour_flow::scalar::hires;
use waymark_shared::market::labour_flow::{Counts, Engine, Record, STEPS_PER_YEAR, Trajectory};
use waymark_shared::market::levers::{self, Levers, PRESETS, PROJECTED_YEARS, step_of};
use waymark_shared::market::scenario::{Kind, NetworkKind, Scenario};
use waymark_shared::market::snapshot::Market;

use super::choice;
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::Studio;
use crate::studio::figure::{figure, locale, note};
use crate::studio::html::{Lever, part, said, select, setter, tag};
use crate::studio::words::{Texts, words};
use crate::worker::protocol::{Draw, DrawnFile};

/// The year of the data that runs begin with.
pub const BASE_YEAR: f64 = 2024.0;
/// Years of a run.
const YEARS: usize = 30;
/// Runs of a settled picture: the central one, and others over coefficients, levers and the three networks.
pub const RUNS: usize = 25;
/// Draws the coefficients of the others.
pub const SEED: u64 = 20_261_124;
/// The scenarios whose losses are kept: the person's own and the ready-made ones.
const LOSSES_KEPT: usize = 12;
/// A change smaller than this is "about as many".
const FLAT: f64 = 0.01;

/// The networks people may move in, by their names in the state.
const NETWORKS: [(&str, NetworkKind); 3] = [("blend", NetworkKind::Blend), ("related", NetworkKind::Related), ("similar", NetworkKind::Similarity)];

/// A lever: key, least, greatest, step, default.
struct Range {
    key: &'static str,
    least: f64,
    most: f64,
    step: f64,
    default: f64,
}

const fn lever(key: &'static str, least: f64, most: f64, step: f64, default: f64) -> Range {
    Range { key, least, most, step, default }
}

/// In the order of [`Levers::values`].
const LEVERS: [Range; 5] = [
    lever("speed", 3.0, 25.0, 1.0, 10.0),
    lever("reach", 0.0, 0.9, 0.05, 0.5),
    lever("demand", -0.5, 1.5, 0.1, 0.0),
    lever("widen", 0.0, 0.6, 0.05, 0.0),
    lever("cycle", 0.0, 0.065, 0.005, 0.0),
];

/// A preset's name for people.
pub fn preset_name(name: &str, t: &'static Texts) -> &'static str {
    match name {
        "base" => t.preset_base,
        "software" => t.preset_software,
        "fast" => t.preset_fast,
        "line" => t.preset_line,
        "growth" => t.preset_growth,
        "slump" => t.preset_slump,
        _ => t.preset_training,
    }
}

/// Where the levers of a state stand; what is missing or no number of the range is the default.
pub fn levers_of(state: &State) -> Levers {
    let network = state.get("net").and_then(|name| NETWORKS.iter().find(|(known, _)| *known == name)).map_or(NetworkKind::Blend, |(_, kind)| *kind);
    Levers { network, line: state.get("kind") == Some("line"), values: LEVERS.each_ref().map(|range| value(state, range)) }
}

/// What sets a state to levers, all but the network.
pub fn setting(levers: &Levers) -> String {
    let values: String = LEVERS.iter().zip(levers.values).map(|(range, value)| format!("&{}={value}", range.key)).collect();
    format!("kind={}{values}", if levers.line { "line" } else { "software" })
}

fn value(state: &State, range: &Range) -> f64 {
    let given = state.get(range.key).and_then(|text| text.parse::<f64>().ok()).filter(|v| v.is_finite());
    given.map_or(range.default, |v| v.clamp(range.least, range.most))
}

/// Puts the state right: every lever in its range, known choices only.
pub fn understood(state: &mut State) {
    for range in &LEVERS {
        if state.get(range.key).is_some() {
            let value = value(state, range);
            state.set(range.key, &format!("{}", (value * 1000.0).round() / 1000.0));
        }
    }
    for (key, known) in [("net", &NETWORKS.map(|(name, _)| name)[..]), ("kind", &["software", "line"][..]), ("with", &PRESETS.map(|(name, _)| name)[..])] {
        if state.get(key).is_some_and(|value| !known.contains(&value)) {
            state.set(key, "");
        }
    }
}

/// The market with its runs: each network's are brought to rest, fitted to every group's unemployment, when first asked for.
pub struct Future {
    market: Rc<Market>,
    /// Node → place of the occupation.
    places: Vec<usize>,
    /// Network → the central run alone, and with those around it.
    ensembles: BTreeMap<NetworkKind, [OnceCell<Rc<Ensemble>>; 2]>,
    kept: Option<(Key, Outcome)>,
    /// Jobs lost by occupation under levers, the latest first.
    lost: RefCell<Vec<(Levers, Vec<Option<f64>>)>>,
}

/// Runs to be made by an engine that answers later: all that they need, so that nothing is borrowed meanwhile.
pub struct Runs {
    key: Key,
    market: Rc<Market>,
    ensemble: Rc<Ensemble>,
    scenario: Scenario,
    record: Record,
}

impl Runs {
    /// Runs them; `None` where the engine gave up.
    pub async fn on(&self, engine: &impl Engine) -> Option<Vec<Trajectory>> {
        self.ensemble.run(&self.market, &self.scenario, step_of(YEARS), &self.record, engine, on).await.ok()
    }
}

#[derive(Clone, PartialEq)]
struct Key {
    levers: Levers,
    place: usize,
    settled: bool,
}

/// What the runs gave for an occupation; values are jobs by year, 100 in the first.
#[derive(Clone)]
pub struct Outcome {
    /// Of the run with the coefficients as they are.
    pub central: Vec<f64>,
    /// Low and high ends of 30, 60 and 90 % of the runs; none before they are run.
    pub bands: Option<[Band; 3]>,
    /// Runs.
    pub runs: usize,
    /// The engine that ran them.
    pub by: &'static str,
}

/// The result of a future that does not wait: the engine of the CPU is done when it is asked.
fn now<T>(future: impl Future_<Output = T>) -> Option<T> {
    let mut pinned = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match pinned.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}
use std::future::Future as Future_;

/// Nobody stops a drawing: a later one replaces it.
async fn on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn yearly(trajectory: &Trajectory) -> Vec<f64> {
    let at = |year: usize| trajectory.recorded.get(step_of(year)).and_then(|nodes| nodes.first()).map_or(0.0, |counts| counts.employed);
    let first = at(0);
    (0..=YEARS).map(|year| if first > 0.0 { 100.0 * at(year) / first } else { 0.0 }).collect()
}

impl Future {
    /// Takes occupations and networks of the pack.
    ///
    /// # Errors
    /// What is wrong with the network of the pack.
    pub fn new(data: &MarketData) -> Result<Self, String> {
        let market = Market::of(data).map_err(|error| error.to_string())?;
        let places = market.occupations.soc.iter().filter_map(|soc| data.place(soc)).collect();
        Ok(Self { market: Rc::new(market), places, ensembles: NETWORKS.map(|(_, kind)| (kind, Default::default())).into(), kept: None, lost: RefCell::default() })
    }

    /// True for an occupation of the network.
    pub fn knows(&self, place: usize) -> bool {
        self.places.contains(&place)
    }

    /// The scenario of the core that levers stand for.
    pub fn scenario(&self, data: &MarketData, levers: &Levers) -> Scenario {
        levers.scenario(data, &self.market)
    }

    /// Runs at rest: the central one, or with those around it.
    fn ensemble(&self, network: NetworkKind, spread: bool) -> Option<&Rc<Ensemble>> {
        let cell = &self.ensembles.get(&network)?[usize::from(spread)];
        if cell.get().is_none() {
            let plan = if spread { Plan { runs: RUNS, seed: SEED, spread: Spread::default() } } else { Plan { runs: 1, seed: SEED, spread: Spread::none() } };
            let of = Scenario { network, ..Scenario::of(Kind::Software { built: 0.5 }) };
            let mut ensemble = Ensemble::new(&self.market, &of, &plan).ok()?;
            now(ensemble.settle(&self.market, &Lanes, on))?.ok()?;
            return Some(cell.get_or_init(|| Rc::new(ensemble)));
        }
        cell.get()
    }

    /// Runs of a scenario, the central one first, with these occupations recorded at every step; `None` where one of them is
    /// not in the network.
    fn runs(&self, data: &MarketData, levers: &Levers, places: &[usize], spread: bool) -> Option<Vec<Trajectory>> {
        let record = self.record(places)?;
        let ensemble = self.ensemble(levers.network, spread)?;
        now(ensemble.run(&self.market, &self.scenario(data, levers), step_of(YEARS), &record, &Lanes, on))?.ok()
    }

    fn record(&self, places: &[usize]) -> Option<Record> {
        let node = |place: &usize| u32::try_from(self.places.iter().position(|p| p == place)?).ok();
        Some(Record { nodes: places.iter().map(node).collect::<Option<_>>()?, every: 1 })
    }

    /// The settled runs of a scenario for an occupation, to be run elsewhere; none where they are there, or it is in no network.
    pub fn ahead(&self, data: &MarketData, levers: &Levers, place: usize) -> Option<Runs> {
        let key = Key { levers: levers.clone(), place, settled: true };
        if self.kept.as_ref().is_some_and(|(kept, _)| *kept == key) {
            return None;
        }
        let record = self.record(&[place])?;
        Some(Runs { key, market: self.market.clone(), ensemble: self.ensemble(levers.network, true)?.clone(), scenario: self.scenario(data, levers), record })
    }

    /// Keeps what they gave.
    pub fn keep(&mut self, runs: &Runs, found: &[Trajectory], by: &'static str) {
        self.kept = outcome_of(found, true, by).map(|outcome| (runs.key.clone(), outcome));
    }

    /// Runs a scenario for an occupation; `None` where it is in no network.
    pub fn outcome(&mut self, data: &MarketData, levers: &Levers, place: usize, settled: bool) -> Option<Outcome> {
        let key = Key { levers: levers.clone(), place, settled };
        if let Some((kept, outcome)) = &self.kept
            && (*kept == key || Key { settled: true, ..key.clone() } == *kept)
        {
            return Some(outcome.clone());
        }
        let outcome = outcome_of(&self.runs(data, levers, &[place], settled)?, settled, Lanes.name())?;
        self.kept = Some((key, outcome.clone()));
        Some(outcome)
    }

    /// The run with the coefficients as they are, with these occupations recorded at every step.
    pub fn central(&self, data: &MarketData, levers: &Levers, places: &[usize]) -> Option<Trajectory> {
        self.runs(data, levers, places, false)?.into_iter().next()
    }

    /// The share of its jobs that each occupation, by place, loses until the year of the official projection in the run with
    /// the coefficients as they are; 0 where it gains, `None` where it is in no network.
    pub fn losses(&self, data: &MarketData, levers: &Levers) -> Vec<Option<f64>> {
        if let Some((_, known)) = self.lost.borrow().iter().find(|(of, _)| of == levers) {
            return known.clone();
        }
        let run = self.ends(data, levers, false).and_then(|runs| runs.into_iter().next());
        let lost = run.map_or_else(|| vec![None; data.occupations.len()], |run| levers::losses(data, &self.market, &run));
        let mut known = self.lost.borrow_mut();
        known.truncate(LOSSES_KEPT - 1);
        known.insert(0, (levers.clone(), lost.clone()));
        lost
    }

    /// Runs of a scenario until the year of the official projection, the central one first, with all occupations at their start
    /// and end.
    pub fn ends(&self, data: &MarketData, levers: &Levers, spread: bool) -> Option<Vec<Trajectory>> {
        now(levers.ends(data, &self.market, self.ensemble(levers.network, spread)?, &Lanes, on))?.ok()
    }

    /// The places of all occupations of the networks.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// Moves into and out of an occupation in a year, by place, counted by the model from a state of all occupations; those
    /// who stay are no moves.
    pub fn moves(&self, levers: &Levers, counts: &[Counts], place: usize) -> Option<(Vec<(usize, f64)>, Vec<(usize, f64)>)> {
        let own = self.places.iter().position(|p| *p == place)?;
        let rates = self.ensemble(levers.network, false)?.central_rates()?;
        let of = |figure: fn(&Counts) -> f64| counts.iter().map(figure).collect::<Vec<_>>();
        let widening = levers.values[3];
        let (mut into, mut out): (Vec<(usize, f64)>, Vec<(usize, f64)>) = (Vec::new(), Vec::new());
        hires(self.market.networks.get(&levers.network)?, rates, widening, &of(|c| c.unemployed), &of(|c| c.vacancies), |from, to, hired| {
            let (side, other) = match (from == own, to == own) {
                (false, true) => (&mut into, from),
                (true, false) => (&mut out, to),
                _ => return,
            };
            side.extend(self.places.get(other).map(|other| (*other, hired * STEPS_PER_YEAR)));
        });
        Some((into, out))
    }
}

/// What runs gave for the one occupation they recorded.
fn outcome_of(found: &[Trajectory], settled: bool, by: &'static str) -> Option<Outcome> {
    let runs: Vec<Vec<f64>> = found.iter().map(yearly).collect();
    let central = runs.first()?.clone();
    let bands = settled.then(|| bands(&runs, &central));
    Some(Outcome { central, bands, runs: runs.len(), by })
}

/// The ranges of runs, widened where they must be to hold the central one.
fn bands(runs: &[Vec<f64>], central: &[f64]) -> [Band; 3] {
    let empty = || Band { low: Vec::new(), high: Vec::new() };
    let mut bands = [empty(), empty(), empty()];
    for (year, middle) in central.iter().enumerate() {
        let [low90, low60, low30, _, high30, high60, high90] = quantiles(runs.iter().filter_map(|run| run.get(year).copied()).collect());
        for (band, (low, high)) in bands.iter_mut().zip([(low30, high30), (low60, high60), (low90, high90)]) {
            band.low.push(low.min(*middle));
            band.high.push(high.max(*middle));
        }
    }
    bands
}

/// The levers' names and ends.
fn lever_words(t: &'static Texts) -> [(&'static str, [&'static str; 2]); 5] {
    [
        (t.speed, [t.speed_fast, t.speed_slow]),
        (t.reach, [t.reach_little, t.reach_much]),
        (t.demand, [t.demand_less, t.demand_more]),
        (t.widen, [t.widen_none, t.widen_much]),
        (t.cycle, [t.cycle_none, t.cycle_strong]),
    ]
}

/// Where a lever stands, in words.
fn lever_value(which: usize, value: f64, lang: Lang) -> String {
    let t = words(lang);
    match which {
        0 => format!("{} {}", write(value, Quantity::Plain { decimals: 0 }, locale(lang)), t.years).replace(" 年", "年"),
        1 | 3 => write(value, Quantity::Share { decimals: 0 }, locale(lang)),
        2 => write(value, Quantity::Change { decimals: 0 }, locale(lang)),
        _ => write(value, Quantity::Share { decimals: 1 }, locale(lang)),
    }
}

/// The levers, a part for a sentence on what they say, and the ready-made scenarios; where levers stand is in [`values`].
pub fn controls(state: &State, lang: Lang) -> String {
    let t = words(lang);
    let levers = levers_of(state);
    let names = lever_words(t);
    let lever = |which: usize| {
        let (range, (name, ends)) = (&LEVERS[which], names[which]);
        Lever { key: range.key, name, ends, range: [range.least, range.most, range.step], value: value(state, range) }.html()
    };
    let kind = choice(state, "kind", t.kind, &[("software", t.kind_software), ("line", t.kind_line)]);
    let net = choice(state, "net", t.network, &[("blend", t.network_blend), ("related", t.network_related), ("similar", t.network_similar)]);
    let more: String = (2..LEVERS.len()).map(lever).collect();
    let more = tag("details class=\"levers-more\"", &(said("summary", t.levers_more) + &more + &tag("p class=\"field\"", &kind) + &tag("p class=\"field\"", &net) + &note(t.network_note)));
    let presets: String = PRESETS.into_iter().map(|(name, preset)| setter(&setting(&preset), Some(preset.within(levers.network) == levers), preset_name(name, t))).collect();
    let body = [
        tag("div class=\"levers\"", &(lever(0) + &lever(1))),
        tag("p class=\"sentence\" data-part=\"sentence\" aria-live=\"polite\"", ""),
        more,
        said("h3", t.presets),
        tag("p class=\"row presets\"", &presets),
    ];
    body.concat()
}

/// Where the levers stand, in words, as parts.
pub fn values(state: &State, lang: Lang) -> Vec<(String, String)> {
    LEVERS.iter().enumerate().map(|(which, range)| (format!("value-{}", range.key), super::escaped(&lever_value(which, value(state, range), lang)))).collect()
}

/// The fixed part of the section: levers, presets, comparison; the rest are parts.
pub fn page(state: &State, lang: Lang) -> String {
    let t = words(lang);
    let with = PRESETS.iter().map(|(name, _)| (*name, preset_name(name, t)));
    let with = select("with", "with", t.compare, state.get("with").unwrap_or_default(), std::iter::once(("", t.compare_none)).chain(with));
    let file = said("button type=\"button\" data-save=\"scenario.json\"", t.save_scenario);
    let tools = tag("p class=\"row\"", &(with + &setter("undo", None, t.undo) + &setter("reset", None, t.reset) + &file));
    let body = [
        said("h2", t.future_title),
        part("future", ""),
        controls(state, lang),
        tools,
        note(t.ours_note),
        note(t.model_note),
        part("engine", ""),
    ];
    tag("section class=\"future\" id=\"future\" tabindex=\"-1\"", &body.concat())
}

/// The parts that follow the state.
pub fn parts(studio: &mut Studio, state: &State, place: usize, call: &Draw) -> Vec<(String, String)> {
    let t = words(call.lang);
    let mut parts = values(state, call.lang);
    let Some(chart) = chart(studio, state, place, call) else {
        parts.push(("future".into(), note(t.no_node)));
        parts.push(("sentence".into(), String::new()));
        return parts;
    };
    let outcome = studio.future.outcome(&studio.data, &levers_of(state), place, call.settled);
    let words_of = outcome.as_ref().map_or(String::new(), |outcome| sentence(studio, state, place, outcome, call.lang));
    // What is moved is always drawn by the lanes; only of the settled picture is it a choice.
    if let Some(outcome) = outcome.filter(|_| call.settled) {
        let by = if outcome.by == "gpu" { t.by_gpu } else { t.by_simd };
        parts.push(("engine".into(), said(&format!("p class=\"note\" data-engine=\"{}\"", outcome.by), by)));
    }
    parts.push(("future".into(), figure("future", &chart, f64::from(call.width), call.lang)));
    parts.push(("sentence".into(), super::escaped(&words_of)));
    parts
}

/// What two levers say of a scenario: how fast, how far.
pub fn condition(state: &State, lang: Lang) -> String {
    let [speed, reach, ..] = levers_of(state).values;
    words(lang).if_speed(&write(speed, Quantity::Plain { decimals: 0 }, locale(lang)), &write(reach, Quantity::Share { decimals: 0 }, locale(lang)))
}

/// What the runs say, with its condition.
fn sentence(studio: &Studio, state: &State, place: usize, outcome: &Outcome, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let condition = condition(state, lang);
    let at = outcome.central.get(PROJECTED_YEARS).copied().unwrap_or(100.0) / 100.0 - 1.0;
    let (size, name) = (write(at.abs(), Quantity::Share { decimals: 0 }, locale), studio.name(place, lang));
    let said = if at.abs() < FLAT {
        t.sentence_flat(&condition, name, "2034")
    } else if at < 0.0 {
        t.sentence_down(&condition, name, &size, "2034")
    } else {
        t.sentence_up(&condition, name, &size, "2034")
    };
    let whole = Quantity::Plain { decimals: 0 };
    let within = outcome.bands.as_ref().and_then(|bands| Some((*bands[2].low.get(PROJECTED_YEARS)?, *bands[2].high.get(PROJECTED_YEARS)?)));
    let gap = if lang == Lang::Zh { "" } else { " " };
    let ranged = within.map_or(String::new(), |(low, high)| {
        let ends = (write(low, whole, locale), write(high, whole, locale));
        format!("{gap}{}{gap}{}", t.sentence_range("90", &ends.0, &ends.1), t.runs_note(&outcome.runs.to_string()))
    });
    said + &ranged
}

/// The fan of the occupation.
pub fn chart(studio: &mut Studio, state: &State, place: usize, call: &Draw) -> Option<Chart> {
    let (t, lang) = (words(call.lang), call.lang);
    let levers = levers_of(state);
    let outcome = studio.future.outcome(&studio.data, &levers, place, call.settled)?;
    let x: Vec<f64> = (0u32..).take(YEARS + 1).map(|year| BASE_YEAR + f64::from(year)).collect();
    let points = |values: &[f64]| x.iter().copied().zip(values.iter().map(|v| Some(*v))).collect::<Vec<_>>();
    let mut lines = vec![Series { name: t.run_baseline.into(), role: Role::Baseline, points: x.iter().map(|year| (*year, Some(100.0))).collect() }];
    if let Some(growth) = studio.data.occupations.get(place).and_then(|figures| figures.growth()) {
        let official = vec![(BASE_YEAR, Some(100.0)), (BASE_YEAR + 10.0, Some(100.0 * (1.0 + growth)))];
        lines.push(Series { name: t.official_name.into(), role: Role::Official, points: official });
    }
    if let Some((name, other)) = state.get("with").and_then(|name| Some((name, Levers::preset(name)?))) {
        let run = yearly(&studio.future.central(&studio.data, &other.within(levers.network), &[place])?);
        lines.push(Series { name: preset_name(name, t).into(), role: Role::Own, points: points(&run) });
    }
    let flat = || Band { low: outcome.central.clone(), high: outcome.central.clone() };
    let bands = outcome.bands.clone().unwrap_or_else(|| [flat(), flat(), flat()]);
    let shares = |share: &str| if lang == Lang::Zh { format!("{share}%的模拟结果") } else { format!("{share}% of the runs") };
    let ends = if lang == Lang::Zh { ["从", "到"] } else { ["from", "to"] };
    let name = studio.name(place, lang).to_owned();
    let axis = |title: &str, quantity| Axis { title: title.into(), unit: String::new(), quantity };
    let source = studio.data.sources.main("occupations.tsv", "employment_2024").ok()?;
    let last = outcome.central.last().copied().unwrap_or(100.0);
    let frame = Frame {
        locale: locale(lang),
        title: format!("{}{}{name}", t.future_title, if lang == Lang::Zh { "：" } else { ": " }),
        summary: range(100.0, last, Quantity::Plain { decimals: 0 }, locale(lang)),
        source: t.source_line(&format!("{}; Waymark", source.name), &source.date),
        missing: t.not_published.into(),
    };
    let panel = FanPanel { title: String::new(), x, median: outcome.central, bands, lines };
    let fan = Fan {
        x: axis(t.future_axis_years, Quantity::Year),
        y: axis(t.future_axis_index, Quantity::Plain { decimals: 0 }),
        words: FanWords { median: t.run_scenario.into(), bands: ["30", "60", "90"].map(shares), ends: ends.map(str::to_owned), panel: name },
        panels: vec![panel],
        zero: true,
        one_scale: true,
    };
    Chart::new(frame, Plot::Fan(fan)).ok()
}

/// The scenario as a file that `waymark simulate --scenario` reads.
pub fn scenario_file(studio: &Studio, state: &State) -> Option<DrawnFile> {
    Some(DrawnFile { name: "waymark-scenario.json".into(), text: serde_json::to_string_pretty(&studio.future.scenario(&studio.data, &levers_of(state))).ok()? })
}

/// The levers alone from end to end, all else as set: change of jobs at the end of the run, by lever.
pub fn ends(studio: &Studio, state: &State, place: usize) -> Option<Vec<[f64; 2]>> {
    let set = levers_of(state);
    let change = |which: usize, end: f64| {
        let mut moved = set.clone();
        moved.values[which] = end;
        let run = yearly(&studio.future.central(&studio.data, &moved, &[place])?);
        Some(run.last()? / 100.0 - 1.0)
    };
    LEVERS.iter().enumerate().map(|(which, range)| Some([change(which, range.least)?, change(which, range.most)?])).collect()
}

/// The names of the levers, in their order, with the words of their ends.
pub fn lever_names(lang: Lang) -> [(&'static str, [&'static str; 2]); 5] {
    lever_words(words(lang))
}
