//! Whether spans are found as well in the lines of manual as of office work, and in informal as in formal ones. Not who wrote a
//! line: both are told by its sector and its words.
use super::{Report, Row, Scored};
use crate::data::Example;
use waymark_shared::model::NeuralTagger;

/// Sectors of our dev files whose work is done by hand, and at a desk.
const MANUAL: [&str; 5] = ["textile", "energy", "domestic_care", "agriculture_food", "transport_aviation"];
const OFFICE: [&str; 2] = ["media_design", "marketing_creative"];
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

/// Pooled scores of each group that has spans, in pairs to compare: manual, office; informal, formal. A sector of neither list is
/// in neither of the first.
pub fn rows(tagger: &NeuralTagger, scored: &[Scored<'_>]) -> Vec<Row> {
    let row = |name: &str, of: &dyn Fn(&Example) -> bool| -> Option<Row> {
        let Report { rows, .. } = super::report(tagger, scored.iter().filter(|scored| of(scored.example)), None);
        rows.into_iter().find(|row| row.name == "pooled" && row.support > 0).map(|row| Row { name: name.into(), ..row })
    };
    let pairs: [(&str, &dyn Fn(&Example) -> bool); 4] = [
        ("manual", &|example| MANUAL.contains(&example.group.as_str())),
        ("office", &|example| OFFICE.contains(&example.group.as_str())),
        ("informal", &is_informal),
        ("formal", &|example| !is_informal(example)),
    ];
    pairs.into_iter().filter_map(|(name, of)| row(name, of)).collect()
}
