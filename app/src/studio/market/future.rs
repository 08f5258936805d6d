//! What may become of an occupation's jobs: levers to runs of the labour-flow model, and their picture. Not the model: that
//! is `market::labour_flow` of the core. Levers and shocks are ours and not measured; the page says so.
use std::f64::consts::TAU;

use waymark_shared::chart::{Axis, Band, Chart, Fan, FanPanel, FanWords, Frame, Plot, Quantity, Role, Series};
use waymark_shared::chart::number::{range, write};
use waymark_shared::market::data::MarketData;
use waymark_shared::market::labour_flow::lanes::Lanes;
use waymark_shared::market::labour_flow::{Counts, Demand, Engine, Job, Rates, Record, Run, STEPS_PER_YEAR, Stocks, Trajectory};
use waymark_shared::market::network::{Edge, Network, blend, largest_strong_part};
use waymark_shared::random::mix;

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
/// The year that the sentence speaks of: that of the official projection.
const SENTENCE_YEARS: usize = 10;
/// Runs of a settled picture: over coefficients, levers and the three networks.
const RUNS: usize = 24;
/// Steps after which an undisturbed market has come to rest (the paper measures its steady window from step 25).
const REST_STEPS: usize = 120;
/// Rounds in which the separation rates are brought to each group's unemployment.
const FIT_ROUNDS: usize = 6;
/// A change smaller than this is "about as many".
const FLAT: f64 = 0.01;

/// The networks people may move in.
const NETWORKS: [&str; 3] = ["blend", "related", "similar"];

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

/// Years until half of the spread has come; share of what could be reached; how much of the loss new demand gives back;
/// share taken off the ties to the own occupation; amplitude of the business cycle (the paper's is 0.065).
const LEVERS: [Range; 5] = [
    lever("speed", 3.0, 25.0, 1.0, 10.0),
    lever("reach", 0.0, 0.9, 0.05, 0.5),
    lever("demand", -0.5, 1.5, 0.1, 0.0),
    lever("widen", 0.0, 0.6, 0.05, 0.0),
    lever("cycle", 0.0, 0.065, 0.005, 0.0),
];

/// Ready-made scenarios: name, state.
pub const PRESETS: [(&str, &str); 7] = [
    ("base", "kind=software&speed=10&reach=0&demand=0&widen=0&cycle=0"),
    ("software", "kind=software&speed=10&reach=0.5&demand=0&widen=0&cycle=0"),
    ("fast", "kind=software&speed=5&reach=0.5&demand=0&widen=0&cycle=0"),
    ("line", "kind=line&speed=8&reach=0.6&demand=0&widen=0&cycle=0"),
    ("growth", "kind=software&speed=10&reach=0.5&demand=0.8&widen=0&cycle=0"),
    ("slump", "kind=software&speed=10&reach=0.5&demand=0&widen=0&cycle=0.06"),
    ("training", "kind=line&speed=8&reach=0.6&demand=0&widen=0.4&cycle=0"),
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

/// A scenario, as the levers say.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Automation of production lines, else software.
    line: bool,
    /// By place in [`LEVERS`].
    values: [f64; 5],
}

impl Scenario {
    /// Of a state; what is missing or no number of the range is the default.
    pub fn of(state: &State) -> Self {
        Self { line: state.get("kind") == Some("line"), values: LEVERS.each_ref().map(|range| value(state, range)) }
    }

    fn preset(name: &str) -> Option<Self> {
        let (_, set) = PRESETS.iter().find(|(of, _)| *of == name)?;
        let mut state = State::default();
        state.set_all(set);
        Some(Self::of(&state))
    }
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
    for (key, known) in [("net", &NETWORKS[..]), ("kind", &["software", "line"][..]), ("with", &PRESETS.map(|(name, _)| name)[..])] {
        if state.get(key).is_some_and(|value| !known.contains(&value)) {
            state.set(key, "");
        }
    }
}

/// One of the networks, brought to rest.
struct Net {
    /// Node → place of the occupation.
    places: Vec<usize>,
    network: Network,
    rates: Rates,
    /// Posts wanted before any change: those that the market at rest was brought to rest with.
    wanted: Vec<f64>,
    rest: Stocks,
}

/// The networks and the last runs.
pub struct Future {
    nets: [Net; 3],
    kept: Option<(Key, Outcome)>,
}

#[derive(Clone, PartialEq)]
struct Key {
    scenario: Scenario,
    net: usize,
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
    /// Everybody, at every step of the central run.
    pub totals: Vec<Counts>,
}

impl Future {
    /// Builds the networks and fits the separation rates to the unemployment of each major group.
    ///
    /// # Errors
    /// What is wrong with the network of the pack.
    pub fn new(data: &MarketData) -> Result<Self, String> {
        let inputs = data.network_inputs();
        let nodes = inputs.places.len();
        let edges = |list: &[(usize, usize, f64)]| -> Result<Vec<Edge>, String> {
            let index = |i: usize| u32::try_from(i).map_err(|error| error.to_string());
            list.iter().map(|(from, to, weight)| Ok(Edge { from: index(*from)?, to: index(*to)?, weight: *weight })).collect()
        };
        let related = edges(&inputs.related)?;
        let similar = edges(&inputs.similar)?;
        let both = blend(nodes, &related, &similar).map_err(|error| error.to_string())?;
        let net = |edges: &[Edge]| -> Result<Net, String> {
            let part = largest_strong_part(nodes, edges).map_err(|error| error.to_string())?;
            let places: Vec<usize> = part.nodes.iter().filter_map(|node| inputs.places.get(*node as usize).copied()).collect();
            let employment: Vec<f64> = part.nodes.iter().filter_map(|node| inputs.employment.get(*node as usize)).map(|thousands| thousands * 1000.0).collect();
            let network = Network::from_edges(places.len(), &part.edges).map_err(|error| error.to_string())?;
            let targets: Vec<f64> = places.iter().map(|place| data.occupations.get(*place).and_then(|o| data.group_of(o)).map_or(0.043, |group| group.unemployment)).collect();
            let groups: Vec<String> = places.iter().filter_map(|place| Some(data.occupations.get(*place)?.group())).collect();
            let (rates, wanted, rest) = fitted(&network, &employment, &targets, &groups)?;
            Ok(Net { places, network, rates, wanted, rest })
        };
        Ok(Self { nets: [net(&both)?, net(&related)?, net(&similar)?], kept: None })
    }
}

/// Runs an undisturbed market until it rests.
fn at_rest(network: &Network, rates: &Rates, start: Stocks, wanted: &[f64]) -> Result<Stocks, String> {
    let demand = Demand::constant(wanted.to_vec(), REST_STEPS);
    let mut done = run(network, vec![Run { number: 0, rates: rates.clone(), start, demand }], Record::totals())?;
    done.pop().map(|trajectory| trajectory.end).ok_or_else(|| "no run".to_owned())
}

/// Separation rates with which each group's unemployment at rest is the published one.
fn fitted(network: &Network, employment: &[f64], targets: &[f64], groups: &[String]) -> Result<(Rates, Vec<f64>, Stocks), String> {
    let mut rates = Rates::reference(network.nodes());
    for round in 0.. {
        let start = Stocks::at_start(employment, &rates);
        let wanted = start.labour_force();
        let rest = at_rest(network, &rates, start, &wanted)?;
        if round == FIT_ROUNDS {
            return Ok((rates, wanted, rest));
        }
        let mut sums: std::collections::BTreeMap<&str, (f64, f64)> = std::collections::BTreeMap::new();
        for ((group, e), u) in groups.iter().zip(&rest.employed).zip(&rest.unemployed) {
            let sum = sums.entry(group).or_default();
            *sum = (sum.0 + u, sum.1 + e + u);
        }
        for ((rate, group), target) in rates.separation.iter_mut().zip(groups).zip(targets) {
            let (unemployed, all) = sums.get(group.as_str()).copied().unwrap_or((0.0, 1.0));
            let found = (unemployed / all.max(1.0)).max(1e-4);
            *rate = (*rate * target / found).clamp(0.001, 0.2);
        }
    }
    Err("no round".to_owned())
}

fn run(network: &Network, runs: Vec<Run>, record: Record) -> Result<Vec<Trajectory>, String> {
    let job = Job::new(network, &runs, record).map_err(|error| error.to_string())?;
    // The engine of the CPU is done when it is asked.
    now(Lanes.run(&job)).ok_or_else(|| "the engine waits".to_owned())?.map_err(|error| error.to_string())
}

/// The result of a future that does not wait.
fn now<T>(future: impl Future_<Output = T>) -> Option<T> {
    let mut pinned = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match pinned.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}
use std::future::Future as Future_;

fn steps() -> usize {
    step_of(YEARS)
}

/// The step nearest to the end of a year.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small whole numbers")]
pub fn step_of(year: usize) -> usize {
    (year as f64 * STEPS_PER_YEAR).round() as usize
}

/// The share of its jobs that an occupation would lose if the spread were complete; below 0 it gains.
/// Software: β of the exposure to language models. Line: our routine-manual index in production and transport, less the
/// officially projected change 2024–34.
fn shock(data: &MarketData, place: usize, line: bool) -> f64 {
    let Some(figures) = data.occupations.get(place) else { return 0.0 };
    if !line {
        return figures.exposure.map_or(0.0, |exposure| exposure.beta());
    }
    let on_the_line = ["51-0000", "53-0000"].contains(&figures.group().as_str());
    let routine = figures.routine_manual.filter(|_| on_the_line).map_or(0.0, |index| index.index());
    (routine - figures.growth().unwrap_or(0.0)).clamp(-0.5, 0.95)
}

/// The demand of a scenario over the years, total demand held constant as in the paper.
#[expect(clippy::cast_precision_loss, reason = "steps are small numbers")]
fn demand(data: &MarketData, net: &Net, scenario: &Scenario) -> Demand {
    let [speed, reach, given_back, widen, cycle] = scenario.values;
    let base = net.wanted.clone();
    let kept: Vec<f64> = net.places.iter().map(|place| (1.0 - reach * (1.0 - given_back) * shock(data, *place, scenario.line)).max(0.02)).collect();
    let all: f64 = base.iter().sum();
    let after: f64 = base.iter().zip(&kept).map(|(d, k)| d * k).sum();
    let shift = base.iter().zip(&kept).map(|(d, k)| d * k * all / after.max(1e-9) - d).collect();
    let half = speed * STEPS_PER_YEAR;
    // The paper's steepness: 9.2102 over the time to the half.
    let s = |step: f64| 1.0 / (1.0 + (-9.2102 / half * (step - half)).exp());
    let steps = steps();
    let ramp = (1..=steps).map(|step| ((s(step as f64) - s(0.0)) / (1.0 - s(0.0))).clamp(0.0, 1.0)).collect();
    // The paper's period: 103 steps.
    let wave = (1..=steps).map(|step| 1.0 - cycle * (TAU * step as f64 / 103.0).sin()).collect();
    Demand { base, shift, ramp, cycle: wave, widening: vec![widen; steps] }
}

fn yearly(trajectory: &Trajectory) -> Vec<f64> {
    let first = trajectory.recorded.first().and_then(|nodes| nodes.first()).map_or(0.0, |counts| counts.employed);
    let at = |year: usize| trajectory.recorded.get(step_of(year)).and_then(|nodes| nodes.first()).map_or(0.0, |counts| counts.employed);
    (0..=YEARS).map(|year| if first > 0.0 { 100.0 * at(year) / first } else { 0.0 }).collect()
}

/// A number of a run, −1..1, the same for the same run.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
fn spread(run: usize, what: u64) -> f64 {
    (mix(mix(run as u64) ^ what) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

impl Future {
    /// Runs a scenario for an occupation; `None` where it is in no network.
    pub fn outcome(&mut self, data: &MarketData, scenario: &Scenario, net: usize, place: usize, settled: bool) -> Option<Outcome> {
        let key = Key { scenario: scenario.clone(), net, place, settled };
        if let Some((kept, outcome)) = &self.kept
            && (*kept == key || Key { settled: true, ..key.clone() } == *kept)
        {
            return Some(outcome.clone());
        }
        let central = self.central(data, scenario, net, &[place])?;
        let mut outcome = Outcome { central: yearly(&central), bands: None, runs: 1, totals: central.totals };
        if settled {
            outcome.bands = self.bands(data, scenario, place, &outcome.central);
            outcome.runs += RUNS;
        }
        self.kept = Some((key, outcome.clone()));
        Some(outcome)
    }

    /// The run with the coefficients as they are, with these occupations recorded at every step.
    pub fn central(&self, data: &MarketData, scenario: &Scenario, net: usize, places: &[usize]) -> Option<Trajectory> {
        let net = self.nets.get(net)?;
        let nodes = places.iter().map(|place| u32::try_from(net.places.iter().position(|p| p == place)?).ok()).collect::<Option<Vec<u32>>>()?;
        let one = Run { number: 0, rates: net.rates.clone(), start: net.rest.clone(), demand: demand(data, net, scenario) };
        run(&net.network, vec![one], Record { nodes, every: 1 }).ok()?.pop()
    }

    /// Runs of scenarios for an occupation, jobs by year.
    pub fn several(&self, data: &MarketData, scenarios: &[Scenario], net: usize, place: usize) -> Option<Vec<Vec<f64>>> {
        let net = self.nets.get(net)?;
        let node = u32::try_from(net.places.iter().position(|p| *p == place)?).ok()?;
        let runs = scenarios.iter().map(|scenario| Run { number: 0, rates: net.rates.clone(), start: net.rest.clone(), demand: demand(data, net, scenario) }).collect();
        Some(run(&net.network, runs, Record { nodes: vec![node], every: 1 }).ok()?.iter().map(yearly).collect())
    }

    /// Occupations of a network by place, for what is shown of all.
    pub fn places(&self, net: usize) -> &[usize] {
        self.nets.get(net).map_or(&[], |net| &net.places)
    }

    /// The network and its self-loops, for what is counted from a state.
    pub fn moves(&self, net: usize) -> Option<(&Network, &[f64])> {
        self.nets.get(net).map(|net| (&net.network, net.rates.self_loop.as_slice()))
    }

    /// The ranges of runs with other coefficients (rates ± 30 %, self-loop ± 0.1), levers (speed ± 30 %, reach ± 20 %) and
    /// networks, widened where they must be to hold the central run.
    fn bands(&self, data: &MarketData, scenario: &Scenario, place: usize, central: &[f64]) -> Option<[Band; 3]> {
        let mut found: Vec<Vec<f64>> = Vec::new();
        for (which, net) in self.nets.iter().enumerate() {
            let Some(node) = net.places.iter().position(|p| *p == place).and_then(|node| u32::try_from(node).ok()) else { continue };
            let runs: Vec<Run> = (0..RUNS / NETWORKS.len())
                .map(|i| {
                    let number = which * RUNS + i;
                    let around = |what: u64, by: f64| 1.0 + by * spread(number, what);
                    let mut rates = net.rates.clone();
                    let (separation, other, stay) = (around(1, 0.3), around(2, 0.3), 0.1 * spread(number, 3));
                    rates.separation.iter_mut().for_each(|rate| *rate = (*rate * separation).min(1.0));
                    rates.self_loop.iter_mut().for_each(|share| *share = (*share + stay).clamp(0.0, 0.95));
                    rates.opening.iter_mut().for_each(|rate| *rate = (*rate * separation).min(1.0));
                    (rates.cutting, rates.advertising) = (rates.cutting * other, rates.advertising * other);
                    let mut varied = scenario.clone();
                    varied.values[0] = (varied.values[0] * around(4, 0.3)).max(1.0);
                    varied.values[1] = (varied.values[1] * around(5, 0.2)).clamp(0.0, 0.95);
                    Run { number: 0, start: at_rest(&net.network, &rates, net.rest.clone(), &net.wanted).unwrap_or_else(|_| net.rest.clone()), rates, demand: demand(data, net, &varied) }
                })
                .collect();
            found.extend(run(&net.network, runs, Record { nodes: vec![node], every: 1 }).ok()?.iter().map(yearly));
        }
        let mut bands = [0.3, 0.6, 0.9].map(|share| (share, Band { low: Vec::new(), high: Vec::new() }));
        for (year, middle) in central.iter().enumerate() {
            let mut values: Vec<f64> = found.iter().filter_map(|run| run.get(year).copied()).collect();
            values.sort_by(f64::total_cmp);
            for (share, band) in &mut bands {
                let (low, high) = (quantile(&values, 0.5 - *share / 2.0)?, quantile(&values, 0.5 + *share / 2.0)?);
                band.low.push(low.min(*middle));
                band.high.push(high.max(*middle));
            }
        }
        Some(bands.map(|(_, band)| band))
    }
}

/// A quantile of sorted values, between neighbours.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short list")]
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let at = share * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(at.floor() as usize)?, sorted.get(at.ceil() as usize)?);
    Some(below + (above - below) * at.fract())
}

/// Which network the state names.
pub fn net_of(state: &State) -> usize {
    state.get("net").and_then(|name| NETWORKS.iter().position(|n| *n == name)).unwrap_or(0)
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

/// The fixed part of the section: levers, presets, comparison; the rest are parts.
pub fn page(state: &State, lang: Lang) -> String {
    let t = words(lang);
    let names = lever_words(t);
    let lever = |which: usize| {
        let (range, (name, ends)) = (&LEVERS[which], names[which]);
        Lever { key: range.key, name, ends, range: [range.least, range.most, range.step], value: value(state, range) }.html()
    };
    let kind = choice(state, "kind", t.kind, &[("software", t.kind_software), ("line", t.kind_line)]);
    let net = choice(state, "net", t.network, &[("blend", t.network_blend), ("related", t.network_related), ("similar", t.network_similar)]);
    let more: String = (2..LEVERS.len()).map(lever).collect();
    let more = tag("details class=\"levers-more\"", &(said("summary", t.levers_more) + &more + &tag("p class=\"field\"", &kind) + &tag("p class=\"field\"", &net) + &note(t.network_note)));
    let presets: String = PRESETS.iter().map(|(name, set)| setter(set, Some(Scenario::preset(name) == Some(Scenario::of(state))), preset_name(name, t))).collect();
    let with = PRESETS.iter().map(|(name, _)| (*name, preset_name(name, t)));
    let with = select("with", "with", t.compare, state.get("with").unwrap_or_default(), std::iter::once(("", t.compare_none)).chain(with));
    let file = said("button type=\"button\" data-save=\"scenario.json\"", t.save_scenario);
    let tools = tag("p class=\"row\"", &(with + &setter("undo", None, t.undo) + &setter("reset", None, t.reset) + &file));
    let body = [
        said("h2", t.future_title),
        part("future", ""),
        tag("div class=\"levers\"", &(lever(0) + &lever(1))),
        tag("p class=\"sentence\" data-part=\"sentence\" aria-live=\"polite\"", ""),
        more,
        said("h3", t.presets),
        tag("p class=\"row presets\"", &presets),
        tools,
        note(t.ours_note),
        note(t.model_note),
    ];
    tag("section class=\"future\"", &body.concat())
}

/// The parts that follow the state.
pub fn parts(studio: &mut Studio, state: &State, place: usize, call: &Draw) -> Vec<(String, String)> {
    let t = words(call.lang);
    let mut parts: Vec<(String, String)> =
        LEVERS.iter().enumerate().map(|(which, range)| (format!("value-{}", range.key), super::escaped(&lever_value(which, value(state, range), call.lang)))).collect();
    let Some(chart) = chart(studio, state, place, call) else {
        parts.push(("future".into(), note(t.no_node)));
        parts.push(("sentence".into(), String::new()));
        return parts;
    };
    let outcome = studio.future.outcome(&studio.data, &Scenario::of(state), net_of(state), place, call.settled);
    let words_of = outcome.map_or(String::new(), |outcome| sentence(studio, state, place, &outcome, call.lang));
    parts.push(("future".into(), figure("future", &chart, f64::from(call.width), call.lang)));
    parts.push(("sentence".into(), super::escaped(&words_of)));
    parts
}

/// What the runs say, with its condition.
fn sentence(studio: &Studio, state: &State, place: usize, outcome: &Outcome, lang: Lang) -> String {
    let (t, locale) = (words(lang), locale(lang));
    let scenario = Scenario::of(state);
    let [speed, reach, ..] = scenario.values;
    let condition = t.if_speed(&write(speed, Quantity::Plain { decimals: 0 }, locale), &write(reach, Quantity::Share { decimals: 0 }, locale));
    let at = outcome.central.get(SENTENCE_YEARS).copied().unwrap_or(100.0) / 100.0 - 1.0;
    let (size, name) = (write(at.abs(), Quantity::Share { decimals: 0 }, locale), studio.name(place, lang));
    let said = if at.abs() < FLAT {
        t.sentence_flat(&condition, name, "2034")
    } else if at < 0.0 {
        t.sentence_down(&condition, name, &size, "2034")
    } else {
        t.sentence_up(&condition, name, &size, "2034")
    };
    let whole = Quantity::Plain { decimals: 0 };
    let within = outcome.bands.as_ref().and_then(|bands| Some((*bands[2].low.get(SENTENCE_YEARS)?, *bands[2].high.get(SENTENCE_YEARS)?)));
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
    let scenario = Scenario::of(state);
    let outcome = studio.future.outcome(&studio.data, &scenario, net_of(state), place, call.settled)?;
    let x: Vec<f64> = (0u32..).take(YEARS + 1).map(|year| BASE_YEAR + f64::from(year)).collect();
    let points = |values: &[f64]| x.iter().copied().zip(values.iter().map(|v| Some(*v))).collect::<Vec<_>>();
    let mut lines = vec![Series { name: t.run_baseline.into(), role: Role::Baseline, points: x.iter().map(|year| (*year, Some(100.0))).collect() }];
    if let Some(growth) = studio.data.occupations.get(place).and_then(|figures| figures.growth()) {
        let official = vec![(BASE_YEAR, Some(100.0)), (BASE_YEAR + 10.0, Some(100.0 * (1.0 + growth)))];
        lines.push(Series { name: t.official_name.into(), role: Role::Official, points: official });
    }
    if let Some((name, other)) = state.get("with").and_then(|name| Some((name, Scenario::preset(name)?))) {
        let run = studio.future.several(&studio.data, &[other], net_of(state), place)?.pop()?;
        lines.push(Series { name: preset_name(name, t).into(), role: Role::Own, points: points(&run) });
    }
    let flat = || Band { low: outcome.central.clone(), high: outcome.central.clone() };
    let bands = outcome.bands.clone().unwrap_or_else(|| [flat(), flat(), flat()]);
    let shares = |share: &str| if lang == Lang::Zh { format!("{share}%的模拟结果") } else { format!("{share} of 100 runs") };
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

/// The scenario as a file: what a person set, by name.
pub fn scenario_file(state: &State) -> Option<DrawnFile> {
    let scenario = Scenario::of(state);
    let levers: serde_json::Map<String, serde_json::Value> = LEVERS.iter().zip(scenario.values).map(|(range, value)| (range.key.to_owned(), value.into())).collect();
    let all = serde_json::json!({"v": 1, "kind": if scenario.line { "line" } else { "software" }, "network": NETWORKS.get(net_of(state))?, "soc": state.get("soc"), "levers": levers});
    Some(DrawnFile { name: "waymark-scenario.json".into(), text: serde_json::to_string_pretty(&all).ok()? })
}

/// The levers alone from end to end, all else as set: change of jobs at the end of the run, by lever.
pub fn ends(studio: &Studio, state: &State, place: usize) -> Option<Vec<[f64; 2]>> {
    let now = Scenario::of(state);
    let mut all = Vec::new();
    for (which, range) in LEVERS.iter().enumerate() {
        for end in [range.least, range.most] {
            let mut moved = now.clone();
            moved.values[which] = end;
            all.push(moved);
        }
    }
    let runs = studio.future.several(&studio.data, &all, net_of(state), place)?;
    let change = |run: &Vec<f64>| run.last().copied().unwrap_or(100.0) / 100.0 - 1.0;
    Some(runs.chunks(2).filter_map(|pair| Some([change(pair.first()?), change(pair.get(1)?)])).collect())
}

/// The names of the levers, in their order, with the words of their ends.
pub fn lever_names(lang: Lang) -> [(&'static str, [&'static str; 2]); 5] {
    lever_words(words(lang))
}
