//! The trainer as a library.
