//! A report over units one by one, as sklearn's `classification_report` prints it: what the article's recipe reports.
//! Not what the product is judged by: a unit of O is right for nothing, and a span with one unit wrong is wrong. So the
//! report also says what a tagger that finds nothing would get.
use super::{Scored, ratio, units_of};
use anyhow::{Context, Result};
use serde::Serialize;
use waymark_shared::model::NeuralTagger;
use waymark_shared::tag::{TagSet, TagSpan};

/// Precision, recall, F1 and support of a class or a mean of classes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TokenRow {
    /// `O`, a class, `macro avg` (plain mean over classes) or `weighted avg` (by support).
    pub name: String,
    /// Precision; 0 where nothing was predicted.
    pub precision: f64,
    /// Recall; 0 where there was nothing to find.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Gold units.
    pub support: usize,
}

/// The report of a layer.
#[derive(Clone, Debug, Serialize)]
pub struct TokenReport {
    /// `O` and the classes, then the two means.
    pub rows: Vec<TokenRow>,
    /// Share of units whose class is right.
    pub accuracy: f64,
    /// Share of units that are O: the accuracy of a tagger that finds nothing.
    pub outside: f64,
    /// Strict F1 of spans read back from the gold labels: what scheme and units can say at most. (IO joins neighbours.)
    pub ceiling: f64,
    /// As a script scores that does not leave padding out.
    pub padded: PaddedAccuracy,
}

/// Accuracy over pieces, marks and padding: each piece as its unit, each line filled up with O that counts as right.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PaddedAccuracy {
    /// Positions a line.
    pub length: usize,
    /// Share of positions whose class is right.
    pub accuracy: f64,
    /// The same for a tagger that finds nothing.
    pub outside: f64,
}

impl std::fmt::Display for TokenReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:<22}{:>10}{:>10}{:>10}{:>10}", "", "precision", "recall", "f1-score", "support")?;
        for r in &self.rows {
            if r.name == "macro avg" {
                writeln!(f, "{:<22}{:>30.4}{:>10}", "accuracy", self.accuracy, r.support)?;
            }
            writeln!(f, "{:<22}{:>10.4}{:>10.4}{:>10.4}{:>10}", r.name, r.precision, r.recall, r.f1, r.support)?;
        }
        let p = &self.padded;
        writeln!(f, "a tagger that finds nothing: accuracy {:.4}; the gold labels themselves: strict F1 {:.4}", self.outside, self.ceiling)?;
        writeln!(f, "with pieces, marks and padding to {} scored: accuracy {:.4}; one that finds nothing {:.4}", p.length, p.accuracy, p.outside)
    }
}

/// The rows of gold and predicted class numbers of `names`, unit by unit.
pub fn rows(names: &[&str], gold: &[usize], predicted: &[usize]) -> Vec<TokenRow> {
    let count = |of: &dyn Fn(usize, usize) -> bool| gold.iter().zip(predicted).filter(|(g, p)| of(**g, **p)).count();
    let mut out: Vec<TokenRow> = Vec::new();
    for (class, name) in names.iter().enumerate() {
        let right = count(&|g, p| g == class && p == class);
        let (found, support) = (count(&|_, p| p == class), count(&|g, _| g == class));
        out.push(TokenRow { name: (*name).into(), precision: ratio(right, found), recall: ratio(right, support), f1: ratio(2 * right, found + support), support });
    }
    let total = gold.len();
    let mean = |name: &str, weight: &dyn Fn(&TokenRow) -> f64| {
        let of = |value: fn(&TokenRow) -> f64| out.iter().map(|r| weight(r) * value(r)).sum::<f64>();
        TokenRow { name: name.into(), precision: of(|r| r.precision), recall: of(|r| r.recall), f1: of(|r| r.f1), support: total }
    };
    let means = [mean("macro avg", &|_| 1.0 / names.len() as f64), mean("weighted avg", &|r| ratio(r.support, total))];
    out.extend(means);
    out
}

/// The report of a layer over scored sentences; `length` is what lines are filled up to for the padded figures.
///
/// # Errors
/// A layer the model does not have; a sentence the tokenizer fails on.
pub fn report(tagger: &NeuralTagger, scored: &[Scored<'_>], layer: &str, length: usize) -> Result<TokenReport> {
    let head = tagger.config().head(layer).with_context(|| format!("the model has no head {layer:?}"))?;
    let set = TagSet::new(&head.labels);
    let names: Vec<&str> = std::iter::once("O").chain(set.classes()).collect();
    // A set without begins, so that the labels are the classes.
    let classes = TagSet::new(&names);
    let class = |kind: &str| names.iter().find(|n| n.to_lowercase() == kind).map(|n| (*n).to_string()).unwrap_or_default();
    let (mut gold, mut predicted) = (Vec::new(), Vec::new());
    let (mut positions, mut wrong, mut inside) = (0, 0, 0);
    let mut kept = super::Counts::default();
    for s in scored {
        let spans: Vec<_> = s.example.spans.iter().filter(|g| g.layer == layer).collect();
        let of_gold: Vec<TagSpan> = spans.iter().map(|g| TagSpan { units: units_of(&s.units, g), class: class(&g.kind) }).collect();
        let back = set.spans(&set.labels(s.units.len(), &of_gold));
        let is_gold = |b: &&TagSpan| spans.iter().any(|g| g.bytes == (s.units[b.units.start].start..s.units[b.units.end - 1].end) && class(&g.kind) == b.class);
        kept.add(super::Counts { right: back.iter().filter(is_gold).count(), predicted: back.len(), gold: spans.len() });
        let of_gold = classes.labels(s.units.len(), &of_gold);
        let found = tagger.decode(&s.units, s.language, s.logits.clone());
        let found = found.iter().filter(|f| f.layer == layer).map(|f| TagSpan { units: f.first_unit..f.last_unit, class: class(&f.kind) });
        let found = classes.labels(s.units.len(), &found.collect::<Vec<_>>());
        let pieces = tagger.tokenizer().pieces(&s.example.text)?.ids.len();
        for (i, unit) in s.units.iter().enumerate() {
            let of_unit = s.units.get(i + 1).map_or(pieces, |next| next.piece).saturating_sub(unit.piece);
            wrong += if of_gold[i] == found[i] { 0 } else { of_unit };
            inside += if of_gold[i] == 0 { 0 } else { of_unit };
        }
        positions += length.max(pieces + 2);
        gold.extend(of_gold);
        predicted.extend(found);
    }
    let right = gold.iter().zip(&predicted).filter(|(g, p)| g == p).count();
    Ok(TokenReport {
        rows: rows(&names, &gold, &predicted),
        accuracy: ratio(right, gold.len()),
        outside: ratio(gold.iter().filter(|g| **g == 0).count(), gold.len()),
        ceiling: kept.f1(),
        padded: PaddedAccuracy { length, accuracy: 1.0 - ratio(wrong, positions), outside: 1.0 - ratio(inside, positions) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_those_of_a_hand_worked_case() {
        // gold O O a a b, predicted O a a b b: O 1/1, 1/2; a 1/2, 1/2; b 1/2, 1/1.
        let rows = rows(&["O", "a", "b", "c"], &[0, 0, 1, 1, 2], &[0, 1, 1, 2, 2]);
        let figures = |name: &str| rows.iter().find(|r| r.name == name).map(|r| (r.precision, r.recall, r.f1, r.support)).unwrap();
        assert_eq!(figures("O"), (1.0, 0.5, 2.0 / 3.0, 2));
        assert_eq!(figures("a"), (0.5, 0.5, 0.5, 2));
        assert_eq!(figures("b"), (0.5, 1.0, 2.0 / 3.0, 1));
        assert_eq!(figures("c"), (0.0, 0.0, 0.0, 0), "nought where there is nothing, as sklearn's zero_division=0");
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        let (precision, recall, f1, support) = figures("macro avg");
        assert!(near(precision, 0.5) && near(recall, 0.5) && near(f1, (2.0 / 3.0 + 0.5 + 2.0 / 3.0) / 4.0) && support == 5);
        let (precision, recall, f1, _) = figures("weighted avg");
        assert!(near(precision, (2.0 + 1.0 + 0.5) / 5.0) && near(recall, 0.6) && near(f1, (2.0 * 2.0 / 3.0 + 2.0 * 0.5 + 2.0 / 3.0) / 5.0));
    }
}
