//! The pages that the worker draws: HTML and SVG out of the data of the pack, what the person set and what their profile
//! holds. Pure, so that all of it is tested natively; the page puts it in (`parts::drawn` says how the two agree).
pub mod fields;
mod figure;
mod html;
pub mod intake;
mod market;
pub mod paths;
mod person;
pub mod plan;
mod sealed;
pub mod words;

use std::cell::OnceCell;

use waymark_shared::assess::ItemBank;
use waymark_shared::intake::Questionnaire;
use waymark_shared::market::data::MarketData;
use waymark_shared::market::data::lists::{ChinaOccupation, LearningResource, NearestChina, States, china_occupations, learning, nearest_china};
use waymark_shared::market::labour_flow::Trajectory;
use waymark_shared::market::local::{LocalFault, LocalMarket};
use waymark_shared::pack::PackFiles;
use waymark_shared::path::{MoveScores, Needs, ViewWeights};
use waymark_shared::plan::courses::CourseFault;
use waymark_shared::taxonomy::linker::Linker;
use waymark_shared::taxonomy::{LINKING, Taxonomy};

pub use market::Runs;
pub use sealed::Random;

use crate::i18n::Lang;
use crate::state::DrawnPage;
use crate::worker::protocol::{Draw, Drawn, DrawnFile, Person, SaveDrawn, TakeAd, TakeFile};

/// Figures that take the place of the pack's.
#[derive(Default)]
struct Own {
    table: Option<LocalMarket>,
    /// The table is the host's.
    of_host: bool,
    /// What was wrong with the table that was given last, and whether the host gave it.
    faults: Option<(Vec<LocalFault>, bool)>,
}

/// The data of the pack and what pages keep between two drawings.
pub struct Studio {
    data: MarketData,
    taxonomy: Taxonomy,
    china: Vec<ChinaOccupation>,
    /// The nearest of these to each occupation.
    nearest: Vec<Option<NearestChina>>,
    /// Files of the market pack that are read when they are asked for.
    files: PackFiles,
    /// Pay and jobs by state, once they are asked for.
    states: OnceCell<Option<States>>,
    own: Own,
    /// β and γ fitted to the person's series, or why not.
    series: Option<market::Fitted>,
    future: market::Future,
    /// What occupations ask for, laid out for moves between them.
    needs: Needs,
    /// What each view counts in a score.
    weights: ViewWeights,
    /// The scores of all moves, once a page asks for them.
    scores: OnceCell<MoveScores>,
    /// Links words to competences by rule, once a page asks for it.
    linker: OnceCell<Linker>,
    /// Where units can be learnt, once the plan asks for it.
    resources: OnceCell<Vec<LearningResource>>,
    /// Statements of the self-check.
    items: ItemBank,
    /// Questions of the intake.
    questions: Questionnaire,
    /// Advertisements that were read.
    ads: Vec<paths::Ad>,
    /// Courses of a provider, or what was wrong with their table.
    courses: Option<Result<plan::Courses, Vec<CourseFault>>>,
    /// What is remembered of the plan.
    marks: plan::Marks,
    /// The person of a plan that was opened, where no CV is reviewed.
    kept: Option<Person>,
    /// What a counsellor noted.
    note: String,
    /// People of a class, by their files.
    class: fields::Group,
    /// People of a firm, by their files.
    staff: fields::Group,
    /// People of a firm by occupation, or what was wrong with their table.
    headcounts: Option<Result<fields::Headcounts, Vec<LocalFault>>>,
    /// The scenario that was held against the baseline last.
    compared: Option<fields::Compared>,
}

impl Studio {
    /// Reads the data; `files` by their paths in the pack.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn load(files: &PackFiles) -> Result<Self, String> {
        let folder = |name: &str| -> PackFiles {
            files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(name)?.strip_prefix('/')?.to_owned(), bytes.clone()))).collect()
        };
        let (market, taxonomy) = (folder("market"), folder("taxonomy"));
        let data = MarketData::load(&market).map_err(|error| error.to_string())?;
        let linking = taxonomy.get(LINKING).map(|bytes| serde_json::from_slice(bytes));
        let mut taxonomy = Taxonomy::tables(&taxonomy).map_err(|error| error.to_string())?;
        taxonomy.calibration = linking.transpose().map_err(|error| error.to_string())?.unwrap_or_default();
        if !data.occupations.iter().map(|figures| &figures.soc).eq(taxonomy.occupations.iter().map(|named| &named.soc)) {
            return Err("market and taxonomy list other occupations".into());
        }
        let china = china_occupations(&market, &data).map_err(|error| error.to_string())?;
        let nearest = nearest_china(&market, &data).map_err(|error| error.to_string())?;
        let future = market::Future::new(&data).map_err(|error| error.to_string())?;
        let needs = Needs::of(&taxonomy, &data);
        let items = ItemBank::shipped().map_err(|error| error.to_string())?;
        let questions = Questionnaire::shipped().map_err(|error| error.to_string())?;
        let (scores, linker) = (OnceCell::new(), OnceCell::new());
        Ok(Self { data, taxonomy, china, nearest, files: market, states: OnceCell::new(), own: Own::default(), series: None, future, needs, weights: ViewWeights::default(), scores, linker, resources: OnceCell::new(), items, questions, ads: Vec::new(), courses: None, marks: plan::Marks::default(), kept: None, note: String::new(), class: fields::Group::default(), staff: fields::Group::default(), headcounts: None, compared: None })
    }

    /// Draws a page, whole or what may have changed.
    pub fn draw(&mut self, call: &Draw) -> Drawn {
        match call.page {
            DrawnPage::Market => market::draw(self, call),
            DrawnPage::Paths => paths::draw(self, call),
            DrawnPage::Plan => plan::draw(self, call),
            DrawnPage::Intake => intake::draw(self, call),
            DrawnPage::Counsellor => fields::counsellor::draw(self, call),
            DrawnPage::School => fields::school::draw(self, call),
            DrawnPage::Company => fields::company::draw(self, call),
            DrawnPage::Policy => fields::policy::draw(self, call),
        }
    }

    /// The runs that a drawing will show and that take long enough for a GPU; none where they are there already.
    pub fn ahead(&mut self, call: &Draw) -> Option<Runs> {
        match call.page {
            DrawnPage::Market => market::ahead(self, call),
            _ => None,
        }
    }

    /// Keeps what became of them, for the drawing; `by` names the engine that ran them.
    pub fn keep(&mut self, runs: &Runs, found: &[Trajectory], by: &'static str) {
        self.future.keep(runs, found, by);
    }

    /// Takes a file of the person's.
    pub fn take_file(&mut self, call: &TakeFile) {
        match call.what.as_str() {
            "own" => self.take_table(&call.bytes, false),
            "series" => self.series = Some(market::fitted(&call.bytes)),
            "courses" => self.courses = Some(plan::Courses::read(self, &call.bytes)),
            "plan" => plan::open(self, &call.bytes),
            "kept" => plan::open_kept(self, &call.bytes),
            "class" | "staff" => fields::take(self, &call.what, &call.bytes),
            "headcounts" => self.headcounts = Some(fields::company::read(self, &call.bytes)),
            // Another person: what was one's own goes, and what others gave.
            "another" => {
                (self.ads, self.courses, self.marks, self.kept, self.series) = Default::default();
                (self.note, self.class, self.staff, self.headcounts) = Default::default();
            }
            _ => {}
        }
    }

    /// Takes a table of own figures, the person's or the host's `local.csv`. One with faults changes nothing but what is said. A
    /// host that answers every address with a page has no table.
    pub fn take_table(&mut self, bytes: &[u8], of_host: bool) {
        if of_host && bytes.trim_ascii_start().starts_with(b"<") {
            return;
        }
        let names: Vec<[&str; 2]> = self.taxonomy.occupations.iter().map(|o| [o.name_en.as_str(), o.name_zh.as_str()]).collect();
        match LocalMarket::read(bytes, &self.data, &names, &self.china) {
            Ok(table) => self.own = Own { table: Some(table), of_host, faults: None },
            Err(faults) => self.own.faults = Some((faults, of_host)),
        }
    }

    /// Writes something of a page as a file; `random`, where the browser gives any, is for what is sealed.
    pub fn save(&mut self, call: &SaveDrawn, random: Option<&Random>) -> Option<DrawnFile> {
        match call.draw.page {
            DrawnPage::Market => market::save(self, &call.draw, &call.what),
            DrawnPage::Paths => paths::save(self, &call.draw, &call.what),
            DrawnPage::Plan => plan::save(self, &call.draw, &call.what, random),
            DrawnPage::Intake => None,
            // The calendar file and the empty table are the plan's.
            DrawnPage::Counsellor => plan::save(self, &call.draw, &call.what, random),
            DrawnPage::School => fields::school::save(self, &call.draw, &call.what),
            DrawnPage::Company => fields::company::save(self, &call.draw, &call.what),
            DrawnPage::Policy => fields::policy::save(self, &call.draw, &call.what),
        }
    }

    /// Takes an advertisement.
    pub fn take_ad(&mut self, call: &TakeAd) {
        self.ads.push(paths::Ad::new(&self.taxonomy, call.text.clone(), &call.analysis, self.ads.len()));
    }

    fn linker(&self) -> &Linker {
        self.linker.get_or_init(|| Linker::of(&self.taxonomy, self.taxonomy.calibration.clone()))
    }

    /// The name of a competence in a language; where there is no Chinese one, the English.
    fn competence(&self, place: u32, lang: Lang) -> &str {
        let of = self.taxonomy.competences.get(place as usize);
        of.map_or("", |of| if lang == Lang::Zh && !of.name_zh.is_empty() { &of.name_zh } else { &of.name_en })
    }

    fn resources(&self) -> &[LearningResource] {
        self.resources.get_or_init(|| learning(&self.files, &self.data).unwrap_or_default())
    }

    fn courses(&self) -> Option<&plan::Courses> {
        self.courses.as_ref().and_then(|courses| courses.as_ref().ok())
    }

    fn own(&self) -> Option<&LocalMarket> {
        self.own.table.as_ref()
    }

    /// Pay and jobs by state.
    fn states(&self) -> Option<&States> {
        self.states.get_or_init(|| States::load(&self.files, &self.data).ok()).as_ref()
    }

    /// The name of an occupation in a language.
    fn name(&self, place: usize, lang: Lang) -> &str {
        self.taxonomy.occupations.get(place).map_or("", |o| if lang == Lang::Zh { &o.name_zh } else { &o.name_en })
    }
}

#[cfg(test)]
mod tests;
