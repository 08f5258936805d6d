//! What is fitted on dev after training: the bias of O, the probability that a span is right, the precision of the
//! dictionary. Confidence is fitted on one half of the dev documents and its error measured on the other.
use crate::data::Example;
use crate::evaluate::{self, Judged, Scored};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::kernels::mix;
use waymark_shared::model::{Calibration, HeadKind, NeuralTagger, SpanProbability};

/// The error of the confidence of one layer in one language, on documents it was not fitted on.
#[derive(Clone, Debug, Serialize)]
pub struct CalibrationError {
    /// Layer.
    pub layer: String,
    /// Language.
    pub language: String,
    /// Spans measured on.
    pub spans: usize,
    /// Expected calibration error over 15 bins of equal mass.
    pub ece: f64,
    /// 95 % bootstrap interval of it.
    pub interval: (f64, f64),
}

/// Fits on scored dev data and returns the error measured on the other half.
///
/// # Errors
/// A dictionary that does not compile.
pub fn fit(tagger: &mut NeuralTagger, scored: &[Scored<'_>]) -> Result<(Calibration, Vec<CalibrationError>)> {
    let layers: Vec<String> = tagger.config().heads.iter().filter(|h| h.kind == HeadKind::Spans).map(|h| h.name.clone()).collect();
    let mut calibration = Calibration { rule_precision: rule_precision(scored)?, ..Calibration::default() };
    for language in ["en", "zh"] {
        let mut best: BTreeMap<String, (f64, f32)> = BTreeMap::new();
        for step in -12i8..=8 {
            let bias = f32::from(step) * 0.25;
            let trial = layers.iter().map(|l| (l.clone(), BTreeMap::from([(language.to_string(), bias)]))).collect();
            tagger.set_calibration(Calibration { outside_bias: trial, ..Calibration::default() });
            let report = evaluate::report(tagger, scored.iter().filter(|s| s.language == language), None);
            for layer in &layers {
                // Among equals the bias nearest to none wins: it is tried with a hair's advantage.
                let f1 = report.f1(layer) - 1e-6 * f64::from(bias.abs());
                let slot = best.entry(layer.clone()).or_insert((f64::NEG_INFINITY, 0.0));
                if f1 > slot.0 {
                    *slot = (f1, bias);
                }
            }
        }
        for (layer, (_, bias)) in best {
            calibration.outside_bias.entry(layer).or_default().insert(language.into(), bias);
        }
    }
    tagger.set_calibration(calibration.clone());
    let judged = evaluate::judged(tagger, scored);
    let mut errors = Vec::new();
    for layer in &layers {
        for language in ["en", "zh"] {
            let (fit, hold): (Vec<&Judged>, Vec<&Judged>) =
                judged.iter().filter(|j| j.span.layer == *layer && j.language == language).partition(|j| j.group.bytes().fold(3, |k, b| mix(k ^ u64::from(b))) & 1 == 0);
            let probability = platt(&fit.iter().map(|j| (j.span.raw, j.right)).collect::<Vec<_>>());
            calibration.confidence.entry(layer.clone()).or_default().insert(language.into(), probability);
            let pairs: Vec<(f64, bool)> = hold.iter().map(|j| (f64::from(probability.apply(j.span.raw)), j.right)).collect();
            let mut resampled: Vec<f64> =
                (0..200u64).map(|b| ece(&(0..pairs.len() as u64).map(|i| pairs[(mix(mix(b + 1) ^ mix(i)) % pairs.len().max(1) as u64) as usize]).collect::<Vec<_>>())).collect();
            resampled.sort_by(f64::total_cmp);
            let interval = (resampled.get(5).copied().unwrap_or(0.0), resampled.get(194).copied().unwrap_or(0.0));
            errors.push(CalibrationError { layer: layer.clone(), language: language.into(), spans: pairs.len(), ece: ece(&pairs), interval });
        }
    }
    tagger.set_calibration(calibration.clone());
    Ok((calibration, errors))
}

/// Slope and offset by gradient descent on the log loss, with a weak pull towards the identity.
pub fn platt(pairs: &[(f32, bool)]) -> SpanProbability {
    let (mut slope, mut offset) = (1.0f64, 0.0f64);
    let points: Vec<(f64, f64)> = pairs
        .iter()
        .map(|(raw, right)| {
            let raw = f64::from(*raw).clamp(1e-6, 1.0 - 1e-6);
            ((raw / (1.0 - raw)).ln(), f64::from(u8::from(*right)))
        })
        .collect();
    // Newton's method; the loss is convex in both.
    for _ in 0..50 {
        let (mut gs, mut go, mut hss, mut hso, mut hoo) = (slope - 1.0, offset, 1.0, 0.0, 1.0);
        for (x, y) in &points {
            let p = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let w = p * (1.0 - p);
            gs += (p - y) * x;
            go += p - y;
            hss += w * x * x;
            hso += w * x;
            hoo += w;
        }
        let det = hss * hoo - hso * hso;
        slope -= (hoo * gs - hso * go) / det;
        offset -= (hss * go - hso * gs) / det;
    }
    #[expect(clippy::cast_possible_truncation, reason = "two small numbers")]
    SpanProbability { slope: slope as f32, offset: offset as f32 }
}

/// Expected calibration error over 15 bins of equal mass: mean |share right − mean probability|, weighted by mass.
pub fn ece(pairs: &[(f64, bool)]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = sorted.len().div_ceil(15).max(1);
    sorted
        .chunks(size)
        .map(|bin| {
            let right = bin.iter().filter(|b| b.1).count() as f64;
            (right - bin.iter().map(|b| b.0).sum::<f64>()).abs()
        })
        .sum::<f64>()
        / sorted.len().max(1) as f64
}

/// Share of dictionary terms in annotated sentences of ours that lie inside a gold span. (SkillSpan annotates
/// advertisements, where the same word is often no requirement: it is left out.)
fn rule_precision(scored: &[Scored<'_>]) -> Result<BTreeMap<String, f32>> {
    let gazetteer = Gazetteer::built_in().context("the dictionary does not compile")?;
    let mut counts: BTreeMap<String, (f32, f32)> = BTreeMap::new();
    for s in scored.iter().filter(|s| s.example.words.is_none()) {
        for term in gazetteer.find(&s.example.text) {
            let inside = |e: &Example| e.spans.iter().any(|g| g.bytes.start <= term.start && term.end <= g.bytes.end);
            let slot = counts.entry(s.language.into()).or_default();
            slot.0 += f32::from(u8::from(inside(s.example)));
            slot.1 += 1.0;
        }
    }
    // One right and one wrong are added (Laplace), so that a few terms do not read as certainty.
    Ok(counts.into_iter().map(|(l, (right, all))| (l, (right + 1.0) / (all + 2.0))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_confidence_restores_a_known_relation() {
        // Right with σ(0.5 · logit(raw) − 0.7), drawn evenly.
        let truth = SpanProbability { slope: 0.5, offset: -0.7 };
        let pairs: Vec<(f32, bool)> = (0..20_000u64)
            .map(|i| {
                let raw = 0.02 + 0.96 * (mix(i) % 10_000) as f32 / 10_000.0;
                (raw, (mix(i ^ 99) % 10_000) as f32 / 10_000.0 < truth.apply(raw))
            })
            .collect();
        let got = platt(&pairs);
        assert!((got.slope - 0.5).abs() < 0.05 && (got.offset + 0.7).abs() < 0.05, "{got:?}");
    }

    #[test]
    fn calibration_error_is_nought_where_shares_agree_and_large_where_not() {
        let even: Vec<(f64, bool)> = (0..3000).map(|i| (0.5, i % 2 == 0)).collect();
        assert!(ece(&even) < 1e-9);
        assert!((ece(&[(0.9, false), (0.9, false)]) - 0.9).abs() < 1e-12);
    }
}
