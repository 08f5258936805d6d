//! Writes a gallery of every chart in both languages as HTML, to look at:
//! `charts PATH [light|dark [page|export [WIDTHS,… [NAME]]]]`.
use std::fmt::Write;
use waymark_shared::chart::*;

#[path = "../src/chart/samples.rs"]
mod samples;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let path = arguments.get(1).expect("a path for the gallery");
    let theme = arguments.get(2).map_or("light", String::as_str);
    let form = if arguments.get(3).is_some_and(|form| form == "export") { Form::Export } else { Form::Page };
    let widths: Vec<f64> = arguments
        .get(4)
        .map_or(vec![328.0, 560.0, 960.0], |widths| widths.split(',').filter_map(|width| width.parse().ok()).collect());
    let mut html = format!(
        "<!doctype html><html data-theme=\"{theme}\"><meta charset=\"utf-8\"><style>{}</style><body>",
        include_str!("../../app/styles.css")
    );
    for locale in [Locale::En, Locale::Zh] {
        for (name, chart) in samples::all(locale) {
            if arguments.get(5).is_some_and(|only| only != name) {
                continue;
            }
            for width in &widths {
                let canvas = Canvas::new(*width, 14.0, form).expect("a width");
                write!(html, "<figure>{}</figure>", chart.draw(&canvas).svg).expect("a string");
            }
        }
    }
    std::fs::write(path, html).expect("the gallery is written");
}
