//! Fonts of a PDF: from the bytes of a string to characters and advance widths. Not outlines.
use super::cmap::{CMap, Predefined};
use super::file::File;
use super::glyphs::{Base, encoded, named, standard_width};
use super::object::{Dict, Lexer, Obj};
use super::truetype;
use std::collections::BTreeMap;

/// A shown glyph: its text (`None` where the font does not tell), its width as a share of the size.
pub struct Shown {
    pub text: Option<String>,
    pub width: f64,
    /// The one-byte code 32, which word spacing widens.
    pub blank: bool,
}

/// A font as far as text goes.
pub struct Font {
    coding: Coding,
    to_unicode: Option<CMap>,
    /// Text-space height of a glyph of size 1.
    pub em: f64,
}

enum Coding {
    Simple { texts: Vec<Option<String>>, widths: Vec<f64> },
    Composite { codes: Codes, widths: BTreeMap<u32, f64>, default: f64, by_glyph: BTreeMap<u32, char> },
}

enum Codes {
    Predefined(Predefined),
    Embedded(Box<CMap>),
}

impl Font {
    /// Reads a font dictionary; a broken one still shows what Latin text it can.
    pub fn read(file: &File<'_>, dict: &Dict) -> Self {
        let subtype = file.of(dict, "Subtype");
        let to_unicode = match file.of(dict, "ToUnicode") {
            Obj::Stream(stream) => file.data(&stream).map(|data| CMap::parse(&data)),
            _ => None,
        };
        if subtype.name() == Some("Type0") {
            return Self { coding: composite(file, dict), to_unicode, em: 1.0 };
        }
        let (texts, mut widths) = simple(file, dict, subtype.name().unwrap_or(""));
        let mut em = 1.0;
        if subtype.name() == Some("Type3") {
            let numbers = |key: &str| file.of(dict, key).array().iter().filter_map(|o| file.get(o).number()).collect::<Vec<_>>();
            let matrix = numbers("FontMatrix");
            let (across, up) = (matrix.first().copied().unwrap_or(0.001).abs(), matrix.get(3).copied().unwrap_or(0.001).abs());
            widths.iter_mut().for_each(|w| *w *= across * 1000.0);
            // Bitmap fonts have matrices of their own; their box tells the height.
            let box_height = numbers("FontBBox").get(3).copied().unwrap_or(0.0) - numbers("FontBBox").get(1).copied().unwrap_or(0.0);
            if !(0.0002..0.005).contains(&up) && box_height > 0.0 {
                em = (box_height * up).clamp(0.01, 100.0);
            }
        }
        Self { coding: Coding::Simple { texts, widths }, to_unicode, em }
    }

    /// Splits a string into glyphs.
    pub fn show(&self, bytes: &[u8], mut each: impl FnMut(Shown)) {
        match &self.coding {
            Coding::Simple { texts, widths } => {
                for byte in bytes {
                    let place = usize::from(*byte);
                    let mapped = self.to_unicode.as_ref().and_then(|map| map.text(u32::from(*byte))).filter(|t| readable(t));
                    let text = mapped.or_else(|| texts.get(place).cloned().flatten());
                    each(Shown { text, width: widths.get(place).copied().unwrap_or(0.5), blank: *byte == 32 });
                }
            }
            Coding::Composite { codes, widths, default, by_glyph } => {
                let mut rest = bytes;
                while !rest.is_empty() {
                    let (length, code, text, cid) = match codes {
                        Codes::Predefined(predefined) => {
                            let (length, text) = predefined.next(rest);
                            let code = super::cmap::code(rest.get(..length).unwrap_or(rest));
                            // Latin letters lead the Chinese collections; the rest has the default width.
                            let latin = text.as_deref().and_then(|t| t.bytes().next()).filter(|b| (0x20..0x7f).contains(b)).map(|b| u32::from(b) - 31);
                            let half = latin.and_then(|cid| widths.contains_key(&cid).then_some(cid).or(Some(cid + 813)));
                            let cid = if matches!(predefined, Predefined::Identity) { Some(code) } else { half };
                            (length, code, text, cid)
                        }
                        Codes::Embedded(map) => {
                            let (length, code) = map.next_code(rest);
                            (length, code, None, map.cid(code))
                        }
                    };
                    let mapped = self.to_unicode.as_ref().and_then(|map| map.text(code)).filter(|t| readable(t));
                    let glyph = || cid.and_then(|c| by_glyph.get(&c)).map(|c| c.to_string());
                    let width = cid.and_then(|c| widths.get(&c)).copied();
                    let half_width = matches!(codes, Codes::Predefined(Predefined::Text(_))) && text.as_deref().is_some_and(|t| t.is_ascii());
                    let width = width.unwrap_or(if half_width { 0.5 } else { *default });
                    each(Shown { text: mapped.or(text).or_else(glyph), width, blank: length == 1 && code == 32 });
                    rest = rest.get(length.max(1)..).unwrap_or(&[]);
                }
            }
        }
    }
}

/// False for maps to nothing, to zero and to the replacement character.
fn readable(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c != '\0' && c != '\u{fffd}')
}

fn simple(file: &File<'_>, dict: &Dict, subtype: &str) -> (Vec<Option<String>>, Vec<f64>) {
    let name = file.of(dict, "BaseFont").name().unwrap_or("").to_owned();
    let descriptor = file.of(dict, "FontDescriptor");
    let descriptor = descriptor.dict().cloned().unwrap_or_default();
    let encoding = file.of(dict, "Encoding");
    let base_name = match &encoding {
        Obj::Name(name) => Some(name.to_string()),
        other => other.dict().and_then(|d| file.of(d, "BaseEncoding").name().map(str::to_owned)),
    };
    let base = match base_name.as_deref() {
        Some("WinAnsiEncoding") => Base::WinAnsi,
        Some("MacRomanEncoding") => Base::MacRoman,
        _ if name.contains("Dingbats") || name.contains("Wingdings") || name.contains("Webdings") => Base::Dingbats,
        _ if name.ends_with("Symbol") || name.contains("SymbolMT") => Base::Symbol,
        _ if subtype == "TrueType" => Base::WinAnsi,
        _ => Base::Standard,
    };
    let mut texts: Vec<Option<String>> = (0..=255).map(|code| encoded(base, code).map(String::from)).collect();
    if base_name.is_none()
        && let Obj::Stream(program) = file.of(&descriptor, "FontFile")
        && let Some(data) = file.data(&program)
    {
        for (code, name) in own_encoding(&data) {
            if let Some(slot) = texts.get_mut(code) {
                *slot = named(&name);
            }
        }
    }
    if let Some(differences) = encoding.dict().map(|d| file.of(d, "Differences")) {
        let mut code = 0_usize;
        for item in differences.array() {
            match file.get(item) {
                Obj::Name(name) => {
                    if let Some(slot) = texts.get_mut(code) {
                        *slot = named(&name);
                    }
                    code += 1;
                }
                other => code = other.int().and_then(|n| usize::try_from(n).ok()).unwrap_or(code),
            }
        }
    }
    let first = file.of(dict, "FirstChar").int().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let listed = file.of(dict, "Widths");
    let missing = file.of(&descriptor, "MissingWidth").number();
    let widths = (0..=255_u8)
        .map(|code| {
            let own = usize::from(code).checked_sub(first).and_then(|at| listed.array().get(at)).and_then(|o| file.get(o).number());
            let width = if listed.array().is_empty() { standard_width(&name, code) } else { own.or(missing).unwrap_or(0.0) };
            width / 1000.0
        })
        .collect();
    (texts, widths)
}

/// The encoding in the clear part of a Type 1 font program: `dup 65 /A put`.
fn own_encoding(program: &[u8]) -> Vec<(usize, String)> {
    let end = super::file::find(program, b"eexec").unwrap_or(program.len());
    let mut lexer = Lexer::new(program.get(..end).unwrap_or(program), 0);
    let mut found = Vec::new();
    let mut last = None;
    while let Some(token) = lexer.operand() {
        if let (Some(Obj::Int(code)), Obj::Name(name)) = (&last, &token)
            && let Ok(code) = usize::try_from(*code)
            && code < 256
        {
            found.push((code, name.to_string()));
        }
        last = Some(token);
    }
    found
}

fn composite(file: &File<'_>, dict: &Dict) -> Coding {
    let descendants = file.of(dict, "DescendantFonts");
    let descendant = descendants.array().first().map_or(Obj::Null, |o| file.get(o));
    let descendant = descendant.dict().cloned().unwrap_or_default();
    let codes = match file.of(dict, "Encoding") {
        Obj::Stream(stream) => file.data(&stream).map_or(Codes::Predefined(Predefined::Identity), |data| {
            let map = CMap::parse(&data);
            Codes::Embedded(Box::new(map))
        }),
        other => Codes::Predefined(other.name().and_then(Predefined::by_name).unwrap_or(Predefined::Identity)),
    };
    let default = file.of(&descendant, "DW").number().unwrap_or(1000.0) / 1000.0;
    let mut widths = BTreeMap::new();
    // Glyph numbers that ranges may still name.
    let mut left = 1_u32 << 18;
    let listed = file.of(&descendant, "W");
    let mut items = listed.array().iter().map(|o| file.get(o));
    while let (Some(first), Some(next)) = (items.next(), items.next()) {
        let Some(first) = first.int().and_then(|n| u32::try_from(n).ok()) else { break };
        if let Obj::Array(run) = &next {
            widths.extend((first..).zip(run.iter()).filter_map(|(cid, w)| Some((cid, file.get(w).number()? / 1000.0))));
        } else if let (Some(last), Some(width)) = (next.int().and_then(|n| u32::try_from(n).ok()), items.next().and_then(|o| o.number())) {
            left = left.saturating_sub(last.saturating_sub(first));
            let last = if left == 0 { first } else { last.min(65_535) };
            widths.extend((first..=last).map(|cid| (cid, width / 1000.0)));
        }
    }
    let descriptor = file.of(&descendant, "FontDescriptor");
    let mut by_glyph = BTreeMap::new();
    if matches!(file.of(dict, "ToUnicode"), Obj::Null)
        && let Some(Obj::Stream(program)) = descriptor.dict().map(|d| file.of(d, "FontFile2"))
        && let Some(data) = file.data(&program)
    {
        by_glyph = truetype::characters(&data);
        if let Obj::Stream(map) = file.of(&descendant, "CIDToGIDMap")
            && let Some(map) = file.data(&map)
        {
            let glyphs = (0..).zip(map.chunks_exact(2).map(super::cmap::code));
            by_glyph = glyphs.filter_map(|(cid, glyph)| Some((cid, *by_glyph.get(&glyph)?))).collect();
        }
    }
    Coding::Composite { codes, widths, default, by_glyph }
}
