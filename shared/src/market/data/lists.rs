//! What the market pack holds beside the core, read when it is asked for: pay by state, technologies in demand, learning
//! resources, the occupations of China's classification. Not figures of the whole country.
use super::table::{Row, mark};
use super::{MarketData, MarketError, sourced};
use crate::pack::PackFiles;

/// US states and territories: code, names.
pub const AREAS: &str = "areas.tsv";
/// Employees and median pay by state: a row an occupation, a column an area, `tens of employees:tens of dollars a year`;
/// `*` for what BLS does not publish, an empty cell where it has no row.
pub const STATES: &str = "states.tsv";
/// Technologies that advertisements ask for.
pub const TECHNOLOGIES: &str = "technologies.tsv";
/// Courses and tutorials.
pub const LEARNING: &str = "learning.tsv";
/// The occupations of 中华人民共和国职业分类大典 (2022).
pub const CHINA: &str = "china.tsv";
/// Our choice of the nearest of these to each occupation.
pub const NEAREST: &str = "nearest.tsv";

/// A state or territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// FIPS code, two digits.
    pub code: String,
    /// English name.
    pub name_en: String,
    /// Our Chinese name.
    pub name_zh: String,
}

/// An occupation in a state, May 2025; `None` is "not published".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateFigures {
    /// Employees, rounded by BLS to tens.
    pub jobs: Option<f64>,
    /// Median pay of a year, dollars.
    pub annual_median: Option<f64>,
}

/// Employees and pay by state.
#[derive(Clone, Debug, Default)]
pub struct States {
    /// By code.
    pub areas: Vec<Area>,
    /// All occupations together, an area each.
    pub all: Vec<Option<StateFigures>>,
    /// Occupation → area → figures; `None` where BLS has no row.
    pub figures: Vec<Vec<Option<StateFigures>>>,
}

impl States {
    /// Reads pay by state.
    ///
    /// # Errors
    /// [`MarketError`] naming file, line and column.
    pub fn load(files: &PackFiles, data: &MarketData) -> Result<Self, MarketError> {
        let mut areas = Vec::new();
        for row in sourced(files, AREAS, &data.sources)?.rows() {
            areas.push(Area { code: row.text("area")?.into(), name_en: row.text("name_en")?.into(), name_zh: row.text("name_zh")?.into() });
        }
        let table = sourced(files, STATES, &data.sources)?;
        if let Some(area) = areas.iter().find(|area| !table.header.contains(&area.code.as_str())) {
            return Err(MarketError::Column { file: STATES.into(), column: area.code.clone() });
        }
        let mut states = Self { all: Vec::new(), figures: vec![vec![None; areas.len()]; data.occupations.len()], areas };
        for row in table.rows() {
            let cell = |area: &Area| row.maybe(&area.code, "tens of employees:tens of dollars", state);
            let figures = states.areas.iter().map(cell).collect::<Result<Vec<_>, _>>()?;
            if row.text("soc")? == "00-0000" {
                states.all = figures;
            } else {
                let place = data.need_place(row, "soc")?;
                if let Some(slot) = states.figures.get_mut(place) {
                    *slot = figures;
                }
            }
        }
        Ok(states)
    }
}

fn state(cell: &str) -> Option<StateFigures> {
    let (jobs, pay) = cell.split_once(':')?;
    let tens = |text: &str| if text == "*" { Some(None) } else { text.parse::<u32>().ok().map(|tens| Some(f64::from(tens) * 10.0)) };
    Some(StateFigures { jobs: tens(jobs)?, annual_median: tens(pay)? })
}

/// A technology that employers ask for; its name stands in the taxonomy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technology {
    /// Id of the competence, as `tech:python`.
    pub id: String,
    /// O*NET's "hot technology": often asked for over all occupations.
    pub hot: bool,
    /// In how many occupations of the pack it is "in demand": often asked for there.
    pub demanded_by: u16,
}

/// Technologies that are hot or in demand, by id.
///
/// # Errors
/// [`MarketError`] naming file, line and column.
pub fn technologies(files: &PackFiles, data: &MarketData) -> Result<Vec<Technology>, MarketError> {
    let read = |row: Row<'_>| Ok(Technology { id: row.text("id")?.into(), hot: row.need("hot", "1 or 0", mark)?, demanded_by: row.need("demanded_by", "a count", |text| text.parse().ok())? });
    sourced(files, TECHNOLOGIES, &data.sources)?.rows().map(read).collect()
}

/// A course, a tutorial, a book on the net. Waymark names it and never opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearningResource {
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// Language: `en`, `zh-Hans`, `zh-Hant`.
    pub language: String,
    /// The heading it stands under in its list.
    pub topic: String,
    /// Ids of the competences whose name or alias the topic is; mostly technologies.
    pub competences: Vec<String>,
    /// Licence of the resource itself, where it is known.
    pub licence: Option<String>,
    /// Id of the list it is from.
    pub source: String,
}

/// Learning resources, by list and topic.
///
/// # Errors
/// [`MarketError`] naming file, line and column.
pub fn learning(files: &PackFiles, data: &MarketData) -> Result<Vec<LearningResource>, MarketError> {
    let read = |row: Row<'_>| {
        let competences = row.text("competences")?;
        Ok(LearningResource {
            title: row.text("title")?.into(),
            url: row.need("url", "an address", |url| (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned()))?,
            language: row.text("language")?.into(),
            topic: row.text("topic")?.into(),
            competences: if competences.is_empty() { Vec::new() } else { competences.split(',').map(str::to_owned).collect() },
            licence: row.maybe("licence", "a licence", |text| Some(text.to_owned()))?,
            source: row.need("source", "a source of sources.json", |id| data.sources.source(id).map(|source| source.id.clone()))?,
        })
    };
    sourced(files, LEARNING, &data.sources)?.rows().map(read).collect()
}

/// An entry of China's classification of occupations; no official table leads from it to US codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChinaOccupation {
    /// Code, as `6-31-07-01`.
    pub code: String,
    /// 1 major group (大类), 2 (中类), 3 (小类), 4 occupation (细类).
    pub level: u8,
    /// Chinese name.
    pub name: String,
    /// Marked S: a digital occupation (数字职业).
    pub digital: bool,
    /// Marked L: a green occupation (绿色职业).
    pub green: bool,
}

/// The occupations of China's classification, by code.
///
/// # Errors
/// [`MarketError`] naming file, line and column.
pub fn china_occupations(files: &PackFiles, data: &MarketData) -> Result<Vec<ChinaOccupation>, MarketError> {
    let read = |row: Row<'_>| {
        Ok(ChinaOccupation {
            code: row.text("code")?.into(),
            level: row.need("level", "1 to 4", |text| text.parse().ok().filter(|level| (1..=4).contains(level)))?,
            name: row.text("name")?.into(),
            digital: row.need("digital", "1 or 0", mark)?,
            green: row.need("green", "1 or 0", mark)?,
        })
    };
    sourced(files, CHINA, &data.sources)?.rows().map(read).collect()
}

/// The entry of China's classification that is nearest to an occupation, as we judge it (相近职业); no official table says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestChina {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// True where the work is the same; else one is wider than the other.
    pub close: bool,
}

/// The nearest entry to each occupation, by place; `None` where none is near.
///
/// # Errors
/// [`MarketError`] naming file, line and column.
pub fn nearest_china(files: &PackFiles, data: &MarketData) -> Result<Vec<Option<NearestChina>>, MarketError> {
    let mut nearest = vec![None; data.occupations.len()];
    for row in sourced(files, NEAREST, &data.sources)?.rows() {
        let close = row.need("fit", "close or near", |text| match text {
            "close" => Some(true),
            "near" => Some(false),
            _ => None,
        })?;
        if let Some(slot) = nearest.get_mut(data.need_place(row, "soc")?) {
            *slot = Some(NearestChina { code: row.text("code")?.into(), name: row.text("name")?.into(), close });
        }
    }
    Ok(nearest)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{changed, files};
    use super::*;

    #[test]
    fn a_state_tells_no_row_from_not_published() {
        let data = MarketData::load(&files()).unwrap();
        let states = States::load(&files(), &data).unwrap();
        let [none, assemblers, machinists] = &states.figures[..] else { panic!("three occupations") };
        assert_eq!(none, &[None, None]);
        assert_eq!(assemblers[1], Some(StateFigures { jobs: None, annual_median: Some(52_000.0) }));
        assert_eq!(machinists, &[None, Some(StateFigures { jobs: Some(100.0), annual_median: None })]);
        assert_eq!(states.all[0].unwrap().annual_median, Some(45_670.0));
        let error = States::load(&changed(STATES, "*:5200", "x:5200"), &data).err().unwrap();
        assert_eq!(error.to_string(), "states.tsv:3: 02 is \"x:5200\", expected tens of employees:tens of dollars");
        let error = States::load(&changed(STATES, "soc\t01\t02", "soc\t01\t03"), &data).err().unwrap();
        assert_eq!(error, MarketError::Column { file: STATES.into(), column: "02".into() });
    }

    #[test]
    fn lists_are_read_and_their_damage_is_named() {
        let data = MarketData::load(&files()).unwrap();
        assert_eq!(technologies(&files(), &data).unwrap(), [Technology { id: "tech:python".into(), hot: true, demanded_by: 25 }]);
        let course = &learning(&files(), &data).unwrap()[0];
        assert_eq!((course.competences.as_slice(), &course.licence), (&["tech:python".to_owned()][..], &None));
        let china = china_occupations(&files(), &data).unwrap();
        assert!(china[1].digital && china[1].level == 4 && !china[0].digital);
        let nearest = nearest_china(&files(), &data).unwrap();
        assert_eq!(nearest.iter().map(|of| of.as_ref().map(|n| n.close)).collect::<Vec<_>>(), [None, Some(false), None]);
        assert!(nearest_china(&changed(NEAREST, "\tnear", "\tfar"), &data).is_err());
        assert!(learning(&changed(LEARNING, "https://a", "javascript:a"), &data).err().unwrap().to_string().starts_with("learning.tsv:2: url is"));
        assert!(learning(&changed(LEARNING, "\tjobs\n", "\tother\n"), &data).is_err());
        assert!(china_occupations(&changed(CHINA, "\t4\t", "\t5\t"), &data).is_err());
    }
}
