//! From the bytes of a file to the text of a CV. Not its meaning: that is `analyse`.
//!
//! [`read`] tells the format by content and hands the bytes to `plain`, `docx`, `pdf`, `html` or `json_resume`. It runs no
//! action that a file asks for, follows no link, and holds every [`Limits`] while it reads.
use crate::text::nfkc;
use serde::{Deserialize, Serialize};

mod docx;
mod html;
mod json_resume;
mod likely;
mod pdf;
mod plain;
mod row;
mod sniff;

/// What kind of file the bytes are, told by their content, never by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CvFormat {
    /// Portable Document Format.
    Pdf,
    /// Office Open XML word processing.
    Docx,
    /// Plain or pasted text.
    Plain,
    /// A web page, or Word's.
    Html,
    /// JSON Resume, the profile that the page saves among it.
    JsonResume,
}

/// The text of a CV, as shown to the person; every span counts its bytes in `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CvText {
    /// What was read.
    pub format: CvFormat,
    /// NFKC, lines separated by `\n`.
    pub text: String,
}

/// Something the person should know about a file that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which.
    pub kind: NoticeKind,
    /// Details for the log, in English; the page words it by kind.
    pub detail: String,
}

/// The kinds of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Some pages or parts could not be read.
    PartlyRead,
    /// Text deleted or added in tracked changes was left out or taken in.
    TrackedChanges,
    /// Some pages hold only pictures.
    PicturePages,
    /// The text does not look like a CV.
    UnlikelyCv,
}

/// Why a file could not be read; the page and the command line word it by [`CvError::kind`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CvError {
    /// No bytes, or only white space.
    #[error("the file is empty")]
    Empty,
    /// A PDF of pictures without a text layer.
    #[error("the PDF holds no text: a scan")]
    Scan,
    /// Protected, and no password was given.
    #[error("the file asks for a password")]
    PasswordNeeded,
    /// Protected, and the password given does not open it.
    #[error("the password does not open the file")]
    PasswordWrong,
    /// Cut off or broken.
    #[error("the file is damaged: {detail}")]
    Damaged {
        /// Where.
        detail: String,
    },
    /// A picture, a program, a spreadsheet: no CV format.
    #[error("not a CV format: {detail}")]
    NotACv {
        /// What it seems to be.
        detail: String,
    },
    /// A Word file from before 2007.
    #[error("an old .doc file")]
    OldDoc,
    /// A web page whose text a script would fetch or make.
    #[error("the page holds no text but scripts that would bring it")]
    ScriptPage,
    /// JSON, but no résumé in it.
    #[error("JSON, but no JSON Resume: {detail}")]
    OtherJson {
        /// What it lacks.
        detail: String,
    },
    /// An archive that unpacks to far more than it holds.
    #[error("the archive unpacks beyond its budget")]
    ArchiveBomb,
    /// XML that declares entities or a document type.
    #[error("the file declares external entities")]
    ExternalEntity,
    /// More pages, bytes or text than the budget.
    #[error("over budget: {what} {found} > {limit}")]
    OverBudget {
        /// Bytes, pages, characters.
        what: String,
        /// Found.
        found: u64,
        /// Allowed.
        limit: u64,
    },
}

impl CvError {
    /// The stable name by which page and command line word the error.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Scan => "scan",
            Self::PasswordNeeded => "password_needed",
            Self::PasswordWrong => "password_wrong",
            Self::Damaged { .. } => "damaged",
            Self::NotACv { .. } => "not_a_cv",
            Self::OldDoc => "old_doc",
            Self::ScriptPage => "script_page",
            Self::OtherJson { .. } => "other_json",
            Self::ArchiveBomb => "archive_bomb",
            Self::ExternalEntity => "external_entity",
            Self::OverBudget { .. } => "over_budget",
        }
    }

    fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged { detail: detail.into() }
    }
}

impl NoticeKind {
    /// The stable name by which page and command line word the notice.
    pub fn kind(self) -> &'static str {
        match self {
            Self::PartlyRead => "partly_read",
            Self::TrackedChanges => "tracked_changes",
            Self::PicturePages => "picture_pages",
            Self::UnlikelyCv => "unlikely_cv",
        }
    }
}

impl Notice {
    fn new(kind: NoticeKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

/// Budgets of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Pages of a PDF.
    pub pages: u64,
    /// Bytes of text.
    pub text_bytes: u64,
    /// Bytes any compressed part may inflate to.
    pub inflated_bytes: u64,
    /// Inflated over compressed.
    pub inflate_ratio: u64,
    /// Depth of nested elements.
    pub depth: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 30 << 20, pages: 300, text_bytes: 2 << 20, inflated_bytes: 20 << 20, inflate_ratio: 200, depth: 256 }
    }
}

/// Reads a CV from the bytes of a file: its text as shown, and what the person should know about the reading.
///
/// `password` opens a protected PDF; it is not looked at otherwise. The same bytes give the same text.
///
/// # Errors
/// One of [`CvError`] where no text can be had; a file that is read in part gives a [`Notice`] instead.
pub fn read(bytes: &[u8], password: Option<&str>, limits: &Limits) -> Result<(CvText, Vec<Notice>), CvError> {
    within("bytes", u64::try_from(bytes.len()).unwrap_or(u64::MAX), limits.file_bytes)?;
    let mut notices = Vec::new();
    let format = sniff::format(bytes)?;
    let raw = match format {
        CvFormat::Plain => plain::read(bytes, &mut notices)?,
        CvFormat::Docx => docx::read(bytes, limits, &mut notices)?,
        CvFormat::Pdf => pdf::read(bytes, password, limits, &mut notices)?,
        CvFormat::Html => html::read(bytes, limits, &mut notices)?,
        CvFormat::JsonResume => json_resume::read(bytes, limits, &mut notices)?,
    };
    let text = tidy(&nfkc(&raw));
    if !text.chars().any(char::is_alphanumeric) {
        return Err(CvError::Empty);
    }
    within("text bytes", u64::try_from(text.len()).unwrap_or(u64::MAX), limits.text_bytes)?;
    if !likely::is_cv(&text) {
        notices.push(Notice::new(NoticeKind::UnlikelyCv, "no section, date, address or CV word found"));
    }
    Ok((CvText { format, text }, notices))
}

/// Reads text typed or pasted into the page.
///
/// # Errors
/// [`CvError::Empty`] and [`CvError::OverBudget`].
pub fn paste(text: &str, limits: &Limits) -> Result<(CvText, Vec<Notice>), CvError> {
    within("text bytes", u64::try_from(text.len()).unwrap_or(u64::MAX), limits.text_bytes)?;
    let text = tidy(&nfkc(text));
    if text.chars().any(char::is_alphanumeric) { Ok((CvText { format: CvFormat::Plain, text }, Vec::new())) } else { Err(CvError::Empty) }
}

fn within(what: &str, found: u64, limit: u64) -> Result<(), CvError> {
    if found > limit { Err(CvError::OverBudget { what: what.to_owned(), found, limit }) } else { Ok(()) }
}

/// No blanks at the end of a line, no two empty lines on end, none at the edges.
fn tidy(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split('\n') {
        let line = line.trim_end();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !shown.is_empty() {
            shown.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        shown.push_str(line);
        empty = 0;
    }
    shown
}
