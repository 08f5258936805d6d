//! The causal diagram of (E1) to (E5): S, T, L and P where the run begins, and what a unit of each does to the others with the
//! coefficients as they stand. Not the run itself.
use waymark_shared::chart::{Causal, CausalArrow, CausalNode, Chart, Frame, Plot, Variable};
use waymark_shared::market::system::formula::gains;
use waymark_shared::market::system::run::{Row, simulate};
use waymark_shared::market::system::{Parameters, Technology};

use super::system::parameters;
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::figure::locale;
use crate::studio::words::{Texts, words};

/// Digits after the point.
const DECIMALS: u8 = 2;

/// The diagram; none where the core refuses the values.
pub fn chart(state: &State, lang: Lang) -> Option<Chart> {
    let t = words(lang);
    let p = parameters(state);
    let row = *simulate(&p, 1.0).ok()?.rows.first()?;
    let node = |variable, name: &str, value, unit: &str| CausalNode { variable, name: name.into(), value, decimals: DECIMALS, unit: unit.into() };
    let nodes = vec![
        node(Variable::T, t.gain_of_t, row.t, t.gain_index),
        node(Variable::S, t.gain_of_s, row.s, t.gain_index),
        node(Variable::P, t.gain_of_p, row.p, t.gain_index_year),
        node(Variable::L, t.gain_of_l, row.l, t.gain_index),
    ];
    let mut arrows = into_s(&p, &row, t)?;
    arrows.extend(others(&p, t));
    let title = t.gains_title;
    let frame = Frame {
        locale: locale(lang),
        title: title.into(),
        summary: title.into(),
        source: t.system_source.into(),
        missing: t.not_published.into(),
    };
    let heads = [t.gain_from, t.gain_to, t.gain_meaning, t.gain_value, t.gain_unit].map(str::to_owned);
    Chart::new(frame, Plot::Causal(Causal { nodes, arrows, heads })).ok()
}

fn arrow(from: Variable, to: Variable, symbol: &str, name: &str, gain: f64, unit: &str) -> CausalArrow {
    CausalArrow { from, to, symbol: symbol.into(), name: name.into(), gain, decimals: DECIMALS, unit: unit.into() }
}

/// What moves S: the coefficients of (E5), or the slopes of own formulas where the run begins.
fn into_s(p: &Parameters, row: &Row, t: &Texts) -> Option<Vec<CausalArrow>> {
    use Variable::{L, P, S, T};
    if let Some(formulas) = &p.formulas {
        let [s, technology, l, training] = gains(p, formulas, [row.s, row.t, row.l, row.p_arriving, 0.0]).ok()?;
        let own = |from: Variable, gain: f64, unit: &str| arrow(from, S, &format!("∂(f−g)/∂{}", from.symbol()), t.gain_own, gain, unit);
        // Differences are exact to nine digits, no more.
        let [s, technology, l, training] = [s, technology, l, training].map(|gain| (gain * 1e9).round() / 1e9);
        let all = [own(T, technology, t.per_year), own(S, s, t.per_year), own(P, training, t.gain_ratio), own(L, l, t.per_year)];
        return Some(all.into_iter().filter(|arrow| arrow.gain.abs() > 1e-9).collect());
    }
    Some(vec![
        arrow(T, S, "α", t.gain_alpha, p.alpha, t.per_year),
        arrow(S, S, "−δ", t.gain_delta, -p.delta, t.per_year),
        // βS + γT is P and counts once; −εP takes of the same P.
        arrow(P, S, "1−ε", t.gain_epsilon, 1.0 - p.epsilon, t.gain_ratio),
    ])
}

/// (E3), (E4) where T follows the market, and L, which is ours.
fn others(p: &Parameters, t: &Texts) -> Vec<CausalArrow> {
    use Variable::{L, P, S, T};
    let mut arrows = vec![arrow(S, P, "β", t.gain_beta, p.beta, t.per_year), arrow(T, P, "γ", t.gain_gamma, p.gamma, t.per_year)];
    match p.technology {
        Technology::Literal => arrows.extend([arrow(S, T, "k", t.gain_k, p.k, t.gain_ratio), arrow(T, T, "m", t.gain_m, p.m, t.gain_ratio)]),
        Technology::Lagged => arrows.extend([
            arrow(S, T, "k/θ", t.gain_k, p.k / p.t_lag, t.per_year),
            arrow(T, T, "(m−1)/θ", t.gain_m, (p.m - 1.0) / p.t_lag, t.per_year),
        ]),
        // A scenario that S does not move: the path R of (E4) is an output and acts on nothing.
        Technology::Constant | Technology::Exponential | Technology::Logistic => {}
    }
    arrows.extend([
        arrow(P, L, "η", t.gain_eta, p.eta, t.gain_ratio),
        arrow(L, L, "−κ", t.gain_kappa, -p.kappa, t.per_year),
        arrow(T, L, "−ν", t.gain_nu, -p.nu, t.gain_per_skill),
    ]);
    arrows
}
