//! Training and evaluation data: one [`Example`] whatever the file it came from. Readers report bad lines as file:line.
pub mod augment;
pub mod names;
pub mod own;
pub mod pairs;
pub mod skillspan;

use anyhow::{Result, bail};
use std::ops::Range;
use std::path::Path;
use waymark_shared::analyse::{SpanContext, TagSetName};

/// A sentence with its gold spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Unique within its file.
    pub id: String,
    /// `en` or `zh`.
    pub language: String,
    /// The document or sector it belongs to: what must not be split.
    pub group: String,
    /// The sentence.
    pub text: String,
    /// Bytes of the words where they are given.
    pub words: Option<Vec<Range<usize>>>,
    /// Gold spans, by start.
    pub spans: Vec<GoldSpan>,
}

/// A gold span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldSpan {
    /// The head that shall find it: a layer of a tag set.
    pub layer: String,
    /// Its tag: one of [`TagSetName::tags`].
    pub kind: String,
    /// Its bytes.
    pub bytes: Range<usize>,
    /// Whose it is, where annotated.
    pub context: Option<SpanContext>,
}

/// The tag set that examples are annotated with: the first span's, or the open one.
pub fn tag_set(examples: &[Example]) -> TagSetName {
    examples.iter().flat_map(|e| &e.spans).find_map(|s| TagSetName::of_tag(&s.kind)).unwrap_or_default()
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// file:line
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl std::fmt::Display for BadLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Share of bad lines beyond which a file is refused.
const BAD_SHARE: f64 = 0.01;

/// Reads a file of any of the formats, told by its first line: SkillSpan JSON, SkillSpan CoNLL, or our JSON lines.
///
/// # Errors
/// If it cannot be read, or more than 1 % of its lines are bad: each is named.
pub fn read(path: &Path) -> Result<Vec<Example>> {
    let bytes = std::fs::read(path).map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
    let name = path.display().to_string();
    let first = bytes.split(|b| *b == b'\n').find(|l| !l.is_empty()).unwrap_or(&[]);
    let json = first.trim_ascii_start().starts_with(b"{");
    let ours = json && first.windows(7).any(|w| w == b"\"spans\"");
    let (examples, bad, lines) = match (json, ours) {
        (_, true) => own::parse(&name, &bytes),
        (true, _) => skillspan::parse_json(&name, &bytes),
        _ => skillspan::parse_conll(&name, &bytes),
    };
    for line in &bad {
        eprintln!("{line}");
    }
    if bad.len() as f64 > BAD_SHARE * lines as f64 {
        bail!("{name}: {} of {lines} lines are bad, more than 1 %: mend them first", bad.len());
    }
    Ok(examples)
}

/// The lines of a file as UTF-8, with their place; bad ones are added to `bad`.
fn lines<'a>(name: &'a str, bytes: &'a [u8], bad: &mut Vec<BadLine>) -> Vec<(String, &'a str)> {
    let mut out = Vec::new();
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let place = format!("{name}:{}", n + 1);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = if n == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        match std::str::from_utf8(line) {
            Ok(text) => out.push((place, text)),
            Err(e) => bad.push(BadLine { place, what: format!("not UTF-8 at byte {}", e.valid_up_to() + 1) }),
        }
    }
    out
}
