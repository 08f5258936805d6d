//! The clear twin of [`super::fused`]: plain tensor operations, differentiated by the tensor library.
use super::{AttentionShape, Dropout};
use candle_core::{D, DType, Result, Tensor};

/// x·wᵀ + b: `x` [rows, in], `w` [out, in], `b` [out] → [rows, out].
pub fn linear(x: &Tensor, w: &Tensor, b: &Tensor) -> Result<Tensor> {
    x.matmul(&w.t()?)?.broadcast_add(b)
}

/// Exact GELU: x · Φ(x) = x/2 · (1 + erf(x/√2)).
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    x.gelu_erf()
}

fn mask(shape: &[usize], drop: Dropout, like: &Tensor) -> Result<Tensor> {
    let count: usize = shape.iter().product();
    Tensor::from_vec((0..count).map(|i| drop.factor(i)).collect::<Vec<f32>>(), shape, like.device())
}

/// dropout(x) + residual, both [rows, width].
pub fn dropout_add(x: &Tensor, residual: &Tensor, drop: Dropout) -> Result<Tensor> {
    if drop.share == 0.0 { x + residual } else { x.mul(&mask(x.dims(), drop, x)?)? + residual }
}

/// LayerNorm over the last dimension: (x − mean) / √(variance + ε) · γ + β.
pub fn layer_norm(x: &Tensor, gamma: &Tensor, beta: &Tensor, eps: f64) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    centred.broadcast_div(&(variance + eps)?.sqrt()?)?.broadcast_mul(gamma)?.broadcast_add(beta)
}

/// softmax(q·kᵀ / √d + mask)·v over the heads; `q`, `k`, `v` [batch · seq, heads · d] → the same shape.
/// Rows beyond a length hold no meaning.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, shape: &AttentionShape, drop: Dropout) -> Result<Tensor> {
    let (batch, seq, heads, d) = (shape.lengths.len(), shape.seq, shape.heads, shape.head_size);
    let split = |t: &Tensor| t.reshape((batch, seq, heads, d))?.transpose(1, 2)?.contiguous(); // [batch, heads, seq, d]
    let (q, k, v) = (split(q)?, split(k)?, split(v)?);
    let bias: Vec<f32> = shape.lengths.iter().flat_map(|&n| (0..seq).map(move |j| if j < n { 0.0 } else { f32::MIN })).collect();
    let bias = Tensor::from_vec(bias, (batch, 1, 1, seq), q.device())?.to_dtype(DType::F32)?;
    let scores = (q.matmul(&k.t()?)? / (d as f64).sqrt())?.broadcast_add(&bias)?; // [batch, heads, seq, seq]
    let scores = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?.detach())?.exp()?;
    let weights = scores.broadcast_div(&scores.sum_keepdim(D::Minus1)?)?;
    let weights = if drop.share == 0.0 { weights } else { weights.mul(&mask(weights.dims(), drop, &weights)?)? };
    weights.matmul(&v)?.transpose(1, 2)?.reshape((batch * seq, heads * d))
}
