//! A span of a CV and what is said of it. Not how it is found: that is `model` and `gazetteer`.
use serde::{Deserialize, Serialize};

/// The kind of a span: the tags of all tag sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// Open set: what a person does or can do.
    Skill,
    /// Open set: what a person knows or uses: tool, machine, method, standard, language, certificate.
    Knowledge,
    /// Production line: operating robots.
    #[serde(rename = "机器人操作")]
    RobotOperation,
    /// Production line: analysing data.
    #[serde(rename = "数据分析")]
    DataAnalysis,
    /// Production line: maintenance.
    #[serde(rename = "维护技能")]
    Maintenance,
}

impl SpanKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Skill, Self::Knowledge, Self::RobotOperation, Self::DataAnalysis, Self::Maintenance];

    /// Its name in files and JSON; those of the production line as the article writes them (mission.md, M3).
    pub fn name(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::Knowledge => "knowledge",
            Self::RobotOperation => "机器人操作",
            Self::DataAnalysis => "数据分析",
            Self::Maintenance => "维护技能",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The tag set it is a tag of.
    pub fn tag_set(self) -> TagSetName {
        match self {
            Self::Skill | Self::Knowledge => TagSetName::Open,
            Self::RobotOperation | Self::DataAnalysis | Self::Maintenance => TagSetName::Line,
        }
    }
}

/// What is looked for in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagSetName {
    /// Skills and knowledge of any CV, a layer each: they may overlap.
    #[default]
    Open,
    /// Three skills of a production line, the article's own tags, in one layer.
    Line,
    /// Names of persons and where someone lives: not shown as skills, but put aside (see `personal`).
    Personal,
}

impl TagSetName {
    /// Every tag set.
    pub const ALL: [Self; 3] = [Self::Open, Self::Line, Self::Personal];

    /// The kinds of its spans; none where they are no skills.
    pub fn kinds(self) -> impl Iterator<Item = SpanKind> {
        SpanKind::ALL.into_iter().filter(move |kind| kind.tag_set() == self)
    }

    /// Its tags, as they stand in files.
    pub fn tags(self) -> Vec<&'static str> {
        match self {
            Self::Personal => vec!["name", "address"],
            skills => skills.kinds().map(SpanKind::name).collect(),
        }
    }

    /// The tag set that has a tag.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.tags().contains(&tag))
    }

    /// Its layers: the heads that find it.
    pub fn layers(self) -> &'static [&'static str] {
        match self {
            Self::Open => &["skill", "knowledge"],
            Self::Line => &["line"],
            Self::Personal => &["personal"],
        }
    }
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
    /// A tag of the tag set looked for.
    pub kind: SpanKind,
    /// Calibrated probability that the span is right, 0..1.
    pub confidence: f32,
    /// Own, wanted, negated, another's.
    pub context: SpanContext,
    /// Model or rule.
    pub by: FoundBy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_by_its_name_and_read_back() {
        for kind in SpanKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(SpanKind::named(kind.name()), Some(kind));
        }
        assert_eq!(SpanKind::named("Skill"), None);
    }
}
