//! The configuration of a model folder: Hugging Face's BERT fields, and ours beside them.
use super::ModelError;
use serde::{Deserialize, Serialize};

/// `config.json`. The first block has the names and meanings of Hugging Face's `BertConfig`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Always `bert`.
    pub model_type: String,
    /// Width of the hidden state.
    pub hidden_size: usize,
    /// Layers.
    pub num_hidden_layers: usize,
    /// Attention heads a layer.
    pub num_attention_heads: usize,
    /// Width of the feed-forward layer.
    pub intermediate_size: usize,
    /// Rows of the word embedding.
    pub vocab_size: usize,
    /// Rows of the position embedding.
    pub max_position_embeddings: usize,
    /// Rows of the token type embedding.
    pub type_vocab_size: usize,
    /// ε of every LayerNorm.
    pub layer_norm_eps: f64,
    /// Activation of the feed-forward layer; only `gelu` (exact, by erf) is built.
    #[serde(default = "gelu")]
    pub hidden_act: String,
    /// Share of hidden values dropped in training, 0..1.
    #[serde(default = "tenth")]
    pub hidden_dropout_prob: f64,
    /// Share of attention weights dropped in training, 0..1.
    #[serde(default = "tenth")]
    pub attention_probs_dropout_prob: f64,
    /// Id of the padding piece.
    #[serde(default)]
    pub pad_token_id: u32,
    /// How a sentence vector comes from hidden states; only `mean` is built.
    #[serde(default = "mean")]
    pub pooling: String,
    /// Text put before a sentence for its vector; empty for models distilled not to need it.
    #[serde(default)]
    pub prefix: String,
    /// Scheme of packed tensors: absent, or `q4-32` (see `quant`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantization: Option<String>,
    /// Name and version of this encoder, as in its model card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder_version: Option<String>,
    /// Heads on the encoder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<HeadConfig>,
}

/// A linear head over hidden states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadConfig {
    /// Its tensors are `head.<name>.weight` [labels, hidden] and `head.<name>.bias` [labels].
    pub name: String,
    /// What it predicts.
    pub kind: HeadKind,
    /// Its labels in order of the logits.
    pub labels: Vec<String>,
    /// What it adds to the encoder for its own pass; none where it reads the encoder as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<AdapterConfig>,
    /// The head whose additions it reads the encoder with, where it has none of its own: one pass serves both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<String>,
}

impl HeadConfig {
    /// The head whose additions make its pass; none for the encoder as it is.
    pub fn pass(&self) -> Option<&str> {
        if self.adapter.is_some() { Some(&self.name) } else { self.shares.as_deref() }
    }
}

/// Low-rank additions to matrices of the encoder (see `adapter`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdapterConfig {
    /// Rank of every addition.
    pub rank: usize,
    /// Factor on them: α / rank.
    pub scale: f64,
    /// The matrices of a layer that are added to, as `attention.self.query`.
    pub on: Vec<String>,
    /// The first layer that is added to; those below are shared with the other heads.
    #[serde(default)]
    pub from_layer: usize,
}

/// What a head predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadKind {
    /// A layer of spans, one tag a unit.
    Spans,
    /// The context of a span, averaged over its units.
    Context,
}

fn gelu() -> String {
    "gelu".into()
}
fn tenth() -> f64 {
    0.1
}
fn mean() -> String {
    "mean".into()
}

impl EncoderConfig {
    /// Reads and checks `config.json`.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] naming the field that is off.
    pub fn parse(json: &[u8]) -> Result<Self, ModelError> {
        let bad = |detail: String| ModelError::Malformed { file: "config.json".into(), detail };
        let config: Self = serde_json::from_slice(json).map_err(|e| bad(e.to_string()))?;
        if config.model_type != "bert" {
            return Err(bad(format!("model_type {:?}, only \"bert\" is built", config.model_type)));
        }
        if config.hidden_act != "gelu" {
            return Err(bad(format!("hidden_act {:?}, only \"gelu\" is built", config.hidden_act)));
        }
        if config.pooling != "mean" {
            return Err(bad(format!("pooling {:?}, only \"mean\" is built", config.pooling)));
        }
        if config.num_attention_heads == 0 || !config.hidden_size.is_multiple_of(config.num_attention_heads) {
            return Err(bad(format!("hidden_size {} is no multiple of num_attention_heads {}", config.hidden_size, config.num_attention_heads)));
        }
        if let Some(scheme) = config.quantization.as_deref().filter(|s| *s != super::quant::SCHEME) {
            return Err(bad(format!("quantization {scheme:?} is unknown")));
        }
        let adds = |name: &str| config.head(name).is_some_and(|of| of.adapter.is_some());
        if let Some(name) = config.heads.iter().filter_map(|head| head.shares.as_deref()).find(|name| !adds(name)) {
            return Err(bad(format!("a head shares the additions of {name:?}, which has none")));
        }
        Ok(config)
    }

    /// Width and length of a matrix of a layer, `None` for a name that is none: [out, in].
    pub fn matrix(&self, name: &str) -> Option<[usize; 2]> {
        let (h, f) = (self.hidden_size, self.intermediate_size);
        match name {
            "attention.self.query" | "attention.self.key" | "attention.self.value" | "attention.output.dense" => Some([h, h]),
            "intermediate.dense" => Some([f, h]),
            "output.dense" => Some([h, f]),
            _ => None,
        }
    }

    /// The head of that name.
    pub fn head(&self, name: &str) -> Option<&HeadConfig> {
        self.heads.iter().find(|h| h.name == name)
    }

    /// The open tag set: BIO layers of skill and knowledge, and the context of spans.
    pub fn open_heads() -> Vec<HeadConfig> {
        let head = |name: &str, kind, labels: &[&str]| HeadConfig { name: name.into(), kind, labels: labels.iter().map(|s| (*s).to_string()).collect(), adapter: None, shares: None };
        vec![
            head("skill", HeadKind::Spans, &["O", "B-Skill", "I-Skill"]),
            head("knowledge", HeadKind::Spans, &["O", "B-Knowledge", "I-Knowledge"]),
            head("context", HeadKind::Context, &["own", "wanted", "negated", "other"]),
        ]
    }
}
