//! Building the data of the pack from public sources: `taxonomy`, `market`. Not the model: that is `export`.
pub mod join;
pub mod market;
pub mod sheet;
pub mod taxonomy;
