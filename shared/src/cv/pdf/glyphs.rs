//! From glyph names and the encodings of simple fonts to characters. Not fonts themselves.
//!
//! Names: Adobe Glyph List (only what CVs use; letters with accents are composed); encodings: ISO 32000-1 annex D.
use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// The encoding a simple font starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    Standard,
    WinAnsi,
    MacRoman,
    Symbol,
    Dingbats,
}

/// The character of a code.
pub fn encoded(base: Base, code: u8) -> Option<char> {
    let ascii = (0x20..0x7f).contains(&code).then(|| char::from(code));
    match base {
        // Annex D.2, notes: codes without a character of their own show a bullet, 0xAD a hyphen.
        Base::WinAnsi if code == 0xad => Some('-'),
        Base::WinAnsi => match single(WINDOWS_1252.decode_without_bom_handling(&[code]).0.as_ref()) {
            Some(c) if !c.is_control() => Some(c),
            _ => (code > 0x20).then_some('•'),
        },
        Base::MacRoman => single(MACINTOSH.decode_without_bom_handling(&[code]).0.as_ref()).filter(|c| !c.is_control()),
        Base::Standard => match code {
            0x27 => Some('’'),
            0x60 => Some('‘'),
            _ => ascii.or_else(|| STANDARD.iter().find(|(c, _)| *c == code).map(|(_, c)| *c)),
        },
        Base::Symbol => match code {
            b'A'..=b'Z' => "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ".chars().nth(usize::from(code - b'A')),
            b'a'..=b'z' => "αβχδεφγηιϕκλμνοπθρστυϖωξψζ".chars().nth(usize::from(code - b'a')),
            0xa3 => Some('≤'),
            0xb3 => Some('≥'),
            0xb0 => Some('°'),
            0xb1 => Some('±'),
            0xb4 => Some('×'),
            0xae => Some('→'),
            _ => ascii.or((code > 0xa0).then_some('•')),
        },
        Base::Dingbats => (code > 0x20).then_some('•').or(ascii),
    }
}

fn single(text: &str) -> Option<char> {
    text.chars().next().filter(|c| *c != '\u{fffd}')
}

/// The text of a glyph name, ligatures by their parts (`f_f_i`), variants without their suffix (`a.sc`).
pub fn named(name: &str) -> Option<String> {
    let stem = name.split('.').next().filter(|s| !s.is_empty())?;
    let mut text = String::new();
    for part in stem.split('_') {
        text.push_str(&one(part)?);
    }
    Some(text)
}

fn one(name: &str) -> Option<String> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c.to_string());
    }
    if let Some((_, c)) = NAMES.iter().find(|(n, _)| *n == name) {
        return Some((*c).to_owned());
    }
    if let Some(hex) = name.strip_prefix("uni").filter(|h| h.len() >= 4 && h.len() % 4 == 0 && h.is_ascii()) {
        let units: Option<Vec<u16>> = (0..hex.len()).step_by(4).map(|at| u16::from_str_radix(hex.get(at..at + 4)?, 16).ok()).collect();
        return units.and_then(|u| String::from_utf16(&u).ok());
    }
    if let Some(c) = name.strip_prefix('u').filter(|h| (4..=6).contains(&h.len())).and_then(|h| u32::from_str_radix(h, 16).ok()).and_then(char::from_u32) {
        return Some(c.to_string());
    }
    if let Some(place) = GREEK.iter().position(|n| *n == name.to_lowercase()) {
        let first = if name.starts_with(char::is_uppercase) { 'Α' } else { 'α' };
        // The final sigma stands between rho and sigma.
        let skip = u32::from(place > 16);
        return char::from_u32(u32::from(first) + u32::try_from(place).ok()? + skip).map(String::from);
    }
    let (base, accent) = name.split_at_checked(1)?;
    let base = match base {
        "d" if accent == "otlessi" => return Some("ı".to_owned()),
        letter => letter,
    };
    let mark = ACCENTS.iter().find(|(n, _)| *n == accent).map(|(_, c)| *c)?;
    base.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| format!("{base}{mark}"))
}

const ACCENTS: &[(&str, char)] = &[
    ("grave", '\u{300}'), ("acute", '\u{301}'), ("circumflex", '\u{302}'), ("tilde", '\u{303}'), ("macron", '\u{304}'), ("breve", '\u{306}'),
    ("dotaccent", '\u{307}'), ("dieresis", '\u{308}'), ("ring", '\u{30a}'), ("hungarumlaut", '\u{30b}'), ("caron", '\u{30c}'),
    ("commaaccent", '\u{326}'), ("cedilla", '\u{327}'), ("ogonek", '\u{328}'),
];

const GREEK: &[&str] = &[
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon",
    "phi", "chi", "psi", "omega",
];

const NAMES: &[(&str, &str)] = &[
    ("space", " "), ("nbspace", " "), ("nonbreakingspace", " "), ("exclam", "!"), ("quotedbl", "\""), ("numbersign", "#"), ("dollar", "$"), ("percent", "%"), ("ampersand", "&"),
    ("quotesingle", "'"), ("quoteright", "’"), ("quoteleft", "‘"), ("parenleft", "("), ("parenright", ")"), ("asterisk", "*"), ("plus", "+"), ("comma", ","), ("hyphen", "-"),
    ("minus", "−"), ("period", "."), ("slash", "/"), ("zero", "0"), ("one", "1"), ("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"), ("six", "6"),
    ("seven", "7"), ("eight", "8"), ("nine", "9"), ("colon", ":"), ("semicolon", ";"), ("less", "<"), ("equal", "="), ("greater", ">"), ("question", "?"), ("at", "@"),
    ("bracketleft", "["), ("backslash", "\\"), ("bracketright", "]"), ("asciicircum", "^"), ("underscore", "_"), ("grave", "`"), ("braceleft", "{"), ("bar", "|"),
    ("braceright", "}"), ("asciitilde", "~"), ("exclamdown", "¡"), ("cent", "¢"), ("sterling", "£"), ("currency", "¤"), ("yen", "¥"), ("brokenbar", "¦"), ("section", "§"),
    ("dieresis", "¨"), ("copyright", "©"), ("ordfeminine", "ª"), ("guillemotleft", "«"), ("logicalnot", "¬"), ("registered", "®"), ("macron", "¯"), ("degree", "°"),
    ("plusminus", "±"), ("twosuperior", "²"), ("threesuperior", "³"), ("acute", "´"), ("mu", "µ"), ("paragraph", "¶"), ("periodcentered", "·"), ("middot", "·"),
    ("cedilla", "¸"), ("onesuperior", "¹"), ("ordmasculine", "º"), ("guillemotright", "»"), ("onequarter", "¼"), ("onehalf", "½"), ("threequarters", "¾"),
    ("questiondown", "¿"), ("AE", "Æ"), ("ae", "æ"), ("OE", "Œ"), ("oe", "œ"), ("Oslash", "Ø"), ("oslash", "ø"), ("Eth", "Ð"), ("eth", "ð"), ("Thorn", "Þ"),
    ("thorn", "þ"), ("germandbls", "ß"), ("Lslash", "Ł"), ("lslash", "ł"), ("Dcroat", "Đ"), ("dcroat", "đ"), ("multiply", "×"), ("divide", "÷"), ("florin", "ƒ"),
    ("circumflex", "ˆ"), ("tilde", "˜"), ("breve", "˘"), ("dotaccent", "˙"), ("ring", "˚"), ("ogonek", "˛"), ("caron", "ˇ"), ("hungarumlaut", "˝"), ("endash", "–"),
    ("emdash", "—"), ("quotesinglbase", "‚"), ("quotedblleft", "“"), ("quotedblright", "”"), ("quotedblbase", "„"), ("dagger", "†"), ("daggerdbl", "‡"), ("bullet", "•"),
    ("ellipsis", "…"), ("perthousand", "‰"), ("guilsinglleft", "‹"), ("guilsinglright", "›"), ("fraction", "⁄"), ("Euro", "€"), ("euro", "€"), ("trademark", "™"),
    ("ff", "ff"), ("fi", "fi"), ("fl", "fl"), ("ffi", "ffi"), ("ffl", "ffl"), ("dotlessi", "ı"), ("dotlessj", "ȷ"), ("sfthyphen", "-"), ("softhyphen", "-"),
    ("arrowright", "→"), ("arrowleft", "←"), ("lessequal", "≤"), ("greaterequal", "≥"), ("approxequal", "≈"), ("notequal", "≠"), ("infinity", "∞"), ("check", "✓"),
    ("H18533", "•"), ("filledbox", "•"), ("square", "•"), ("circle", "•"), ("blacksquare", "•"), ("openbullet", "•"), ("asteriskmath", "*"), ("visiblespace", " "),
    ("tie", " "), ("cwm", ""), ("nul", ""), ("zerowidthjoiner", ""), ("lozenge", "◊"), ("summation", "∑"), ("radical", "√"), ("Delta", "Δ"), ("Omega", "Ω"),
];

/// The upper half of StandardEncoding.
const STANDARD: &[(u8, char)] = &[
    (0xa1, '¡'), (0xa2, '¢'), (0xa3, '£'), (0xa4, '⁄'), (0xa5, '¥'), (0xa6, 'ƒ'), (0xa7, '§'), (0xa8, '¤'), (0xa9, '\''), (0xaa, '“'), (0xab, '«'), (0xac, '‹'), (0xad, '›'),
    (0xae, 'ﬁ'), (0xaf, 'ﬂ'), (0xb1, '–'), (0xb2, '†'), (0xb3, '‡'), (0xb4, '·'), (0xb6, '¶'), (0xb7, '•'), (0xb8, '‚'), (0xb9, '„'), (0xba, '”'), (0xbb, '»'), (0xbc, '…'),
    (0xbd, '‰'), (0xbf, '¿'), (0xc1, '`'), (0xc2, '´'), (0xc3, 'ˆ'), (0xc4, '˜'), (0xc5, '¯'), (0xc6, '˘'), (0xc7, '˙'), (0xc8, '¨'), (0xca, '˚'), (0xcb, '¸'), (0xcd, '˝'),
    (0xce, '˛'), (0xcf, 'ˇ'), (0xd0, '—'), (0xe1, 'Æ'), (0xe3, 'ª'), (0xe8, 'Ł'), (0xe9, 'Ø'), (0xea, 'Œ'), (0xeb, 'º'), (0xf1, 'æ'), (0xf5, 'ı'), (0xf8, 'ł'), (0xf9, 'ø'),
    (0xfa, 'œ'), (0xfb, 'ß'),
];

/// Advance widths of codes 32 to 126 in Helvetica and Times, thousandths of the size (Adobe's font metrics).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667,
    667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500,
    556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722,
    667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444,
    500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// The width of a code in a font of the standard fourteen, or one like it, thousandths of the size.
pub fn standard_width(font: &str, code: u8) -> f64 {
    if font.contains("Courier") || font.contains("Mono") {
        return 600.0;
    }
    let table = if font.contains("Times") || font.contains("Serif") || font.contains("Roman") { &TIMES } else { &HELVETICA };
    let place = code.checked_sub(32).map(usize::from);
    place.and_then(|at| table.get(at)).map_or(556.0, |w| f64::from(*w))
}
