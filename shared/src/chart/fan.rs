//! A fan: the median of simulated runs over years inside bands of 30, 60 and 90 % of them, beside baseline and official
//! projection. Not a probability: a band is a share of runs, and says so in the caller's words.
use super::label::{Places, Weight};
use super::lines::{along, plane_height};
use super::plane::{Axes, EndLabel, Plane, checked, draw_end_labels, end_height, end_margin};
use super::scale::{Ticks, enclosing};
use super::series::{draw, draw_key, draw_stripes, end_labels, extent, looks};
use super::svg::{Anchor, Sheet};
use super::{Axis, Cell, ChartError, Draw, Frame, SERIES_MAX, Series, Table, counted};

/// Panels in one fan, at most.
const PANELS_MAX: usize = 12;

/// What the parts of a fan are called.
#[derive(Clone, Debug, PartialEq)]
pub struct FanWords {
    /// The median of the runs.
    pub median: String,
    /// The bands of 30, 60 and 90 %: `60% of runs`, 60%的模拟结果.
    pub bands: [String; 3],
    /// The lower and the upper end of a band, in the table: `from`, `to`.
    pub ends: [String; 2],
    /// What a panel stands for, in the table: `Occupation`.
    pub panel: String,
}

/// A range over years.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Lower ends, one for each year.
    pub low: Vec<f64>,
    /// Upper ends, one for each year.
    pub high: Vec<f64>,
}

/// One fan of several.
#[derive(Clone, Debug, PartialEq)]
pub struct FanPanel {
    /// Over it; may be empty where there is one panel.
    pub title: String,
    /// The years, or other places along the axis, ascending.
    pub x: Vec<f64>,
    /// The median, one value for each year.
    pub median: Vec<f64>,
    /// 30, 60 and 90 % of the runs; each encloses the one before.
    pub bands: [Band; 3],
    /// Baseline, official projection, records; at most five.
    pub lines: Vec<Series>,
}

/// Simulated ranges, in one panel or several small ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// Along.
    pub x: Axis,
    /// Up.
    pub y: Axis,
    /// The names of the parts.
    pub words: FanWords,
    /// At most 12.
    pub panels: Vec<FanPanel>,
    /// True where the axis must show zero.
    pub zero: bool,
    /// True where all panels share one axis up.
    pub one_scale: bool,
}

const BANDS: [&str; 3] = ["ch-band ch-band-30", "ch-band ch-band-60", "ch-band ch-band-90"];

impl FanPanel {
    fn check(&self) -> Result<(), ChartError> {
        let place = |part: &str| if self.title.is_empty() { part.to_owned() } else { format!("{}, {part}", self.title) };
        let median = Series {
            name: place("median"),
            role: super::Role::Own,
            points: self.x.iter().zip(&self.median).map(|(x, value)| (*x, Some(*value))).collect(),
        };
        let even = |found: usize, part: &str| {
            if found == self.x.len() {
                Ok(())
            } else {
                Err(ChartError::Uneven { place: place(part), found, wanted: self.x.len() })
            }
        };
        even(self.median.len(), "median")?;
        median.check()?;
        for (band, share) in self.bands.iter().zip([30, 60, 90]) {
            even(band.low.len(), &format!("low of {share} %"))?;
            even(band.high.len(), &format!("high of {share} %"))?;
            for (x, value) in self.x.iter().zip(&band.low).chain(self.x.iter().zip(&band.high)) {
                checked(*value, || place(&format!("{share} % at {x}")))?;
            }
        }
        for (i, x) in self.x.iter().enumerate() {
            let [inner, middle, outer] = &self.bands;
            let rising =
                [outer.low[i], middle.low[i], inner.low[i], self.median[i], inner.high[i], middle.high[i], outer.high[i]];
            if rising.windows(2).any(|pair| pair[0] > pair[1]) {
                return Err(ChartError::BandsCross { place: place("bands"), x: *x });
            }
        }
        if self.lines.len() >= SERIES_MAX {
            return Err(ChartError::TooMany { place: place("lines"), found: self.lines.len(), most: SERIES_MAX - 1 });
        }
        self.lines.iter().try_for_each(Series::check)
    }

    /// All places along the axis: of the runs and of the lines.
    fn places(&self) -> Vec<f64> {
        let mut all = super::series::places(&self.lines);
        all.extend(&self.x);
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    }

    fn x_range(&self) -> (f64, f64) {
        extent(self.places())
    }

    fn y_range(&self, zero: bool) -> (f64, f64) {
        let [_, _, outer] = &self.bands;
        extent(
            outer
                .low
                .iter()
                .chain(&outer.high)
                .copied()
                .chain(self.lines.iter().flat_map(Series::values))
                .chain(zero.then_some(0.0)),
        )
    }

    /// The year's number among the runs.
    fn run_at(&self, x: f64) -> Option<usize> {
        self.x.iter().position(|place| *place == x)
    }
}

impl Fan {
    fn reading(&self, panel: &FanPanel, x: f64, frame: &Frame) -> String {
        let locale = frame.locale;
        let mut facts = Vec::new();
        if let Some(i) = panel.run_at(x) {
            facts.push(locale.named(&self.words.median, &self.y.written(panel.median[i], locale)));
            for (band, words) in panel.bands.iter().zip(&self.words.bands) {
                facts.push(locale.named(words, &self.y.written_range(band.low[i], band.high[i], locale)));
            }
        }
        facts.extend(panel.lines.iter().filter_map(|line| line.fact(x, &self.y, frame)));
        let year = self.x.written(x, locale);
        let place = if panel.title.is_empty() { year } else { format!("{}{}{year}", panel.title, locale.pick(", ", "，")) };
        locale.named(&place, &locale.listed(&facts))
    }

    /// Bands, median and lines of a panel.
    fn draw_runs(&self, sheet: &mut Sheet, plane: &Plane, panel: &FanPanel, places: &mut Places, frame: &Frame) {
        for (band, class) in panel.bands.iter().zip(BANDS).rev() {
            let there = panel.x.iter().zip(&band.high);
            let back = panel.x.iter().zip(&band.low).rev();
            let outline: Vec<(f64, f64)> = there.chain(back).map(|(x, value)| plane.at(*x, *value)).collect();
            sheet.polygon(&outline, class);
            for pair in outline.windows(2) {
                places.crowd_line(pair[0], pair[1]);
            }
        }
        let median: Vec<Option<(f64, f64)>> =
            panel.x.iter().zip(&panel.median).map(|(x, value)| Some(plane.at(*x, *value))).collect();
        for pair in median.windows(2) {
            if let [Some(from), Some(to)] = pair {
                places.crowd_line(*from, *to);
            }
        }
        draw(sheet, plane, &panel.lines, &looks(&panel.lines, 1), places, frame);
        sheet.polyline(&median, "ch-line ch-median");
        if let [Some(only)] = median[..] {
            sheet.mark(only, 0, "ch-mark ch-s0");
        }
    }

    /// The words beside a single panel: median and bands, each in the middle of what it names.
    fn words_beside(&self, sheet: &Sheet, panel: &FanPanel, x_range: (f64, f64), most_px: f64) -> Vec<EndLabel> {
        let mut labels = end_labels(sheet, &panel.lines, &looks(&panel.lines, 1), x_range, most_px);
        let (Some(last), [inner, middle, outer]) = (panel.x.len().checked_sub(1), &panel.bands) else { return labels };
        let mut say = |words: &str, weight: Weight, value: f64, class: &str| {
            labels.push(EndLabel { block: sheet.block(words, most_px, weight), value, class: class.to_owned() });
        };
        say(&self.words.median, Weight::Bold, panel.median[last], "ch-label ch-strong ch-t-s0");
        say(&self.words.bands[0], Weight::Plain, (panel.median[last] + inner.high[last]) / 2.0, "ch-label");
        say(&self.words.bands[1], Weight::Plain, (inner.high[last] + middle.high[last]) / 2.0, "ch-label");
        say(&self.words.bands[2], Weight::Plain, (middle.high[last] + outer.high[last]) / 2.0, "ch-label");
        labels
    }

    fn axes(&self, panel: &FanPanel, shared: Option<&Ticks>) -> Axes<'_> {
        let (x_range, x_ticks) = along(&self.x, panel.x_range());
        let (low, high) = panel.y_range(self.zero);
        Axes { x: &self.x, y: &self.y, x_range, x_ticks, y_ticks: shared.cloned().unwrap_or_else(|| enclosing(low, high, 5)) }
    }

    /// What stands beside small panels would be said as often as there are panels: it is said once, over them.
    fn key(&self) -> Vec<(String, String)> {
        let mut items = vec![("ch-line ch-median".to_owned(), self.words.median.clone())];
        items.extend(BANDS.iter().zip(&self.words.bands).map(|(class, words)| ((*class).to_owned(), words.clone())));
        for panel in &self.panels {
            for (line, (look, _)) in panel.lines.iter().zip(looks(&panel.lines, 1)) {
                let item = (format!("ch-line {look}"), line.name.clone());
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        items
    }

    fn draw_single(&self, sheet: &mut Sheet, panel: &FanPanel, frame: &Frame) {
        if !panel.title.is_empty() {
            sheet.row_of_words(&panel.title, Weight::Bold, "ch-label ch-strong");
            sheet.y += sheet.em * 0.3;
        }
        let axes = self.axes(panel, None);
        let width = sheet.right - sheet.left;
        let labels = self.words_beside(sheet, panel, axes.x_range, width * 0.32);
        let height = plane_height(width, sheet.em).max(end_height(&labels));
        let plane = axes.draw(sheet, sheet.left, sheet.right, end_margin(&labels, sheet.em), height);
        let mut places = Places { within: plane.area, taken: Vec::new(), crowd: Vec::new() };
        self.draw_runs(sheet, &plane, panel, &mut places, frame);
        draw_end_labels(sheet, &plane, &labels);
        self.stripes(sheet, &plane, panel, 0, frame);
    }

    fn draw_small(&self, sheet: &mut Sheet, frame: &Frame) {
        draw_key(sheet, &self.key());
        let (width, gap) = (sheet.right - sheet.left, sheet.em * 1.5);
        let most = [3, 2, 1].into_iter().find(|n| (width - gap * (*n as f64 - 1.0)) / *n as f64 >= sheet.em * 17.0).unwrap_or(1);
        // As few rows as can be, and those as even as can be.
        let columns: usize = self.panels.len().div_ceil(self.panels.len().div_ceil(most));
        let across = (width - gap * (columns as f64 - 1.0)) / columns as f64;
        let (low, high) = extent(self.panels.iter().flat_map(|panel| <[f64; 2]>::from(panel.y_range(self.zero))));
        let shared = self.one_scale.then(|| enclosing(low, high, 5));
        let mut first = 0;
        for row in self.panels.chunks(columns) {
            let titles: Vec<_> = row.iter().map(|panel| sheet.block(&panel.title, across, Weight::Bold)).collect();
            let axes: Vec<Axes> = row.iter().map(|panel| self.axes(panel, shared.as_ref())).collect();
            // Planes side by side stand level, whatever words stand over them.
            let heads: Vec<f64> =
                titles.iter().zip(&axes).map(|(title, axes)| title.height + axes.title(sheet, across).height).collect();
            let tallest = heads.iter().copied().fold(0.0, f64::max);
            let (top, mut below) = (sheet.y, sheet.y);
            for (i, ((panel, title), axes)) in row.iter().zip(&titles).zip(axes).enumerate() {
                let left = sheet.left + i as f64 * (across + gap);
                sheet.y = top + tallest - heads[i];
                sheet.words_down(title, (left, sheet.y), Anchor::Start, "ch-label ch-strong");
                sheet.y += title.height;
                let plane = axes.draw(sheet, left, left + across, 0.0, plane_height(across, sheet.em).min(sheet.em * 12.0));
                below = below.max(sheet.y);
                // The key names the lines: inside the panels nothing is written but what is missing.
                let mut places = Places { within: plane.area, taken: Vec::new(), crowd: Vec::new() };
                let unnamed: Vec<Series> =
                    panel.lines.iter().map(|line| Series { name: String::new(), ..line.clone() }).collect();
                self.draw_runs(sheet, &plane, &FanPanel { lines: unnamed, ..panel.clone() }, &mut places, frame);
                self.stripes(sheet, &plane, panel, first, frame);
                first += panel.places().len();
            }
            sheet.y = below + gap;
        }
    }

    fn stripes(&self, sheet: &mut Sheet, plane: &Plane, panel: &FanPanel, first: usize, frame: &Frame) {
        let places = panel.places();
        let labels: Vec<String> = places.iter().map(|x| self.reading(panel, *x, frame)).collect();
        let values = |x: f64| {
            let run = panel.run_at(x).map(|i| panel.median[i]);
            run.into_iter().chain(panel.lines.iter().filter_map(|line| line.at(x).flatten())).collect()
        };
        draw_stripes(sheet, plane, &places, first, &labels, values);
    }
}

impl Draw for Fan {
    fn check(&self) -> Result<(), ChartError> {
        counted(self.panels.len(), PANELS_MAX, "panels")?;
        self.panels.iter().try_for_each(FanPanel::check)
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame) {
        match &self.panels[..] {
            [panel] => self.draw_single(sheet, panel, frame),
            _ => self.draw_small(sheet, frame),
        }
    }

    fn readings(&self, frame: &Frame) -> Vec<String> {
        let of = |panel: &FanPanel| panel.places().iter().map(|x| self.reading(panel, *x, frame)).collect::<Vec<_>>();
        self.panels.iter().flat_map(of).collect()
    }

    fn table(&self, frame: &Frame) -> Table {
        let locale = frame.locale;
        let unit = self.y.column(locale);
        let named = self.panels.iter().any(|panel| !panel.title.is_empty());
        // Lines of the same name share a column.
        let mut lines: Vec<&str> = Vec::new();
        for line in self.panels.iter().flat_map(|panel| &panel.lines) {
            if !lines.contains(&line.name.as_str()) {
                lines.push(&line.name);
            }
        }
        let mut header: Vec<String> = named.then(|| self.words.panel.clone()).into_iter().collect();
        header.push(self.x.column(locale));
        header.push(locale.bracketed(&self.words.median, &unit));
        for words in &self.words.bands {
            header.extend(self.words.ends.iter().map(|end| format!("{words}{}{end}", locale.pick(", ", "，"))));
        }
        header.extend(lines.iter().map(|name| (*name).to_owned()));
        let mut rows = Vec::new();
        for panel in &self.panels {
            for x in panel.places() {
                let mut row: Vec<Cell> = named.then(|| Cell::Words(panel.title.clone())).into_iter().collect();
                row.push(self.x.cell(x, frame));
                let run = panel.run_at(x);
                let cell = |values: &[f64]| run.map_or(Cell::Empty, |i| self.y.cell(values[i], frame));
                row.push(cell(&panel.median));
                for band in &panel.bands {
                    row.extend([cell(&band.low), cell(&band.high)]);
                }
                let line = |name: &&str| {
                    panel.lines.iter().find(|line| line.name == **name).map_or(Cell::Empty, |line| line.cell(x, &self.y, frame))
                };
                row.extend(lines.iter().map(line));
                rows.push(row);
            }
        }
        Table { header, rows }
    }
}
