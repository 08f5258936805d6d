//! What is shown of an occupation's present, and where each figure comes from: a person's own table before the pack. Not
//! what may come: that is the simulation's.
use super::data::{ColumnSource, GROUPS, MarketData, MarketError, OCCUPATIONS, PayPublished, Percentiles, Source};
use super::local::{LocalMarket, PayUnit, Period};

/// Where a figure that is shown comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin<'a> {
    /// The pack: a US figure.
    Pack {
        /// What is published.
        source: &'a Source,
        /// Unit, vintage, what was done to it.
        column: &'a ColumnSource,
    },
    /// A person's own table.
    Local {
        /// Who published it.
        source: &'a str,
        /// ISO 8601.
        date: &'a str,
    },
}

/// A figure with where it comes from; no value means not published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown<'a, T> {
    /// The figure.
    pub value: Option<T>,
    /// Its source line.
    pub origin: Origin<'a>,
}

/// What is shown of an occupation's present: all from the person's own table where that has the occupation, else all from
/// the pack. The two never mix, so that no missing value of one place is filled with another's.
#[derive(Clone, Debug, PartialEq)]
pub struct Present<'a> {
    /// People employed.
    pub employment: Shown<'a, f64>,
    /// Pay: of the pack a year's, or an hour's where BLS publishes only that.
    pub pay: Shown<'a, Percentiles>,
    /// Its unit, where there is pay.
    pub pay_unit: Option<PayUnit>,
    /// Share unemployed, 0..1; in the pack that of the major group.
    pub unemployment: Shown<'a, f64>,
    /// Open positions; the pack has none.
    pub vacancies: Option<f64>,
    /// People looking for such work; the pack has none.
    pub job_seekers: Option<f64>,
}

/// What is shown of the occupation at a place.
///
/// # Errors
/// [`MarketError::Unsourced`] where the pack does not say where a column comes from.
pub fn present<'a>(data: &'a MarketData, local: Option<&'a LocalMarket>, place: usize) -> Result<Option<Present<'a>>, MarketError> {
    if let Some(row) = local.and_then(|local| local.row(place)) {
        let origin = Origin::Local { source: &row.source, date: &row.date };
        return Ok(Some(Present {
            employment: Shown { value: row.employment, origin },
            pay: Shown { value: (row.pay != Percentiles::default()).then_some(row.pay), origin },
            pay_unit: row.pay_unit.clone(),
            unemployment: Shown { value: row.unemployment, origin },
            vacancies: row.vacancies,
            job_seekers: row.job_seekers,
        }));
    }
    let Some(figures) = data.occupations.get(place) else { return Ok(None) };
    let origin = |file, column| Ok(Origin::Pack { source: data.sources.main(file, column)?, column: data.sources.of(file, column)? });
    let (pay, column, period) = match figures.pay.published {
        PayPublished::Both | PayPublished::Annual => (Some(figures.pay.annual), "annual_median", Some(Period::Year)),
        PayPublished::Hourly => (Some(figures.pay.hourly), "hourly_median", Some(Period::Hour)),
        PayPublished::Nothing => (None, "annual_median", None),
    };
    Ok(Some(Present {
        employment: Shown { value: figures.employment_2024.map(|thousands| thousands * 1000.0), origin: origin(OCCUPATIONS, "employment_2024")? },
        pay: Shown { value: pay, origin: origin(OCCUPATIONS, column)? },
        pay_unit: period.map(|period| PayUnit { currency: "USD".into(), period }),
        unemployment: Shown { value: data.group_of(figures).map(|group| group.unemployment), origin: origin(GROUPS, "unemployment")? },
        vacancies: None,
        job_seekers: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::data::fixture::{changed, files};
    use super::*;
    use crate::pack::PackFiles;

    #[test]
    fn own_figures_take_the_place_of_the_packs_whole() {
        let data = MarketData::load(&files()).unwrap();
        let table = "occupation,vacancies,pay_unit,pay_median,date,source\n51-2090,30,CNY/month,5200,2025,Bureau of Example\n";
        let names = [["Legislators", "议员"], ["Miscellaneous assemblers and fabricators", "其他装配工"], ["Machinists", "机械加工工"]];
        let local = LocalMarket::read(table.as_bytes(), &data, &names, &[]).unwrap();
        let us = present(&data, None, 1).unwrap().unwrap();
        assert_eq!((us.employment.value, us.pay.value.unwrap().median, us.unemployment.value), (Some(1_000_000.0), Some(43_000.0), Some(4.1 / 100.0)));
        assert!(matches!(us.pay.origin, Origin::Pack { source, .. } if source.id == "pay"));
        let own = present(&data, Some(&local), 1).unwrap().unwrap();
        // What the own table lacks stays missing: no US figure stands in for it.
        assert_eq!((own.employment.value, own.unemployment.value, own.vacancies), (None, None, Some(30.0)));
        assert_eq!(own.pay.value.unwrap().median, Some(5200.0));
        assert_eq!(own.pay.origin, Origin::Local { source: "Bureau of Example", date: "2025" });
        assert_eq!(own.pay_unit, Some(PayUnit { currency: "CNY".into(), period: Period::Month }));
        // Another occupation keeps the pack's.
        assert_eq!(present(&data, Some(&local), 2).unwrap(), present(&data, None, 2).unwrap());
        assert_eq!(present(&data, None, 9).unwrap(), None);
    }

    #[test]
    fn pay_by_the_hour_stands_where_no_years_pay_is_published() {
        // Of the machinists only an hour's pay.
        let files = changed(OCCUPATIONS, "\t56000\t38000\t46000\t55000\t66000\t78000\t", "\t\t\t\t\t\t\t");
        let text = String::from_utf8(files[OCCUPATIONS].clone()).unwrap();
        let files = PackFiles::from_iter(files.into_iter().chain([(OCCUPATIONS.to_owned(), text.replace("0.5\tboth\t0\t", "0.5\thourly\t0\t").into_bytes())]));
        let data = MarketData::load(&files).unwrap();
        let shown = present(&data, None, 2).unwrap().unwrap();
        assert_eq!((shown.pay.value.unwrap().median, shown.pay_unit.unwrap().period), (Some(26.44), Period::Hour));
        // Of the legislators none.
        let none = present(&data, None, 0).unwrap().unwrap();
        assert_eq!((none.pay.value, none.pay_unit, none.employment.value), (None, None, Some(30_000.0)));
    }
}
