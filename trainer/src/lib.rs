//! The native edge of Waymark: data readers, training, evaluation, export, and the command line over the shared core.
pub mod calibrate;
pub mod data;
pub mod evaluate;
pub mod export;
pub mod linking;
pub mod model_dir;
pub mod pack;
pub mod train;
