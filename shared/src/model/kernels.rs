//! The operations of a transformer layer between the matrix products, each in two forms: [`composed`] from plain
//! tensor operations (slow, clear, any device) and [`fused`] (one pass over memory with its own backward, CPU).
//! Both draw dropout from the same counter, so they agree value for value within rounding.
pub mod composed;
pub mod fused;

pub use crate::random::mix;

/// Dropout of one place in one step: which values are dropped depends on this and their index alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// Share dropped, 0..1; 0 keeps all.
    pub share: f32,
    /// Key of the counter: seed, step and place mixed.
    pub key: u64,
}

impl Dropout {
    /// Keeps everything.
    pub const OFF: Self = Self { share: 0.0, key: 0 };

    /// The same rate at another place.
    pub fn at(self, place: u64) -> Self {
        Self { share: self.share, key: mix(self.key ^ mix(place.wrapping_add(1))) }
    }

    /// Factor of value `index`: 0 where dropped, 1 / (1 − share) where kept.
    #[inline]
    pub fn factor(self, index: usize) -> f32 {
        if self.share == 0.0 {
            return 1.0;
        }
        // 24 random bits, exact in f32.
        let bits = mix(self.key.wrapping_add((index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))) >> 40;
        if (bits as f32) < self.share * 16_777_216.0 { 0.0 } else { 1.0 / (1.0 - self.share) }
    }
}

/// The shape of one attention call: hidden states are [batch · seq, heads · head_size], rows padded at their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttentionShape {
    /// Tokens before padding, a row of the batch each.
    pub lengths: Vec<usize>,
    /// Padded length of every row.
    pub seq: usize,
    /// Heads.
    pub heads: usize,
    /// Width of a head.
    pub head_size: usize,
}

/// Which form of the kernels a pass uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernels {
    /// [`composed`].
    Composed,
    /// [`fused`].
    Fused,
}

impl Kernels {
    /// The form to use on a device: fused on the CPU, composed elsewhere.
    pub fn for_device(device: &candle_core::Device) -> Self {
        if device.is_cpu() { Self::Fused } else { Self::Composed }
    }
}
