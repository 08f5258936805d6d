//! Packed weights: 4-bit groups of 32 in safetensors, and the lookup of tensors over the files of a model folder.
//!
//! Scheme `q4-32`: `X.weight` U8 [rows, columns / 2] beside `X.weight.scale` F16 [rows, columns / 32]. A group of 32
//! is 16 bytes; byte j holds value j in its low and value j + 16 in its high nibble; value = (nibble − 8) · scale.
use super::{ModelError, PackFiles};
use half::f16;
use safetensors::{Dtype, SafeTensors};

/// Name of the scheme in `config.json`.
pub const SCHEME: &str = "q4-32";
/// Values that share a scale.
pub const GROUP: usize = 32;

/// A matrix in 4-bit groups, kept packed; rows are expanded when asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    /// Rows.
    pub rows: usize,
    /// Columns, a multiple of [`GROUP`].
    pub columns: usize,
    /// [rows, columns / 2]
    pub nibbles: Vec<u8>,
    /// [rows, columns / 32]
    pub scales: Vec<f16>,
}

impl Packed {
    /// Packs a row-major f32 matrix [rows, columns]. Values that came from such groups are kept exactly.
    ///
    /// # Errors
    /// [`ModelError::Shape`] where the columns are no multiple of 32 or the sizes disagree.
    pub fn pack(values: &[f32], rows: usize, columns: usize) -> Result<Self, ModelError> {
        if !columns.is_multiple_of(GROUP) || values.len() != rows * columns {
            return Err(ModelError::Shape { name: "matrix to pack".into(), found: vec![values.len()], expected: vec![rows, columns] });
        }
        let mut nibbles = Vec::with_capacity(values.len() / 2);
        let mut scales = Vec::with_capacity(values.len() / GROUP);
        for group in values.chunks_exact(GROUP) {
            let (scale, codes) = best_group(group);
            scales.push(scale);
            nibbles.extend((0..GROUP / 2).map(|j| codes[j] | codes[j + GROUP / 2] << 4));
        }
        Ok(Self { rows, columns, nibbles, scales })
    }

    /// Appends row `row` in f32 to `out`; nothing where the row does not exist.
    pub fn expand_row(&self, row: usize, out: &mut Vec<f32>) {
        let groups = self.columns / GROUP;
        let half_group = GROUP / 2;
        for g in row * groups..(row + 1) * groups {
            let (Some(bytes), Some(scale)) = (self.nibbles.get(g * half_group..(g + 1) * half_group), self.scales.get(g)) else { return };
            let scale = scale.to_f32();
            out.extend(bytes.iter().map(|b| (f32::from(b & 15) - 8.0) * scale));
            out.extend(bytes.iter().map(|b| (f32::from(b >> 4) - 8.0) * scale));
        }
    }

    /// The whole matrix in f32, row-major.
    pub fn expand(&self) -> Vec<f32> {
        let mut out = Vec::with_capacity(self.rows * self.columns);
        for row in 0..self.rows {
            self.expand_row(row, &mut out);
        }
        out
    }
}

/// The scale among a few candidates with the least squared error, and its codes. The first candidate puts the value
/// of largest magnitude on code 0, which restores a group that was packed before.
fn best_group(group: &[f32]) -> (f16, [u8; GROUP]) {
    let peak = group.iter().fold(0f32, |m, v| if v.abs() > m.abs() { *v } else { m });
    let mut best = (f32::INFINITY, f16::ZERO, [8u8; GROUP]);
    for divisor in [-8.0f32, -7.5, -7.0, -6.5, -8.5, 7.0, 7.5] {
        let scale = f16::from_f32(peak / divisor);
        let inverse = if scale == f16::ZERO { 0.0 } else { 1.0 / scale.to_f32() };
        let mut codes = [8u8; GROUP];
        let mut error = 0f32;
        for (code, v) in codes.iter_mut().zip(group) {
            let q = (v * inverse + 8.0).round().clamp(0.0, 15.0);
            error += ((q - 8.0) * scale.to_f32() - v).powi(2);
            // A float between 0 and 15 without fraction.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=15 above")]
            {
                *code = q as u8;
            }
        }
        if error < best.0 {
            best = (error, scale, codes);
        }
    }
    (best.1, best.2)
}

/// A matrix as stored.
pub enum Stored {
    /// 4-bit groups.
    Packed(Packed),
    /// Stored in f32 or f16: in f32, row-major, with its shape.
    Dense(Vec<f32>, Vec<usize>),
}

impl Stored {
    /// The values in f32 and their shape.
    pub fn dense(self) -> (Vec<f32>, Vec<usize>) {
        match self {
            Self::Dense(v, shape) => (v, shape),
            Self::Packed(p) => (p.expand(), vec![p.rows, p.columns]),
        }
    }
}

/// All tensors of the `.safetensors` files of a model folder, found by name.
pub struct Weights<'a> {
    files: Vec<(&'a str, SafeTensors<'a>)>,
}

impl<'a> Weights<'a> {
    /// Opens every `.safetensors` file.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] naming the file, [`ModelError::Missing`] if there is none.
    pub fn open(files: &'a PackFiles) -> Result<Self, ModelError> {
        let mut opened = Vec::new();
        for (name, bytes) in files.iter().filter(|(n, _)| n.ends_with(".safetensors")) {
            let tensors = SafeTensors::deserialize(bytes).map_err(|e| ModelError::Malformed { file: name.clone(), detail: e.to_string() })?;
            opened.push((name.as_str(), tensors));
        }
        if opened.is_empty() {
            return Err(ModelError::Missing("*.safetensors".into()));
        }
        Ok(Self { files: opened })
    }

    /// The tensor of that name, packed where it is stored packed. A leading `bert.` in the files is tolerated.
    ///
    /// # Errors
    /// [`ModelError::Missing`], or [`ModelError::Malformed`] for another type than F32, F16, or U8 with F16 scales.
    pub fn get(&self, name: &str) -> Result<Stored, ModelError> {
        let view = |n: &str| self.files.iter().find_map(|(_, t)| t.tensor(n).ok());
        let prefixed = format!("bert.{name}");
        let found = view(name).map(|v| (name, v)).or_else(|| view(&prefixed).map(|v| (prefixed.as_str(), v)));
        let (stored_name, tensor) = found.ok_or_else(|| ModelError::Missing(name.into()))?;
        let malformed = |detail: &str| ModelError::Malformed { file: name.into(), detail: detail.into() };
        match tensor.dtype() {
            Dtype::F32 => {
                let values = tensor.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
                Ok(Stored::Dense(values, tensor.shape().to_vec()))
            }
            Dtype::F16 => {
                let values = tensor.data().as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect();
                Ok(Stored::Dense(values, tensor.shape().to_vec()))
            }
            Dtype::U8 => {
                let scale = view(&format!("{stored_name}.scale")).ok_or_else(|| ModelError::Missing(format!("{name}.scale")))?;
                if scale.dtype() != Dtype::F16 {
                    return Err(malformed("scale is not F16"));
                }
                let scales: Vec<f16> = scale.data().as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b)).collect();
                let &[rows, half_columns] = tensor.shape() else { return Err(malformed("a packed tensor must be a matrix")) };
                let columns = half_columns * 2;
                if !columns.is_multiple_of(GROUP) || scales.len() != rows * columns / GROUP {
                    return Err(malformed("sizes of codes and scales disagree"));
                }
                Ok(Stored::Packed(Packed { rows, columns, nibbles: tensor.data().to_vec(), scales }))
            }
            other => Err(malformed(&format!("type {other:?} is not read"))),
        }
    }

    /// True if there is a tensor of that name.
    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|(_, t)| t.tensor(name).is_ok())
    }

    /// The tensor in f32, of exactly this shape.
    ///
    /// # Errors
    /// As [`Weights::get`], and [`ModelError::Shape`].
    pub fn dense(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let (values, found) = self.get(name)?.dense();
        if found != shape {
            return Err(ModelError::Shape { name: name.into(), found, expected: shape.to_vec() });
        }
        Ok(values)
    }
}
