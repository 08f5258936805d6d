//! Whether spans are found as well in the lines of manual as of office work, and in informal as in formal ones. Not who wrote a
//! line: both are told by its sector and its words. Our dev files have four sectors of office work in each language and
//! five or six of manual work; intervals over lines do not hold how sectors differ.
use super::{Counts, Row, Scored};
use crate::data::Example;
use serde::Serialize;
use waymark_shared::model::NeuralTagger;
use waymark_shared::random::Stream;

/// Sectors of our dev files whose work is done by hand.
pub const MANUAL: [&str; 10] = [
    "textile", "energy", "domestic_care", "agriculture_food", "transport_aviation", "brewery_bottling", "brewery_liquor", "foundry_casting", "tree_surgery", "toy_craft",
];
/// Those whose work is done at a desk.
pub const OFFICE: [&str; 6] = ["media_design", "marketing_creative", "tax_advice", "tax_agency", "travel_agency", "urban_planning"];
/// Words of someone who tells rather than writes a CV; English ones between blanks or marks.
const INFORMAL_ZH: [&str; 14] = ["我", "咱", "啥", "弄", "摸", "搞", "上手", "活儿", "底子", "自己", "都能", "没问题", "顺手", "行吧"];
const INFORMAL_EN: [&str; 14] = ["i", "i'm", "i've", "i'd", "my", "me", "we", "our", "don't", "didn't", "can't", "never", "bit", "stuff"];

fn is_informal(example: &Example) -> bool {
    let words = example.text.to_lowercase().replace('’', "'");
    if example.language == "zh" {
        return INFORMAL_ZH.iter().any(|word| words.contains(word));
    }
    words.split(|c: char| !c.is_alphabetic() && c != '\'').any(|word| INFORMAL_EN.contains(&word))
}

/// Resamples behind an interval, and the key of their draws.
const RESAMPLES: usize = 1000;
const SEED: u64 = 5;

/// Two groups of lines, scored over all kinds.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// One and the other.
    pub rows: [Row; 2],
    /// F1 of the one less that of the other.
    pub gap: f64,
    /// Where 95 % of the gaps lie when the lines of each group are drawn anew with replacement. Few lines: it is wide.
    pub interval: [f64; 2],
}

/// Manual against office, informal against formal, where both have spans. A sector of neither list is in neither of the first.
pub fn pairs(tagger: &NeuralTagger, scored: &[Scored<'_>]) -> Vec<Pair> {
    let lines: Vec<(&Example, Counts)> = scored.iter().map(|s| (s.example, pooled(super::counts(s.example, &tagger.decode(&s.units, s.language, s.logits.clone())).into_values()))).collect();
    let of = |keep: &dyn Fn(&Example) -> bool| lines.iter().filter(|(example, _)| keep(example)).map(|(_, counts)| *counts).collect::<Vec<_>>();
    let within = |sectors: &'static [&'static str]| of(&|example| sectors.contains(&example.group.as_str()));
    [
        pair(["manual", "office"], [within(&MANUAL), within(&OFFICE)]),
        pair(["informal", "formal"], [of(&is_informal), of(&|example| !is_informal(example))]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn pooled(lines: impl Iterator<Item = Counts>) -> Counts {
    lines.fold(Counts::default(), |mut sum, counts| {
        sum.add(counts);
        sum
    })
}

fn pair(names: [&str; 2], groups: [Vec<Counts>; 2]) -> Option<Pair> {
    let all = groups.each_ref().map(|lines| pooled(lines.iter().copied()));
    if all.iter().any(|counts| counts.gold == 0) {
        return None;
    }
    let mut stream = Stream::at(&[SEED]);
    let mut drawn = |lines: &[Counts]| pooled((0..lines.len()).filter_map(|_| lines.get((stream.unit() * lines.len() as f64) as usize).copied())).f1();
    let mut gaps: Vec<f64> = (0..RESAMPLES).map(|_| drawn(&groups[0]) - drawn(&groups[1])).collect();
    gaps.sort_by(f64::total_cmp);
    let rows = [0, 1].map(|which| super::row(names[which].into(), all[which]));
    Some(Pair { gap: rows[0].f1 - rows[1].f1, rows, interval: [gaps[RESAMPLES / 40], gaps[RESAMPLES - 1 - RESAMPLES / 40]] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_gap_and_narrows_with_lines() {
        let line = |right: usize| Counts { right, predicted: 2, gold: 2 };
        let of = |lines: usize| pair(["one", "other"], [(0..lines).map(|i| line(usize::from(i % 4 > 0))).collect(), vec![line(1); lines]]).unwrap();
        let (few, many) = (of(20), of(500));
        assert!((few.gap + 0.125).abs() < 1e-9 && (many.gap + 0.125).abs() < 1e-9);
        let width = |pair: &Pair| pair.interval[1] - pair.interval[0];
        assert!([&few, &many].iter().all(|pair| pair.interval[0] < pair.gap && pair.gap < pair.interval[1]));
        // The standard error of the share of three in four lines, halved: 0.0484 of 20, 0.0097 of 500; 3.92 of them wide.
        assert!((width(&few) / 0.190 - 1.0).abs() < 0.2 && (width(&many) / 0.0380 - 1.0).abs() < 0.2, "{} {}", width(&few), width(&many));
        assert!(pair(["one", "other"], [vec![line(1)], Vec::new()]).is_none());
    }
}
