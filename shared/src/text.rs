//! NFKC, byte offsets, language guess, sentences and sections. Not tokenisation for the model: that is `tokenize`.
use serde::{Deserialize, Serialize};

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// Both, neither under a fifth of the words.
    Mixed,
}

/// A part of a CV, told by its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Before the first heading: name, contact, title.
    Head,
    /// Summary, self-evaluation.
    Summary,
    /// Work, projects, internships.
    Experience,
    /// Skills lists.
    Skills,
    /// Schools and degrees.
    Education,
    /// Certificates, licences, courses.
    Certificates,
    /// Anything else: interests, references.
    Other,
}

/// A sentence, bullet or line of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// First byte in the text as shown.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The section it stands in.
    pub section: Section,
    /// True for the heading of a section.
    pub heading: bool,
}
