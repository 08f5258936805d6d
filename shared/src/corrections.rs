//! What a person corrected in the tags of a CV, as lines for the trainer: `{id, lang, sector, text, spans, source}`, a
//! sentence each, offsets in bytes of `text` (trainer/data/README.md). What was found of personal data is masked, and so
//! is every other place that repeats it. Not the decision to give them away.
use crate::personal::{Neutral, PersonalSpan, Unread, again};
use crate::span::{SpanContext, SpanKind, TagSetName};
use crate::text::{Language, Sentence, language};
use serde::{Deserialize, Serialize};

/// What stands for personal data.
const MASK: &str = "***";

/// What the person said about a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Decision {
    /// Nothing yet.
    #[default]
    Open,
    /// It is mine.
    Confirmed,
    /// It is not mine.
    NotMine,
}

/// A tag with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// First byte in the text as shown.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// A tag of the tag set.
    pub kind: SpanKind,
    /// Whose it is.
    pub context: SpanContext,
    /// What the person said.
    pub decision: Decision,
}

#[derive(Serialize)]
struct Line {
    id: String,
    lang: &'static str,
    sector: &'static str,
    text: String,
    spans: Vec<LineSpan>,
    source: &'static str,
}

#[derive(Serialize)]
struct LineSpan {
    start: usize,
    end: usize,
    kind: SpanKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<SpanContext>,
}

/// The lines of all sentences in which the person decided on every tag that counts, and on one at least. A tag that was
/// turned down is no span; one that lies over personal data, or over another of its layer that comes before it, is left out.
pub fn lines(text: &str, sentences: &[Sentence], personal: &[PersonalSpan], judged: &[Judged]) -> String {
    let masks = masks(text, personal);
    let mut out = String::new();
    let mut count = 0;
    for sentence in sentences.iter().filter(|sentence| !sentence.heading) {
        let Some(words) = text.get(sentence.start..sentence.end) else { continue };
        let start = sentence.end - words.trim_start().len();
        let end = sentence.start + words.trim_end().len();
        let of = || judged.iter().filter(move |tag| start <= tag.start && tag.end <= end);
        let undecided = |tag: &Judged| tag.decision == Decision::Open && tag.context.held();
        if of().any(undecided) || of().all(|tag| tag.decision == Decision::Open) {
            continue;
        }
        let masked = Neutral::new(text, start, end, &masks);
        let mut spans: Vec<LineSpan> = Vec::new();
        // What the person said comes before what the model said.
        let is_masked = |tag: &Judged| masks.iter().any(|mask| tag.start < mask.end && mask.start < tag.end);
        for decision in [Decision::Confirmed, Decision::Open] {
            for tag in of().filter(|tag| tag.decision == decision) {
                let (start, end) = (masked.forth(tag.start - start), masked.forth(tag.end - start));
                let open = tag.kind.tag_set() == TagSetName::Open;
                let same_layer = |other: &LineSpan| !open || other.kind == tag.kind;
                if start < end && !is_masked(tag) && !spans.iter().any(|other| same_layer(other) && start < other.end && other.start < end) {
                    spans.push(LineSpan { start, end, kind: tag.kind, context: open.then_some(tag.context) });
                }
            }
        }
        spans.sort_by_key(|span| (span.start, span.end));
        count += 1;
        let lang = if language(&masked.text) == Language::En { "en" } else { "zh" };
        let line = Line { id: format!("corrected-{count:04}"), lang, sector: "corrected", text: masked.text, spans, source: "a person's corrections, personal data masked" };
        // Words and numbers: a line always has a form in JSON.
        out += &(serde_json::to_string(&line).unwrap_or_default() + "\n");
    }
    out
}

/// What to mask, by start, none touching another.
fn masks(text: &str, personal: &[PersonalSpan]) -> Vec<Unread> {
    let mut all: Vec<Unread> = personal.iter().map(|p| Unread::masked(p.start, p.end, MASK)).collect();
    for words in personal.iter().filter_map(|p| text.get(p.start..p.end)) {
        all.extend(again(text, words).map(|at| Unread::masked(at, at + words.len(), MASK)));
    }
    all.sort_unstable_by_key(|mask| (mask.start, mask.end));
    all.dedup_by(|next, kept| {
        let one = next.start <= kept.end;
        kept.end = if one { kept.end.max(next.end) } else { kept.end };
        one
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::personal::PersonalKind;
    use crate::text::Section;
    use serde_json::Value;

    fn judged(text: &str, words: &str, kind: SpanKind, context: SpanContext, decision: Decision) -> Judged {
        let start = text.find(words).unwrap();
        Judged { start, end: start + words.len(), kind, context, decision }
    }

    fn exported(text: &str, personal: &[&str], judged: &[Judged]) -> Vec<Value> {
        let mut start = 0;
        let mut sentences = Vec::new();
        for line in text.split_inclusive('\n') {
            sentences.push(Sentence { start, end: start + line.len(), section: Section::Experience, heading: false });
            start += line.len();
        }
        let personal: Vec<PersonalSpan> = personal.iter().map(|words| text.find(words).map(|at| PersonalSpan { start: at, end: at + words.len(), kind: PersonalKind::Name }).unwrap()).collect();
        lines(text, &sentences, &personal, judged).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn words(line: &Value) -> Vec<String> {
        let text = line["text"].as_str().unwrap();
        let at = |span: &Value, key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
        line["spans"].as_array().unwrap().iter().map(|span| format!("{}:{}", &text[at(span, "start")..at(span, "end")], span["context"].as_str().unwrap_or("-"))).collect()
    }

    #[test]
    fn only_sentences_that_were_decided_are_lines() {
        use Decision::{Confirmed, NotMine, Open};
        use SpanContext::{Own, Wanted};
        use SpanKind::{Knowledge, Skill};
        let text = "  Weld frames with MIG \nUse Excel and Word\nRead drawings\nWant to learn Python";
        let tags = [
            judged(text, "Weld frames", Skill, Own, Confirmed),
            judged(text, "MIG", Knowledge, Own, NotMine),
            judged(text, "Excel", Knowledge, Own, Confirmed),
            judged(text, "Word", Knowledge, Own, Open),
            judged(text, "drawings", Knowledge, Own, NotMine),
            judged(text, "Python", Knowledge, Wanted, Open),
        ];
        let found = exported(text, &[], &tags);
        let texts: Vec<&str> = found.iter().map(|line| line["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["Weld frames with MIG", "Read drawings"]);
        assert_eq!((words(&found[0]), words(&found[1])), (vec!["Weld frames:own".to_owned()], vec![]));
        assert_eq!((&found[0]["lang"], &found[0]["id"]), (&Value::from("en"), &Value::from("corrected-0001")));
    }

    #[test]
    fn personal_data_are_masked_wherever_they_stand_and_spans_move_along() {
        use SpanContext::Own;
        let text = "王小明，会焊接\n师从王小明，操作机器人，电话13812345678，会用PLC";
        let tags = ["会焊接", "操作机器人", "PLC", "王小明"].map(|word| judged(text, word, SpanKind::Skill, Own, Decision::Confirmed));
        let found = exported(text, &["王小明", "13812345678"], &tags);
        assert_eq!(found[0]["text"], "***，会焊接");
        assert_eq!(found[1]["text"], "师从***，操作机器人，电话***，会用PLC");
        assert_eq!((words(&found[0]), words(&found[1])), (vec!["会焊接:own".to_owned()], vec!["操作机器人:own".to_owned(), "PLC:own".to_owned()]));
        assert_eq!(found[1]["lang"], "zh");
    }

    #[test]
    fn what_the_person_said_comes_before_what_overlaps_it() {
        use SpanContext::{Negated, Own};
        let text = "操作焊接机器人";
        let tags = [judged(text, text, SpanKind::Skill, Negated, Decision::Open), judged(text, "焊接机器人", SpanKind::Skill, Own, Decision::Confirmed), judged(text, "机器人", SpanKind::Knowledge, Own, Decision::Confirmed)];
        assert_eq!(words(&exported(text, &[], &tags)[0]), ["焊接机器人:own", "机器人:own"]);
        let line = [judged(text, text, SpanKind::RobotOperation, Own, Decision::Confirmed), judged(text, "机器人", SpanKind::Maintenance, Own, Decision::Confirmed)];
        assert_eq!(words(&exported(text, &[], &line)[0]), ["操作焊接机器人:-"], "one layer, no context");
    }
}
