//! The pure core of Waymark: from the bytes of a CV to what they show. No I/O, clock, threads, DOM or global state;
//! builds for native targets and for wasm32.
//!
//! The main job in order: [`cv::read`] → [`text::sentences`] → [`analyse`]: spans, their competences ([`taxonomy`]),
//! occupations, personal data.
#[cfg(feature = "model")]
pub mod analyse;
pub mod assess;
pub mod chart;
pub(crate) mod compare;
#[cfg(feature = "model")]
pub mod corrections;
pub mod cv;
pub mod feedback;
pub mod fields;
pub mod gap;
#[cfg(feature = "model")]
pub mod gazetteer;
pub mod intake;
pub mod market;
#[cfg(feature = "model")]
pub mod model;
pub mod pack;
pub mod path;
#[cfg(feature = "model")]
pub mod personal;
pub mod plan;
pub mod profile;
pub mod random;
pub mod report;
pub mod span;
#[cfg(feature = "model")]
pub mod tag;
#[cfg(feature = "model")]
pub mod taxonomy;
pub mod text;
#[cfg(feature = "model")]
pub mod tokenize;
