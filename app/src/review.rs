//! What a person reviews: the spans of an analysis gathered into numbered entries, their groups and decisions, and the
//! text cut into lines and segments for display. Not the analysis itself, and no DOM.
use waymark_shared::analyse::{Analysis, FoundBy, FoundSpan, SpanContext, SpanKind};
use waymark_shared::text::{Section, Sentence};

/// From this calibrated confidence up a span counts as quite sure.
pub const SURE_HIGH: f32 = 0.75;
/// Below this one it is shown for checking.
pub const SURE_LOW: f32 = 0.5;
/// At most so many entries are asked about at a time.
pub const CHECK_AT_A_TIME: usize = 3;

/// How sure the tagger is, in steps that have words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// From [`SURE_HIGH`] up.
    High,
    /// Between the two.
    Medium,
    /// Below [`SURE_LOW`].
    Low,
}

impl Sureness {
    /// The step of a confidence, 0..1.
    pub fn of(confidence: f32) -> Self {
        if confidence >= SURE_HIGH {
            Self::High
        } else if confidence >= SURE_LOW {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// What the person said about an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Nothing yet.
    #[default]
    Open,
    /// It is mine.
    Confirmed,
    /// It is not mine.
    NotMine,
}

/// Where an entry is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The least sure ones, a few at a time.
    Check,
    /// Skills held.
    Skills,
    /// Knowledge held.
    Knowledge,
    /// Named in the text, but wanted, negated or another's.
    LeftOut,
    /// Turned down by the person.
    NotMine,
}

/// One phrase, wherever the text names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// From 1, in the order of the text.
    pub number: usize,
    /// Skill or knowledge.
    pub kind: SpanKind,
    /// Own, wanted, negated, another's.
    pub context: SpanContext,
    /// The words of its first place.
    pub label: String,
    /// Indices into [`Analysis::spans`].
    pub places: Vec<usize>,
    /// The highest of its places, 0..1.
    pub confidence: f32,
    /// Who found the surest place.
    pub by: FoundBy,
}

/// An analysis under review.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The text as shown.
    pub text: String,
    /// What was found in it.
    pub analysis: Analysis,
    /// The spans by phrase.
    pub entries: Vec<Entry>,
    /// One for each entry.
    pub decisions: Vec<Decision>,
    /// Sentences about work or skills in which nothing was found.
    pub unplaced: Vec<usize>,
}

impl Review {
    /// Gathers the spans into entries; a span that does not fit the text is left out of them.
    pub fn new(text: String, analysis: Analysis) -> Self {
        let mut entries: Vec<(String, Entry)> = Vec::new();
        for (index, span) in analysis.spans.iter().enumerate() {
            let Some(words) = text.get(span.start..span.end) else { continue };
            let label = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let key = label.to_ascii_lowercase();
            let same = |(other, entry): &&mut (String, Entry)| {
                *other == key && entry.kind == span.kind && entry.context == span.context
            };
            if let Some((_, entry)) = entries.iter_mut().find(same) {
                entry.places.push(index);
                if span.confidence > entry.confidence {
                    (entry.confidence, entry.by) = (span.confidence, span.by);
                }
            } else {
                let entry = Entry {
                    number: entries.len() + 1,
                    kind: span.kind,
                    context: span.context,
                    label,
                    places: vec![index],
                    confidence: span.confidence,
                    by: span.by,
                };
                entries.push((key, entry));
            }
        }
        let unplaced = (0..analysis.sentences.len())
            .filter(|index| is_unplaced(&text, &analysis.sentences[*index], &analysis.spans))
            .collect();
        let decisions = vec![Decision::Open; entries.len()];
        Self { text, analysis, entries: entries.into_iter().map(|(_, entry)| entry).collect(), decisions, unplaced }
    }

    /// True while an entry counts as the person's own, confirmed or not.
    pub fn counts(&self, index: usize) -> bool {
        match (self.decisions.get(index), self.entries.get(index)) {
            (Some(Decision::Open), Some(entry)) => entry.context.held(),
            (Some(decision), Some(_)) => *decision == Decision::Confirmed,
            _ => false,
        }
    }

    /// The group of every entry.
    pub fn groups(&self) -> Vec<Group> {
        let mut unsure: Vec<usize> = (0..self.entries.len())
            .filter(|index| {
                self.decisions[*index] == Decision::Open
                    && self.entries[*index].context.held()
                    && Sureness::of(self.entries[*index].confidence) == Sureness::Low
            })
            .collect();
        while unsure.len() > CHECK_AT_A_TIME {
            let surest = (0..unsure.len()).max_by(|a, b| {
                self.entries[unsure[*a]].confidence.total_cmp(&self.entries[unsure[*b]].confidence)
            });
            surest.map(|surest| unsure.remove(surest));
        }
        let by_kind = |kind| if kind == SpanKind::Skill { Group::Skills } else { Group::Knowledge };
        (self.entries.iter().zip(&self.decisions).enumerate())
            .map(|(index, (entry, decision))| match decision {
                Decision::NotMine => Group::NotMine,
                Decision::Confirmed => by_kind(entry.kind),
                Decision::Open if !entry.context.held() => Group::LeftOut,
                Decision::Open if unsure.contains(&index) => Group::Check,
                Decision::Open => by_kind(entry.kind),
            })
            .collect()
    }

    /// The words of a sentence.
    pub fn sentence(&self, index: usize) -> &str {
        self.analysis.sentences.get(index).and_then(|s| self.text.get(s.start..s.end)).unwrap_or_default().trim()
    }

    /// The sentence around the first place of an entry, cut in three: before, the words, after.
    pub fn around(&self, entry: &Entry) -> [&str; 3] {
        let Some(span) = entry.places.first().and_then(|index| self.analysis.spans.get(*index)) else { return [""; 3] };
        let holds = |s: &&Sentence| s.start <= span.start && span.end <= s.end;
        let (start, end) = match self.analysis.sentences.iter().find(holds) {
            Some(sentence) => (sentence.start, sentence.end),
            None => (span.start, span.end),
        };
        let cut = |a: usize, b: usize| self.text.get(a..b).unwrap_or_default();
        [cut(start, span.start).trim_start(), cut(span.start, span.end), cut(span.end, end).trim_end()]
    }

    /// The text as lines of segments.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut start = 0;
        for words in self.text.split('\n') {
            let end = start + words.len();
            lines.push(self.line(start, end));
            start = end + 1;
        }
        lines
    }

    fn line(&self, start: usize, end: usize) -> Line {
        let words = self.text.get(start..end).unwrap_or_default();
        let trimmed = words.trim();
        let overlaps = |a: usize, b: usize| a < end && b > start;
        let heading = self.analysis.sentences.iter().any(|s| s.heading && overlaps(s.start, s.end));
        let kind = if trimmed.is_empty() {
            LineKind::Blank
        } else if heading {
            LineKind::Heading
        } else if trimmed.starts_with(['-', '•', '·', '▪', '●', '*', '–', '◆', '■', '○']) {
            LineKind::Bullet
        } else {
            LineKind::Plain
        };
        let here: Vec<(usize, &FoundSpan)> = (self.entries.iter())
            .flat_map(|entry| entry.places.iter().map(move |place| (entry.number, place)))
            .filter_map(|(number, place)| Some((number, self.analysis.spans.get(*place)?)))
            .filter(|(_, span)| overlaps(span.start, span.end))
            .collect();
        let unplaced: Vec<(usize, &Sentence)> = (self.unplaced.iter())
            .filter_map(|index| Some((*index, self.analysis.sentences.get(*index)?)))
            .filter(|(_, s)| overlaps(s.start, s.end))
            .collect();
        let mut cuts = vec![start, end];
        for (a, b) in here.iter().map(|(_, span)| (span.start, span.end)).chain(unplaced.iter().map(|(_, s)| (s.start, s.end))) {
            for cut in [a, b] {
                if let Err(place) = cuts.binary_search(&cut)
                    && cut > start
                    && cut < end
                {
                    cuts.insert(place, cut);
                }
            }
        }
        let mut segments = Vec::new();
        for pair in cuts.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let Some(words) = self.text.get(a..b) else { continue };
            let covers = |span: &FoundSpan| span.start <= a && b <= span.end;
            let of = |kind| here.iter().find(|(_, span)| span.kind == kind && covers(span)).map(|(number, _)| *number);
            segments.push(Segment {
                words: words.to_owned(),
                skill: of(SpanKind::Skill),
                knowledge: of(SpanKind::Knowledge),
                ends: here.iter().filter(|(_, span)| span.end == b).map(|(number, _)| *number).collect(),
                unplaced: unplaced.iter().find(|(_, s)| s.start <= a && b <= s.end).map(|(index, _)| *index),
            });
        }
        Line { kind, segments }
    }
}

/// True for a sentence about work or skills, long enough to say something there, in which nothing was found.
fn is_unplaced(text: &str, sentence: &Sentence, spans: &[FoundSpan]) -> bool {
    // A list of skills has short items; under work, short lines are dates, places and titles.
    let least = match sentence.section {
        Section::Skills => 2,
        Section::Experience => 8,
        _ => return false,
    };
    if sentence.heading || spans.iter().any(|s| s.start < sentence.end && s.end > sentence.start) {
        return false;
    }
    let Some(words) = text.get(sentence.start..sentence.end) else { return false };
    let han = words.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    let latin = words.split_whitespace().filter(|word| word.chars().filter(|c| c.is_ascii_alphabetic()).count() > 1).count();
    latin * 2 + han >= least
}

/// What a line of a CV is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Heading of a section.
    Heading,
    /// Begins with a bullet.
    Bullet,
    /// Anything else.
    Plain,
    /// Nothing in it.
    Blank,
}

/// A line of the text as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How it is set.
    pub kind: LineKind,
    /// Its words in order, nothing left out.
    pub segments: Vec<Segment>,
}

/// Words that belong to the same entries; skill and knowledge may lie over each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The words.
    pub words: String,
    /// Number of the skill over them.
    pub skill: Option<usize>,
    /// Number of the knowledge over them.
    pub knowledge: Option<usize>,
    /// Numbers of the entries that end here.
    pub ends: Vec<usize>,
    /// The sentence, if nothing was found in it.
    pub unplaced: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use waymark_shared::text::Language;

    fn span(text: &str, words: &str, kind: SpanKind, context: SpanContext, confidence: f32) -> FoundSpan {
        let start = text.find(words).unwrap();
        FoundSpan { start, end: start + words.len(), kind, confidence, context, by: FoundBy::Model }
    }

    fn sentence(text: &str, words: &str, section: Section) -> Sentence {
        let start = text.find(words).unwrap();
        Sentence { start, end: start + words.len(), section, heading: false }
    }

    fn sample() -> Review {
        use SpanContext::{Negated, Own, Wanted};
        use SpanKind::{Knowledge, Skill};
        let text = "技能\n- 操作焊接机器人，会用PLC\n我想学Python\n没有驾照\n负责完成领导交办的其他事项\nPLC".to_owned();
        let mut spans = vec![
            span(&text, "操作焊接机器人", Skill, Own, 0.9),
            span(&text, "焊接机器人", Knowledge, Own, 0.3),
            span(&text, "PLC", Knowledge, Own, 0.6),
            span(&text, "Python", Knowledge, Wanted, 0.8),
            span(&text, "驾照", Knowledge, Negated, 0.2),
        ];
        let last = text.rfind("PLC").unwrap();
        spans.push(FoundSpan { start: last, end: last + 3, confidence: 0.7, ..spans[2].clone() });
        let sentences = vec![
            sentence(&text, "- 操作焊接机器人，会用PLC", Section::Skills),
            sentence(&text, "负责完成领导交办的其他事项", Section::Experience),
        ];
        Review::new(text, Analysis { language: Language::Zh, sentences, spans })
    }

    #[test]
    fn the_same_phrase_is_one_entry_with_all_its_places() {
        let review = sample();
        let plc = review.entries.iter().find(|entry| entry.label == "PLC").unwrap();
        assert_eq!((plc.number, plc.places.as_slice(), plc.confidence), (3, [2, 5].as_slice(), 0.7));
    }

    #[test]
    fn groups_follow_context_confidence_and_decisions() {
        use Group::{Check, Knowledge, LeftOut, NotMine, Skills};
        let mut review = sample();
        assert_eq!(review.groups(), [Skills, Check, Knowledge, LeftOut, LeftOut]);
        review.decisions = vec![Decision::NotMine, Decision::Confirmed, Decision::Open, Decision::Confirmed, Decision::Open];
        assert_eq!(review.groups(), [NotMine, Knowledge, Knowledge, Knowledge, LeftOut]);
    }

    #[test]
    fn no_more_than_three_entries_are_asked_about_at_a_time() {
        let text: String = ('a'..='j').collect();
        let spans = (0..10u8)
            .map(|i| FoundSpan {
                start: usize::from(i),
                end: usize::from(i) + 1,
                kind: SpanKind::Skill,
                confidence: 0.4 - f32::from(i) / 100.0,
                context: SpanContext::Own,
                by: FoundBy::Rule,
            })
            .collect();
        let mut review = Review::new(text, Analysis { language: Language::En, sentences: vec![], spans });
        let asked = |review: &Review| review.groups().iter().map(|group| *group == Group::Check).collect::<Vec<_>>();
        assert_eq!(asked(&review).iter().position(|asked| *asked), Some(7));
        review.decisions[9] = Decision::Confirmed;
        assert_eq!(asked(&review).iter().filter(|asked| **asked).count(), CHECK_AT_A_TIME);
        assert_eq!(asked(&review).iter().position(|asked| *asked), Some(6));
    }

    #[test]
    fn lines_hold_the_whole_text_and_nested_spans_keep_both_layers() {
        let review = sample();
        let lines = review.lines();
        let shown: Vec<String> = lines.iter().map(|line| line.segments.iter().map(|s| s.words.as_str()).collect()).collect();
        assert_eq!(shown.join("\n"), review.text);
        let both = lines[1].segments.iter().find(|segment| segment.words == "焊接机器人").unwrap();
        assert_eq!((both.skill, both.knowledge, both.ends.as_slice()), (Some(1), Some(2), [1, 2].as_slice()));
        assert_eq!(lines[1].kind, LineKind::Bullet);
    }

    #[test]
    fn a_sentence_about_work_without_a_span_is_shown_as_unplaced() {
        let review = sample();
        assert_eq!(review.unplaced, [1]);
        assert_eq!(review.sentence(1), "负责完成领导交办的其他事项");
        assert_eq!(review.lines()[4].segments[0].unplaced, Some(1));
    }

    #[test]
    fn the_sentence_around_an_entry_is_cut_at_its_words() {
        let review = sample();
        assert_eq!(review.around(&review.entries[1]), ["- 操作", "焊接机器人", "，会用PLC"]);
    }

    #[test]
    fn spans_that_do_not_fit_the_text_are_not_shown() {
        let bad = FoundSpan {
            start: 1,
            end: 99,
            kind: SpanKind::Skill,
            confidence: 1.0,
            context: SpanContext::Own,
            by: FoundBy::Rule,
        };
        let review = Review::new("焊".into(), Analysis { language: Language::Zh, sentences: vec![], spans: vec![bad] });
        assert!(review.entries.is_empty() && review.lines().len() == 1);
    }
}
