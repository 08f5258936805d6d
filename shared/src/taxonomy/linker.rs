//! From a phrase to the competences it may mean: names and aliases by rule, else the nearest by vector and by words.
//! Not the tagging of phrases, and no decision of the person's.
use super::words::{key, tokens};
use super::{CompetenceKind, NameVectors, Taxonomy};
use crate::compare::larger;
use crate::span::LinkedBy;
use crate::text::is_han;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was fitted for linking, on phrases whose competence is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkCalibration {
    /// Weight of the overlap of words beside the cosine of vectors.
    pub overlap_weight: f32,
    /// Probability that an alias inside a phrase tells what the phrase means.
    #[serde(default)]
    pub part: f32,
    /// How much the lead over the next one counts beside the score itself.
    #[serde(default)]
    pub lead_weight: f32,
    /// `language → (slope, offset)`: the probability that the first match is right is σ(slope · x + offset), x its score
    /// plus the weighted lead; that of a later one the same without a lead.
    pub probability: BTreeMap<String, (f32, f32)>,
    /// A match below this probability is none.
    pub threshold: f32,
}

/// Below this probability a match is none.
const THRESHOLD: f32 = 0.5;

impl Default for LinkCalibration {
    fn default() -> Self {
        Self { overlap_weight: 0.5, part: 0.5, lead_weight: 0.0, probability: BTreeMap::new(), threshold: THRESHOLD }
    }
}

/// A competence that a phrase may mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkMatch {
    /// Its place in [`Taxonomy::competences`].
    pub competence: u32,
    /// Probability that it is meant, 0..1, where it was fitted; else the raw score.
    pub score: f32,
    /// By name, by a part of the phrase, or by nearness.
    pub by: LinkedBy,
}

/// Names, words and vectors made ready for search. What can be linked to is a list of names in up to two languages: the
/// competences of the taxonomy, or any other list.
pub struct Linker {
    keys: BTreeMap<String, Vec<u32>>,
    /// Token → (weight, names that hold it).
    postings: BTreeMap<String, (f32, Vec<u32>)>,
    /// Name → (competence, length of its tokens as a vector).
    names: Vec<(u32, f32)>,
    vectors: [NameVectors; 2],
    /// Their numbers are below this.
    things: usize,
    /// First token → aliases that tell what a phrase means wherever they stand in it.
    parts: BTreeMap<String, Vec<(Vec<String>, u32)>>,
    calibration: LinkCalibration,
}

/// One name of the thing with this number.
type Named<'a> = (&'a str, u32);

impl Linker {
    /// Over the competences of a taxonomy.
    pub fn of(taxonomy: &Taxonomy, calibration: LinkCalibration) -> Self {
        let competences = || taxonomy.competences.iter().zip(0u32..);
        let english = competences().map(|(c, i)| (c.name_en.as_str(), i));
        let chinese = competences().map(|(c, i)| (c.name_zh.as_str(), i)).filter(|(name, _)| !name.is_empty());
        let aliases = taxonomy.aliases.iter().map(|(name, i)| (name.as_str(), *i));
        let vectors = [taxonomy.english.clone(), taxonomy.chinese.clone()];
        let mut linker = Self::new(english.chain(chinese).chain(aliases), vectors, calibration);
        for (alias, thing) in &taxonomy.aliases {
            let words = tokens(alias);
            // The aliases of technologies are made by rule, and a span of its own shows a technology in a longer phrase; one
            // word alone names an area of knowledge ("engineering") and tells nothing inside a phrase ("told the engineer").
            let telling = match taxonomy.competences.get(*thing as usize).map(|c| c.kind) {
                Some(CompetenceKind::Activity) => alias.chars().count() > 1,
                Some(CompetenceKind::Knowledge | CompetenceKind::Skill) => words.len() > 1,
                Some(CompetenceKind::Technology) | None => false,
            };
            if let Some(first) = words.first().filter(|_| telling) {
                linker.parts.entry(first.clone()).or_default().push((words, *thing));
            }
        }
        linker
    }

    /// Over names of things numbered from 0, with vectors of names in English and Chinese.
    pub fn new<'a>(named: impl IntoIterator<Item = Named<'a>>, vectors: [NameVectors; 2], calibration: LinkCalibration) -> Self {
        let mut keys: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut holders: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut names = Vec::new();
        let mut of_name = Vec::new();
        for ((name, thing), number) in named.into_iter().zip(0u32..) {
            let slot = keys.entry(key(name)).or_default();
            if !slot.contains(&thing) {
                slot.push(thing);
            }
            let mut words = tokens(name);
            words.sort();
            words.dedup();
            for word in &words {
                holders.entry(word.clone()).or_default().push(number);
            }
            names.push((thing, 0.0));
            of_name.push(words);
        }
        let all = names.len().max(1) as f32;
        let postings: BTreeMap<String, (f32, Vec<u32>)> = holders.into_iter().map(|(w, n)| (w, ((1.0 + all / n.len() as f32).ln(), n))).collect();
        for (name, words) in names.iter_mut().zip(&of_name) {
            name.1 = words.iter().filter_map(|w| postings.get(w)).map(|(weight, _)| weight * weight).sum::<f32>().sqrt();
        }
        let things = names.iter().map(|(thing, _)| thing).chain(vectors.iter().flat_map(|of| &of.of)).map(|thing| *thing as usize + 1).max().unwrap_or(0);
        Self { keys, postings, names, vectors, things, parts: BTreeMap::new(), calibration }
    }

    /// Takes another calibration.
    pub fn calibrate(&mut self, calibration: LinkCalibration) {
        self.calibration = calibration;
    }

    /// What bears exactly this name or alias.
    pub fn named(&self, phrase: &str) -> &[u32] {
        self.keys.get(&key(phrase)).map_or(&[], Vec::as_slice)
    }

    /// What a phrase is linked to by rule: what bears its name, else what the aliases in it name, the longest first and
    /// none within another.
    pub fn by_rule(&self, phrase: &str) -> Vec<LinkMatch> {
        let named = self.named(phrase);
        if !named.is_empty() {
            return named.iter().map(|&competence| LinkMatch { competence, score: 1.0, by: LinkedBy::Name }).collect();
        }
        let words = tokens(phrase);
        let mut found: Vec<(usize, usize, u32)> = Vec::new();
        for (start, word) in words.iter().enumerate() {
            for (alias, thing) in self.parts.get(word).into_iter().flatten() {
                if words.get(start..start + alias.len()).is_some_and(|inside| inside == alias) {
                    found.push((start, alias.len(), *thing));
                }
            }
        }
        found.sort_by_key(|&(start, length, thing)| (std::cmp::Reverse(length), start, thing));
        let mut kept: Vec<(usize, usize, u32)> = Vec::new();
        for (start, length, thing) in found {
            let within = |&(other, its, same): &(usize, usize, u32)| same == thing || (start < other + its && other < start + length);
            if !kept.iter().any(within) {
                kept.push((start, length, thing));
            }
        }
        kept.truncate(LINKS_A_PHRASE);
        kept.iter().map(|&(_, _, competence)| LinkMatch { competence, score: self.calibration.part, by: LinkedBy::Part }).collect()
    }

    /// Cosine of the words of a phrase with each name that shares one, the best name of a thing counting, 0..1.
    fn overlap(&self, phrase: &str) -> BTreeMap<u32, f32> {
        let mut words = tokens(phrase);
        words.sort();
        words.dedup();
        // A word that no name holds weighs as the rarest.
        let rarest = (1.0 + self.names.len().max(1) as f32).ln();
        let weight = |w: &String| self.postings.get(w).map_or(rarest, |(weight, _)| *weight);
        let length = words.iter().map(|w| weight(w).powi(2)).sum::<f32>().sqrt().max(1e-6);
        let mut shared: BTreeMap<u32, f32> = BTreeMap::new();
        for (weight, holders) in words.iter().filter_map(|w| self.postings.get(w)) {
            for name in holders {
                *shared.entry(*name).or_default() += weight * weight;
            }
        }
        let mut best: BTreeMap<u32, f32> = BTreeMap::new();
        for (name, dot) in shared {
            let Some((thing, norm)) = self.names.get(name as usize) else { continue };
            let slot = best.entry(*thing).or_default();
            *slot = larger(dot / (length * larger(*norm, 1e-6)), *slot);
        }
        best
    }

    /// Raw scores of everything near a phrase: cosine of its vector with the nearest name, plus the weighted overlap of
    /// words. Technologies have no vectors: theirs is the overlap alone.
    pub fn scores(&self, phrase: &str, vector: Option<&[f32]>) -> Vec<(u32, f32)> {
        // Of nothing near there is none.
        let mut scores = vec![f32::NEG_INFINITY; self.things];
        if let Some(vector) = vector {
            let [english, chinese] = &self.vectors;
            let own = if phrase.chars().any(is_han) { chinese } else { english };
            let centred = own.centred(vector);
            for (thing, cosine) in self.vectors.iter().flat_map(|v| v.cosines(&centred)) {
                if let Some(slot) = scores.get_mut(thing as usize) {
                    *slot = larger(cosine, *slot);
                }
            }
        }
        for (thing, overlap) in self.overlap(phrase) {
            if let Some(slot) = scores.get_mut(thing as usize) {
                *slot = self.calibration.overlap_weight * overlap + if slot.is_finite() { *slot } else { 0.0 };
            }
        }
        (0..).zip(scores).filter(|(_, score)| score.is_finite()).collect()
    }

    /// The `top` likeliest competences of a phrase, best first; what it is linked to by rule comes first. Nothing is left
    /// out for being unlikely: see [`Linker::link`].
    pub fn nearest(&self, phrase: &str, vector: Option<&[f32]>, top: usize) -> Vec<LinkMatch> {
        let mut out = self.by_rule(phrase);
        let mut scores = self.scores(phrase, vector);
        scores.retain(|(thing, _)| !out.iter().any(|m| m.competence == *thing));
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let language = if phrase.chars().any(is_han) { "zh" } else { "en" };
        let fitted = self.calibration.probability.get(language);
        let probability = |score: f32| fitted.map_or(score, |(slope, offset)| 1.0 / (1.0 + (-(slope * score.min(SCORE_CAP) + offset)).exp()));
        let lead = match scores[..] {
            [(_, first), (_, second), ..] => self.calibration.lead_weight * (first - second),
            _ => 0.0,
        };
        let near = |(rank, (competence, score)): (usize, (u32, f32))| LinkMatch {
            competence,
            score: probability(if rank == 0 { score + lead } else { score }),
            by: LinkedBy::Nearness,
        };
        out.truncate(top);
        let rest = top - out.len();
        out.extend(scores.into_iter().take(rest).enumerate().map(near));
        out
    }

    /// What a phrase is linked to: by rule, or else the nearest above the threshold; or nothing.
    pub fn link(&self, phrase: &str, vector: Option<&[f32]>) -> Vec<LinkMatch> {
        let mut found = self.by_rule(phrase);
        if found.is_empty() {
            found = self.nearest(phrase, vector, LINKS_A_PHRASE);
            found.retain(|m| m.score >= self.calibration.threshold);
        }
        found
    }
}

/// A score above this one says no more: it comes of a single shared rare word.
pub const SCORE_CAP: f32 = 1.5;
/// A phrase is linked to at most so many competences.
pub const LINKS_A_PHRASE: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::Competence;

    fn linker(calibration: LinkCalibration) -> Linker {
        let named = [("Inspect equipment", 0), ("点检设备", 0), ("Repair machines", 1), ("C++", 2), ("Cook meals", 3)];
        Linker::new(named, Default::default(), calibration)
    }

    #[test]
    fn a_name_or_alias_links_by_rule_whatever_its_form() {
        for (phrase, expected) in [("inspect EQUIPMENT", 0), ("点检 设备", 0), ("c++", 2)] {
            let found = linker(LinkCalibration::default()).link(phrase, None);
            assert_eq!(found.iter().map(|m| (m.competence, m.by)).collect::<Vec<_>>(), [(expected, LinkedBy::Name)]);
        }
    }

    #[test]
    fn shared_words_rank_and_the_threshold_gives_no_match() {
        let linker = linker(LinkCalibration { overlap_weight: 1.0, threshold: 0.4, ..LinkCalibration::default() });
        assert_eq!(linker.nearest("repairing a machine", None, 1)[0].competence, 1);
        assert_eq!(linker.nearest("设备的点检", None, 1)[0].competence, 0);
        assert!(linker.link("played the violin", None).is_empty());
        assert_eq!(linker.link("daily inspection of equipment", None)[0].competence, 0);
    }

    #[test]
    fn an_alias_inside_a_phrase_links_it_the_longest_first() {
        let activity = |id: &str| Competence { id: id.into(), kind: CompetenceKind::Activity, name_en: id.into(), name_zh: String::new() };
        let taxonomy = Taxonomy {
            competences: ["inspect", "inspect gauges", "load", "excel"].map(activity).into(),
            aliases: [("点检", 0), ("量具点检", 1), ("load and unload", 2), ("Excel", 3)].map(|(words, i)| (words.into(), i)).into(),
            ..Taxonomy::default()
        };
        let linker = Linker::of(&taxonomy, LinkCalibration { part: 0.8, ..LinkCalibration::default() });
        let parts = |phrase: &str| linker.by_rule(phrase).iter().map(|m| (m.competence, m.by)).collect::<Vec<_>>();
        assert_eq!(parts("机器人日常点检"), [(0, LinkedBy::Part)]);
        assert_eq!(parts("做量具点检"), [(1, LinkedBy::Part)]);
        assert_eq!(parts("Loaded and unloaded presses, kept Excel lists"), [(2, LinkedBy::Part), (3, LinkedBy::Part)]);
        assert_eq!(parts("点检"), [(0, LinkedBy::Name)]);
        assert!(parts("unloaded lorries, then loaded").is_empty());
    }

    #[test]
    fn the_score_is_cosine_plus_weighted_overlap() {
        // Two names a quarter turn apart around their mean; the query lies on the first.
        let english = NameVectors::pack(vec![0, 1], &[vec![1.0, 0.0], vec![0.0, 1.0]]);
        let calibration = LinkCalibration { overlap_weight: 0.25, ..LinkCalibration::default() };
        let linker = Linker::new([("weld", 0), ("paint", 1)], [english, NameVectors::default()], calibration);
        let scores = linker.scores("weld", Some(&[1.0, 0.0]));
        assert!((scores[0].1 - 1.25).abs() < 0.01 && (scores[1].1 + 1.0).abs() < 0.01, "{scores:?}");
    }
}
