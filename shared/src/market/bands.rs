//! The ranges that many runs span, at every time. Ranges of simulated runs: never a probability that something will happen.
use super::labour_flow::{Counts, Record, Trajectory};
use serde::{Deserialize, Serialize};

/// Shares of runs below which the quantiles lie: the bounds of the 90, 60 and 30 % ranges, and the median in the middle.
pub const QUANTILES: [f64; 7] = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];

/// [`QUANTILES`] of one figure over all runs, at every time.
pub type Band = Vec<[f64; 7]>;

/// The ranges that the runs span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// Unemployment, 0..1, at every time.
    pub unemployment: Band,
    /// Vacancies of all posts, 0..1, at every time; by the model, no data of vacancies go in.
    pub vacancies: Band,
    /// Long-term unemployed of the labour force, 0..1, at every time.
    pub long_term: Band,
    /// The occupations of the record, at its times.
    pub occupations: Vec<OccupationBands>,
}

/// The ranges of one occupation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OccupationBands {
    /// Its index.
    pub node: u32,
    /// Persons employed.
    pub employed: Band,
    /// Unemployment by last occupation, 0..1.
    pub unemployment: Band,
    /// Vacancies, posts; by the model.
    pub vacancies: Band,
}

impl Bands {
    /// Of the trajectories of one ensemble, recorded as given.
    pub fn of(trajectories: &[Trajectory], record: &Record) -> Self {
        let totals = |figure: fn(&Counts) -> f64| band(trajectories, |run| &run.totals[..], figure);
        let occupation = |(place, node): (usize, &u32)| {
            let of = |figure: fn(&Counts) -> f64| band(trajectories, |run| &run.recorded[..], |nodes| nodes.get(place).map_or(0.0, figure));
            OccupationBands { node: *node, employed: of(|c| c.employed), unemployment: of(Counts::unemployment), vacancies: of(|c| c.vacancies) }
        };
        Self {
            unemployment: totals(Counts::unemployment),
            vacancies: totals(Counts::vacancy_rate),
            long_term: totals(Counts::long_term_rate),
            occupations: record.nodes.iter().enumerate().map(occupation).collect(),
        }
    }
}

/// Quantiles over the runs at every time.
fn band<'a, T: 'a>(trajectories: &'a [Trajectory], series: impl Fn(&'a Trajectory) -> &'a [T], figure: impl Fn(&T) -> f64) -> Band {
    let times = trajectories.iter().map(|run| series(run).len()).min().unwrap_or(0);
    (0..times).map(|time| quantiles(trajectories.iter().map(|run| figure(&series(run)[time])).collect())).collect()
}

/// [`QUANTILES`] of some values, between two of them in a straight line (type 7 of Hyndman & Fan 1996); NaN of none.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a list")]
pub fn quantiles(mut values: Vec<f64>) -> [f64; 7] {
    values.sort_by(f64::total_cmp);
    QUANTILES.map(|share| {
        let place = share * values.len().saturating_sub(1) as f64;
        let at = |place: f64| values.get(place as usize).copied().unwrap_or(f64::NAN);
        at(place.floor()) + (at(place.ceil()) - at(place.floor())) * place.fract()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_on_straight_lines_between_the_values() {
        // Of 0, 10, 20, 30, 40 the places are 4q: .2, .8, 1.4, 2, 2.6, 3.2, 3.8.
        let found = quantiles(vec![40.0, 0.0, 20.0, 10.0, 30.0]);
        for (found, expected) in found.iter().zip([2.0, 8.0, 14.0, 20.0, 26.0, 32.0, 38.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
        assert_eq!(quantiles(vec![3.0]), [3.0; 7]);
        assert!(quantiles(Vec::new()).iter().all(|q| q.is_nan()));
    }
}
