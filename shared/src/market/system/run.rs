//! A run of the system: S, T, L, P, R over time, with what had to be said about it. S by the closed form where one exists,
//! else by the integrator, which always runs beside it: the difference is told. Bounded in steps, size and rows.
use super::formula::{self, Code, Compiled, FormulaError, Values};
use super::integrator::{self, Step, Trial};
use super::{INDEX_MAX, Parameters, SystemError, Technology, closed_form};
use serde::{Deserialize, Serialize};

/// Steps of the integrator before it gives up.
pub const STEPS_MAX: usize = 20_000;
/// The longest step, years: a change of a scenario or formula within it is not stepped over.
const STEP_LENGTH_MAX: f64 = 0.25;
/// The shortest, years (0.3 ms). Where the error asks for less, the slope leaps and the step is taken all the same, or
/// the state itself leaps ([`LEAP`]) and the solution has no next point.
const STEP_LENGTH_MIN: f64 = 1e-11;
/// A change within [`STEP_LENGTH_MIN`], relative to 1 + the value, that is a leap.
const LEAP: f64 = 1e-3;
/// S down to here is rounding, not below the floor.
const BELOW_FLOOR: f64 = -1e-10;
/// Years between rows of a run: what may be asked for.
pub const ROW_YEARS: (f64, f64) = (1.0 / 400.0, 100.0);

/// The state at a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Years from the start.
    pub t_years: f64,
    /// S, index of the balance of the market, at least 0.
    pub s: f64,
    /// T, degree of technology, an index.
    pub t: f64,
    /// L, skill of workers, an index; ours.
    pub l: f64,
    /// P = βS + γT, the investment in training decided at this time, index per year.
    pub p: f64,
    /// P̂, the investment whose effect arrives at this time, index per year.
    pub p_arriving: f64,
    /// R = kS + mT, the transition path, an index.
    pub r: f64,
}

/// The parts of dS/dt at a time under (E5), index per year, and how much of it is P counted again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flows {
    /// αT.
    pub technology: f64,
    /// P̂, which the article writes as βS + γT.
    pub training: f64,
    /// −δS.
    pub decay: f64,
    /// −εP̂: the same P̂ a second time.
    pub training_again: f64,
}

impl Flows {
    /// dS/dt, before the floor.
    pub fn rate(&self) -> f64 {
        self.technology + self.training + self.decay + self.training_again
    }

    /// The part of all that flows (sum of the sizes) which is P̂ counted a second time, 0 to 1; 0 where nothing flows.
    pub fn counted_again(&self) -> f64 {
        let all = self.technology.abs() + self.training.abs() + self.decay.abs() + self.training_again.abs();
        if all == 0.0 { 0.0 } else { self.training_again.abs() / all }
    }
}

impl Row {
    /// The parts of dS/dt here; of (E5), whatever formulas the run used.
    pub fn flows(&self, p: &Parameters) -> Flows {
        Flows { technology: p.alpha * self.t, training: self.p_arriving, decay: -p.delta * self.s, training_again: -p.epsilon * self.p_arriving }
    }
}

/// Where S comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Method {
    /// From the formula; the integrator's S differs by at most this, relative to the greatest S of the run.
    ClosedForm {
        /// 0 and up.
        difference: f64,
    },
    /// From the integrator.
    Integrator,
}

/// An index of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// The market.
    S,
    /// Technology.
    T,
    /// Skill.
    L,
}

/// What has to be said about a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Notice {
    /// S would fall below 0 and is held at 0 meanwhile.
    Floor {
        /// Years.
        from_years: f64,
        /// Years; none where it stays there to the end.
        until_years: Option<f64>,
    },
    /// An index passes [`INDEX_MAX`]; the run ends there.
    BlowUp {
        /// Which.
        index: Index,
        /// Years.
        at_years: f64,
    },
    /// [`STEPS_MAX`] are used up, because rates differ too much; the run ends there.
    StepLimit {
        /// Years.
        at_years: f64,
    },
    /// A formula has a pole, and the solution has no next point; the run ends there.
    Singular {
        /// Years.
        at_years: f64,
    },
    /// A formula has no value; the run ends there.
    Formula {
        /// Where and what.
        error: FormulaError,
        /// Years.
        at_years: f64,
    },
    /// ε = 1: training does nothing to S under (E5), for it is counted once and taken away once.
    TrainingCancels,
    /// Literal reading with τ < 0: T has the other sign than S.
    TechnologyNegative {
        /// τ.
        tau: f64,
    },
    /// Literal reading with |m| ≥ 1: T = kS + mT is the fixed point of a recursion that runs away from it.
    RecursionDiverges,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// From t = 0, evenly; to the horizon, or to where a notice ends it.
    pub rows: Vec<Row>,
    /// Where S comes from.
    pub method: Method,
    /// What has to be said.
    pub notices: Vec<Notice>,
}

/// Runs the system; a row each `row_years` ([`ROW_YEARS`]) from t = 0. Refuses what [`Parameters::check`] refuses, and
/// formulas without a value at the start.
pub fn simulate(p: &Parameters, row_years: f64) -> Result<Run, SystemError> {
    p.check()?;
    if !(ROW_YEARS.0..=ROW_YEARS.1).contains(&row_years) {
        return Err(SystemError::OutOfRange { parameter: "step", value: row_years, low: ROW_YEARS.0, high: ROW_YEARS.1 });
    }
    let path = Path::follow(p, p.lead_years())?;
    let end = path.end();
    // The last row may lie a rounding beyond the horizon.
    let times = (0_u32..).map(|i| f64::from(i) * row_years).take_while(|t| *t <= end * (1.0 + 1e-12));
    let times: Vec<f64> = times.map(|t| t.min(end)).collect();
    let floored = path.notices.iter().any(|notice| matches!(notice, Notice::Floor { .. }));
    let exact = |t: f64| if floored { None } else { closed_form::state(p, t) };
    let (mut rows, mut difference, mut greatest) = (Vec::with_capacity(times.len()), 0.0_f64, f64::MIN_POSITIVE);
    for &t in &times {
        let integrated = path.state(t);
        let s = exact(t).unwrap_or(integrated[0]).max(0.0);
        difference = difference.max((s - integrated[0].max(0.0)).abs());
        greatest = greatest.max(s);
        let technology = path.technology(t, s, integrated[2]);
        rows.push(Row { t_years: t, s, t: technology, l: integrated[1], p: path.training(s, technology), p_arriving: path.arriving(t, s, technology), r: p.k * s + p.m * technology });
    }
    let method = if exact(0.0).is_some() { Method::ClosedForm { difference: difference / greatest } } else { Method::Integrator };
    let mut notices = about(p);
    notices.extend(path.notices);
    Ok(Run { rows, method, notices })
}

/// What the parameters alone call for.
fn about(p: &Parameters) -> Vec<Notice> {
    let mut notices = Vec::new();
    if p.formulas.is_none() && p.epsilon == 1.0 {
        notices.push(Notice::TrainingCancels);
    }
    if p.technology == Technology::Literal {
        if p.tau() < 0.0 {
            notices.push(Notice::TechnologyNegative { tau: p.tau() });
        }
        if p.m.abs() >= 1.0 {
            notices.push(Notice::RecursionDiverges);
        }
    }
    notices
}

/// The integrated path: state `[S, L, T]` (T only where it follows with a lag), step by step.
struct Path<'p> {
    p: &'p Parameters,
    /// Years.
    lead: f64,
    steps: Vec<Step<3>>,
    /// The last step counts up to here, years.
    until: f64,
    notices: Vec<Notice>,
}

type State = [f64; 3];

/// The bounds of a trial and what to do at its end.
struct Walk {
    t: f64,
    state: State,
    length: f64,
    /// True while S is held at the floor.
    held: bool,
}

impl<'p> Path<'p> {
    fn follow(p: &'p Parameters, lead: f64) -> Result<Self, FormulaError> {
        let mut path = Self { p, lead, steps: Vec::new(), until: 0.0, notices: Vec::new() };
        let mut code = Code::new();
        let formulas = match &p.formulas {
            Some(formulas) => Some(Compiled::new(formulas, &mut code)?),
            None => None,
        };
        let state = [p.s0, p.l0, p.t_initial];
        let raw = path.slope(0.0, &state, formulas.as_ref())?[0];
        let held = p.s0 == 0.0 && raw < 0.0;
        if held {
            path.notices.push(Notice::Floor { from_years: 0.0, until_years: None });
        }
        path.walk(Walk { t: 0.0, state, length: 1e-3, held }, formulas.as_ref());
        Ok(path)
    }

    fn walk(&mut self, mut w: Walk, formulas: Option<&Compiled<'_, '_>>) {
        let horizon = self.p.horizon;
        let longest = STEP_LENGTH_MAX.min(0.5 / self.p.t_speed.abs());
        for _ in 0..STEPS_MAX {
            if w.t >= horizon {
                return;
            }
            w.length = w.length.min(longest).min(self.next_stop(w.t) - w.t);
            let (this, held) = (&*self, w.held);
            let mut slope_at = |t: f64, y: &State| {
                let mut slope = this.slope(t, y, formulas)?;
                if held {
                    slope[0] = 0.0;
                }
                Ok(slope)
            };
            let trial = slope_at(w.t, &w.state).and_then(|slope| integrator::attempt(&mut slope_at, w.t, &w.state, &slope, w.length));
            let shortest = w.length <= STEP_LENGTH_MIN;
            match trial {
                Ok(trial) if trial.error <= 1.0 || (shortest && is_near(&w.state, &trial.state)) => {
                    let length = integrator::next_length(w.length, trial.error).max(STEP_LENGTH_MIN);
                    if self.take(&mut w, trial, formulas) {
                        return;
                    }
                    w.length = length;
                }
                // Too far: an error too great, or a stage where a formula has no value.
                failed => {
                    if shortest {
                        let at_years = w.t;
                        self.notices.push(match failed {
                            Err(error) => Notice::Formula { error, at_years },
                            Ok(_) => Notice::Singular { at_years },
                        });
                        return;
                    }
                    let error = failed.map_or(f64::NAN, |trial| trial.error);
                    w.length = integrator::next_length(w.length, error).max(STEP_LENGTH_MIN);
                }
            }
        }
        if w.t < horizon {
            self.notices.push(Notice::StepLimit { at_years: w.t });
        }
    }

    /// Where the next step must end at the latest: the horizon; with a lead time never further than the past is known,
    /// and exactly where the start, late, bends the solution (each lead smoother by one order).
    fn next_stop(&self, t: f64) -> f64 {
        if self.lead == 0.0 {
            return self.p.horizon;
        }
        let bend = ((t / self.lead + 1e-9).floor() + 1.0) * self.lead;
        bend.min(self.p.horizon)
    }

    /// Takes a step: up to the first event in it. True where the run ends.
    fn take(&mut self, w: &mut Walk, trial: Trial<3>, formulas: Option<&Compiled<'_, '_>>) -> bool {
        let step = trial.step;
        let end = step.end();
        let (from, held) = (w.t, w.held);
        let mut until = end;
        let raw = |path: &Self, t: f64| path.slope(t, &step.at(t), formulas).map_or(0.0, |slope| slope[0]);
        let crossed = if held { raw(self, end) > 0.0 } else { trial.state[0] < BELOW_FLOOR };
        if crossed {
            until = first(from, end, |t| if held { raw(self, t) > 0.0 } else { step.at(t)[0] < 0.0 });
        }
        let too_large = |path: &Self, t: f64| path.too_large(t, &step.at(t));
        let blown = too_large(self, until).is_some();
        if blown {
            until = first(from, until, |t| too_large(self, t).is_some());
        }
        self.steps.push(step);
        self.until = until;
        w.t = until;
        w.state = if until < end { step.at(until) } else { trial.state };
        if blown {
            if let Some(index) = too_large(self, until) {
                self.notices.push(Notice::BlowUp { index, at_years: until });
            }
            return true;
        }
        if crossed && held {
            w.held = false;
            if let Some(Notice::Floor { until_years, .. }) = self.notices.iter_mut().rev().find(|n| matches!(n, Notice::Floor { .. })) {
                *until_years = Some(until);
            }
        } else if crossed {
            w.held = true;
            self.notices.push(Notice::Floor { from_years: until, until_years: None });
        }
        if crossed {
            w.state[0] = 0.0;
        }
        false
    }

    fn too_large(&self, t: f64, state: &State) -> Option<Index> {
        let technology = self.technology(t, state[0], state[2]);
        let values = [(Index::S, state[0]), (Index::T, technology), (Index::L, state[1])];
        values.into_iter().find(|(_, value)| value.is_nan() || value.abs() > INDEX_MAX).map(|(index, _)| index)
    }

    /// T at `t` where S and the lagged T are these.
    fn technology(&self, t: f64, s: f64, lagged: f64) -> f64 {
        match self.p.technology {
            Technology::Literal => self.p.tau() * s,
            _ => self.p.scenario(t).unwrap_or(lagged),
        }
    }

    /// (E3).
    fn training(&self, s: f64, technology: f64) -> f64 {
        self.p.beta * s + self.p.gamma * technology
    }

    /// P̂ at `t`, where S and T now are these.
    fn arriving(&self, t: f64, s: f64, technology: f64) -> f64 {
        if self.lead == 0.0 {
            return self.training(s, technology);
        }
        let then = (t - self.lead).max(0.0);
        let [s, _, lagged] = self.state(then);
        self.training(s, self.technology(then, s, lagged))
    }

    /// d[S, L, T]/dt without the floor.
    fn slope(&self, t: f64, state: &State, formulas: Option<&Compiled<'_, '_>>) -> Result<State, FormulaError> {
        let p = self.p;
        let [s, l, lagged] = *state;
        let technology = self.technology(t, s, lagged);
        let arriving = self.arriving(t, s, technology);
        let ds = match formulas {
            // A stage may lie a little below the floor, where a root has no value.
            Some(formulas) => formulas.rate(&Values { state: [s.max(0.0), technology, l, arriving, t], coefficients: formula::coefficients(p) })?,
            None => p.alpha * technology + arriving - p.delta * s - p.epsilon * arriving,
        };
        let dl = p.eta * arriving - p.kappa * l - p.nu * technology * l;
        let dt = if p.technology == Technology::Lagged { (p.k * s - (1.0 - p.m) * lagged) / p.t_lag } else { 0.0 };
        Ok([ds, dl, dt])
    }

    /// The state at `t`, within 0 and [`Path::end`]; the start before any step.
    fn state(&self, t: f64) -> State {
        let place = self.steps.partition_point(|step| step.start <= t);
        match place.checked_sub(1).and_then(|place| self.steps.get(place)) {
            // A step cut short by an event is followed by one that starts there.
            Some(step) => step.at(t.min(step.end())),
            None => [self.p.s0, self.p.l0, self.p.t_initial],
        }
    }

    fn end(&self) -> f64 {
        self.until
    }
}

/// True where no index leaps from one state to the other; false where one is no number.
fn is_near(a: &State, b: &State) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= LEAP * (1.0 + a.abs()))
}

/// The first time in `from..=to` for which `holds`, by halving; it holds at `to`.
fn first(mut from: f64, mut to: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = 0.5 * (from + to);
        if holds(middle) { to = middle } else { from = middle }
    }
    to
}

#[cfg(test)]
mod tests;
