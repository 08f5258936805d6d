//! The pages, a file each: start, busy, review; and the frame that shows one of them.
pub mod busy;
pub mod review;
pub mod start;

use waymark_shared::analyse::TagSetName;

use crate::el::{El, el};
use crate::parts::{drawn, frame, message, proof};
use crate::session::Screen;
use crate::state::DrawnPage;
use crate::ui::Ui;
use crate::visit::Visit;

/// The whole page.
pub fn app() -> El {
    let ui = Ui::new(Visit::begin());
    frame::listen(ui);
    let screen = ui.part(|session| match session.screen {
        Screen::Start => 0,
        Screen::Busy(_) => 1,
        // A review of the other tag set is another page.
        Screen::Review if session.tag_set() == TagSetName::Open => 2,
        Screen::Review => 3,
        Screen::Drawn(page) => 4 + DrawnPage::ALL.iter().position(|p| *p == page).unwrap_or_default(),
    });
    let page = move || {
        Some(match screen.get() {
            0 => start::page(ui),
            1 => busy::page(ui),
            2 | 3 => review::page(ui),
            drawn => drawn::page(ui, DrawnPage::ALL[(drawn - 4).min(DrawnPage::ALL.len() - 1)]),
        })
    };
    el("div")
        .class("frame")
        .with(el("a").class("skip").set("href", "#main").say(ui, |t| t.skip_to_main))
        .with(frame::header(ui))
        .with(proof::panel(ui))
        .with(el("main").set("id", "main").with(message::messages(ui)).piece(page))
        .with(frame::footer(ui))
}
