//! The frame around every page: header with steps, language and colours, the status line that is always true, footer.
use leptos::ev;
use leptos::prelude::*;

use crate::device;
use crate::i18n::Lang;
use crate::session::{Origin, Screen, Stage};
use crate::ui::{Theme, Ui};

/// Listens to the window: a file dropped beside the zone is taken too and never opened in place of the page; requests
/// that the browser blocks are counted.
pub fn listen(ui: Ui) {
    let over = window_event_listener(ev::dragover, |event| event.prevent_default());
    let drop = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            ui.visit.take_file(file.into());
        }
    });
    let blocked = window_event_listener_untyped("securitypolicyviolation", move |_| ui.blocked.update(|count| *count += 1));
    // They live as long as the page.
    std::mem::forget((over, drop, blocked));
}

/// Name, steps, language, colours, status.
pub fn header(ui: Ui) -> impl IntoView {
    let review = ui.part(|session| session.screen == Screen::Review);
    let speak = move |lang: Lang, words: &'static str, id: &'static str| {
        view! {
            <button type="button" data-testid=id lang=lang.tag() on:click=move |_| ui.speak(lang)
                aria-pressed=move || if ui.lang.get() == lang { "true" } else { "false" }>{words}</button>
        }
    };
    view! {
        <header>
            <div class="bar">
                <p class="name"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M8 29V3h2v3h13l5 5-5 5H10v13z"/></svg>
                    <span>{move || ui.t().name}</span></p>
                <ol class="steps">
                    <li aria-current=move || if review.get() { "false" } else { "step" }>{move || ui.t().step_start}</li>
                    <li aria-current=move || if review.get() { "step" } else { "false" }>{move || ui.t().step_skills}</li>
                </ol>
                <div class="settings">
                    <div class="languages" role="group" aria-label=move || ui.t().language>
                        {speak(Lang::En, "EN", "lang-en")} {speak(Lang::Zh, "中文", "lang-zh")}
                    </div>
                    <select data-testid="theme" aria-label=move || ui.t().theme
                        prop:value=move || ui.theme.get().name()
                        on:change=move |event| ui.colour(Theme::named(&event_target_value(&event)))>
                        <option value="auto">{move || ui.t().theme_auto}</option>
                        <option value="light">{move || ui.t().theme_light}</option>
                        <option value="dark">{move || ui.t().theme_dark}</option>
                    </select>
                </div>
            </div>
            {status(ui)}
        </header>
    }
}

/// One line that is always true, and opens the proof.
fn status(ui: Ui) -> impl IntoView {
    let stage = ui.part(|session| session.stage.clone());
    let words = move || {
        let t = ui.t();
        let lines = match stage.get() {
            Stage::Loading(None) => vec![t.load_title.to_owned()],
            Stage::Loading(Some(loading)) => {
                vec![t.status_loading(&device::megabytes(loading.done), &t.bytes(&device::megabytes(loading.total)))]
            }
            Stage::Sealing => vec![t.status_sealing.to_owned()],
            Stage::Failed(_) => vec![t.status_failed.to_owned()],
            Stage::Ready(sealed) => {
                let size = t.bytes(&device::megabytes(sealed.model_bytes));
                let model = match sealed.origin {
                    Origin::Network => t.status_model_network(&size),
                    Origin::Device => t.status_model_device(&size),
                };
                vec![t.status_off(&sealed.clock), model, t.status_engine.to_owned()]
            }
        };
        lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()
    };
    let state = move || match stage.get() {
        Stage::Ready(_) => "status off",
        Stage::Failed(_) => "status bad",
        _ => "status",
    };
    view! {
        <button type="button" class=state data-testid="status" aria-controls="proof"
            aria-expanded=move || if ui.proof.get() { "true" } else { "false" }
            on:click=move |_| ui.proof.update(|open| *open = !*open)>
            <span class="dot" aria-hidden="true"></span>
            {words}
            <span class="more">{move || ui.t().status_open}</span>
        </button>
    }
}

/// Sources, licences, version, delete everything.
pub fn footer(ui: Ui) -> impl IntoView {
    let ready = ui.part(|session| matches!(session.stage, Stage::Ready(_)));
    let version = format!("{} ({})", env!("CARGO_PKG_VERSION"), device::written("data-build"));
    view! {
        <footer>
            <details>
                <summary>{move || ui.t().footer_sources}</summary>
                <p>{move || ui.t().footer_sources_text}</p>
            </details>
            <p>{move || ui.t().footer_version(&version)}</p>
            <div>
                <button type="button" class="quiet" data-testid="forget" aria-describedby="forget-note"
                    disabled=move || !ready.get() on:click=move |_| ui.visit.forget()>{move || ui.t().forget}</button>
                <small id="forget-note">{move || ui.t().forget_note}</small>
            </div>
        </footer>
    }
}
