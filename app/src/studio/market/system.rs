//! The article's system in the page: its levers, what it does when left alone, its lines. Not its equations: those are
//! `market::system` of the core.
use waymark_shared::chart::number::write;
use waymark_shared::chart::{Axis, Chart, Frame, Lines, Plot, Quantity, Role, Series};
use waymark_shared::market::system::formula::{FormulaError, FormulaProblem, Side};
use waymark_shared::market::system::run::{Notice, Run, simulate};
use waymark_shared::market::system::stability::{Balance, Pace, stability};
use waymark_shared::market::system::{Formulas, PARAMETERS, Parameters, SystemError, Technology};

use super::choice;
use crate::i18n::Lang;
use crate::state::{State, decoded};
use crate::studio::Studio;
use crate::studio::figure::{figure, locale, note};
use crate::studio::html::{Lever, escaped, part, said, tag};
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
/// Letters of an own formula: coded they still fit into an address.
const FORMULA_LONGEST: usize = 120;

/// The values of a state.
pub fn parameters(state: &State) -> Parameters {
    let mut p = Parameters::default();
    for (name, ..) in LEVERS {
        if let Some(value) = state.get(name).and_then(|text| text.parse::<f64>().ok()).filter(|value| value.is_finite()) {
            // A value outside its range leaves the default; the page's levers do not reach there.
            let _ = p.set(name, value);
        }
    }
    p.technology = Technology::ALL.into_iter().find(|t| Some(t.name()) == state.get("tech")).unwrap_or(Technology::Logistic);
    // What is left as it stands is (E5), which has closed forms.
    let example = Formulas::default();
    let side = |key: &str, example: &str| state.get(key).map(decoded).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| example.to_owned());
    let own = Formulas { f: side("f", &example.f), g: side("g", &example.g) };
    p.formulas = (own != example).then_some(own);
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

/// The levers' words: what each coefficient does.
fn lever_words(name: &str, t: &'static Texts) -> &'static str {
    match name {
        "alpha" => t.gain_alpha,
        "beta" => t.gain_beta,
        "gamma" => t.gain_gamma,
        "delta" => t.gain_delta,
        "epsilon" => t.gain_less,
        "k" => t.gain_k,
        "m" => t.gain_m,
        _ => t.gain_start,
    }
}

/// The view with its controls; what follows them are parts, so that no control is replaced while it is used.
pub fn page(state: &State, call: &Draw) -> String {
    let t = words(call.lang);
    let p = parameters(state);
    let mut order = Technology::ALL;
    order.sort_by_key(|technology| *technology != Technology::Logistic);
    let choices = order.map(|technology| (technology.name(), technology_name(technology, t)));
    let values = p.values();
    let levers: String = (LEVERS.iter())
        .filter_map(|(name, least, most, step)| {
            let at = PARAMETERS.iter().position(|info| info.name == *name)?;
            let words = format!("{} {}", PARAMETERS[at].symbol, lever_words(name, t));
            let ends = [format!("{least}"), format!("{most}")];
            Some(Lever { key: name, name: &words, ends: [&ends[0], &ends[1]], range: [*least, *most, *step], value: values[at] }.html())
        })
        .collect();
    let lead = Lever { key: "lead", name: t.system_lead_time, ends: ["0", "36"], range: [0.0, 36.0, 1.0], value: f64::from(p.lead_months) }.html();
    let formulas = p.formulas.clone().unwrap_or_default();
    let side = |key: &str, text: &str| {
        let text = escaped(text);
        format!("<p class=\"field\"><label for=\"own-{key}\">{key}(S, T, L, P) =</label> <input type=\"text\" id=\"own-{key}\" data-key=\"{key}\" value=\"{text}\" maxlength=\"{FORMULA_LONGEST}\" size=\"40\" autocomplete=\"off\" spellcheck=\"false\"></p>")
    };
    let open = if p.formulas.is_some() { " open" } else { "" };
    let own = tag(&format!("details{open}"), &(said("summary", t.own_formulas) + &note(t.own_formulas_note) + &side("f", &formulas.f) + &side("g", &formulas.g)));
    let technology = tag("p class=\"field\"", &choice(state, "tech", t.system_technology, &choices));
    let body = [
        said("h3", t.system_title),
        note(t.system_lead),
        part("system-figure", ""),
        tag("p class=\"sentence\" data-part=\"system-words\" aria-live=\"polite\"", ""),
        technology,
        tag("div class=\"levers\"", &(levers + &lead)),
        own,
        part("system-gains", ""),
        said("h4", t.system_equations),
        tag("pre class=\"equations\" data-part=\"system-equations\"", ""),
        note(t.system_twice),
        note(t.system_ours),
        super::fit::controls(call.lang),
        part("system-fit", ""),
    ];
    body.concat()
}

/// The parts that follow the state.
pub fn parts(studio: &Studio, state: &State, call: &Draw) -> Vec<(String, String)> {
    let (t, lang) = (words(call.lang), call.lang);
    let p = parameters(state);
    let width = f64::from(call.width);
    let (values, number) = (p.values(), |value: f64| write(value, Quantity::Plain { decimals: 2 }, locale(lang)));
    let mut parts: Vec<(String, String)> = (LEVERS.iter())
        .filter_map(|(name, ..)| Some((format!("value-{name}"), number(values[PARAMETERS.iter().position(|info| info.name == *name)?]))))
        .collect();
    parts.push(("value-lead".into(), escaped(&t.months_of(&p.lead_months.to_string()))));
    let (picture, said_of) = match simulate(&p, ROW_YEARS) {
        Ok(run) => (chart(state, lang).map(|chart| figure("system", &chart, width, lang)).unwrap_or_default(), notices(&p, &run, lang)),
        Err(error) => (refused(&p, &error, t, lang), Vec::new()),
    };
    parts.push(("system-figure".into(), picture));
    let lines: Vec<String> = statements(&p, lang).into_iter().chain(said_of).map(|line| said("span", &line)).collect();
    parts.push(("system-words".into(), lines.join(" ")));
    let gains = super::gains::chart(state, lang).map(|chart| figure("gains", &chart, width, lang) + &note(if p.technology.is_exogenous() { t.gains_path } else { t.gains_note }));
    parts.push(("system-gains".into(), gains.unwrap_or_default()));
    parts.push(("system-equations".into(), equations(&p, lang).map(|line| escaped(&line)).join("\n")));
    parts.push(("system-fit".into(), super::fit::found(studio, lang)));
    parts
}

/// Why the core refuses the values.
fn refused(p: &Parameters, error: &SystemError, t: &'static Texts, lang: Lang) -> String {
    if let SystemError::Formula(error) = error {
        return tag("div class=\"message\" role=\"alert\"", &said("p", &formula_fault(p, error, lang)));
    }
    let info = PARAMETERS.iter().find(|info| info.name == error.parameter());
    let number = |value: f64| write(value, Quantity::Plain { decimals: 2 }, locale(lang));
    if matches!(error, SystemError::Singular { .. }) {
        return note(t.system_singular);
    }
    note(&info.map_or_else(|| error.to_string(), |info| t.system_refused(info.symbol, &number(info.low), &number(info.high))))
}

/// What is wrong with a formula, with the piece that is.
fn formula_fault(p: &Parameters, error: &FormulaError, lang: Lang) -> String {
    let formulas = p.formulas.clone().unwrap_or_default();
    let text = if error.side == Side::F { &formulas.f } else { &formulas.g };
    let piece = text.get(error.start..error.end).filter(|piece| !piece.trim().is_empty()).unwrap_or(text);
    let (en, zh) = match error.problem {
        FormulaProblem::TooLong => ("the formula is too long", "公式太长"),
        FormulaProblem::TooDeep => ("too many parentheses within each other", "括号嵌套太深"),
        FormulaProblem::Unexpected => ("this cannot stand here", "这里不能这样写"),
        FormulaProblem::Unfinished => ("something is missing after this", "后面少了内容"),
        FormulaProblem::Unclosed => ("this parenthesis is never closed", "括号没有配对"),
        FormulaProblem::InvalidNumber => ("this is no number that can be held", "这个数无法表示"),
        FormulaProblem::UnknownName => ("no such name; S, T, L, P, t and the coefficients are known", "没有这个名称，可用S、T、L、P、t和系数的名称"),
        FormulaProblem::UnknownFunction => ("no such function", "没有这个函数"),
        FormulaProblem::Arguments => ("the function takes another number of values", "函数的参数个数不对"),
        FormulaProblem::DivisionByZero => ("division by zero", "除数为零"),
        FormulaProblem::Domain => ("this has no value for these numbers", "这样的数没有结果"),
        FormulaProblem::Overflow => ("the result is too great", "结果太大"),
    };
    words(lang).formula_fault(error.side.name(), piece, if lang == Lang::Zh { zh } else { en })
}

/// What has to be said about a run, beside its picture.
fn notices(p: &Parameters, run: &Run, lang: Lang) -> Vec<String> {
    let t = words(lang);
    let years = |years: f64| write(years, Quantity::Plain { decimals: 1 }, locale(lang));
    let said = |notice: &Notice| match notice {
        Notice::Floor { from_years, .. } => Some(t.notice_floor(&years(*from_years))),
        Notice::BlowUp { at_years, .. } | Notice::StepLimit { at_years } | Notice::Singular { at_years } => Some(t.notice_ends(&years(*at_years))),
        Notice::Formula { error, at_years } => Some(format!("{}{}{}", t.notice_ends(&years(*at_years)), if lang == Lang::Zh { "" } else { " " }, formula_fault(p, error, lang))),
        Notice::TrainingCancels => Some(t.notice_cancels.to_owned()),
        Notice::TechnologyNegative { .. } | Notice::RecursionDiverges => None,
    };
    run.notices.iter().filter_map(said).collect()
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

/// (E1), or (E3) to (E5), with their values.
fn equations(p: &Parameters, lang: Lang) -> [String; 4] {
    let n = |value: f64| write(value, Quantity::Plain { decimals: 2 }, locale(lang));
    [
        format!("(E3)  P = βS + γT = {}·S + {}·T", n(p.beta), n(p.gamma)),
        format!("(E4)  R = kS + mT = {}·S + {}·T", n(p.k), n(p.m)),
        match &p.formulas {
            Some(own) => format!("(E1)  dS/dt = f − g = {} − ({})", own.f, own.g),
            None => format!("(E5)  dS/dt = αT + P − δS − εP = {}·T + P − {}·S − {}·P", n(p.alpha), n(p.delta), n(p.epsilon)),
        },
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
        source: t.system_source.into(),
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
