//! From a sentence to the pieces the model reads, with the byte offsets of each, the units that carry a tag, and
//! windows over long sentences. Not sentence splitting: that is `text`.
use std::ops::Range;
use tokenizers::Tokenizer;

/// A loaded `tokenizer.json`, without its padding and truncation.
pub struct PieceTokenizer {
    inner: Tokenizer,
    begin: u32,
    end: u32,
}

/// A tokenizer file that does not parse, or a sentence it fails on.
#[derive(Debug, thiserror::Error)]
#[error("tokenizer.json: {0}")]
pub struct TokenizeError(String);

/// The pieces of one sentence, without begin and end marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Ids in the vocabulary.
    pub ids: Vec<u32>,
    /// Bytes each piece covers, leading white space left out; empty for a lone word mark.
    pub offsets: Vec<Range<usize>>,
}

/// What carries one tag: a word in Latin script, a piece elsewhere. (Measured on our own Chinese sentences: 99.7 % of
/// span borders fall on piece borders, so single characters would cost 40 % more tokens for nothing.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// First byte in the sentence.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Index of its first piece, whose logits are the unit's.
    pub piece: usize,
}

/// Longest window in pieces, begin and end marks included.
pub const WINDOW: usize = 128;
/// Pieces by which windows overlap.
pub const OVERLAP: usize = 32;

impl PieceTokenizer {
    /// Reads `tokenizer.json`.
    ///
    /// # Errors
    /// If it does not parse or lacks `<s>` and `</s>` (or `[CLS]` and `[SEP]`).
    pub fn parse(json: &[u8]) -> Result<Self, TokenizeError> {
        let bad = TokenizeError;
        let mut inner = Tokenizer::from_bytes(json).map_err(|e| bad(e.to_string()))?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|e| bad(e.to_string()))?;
        let mark = |names: [&str; 2]| names.iter().find_map(|n| inner.token_to_id(n)).ok_or_else(|| bad(format!("lacks {}", names[0])));
        let (begin, end) = (mark(["<s>", "[CLS]"])?, mark(["</s>", "[SEP]"])?);
        Ok(Self { inner, begin, end })
    }

    /// Pieces of a sentence.
    ///
    /// # Errors
    /// If the tokenizer fails.
    pub fn pieces(&self, sentence: &str) -> Result<Pieces, TokenizeError> {
        let encoding = self.inner.encode(sentence, false).map_err(|e| TokenizeError(e.to_string()))?;
        let trim = |&(start, end): &(usize, usize)| {
            let covered = sentence.get(start..end).unwrap_or("");
            end - covered.trim_start().len()..end
        };
        Ok(Pieces { ids: encoding.get_ids().to_vec(), offsets: encoding.get_offsets().iter().map(trim).collect() })
    }

    /// One window of pieces between begin and end marks, as the encoder reads it.
    pub fn marked(&self, ids: &[u32]) -> Vec<u32> {
        let mut out = Vec::with_capacity(ids.len() + 2);
        out.push(self.begin);
        out.extend_from_slice(ids);
        out.push(self.end);
        out
    }
}

/// The units of a sentence as the page reads it.
pub fn units(sentence: &str, pieces: &Pieces) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::new();
    for (piece, at) in pieces.offsets.iter().enumerate().filter(|(_, at)| !at.is_empty()) {
        let at = without_marks(sentence, at);
        let joins = |a: Option<char>, b: Option<char>| a.is_some_and(word_inside) && b.is_some_and(word_inside);
        match out.last_mut() {
            Some(last) if last.end == at.start && joins(sentence[..at.start].chars().next_back(), sentence[at.start..].chars().next()) => last.end = at.end,
            // A character split over several pieces is one unit.
            Some(last) if last.end > at.start => last.end = last.end.max(at.end),
            _ => out.push(Unit { start: at.start, end: at.end, piece }),
        }
    }
    out
}

/// The bytes of a piece without punctuation at its edges (a piece may be `运行、`); a piece of nothing else stays.
fn without_marks(sentence: &str, at: &Range<usize>) -> Range<usize> {
    let mark = |c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '!' | '?' | '"' | '、' | '。' | '，' | '；' | '：' | '（' | '）' | '“' | '”');
    let covered = sentence.get(at.clone()).unwrap_or("");
    let from_start = covered.trim_start_matches(mark);
    let inner = from_start.trim_end_matches(mark);
    if inner.is_empty() { at.clone() } else { at.end - from_start.len()..at.end - from_start.len() + inner.len() }
}

/// The units of a sentence whose words are given: a unit a word, its first overlapping piece the one that counts.
pub fn word_units(words: &[Range<usize>], pieces: &Pieces) -> Vec<Unit> {
    let mut from = 0;
    words
        .iter()
        .map(|w| {
            while from + 1 < pieces.offsets.len() && pieces.offsets[from].end <= w.start {
                from += 1;
            }
            Unit { start: w.start, end: w.end, piece: from }
        })
        .collect()
}

/// True for characters that make words of several pieces: letters and digits outside Chinese.
fn word_inside(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

/// True for Chinese characters.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Windows over `count` pieces, in order and overlapping; one empty window where there are none.
pub fn windows(count: usize) -> Vec<Range<usize>> {
    let room = WINDOW - 2;
    let mut out = Vec::new();
    let mut start = 0;
    loop {
        let end = (start + room).min(count);
        out.push(start..end);
        if end == count {
            return out;
        }
        start = end - OVERLAP;
    }
}

/// The window in which a piece stands farthest from an edge.
pub fn best_window(windows: &[Range<usize>], piece: usize) -> usize {
    let room = |w: &Range<usize>| if w.contains(&piece) { Some((piece - w.start).min(w.end - piece)) } else { None };
    (0..windows.len()).max_by_key(|&i| (room(&windows[i]), std::cmp::Reverse(i))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_every_piece_and_overlap() {
        for count in [0, 1, 126, 127, 220, 221, 748] {
            let w = windows(count);
            assert_eq!(w[0].start, 0);
            assert_eq!(w[w.len() - 1].end, count);
            assert!(w.iter().all(|r| r.len() <= WINDOW - 2));
            assert!(w.windows(2).all(|p| p[1].start + OVERLAP == p[0].end));
        }
    }

    #[test]
    fn a_piece_in_an_overlap_belongs_to_the_window_that_sees_more_around_it() {
        let w = windows(220); // 0..126, 94..220
        assert_eq!(best_window(&w, 10), 0);
        assert_eq!(best_window(&w, 100), 0);
        assert_eq!(best_window(&w, 120), 1);
        assert_eq!(best_window(&w, 219), 1);
    }

    #[test]
    fn punctuation_at_the_edge_of_a_piece_is_no_part_of_its_unit() {
        let text = "开机和运行、检查";
        let pieces = Pieces { ids: vec![0; 4], offsets: vec![0..6, 6..9, 9..18, 18..24] };
        let found: Vec<&str> = units(text, &pieces).iter().map(|u| &text[u.start..u.end]).collect();
        assert_eq!(found, ["开机", "和", "运行", "检查"]);
        assert_eq!(units("、", &Pieces { ids: vec![0], offsets: vec![0..3] }).len(), 1);
    }

    #[test]
    fn a_latin_word_is_one_unit_and_chinese_pieces_are_their_own() {
        let text = "会用SolidWorks 2022画图";
        let at = |s: &str| {
            let start = text.find(s).unwrap();
            start..start + s.len()
        };
        let pieces = Pieces { ids: vec![0; 7], offsets: vec![0..0, at("会"), at("用"), at("Solid"), at("Works"), at("2022"), at("画图")] };
        let found: Vec<&str> = units(text, &pieces).iter().map(|u| &text[u.start..u.end]).collect();
        assert_eq!(found, ["会", "用", "SolidWorks", "2022", "画图"]);
    }
}
