//! The exactly stochastic engine: whole persons, each with its own choice, each vacancy with its own applicants. Slower than
//! the deterministic engines, whose mean field it is; it shows how far chance alone spreads the runs.
//!
//! A step, literally: separations and openings are binomial; every unemployed person picks an occupation with chance q_ij,
//! one of its vacancies at random, and a ticket, all by one random number; every vacancy that was picked hires the highest ticket. So the filled
//! vacancies of an occupation are the occupied ones of s_j balls in v_j urns, and the hired a sample without replacement
//! of the applicants, over origins and spells at once: multivariate hypergeometric.
//!
//! Chances are resolved to 2⁻³², picks among v vacancies to v·2⁻³²; of two tickets at one vacancy, v of 2³² tie, and then the
//! later origin wins.
use super::binomial::binomial;
use super::{Counts, Engine, EngineError, Job, LONG_TERM_STEPS, Run, Stocks, Trajectory};
use crate::random::Stream;

/// See the file.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    /// Persons that one drawn person stands for, above 0: stocks are divided by it and rounded at the start.
    pub unit: f64,
}

/// Vacancies an occupation network holds at most in a run: 8 bytes each.
const VACANCIES_MAX: u64 = 1 << 24;
/// Bits of a ticket that say whose it is: the spell, then the origin.
const SPELL_BITS: u32 = 3;
const WHO_BITS: u32 = SPELL_BITS + 20;
/// Unknown spells, then 1, 2, 3, 4 or more steps.
const SPELLS: usize = LONG_TERM_STEPS + 1;
/// Keys of the streams of one step and occupation.
const OF_POSTS: u64 = 0;
const OF_APPLICANTS: u64 = 1;

impl Engine for Draws {
    fn name(&self) -> &'static str {
        "draws"
    }

    fn batch(&self) -> usize {
        1
    }

    async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
        job.runs.iter().map(|run| trajectory(job, run, self.unit)).collect()
    }
}

/// People and vacancies of one run, and the memory that its steps use again and again.
struct Market {
    employed: Vec<u64>,
    /// Unemployed by spell.
    waiting: Vec<[u32; SPELLS]>,
    vacancies: Vec<u32>,
    /// Where the vacancies of an occupation begin among the `tickets`, and how many they are.
    urns: Vec<Urn>,
    /// The highest ticket at every vacancy, 0 without an applicant.
    tickets: Vec<u64>,
    /// Hired by origin and spell.
    hired: Vec<[u32; 1 << SPELL_BITS]>,
    chooser: Chooser,
}

#[derive(Clone, Copy)]
struct Urn {
    start: u32,
    vacancies: u32,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates: stocks in units are far below 2³²")]
fn whole(persons: f64, unit: f64) -> u32 {
    (persons / unit).round() as u32
}

fn trajectory(job: &Job<'_>, run: &Run, unit: f64) -> Result<Trajectory, EngineError> {
    let nodes = job.network.nodes();
    let start = &run.start;
    let waiting = |i: usize| {
        let known: [u32; LONG_TERM_STEPS] = std::array::from_fn(|k| whole(start.spells[k][i], unit));
        let unknown = whole(start.unemployed[i], unit).saturating_sub(known.iter().sum());
        let [one, two, three, long] = known;
        [unknown, one, two, three, long]
    };
    let mut market = Market {
        employed: start.employed.iter().map(|e| u64::from(whole(*e, unit))).collect(),
        waiting: (0..nodes).map(waiting).collect(),
        vacancies: start.vacancies.iter().map(|v| whole(*v, unit)).collect(),
        urns: Vec::with_capacity(nodes),
        tickets: Vec::new(),
        hired: vec![[0; 1 << SPELL_BITS]; nodes],
        chooser: Chooser::default(),
    };
    let record = &job.record;
    let (mut totals, mut recorded) = (Vec::with_capacity(job.steps() + 1), Vec::new());
    for step in 0..=job.steps() {
        totals.push((0..nodes).map(|i| market.of(i, unit)).fold(Counts::default(), |sum, of| Counts {
            employed: sum.employed + of.employed,
            unemployed: sum.unemployed + of.unemployed,
            vacancies: sum.vacancies + of.vacancies,
            long_term: sum.long_term + of.long_term,
        }));
        if step.is_multiple_of(record.every) {
            recorded.push(record.nodes.iter().map(|node| market.of(*node as usize, unit)).collect());
        }
        if step < job.steps() {
            market.step(job, run, step, unit)?;
        }
    }
    let each = |value: &dyn Fn(usize) -> f64| (0..nodes).map(|i| value(i) * unit).collect::<Vec<f64>>();
    let end = Stocks {
        employed: (0..nodes).map(|i| market.of(i, unit).employed).collect(),
        unemployed: (0..nodes).map(|i| market.of(i, unit).unemployed).collect(),
        vacancies: each(&|i| f64::from(market.vacancies[i])),
        spells: std::array::from_fn(|k| each(&|i| f64::from(market.waiting[i][k + 1]))),
    };
    Ok(Trajectory { totals, recorded, end })
}

impl Market {
    /// The counts of an occupation in persons.
    #[expect(clippy::cast_precision_loss, reason = "persons, far below 2⁵³")]
    fn of(&self, node: usize, unit: f64) -> Counts {
        let waiting = &self.waiting[node];
        Counts {
            employed: self.employed[node] as f64 * unit,
            unemployed: waiting.iter().map(|count| f64::from(*count)).sum::<f64>() * unit,
            vacancies: f64::from(self.vacancies[node]) * unit,
            long_term: f64::from(waiting[LONG_TERM_STEPS]) * unit,
        }
    }

    fn step(&mut self, job: &Job<'_>, run: &Run, step: usize, unit: f64) -> Result<(), EngineError> {
        let nodes = self.employed.len();
        let of_step = Stream::at(&[job.seed, run.number, step as u64]);
        let stream = |node: usize, what: u64| of_step.child(node as u64 * 2 + what);
        let total: u64 = self.vacancies.iter().map(|v| u64::from(*v)).sum();
        if total > VACANCIES_MAX {
            return Err(EngineError::TooManyVacancies { step, vacancies: total, most: VACANCIES_MAX });
        }
        self.urns.clear();
        let mut start = 0;
        for vacancies in &self.vacancies {
            self.urns.push(Urn { start, vacancies: *vacancies });
            start += vacancies;
        }
        self.tickets.clear();
        self.tickets.resize(start as usize, 0);
        self.hired.fill([0; 1 << SPELL_BITS]);
        for node in 0..nodes {
            let unemployed = self.waiting[node].iter().sum();
            if unemployed > 0 {
                let stay = run.rates.self_loop[node] * (1.0 - run.demand.widening[step]);
                if self.chooser.prepare(job.network.row(node), node, stay, &self.urns, unemployed) {
                    apply(&self.chooser, &mut self.tickets, node, &self.waiting[node], &mut stream(node, OF_APPLICANTS));
                }
            }
        }
        for node in 0..nodes {
            let (separated, opened) = self.posts(run, step, node, unit, &mut stream(node, OF_POSTS));
            let urn = self.urns[node];
            let picked = &self.tickets[urn.start as usize..(urn.start + urn.vacancies) as usize];
            let mut filled = 0;
            for ticket in picked.iter().filter(|ticket| **ticket != 0) {
                let who = (ticket & ((1 << WHO_BITS) - 1)) as usize;
                self.hired[who >> SPELL_BITS][who & ((1 << SPELL_BITS) - 1)] += 1;
                filled += 1;
            }
            self.employed[node] = self.employed[node] - separated + u64::from(filled);
            self.vacancies[node] = self.vacancies[node] - filled + opened;
            // The newly separated wait behind those already counted until all hiring is done.
            self.urns[node].vacancies = u32::try_from(separated).unwrap_or(u32::MAX);
        }
        for ((waiting, hired), urn) in self.waiting.iter_mut().zip(&self.hired).zip(&self.urns) {
            let [unknown, one, two, three, long]: [u32; SPELLS] = std::array::from_fn(|k| waiting[k] - hired[k]);
            *waiting = [unknown, urn.vacancies, one, two, three + long];
        }
        Ok(())
    }

    /// Separations and openings of an occupation: binomial, from the posts at the start of the step.
    #[expect(clippy::cast_precision_loss, reason = "persons, far below 2⁵³")]
    fn posts(&self, run: &Run, step: usize, node: usize, unit: f64, draw: &mut Stream) -> (u64, u32) {
        let (employed, rates) = (self.employed[node], &run.rates);
        let e = employed as f64;
        let gap = e + f64::from(self.vacancies[node]) - run.demand.at(step, node) / unit;
        // Chances, not numbers: ω/e and ν/e.
        let driven = |rate: f64, pace: f64, gap: f64| rate + (1.0 - rate) * if e > 0.0 { (pace * gap.max(0.0) / e).min(1.0) } else { 0.0 };
        let separated = binomial(draw, employed, driven(rates.separation[node], rates.cutting, gap));
        let opened = binomial(draw, employed, driven(rates.opening[node], rates.advertising, -gap));
        (separated, u32::try_from(opened).unwrap_or(u32::MAX))
    }
}

/// All unemployed of an occupation pick a vacancy each, and leave a ticket.
#[expect(clippy::cast_possible_truncation, reason = "halves of 64 bits")]
fn apply(chooser: &Chooser, tickets: &mut [u64], node: usize, waiting: &[u32; SPELLS], draw: &mut Stream) {
    for (spell, count) in waiting.iter().enumerate() {
        let who = ((node as u64) << SPELL_BITS) | spell as u64;
        for _ in 0..*count {
            let bits = draw.bits();
            let urn = chooser.choose((bits >> 32) as u32);
            // Whole part: the vacancy. Rest: as random within it, the ticket; 1 above it keeps every ticket above 0.
            let pick = u64::from(bits as u32) * u64::from(urn.vacancies);
            let ticket = ((pick & 0xFFFF_FFFF | 1 << 32) << WHO_BITS) | who;
            if let Some(highest) = tickets.get_mut(urn.start as usize + (pick >> 32) as usize) {
                *highest = (*highest).max(ticket);
            }
        }
    }
}

/// The goals of one occupation, to be chosen from in proportion to vacancies times share: by counting the running sums
/// below a number where few choose, else by an alias table, in which a number finds its goal at once (Walker 1977; built as
/// in Vose 1991, "A linear algorithm for generating random numbers with a given distribution").
#[derive(Default)]
struct Chooser {
    goals: Vec<Urn>,
    /// Weights of the goals up to each.
    sums: Vec<f64>,
    /// One for each goal, where there is a table; else none.
    columns: Vec<Column>,
    /// Weights times the number of goals, over their sum; what is left of it while columns are filled.
    heights: Vec<f64>,
    /// Columns not yet full, and those with more than they need.
    light: Vec<u32>,
    heavy: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Column {
    /// Of 2³²: below, the column's own goal; from there on, the other.
    cut: u32,
    own_and_other: [Urn; 2],
}

/// From so many choices on, a table is worth its making.
const TABLE_CHOICES: u32 = 64;
/// 2³².
const NUMBERS: f64 = 4_294_967_296.0;

impl Chooser {
    /// Makes ready for so many choices; false where there is no vacancy to see.
    fn prepare(&mut self, (to, shares): (&[u32], &[f64]), node: usize, stay: f64, urns: &[Urn], choices: u32) -> bool {
        let count = to.len() + 1;
        self.goals.resize(count, Urn { start: 0, vacancies: 0 });
        self.sums.resize(count, 0.0);
        self.columns.clear();
        let mut sum = 0.0;
        let goals = to.iter().zip(shares).map(|(j, share)| (*j as usize, (1.0 - stay) * share)).chain([(node, stay)]);
        for (((j, share), goal), upto) in goals.zip(&mut self.goals).zip(&mut self.sums) {
            *goal = urns[j];
            sum += f64::from(goal.vacancies) * share;
            *upto = sum;
        }
        if sum > 0.0 && choices >= TABLE_CHOICES {
            self.fill_table(sum);
        }
        sum > 0.0
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cuts saturate at 2³² − 1")]
    fn fill_table(&mut self, sum: f64) {
        let count = self.goals.len();
        let scale = count as f64 / sum;
        self.columns.extend(self.goals.iter().map(|goal| Column { cut: u32::MAX, own_and_other: [*goal; 2] }));
        self.heights.resize(count, 0.0);
        // Written into both lists, kept in one: which one cannot be guessed, and a wrong guess costs more than a write.
        self.light.resize(count, 0);
        self.heavy.resize(count, 0);
        let (mut lights, mut heavies) = (0, 0);
        let mut before = 0.0;
        for ((k, height), upto) in (0_u32..).zip(&mut self.heights).zip(&self.sums) {
            *height = (upto - before) * scale;
            before = *upto;
            (self.light[lights], self.heavy[heavies]) = (k, k);
            lights += usize::from(*height < 1.0);
            heavies += usize::from(*height >= 1.0);
        }
        while lights > 0 && heavies > 0 {
            lights -= 1;
            let (light, heavy) = (self.light[lights] as usize, self.heavy[heavies - 1] as usize);
            let column = &mut self.columns[light];
            column.cut = (self.heights[light] * NUMBERS) as u32;
            column.own_and_other[1] = self.goals[heavy];
            self.heights[heavy] = (self.heights[heavy] + self.heights[light]) - 1.0;
            if self.heights[heavy] < 1.0 {
                heavies -= 1;
                self.light[lights] = self.heavy[heavies];
                lights += 1;
            }
        }
        // What is left in either list is 1 high but for rounding: its own goal all over.
    }

    /// The goal of a number.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
    fn choose(&self, number: u32) -> Urn {
        if self.columns.is_empty() {
            // A number stays below 2³² by more than the sum is rounded: the last sum is above it.
            let number = f64::from(number) * (self.sums.last().copied().unwrap_or(0.0) / NUMBERS);
            let goal = self.sums.iter().filter(|sum| **sum <= number).count();
            return self.goals[goal];
        }
        // The high part finds the column, the low part the half.
        let place = u64::from(number) * self.columns.len() as u64;
        let column = &self.columns[(place >> 32) as usize];
        column.own_and_other[usize::from(place as u32 >= column.cut)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_chosen_by_vacancies_times_share_by_sums_and_by_table() {
        let vacancies = [7, 0, 12, 1, 30];
        let urns: Vec<Urn> = vacancies.iter().enumerate().map(|(start, v)| Urn { start: u32::try_from(start).unwrap(), vacancies: *v }).collect();
        let (to, shares) = ([1_u32, 2, 3, 4], [0.1, 0.2, 0.3, 0.4]);
        // Of the own occupation, then the others: .3 · 7, .7 · .1 · 0, ….
        let weights = [0.3 * 7.0, 0.0, 0.7 * 0.2 * 12.0, 0.7 * 0.3, 0.7 * 0.4 * 30.0];
        let sum: f64 = weights.iter().sum();
        for choices in [1, 1000] {
            let mut chooser = Chooser::default();
            assert!(chooser.prepare((&to, &shares), 0, 0.3, &urns, choices));
            assert_eq!(!chooser.columns.is_empty(), choices == 1000);
            // Every number of an even grid: the counts are the chances to within the grid.
            let grid = 1 << 20;
            let mut counts = [0_u32; 5];
            (0..grid).for_each(|k| counts[chooser.choose(k * 4096 + 2048).start as usize] += 1);
            for (count, weight) in counts.iter().zip(weights) {
                assert!((f64::from(*count) / f64::from(grid) - weight / sum).abs() < 1e-5, "{counts:?}");
            }
            assert_eq!(counts[1], 0);
            assert!(chooser.choose(0).vacancies > 0 && chooser.choose(u32::MAX).vacancies > 0);
        }
        assert!(!Chooser::default().prepare((&[1], &[1.0]), 1, 0.3, &urns, 9));
    }
}
