//! The plane of a chart with two axes: grid, ticks, axis titles, the maps to pixels, and words at the ends of lines. Not the
//! lines: each chart draws its own.
use super::label::{Area, Block, Places, Weight, stack, widest_piece};
use super::number::{Locale, Multiple, Quantity, decimal, signed, write};
use super::scale::{Scale, Ticks};
use super::svg::{Anchor, Sheet};
use super::{Axis, ChartError};

impl Axis {
    /// The multiple that ticks of this axis are written in.
    pub(super) fn multiple(&self, magnitude: f64, locale: Locale) -> Multiple {
        match self.quantity {
            Quantity::Count => locale.multiple(magnitude),
            _ => locale.multiple(0.0),
        }
    }

    /// The title with its unit: `Employment (thousand people)`, `就业人数（万人）`.
    pub(super) fn titled(&self, multiple: Multiple, locale: Locale) -> String {
        let unit = match self.quantity {
            Quantity::Count if locale == Locale::En && !multiple.word.is_empty() => format!("{} {}", multiple.word, self.unit),
            Quantity::Count => format!("{}{}", multiple.word, self.unit),
            Quantity::Share { .. } | Quantity::Change { .. } => "%".to_owned(),
            Quantity::Points { .. } => locale.pick("percentage points", "个百分点").to_owned(),
            Quantity::Plain { .. } => self.unit.clone(),
            Quantity::Year => String::new(),
        };
        locale.bracketed(&self.title, unit.trim())
    }

    /// A tick: digits only, its unit stands in the title.
    pub(super) fn tick(&self, value: f64, ticks: &Ticks, multiple: Multiple) -> String {
        match self.quantity {
            Quantity::Year => write(value, Quantity::Year, Locale::En),
            _ if value == 0.0 => "0".to_owned(),
            Quantity::Count | Quantity::Plain { .. } => decimal(value / multiple.ones, ticks.decimals(multiple.ones)),
            Quantity::Share { .. } | Quantity::Change { .. } | Quantity::Points { .. } => {
                decimal(value * 100.0, ticks.decimals(0.01))
            }
        }
    }

    /// A value as digits only, in a multiple, with the digits its quantity asks for.
    pub(super) fn bare(&self, value: f64, multiple: Multiple) -> String {
        match self.quantity {
            Quantity::Count => decimal(value / multiple.ones, u8::from(multiple.ones > 1.0)),
            Quantity::Plain { decimals } => decimal(value, decimals),
            Quantity::Share { decimals } | Quantity::Change { decimals } | Quantity::Points { decimals } => {
                decimal(value * 100.0, decimals)
            }
            Quantity::Year => write(value, Quantity::Year, Locale::En),
        }
    }

    /// A value at its mark, where the axis title names the unit.
    pub(super) fn short(&self, value: f64, locale: Locale) -> String {
        match self.quantity {
            Quantity::Points { decimals } => signed(value * 100.0, decimals),
            quantity => write(value, quantity, locale),
        }
    }

    /// A value with the name of its unit: `146.7 thousand people`, `4.3%`.
    pub fn written(&self, value: f64, locale: Locale) -> String {
        let number = write(value, self.quantity, locale);
        match self.quantity {
            Quantity::Count | Quantity::Plain { .. } if !self.unit.is_empty() => self.unit_after(&number, locale),
            Quantity::Year if locale == Locale::Zh => format!("{number}年"),
            _ => number,
        }
    }

    /// From a value to another, with the name of the unit.
    pub fn written_range(&self, low: f64, high: f64, locale: Locale) -> String {
        let numbers = super::number::range(low, high, self.quantity, locale);
        match self.quantity {
            Quantity::Count | Quantity::Plain { .. } if !self.unit.is_empty() => self.unit_after(&numbers, locale),
            _ => numbers,
        }
    }

    fn unit_after(&self, number: &str, locale: Locale) -> String {
        format!("{number}{}{}", locale.pick(" ", ""), self.unit)
    }

    /// The head of a table's column: values stand in it with their multiple, so only the unit is named.
    pub(super) fn column(&self, locale: Locale) -> String {
        match self.quantity {
            Quantity::Count | Quantity::Plain { .. } => locale.bracketed(&self.title, &self.unit),
            _ => self.title.clone(),
        }
    }
}

/// The two axes and what they span.
pub(super) struct Axes<'a> {
    /// Along.
    pub x: &'a Axis,
    /// Up.
    pub y: &'a Axis,
    /// First and last value along.
    pub x_range: (f64, f64),
    /// The ticks along, all within the range.
    pub x_ticks: Ticks,
    /// The ticks up; the first and the last are the range.
    pub y_ticks: Ticks,
}

/// Where a plane was drawn.
pub(super) struct Plane {
    /// The inner area.
    pub area: Area,
    /// Along.
    pub x: Scale,
    /// Up.
    pub y: Scale,
}

impl Plane {
    /// The pixel of a point.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.px(x), self.y.px(y))
    }
}

impl Axes<'_> {
    /// The room left of the plane for ticks.
    pub fn margin(&self, sheet: &Sheet) -> f64 {
        let multiple = self.y_multiple(sheet.locale);
        let widest =
            self.y_ticks.values.iter().map(|v| sheet.width_of(&self.y.tick(*v, &self.y_ticks, multiple))).fold(0.0, f64::max);
        widest + sheet.em * 0.5
    }

    /// The y title in lines of at most a width.
    pub fn title(&self, sheet: &Sheet, most_px: f64) -> Block {
        sheet.block(&self.y.titled(self.y_multiple(sheet.locale), sheet.locale), most_px, Weight::Plain)
    }

    fn y_multiple(&self, locale: Locale) -> Multiple {
        self.y.multiple(self.y_ticks.values.iter().fold(0.0, |most: f64, v| most.max(v.abs())), locale)
    }

    /// Draws a panel from the sheet's free row down, between two columns of pixels: title, y title, plane, x ticks, x title.
    /// `margin_right` is left free for words beside the plane; `height` is the plane's. Takes the rows.
    pub fn draw(&self, sheet: &mut Sheet, left: f64, right: f64, margin_right: f64, height: f64) -> Plane {
        let (em, line, locale) = (sheet.em, sheet.line_height(), sheet.locale);
        let multiple = self.y_multiple(locale);
        let title = self.title(sheet, right - left);
        sheet.words_down(&title, (left, sheet.y), Anchor::Start, "ch-axis");
        let top = sheet.y + title.height + em * 0.6;
        let area = Area { left: left + self.margin(sheet), top, right: right - margin_right.max(em * 0.5), bottom: top + height };
        let ends = (self.y_ticks.values.first().copied().unwrap_or(0.0), self.y_ticks.values.last().copied().unwrap_or(1.0));
        let plane = Plane {
            x: Scale { from: self.x_range.0, to: self.x_range.1, start_px: area.left, end_px: area.right },
            y: Scale { from: ends.0, to: ends.1, start_px: area.bottom, end_px: area.top },
            area,
        };
        for value in &self.y_ticks.values {
            let y = plane.y.px(*value);
            sheet.line((area.left, y), (area.right, y), if *value == 0.0 { "ch-zero" } else { "ch-grid" });
            sheet.words(&self.y.tick(*value, &self.y_ticks, multiple), (area.left - em * 0.4, y), Anchor::End, "ch-tick");
        }
        let x_multiple = self.x.multiple(self.x_range.0.abs().max(self.x_range.1.abs()), locale);
        for value in &self.x_ticks.values {
            let x = plane.x.px(*value);
            sheet.line((x, area.bottom), (x, area.bottom + em * 0.3), "ch-zero");
        }
        let ticks: Vec<(f64, String)> =
            self.x_ticks.values.iter().map(|v| (plane.x.px(*v), self.x.tick(*v, &self.x_ticks, x_multiple))).collect();
        draw_ticks(sheet, &ticks, (left, right), area.bottom + em * 0.4 + line / 2.0);
        let title = sheet.block(&self.x.titled(x_multiple, locale), right - left, Weight::Plain);
        sheet.y = area.bottom + em * 0.4 + line;
        sheet.words_down(&title, (area.right.max(left + title.width), sheet.y), Anchor::End, "ch-axis");
        sheet.y += title.height;
        plane
    }
}

/// Writes words centred on pixels along a row, within two borders: all, or every second, third … where they would meet. What
/// is wider than the row is left to the readings and the table.
pub(super) fn draw_ticks(sheet: &mut Sheet, ticks: &[(f64, String)], within: (f64, f64), y: f64) {
    let place = |(x, words): &(f64, String)| {
        let width = sheet.width_of(words);
        ((x - width / 2.0).min(within.1 - width).max(within.0), width)
    };
    let places: Vec<(f64, f64)> = ticks.iter().map(place).collect();
    let apart = |every: usize| {
        let kept: Vec<&(f64, f64)> = places.iter().step_by(every).collect();
        kept.windows(2).all(|pair| pair[0].0 + pair[0].1 + sheet.em * 0.5 <= pair[1].0)
    };
    let every = (1..=ticks.len()).find(|every| apart(*every)).unwrap_or(1);
    for ((_, words), (start, width)) in
        ticks.iter().zip(&places).step_by(every).filter(|(_, (_, width))| *width <= within.1 - within.0)
    {
        sheet.words(words, (start + width / 2.0, y), Anchor::Middle, "ch-tick");
    }
}

/// Words beside the right border of a plane, each for a height in it.
pub(super) struct EndLabel {
    /// The words in lines.
    pub block: Block,
    /// The value they stand for.
    pub value: f64,
    /// The class of their text.
    pub class: String,
}

/// The room right of a plane that end labels take, words and leader.
pub(super) fn end_margin(labels: &[EndLabel], em: f64) -> f64 {
    let widest = labels.iter().map(|label| label.block.width).fold(0.0, f64::max);
    if widest > 0.0 { widest + em * 1.4 } else { 0.0 }
}

/// The least height of a plane that end labels fit beside.
pub(super) fn end_height(labels: &[EndLabel]) -> f64 {
    labels.iter().map(|label| label.block.height).sum()
}

/// Writes end labels, none over another, each led to its value.
pub(super) fn draw_end_labels(sheet: &mut Sheet, plane: &Plane, labels: &[EndLabel]) {
    let em = sheet.em;
    let wishes: Vec<(f64, f64)> = labels.iter().map(|label| (plane.y.px(label.value), label.block.height)).collect();
    let spare = sheet.line_height() / 2.0;
    for (label, centre) in labels.iter().zip(stack(&wishes, plane.area.top - spare, plane.area.bottom + spare)) {
        let (from, to) = ((plane.area.right + em * 0.3, plane.y.px(label.value)), (plane.area.right + em * 1.1, centre));
        sheet.line(from, to, "ch-leader");
        sheet.words_down(&label.block, (to.0 + em * 0.2, centre - label.block.height / 2.0), Anchor::Start, &label.class);
    }
}

/// Writes words near a point inside a plane, where they cover least; not at all where there is no room (the readings and the
/// table have them).
pub(super) fn draw_inner_label(sheet: &mut Sheet, places: &mut Places, words: &str, near: (f64, f64), class: &str) {
    let least = widest_piece(words, sheet.em, Weight::Plain);
    let blocks = [0.34, 0.5, 0.8].map(|share| sheet.block(words, (places.within.width() * share).max(least), Weight::Plain));
    let sizes: Vec<(f64, f64)> = blocks.iter().map(|block| (block.width, block.height)).collect();
    if let Some((size, area)) = places.take(&[near], &sizes, sheet.em * 0.5) {
        sheet.words_down(&blocks[size], (area.left, area.top), Anchor::Start, class);
    }
}

/// A number that a chart can draw: finite and within ±10¹⁵.
pub(super) fn checked(value: f64, place: impl FnOnce() -> String) -> Result<f64, ChartError> {
    if value.is_finite() && value.abs() <= 1e15 {
        Ok(value)
    } else {
        Err(ChartError::NoNumber { place: place(), value: value.to_string() })
    }
}
