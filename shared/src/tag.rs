//! Tag sets and legal decoding.
