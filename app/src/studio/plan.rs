//! The Plan page.
use super::Studio;
use crate::worker::protocol::{Draw, Drawn, DrawnFile};
pub fn draw(_: &mut Studio, call: &Draw) -> Drawn {
    Drawn { state: call.state.clone(), parts: Vec::new() }
}
pub fn save(_: &Studio, _: &Draw, _: &str) -> Option<DrawnFile> {
    None
}
