//! NFKC, byte offsets, language guess, sentences and sections. Not tokenisation for the model: that is `tokenize`.
use serde::{Deserialize, Serialize};

mod career_break;
mod language;
mod normalise;
mod section;
mod sentence;
pub mod sheet;
mod typeset;
mod utf16;

pub use career_break::career_break;
pub use language::language;
pub use normalise::nfkc;
pub use section::heading;
pub(crate) use sentence::bullet;
pub use sentence::sentences;
pub use typeset::typeset;
pub use utf16::Utf16Map;

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

/// True for a Chinese character, the supplementary planes included.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// The width of a text in half-width columns: a Chinese character or full-width sign counts two.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2e80}' && !matches!(c, '\u{ff61}'..='\u{ffdc}') { 2 } else { 1 }).sum()
}
