//! The sheet a chart is drawn on: SVG text, element by element. Knows no chart and no data; looks come by class (`chart.css`).
//!
//! The page form has no `style` attribute and no `<style>`: the page's policy forbids both. The exported form stands alone.
use super::label::{Area, Block, LINE, Weight};
use super::number::Locale;
use super::{CSS, Canvas, Form};
use std::fmt::Write;

/// Where words stand from their point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// To the right of it.
    Start,
    /// On both sides.
    Middle,
    /// To the left of it.
    End,
}

/// The light tokens of `design.md`, that an exported picture is fixed to.
const TOKENS: [(&str, &str); 8] = [
    ("--surface", "#fff"),
    ("--ink", "#14213d"),
    ("--muted", "#4a5568"),
    ("--line", "#c9ced6"),
    ("--edge", "#6b7686"),
    ("--accent", "#0b6e6e"),
    ("--knowledge-line", "#3f4fa3"),
    ("--caution", "#8a5a00"),
];

/// The style of an exported picture: the page's rules with their tokens filled in.
pub(super) fn export_style() -> String {
    let mut style = CSS.to_owned();
    for (token, value) in TOKENS {
        style = style.replace(&format!("var({token})"), value);
    }
    let latin = "system-ui,-apple-system,\"Segoe UI\"";
    let han = "\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans SC\",\"Noto Sans CJK SC\"";
    format!(".chart{{font-family:{latin},{han},sans-serif}}\n{style}")
}

/// Text for XML, in an attribute or between tags; what XML 1.0 cannot hold is left out.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

/// A pixel, to two digits; without a trailing `.0`.
pub(super) fn px(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// An SVG picture in the making. All lengths are CSS pixels; `y` runs down.
pub(super) struct Sheet {
    body: String,
    width: f64,
    /// The size of the words.
    pub em: f64,
    /// The first usable pixel of a row.
    pub left: f64,
    /// One past the last.
    pub right: f64,
    /// The first free row of pixels.
    pub y: f64,
    /// For a page or alone.
    pub form: Form,
    /// The language of the words.
    pub locale: Locale,
    open: Vec<&'static str>,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(canvas: &Canvas, locale: Locale) -> Sheet {
        let margin = if canvas.form() == Form::Export { 16.0 } else { 3.0 };
        let (width, em) = (canvas.width_px(), canvas.font_px());
        Sheet {
            body: String::new(),
            width,
            em,
            left: margin,
            right: width - margin,
            y: margin,
            form: canvas.form(),
            locale,
            open: Vec::new(),
        }
    }

    /// The height of a line of words.
    pub fn line_height(&self) -> f64 {
        LINE * self.em
    }

    /// Words in lines of at most a width.
    pub fn block(&self, words: &str, most_px: f64, weight: Weight) -> Block {
        Block::of(words, most_px, self.em, weight)
    }

    /// The width of words in one line.
    pub fn width_of(&self, words: &str) -> f64 {
        Weight::Plain.width(words, self.em)
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.body.push('<');
        self.body.push_str(name);
        for (key, value) in attributes {
            // Writing to a String never fails.
            let _ = write!(self.body, " {key}=\"{}\"", escape(value));
        }
        self.body.push_str(end);
    }

    /// Opens an element; [`Sheet::close`] ends it.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">");
        self.open.push(name);
    }

    /// Ends the element opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            let _ = write!(self.body, "</{name}>");
        }
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        self.tag(
            "line",
            &[("x1", &px(from.0)), ("y1", &px(from.1)), ("x2", &px(to.0)), ("y2", &px(to.1)), ("class", class)],
            "/>",
        );
    }

    /// A rectangle.
    pub fn area(&mut self, area: &Area, class: &str) {
        let attributes = [
            ("x", px(area.left)),
            ("y", px(area.top)),
            ("width", px(area.width().max(0.0))),
            ("height", px(area.height().max(0.0))),
        ];
        let mut attributes: Vec<(&str, &str)> = attributes.iter().map(|(key, value)| (*key, value.as_str())).collect();
        attributes.push(("class", class));
        self.tag("rect", &attributes, "/>");
    }

    /// A rectangle with round corners.
    pub fn card(&mut self, area: &Area, class: &str) {
        let size = [px(area.left), px(area.top), px(area.width()), px(area.height())];
        self.tag(
            "rect",
            &[("x", &size[0]), ("y", &size[1]), ("width", &size[2]), ("height", &size[3]), ("rx", "8"), ("class", class)],
            "/>",
        );
    }

    /// A path, by SVG's path commands.
    pub fn path(&mut self, commands: &str, class: &str) {
        self.tag("path", &[("d", commands), ("class", class)], "/>");
    }

    /// A path through points; a None breaks it.
    pub fn polyline(&mut self, points: &[Option<(f64, f64)>], class: &str) {
        let mut commands = String::new();
        let mut pen = false;
        for point in points {
            if let Some((x, y)) = point {
                let _ = write!(commands, "{}{} {}", if pen { 'L' } else { 'M' }, px(*x), px(*y));
            }
            pen = point.is_some();
        }
        if !commands.is_empty() {
            self.path(&commands, class);
        }
    }

    /// A closed shape through points.
    pub fn polygon(&mut self, points: &[(f64, f64)], class: &str) {
        let mut commands = String::new();
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = write!(commands, "{}{} {}", if i == 0 { 'M' } else { 'L' }, px(*x), px(*y));
        }
        self.path(&(commands + "Z"), class);
    }

    /// An arrow's head at a point, pointing along a direction (any length but 0).
    pub fn arrow_head(&mut self, at: (f64, f64), along: (f64, f64), size: f64, class: &str) {
        let length = along.0.hypot(along.1).max(1e-9);
        let (x, y) = (along.0 / length * size, along.1 / length * size);
        self.polygon(&[at, (at.0 - x - y * 0.5, at.1 - y + x * 0.5), (at.0 - x + y * 0.5, at.1 - y - x * 0.5)], class);
    }

    /// The mark of a series: another shape for each of six.
    pub fn mark(&mut self, at: (f64, f64), shape: usize, class: &str) {
        let (x, y) = at;
        let r = self.em * 0.28;
        match shape % 6 {
            0 => self.tag("circle", &[("cx", &px(x)), ("cy", &px(y)), ("r", &px(r)), ("class", class)], "/>"),
            1 => self.area(&Area { left: x - r, top: y - r, right: x + r, bottom: y + r }, class),
            2 => self.polygon(&[(x, y - r * 1.2), (x + r * 1.15, y + r * 0.9), (x - r * 1.15, y + r * 0.9)], class),
            3 => self.polygon(&[(x, y - r * 1.3), (x + r * 1.3, y), (x, y + r * 1.3), (x - r * 1.3, y)], class),
            4 => self.polygon(&[(x, y + r * 1.2), (x + r * 1.15, y - r * 0.9), (x - r * 1.15, y - r * 0.9)], class),
            _ => self.area(&Area { left: x - r * 1.3, top: y - r * 0.6, right: x + r * 1.3, bottom: y + r * 0.6 }, class),
        }
    }

    /// A cross: what should be here is missing.
    pub fn cross(&mut self, at: (f64, f64)) {
        let r = self.em * 0.25;
        self.line((at.0 - r, at.1 - r), (at.0 + r, at.1 + r), "ch-gap");
        self.line((at.0 - r, at.1 + r), (at.0 + r, at.1 - r), "ch-gap");
    }

    /// What the cross means, in the free rows; they are then taken.
    pub fn key_of_missing(&mut self, missing: &str) {
        let block = self.block(missing, self.right - self.left - self.em * 1.4, Weight::Plain);
        self.cross((self.left + self.em * 0.5, self.y + self.line_height() / 2.0));
        self.words_down(&block, (self.left + self.em * 1.4, self.y), Anchor::Start, "ch-axis");
        self.y += block.height;
    }

    /// One line of words, its middle at a height.
    pub fn words(&mut self, words: &str, at: (f64, f64), anchor: Anchor, class: &str) {
        let shown = escape(words);
        if shown.trim().is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.tag("text", &[("x", &px(at.0)), ("y", &px(at.1 + self.em * 0.35)), ("text-anchor", anchor), ("class", class)], ">");
        self.body.push_str(&shown);
        self.body.push_str("</text>");
    }

    /// Lines of words, from a height down.
    pub fn words_down(&mut self, block: &Block, at: (f64, f64), anchor: Anchor, class: &str) {
        for (i, line) in block.lines.iter().enumerate() {
            self.words(line, (at.0, at.1 + (i as f64 + 0.5) * self.line_height()), anchor, class);
        }
    }

    /// Words across the sheet where the free rows begin; the rows are then taken.
    pub fn row_of_words(&mut self, words: &str, weight: Weight, class: &str) {
        let block = self.block(words, self.right - self.left, weight);
        self.words_down(&block, (self.left, self.y), Anchor::Start, class);
        self.y += block.height;
    }

    /// Opens what can be read by pointer or keyboard, where the form is a page's: what is drawn until [`Sheet::close`] and
    /// has the class `ch-cue` shows while it is read. True where it was opened.
    pub fn open_reading(&mut self, number: usize, label: &str, hit: &Area) -> bool {
        if self.form == Form::Export {
            return false;
        }
        self.open("g", &[("class", "ch-reading"), ("data-reading", &number.to_string()), ("tabindex", "-1")]);
        self.tag("title", &[], ">");
        self.body.push_str(&escape(label));
        self.body.push_str("</title>");
        self.area(hit, "ch-hit");
        true
    }

    /// The picture: its text and its height. `linked` where there are links in it: an image may hold none.
    pub fn finish(mut self, summary: &str, title: &str, linked: bool) -> (String, f64) {
        while !self.open.is_empty() {
            self.close();
        }
        let height = (self.y + self.left.min(16.0)).ceil();
        let (width, tall) = (px(self.width), px(height));
        let mut head = Sheet { body: String::new(), open: Vec::new(), ..self };
        let (view, em) = (format!("0 0 {width} {tall}"), px(head.em));
        let mut attributes =
            vec![("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", view.as_str()), ("width", &width), ("height", &tall)];
        attributes.extend([("class", "chart"), ("xml:lang", head.locale.tag()), ("font-size", &em)]);
        attributes.extend([("role", if linked { "group" } else { "img" }), ("aria-label", summary)]);
        if head.form == Form::Page && !linked {
            attributes.push(("tabindex", "0"));
        }
        head.tag("svg", &attributes, ">");
        if head.form == Form::Export {
            head.body.push_str("<title>");
            head.body.push_str(&escape(title));
            head.body.push_str("</title><style>");
            head.body.push_str(&escape(&export_style()));
            head.body.push_str("</style>");
            head.area(&Area { left: 0.0, top: 0.0, right: head.width, bottom: height }, "ch-ground");
        }
        (head.body + &self.body + "</svg>", height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_of_the_rules_has_a_fixed_value() {
        let style = export_style();
        assert!(!style.contains("var("), "{style}");
        assert!(style.contains("#0b6e6e"));
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_left_out() {
        assert_eq!(escape("a<b & \"c\">\u{1}\n"), "a&lt;b &amp; &quot;c&quot;&gt; ");
        assert_eq!([px(1.0), px(-0.001), px(12.3456)], ["1", "0", "12.35"]);
    }
}
