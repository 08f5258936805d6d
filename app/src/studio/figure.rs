//! A chart in a page: picture, the value read, source line, table twin and files. Not what it shows: that is the chart's.
use waymark_shared::chart::{Canvas, Chart, Form, Locale, Table};

use super::html::{escaped, said, tag};
use super::words::words;
use crate::i18n::Lang;
use crate::worker::protocol::DrawnFile;

/// Width of pictures in files.
const FILE_WIDTH_PX: f64 = 900.0;
/// Words of pictures.
const FONT_PX: f64 = 14.0;
/// Narrower and wider pictures than these are drawn at the limit and scaled.
const WIDTHS_PX: [f64; 2] = [300.0, 960.0];

/// The chart's language.
pub fn locale(lang: Lang) -> Locale {
    match lang {
        Lang::En => Locale::En,
        Lang::Zh => Locale::Zh,
    }
}

/// What frame and scroll bar take of the page's width.
const AROUND_PX: f64 = 36.0;

/// The figure of a chart on a page `width_px` wide; `name` names its files.
pub fn figure(name: &str, chart: &Chart, width_px: f64, lang: Lang) -> String {
    let t = words(lang);
    let frame = chart.frame();
    let picture = match Canvas::new((width_px - AROUND_PX).clamp(WIDTHS_PX[0], WIDTHS_PX[1]), FONT_PX, Form::Page) {
        Ok(canvas) => chart.draw(&canvas).svg,
        Err(_) => String::new(),
    };
    let file = |kind: &str, words: &str| said(&format!("button type=\"button\" class=\"small\" data-save=\"{name}.{kind}\""), words);
    let files = [file("csv", t.save_csv), file("svg", t.save_svg), file("png", t.save_png)].concat();
    let twin = tag("details", &(said("summary", t.table_of) + &table(&chart.table())));
    let body = [
        said("figcaption", &frame.title),
        tag("div class=\"picture\"", &picture),
        tag("p class=\"readout\" data-readout aria-live=\"polite\"", ""),
        said("p class=\"source\"", &frame.source),
        tag("div class=\"row files\"", &(twin + &files)),
    ];
    tag(&format!("figure data-figure=\"{name}\""), &body.concat())
}

/// A table as HTML, its first column the heads of the rows.
pub fn table(table: &Table) -> String {
    let head: String = table.header.iter().map(|cell| said("th scope=\"col\"", cell)).collect();
    let row = |cells: &Vec<waymark_shared::chart::Cell>| {
        let cell = |(column, cell): (usize, &waymark_shared::chart::Cell)| said(if column == 0 { "th scope=\"row\"" } else { "td" }, cell.shown());
        tag("tr", &cells.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = table.rows.iter().map(row).collect();
    tag("div class=\"table\" tabindex=\"0\"", &tag("table", &(tag("thead", &tag("tr", &head)) + &tag("tbody", &rows))))
}

/// The file of a chart that a button named `NAME.KIND` asks for; the page makes a PNG of the SVG.
pub fn file(chart: &Chart, name: &str, kind: &str) -> Option<DrawnFile> {
    let text = match kind {
        "csv" => format!("\u{feff}{}", chart.csv()),
        "svg" | "png" => chart.draw(&Canvas::new(FILE_WIDTH_PX, FONT_PX, Form::Export).ok()?).svg,
        _ => return None,
    };
    Some(DrawnFile { name: format!("waymark-{name}.{kind}"), text })
}

/// A text that stands where a figure cannot.
pub fn note(text: &str) -> String {
    tag("p class=\"note\"", &escaped(text))
}
