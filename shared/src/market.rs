//! The job market: the figures in hand with where each comes from, and what follows from them when levers move. Not which
//! occupation a CV describes: that is `taxonomy`.
pub mod backtest;
pub mod bands;
pub mod data;
pub mod ensemble;
pub mod labour_flow;
pub mod levers;
pub mod local;
pub mod network;
pub mod present;
pub mod scenario;
pub mod snapshot;
pub mod system;
