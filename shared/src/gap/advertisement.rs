//! What job advertisements ask for, must and nice-to-have apart, from the competences that their phrases mean. Not how a
//! phrase finds its competence: that is `taxonomy`.
use crate::span::{FoundSpan, SpanContext, SpanLink};
use crate::text::Sentence;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// A phrase of an advertisement that means a competence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdLink {
    /// Which of the advertisements, from 0.
    pub ad: usize,
    /// Bytes of the phrase in its text.
    pub at: Range<usize>,
    /// Place of the competence in the taxonomy.
    pub competence: u32,
    /// A must; else nice to have.
    pub must: bool,
}

impl AdLink {
    /// Of an advertisement as it was analysed, its number `ad`; `place` finds a competence by its id. Each phrase means its
    /// likeliest competence; what is said not to be needed is left out.
    pub fn all(ad: usize, text: &str, sentences: &[Sentence], spans: &[FoundSpan], found: &[Vec<SpanLink>], place: &dyn Fn(&str) -> Option<u32>) -> Vec<Self> {
        let words = |sentence: &Sentence| text.get(sentence.start..sentence.end).unwrap_or("").trim();
        let lines: Vec<(&str, bool)> = sentences.iter().map(|s| (words(s), s.heading || words(s).ends_with([':', '：']))).collect();
        let asked = musts(&lines);
        let link = |(span, links): (&FoundSpan, &Vec<SpanLink>)| {
            let competence = place(&links.first()?.id)?;
            let sentence = sentences.iter().position(|s| s.start <= span.start && span.start < s.end);
            let must = sentence.and_then(|at| asked.get(at)).copied().unwrap_or(true);
            Some(Self { ad, at: span.start..span.end, competence, must })
        };
        spans.iter().zip(found).filter(|(span, _)| span.context != SpanContext::Negated).filter_map(link).collect()
    }
}

/// What several advertisements ask together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdDemand {
    /// Place of the competence in the taxonomy.
    pub competence: u32,
    /// Mean over the advertisements, 0..1: a must counts 1, what is nice to have ½, silence 0.
    pub share: f32,
    /// A must in at least half of the advertisements that name it.
    pub must: bool,
    /// How many name it.
    pub named_in: usize,
    /// The phrases: advertisement, bytes.
    pub phrases: Vec<(usize, Range<usize>)>,
}

/// One target of several advertisements, by competence. Within one, a must outweighs a wish.
pub fn together(links: &[AdLink], ads: usize) -> Vec<AdDemand> {
    // Competence → advertisement → must.
    let mut asked: BTreeMap<u32, BTreeMap<usize, bool>> = BTreeMap::new();
    let mut phrases: BTreeMap<u32, Vec<(usize, Range<usize>)>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.ad < ads) {
        *asked.entry(link.competence).or_default().entry(link.ad).or_default() |= link.must;
        phrases.entry(link.competence).or_default().push((link.ad, link.at.clone()));
    }
    let demand = |(competence, by_ad): (u32, BTreeMap<usize, bool>)| {
        let musts = by_ad.values().filter(|must| **must).count();
        let share = (musts as f32 + (by_ad.len() - musts) as f32 / 2.0) / ads as f32;
        AdDemand { competence, share, must: musts * 2 >= by_ad.len(), named_in: by_ad.len(), phrases: phrases.remove(&competence).unwrap_or_default() }
    };
    asked.into_iter().map(demand).collect()
}

/// Words by which advertisements mark a wish. Chinese ones follow what is wished ("…者优先"), English ones stand on either side.
const WISHES: [&str; 22] = [
    "nice to have", "nice-to-have", "preferred", "preferably", "a plus", "is a bonus", "would be a bonus", "an advantage", "advantageous", "desirable",
    "ideally", "bonus points", "beneficial", "not required", "good to have", "优先", "加分", "更佳", "为佳", "最好", "不作要求", "不限",
];
/// Words by which they mark a must, for a heading.
const MUSTS: [&str; 12] = ["require", "must", "essential", "minimum", "you have", "qualifications", "what you bring", "任职要求", "岗位要求", "任职资格", "必备", "必须"];

/// Whether a sentence or heading says must (`true`), nice to have (`false`), or neither.
pub fn says_must(text: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if names(&WISHES) { Some(false) } else { names(&MUSTS).then_some(true) }
}

/// For each line of an advertisement (text, is a heading) whether it asks as a must: by its own words, else by those of the
/// heading above, else it does.
pub fn musts(lines: &[(&str, bool)]) -> Vec<bool> {
    let mut under = None;
    let of = |(text, heading): &(&str, bool)| {
        let own = says_must(text);
        if *heading {
            under = own;
        }
        own.or(under).unwrap_or(true)
    };
    lines.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_advertisements_make_one_target() {
        let link = |ad, competence, must| AdLink { ad, at: 3..9, competence, must };
        // 7: a must in the first (though also wished), wished in the second; 8: wished once; 9: a must in all.
        let links = [link(0, 7, false), link(0, 7, true), link(1, 7, false), link(1, 8, false), link(0, 9, true), link(1, 9, true), link(2, 9, true)];
        let found: Vec<_> = together(&links, 3).into_iter().map(|d| (d.competence, d.share, d.must, d.named_in, d.phrases.len())).collect();
        assert_eq!(found, [(7, 0.5, true, 2, 3), (8, 0.5 / 3.0, false, 1, 1), (9, 1.0, true, 3, 3)]);
    }

    #[test]
    fn a_wish_is_told_from_a_must_by_its_words_or_its_heading() {
        for (text, says) in [
            ("Experience with PLCs is a plus", Some(false)),
            ("有PLC编程经验者优先", Some(false)),
            ("Must hold a forklift licence", Some(true)),
            ("任职要求：", Some(true)),
            ("Reading drawings", None),
        ] {
            assert_eq!(says_must(text), says, "{text}");
        }
        let lines = [("Reading drawings", false), ("Nice to have", true), ("Welding", false), ("You must know 5S", false), ("About us", true), ("Welding", false)];
        assert_eq!(musts(&lines), [true, false, false, true, true, true]);
    }
}
