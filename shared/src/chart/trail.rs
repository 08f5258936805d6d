//! Points in order through a plane, as the Beveridge curve's unemployment and vacancies: a line with arrows that can be shown
//! up to a step. Not a cloud of points.
use super::label::{Area, Places};
use super::plane::{Axes, checked, draw_inner_label};
use super::scale::enclosing;
use super::series::extent;
use super::svg::Sheet;
use super::{Axis, Cell, ChartError, Draw, Frame, SERIES_MAX, Table, counted};

/// One point of a trail.
#[derive(Clone, Debug, PartialEq)]
pub struct TrailPoint {
    /// Along, in the axis's data unit.
    pub x: f64,
    /// Up, in the axis's data unit.
    pub y: f64,
    /// When: `2031`, 第3年.
    pub name: String,
    /// True where the name stands in the picture.
    pub named: bool,
}

/// A named trail.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// Written at its last point where there are several trails.
    pub name: String,
    /// In order.
    pub points: Vec<TrailPoint>,
}

/// Trails through a plane; the axes span all points, shown or not, so that they stand still while the trail grows.
#[derive(Clone, Debug, PartialEq)]
pub struct Trails {
    /// Along.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// What a trail and what a point stands for, in the table: `Scenario`, `Year`.
    pub names: [String; 2],
    /// At most [`SERIES_MAX`].
    pub trails: Vec<Trail>,
    /// How many points of each are shown; None is all. At least one is.
    pub shown: Option<usize>,
}

impl Trails {
    fn shown<'a>(&self, trail: &'a Trail) -> &'a [TrailPoint] {
        &trail.points[..self.shown.unwrap_or(usize::MAX).clamp(1, trail.points.len().max(1)).min(trail.points.len())]
    }

    fn all(&self) -> impl Iterator<Item = &TrailPoint> {
        self.trails.iter().flat_map(|trail| &trail.points)
    }
}

impl Draw for Trails {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.trails.len(), SERIES_MAX, "trails")?;
        for trail in &self.trails {
            counted(trail.points.len(), 10_000, &trail.name)?;
            for point in &trail.points {
                for (axis, value) in [(&self.x, point.x), (&self.y, point.y)] {
                    checked(value, || format!("{} {}, {}", trail.name, point.name, axis.title))?;
                }
            }
        }
        Ok(())
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        let ((left, right), (low, high)) = (extent(self.all().map(|point| point.x)), extent(self.all().map(|point| point.y)));
        let x_ticks = enclosing(left, right, 5);
        let ends = (x_ticks.values.first().copied().unwrap_or(left), x_ticks.values.last().copied().unwrap_or(right));
        let axes = Axes { x: &self.x, y: &self.y, x_range: ends, x_ticks, y_ticks: enclosing(low, high, 5) };
        let width = sheet.right - sheet.left;
        let plane = axes.draw(sheet, sheet.left, sheet.right, sheet.em, (width * 0.7).clamp(sheet.em * 16.0, sheet.em * 28.0));
        let mut places = Places { within: plane.area, taken: Vec::new(), crowd: Vec::new() };
        let size = sheet.em * 0.75;
        for (number, trail) in self.trails.iter().enumerate() {
            let look = format!("ch-s{number}");
            let points: Vec<(f64, f64)> = self.shown(trail).iter().map(|point| plane.at(point.x, point.y)).collect();
            sheet.polyline(&points.iter().copied().map(Some).collect::<Vec<_>>(), &format!("ch-line {look}"));
            // An arrow each five sizes of words along the way, in the middle of a step.
            let mut gone = sheet.em * 2.5;
            for pair in points.windows(2) {
                let (from, to) = (pair[0], pair[1]);
                places.crowd_line(from, to);
                gone += (to.0 - from.0).hypot(to.1 - from.1);
                if gone >= sheet.em * 5.0 {
                    gone = 0.0;
                    let along = (to.0 - from.0, to.1 - from.1);
                    let length = along.0.hypot(along.1).max(1e-9);
                    let tip = ((from.0 + to.0 + along.0 / length * size) / 2.0, (from.1 + to.1 + along.1 / length * size) / 2.0);
                    sheet.arrow_head(tip, along, size, &format!("ch-mark {look}"));
                    places.mark(tip, sheet.em * 0.3);
                }
            }
            for (_, at) in points.iter().enumerate().filter(|(i, _)| trail.points[*i].named || i + 1 == points.len()) {
                sheet.mark(*at, number, &format!("ch-mark {look}"));
                places.mark(*at, sheet.em * 0.4);
            }
        }
        let several = self.trails.len() > 1;
        for (number, trail) in self.trails.iter().enumerate() {
            let points = self.shown(trail);
            for (i, point) in points.iter().enumerate() {
                let last = i + 1 == points.len();
                let at = plane.at(point.x, point.y);
                let words = if last && several { format!("{} {}", trail.name, point.name) } else { point.name.clone() };
                if point.named || last {
                    draw_inner_label(sheet, &mut places, &words, at, &format!("ch-label ch-halo ch-t-s{number}"));
                }
            }
        }
        let readings = self.readings(frame);
        for (i, (number, point)) in self
            .trails
            .iter()
            .enumerate()
            .flat_map(|(n, trail)| self.shown(trail).iter().map(move |point| (n, point)))
            .enumerate()
        {
            let (x, y) = plane.at(point.x, point.y);
            let r = sheet.em * 0.8;
            if sheet.open_reading(i, &readings[i], &Area { left: x - r, top: y - r, right: x + r, bottom: y + r }) {
                sheet.mark((x, y), number, "ch-cue ch-dot");
                sheet.close();
            }
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let locale = frame.locale;
        let reading = |trail: &Trail, point: &TrailPoint| {
            let facts = [(&self.x, point.x), (&self.y, point.y)]
                .map(|(axis, value)| locale.named(&axis.title, &axis.written(value, locale)));
            let name = if self.trails.len() > 1 {
                format!("{}{}{}", trail.name, locale.pick(", ", "，"), point.name)
            } else {
                point.name.clone()
            };
            locale.named(&name, &locale.listed(&facts))
        };
        self.trails.iter().flat_map(|trail| self.shown(trail).iter().map(move |point| reading(trail, point))).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let [trail, point] = self.names.clone();
        let header = vec![trail, point, self.x.column(frame.locale), self.y.column(frame.locale)];
        let row = |trail: &Trail, point: &TrailPoint| {
            vec![
                Cell::Words(trail.name.clone()),
                Cell::Words(point.name.clone()),
                self.x.cell(point.x, frame),
                self.y.cell(point.y, frame),
            ]
        };
        Table {
            header,
            rows: self.trails.iter().flat_map(|trail| trail.points.iter().map(move |point| row(trail, point))).collect(),
        }
    }
}
