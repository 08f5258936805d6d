//! Tagging a whole CV: sentences, dictionary and model brought together, in steps that can be watched and stopped.
pub use crate::span::{FoundBy, FoundSpan, SpanContext, SpanKind};
use crate::text::{Language, Sentence};
use serde::{Deserialize, Serialize};

/// What one CV shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The language most of the text is in.
    pub language: Language,
    /// The sentences that were read, in order.
    pub sentences: Vec<Sentence>,
    /// The spans found, sorted by start, then end (longer first), then kind.
    pub spans: Vec<FoundSpan>,
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
#[cfg(feature = "model")]
const STEP_SENTENCES: usize = 8;

/// Tagging one CV in steps, so that the caller can show progress and stop between them.
#[cfg(feature = "model")]
pub struct AnalyseJob {
    text: String,
    language: Language,
    sentences: Vec<Sentence>,
    /// Sentences not yet tagged, short ones first.
    order: Vec<usize>,
    done: usize,
    spans: Vec<FoundSpan>,
}

#[cfg(feature = "model")]
impl AnalyseJob {
    /// Splits the text and looks its terms up in the dictionary.
    pub fn new(text: &str, gazetteer: Option<&crate::gazetteer::Gazetteer>) -> Self {
        let sentences = crate::text::sentences(text);
        let mut order: Vec<usize> = (0..sentences.len()).filter(|&i| !sentences[i].heading).collect();
        order.sort_by_key(|&i| (sentences[i].end - sentences[i].start, i));
        let mut spans = Vec::new();
        for sentence in sentences.iter().filter(|s| !s.heading) {
            let terms = gazetteer.map(|g| g.find(&text[sentence.start..sentence.end])).unwrap_or_default();
            spans.extend(terms.into_iter().map(|t| FoundSpan {
                start: sentence.start + t.start,
                end: sentence.start + t.end,
                kind: t.kind,
                confidence: RULE_CONFIDENCE,
                context: SpanContext::Own,
                by: FoundBy::Rule,
            }));
        }
        Self { text: text.into(), language: crate::text::language(text), sentences, order, done: 0, spans }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done, total: self.order.len() }
    }

    /// Tags the next few sentences.
    ///
    /// # Errors
    /// Those of the model; nothing found so far is lost.
    pub fn step(&mut self, tagger: &crate::model::NeuralTagger) -> Result<Progress, crate::model::ModelError> {
        let batch: Vec<_> = self.order.iter().skip(self.done).take(STEP_SENTENCES).map(|&i| self.sentences[i]).collect();
        let prepared = batch.iter().map(|s| tagger.prepare(&self.text[s.start..s.end])).collect::<Result<Vec<_>, _>>()?;
        if !batch.is_empty() {
            for ((sentence, prepared), logits) in batch.iter().zip(&prepared).zip(tagger.unit_logits(&prepared)?) {
                self.take(*sentence, prepared, logits, tagger);
            }
        }
        self.done += batch.len();
        Ok(self.progress())
    }

    /// Adds what the model found in a sentence; a dictionary term stays where no span of the model overlaps it in its
    /// layer, with the context the model reads there.
    fn take(&mut self, sentence: Sentence, prepared: &crate::model::tagger::Prepared, logits: crate::model::tagger::UnitLogits, tagger: &crate::model::NeuralTagger) {
        let language = prepared.language;
        for term in self.spans.iter_mut().filter(|s| s.by == FoundBy::Rule && s.start >= sentence.start && s.end <= sentence.end) {
            let first = prepared.units.iter().position(|u| sentence.start + u.end > term.start).unwrap_or(0);
            let last = prepared.units.iter().position(|u| sentence.start + u.start >= term.end).unwrap_or(prepared.units.len());
            term.context = tagger.context(&logits, first..last.max(first));
            term.confidence = tagger.calibration().rule_precision.get(language).copied().unwrap_or(term.confidence);
        }
        let found: Vec<FoundSpan> = tagger
            .decode(&prepared.units, language, logits)
            .into_iter()
            .map(|s| FoundSpan {
                start: sentence.start + s.start,
                end: sentence.start + s.end,
                kind: crate::model::tagger::layer_kind(&s.layer),
                confidence: tagger.confidence(&s, language),
                context: s.context,
                by: FoundBy::Model,
            })
            .collect();
        self.spans.retain(|t| t.by == FoundBy::Model || !found.iter().any(|f| f.kind == t.kind && f.start < t.end && t.start < f.end));
        self.spans.extend(found);
    }

    /// True when every sentence is tagged.
    pub fn finished(&self) -> bool {
        self.done >= self.order.len()
    }

    /// What was found. Before the last step: terms of the dictionary, and the model's spans so far.
    pub fn finish(mut self) -> Analysis {
        self.spans.sort_by(|a, b| (a.start, std::cmp::Reverse(a.end), a.kind).cmp(&(b.start, std::cmp::Reverse(b.end), b.kind)));
        Analysis { language: self.language, sentences: self.sentences, spans: self.spans }
    }
}

/// Confidence of a dictionary term before the model with its measured value is there: as likely right as wrong.
#[cfg(feature = "model")]
const RULE_CONFIDENCE: f32 = 0.5;
