//! The pages that the worker draws: HTML and SVG out of the data of the pack, what the person set and what their profile
//! holds. Pure, so that all of it is tested natively; the page puts it in (`parts::drawn` says how the two agree).
mod figure;
mod html;
mod market;
pub mod words;

use waymark_shared::market::data::MarketData;
use waymark_shared::market::data::lists::{ChinaOccupation, china_occupations};
use waymark_shared::market::labour_flow::Trajectory;
use waymark_shared::market::local::{LocalFault, LocalMarket};
use waymark_shared::pack::PackFiles;
use waymark_shared::taxonomy::Taxonomy;

pub use market::Runs;

use crate::i18n::Lang;
use crate::state::DrawnPage;
use crate::worker::protocol::{Draw, Drawn, DrawnFile, SaveDrawn, TakeFile};

/// The data of the pack and what pages keep between two drawings.
pub struct Studio {
    data: MarketData,
    taxonomy: Taxonomy,
    china: Vec<ChinaOccupation>,
    /// Files of the market pack that are read when they are asked for.
    files: PackFiles,
    /// The person's own figures, or what was wrong with their table.
    own: Option<Result<LocalMarket, Vec<LocalFault>>>,
    future: market::Future,
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
        let taxonomy = Taxonomy::tables(&taxonomy).map_err(|error| error.to_string())?;
        if !data.occupations.iter().map(|figures| &figures.soc).eq(taxonomy.occupations.iter().map(|named| &named.soc)) {
            return Err("market and taxonomy list other occupations".into());
        }
        let china = china_occupations(&market, &data).map_err(|error| error.to_string())?;
        let future = market::Future::new(&data).map_err(|error| error.to_string())?;
        Ok(Self { data, taxonomy, china, files: market, own: None, future })
    }

    /// Draws a page, whole or what may have changed.
    pub fn draw(&mut self, call: &Draw) -> Drawn {
        match call.page {
            DrawnPage::Market => market::draw(self, call),
        }
    }

    /// The runs that a drawing will show and that take long enough for a GPU; none where they are there already.
    pub fn ahead(&mut self, call: &Draw) -> Option<Runs> {
        match call.page {
            DrawnPage::Market => market::ahead(self, call),
        }
    }

    /// Keeps what became of them, for the drawing; `by` names the engine that ran them.
    pub fn keep(&mut self, runs: &Runs, found: &[Trajectory], by: &'static str) {
        self.future.keep(runs, found, by);
    }

    /// Takes a file of the person's.
    pub fn take_file(&mut self, call: &TakeFile) {
        if call.what == "own" {
            let names: Vec<[&str; 2]> = self.taxonomy.occupations.iter().map(|o| [o.name_en.as_str(), o.name_zh.as_str()]).collect();
            self.own = Some(LocalMarket::read(&call.bytes, &self.data, &names, &self.china));
        }
    }

    /// Writes something of a page as a file.
    pub fn save(&mut self, call: &SaveDrawn) -> Option<DrawnFile> {
        match call.draw.page {
            DrawnPage::Market => market::save(self, &call.draw, &call.what),
        }
    }

    fn own(&self) -> Option<&LocalMarket> {
        self.own.as_ref().and_then(|own| own.as_ref().ok())
    }

    /// The name of an occupation in a language.
    fn name(&self, place: usize, lang: Lang) -> &str {
        self.taxonomy.occupations.get(place).map_or("", |o| if lang == Lang::Zh { &o.name_zh } else { &o.name_en })
    }
}

#[cfg(test)]
mod tests;
