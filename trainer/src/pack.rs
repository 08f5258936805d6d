//! Building the data of the pack from public sources: `taxonomy`. Not the model: that is `export`.
pub mod sheet;
pub mod taxonomy;
