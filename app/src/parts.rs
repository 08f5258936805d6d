//! The parts of the page, a control a file.
pub mod document;
pub mod entries;
pub mod frame;
pub mod message;
pub mod proof;
