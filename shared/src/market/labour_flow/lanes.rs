//! The fast engine: several runs side by side, one a lane, or one run with several occupations side by side, in arrays that the
//! compiler turns into vector instructions (128 bits natively and in wasm, four numbers of f32). Twin: [`super::scalar`], within
//! 1e-5 of every figure, or of one person.
//!
//! The sums over edges are ordered so that each step goes over the edges once. With x_i = u_i / Σ_l v_l·A_il, the applicants
//! are s_j = v_j·Σ_i x_i·A_ij and those hired away x_i·Σ_j A_ij·v_j·(chance of j). The second needs the whole of the first,
//! but the new u needs only the second, and the new v only the first; so row i can finish the last step, look at the new
//! vacancies and send out its applications in one go.
//!
//! Flows are of f32, people of f64. Those hired are summed twice, by goal and by origin, and rounding parts the two sums by some
//! 1e-8; so that nobody is lost, the unemployed of all occupations are then taken in one proportion to the labour force less the
//! employed.
use super::{Counts, Engine, EngineError, Job, LONG_TERM_STEPS, Run, Stocks, Trajectory};
use crate::market::network::Network;

/// See the file.
#[derive(Clone, Copy, Debug)]
pub struct Lanes;

/// Runs side by side. More would share the reading of an edge among more, but no longer fit the second cache (784
/// occupations × 8 runs are 0.4 MB).
const WIDE: usize = 8;

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
#[inline(never)]
fn trajectories(job: &Job<'_>) -> Vec<Trajectory> {
    let chunks = job.runs.chunks(WIDE);
    chunks
        .flat_map(|runs| match runs.len() {
            1 => simulate::<1, 4, 4>(job, runs),
            2..=4 => simulate::<4, 1, 4>(job, runs),
            _ => simulate::<WIDE, 1, WIDE>(job, runs),
        })
        .collect()
}

/// What belongs to some neighbouring occupations, [occupation, run].
#[derive(Clone, Copy)]
struct Cell<const W: usize> {
    employed: [f64; W],
    /// Before they are taken to the labour force less the employed.
    unemployed: [f64; W],
    spells: [[f32; W]; LONG_TERM_STEPS],
    /// Separations of the step that is being finished.
    separated: [f32; W],
    /// x_i: unemployed per vacancy seen, of that step.
    pressure: [f32; W],
    separation: [f32; W],
    opening: [f32; W],
    self_loop: [f32; W],
    base: [f32; W],
    shift: [f32; W],
}

/// What the rows that lead to an occupation ask of it, [run].
#[derive(Clone, Copy)]
struct Goal<const L: usize> {
    vacancies: [f32; L],
    /// Vacancies times the chance of an applicant, of the step that is being finished.
    offers: [f32; L],
}

/// The edges from neighbouring occupations to one goal, with their shares, 0 where there is none.
#[derive(Clone, Copy)]
struct Edges<const N: usize> {
    to: u32,
    shares: [f32; N],
}

/// The edges of every cell.
fn bundled<const N: usize>(network: &Network) -> Vec<Vec<Edges<N>>> {
    let mut place = vec![usize::MAX; network.nodes()];
    let cell = |first: usize| {
        let mut bundles: Vec<Edges<N>> = Vec::new();
        for row in 0..N {
            let (to, shares) = network.row(first + row);
            for (to, share) in to.iter().zip(shares) {
                // A place of an earlier cell says nothing here.
                let place = &mut place[*to as usize];
                if bundles.get(*place).is_none_or(|known| known.to != *to) {
                    *place = bundles.len();
                    bundles.push(Edges { to: *to, shares: [0.0; N] });
                }
                bundles[*place].shares[row] = single(*share);
            }
        }
        bundles
    };
    (0..network.nodes()).step_by(N).map(cell).collect()
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest f32; values end at 1e12")]
fn single(value: f64) -> f32 {
    value as f32
}

/// A value of each run, [occupation, run]; lanes beyond the runs repeat the last.
fn lanes<const L: usize, const W: usize>(runs: &[Run], value: impl Fn(usize, &Run) -> f64) -> [f64; W] {
    std::array::from_fn(|k| runs.get(k % L).or(runs.last()).map_or(0.0, |run| value(k / L, run)))
}

/// `L` runs by `N` neighbouring occupations, `W` in all.
fn simulate<const L: usize, const N: usize, const W: usize>(job: &Job<'_>, runs: &[Run]) -> Vec<Trajectory> {
    let (steps, record) = (job.steps(), &job.record);
    let edges = bundled::<N>(job.network);
    let of = |first: usize, list: &dyn Fn(&Run) -> &[f64]| lanes::<L, W>(runs, |row, run| list(run).get(first + row).copied().unwrap_or(0.0));
    let cell = |first: usize| Cell {
        employed: of(first, &|run| &run.start.employed),
        unemployed: of(first, &|run| &run.start.unemployed),
        spells: std::array::from_fn(|k| of(first, &|run| &run.start.spells[k]).map(single)),
        separated: [0.0; W],
        pressure: [0.0; W],
        separation: of(first, &|run| &run.rates.separation).map(single),
        opening: of(first, &|run| &run.rates.opening).map(single),
        self_loop: of(first, &|run| &run.rates.self_loop).map(single),
        base: of(first, &|run| &run.demand.base).map(single),
        shift: of(first, &|run| &run.demand.shift).map(single),
    };
    let mut cells: Vec<Cell<W>> = (0..edges.len()).map(|place| cell(place * N)).collect();
    let goal = |node: usize| Goal { vacancies: std::array::from_fn(|run| of(node, &|run| &run.start.vacancies).map(single)[run]), offers: [0.0; L] };
    let mut goals: Vec<Goal<L>> = (0..cells.len() * N).map(goal).collect();
    let mut asked = vec![[0.0; W]; goals.len()];
    let mut out: Vec<Trajectory> = runs.iter().map(|run| Trajectory { totals: Vec::with_capacity(steps + 1), recorded: Vec::new(), end: run.start.clone() }).collect();
    let every = |value: &dyn Fn(&Run) -> f64| lanes::<L, W>(runs, |_, run| value(run));
    let paces = Paces { cutting: every(&|run| run.rates.cutting).map(single), advertising: every(&|run| run.rates.advertising).map(single) };
    let force = every(&|run| run.start.labour_force().iter().sum());
    // What takes the unemployed of a run to its labour force less the employed.
    let mut whole = [1.0; W];
    let mut mobile_before = [0.0; W];
    for step in 0..=steps {
        let mobile = every(&|run| 1.0 - run.demand.widening.get(step).copied().unwrap_or(0.0)).map(single);
        let mut sums = [[0.0; W]; 4];
        asked.fill([0.0; W]);
        for ((place, cell), edges) in cells.iter_mut().enumerate().zip(&edges) {
            sweep::<L, N, W>(place, cell, edges, &goals, &mut asked, [&mobile_before, &mobile], (step > 0).then_some(&whole));
            let own = own::<L, N, W>(&goals, place);
            for (sum, values) in sums.iter_mut().zip([&cell.employed, &cell.unemployed]) {
                sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
            for (sum, values) in sums[2..].iter_mut().zip([&own.vacancies, &cell.spells[3]]) {
                sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
            }
        }
        mobile_before = mobile;
        let totals = sums.map(|sums| std::array::from_fn::<f64, L, _>(|run| (run..W).step_by(L).map(|k| sums[k]).sum()));
        let [employed, unemployed, ..] = &totals;
        whole = std::array::from_fn(|k| if unemployed[k % L] > 0.0 { most(force[k] - employed[k % L], 0.0) / unemployed[k % L] } else { 1.0 });
        for (lane, run) in out.iter_mut().enumerate() {
            let [employed, unemployed, vacancies, long_term] = totals.map(|of| of[lane]);
            run.totals.push(Counts { employed, unemployed: unemployed * whole[lane], vacancies, long_term });
            if step.is_multiple_of(record.every) {
                let counts = |node: &u32| {
                    let node = *node as usize;
                    let (cell, k) = (&cells[node / N], node % N * L + lane);
                    Counts { employed: cell.employed[k], unemployed: cell.unemployed[k] * whole[k], vacancies: goals[node].vacancies[lane].into(), long_term: cell.spells[3][k].into() }
                };
                run.recorded.push(record.nodes.iter().map(counts).collect());
            }
        }
        if step < steps {
            let ramp = every(&|run| run.demand.ramp[step]).map(single);
            let cycle = every(&|run| run.demand.cycle[step]).map(single);
            for ((cell, goals), asked) in cells.iter_mut().zip(goals.as_chunks_mut::<N>().0).zip(asked.as_chunks::<N>().0) {
                hire::<L, N, W>(cell, goals, asked, &paces, &ramp, &cycle);
            }
        }
    }
    for (lane, run) in out.iter_mut().enumerate() {
        let nodes = 0..job.network.nodes();
        let at = |value: &dyn Fn(&Cell<W>, usize) -> f64| nodes.clone().map(|node| value(&cells[node / N], node % N * L + lane)).collect::<Vec<f64>>();
        run.end = Stocks {
            employed: at(&|cell, k| cell.employed[k]),
            unemployed: at(&|cell, k| cell.unemployed[k] * whole[k]),
            vacancies: nodes.clone().map(|node| goals[node].vacancies[lane].into()).collect(),
            spells: std::array::from_fn(|spell| at(&|cell, k| cell.spells[spell][k].into())),
        };
    }
    out
}

/// The goals that the occupations of a cell are themselves.
#[inline]
fn own<const L: usize, const N: usize, const W: usize>(goals: &[Goal<L>], place: usize) -> Goal<W> {
    let goals = &goals.as_chunks::<N>().0[place];
    // Plain loops here and below: without link-time optimisation the calls of `from_fn` stay calls.
    let mut own = Goal { vacancies: [0.0; W], offers: [0.0; W] };
    for k in 0..W {
        (own.vacancies[k], own.offers[k]) = (goals[k / L].vacancies[k % L], goals[k / L].offers[k % L]);
    }
    own
}

/// Finishes the last step for the unemployed of a cell, and sends their applications for the next. `whole`, where there was a
/// last step, takes the unemployed to the labour force less the employed.
#[inline]
fn sweep<const L: usize, const N: usize, const W: usize>(
    place: usize,
    cell: &mut Cell<W>,
    edges: &[Edges<N>],
    goals: &[Goal<L>],
    asked: &mut [[f32; W]],
    mobile: [&[f32; W]; 2],
    whole: Option<&[f64; W]>,
) {
    /// Applications to a vacancy seen, at most: so many fill it, and more might overflow.
    const PRESSURE_MAX: f32 = 1e15;
    let [seen, taken] = sums::<L, N, W>(edges, goals);
    let own = own::<L, N, W>(goals, place);
    let (mut moves, mut stays) = ([0.0; W], [0.0; W]);
    let was = *cell;
    if let Some(whole) = whole {
        for k in 0..W {
            let stay = was.self_loop[k] * mobile[0][k];
            let before = was.unemployed[k] * whole[k];
            let hired = was.pressure[k] * ((1.0 - stay) * taken[k] + stay * own.offers[k]);
            let still = most(1.0 - hired / most(single(before), f32::MIN_POSITIVE), 0.0);
            cell.spells[0][k] = was.separated[k];
            cell.spells[1][k] = was.spells[0][k] * still;
            cell.spells[2][k] = was.spells[1][k] * still;
            cell.spells[3][k] = (was.spells[2][k] + was.spells[3][k]) * still;
            cell.unemployed[k] = most(before + f64::from(was.separated[k]) - f64::from(hired), 0.0);
        }
    }
    let was = *cell;
    for k in 0..W {
        let stay = was.self_loop[k] * mobile[1][k];
        let seen = (1.0 - stay) * seen[k] + stay * own.vacancies[k];
        let pressure = least(single(was.unemployed[k]) / most(seen, f32::MIN_POSITIVE), PRESSURE_MAX);
        cell.pressure[k] = pressure;
        moves[k] = (1.0 - stay) * pressure;
        stays[k] = stay * pressure;
    }
    for k in 0..W {
        asked[place * N + k / L][k] += stays[k];
    }
    for edges in edges {
        let goal = &mut asked[edges.to as usize];
        for k in 0..W {
            goal[k] += edges.shares[k / L] * moves[k];
        }
    }
}

/// Vacancies and offers of the goals of a cell's rows, weighted by their shares. Each sum is taken in two parts, so that an
/// addition need not wait for the one before.
#[inline]
fn sums<const L: usize, const N: usize, const W: usize>(edges: &[Edges<N>], goals: &[Goal<L>]) -> [[f32; W]; 2] {
    const PARTS: usize = 2;
    let mut parts = [[[0.0; W]; 2]; PARTS];
    let take = |[vacancies, offers]: &mut [[f32; W]; 2], edges: &Edges<N>| {
        let goal = &goals[edges.to as usize];
        for k in 0..W {
            vacancies[k] += edges.shares[k / L] * goal.vacancies[k % L];
            offers[k] += edges.shares[k / L] * goal.offers[k % L];
        }
    };
    let (chunks, rest) = edges.as_chunks::<PARTS>();
    for chunk in chunks {
        for part in 0..PARTS {
            take(&mut parts[part], &chunk[part]);
        }
    }
    rest.iter().for_each(|edges| take(&mut parts[0], edges));
    let [mut whole, other] = parts;
    for (whole, other) in whole.iter_mut().zip(&other) {
        for k in 0..W {
            whole[k] += other[k];
        }
    }
    whole
}

/// Coefficients that all occupations share.
struct Paces<const W: usize> {
    cutting: [f32; W],
    advertising: [f32; W],
}

/// Employment and vacancies of a cell one step later, and what its applicants got.
#[inline]
fn hire<const L: usize, const N: usize, const W: usize>(cell: &mut Cell<W>, goals: &mut [Goal<L>; N], asked: &[[f32; W]; N], paces: &Paces<W>, ramp: &[f32; W], cycle: &[f32; W]) {
    let own = own::<L, N, W>(goals, 0);
    let before = own.vacancies;
    // s/v: what was asked of each vacancy, by all rows of a cell together.
    let mut all = [0.0; W];
    for row in 0..N {
        for k in 0..W {
            all[k] += asked[k / L][row * L + k % L];
        }
    }
    let (mut vacancies, mut offers) = ([0.0; W], [0.0; W]);
    let was = *cell;
    for k in 0..W {
        let (e, v) = (single(was.employed[k]), before[k]);
        let demand = (was.base[k] + ramp[k] * was.shift[k]) * cycle[k];
        let gap = e + v - demand;
        let driven = |rate: f32, pace: f32, gap: f32| rate * e + (1.0 - rate) * least(e, pace * most(gap, 0.0));
        let separated = driven(was.separation[k], paces.cutting[k], gap);
        let opened = driven(was.opening[k], paces.advertising[k], -gap);
        let filled = v * filled_share(all[k]);
        offers[k] = filled / most(all[k], f32::MIN_POSITIVE);
        cell.separated[k] = separated;
        cell.employed[k] = most(was.employed[k] + f64::from(filled) - f64::from(separated), 0.0);
        vacancies[k] = most(v + opened - filled, 0.0);
    }
    for k in 0..W {
        (goals[k / L].vacancies[k % L], goals[k / L].offers[k % L]) = (vacancies[k], offers[k]);
    }
}

#[inline]
fn most<T: PartialOrd>(a: T, b: T) -> T {
    if b > a { b } else { a }
}

#[inline]
fn least<T: PartialOrd>(a: T, b: T) -> T {
    if b < a { b } else { a }
}

/// 1 − e^(−x) of x ≥ 0 within 3·2⁻²⁴ (relative), by plain sums and products, so that it runs in lanes and gives the same bytes
/// on every target; 1 from 87 on. With x = n·ln 2 − r it is (1 − 2⁻ⁿ) − 2⁻ⁿ·(eʳ − 1), eʳ − 1 by Taylor's series to the 7th power
/// on |r| ≤ ½ ln 2, where the rest is below 2⁻²⁴ of it.
#[inline]
fn filled_share(x: f32) -> f32 {
    /// 1.5 · 2²³: adding it rounds to a whole number, which then stands in the low bits.
    const WHOLE: f32 = 12_582_912.0;
    /// ln 2 in two parts, the first with 15 zero bits at its end (fdlibm's e_expf.c).
    const LN_2: [f32; 2] = [6.931_457_5e-1, 1.428_606_8e-6];
    let small = least(x, 87.0);
    let rounded = small * std::f32::consts::LOG2_E + WHOLE;
    let whole = rounded - WHOLE;
    let r = -((small - whole * LN_2[0]) - whole * LN_2[1]);
    let mut sum = 1.0 / 5_040.0;
    for factor in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0] {
        sum = sum * r + factor;
    }
    // 2^−whole by its exponent bits; the high bits of the sum fall off.
    let power = f32::from_bits(127_u32.wrapping_sub(rounded.to_bits()) << 23);
    (1.0 - power) - power * (sum * r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_filled_is_that_of_libm_within_rounding() {
        let steps = (0..2_000_000_u32).map(|k| f64::from(k) * 5e-5);
        let small = (0..1_000).map(|k| libm::pow(0.9, f64::from(k)));
        for x in steps.chain(small).map(single) {
            let (own, exact) = (f64::from(filled_share(x)), -libm::expm1(-f64::from(x)));
            assert!((own - exact).abs() <= 1.8e-7 * exact, "{x}: {own} {exact}");
        }
        assert_eq!([0.0, 87.0, 1e30, f32::INFINITY].map(filled_share), [0.0, 1.0, 1.0, 1.0]);
    }
}
