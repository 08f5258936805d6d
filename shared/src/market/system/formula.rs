//! (E1) as people type it: the two sides of dS/dt, read once and computed often, an error that points at its place.
//! Bounded in length and depth; nothing but arithmetic. The language is that of the crate `nanoexpr`.
use super::{Formulas, Parameters};
use nanoexpr::{Context, ErrorKind, Evaluator, Instruction, Math, Program};
use serde::{Deserialize, Serialize};

/// The longest formula, in bytes.
pub const BYTES_MAX: usize = 400;
/// How deep parentheses, calls and operators may nest.
const DEPTH_MAX: usize = 24;
/// Instructions of a compiled formula: one for each number, name, operator and call, two for a condition.
const CODE_MAX: usize = 256;

/// Names of the state in a formula: S, T, L, P̂ (already late) and the time in years.
pub const STATE: [&str; 5] = ["S", "T", "L", "P", "t"];
/// Names of coefficients in a formula, as in [`Parameters`].
pub const COEFFICIENTS: [&str; 11] = ["s0", "alpha", "beta", "gamma", "delta", "epsilon", "k", "m", "eta", "kappa", "nu"];

/// Which side of (E1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// f, what adds.
    F,
    /// g, what takes.
    G,
}

impl Side {
    /// Its name in files, flags and errors.
    pub fn name(self) -> &'static str {
        match self {
            Self::F => "f",
            Self::G => "g",
        }
    }
}

/// What is wrong with a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FormulaProblem {
    /// Longer than [`BYTES_MAX`], or too many operations.
    #[error("too long")]
    TooLong,
    /// Nested too deep.
    #[error("nested too deep")]
    TooDeep,
    /// A sign where it cannot stand, or one that is not of the language.
    #[error("cannot stand here")]
    Unexpected,
    /// Something is missing at the end.
    #[error("something is missing after this")]
    Unfinished,
    /// A parenthesis that is never closed.
    #[error("this parenthesis is never closed")]
    Unclosed,
    /// Not a number that can be held.
    #[error("not a number that can be held")]
    InvalidNumber,
    /// Neither state nor coefficient. The crate's constants are left out: its `tau` is not τ, its `e` not ε.
    #[error("not a known name; S, T, L, P, t and the names of the coefficients are")]
    UnknownName,
    /// No such function.
    #[error("not a known function")]
    UnknownFunction,
    /// Too few or too many arguments.
    #[error("another number of arguments is needed")]
    Arguments,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Such as the root of a negative number.
    #[error("has no value for this number")]
    Domain,
    /// Beyond the greatest number.
    #[error("too great a number")]
    Overflow,
}

impl From<ErrorKind> for FormulaProblem {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::TooLong => Self::TooLong,
            ErrorKind::TooDeep => Self::TooDeep,
            ErrorKind::UnexpectedEnd => Self::Unfinished,
            ErrorKind::UnclosedParenthesis => Self::Unclosed,
            ErrorKind::InvalidNumber => Self::InvalidNumber,
            ErrorKind::UnknownVariable => Self::UnknownName,
            ErrorKind::UnknownFunction => Self::UnknownFunction,
            ErrorKind::TooManyArguments | ErrorKind::ArgumentCount => Self::Arguments,
            ErrorKind::DivisionByZero => Self::DivisionByZero,
            ErrorKind::Domain => Self::Domain,
            ErrorKind::Overflow => Self::Overflow,
            // The other kinds are of other types of number; the enum may also grow.
            _ => Self::Unexpected,
        }
    }
}

/// Where a formula went wrong: bytes `start..end` of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}, bytes {start}..{end}: {problem}", side.name())]
pub struct FormulaError {
    /// Which formula.
    pub side: Side,
    /// What is wrong.
    pub problem: FormulaProblem,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Room for the two compiled formulas of a run.
pub(super) struct Code<'t> {
    f: [Instruction<'t, f64>; CODE_MAX],
    g: [Instruction<'t, f64>; CODE_MAX],
}

impl Code<'_> {
    pub(super) fn new() -> Self {
        Self { f: [Instruction::default(); CODE_MAX], g: [Instruction::default(); CODE_MAX] }
    }
}

/// Both formulas, compiled.
pub(super) struct Compiled<'c, 't> {
    f: Program<'c, 't, f64>,
    g: Program<'c, 't, f64>,
}

/// The values of names during a run: [`STATE`] and [`COEFFICIENTS`].
pub(super) struct Values {
    pub(super) state: [f64; STATE.len()],
    pub(super) coefficients: [f64; COEFFICIENTS.len()],
}

/// The values of [`COEFFICIENTS`].
pub(super) fn coefficients(p: &Parameters) -> [f64; COEFFICIENTS.len()] {
    [p.s0, p.alpha, p.beta, p.gamma, p.delta, p.epsilon, p.k, p.m, p.eta, p.kappa, p.nu]
}

impl Context<f64> for Values {
    fn variable(&self, name: &str) -> Option<f64> {
        let of = |names: &[&str], values: &[f64]| names.iter().position(|n| *n == name).and_then(|place| values.get(place).copied());
        of(&STATE, &self.state).or_else(|| of(&COEFFICIENTS, &self.coefficients))
    }

    fn call(&self, name: &str, arguments: &[f64]) -> Option<Result<f64, ErrorKind>> {
        Math.call(name, arguments)
    }
}

fn compile<'c, 't>(side: Side, text: &'t str, code: &'c mut [Instruction<'t, f64>]) -> Result<Program<'c, 't, f64>, FormulaError> {
    let error = |problem, start, end| FormulaError { side, problem, start, end };
    if text.len() > BYTES_MAX {
        return Err(error(FormulaProblem::TooLong, text.floor_char_boundary(BYTES_MAX), text.len()));
    }
    let reader = Evaluator::<(), 8>::new(&()).max_depth(DEPTH_MAX);
    let program = reader.compile(text, code).map_err(|e| error(e.kind.into(), e.span.start, e.span.end))?;
    // The program asks for a name only when it comes to it: a wrong one must not wait in a branch until then.
    for (start, name) in names(text) {
        let call = text[start + name.len()..].trim_start().starts_with('(');
        let known = STATE.contains(&name) || COEFFICIENTS.contains(&name) || name == "mod";
        if call && Context::<f64>::call(&Math, name, &[]).is_none() && name != "mod" {
            return Err(error(FormulaProblem::UnknownFunction, start, start + name.len()));
        }
        if !call && !known {
            return Err(error(FormulaProblem::UnknownName, start, start + name.len()));
        }
    }
    Ok(program)
}

/// The names in a formula and where they begin; the `e` of `1e3` is none.
fn names(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut words = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match begin {
            None if c.is_alphanumeric() || c == '_' || c == '.' => begin = Some(at),
            Some(start) if !(c.is_alphanumeric() || c == '_' || c == '.') => {
                words.push((start, &text[start..at]));
                begin = None;
            }
            _ => {}
        }
    }
    words.into_iter().filter(|(_, word)| !word.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
}

impl<'c, 't> Compiled<'c, 't> {
    pub(super) fn new(formulas: &'t Formulas, code: &'c mut Code<'t>) -> Result<Self, FormulaError> {
        Ok(Self { f: compile(Side::F, &formulas.f, &mut code.f)?, g: compile(Side::G, &formulas.g, &mut code.g)? })
    }

    /// f − g, per year.
    pub(super) fn rate(&self, values: &Values) -> Result<f64, FormulaError> {
        let side = |side, program: &Program<'_, '_, f64>| {
            program.evaluate(values).map_err(|e| FormulaError { side, problem: e.kind.into(), start: e.span.start, end: e.span.end })
        };
        Ok(side(Side::F, &self.f)? - side(Side::G, &self.g)?)
    }
}

/// Refuses formulas that cannot be read; that they have a value everywhere shows only in a run.
pub fn check(formulas: &Formulas) -> Result<(), FormulaError> {
    Compiled::new(formulas, &mut Code::new()).map(|_| ())
}

/// What S, T, L and P each do to f − g at a state `[S, T, L, P, t]`: slopes per year and unit, by central differences.
///
/// # Errors
/// A formula that cannot be read, or has no value near the state.
pub fn gains(p: &Parameters, formulas: &Formulas, state: [f64; STATE.len()]) -> Result<[f64; 4], FormulaError> {
    let mut code = Code::new();
    let compiled = Compiled::new(formulas, &mut code)?;
    let coefficients = coefficients(p);
    let mut slopes = [0.0; 4];
    for (place, slope) in slopes.iter_mut().enumerate() {
        let at = |by: f64| {
            let mut state = state;
            if let Some(value) = state.get_mut(place) {
                *value += by;
            }
            compiled.rate(&Values { state, coefficients })
        };
        let step = 1e-5 * (1.0 + state.get(place).map_or(0.0, |value| value.abs()));
        *slope = (at(step)? - at(-step)?) / (2.0 * step);
    }
    Ok(slopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(f: &str) -> Option<(FormulaProblem, usize, usize)> {
        let formulas = Formulas { f: f.into(), ..Formulas::default() };
        let error = check(&formulas).err()?;
        assert_eq!(error.side, Side::F);
        Some((error.problem, error.start, error.end))
    }

    fn rate(f: &str) -> Result<f64, FormulaProblem> {
        let formulas = Formulas { f: f.into(), g: "0".into() };
        let mut code = Code::new();
        let compiled = Compiled::new(&formulas, &mut code).unwrap();
        let values = Values { state: [2.0, 3.0, 5.0, 7.0, 11.0], coefficients: coefficients(&Parameters::default()) };
        compiled.rate(&values).map_err(|e| e.problem)
    }

    #[test]
    fn names_have_the_values_of_the_state_and_of_the_coefficients() {
        assert_eq!(rate("S + 10 * T + 100 * L + 1000 * P + 10000 * t"), Ok(117_532.0));
        let p = Parameters::default();
        for (name, value) in COEFFICIENTS.iter().zip(coefficients(&p)) {
            assert_eq!(rate(name), Ok(value), "{name}");
            let text = serde_json::to_value(&p).unwrap();
            assert_eq!(text[name].as_f64(), Some(value), "{name}");
        }
    }

    #[test]
    fn gains_of_e5_are_its_coefficients() {
        let p = Parameters::default();
        let found = gains(&p, &Formulas::default(), [1.5, 0.4, 1.0, 0.38, 0.0]).unwrap();
        for (found, expected) in found.iter().zip([-p.delta, p.alpha, 0.0, 1.0 - p.epsilon]) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
        let own = Formulas { f: "S * T".into(), g: "sqrt(S)".into() };
        assert!((gains(&p, &own, [4.0, 3.0, 1.0, 1.0, 0.0]).unwrap()[0] - 2.75).abs() < 1e-8);
        assert!(gains(&p, &own, [0.0, 3.0, 1.0, 1.0, 0.0]).is_err());
    }

    #[test]
    fn arithmetic_follows_the_usual_order() {
        assert_eq!(rate("-T ^ 2 + 2 * S / 4 - 1e1"), Ok(-18.0));
        assert_eq!(rate("t > 10 ? max(S, L) : 0"), Ok(5.0));
        assert_eq!(rate("ln(exp(L))"), Ok(5.0));
    }

    #[test]
    fn an_error_points_at_its_place() {
        use FormulaProblem::*;
        let deep = format!("{}S{}", "(".repeat(30), ")".repeat(30));
        let long = "S + ".repeat(150);
        let cases = [
            ("alpha * X", Some((UnknownName, 8, 9))),
            ("S ? 1 : 2 * wage", Some((UnknownName, 12, 16))),
            ("fetch(S)", Some((UnknownFunction, 0, 5))),
            ("alpha * * T", Some((Unexpected, 8, 9))),
            ("S $ 2", Some((Unexpected, 2, 3))),
            ("工资", Some((Unexpected, 0, 3))),
            ("2 *", Some((Unfinished, 3, 3))),
            ("1 + (S", Some((Unclosed, 4, 5))),
            ("", Some((Unfinished, 0, 0))),
            ("1e999", Some((InvalidNumber, 0, 5))),
            ("2 * 1e3 + .5", None),
        ];
        for (text, expected) in cases {
            assert_eq!(problem(text), expected, "{text}");
        }
        assert_eq!(problem(&deep).map(|p| p.0), Some(TooDeep));
        assert_eq!(problem(&long).map(|p| p.0), Some(TooLong));
        assert_eq!(problem(&"-".repeat(399)).map(|p| p.0), Some(TooDeep));
    }

    #[test]
    fn what_has_no_value_is_an_error_and_not_a_nan() {
        assert_eq!(rate("1 / (S - 2)"), Err(FormulaProblem::DivisionByZero));
        assert_eq!(rate("sqrt(-S)"), Err(FormulaProblem::Domain));
        assert_eq!(rate("exp(1000 * S)"), Err(FormulaProblem::Overflow));
        assert_eq!(rate("min()"), Err(FormulaProblem::Arguments));
    }
}
