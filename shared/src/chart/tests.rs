//! What holds for every chart: well-formed, nothing outside, no words over words, table and readings from the same numbers.
use super::label::{Area, ems};
use super::random::Dice;
use super::samples::{self, frame};
use super::*;
use quick_xml::events::Event;

/// An element: its name, attributes, words.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    words: String,
}

impl Element {
    fn get(&self, key: &str) -> &str {
        self.attributes.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    fn number(&self, key: &str) -> f64 {
        self.get(key).parse().unwrap_or_else(|_| panic!("{} {key}={:?}", self.name, self.get(key)))
    }

    fn is(&self, class: &str) -> bool {
        self.get("class").split(' ').any(|one| one == class)
    }

    /// The room of a text.
    fn room(&self, em: f64) -> Area {
        let bold = self.is("ch-strong") || self.is("ch-title");
        let width = ems(&self.words) * em * if bold { 1.2 } else { 1.0 };
        let (x, y) = (self.number("x"), self.number("y") - em * 0.35);
        let left = x - width
            * match self.get("text-anchor") {
                "middle" => 0.5,
                "end" => 1.0,
                _ => 0.0,
            };
        Area { left, right: left + width, top: y - em * 0.5, bottom: y + em * 0.5 }
    }

    /// The points of a path of `M` and `L`.
    fn points(&self) -> Vec<(f64, f64)> {
        let number = |text: &str| text.parse::<f64>().unwrap();
        self.get("d")
            .trim_end_matches('Z')
            .split(['M', 'L'])
            .filter(|point| !point.is_empty())
            .map(|point| point.split_once(' ').map(|(x, y)| (number(x), number(y))).unwrap())
            .collect()
    }
}

/// Reads a picture; panics where it is not well-formed. Elements in order, each with the words right in it.
fn read(svg: &str) -> Vec<Element> {
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {svg}")) {
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let (tag, empty) = match &event {
                    Event::Start(tag) => (tag, false),
                    Event::Empty(tag) => (tag, true),
                    _ => continue,
                };
                let attributes: Vec<(String, String)> = tag
                    .attributes()
                    .map(|attribute| {
                        let attribute = attribute.unwrap();
                        (attribute.key.as_ref().to_owned(), quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
                    })
                    .collect();
                elements.push(Element { name: tag.name().as_ref().to_owned(), attributes, words: String::new() });
                if !empty {
                    open.push(elements.len() - 1);
                }
            }
            Event::Text(words) => elements[*open.last().unwrap()].words.push_str(&words),
            Event::GeneralRef(name) => {
                let character = match &*name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    other => panic!("{other:?}"),
                };
                elements[*open.last().unwrap()].words.push(character);
            }
            Event::End(_) => {
                open.pop().unwrap();
            }
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty());
    elements
}

/// What XML can hold of a text.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

const SIZES: [(f64, f64); 5] = [(328.0, 14.0), (360.0, 14.0), (560.0, 14.0), (960.0, 14.0), (620.0, 20.0)];

/// Draws at all sizes in both forms.
fn drawn(chart: &Chart) -> Vec<(Canvas, Picture, Vec<Element>)> {
    let canvases =
        SIZES.iter().flat_map(|(width, em)| [Form::Page, Form::Export].map(|form| Canvas::new(*width, *em, form).unwrap()));
    canvases
        .map(|canvas| {
            let picture = chart.draw(&canvas);
            let elements = read(&picture.svg);
            (canvas, picture, elements)
        })
        .collect()
}

/// Every kind in a language.
fn all(locale: Locale) -> Vec<(&'static str, Chart)> {
    samples::all(locale).unwrap()
}

fn samples() -> Vec<(&'static str, Chart)> {
    [Locale::En, Locale::Zh].into_iter().flat_map(all).collect()
}

/// What must hold for any picture of any chart.
fn check(name: &str, chart: &Chart) {
    let readings = chart.readings();
    for (canvas, picture, elements) in drawn(chart) {
        let at = format!("{name} at {} px, {:?}", canvas.width_px(), canvas.form());
        let svg = &elements[0];
        assert_eq!((svg.name.as_str(), svg.get("aria-label")), ("svg", printable(&chart.frame().summary).as_str()), "{at}");
        assert!(!picture.svg.contains("NaN") && !picture.svg.contains("inf "), "{at}");
        assert_eq!(picture.svg.contains("<style"), canvas.form() == Form::Export, "{at}");
        assert!(!picture.svg.contains("style=\""), "{at}");
        for text in elements.iter().filter(|element| element.name == "text") {
            let room = text.room(canvas.font_px());
            let within = Area { left: 0.0, top: 0.0, right: picture.width_px, bottom: picture.height_px };
            assert!(within.holds(&room), "{at}: {:?} at {room:?} outside {within:?}", text.words);
            assert!(!text.words.trim().is_empty(), "{at}: empty words");
        }
        // Every reading once, in order of its number, and none in a file.
        let mut numbers: Vec<usize> = elements
            .iter()
            .filter(|element| element.is("ch-reading"))
            .map(|element| element.get("data-reading").parse().unwrap())
            .collect();
        numbers.sort_unstable();
        let linked = matches!(chart.plot, Plot::Concept(_));
        let wanted = if canvas.form() == Form::Export || linked { 0 } else { readings.len() };
        assert_eq!(numbers, (0..wanted).collect::<Vec<_>>(), "{at}");
        for pair in elements.windows(2).filter(|pair| pair[0].is("ch-reading")) {
            let number: usize = pair[0].get("data-reading").parse().unwrap();
            assert_eq!((pair[1].name.as_str(), pair[1].words.as_str()), ("title", printable(&readings[number]).as_str()), "{at}");
        }
        for rect in elements.iter().filter(|element| element.name == "rect") {
            assert!(
                rect.number("x") >= -0.01 && rect.number("x") + rect.number("width") <= picture.width_px + 0.01,
                "{at}: {:?}",
                rect.attributes
            );
        }
    }
    let table = chart.table();
    assert!(table.rows.iter().all(|row| row.len() == table.header.len()), "{name}: {table:?}");
}

#[test]
fn every_kind_is_well_formed_and_inside_its_borders_at_every_width() {
    for (name, chart) in samples() {
        check(name, &chart);
    }
}

#[test]
fn no_words_stand_over_other_words() {
    let mut finds = Vec::new();
    for (name, chart) in samples() {
        for (canvas, _, elements) in drawn(&chart) {
            let texts: Vec<(&Element, Area)> = elements
                .iter()
                .filter(|element| element.name == "text")
                .map(|element| (element, element.room(canvas.font_px())))
                .collect();
            for (i, (a, room)) in texts.iter().enumerate() {
                for (b, other) in &texts[i + 1..] {
                    if room.meets(other) {
                        finds.push(format!("{name} {} px: {:?} over {:?}", canvas.width_px(), a.words, b.words));
                    }
                }
            }
        }
    }
    assert!(finds.is_empty(), "{}", finds.join("\n"));
}

#[test]
fn any_data_that_pass_the_check_give_a_picture_that_passes_ours() {
    let mut dice = Dice(7);
    let mut drawn = 0;
    for round in 0..200 {
        let locale = if round % 2 == 0 { Locale::En } else { Locale::Zh };
        let words = Frame {
            summary: dice.words(),
            source: dice.words(),
            missing: format!("未公布{}", dice.words()),
            ..frame(locale, &dice.words())
        };
        let plot = dice.plot();
        let shown: String = format!("{plot:?}").chars().take(700).collect();
        match Chart::new(words, plot) {
            Ok(chart) => {
                drawn += 1;
                check(&format!("round {round}: {shown}"), &chart)
            }
            Err(ChartError::NoNumber { .. }) => {}
            Err(error) => panic!("{error}: {shown}"),
        }
    }
    assert!(drawn > 180, "{drawn}");
}

#[test]
fn bands_lie_in_one_another_and_in_the_plane() {
    for (name, chart) in samples().into_iter().filter(|(name, _)| name.starts_with("fan")) {
        for (_, _, elements) in drawn(&chart) {
            let grid: Vec<f64> = elements
                .iter()
                .filter(|e| e.name == "line" && (e.is("ch-grid") || e.is("ch-zero")) && e.get("y1") == e.get("y2"))
                .map(|e| e.number("y1"))
                .collect();
            let (low, high) = series::extent(grid);
            let band = |class: &str| {
                elements.iter().filter(|e| e.name == "path" && e.is(class)).map(Element::points).collect::<Vec<_>>()
            };
            let (outer, middle, inner) = (band("ch-band-90"), band("ch-band-60"), band("ch-band-30"));
            assert!(!outer.is_empty() && outer.len() == middle.len() && outer.len() == inner.len(), "{name}");
            for ((outer, middle), inner) in outer.iter().zip(&middle).zip(&inner) {
                for i in 0..outer.len() {
                    // The first half runs along the upper ends, the second back along the lower ones; y runs down.
                    let upper = i < outer.len() / 2;
                    let [a, b, c] = [outer[i].1, middle[i].1, inner[i].1];
                    assert!(if upper { a <= b && b <= c } else { a >= b && b >= c }, "{name} {i}: {a} {b} {c}");
                    assert!(a >= low - 0.01 && a <= high + 0.01, "{name}: {a} outside {low} to {high}");
                }
            }
        }
    }
}

#[test]
fn every_bar_stands_on_zero() {
    for (name, chart) in samples().into_iter().filter(|(name, _)| *name == "growth" || *name == "tornado") {
        for (canvas, _, elements) in drawn(&chart) {
            let zeros: Vec<f64> =
                elements.iter().filter(|e| e.name == "line" && e.is("ch-zero")).map(|e| e.number("x1")).collect();
            let [zero] = zeros[..] else { panic!("{name}: {zeros:?}") };
            let bars: Vec<&Element> = elements.iter().filter(|e| e.name == "rect" && e.is("ch-bar")).collect();
            assert!(bars.len() >= 4);
            for bar in bars {
                let (left, right) = (bar.number("x"), bar.number("x") + bar.number("width"));
                assert!(
                    (left - zero).abs() < 0.02 || (right - zero).abs() < 0.02,
                    "{name} {}: {left} {right}, zero {zero}",
                    canvas.width_px()
                );
            }
        }
    }
}

#[test]
fn the_length_of_a_bar_is_its_value() {
    let (_, chart) = samples().into_iter().find(|(name, _)| *name == "growth").unwrap();
    let elements = read(&chart.draw(&Canvas::new(960.0, 14.0, Form::Page).unwrap()).svg);
    let widths: Vec<f64> = elements.iter().filter(|e| e.is("ch-bar")).map(|e| e.number("width")).collect();
    // −20.9, 16.2, 33.5 and 0.9 %.
    assert_eq!(widths.len(), 4);
    for (width, value) in widths.iter().zip([0.209, 0.162, 0.335, 0.009]) {
        assert!((width / widths[2] - value / 0.335).abs() < 1e-3, "{widths:?}");
    }
}

#[test]
fn a_missing_value_is_a_gap_with_its_words_and_never_zero() {
    let (_, chart) = samples().into_iter().find(|(name, _)| *name == "lines").unwrap();
    let elements = read(&chart.draw(&Canvas::new(960.0, 14.0, Form::Page).unwrap()).svg);
    let official: Vec<&Element> =
        elements.iter().filter(|e| e.name == "path" && e.is("ch-official") && e.is("ch-line")).collect();
    assert_eq!(official[0].get("d").matches('M').count(), 2, "one line, broken once");
    assert_eq!(elements.iter().filter(|e| e.is("ch-gap")).count(), 4, "two crosses of two strokes");
    assert!(elements.iter().any(|e| e.name == "text" && e.words == "not published"));
    let row = chart.table().rows[4].clone();
    assert_eq!(row.last(), Some(&Cell::Missing("not published".into())));
    assert!(chart.readings()[4].ends_with("official record (CPS): not published"), "{}", chart.readings()[4]);
    assert!(chart.csv().lines().nth(5).unwrap().ends_with(",not published"));
}

#[test]
fn the_table_holds_the_numbers_that_were_given() {
    for (name, chart) in all(Locale::En) {
        let mut raw: Vec<f64> = chart
            .table()
            .rows
            .iter()
            .flatten()
            .filter_map(|cell| if let Cell::Number { raw, .. } = cell { Some(*raw) } else { None })
            .collect();
        let mut given: Vec<f64> = match &chart.plot {
            Plot::Fan(fan) => fan
                .panels
                .iter()
                .flat_map(|panel| {
                    let mut x = series::places(&panel.lines);
                    x.extend(panel.x.iter().filter(|year| !series::places(&panel.lines).contains(year)));
                    let bands = panel.bands.iter().flat_map(|band| [band.low.clone(), band.high.clone()].concat());
                    x.into_iter()
                        .chain(panel.median.clone())
                        .chain(bands)
                        .chain(panel.lines.iter().flat_map(Series::values))
                        .collect::<Vec<_>>()
                })
                .collect(),
            Plot::Lines(lines) => {
                series::places(&lines.series).into_iter().chain(lines.series.iter().flat_map(Series::values)).collect()
            }
            Plot::Trails(trails) => {
                trails.trails.iter().flat_map(|trail| &trail.points).flat_map(|point| [point.x, point.y]).collect()
            }
            Plot::Heat(heat) => heat.rows.iter().flat_map(|row| row.values.iter().copied().flatten()).collect(),
            Plot::Bars(bars) => bars.rows.iter().flat_map(|row| &row.bars).filter_map(|bar| bar.value).collect(),
            Plot::Ranges(ranges) => {
                ranges.rows.iter().flat_map(|row| [row.range.low, row.range.middle, row.range.high]).flatten().collect()
            }
            Plot::Flows(flows) => flows.into.iter().chain(&flows.out).map(|flow| flow.count).collect(),
            Plot::Causal(causal) => {
                causal.nodes.iter().map(|node| node.value).chain(causal.arrows.iter().map(|arrow| arrow.gain)).collect()
            }
            Plot::Concept(_) => Vec::new(),
        };
        raw.sort_by(f64::total_cmp);
        given.sort_by(f64::total_cmp);
        assert_eq!(raw, given, "{name}");
    }
}

#[test]
fn csv_has_a_field_for_each_column_and_ends_with_the_source() {
    for (name, chart) in samples() {
        let csv = chart.csv();
        let last = csv.trim_end().rsplit("\r\n").next().unwrap();
        assert!(last.trim_end_matches(',').trim_matches('"') == chart.frame().source, "{name}: {last}");
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_by_name() {
    let chart = |value: f64| {
        let lines = Lines {
            x: Axis { title: "Year".into(), unit: String::new(), quantity: Quantity::Year },
            y: Axis { title: "Pay".into(), unit: String::new(), quantity: Quantity::Count },
            series: vec![Series {
                name: "pay".into(),
                role: Role::Own,
                points: vec![(2024.0, Some(1.0)), (2025.0, Some(value))],
            }],
            zero: false,
        };
        Chart::new(frame(Locale::En, "Pay"), Plot::Lines(lines))
    };
    for value in [f64::NAN, f64::INFINITY, -1e300] {
        assert!(matches!(chart(value), Err(ChartError::NoNumber { place, .. }) if place == "pay at 2025"), "{value}");
    }
    assert!(chart(2.0).is_ok());
    let (_, fan) = all(Locale::En).into_iter().next().unwrap();
    let Plot::Fan(mut crossed) = fan.plot else { panic!() };
    crossed.panels[0].bands[0].high[7] = crossed.panels[0].bands[1].high[7] + 1.0;
    assert!(matches!(Chart::new(fan.frame.clone(), Plot::Fan(crossed.clone())), Err(ChartError::BandsCross { x: 2032.0, .. })));
    crossed.panels[0].median.pop();
    assert!(matches!(Chart::new(fan.frame.clone(), Plot::Fan(crossed)), Err(ChartError::Uneven { found: 20, wanted: 21, .. })));
    let (_, causal) = all(Locale::En).into_iter().find(|(name, _)| *name == "causal").unwrap();
    let Plot::Causal(mut bare) = causal.plot else { panic!() };
    bare.arrows[2].unit = " ".into();
    assert_eq!(Chart::new(causal.frame, Plot::Causal(bare)), Err(ChartError::NoUnit { place: "γ".into() }));
    for (width, em) in [(100.0, 14.0), (f64::NAN, 14.0), (328.0, f64::INFINITY)] {
        assert!(matches!(Canvas::new(width, em, Form::Page), Err(ChartError::Canvas { .. })));
    }
}

#[test]
fn every_arrow_of_the_system_shows_its_gain_and_unit() {
    for locale in [Locale::En, Locale::Zh] {
        let (_, chart) = all(locale).into_iter().find(|(name, _)| *name == "causal").unwrap();
        let Plot::Causal(causal) = &chart.plot else { panic!() };
        for (canvas, _, elements) in drawn(&chart) {
            let said: String = elements.iter().filter(|e| e.name == "text").map(|e| e.words.replace(' ', "")).collect();
            for arrow in &causal.arrows {
                let words = format!("{}={}{}", arrow.symbol, number::signed(arrow.gain, 2), arrow.unit.replace(' ', ""));
                assert!(said.contains(&words), "{words} at {}", canvas.width_px());
            }
            let drawn = |class: &str| elements.iter().filter(|e| e.is("ch-arrow") && e.is(class)).count();
            assert_eq!([drawn("ch-plus"), drawn("ch-minus"), drawn("ch-none")], [4, 4, 1]);
        }
    }
}

#[test]
fn concepts_are_links_on_the_page_and_none_in_a_file() {
    let (_, chart) = all(Locale::Zh).into_iter().find(|(name, _)| *name == "concept").unwrap();
    for (canvas, _, elements) in drawn(&chart) {
        let links: Vec<&str> = elements.iter().filter(|e| e.name == "a").map(|e| e.get("data-go")).collect();
        let page = canvas.form() == Form::Page;
        assert_eq!(links, if page { vec!["trends", "market", "skills", "plan", "paths"] } else { vec![] });
        assert_eq!(elements[0].get("role"), if page { "group" } else { "img" });
    }
}

#[test]
fn a_trail_grows_on_axes_that_stand_still() {
    let (_, chart) = all(Locale::En).into_iter().find(|(name, _)| *name == "trails").unwrap();
    let Plot::Trails(trails) = chart.plot else { panic!() };
    let canvas = Canvas::new(560.0, 14.0, Form::Page).unwrap();
    let of = |shown: Option<usize>| Chart::new(chart.frame.clone(), Plot::Trails(Trails { shown, ..trails.clone() })).unwrap();
    let path = |shown: Option<usize>| {
        read(&of(shown).draw(&canvas).svg)
            .into_iter()
            .filter(|e| e.name == "path" && e.is("ch-line"))
            .map(|e| e.points())
            .next()
            .unwrap()
    };
    let whole = path(None);
    for shown in [0, 1, 5, 36, 99] {
        let part = path(Some(shown));
        assert_eq!(part.len(), shown.clamp(1, 36));
        assert_eq!(part[..], whole[..part.len()]);
        assert_eq!(of(Some(shown)).table(), of(None).table());
    }
}

#[test]
fn ribbons_are_as_wide_as_their_counts() {
    let (_, chart) = all(Locale::En).into_iter().find(|(name, _)| *name == "flows").unwrap();
    let Plot::Flows(flows) = &chart.plot else { panic!() };
    for (_, _, elements) in drawn(&chart) {
        let heights: Vec<f64> = elements.iter().filter(|e| e.is("ch-bar")).map(|e| e.number("height")).collect();
        let counts: Vec<f64> = flows.into.iter().chain(&flows.out).map(|flow| flow.count).collect();
        assert_eq!(heights.len(), counts.len());
        for (height, count) in heights.iter().zip(&counts) {
            let wanted = (count / counts[3] * heights[3]).max(1.0);
            assert!((height - wanted).abs() < 0.1, "{height} for {count}, wanted {wanted}");
        }
    }
}

#[test]
fn a_drawing_is_the_same_every_time() {
    let canvas = Canvas::new(720.0, 16.0, Form::Export).unwrap();
    let draw = || samples().iter().map(|(_, chart)| chart.draw(&canvas).svg + &chart.csv()).collect::<String>();
    assert_eq!(draw(), draw());
}

#[test]
fn the_page_has_the_same_rules_as_an_exported_picture() {
    let page = include_str!("../../../app/styles.css");
    assert!(page.contains(CSS), "app/styles.css must hold shared/src/chart/chart.css word for word");
    // Every class that is drawn stands in the page's rules, but for those whose look is the default.
    for (name, chart) in samples() {
        for (_, _, elements) in drawn(&chart) {
            for class in elements
                .iter()
                .flat_map(|e| e.get("class").split(' ').map(str::to_owned).collect::<Vec<_>>())
                .filter(|class| !class.is_empty())
            {
                let plain = ["ch-label", "ch-cell", "ch-place", "ch-reading", "ch-heat", "ch-t-s3", "ch-t-official", "ch-head"];
                assert!(page.contains(&format!(".{class}")) || plain.contains(&class.as_str()), "{name}: no rule for {class}");
            }
        }
    }
}
