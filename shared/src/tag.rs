//! Tag sets, legal decoding and spans of units. Not bytes: the caller maps units to text.
use std::ops::Range;

/// The part of a span a label stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Outside,
    Begin,
    Inside,
    /// IO scheme: inside, and a begin wherever it follows anything else.
    Either,
}

/// The labels of one layer: BIO (`B-X`, `I-X`; bare `B`, `I` too) or IO (any other name).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSet {
    labels: Vec<(Part, String)>,
}

/// A span of units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSpan {
    /// The units it covers.
    pub units: Range<usize>,
    /// Its class: what follows `B-`, or the label itself in an IO set.
    pub class: String,
}

impl TagSet {
    /// From labels in order of the logits.
    pub fn new<S: AsRef<str>>(labels: &[S]) -> Self {
        let parse = |label: &S| {
            let label = label.as_ref();
            match label.split_once('-') {
                _ if label == "O" => (Part::Outside, String::new()),
                _ if label == "B" => (Part::Begin, String::new()),
                _ if label == "I" => (Part::Inside, String::new()),
                Some(("B", class)) => (Part::Begin, class.into()),
                Some(("I", class)) => (Part::Inside, class.into()),
                _ => (Part::Either, label.into()),
            }
        };
        Self { labels: labels.iter().map(parse).collect() }
    }

    /// Number of labels.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// The classes of its spans, each once, in the order of the labels.
    pub fn classes(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for (part, class) in &self.labels {
            if *part != Part::Outside && !out.contains(&class.as_str()) {
                out.push(class);
            }
        }
        out
    }

    /// True without labels.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// True where label `next` may follow `previous` (`None`: at the start): an inside only continues its own class.
    pub fn legal(&self, previous: Option<usize>, next: usize) -> bool {
        let (part, class) = &self.labels[next];
        *part != Part::Inside || previous.is_some_and(|p| matches!(self.labels[p].0, Part::Begin | Part::Inside) && self.labels[p].1 == *class)
    }

    /// The most probable legal sequence of labels (Viterbi) for log-probabilities [unit, label].
    pub fn decode(&self, log_probs: &[Vec<f32>]) -> Vec<usize> {
        let n = self.labels.len();
        let Some(first) = log_probs.first() else { return Vec::new() };
        let mut score: Vec<f32> = (0..n).map(|l| if self.legal(None, l) { first[l] } else { f32::NEG_INFINITY }).collect();
        let mut back: Vec<Vec<usize>> = Vec::with_capacity(log_probs.len());
        for unit in &log_probs[1..] {
            let best = |l: usize| {
                (0..n).filter(|&p| self.legal(Some(p), l)).map(|p| (p, score[p])).fold((0, f32::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a })
            };
            let steps: Vec<(usize, f32)> = (0..n).map(best).collect();
            score = steps.iter().zip(unit).map(|((_, s), u)| s + u).collect();
            back.push(steps.into_iter().map(|(p, _)| p).collect());
        }
        let mut label = (0..n).fold(0, |a, b| if score[b] > score[a] { b } else { a });
        let mut path = vec![label];
        for step in back.iter().rev() {
            label = step[label];
            path.push(label);
        }
        path.reverse();
        path
    }

    /// The spans of a sequence of labels, as seqeval's default mode reads them: an inside without a begin opens one.
    pub fn spans(&self, labels: &[usize]) -> Vec<TagSpan> {
        let mut out: Vec<TagSpan> = Vec::new();
        let mut open = false;
        for (unit, &label) in labels.iter().enumerate() {
            let (part, class) = &self.labels[label];
            match part {
                Part::Outside => open = false,
                Part::Inside | Part::Either if open && out.last().is_some_and(|s| s.class == *class) => {
                    if let Some(last) = out.last_mut() {
                        last.units.end = unit + 1;
                    }
                }
                _ => {
                    out.push(TagSpan { units: unit..unit + 1, class: class.clone() });
                    open = true;
                }
            }
        }
        out
    }

    /// Labels of `count` units under spans that do not overlap: the inverse of [`TagSet::spans`].
    pub fn labels(&self, count: usize, spans: &[TagSpan]) -> Vec<usize> {
        let find = |want: &[Part], class: &str| self.labels.iter().position(|(p, c)| want.contains(p) && c == class);
        let mut out = vec![find(&[Part::Outside], "").unwrap_or(0); count];
        for span in spans {
            for unit in span.units.clone() {
                let part = if unit == span.units.start { Part::Begin } else { Part::Inside };
                if let (Some(slot), Some(label)) = (out.get_mut(unit), find(&[part, Part::Either], &span.class)) {
                    *slot = label;
                }
            }
        }
        out
    }
}

/// log softmax of logits.
pub fn log_softmax(logits: &[f32]) -> Vec<f32> {
    let peak = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total = logits.iter().map(|v| (v - peak).exp()).sum::<f32>().ln() + peak;
    logits.iter().map(|v| v - total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bio() -> TagSet {
        TagSet::new(&["O", "B-Skill", "I-Skill"])
    }

    #[test]
    fn decoding_never_opens_a_span_with_an_inside() {
        let log = [[0.5f32, 0.1, 0.4], [0.1, 0.2, 0.7], [0.2, 0.3, 0.5]].map(|p| p.map(f32::ln).to_vec());
        // argmax would read O I I; legal: B I I (.1 · .7 · .5 = .035) against O B I (.5 · .2 · .5 = .05).
        assert_eq!(bio().decode(&log), [0, 1, 2]);
    }

    #[test]
    fn decoding_agrees_with_trying_every_sequence() {
        let set = bio();
        let mut seed = 7u64;
        for _ in 0..200 {
            let log: Vec<Vec<f32>> = (0..5)
                .map(|_| {
                    log_softmax(&[0, 1, 2].map(|_| {
                        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        (seed >> 40) as f32 / 4e6
                    }))
                })
                .collect();
            let score = |path: &[usize]| path.iter().zip(&log).map(|(l, p)| p[*l]).sum::<f32>();
            let best = (0..3usize.pow(5))
                .map(|code| (0..5).map(|i| code / 3usize.pow(i) % 3).collect::<Vec<_>>())
                .filter(|path| (0..5).all(|i| set.legal(if i == 0 { None } else { Some(path[i - 1]) }, path[i])))
                .max_by(|a, b| score(a).total_cmp(&score(b)))
                .unwrap();
            assert!((score(&set.decode(&log)) - score(&best)).abs() < 1e-5);
        }
    }

    #[test]
    fn spans_and_labels_are_inverse() {
        let set = bio();
        let labels = vec![0, 1, 2, 1, 0, 1];
        assert_eq!(set.labels(6, &set.spans(&labels)), labels);
        assert_eq!(set.spans(&[2, 2, 0]).len(), 1, "an inside after nothing opens a span");
    }

    #[test]
    fn an_io_set_joins_neighbours_of_one_class() {
        let set = TagSet::new(&["O", "机器人操作", "数据分析"]);
        assert_eq!(set.classes(), ["机器人操作", "数据分析"]);
        assert_eq!(set.spans(&[1, 1, 2, 0, 2]).iter().map(|s| (s.units.clone(), s.class.as_str())).collect::<Vec<_>>(), [(0..2, "机器人操作"), (2..3, "数据分析"), (4..5, "数据分析")]);
    }
}
