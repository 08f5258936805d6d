//! The objects of a PDF and the lexer that reads them, in files and in content streams alike. Not where they lie.
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep arrays and dictionaries may nest.
const DEEPEST: usize = 64;

/// An object, or a bare word (an operator, `obj`, `R`).
#[derive(Clone, Debug)]
pub enum Obj {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Str(Rc<[u8]>),
    /// Without the slash, bytes as Latin-1.
    Name(Rc<str>),
    Array(Rc<Vec<Obj>>),
    Dict(Rc<Dict>),
    Stream(Rc<Stream>),
    Ref(u32),
    Word(Rc<str>),
}

/// A dictionary.
#[derive(Clone, Debug, Default)]
pub struct Dict(pub BTreeMap<Rc<str>, Obj>);

/// A stream: its dictionary and where its bytes lie in the file.
#[derive(Clone, Debug)]
pub struct Stream {
    pub dict: Dict,
    pub start: usize,
    pub end: usize,
    /// Object number and generation, which the cipher needs.
    pub id: (u32, u16),
}

impl Dict {
    pub fn get(&self, key: &str) -> &Obj {
        self.0.get(key).unwrap_or(&Obj::Null)
    }
}

impl Obj {
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(n) => i32::try_from(*n).ok().map(f64::from),
            Self::Real(n) => Some(*n),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Real(n) if n.abs() < 1e15 => Some(whole(*n)),
            _ => None,
        }
    }

    pub fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub fn array(&self) -> &[Obj] {
        if let Self::Array(array) = self { array } else { &[] }
    }

    pub fn bytes(&self) -> Option<&[u8]> {
        if let Self::Str(bytes) = self { Some(bytes) } else { None }
    }

    /// The dictionary, of a stream too.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(w) if &**w == word)
    }
}

/// The whole part of a number; far numbers saturate.
pub fn whole(number: f64) -> i64 {
    number as i64
}

/// A reader of objects over bytes.
#[derive(Clone)]
pub struct Lexer<'b> {
    bytes: &'b [u8],
    pub at: usize,
}

fn is_blank(b: u8) -> bool {
    matches!(b, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(b: u8) -> bool {
    matches!(b, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'b> Lexer<'b> {
    pub fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    pub fn skip_blanks(&mut self) {
        while let Some(b) = self.peek() {
            if b == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.at += 1;
                }
            } else if is_blank(b) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The next object; `None` at the end of the bytes. References are told by looking ahead.
    pub fn object(&mut self) -> Option<Obj> {
        self.nested(0, true)
    }

    /// The next object of a content stream, where no references occur.
    pub fn operand(&mut self) -> Option<Obj> {
        self.nested(0, false)
    }

    fn nested(&mut self, depth: usize, refs: bool) -> Option<Obj> {
        self.skip_blanks();
        let first = self.peek()?;
        match first {
            b'/' => {
                self.at += 1;
                Some(Obj::Name(self.name()))
            }
            b'(' => Some(self.string()),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Some(self.dict(depth, refs))
            }
            b'<' => Some(self.hex()),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                if depth < DEEPEST {
                    while let Some(item) = self.nested(depth + 1, refs) {
                        if item.is_word("]") {
                            break;
                        }
                        // A word that ends an object means that the bracket was lost.
                        if item.is_word("endobj") || item.is_word("stream") {
                            break;
                        }
                        items.push(item);
                    }
                }
                Some(Obj::Array(Rc::new(items)))
            }
            b'>' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                self.at += 2;
                Some(Obj::Word(">>".into()))
            }
            b']' | b'{' | b'}' | b')' | b'>' => {
                self.at += 1;
                Some(Obj::Word(char::from(first).to_string().into()))
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => Some(self.number(refs)),
            _ => {
                let from = self.at;
                while self.peek().is_some_and(|b| !is_blank(b) && !is_delimiter(b)) {
                    self.at += 1;
                }
                let word = latin1(self.bytes.get(from..self.at).unwrap_or(&[]));
                Some(match &*word {
                    "true" => Obj::Bool(true),
                    "false" => Obj::Bool(false),
                    "null" => Obj::Null,
                    _ => Obj::Word(word.into()),
                })
            }
        }
    }

    fn dict(&mut self, depth: usize, refs: bool) -> Obj {
        let mut dict = Dict::default();
        if depth >= DEEPEST {
            return Obj::Dict(Rc::new(dict));
        }
        loop {
            let before = self.at;
            match self.nested(depth + 1, refs) {
                Some(Obj::Name(key)) => {
                    let before = self.at;
                    match self.nested(depth + 1, refs) {
                        Some(Obj::Word(word)) => {
                            if &*word == ">>" {
                                break;
                            }
                            if matches!(&*word, "endobj" | "stream" | "endstream") {
                                self.at = before;
                                break;
                            }
                        }
                        Some(value) => drop(dict.0.insert(key, value)),
                        None => break,
                    }
                }
                Some(Obj::Word(word)) if &*word == ">>" => break,
                Some(Obj::Word(word)) if matches!(&*word, "endobj" | "stream" | "endstream") => {
                    self.at = before;
                    break;
                }
                Some(_) => {}
                None => break,
            }
        }
        Obj::Dict(Rc::new(dict))
    }

    fn name(&mut self) -> Rc<str> {
        let mut name = String::new();
        while let Some(b) = self.peek().filter(|b| !is_blank(*b) && !is_delimiter(*b)) {
            self.at += 1;
            let digits = (self.bytes.get(self.at).copied().and_then(hex_digit), self.bytes.get(self.at + 1).copied().and_then(hex_digit));
            if let (b'#', (Some(high), Some(low))) = (b, digits) {
                name.push(char::from(high * 16 + low));
                self.at += 2;
            } else {
                name.push(char::from(b));
            }
        }
        name.into()
    }

    fn number(&mut self, refs: bool) -> Obj {
        let from = self.at;
        self.at += 1;
        while self.peek().is_some_and(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
            self.at += 1;
        }
        let raw = self.bytes.get(from..self.at).unwrap_or(&[]);
        let digits = std::str::from_utf8(raw).unwrap_or("0");
        if let Ok(n) = digits.trim_start_matches('+').parse::<i64>() {
            if refs
                && let Ok(number) = u32::try_from(n)
                && let Some(after) = self.reference()
            {
                self.at = after;
                return Obj::Ref(number);
            }
            return Obj::Int(n);
        }
        // Broken writers: "--5", "1.2.3", "5-3", "-".
        let sign = if digits.starts_with('-') { -1.0 } else { 1.0 };
        let bare = digits.trim_start_matches(['-', '+']);
        let bare = bare.split('-').next().unwrap_or("");
        let mut parts = bare.splitn(3, '.');
        let (units, part) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        Obj::Real(sign * format!("0{units}.{part}0").parse::<f64>().unwrap_or(0.0))
    }

    /// Where a reference ends, if a generation and `R` follow.
    fn reference(&self) -> Option<usize> {
        let mut at = self.at;
        let blank = |at: &mut usize| {
            let from = *at;
            while self.bytes.get(*at).copied().is_some_and(is_blank) {
                *at += 1;
            }
            *at > from
        };
        blank(&mut at).then_some(())?;
        let from = at;
        while self.bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at > from && at - from < 6 && blank(&mut at) && self.bytes.get(at) == Some(&b'R')).then_some(())?;
        let next = self.bytes.get(at + 1).copied();
        next.is_none_or(|b| is_blank(b) || is_delimiter(b)).then_some(at + 1)
    }

    fn string(&mut self) -> Obj {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut open = 1_u32;
        while let Some(b) = self.peek() {
            self.at += 1;
            match b {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    let Some(escaped) = self.peek() else { break };
                    self.at += 1;
                    match escaped {
                        b'n' => bytes.push(b'\n'),
                        b'r' => bytes.push(b'\r'),
                        b't' => bytes.push(b'\t'),
                        b'b' => bytes.push(8),
                        b'f' => bytes.push(12),
                        b'\r' => {
                            if self.peek() == Some(b'\n') {
                                self.at += 1;
                            }
                        }
                        b'\n' => {}
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                let Some(digit) = self.peek().filter(|b| (b'0'..=b'7').contains(b)) else { break };
                                code = code * 8 + u32::from(digit - b'0');
                                self.at += 1;
                            }
                            bytes.push(u8::try_from(code & 0xff).unwrap_or(0));
                        }
                        other => bytes.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            bytes.push(b);
        }
        Obj::Str(bytes.into())
    }

    fn hex(&mut self) -> Obj {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(b) = self.peek() {
            self.at += 1;
            if b == b'>' {
                break;
            }
            digits.extend(hex_digit(b));
        }
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        Obj::Str(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
    }

    /// Skips the data of an inline image, the lexer standing behind `ID`.
    pub fn skip_inline_image(&mut self) {
        self.at += 1;
        let rest = self.rest();
        let end = rest.windows(4).position(|w| is_blank(w[0]) && &w[1..3] == b"EI" && is_blank(w[3]));
        self.at = end.map_or(self.bytes.len(), |at| self.at + at + 3);
    }
}

fn hex_digit(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Bytes as Latin-1.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
