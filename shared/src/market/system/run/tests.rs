//! Tests of a run: against closed forms, by invariants, and with hostile parameters.
use super::super::tests::Draws;
use super::super::{Formulas, LEAD_MONTHS_MAX, PARAMETERS};
use super::*;

/// Random sets of (E5), issue 4, Show 1.
const SETS: usize = 200;
/// Random hostile sets, issue 4, Show 6.
const HOSTILE: usize = if option_env!("WAYMARK_LONG").is_some() { 100_000 } else { 10_000 };

/// S of the integrator at the rows of a run, without closed forms.
fn integrated(p: &Parameters, lead: f64, times: &[f64]) -> Vec<f64> {
    let path = Path::follow(p, lead).unwrap();
    assert_eq!(path.end(), p.horizon, "{p:?} {:?}", path.notices);
    times.iter().map(|t| path.state(*t)[0]).collect()
}

#[test]
fn two_hundred_random_systems_agree_with_their_closed_form() {
    let seed = 20_260_101;
    println!("seed {seed}");
    let mut draws = Draws(seed);
    let mut worst = 0.0_f64;
    let (mut compared, mut ended_early) = (0, 0);
    for i in 0..SETS {
        let technology = [Technology::Constant, Technology::Exponential, Technology::Logistic, Technology::Literal][i % 4];
        // Up to ε = 1 training never takes more than it gives, and S stays above the floor, which the formula does not know.
        let p = Parameters { epsilon: draws.within(0.0, 1.0), ..draws.parameters(technology) };
        let path = Path::follow(&p, 0.0).unwrap();
        ended_early += usize::from(!path.notices.is_empty());
        for row in 0..=100 {
            let t = path.end() * f64::from(row) / 100.0;
            let Some(exact) = closed_form::state(&p, t) else { continue };
            let relative = (path.state(t)[0] - exact).abs() / exact.abs();
            worst = worst.max(relative);
            compared += 1;
            assert!(relative < 1e-9, "set {i}, t = {t}: {} {exact} {p:?}", path.state(t)[0]);
        }
    }
    println!("{compared} values of {SETS} sets ({ended_early} ended early), worst relative difference {worst:e}");
    assert!(compared > 150 * 101);
}

#[test]
fn the_check_values_come_out_of_the_integrator_too() {
    // The set of market.md 2a (the default has its pull and damping), by quadrature with 40 digits (mpmath 1.3).
    let p = Parameters { horizon: 20.0, ..Parameters::default() };
    let found = integrated(&p, 0.0, &[1.0, 5.0, 10.0, 20.0]);
    for (found, expected) in found.iter().zip([1.140_027_869_572_4, 1.043_504_987_613_3, 2.979_238_039_240_2, 3.947_020_728_268_7]) {
        assert!((found - expected).abs() < 1e-10, "{found} {expected}");
    }
    let run = simulate(&p, 1.0).unwrap();
    assert!(matches!(run.method, Method::ClosedForm { difference } if difference < 1e-10), "{:?}", run.method);
    assert!((run.rows[10].s - 2.979_238_039_240_2).abs() < 1e-12);
}

#[test]
fn a_run_closes_its_own_equations() {
    for technology in Technology::ALL {
        for lead_months in [0, 9] {
            let p = Parameters { lead_months, ..Draws(3).parameters(technology) };
            let run = simulate(&p, p.horizon / 3_000.0 * 1.000_000_1);
            let rows = run.unwrap_or_else(|e| panic!("{e}")).rows;
            let mut compared = 0;
            for pair in rows.windows(3) {
                let [before, row, after] = pair else { unreachable!() };
                let h = after.t_years - row.t_years;
                // A bend (start of the effect of training) within the difference has no one slope.
                let lead = p.lead_years();
                let from_bend = if lead == 0.0 { 1.0 } else { (row.t_years / lead - (row.t_years / lead).round()).abs() * lead };
                if from_bend < 2.0 * h {
                    continue;
                }
                let scale = 1.0 + row.s + row.t + row.l.abs();
                let slope = |of: fn(&Row) -> f64| (of(after) - of(before)) / (2.0 * h);
                assert!((slope(|r| r.s) - row.flows(&p).rate()).abs() < 1e-4 * scale, "dS/dt, {technology:?}, t = {}", row.t_years);
                let dl = p.eta * row.p_arriving - p.kappa * row.l - p.nu * row.t * row.l;
                assert!((slope(|r| r.l) - dl).abs() < 1e-4 * scale, "dL/dt");
                assert!((row.p - (p.beta * row.s + p.gamma * row.t)).abs() < 1e-12 * scale, "(E3)");
                assert!((row.r - (p.k * row.s + p.m * row.t)).abs() < 1e-12 * scale, "(E4)");
                if technology == Technology::Literal {
                    assert!((row.r - row.t).abs() < 1e-12 * scale, "literally, the path is T");
                }
                compared += 1;
            }
            assert!(compared > 1_000);
        }
    }
}

#[test]
fn skill_follows_its_closed_form_where_it_has_one() {
    // ε = 1, α = 0, δ = 0: S stays; T constant: P constant, so L goes to ηP/(κ + νT) with rate κ + νT.
    let p = Parameters { alpha: 0.0, delta: 0.0, epsilon: 1.0, technology: Technology::Constant, t_initial: 2.0, l0: 3.0, ..Parameters::default() };
    let run = simulate(&p, 0.5).unwrap();
    assert!(run.notices.contains(&Notice::TrainingCancels));
    let rate = p.kappa + p.nu * 2.0;
    let rest = p.eta * (p.beta * p.s0 + p.gamma * 2.0) / rate;
    for row in &run.rows {
        let expected = rest + (3.0 - rest) * (-rate * row.t_years).exp();
        assert!((row.l - expected).abs() < 1e-10, "{row:?}");
        assert!((row.s - p.s0).abs() < 1e-12);
    }
}

#[test]
fn a_lead_time_of_zero_is_no_lead_time() {
    // Through the history, with leads that shrink: the difference to the run without one shrinks with them.
    let p = Parameters { horizon: 10.0, ..Parameters::default() };
    let times: Vec<f64> = (0..=20).map(|i| f64::from(i) * 0.5).collect();
    let exact: Vec<f64> = times.iter().map(|t| closed_form::state(&p, *t).unwrap()).collect();
    let worst = |lead: f64| integrated(&p, lead, &times).iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst(0.0) < 1e-10);
    let (ten, one) = (worst(0.01), worst(0.001));
    assert!(one > 0.0 && one < 1e-3, "{one}");
    assert!((ten / one - 10.0).abs() < 0.5, "{ten} {one}");
    let run = |lead_months| simulate(&Parameters { lead_months, ..p.clone() }, 0.5).unwrap();
    assert!(run(0).rows.iter().all(|row| row.p_arriving == row.p));
    assert_eq!(run(6).method, Method::Integrator);
}

#[test]
fn a_lead_time_follows_its_closed_form_step_by_step() {
    // T constant; until the lead time is over P̂ is P(0), then it is P of the first stretch (method of steps).
    let p = Parameters { technology: Technology::Constant, lead_months: 18, horizon: 3.0, ..Parameters::default() };
    let (lead, d, arriving) = (1.5, p.delta, 1.0 - p.epsilon);
    let first = (p.alpha * p.t_initial + arriving * (p.beta * p.s0 + p.gamma * p.t_initial)) / d;
    let run = simulate(&p, 0.25).unwrap();
    // S of the first stretch: first + (S₀ − first)e^{−dt}; of the second, u years after the lead:
    // dS/du = −dS + c + b̂(S₀ − first)e^{−du}.
    let second = (p.alpha * p.t_initial + arriving * (p.beta * first + p.gamma * p.t_initial)) / d;
    let at_lead = first + (p.s0 - first) * (-d * lead).exp();
    for row in &run.rows {
        let expected = if row.t_years <= lead {
            first + (p.s0 - first) * (-d * row.t_years).exp()
        } else {
            let u = row.t_years - lead;
            second + (at_lead - second + arriving * p.beta * (p.s0 - first) * u) * (-d * u).exp()
        };
        assert!((row.s - expected).abs() < 1e-11, "{row:?} {expected}");
    }
}

#[test]
fn in_the_long_run_a_lead_time_grows_at_its_first_root() {
    let p = Parameters { technology: Technology::Literal, lead_months: 24, horizon: 60.0, ..Parameters::default() };
    let rate = super::super::stability::stability(&p).unwrap().modes[0].rate_per_year;
    let s = integrated(&p, p.lead_years(), &[50.0, 60.0]);
    assert!(((s[1] / s[0]).ln() / 10.0 - rate).abs() < 1e-9, "{rate}");
    // The lead holds growth back.
    assert!(rate > 0.0 && rate < closed_form::literal_rate(&p));
}

#[test]
fn the_literal_reading_is_its_exponential() {
    let p = Parameters { technology: Technology::Literal, ..Parameters::default() };
    // τ = .3/.5; λ = (α + γ(1 − ε))τ + β(1 − ε) − δ = .6·.6 + .1 − .4.
    for row in &simulate(&p, 1.0).unwrap().rows {
        assert!((row.s / (1.5 * (0.06 * row.t_years).exp()) - 1.0).abs() < 1e-12);
        assert!((row.t - 0.6 * row.s).abs() < 1e-12 * row.s);
        assert!((row.p - (0.2 + 0.2 * 0.6) * row.s).abs() < 1e-12 * row.s);
    }
    let beyond = Parameters { m: 1.5, ..p.clone() };
    let run = simulate(&beyond, 1.0).unwrap();
    assert!(run.notices.contains(&Notice::TechnologyNegative { tau: -0.6 }) && run.notices.contains(&Notice::RecursionDiverges));
    assert!(run.rows.iter().all(|row| row.s >= 0.0 && row.t <= 0.0));
}

#[test]
fn a_lag_follows_its_eigenvalues() {
    let p = Parameters { technology: Technology::Lagged, k: -1.0, horizon: 20.0, ..Parameters::default() };
    let mode = super::super::stability::stability(&p).unwrap().modes[0];
    let (a, w) = (mode.rate_per_year, std::f64::consts::TAU / mode.period_years.unwrap());
    // S = e^{at}(S₀ cos wt + c sin wt) with c from dS/dt(0).
    let c = (p.pull() * p.t_initial - p.damping() * p.s0 - a * p.s0) / w;
    let path = Path::follow(&p, 0.0).unwrap();
    let floor = path.notices.first().map_or(path.end(), |n| if let Notice::Floor { from_years, .. } = n { *from_years } else { panic!("{n:?}") });
    assert!(floor > 1.0);
    for i in 0..=50 {
        let t = floor * f64::from(i) / 50.0;
        let expected = (a * t).exp() * (p.s0 * (w * t).cos() + c * (w * t).sin());
        assert!((path.state(t)[0] - expected).abs() < 1e-10, "{t}");
    }
}

#[test]
fn the_floor_holds_the_index_and_says_when() {
    // T rises through 1 while α < 0 pulls S down, from S₀ = 1, δ = β = 0: dS/dt = −T(1 + …) reaches 0.
    let p = Parameters { s0: 1.0, alpha: -1.0, beta: 0.0, gamma: 0.0, delta: 0.0, technology: Technology::Constant, ..Parameters::default() };
    let run = simulate(&p, 0.25).unwrap();
    let [Notice::Floor { from_years, until_years: None }] = run.notices[..] else { panic!("{:?}", run.notices) };
    assert!((from_years - 1.0).abs() < 1e-9);
    assert_eq!(run.method, Method::Integrator);
    assert!(run.rows.iter().all(|row| (row.s - (1.0 - row.t_years).max(0.0)).abs() < 1e-9));
    // Own formulas that turn round at t = 5: S = 2 − t, on the floor from 2 to 5, then (t − 5)²/2.
    let formulas = Formulas { f: "t < 5 ? 0 : t - 5".into(), g: "t < 5 ? 1 : 0".into() };
    let run = simulate(&Parameters { s0: 2.0, horizon: 8.0, formulas: Some(formulas), ..p }, 0.5).unwrap();
    let [Notice::Floor { from_years, until_years: Some(until_years) }] = run.notices[..] else { panic!("{:?}", run.notices) };
    assert!((from_years - 2.0).abs() < 1e-9 && (until_years - 5.0).abs() < 1e-6, "{from_years} {until_years}");
    assert!((run.rows[16].s - 4.5).abs() < 1e-6, "{:?}", run.rows[16]);
}

#[test]
fn a_blow_up_ends_the_run_and_names_the_index() {
    let p = Parameters { technology: Technology::Literal, k: 5.0, ..Parameters::default() };
    let run = simulate(&p, 0.1).unwrap();
    let Some(Notice::BlowUp { index: Index::T, at_years }) = run.notices.last() else { panic!("{:?}", run.notices) };
    // T = 10 S₀ e^{5.7t} = 10⁵.
    let expected = (1e5_f64 / 15.0).ln() / closed_form::literal_rate(&p);
    assert!((at_years - expected).abs() < 1e-9);
    assert!(run.rows.last().unwrap().t_years <= *at_years && run.rows.last().unwrap().t_years > at_years - 0.1);
    // dS/dt = S², S₀ = 1: the pole is at t = 1, and S reaches 10⁵ a hundred-thousandth before.
    let formulas = Formulas { f: "S ^ 2".into(), g: "0".into() };
    let run = simulate(&Parameters { s0: 1.0, formulas: Some(formulas), ..Parameters::default() }, 0.1).unwrap();
    let Some(Notice::BlowUp { index: Index::S, at_years }) = run.notices.last() else { panic!("{:?}", run.notices) };
    assert!((at_years - (1.0 - 1e-5)).abs() < 1e-8, "{at_years}");
}

#[test]
fn the_default_formulas_are_the_articles_equation() {
    for lead_months in [0, 12] {
        let p = Parameters { lead_months, ..Parameters::default() };
        let own = simulate(&Parameters { formulas: Some(Formulas::default()), ..p.clone() }, 0.5).unwrap();
        assert_eq!(own.method, Method::Integrator);
        for (a, b) in own.rows.iter().zip(simulate(&p, 0.5).unwrap().rows) {
            assert!((a.s - b.s).abs() < 1e-9 && (a.l - b.l).abs() < 1e-9);
        }
    }
    // A known nonlinear one: dS/dt = S(1 − S), S₀ = 1/2: the logistic function.
    let formulas = Formulas { f: "S".into(), g: "S * S".into() };
    for row in simulate(&Parameters { s0: 0.5, formulas: Some(formulas), ..Parameters::default() }, 0.5).unwrap().rows {
        assert!((row.s - 1.0 / (1.0 + (-row.t_years).exp())).abs() < 1e-10);
    }
}

#[test]
fn a_leap_in_a_formula_is_stepped_over_and_a_pole_is_not() {
    let with = |s0, f: &str| simulate(&Parameters { s0, horizon: 6.0, formulas: Some(Formulas { f: f.into(), g: "0".into() }), ..Parameters::default() }, 0.5).unwrap();
    for (s0, leap) in [(0.0, 1.0), (1.0, 100.0)] {
        let run = with(s0, &format!("t < 3.3 ? 0 : {leap}"));
        assert_eq!(run.notices, []);
        assert!(run.rows.iter().all(|row| (row.s - s0 - leap * (row.t_years - 3.3).max(0.0)).abs() < 1e-8 * leap), "{run:?}");
    }
    // dS/dt = 1/(t − 2)²: S = S₀ + 1/(2 − t) − 1/2 passes every bound before t = 2.
    let run = with(1.0, "1 / (t - 2) ^ 2");
    let Some(Notice::BlowUp { index: Index::S, at_years }) = run.notices.last() else { panic!("{:?}", run.notices) };
    assert!((at_years - 2.0).abs() < 1.1e-5);
    // dS/dt = −1/(S − 1) from 2: S = 1 + √(1 − 2t) ends at t = 1/2.
    let run = with(2.0, "-1 / (S - 1)");
    assert!(matches!(run.notices.last(), Some(Notice::StepLimit { at_years } | Notice::Singular { at_years } | Notice::Formula { at_years, .. }) if (at_years - 0.5).abs() < 1e-3), "{:?}", run.notices);
}

#[test]
fn a_formula_without_a_value_is_refused_at_the_start_and_told_later() {
    let with = |f: &str| Parameters { formulas: Some(Formulas { f: f.into(), g: "0".into() }), ..Parameters::default() };
    assert_eq!(simulate(&with("1 / t"), 1.0).unwrap_err().parameter(), "f");
    let run = simulate(&with("sqrt(4 - t)"), 1.0).unwrap();
    let Some(Notice::Formula { error, at_years }) = run.notices.last() else { panic!("{:?}", run.notices) };
    assert_eq!((error.start, error.end, error.problem), (0, 11, formula::FormulaProblem::Domain));
    assert!((at_years - 4.0).abs() < 1e-6, "{at_years}");
    assert!(run.rows.len() >= 4 && run.rows.len() <= 5);
}

#[test]
fn the_double_count_is_told_as_a_share() {
    let p = Parameters { technology: Technology::Constant, t_initial: 2.0, ..Parameters::default() };
    let flows = simulate(&p, 1.0).unwrap().rows[0].flows(&p);
    // αT = 1, P = .2·1.5 + .2·2 = .7, −δS = −.6, −εP = −.35.
    assert!((flows.rate() - 0.75).abs() < 1e-12);
    assert!((flows.counted_again() - 0.35 / 2.65).abs() < 1e-12);
    assert_eq!(Flows { technology: 0.0, training: 0.0, decay: 0.0, training_again: 0.0 }.counted_again(), 0.0);
}

#[test]
fn rows_are_even_bounded_and_the_same_twice() {
    let p = Parameters::default();
    let run = simulate(&p, 0.1).unwrap();
    assert_eq!((run.rows.len(), run.rows[300].t_years), (301, 30.0));
    assert_eq!(run, simulate(&p, 0.1).unwrap());
    for step in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-9] {
        assert_eq!(simulate(&p, step).unwrap_err().parameter(), "step");
    }
}

/// A number as an attacker, a bug or a slip of the hand may give it.
fn hostile_number(draws: &mut Draws, low: f64, high: f64) -> f64 {
    const ODD: [f64; 14] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, f64::MAX, f64::MIN_POSITIVE, -0.0, 0.0, 1.0, -1.0, 1e-300, 1.0 - 1e-7, 1.0 + 1e-5];
    match draws.below(60) {
        0 => ODD[draws.below(ODD.len())],
        1 => low,
        2 => high,
        3..=30 => draws.within(low, high),
        _ => draws.within(low.max(-2.0), high.min(2.0).max(low)),
    }
}

#[test]
fn hostile_parameters_are_bounded_or_refused_by_name() {
    const FORMULAS: [&str; 12] = [
        "alpha * T + P", "S ^ 3", "exp(S * t)", "1 / (S - 1)", "sqrt(S) * 1e6", "ln(t)", "sin(1e6 * t)", "t > 3 ? 1e5 : -1e5",
        "S ^ S ^ S", "((((", "wage", "abs(S - 1) * tan(t)",
    ];
    let seed = 20_261_124;
    println!("seed {seed}");
    let mut draws = Draws(seed);
    let (mut refused, mut ended, mut whole, mut out_of_steps) = (0, 0, 0, 0);
    for i in 0..HOSTILE {
        let mut p = Parameters { technology: Technology::ALL[draws.below(5)], lead_months: draws.below(40) as u8, ..Parameters::default() };
        for info in &PARAMETERS {
            p.set(info.name, hostile_number(&mut draws, info.low, info.high)).unwrap();
        }
        if draws.below(4) == 0 {
            p.m = [1.0, 1.0 + 1e-7, 1.0 - 2e-6][draws.below(3)];
        }
        if draws.below(5) == 0 {
            p.formulas = Some(Formulas { f: FORMULAS[draws.below(12)].into(), g: FORMULAS[draws.below(12)].into() });
        }
        match simulate(&p, p.horizon / 50.0) {
            Err(error) => {
                let name = error.parameter();
                assert!(["f", "g", "lead_months", "step"].contains(&name) || PARAMETERS.iter().any(|info| info.name == name), "set {i}: {name}");
                assert!(error.to_string().starts_with(name), "set {i}: {error}");
                refused += 1;
            }
            Ok(run) => {
                assert!(p.lead_months <= LEAD_MONTHS_MAX && p.values().iter().all(|v| v.is_finite()));
                assert!(!run.rows.is_empty() && run.rows.len() <= 52, "set {i}: {}", run.rows.len());
                for row in &run.rows {
                    let bounded = |value: f64| value.abs() <= INDEX_MAX * (1.0 + 1e-6);
                    assert!(row.s >= 0.0 && bounded(row.s) && bounded(row.t) && bounded(row.l), "set {i}: {row:?} {p:?}");
                    assert!(row.p.is_finite() && row.p_arriving.is_finite() && row.r.is_finite(), "set {i}: {row:?}");
                }
                let cut = run.notices.iter().any(|n| matches!(n, Notice::BlowUp { .. } | Notice::StepLimit { .. } | Notice::Singular { .. } | Notice::Formula { .. }));
                // A run that is not to its horizon says why.
                assert!(cut || run.rows.last().unwrap().t_years >= p.horizon * (1.0 - 1e-9), "set {i}: {p:?}");
                if cut { ended += 1 } else { whole += 1 }
                if run.notices.iter().any(|n| matches!(n, Notice::StepLimit { .. })) { out_of_steps += 1 }
                if let Some(stability) = super::super::stability::stability(&p) {
                    assert!(stability.modes.iter().all(|mode| !mode.rate_per_year.is_nan()), "set {i}: {p:?}");
                }
            }
        }
    }
    println!("{HOSTILE} sets: {refused} refused, {ended} ended early with a notice ({out_of_steps} out of steps), {whole} whole");
    assert!(refused > HOSTILE / 10 && ended > HOSTILE / 50 && whole > HOSTILE / 10);
}
