//! Writes a gallery of every chart in both languages as HTML, to look at:
//! `charts PATH [light|dark [page|export [WIDTHS,… [NAME]]]]`.
use std::error::Error;
use waymark_shared::chart::*;

#[path = "../src/chart/samples.rs"]
mod samples;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let argument = |number: usize, or: &'static str| arguments.get(number).map_or(or, String::as_str);
    let form = if argument(3, "page") == "export" { Form::Export } else { Form::Page };
    let style = include_str!("../../app/styles.css");
    let mut html =
        format!("<!doctype html><html data-theme=\"{}\"><meta charset=\"utf-8\"><style>{style}</style>", argument(2, "light"));
    for locale in [Locale::En, Locale::Zh] {
        for (_, chart) in samples::all(locale)?.into_iter().filter(|(name, _)| argument(5, *name) == *name) {
            for width in argument(4, "328,560,960").split(',') {
                let picture = chart.draw(&Canvas::new(width.parse()?, 14.0, form)?);
                html += &format!("<figure>{}</figure>", picture.svg);
            }
        }
    }
    std::fs::write(arguments.get(1).ok_or("a path for the gallery")?, html)?;
    Ok(())
}
