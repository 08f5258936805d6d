//! Everything that can go wrong, by kind, as the page shows it. Not its words: those are in `i18n`.
use crate::worker::protocol::{CvFault, ModelFault, WorkerError};

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A file could not be read.
    Cv(CvFault),
    /// A worker gave no reply.
    Worker(WorkerError),
    /// The model gave no answer.
    Model(ModelFault),
    /// The page could not be made ready.
    Load(LoadFault),
}

/// Why the page could not be made ready.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LoadFault {
    /// A file could not be fetched.
    Unreachable {
        /// Which.
        path: String,
    },
    /// The list of the model's files is not the one this site was built with.
    Manifest,
    /// A file is not what the list says.
    Digest {
        /// Which.
        path: String,
    },
    /// The browser lacks something the page needs.
    Browser,
    /// The network could still be reached after the seal.
    SealOpen,
}

impl Fault {
    /// The kind in snake case, for tests and reports.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Cv(fault) => match fault {
                CvFault::Empty => "empty",
                CvFault::Scan => "scan",
                CvFault::PasswordNeeded => "password_needed",
                CvFault::PasswordWrong => "password_wrong",
                CvFault::Damaged => "damaged",
                CvFault::NotACv => "not_a_cv",
                CvFault::OldDoc => "old_doc",
                CvFault::ScriptPage => "script_page",
                CvFault::OtherJson => "other_json",
                CvFault::ArchiveBomb => "archive_bomb",
                CvFault::ExternalEntity => "external_entity",
                CvFault::OverBudget => "over_budget",
            },
            Self::Worker(error) => match error {
                WorkerError::Cancelled => "cancelled",
                WorkerError::OutOfMemory => "out_of_memory",
                WorkerError::Trap => "trap",
                WorkerError::VersionMismatch => "version_mismatch",
                WorkerError::TooSlow => "too_slow",
            },
            Self::Model(fault) => match fault {
                ModelFault::Missing => "model_missing",
                ModelFault::Malformed => "model_malformed",
                ModelFault::Failed => "model_failed",
            },
            Self::Load(fault) => match fault {
                LoadFault::Unreachable { .. } => "unreachable",
                LoadFault::Manifest => "manifest",
                LoadFault::Digest { .. } => "digest",
                LoadFault::Browser => "browser",
                LoadFault::SealOpen => "seal_open",
            },
        }
    }

    /// True for what a person did, as against what went wrong.
    pub fn is_choice(&self) -> bool {
        matches!(self, Self::Worker(WorkerError::Cancelled))
    }
}
