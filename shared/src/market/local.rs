//! Figures of a place of one's own: a CSV table that takes the place of the US figures, occupation by occupation, under
//! its own source line. Not a file on disk, and no crosswalk: an occupation is named by code or by its exact name.
mod column;

use super::data::lists::ChinaOccupation;
use super::data::{MarketData, Percentiles};
use crate::text::nfkc;
use crate::text::sheet::{Sheet, SheetFault};
pub use column::{LocalColumn, TemplateLanguage, template};
use serde::{Deserialize, Serialize};

/// More bytes than a table of all occupations takes.
const BYTES_MAX: usize = 4 << 20;
/// Faults that are told at once.
const FAULTS_MAX: usize = 50;

/// What is wrong with a table or a cell; the page words each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalFaultKind {
    /// More than 4 MiB.
    TooLarge,
    /// No header or no line under it.
    Empty,
    /// Quotes or line ends that are no CSV, or a line of another width than the header.
    Malformed,
    /// A name in the header that is none of the columns.
    UnknownColumn,
    /// A column twice.
    ColumnTwice,
    /// `date` or `source`, or both of `occupation` and `china_code`, are not in the header.
    ColumnMissing,
    /// A cell that must be filled in is empty.
    CellMissing,
    /// Not a number of 0 or more.
    NotANumber,
    /// Not a percentage of 0 to 100.
    NotAPercentage,
    /// Not a currency and a period.
    NotAPayUnit,
    /// Pay without its unit.
    PayWithoutUnit,
    /// A percentile below a lower one.
    PercentilesFall,
    /// Not a year, month or day.
    NotADate,
    /// No occupation of the pack has that code or exact name.
    UnknownOccupation,
    /// The Chinese classification has no such code.
    UnknownChinaCode,
    /// An earlier line has the same occupation.
    OccupationTwice,
}

/// A fault with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}, column {column:?}: {kind:?}, {found:?}")]
pub struct LocalFault {
    /// Line of the file, from 1; 0 for the whole file.
    pub line: u64,
    /// The column, where it is one cell that is wrong.
    pub column: Option<LocalColumn>,
    /// What is wrong.
    pub kind: LocalFaultKind,
    /// What stands there.
    pub found: String,
}

/// The time that pay is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// An hour.
    Hour,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// The unit of pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayUnit {
    /// ISO 4217, as `CNY`.
    pub currency: String,
    /// What it is paid for.
    pub period: Period,
}

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalRow {
    /// The occupation of the pack, where the line names one.
    pub place: Option<usize>,
    /// The Chinese occupation, where the line names one.
    pub china_code: Option<String>,
    /// People employed.
    pub employment: Option<f64>,
    /// Open positions.
    pub vacancies: Option<f64>,
    /// People looking for such work.
    pub job_seekers: Option<f64>,
    /// Unit of `pay`; there wherever a value of it is.
    pub pay_unit: Option<PayUnit>,
    /// Pay before tax, as its source has it; a table has no mean.
    pub pay: Percentiles,
    /// Share unemployed, 0..1.
    pub unemployment: Option<f64>,
    /// ISO 8601: a year, month or day.
    pub date: String,
    /// Who published it.
    pub source: String,
}

/// A person's own figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LocalMarket {
    /// In the order of the file.
    pub rows: Vec<LocalRow>,
}

impl LocalMarket {
    /// Reads a table. `names` are the English and the Chinese name of each occupation of the pack, in its order.
    /// UTF-8 or, as Chinese spreadsheets write it, GB18030.
    ///
    /// # Errors
    /// All faults of the table, 50 at most; a table with a fault is not taken in part.
    pub fn read(bytes: &[u8], data: &MarketData, names: &[[&str; 2]], china: &[ChinaOccupation]) -> Result<Self, Vec<LocalFault>> {
        let whole = |kind, found: String| vec![LocalFault { line: 0, column: None, kind, found }];
        let malformed = |line| LocalFault { line, column: None, kind: LocalFaultKind::Malformed, found: String::new() };
        let sheet = Sheet::open(bytes, BYTES_MAX, Some(b'#')).map_err(|fault| match fault {
            SheetFault::TooLarge => whole(LocalFaultKind::TooLarge, bytes.len().to_string()),
            SheetFault::Malformed(line) => vec![malformed(line)],
        })?;
        let columns = columns(&sheet.header, sheet.line)?;
        let mut book = Reading { data, names: names.iter().map(|both| both.map(plain)).collect(), china, rows: Vec::new(), faults: Vec::new() };
        for (line, record) in sheet.rows {
            match record {
                Some(record) => book.row(line, &record, &columns),
                None => book.faults.push(malformed(line)),
            }
            if book.faults.len() >= FAULTS_MAX {
                break;
            }
        }
        if !book.faults.is_empty() {
            book.faults.truncate(FAULTS_MAX);
            return Err(book.faults);
        }
        if book.rows.is_empty() {
            return Err(whole(LocalFaultKind::Empty, String::new()));
        }
        Ok(Self { rows: book.rows })
    }

    /// The line of an occupation of the pack.
    pub fn row(&self, place: usize) -> Option<&LocalRow> {
        self.rows.iter().find(|row| row.place == Some(place))
    }

    /// The line of a Chinese occupation.
    pub fn china_row(&self, code: &str) -> Option<&LocalRow> {
        self.rows.iter().find(|row| row.china_code.as_deref() == Some(code))
    }
}

/// Names and headers as they are compared.
fn plain(text: &str) -> String {
    nfkc(text).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The columns of a header.
fn columns(header: &csv::StringRecord, line: u64) -> Result<Vec<LocalColumn>, Vec<LocalFault>> {
    use LocalFaultKind::{ColumnMissing, ColumnTwice, Empty, UnknownColumn};
    let (mut columns, mut faults) = (Vec::new(), Vec::new());
    let mut fault = |column, kind, found: &str| faults.push(LocalFault { line, column, kind, found: found.into() });
    for name in header {
        match LocalColumn::ALL.into_iter().find(|column| column.names().map(plain).contains(&plain(name))) {
            None => fault(None, UnknownColumn, name),
            Some(column) if columns.contains(&column) => fault(Some(column), ColumnTwice, name),
            Some(column) => columns.push(column),
        }
    }
    if header.is_empty() {
        fault(None, Empty, "");
    }
    for needed in [LocalColumn::Date, LocalColumn::Source] {
        if !columns.contains(&needed) {
            fault(Some(needed), ColumnMissing, "");
        }
    }
    if !columns.contains(&LocalColumn::Occupation) && !columns.contains(&LocalColumn::ChinaCode) {
        fault(Some(LocalColumn::Occupation), ColumnMissing, "");
    }
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

/// A table while it is read.
struct Reading<'a> {
    data: &'a MarketData,
    names: Vec<[String; 2]>,
    china: &'a [ChinaOccupation],
    rows: Vec<LocalRow>,
    faults: Vec<LocalFault>,
}

impl Reading<'_> {
    fn row(&mut self, line: u64, record: &csv::StringRecord, columns: &[LocalColumn]) {
        use LocalColumn as C;
        use LocalFaultKind as K;
        let cell = |column: C| columns.iter().position(|c| *c == column).and_then(|at| record.get(at)).map(nfkc).filter(|text| !text.is_empty());
        let mut faults = Vec::new();
        let mut fault = |column: C, kind: K| faults.push(LocalFault { line, column: Some(column), kind, found: cell(column).unwrap_or_default() });

        let mut number = |column: C, most: f64, kind: K| {
            let text = cell(column)?;
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0 && *value <= most);
            if value.is_none() {
                fault(column, kind);
            }
            value
        };
        let [employment, vacancies, job_seekers] = [C::Employment, C::Vacancies, C::JobSeekers].map(|column| number(column, f64::MAX, K::NotANumber));
        let unemployment = number(C::Unemployment, 100.0, K::NotAPercentage).map(|value| value / 100.0);
        let percentiles = [C::PayP10, C::PayP25, C::PayMedian, C::PayP75, C::PayP90];
        let values = percentiles.map(|column| number(column, f64::MAX, K::NotANumber));
        let mut least = 0.0;
        for (column, value) in percentiles.iter().zip(values).filter_map(|(column, value)| Some((*column, value?))) {
            if value < least {
                fault(column, K::PercentilesFall);
            }
            least = value;
        }
        let pay_unit = cell(C::PayUnit).as_deref().map(pay_unit);
        match pay_unit {
            Some(None) => fault(C::PayUnit, K::NotAPayUnit),
            None if values.iter().any(Option::is_some) => fault(C::PayUnit, K::PayWithoutUnit),
            _ => {}
        }
        let date = cell(C::Date).as_deref().map(date);
        match date {
            None => fault(C::Date, K::CellMissing),
            Some(None) => fault(C::Date, K::NotADate),
            _ => {}
        }
        let source = cell(C::Source);
        if source.is_none() {
            fault(C::Source, K::CellMissing);
        }
        let named = cell(C::Occupation);
        let place = named.as_deref().and_then(|text| self.place(text));
        let china_code = cell(C::ChinaCode);
        if named.is_some() && place.is_none() {
            fault(C::Occupation, K::UnknownOccupation);
        }
        if china_code.as_ref().is_some_and(|code| !self.china.iter().any(|entry| entry.code == *code)) {
            fault(C::ChinaCode, K::UnknownChinaCode);
        }
        match (place, &china_code) {
            (None, None) if named.is_none() => fault(C::Occupation, K::CellMissing),
            (Some(place), _) if self.rows.iter().any(|row| row.place == Some(place)) => fault(C::Occupation, K::OccupationTwice),
            (None, Some(code)) if self.rows.iter().any(|row| row.place.is_none() && row.china_code.as_ref() == Some(code)) => fault(C::ChinaCode, K::OccupationTwice),
            _ => {}
        }
        if !faults.is_empty() {
            self.faults.extend(faults);
            return;
        }
        let [p10, p25, median, p75, p90] = values;
        self.rows.push(LocalRow {
            place,
            china_code,
            employment,
            vacancies,
            job_seekers,
            pay_unit: pay_unit.flatten(),
            pay: Percentiles { mean: None, p10, p25, median, p75, p90 },
            unemployment,
            date: date.flatten().unwrap_or_default(),
            source: source.unwrap_or_default(),
        });
    }

    /// By code, or by the exact name in one of the languages where only one occupation bears it.
    fn place(&self, text: &str) -> Option<usize> {
        let name = plain(text);
        let mut named = self.names.iter().enumerate().filter(|(_, both)| both.contains(&name)).map(|(place, _)| place);
        self.data.place(text).or_else(|| named.next().filter(|_| named.next().is_none()))
    }
}

/// `CNY/month`, `元/月`.
fn pay_unit(text: &str) -> Option<PayUnit> {
    let (currency, period) = text.split_once('/')?;
    let currency = match currency.trim() {
        "元" | "人民币" => "CNY".to_owned(),
        "美元" => "USD".to_owned(),
        code => code.to_uppercase(),
    };
    let period = match period.trim().to_lowercase().as_str() {
        "hour" | "小时" | "时" => Period::Hour,
        "month" | "月" => Period::Month,
        "year" | "年" => Period::Year,
        _ => return None,
    };
    (currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase())).then_some(PayUnit { currency, period })
}

/// A year, month or day in ISO 8601; `2025/6` and `2025年6月` are taken too.
fn date(text: &str) -> Option<String> {
    let even: String = text.chars().map(|c| if matches!(c, '/' | '.' | '年' | '月') { '-' } else { c }).filter(|c| *c != '日' && *c != ' ').collect();
    let parts: Vec<u32> = even.trim_end_matches('-').split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let days = |year: u32, month: u32| match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let (year, month, day) = (*parts.first()?, parts.get(1).copied(), parts.get(2).copied());
    let good = (1900..=2200).contains(&year) && month.is_none_or(|m| (1..=12).contains(&m)) && day.is_none_or(|d| (1..=days(year, month.unwrap_or(1))).contains(&d));
    (good && parts.len() <= 3).then(|| format!("{year}{}{}", month.map_or(String::new(), |m| format!("-{m:02}")), day.map_or(String::new(), |d| format!("-{d:02}"))))
}

#[cfg(test)]
mod tests;
