//! The fast engine: several runs side by side, one a lane, in arrays that the compiler turns into vector instructions (128
//! bits natively and in wasm). Twin: [`super::scalar`], within 1e-9.
//!
//! The sums over edges are ordered so that each step goes over the edges once. With x_i = u_i / Σ_l v_l·A_il, the applicants
//! are s_j = v_j·Σ_i x_i·A_ij and those hired away x_i·Σ_j A_ij·v_j·(chance of j). The second needs the whole of the first,
//! but the new u needs only the second, and the new v only the first; so row i can finish the last step, look at the new
//! vacancies and send out its applications in one go.
use super::{Counts, Engine, EngineError, Job, Run, Stocks, Trajectory};
use crate::market::network::Network;

/// See the file.
#[derive(Clone, Copy, Debug)]
pub struct Lanes;

/// Runs side by side. More would share the reading of an edge among more, but no longer fit the second cache (784
/// occupations × 4 runs are 0.4 MB).
const WIDE: usize = 4;

impl Engine for Lanes {
    fn name(&self) -> &'static str {
        "simd"
    }

    fn batch(&self) -> usize {
        WIDE
    }

    async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
        Ok(trajectories(job))
    }
}

/// Not within the future above: a future is compiled where it is polled, and the page's own code is compiled for size.
fn trajectories(job: &Job<'_>) -> Vec<Trajectory> {
    let chunks = job.runs.chunks(WIDE);
    chunks
        .flat_map(|runs| match runs.len() {
            1 => simulate::<1, 4>(job, runs),
            2 => simulate::<2, 2>(job, runs),
            _ => simulate::<WIDE, 1>(job, runs),
        })
        .collect()
}

/// One value of each run.
type Lane<const L: usize> = [f64; L];

/// What belongs to one occupation, [lane].
struct Cell<const L: usize> {
    employed: Lane<L>,
    unemployed: Lane<L>,
    spells: [Lane<L>; 4],
    /// Separations of the step that is being finished.
    separated: Lane<L>,
    /// x_i: unemployed per vacancy seen, of that step.
    pressure: Lane<L>,
    separation: Lane<L>,
    opening: Lane<L>,
    self_loop: Lane<L>,
    base: Lane<L>,
    shift: Lane<L>,
}

/// What the rows that lead to an occupation ask of it, [lane].
#[derive(Clone, Copy)]
struct Goal<const L: usize> {
    vacancies: Lane<L>,
    /// Vacancies times the chance of an applicant, of the step that is being finished.
    offers: Lane<L>,
}

/// One value of a step or of a run for each lane; lanes beyond the runs repeat the last.
fn lanes<const L: usize>(runs: &[Run], value: impl Fn(&Run) -> f64) -> Lane<L> {
    std::array::from_fn(|lane| runs.get(lane).or(runs.last()).map_or(0.0, &value))
}

/// `P`: sums that a row is split into, so that an addition need not wait for the one before.
fn simulate<const L: usize, const P: usize>(job: &Job<'_>, runs: &[Run]) -> Vec<Trajectory> {
    let (network, steps, record) = (job.network, job.steps(), &job.record);
    let nodes = network.nodes();
    let cell = |i: usize| Cell {
        employed: lanes(runs, |run| run.start.employed[i]),
        unemployed: lanes(runs, |run| run.start.unemployed[i]),
        spells: std::array::from_fn(|k| lanes(runs, |run| run.start.spells[k][i])),
        separated: [0.0; L],
        pressure: [0.0; L],
        separation: lanes(runs, |run| run.rates.separation[i]),
        opening: lanes(runs, |run| run.rates.opening[i]),
        self_loop: lanes(runs, |run| run.rates.self_loop[i]),
        base: lanes(runs, |run| run.demand.base[i]),
        shift: lanes(runs, |run| run.demand.shift[i]),
    };
    let mut cells: Vec<Cell<L>> = (0..nodes).map(cell).collect();
    let mut goals: Vec<Goal<L>> = (0..nodes).map(|i| Goal { vacancies: lanes(runs, |run| run.start.vacancies[i]), offers: [0.0; L] }).collect();
    let mut asked = vec![[0.0; L]; nodes];
    let mut out: Vec<Trajectory> = runs.iter().map(|run| Trajectory { totals: Vec::with_capacity(steps + 1), recorded: Vec::new(), end: run.start.clone() }).collect();
    let paces = Paces { cutting: lanes(runs, |run| run.rates.cutting), advertising: lanes(runs, |run| run.rates.advertising) };
    let mut mobile_before = [0.0; L];
    for step in 0..=steps {
        let widening = |run: &Run| run.demand.widening.get(step).copied().unwrap_or(0.0);
        let mobile = lanes::<L>(runs, |run| 1.0 - widening(run));
        let mut totals = [[0.0; L]; 4];
        asked.fill([0.0; L]);
        for i in 0..nodes {
            sweep::<L, P>(network, i, &mut cells[i], &goals, &mut asked, [&mobile_before, &mobile], step > 0);
            let [.., long] = &cells[i].spells;
            for (sum, values) in totals.iter_mut().zip([&cells[i].employed, &cells[i].unemployed, &goals[i].vacancies, long]) {
                add(sum, values);
            }
        }
        mobile_before = mobile;
        for (lane, run) in out.iter_mut().enumerate() {
            let [employed, unemployed, vacancies, long_term] = totals.map(|sum| sum[lane]);
            run.totals.push(Counts { employed, unemployed, vacancies, long_term });
            if step.is_multiple_of(record.every) {
                run.recorded.push(record.nodes.iter().map(|node| counts(&cells, &goals, *node as usize, lane)).collect());
            }
        }
        if step < steps {
            let ramp = lanes::<L>(runs, |run| run.demand.ramp[step]);
            let cycle = lanes::<L>(runs, |run| run.demand.cycle[step]);
            for ((cell, goal), asked) in cells.iter_mut().zip(&mut goals).zip(&asked) {
                hire(cell, goal, asked, &paces, &ramp, &cycle);
            }
        }
    }
    for (lane, run) in out.iter_mut().enumerate() {
        run.end = Stocks {
            employed: cells.iter().map(|cell| cell.employed[lane]).collect(),
            unemployed: cells.iter().map(|cell| cell.unemployed[lane]).collect(),
            vacancies: goals.iter().map(|goal| goal.vacancies[lane]).collect(),
            spells: std::array::from_fn(|k| cells.iter().map(|cell| cell.spells[k][lane]).collect()),
        };
    }
    out
}

fn counts<const L: usize>(cells: &[Cell<L>], goals: &[Goal<L>], node: usize, lane: usize) -> Counts {
    let cell = &cells[node];
    Counts { employed: cell.employed[lane], unemployed: cell.unemployed[lane], vacancies: goals[node].vacancies[lane], long_term: cell.spells[3][lane] }
}

#[inline]
fn add<const L: usize>(sum: &mut Lane<L>, values: &Lane<L>) {
    for lane in 0..L {
        sum[lane] += values[lane];
    }
}

/// Finishes the last step for the unemployed of row i, and sends their applications for the next.
#[inline]
fn sweep<const L: usize, const P: usize>(network: &Network, i: usize, cell: &mut Cell<L>, goals: &[Goal<L>], asked: &mut [Lane<L>], mobile: [&Lane<L>; 2], finish: bool) {
    let (to, shares) = network.row(i);
    let [seen, taken] = sums::<L, P>(to, shares, goals);
    let own = &goals[i];
    let mut moves = [0.0; L];
    for lane in 0..L {
        let stay = cell.self_loop[lane] * mobile[0][lane];
        let hired = cell.pressure[lane] * ((1.0 - stay) * taken[lane] + stay * own.offers[lane]);
        let before = cell.unemployed[lane];
        let still = 1.0 - if before > 0.0 { hired / before } else { 0.0 };
        if finish {
            let [one, two, three, long] = cell.spells.map(|spell| spell[lane]);
            cell.spells[0][lane] = cell.separated[lane];
            cell.spells[1][lane] = positive(one * still);
            cell.spells[2][lane] = positive(two * still);
            cell.spells[3][lane] = positive((three + long) * still);
            cell.unemployed[lane] = positive(before + cell.separated[lane] - hired);
        }
        let stay = cell.self_loop[lane] * mobile[1][lane];
        let seen = (1.0 - stay) * seen[lane] + stay * own.vacancies[lane];
        let pressure = if seen > 0.0 { cell.unemployed[lane] / seen } else { 0.0 };
        cell.pressure[lane] = pressure;
        moves[lane] = (1.0 - stay) * pressure;
        asked[i][lane] += stay * pressure;
    }
    each::<P>(to, shares, |_, j, w| {
        let goal = &mut asked[j];
        for lane in 0..L {
            goal[lane] += w * moves[lane];
        }
    });
}

/// Tells of every edge of a row, `P` in one turn: the part, the goal, its share.
#[inline]
fn each<const P: usize>(to: &[u32], shares: &[f64], mut tell: impl FnMut(usize, usize, f64)) {
    let ((to, to_rest), (shares, shares_rest)) = (to.as_chunks::<P>(), shares.as_chunks::<P>());
    for (to, shares) in to.iter().zip(shares) {
        (0..P).for_each(|part| tell(part, to[part] as usize, shares[part]));
    }
    to_rest.iter().zip(shares_rest).for_each(|(j, w)| tell(0, *j as usize, *w));
}

/// Vacancies and offers of a row's goals, weighted by its shares.
#[inline]
fn sums<const L: usize, const P: usize>(to: &[u32], shares: &[f64], goals: &[Goal<L>]) -> [Lane<L>; 2] {
    let mut parts = [Goal { vacancies: [0.0; L], offers: [0.0; L] }; P];
    each::<P>(to, shares, |part, j, w| {
        let (sum, goal) = (&mut parts[part], &goals[j]);
        for lane in 0..L {
            sum.vacancies[lane] += w * goal.vacancies[lane];
            sum.offers[lane] += w * goal.offers[lane];
        }
    });
    let [mut seen, mut taken] = [[0.0; L]; 2];
    for part in &parts {
        add(&mut seen, &part.vacancies);
        add(&mut taken, &part.offers);
    }
    [seen, taken]
}

/// Coefficients that all occupations share, [lane].
struct Paces<const L: usize> {
    cutting: Lane<L>,
    advertising: Lane<L>,
}

/// Employment and vacancies of an occupation one step later, and what its applicants got.
#[inline]
fn hire<const L: usize>(cell: &mut Cell<L>, goal: &mut Goal<L>, asked: &Lane<L>, paces: &Paces<L>, ramp: &Lane<L>, cycle: &Lane<L>) {
    for lane in 0..L {
        let (e, v) = (cell.employed[lane], goal.vacancies[lane]);
        let demand = (cell.base[lane] + ramp[lane] * cell.shift[lane]) * cycle[lane];
        let gap = e + v - demand;
        let driven = |rate: f64, pace: f64, gap: f64| rate * e + (1.0 - rate) * least(e, pace * positive(gap));
        let separated = driven(cell.separation[lane], paces.cutting[lane], gap);
        let opened = driven(cell.opening[lane], paces.advertising[lane], -gap);
        // s/v is what was asked of each vacancy.
        let filled = v * (1.0 - exp_of_minus(asked[lane]));
        let applicants = v * asked[lane];
        goal.offers[lane] = if applicants > 0.0 { v * (filled / applicants) } else { 0.0 };
        cell.separated[lane] = separated;
        cell.employed[lane] = positive(e + filled - separated);
        goal.vacancies[lane] = positive(v + opened - filled);
    }
}

#[inline]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

#[inline]
fn least(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

/// e^(−x) of x ≥ 0 within 2⁻⁵² (relative), by plain sums and products, so that it runs in lanes and gives the same bytes on
/// every target; 0 above 700. Taylor's series to the 13th power on |r| ≤ ½ ln 2, where the rest is below 1e-17.
#[inline]
fn exp_of_minus(x: f64) -> f64 {
    /// 1.5 · 2⁵²: adding it rounds to a whole number, which then stands in the low bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    /// ln 2 in two parts, the first with 21 zero bits at its end (fdlibm's e_exp.c).
    const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
    let small = least(x, 700.0);
    let rounded = small * std::f64::consts::LOG2_E + WHOLE;
    let whole = rounded - WHOLE;
    let r = -((small - whole * LN_2[0]) - whole * LN_2[1]);
    let mut sum = 1.0 / 6_227_020_800.0;
    for factor in [1.0 / 479_001_600.0, 1.0 / 39_916_800.0, 1.0 / 3_628_800.0, 1.0 / 362_880.0, 1.0 / 40_320.0, 1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * r + factor;
    }
    // 2^−whole by its exponent bits; the high bits of the sum fall off.
    let power = f64::from_bits(1023_u64.wrapping_sub(rounded.to_bits()) << 52);
    if x > 700.0 { 0.0 } else { sum * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_libm_within_rounding() {
        for k in 0..2_000_000_u32 {
            let x = f64::from(k) * 3.6e-4;
            let (own, exact) = (exp_of_minus(x), libm::exp(-x));
            assert!((own - exact).abs() <= 3e-16 * exact || x > 700.0, "{x}: {own} {exact}");
        }
        assert_eq!([0.0, 701.0, f64::INFINITY].map(exp_of_minus), [1.0, 0.0, 0.0]);
    }
}
