//! The article's system in the page: its levers, what it does when left alone, its lines. Not its equations: those are
//! `market::system` of the core.
use waymark_shared::chart::number::write;
use waymark_shared::chart::{Axis, Chart, Frame, Lines, Plot, Quantity, Role, Series};
use waymark_shared::market::system::run::{Notice, simulate};
use waymark_shared::market::system::stability::{Balance, Pace, stability};
use waymark_shared::market::system::{PARAMETERS, Parameters, SystemError, Technology};

use super::choice;
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::figure::{figure, locale, note};
use crate::studio::html::{Lever, said, tag};
use crate::studio::words::{Texts, words};
use crate::worker::protocol::Draw;

/// Coefficients that have a lever here: name, least, greatest, step. Narrower than what the core takes.
const LEVERS: [(&str, f64, f64, f64); 8] = [
    ("alpha", -1.0, 2.0, 0.05),
    ("beta", -1.0, 1.0, 0.05),
    ("gamma", -1.0, 1.0, 0.05),
    ("delta", 0.0, 2.0, 0.05),
    ("epsilon", -1.0, 2.0, 0.05),
    ("k", -1.0, 2.0, 0.05),
    ("m", -1.0, 2.0, 0.05),
    ("s0", 0.0, 10.0, 0.5),
];

/// Years between the rows of a run.
const ROW_YEARS: f64 = 0.5;

fn parameters(state: &State) -> Parameters {
    let mut p = Parameters::default();
    for (name, ..) in LEVERS {
        if let Some(value) = state.get(name).and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite()) {
            // A value outside its range leaves the default; the page's levers do not reach there.
            let _ = p.set(name, value);
        }
    }
    p.technology = Technology::ALL.into_iter().find(|t| Some(t.name()) == state.get("tech")).unwrap_or(Technology::Logistic);
    p.lead_months = state.get("lead").and_then(|text| text.parse().ok()).filter(|months| *months <= 36).unwrap_or(0);
    p
}

fn technology_name(technology: Technology, t: &'static Texts) -> &'static str {
    match technology {
        Technology::Constant => t.system_constant,
        Technology::Exponential => t.system_exponential,
        Technology::Logistic => t.system_logistic,
        Technology::Literal => t.system_literal,
        Technology::Lagged => t.system_lagged,
    }
}

/// The view.
pub fn html(state: &State, call: &Draw) -> String {
    let (t, lang) = (words(call.lang), call.lang);
    let p = parameters(state);
    let mut order = Technology::ALL;
    order.sort_by_key(|technology| *technology != Technology::Logistic);
    let choices = order.map(|technology| (technology.name(), technology_name(technology, t)));
    let values = p.values();
    let levers: String = (LEVERS.iter())
        .filter_map(|(name, least, most, step)| {
            let at = PARAMETERS.iter().position(|info| info.name == *name)?;
            let (symbol, value) = (PARAMETERS[at].symbol, values[at]);
            let words = format!("{symbol} = {}", write(value, Quantity::Plain { decimals: 2 }, locale(lang)));
            let ends = [format!("{least}"), format!("{most}")];
            Some(Lever { key: name, name: &words, ends: [&ends[0], &ends[1]], range: [*least, *most, *step], value }.html())
        })
        .collect();
    let lead = {
        let words = format!("{} {}", p.lead_months, t.months);
        Lever { key: "lead", name: &words, ends: ["0", "36"], range: [0.0, 36.0, 1.0], value: f64::from(p.lead_months) }.html()
    };
    let picture = match chart(state, lang) {
        Some(chart) => figure("system", &chart, f64::from(call.width), lang),
        None => refused(&p, t, lang),
    };
    let technology = tag("p class=\"field\"", &choice(state, "tech", t.system_technology, &choices));
    let body = [
        said("h3", t.system_title),
        note(t.system_lead),
        picture,
        tag("p class=\"sentence\"", &statements(&p, lang).iter().map(|line| said("span", line)).collect::<Vec<_>>().join(" ")),
        technology,
        tag("div class=\"levers\"", &(levers + &lead)),
        said("h4", t.system_equations),
        tag("pre class=\"equations\"", &equations(&p, lang).map(|line| super::escaped(&line)).join("\n")),
        note(t.system_twice),
        note(t.system_ours),
    ];
    body.concat()
}

/// Why the core refuses the values.
fn refused(p: &Parameters, t: &'static Texts, lang: Lang) -> String {
    let Err(error) = p.check() else { return String::new() };
    let info = PARAMETERS.iter().find(|info| info.name == error.parameter());
    let number = |value: f64| write(value, Quantity::Plain { decimals: 2 }, locale(lang));
    if matches!(error, SystemError::Singular { .. }) {
        return note(t.system_singular);
    }
    note(&info.map_or_else(|| error.to_string(), |info| t.system_refused(info.symbol, &number(info.low), &number(info.high))))
}

/// What the system does when left alone, in sentences.
fn statements(p: &Parameters, lang: Lang) -> Vec<String> {
    let (t, locale) = (words(lang), locale(lang));
    let number = |value: f64| write(value, Quantity::Plain { decimals: 1 }, locale);
    let Some(found) = p.check().ok().and_then(|()| stability(p)) else { return Vec::new() };
    let mut out = vec![match found.pace() {
        Pace::Doubles { years } => t.system_doubles(&number(years)),
        Pace::Halves { years } => t.system_halves(&number(years)),
        Pace::Steady => t.system_flat.to_owned(),
    }];
    out.extend(found.modes.first().and_then(|mode| mode.period_years).map(|years| t.system_swings(&number(years))));
    out.push(match found.balance {
        Balance::Point { s, stable: true } => t.system_balance_stable(&number(s)),
        Balance::Point { s, stable: false } => t.system_balance_unstable(&number(s)),
        _ => t.system_no_balance.to_owned(),
    });
    out
}

/// (E2) to (E5) with their values.
fn equations(p: &Parameters, lang: Lang) -> [String; 4] {
    let n = |value: f64| write(value, Quantity::Plain { decimals: 2 }, locale(lang));
    [
        format!("(E3)  P = βS + γT = {}·S + {}·T", n(p.beta), n(p.gamma)),
        format!("(E4)  R = kS + mT = {}·S + {}·T", n(p.k), n(p.m)),
        format!("(E5)  dS/dt = αT + P − δS − εP = {}·T + P − {}·S − {}·P", n(p.alpha), n(p.delta), n(p.epsilon)),
        format!("      dL/dt = ηP − κL − νTL = {}·P − {}·L − {}·T·L", n(p.eta), n(p.kappa), n(p.nu)),
    ]
}

/// S, T, L, P over the years.
pub fn chart(state: &State, lang: Lang) -> Option<Chart> {
    let t = words(lang);
    let p = parameters(state);
    let run = simulate(&p, ROW_YEARS).ok()?;
    let axis = |title: &str| Axis { title: title.into(), unit: String::new(), quantity: Quantity::Plain { decimals: 1 } };
    let series = |name: &str, role, of: fn(&waymark_shared::market::system::run::Row) -> f64| Series {
        name: name.into(),
        role,
        points: run.rows.iter().map(|row| (row.t_years, Some(of(row)))).collect(),
    };
    let ended = run.notices.iter().find_map(|notice| match notice {
        Notice::BlowUp { at_years, .. } | Notice::StepLimit { at_years } => Some(*at_years),
        _ => None,
    });
    let until = ended.map_or(String::new(), |years| format!(" (… {} {})", write(years, Quantity::Plain { decimals: 1 }, locale(lang)), t.years));
    let frame = Frame {
        locale: locale(lang),
        title: format!("{}{until}", t.system_title),
        summary: statements(&p, lang).join(" "),
        source: t.source_line("Waymark, (E1)–(E5)", "–"),
        missing: t.not_published.into(),
    };
    let lines = Lines {
        x: axis(t.years),
        y: axis(t.system_axis),
        series: vec![series("S", Role::Own, |row| row.s), series("T", Role::Own, |row| row.t), series("L", Role::Own, |row| row.l), series("P", Role::Own, |row| row.p)],
        zero: true,
    };
    Chart::new(frame, Plot::Lines(lines)).ok()
}
