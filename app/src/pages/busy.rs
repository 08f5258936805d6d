//! Busy: what the page is at, how far it is, and a way to stop it.
use leptos::prelude::*;

use crate::session::{Busy, Screen};
use crate::ui::{Ui, click, words};

/// The page.
pub fn page(ui: Ui) -> AnyView {
    let busy = ui.part(|session| match session.screen {
        Screen::Busy(busy) => busy,
        _ => Busy::Reading,
    });
    let title = move || {
        words(move || {
            match busy.get() {
                Busy::Reading => ui.t().busy_reading,
                Busy::Analysing(_) => ui.t().busy_analysing,
            }
            .to_owned()
        })
    };
    let sentences = words(move || match busy.get() {
        Busy::Reading => String::new(),
        Busy::Analysing(None) => ui.t().busy_starting.to_owned(),
        Busy::Analysing(Some((done, total))) => ui.t().busy_sentences(&done.to_string(), &total.to_string()),
    });
    // Without a number yet, the bar only moves.
    let count = move |of: fn((usize, usize)) -> usize| {
        move || match busy.get() {
            Busy::Analysing(Some(known)) => Some(of(known).to_string()),
            _ => None,
        }
    };
    view! {
        <div class="busy" data-testid="busy" data-done=count(|known| known.0) data-total=count(|known| known.1)>
            <h1 tabindex="-1">{title()}</h1>
            <progress aria-label=title() max=count(|known| known.1.max(1)) value=count(|known| known.0)></progress>
            <p class="figures">{sentences}</p>
            <button type="button" data-testid="cancel" on:click=click(move || ui.visit.cancel())>{ui.say(|t| t.cancel)}</button>
        </div>
    }
    .into_any()
}
