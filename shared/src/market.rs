//! The labour market as a system that can be moved: not what it is (that is data), but what follows from it.
pub mod ensemble;
pub mod labour_flow;
pub mod network;
pub mod scenario;
