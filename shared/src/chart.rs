//! Charts as data: drawn to SVG text, told as readings, turned into a table and CSV, all from the same numbers. Not what the
//! numbers mean, nor any page: words come translated from the caller, and what comes out is text.
//!
//! [`Chart::new`] checks everything once: after it no number is missing without a word or not finite, and drawing cannot
//! fail. [`Chart::draw`] takes the width in pixels, so that words keep their size on a phone.
//!
//! In a page's picture every reading is a `<g class="ch-reading" data-reading="i" tabindex="-1">` with a `<title>`: the page
//! focuses them by arrow keys and says `readings[i]` in its live region. The cards of a concept map are links instead, each
//! named by its reading.
//!
//! Looks come by class, from `chart.css`, which stands word for word in `app/styles.css`: `ch-s0` to `ch-s5`, `ch-median`,
//! `ch-baseline`, `ch-official` for series (`ch-t-…` for their words); `ch-line`, `ch-mark`, `ch-bar`, `ch-band-30/60/90`,
//! `ch-span`, `ch-ribbon` for what is drawn of them; `ch-h1` to `ch-h5` and `ch-l1` to `ch-l5` for tints over and under the
//! middle; `ch-plus`, `ch-minus`, `ch-none` for signs; `ch-card`, `ch-go`, `ch-link` for cards; `ch-grid`, `ch-zero`,
//! `ch-tick`, `ch-axis`, `ch-label`, `ch-halo` for plane and words; `ch-gap`, `ch-missing` for what is missing; `ch-reading`,
//! `ch-hit`, `ch-cue` for what can be read.
mod arrow;
mod bars;
mod causal;
mod concept;
mod fan;
mod flows;
mod heat;
mod label;
mod lines;
pub mod number;
mod plane;
mod ranges;
mod rows;
mod scale;
mod series;
mod svg;
mod table;
mod trail;

pub use bars::{Bar, BarRow, Bars};
pub use causal::{Causal, CausalArrow, CausalNode, Variable};
pub use concept::{Concept, ConceptNode};
pub use fan::{Band, Fan, FanPanel, FanWords};
pub use flows::{Flow, Flows};
pub use heat::{Heat, HeatRow};
pub use lines::Lines;
pub use number::{Locale, Quantity};
pub use ranges::{Range, RangeRow, RangeWords, Ranges};
pub use series::{Role, Series};
pub use svg::escape;
pub use table::{Cell, Table};
pub use trail::{Trail, TrailPoint, Trails};

use label::Weight;
use svg::Sheet;

/// The rules for the classes of a picture, in tokens of `app/styles.css`.
pub const CSS: &str = include_str!("chart/chart.css");

/// Series in one picture, at most: more are told apart by nobody.
pub const SERIES_MAX: usize = 6;

/// Why a chart is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// Not finite, or beyond ±10¹⁵.
    #[error("{place}: {value} is no number that can be drawn; leave it out as missing")]
    NoNumber {
        /// Which series and point.
        place: String,
        /// What stands there.
        value: String,
    },
    /// A part without which there is no picture.
    #[error("{place}: nothing to draw; give at least one")]
    Empty {
        /// What is empty.
        place: String,
    },
    /// More of a kind than can be told apart.
    #[error("{place}: {found}, at most {most} can be told apart; sum up or leave out the rest")]
    TooMany {
        /// What there are too many of.
        place: String,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Two lists that belong together have different lengths.
    #[error("{place}: {found} values where there should be {wanted}")]
    Uneven {
        /// Which list.
        place: String,
        /// Its length.
        found: usize,
        /// The length of the other.
        wanted: usize,
    },
    /// Values along the axis must rise.
    #[error("{place}: {value} does not come after the point before it; sort the points and keep one of each")]
    NotAscending {
        /// Which series.
        place: String,
        /// The value along the axis.
        value: f64,
    },
    /// A band lies outside the one around it.
    #[error("{place} at {x}: the ranges cross; each must lie within the wider one")]
    BandsCross {
        /// Which panel.
        place: String,
        /// Where along the axis.
        x: f64,
    },
    /// A flow cannot be negative.
    #[error("{place}: {value} is negative")]
    Negative {
        /// Which flow.
        place: String,
        /// Its count.
        value: f64,
    },
    /// A number that may not stand without its unit.
    #[error("{place} has no unit: a sign without number and unit says nothing")]
    NoUnit {
        /// Which arrow or node.
        place: String,
    },
    /// A link to a node that does not exist.
    #[error("an arrow from node {from} to node {to}, but there are {nodes} nodes, and no arrow may lead to its own node")]
    NoNode {
        /// Number of the first node.
        from: usize,
        /// Number of the second node.
        to: usize,
        /// How many nodes there are.
        nodes: usize,
    },
    /// A canvas that words do not fit on.
    #[error(
        "{width_px} px wide with words of {font_px} px: give words of 8 to 40 px, and a width of 18 to 300 times that"
    )]
    Canvas {
        /// Asked for.
        width_px: f64,
        /// Asked for.
        font_px: f64,
    },
}

/// The words around a chart, in its language.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The language of all words.
    pub locale: Locale,
    /// What the chart shows; written into exported pictures, a heading on the page.
    pub title: String,
    /// What a person sees in it, in a sentence or two: the picture's name for screen readers.
    pub summary: String,
    /// The source line; written into exported pictures and CSV, beside the chart on the page.
    pub source: String,
    /// The words for a missing value: `not published`, 未公布.
    pub missing: String,
}

/// What is measured along an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it is: `Employment`, 就业人数.
    pub title: String,
    /// The unit of counts and plain numbers: `people`, 人; may be empty, and is not used for shares, points and years.
    pub unit: String,
    /// How its numbers are written.
    pub quantity: Quantity,
}

/// The kinds of charts.
#[derive(Clone, Debug, PartialEq)]
pub enum Plot {
    /// Simulated ranges over years.
    Fan(Fan),
    /// Series over an axis.
    Lines(Lines),
    /// Points in order through a plane.
    Trails(Trails),
    /// A table of values as tints.
    Heat(Heat),
    /// Lengths from zero.
    Bars(Bars),
    /// Spans with a middle.
    Ranges(Ranges),
    /// Moves into and out of one place.
    Flows(Flows),
    /// The article's system with its gains.
    Causal(Causal),
    /// A map of concepts that lead to pages.
    Concept(Concept),
}

/// What every kind of chart does. `draw` begins at the sheet's free row and takes the rows it used.
trait Draw {
    fn check(&self) -> Result<(), ChartError>;
    fn draw(&self, sheet: &mut Sheet, frame: &Frame);
    fn readings(&self, frame: &Frame) -> Vec<String>;
    fn table(&self, frame: &Frame) -> Table;
}

impl Plot {
    fn as_draw(&self) -> &dyn Draw {
        match self {
            Plot::Fan(plot) => plot,
            Plot::Lines(plot) => plot,
            Plot::Trails(plot) => plot,
            Plot::Heat(plot) => plot,
            Plot::Bars(plot) => plot,
            Plot::Ranges(plot) => plot,
            Plot::Flows(plot) => plot,
            Plot::Causal(plot) => plot,
            Plot::Concept(plot) => plot,
        }
    }
}

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Inside the page: looks by the page's style sheet, title and source beside it.
    Page,
    /// A file: title, source and fixed light colours inside.
    Export,
}

/// How large a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    width_px: f64,
    font_px: f64,
    form: Form,
}

impl Canvas {
    /// A canvas so many CSS pixels wide with words of so many pixels (14 on a page, more on a kiosk).
    ///
    /// # Errors
    /// [`ChartError::Canvas`] where the width is not 18 to 300 times the words' size, or that not 8 to 40 px.
    pub fn new(width_px: f64, font_px: f64, form: Form) -> Result<Canvas, ChartError> {
        let fits = (8.0..=40.0).contains(&font_px) && (18.0 * font_px..=300.0 * font_px).contains(&width_px);
        if fits { Ok(Canvas { width_px, font_px, form }) } else { Err(ChartError::Canvas { width_px, font_px }) }
    }

    /// The width of the picture.
    pub fn width_px(&self) -> f64 {
        self.width_px
    }

    /// The size of its words.
    pub fn font_px(&self) -> f64 {
        self.font_px
    }

    /// What it is for.
    pub fn form(&self) -> Form {
        self.form
    }
}

/// A drawn chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// `<svg …>…</svg>`, well-formed XML.
    pub svg: String,
    /// CSS pixels.
    pub width_px: f64,
    /// CSS pixels; follows from the content.
    pub height_px: f64,
}

/// A chart whose data have been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    frame: Frame,
    plot: Plot,
}

impl Chart {
    /// Takes words and data.
    ///
    /// # Errors
    /// The first thing in the data that no picture may show: see [`ChartError`].
    pub fn new(frame: Frame, plot: Plot) -> Result<Chart, ChartError> {
        plot.as_draw().check()?;
        Ok(Chart { frame, plot })
    }

    /// The words around it.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The picture.
    pub fn draw(&self, canvas: &Canvas) -> Picture {
        let mut sheet = Sheet::new(canvas, self.frame.locale);
        let export = canvas.form() == Form::Export;
        if export && !self.frame.title.is_empty() {
            sheet.row_of_words(&self.frame.title, Weight::Bold, "ch-title");
            sheet.y += sheet.em * 0.6;
        }
        self.plot.as_draw().draw(&mut sheet, &self.frame);
        if export && !self.frame.source.is_empty() {
            sheet.y += sheet.em * 0.6;
            sheet.row_of_words(&self.frame.source, Weight::Plain, "ch-source");
        }
        let linked = !export && matches!(self.plot, Plot::Concept(_));
        let (svg, height_px) = sheet.finish(&self.frame.summary, &self.frame.title, linked);
        Picture { svg, width_px: canvas.width_px(), height_px }
    }

    /// What can be read off the picture, one text for each `data-reading`.
    pub fn readings(&self) -> Vec<String> {
        self.plot.as_draw().readings(&self.frame)
    }

    /// The table twin.
    pub fn table(&self) -> Table {
        self.plot.as_draw().table(&self.frame)
    }

    /// The table twin as CSV with raw numbers and the source line.
    pub fn csv(&self) -> String {
        self.table().csv(&self.frame.source)
    }
}

/// Refuses nothing and too much.
fn counted(found: usize, most: usize, place: &str) -> Result<(), ChartError> {
    match found {
        0 => Err(ChartError::Empty { place: place.to_owned() }),
        _ if found > most => Err(ChartError::TooMany { place: place.to_owned(), found, most }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod random;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
