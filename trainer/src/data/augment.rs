//! More training lines out of those there are: spans exchanged between lines of a language (Dai and Adel 2020, "An analysis
//! of simple data augmentation for named entity recognition", arXiv 2010.11683, mention replacement, here over all kinds of
//! a layer), and lines joined. What a span is must then be told from the span, not from its line.
use super::{Example, GoldSpan};
use waymark_shared::model::kernels::mix;
use waymark_shared::span::TagSetName;

/// Share of spans that are exchanged.
const EXCHANGED: f64 = 0.6;
/// Share of lines that are joined to another.
const JOINED: f64 = 0.3;

/// Draws from a counter, so that the same seed gives the same lines.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }
    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count.max(1) as u64).unwrap_or(0)
    }
    fn is(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64 / (1u64 << 53) as f64) < share
    }
}

/// `copies` altered copies of every example; examples whose words are given, or whose spans overlap, are left out.
pub fn exchanged(examples: &[Example], copies: u64, seed: u64) -> Vec<Example> {
    let fits = |e: &&Example| e.words.is_none() && e.spans.windows(2).all(|p| p[0].bytes.end <= p[1].bytes.start);
    let whole: Vec<&Example> = examples.iter().filter(fits).collect();
    let mut out = Vec::new();
    for copy in 0..copies {
        for (index, example) in whole.iter().enumerate() {
            let mut draw = Draw(mix(seed ^ mix(copy + 1) ^ mix(index as u64 + 1_000_003)));
            let same: Vec<&Example> = whole.iter().filter(|e| e.language == example.language).copied().collect();
            let mut altered = alter(example, &same, &mut draw);
            if draw.is(JOINED) {
                let other = alter(same[draw.below(same.len())], &same, &mut draw);
                let by = if example.language == "zh" { ["；", "，", "、", "。"][draw.below(4)] } else { ["; ", ", ", " / ", " – "][draw.below(4)] };
                altered = join(altered, by, other);
            }
            altered.id = format!("{}+{copy}", example.id);
            out.push(altered);
        }
    }
    out
}

/// True where one span may stand in the place of another: any kind of its layer, but who a person is and where they live is told
/// by the words around it.
fn exchangeable(one: &GoldSpan, other: &GoldSpan) -> bool {
    one.layer == other.layer && (one.kind == other.kind || !TagSetName::Personal.layers().contains(&one.layer.as_str()))
}

/// The example with some spans replaced by such of others from `same`.
fn alter(example: &Example, same: &[&Example], draw: &mut Draw) -> Example {
    let donors: Vec<(&str, &GoldSpan)> = same.iter().flat_map(|e| e.spans.iter().map(|s| (&e.text[s.bytes.clone()], s))).collect();
    let (mut text, mut spans, mut at) = (String::new(), Vec::new(), 0);
    for span in &example.spans {
        text.push_str(&example.text[at..span.bytes.start]);
        let (words, donor) = if draw.is(EXCHANGED) { donors[draw.below(donors.len())] } else { (&example.text[span.bytes.clone()], span) };
        let (words, donor) = if exchangeable(donor, span) { (words, donor) } else { (&example.text[span.bytes.clone()], span) };
        let start = text.len();
        text.push_str(words);
        spans.push(GoldSpan { bytes: start..text.len(), ..donor.clone() });
        at = span.bytes.end;
    }
    text.push_str(&example.text[at..]);
    Example { text, spans, ..example.clone() }
}

fn join(mut first: Example, by: &str, second: Example) -> Example {
    first.text.push_str(by);
    let from = first.text.len();
    first.text.push_str(&second.text);
    first.spans.extend(second.spans.into_iter().map(|s| GoldSpan { bytes: s.bytes.start + from..s.bytes.end + from, ..s }));
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn example(id: &str, language: &str, text: &str, spans: &[(&str, &str)]) -> Example {
        let span = |(words, kind): &(&str, &str)| {
            let start = text.find(words).unwrap();
            GoldSpan { layer: "line".into(), kind: (*kind).into(), bytes: start..start + words.len(), context: None }
        };
        Example { id: id.into(), language: language.into(), group: "g".into(), text: text.into(), words: None, spans: spans.iter().map(span).collect() }
    }

    #[test]
    fn exchanged_spans_keep_their_words_their_kind_and_their_language() {
        let lines = [
            example("1", "zh", "会示教机器人，也换轴承", &[("示教机器人", "机器人操作"), ("换轴承", "维护技能")]),
            example("2", "zh", "每周画趋势图", &[("画趋势图", "数据分析")]),
            example("3", "zh", "食堂帮厨", &[]),
            example("4", "en", "greased chains daily", &[("greased chains", "维护技能")]),
            example("5", "en", "SQL and robot restarts", &[("SQL", "数据分析"), ("robot restarts", "机器人操作")]),
        ];
        let known: BTreeSet<(&str, &str, &str)> =
            lines.iter().flat_map(|e| e.spans.iter().map(|s| (e.language.as_str(), &e.text[s.bytes.clone()], s.kind.as_str()))).collect();
        let made = exchanged(&lines, 40, 7);
        assert_eq!(made.len(), 200);
        for e in &made {
            for s in &e.spans {
                assert!(known.contains(&(e.language.as_str(), &e.text[s.bytes.clone()], s.kind.as_str())), "{e:?}");
            }
        }
        let kinds = |id: &str| made.iter().filter(|e| e.id.starts_with(id)).filter_map(|e| e.spans.first().map(|s| s.kind.clone())).collect::<BTreeSet<_>>();
        assert_eq!(kinds("2+").len(), 3, "a frame meets every kind");
        assert!(made.iter().any(|e| e.id.starts_with("3+") && !e.spans.is_empty()), "lines are joined");
        assert_eq!(made, exchanged(&lines, 40, 7), "the same seed gives the same lines");
    }

    #[test]
    fn a_person_takes_no_place_of_a_town() {
        let span = |kind: &str| GoldSpan { layer: "personal".into(), kind: kind.into(), bytes: 0..3, context: None };
        assert!(exchangeable(&span("name"), &span("name")) && !exchangeable(&span("name"), &span("address")));
    }
}
