//! Bars from zero: growth by occupation, or several bars a row, as the effects of a lever's two ends (tornado) or of two
//! scenarios. Not spans that float: those are ranges.
use super::label::{Area, Block, Weight};
use super::plane::checked;
use super::rows::{End, Row, Rows, fitted};
use super::scale::enclosing;
use super::series::extent;
use super::svg::{Anchor, Sheet};
use super::{Axis, Cell, ChartError, Draw, Frame, SERIES_MAX, Table, counted};

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it stands for within its row, written at its end: `slow`; empty where each row has one bar.
    pub word: String,
    /// Its length from zero; None is missing.
    pub value: Option<f64>,
}

/// A named row of bars.
#[derive(Clone, Debug, PartialEq)]
pub struct BarRow {
    /// The name.
    pub name: String,
    /// True for what the person chose: bold.
    pub own: bool,
    /// At most [`SERIES_MAX`], the same number in each row.
    pub bars: Vec<Bar>,
}

/// Rows of bars, in the caller's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Along.
    pub value: Axis,
    /// What a row stands for, in the table.
    pub rows_title: String,
    /// From top to bottom, at most 200.
    pub rows: Vec<BarRow>,
}

impl Bars {
    /// The words at a bar's end.
    fn words(&self, bar: &Bar, frame: &Frame) -> String {
        let value = bar.value.map_or_else(|| frame.missing.clone(), |value| self.value.short(value, frame.locale));
        if bar.word.is_empty() { value } else { frame.locale.named(&bar.word, &value) }
    }

    /// The looks of a bar: its place in the row tells it apart, or its direction where it is alone.
    fn look(row: &BarRow, number: usize) -> usize {
        let falls = row.bars.len() == 1 && row.bars[number].value.is_some_and(|value| value < 0.0);
        if falls { 2 } else { [0, 2, 1, 3, 4, 5][number % 6] }
    }

    /// A bar or what is missing, and its words at its end.
    fn draw_bar(sheet: &mut Sheet, area: &Area, look: usize, (zero, end): (f64, Option<f64>), words: Option<&str>) {
        let em = sheet.em;
        let middle = (area.top + area.bottom) / 2.0;
        let (x, anchor, class) = match end {
            None => {
                sheet.cross((zero + em * 0.5, middle));
                (zero + em * 1.2, Anchor::Start, "ch-axis ch-halo")
            }
            Some(end) => {
                sheet.area(&Area { left: zero.min(end), right: zero.max(end), ..*area }, &format!("ch-bar ch-s{look}"));
                let before = end < zero;
                (end + em * if before { -0.4 } else { 0.4 }, if before { Anchor::End } else { Anchor::Start }, "ch-label ch-halo")
            }
        };
        if let Some(words) = words {
            sheet.words(words, (x, middle), anchor, class);
        }
    }
}

impl Draw for Bars {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.rows.len(), 200, "rows")?;
        let wanted = self.rows.first().map_or(0, |row| row.bars.len());
        for row in &self.rows {
            counted(row.bars.len(), SERIES_MAX, &row.name)?;
            if row.bars.len() != wanted {
                return Err(ChartError::Uneven { place: row.name.clone(), found: row.bars.len(), wanted });
            }
            for bar in &row.bars {
                bar.value.map_or(Ok(0.0), |value| checked(value, || place(&row.name, &bar.word)))?;
            }
        }
        Ok(())
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let (em, line) = (sheet.em, sheet.line_height());
        let (low, high) = extent(self.rows.iter().flat_map(|row| &row.bars).filter_map(|bar| bar.value).chain([0.0]));
        let ticks = enclosing(low, high, 5);
        let range = (ticks.values.first().copied().unwrap_or(low), ticks.values.last().copied().unwrap_or(high));
        let words = |bar: &Bar| self.words(bar, frame);
        let end = |bar: &Bar| End {
            value: bar.value.unwrap_or(0.0),
            width: sheet.width_of(&words(bar)) + em * if bar.value.is_some() { 0.5 } else { 1.2 },
        };
        let ends: Vec<End> = self.rows.iter().flat_map(|row| &row.bars).map(end).collect();
        let mut rows = Rows { axis: &self.value, ticks, rows: Vec::new() };
        rows.rows = self.rows.iter().map(|row| Row { name: &row.name, own: row.own, height: 0.0, over: 0.0 }).collect();
        let (left, right) = rows.columns(sheet);
        let (mut first, mut last) = fitted(range, &ends, left, right);
        // Where words at the ends leave too little for the bars, each word stands over its bar.
        let over = last - first < (right - left) * 0.4 || ends.iter().any(|end| end.width > (right - left) * 0.6);
        if over {
            (first, last) = (left + em, right - em);
        }
        let above = |bar: &Bar| {
            if over {
                sheet.block(&words(bar), right - left, Weight::Plain)
            } else {
                Block { lines: Vec::new(), width: 0.0, height: 0.0 }
            }
        };
        let blocks: Vec<Vec<Block>> = self.rows.iter().map(|row| row.bars.iter().map(above).collect()).collect();
        for (row, blocks) in rows.rows.iter_mut().zip(&blocks) {
            row.height = blocks.iter().map(|block| block.height + line).sum();
        }
        let readings = self.readings(frame);
        let placed = rows.draw(sheet, first, last);
        for (i, (row, body)) in self.rows.iter().zip(&placed.bodies).enumerate() {
            let mut top = body.top;
            for (number, (bar, block)) in row.bars.iter().zip(&blocks[i]).enumerate() {
                sheet.words_down(block, (left, top), Anchor::Start, "ch-label ch-halo");
                top += block.height + line;
                let area = Area { left, right, top: top - line + em * 0.1, bottom: top - em * 0.1 };
                let ends = (placed.scale.px(0.0), bar.value.map(|value| placed.scale.px(value)));
                let words = self.words(bar, frame);
                Bars::draw_bar(sheet, &area, Bars::look(row, number), ends, (!over).then_some(words.as_str()));
            }
            if sheet.open_reading(i, &readings[i], &placed.whole[i]) {
                sheet.area(&placed.whole[i], "ch-cue ch-frame");
                sheet.close();
            }
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let fact = |bar: &Bar| {
            let value = bar.value.map_or_else(|| frame.missing.clone(), |value| self.value.written(value, locale));
            if bar.word.is_empty() { value } else { locale.named(&bar.word, &value) }
        };
        let reading = |row: &BarRow| locale.named(&row.name, &locale.listed(&row.bars.iter().map(fact).collect::<Vec<_>>()));
        self.rows.iter().map(reading).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let locale = frame.locale;
        // Where the bars of a row bear other words than those of the first, the words have a column of their own.
        let words: Vec<&str> =
            self.rows.first().map(|row| row.bars.iter().map(|bar| bar.word.as_str()).collect()).unwrap_or_default();
        let same = self.rows.iter().all(|row| row.bars.iter().map(|bar| bar.word.as_str()).eq(words.iter().copied()));
        let value =
            |bar: &Bar| bar.value.map_or_else(|| Cell::Missing(frame.missing.clone()), |value| self.value.cell(value, frame));
        let column = self.value.column(locale);
        let mut header = vec![self.rows_title.clone()];
        for word in &words {
            match (same, word.is_empty()) {
                (true, true) => header.push(column.clone()),
                (true, false) => header.push(locale.bracketed(word, &column)),
                (false, _) => header.extend([String::new(), column.clone()]),
            }
        }
        let row = |row: &BarRow| {
            let mut cells = vec![Cell::Words(row.name.clone())];
            for bar in &row.bars {
                cells.extend((!same).then(|| Cell::Words(bar.word.clone())));
                cells.push(value(bar));
            }
            cells
        };
        Table { header, rows: self.rows.iter().map(row).collect() }
    }
}

/// Names a bar in an error.
fn place(row: &str, word: &str) -> String {
    if word.is_empty() { row.to_owned() } else { format!("{row}, {word}") }
}
