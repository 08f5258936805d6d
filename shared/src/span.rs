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
    /// The person, by hand.
    Person,
}

/// The kind of a competence, as O*NET divides them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompetenceKind {
    /// A detailed work activity.
    Activity,
    /// A tool or software by its name.
    Technology,
    /// An area of knowledge.
    Knowledge,
    /// A basic or cross-functional skill.
    Skill,
}

/// How a phrase was linked to a competence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkedBy {
    /// The phrase is a name or an alias of it.
    Name,
    /// The phrase holds an alias of it.
    Part,
    /// It is near by vector and words.
    Nearness,
    /// The person chose it.
    Person,
}

/// A competence that a span means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanLink {
    /// O*NET's id; for technologies `tech:` and the name.
    pub id: String,
    /// Its kind.
    pub kind: CompetenceKind,
    /// English name.
    pub name_en: String,
    /// Our Chinese reference name; empty for technologies.
    pub name_zh: String,
    /// Probability that it is meant, 0..1; 1 by name.
    pub score: f32,
    /// By name, by a part of the phrase, by nearness, or chosen.
    pub by: LinkedBy,
}

/// An occupation that a CV describes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribedOccupation {
    /// Code of the US National Employment Matrix (SOC 2018).
    pub soc: String,
    /// English name.
    pub name_en: String,
    /// Our Chinese reference name.
    pub name_zh: String,
    /// How well it fits beside the others, 0..1; not a probability.
    pub score: f32,
    /// Titles in the text that name it, as byte ranges.
    pub titles: Vec<(usize, usize)>,
    /// Names (English, Chinese) of the competences found that are typical of it, the most telling first.
    pub competences: Vec<(String, String)>,
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
