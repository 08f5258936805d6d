//! Our BERT-family encoder on candle tensors: embeddings, layers, heads. One code path trains and infers; what differs
//! is the [`Pass`]: which kernels, and dropout or none. (candle-transformers' BERT gives no gradients: house.md, Traps.)
use super::adapter::{self, Adapter};
use super::config::EncoderConfig;
use super::kernels::{AttentionShape, Dropout, Kernels, composed, fused};
use super::quant::{Packed, Stored, Weights};
use super::ModelError;
use candle_core::{Device, Result, Tensor};
use std::collections::BTreeMap;

/// How a forward pass runs.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Composed or fused kernels.
    pub kernels: Kernels,
    /// Dropout of hidden states; its share is replaced by the configured one where attention differs.
    pub drop: Dropout,
    /// Dropout of attention weights.
    pub attention_drop: Dropout,
}

impl Pass {
    /// No dropout, the device's kernels.
    pub fn infer(device: &Device) -> Self {
        Self { kernels: Kernels::for_device(device), drop: Dropout::OFF, attention_drop: Dropout::OFF }
    }

    fn linear(self, x: &Tensor, dense: &Dense) -> Result<Tensor> {
        match self.kernels {
            Kernels::Composed => composed::linear(x, &dense.weight, &dense.bias),
            Kernels::Fused => fused::linear(x, &dense.weight, &dense.bias),
        }
    }
    fn norm(self, x: &Tensor, norm: &Dense, eps: f64) -> Result<Tensor> {
        match self.kernels {
            Kernels::Composed => composed::layer_norm(x, &norm.weight, &norm.bias, eps),
            Kernels::Fused => fused::layer_norm(x, &norm.weight, &norm.bias, eps),
        }
    }
    fn gelu(self, x: &Tensor) -> Result<Tensor> {
        match self.kernels {
            Kernels::Composed => composed::gelu(x),
            Kernels::Fused => fused::gelu(x),
        }
    }
    fn dropout_add(self, x: &Tensor, residual: &Tensor, place: u64) -> Result<Tensor> {
        match self.kernels {
            Kernels::Composed => composed::dropout_add(x, residual, self.drop.at(place)),
            Kernels::Fused => fused::dropout_add(x, residual, self.drop.at(place)),
        }
    }
    fn attention(self, q: &Tensor, k: &Tensor, v: &Tensor, shape: &AttentionShape, place: u64) -> Result<Tensor> {
        match self.kernels {
            Kernels::Composed => composed::attention(q, k, v, shape, self.attention_drop.at(place)),
            Kernels::Fused => fused::attention(q, k, v, shape, self.attention_drop.at(place)),
        }
    }
}

/// Weight and bias of a linear layer, or γ and β of a LayerNorm.
#[derive(Clone, Debug)]
pub struct Dense {
    /// [out, in], or γ [width].
    pub weight: Tensor,
    /// [out], or β [width].
    pub bias: Tensor,
}

/// The word embedding: dense, or packed rows that are expanded as they are needed.
enum WordRows {
    Dense(Tensor),
    Packed(Packed),
}

struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    attention_output: Dense,
    attention_norm: Dense,
    intermediate: Dense,
    output: Dense,
    output_norm: Dense,
}

/// A batch of token ids, rows padded at their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// [batch, seq], row-major.
    pub ids: Vec<u32>,
    /// Tokens before padding, a row each.
    pub lengths: Vec<usize>,
    /// Padded length.
    pub seq: usize,
}

impl Batch {
    /// Pads rows to the longest.
    pub fn pad(rows: &[&[u32]], pad: u32) -> Self {
        let seq = rows.iter().map(|r| r.len()).max().unwrap_or(0);
        let ids = rows.iter().flat_map(|r| r.iter().copied().chain(std::iter::repeat_n(pad, seq - r.len()))).collect();
        Self { ids, lengths: rows.iter().map(|r| r.len()).collect(), seq }
    }
}

/// The encoder and its heads.
pub struct Encoder {
    /// Its configuration.
    pub config: EncoderConfig,
    /// Where its tensors lie.
    pub device: Device,
    word: WordRows,
    position: Tensor,
    token_type: Tensor,
    embedding_norm: Dense,
    layers: Vec<Layer>,
    heads: BTreeMap<String, Dense>,
    /// Head → what it adds to the layers.
    adapters: BTreeMap<String, Adapter>,
}

/// Names and shapes of the tensors that training moves, in order: all but the rows of the embeddings.
///
/// # Errors
/// A head that adds to a matrix that no layer has.
pub fn trainable(config: &EncoderConfig) -> std::result::Result<Vec<(String, Vec<usize>)>, ModelError> {
    let (h, f) = (config.hidden_size, config.intermediate_size);
    let mut out = Vec::new();
    let mut dense = |name: String, weight: Vec<usize>, bias: usize| {
        out.push((format!("{name}.weight"), weight));
        out.push((format!("{name}.bias"), vec![bias]));
    };
    dense("embeddings.LayerNorm".into(), vec![h], h);
    for i in 0..config.num_hidden_layers {
        let p = format!("encoder.layer.{i}");
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            dense(format!("{p}.{part}"), vec![h, h], h);
        }
        dense(format!("{p}.attention.output.LayerNorm"), vec![h], h);
        dense(format!("{p}.intermediate.dense"), vec![f, h], f);
        dense(format!("{p}.output.dense"), vec![h, f], h);
        dense(format!("{p}.output.LayerNorm"), vec![h], h);
    }
    for head in &config.heads {
        dense(format!("head.{}", head.name), vec![head.labels.len(), h], head.labels.len());
    }
    for head in &config.heads {
        out.extend(adapter::tensors(config, head)?);
    }
    Ok(out)
}

/// Names and shapes of the embedding rows, which stay as the base model has them.
pub fn frozen(config: &EncoderConfig) -> Vec<(String, Vec<usize>)> {
    let h = config.hidden_size;
    vec![
        ("embeddings.word_embeddings.weight".into(), vec![config.vocab_size, h]),
        ("embeddings.position_embeddings.weight".into(), vec![config.max_position_embeddings, h]),
        ("embeddings.token_type_embeddings.weight".into(), vec![config.type_vocab_size, h]),
    ]
}

impl Encoder {
    /// Builds the encoder from stored weights; packed word rows stay packed.
    ///
    /// # Errors
    /// [`ModelError`] naming the tensor that is missing or has another shape.
    pub fn load(config: EncoderConfig, weights: &Weights<'_>, device: &Device) -> std::result::Result<Self, ModelError> {
        Self::build(config, weights, device, |name, shape| {
            Ok(Tensor::from_vec(weights.dense(name, shape)?, shape, device)?)
        })
    }

    /// Builds the encoder with `tensor` giving what [`trainable`] lists, so that the caller may hand in variables.
    ///
    /// # Errors
    /// Those of `tensor`, and of the frozen rows.
    pub fn build(
        config: EncoderConfig,
        weights: &Weights<'_>,
        device: &Device,
        mut tensor: impl FnMut(&str, &[usize]) -> std::result::Result<Tensor, ModelError>,
    ) -> std::result::Result<Self, ModelError> {
        let mut made = BTreeMap::new();
        for (name, shape) in trainable(&config)? {
            made.insert(name.clone(), tensor(&name, &shape)?);
        }
        let mut take = |name: &str| made.remove(name).ok_or_else(|| ModelError::Missing(name.into()));
        let mut adapters = BTreeMap::new();
        for head in &config.heads {
            if let Some(adapter) = Adapter::build(&config, head, &mut take)? {
                adapters.insert(head.name.clone(), adapter);
            }
        }
        let mut dense = |name: &str| -> std::result::Result<Dense, ModelError> {
            Ok(Dense { weight: take(&format!("{name}.weight"))?, bias: take(&format!("{name}.bias"))? })
        };
        let mut layers = Vec::new();
        for i in 0..config.num_hidden_layers {
            let p = format!("encoder.layer.{i}");
            layers.push(Layer {
                query: dense(&format!("{p}.attention.self.query"))?,
                key: dense(&format!("{p}.attention.self.key"))?,
                value: dense(&format!("{p}.attention.self.value"))?,
                attention_output: dense(&format!("{p}.attention.output.dense"))?,
                attention_norm: dense(&format!("{p}.attention.output.LayerNorm"))?,
                intermediate: dense(&format!("{p}.intermediate.dense"))?,
                output: dense(&format!("{p}.output.dense"))?,
                output_norm: dense(&format!("{p}.output.LayerNorm"))?,
            });
        }
        let heads = config.heads.iter().map(|h| Ok((h.name.clone(), dense(&format!("head.{}", h.name))?))).collect::<std::result::Result<_, ModelError>>()?;
        let embedding_norm = dense("embeddings.LayerNorm")?;
        let [(word, word_shape), (position, position_shape), (token_type, type_shape)] = frozen(&config).try_into().map_err(|_| ModelError::Missing("embeddings".into()))?;
        let word = match weights.get(&word)? {
            Stored::Packed(p) if [p.rows, p.columns] == *word_shape => WordRows::Packed(p),
            Stored::Dense(v, s) if s == word_shape => WordRows::Dense(Tensor::from_vec(v, word_shape, device)?),
            other => return Err(ModelError::Shape { name: word, found: other.dense().1, expected: word_shape }),
        };
        let position = Tensor::from_vec(weights.dense(&position, &position_shape)?, position_shape, device)?;
        let token_type = Tensor::from_vec(weights.dense(&token_type, &type_shape)?, type_shape, device)?.narrow(0, 0, 1)?;
        Ok(Self { config, device: device.clone(), word, position, token_type, embedding_norm, layers, heads, adapters })
    }

    fn word_rows(&self, ids: &[u32]) -> Result<Tensor> {
        match &self.word {
            WordRows::Dense(rows) => rows.index_select(&Tensor::new(ids, &self.device)?, 0),
            WordRows::Packed(packed) => {
                let mut values = Vec::with_capacity(ids.len() * packed.columns);
                for id in ids {
                    packed.expand_row(*id as usize, &mut values);
                }
                Tensor::from_vec(values, (ids.len(), packed.columns), &self.device)
            }
        }
    }

    /// Hidden states of the last layer: [batch · seq, hidden]; rows beyond a length hold no meaning.
    ///
    /// # Errors
    /// A row longer than the position embedding, or an id outside the vocabulary.
    pub fn hidden(&self, batch: &Batch, pass: Pass) -> Result<Tensor> {
        self.upper(&self.lower(batch, 0, pass)?, batch, 0, None, pass)
    }

    fn pass(&self, head: &str) -> Option<&str> {
        self.config.head(head)?.pass()
    }

    /// The first layer that a head adds to; one past the last where it reads the encoder as it is.
    pub fn first_own(&self, head: &str) -> usize {
        let adapter = self.pass(head).and_then(|pass| self.config.head(pass)?.adapter.as_ref());
        adapter.map_or(self.layers.len(), |a| a.from_layer.min(self.layers.len()))
    }

    /// What enters layer `count`: embeddings and the layers below it, [batch · seq, hidden].
    ///
    /// # Errors
    /// As [`Encoder::hidden`].
    pub fn lower(&self, batch: &Batch, count: usize, pass: Pass) -> Result<Tensor> {
        let (rows, seq) = (batch.lengths.len(), batch.seq);
        let eps = self.config.layer_norm_eps;
        let width = self.config.hidden_size;
        let words = self.word_rows(&batch.ids)?.reshape((rows, seq, width))?;
        let places = (self.position.narrow(0, 0, seq)?.broadcast_add(&self.token_type))?; // [seq, hidden]
        let x = words.broadcast_add(&places)?.reshape((rows * seq, width))?;
        let x = pass.norm(&x, &self.embedding_norm, eps)?;
        let x = if pass.drop.share == 0.0 { x } else { pass.dropout_add(&x, &x.zeros_like()?, 0)? };
        self.run(x, batch, 0..count, None, pass)
    }

    /// The layers from `from` on over what enters them: hidden states of the last one, with the additions of a head where
    /// one is named.
    ///
    /// # Errors
    /// Shapes that disagree.
    pub fn upper(&self, x: &Tensor, batch: &Batch, from: usize, head: Option<&str>, pass: Pass) -> Result<Tensor> {
        self.run(x.clone(), batch, from..self.layers.len(), head.and_then(|head| self.adapters.get(self.pass(head)?)), pass)
    }

    fn run(&self, mut x: Tensor, batch: &Batch, layers: std::ops::Range<usize>, adapter: Option<&Adapter>, pass: Pass) -> Result<Tensor> {
        let (eps, width, seq) = (self.config.layer_norm_eps, self.config.hidden_size, batch.seq);
        let heads = self.config.num_attention_heads;
        let shape = AttentionShape { lengths: batch.lengths.clone(), seq, heads, head_size: width / heads };
        for (i, layer) in self.layers.iter().enumerate().take(layers.end).skip(layers.start) {
            let place = 4 * i as u64 + 1;
            let linear = |x: &Tensor, dense: &Dense, part: &str| match adapter {
                Some(adapter) => adapter.add(pass.linear(x, dense)?, x, &format!("encoder.layer.{i}.{part}")),
                None => pass.linear(x, dense),
            };
            let (q, k) = (linear(&x, &layer.query, "attention.self.query")?, linear(&x, &layer.key, "attention.self.key")?);
            let v = linear(&x, &layer.value, "attention.self.value")?;
            let mixed = linear(&pass.attention(&q, &k, &v, &shape, place)?, &layer.attention_output, "attention.output.dense")?;
            x = pass.norm(&pass.dropout_add(&mixed, &x, place + 1)?, &layer.attention_norm, eps)?;
            let wide = pass.gelu(&linear(&x, &layer.intermediate, "intermediate.dense")?)?;
            let narrow = linear(&wide, &layer.output, "output.dense")?;
            x = pass.norm(&pass.dropout_add(&narrow, &x, place + 2)?, &layer.output_norm, eps)?;
        }
        Ok(x)
    }

    /// Logits of a head over hidden states: [rows, hidden] → [rows, labels].
    ///
    /// # Errors
    /// No head of that name.
    pub fn head(&self, name: &str, hidden: &Tensor, pass: Pass) -> Result<Tensor> {
        let dense = self.heads.get(name).ok_or_else(|| candle_core::Error::Msg(format!("the model has no head {name:?}")))?;
        pass.linear(hidden, dense)
    }

    /// Mean of the hidden states of each row's tokens, normalised to length 1: [batch, hidden].
    ///
    /// # Errors
    /// Shapes that disagree.
    pub fn pooled(&self, batch: &Batch, hidden: &Tensor) -> Result<Tensor> {
        let (rows, seq) = (batch.lengths.len(), batch.seq);
        let share: Vec<f32> = batch.lengths.iter().flat_map(|&n| (0..seq).map(move |j| if j < n { 1.0 / n as f32 } else { 0.0 })).collect();
        let share = Tensor::from_vec(share, (rows, 1, seq), &self.device)?;
        let mean = share.matmul(&hidden.reshape((rows, seq, self.config.hidden_size))?)?.squeeze(1)?; // [batch, hidden]
        mean.broadcast_div(&mean.sqr()?.sum_keepdim(1)?.sqrt()?.maximum(1e-12)?)
    }
}
