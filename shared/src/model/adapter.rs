//! Low-rank additions to the encoder's matrices (LoRA: Hu et al. 2021, arXiv 2106.09685, section 4.1), kept apart from
//! them: W·x becomes W·x + scale · B·(A·x). So one encoder serves every head, each with its own small file.
use super::config::{EncoderConfig, HeadConfig};
use super::ModelError;
use candle_core::{Result, Tensor};
use std::collections::BTreeMap;

/// The additions of one head, by the name of the matrix: `encoder.layer.0.attention.self.query`.
pub struct Adapter {
    scale: f64,
    parts: BTreeMap<String, LowRank>,
}

struct LowRank {
    /// A: [rank, in]
    down: Tensor,
    /// B: [out, rank]
    up: Tensor,
}

/// Names and shapes of the tensors of a head's additions, in order; none without an adapter.
///
/// # Errors
/// [`ModelError::Malformed`] for a matrix that no layer has.
pub fn tensors(config: &EncoderConfig, head: &HeadConfig) -> std::result::Result<Vec<(String, Vec<usize>)>, ModelError> {
    let mut out = Vec::new();
    for matrix in matrices(config, head) {
        let part = matrix.splitn(4, '.').nth(3).unwrap_or_default();
        let [rows, columns] = config.matrix(part).ok_or_else(|| ModelError::Malformed { file: "adapter".into(), detail: format!("no layer has a matrix {part:?}") })?;
        let rank = head.adapter.as_ref().map_or(0, |a| a.rank);
        out.push((format!("adapter.{}.{matrix}.down", head.name), vec![rank, columns]));
        out.push((format!("adapter.{}.{matrix}.up", head.name), vec![rows, rank]));
    }
    Ok(out)
}

/// The matrices that a head adds to.
fn matrices(config: &EncoderConfig, head: &HeadConfig) -> Vec<String> {
    let Some(adapter) = &head.adapter else { return Vec::new() };
    let layers = adapter.from_layer..config.num_hidden_layers;
    adapter.on.iter().flat_map(|part| layers.clone().map(move |layer| format!("encoder.layer.{layer}.{part}"))).collect()
}

impl Adapter {
    /// From the tensors of [`tensors`], taken by name; `None` for a head without additions.
    ///
    /// # Errors
    /// Those of `take`.
    pub fn build(
        config: &EncoderConfig,
        head: &HeadConfig,
        mut take: impl FnMut(&str) -> std::result::Result<Tensor, ModelError>,
    ) -> std::result::Result<Option<Self>, ModelError> {
        let Some(adapter) = &head.adapter else { return Ok(None) };
        let mut parts = BTreeMap::new();
        for matrix in matrices(config, head) {
            let name = format!("adapter.{}.{matrix}", head.name);
            parts.insert(matrix, LowRank { down: take(&format!("{name}.down"))?, up: take(&format!("{name}.up"))? });
        }
        Ok(Some(Self { scale: adapter.scale, parts }))
    }

    /// `y` [rows, out], what a matrix made of `x` [rows, in], with the addition to that matrix if there is one.
    ///
    /// # Errors
    /// Shapes that disagree.
    pub fn add(&self, y: Tensor, x: &Tensor, matrix: &str) -> Result<Tensor> {
        let Some(LowRank { down, up }) = self.parts.get(matrix) else { return Ok(y) };
        y + (x.matmul(&down.t()?)?.matmul(&up.t()?)? * self.scale)?
    }
}
