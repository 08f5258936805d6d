//! The Waymark page and its worker, less their entry points (`src/bin`): words, faults, the session and what it shows,
//! the protocol between page and worker. The modules that touch the browser are built for wasm32 only.
//!
//! No `#[wasm_bindgen]` export may stand here: one that reaches the engine would pull it into the page.
pub mod fault;
pub mod i18n;
pub mod review;
pub mod session;
pub mod state;
pub mod studio;
pub mod worker;

#[cfg(target_arch = "wasm32")]
pub mod device;
#[cfg(target_arch = "wasm32")]
pub mod el;
#[cfg(target_arch = "wasm32")]
pub mod pages;
#[cfg(target_arch = "wasm32")]
pub mod parts;
#[cfg(target_arch = "wasm32")]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod visit;
