//! The exactly stochastic engine: whole persons, each with its own choice, each vacancy with its own applicants. Slower than
//! the deterministic engines, whose mean field it is; it shows how far chance alone spreads the runs.
//!
//! A step, literally: separations and openings are binomial; every unemployed person picks an occupation with chance q_ij,
//! one of its vacancies at random, and a ticket, all by one random number; every vacancy that was picked hires the highest ticket. So the filled
//! vacancies of an occupation are the occupied ones of s_j balls in v_j urns, and the hired a sample without replacement
//! of the applicants, over origins and spells at once: multivariate hypergeometric.
//!
//! Chances are resolved to 2⁻³⁰, picks among v vacancies to v·2⁻³²; of two tickets at one vacancy, v of 2³² tie, and then the
//! later origin wins. Who picks what is found in whole numbers and without a branch that cannot be foreseen.
use super::binomial::binomials;
use super::{Counts, Engine, EngineError, Job, LONG_TERM_STEPS, Run, Stocks, Trajectory};
use crate::compare::{larger, smaller};
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
const WHO_BITS: u32 = SPELL_BITS + 21;
/// From here up a ticket is 1 where somebody holds it.
const TICKET_BITS: u32 = WHO_BITS + 32;
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
    /// The highest ticket at every vacancy; without an applicant, one of the origin behind the last, which is nobody.
    tickets: Vec<u64>,
    /// Hired by origin and spell, and nobody.
    hired: Vec<[u32; 1 << SPELL_BITS]>,
    goals: Goals,
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
        hired: vec![[0; 1 << SPELL_BITS]; nodes + 1],
        goals: Goals::default(),
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
        // Nobody's are spread over some counts: increments of a single one would wait for each other.
        self.tickets.clear();
        self.tickets.extend((0..u64::from(start)).map(|place| (nodes as u64) << SPELL_BITS | place % SPELLS as u64));
        self.hired.fill([0; 1 << SPELL_BITS]);
        self.goals.prepare(job, run, run.demand.widening[step]);
        for node in 0..nodes {
            let unemployed = self.waiting[node].iter().sum();
            if unemployed > 0 {
                let (goals, chances) = self.goals.of(node);
                if self.chooser.prepare(goals, chances, &self.urns, unemployed) {
                    apply(&self.chooser, (goals, &self.urns), &mut self.tickets, node, &self.waiting[node], &mut stream(node, OF_APPLICANTS));
                }
            }
        }
        for node in 0..nodes {
            let (separated, opened) = self.posts(run, step, node, unit, &mut stream(node, OF_POSTS));
            let urn = self.urns[node];
            let picked = &self.tickets[urn.start as usize..(urn.start + urn.vacancies) as usize];
            let mut filled = 0;
            for ticket in picked {
                let who = (ticket & ((1 << WHO_BITS) - 1)) as usize;
                self.hired[who >> SPELL_BITS][who & ((1 << SPELL_BITS) - 1)] += 1;
                filled += u32::from(*ticket >= 1 << TICKET_BITS);
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
        // Chances, not numbers: ω/e and ν/e. With nobody employed both draws are 0, whatever the chance.
        let gap = gap / larger(e, 1.0);
        let driven = |rate: f64, pace: f64, gap: f64| rate + (1.0 - rate) * smaller(pace * larger(gap, 0.0), 1.0);
        let chances = [driven(rates.separation[node], rates.cutting, gap), driven(rates.opening[node], rates.advertising, -gap)];
        let [separated, opened] = binomials(draw, employed, chances);
        (separated, u32::try_from(opened).unwrap_or(u32::MAX))
    }
}

/// All unemployed of an occupation pick a vacancy each, and leave a ticket.
fn apply(chooser: &Chooser, (goals, urns): (&[u32], &[Urn]), tickets: &mut [u64], node: usize, waiting: &[u32; SPELLS], draw: &mut Stream) {
    let whose = (node as u64) << SPELL_BITS;
    if chooser.columns.is_empty() {
        // Few: a loop for each spell would end too often.
        let [unknown, one, two, three, long] = *waiting;
        let upto = [unknown, unknown + one, unknown + one + two, unknown + one + two + three];
        for person in 0..upto[3] + long {
            let spell = upto.iter().map(|upto| u64::from(person >= *upto)).sum::<u64>();
            pick(tickets, draw, whose | spell, |number| urns[goals[chooser.counted(number)] as usize]);
        }
    } else {
        for (spell, count) in (0..).zip(waiting) {
            for _ in 0..*count {
                pick(tickets, draw, whose | spell, |number| chooser.looked_up(number));
            }
        }
    }
}

/// One picks a vacancy and leaves a ticket.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "halves of 64 bits")]
fn pick(tickets: &mut [u64], draw: &mut Stream, who: u64, choose: impl Fn(u32) -> Urn) {
    let bits = draw.bits();
    let urn = choose((bits >> 32) as u32);
    // Whole part: the vacancy. Rest: as random within it, the ticket; 1 above it sets every ticket above nobody's.
    let pick = u64::from(bits as u32) * u64::from(urn.vacancies);
    let ticket = ((pick & 0xFFFF_FFFF | 1 << 32) << WHO_BITS) | who;
    if let Some(highest) = tickets.get_mut(urn.start as usize + (pick >> 32) as usize) {
        *highest = (*highest).max(ticket);
    }
}

/// Where the unemployed of each occupation look, and how often: the edges of the network and the occupation itself.
#[derive(Default)]
struct Goals {
    /// Of which widening; none as long as nothing is filled in.
    widening: Option<f64>,
    /// Where the goals of each occupation begin, and where the last ones end.
    first: Vec<usize>,
    goals: Vec<u32>,
    /// In 2⁻³².
    chances: Vec<u32>,
}

/// 2³².
const NUMBERS: f64 = 4_294_967_296.0;

impl Goals {
    /// Fills them in, where the widening is another than before.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "chances saturate at 1 − 2⁻³²; there are at most 2²⁰ occupations")]
    fn prepare(&mut self, job: &Job<'_>, run: &Run, widening: f64) {
        if self.widening == Some(widening) {
            return;
        }
        self.widening = Some(widening);
        self.first.clear();
        self.goals.clear();
        self.chances.clear();
        for node in 0..job.network.nodes() {
            self.first.push(self.goals.len());
            let stay = run.rates.self_loop[node] * (1.0 - widening);
            let (to, shares) = job.network.row(node);
            // However seldom, never not at all.
            let chance = |of: f64| ((of * NUMBERS).round() as u32).max(u32::from(of > 0.0));
            self.goals.extend(to.iter().copied().chain([node as u32]));
            self.chances.extend(shares.iter().map(|share| chance((1.0 - stay) * share)).chain([chance(stay)]));
        }
        self.first.push(self.goals.len());
    }

    fn of(&self, node: usize) -> (&[u32], &[u32]) {
        let places = self.first[node]..self.first[node + 1];
        (&self.goals[places.clone()], &self.chances[places])
    }
}

/// Chooses among the goals of one occupation in proportion to vacancies times chance: by counting the running sums below a
/// number where few choose, else by an alias table, in which a number finds its goal at once (Walker 1977; built as in Vose
/// 1991, "A linear algorithm for generating random numbers with a given distribution").
#[derive(Default)]
struct Chooser {
    /// Weights of the goals up to each.
    sums: Vec<u64>,
    /// The same in 31 bits, the last above 2³⁰; filled up to whole `LANES` with what no number reaches.
    upto: Vec<i32>,
    /// The last of these.
    total: u64,
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
/// Sums that are counted at once.
const LANES: usize = 8;

impl Chooser {
    /// Makes ready for so many choices; false where there is no vacancy to see.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "31 bits are left")]
    fn prepare(&mut self, goals: &[u32], chances: &[u32], urns: &[Urn], choices: u32) -> bool {
        self.sums.clear();
        self.columns.clear();
        let mut sum = 0;
        // Below 2⁵⁸: all vacancies together and the own ones, which may stand among the goals too, are below 2²⁶, chances below 2³².
        self.sums.extend(goals.iter().zip(chances).map(|(goal, chance)| {
            sum += u64::from(urns[*goal as usize].vacancies) * u64::from(*chance);
            sum
        }));
        if sum == 0 {
            return false;
        }
        if choices >= TABLE_CHOICES {
            self.fill_table(goals, urns, sum);
            return true;
        }
        let (up, down) = (sum.leading_zeros().saturating_sub(33), 33_u32.saturating_sub(sum.leading_zeros()));
        self.upto.clear();
        self.upto.extend(self.sums.iter().map(|sum| ((sum << up) >> down) as i32));
        self.total = (sum << up) >> down;
        self.upto.resize(self.upto.len().next_multiple_of(LANES), i32::MAX);
        true
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cuts saturate at 2³² − 1")]
    fn fill_table(&mut self, goals: &[u32], urns: &[Urn], sum: u64) {
        let count = self.sums.len();
        let scale = count as f64 / sum as f64;
        self.columns.extend(goals.iter().map(|goal| Column { cut: u32::MAX, own_and_other: [urns[*goal as usize]; 2] }));
        self.heights.resize(count, 0.0);
        // Written into both lists, kept in one: which one cannot be guessed, and a wrong guess costs more than a write.
        self.light.resize(count, 0);
        self.heavy.resize(count, 0);
        let (mut lights, mut heavies) = (0, 0);
        let mut before = 0;
        for ((k, height), upto) in (0_u32..).zip(&mut self.heights).zip(&self.sums) {
            *height = (upto - before) as f64 * scale;
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
            column.own_and_other[1] = urns[goals[heavy] as usize];
            self.heights[heavy] = (self.heights[heavy] + self.heights[light]) - 1.0;
            if self.heights[heavy] < 1.0 {
                heavies -= 1;
                self.light[lights] = self.heavy[heavies];
                lights += 1;
            }
        }
        // What is left in either list is 1 high but for rounding: its own goal all over.
    }

    /// Which goal is a number's, by counting.
    #[inline]
    #[expect(clippy::cast_possible_wrap, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "31 bits")]
    fn counted(&self, number: u32) -> usize {
        let number = ((u64::from(number) * self.total) >> 32) as i32;
        let mut counts = [0_i32; LANES];
        for sums in self.upto.as_chunks::<LANES>().0 {
            counts = std::array::from_fn(|k| counts[k] + i32::from(sums[k] <= number));
        }
        counts.iter().sum::<i32>() as usize
    }

    /// The goal of a number, by the table.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
    fn looked_up(&self, number: u32) -> Urn {
        // The high part finds the column, the low part the half.
        let place = u64::from(number) * self.columns.len() as u64;
        let column = &self.columns[(place >> 32) as usize];
        column.own_and_other[usize::from(place as u32 >= column.cut)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each beginning where a test knows it: at its number.
    fn urns(vacancies: &[u32]) -> Vec<Urn> {
        (0..).zip(vacancies).map(|(start, v)| Urn { start, vacancies: *v }).collect()
    }

    #[test]
    fn goals_are_chosen_by_vacancies_times_chance_by_sums_and_by_table() {
        let urns = urns(&[7, 0, 12, 1, 30]);
        let share = |of: f64| (of * NUMBERS) as u32;
        let (goals, chances) = ([1_u32, 2, 3, 4, 0], [0.07, 0.14, 0.21, 0.28, 0.3].map(share));
        let weights = [0.0, 0.14 * 12.0, 0.21, 0.28 * 30.0, 0.3 * 7.0];
        let sum: f64 = weights.iter().sum();
        for choices in [1, 1000] {
            let mut chooser = Chooser::default();
            assert!(chooser.prepare(&goals, &chances, &urns, choices));
            assert_eq!(!chooser.columns.is_empty(), choices == 1000);
            let choose = |number| if choices == 1000 { chooser.looked_up(number) } else { urns[goals[chooser.counted(number)] as usize] };
            // Every number of an even grid: the counts are the chances to within the grid.
            let grid = 1 << 20;
            let mut counts = [0_u32; 5];
            (0..grid).for_each(|k| counts[choose(k * 4096 + 2048).start as usize] += 1);
            for (goal, weight) in goals.iter().zip(weights) {
                assert!((f64::from(counts[*goal as usize]) / f64::from(grid) - weight / sum).abs() < 1e-5, "{counts:?}");
            }
            assert_eq!(counts[1], 0);
            assert!(choose(0).vacancies > 0 && choose(u32::MAX).vacancies > 0);
        }
        assert!(!Chooser::default().prepare(&[1], &[u32::MAX], &urns, 9));
    }

    #[test]
    fn chances_hold_for_one_vacancy_seldom_looked_for_and_for_very_many() {
        for (vacancies, chances) in [([1_u32, 2], [1_u32, 3]), ([1 << 24, 1 << 23], [u32::MAX; 2])] {
            let mut chooser = Chooser::default();
            assert!(chooser.prepare(&[0, 1], &chances, &urns(&vacancies), 1));
            let weights = [0, 1].map(|k| f64::from(vacancies[k]) * f64::from(chances[k]));
            let first = (0..1 << 16).filter(|k| chooser.counted(k << 16) == 0).count();
            assert!((first as f64 / 65_536.0 - weights[0] / (weights[0] + weights[1])).abs() < 1e-4, "{first}");
        }
    }
}
