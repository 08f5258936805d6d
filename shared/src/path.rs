//! Moves from one occupation to another: how well one prepares for another, and which steps lead where at what time, cost,
//! pay and risk. Not a forecast, and nothing here has seen observed moves; not what a person lacks: that is `gap`.
//!
//! The principal types are [`MoveScores`] and [`search::CareerPath`].
pub mod needs;
pub mod reach;
pub mod score;
pub mod search;
pub mod suggest;

pub use needs::{Needs, View};
pub use score::{Carried, MoveScore, MoveScores, Thresholds, ViewWeights};
