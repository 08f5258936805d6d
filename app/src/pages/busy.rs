//! Busy: what the page is at, how far it is, and a way to stop it.
use leptos::prelude::*;

use crate::session::{Busy, Screen};
use crate::ui::Ui;

/// The page.
pub fn page(ui: Ui) -> impl IntoView {
    let busy = ui.part(|session| match session.screen {
        Screen::Busy(busy) => busy,
        _ => Busy::Reading,
    });
    let known = move || match busy.get() {
        Busy::Analysing(known) => known,
        Busy::Reading => None,
    };
    let title = move || match busy.get() {
        Busy::Reading => ui.t().busy_reading,
        Busy::Analysing(_) => ui.t().busy_analysing,
    };
    let sentences = move || match (busy.get(), known()) {
        (Busy::Reading, _) => String::new(),
        (_, None) => ui.t().busy_starting.to_owned(),
        (_, Some((done, total))) => ui.t().busy_sentences(&done.to_string(), &total.to_string()),
    };
    view! {
        <div class="busy" data-testid="busy" data-done=move || known().map(|known| known.0.to_string())
            data-total=move || known().map(|known| known.1.to_string())>
            <h1 tabindex="-1">{title}</h1>
            <progress aria-label=title max=move || known().map(|known| known.1.max(1).to_string())
                value=move || known().map(|known| known.0.to_string())></progress>
            <p class="figures" aria-live="off">{sentences}</p>
            <button type="button" data-testid="cancel" on:click=move |_| ui.visit.cancel()>{move || ui.t().cancel}</button>
        </div>
    }
}
