//! Journeys in a real browser over the built site: what unit tests cannot see. `cargo site test` builds the site and
//! runs them.
mod budget;
mod driver;
mod faults;
mod fields;
mod journey;
mod kept;
mod market;
mod page;
mod parity;
mod paths;
mod review;
mod sealed;
mod shots;
