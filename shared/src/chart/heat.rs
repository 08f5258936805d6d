//! A table of values as tints: groups down, years across. A tint never stands alone: a cell bears its number, or where that
//! does not fit a bar whose height tells its class. Not a map.
use super::label::{Area, Weight};
use super::number::{Locale, Multiple};
use super::plane::{checked, draw_ticks};
use super::scale::{Ticks, enclosing};
use super::series::extent;
use super::svg::{Anchor, Sheet};
use super::{Axis, Cell, ChartError, Draw, Frame, Table, counted};

/// A group and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatRow {
    /// The group.
    pub name: String,
    /// One for each column; None is missing.
    pub values: Vec<Option<f64>>,
}

/// Values of groups over columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// What is measured.
    pub value: Axis,
    /// What a row stands for, in the table.
    pub rows_title: String,
    /// What stands under the columns: `Year`.
    pub columns_title: String,
    /// The columns' names, short.
    pub columns: Vec<String>,
    /// From top to bottom, at most 60.
    pub rows: Vec<HeatRow>,
    /// The value at which tints change colour, as a tightness of 1; None where there is no such value.
    pub middle: Option<f64>,
}

/// The classes of tints, and the value between each two.
struct Classes {
    borders: Ticks,
    middle: Option<f64>,
}

impl Classes {
    /// Of all borders those that bound a class: one more than there are classes.
    fn count(&self) -> usize {
        self.borders.values.len().saturating_sub(1)
    }

    /// The class of a value: the one it lies in, its lower border included.
    fn of(&self, value: f64) -> usize {
        self.borders.values.iter().skip(1).take(self.count().saturating_sub(1)).filter(|border| value >= **border).count()
    }

    /// The style of a class: strength 1 to 5, and whether it lies under the middle.
    fn look(&self, class: usize) -> String {
        let inner = |i: usize| self.borders.values.get(i).copied().unwrap_or(0.0);
        match self.middle {
            None => format!("ch-heat ch-h{}", if self.count() > 1 { 1 + class * 4 / (self.count() - 1) } else { 3 }),
            Some(middle) => {
                let half = self.borders.values.iter().filter(|border| **border < middle - self.borders.step * 0.5).count().max(1);
                let centre = (inner(class) + inner(class + 1)) / 2.0;
                let steps = ((centre - middle).abs() / self.borders.step).floor();
                let strength =
                    (1..=5_u8).rev().find(|s| f64::from(*s) <= 1.0 + steps * 4.0 / (half as f64 - 1.0).max(1.0)).unwrap_or(1);
                format!("ch-heat ch-{}{strength}", if centre < middle { 'l' } else { 'h' })
            }
        }
    }
}

impl Heat {
    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.rows.iter().flat_map(|row| row.values.iter().copied().flatten())
    }

    /// The multiple that all values are written in.
    fn multiple(&self, locale: Locale) -> Multiple {
        self.value.multiple(self.values().fold(0.0, |most: f64, v| most.max(v.abs())), locale)
    }

    fn classes(&self) -> Classes {
        let (low, high) = extent(self.values());
        match self.middle {
            None => Classes { borders: enclosing(low, high, 6), middle: None },
            Some(middle) => {
                // The same classes on both sides, so that equal distance is equal strength.
                let reach = (high - middle).max(middle - low);
                let step = enclosing(0.0, reach, 5).step;
                let half = (reach / step - 1e-6).ceil().clamp(1.0, 5.0);
                let mut values = Vec::new();
                let mut number = -half;
                while number <= half {
                    values.push(middle + number * step);
                    number += 1.0;
                }
                Classes { borders: Ticks { step, values }, middle: Some(middle) }
            }
        }
    }

    /// True where every number fits into a cell of this width.
    fn numbers(&self, sheet: &Sheet, across_px: f64) -> bool {
        let multiple = self.multiple(sheet.locale);
        self.values().all(|value| sheet.width_of(&self.value.bare(value, multiple)) + sheet.em * 0.5 <= across_px)
    }

    fn draw_cells(&self, sheet: &mut Sheet, frame: &Frame, classes: &Classes, names_px: f64) {
        let (em, line, locale) = (sheet.em, sheet.line_height(), sheet.locale);
        let multiple = self.multiple(locale);
        let left = sheet.left + names_px;
        let across = (sheet.right - left) / self.columns.len() as f64;
        let bare = |value: f64| self.value.bare(value, multiple);
        let numbers = self.numbers(sheet, across);
        let readings = self.readings(frame);
        for (r, row) in self.rows.iter().enumerate() {
            let name = sheet.block(&row.name, names_px - em * 0.6, Weight::Plain);
            let area = Area { left, right: sheet.right, top: sheet.y, bottom: sheet.y + name.height.max(line * 1.3) + em * 0.2 };
            sheet.words_down(&name, (sheet.left, (area.top + area.bottom - name.height) / 2.0), Anchor::Start, "ch-label");
            for (c, value) in row.values.iter().enumerate() {
                let cell = Area { left: left + c as f64 * across, right: left + (c as f64 + 1.0) * across, ..area };
                let inner =
                    Area { left: cell.left + 0.5, top: cell.top + 0.5, right: cell.right - 0.5, bottom: cell.bottom - 0.5 };
                let centre = ((cell.left + cell.right) / 2.0, (cell.top + cell.bottom) / 2.0);
                match value {
                    None => {
                        sheet.area(&inner, "ch-missing");
                        sheet.cross(centre);
                    }
                    Some(value) => {
                        let class = classes.of(*value);
                        sheet.area(&inner, &classes.look(class));
                        if numbers {
                            sheet.words(&bare(*value), centre, Anchor::Middle, "ch-cell");
                        } else {
                            let share = (class as f64 + 0.5) / classes.count().max(1) as f64;
                            let y = inner.bottom - share * inner.height();
                            sheet.line((inner.left + 1.0, y), (inner.right - 1.0, y), "ch-level");
                        }
                    }
                }
                let number = r * self.columns.len() + c;
                if sheet.open_reading(number, &readings[number], &cell) {
                    sheet.area(&inner, "ch-cue ch-frame");
                    sheet.close();
                }
            }
            sheet.y = area.bottom;
        }
        let ticks: Vec<(f64, String)> =
            self.columns.iter().enumerate().map(|(c, words)| (left + (c as f64 + 0.5) * across, words.clone())).collect();
        draw_ticks(sheet, &ticks, (sheet.left, sheet.right), sheet.y + line / 2.0 + em * 0.2);
        sheet.y += line + em * 0.2;
        let title = sheet.block(&self.columns_title, sheet.right - sheet.left, Weight::Plain);
        sheet.words_down(&title, (sheet.right, sheet.y), Anchor::End, "ch-axis");
        sheet.y += title.height + em * 0.4;
    }

    /// The classes with their borders, and the mark for what is missing.
    fn draw_key(&self, sheet: &mut Sheet, frame: &Frame, classes: &Classes, across_px: f64) {
        let (em, line, locale) = (sheet.em, sheet.line_height(), sheet.locale);
        let multiple = self.multiple(locale);
        let words = |border: f64| self.value.tick(border, &classes.borders, multiple);
        let spare = classes.borders.values.iter().map(|border| sheet.width_of(&words(*border))).fold(0.0, f64::max);
        let count = classes.count().max(1);
        let across = ((sheet.right - sheet.left - spare) / count as f64).min(em * 4.0);
        let left = sheet.left + spare / 2.0;
        for class in 0..count {
            let area = Area {
                left: left + class as f64 * across,
                right: left + (class as f64 + 1.0) * across,
                top: sheet.y,
                bottom: sheet.y + em,
            };
            sheet.area(&area, &classes.look(class));
            if !self.numbers(sheet, across_px) {
                let y = area.bottom - (class as f64 + 0.5) / count as f64 * em;
                sheet.line((area.left + 1.0, y), (area.right - 1.0, y), "ch-level");
            }
        }
        let ticks: Vec<(f64, String)> =
            classes.borders.values.iter().enumerate().map(|(i, border)| (left + i as f64 * across, words(*border))).collect();
        draw_ticks(sheet, &ticks, (sheet.left, sheet.right), sheet.y + em + line / 2.0);
        sheet.y += em + line;
        if self.rows.iter().any(|row| row.values.contains(&None)) {
            sheet.key_of_missing(&frame.missing);
        }
    }
}

impl Draw for Heat {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.columns.len(), 60, "columns")?;
        counted(self.rows.len(), 60, "rows")?;
        if let Some(middle) = self.middle {
            checked(middle, || "the middle of the tints".to_owned())?;
        }
        for row in &self.rows {
            if row.values.len() != self.columns.len() {
                return Err(ChartError::Uneven { place: row.name.clone(), found: row.values.len(), wanted: self.columns.len() });
            }
            for (value, column) in row.values.iter().zip(&self.columns) {
                value.map_or(Ok(0.0), |value| checked(value, || format!("{} at {column}", row.name)))?;
            }
        }
        Ok(())
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let multiple = self.multiple(sheet.locale);
        sheet.row_of_words(&self.value.titled(multiple, sheet.locale), Weight::Plain, "ch-axis");
        sheet.y += sheet.em * 0.4;
        let widest = self.rows.iter().map(|row| sheet.width_of(&row.name)).fold(0.0, f64::max) + sheet.em * 0.7;
        let names_px = widest.min((sheet.right - sheet.left) * 0.38);
        let classes = self.classes();
        self.draw_cells(sheet, frame, &classes, names_px);
        let across_px = (sheet.right - sheet.left - names_px) / self.columns.len() as f64;
        self.draw_key(sheet, frame, &classes, across_px);
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let reading = |row: &HeatRow, column: &String, value: &Option<f64>| {
            let words = value.map_or_else(|| frame.missing.clone(), |value| self.value.written(value, locale));
            locale.named(&format!("{}{}{column}", row.name, locale.pick(", ", "，")), &words)
        };
        self.rows
            .iter()
            .flat_map(|row| self.columns.iter().zip(&row.values).map(move |(column, value)| reading(row, column, value)))
            .collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let mut header = vec![self.rows_title.clone()];
        header.extend(self.columns.iter().cloned());
        let row =
            |row: &HeatRow| {
                let mut cells = vec![Cell::Words(row.name.clone())];
                cells.extend(row.values.iter().map(|value| {
                    value.map_or_else(|| Cell::Missing(frame.missing.clone()), |value| self.value.cell(value, frame))
                }));
                cells
            };
        Table { header, rows: self.rows.iter().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heat(values: &[f64], middle: Option<f64>) -> Heat {
        Heat {
            value: Axis {
                title: "Tightness".into(),
                unit: String::new(),
                quantity: super::super::Quantity::Plain { decimals: 2 },
            },
            rows_title: "Group".into(),
            columns_title: "Year".into(),
            columns: values.iter().map(f64::to_string).collect(),
            rows: vec![HeatRow { name: "all".into(), values: values.iter().copied().map(Some).collect() }],
            middle,
        }
    }

    #[test]
    fn a_greater_value_is_never_in_a_lower_class_and_classes_stay_in_their_borders() {
        for middle in [None, Some(1.0), Some(0.2)] {
            let values: Vec<f64> = (0..40).map(|i| f64::from(i) * 0.05).collect();
            let heat = heat(&values, middle);
            let classes = heat.classes();
            for value in &values {
                let class = classes.of(*value);
                assert!(
                    classes.borders.values[class] <= *value + 1e-9 && *value <= classes.borders.values[class + 1] + 1e-9,
                    "{value} in {class}"
                );
            }
            assert!(classes.count() >= 2 && classes.count() <= 10);
        }
    }

    #[test]
    fn tints_change_colour_at_the_middle_and_deepen_away_from_it() {
        let classes = heat(&[0.4, 1.0, 1.6], Some(1.0)).classes();
        let looks: Vec<String> = (0..classes.count()).map(|class| classes.look(class)).collect();
        let half = looks.len() / 2;
        assert!(
            looks[..half].iter().all(|look| look.contains("ch-l")) && looks[half..].iter().all(|look| look.contains("ch-h")),
            "{looks:?}"
        );
        let strength = |look: &String| look.chars().last().unwrap();
        assert!(
            strength(&looks[0]) > strength(&looks[half - 1]) && strength(&looks[half]) < strength(&looks[looks.len() - 1]),
            "{looks:?}"
        );
        let even: Vec<String> = {
            let c = heat(&[0.0, 10.0], None).classes();
            (0..c.count()).map(|i| c.look(i)).collect()
        };
        assert!(even.windows(2).all(|pair| strength(&pair[0]) < strength(&pair[1])), "{even:?}");
    }
}
