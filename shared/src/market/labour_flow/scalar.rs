//! The slow, clear engine: one run, one occupation, one edge after another, as the equations stand. The twin that the others
//! are held against.
use super::{Engine, EngineError, Job, Rates, Record, Run, Stocks, Trajectory, share};
use crate::market::network::Network;

/// See the file.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

impl Engine for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn batch(&self) -> usize {
        1
    }

    async fn run(&self, job: &Job<'_>) -> Result<Vec<Trajectory>, EngineError> {
        Ok(job.runs.iter().map(|run| trajectory(job.network, run, &job.record)).collect())
    }
}

fn trajectory(network: &Network, run: &Run, record: &Record) -> Trajectory {
    let mut stocks = run.start.clone();
    let mut totals = vec![stocks.totals()];
    let mut recorded = vec![record.nodes.iter().map(|node| stocks.of(*node as usize)).collect()];
    for step in 0..run.demand.ramp.len() {
        stocks = after(network, run, step, &stocks);
        totals.push(stocks.totals());
        if (step + 1).is_multiple_of(record.every) {
            recorded.push(record.nodes.iter().map(|node| stocks.of(*node as usize)).collect());
        }
    }
    Trajectory { totals, recorded, end: stocks }
}

/// The persons hired in a step, f_ij: `each` hears from, to and how many for every edge, and last of each occupation for those
/// who stay. `widening` is what training takes off every self-loop; people and posts by occupation.
pub fn hires(network: &Network, rates: &Rates, widening: f64, unemployed: &[f64], vacancies: &[f64], mut each: impl FnMut(usize, usize, f64)) {
    let nodes = network.nodes();
    // A_ij of this step: the self-loop, less what training takes off it, and the rest by the network.
    let row = |i: usize| {
        let (goals, shares) = network.row(i);
        let stay = rates.self_loop[i] * (1.0 - widening);
        let moves = goals.iter().zip(shares).map(move |(j, w)| (*j as usize, (1.0 - stay) * w));
        moves.chain([(i, stay)])
    };
    let mut applicants = vec![0.0; nodes]; // s_j
    let mut seen = vec![0.0; nodes]; // Σ_l v_l A_il
    for (i, seen) in seen.iter_mut().enumerate() {
        *seen = row(i).map(|(j, a)| vacancies[j] * a).sum();
        for (j, a) in row(i) {
            applicants[j] += unemployed[i] * share(vacancies[j] * a, *seen);
        }
    }
    // The chance of an applicant to j: (v/s)(1 − e^(−s/v)).
    let chance = |j: usize| share(vacancies[j] * -libm::expm1(-share(applicants[j], vacancies[j])), applicants[j]);
    let chances: Vec<f64> = (0..nodes).map(chance).collect();
    for i in 0..nodes {
        for (j, a) in row(i) {
            each(i, j, unemployed[i] * share(vacancies[j] * a, seen[i]) * chances[j]);
        }
    }
}

/// The state one step later.
fn after(network: &Network, run: &Run, step: usize, now: &Stocks) -> Stocks {
    let nodes = network.nodes();
    let Posts { separations, openings } = demand_driven(run, step, now);
    let mut next = now.clone();
    let mut hired_away = vec![0.0; nodes];
    hires(network, &run.rates, run.demand.widening[step], &now.unemployed, &now.vacancies, |i, j, flow| {
        hired_away[i] += flow;
        next.employed[j] += flow;
        next.vacancies[j] -= flow;
    });
    for (i, hired_away) in hired_away.into_iter().enumerate() {
        next.employed[i] -= separations[i];
        next.unemployed[i] += separations[i] - hired_away;
        next.vacancies[i] += openings[i];
        // All of an occupation's unemployed are as likely to be hired, however long they wait.
        let still = 1.0 - share(hired_away, now.unemployed[i]);
        let [one, two, three, long] = &now.spells;
        let (two, three, long) = (one[i] * still, two[i] * still, (three[i] + long[i]) * still);
        for (spell, value) in next.spells.iter_mut().zip([separations[i], two, three, long]) {
            spell[i] = value;
        }
    }
    // Rounding may leave a stock a last digit below nothing.
    for stock in [&mut next.employed, &mut next.unemployed, &mut next.vacancies].into_iter().chain(&mut next.spells) {
        stock.iter_mut().for_each(|value| *value = value.max(0.0));
    }
    next
}

/// ω and ν of a step, an occupation each.
struct Posts {
    separations: Vec<f64>,
    openings: Vec<f64>,
}

fn demand_driven(run: &Run, step: usize, now: &Stocks) -> Posts {
    let rates = &run.rates;
    let mut both = Posts { separations: Vec::new(), openings: Vec::new() };
    for (i, e) in now.employed.iter().enumerate() {
        let gap = e + now.vacancies[i] - run.demand.at(step, i);
        let driven = |rate: f64, pace: f64, gap: f64| rate * e + (1.0 - rate) * e.min(pace * gap.max(0.0));
        both.separations.push(driven(rates.separation[i], rates.cutting, gap));
        both.openings.push(driven(rates.opening[i], rates.advertising, -gap));
    }
    both
}
