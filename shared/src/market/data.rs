//! The market pack read: figures of occupations and their groups, competence weights, related occupations, and where each
//! column comes from. Not what is computed on them, nor a person's own figures: that is `local`.
//!
//! The principal type is [`MarketData`]. Occupations are named by their place in the order of their codes, which is also
//! that of the taxonomy; their names stand there. What is looked at more rarely is read when it is asked for:
//! [`lists`].
pub mod figures;
pub mod lists;
pub mod similarity;
pub mod sources;
pub mod table;

use crate::pack::PackFiles;
pub use figures::{Exposure, GroupFigures, Join, OccupationFigures, Pay, PayPublished, Percentiles, RoutineManual};
use figures::{EDUCATION, EXPERIENCE, TRAINING, by_code};
pub use sources::{ColumnSource, Source, Sources};
pub use table::MarketError;
use table::{Row, Table, amount, mark, percent, share};

/// Figures of occupations, a row each, in the order of their codes.
pub const OCCUPATIONS: &str = "occupations.tsv";
/// Figures of the major groups and of all occupations together.
pub const GROUPS: &str = "groups.tsv";
/// Importance and level of skills and knowledge: a row an occupation, a column an element, `importance:level`, both in
/// steps of [`WEIGHT_STEP`], with a `*` where O*NET calls the level imprecise.
pub const WEIGHTS: &str = "weights.tsv";
/// Related occupations: a row an occupation, then `place:pairs:tier` of each that is related.
pub const RELATED: &str = "related.tsv";
/// What importance (1..5) and level (0..7) are rounded to: 1/25, under their standard errors.
pub const WEIGHT_STEP: f32 = 0.04;

/// How much an occupation needs a skill or an area of knowledge (O*NET; of several codes the mean).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementWeight {
    /// Importance, 1 (not) to 5 (extremely).
    pub importance: f32,
    /// Level, 0..7.
    pub level: f32,
    /// O*NET recommends to suppress one of the values: few answers, or far apart.
    pub imprecise: bool,
}

/// An occupation that O*NET lists as related to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its place.
    pub to: usize,
    /// Pairs of O*NET codes behind it.
    pub pairs: u16,
    /// Best tier of those: 1 primary, first five; 2 primary, next five; 3 supplemental.
    pub tier: u8,
}

/// The figures of the market pack.
#[derive(Clone, Debug, Default)]
pub struct MarketData {
    /// By code; everything else names an occupation by its place here.
    pub occupations: Vec<OccupationFigures>,
    /// Major groups by code; the first is all occupations.
    pub groups: Vec<GroupFigures>,
    /// O*NET's ids of the skills and areas of knowledge that are weighted.
    pub elements: Vec<String>,
    /// Occupation → a weight an element; empty where O*NET has none.
    pub weights: Vec<Vec<ElementWeight>>,
    /// Occupation → those related to it, by place.
    pub related: Vec<Vec<Related>>,
    /// Where everything comes from.
    pub sources: Sources,
}

impl MarketData {
    /// Reads the core of the market pack; `files` by their names in the folder `market`, digests checked before.
    ///
    /// # Errors
    /// [`MarketError`] naming file, line and column.
    pub fn load(files: &PackFiles) -> Result<Self, MarketError> {
        let json = files.get(sources::SOURCES).ok_or_else(|| MarketError::Missing(sources::SOURCES.into()))?;
        let sources = Sources::parse(json)?;
        let open = |file| sourced(files, file, &sources);
        let table = open(OCCUPATIONS)?;
        let mut data = Self::default();
        for row in table.rows() {
            let figures = occupation(row)?;
            if data.occupations.last().is_some_and(|last| last.soc >= figures.soc) {
                return Err(row.fault("soc", &figures.soc, "codes in rising order"));
            }
            data.occupations.push(figures);
        }
        for row in open(GROUPS)?.rows() {
            data.groups.push(group(row)?);
        }
        let table = open(WEIGHTS)?;
        data.elements = table.header.iter().skip(1).map(|id| (*id).to_owned()).collect();
        data.weights = vec![Vec::new(); data.occupations.len()];
        for row in table.rows() {
            let of = data.need_place(row, "soc")?;
            let weights = row.cells().skip(1).map(|(column, cell)| weight(cell).ok_or_else(|| row.fault(column, cell, "importance:level")));
            let weights = weights.collect::<Result<Vec<_>, _>>()?;
            if let Some(slot) = data.weights.get_mut(of) {
                *slot = weights;
            }
        }
        data.related = vec![Vec::new(); data.occupations.len()];
        for row in open(RELATED)?.rows() {
            let of = data.need_place(row, "soc")?;
            let list = row.need("related", "place:pairs:tier of occupations", |text| {
                text.split(' ').map(related).collect::<Option<Vec<_>>>().filter(|list| list.iter().all(|r| r.to < data.occupations.len() && r.to != of))
            })?;
            if let Some(slot) = data.related.get_mut(of) {
                *slot = list;
            }
        }
        data.sources = sources;
        Ok(data)
    }

    /// The place of an occupation.
    pub fn place(&self, soc: &str) -> Option<usize> {
        self.occupations.binary_search_by(|figures| figures.soc.as_str().cmp(soc)).ok()
    }

    /// The figures of an occupation.
    pub fn occupation(&self, soc: &str) -> Option<&OccupationFigures> {
        self.place(soc).and_then(|place| self.occupations.get(place))
    }

    /// The major group of an occupation.
    pub fn group_of(&self, figures: &OccupationFigures) -> Option<&GroupFigures> {
        let soc = figures.group();
        self.groups.iter().find(|group| group.soc == soc)
    }

    /// The main source of a column, for the line under a chart.
    ///
    /// # Errors
    /// [`MarketError::Unsourced`].
    pub fn source_of(&self, file: &str, column: &str) -> Result<&Source, MarketError> {
        self.sources.main(file, column)
    }

    /// The place that a cell names.
    fn need_place(&self, row: Row<'_>, column: &str) -> Result<usize, MarketError> {
        row.need(column, "an occupation of the pack", |soc| self.place(soc))
    }
}

/// A table all of whose columns name their source.
pub(crate) fn sourced<'a>(files: &'a PackFiles, file: &'a str, sources: &Sources) -> Result<Table<'a>, MarketError> {
    let table = Table::read(files, file)?;
    table.header.iter().try_for_each(|column| sources.of(file, column).map(|_| ()))?;
    Ok(table)
}

fn occupation(row: Row<'_>) -> Result<OccupationFigures, MarketError> {
    let number = |column: &str| row.maybe(column, "an amount", amount);
    let rate = |column: &str| row.maybe(column, "a percentage", percent);
    let part = |column: &str| row.maybe(column, "a share", share);
    let onet = row.text("onet")?;
    let exposure = |alpha: &str, gamma: &str| match (part(alpha)?, part(gamma)?) {
        (Some(alpha), Some(gamma)) if alpha <= gamma => Ok(Some(Exposure { alpha, gamma })),
        (None, None) => Ok(None),
        _ => Err(row.fault(gamma, row.text(gamma)?, "both shares, or none; the first within the second")),
    };
    let routine_manual = match (part("routine")?, part("manual")?, part("bottleneck")?) {
        (Some(routine), Some(manual), Some(bottleneck)) => Some(RoutineManual { routine, manual, bottleneck }),
        _ => None,
    };
    let percentiles = |unit: &str| -> Result<Percentiles, MarketError> {
        let of = |which: &str| number(&format!("{unit}_{which}"));
        Ok(Percentiles { mean: of("mean")?, p10: of("p10")?, p25: of("p25")?, median: of("median")?, p75: of("p75")?, p90: of("p90")? })
    };
    let published = row.need("pay_published", "both, annual, hourly or nothing", |text| match text {
        "both" => Some(PayPublished::Both),
        "annual" => Some(PayPublished::Annual),
        "hourly" => Some(PayPublished::Hourly),
        "nothing" => Some(PayPublished::Nothing),
        _ => None,
    })?;
    Ok(OccupationFigures {
        soc: row.need("soc", "a code", |soc| (soc.len() == 7).then(|| soc.to_owned()))?,
        onet: if onet.is_empty() { Vec::new() } else { onet.split(',').map(str::to_owned).collect() },
        join: row.need("join", "exact, broad, hand or none", Join::from_name)?,
        combined: row.need("combined", "1 or 0", mark)?,
        job_zone: row.maybe("job_zone", "1 to 5", |text| text.parse().ok().filter(|zone| (1..=5).contains(zone)))?,
        education: row.maybe("education", "a code of BLS", |code| by_code(&EDUCATION, code))?,
        experience: row.maybe("experience", "a code of BLS", |code| by_code(&EXPERIENCE, code))?,
        training: row.maybe("training", "a code of BLS", |code| by_code(&TRAINING, code))?,
        employment_2024: number("employment_2024")?,
        employment_2034: number("employment_2034")?,
        self_employed: rate("self_employed")?,
        openings: number("openings")?,
        exit_rate: rate("exit_rate")?,
        transfer_rate: rate("transfer_rate")?,
        jobs: number("jobs")?,
        jobs_relative_error: rate("jobs_relative_error")?,
        pay: Pay { annual: percentiles("annual")?, hourly: percentiles("hourly")?, relative_error: rate("pay_relative_error")?, published },
        exposure: exposure("alpha", "gamma")?,
        human_exposure: exposure("human_alpha", "human_gamma")?,
        routine_manual,
    })
}

fn group(row: Row<'_>) -> Result<GroupFigures, MarketError> {
    let number = |column: &str| row.need(column, "an amount", amount);
    Ok(GroupFigures {
        soc: row.text("soc")?.into(),
        name_en: row.text("name_en")?.into(),
        name_zh: row.text("name_zh")?.into(),
        unemployment: row.need("unemployment", "a percentage", percent)?,
        labour_force: number("labour_force")?,
        employment_2024: number("employment_2024")?,
        employment_2034: number("employment_2034")?,
        annual_median: row.maybe("annual_median", "an amount", amount)?,
    })
}

/// `importance:level`, `*` where it is imprecise.
fn weight(cell: &str) -> Option<ElementWeight> {
    let (values, imprecise) = cell.strip_suffix('*').map_or((cell, false), |values| (values, true));
    let (importance, level) = values.split_once(':')?;
    let scaled = |text: &str| text.parse::<u8>().ok().map(|steps| f32::from(steps) * WEIGHT_STEP);
    let (importance, level) = (scaled(importance)?, scaled(level)?);
    ((1.0..=5.0).contains(&importance) && level <= 7.0).then_some(ElementWeight { importance, level, imprecise })
}

/// `place:pairs:tier`.
fn related(text: &str) -> Option<Related> {
    let mut parts = text.split(':');
    let found = Related { to: parts.next()?.parse().ok()?, pairs: parts.next()?.parse().ok().filter(|pairs| *pairs > 0)?, tier: parts.next()?.parse().ok()? };
    ((1..=3).contains(&found.tier) && parts.next().is_none()).then_some(found)
}

#[cfg(test)]
pub(crate) mod fixture;

#[cfg(test)]
mod tests {
    use super::fixture::{changed, files};
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn figures_are_read_with_what_is_missing_missing() {
        let data = MarketData::load(&files()).unwrap();
        let assemblers = data.occupation("51-2090").unwrap();
        assert_eq!((assemblers.join, assemblers.combined, assemblers.job_zone), (Join::Broad, true, Some(2)));
        assert!((assemblers.growth().unwrap() + 0.1).abs() < 1e-12);
        assert_eq!(assemblers.exit_rate, Some(4.1 / 100.0));
        assert_eq!(data.group_of(assemblers).unwrap().name_zh, "生产");
        let legislators = data.occupation("11-1031").unwrap();
        assert_eq!((legislators.jobs, legislators.pay.annual.median, legislators.exposure), (None, None, None));
        assert_eq!(legislators.pay.published, PayPublished::Nothing);
        assert_eq!(data.related[data.place("51-2090").unwrap()], [Related { to: 2, pairs: 3, tier: 1 }]);
        let weights = &data.weights[data.place("51-2090").unwrap()];
        assert_eq!(data.elements, ["2.A.1.a", "2.C.3.d"]);
        assert!((weights[0].importance - 2.52).abs() < 1e-6 && (weights[1].level - 4.0).abs() < 1e-6);
        assert_eq!(weights.iter().map(|w| w.imprecise).collect::<Vec<_>>(), [false, true]);
        assert_eq!(data.source_of(OCCUPATIONS, "annual_median").unwrap().id, "pay");
    }

    #[test]
    fn every_damage_is_named_by_file_line_and_column() {
        for (file, from, to, error) in [
            (OCCUPATIONS, "51-2090\t", "11-0000\t", "occupations.tsv:3: soc is \"11-0000\", expected codes in rising order"),
            (OCCUPATIONS, "\tbroad\t", "\tbraod\t", "occupations.tsv:3: join is \"braod\", expected exact, broad, hand or none"),
            (OCCUPATIONS, "\t4.1\t", "\t104.1\t", "occupations.tsv:3: exit_rate is \"104.1\", expected a percentage"),
            (OCCUPATIONS, "\t0.1\t0.82\t", "\t0.9\t0.82\t", "occupations.tsv:3: gamma is \"0.82\", expected both shares, or none; the first within the second"),
            (WEIGHTS, "63:40", "20:40", "weights.tsv:2: 2.A.1.a is \"20:40\", expected importance:level"),
            (WEIGHTS, "63:40", "63:200", "weights.tsv:2: 2.A.1.a is \"63:200\", expected importance:level"),
            (RELATED, "2:3:1", "9:3:1", "related.tsv:2: related is \"9:3:1\", expected place:pairs:tier of occupations"),
            (RELATED, "51-2090", "51-2099", "related.tsv:2: soc is \"51-2099\", expected an occupation of the pack"),
            (GROUPS, "4.1", "", "groups.tsv:3: unemployment is \"\", expected a percentage"),
            (sources::SOURCES, "\"related.tsv\"", "\"other.tsv\"", "sources.json does not say where soc of related.tsv comes from"),
        ] {
            assert_eq!(MarketData::load(&changed(file, from, to)).err().unwrap().to_string(), error);
        }
        let mut without = files();
        without.remove(GROUPS);
        assert_eq!(MarketData::load(&without).err(), Some(MarketError::Missing(GROUPS.into())));
    }

    #[test]
    fn a_place_is_found_by_its_code_alone() {
        let data = MarketData::load(&files()).unwrap();
        let places: BTreeMap<&str, Option<usize>> = ["11-1031", "51-2090", "51-9999", ""].into_iter().map(|soc| (soc, data.place(soc))).collect();
        assert_eq!(places, BTreeMap::from([("11-1031", Some(0)), ("51-2090", Some(1)), ("51-9999", None), ("", None)]));
    }
}
