//! Filters of PDF streams, with a count of what they give. Not picture formats: their streams give nothing.
use super::object::{Dict, Obj};
use flate2::read::{DeflateDecoder, ZlibDecoder};
use std::cell::Cell;
use std::io::Read;

/// The most filters on one stream.
const MOST_FILTERS: usize = 6;
/// All streams of a file together may inflate to this many times the budget of one.
const ALL_STREAMS: u64 = 4;

/// What is left to inflate.
pub struct Budget {
    one: u64,
    left: Cell<u64>,
    /// A stream was cut at its budget.
    pub hit: Cell<bool>,
}

impl Budget {
    pub fn new(inflated_bytes: u64) -> Self {
        Self { one: inflated_bytes, left: Cell::new(inflated_bytes.saturating_mul(ALL_STREAMS)), hit: Cell::new(false) }
    }

    fn allowed(&self) -> usize {
        usize::try_from(self.one.min(self.left.get())).unwrap_or(usize::MAX)
    }

    fn spend(&self, bytes: usize) {
        self.left.set(self.left.get().saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX)));
    }
}

/// Runs the filters of a stream; `None` for pictures and unknown filters. What is broken ends early.
///
/// `resolve` looks references up.
pub fn decode(raw: Vec<u8>, dict: &Dict, budget: &Budget, resolve: &dyn Fn(&Obj) -> Obj) -> Option<Vec<u8>> {
    let filters = list(&resolve(first(dict, "Filter", "F")));
    let parameters = list(&resolve(first(dict, "DecodeParms", "DP")));
    if filters.len() > MOST_FILTERS {
        return None;
    }
    let mut bytes = raw;
    for (at, filter) in filters.iter().enumerate() {
        let filter = resolve(filter);
        let parms = parameters.get(at).map_or(Obj::Null, resolve);
        let parms = parms.dict().cloned().unwrap_or_default();
        let allowed = budget.allowed();
        bytes = match filter.name()? {
            "FlateDecode" | "Fl" => predicted(inflate(&bytes, allowed), &parms, resolve),
            "LZWDecode" | "LZW" => predicted(lzw(&bytes, resolve(parms.get("EarlyChange")).int() != Some(0), allowed), &parms, resolve),
            "ASCII85Decode" | "A85" => ascii85(&bytes),
            "ASCIIHexDecode" | "AHx" => ascii_hex(&bytes),
            "RunLengthDecode" | "RL" => run_length(&bytes, allowed),
            "Crypt" => bytes,
            _ => return None,
        };
        if bytes.len() >= allowed {
            budget.hit.set(true);
        }
        budget.spend(bytes.len());
    }
    Some(bytes)
}

fn first<'d>(dict: &'d Dict, key: &str, short: &str) -> &'d Obj {
    match dict.get(key) {
        Obj::Null => dict.get(short),
        found => found,
    }
}

fn list(obj: &Obj) -> Vec<Obj> {
    match obj {
        Obj::Null => Vec::new(),
        Obj::Array(items) => items.to_vec(),
        other => vec![other.clone()],
    }
}

/// Inflates up to `allowed` bytes; a broken end is left out.
fn inflate(bytes: &[u8], allowed: usize) -> Vec<u8> {
    let most = u64::try_from(allowed).unwrap_or(u64::MAX);
    let mut out = Vec::new();
    // What was read before an error stays in `out`.
    if ZlibDecoder::new(bytes).take(most).read_to_end(&mut out).is_err() && out.is_empty() {
        let bare = DeflateDecoder::new(bytes.get(2..).unwrap_or(&[])).take(most).read_to_end(&mut out);
        if bare.is_err() && out.is_empty() {
            let _ = DeflateDecoder::new(bytes).take(most).read_to_end(&mut out);
        }
    }
    out
}

/// LZW of PDF 1.7, 7.4.4: codes of 9 to 12 bits, high bits first.
fn lzw(bytes: &[u8], early: bool, allowed: usize) -> Vec<u8> {
    // An entry: its predecessor, its last byte, its length.
    let mut table: Vec<(usize, u8, usize)> = Vec::with_capacity(4096);
    let fresh = |table: &mut Vec<(usize, u8, usize)>| {
        table.clear();
        table.extend((0..=255).map(|b| (usize::MAX, b, 1)));
        table.extend([(usize::MAX, 0, 0); 2]);
    };
    fresh(&mut table);
    let (mut out, mut bits, mut held, mut width) = (Vec::new(), 0_u32, 0_u32, 9_u32);
    let mut previous: Option<usize> = None;
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = usize::try_from(bits >> held & ((1 << width) - 1)).unwrap_or(0);
        bits &= (1 << held) - 1;
        match code {
            256 => {
                fresh(&mut table);
                (width, previous) = (9, None);
                continue;
            }
            257 => return out,
            _ => {}
        }
        if code > table.len() || (code == table.len() && previous.is_none()) {
            return out;
        }
        let known = if code < table.len() { code } else { previous.unwrap_or(0) };
        let from = out.len();
        let mut walk = known;
        while let Some((before, last, _)) = table.get(walk) {
            out.push(*last);
            walk = *before;
        }
        out.get_mut(from..).unwrap_or(&mut []).reverse();
        let lead = out.get(from).copied().unwrap_or(0);
        if code == table.len() {
            out.push(lead);
        }
        if let Some(before) = previous
            && table.len() < 4096
        {
            let length = table.get(before).map_or(1, |e| e.2 + 1);
            table.push((before, lead, length));
        }
        let next = table.len() + usize::from(early);
        width = if next >= 2048 { 12 } else if next >= 1024 { 11 } else if next >= 512 { 10 } else { 9 };
        previous = Some(code);
        if out.len() >= allowed {
            out.truncate(allowed);
            return out;
        }
    }
    out
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut group, mut count) = (Vec::with_capacity(bytes.len()), 0_u32, 0);
    for b in bytes {
        match b {
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(b - b'!'));
                count += 1;
                if count == 5 {
                    out.extend(group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().iter().take(count - 1));
    }
    out
}

fn ascii_hex(bytes: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u32> = bytes.iter().take_while(|b| **b != b'>').filter_map(|b| char::from(*b).to_digit(16)).collect();
    if digits.len() % 2 == 1 {
        digits.push(0);
    }
    digits.chunks_exact(2).filter_map(|pair| u8::try_from(pair.iter().fold(0, |n, d| n * 16 + d)).ok()).collect()
}

fn run_length(bytes: &[u8], allowed: usize) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(length) = bytes.get(at).copied().map(usize::from) {
        at += 1;
        match length {
            0..=127 => {
                out.extend(bytes.iter().skip(at).take(length + 1));
                at += length + 1;
            }
            128 => break,
            _ => {
                out.extend(bytes.get(at).into_iter().flat_map(|b| std::iter::repeat_n(*b, 257 - length)));
                at += 1;
            }
        }
        if out.len() >= allowed {
            out.truncate(allowed);
            break;
        }
    }
    out
}

/// Undoes the PNG and TIFF predictors (PDF 1.7, 7.4.4.4).
fn predicted(bytes: Vec<u8>, parms: &Dict, resolve: &dyn Fn(&Obj) -> Obj) -> Vec<u8> {
    let number = |key: &str, default: usize| resolve(parms.get(key)).int().and_then(|n| usize::try_from(n).ok()).unwrap_or(default).clamp(1, 1 << 20);
    let predictor = number("Predictor", 1);
    if predictor < 2 {
        return bytes;
    }
    let bits = number("Colors", 1) * number("BitsPerComponent", 8);
    let (pixel, row) = (bits.div_ceil(8), (bits * number("Columns", 1)).div_ceil(8));
    if predictor == 2 {
        let mut bytes = bytes;
        for line in bytes.chunks_mut(row) {
            for at in pixel..line.len() {
                line[at] = line[at].wrapping_add(line[at - pixel]);
            }
        }
        return bytes;
    }
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0; row];
    for line in bytes.chunks(row + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        let mut now = line.to_vec();
        now.resize(row, 0);
        for at in 0..row {
            let left = if at < pixel { 0 } else { now[at - pixel] };
            let corner = if at < pixel { 0 } else { above[at - pixel] };
            let up = above[at];
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from((u16::from(left) + u16::from(up)) / 2).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            now[at] = now[at].wrapping_add(guess);
        }
        out.extend(now.iter().take(line.len()));
        above = now;
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |b: u8| (guess - i16::from(b)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}
