//! The neural tagger: one BERT-family encoder with small heads. Not the training loop: that is the trainer's.
//!
//! The principal type is [`NeuralTagger`]: files of a model folder in, spans, logits and sentence vectors out.
pub mod adapter;
pub mod config;
pub mod encoder;
pub mod head;
pub mod kernels;
pub mod quant;
pub mod tagger;

pub use crate::pack::PackFiles;
pub use config::{AdapterConfig, EncoderConfig, HeadConfig, HeadKind};
pub use encoder::{Encoder, Pass};
pub use head::HeadFile;
pub use tagger::{Calibration, NeuralTagger, SpanProbability};

/// Why a model could not be loaded or run.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file of the model folder is not there.
    #[error("the model folder lacks {0}")]
    Missing(String),
    /// A file does not parse.
    #[error("{file}: {detail}")]
    Malformed {
        /// Which file or tensor.
        file: String,
        /// What is wrong.
        detail: String,
    },
    /// A tensor has another shape than the configuration asks for.
    #[error("{name}: shape {found:?}, expected {expected:?}")]
    Shape {
        /// Tensor.
        name: String,
        /// As stored.
        found: Vec<usize>,
        /// As configured.
        expected: Vec<usize>,
    },
    /// The tokenizer's file, or a sentence it fails on.
    #[error(transparent)]
    Tokenize(#[from] crate::tokenize::TokenizeError),
    /// The tensor library refused an operation.
    #[error("tensor operation: {0}")]
    Tensor(#[from] candle_core::Error),
}

impl ModelError {
    /// The kind in snake case, by which the page words it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing(_) => "model_missing",
            Self::Malformed { .. } | Self::Shape { .. } | Self::Tokenize(_) => "model_malformed",
            Self::Tensor(_) => "model_failed",
        }
    }
}
