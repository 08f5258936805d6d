//! Spans with a middle: pay by state from the 10th to the 90th percentile. Not bars: a span does not stand on zero, but its
//! axis shows it.
use super::label::{Block, Weight, stack};
use super::plane::checked;
use super::rows::{End, Placed, Rows, fitted};
use super::scale::enclosing;
use super::series::extent;
use super::svg::{Anchor, Sheet};
use super::{Axis, Cell, ChartError, Draw, Frame, Table, counted};

/// What the three values are called.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeWords {
    /// The lower end: `lowest tenth`.
    pub low: String,
    /// The middle: `median`.
    pub middle: String,
    /// The upper end.
    pub high: String,
}

/// A span with a middle; a part of it may be missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower end.
    pub low: Option<f64>,
    /// The middle.
    pub middle: Option<f64>,
    /// The upper end, suppressed for the best paid.
    pub high: Option<f64>,
}

/// A named span.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeRow {
    /// The name.
    pub name: String,
    /// True for what the person chose: bold and in colour.
    pub own: bool,
    /// Its span.
    pub range: Range,
}

/// Rows of spans, in the caller's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranges {
    /// Along.
    pub value: Axis,
    /// What a row stands for, in the table.
    pub rows_title: String,
    /// The names of the values.
    pub words: RangeWords,
    /// From top to bottom, at most 200.
    pub rows: Vec<RangeRow>,
}

impl Range {
    /// What is there, ascending.
    fn known(&self) -> impl Iterator<Item = f64> {
        [self.low, self.middle, self.high].into_iter().flatten()
    }
}

impl Ranges {
    /// The words at the end of a row: its middle.
    fn words(&self, row: &RangeRow, frame: &Frame) -> String {
        row.range.middle.map_or_else(|| frame.missing.clone(), |value| self.value.short(value, frame.locale))
    }

    /// The names of the three values, in lines that fit beside each other.
    fn names(&self, sheet: &Sheet) -> [Block; 3] {
        let most = (sheet.right - sheet.left) / 3.0 - sheet.em * 0.6;
        [&self.words.low, &self.words.middle, &self.words.high].map(|name| sheet.block(name, most, Weight::Plain))
    }

    /// The names of the three values over a row that has them all; they end at `bottom`.
    fn draw_names(&self, sheet: &mut Sheet, placed: &Placed, range: &Range, bottom: f64) {
        let em = sheet.em;
        let names = self.names(sheet);
        let values = [range.low, range.middle, range.high].map(|value| placed.scale.px(value.unwrap_or(0.0)));
        let wishes: Vec<(f64, f64)> = names.iter().zip(values).map(|(name, x)| (x, name.width + em * 0.6)).collect();
        for ((name, value), centre) in names.iter().zip(values).zip(stack(&wishes, sheet.left, sheet.right)) {
            sheet.words_down(name, (centre, bottom - em * 0.5 - name.height), Anchor::Middle, "ch-axis ch-halo");
            sheet.line((centre, bottom - em * 0.4), (value, bottom), "ch-leader");
        }
    }

    /// The first row with all three values.
    fn whole_row(&self) -> Option<usize> {
        self.rows.iter().position(|row| row.range.low.is_some() && row.range.middle.is_some() && row.range.high.is_some())
    }
}

impl Draw for Ranges {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.rows.len(), 200, "rows")?;
        for row in &self.rows {
            let mut before = f64::NEG_INFINITY;
            for value in row.range.known() {
                checked(value, || row.name.clone())?;
                if value < before {
                    return Err(ChartError::NotAscending { place: row.name.clone(), value });
                }
                before = value;
            }
        }
        Ok(())
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let (em, line) = (sheet.em, sheet.line_height());
        let (low, high) = extent(self.rows.iter().flat_map(|row| row.range.known()).chain([0.0]));
        let ticks = enclosing(low, high, 5);
        let range = (ticks.values.first().copied().unwrap_or(low), ticks.values.last().copied().unwrap_or(high));
        let crossed = |row: &RangeRow| row.range.middle.is_none() || row.range.high.is_none();
        let end = |row: &RangeRow| End {
            value: extent(row.range.known().chain([0.0])).1,
            width: weight(row.own).width(&self.words(row, frame), em) + em * if crossed(row) { 1.4 } else { 0.7 },
        };
        let ends: Vec<End> = self.rows.iter().map(end).collect();
        // Words too long to stand at the end of a row stand after its name.
        let after = ends.iter().any(|end| end.width > (sheet.right - sheet.left) * 0.34);
        let names: Vec<String> = self.rows.iter().map(|row| if after { frame.locale.named(&row.name, &self.words(row, frame)) } else { row.name.clone() }).collect();
        let ends: Vec<End> = ends.into_iter().map(|end| if after { End { width: em * 1.4, ..end } } else { end }).collect();
        let whole = self.whole_row();
        let over = self.names(sheet).iter().map(|name| name.height).fold(0.0, f64::max) + em * 0.5;
        let height = |i: usize| if whole == Some(i) { line + over } else { line };
        let rows = self.rows.iter().zip(&names).enumerate().map(|(i, (row, name))| (name.as_str(), row.own, height(i))).collect();
        let rows = Rows { axis: &self.value, ticks, rows };
        let (left, right) = rows.columns(sheet);
        let (first, last) = fitted(range, &ends, left + em * 0.5, right);
        let readings = self.readings(frame);
        let placed = rows.draw(sheet, first, last.max(first + em * 4.0));
        for (i, (row, body)) in self.rows.iter().zip(&placed.bodies).enumerate() {
            let y = body.bottom - line / 2.0;
            let look = if row.own { "ch-s0" } else { "ch-baseline" };
            let x = |value: f64| placed.scale.px(value);
            let known: Vec<f64> = row.range.known().map(x).collect();
            let (from, to) = (known.first().copied().unwrap_or(x(0.0)), known.last().copied().unwrap_or(x(0.0)));
            sheet.line((from, y), (to, y), &format!("ch-span {look}"));
            for end in [row.range.low, row.range.high].into_iter().flatten().map(x) {
                sheet.line((end, y - em * 0.3), (end, y + em * 0.3), &format!("ch-stop {look}"));
            }
            match row.range.middle.map(x) {
                Some(middle) => sheet.mark((middle, y), 0, &format!("ch-mark {look}")),
                None => sheet.cross((to + em * 0.7, y)),
            }
            if row.range.middle.is_some() && row.range.high.is_none() {
                sheet.cross((to + em * 0.7, y));
            }
            if !after {
                let class = if row.own { "ch-label ch-strong ch-halo" } else { "ch-label ch-halo" };
                sheet.words(&self.words(row, frame), (to + em * if crossed(row) { 1.2 } else { 0.5 }, y), Anchor::Start, class);
            }
            if whole == Some(i) {
                self.draw_names(sheet, &placed, &row.range, y - em * 0.45);
            }
            if sheet.open_reading(i, &readings[i], &placed.whole[i]) {
                sheet.area(&placed.whole[i], "ch-cue ch-frame");
                sheet.close();
            }
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let reading = |row: &RangeRow| {
            let value = |value: Option<f64>| value.map_or_else(|| frame.missing.clone(), |value| self.value.written(value, locale));
            let facts = [(&self.words.low, row.range.low), (&self.words.middle, row.range.middle), (&self.words.high, row.range.high)];
            locale.named(&row.name, &locale.listed(&facts.map(|(name, known)| locale.named(name, &value(known)))))
        };
        self.rows.iter().map(reading).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let column = self.value.column(frame.locale);
        let mut header = vec![self.rows_title.clone()];
        header.extend([&self.words.low, &self.words.middle, &self.words.high].map(|name| frame.locale.bracketed(name, &column)));
        let cell = |value: Option<f64>| value.map_or_else(|| Cell::Missing(frame.missing.clone()), |value| self.value.cell(value, frame));
        let row = |row: &RangeRow| vec![Cell::Words(row.name.clone()), cell(row.range.low), cell(row.range.middle), cell(row.range.high)];
        Table { header, rows: self.rows.iter().map(row).collect() }
    }
}

/// The weight of a row's words.
fn weight(own: bool) -> Weight {
    if own { Weight::Bold } else { Weight::Plain }
}
