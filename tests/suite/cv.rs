//! Reading CVs of every kind.
