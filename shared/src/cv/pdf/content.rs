//! The interpreter of content streams: where each glyph stands. Not what it looks like, and no action is run.
use super::file::{File, Page};
use super::font::{Font, Shown};
use super::object::{Dict, Lexer, Obj, Stream};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep forms may nest.
const DEEPEST_FORM: usize = 12;
/// The most saved graphics states.
const MOST_STATES: usize = 256;
/// The most operands kept for an operator.
const MOST_OPERANDS: usize = 64;
/// The most operators over the whole file: 2 s of a slow machine.
const MOST_OPERATORS: usize = 4_000_000;
/// What drawing a form costs, in operators.
const FORM_COST: usize = 16;
/// Decoded forms kept, in bytes.
const MOST_KEPT: usize = 8 << 20;

/// A matrix `[a b c d e f]` of PDF.
#[derive(Clone, Copy, Debug)]
pub struct Matrix([f64; 6]);

impl Matrix {
    const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `other`.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, other.0);
        Self([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u])
    }

    fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn of(numbers: &[f64]) -> Option<Self> {
        Some(Self(numbers.get(..6)?.try_into().ok()?))
    }
}

/// A glyph on the page, in user space.
#[derive(Clone, Debug)]
pub struct Glyph {
    pub text: String,
    /// The start of its baseline.
    pub x: f64,
    pub y: f64,
    /// The end of its baseline.
    pub end_x: f64,
    pub end_y: f64,
    /// Height of the font's em.
    pub size: f64,
}

/// What a page shows.
#[derive(Default)]
pub struct Shows {
    pub glyphs: Vec<Glyph>,
    /// Pictures drawn.
    pub pictures: usize,
    /// Glyphs whose text the font does not tell.
    pub untold: usize,
    /// Anything painted.
    pub painted: bool,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// The interpreter; it lives as long as the file, so that fonts are read once and budgets span all pages.
pub struct Interpreter<'f, 'b> {
    file: &'f File<'b>,
    fonts: BTreeMap<u32, Rc<Font>>,
    forms: BTreeMap<u32, Rc<[u8]>>,
    kept_bytes: usize,
    /// Forms being drawn: none draws itself.
    drawing: Vec<u32>,
    operators: usize,
    glyphs_left: usize,
    /// A budget ended the reading of a page.
    pub cut: bool,
}

/// A marked stretch that says its text itself.
struct Marked {
    actual: Option<String>,
    first_glyph: usize,
}

impl<'f, 'b> Interpreter<'f, 'b> {
    /// `most_glyphs` bounds the glyphs of all pages.
    pub fn new(file: &'f File<'b>, most_glyphs: usize) -> Self {
        Self { file, fonts: BTreeMap::new(), forms: BTreeMap::new(), kept_bytes: 0, drawing: Vec::new(), operators: 0, glyphs_left: most_glyphs, cut: false }
    }

    /// Runs a page with its filled-in form fields.
    pub fn page(&mut self, page: &Page) -> Shows {
        let mut shows = Shows::default();
        let contents = self.file.of(&page.dict, "Contents");
        let parts = match &contents {
            Obj::Array(parts) => parts.to_vec(),
            other => vec![other.clone()],
        };
        let mut data = Vec::new();
        for part in parts.iter().take(4096) {
            if let Obj::Stream(stream) = self.file.get(part)
                && let Some(bytes) = self.file.data(&stream)
            {
                data.extend(bytes);
                data.push(b'\n');
            }
        }
        self.run(&data, &page.resources, Matrix::ONE, 0, &mut shows);
        let annotations = self.file.of(&page.dict, "Annots");
        for annotation in annotations.array().iter().take(4096) {
            self.annotation(&self.file.get(annotation), &page.resources, &mut shows);
        }
        shows
    }

    /// Draws the appearance of a form field or free text.
    fn annotation(&mut self, annotation: &Obj, resources: &Obj, shows: &mut Shows) {
        let Some(dict) = annotation.dict() else { return };
        if !matches!(self.file.of(dict, "Subtype").name(), Some("Widget" | "FreeText")) {
            return;
        }
        let appearance = self.file.of(dict, "AP");
        let normal = appearance.dict().map_or(Obj::Null, |d| self.file.of(d, "N"));
        let Obj::Stream(stream) = normal else { return };
        let numbers = |d: &Dict, key: &str| self.file.of(d, key).array().iter().filter_map(|o| self.file.get(o).number()).collect::<Vec<_>>();
        let (rect, inner) = (numbers(dict, "Rect"), numbers(&stream.dict, "BBox"));
        let (Some(x), Some(y)) = (rect.first(), rect.get(1)) else { return };
        let (inner_x, inner_y) = (inner.first().copied().unwrap_or(0.0), inner.get(1).copied().unwrap_or(0.0));
        self.form(&stream, resources, Matrix::moved(x - inner_x, y - inner_y), 1, shows);
    }

    fn form(&mut self, stream: &Rc<Stream>, outer: &Obj, matrix: Matrix, depth: usize, shows: &mut Shows) {
        let key = stream.id.0;
        if self.drawing.contains(&key) {
            return;
        }
        self.operators += FORM_COST;
        let data: Rc<[u8]> = match self.forms.get(&key) {
            Some(known) => known.clone(),
            None => {
                let Some(data) = self.file.data(stream) else { return };
                let data: Rc<[u8]> = data.into();
                if self.kept_bytes + data.len() < MOST_KEPT {
                    self.kept_bytes += data.len();
                    self.forms.insert(key, data.clone());
                }
                data
            }
        };
        let numbers: Vec<f64> = self.file.of(&stream.dict, "Matrix").array().iter().filter_map(|o| self.file.get(o).number()).collect();
        let own = Matrix::of(&numbers).unwrap_or(Matrix::ONE);
        let resources = self.file.of(&stream.dict, "Resources");
        let resources = if resources.dict().is_some() { resources } else { outer.clone() };
        self.drawing.push(key);
        self.run(&data, &resources, own.then(matrix), depth, shows);
        self.drawing.pop();
    }

    fn resource(&self, resources: &Obj, kind: &str, name: &Obj) -> Obj {
        let (Some(dict), Some(name)) = (resources.dict(), name.name()) else { return Obj::Null };
        self.file.of(dict, kind).dict().map_or(Obj::Null, |d| d.get(name).clone())
    }

    fn font(&mut self, reference: &Obj) -> Option<Rc<Font>> {
        if let Obj::Ref(number) = reference
            && let Some(known) = self.fonts.get(number)
        {
            return Some(known.clone());
        }
        let found = self.file.get(reference);
        let font = Rc::new(Font::read(self.file, found.dict()?));
        if let Obj::Ref(number) = reference {
            self.fonts.insert(*number, font.clone());
        }
        Some(font)
    }

    fn run(&mut self, data: &[u8], resources: &Obj, matrix: Matrix, depth: usize, shows: &mut Shows) {
        if depth > DEEPEST_FORM {
            return;
        }
        let mut lexer = Lexer::new(data, 0);
        let mut state = State { matrix, font: None, size: 1.0, char_space: 0.0, word_space: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0 };
        let mut saved: Vec<State> = Vec::new();
        let mut operands: Vec<Obj> = Vec::new();
        let mut marks: Vec<Marked> = Vec::new();
        let (mut line, mut text) = (Matrix::ONE, Matrix::ONE);
        while let Some(token) = lexer.operand() {
            let Obj::Word(word) = token else {
                if operands.len() < MOST_OPERANDS {
                    operands.push(token);
                }
                continue;
            };
            self.operators += 1;
            if self.operators > MOST_OPERATORS || self.glyphs_left == 0 {
                self.cut = true;
                return;
            }
            let number = |at: usize| operands.get(at).and_then(Obj::number).unwrap_or(0.0);
            let last = || operands.last().cloned().unwrap_or(Obj::Null);
            match &*word {
                "q" if saved.len() < MOST_STATES => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or(state),
                "cm" => {
                    let numbers: Vec<f64> = operands.iter().filter_map(Obj::number).collect();
                    if let Some(own) = Matrix::of(&numbers) {
                        state.matrix = own.then(state.matrix);
                    }
                }
                "BT" => (line, text) = (Matrix::ONE, Matrix::ONE),
                "Tf" => {
                    let reference = operands.first().map_or(Obj::Null, |name| self.resource(resources, "Font", name));
                    state.size = number(1);
                    state.font = self.font(&reference);
                }
                "gs" => {
                    let graphics = self.file.get(&self.resource(resources, "ExtGState", &last()));
                    let font = graphics.dict().map_or(Obj::Null, |d| self.file.of(d, "Font"));
                    if let [reference, size] = font.array() {
                        state.size = self.file.get(size).number().unwrap_or(1.0);
                        state.font = self.font(reference);
                    }
                }
                "Tc" => state.char_space = number(0),
                "Tw" => state.word_space = number(0),
                "Tz" => state.stretch = number(0) / 100.0,
                "TL" => state.leading = number(0),
                "Ts" => state.rise = number(0),
                "Td" | "TD" => {
                    if &*word == "TD" {
                        state.leading = -number(1);
                    }
                    line = Matrix::moved(number(0), number(1)).then(line);
                    text = line;
                }
                "Tm" => {
                    let numbers: Vec<f64> = operands.iter().filter_map(Obj::number).collect();
                    if let Some(own) = Matrix::of(&numbers) {
                        (line, text) = (own, own);
                    }
                }
                "T*" => {
                    line = Matrix::moved(0.0, -state.leading).then(line);
                    text = line;
                }
                "Tj" => self.show(&last(), &state, &mut text, shows),
                "'" | "\"" => {
                    if &*word == "\"" {
                        (state.word_space, state.char_space) = (number(0), number(1));
                    }
                    line = Matrix::moved(0.0, -state.leading).then(line);
                    text = line;
                    self.show(&last(), &state, &mut text, shows);
                }
                "TJ" => {
                    for item in last().array() {
                        match item.number() {
                            Some(back) => text = Matrix::moved(-back / 1000.0 * state.size * state.stretch, 0.0).then(text),
                            None => self.show(item, &state, &mut text, shows),
                        }
                    }
                }
                "Do" => {
                    let object = self.file.get(&self.resource(resources, "XObject", &last()));
                    if let Obj::Stream(stream) = object {
                        match self.file.of(&stream.dict, "Subtype").name() {
                            Some("Form") => self.form(&stream, resources, state.matrix, depth + 1, shows),
                            Some("Image") => shows.pictures += 1,
                            _ => {}
                        }
                    }
                }
                "ID" => {
                    shows.pictures += 1;
                    lexer.skip_inline_image();
                }
                "BMC" | "BDC" => {
                    let properties = match last() {
                        Obj::Name(name) if &*word == "BDC" => self.file.get(&self.resource(resources, "Properties", &Obj::Name(name))),
                        other => other,
                    };
                    let actual = properties.dict().map(|d| self.file.of(d, "ActualText")).and_then(|o| o.bytes().map(text_string));
                    if marks.len() < MOST_STATES {
                        marks.push(Marked { actual, first_glyph: shows.glyphs.len() });
                    }
                }
                "EMC" => {
                    if let Some(Marked { actual: Some(actual), first_glyph }) = marks.pop() {
                        replace(&mut shows.glyphs, first_glyph, actual);
                    }
                }
                "f" | "F" | "f*" | "B" | "B*" | "S" | "s" | "b" | "b*" | "sh" => shows.painted = true,
                _ => {}
            }
            operands.clear();
        }
    }

    fn show(&mut self, string: &Obj, state: &State, text: &mut Matrix, shows: &mut Shows) {
        let (Some(bytes), Some(font)) = (string.bytes(), &state.font) else { return };
        let State { size, stretch, .. } = *state;
        font.show(bytes, |Shown { text: own, width, blank }| {
            let place = Matrix::moved(0.0, state.rise).then(*text).then(state.matrix);
            let [a, b, c, d, x, y] = place.0;
            let advance = width * size * stretch;
            let spaced = advance + (state.char_space + if blank { state.word_space } else { 0.0 }) * stretch;
            *text = Matrix::moved(spaced, 0.0).then(*text);
            let height = c.hypot(d) * size.abs() * font.em;
            let sane = [x, y, advance, height].iter().all(|n| n.is_finite() && n.abs() < 1e7);
            match own {
                Some(own) if sane && self.glyphs_left > 0 => {
                    self.glyphs_left -= 1;
                    shows.glyphs.push(Glyph { text: own, x, y, end_x: x + a * advance, end_y: y + b * advance, size: height });
                }
                Some(_) => {}
                None => shows.untold += 1,
            }
        });
    }
}

/// Puts a marked stretch's own text in place of its glyphs, if they stand on one line.
fn replace(glyphs: &mut Vec<Glyph>, first: usize, actual: String) {
    let Some((lead, rest)) = glyphs.get(first..).and_then(<[Glyph]>::split_first) else { return };
    let on_line = rest.iter().all(|g| (g.y - lead.y).abs() < lead.size / 2.0 || (g.x - lead.x).abs() < lead.size / 2.0);
    if !on_line || actual.len() > 256 {
        return;
    }
    let end = rest.last().unwrap_or(lead);
    let one = Glyph { text: actual, end_x: end.end_x, end_y: end.end_y, ..lead.clone() };
    glyphs.truncate(first);
    glyphs.push(one);
}

/// A text string: UTF-16 with a byte order mark, UTF-8 with one, else Latin-1.
fn text_string(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or(&[])).0.into_owned(),
        None => super::object::latin1(bytes),
    }
}
