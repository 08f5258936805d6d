//! Named rows over one axis along: what bars and ranges share. On a narrow sheet a name stands over its row, on a wide one
//! before it. Draws names, grid and axis; not what is in the rows.
use super::Axis;
use super::label::{Area, Block, Weight};
use super::plane::draw_ticks;
use super::scale::{Scale, Ticks};
use super::svg::{Anchor, Sheet};

/// Words at a value: they stand after it where it is not under zero, else before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The value.
    pub value: f64,
    /// The width of the words with the blank before them, pixels.
    pub width: f64,
}

/// Rows to lay out.
pub(super) struct Rows<'a> {
    /// Along.
    pub axis: &'a Axis,
    /// Its ticks; the first and the last are the range.
    pub ticks: Ticks,
    /// From top to bottom.
    pub rows: Vec<Row<'a>>,
}

/// A row to lay out.
pub(super) struct Row<'a> {
    /// Its name.
    pub name: &'a str,
    /// True for the person's own: bold.
    pub own: bool,
    /// The height of what stands beside the name, pixels.
    pub height: f64,
    /// The height of words over that, pixels.
    pub over: f64,
}

/// The first and the last pixel of an axis of values so that all words at values fit between two pixels; the second is left of
/// the first where there is no room. `range` holds 0; words at the first value of a range from 0 must fit by themselves.
pub(super) fn fitted(range: (f64, f64), ends: &[End], left: f64, right: f64) -> (f64, f64) {
    let share = |value: f64| ((value - range.0) / (range.1 - range.0)).clamp(0.0, 1.0);
    let (mut first, mut last) = (left, right);
    for _ in 0..40 {
        for End { value, width } in ends {
            let s = share(*value);
            if *value >= 0.0 && s > 0.0 {
                last = last.min((right - width - first * (1.0 - s)) / s);
            } else if *value < 0.0 && s < 1.0 {
                first = first.max((left + width - last * s) / (1.0 - s));
            }
        }
    }
    (first, last)
}

/// Rows laid out.
pub(super) struct Placed {
    /// Values to pixels.
    pub scale: Scale,
    /// Where the content of each row goes; as wide as the sheet leaves it.
    pub bodies: Vec<Area>,
    /// Each row with its name, over the whole width.
    pub whole: Vec<Area>,
}

impl Rows<'_> {
    /// True where the names stand before the rows.
    fn beside(sheet: &Sheet) -> bool {
        sheet.right - sheet.left >= sheet.em * 34.0
    }

    /// The pixels between which rows may draw.
    pub fn columns(&self, sheet: &Sheet) -> (f64, f64) {
        (sheet.left + self.names_px(sheet), sheet.right)
    }

    fn names_px(&self, sheet: &Sheet) -> f64 {
        if !Rows::beside(sheet) {
            return 0.0;
        }
        let width = |row: &Row| weight(row.own).width(row.name, sheet.em);
        let widest = self.rows.iter().map(width).fold(0.0, f64::max) + sheet.em * 0.8;
        widest.min((sheet.right - sheet.left) * 0.36)
    }

    /// Draws axis title, grid, names and ticks from the free row down; the axis runs from one pixel to another.
    pub fn draw(&self, sheet: &mut Sheet, first_px: f64, last_px: f64) -> Placed {
        let (em, line, locale) = (sheet.em, sheet.line_height(), sheet.locale);
        let ends = (self.ticks.values.first().copied().unwrap_or(0.0), self.ticks.values.last().copied().unwrap_or(1.0));
        let multiple = self.axis.multiple(ends.0.abs().max(ends.1.abs()), locale);
        sheet.row_of_words(&self.axis.titled(multiple, locale), Weight::Plain, "ch-axis");
        sheet.y += em * 0.4;
        let scale = Scale { from: ends.0, to: ends.1, start_px: first_px, end_px: last_px };
        let (beside, names_px) = (Rows::beside(sheet), self.names_px(sheet));
        let (mut bodies, mut whole, mut blocks) = (Vec::new(), Vec::new(), Vec::<Block>::new());
        let mut y = sheet.y;
        for Row { name, own, height, over } in &self.rows {
            let most = if beside { names_px - em * 0.8 } else { sheet.right - sheet.left };
            let block = sheet.block(name, most, weight(*own));
            let (top, body) = if beside { (y + over, height.max(block.height)) } else { (y + block.height + over, *height) };
            bodies.push(Area {
                left: sheet.left + names_px,
                right: sheet.right,
                top: top + (body - height) / 2.0,
                bottom: top + (body + height) / 2.0,
            });
            whole.push(Area { left: sheet.left, right: sheet.right, top: y, bottom: top + body });
            y = top + body + em * if beside { 0.5 } else { 0.8 };
            blocks.push(block);
        }
        for value in &self.ticks.values {
            let x = scale.px(*value);
            sheet.line((x, sheet.y), (x, y), if *value == 0.0 { "ch-zero" } else { "ch-grid" });
        }
        for ((block, area), row) in blocks.iter().zip(&whole).zip(&self.rows) {
            let top = if beside { (area.top + row.over + area.bottom - block.height) / 2.0 } else { area.top };
            sheet.words_down(
                block,
                (sheet.left, top),
                Anchor::Start,
                if row.own { "ch-label ch-strong ch-halo" } else { "ch-label ch-halo" },
            );
        }
        let ticks: Vec<(f64, String)> =
            self.ticks.values.iter().map(|v| (scale.px(*v), self.axis.tick(*v, &self.ticks, multiple))).collect();
        draw_ticks(sheet, &ticks, (sheet.left, sheet.right), y + line / 2.0);
        sheet.y = y + line;
        Placed { scale, bodies, whole }
    }
}

/// The weight of a name.
fn weight(own: bool) -> Weight {
    if own { Weight::Bold } else { Weight::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_at_values_fit_between_the_borders() {
        for range in [(0.0, 100.0), (-50.0, 100.0), (-100.0, 0.0), (-1.0, 99.0)] {
            let ends: Vec<End> = [-100.0, -50.0, -3.0, 0.0, 4.0, 60.0, 100.0_f64]
                .iter()
                .filter(|value| **value >= range.0 && **value <= range.1)
                .map(|value| End { value: *value, width: 40.0 + value.abs() / 4.0 })
                .collect();
            let (first, last) = fitted(range, &ends, 10.0, 400.0);
            assert!(last - first > 150.0 && first >= 10.0 && last <= 400.0, "{range:?}: {first} {last}");
            for End { value, width } in ends {
                let x = first + (value - range.0) / (range.1 - range.0) * (last - first);
                let (from, to) = if value < 0.0 { (x - width, x) } else { (x, x + width) };
                assert!(from >= 10.0 - 1e-6 && to <= 400.0 + 1e-6, "{range:?} {value}: {from} to {to}");
            }
        }
    }
}
