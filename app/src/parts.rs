//! The parts of the page, a control a file.
pub mod add;
pub mod document;
pub mod drawn;
pub mod entries;
pub mod entry;
pub mod frame;
pub mod kind;
pub mod meaning;
pub mod message;
pub mod occupations;
pub mod personal;
pub mod proof;
