//! β and γ of (E3) fitted to a series of the person's: the file, what was found, why nothing was. Not the fit itself: that is
//! `market::system::fit` of the core.
use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::market::system::fit::{Estimate, FitError, TrainingFit, fit};
use waymark_shared::market::system::series::{SeriesError, read};
use waymark_shared::market::system::PARAMETERS;

use crate::i18n::Lang;
use crate::studio::Studio;
use crate::studio::figure::{locale, note};
use crate::studio::html::{escaped, said, setter, tag};
use crate::studio::words::words;

/// An empty series.
pub const TEMPLATE: &str = "\u{feff}date,S,T,P\n";

/// Why nothing is fitted.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// The file is no series.
    Series(SeriesError),
    /// The series tells nothing.
    Fit(FitError),
}

/// What came of a series.
pub type Fitted = Result<TrainingFit, Refused>;

/// Reads a series and fits it.
pub fn fitted(bytes: &[u8]) -> Fitted {
    let text = std::str::from_utf8(bytes).map_err(|_| Refused::Series(SeriesError::NotCsv { line: 1 }))?;
    fit(&read(text).map_err(Refused::Series)?).map_err(Refused::Fit)
}

/// The fixed part: what to open.
pub fn controls(lang: Lang) -> String {
    let t = words(lang);
    let choose = format!("<label class=\"button\">{}<input type=\"file\" id=\"series\" accept=\".csv,text/csv\" data-file=\"series\"></label>", escaped(t.fit_choose));
    let row = tag("p class=\"row\"", &(choose + &said("button type=\"button\" data-save=\"series-template\"", t.fit_template)));
    said("h4", t.fit_title) + &note(t.fit_lead) + &row
}

/// What was found, or why nothing was.
pub fn found(studio: &Studio, lang: Lang) -> String {
    let t = words(lang);
    let found = match &studio.series {
        None => return String::new(),
        Some(Err(why)) => return tag("div class=\"message\" role=\"alert\"", &said("p", &refused(why, lang))),
        Some(Ok(found)) => found,
    };
    let number = |value: f64| write(value, Quantity::Plain { decimals: 3 }, locale(lang));
    let line = |symbol: &str, of: &Estimate| said("li", &t.fit_value(symbol, &number(of.value), &number(of.low), &number(of.high)));
    let values = tag("ul", &(line("β", &found.beta) + &line("γ", &found.gamma)));
    let neighbours = found.durbin_watson.map_or(String::new(), |of| note(&t.fit_neighbours(&number(of))));
    let within = |name: &str, value: f64| PARAMETERS.iter().any(|info| info.name == name && (info.low..=info.high).contains(&value));
    let usable = within("beta", found.beta.value) && within("gamma", found.gamma.value);
    let set = format!("beta={:.4}&gamma={:.4}", found.beta.value, found.gamma.value);
    let using = if usable { tag("p class=\"row\"", &setter(&set, None, t.fit_use)) } else { String::new() };
    said("p", &t.fit_found(&found.points.to_string())) + &values + &note(t.fit_holds) + &neighbours + &using
}

fn refused(why: &Refused, lang: Lang) -> String {
    let t = words(lang);
    match why {
        Refused::Series(SeriesError::TooLong) => t.series_too_long.to_owned(),
        Refused::Series(SeriesError::MissingColumn { column }) => t.series_missing(column),
        Refused::Series(SeriesError::NotCsv { line }) => t.series_not_csv(&line.to_string()),
        Refused::Series(SeriesError::NotANumber { line, column, text }) => t.series_not_number(&line.to_string(), column, text),
        Refused::Series(SeriesError::NotAfter { line }) => t.series_not_after(&line.to_string()),
        Refused::Fit(FitError::TooFew { points }) => t.fit_too_few(&points.to_string()),
        Refused::Fit(FitError::Collinear { .. }) => t.fit_collinear.to_owned(),
        Refused::Fit(FitError::Scale) => t.fit_scale.to_owned(),
    }
}
