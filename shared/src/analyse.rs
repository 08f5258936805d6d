//! Tagging a whole CV: sentences, dictionary and model brought together, in steps that can be watched and stopped.
use crate::model::tagger::{Prepared, SentenceSpan, UnitLogits};
use crate::model::{ModelError, NeuralTagger};
use crate::personal::{Neutral, PersonalRules, Unread, everywhere};
pub use crate::personal::{PersonalKind, PersonalSpan};
pub use crate::span::{CompetenceKind, DescribedOccupation, FoundBy, FoundSpan, LinkedBy, SpanContext, SpanKind, SpanLink, TagSetName};
use crate::taxonomy::Taxonomy;
use crate::taxonomy::linker::{LinkMatch, Linker};
use crate::text::{Language, Sentence};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one CV shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// What was looked for.
    pub tag_set: TagSetName,
    /// The language most of the text is in.
    pub language: Language,
    /// The sentences that were read, in order.
    pub sentences: Vec<Sentence>,
    /// The spans found, sorted by start, then end (longer first), then kind.
    pub spans: Vec<FoundSpan>,
    /// What each span means, in the order of the spans, the likeliest first; none where nothing is near enough.
    pub links: Vec<Vec<SpanLink>>,
    /// The occupations that the text describes, the likeliest first.
    pub occupations: Vec<DescribedOccupation>,
    /// Personal data found; no span lies over any.
    pub personal: Vec<PersonalSpan>,
}

/// Sentences done and sentences to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Sentences done.
    pub done: usize,
    /// Sentences in all.
    pub total: usize,
}

/// Sentences tagged in one step. (The more, the less padding costs; the fewer, the sooner a cancel is heard.)
const STEP_SENTENCES: usize = 8;

/// Tagging one CV in steps, so that the caller can show progress and stop between them.
pub struct AnalyseJob {
    text: String,
    tag_set: TagSetName,
    language: Language,
    sentences: Vec<Sentence>,
    personal: Vec<PersonalSpan>,
    /// What the tagger does not read: who the person is.
    unread: Vec<Unread>,
    /// The sentences as the tagger reads them.
    read: Vec<Neutral>,
    /// Sentences to tag, short ones first: neither headings nor lines of a career break.
    order: Vec<usize>,
    done: usize,
    spans: Vec<FoundSpan>,
    /// Phrase → what it means, for those linked so far.
    linked: BTreeMap<String, Vec<LinkMatch>>,
    /// Read as what was fitted for advertisements has it.
    advertisement: bool,
}

/// What phrases are linked to.
pub struct Links {
    /// Names and weights.
    pub taxonomy: Taxonomy,
    /// Its competences made ready for search.
    pub linker: Linker,
}

impl Links {
    /// Of a taxonomy, with what was fitted for it.
    pub fn new(taxonomy: Taxonomy) -> Self {
        let linker = Linker::of(&taxonomy, taxonomy.calibration.clone());
        Self { taxonomy, linker }
    }
}

impl AnalyseJob {
    /// Splits the text and, for the open tag set, looks its terms up in the dictionary, which knows no other.
    pub fn new(text: &str, gazetteer: Option<&crate::gazetteer::Gazetteer>, tag_set: TagSetName) -> Self {
        let gazetteer = gazetteer.filter(|_| tag_set == TagSetName::Open);
        let sentences = crate::text::sentences(text);
        let (personal, unread) = PersonalRules::built_in().map_or_else(Default::default, |rules| {
            let personal = rules.find(text, &sentences);
            let unread = rules.unread(text, &personal);
            (personal, unread)
        });
        let read: Vec<Neutral> = sentences.iter().map(|s| Neutral::new(text, s.start, s.end, &unread)).collect();
        let mut order: Vec<usize> = (0..sentences.len()).filter(|&i| !sentences[i].heading && !crate::text::career_break(&read[i].text)).collect();
        // By what is read of them, so that a name that a rule knows changes no batch.
        order.sort_by_key(|&i| (read[i].text.len(), i));
        let mut spans = Vec::new();
        for (sentence, read) in order.iter().map(|&i| (sentences[i], &read[i])) {
            let terms = gazetteer.map(|g| g.find(&read.text)).unwrap_or_default();
            spans.extend(terms.into_iter().map(|t| (t.kind, read.back(t.start, t.end))).map(|(kind, (start, end))| FoundSpan {
                start: sentence.start + start,
                end: sentence.start + end,
                kind,
                confidence: RULE_CONFIDENCE,
                context: SpanContext::Own,
                by: FoundBy::Rule,
            }));
        }
        Self { text: text.into(), tag_set, language: crate::text::language(text), sentences, personal, unread, read, order, done: 0, spans, linked: BTreeMap::new(), advertisement: false }
    }

    /// The same of a job advertisement, if it is one.
    #[must_use]
    pub fn of_advertisement(self, advertisement: bool) -> Self {
        Self { advertisement, ..self }
    }

    /// The sentences as the tagger reads them, in its order: two texts that are read alike are tagged alike.
    pub fn read(&self) -> impl Iterator<Item = &str> {
        self.order.iter().filter_map(|&i| Some(self.read.get(i)?.text.as_str()))
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done, total: self.order.len() }
    }

    /// Tags the next few sentences.
    ///
    /// # Errors
    /// Those of the model; nothing found so far is lost.
    pub fn step(&mut self, tagger: &NeuralTagger) -> Result<Progress, ModelError> {
        let batch: Vec<usize> = self.order.iter().skip(self.done).take(STEP_SENTENCES).copied().collect();
        let mut read = self.read_by(tagger, &batch)?;
        // Where someone is named whom no rule knew, the sentence is read once more without the name.
        let named: Vec<usize> = read.iter().filter(|(i, prepared, logits)| self.put_aside(*i, prepared, logits, tagger)).map(|(i, ..)| *i).collect();
        read.retain(|(i, ..)| !named.contains(i));
        read.extend(self.read_by(tagger, &named)?);
        for (i, prepared, logits) in read {
            self.take(self.sentences[i], &prepared, logits, tagger);
        }
        self.done += batch.len();
        Ok(self.progress())
    }

    /// Sentences as the tagger reads them, units by their bytes as shown.
    fn read_by(&self, tagger: &NeuralTagger, which: &[usize]) -> Result<Vec<(usize, Prepared, UnitLogits)>, ModelError> {
        if which.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = which.iter().map(|i| tagger.prepare(&self.read[*i].text)).collect::<Result<Vec<_>, _>>()?;
        // The open heads and the personal one read the same pass as the contexts, whatever is looked for.
        let logits = tagger.unit_logits(&prepared, &[self.tag_set, TagSetName::Open, TagSetName::Personal])?;
        let shown = |((i, mut prepared), logits): ((&usize, Prepared), UnitLogits)| {
            prepared.units.iter_mut().for_each(|unit| (unit.start, unit.end) = self.read[*i].back(unit.start, unit.end));
            (*i, prepared, logits)
        };
        Ok(which.iter().zip(prepared).zip(logits).map(shown).collect())
    }

    /// Puts aside the names and home places that the model finds in a sentence, and what of the dictionary they hold; true where
    /// the sentence must be read without them. What lies within a term of the dictionary is none, nor what holds a whole skill; a name
    /// may well be taken for knowledge.
    fn put_aside(&mut self, which: usize, prepared: &Prepared, logits: &UnitLogits, tagger: &NeuralTagger) -> bool {
        let sentence = self.sentences[which];
        let (found, others): (Vec<_>, Vec<_>) = tagger.decode(&prepared.units, prepared.language, logits.clone()).into_iter().partition(|s| PersonalKind::named(&s.kind).is_some());
        let holds_a_skill = |span: &SentenceSpan| others.iter().any(|s| s.kind == SpanKind::Skill.name() && span.start <= s.start && s.end <= span.end);
        let mut again = false;
        for span in found.iter().filter(|span| !holds_a_skill(span)) {
            let place = without_edges(&self.text, sentence.start + span.start, sentence.start + span.end);
            let (Some((start, end)), Some(kind)) = (place, PersonalKind::named(&span.kind)) else { continue };
            let within = |from: usize, to: usize| from <= start && end <= to;
            if self.spans.iter().any(|s| s.by == FoundBy::Rule && within(s.start, s.end)) {
                continue;
            }
            again |= !self.unread.iter().any(|u| within(u.start, u.end));
            let found = PersonalSpan { start, end, kind };
            self.personal = crate::personal::joined([std::mem::take(&mut self.personal), vec![found]].concat());
            self.unread = Unread::joined([std::mem::take(&mut self.unread), vec![found.into()]].concat());
            self.spans.retain(|s| s.by != FoundBy::Rule || s.end <= start || end <= s.start);
        }
        if again {
            self.read[which] = Neutral::new(&self.text, sentence.start, sentence.end, &self.unread);
        }
        again
    }

    /// Adds what the model found in a sentence, never ending within a term of the dictionary; such a term stays by itself
    /// where no span of the model overlaps it in its layer, with the context the model reads there.
    fn take(&mut self, sentence: Sentence, prepared: &Prepared, logits: UnitLogits, tagger: &NeuralTagger) {
        let fitted_for = if self.advertisement { crate::model::tagger::advertisement(prepared.language) } else { prepared.language };
        for term in self.spans.iter_mut().filter(|s| s.by == FoundBy::Rule && s.start >= sentence.start && s.end <= sentence.end) {
            let first = prepared.units.iter().position(|u| sentence.start + u.end > term.start).unwrap_or(0);
            let last = prepared.units.iter().position(|u| sentence.start + u.start >= term.end).unwrap_or(prepared.units.len());
            term.context = tagger.context(&logits, first..last.max(first));
            term.confidence = tagger.calibration().rule_precision.get(prepared.language).copied().unwrap_or(term.confidence);
        }
        let mut found: Vec<FoundSpan> = tagger
            .decode(&prepared.units, fitted_for, logits)
            .into_iter()
            .filter_map(|s| Some((without_edges(&self.text, sentence.start + s.start, sentence.start + s.end)?, SpanKind::named(&s.kind).or_else(|| SpanKind::named(&s.layer))?, s)))
            .filter(|(_, kind, _)| kind.tag_set() == self.tag_set)
            .map(|((start, end), kind, s)| (with_whole_terms(start, end, &self.spans), kind, s))
            .map(|((start, end), kind, s)| FoundSpan {
                start,
                end,
                kind,
                confidence: tagger.confidence(&s, fitted_for),
                context: s.context,
                by: FoundBy::Model,
            })
            .collect();
        // Two spans that were cut by one term are one.
        found.sort_by_key(|s| (s.kind, s.start));
        found.dedup_by(|next, kept| {
            let one = next.kind == kept.kind && next.start < kept.end;
            kept.end = if one { kept.end.max(next.end) } else { kept.end };
            one
        });
        self.spans.retain(|t| t.by == FoundBy::Model || !found.iter().any(|f| f.kind == t.kind && f.start < t.end && t.start < f.end));
        self.spans.extend(found);
    }

    /// True when every sentence is tagged.
    pub fn finished(&self) -> bool {
        self.done >= self.order.len()
    }

    /// The words of a span as they are read, on one line.
    fn phrase(&self, span: &FoundSpan) -> String {
        Neutral::new(&self.text, span.start, span.end, &self.unread).text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Links the next few phrases; true when all are linked.
    ///
    /// # Errors
    /// Those of the model; nothing found so far is lost.
    pub fn link_step(&mut self, tagger: &NeuralTagger, links: &Links) -> Result<bool, ModelError> {
        let mut open: Vec<String> = self.spans.iter().map(|s| self.phrase(s)).filter(|p| !self.linked.contains_key(p)).collect();
        open.sort_by_key(|p| (p.len(), p.clone()));
        open.dedup();
        let mut rest = Vec::new();
        for phrase in open {
            match links.linker.by_rule(&phrase) {
                found if found.is_empty() => rest.push(phrase),
                found => {
                    self.linked.insert(phrase, found);
                }
            }
        }
        let finished = rest.len() <= STEP_PHRASES;
        rest.truncate(STEP_PHRASES);
        let vectors = tagger.sentence_vectors(&rest.iter().map(String::as_str).collect::<Vec<_>>())?;
        for (phrase, vector) in rest.into_iter().zip(vectors) {
            let found = links.linker.link(&phrase, Some(&vector));
            self.linked.insert(phrase, found);
        }
        Ok(finished)
    }

    /// What was found. Before the last step: terms of the dictionary, and the model's spans so far. Without `links` no
    /// span is linked and no occupation guessed.
    pub fn finish(mut self, links: Option<&Links>) -> Analysis {
        self.personal = everywhere(&self.text, self.personal);
        self.spans.retain(|s| !self.personal.iter().any(|p| s.start < p.end && p.start < s.end));
        self.finish_unmasked(links)
    }

    /// As [`AnalyseJob::finish`], with the spans over personal data left in: what a check of fairness compares.
    pub fn finish_unmasked(mut self, links: Option<&Links>) -> Analysis {
        self.spans.sort_by(|a, b| (a.start, std::cmp::Reverse(a.end), a.kind).cmp(&(b.start, std::cmp::Reverse(b.end), b.kind)));
        let matches: Vec<&[LinkMatch]> = self.spans.iter().map(|s| self.linked.get(&self.phrase(s)).map_or(&[][..], Vec::as_slice)).collect();
        let named = |m: &LinkMatch| links.and_then(|l| l.taxonomy.span_link(*m));
        let span_links = matches.iter().map(|m| m.iter().filter_map(named).collect()).collect();
        // What is held speaks for an occupation by the confidence of the span and of the link.
        let held: Vec<(u32, f32)> =
            self.spans.iter().zip(&matches).filter(|(s, _)| s.context.held()).flat_map(|(s, m)| m.iter().map(|m| (m.competence, s.confidence * m.score))).collect();
        // No title is looked up in words of a skill, nor in the name of a person or a school (Mr Baker, 护士学校).
        let places: Vec<(usize, usize)> = self.spans.iter().map(|s| (s.start, s.end)).chain(self.unread.iter().map(|u| (u.start, u.end))).chain(self.personal.iter().map(|p| (p.start, p.end))).collect();
        let occupations = links.map(|l| crate::taxonomy::occupation::guess(&l.taxonomy, &self.text, &self.sentences, &places, &held, OCCUPATIONS)).unwrap_or_default();
        Analysis { tag_set: self.tag_set, language: self.language, sentences: self.sentences, spans: self.spans, links: span_links, occupations, personal: self.personal }
    }
}

/// A span together with the terms of the dictionary that its borders cut.
fn with_whole_terms(start: usize, end: usize, spans: &[FoundSpan]) -> (usize, usize) {
    let term_at = |border: usize| spans.iter().find(|t| t.by == FoundBy::Rule && t.start < border && border < t.end);
    (term_at(start).map_or(start, |t| t.start), term_at(end).map_or(end, |t| t.end))
}

/// A span without what belongs to neither of two phrases at its ends: blanks, signs, a bracket whose other half is not in it, an
/// English "and" or "or" at its end.
/// `None` if that is all.
fn without_edges(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let edge = |c: char| c.is_whitespace() || "、，。；：,;:•·".contains(c);
    let whole = text.get(start..end)?;
    let (opens, closes) = (whole.contains(['(', '（']), whole.contains([')', '）']));
    let left = |c: char| edge(c) || (!closes && "(（".contains(c));
    let right = |c: char| edge(c) || (!opens && ")）".contains(c));
    let start = start + whole.len() - whole.trim_start_matches(left).len();
    let kept = text.get(start..end)?.trim_end_matches(right);
    let end = start + [" and", " or"].iter().find_map(|joint| kept.strip_suffix(joint)).map_or(kept, |before| before.trim_end_matches(right)).len();
    (start < end).then_some((start, end))
}

/// Phrases linked in one step.
const STEP_PHRASES: usize = 16;
/// At most so many occupations are named.
const OCCUPATIONS: usize = 5;
/// Confidence of a dictionary term before the model with its measured value is there: as likely right as wrong.
const RULE_CONFIDENCE: f32 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_loses_signs_and_half_brackets_at_its_ends() {
        let bare = |text: &'static str| without_edges(text, 0, text.len()).map(|(start, end)| &text[start..end]);
        for (text, expected) in [("、焊接）", Some("焊接")), ("(PLC", Some("PLC")), ("range) ", Some("range")), ("点检（日常）", Some("点检（日常）")), ("，)", None), ("", None), ("Tip dressing, and", Some("Tip dressing")), ("brand", Some("brand"))] {
            assert_eq!(bare(text), expected, "{text}");
        }
    }

    #[test]
    fn a_span_never_ends_within_a_term_of_the_dictionary() {
        let term = FoundSpan { start: 6, end: 15, kind: SpanKind::Knowledge, confidence: 0.5, context: SpanContext::Own, by: FoundBy::Rule };
        assert_eq!(with_whole_terms(0, 9, &[term.clone()]), (0, 15));
        assert_eq!(with_whole_terms(9, 33, &[term.clone()]), (6, 33));
        assert_eq!(with_whole_terms(15, 33, &[term.clone()]), (15, 33));
        assert_eq!(with_whole_terms(0, 9, &[FoundSpan { by: FoundBy::Model, ..term }]), (0, 9));
    }

    #[test]
    fn a_span_ends_with_its_words() {
        let text = "，处理故障、检查";
        assert_eq!(without_edges(text, 0, 18).map(|(a, b)| &text[a..b]), Some("处理故障"));
        assert_eq!(without_edges(text, 15, 18), None);
        assert_eq!(without_edges("C++, C#", 0, 4), Some((0, 3)));
    }
}
