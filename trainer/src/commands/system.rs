//! `waymark system`: the article's dynamic system from flags or a file, as CSV `t,S,T,L,P,R` or in sentences. The form of
//! the CSV is relied on elsewhere. What is refused ends with status 2 and names the parameter.
use anyhow::{Context, Result};
use clap::{Arg, ArgMatches, Command, FromArgMatches, value_parser};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_shared::market::system::fit::{self, Estimate, LEVEL, TrainingFit};
use waymark_shared::market::system::run::{self, Index, Method, Notice, Row, Run};
use waymark_shared::market::system::stability::{self, Balance, Pace, Stability};
use waymark_shared::market::system::{Formulas, INDEX_MAX, PARAMETERS, Parameters, Technology, Unit, series};

#[derive(clap::Args)]
pub struct Args {
    /// Parameters as JSON or TOML, by the same names as the flags (formulas as `formulas = {f, g}`); flags go before it.
    #[arg(long)]
    file: Option<PathBuf>,
    /// How T comes about: constant, exponential, logistic, literal or lagged [default: logistic].
    #[arg(long, value_parser = technology)]
    technology: Option<Technology>,
    /// Months from an investment in training to its effect, 0 to 36 [default: 0].
    #[arg(long, value_name = "N")]
    lead_months: Option<u8>,
    /// (E1): what adds to S, per year, over S, T, L, P, t and the coefficients, such as "alpha * T + P".
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    f: Option<String>,
    /// (E1): what takes from S, per year, such as "delta * S + epsilon * P".
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    g: Option<String>,
    #[command(flatten)]
    numbers: Numbers,
    /// Years between rows.
    #[arg(long, default_value_t = 0.25, allow_hyphen_values = true)]
    step: f64,
    /// A series as CSV (t or date, S, T, P), to which β and γ are fitted where no flag gives them.
    #[arg(long)]
    series: Option<PathBuf>,
    /// Rows `t,S,T,L,P,R`; notices go to standard error.
    #[arg(long)]
    csv: bool,
}

/// The numbers given by flags: one for each of [`PARAMETERS`], by its name.
struct Numbers(Vec<(&'static str, f64)>);

impl FromArgMatches for Numbers {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(PARAMETERS.iter().filter_map(|p| matches.get_one::<f64>(p.name).map(|value| (p.name, *value))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Numbers {
    fn augment_args(command: Command) -> Command {
        let flag = |(p, example): (&waymark_shared::market::system::ParameterInfo, f64)| {
            let unit = match p.unit {
                Unit::None => "",
                Unit::PerYear => ", 1/year",
                Unit::PerYearPerIndex => ", 1/year for each unit of T",
                Unit::Years => ", years",
            };
            let help = format!("{}{unit}, {} to {}: {} [default: {example}]", p.symbol, p.low, p.high, p.about);
            Arg::new(p.name).long(p.name).value_name("X").allow_hyphen_values(true).value_parser(value_parser!(f64)).help(help)
        };
        command.args(PARAMETERS.iter().zip(Parameters::default().values()).map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn technology(name: &str) -> Result<Technology, String> {
    let names = Technology::ALL.map(Technology::name).join(", ");
    Technology::ALL.into_iter().find(|t| t.name() == name).ok_or_else(|| format!("one of {names}"))
}

/// Parameters of a file, by its ending.
fn read(path: &Path) -> Result<Parameters> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let parameters = if toml { toml::from_str(&text).map_err(anyhow::Error::from) } else { serde_json::from_str(&text).map_err(anyhow::Error::from) };
    parameters.with_context(|| path.display().to_string())
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        Ok(super::printed(self.text()))
    }

    fn text(&self) -> Result<String> {
        let mut parameters = self.file.as_deref().map_or_else(|| Ok(Parameters::example(self.technology.unwrap_or_default())), read)?;
        let fitted = self.series.as_deref().map(|path| -> Result<TrainingFit> {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            Ok(fit::fit(&series::read(&text)?)?)
        });
        let fitted = fitted.transpose().context("series")?;
        if let Some(fitted) = &fitted {
            parameters.beta = fitted.beta.value;
            parameters.gamma = fitted.gamma.value;
        }
        for (name, value) in &self.numbers.0 {
            parameters.set(name, *value)?;
        }
        parameters.technology = self.technology.unwrap_or(parameters.technology);
        parameters.lead_months = self.lead_months.unwrap_or(parameters.lead_months);
        if self.f.is_some() || self.g.is_some() {
            let formulas = parameters.formulas.get_or_insert_with(Formulas::default);
            formulas.f = self.f.clone().unwrap_or_else(|| formulas.f.clone());
            formulas.g = self.g.clone().unwrap_or_else(|| formulas.g.clone());
        }
        let run = run::simulate(&parameters, self.step)?;
        if self.csv {
            run.notices.iter().for_each(|n| eprintln!("waymark: {}", notice(n)));
            return Ok(csv(&run.rows));
        }
        Ok(sentences(&parameters, &run, fitted.as_ref()).into_iter().map(|sentence| sentence + "\n").collect())
    }
}

fn csv(rows: &[Row]) -> String {
    let line = |row: &Row| format!("{},{},{},{},{},{}\n", row.t_years, row.s, row.t, row.l, row.p, row.r);
    std::iter::once("t,S,T,L,P,R\n".to_string()).chain(rows.iter().map(line)).collect()
}

/// Three significant digits.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let digits = value.abs().log10().floor();
    if (-4.0..6.0).contains(&digits) { format!("{value:.*}", (2.0 - digits).max(0.0) as usize) } else { format!("{value:.2e}") }
}

fn sentences(p: &Parameters, run: &Run, fitted: Option<&TrainingFit>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(fit) = fitted {
        let part = |name, e: Estimate| format!("{name} = {} ({} to {})", short(e.value), short(e.low), short(e.high));
        out.push(format!("Fitted to {} points, with intervals of {:.0} % by Student's t with {} degrees of freedom: {}, {}, per year.", fit.points, LEVEL * 100.0, fit.freedom, part("β", fit.beta), part("γ", fit.gamma)));
        out.extend(fit.durbin_watson.map(|d| format!("Durbin–Watson {}: well below 2 the intervals are too narrow.", short(d))));
    }
    out.push(format!("{}, not estimates.", if fitted.is_some() { "The other coefficients are examples" } else { "The coefficients are examples" }));
    if let [first, .., last] = &run.rows[..] {
        let part = |name, a: f64, b: f64| format!("{name} from {} to {}", short(a), short(b));
        out.push(format!("In {} years {}, {}, {} (ours), {}.", short(last.t_years), part("S", first.s, last.s), part("T", first.t, last.t), part("L", first.l, last.l), part("the path R", first.r, last.r)));
        if p.formulas.is_none() {
            let share = |row: &Row| short(row.flows(p).counted_again() * 100.0);
            out.push(format!("The article counts training twice, as βS + γT and as −εP: of all that moves S, the second count is {} % at the start and {} % at the end.", share(first), share(last)));
        }
    }
    out.extend(stability::stability(p).map(|s| stability_sentence(p, &s)));
    out.push(match run.method {
        Method::ClosedForm { difference } => format!("S by its closed form; the integrator differs by {difference:.1e} of the greatest S at most."),
        Method::Integrator => "By the integrator: no closed form for these parameters.".to_string(),
    });
    out.extend(run.notices.iter().map(notice));
    out
}

fn stability_sentence(p: &Parameters, found: &Stability) -> String {
    // Where 0 is the balance, a deviation from it is the index itself.
    let what = if p.technology.is_exogenous() { "A deviation from the balance" } else { "The index" };
    let pace = match found.pace() {
        Pace::Doubles { years } => format!("{what} doubles every {} years", short(years)),
        Pace::Halves { years } => format!("{what} halves every {} years", short(years)),
        Pace::Steady => format!("{what} stays"),
    };
    let turns = found.modes.first().and_then(|mode| mode.period_years).map_or(String::new(), |years| format!(", turning round once in {} years", short(years)));
    let balance = match found.balance {
        Balance::Point { s, stable } => {
            let reach = if s < 0.0 { " and below 0, out of reach: S falls to the floor" } else { "" };
            format!("its only balance point, {}, is {}{reach}", short(s), if stable { "stable" } else { "unstable" })
        }
        Balance::Everywhere => "it is in balance wherever it stands".into(),
        Balance::Moving { rate_per_year } => format!("its balance point moves with T, {} % a year", short(rate_per_year.exp_m1() * 100.0)),
        Balance::Nowhere { slope_per_year } => format!("there is no balance point: S goes on by {} a year", short(slope_per_year)),
    };
    format!("{pace}{turns}; {balance}.")
}

fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Floor { from_years, until_years: None } => format!("S is held at 0 from year {} on.", short(*from_years)),
        Notice::Floor { from_years, until_years: Some(until) } => format!("S is held at 0 from year {} to {}.", short(*from_years), short(*until)),
        Notice::BlowUp { index, at_years } => {
            let name = match index {
                Index::S => "S",
                Index::T => "T",
                Index::L => "L",
            };
            format!("The run ends in year {}: {name} passes {INDEX_MAX}.", short(*at_years))
        }
        Notice::StepLimit { at_years } => format!("The run ends in year {}: its rates differ too much for the steps allowed.", short(*at_years)),
        Notice::Singular { at_years } => format!("The run ends in year {}: beyond it the formulas have no solution.", short(*at_years)),
        Notice::Formula { error, at_years } => format!("The run ends in year {}: {error}.", short(*at_years)),
        Notice::TrainingCancels => "With ε = 1 training does nothing to S: it is counted once and taken away once.".into(),
        Notice::TechnologyNegative { tau } => format!("T = {} · S: technology has the other sign than S.", short(*tau)),
        Notice::RecursionDiverges => "With |m| ≥ 1, T = kS + mT is a fixed point that the recursion runs away from.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn text(flags: &[&str]) -> Result<String, String> {
        let cli = Cli::try_parse_from(std::iter::once("system").chain(flags.iter().copied())).map_err(|e| e.to_string())?;
        cli.args.text().map_err(|e| format!("{e:#}"))
    }

    #[test]
    fn flags_give_rows_of_the_csv() {
        let flags = ["--alpha", "0.6", "--beta", "0", "--gamma", "0", "--delta", "0.3", "--epsilon", "0", "--t_ceiling", "2", "--t_speed", "0.8", "--t_midpoint", "5", "--s0", "1.5", "--horizon", "20", "--step", "5", "--csv"];
        let csv = text(&flags).unwrap();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!((lines[0], lines.len()), ("t,S,T,L,P,R", 6));
        let row: Vec<f64> = lines[2].split(',').map(|v| v.parse().unwrap()).collect();
        assert!(row[0] == 5.0 && (row[1] - 1.043_504_987_6).abs() < 1e-9 && row[2] == 1.0 && row[4] == 0.0, "{row:?}");
    }

    #[test]
    fn a_file_gives_what_flags_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let (toml, json) = (folder.path().join("p.toml"), folder.path().join("p.json"));
        std::fs::write(&toml, "technology = \"literal\"\nk = 0.25\nhorizon = 10\n[formulas]\nf = \"S\"\n").unwrap();
        std::fs::write(&json, r#"{"technology": "literal", "k": 0.25, "horizon": 10, "formulas": {"f": "S"}}"#).unwrap();
        let with = |path: &Path, flag: &[&str]| text(&[&["--file", path.to_str().unwrap(), "--csv"], flag].concat()).unwrap();
        assert_eq!(with(&toml, &[]), with(&json, &[]));
        assert_ne!(with(&toml, &["--g", "2 * S"]), with(&json, &[]));
        std::fs::write(&json, r#"{"alfa": 1}"#).unwrap();
        assert!(text(&["--file", json.to_str().unwrap()]).unwrap_err().contains("alfa"));
    }

    #[test]
    fn what_is_refused_is_named() {
        for (flags, name) in [
            (vec!["--alpha", "NaN"], "alpha"),
            (vec!["--s0", "1e300"], "s0"),
            (vec!["--delta", "-1"], "delta"),
            (vec!["--technology", "literal", "--m", "1"], "m"),
            (vec!["--step", "inf"], "step"),
            (vec!["--lead-months", "37"], "lead_months"),
            (vec!["--f", "wage * S"], "f, bytes 0..4"),
        ] {
            let error = text(&flags).unwrap_err();
            assert!(error.starts_with(name), "{flags:?}: {error}");
        }
    }

    #[test]
    fn sentences_say_pace_and_balance() {
        let literal = text(&["--technology", "literal"]).unwrap();
        assert!(literal.contains("The index doubles every 11.6 years; its only balance point, 0, is unstable."), "{literal}");
        let scenario = text(&[]).unwrap();
        assert!(scenario.contains("A deviation from the balance halves every 2.31 years; its only balance point, 4.00, is stable."), "{scenario}");
        assert!(scenario.contains("not estimates"));
    }

    #[test]
    fn a_series_is_fitted_or_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("series.csv");
        let series = |rows: u32| (0..rows).fold("t,S,T,P\n".to_string(), |text, i| text + &format!("{i},{},{},{}\n", 1 + i, i * i, 0.25 * f64::from(1 + i) + 0.125 * f64::from(i * i)));
        std::fs::write(&path, series(8)).unwrap();
        let fitted = text(&["--series", path.to_str().unwrap()]).unwrap();
        assert!(fitted.contains("β = 0.250 (0.250 to 0.250), γ = 0.125 (0.125 to 0.125)"), "{fitted}");
        std::fs::write(&path, series(7)).unwrap();
        let refused = text(&["--series", path.to_str().unwrap()]).unwrap_err();
        assert!(refused.contains("7 points: at least 8"), "{refused}");
    }
}
