//! The labour-flow model on the occupational network: its state, its rates, and a job that an engine runs. What a scenario
//! means is not here: an engine sees numbers only.
//!
//! Model (del Rio-Chanona et al. 2021, as in [`super::network`]; restated in `market.md` 2b). Each step, from the state at
//! its start, for occupation i with e employed, u unemployed (last job in i) and v vacancies:
//! - gap = e + v − d†, where d† is the demand at the end of the step;
//! - separations ω = δᵤe + (1 − δᵤ)·min(e, γᵤ·max(0, gap)), openings ν = δᵥe + (1 − δᵥ)·min(e, γᵥ·max(0, −gap));
//! - every unemployed person of i applies once, to j with chance q_ij = v_j·A_ij / Σ_l v_l·A_il; s_j = Σ_i u_i·q_ij;
//! - every vacancy that got an application hires one applicant at random: f_ij = u_i·q_ij·(v_j/s_j)·(1 − e^(−s_j/v_j));
//! - e += Σ_j f_ji − ω, u += ω − Σ_j f_ij, v += ν − Σ_j f_ji.
//!
//! Nobody enters, retires, or changes from job to job: Σ(e + u) stays the same.
mod binomial;
pub mod calibration;
pub mod draws;
pub mod fallback;
pub mod gpu;
pub mod lanes;
pub mod scalar;
#[cfg(test)]
pub(crate) mod tests;

use super::network::Network;
use thiserror::Error;

/// Weeks of a step (the paper's fit: 27 weeks of unemployment, the bound of "long-term", are 4 steps).
pub const STEP_WEEKS: f64 = 6.75;
/// Steps of a year of 52 weeks, as the authors' code counts.
pub const STEPS_PER_YEAR: f64 = 52.0 / STEP_WEEKS;
/// Steps after which an unemployed person counts as long-term unemployed: 27 weeks.
pub const LONG_TERM_STEPS: usize = 4;

/// The model's coefficients.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// δᵤ: share of the employed who lose their job each step whatever the demand, an occupation each, 0..1.
    pub separation: Vec<f64>,
    /// δᵥ: vacancies opened each step per person employed whatever the demand, an occupation each, 0..1.
    pub opening: Vec<f64>,
    /// Share of applications that stay within the occupation, before vacancies weigh in: the diagonal of A. 0..1, below 1.
    pub self_loop: Vec<f64>,
    /// γᵤ: share of surplus posts cut each step, 0..1.
    pub cutting: f64,
    /// γᵥ: share of lacking posts advertised each step, 0..1.
    pub advertising: f64,
}

impl Rates {
    /// The values of the paper (δᵤ .016, δᵥ .012, γ .16, self-loop .55), fitted to the United States: parameter set
    /// `reference`.
    pub fn reference(nodes: usize) -> Self {
        Self { separation: vec![0.016; nodes], opening: vec![0.012; nodes], self_loop: vec![0.55; nodes], cutting: 0.16, advertising: 0.16 }
    }
}

/// Persons and vacancies, an entry an occupation.
#[derive(Clone, Debug, PartialEq)]
pub struct Stocks {
    /// e.
    pub employed: Vec<f64>,
    /// u, by the occupation of the last job.
    pub unemployed: Vec<f64>,
    /// v.
    pub vacancies: Vec<f64>,
    /// Those of u who are without a job for 1, 2, 3, and 4 or more steps. The unemployed of the very start, for whom no
    /// spell is known, are in none.
    pub spells: [Vec<f64>; LONG_TERM_STEPS],
}

impl Stocks {
    /// The start of the paper: u = δᵤe, v = δᵥe, no known spells.
    pub fn at_start(employment: &[f64], rates: &Rates) -> Self {
        Self {
            employed: employment.to_vec(),
            unemployed: employment.iter().zip(&rates.separation).map(|(e, rate)| rate * e).collect(),
            vacancies: employment.iter().zip(&rates.opening).map(|(e, rate)| rate * e).collect(),
            spells: std::array::from_fn(|_| vec![0.0; employment.len()]),
        }
    }

    /// All persons of an occupation, e + u: the demand D₀ that the paper starts from.
    pub fn labour_force(&self) -> Vec<f64> {
        self.employed.iter().zip(&self.unemployed).map(|(e, u)| e + u).collect()
    }

    /// Sums over all occupations.
    pub fn totals(&self) -> Counts {
        let sum = |values: &[f64]| values.iter().sum();
        let [.., long_term] = &self.spells;
        Counts { employed: sum(&self.employed), unemployed: sum(&self.unemployed), vacancies: sum(&self.vacancies), long_term: sum(long_term) }
    }

    /// The counts of one occupation; all 0 outside.
    pub fn of(&self, node: usize) -> Counts {
        let at = |values: &[f64]| values.get(node).copied().unwrap_or(0.0);
        let [.., long_term] = &self.spells;
        Counts { employed: at(&self.employed), unemployed: at(&self.unemployed), vacancies: at(&self.vacancies), long_term: at(long_term) }
    }
}

/// What is shown of an occupation, or of all together, at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// e, persons.
    pub employed: f64,
    /// u, persons.
    pub unemployed: f64,
    /// v, vacancies (by the model: no data of vacancies go in).
    pub vacancies: f64,
    /// Persons unemployed for 27 weeks or longer.
    pub long_term: f64,
}

impl Counts {
    /// u / (e + u), 0..1; 0 where nobody is.
    pub fn unemployment(&self) -> f64 {
        share(self.unemployed, self.employed + self.unemployed)
    }

    /// v / (e + v), 0..1; 0 where there are no posts.
    pub fn vacancy_rate(&self) -> f64 {
        share(self.vacancies, self.employed + self.vacancies)
    }

    /// Long-term unemployed of the labour force, 0..1.
    pub fn long_term_rate(&self) -> f64 {
        share(self.long_term, self.employed + self.unemployed)
    }
}

/// A share, 0 of nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The demand for work in every step: d†_i = (base_i + ramp·shift_i)·cycle, and how mobile people are.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Posts wanted before any change, an occupation each.
    pub base: Vec<f64>,
    /// Posts wanted more (or, below 0, fewer) when the change is complete, an occupation each; base + shift ≥ 0.
    pub shift: Vec<f64>,
    /// How far the change has come at the end of each step, 0..1.
    pub ramp: Vec<f64>,
    /// Factor of the business cycle at the end of each step; 1 without one.
    pub cycle: Vec<f64>,
    /// Share taken off every self-loop in the applications of each step; 0 as fitted.
    pub widening: Vec<f64>,
}

impl Demand {
    /// The same demand in every step.
    pub fn constant(base: Vec<f64>, steps: usize) -> Self {
        let shift = vec![0.0; base.len()];
        Self { base, shift, ramp: vec![0.0; steps], cycle: vec![1.0; steps], widening: vec![0.0; steps] }
    }

    /// Posts wanted in an occupation at the end of a step.
    #[inline]
    fn at(&self, step: usize, node: usize) -> f64 {
        (self.base[node] + self.ramp[step] * self.shift[node]) * self.cycle[step]
    }
}

/// Everything one run depends on but the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Coefficients.
    pub rates: Rates,
    /// State at time 0.
    pub start: Stocks,
    /// Demand over time.
    pub demand: Demand,
    /// Of an engine that draws: whose random numbers these are.
    pub number: u64,
}

/// What is kept of the occupations beside the totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Occupations, by index.
    pub nodes: Vec<u32>,
    /// Every so many steps, from time 0 on; at least 1.
    pub every: usize,
}

impl Record {
    /// Totals only.
    pub fn totals() -> Self {
        Self { nodes: Vec::new(), every: 1 }
    }
}

/// What an engine is asked: runs over one network, as plain data (a GPU takes it as f32).
#[derive(Clone, Debug)]
pub struct Job<'a> {
    network: &'a Network,
    runs: &'a [Run],
    record: Record,
    seed: u64,
}

/// Why a job cannot be run.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum JobError {
    /// A list has not one entry for each occupation or step.
    #[error("run {run}: {parameter} has {found} entries, expected {expected}")]
    Length {
        /// The run, from 0.
        run: usize,
        /// The list.
        parameter: &'static str,
        /// Its entries.
        found: usize,
        /// Those that the network, or the first run, call for.
        expected: usize,
    },
    /// A value outside its range.
    #[error("run {run}: {parameter} is {value}, expected {least} to {most}")]
    Range {
        /// The run, from 0.
        run: usize,
        /// What it is.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// Smallest allowed.
        least: f64,
        /// Greatest allowed.
        most: f64,
    },
    /// Occupations to record that are not there, or a record of no step.
    #[error("the record asks for occupation {node} of {nodes}, every {every} steps")]
    Record {
        /// The greatest index asked for.
        node: u32,
        /// Occupations there are.
        nodes: usize,
        /// Steps between entries.
        every: usize,
    },
}

/// Persons of an occupation, or vacancies, at most.
pub const STOCK_MAX: f64 = 1e12;
/// Steps of a job at most: over 1,200 years.
pub const STEPS_MAX: usize = 10_000;

impl<'a> Job<'a> {
    /// Checks that the parts fit and every value is in its range, so that engines need not.
    ///
    /// # Errors
    /// The first list of a wrong length, or value out of range, by name.
    pub fn new(network: &'a Network, runs: &'a [Run], record: Record) -> Result<Self, JobError> {
        let nodes = network.nodes();
        if record.every == 0 || record.nodes.iter().any(|node| *node as usize >= nodes) {
            return Err(JobError::Record { node: record.nodes.iter().copied().max().unwrap_or(0), nodes, every: record.every });
        }
        let steps = runs.first().map_or(0, |run| run.demand.ramp.len());
        for (place, run) in runs.iter().enumerate() {
            check(place, run, nodes, steps)?;
        }
        Ok(Self { network, runs, record, seed: 0 })
    }

    /// The same job with a seed for engines that draw (0 without).
    pub fn seeded(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Where people may move.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// Steps, the same of every run.
    pub fn steps(&self) -> usize {
        self.runs.first().map_or(0, |run| run.demand.ramp.len())
    }

    /// The runs, in order.
    pub fn runs(&self) -> &'a [Run] {
        self.runs
    }

    /// Together with a run's number: the key of its random numbers.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What to keep.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

/// Checks one run.
fn check(place: usize, run: &Run, nodes: usize, steps: usize) -> Result<(), JobError> {
    let Run { rates, start, demand, number: _ } = run;
    let [one, two, three, long] = &start.spells;
    // Name, values, entries, range.
    let lists: [(&'static str, &[f64], usize, f64, f64); 14] = [
        ("separation rate", &rates.separation, nodes, 0.0, 1.0),
        ("opening rate", &rates.opening, nodes, 0.0, 1.0),
        ("self-loop", &rates.self_loop, nodes, 0.0, 1.0),
        ("employed", &start.employed, nodes, 0.0, STOCK_MAX),
        ("unemployed", &start.unemployed, nodes, 0.0, STOCK_MAX),
        ("vacancies", &start.vacancies, nodes, 0.0, STOCK_MAX),
        ("unemployed for 1 step", one, nodes, 0.0, STOCK_MAX),
        ("unemployed for 2 steps", two, nodes, 0.0, STOCK_MAX),
        ("unemployed for 3 steps", three, nodes, 0.0, STOCK_MAX),
        ("long-term unemployed", long, nodes, 0.0, STOCK_MAX),
        ("demand", &demand.base, nodes, 0.0, STOCK_MAX),
        ("shift of demand", &demand.shift, nodes, -STOCK_MAX, STOCK_MAX),
        ("ramp", &demand.ramp, steps, 0.0, 1.0),
        ("widening", &demand.widening, steps, 0.0, 1.0),
    ];
    let cycle: (&'static str, &[f64], usize, f64, f64) = ("cycle", &demand.cycle, steps, 0.0, 2.0);
    for (parameter, values, expected, least, most) in lists.into_iter().chain([cycle]) {
        if values.len() != expected {
            return Err(JobError::Length { run: place, parameter, found: values.len(), expected });
        }
        if let Some(value) = values.iter().find(|value| !(least..=most).contains(*value)) {
            return Err(JobError::Range { run: place, parameter, value: *value, least, most });
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of steps")]
    let singles = [
        ("cutting rate", rates.cutting, 1.0),
        ("advertising rate", rates.advertising, 1.0),
        ("steps", steps as f64, STEPS_MAX as f64),
    ];
    for (parameter, value, most) in singles {
        if !(0.0..=most).contains(&value) {
            return Err(JobError::Range { run: place, parameter, value, least: 0.0, most });
        }
    }
    for (base, shift) in demand.base.iter().zip(&demand.shift) {
        if base + shift < 0.0 {
            return Err(JobError::Range { run: place, parameter: "demand after the shift", value: base + shift, least: 0.0, most: STOCK_MAX });
        }
    }
    Ok(())
}

/// What one run gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// Sums over all occupations at every time, 0 to the last step: one more than steps.
    pub totals: Vec<Counts>,
    /// [time, node of the record], at the times of the record.
    pub recorded: Vec<Vec<Counts>>,
    /// The state at the end: a start for other runs.
    pub end: Stocks,
}

/// Why an engine gave up in the middle of a job.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EngineError {
    /// More vacancies than the engine holds; names the step.
    #[error("step {step}: {vacancies} vacancies, the engine holds {most}; give a greater unit of persons")]
    TooManyVacancies {
        /// The step, from 0.
        step: usize,
        /// Vacancies there would be.
        vacancies: u64,
        /// Vacancies there may be.
        most: u64,
    },
    /// The device went away, refused the job, or failed at it; the same job can be given to another engine.
    #[error("the device failed: {0}")]
    Device(String),
}

/// Something that runs jobs. Engines of the same model differ in speed only, within the bounds of their tests.
pub trait Engine {
    /// Short name, as on the command line.
    fn name(&self) -> &'static str;

    /// Runs that are best given at once: a batch between two looks at progress and cancel.
    fn batch(&self) -> usize;

    /// Runs a job; a trajectory a run, in order. A future, since a GPU answers later; those of the CPU are done at once.
    fn run(&self, job: &Job<'_>) -> impl Future<Output = Result<Vec<Trajectory>, EngineError>>;
}
