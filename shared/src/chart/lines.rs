//! Lines over an axis: up to six series with gaps. Not simulated ranges: those are a fan.
use super::label::Places;
use super::plane::{Axes, draw_end_labels, end_height, end_margin};
use super::scale::{enclosing, inside};
use super::series::{draw, draw_stripes, end_labels, extent, looks, places};
use super::svg::Sheet;
use super::{Axis, ChartError, Draw, Frame, Quantity, SERIES_MAX, Series, Table, counted};

/// Series over an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// Along.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// Drawn in order, the last on top; at most [`SERIES_MAX`].
    pub series: Vec<Series>,
    /// True where the axis must show zero.
    pub zero: bool,
}

/// The ticks along an axis over a range, and the range with room where it is a point.
pub(super) fn along(axis: &Axis, range: (f64, f64)) -> ((f64, f64), super::scale::Ticks) {
    let whole = axis.quantity == Quantity::Year;
    let ticks = inside(range.0, range.1, whole);
    let range = if range.0 < range.1 { range } else { (range.0 - 1.0, range.1 + 1.0) };
    (range, ticks)
}

/// The height of a plane of this width.
pub(super) fn plane_height(width: f64, em: f64) -> f64 {
    (width * 0.5).clamp(em * 15.0, em * 23.0)
}

impl Draw for Lines {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.series.len(), SERIES_MAX, "series")?;
        self.series.iter().try_for_each(Series::check)
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let xs = places(&self.series);
        let (x_range, x_ticks) = along(&self.x, extent(xs.iter().copied()));
        let (low, high) = extent(self.series.iter().flat_map(Series::values).chain(self.zero.then_some(0.0)));
        let axes = Axes { x: &self.x, y: &self.y, x_range, x_ticks, y_ticks: enclosing(low, high, 5) };
        let looks = looks(&self.series, 0);
        let width = sheet.right - sheet.left;
        let ends = end_labels(sheet, &self.series, &looks, x_range, width * 0.32);
        let height = plane_height(width, sheet.em).max(end_height(&ends));
        let plane = axes.draw(sheet, sheet.left, sheet.right, end_margin(&ends, sheet.em), height);
        let mut places = Places { within: plane.area, taken: Vec::new(), crowd: Vec::new() };
        draw(sheet, &plane, &self.series, &looks, &mut places, frame);
        draw_end_labels(sheet, &plane, &ends);
        let values = |x: f64| self.series.iter().filter_map(|series| series.at(x).flatten()).collect();
        draw_stripes(sheet, &plane, &xs, 0, &self.readings(frame), values);
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let reading = |x: &f64| {
            let facts: Vec<String> = self.series.iter().filter_map(|series| series.fact(*x, &self.y, frame)).collect();
            frame.locale.named(&self.x.written(*x, frame.locale), &frame.locale.listed(&facts))
        };
        places(&self.series).iter().map(reading).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let mut header = vec![self.x.column(frame.locale)];
        header.extend(self.series.iter().map(|series| frame.locale.bracketed(&series.name, &self.y.column(frame.locale))));
        let row = |x: &f64| {
            let mut row = vec![self.x.cell(*x, frame)];
            row.extend(self.series.iter().map(|series| series.cell(*x, &self.y, frame)));
            row
        };
        Table { header, rows: places(&self.series).iter().map(row).collect() }
    }
}
