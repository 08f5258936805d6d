//! The job market: the figures in hand with where each comes from, and what is computed on them. Not which occupation a
//! CV describes: that is `taxonomy`.
pub mod backtest;
pub mod data;
pub mod local;
pub mod present;
