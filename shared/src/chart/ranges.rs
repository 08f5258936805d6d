//! Spans with a middle: pay by state from the 10th to the 90th percentile. Not bars: a span does not stand on zero, but its
//! axis shows it.
use super::label::{Block, Weight, stack};
use super::plane::checked;
use super::rows::{Row, Rows};
use super::scale::{Scale, enclosing};
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
    /// What is said of a row: its middle.
    fn words(&self, row: &RangeRow, frame: &Frame) -> String {
        row.range.middle.map_or_else(|| frame.missing.clone(), |value| self.value.short(value, frame.locale))
    }

    /// The names of the values that a row has, each with its value, in lines that fit beside each other.
    fn names(&self, sheet: &Sheet, range: &Range) -> Vec<(Block, f64)> {
        let most = (sheet.right - sheet.left) / 4.0 - sheet.em * 0.6;
        let named = [(&self.words.low, range.low), (&self.words.middle, range.middle), (&self.words.high, range.high)];
        named.into_iter().filter_map(|(name, value)| Some((sheet.block(name, most, Weight::Plain), value?))).collect()
    }

    /// Span, ends and middle of a row at a height; a cross for what is missing.
    fn draw_span(sheet: &mut Sheet, scale: &Scale, row: &RangeRow, y: f64) {
        let em = sheet.em;
        let look = if row.own { "ch-s0" } else { "ch-baseline" };
        let known: Vec<f64> = row.range.known().map(|value| scale.px(value)).collect();
        let (from, to) = (known.first().copied().unwrap_or(scale.px(0.0)), known.last().copied().unwrap_or(scale.px(0.0)));
        if known.len() > 1 {
            sheet.line((from, y), (to, y), &format!("ch-span {look}"));
        }
        for end in [row.range.low, row.range.high].into_iter().flatten().map(|value| scale.px(value)) {
            sheet.line((end, y - em * 0.3), (end, y + em * 0.3), &format!("ch-stop {look}"));
        }
        if let Some(middle) = row.range.middle {
            sheet.mark((scale.px(middle), y), 0, &format!("ch-mark {look}"));
        }
        if row.range.middle.is_none() || row.range.high.is_none() {
            sheet.cross((to + em * 0.8, y));
        }
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
        let (em, line, locale) = (sheet.em, sheet.line_height(), frame.locale);
        let (low, high) = extent(self.rows.iter().flat_map(|row| row.range.known()).chain([0.0]));
        // The middles stand in a column at the right; where their words are too long for one, after the names.
        let head = sheet.block(&self.words.middle, (sheet.right - sheet.left) * 0.3, Weight::Plain);
        let some = |row: &&RangeRow| row.range.known().next().is_some();
        let widest = self
            .rows
            .iter()
            .filter(some)
            .map(|row| weight(row.own).width(&self.words(row, frame), em))
            .fold(head.width, f64::max);
        let column = widest.max(sheet.width_of(&frame.missing) * 0.6) <= (sheet.right - sheet.left) * 0.34;
        let named = |row: &RangeRow| match (column, row.range.middle) {
            (true, _) => row.name.clone(),
            (false, Some(_)) => {
                locale.named(&row.name, &format!("{}{}{}", self.words.middle, locale.pick(" ", ""), self.words(row, frame)))
            }
            (false, None) => locale.named(&row.name, &frame.missing),
        };
        let names: Vec<String> = self.rows.iter().map(named).collect();
        // The first row with a middle, best with its ends too, bears the names of the values.
        let first = self
            .rows
            .iter()
            .position(|row| row.range.known().count() == 3)
            .or_else(|| self.rows.iter().position(|row| row.range.middle.is_some()));
        let marks = first.map_or_else(Vec::new, |first| self.names(sheet, &self.rows[first].range));
        let over = marks.iter().map(|(name, _)| name.height).fold(head.height, f64::max) + em * 0.5;
        let row = |(i, (row, name)): (usize, (&RangeRow, &'_ String))| {
            (name.clone(), row.own, if first == Some(i) { over } else { 0.0 })
        };
        let list: Vec<(String, bool, f64)> = self.rows.iter().zip(&names).enumerate().map(row).collect();
        let rows = list.iter().map(|(name, own, over)| Row { name, own: *own, height: line, over: *over }).collect();
        let rows = Rows { axis: &self.value, ticks: enclosing(low, high, 5), rows };
        let (left, right) = rows.columns(sheet);
        let last_px = if column { right - widest - em * 1.4 } else { right - em * 1.4 };
        let readings = self.readings(frame);
        let placed = rows.draw(sheet, left + em * 0.5, last_px);
        for (i, (row, body)) in self.rows.iter().zip(&placed.bodies).enumerate() {
            let y = (body.top + body.bottom) / 2.0;
            Ranges::draw_span(sheet, &placed.scale, row, y);
            if column && some(&row) {
                let class = if row.own { "ch-label ch-strong ch-halo" } else { "ch-label ch-halo" };
                sheet.words(&self.words(row, frame), (right, y), Anchor::End, class);
            } else if column {
                sheet.words(&frame.missing, (placed.scale.px(0.0) + em * 1.4, y), Anchor::Start, "ch-axis ch-halo");
            }
            if first == Some(i) {
                let bottom = y - em * 0.45;
                let wishes: Vec<(f64, f64)> =
                    marks.iter().map(|(name, value)| (placed.scale.px(*value), name.width + em * 0.6)).collect();
                for ((name, value), centre) in marks.iter().zip(stack(&wishes, sheet.left, last_px + em * 0.6)) {
                    sheet.words_down(name, (centre, bottom - em * 0.5 - name.height), Anchor::Middle, "ch-axis ch-halo");
                    sheet.line((centre, bottom - em * 0.4), (placed.scale.px(*value), bottom), "ch-leader");
                }
                if column {
                    sheet.words_down(&head, (right, bottom - em * 0.5 - head.height), Anchor::End, "ch-axis ch-halo");
                }
            }
            if sheet.open_reading(i, &readings[i], &placed.whole[i]) {
                sheet.area(&placed.whole[i], "ch-cue ch-frame");
                sheet.close();
            }
        }
        if self.rows.iter().any(|row| (1..3).contains(&row.range.known().count())) {
            sheet.key_of_missing(&frame.missing);
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let reading = |row: &RangeRow| {
            let value =
                |value: Option<f64>| value.map_or_else(|| frame.missing.clone(), |value| self.value.written(value, locale));
            let facts =
                [(&self.words.low, row.range.low), (&self.words.middle, row.range.middle), (&self.words.high, row.range.high)];
            locale.named(&row.name, &locale.listed(&facts.map(|(name, known)| locale.named(name, &value(known)))))
        };
        self.rows.iter().map(reading).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let column = self.value.column(frame.locale);
        let mut header = vec![self.rows_title.clone()];
        header.extend([&self.words.low, &self.words.middle, &self.words.high].map(|name| frame.locale.bracketed(name, &column)));
        let cell = |value: Option<f64>| {
            value.map_or_else(|| Cell::Missing(frame.missing.clone()), |value| self.value.cell(value, frame))
        };
        let row = |row: &RangeRow| {
            vec![Cell::Words(row.name.clone()), cell(row.range.low), cell(row.range.middle), cell(row.range.high)]
        };
        Table { header, rows: self.rows.iter().map(row).collect() }
    }
}

/// The weight of a row's words.
fn weight(own: bool) -> Weight {
    if own { Weight::Bold } else { Weight::Plain }
}
