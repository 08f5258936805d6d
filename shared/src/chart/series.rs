//! A named series of points with gaps, as lines and fans draw it. Not a chart by itself.
use super::label::{Area, Places};
use super::plane::{EndLabel, Plane, checked, draw_inner_label};
use super::svg::{Anchor, Sheet};
use super::{Axis, Cell, ChartError, Frame, counted};

/// What a series stands for; it decides its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A scenario, a group: a colour, dash and mark each, in order.
    Own,
    /// What happens without a change: grey.
    Baseline,
    /// An official projection or record: ink, dashed, with its name.
    Official,
}

/// A named series.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Written at its line.
    pub name: String,
    /// What it stands for.
    pub role: Role,
    /// (Place along the axis, value); ascending along the axis; None is a value that should be there and is missing.
    pub points: Vec<(f64, Option<f64>)>,
}

impl Series {
    /// # Errors
    /// An empty series, a number that cannot be drawn, points out of order.
    pub(super) fn check(&self) -> Result<(), ChartError> {
        counted(self.points.len(), 10_000, &self.name)?;
        let mut before = f64::NEG_INFINITY;
        for (x, value) in &self.points {
            checked(*x, || format!("{}, along the axis", self.name))?;
            if *x <= before {
                return Err(ChartError::NotAscending { place: self.name.clone(), value: *x });
            }
            before = *x;
            if let Some(value) = value {
                checked(*value, || format!("{} at {x}", self.name))?;
            }
        }
        Ok(())
    }

    /// The point at a place along the axis: None where the series has none, Some(None) where its value is missing.
    pub(super) fn at(&self, x: f64) -> Option<Option<f64>> {
        self.points.iter().find(|(place, _)| *place == x).map(|(_, value)| *value)
    }

    /// The last point with a value.
    fn last(&self) -> Option<(f64, f64)> {
        self.points.iter().rev().find_map(|(x, value)| value.map(|value| (*x, value)))
    }

    /// The values that are there.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.points.iter().filter_map(|(_, value)| *value)
    }

    /// What a reading says of this series at a place; None where it has no point there.
    pub(super) fn fact(&self, x: f64, y: &Axis, frame: &Frame) -> Option<String> {
        let value = self.at(x)?;
        let words = value.map_or_else(|| frame.missing.clone(), |value| y.written(value, frame.locale));
        Some(frame.locale.named(&self.name, &words))
    }

    /// The cell of the table at a place.
    pub(super) fn cell(&self, x: f64, y: &Axis, frame: &Frame) -> Cell {
        match self.at(x) {
            None => Cell::Empty,
            Some(None) => Cell::Missing(frame.missing.clone()),
            Some(Some(value)) => y.cell(value, frame),
        }
    }
}

impl Axis {
    /// A value as a cell.
    pub(super) fn cell(&self, value: f64, frame: &Frame) -> Cell {
        Cell::Number { shown: super::number::write(value, self.quantity, frame.locale), raw: value }
    }
}

/// All places along the axis at which any of the series has a point, ascending.
pub(super) fn places<'a>(series: impl IntoIterator<Item = &'a Series>) -> Vec<f64> {
    let mut all: Vec<f64> = series.into_iter().flat_map(|series| series.points.iter().map(|(x, _)| *x)).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// The least and the greatest of some numbers; 0 and 1 where there are none.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

/// The class that gives a series its looks, and the number of its mark. `first` own looks are taken already.
pub(super) fn looks(series: &[Series], first: usize) -> Vec<(String, usize)> {
    let mut next = first;
    let mut look = |role: Role| match role {
        Role::Own => {
            next += 1;
            (format!("ch-s{}", (next - 1) % 6), next - 1)
        }
        Role::Baseline => ("ch-baseline".to_owned(), 5),
        Role::Official => ("ch-official".to_owned(), 3),
    };
    series.iter().map(|series| look(series.role)).collect()
}

/// The class of the words for what bears a class: `ch-t-s0` for `ch-s0`.
pub(super) fn words_look(look: &str) -> String {
    format!("ch-t-{}", look.trim_start_matches("ch-"))
}

/// True for a place at the right border: within a fiftieth of the range.
fn reaches(x: f64, x_range: (f64, f64)) -> bool {
    x >= x_range.1 - (x_range.1 - x_range.0) * 0.02
}

/// The words at the right border for the series that reach it.
pub(super) fn end_labels(
    sheet: &Sheet,
    series: &[Series],
    looks: &[(String, usize)],
    x_range: (f64, f64),
    most_px: f64,
) -> Vec<EndLabel> {
    let label = |series: &Series, look: &str| {
        let (_, value) = series.last().filter(|(x, _)| reaches(*x, x_range))?;
        let block = sheet.block(&series.name, most_px, super::label::Weight::Plain);
        Some(EndLabel { block, value, class: format!("ch-label {}", words_look(look)) })
    };
    series.iter().zip(looks).filter_map(|(series, (look, _))| label(series, look)).collect()
}

/// Draws the lines, their marks, what is missing, and inside the plane the names of the series that do not reach its border.
pub(super) fn draw(
    sheet: &mut Sheet,
    plane: &Plane,
    series: &[Series],
    looks: &[(String, usize)],
    places: &mut Places,
    frame: &Frame,
) {
    let x_range = (plane.x.from, plane.x.to);
    let mut gap: Option<(f64, f64)> = None;
    for (series, (look, shape)) in series.iter().zip(looks) {
        let points: Vec<Option<(f64, f64)>> =
            series.points.iter().map(|(x, value)| value.map(|value| plane.at(*x, value))).collect();
        sheet.polyline(&points, &format!("ch-line {look}"));
        for (i, point) in points.iter().enumerate() {
            let Some(at) = point else {
                let at = (plane.x.px(series.points[i].0), plane.area.bottom - sheet.em * 0.5);
                sheet.cross(at);
                gap = Some(at);
                continue;
            };
            let next = points.get(i + 1).copied().flatten();
            let alone = next.is_none() && (i == 0 || points[i - 1].is_none());
            if let Some(next) = next {
                places.crowd_line(*at, next);
            }
            let last = series.last().is_some_and(|(x, _)| x == series.points[i].0);
            if alone || last || points.len() <= 12 {
                places.mark(*at, sheet.em * 0.4);
                sheet.mark(*at, *shape, &format!("ch-mark {look}"));
            }
        }
    }
    if let Some(at) = gap {
        draw_inner_label(sheet, places, &frame.missing, at, "ch-axis ch-halo");
    }
    for (series, (look, _)) in series.iter().zip(looks) {
        let class = format!("ch-label ch-halo {}", words_look(look));
        match series.last() {
            _ if series.name.is_empty() => {}
            Some((x, _)) if reaches(x, x_range) => {}
            Some((x, value)) => draw_inner_label(sheet, places, &series.name, plane.at(x, value), &class),
            None => {
                let words = frame.locale.named(&series.name, &frame.missing);
                draw_inner_label(sheet, places, &words, (plane.area.left, plane.area.bottom - sheet.line_height()), &class);
            }
        }
    }
}

/// The readings of a plane, a stripe each around its place along the axis, numbered from `first`: a rule and a dot at each
/// value show while it is read.
pub(super) fn draw_stripes(
    sheet: &mut Sheet,
    plane: &Plane,
    xs: &[f64],
    first: usize,
    labels: &[String],
    values: impl Fn(f64) -> Vec<f64>,
) {
    for (i, (x, label)) in xs.iter().zip(labels).enumerate() {
        let middle = plane.x.px(*x);
        let left = if i == 0 { plane.area.left } else { (plane.x.px(xs[i - 1]) + middle) / 2.0 };
        let right = xs.get(i + 1).map_or(plane.area.right, |next| (plane.x.px(*next) + middle) / 2.0);
        let hit = Area { left, right, ..plane.area };
        if sheet.open_reading(first + i, label, &hit) {
            sheet.line((middle, plane.area.top), (middle, plane.area.bottom), "ch-cue ch-rule");
            for value in values(*x) {
                sheet.mark((middle, plane.y.px(value)), 0, "ch-cue ch-dot");
            }
            sheet.close();
        }
    }
}

/// The words of a key: a swatch and a name each, in rows across the sheet.
pub(super) fn draw_key(sheet: &mut Sheet, items: &[(String, String)]) {
    let (em, line) = (sheet.em, sheet.line_height());
    let mut x = sheet.left;
    for (look, words) in items {
        let block = sheet.block(words, sheet.right - sheet.left - em * 2.6, super::label::Weight::Plain);
        let width = em * 2.0 + block.width;
        if x > sheet.left && x + width > sheet.right {
            x = sheet.left;
            sheet.y += line;
        }
        let y = sheet.y + line / 2.0;
        let swatch = Area { left: x, top: y - em * 0.4, right: x + em * 1.6, bottom: y + em * 0.4 };
        if look.contains("ch-band") {
            sheet.area(&swatch, look);
        } else {
            sheet.line((swatch.left, y), (swatch.right, y), look);
        }
        for (i, words) in block.lines.iter().enumerate() {
            sheet.words(words, (x + em * 2.0, y + i as f64 * line), Anchor::Start, "ch-label");
        }
        sheet.y += (block.lines.len().max(1) - 1) as f64 * line;
        x += width + em * 1.2;
    }
    sheet.y += line + em * 0.4;
}
