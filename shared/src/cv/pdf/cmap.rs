//! Character maps: codes of a composite font to text and to glyph numbers, and the predefined ones by name.
use super::object::{Lexer, Obj};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_16BE};
use std::collections::BTreeMap;

/// A map read from a CMap stream.
#[derive(Clone, Debug, Default)]
pub struct CMap {
    /// Lengths in bytes, first and last code of the code spaces.
    spaces: Vec<(usize, u32, u32)>,
    texts: BTreeMap<u32, String>,
    /// Last code and the text of the first, by first code.
    text_ranges: BTreeMap<u32, (u32, String)>,
    cid_ranges: BTreeMap<u32, (u32, u32)>,
}

impl CMap {
    /// Reads a CMap; what it does not know is left out.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::new(bytes, 0);
        while let Some(token) = lexer.operand() {
            let Obj::Word(word) = token else { continue };
            match &*word {
                "begincodespacerange" => {
                    while let Some(Obj::Str(low)) = lexer.operand() {
                        let Some(Obj::Str(high)) = lexer.operand() else { break };
                        map.spaces.push((low.len().clamp(1, 4), code(&low), code(&high)));
                    }
                }
                "beginbfchar" => {
                    while let Some(Obj::Str(from)) = lexer.operand() {
                        let Some(to) = lexer.operand() else { break };
                        map.texts.extend(text_of(&to).map(|text| (code(&from), text)));
                    }
                }
                "beginbfrange" => {
                    while let Some(Obj::Str(low)) = lexer.operand() {
                        let (Some(Obj::Str(high)), Some(to)) = (lexer.operand(), lexer.operand()) else { break };
                        if let Obj::Array(items) = &to {
                            map.texts.extend((code(&low)..=code(&high)).zip(items.iter()).filter_map(|(c, o)| Some((c, text_of(o)?))));
                        } else if let Some(text) = text_of(&to) {
                            map.text_ranges.insert(code(&low), (code(&high), text));
                        }
                    }
                }
                "begincidrange" => {
                    while let Some(Obj::Str(low)) = lexer.operand() {
                        let (Some(Obj::Str(high)), Some(Obj::Int(cid))) = (lexer.operand(), lexer.operand()) else { break };
                        map.cid_ranges.insert(code(&low), (code(&high), u32::try_from(cid).unwrap_or(0)));
                    }
                }
                "begincidchar" => {
                    while let Some(Obj::Str(from)) = lexer.operand() {
                        let Some(Obj::Int(cid)) = lexer.operand() else { break };
                        map.cid_ranges.insert(code(&from), (code(&from), u32::try_from(cid).unwrap_or(0)));
                    }
                }
                _ => {}
            }
        }
        map
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.texts.get(&code) {
            return Some(text.clone());
        }
        let (low, (high, first)) = self.text_ranges.range(..=code).next_back()?;
        if code > *high {
            return None;
        }
        // The last character counts up.
        let mut chars: Vec<char> = first.chars().collect();
        let last = chars.pop()?;
        chars.push(char::from_u32(u32::from(last).checked_add(code - low)?)?);
        Some(chars.into_iter().collect())
    }

    /// The glyph number of a code.
    pub fn cid(&self, code: u32) -> Option<u32> {
        let (low, (high, first)) = self.cid_ranges.range(..=code).next_back()?;
        (code <= *high).then(|| first.saturating_add(code - low))
    }

    /// The length and value of the first code of `bytes`, by the code spaces; two bytes without them.
    pub fn next_code(&self, bytes: &[u8]) -> (usize, u32) {
        for length in 1..=4_usize.min(bytes.len()) {
            let value = code(bytes.get(..length).unwrap_or(bytes));
            if self.spaces.iter().any(|(l, low, high)| *l == length && *low <= value && value <= *high) {
                return (length, value);
            }
        }
        let length = self.spaces.iter().map(|s| s.0).min().unwrap_or(2).min(bytes.len().max(1));
        (length, code(bytes.get(..length).unwrap_or(bytes)))
    }
}

/// A number of up to four bytes, high byte first.
pub fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, b| n << 8 | u32::from(*b))
}

fn text_of(to: &Obj) -> Option<String> {
    match to {
        Obj::Str(bytes) if bytes.len() == 1 => bytes.first().map(|b| char::from(*b).to_string()),
        Obj::Str(bytes) => Some(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned()),
        Obj::Name(name) => super::glyphs::named(name),
        _ => None,
    }
}

/// How the codes of a predefined CMap are written.
#[derive(Clone, Copy, Debug)]
pub enum Predefined {
    /// Two bytes, the glyph number itself.
    Identity,
    Utf32,
    Text(&'static Encoding),
}

impl Predefined {
    /// By the name of the CMap (ISO 32000-1 table 118).
    pub fn by_name(name: &str) -> Option<Self> {
        if name.starts_with("Identity") {
            return Some(Self::Identity);
        }
        let family = |prefixes: &[&str]| prefixes.iter().any(|p| name.starts_with(p));
        let encoding = if name.starts_with("Uni") && name.contains("UTF32") {
            return Some(Self::Utf32);
        } else if name.starts_with("Uni") && name.contains("UTF8") {
            encoding_rs::UTF_8
        } else if name.starts_with("Uni") {
            UTF_16BE
        } else if family(&["GB"]) && !name.starts_with("GBT") {
            GB18030
        } else if family(&["ETen", "B5", "HKscs", "HKdl", "HKgccs"]) {
            BIG5
        } else if name.contains("RKSJ") {
            SHIFT_JIS
        } else if family(&["KSC", "KSCms", "KSCpc"]) {
            EUC_KR
        } else if family(&["EUC-"]) {
            EUC_JP
        } else {
            return None;
        };
        Some(Self::Text(encoding))
    }

    /// The length of the first code of `bytes` and its text.
    pub fn next(self, bytes: &[u8]) -> (usize, Option<String>) {
        let (first, second) = (bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0));
        let length = match self {
            Self::Identity => return (2, None),
            Self::Utf32 => {
                let c = char::from_u32(code(bytes.get(..4).unwrap_or(bytes)));
                return (4, c.map(String::from));
            }
            Self::Text(e) if e == UTF_16BE => {
                if (0xd8..0xdc).contains(&first) {
                    4
                } else {
                    2
                }
            }
            Self::Text(e) if e == GB18030 && (0x81..0xff).contains(&first) && second.is_ascii_digit() => 4,
            Self::Text(e) if e == SHIFT_JIS => 1 + usize::from(matches!(first, 0x81..=0x9f | 0xe0..=0xfc)),
            Self::Text(e) if e == encoding_rs::UTF_8 => match first {
                0..=0xbf => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                _ => 4,
            },
            Self::Text(_) => 1 + usize::from((0x81..0xff).contains(&first)),
        };
        let Self::Text(encoding) = self else { return (length, None) };
        let (text, errors) = encoding.decode_without_bom_handling(bytes.get(..length).unwrap_or(bytes));
        (length, (!errors).then(|| text.into_owned()))
    }
}
