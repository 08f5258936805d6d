//! The dictionary tagger: terms that are a skill or knowledge wherever they stand. Not a model: it tells no context.
use crate::span::SpanKind;
use aho_corasick::{AhoCorasick, MatchKind};

/// Our own term lists (CC0): term, tab, kind.
const LISTS: [&str; 2] = [include_str!("gazetteer/en.tsv"), include_str!("gazetteer/zh.tsv")];

/// Terms compiled for search.
pub struct Gazetteer {
    terms: AhoCorasick,
    kinds: Vec<SpanKind>,
}

/// A term found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermMatch {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Skill or knowledge.
    pub kind: SpanKind,
}

impl Gazetteer {
    /// The dictionary that is part of the program. `None` only if its lists were too large to compile.
    pub fn built_in() -> Option<Self> {
        let entries = LISTS.iter().flat_map(|list| list.lines()).filter_map(|line| line.split_once('\t'));
        let (terms, kinds): (Vec<&str>, Vec<SpanKind>) =
            entries.map(|(term, kind)| (term, if kind == "skill" { SpanKind::Skill } else { SpanKind::Knowledge })).unzip();
        let terms = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(terms).ok()?;
        Some(Self { terms, kinds })
    }

    /// Terms in a text, the leftmost longest first, none overlapping; Latin terms only as whole words.
    pub fn find(&self, text: &str) -> Vec<TermMatch> {
        let whole = |start: usize, end: usize| {
            let inside = |c: char| c.is_ascii_alphanumeric();
            let joins = |outer: Option<char>, inner: Option<char>| outer.is_some_and(inside) && inner.is_some_and(inside);
            !joins(text[..start].chars().next_back(), text[start..end].chars().next()) && !joins(text[end..].chars().next(), text[start..end].chars().next_back())
        };
        self.terms
            .find_iter(text)
            .filter(|m| whole(m.start(), m.end()))
            .filter_map(|m| Some(TermMatch { start: m.start(), end: m.end(), kind: *self.kinds.get(m.pattern().as_usize())? }))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_as_whole_words_in_both_languages() {
        let gazetteer = Gazetteer::built_in().unwrap();
        let found = |text: &str| gazetteer.find(text).iter().map(|m| text[m.start..m.end].to_string()).collect::<Vec<_>>();
        assert_eq!(found("PLC and cnc lathe work"), ["PLC", "cnc lathe"]);
        assert_eq!(found("持有低压电工证，会开数控车床"), ["低压电工证", "数控车床"]);
        assert!(found("PLCs2 sqlx").is_empty());
    }

    #[test]
    fn every_line_of_the_lists_is_a_term_and_a_kind() {
        for line in LISTS.iter().flat_map(|l| l.lines()) {
            let (term, kind) = line.split_once('\t').unwrap();
            assert!(!term.trim().is_empty() && matches!(kind, "skill" | "knowledge"), "{line}");
        }
    }
}
