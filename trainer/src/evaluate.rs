//! Strict span scores: precision, recall and F1 per data set, language and layer; context accuracy; calibration.
pub mod groups;
pub mod tokens;

use crate::data::{Example, GoldSpan};
use anyhow::Result;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::NeuralTagger;
use waymark_shared::span::{SpanKind, TagSetName};
use waymark_shared::model::tagger::{Prepared, SentenceSpan, UnitLogits, advertisement};
use waymark_shared::tokenize::{Unit, word_units};

/// Counts behind precision, recall and F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Predicted spans that equal a gold span to the byte.
    pub right: usize,
    /// Predicted spans.
    pub predicted: usize,
    /// Gold spans.
    pub gold: usize,
}

impl Counts {
    /// Share of predicted spans that are right.
    pub fn precision(self) -> f64 {
        ratio(self.right, self.predicted)
    }
    /// Share of gold spans that were found.
    pub fn recall(self) -> f64 {
        ratio(self.right, self.gold)
    }
    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        ratio(2 * self.right, self.predicted + self.gold)
    }
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.predicted += other.predicted;
        self.gold += other.gold;
    }
}

fn ratio(a: usize, b: usize) -> f64 {
    if b == 0 { 0.0 } else { a as f64 / b as f64 }
}

/// One row of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was scored: `en/skill`, `zh/pooled`, …
    pub name: String,
    /// Precision.
    pub precision: f64,
    /// Recall.
    pub recall: f64,
    /// F1.
    pub f1: f64,
    /// Gold spans.
    pub support: usize,
}

/// The scores of a data set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Kinds, and `pooled` over them.
    pub rows: Vec<Row>,
    /// Gold spans with an annotated context, and the share whose context is told right from gold boundaries.
    pub context: Option<(usize, f64)>,
    /// Accuracy of context by class: (class, gold, right).
    pub context_classes: Vec<(String, usize, usize)>,
    /// Recall of gold spans whose text never occurs in the training data, and their number.
    pub unseen: Option<(usize, f64)>,
    /// [`groups::pairs`], where they were asked for.
    pub groups: Vec<groups::Pair>,
}

impl Report {
    /// F1 of a kind, or of `pooled`.
    pub fn f1(&self, name: &str) -> f64 {
        self.rows.iter().find(|r| r.name == name).map_or(0.0, |r| r.f1)
    }

    /// F½ of a kind, or of `pooled`: precision counts twice as much as recall (van Rijsbergen 1979).
    pub fn f_half(&self, name: &str) -> f64 {
        self.rows.iter().find(|r| r.name == name && r.precision > 0.0).map_or(0.0, |r| 1.25 * r.precision * r.recall / (0.25 * r.precision + r.recall))
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:<22}{:>10}{:>10}{:>10}{:>10}", "", "precision", "recall", "f1", "support")?;
        for r in &self.rows {
            writeln!(f, "{:<22}{:>10.4}{:>10.4}{:>10.4}{:>10}", r.name, r.precision, r.recall, r.f1, r.support)?;
        }
        if let Some((n, accuracy)) = self.context {
            writeln!(f, "context accuracy {accuracy:.4} over {n} gold spans; {}", self.context_classes.iter().map(|(c, n, r)| format!("{c} {r}/{n}")).collect::<Vec<_>>().join(", "))?;
        }
        if let Some((n, recall)) = self.unseen {
            writeln!(f, "recall on {n} gold spans never seen in training {recall:.4}")?;
        }
        for pair in &self.groups {
            for r in &pair.rows {
                writeln!(f, "{:<22}{:>10.4}{:>10.4}{:>10.4}{:>10}", r.name, r.precision, r.recall, r.f1, r.support)?;
            }
            let [low, high] = pair.interval;
            writeln!(f, "  gap {:+.1} points of f1; 95 % of resampled lines {:+.1} to {:+.1}", 100.0 * pair.gap, 100.0 * low, 100.0 * high)?;
        }
        Ok(())
    }
}

/// A sentence with what the model says of it.
pub struct Scored<'a> {
    /// The gold.
    pub example: &'a Example,
    /// Units.
    pub units: Vec<Unit>,
    /// Language the tagger reads it as.
    pub language: &'static str,
    /// Logits of every head.
    pub logits: UnitLogits,
}

/// Pieces and units of an example: its own words where given.
///
/// # Errors
/// Those of the tokenizer.
pub fn prepare(tagger: &NeuralTagger, example: &Example) -> Result<Prepared> {
    let mut prepared = tagger.prepare(&example.text)?;
    if let Some(words) = &example.words {
        prepared.units = word_units(words, &prepared.pieces);
    }
    Ok(prepared)
}

/// Logits of all examples by the heads of a tag set, batched by length; in the order of the input.
///
/// # Errors
/// Those of the model.
pub fn score<'a>(tagger: &NeuralTagger, examples: &'a [Example], set: TagSetName, mut done: impl FnMut(usize)) -> Result<Vec<Scored<'a>>> {
    let prepared = examples.iter().map(|e| prepare(tagger, e)).collect::<Result<Vec<_>>>()?;
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.sort_by_key(|&i| prepared[i].pieces.ids.len());
    let mut slots: Vec<Option<Prepared>> = prepared.into_iter().map(Some).collect();
    let mut out: Vec<Option<Scored<'a>>> = (0..examples.len()).map(|_| None).collect();
    for batch in order.chunks(32) {
        let (sentences, which): (Vec<_>, Vec<_>) = batch.iter().filter_map(|&i| slots[i].take().map(|p| (p, i))).unzip();
        let logits = tagger.unit_logits(&sentences, &[set])?;
        for ((sentence, logits), i) in sentences.into_iter().zip(logits).zip(which) {
            // What comes in words is of advertisements (SkillSpan's form).
            let language = if examples[i].words.is_some() { advertisement(sentence.language) } else { sentence.language };
            out[i] = Some(Scored { example: &examples[i], units: sentence.units, language, logits });
        }
        done(batch.len());
    }
    Ok(out.into_iter().flatten().collect())
}

/// What was found in a sentence against its gold, by kind.
fn counts<'a>(example: &'a Example, found: &'a [SentenceSpan]) -> BTreeMap<&'a str, Counts> {
    let kinds: BTreeSet<&str> = found.iter().map(|f| f.kind.as_str()).chain(example.spans.iter().map(|g| g.kind.as_str())).collect();
    let of = |kind: &'a str| {
        let gold: BTreeSet<(usize, usize)> = example.spans.iter().filter(|g| g.kind == kind).map(|g| (g.bytes.start, g.bytes.end)).collect();
        let predicted: BTreeSet<(usize, usize)> = found.iter().filter(|f| f.kind == kind).map(|f| (f.start, f.end)).collect();
        (kind, Counts { right: gold.intersection(&predicted).count(), predicted: predicted.len(), gold: gold.len() })
    };
    kinds.into_iter().map(of).collect()
}

/// Scores of decoded spans against gold. `seen` holds the texts of training spans.
pub fn report<'s, 'e: 's>(tagger: &NeuralTagger, scored: impl IntoIterator<Item = &'s Scored<'e>>, seen: Option<&BTreeSet<String>>) -> Report {
    let mut by_kind: BTreeMap<String, Counts> = BTreeMap::new();
    let mut contexts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut unseen, mut unseen_found) = (0, 0);
    for s in scored {
        let found = tagger.decode(&s.units, s.language, s.logits.clone());
        for (kind, counts) in counts(s.example, &found) {
            by_kind.entry(kind.into()).or_default().add(counts);
        }
        for gold in &s.example.spans {
            if let Some(context) = gold.context {
                let told = tagger.context(&s.logits, units_of(&s.units, gold));
                let class = contexts.entry(format!("{context:?}").to_lowercase()).or_default();
                class.0 += 1;
                class.1 += usize::from(told == context);
            }
            if let Some(seen) = seen
                && !seen.contains(&s.example.text[gold.bytes.clone()].to_lowercase())
            {
                unseen += 1;
                unseen_found += usize::from(found.iter().any(|f| f.kind == gold.kind && (f.start, f.end) == (gold.bytes.start, gold.bytes.end)));
            }
        }
    }
    let mut pooled = Counts::default();
    let mut rows = Vec::new();
    for (name, counts) in by_kind {
        pooled.add(counts);
        rows.push(row(name, counts));
    }
    rows.push(row("pooled".into(), pooled));
    let total = contexts.values().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    Report {
        rows,
        context: (total.0 > 0).then(|| (total.0, ratio(total.1, total.0))),
        context_classes: contexts.into_iter().map(|(c, (n, r))| (c, n, r)).collect(),
        unseen: seen.map(|_| (unseen, ratio(unseen_found, unseen))),
        groups: Vec::new(),
    }
}

fn row(name: String, c: Counts) -> Row {
    Row { name, precision: c.precision(), recall: c.recall(), f1: c.f1(), support: c.gold }
}

/// The units a gold span covers.
pub fn units_of(units: &[Unit], gold: &GoldSpan) -> std::ops::Range<usize> {
    let first = units.iter().position(|u| u.end > gold.bytes.start).unwrap_or(units.len());
    let last = units.iter().position(|u| u.start >= gold.bytes.end).unwrap_or(units.len());
    first..last.max(first)
}

/// Recall of the dictionary alone on gold spans whose text never occurs in training, and their number: what a list of
/// words could do without a model.
pub fn dictionary_alone(gazetteer: &Gazetteer, examples: &[Example], seen: &BTreeSet<String>) -> (usize, f64) {
    let (mut all, mut found) = (0, 0);
    for example in examples {
        let terms = gazetteer.find(&example.text);
        for gold in example.spans.iter().filter(|g| !seen.contains(&example.text[g.bytes.clone()].to_lowercase())) {
            let same = |t: &waymark_shared::gazetteer::TermMatch| {
                (t.start, t.end) == (gold.bytes.start, gold.bytes.end) && (t.kind == SpanKind::Skill) == (gold.layer == "skill")
            };
            all += 1;
            found += usize::from(terms.iter().any(same));
        }
    }
    (all, ratio(found, all))
}

/// The language a phrase is read in: Chinese as soon as it has a Chinese character.
pub fn language_of(phrase: &str) -> &'static str {
    if phrase.chars().any(waymark_shared::tokenize::is_han) { "zh" } else { "en" }
}

/// Texts of all spans, in lower case.
pub fn span_texts(examples: &[Example]) -> BTreeSet<String> {
    examples.iter().flat_map(|e| e.spans.iter().map(|s| e.text[s.bytes.clone()].to_lowercase())).collect()
}

/// A span the model found, and whether it is right.
pub struct Judged {
    /// Document or sector of its sentence.
    pub group: String,
    /// Its sentence.
    pub id: String,
    /// Language of its sentence.
    pub language: &'static str,
    /// The span.
    pub span: SentenceSpan,
    /// True where it equals a gold span of its kind.
    pub right: bool,
}

/// Spans found in scored sentences with whether each is right: for calibration.
pub fn judged(tagger: &NeuralTagger, scored: &[Scored<'_>]) -> Vec<Judged> {
    let mut out = Vec::new();
    for s in scored {
        for span in tagger.decode(&s.units, s.language, s.logits.clone()) {
            let right = s.example.spans.iter().any(|g| g.kind == span.kind && (g.bytes.start, g.bytes.end) == (span.start, span.end));
            out.push(Judged { group: s.example.group.clone(), id: s.example.id.clone(), language: s.language, span, right });
        }
    }
    out
}
