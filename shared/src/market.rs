//! The labour market as a model that can be moved: what may happen under a scenario, never a forecast.
pub mod system;
