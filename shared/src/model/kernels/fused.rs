//! The fast twin of [`super::composed`]: one pass over memory an operation, with its own backward, on the CPU.
//! Sums run in a fixed order, so the same input gives the same bytes whatever the number of threads.
use super::{AttentionShape, Dropout};
use crate::compare::larger;
use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, Layout, Result, Shape, Storage, Tensor, bail};
use rayon::prelude::*;

/// Values a thread takes at once.
const CHUNK: usize = 1 << 14;
/// Rows a thread takes at once.
const ROWS: usize = 32;

fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(v), Some((from, to))) => Ok(&v[from..to]),
        _ => bail!("fused kernels take contiguous f32 tensors"),
    }
}

/// Calls `f` with the values of contiguous f32 CPU tensors.
fn with_values<R, const N: usize>(tensors: [&Tensor; N], f: impl FnOnce([&[f32]; N]) -> R) -> Result<R> {
    let contiguous = tensors.map(Tensor::contiguous);
    let mut kept = Vec::with_capacity(N);
    for t in contiguous {
        kept.push(t?);
    }
    let held: Vec<_> = kept.iter().map(Tensor::storage_and_layout).collect();
    let mut values: [&[f32]; N] = [&[]; N];
    for (value, (storage, layout)) in values.iter_mut().zip(&held) {
        match &**storage {
            Storage::Cpu(cpu) => *value = slice(cpu, layout)?,
            _ => bail!("fused kernels run on the CPU"),
        }
    }
    Ok(f(values))
}

/// eˣ within 2e-7 relative for −87 ≤ x ≤ 88: 2ⁿ · p(r), r in ±ln2/2, p the Taylor polynomial of degree 7.
#[inline]
pub fn fast_exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + 12_582_912.0) - 12_582_912.0; // round to nearest by adding 1.5 · 2²³
    // ln 2 in two parts, so that n · ln 2 is subtracted without loss.
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.0 + r * (1.0 + r * (0.5 + r * (1.666_666_7e-1 + r * (4.166_666_8e-2 + r * (8.333_334e-3 + r * (1.388_888_9e-3 + r * 1.984_127e-4))))));
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within ±127")]
    let exponent = (n as i32 + 127) << 23;
    p * f32::from_bits(exponent.cast_unsigned())
}

/// erf(x) within 2e-7 absolute: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
#[inline]
fn erf_and_gauss(x: f32) -> (f32, f32) {
    let a = x.abs();
    let gauss = fast_exp(-a * a);
    let t = 1.0 / (1.0 + 0.327_591_1 * a);
    let tail = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4)))) * gauss;
    ((1.0 - tail).copysign(x), gauss)
}

struct Linear;

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }
    fn cpu_fwd(&self, x: &CpuStorage, xl: &Layout, w: &CpuStorage, wl: &Layout, b: &CpuStorage, bl: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, inner) = xl.shape().dims2()?;
        let (out, _) = wl.shape().dims2()?;
        let bias = slice(b, bl)?;
        let mut y = x.matmul(w, (1, rows, out, inner), xl, &wl.transpose(0, 1)?)?;
        if let CpuStorage::F32(values) = &mut y {
            values.par_chunks_mut(ROWS * out).for_each(|rows| {
                for row in rows.chunks_exact_mut(out) {
                    for (v, b) in row.iter_mut().zip(bias) {
                        *v += b;
                    }
                }
            });
        }
        Ok((y, Shape::from((rows, out))))
    }
    fn bwd(&self, x: &Tensor, w: &Tensor, b: &Tensor, _y: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let g = g.contiguous()?;
        let dx = Some(g.matmul(w)?);
        if !w.is_variable() && !b.is_variable() {
            // A layer that stays as it is asks for no gradient of its own.
            return Ok((dx, None, None));
        }
        let db = with_values([&g], |[g]| column_sums(g, b.elem_count()))?;
        Ok((dx, Some(g.t()?.matmul(x)?), Some(Tensor::from_vec(db, b.shape(), b.device())?)))
    }
}

/// Sums over rows of a row-major matrix of that width.
fn column_sums(values: &[f32], width: usize) -> Vec<f32> {
    let partial: Vec<Vec<f32>> = values
        .par_chunks(ROWS * width)
        .map(|rows| {
            let mut sum = vec![0f32; width];
            for row in rows.chunks_exact(width) {
                for (s, v) in sum.iter_mut().zip(row) {
                    *s += v;
                }
            }
            sum
        })
        .collect();
    add_up(partial, width)
}

fn add_up(partial: Vec<Vec<f32>>, width: usize) -> Vec<f32> {
    partial.into_iter().fold(vec![0f32; width], |mut total, part| {
        for (t, p) in total.iter_mut().zip(part) {
            *t += p;
        }
        total
    })
}

/// As [`super::composed::linear`].
pub fn linear(x: &Tensor, w: &Tensor, b: &Tensor) -> Result<Tensor> {
    x.apply_op3(w, b, Linear)
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }
    fn cpu_fwd(&self, s: &CpuStorage, l: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = slice(s, l)?;
        let mut y = vec![0f32; x.len()];
        y.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK)).for_each(|(y, x)| {
            for (y, x) in y.iter_mut().zip(x) {
                *y = 0.5 * x * (1.0 + erf_and_gauss(x * std::f32::consts::FRAC_1_SQRT_2).0);
            }
        });
        Ok((CpuStorage::F32(y), l.shape().clone()))
    }
    fn bwd(&self, x: &Tensor, _y: &Tensor, g: &Tensor) -> Result<Option<Tensor>> {
        // d/dx x·Φ(x) = Φ(x) + x·φ(x), φ(x) = exp(−x²/2) / √(2π)
        const INV_SQRT_TAU: f32 = 0.398_942_3;
        let dx = with_values([x, g], |[x, g]| {
            let mut dx = vec![0f32; x.len()];
            dx.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK)).zip(g.par_chunks(CHUNK)).for_each(|((dx, x), g)| {
                for ((d, x), g) in dx.iter_mut().zip(x).zip(g) {
                    let (erf, gauss) = erf_and_gauss(x * std::f32::consts::FRAC_1_SQRT_2);
                    *d = g * (0.5 * (1.0 + erf) + x * INV_SQRT_TAU * gauss);
                }
            });
            dx
        })?;
        Ok(Some(Tensor::from_vec(dx, x.shape(), x.device())?))
    }
}

/// As [`super::composed::gelu`].
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(Gelu)
}

struct DropoutAdd(Dropout);

impl CustomOp2 for DropoutAdd {
    fn name(&self) -> &'static str {
        "dropout_add"
    }
    fn cpu_fwd(&self, x: &CpuStorage, xl: &Layout, r: &CpuStorage, rl: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, r) = (slice(x, xl)?, slice(r, rl)?);
        let mut y = vec![0f32; x.len()];
        let drop = self.0;
        y.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK)).zip(r.par_chunks(CHUNK)).enumerate().for_each(|(c, ((y, x), r))| {
            for (i, ((y, x), r)) in y.iter_mut().zip(x).zip(r).enumerate() {
                *y = x * drop.factor(c * CHUNK + i) + r;
            }
        });
        Ok((CpuStorage::F32(y), xl.shape().clone()))
    }
    fn bwd(&self, x: &Tensor, _r: &Tensor, _y: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        if self.0.share == 0.0 {
            return Ok((Some(g.clone()), Some(g.clone())));
        }
        let drop = self.0;
        let dx = with_values([g], |[g]| {
            let mut dx = vec![0f32; g.len()];
            dx.par_chunks_mut(CHUNK).zip(g.par_chunks(CHUNK)).enumerate().for_each(|(c, (dx, g))| {
                for (i, (d, g)) in dx.iter_mut().zip(g).enumerate() {
                    *d = g * drop.factor(c * CHUNK + i);
                }
            });
            dx
        })?;
        Ok((Some(Tensor::from_vec(dx, x.shape(), x.device())?), Some(g.clone())))
    }
}

/// As [`super::composed::dropout_add`].
pub fn dropout_add(x: &Tensor, residual: &Tensor, drop: Dropout) -> Result<Tensor> {
    x.apply_op2(residual, DropoutAdd(drop))
}

struct LayerNorm {
    eps: f32,
}

/// Mean and 1 / √(variance + ε) of a row, summed in eight lanes.
#[inline]
fn moments(row: &[f32], eps: f32) -> (f32, f32) {
    let n = row.len() as f32;
    let mean = lanes(row, |v| v) / n;
    let variance = lanes(row, |v| (v - mean) * (v - mean)) / n;
    (mean, 1.0 / (variance + eps).sqrt())
}

#[inline(always)]
fn lanes(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (eights, rest) = row.as_chunks::<8>();
    let mut acc = [0f32; 8];
    for e in eights {
        for (a, v) in acc.iter_mut().zip(e) {
            *a += f(*v);
        }
    }
    acc.iter().sum::<f32>() + rest.iter().map(|v| f(*v)).sum::<f32>()
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer_norm"
    }
    fn cpu_fwd(&self, x: &CpuStorage, xl: &Layout, gamma: &CpuStorage, gl: &Layout, beta: &CpuStorage, bl: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, gamma, beta) = (slice(x, xl)?, slice(gamma, gl)?, slice(beta, bl)?);
        let width = gamma.len();
        let mut y = vec![0f32; x.len()];
        y.par_chunks_mut(ROWS * width).zip(x.par_chunks(ROWS * width)).for_each(|(y, x)| {
            for (y, x) in y.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
                let (mean, inverse) = moments(x, self.eps);
                for (((y, x), gamma), beta) in y.iter_mut().zip(x).zip(gamma).zip(beta) {
                    *y = (x - mean) * inverse * gamma + beta;
                }
            }
        });
        Ok((CpuStorage::F32(y), xl.shape().clone()))
    }
    fn bwd(&self, x: &Tensor, gamma: &Tensor, beta: &Tensor, _y: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let width = gamma.elem_count();
        let eps = self.eps;
        let (dx, dgamma, dbeta) = with_values([x, gamma, g], |[x, gamma, g]| {
            let mut dx = vec![0f32; x.len()];
            let partial: Vec<(Vec<f32>, Vec<f32>)> = dx
                .par_chunks_mut(ROWS * width)
                .zip(x.par_chunks(ROWS * width))
                .zip(g.par_chunks(ROWS * width))
                .map(|((dx, x), g)| {
                    let (mut dgamma, mut dbeta) = (vec![0f32; width], vec![0f32; width]);
                    let (mut normal, mut scaled) = (vec![0f32; width], vec![0f32; width]);
                    for ((dx, x), g) in dx.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(g.chunks_exact(width)) {
                        let (mean, inverse) = moments(x, eps);
                        for i in 0..width {
                            normal[i] = (x[i] - mean) * inverse;
                            scaled[i] = g[i] * gamma[i];
                            dgamma[i] += g[i] * normal[i];
                            dbeta[i] += g[i];
                        }
                        let n = width as f32;
                        let mean_scaled = lanes(&scaled, |v| v) / n;
                        let mean_product = dot(&scaled, &normal) / n;
                        for i in 0..width {
                            dx[i] = inverse * (scaled[i] - mean_scaled - normal[i] * mean_product);
                        }
                    }
                    (dgamma, dbeta)
                })
                .collect();
            let (dgamma, dbeta): (Vec<_>, Vec<_>) = partial.into_iter().unzip();
            (dx, add_up(dgamma, width), add_up(dbeta, width))
        })?;
        let tensor = |v: Vec<f32>, like: &Tensor| Tensor::from_vec(v, like.shape(), like.device());
        Ok((Some(tensor(dx, x)?), Some(tensor(dgamma, gamma)?), Some(tensor(dbeta, beta)?)))
    }
}

/// As [`super::composed::layer_norm`].
pub fn layer_norm(x: &Tensor, gamma: &Tensor, beta: &Tensor, eps: f64) -> Result<Tensor> {
    #[expect(clippy::cast_possible_truncation, reason = "ε is a small constant")]
    let eps = eps as f32;
    x.apply_op3(gamma, beta, LayerNorm { eps })
}

/// Dot product in eight lanes.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a8, a1), (b8, b1)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut acc = [0f32; 8];
    for (a, b) in a8.iter().zip(b8) {
        for ((s, a), b) in acc.iter_mut().zip(a).zip(b) {
            *s += a * b;
        }
    }
    acc.iter().sum::<f32>() + a1.iter().zip(b1).map(|(a, b)| a * b).sum::<f32>()
}

#[inline(always)]
fn add_scaled(to: &mut [f32], from: &[f32], factor: f32) {
    for (t, f) in to.iter_mut().zip(from) {
        *t += f * factor;
    }
}

struct Attention {
    shape: AttentionShape,
    drop: Dropout,
}

impl Attention {
    /// Softmax weights of query `i` over the first `n` keys, before dropout.
    #[inline]
    fn weights(&self, query: &[f32], keys: &[f32], head: usize, n: usize, out: &mut [f32]) {
        let width = self.shape.heads * self.shape.head_size;
        let from = head * self.shape.head_size;
        let scale = 1.0 / (self.shape.head_size as f32).sqrt();
        let mut peak = f32::NEG_INFINITY;
        for (j, o) in out.iter_mut().take(n).enumerate() {
            *o = dot(query, &keys[j * width + from..j * width + from + self.shape.head_size]) * scale;
            peak = larger(*o, peak);
        }
        let mut sum = 0f32;
        for o in out.iter_mut().take(n) {
            *o = fast_exp(*o - peak);
            sum += *o;
        }
        let inverse = 1.0 / sum;
        for o in out.iter_mut().take(n) {
            *o *= inverse;
        }
    }

    /// Index of a weight among all weights [batch, heads, seq, seq], for dropout.
    #[inline]
    fn index(&self, row: usize, head: usize, i: usize, j: usize) -> usize {
        ((row * self.shape.heads + head) * self.shape.seq + i) * self.shape.seq + j
    }
}

impl CustomOp3 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }
    fn cpu_fwd(&self, q: &CpuStorage, ql: &Layout, k: &CpuStorage, kl: &Layout, v: &CpuStorage, vl: &Layout) -> Result<(CpuStorage, Shape)> {
        let (q, k, v) = (slice(q, ql)?, slice(k, kl)?, slice(v, vl)?);
        let (seq, d) = (self.shape.seq, self.shape.head_size);
        let width = self.shape.heads * d;
        let mut out = vec![0f32; q.len()];
        out.par_chunks_mut(seq * width).enumerate().for_each(|(row, out)| {
            let n = self.shape.lengths[row];
            let at = row * seq * width..(row + 1) * seq * width;
            let (q, k, v) = (&q[at.clone()], &k[at.clone()], &v[at]);
            let mut weights = vec![0f32; seq];
            for head in 0..self.shape.heads {
                for i in 0..n {
                    let own = i * width + head * d..i * width + (head + 1) * d;
                    self.weights(&q[own.clone()], k, head, n, &mut weights);
                    for (j, w) in weights.iter().enumerate().take(n) {
                        let kept = w * self.drop.factor(self.index(row, head, i, j));
                        add_scaled(&mut out[own.clone()], &v[j * width + head * d..j * width + (head + 1) * d], kept);
                    }
                }
            }
        });
        Ok((CpuStorage::F32(out), ql.shape().clone()))
    }
    fn bwd(&self, q: &Tensor, k: &Tensor, v: &Tensor, _y: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (seq, d) = (self.shape.seq, self.shape.head_size);
        let width = self.shape.heads * d;
        let scale = 1.0 / (d as f32).sqrt();
        let (dq, dk, dv) = with_values([q, k, v, g], |[q, k, v, g]| {
            let (mut dq, mut dk, mut dv) = (vec![0f32; q.len()], vec![0f32; q.len()], vec![0f32; q.len()]);
            let block = seq * width;
            dq.par_chunks_mut(block).zip(dk.par_chunks_mut(block)).zip(dv.par_chunks_mut(block)).enumerate().for_each(|(row, ((dq, dk), dv))| {
                let n = self.shape.lengths[row];
                let at = row * block..(row + 1) * block;
                let (q, k, v, g) = (&q[at.clone()], &k[at.clone()], &v[at.clone()], &g[at]);
                let (mut weights, mut dweights) = (vec![0f32; seq], vec![0f32; seq]);
                for head in 0..self.shape.heads {
                    let span = |i: usize| i * width + head * d..i * width + (head + 1) * d;
                    for i in 0..n {
                        self.weights(&q[span(i)], k, head, n, &mut weights);
                        let mut mean = 0f32;
                        for j in 0..n {
                            let factor = self.drop.factor(self.index(row, head, i, j));
                            dweights[j] = dot(&g[span(i)], &v[span(j)]) * factor;
                            mean += dweights[j] * weights[j];
                            add_scaled(&mut dv[span(j)], &g[span(i)], weights[j] * factor);
                        }
                        for j in 0..n {
                            let dscore = weights[j] * (dweights[j] - mean) * scale;
                            add_scaled(&mut dq[span(i)], &k[span(j)], dscore);
                            add_scaled(&mut dk[span(j)], &q[span(i)], dscore);
                        }
                    }
                }
            });
            (dq, dk, dv)
        })?;
        let tensor = |v: Vec<f32>| Tensor::from_vec(v, q.shape(), q.device());
        Ok((Some(tensor(dq)?), Some(tensor(dk)?), Some(tensor(dv)?)))
    }
}

/// As [`super::composed::attention`]; rows beyond a length are 0.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, shape: &AttentionShape, drop: Dropout) -> Result<Tensor> {
    q.apply_op3(k, v, Attention { shape: shape.clone(), drop })
}
