//! From the bytes of a file to the text of a CV. Not its meaning: that is `analyse`.
use serde::{Deserialize, Serialize};

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
