//! The text of a review cut into lines and segments for display. Not what the entries are.
use waymark_shared::analyse::SpanKind;
use waymark_shared::text::{Sentence, typeset};

use super::Review;

/// What a line of a CV is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Heading of a section.
    Heading,
    /// Begins with a bullet.
    Bullet,
    /// Anything else.
    Plain,
    /// Nothing in it.
    Blank,
}

/// A line of the text as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its first byte in the text.
    pub start: usize,
    /// How it is set.
    pub kind: LineKind,
    /// Its words in order, nothing left out.
    pub segments: Vec<Segment>,
}

/// Words that belong to the same entries; entries of different kinds may lie over each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The words.
    pub words: String,
    /// Numbers and kinds of the entries over them, one of a kind.
    pub over: Vec<(usize, SpanKind)>,
    /// Numbers of the entries that end here.
    pub ends: Vec<usize>,
    /// The sentence, if nothing was found in it.
    pub unplaced: Option<usize>,
}

impl Review {
    /// The text as lines of segments.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut start = 0;
        for words in self.text.split('\n') {
            let end = start + words.len();
            lines.push(self.line(start, end));
            start = end + 1;
        }
        lines
    }

    fn line(&self, start: usize, end: usize) -> Line {
        let words = self.text.get(start..end).unwrap_or_default();
        let trimmed = words.trim();
        let overlaps = |a: usize, b: usize| a < end && b > start;
        let heading = self.analysis.sentences.iter().any(|s| s.heading && overlaps(s.start, s.end));
        let kind = if trimmed.is_empty() {
            LineKind::Blank
        } else if heading {
            LineKind::Heading
        } else if trimmed.starts_with(['-', '•', '·', '▪', '●', '*', '–', '◆', '■', '○']) {
            LineKind::Bullet
        } else {
            LineKind::Plain
        };
        // (number, kind, place)
        let here: Vec<(usize, SpanKind, (usize, usize))> = (self.entries.iter())
            .flat_map(|entry| entry.places.iter().map(move |place| (entry.number, entry.kind, *place)))
            .filter(|(_, _, (a, b))| overlaps(*a, *b))
            .collect();
        let unplaced: Vec<(usize, &Sentence)> = (self.unplaced.iter())
            .filter_map(|index| Some((*index, self.analysis.sentences.get(*index)?)))
            .filter(|(_, s)| overlaps(s.start, s.end))
            .collect();
        let mut cuts = vec![start, end];
        for (a, b) in here.iter().map(|(_, _, place)| *place).chain(unplaced.iter().map(|(_, s)| (s.start, s.end))) {
            for cut in [a, b] {
                if let Err(place) = cuts.binary_search(&cut)
                    && cut > start
                    && cut < end
                {
                    cuts.insert(place, cut);
                }
            }
        }
        let mut segments = Vec::new();
        // The same characters, so they are counted off.
        let shown = typeset(words);
        let mut shown = shown.chars();
        for pair in cuts.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let Some(words) = self.text.get(a..b) else { continue };
            let of = |kind: SpanKind| here.iter().find(|(_, k, place)| *k == kind && place.0 <= a && b <= place.1).map(|(number, ..)| (*number, kind));
            segments.push(Segment {
                words: shown.by_ref().take(words.chars().count()).collect(),
                over: self.analysis.tag_set.kinds().filter_map(of).collect(),
                ends: here.iter().filter(|(_, _, place)| place.1 == b).map(|(number, ..)| *number).collect(),
                unplaced: unplaced.iter().find(|(_, s)| s.start <= a && b <= s.end).map(|(index, _)| *index),
            });
        }
        Line { start, kind, segments }
    }
}
