//! The bridge between page and worker: what they say ([`protocol`]), the page's end (`client`), the worker's (`host`), which may have a GPU (`gpu`).
pub mod bench;
pub mod protocol;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(target_arch = "wasm32")]
mod gpu;
#[cfg(target_arch = "wasm32")]
pub mod host;
