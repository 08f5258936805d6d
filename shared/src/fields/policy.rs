//! A scenario against a baseline, by group of occupations, over paired runs: a run of the scenario is compared with the run of
//! the baseline that has the same coefficients. Ranges of runs, no probabilities. Not the runs themselves: those are
//! `market::ensemble`.
use super::Span;
use crate::market::bands::quantiles;
use crate::market::labour_flow::{Counts, Trajectory};

/// What a scenario changes for a group at the end of the runs: middle by the central run, ends by 5 and 95 % of all runs,
/// widened where they must be to hold the central one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Difference {
    /// Persons employed in the baseline's central run.
    pub baseline: f64,
    /// Persons employed more (or, below 0, fewer).
    pub employed: Span,
    /// The same as a share of the baseline's, −1 and up.
    pub share: Span,
    /// Unemployment, difference of two rates of 0..1.
    pub unemployment: Span,
}

/// The model's equations by name, for every occupation i and step t (del Rio-Chanona et al. 2021, as `market::labour_flow` and
/// `market::scenario` run them).
pub const EQUATIONS: [(&str, &str); 8] = [
    ("adoption", "ramp(t) = ceiling / (1 + e^(−k(t − start − h))), h = years / 2, k = ln(9999) / h"),
    ("demand", "d†ᵢ(t) = (baseᵢ + ramp(t)·shiftᵢ)·cycle(t)"),
    ("gap", "gapᵢ = eᵢ + vᵢ − d†ᵢ"),
    ("separations", "ωᵢ = δᵤeᵢ + (1 − δᵤ)·min(eᵢ, γᵤ·max(0, gapᵢ))"),
    ("openings", "νᵢ = δᵥeᵢ + (1 − δᵥ)·min(eᵢ, γᵥ·max(0, −gapᵢ))"),
    ("applications", "qᵢⱼ = vⱼAᵢⱼ / Σₗ vₗAᵢₗ, sⱼ = Σᵢ uᵢqᵢⱼ"),
    ("hires", "fᵢⱼ = uᵢqᵢⱼ·(vⱼ/sⱼ)·(1 − e^(−sⱼ/vⱼ))"),
    ("stocks", "eᵢ += Σⱼ fⱼᵢ − ωᵢ, uᵢ += ωᵢ − Σⱼ fᵢⱼ, vᵢ += νᵢ − Σⱼ fⱼᵢ"),
];

/// The last counts of a run, by node.
fn last(run: &Trajectory) -> &[Counts] {
    run.recorded.last().map_or(&[], Vec::as_slice)
}

/// The figure of the central pair of runs with the range over all pairs; 0 without runs. The central run comes first.
fn over<'a>(baseline: &'a [Trajectory], scenario: &'a [Trajectory], figure: impl Fn(&'a [Counts], &'a [Counts]) -> f64) -> Span {
    let values: Vec<f64> = baseline.iter().zip(scenario).map(|(before, after)| figure(last(before), last(after))).collect();
    let Some(&middle) = values.first() else { return Span::default() };
    let [low, .., high] = quantiles(values);
    Span { low: low.min(middle), middle, high: high.max(middle) }
}

/// The difference for every group of `0..count`; `groups` names the group of each node. Runs come in pairs, the central first, and
/// record all nodes.
pub fn differences(groups: &[usize], count: usize, baseline: &[Trajectory], scenario: &[Trajectory]) -> Vec<Difference> {
    let sums = |nodes: &[Counts], group: usize| {
        let mut sum = Counts::default();
        for counts in groups.iter().zip(nodes).filter(|(of, _)| **of == group).map(|(_, counts)| counts) {
            sum.employed += counts.employed;
            sum.unemployed += counts.unemployed;
        }
        sum
    };
    let of = |group: usize| {
        let pair = |figure: fn(Counts, Counts) -> f64| over(baseline, scenario, |before, after| figure(sums(before, group), sums(after, group)));
        Difference {
            baseline: baseline.first().map_or(0.0, |run| sums(last(run), group).employed),
            employed: pair(|before, after| after.employed - before.employed),
            share: pair(|before, after| if before.employed > 0.0 { after.employed / before.employed - 1.0 } else { 0.0 }),
            unemployment: pair(|before, after| after.unemployment() - before.unemployment()),
        }
    };
    (0..count).map(of).collect()
}

/// Posts that are gone in the scenario against the baseline, added up over the occupations that lose.
pub fn lost(baseline: &[Trajectory], scenario: &[Trajectory]) -> Span {
    over(baseline, scenario, |before, after| before.iter().zip(after).map(|(before, after)| (before.employed - after.employed).max(0.0)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::labour_flow::Stocks;

    fn run(nodes: &[(f64, f64)]) -> Trajectory {
        let counts = |(employed, unemployed): &(f64, f64)| Counts { employed: *employed, unemployed: *unemployed, ..Counts::default() };
        let end = Stocks { employed: Vec::new(), unemployed: Vec::new(), vacancies: Vec::new(), spells: Default::default() };
        Trajectory { totals: Vec::new(), recorded: vec![Vec::new(), nodes.iter().map(counts).collect()], end }
    }

    #[test]
    fn differences_are_of_pairs_of_runs_by_group() {
        // Nodes 0 and 2 are group 0, node 1 is group 1.
        let baseline = [run(&[(90.0, 10.0), (50.0, 0.0), (10.0, 0.0)]), run(&[(80.0, 20.0), (50.0, 0.0), (20.0, 0.0)])];
        let scenario = [run(&[(60.0, 20.0), (60.0, 0.0), (20.0, 0.0)]), run(&[(80.0, 20.0), (45.0, 5.0), (20.0, 0.0)])];
        let all = differences(&[0, 1, 0], 2, &baseline, &scenario);
        // Group 0: 100 → 80 in the central run, 100 → 100 in the other; ranges between −20 and 0 at 5 and 95 %.
        let near = |found: Span, [low, middle, high]: [f64; 3]| assert!((found.low - low).abs() < 1e-12 && (found.middle - middle).abs() < 1e-12 && (found.high - high).abs() < 1e-12, "{found:?}");
        near(all[0].employed, [-20.0, -20.0, -1.0]);
        near(all[0].share, [-0.2, -0.2, -0.01]);
        // 10/110 → 20/100, and 20/120 both times.
        let central = 0.2 - 1.0 / 11.0;
        near(all[0].unemployment, [0.05 * central, central, central]);
        near(all[1].employed, [-4.25, 10.0, 10.0]);
        assert_eq!(all[0].baseline, 100.0);
        // Central: 30 of node 0. The other: 5 of node 1.
        near(lost(&baseline, &scenario), [6.25, 30.0, 30.0]);
        near(lost(&baseline, &scenario).times(1000.0), [6250.0, 30_000.0, 30_000.0]);
        assert_eq!(differences(&[], 1, &[], &[]), [Difference::default()]);
    }
}
