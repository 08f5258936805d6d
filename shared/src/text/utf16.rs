//! Byte offsets to UTF-16 code unit offsets and back, for the page's ranges. Not characters as a person counts them.

/// A map of one text: a mark at every [`Utf16Map::STEP`] bytes, the rest counted on demand.
#[derive(Clone, Debug)]
pub struct Utf16Map<'t> {
    text: &'t str,
    /// (byte, UTF-16 unit) at character starts, ascending.
    marks: Vec<(usize, usize)>,
}

impl<'t> Utf16Map<'t> {
    const STEP: usize = 256;

    /// Builds the map in one pass over `text`.
    pub fn new(text: &'t str) -> Self {
        let mut marks = vec![(0, 0)];
        let (mut units, mut next) = (0, Self::STEP);
        for (byte, c) in text.char_indices() {
            if byte >= next {
                marks.push((byte, units));
                next = byte + Self::STEP;
            }
            units += c.len_utf16();
        }
        Self { text, marks }
    }

    /// The UTF-16 offset of a byte offset; a byte inside a character counts as its start, past the end as the end.
    pub fn utf16_from_byte(&self, byte: usize) -> usize {
        let (mark_byte, mark_unit) = self.mark(|m| m.0 <= byte);
        let rest = self.text.get(mark_byte..).unwrap_or("");
        mark_unit + rest.char_indices().take_while(|(at, c)| mark_byte + at + c.len_utf8() <= byte).map(|(_, c)| c.len_utf16()).sum::<usize>()
    }

    /// The byte offset of a UTF-16 offset; a unit inside a surrogate pair counts as its start, past the end as the end.
    pub fn byte_from_utf16(&self, unit: usize) -> usize {
        let (mark_byte, mark_unit) = self.mark(|m| m.1 <= unit);
        let mut at = (mark_byte, mark_unit);
        for c in self.text.get(mark_byte..).unwrap_or("").chars() {
            if at.1 + c.len_utf16() > unit {
                break;
            }
            at = (at.0 + c.len_utf8(), at.1 + c.len_utf16());
        }
        at.0
    }

    fn mark(&self, before: impl Fn(&(usize, usize)) -> bool) -> (usize, usize) {
        let past = self.marks.partition_point(before);
        self.marks.get(past.saturating_sub(1)).copied().unwrap_or((0, 0))
    }
}
