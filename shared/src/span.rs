//! A span of a CV and what is said of it. Not how it is found: that is `model` and `gazetteer`.
use serde::{Deserialize, Serialize};

/// The kind of a span in the open tag set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// What a person does or can do.
    Skill,
    /// What a person knows or uses: tool, machine, method, standard, language, certificate.
    Knowledge,
}

/// Whose skill a span is, and how the person stands to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanContext {
    /// The person's own, at present.
    Own,
    /// Wished for or planned.
    Wanted,
    /// Said not to be there.
    Negated,
    /// Somebody else's.
    Other,
}

impl SpanContext {
    /// True where the span counts as the person's own skill.
    pub fn held(self) -> bool {
        self == Self::Own
    }
}

/// Who found a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// The neural tagger.
    Model,
    /// The dictionary.
    Rule,
}

/// A phrase of the CV that shows a skill or knowledge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundSpan {
    /// First byte in the text as shown.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Skill or knowledge.
    pub kind: SpanKind,
    /// Calibrated probability that the span is right, 0..1.
    pub confidence: f32,
    /// Own, wanted, negated, another's.
    pub context: SpanContext,
    /// Model or rule.
    pub by: FoundBy,
}
