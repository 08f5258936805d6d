//! The frame around every page: header with steps, language and colours, the status line that is always true, footer.
use leptos::ev;
use leptos::prelude::*;

use crate::device;
use crate::i18n::Lang;
use crate::session::{Origin, Screen, Stage};
use crate::ui::{Theme, Ui, click, flag, piece, words};

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

fn truth(of: bool) -> String {
    if of { "true" } else { "false" }.to_owned()
}

/// Name, steps, language, colours, status.
pub fn header(ui: Ui) -> AnyView {
    let review = ui.part(|session| session.screen == Screen::Review);
    let speak = move |lang: Lang, name: &'static str, id: &'static str| {
        view! {
            <button type="button" data-testid=id lang=lang.tag() on:click=click(move || ui.speak(lang))
                aria-pressed=words(move || truth(ui.lang.get() == lang))>{name}</button>
        }
        .into_any()
    };
    let current = move |of: bool| words(move || if review.get() == of { "step" } else { "false" }.to_owned());
    view! {
        <header>
            <div class="bar">
                <p class="name"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M8 29V3h2v3h13l5 5-5 5H10v13z"/></svg>
                    <span>{ui.say(|t| t.name)}</span></p>
                <ol class="steps">
                    <li aria-current=current(false)>{ui.say(|t| t.step_start)}</li>
                    <li aria-current=current(true)>{ui.say(|t| t.step_skills)}</li>
                </ol>
                <div class="settings">
                    <div class="languages" role="group" aria-label=ui.say(|t| t.language)>
                        {speak(Lang::En, "EN", "lang-en")} {speak(Lang::Zh, "中文", "lang-zh")}
                    </div>
                    <select data-testid="theme" aria-label=ui.say(|t| t.theme)
                        prop:value=move || ui.theme.get().name()
                        on:change=move |event| ui.colour(Theme::named(&event_target_value(&event)))>
                        <option value="auto">{ui.say(|t| t.theme_auto)}</option>
                        <option value="light">{ui.say(|t| t.theme_light)}</option>
                        <option value="dark">{ui.say(|t| t.theme_dark)}</option>
                    </select>
                </div>
            </div>
            {status(ui)}
        </header>
    }
    .into_any()
}

/// One line that is always true, and opens the proof.
fn status(ui: Ui) -> AnyView {
    let stage = ui.part(|session| session.stage.clone());
    let lines = piece(move || {
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
        Some(lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view().into_any())
    });
    let state = words(move || {
        match stage.get() {
            Stage::Ready(_) => "status off",
            Stage::Failed(_) => "status bad",
            _ => "status",
        }
        .to_owned()
    });
    view! {
        <button type="button" class=state data-testid="status" aria-controls="proof"
            aria-expanded=words(move || truth(ui.proof.get()))
            on:click=click(move || ui.proof.update(|open| *open = !*open))>
            <span class="dot" aria-hidden="true"></span>
            {lines}
            <span class="more">{ui.say(|t| t.status_open)}</span>
        </button>
    }
    .into_any()
}

/// Sources, licences, version, delete everything.
pub fn footer(ui: Ui) -> AnyView {
    let ready = ui.part(|session| matches!(session.stage, Stage::Ready(_)));
    let version = format!("{} ({})", env!("CARGO_PKG_VERSION"), device::written("data-build"));
    view! {
        <footer>
            <details>
                <summary>{ui.say(|t| t.footer_sources)}</summary>
                <p>{ui.say(|t| t.footer_sources_text)}</p>
            </details>
            <p>{words(move || ui.t().footer_version(&version))}</p>
            <div class="row">
                <small id="forget-note">{ui.say(|t| t.forget_note)}</small>
                <button type="button" data-testid="forget" aria-describedby="forget-note"
                    disabled=flag(move || !ready.get()) on:click=click(move || ui.visit.forget())>{ui.say(|t| t.forget)}</button>
            </div>
        </footer>
    }
    .into_any()
}
