//! Busy: what the page is at, how far it is, and a way to stop it.
use crate::el::{El, button, el};
use crate::session::{Busy, Screen};
use crate::ui::Ui;

/// The page.
pub fn page(ui: Ui) -> El {
    let busy = ui.part(|session| match session.screen {
        Screen::Busy(busy) => busy,
        _ => Busy::Reading,
    });
    let title = move || match busy.get() {
        Busy::Reading => ui.t().busy_reading.to_owned(),
        Busy::Analysing(_) => ui.t().busy_analysing.to_owned(),
    };
    let sentences = move || match busy.get() {
        Busy::Reading => String::new(),
        Busy::Analysing(None) => ui.t().busy_starting.to_owned(),
        Busy::Analysing(Some((done, total))) => ui.t().busy_sentences(&done.to_string(), &total.to_string()),
    };
    // Without a number yet, the bar only moves.
    let count = move |of: fn((usize, usize)) -> usize| {
        move || match busy.get() {
            Busy::Analysing(Some(known)) => Some(of(known).to_string()),
            _ => None,
        }
    };
    let bar = el("progress").live("max", count(|known| known.1.max(1))).live("value", count(|known| known.0));
    el("div")
        .class("busy")
        .test("busy")
        .live("data-done", count(|known| known.0))
        .live("data-total", count(|known| known.1))
        .with(el("h1").set("tabindex", "-1").words(title))
        .with(bar.live("aria-label", move || Some(title())))
        .with(el("p").class("figures").words(sentences))
        .with(button(ui, |t| t.cancel, move || ui.visit.cancel()).test("cancel"))
}
