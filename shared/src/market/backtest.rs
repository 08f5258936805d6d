//! What earlier projections would have been worth: BLS's 2022–32 against 2024, pay of 2021 against 2025, each beside two
//! simple guesses. Not a test of the simulation, which has no past to be held against.
use super::data::table::amount;
use super::data::{MarketData, MarketError, sourced};
use crate::pack::PackFiles;
use serde::{Deserialize, Serialize};

/// What was known and projected before: a row an occupation, `00-0000` all together.
pub const BACKTEST: &str = "backtest.tsv";

/// Which guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guess {
    /// BLS's projection for 2032, on a straight line from 2022 to 2024. There is none of pay.
    Official,
    /// All occupations change alike: employment as BLS projected the total, pay as the median of all occupations did
    /// change, which nobody knew before.
    CommonGrowth,
    /// As it was.
    NoChange,
}

/// What must be said beside every result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caveat {
    /// BLS revises the base year with new data and methods: the employment of 2022 in the projection and that of 2024 are
    /// not of one series, and some of the difference is revision.
    BaseRevision,
    /// 2021 and 2022 were years of recovery from the pandemic: many occupations rose because they had fallen.
    PandemicRebound,
    /// Two years of ten: a projection for 2032 is held against its first fifth.
    TwoYearsOfTen,
    /// OEWS pools three years of surveys and changed its method in 2021: its figures are not meant as a time series.
    SurveyNotASeries,
    /// Common growth of pay was not known beforehand.
    Hindsight,
    /// Pay of 2021 above $208,000 was not published: such occupations are left out.
    TopCoded,
}

/// One occupation: where it stood, what was guessed, how it came. Jobs in thousands, or dollars a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its place in the market data.
    pub place: usize,
    /// Before.
    pub start: f64,
    /// The guess.
    pub guess: f64,
    /// After.
    pub actual: f64,
}

/// How good a guess was. Errors are |ln(actual / guess)| × 100: about per cent, and alike up and down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Occupations compared.
    pub count: usize,
    /// Mean error, log points × 100; occupations count alike.
    pub mean_error: f64,
    /// Median error, log points × 100.
    pub median_error: f64,
    /// Spearman's rank correlation of guessed and actual change; `None` where all guesses are alike.
    pub rank_correlation: Option<f64>,
    /// Share of occupations that went the way guessed, of those that changed; `None` where no change was guessed.
    pub right_direction: Option<f64>,
}

/// A guess with its outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Which guess.
    pub guess: Guess,
    /// Every occupation compared.
    pub outcomes: Vec<Outcome>,
    /// How good it was.
    pub score: Score,
}

/// All guesses of one figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// A guess each, on the same occupations.
    pub trials: Vec<Trial>,
    /// Places of occupations without all values.
    pub left_out: Vec<usize>,
    /// What must be said beside it.
    pub caveats: Vec<Caveat>,
}

/// Both comparisons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Employment 2022 → 2024.
    pub employment: Comparison,
    /// Median pay of a year, May 2021 → May 2025, not adjusted for prices.
    pub pay: Comparison,
}

/// What was known of an occupation.
#[derive(Clone, Copy, Debug, Default)]
struct Past {
    employment_2022: Option<f64>,
    employment_2032: Option<f64>,
    annual_median_2021: Option<f64>,
}

/// The share of the way from 2022 to 2032 that 2024 is.
const WAY: f64 = 0.2;

impl Backtest {
    /// Reads what was projected and holds it against the figures of the pack.
    ///
    /// # Errors
    /// [`MarketError`] naming file, line and column.
    pub fn run(files: &PackFiles, data: &MarketData) -> Result<Self, MarketError> {
        let mut past = vec![Past::default(); data.occupations.len()];
        let mut all = Past::default();
        for row in sourced(files, BACKTEST, &data.sources)?.rows() {
            let number = |column: &str| row.maybe(column, "an amount", amount);
            let read = Past { employment_2022: number("employment_2022")?, employment_2032: number("employment_2032")?, annual_median_2021: number("annual_median_2021")? };
            match (row.text("soc")?, data.place(row.text("soc")?).and_then(|place| past.get_mut(place))) {
                ("00-0000", _) => all = read,
                (_, Some(slot)) => *slot = read,
                (soc, None) => return Err(row.fault("soc", soc, "an occupation of the pack")),
            }
        }
        let growth = |from: Option<f64>, to: Option<f64>| from.zip(to).filter(|(from, _)| *from > 0.0).map(|(from, to)| to / from);
        let jobs = past.iter().zip(&data.occupations).map(|(then, now)| (then.employment_2022, then.employment_2032, now.employment_2024));
        let common = growth(all.employment_2022, all.employment_2032).map(|ratio| 1.0 + WAY * (ratio - 1.0));
        let pay = past.iter().zip(&data.occupations).map(|(then, now)| (then.annual_median_2021, Some(0.0), now.pay.annual.median));
        let now = data.groups.iter().find(|group| group.soc == "00-0000").and_then(|group| group.annual_median);
        Ok(Self {
            employment: compare(jobs, common, true, vec![Caveat::BaseRevision, Caveat::PandemicRebound, Caveat::TwoYearsOfTen]),
            pay: compare(pay, growth(all.annual_median_2021, now), false, vec![Caveat::SurveyNotASeries, Caveat::PandemicRebound, Caveat::Hindsight, Caveat::TopCoded]),
        })
    }
}

/// Compares all guesses on the occupations that have start, projection and outcome above 0.
fn compare(rows: impl Iterator<Item = (Option<f64>, Option<f64>, Option<f64>)>, common: Option<f64>, official: bool, caveats: Vec<Caveat>) -> Comparison {
    let (mut known, mut left_out) = (Vec::new(), Vec::new());
    for (place, row) in rows.enumerate() {
        match row {
            (Some(start), Some(projected), Some(actual)) if start > 0.0 && actual > 0.0 => known.push((place, start, projected, actual)),
            _ => left_out.push(place),
        }
    }
    let trial = |guess: Guess, of: &dyn Fn(f64, f64) -> f64| {
        let outcomes: Vec<Outcome> = known.iter().map(|&(place, start, projected, actual)| Outcome { place, start, guess: of(start, projected), actual }).collect();
        Trial { guess, score: score(&outcomes), outcomes }
    };
    let mut trials = Vec::new();
    if official {
        trials.push(trial(Guess::Official, &|start, projected| start + WAY * (projected - start)));
    }
    if let Some(ratio) = common {
        trials.push(trial(Guess::CommonGrowth, &|start, _| start * ratio));
    }
    trials.push(trial(Guess::NoChange, &|start, _| start));
    Comparison { trials, left_out, caveats }
}

/// How good guesses were. All values must be above 0.
pub fn score(outcomes: &[Outcome]) -> Score {
    let mut errors: Vec<f64> = outcomes.iter().map(|o| 100.0 * (o.actual / o.guess).ln().abs()).collect();
    errors.sort_by(f64::total_cmp);
    let middle = |at: usize| errors.get(at).copied().unwrap_or(0.0);
    let count = outcomes.len();
    let change = |value: fn(&Outcome) -> f64| outcomes.iter().map(|o| (value(o) / o.start).ln()).collect::<Vec<f64>>();
    let (guessed, actual) = (change(|o| o.guess), change(|o| o.actual));
    // Rounding in start × growth ÷ start must not look like a rank.
    let alike = guessed.iter().all(|g| guessed.first().is_some_and(|first| (g - first).abs() < 1e-12));
    let moved: Vec<(f64, f64)> = guessed.iter().copied().zip(actual.iter().copied()).filter(|(_, a)| a.abs() > 0.0).collect();
    let none_guessed = guessed.iter().all(|g| g.abs() < 1e-12);
    Score {
        count,
        mean_error: errors.iter().sum::<f64>() / count.max(1) as f64,
        median_error: f64::midpoint(middle(count.saturating_sub(1) / 2), middle(count / 2)),
        rank_correlation: if alike { None } else { rank_correlation(&guessed, &actual) },
        right_direction: (!none_guessed && !moved.is_empty()).then(|| moved.iter().filter(|(g, a)| g * a > 0.0).count() as f64 / moved.len() as f64),
    }
}

/// Spearman's rank correlation, ties at their mean rank; `None` for fewer than two values or none that differ.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let count = a.len().min(b.len());
    let mean = (count as f64 + 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    (count > 1 && spread > 0.0).then(|| product(&a, &b) / spread)
}

/// Ranks from 1, ties at their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let value = |place: &usize| values.get(*place).copied().unwrap_or(0.0);
    order.sort_by(|x, y| value(x).total_cmp(&value(y)));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|x, y| value(x).total_cmp(&value(y)).is_eq()) {
        let rank = before as f64 + (tied.len() as f64 + 1.0) / 2.0;
        for place in tied {
            ranks.iter_mut().skip(*place).take(1).for_each(|slot| *slot = rank);
        }
        before += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::super::data::fixture::{changed, files};
    use super::*;

    fn outcome(start: f64, guess: f64, actual: f64) -> Outcome {
        Outcome { place: 0, start, guess, actual }
    }

    #[test]
    fn scores_are_those_worked_by_hand() {
        // Errors 100·|ln(a/g)|: ln 1 = 0, ln(90/110), ln(105/100), ln(200/100).
        let outcomes = [outcome(100.0, 110.0, 110.0), outcome(100.0, 110.0, 90.0), outcome(100.0, 100.0, 105.0), outcome(100.0, 100.0, 200.0)];
        let errors = [0.0, 100.0 * (110.0f64 / 90.0).ln(), 100.0 * 1.05f64.ln(), 100.0 * 2f64.ln()];
        let score = score(&outcomes);
        assert!((score.mean_error - errors.iter().sum::<f64>() / 4.0).abs() < 1e-12);
        assert!((score.median_error - f64::midpoint(errors[1], errors[2])).abs() < 1e-12);
        // Guessed ranks 3.5 3.5 1.5 1.5; actual 3 1 2 4: Σ = .5·1 + (−1.5)·1 + (−.5)(−1) + 1.5·(−1) = −2; √(4·5).
        assert!((score.rank_correlation.unwrap() + 2.0 / 20f64.sqrt()).abs() < 1e-12);
        assert_eq!(score.right_direction, Some(0.25));
        assert_eq!(score.count, 4);
    }

    #[test]
    fn no_change_has_no_rank_and_no_direction() {
        let score = score(&[outcome(3.0, 3.0, 4.0), outcome(7.0, 7.0, 6.0)]);
        assert_eq!((score.rank_correlation, score.right_direction), (None, None));
        let common = [outcome(3.0, 3.0 * 1.1, 4.0), outcome(7.0, 7.0 * 1.1, 6.0), outcome(0.1, 0.1 * 1.1, 0.2)];
        assert_eq!(super::score(&common).rank_correlation, None);
        assert_eq!(super::score(&common).right_direction, Some(2.0 / 3.0));
    }

    #[test]
    fn ranks_hold_ties_and_the_correlation_its_bounds() {
        assert_eq!(ranks(&[2.0, 1.0, 2.0, 5.0]), [2.5, 1.0, 2.5, 4.0]);
        assert!((rank_correlation(&[1.0, 2.0, 3.0], &[10.0, 20.0, 90.0]).unwrap() - 1.0).abs() < 1e-12);
        assert!((rank_correlation(&[1.0, 2.0, 3.0], &[9.0, 2.0, 1.0]).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn the_official_guess_lies_on_the_straight_line_and_what_is_missing_is_left_out() {
        let data = MarketData::load(&files()).unwrap();
        let backtest = Backtest::run(&files(), &data).unwrap();
        let [official, common, same] = &backtest.employment.trials[..] else { panic!("three guesses") };
        // 51-2090: 1100 → 1050 in 2032, so 1090 in 2024; it came to 1000. All: 1300 → 1430, +2 % by 2024.
        let assemblers = official.outcomes[1];
        assert!((assemblers.guess - 1090.0).abs() < 1e-9 && assemblers.actual == 1000.0);
        assert!((common.outcomes[1].guess - 1100.0 * 1.02).abs() < 1e-9);
        assert_eq!(same.outcomes[1].guess, 1100.0);
        // Machinists 280 → 380: 300 in 2024, which came.
        assert!((official.outcomes[2].guess - 300.0).abs() < 1e-9);
        assert!(backtest.employment.left_out.is_empty());
        // Pay: only the assemblers have both; the machinists' of 2021 was above what was published.
        assert_eq!(backtest.pay.left_out, [0, 2]);
        let [common, same] = &backtest.pay.trials[..] else { panic!("two guesses") };
        assert!((common.outcomes[0].guess - 37_000.0 * 50_980.0 / 45_760.0).abs() < 1e-9);
        assert!((same.score.mean_error - 100.0 * (43_000.0f64 / 37_000.0).ln()).abs() < 1e-9);
        assert!(backtest.pay.caveats.contains(&Caveat::TopCoded));
        let error = Backtest::run(&changed(BACKTEST, "51-2090", "51-2099"), &data).err().unwrap();
        assert_eq!(error.to_string(), "backtest.tsv:4: soc is \"51-2099\", expected an occupation of the pack");
    }
}
