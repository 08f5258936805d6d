//! The neural tagger: a model folder loaded, sentences in, spans out.
use super::encoder::Batch;
use super::quant::Weights;
use super::{Encoder, EncoderConfig, HeadConfig, HeadFile, HeadKind, ModelError, PackFiles, Pass};
use crate::span::{SpanContext, TagSetName};
use crate::tag::{TagSet, log_softmax};
use crate::tokenize::{PieceTokenizer, Pieces, Unit, best_window, is_han, units, windows};
use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was fitted on dev after training: `calibration.json`. Languages are `en`, `zh`, and [`advertisement`] of them, for which
/// holds what was fitted for the language where it has nothing of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Layer → language → what is added to the logit of O before decoding.
    #[serde(default)]
    pub outside_bias: BTreeMap<String, BTreeMap<String, f32>>,
    /// Layer → language → the raw score under which a span is not reported.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub floor: BTreeMap<String, BTreeMap<String, f32>>,
    /// Layer → language → from the raw score of a span to the probability that it is right.
    #[serde(default)]
    pub confidence: BTreeMap<String, BTreeMap<String, SpanProbability>>,
    /// Language → share of dictionary terms in dev sentences that lie inside a gold span.
    #[serde(default)]
    pub rule_precision: BTreeMap<String, f32>,
}

/// The name under which stands what was fitted for the advertisements of a language, which name skills otherwise than CVs.
pub fn advertisement(language: &str) -> &'static str {
    if language == "zh" { "zh-advertisement" } else { "en-advertisement" }
}

/// What was fitted for a layer in a language.
fn fitted<T: Copy>(of: &BTreeMap<String, BTreeMap<String, T>>, layer: &str, language: &str) -> Option<T> {
    let of = of.get(layer)?;
    of.get(language).or_else(|| of.get(language.split('-').next()?)).copied()
}

/// Platt scaling (Platt 1999): σ(slope · logit(raw) + offset).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanProbability {
    /// Factor on the logit of the raw score: one over the temperature.
    pub slope: f32,
    /// Added to it.
    pub offset: f32,
}

impl SpanProbability {
    /// The probability for a raw score in 0..1.
    pub fn apply(self, raw: f32) -> f32 {
        let raw = raw.clamp(1e-6, 1.0 - 1e-6);
        1.0 / (1.0 + (-(self.slope * (raw / (1.0 - raw)).ln() + self.offset)).exp())
    }
}

/// A span within one sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct SentenceSpan {
    /// Head that found it.
    pub layer: String,
    /// Its tag: the class of its labels in lower case, one of `TagSetName::tags`.
    pub kind: String,
    /// First byte in the sentence.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// First unit.
    pub first_unit: usize,
    /// One past the last unit.
    pub last_unit: usize,
    /// Geometric mean of the probabilities of its tags, before calibration.
    pub raw: f32,
    /// Whose it is.
    pub context: SpanContext,
}

/// A sentence ready for the encoder.
pub struct Prepared {
    /// Its pieces.
    pub pieces: Pieces,
    /// Its units.
    pub units: Vec<Unit>,
    /// `zh` where it holds a Chinese character, else `en`.
    pub language: &'static str,
}

/// Logits of one sentence: head → [unit, label].
pub type UnitLogits = BTreeMap<String, Vec<Vec<f32>>>;

/// The tagger.
pub struct NeuralTagger {
    encoder: Encoder,
    tokenizer: PieceTokenizer,
    calibration: Calibration,
}

impl NeuralTagger {
    /// Loads a model folder (`config.json`, `tokenizer.json`, `*.safetensors`; `calibration.json` and `head.*.json` if
    /// there), on the CPU.
    ///
    /// # Errors
    /// [`ModelError`] naming the file or tensor.
    pub fn load(files: &PackFiles) -> Result<Self, ModelError> {
        Self::load_on(files, &Device::Cpu)
    }

    /// As [`NeuralTagger::load`], on a device.
    ///
    /// # Errors
    /// [`ModelError`] naming the file or tensor.
    pub fn load_on(files: &PackFiles, device: &Device) -> Result<Self, ModelError> {
        let file = |name: &str| files.get(name).ok_or_else(|| ModelError::Missing(name.into()));
        let mut config = EncoderConfig::parse(file("config.json")?)?;
        let tokenizer = PieceTokenizer::parse(file("tokenizer.json")?)?;
        let mut calibration = match files.get("calibration.json") {
            Some(json) => serde_json::from_slice(json).map_err(|e| ModelError::Malformed { file: "calibration.json".into(), detail: e.to_string() })?,
            None => Calibration::default(),
        };
        HeadFile::join(files, &mut config, &mut calibration)?;
        let encoder = Encoder::load(config, &Weights::open(files)?, device)?;
        Ok(Self { encoder, tokenizer, calibration })
    }

    /// From parts, for a model in training.
    pub fn from_parts(encoder: Encoder, tokenizer: PieceTokenizer, calibration: Calibration) -> Self {
        Self { encoder, tokenizer, calibration }
    }

    /// The configuration.
    pub fn config(&self) -> &EncoderConfig {
        &self.encoder.config
    }

    /// The encoder.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &PieceTokenizer {
        &self.tokenizer
    }

    /// What was fitted on dev.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Replaces what was fitted on dev.
    pub fn set_calibration(&mut self, calibration: Calibration) {
        self.calibration = calibration;
    }

    /// Pieces and units of a sentence as the page reads it.
    ///
    /// # Errors
    /// Those of the tokenizer.
    pub fn prepare(&self, sentence: &str) -> Result<Prepared, ModelError> {
        let pieces = self.tokenizer.pieces(sentence)?;
        let units = units(sentence, &pieces);
        let language = if sentence.chars().any(is_han) { "zh" } else { "en" };
        Ok(Prepared { pieces, units, language })
    }

    /// True where the model has the heads of a tag set.
    pub fn finds(&self, set: TagSetName) -> bool {
        set.layers().iter().all(|layer| self.encoder.config.head(layer).is_some())
    }

    /// Logits of every head of some tag sets, and of the contexts, for every unit; the sentences in one batch. A head that the
    /// model lacks gives none.
    ///
    /// # Errors
    /// Those of the tensor library.
    pub fn unit_logits(&self, sentences: &[Prepared], sets: &[TagSetName]) -> Result<Vec<UnitLogits>, ModelError> {
        let mut rows = Vec::new();
        let mut places = Vec::new(); // sentence → (first row, windows)
        for s in sentences {
            let w = windows(s.pieces.ids.len());
            places.push((rows.len(), w.clone()));
            rows.extend(w.into_iter().map(|r| self.tokenizer.marked(&s.pieces.ids[r])));
        }
        let batch = Batch::pad(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), self.encoder.config.pad_token_id);
        let wanted = |h: &&HeadConfig| h.kind == HeadKind::Context || sets.iter().any(|set| set.layers().contains(&h.name.as_str()));
        let heads: Vec<&HeadConfig> = self.encoder.config.heads.iter().filter(wanted).collect();
        let mut out = vec![UnitLogits::new(); sentences.len()];
        for (head, logits) in heads.iter().zip(self.head_logits(&batch, &heads)?) {
            let logits = logits.to_vec2::<f32>()?;
            for ((s, (first, w)), out) in sentences.iter().zip(&places).zip(&mut out) {
                let of_unit = |u: &Unit| {
                    let window = best_window(w, u.piece);
                    logits[(first + window) * batch.seq + 1 + u.piece - w[window].start].clone()
                };
                out.insert(head.name.clone(), s.units.iter().map(of_unit).collect());
            }
        }
        Ok(out)
    }

    /// Logits of heads, [batch · seq, label] each. The layers that no head adds to run once, the others once for all heads of
    /// the same pass.
    fn head_logits(&self, batch: &Batch, heads: &[&HeadConfig]) -> Result<Vec<Tensor>, ModelError> {
        let pass = Pass::infer(&self.encoder.device);
        let common = heads.iter().map(|h| self.encoder.first_own(&h.name)).min().unwrap_or(0);
        let lower = self.encoder.lower(batch, common, pass)?;
        let mut passes: BTreeMap<Option<&str>, Tensor> = BTreeMap::new();
        let mut out = Vec::new();
        for head in heads {
            let hidden = match passes.get(&head.pass()) {
                Some(hidden) => hidden.clone(),
                None => self.encoder.upper(&lower, batch, common, head.pass(), pass)?,
            };
            out.push(self.encoder.head(&head.name, &hidden, pass)?);
            passes.insert(head.pass(), hidden);
        }
        Ok(out)
    }

    /// Legal decoding of every layer that has logits, and the context of each span.
    pub fn decode(&self, units: &[Unit], language: &str, logits: UnitLogits) -> Vec<SentenceSpan> {
        let mut out = Vec::new();
        for head in self.encoder.config.heads.iter().filter(|h| h.kind == HeadKind::Spans) {
            let set = TagSet::new(&head.labels);
            let [bias, floor] = [&self.calibration.outside_bias, &self.calibration.floor].map(|of| fitted(of, &head.name, language).unwrap_or(0.0));
            let Some(layer) = logits.get(&head.name) else { continue };
            let log_probs: Vec<Vec<f32>> = layer
                .iter()
                .map(|l| {
                    let mut l = l.clone();
                    if let Some(outside) = l.first_mut() {
                        *outside += bias;
                    }
                    log_softmax(&l)
                })
                .collect();
            let path = set.decode(&log_probs);
            for span in set.spans(&path) {
                let logs: f32 = span.units.clone().map(|u| log_probs[u][path[u]]).sum();
                let raw = (logs / span.units.len() as f32).exp();
                if raw < floor {
                    continue;
                }
                out.push(SentenceSpan {
                    layer: head.name.clone(),
                    kind: span.class.to_lowercase(),
                    start: units[span.units.start].start,
                    end: units[span.units.end - 1].end,
                    first_unit: span.units.start,
                    last_unit: span.units.end,
                    raw,
                    context: self.context(&logits, span.units),
                });
            }
        }
        out.sort_by(|a, b| (a.start, std::cmp::Reverse(a.end), &a.layer).cmp(&(b.start, std::cmp::Reverse(b.end), &b.layer)));
        out
    }

    /// The context with the highest mean log-probability over the units of a span.
    pub fn context(&self, logits: &UnitLogits, span: std::ops::Range<usize>) -> SpanContext {
        let Some(head) = self.encoder.config.heads.iter().find(|h| h.kind == HeadKind::Context) else { return SpanContext::Own };
        let Some(layer) = logits.get(&head.name) else { return SpanContext::Own };
        let mut total = vec![0f32; head.labels.len()];
        for unit in layer.get(span).unwrap_or(&[]) {
            for (t, l) in total.iter_mut().zip(log_softmax(unit)) {
                *t += l;
            }
        }
        let best = (0..total.len()).fold(0, |a, b| if total[b] > total[a] { b } else { a });
        match head.labels.get(best).map(String::as_str) {
            Some("wanted") => SpanContext::Wanted,
            Some("negated") => SpanContext::Negated,
            Some("other") => SpanContext::Other,
            _ => SpanContext::Own,
        }
    }

    /// The calibrated probability of a span in a language, named as in [`Calibration`].
    pub fn confidence(&self, span: &SentenceSpan, language: &str) -> f32 {
        fitted(&self.calibration.confidence, &span.layer, language).map_or(span.raw, |p: SpanProbability| p.apply(span.raw))
    }

    /// Logits of all heads side by side for every piece of a sentence of at most one window: for parity checks.
    ///
    /// # Errors
    /// Those of tokenizer and tensor library.
    pub fn logits(&self, sentence: &str) -> Result<Vec<Vec<f32>>, ModelError> {
        let pieces = self.tokenizer.pieces(sentence)?;
        let ids = self.tokenizer.marked(&pieces.ids[windows(pieces.ids.len())[0].clone()]);
        let batch = Batch::pad(&[&ids], self.encoder.config.pad_token_id);
        let heads: Vec<&HeadConfig> = self.encoder.config.heads.iter().collect();
        Ok(Tensor::cat(&self.head_logits(&batch, &heads)?, 1)?.to_vec2()?)
    }

    /// Sentence vectors: mean of hidden states, length 1, with the configured prefix; long sentences by their first window.
    ///
    /// # Errors
    /// Those of tokenizer and tensor library.
    pub fn sentence_vectors(&self, sentences: &[&str]) -> Result<Vec<Vec<f32>>, ModelError> {
        if sentences.is_empty() {
            return Ok(Vec::new());
        }
        let rows = sentences
            .iter()
            .map(|s| {
                let pieces = self.tokenizer.pieces(&format!("{}{s}", self.encoder.config.prefix))?;
                Ok(self.tokenizer.marked(&pieces.ids[windows(pieces.ids.len())[0].clone()]))
            })
            .collect::<Result<Vec<_>, ModelError>>()?;
        let batch = Batch::pad(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), self.encoder.config.pad_token_id);
        let hidden = self.encoder.hidden(&batch, Pass::infer(&self.encoder.device))?;
        Ok(self.encoder.pooled(&batch, &hidden)?.to_vec2()?)
    }
}
