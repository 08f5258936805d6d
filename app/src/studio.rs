//! The pages that the worker draws: HTML and SVG out of the data of the pack, what the person set and what their profile
//! holds. Pure, so that all of it is tested natively; the page puts it in (`parts::drawn` says how the two agree).
mod figure;
mod html;
mod market;
pub mod words;

use waymark_shared::market::data::MarketData;
use std::cell::OnceCell;

use waymark_shared::market::data::lists::{ChinaOccupation, States, china_occupations};
use waymark_shared::market::local::{LocalFault, LocalMarket};
use waymark_shared::pack::PackFiles;
use waymark_shared::taxonomy::Taxonomy;

use crate::i18n::Lang;
use crate::state::DrawnPage;
use crate::worker::protocol::{Draw, Drawn, DrawnFile, SaveDrawn, TakeFile};

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
    /// Files of the market pack that are read when they are asked for.
    files: PackFiles,
    /// Pay and jobs by state, once they are asked for.
    states: OnceCell<Option<States>>,
    own: Own,
    /// β and γ fitted to the person's series, or why not.
    series: Option<market::Fitted>,
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
        Ok(Self { data, taxonomy, china, files: market, states: OnceCell::new(), own: Own::default(), series: None, future })
    }

    /// Draws a page, whole or what may have changed.
    pub fn draw(&mut self, call: &Draw) -> Drawn {
        match call.page {
            DrawnPage::Market => market::draw(self, call),
        }
    }

    /// Takes a file of the person's.
    pub fn take_file(&mut self, call: &TakeFile) {
        if call.what == "own" {
            self.take_table(&call.bytes, false);
        }
        if call.what == "series" {
            self.series = Some(market::fitted(&call.bytes));
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

    /// Writes something of a page as a file.
    pub fn save(&mut self, call: &SaveDrawn) -> Option<DrawnFile> {
        match call.draw.page {
            DrawnPage::Market => market::save(self, &call.draw, &call.what),
        }
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
