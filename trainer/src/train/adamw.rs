//! AdamW (Loshchilov and Hutter 2019, "Decoupled weight decay regularization"), with moments that can be saved.
//! Not candle_nn's: that one keeps its moments private, so a run could not be resumed to the bit.
use candle_core::{CpuStorage, InplaceOp2, InplaceOp3, Layout, Result, Tensor, Var, bail};
use rayon::prelude::*;

/// Constants of the optimiser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamWConfig {
    /// Decay of the mean of gradients.
    pub beta1: f64,
    /// Decay of the mean of squared gradients.
    pub beta2: f64,
    /// Added to the root.
    pub eps: f64,
    /// Share of a weight taken off a step at learning rate 1; none for biases and LayerNorm.
    pub weight_decay: f64,
}

impl Default for AdamWConfig {
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 }
    }
}

/// A trained tensor and its moments.
pub struct Slot {
    /// Name in the model.
    pub name: String,
    /// Its values.
    pub var: Var,
    /// Mean of gradients.
    pub mean: Var,
    /// Mean of squared gradients.
    pub square: Var,
}

/// The optimiser.
pub struct AdamW {
    config: AdamWConfig,
    /// Trained tensors in the order of the model.
    pub slots: Vec<Slot>,
}

const CHUNK: usize = 1 << 15;

fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(v), Some((a, b))) => Ok(&v[a..b]),
        _ => bail!("the optimiser takes contiguous f32 tensors"),
    }
}

fn values_mut<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> Result<&'a mut [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(v), Some((a, b))) => Ok(&mut v[a..b]),
        _ => bail!("the optimiser takes contiguous f32 tensors"),
    }
}

/// moment ← β · moment + (1 − β) · (scale · g)ᵖ, p = 1 or 2.
struct Moment {
    beta: f32,
    scale: f32,
    square: bool,
}

impl InplaceOp2 for Moment {
    fn name(&self) -> &'static str {
        "moment"
    }
    fn cpu_fwd(&self, m: &mut CpuStorage, ml: &Layout, g: &CpuStorage, gl: &Layout) -> Result<()> {
        let (m, g) = (values_mut(m, ml)?, values(g, gl)?);
        m.par_chunks_mut(CHUNK).zip(g.par_chunks(CHUNK)).for_each(|(m, g)| {
            for (m, g) in m.iter_mut().zip(g) {
                let g = g * self.scale;
                *m = self.beta * *m + (1.0 - self.beta) * if self.square { g * g } else { g };
            }
        });
        Ok(())
    }
}

/// w ← w · keep − rate · m / (√(v · correction) + ε).
struct Update {
    keep: f32,
    rate: f32,
    correction: f32,
    eps: f32,
}

impl InplaceOp3 for Update {
    fn name(&self) -> &'static str {
        "adamw"
    }
    fn cpu_fwd(&self, w: &mut CpuStorage, wl: &Layout, m: &CpuStorage, ml: &Layout, v: &CpuStorage, vl: &Layout) -> Result<()> {
        let (w, m, v) = (values_mut(w, wl)?, values(m, ml)?, values(v, vl)?);
        w.par_chunks_mut(CHUNK).zip(m.par_chunks(CHUNK)).zip(v.par_chunks(CHUNK)).for_each(|((w, m), v)| {
            for ((w, m), v) in w.iter_mut().zip(m).zip(v) {
                *w = *w * self.keep - self.rate * m / ((v * self.correction).sqrt() + self.eps);
            }
        });
        Ok(())
    }
}

impl AdamW {
    /// An optimiser of these tensors with moments of 0.
    ///
    /// # Errors
    /// Those of the tensor library.
    pub fn new(vars: Vec<(String, Var)>, config: AdamWConfig) -> Result<Self> {
        let slots = vars
            .into_iter()
            .map(|(name, var)| Ok(Slot { name, mean: Var::from_tensor(&var.zeros_like()?)?, square: Var::from_tensor(&var.zeros_like()?)?, var }))
            .collect::<Result<_>>()?;
        Ok(Self { config, slots })
    }

    /// One step with gradients in the order of the slots. `step` counts from 1; `scale` is that of gradient clipping.
    ///
    /// # Errors
    /// Those of the tensor library.
    #[expect(clippy::cast_possible_truncation, reason = "f64 constants to the f32 of the tensors")]
    pub fn step(&mut self, gradients: &[Tensor], step: u64, learning_rate: f64, scale: f64) -> Result<()> {
        let AdamWConfig { beta1, beta2, eps, weight_decay } = self.config;
        let exponent = i32::try_from(step).unwrap_or(i32::MAX);
        let (c1, c2) = (1.0 / (1.0 - beta1.powi(exponent)), 1.0 / (1.0 - beta2.powi(exponent)));
        for (slot, g) in self.slots.iter().zip(gradients) {
            let decays = slot.var.rank() > 1;
            let keep = if decays { 1.0 - learning_rate * weight_decay } else { 1.0 };
            if g.device().is_cpu() {
                let g = g.contiguous()?;
                slot.mean.inplace_op2(&g, &Moment { beta: beta1 as f32, scale: scale as f32, square: false })?;
                slot.square.inplace_op2(&g, &Moment { beta: beta2 as f32, scale: scale as f32, square: true })?;
                let update = Update { keep: keep as f32, rate: (learning_rate * c1) as f32, correction: c2 as f32, eps: eps as f32 };
                slot.var.inplace_op3(slot.mean.as_tensor(), slot.square.as_tensor(), &update)?;
            } else {
                let g = (g * scale)?;
                slot.mean.set(&((slot.mean.as_tensor() * beta1)? + (&g * (1.0 - beta1))?)?)?;
                slot.square.set(&((slot.square.as_tensor() * beta2)? + (g.sqr()? * (1.0 - beta2))?)?)?;
                let root = ((slot.square.as_tensor() * c2)?.sqrt()? + eps)?;
                slot.var.set(&((slot.var.as_tensor() * keep)? - (slot.mean.as_tensor() * (learning_rate * c1))?.div(&root)?)?)?;
            }
        }
        Ok(())
    }
}

/// Euclidean norm over all gradients.
///
/// # Errors
/// Those of the tensor library.
pub fn norm(gradients: &[Tensor]) -> Result<f64> {
    let mut total = 0f64;
    for g in gradients {
        total += f64::from(g.flatten_all()?.sqr()?.sum_all()?.to_scalar::<f32>()?);
    }
    Ok(total.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn two_steps_agree_with_the_published_formula() {
        let var = Var::from_tensor(&Tensor::new(&[[1f32, -2.0]], &Device::Cpu).unwrap()).unwrap();
        let mut opt = AdamW::new(vec![("w".into(), var.clone())], AdamWConfig { weight_decay: 0.1, ..Default::default() }).unwrap();
        let (mut w, mut m, mut v) = ([1f64, -2.0], [0f64; 2], [0f64; 2]);
        for (step, g) in [(1u64, [0.5f64, -1.0]), (2, [0.2, 0.3])] {
            let grad = Tensor::new(&[[g[0] as f32, g[1] as f32]], &Device::Cpu).unwrap();
            opt.step(&[grad], step, 0.01, 0.5).unwrap();
            for i in 0..2 {
                let g = g[i] * 0.5;
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                let (mh, vh) = (m[i] / (1.0 - 0.9f64.powi(step as i32)), v[i] / (1.0 - 0.999f64.powi(step as i32)));
                w[i] = w[i] - 0.01 * (mh / (vh.sqrt() + 1e-8) + 0.1 * w[i]);
            }
        }
        let got = var.as_tensor().to_vec2::<f32>().unwrap();
        assert!((0..2).all(|i| (f64::from(got[0][i]) - w[i]).abs() < 1e-6), "{got:?} {w:?}");
    }
}
