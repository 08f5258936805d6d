//! The pages, a file each: start, busy, review; and the frame that shows one of them.
pub mod busy;
pub mod review;
pub mod start;

use leptos::prelude::*;

use crate::parts::{frame, message, proof};
use crate::session::Screen;
use crate::ui::{Ui, piece};
use crate::visit::Visit;

/// The whole page.
pub fn app() -> AnyView {
    let ui = Ui::new(Visit::begin());
    frame::listen(ui);
    let screen = ui.part(|session| match session.screen {
        Screen::Start => 0,
        Screen::Busy(_) => 1,
        Screen::Review => 2,
    });
    let page = piece(move || {
        Some(match screen.get() {
            0 => start::page(ui),
            1 => busy::page(ui),
            _ => review::page(ui),
        })
    });
    view! {
        <a class="skip" href="#main">{ui.say(|t| t.skip_to_main)}</a>
        {frame::header(ui)}
        {proof::panel(ui)}
        <main id="main">{message::messages(ui)} {page}</main>
        {frame::footer(ui)}
    }
    .into_any()
}
