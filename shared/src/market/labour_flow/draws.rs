//! The exactly stochastic engine: whole persons, each with its own choice, each vacancy with its own applicants. Slower than
//! the deterministic engines, whose mean field it is; it shows how far chance alone spreads the runs.
//!
//! A step, literally: separations and openings are binomial; every unemployed person picks an occupation with chance q_ij,
//! one of its vacancies at random, and a ticket; every vacancy that was picked hires the highest ticket. So the filled
//! vacancies of an occupation are the occupied ones of s_j balls in v_j urns, and the hired a sample without replacement
//! of the applicants, over origins and spells at once: multivariate hypergeometric.
//!
//! Chances are resolved to 2⁻³², picks of one of v vacancies to v·2⁻³²; tickets tie once in 2⁴¹ pairs (the later origin wins).
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
        let runs = (job.first_run..).zip(job.runs);
        runs.map(|(number, run)| trajectory(job, run, &[job.seed, number], self.unit)).collect()
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

fn trajectory(job: &Job<'_>, run: &Run, place: &[u64; 2], unit: f64) -> Result<Trajectory, EngineError> {
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
            market.step(job, run, place, step, unit)?;
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

    fn step(&mut self, job: &Job<'_>, run: &Run, place: &[u64; 2], step: usize, unit: f64) -> Result<(), EngineError> {
        let nodes = self.employed.len();
        let stream = |node: usize, what: u64| Stream::at(&[place[0], place[1], step as u64, node as u64, what]);
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
            if self.waiting[node].iter().any(|count| *count > 0) {
                let stay = run.rates.self_loop[node] * (1.0 - run.demand.widening[step]);
                if self.chooser.prepare(job.network.row(node), node, stay, &self.urns) {
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
        let opened = binomial(draw, employed, driven(rates.opening, rates.advertising, -gap));
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
            let vacancy = (u64::from(bits as u32) * u64::from(urn.vacancies)) >> 32;
            // The bit above `who` keeps every ticket above 0.
            let ticket = (draw.bits() << WHO_BITS) | (1 << WHO_BITS) | who;
            if let Some(highest) = tickets.get_mut(urn.start as usize + vacancy as usize) {
                *highest = (*highest).max(ticket);
            }
        }
    }
}

/// The goals of one occupation as an alias table, in which a number finds its goal at once (Walker 1977; built in one sweep
/// as in Hübschle-Schneider & Sanders 2022, "Parallel Weighted Random Sampling", ACM TOMS 48).
#[derive(Default)]
struct Chooser {
    /// Chance of a goal times the number of goals.
    heights: Vec<f64>,
    columns: Vec<Column>,
}

#[derive(Clone, Copy)]
struct Column {
    /// Of 2³²: below, the column's own goal; from there on, the other.
    cut: u32,
    own: Urn,
    other: Urn,
}

impl Chooser {
    /// Fills the table with chances in proportion to vacancies times share; false where there is no vacancy to see.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cuts saturate at 2³² − 1")]
    fn prepare(&mut self, (to, shares): (&[u32], &[f64]), node: usize, stay: f64, urns: &[Urn]) -> bool {
        self.heights.clear();
        self.columns.clear();
        let goals = to.iter().zip(shares).map(|(j, share)| (*j as usize, (1.0 - stay) * share)).chain([(node, stay)]);
        let mut sum = 0.0;
        for (urn, share) in goals.map(|(j, share)| (urns[j], share)) {
            let weight = f64::from(urn.vacancies) * share;
            if weight > 0.0 {
                sum += weight;
                self.heights.push(weight);
                self.columns.push(Column { cut: u32::MAX, own: urn, other: urn });
            }
        }
        if sum <= 0.0 {
            return false;
        }
        let scale = self.heights.len() as f64 / sum;
        self.heights.iter_mut().for_each(|height| *height *= scale);
        let next = |heights: &[f64], from: usize, heavy: bool| (from..heights.len()).find(|k| (heights[*k] > 1.0) == heavy);
        let (mut light, mut heavy) = (next(&self.heights, 0, false), next(&self.heights, 0, true));
        let mut left = heavy.map_or(0.0, |k| self.heights[k]);
        let cut = |height: f64| (height * 4_294_967_296.0) as u32;
        while let Some(h) = heavy {
            if left > 1.0 {
                // A light column is filled up from the heavy one.
                let Some(l) = light else { break };
                self.columns[l] = Column { cut: cut(self.heights[l]), other: self.columns[h].own, ..self.columns[l] };
                left = (left + self.heights[l]) - 1.0;
                light = next(&self.heights, l + 1, false);
            } else {
                // The heavy one has become light itself, and is filled up from the next heavy one.
                let Some(following) = next(&self.heights, h + 1, true) else { break };
                self.columns[h] = Column { cut: cut(left), other: self.columns[following].own, ..self.columns[h] };
                left = (self.heights[following] + left) - 1.0;
                heavy = Some(following);
            }
        }
        true
    }

    /// The goal of a number: its high part finds the column, its low part the half.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
    fn choose(&self, number: u32) -> Urn {
        let place = u64::from(number) * self.columns.len() as u64;
        match self.columns.get((place >> 32) as usize) {
            Some(column) if (place as u32) < column.cut => column.own,
            Some(column) => column.other,
            None => Urn { start: u32::MAX, vacancies: 0 },
        }
    }
}
