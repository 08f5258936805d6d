//! What schools, companies and policy look at: many people or all occupations at once, by the same parts that a person's own
//! pages use. Not a single person: nothing here holds a name, and no figure stands for one worker.
pub mod company;
pub mod policy;
pub mod school;

use serde::{Deserialize, Serialize};

/// A figure with its range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The low end.
    pub low: f64,
    /// The middle.
    pub middle: f64,
    /// The high end.
    pub high: f64,
}

impl Span {
    /// Every value times a factor of at least 0.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, middle: self.middle * factor, high: self.high * factor }
    }
}
