//! Start: one sentence, then a file, a text or an example; how far loading is; what happens to the file.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::device;
use crate::session::{Event, Origin, Part, Stage};
use crate::ui::Ui;
use crate::worker::protocol::{Sample, Source};

/// The page.
pub fn page(ui: Ui) -> impl IntoView {
    let ready = ui.part(|session| matches!(session.stage, Stage::Ready(_)));
    let failed = ui.part(|session| matches!(session.stage, Stage::Failed(_)));
    view! {
        <div class="start">
            <h1 tabindex="-1">{move || ui.t().start_title}</h1>
            <p class="lead">{move || ui.t().start_lead}</p>
            {move || (!ready.get() && !failed.get()).then(|| loading(ui))}
            <div class="ways">
                {file(ui, ready)}
                {paste(ui, ready)}
            </div>
            {samples(ui, ready)}
            <section class="promise">
                <h2>{move || ui.t().promise_title}</h2>
                <ul>
                    <li>{move || ui.t().promise_here}</li>
                    <li>{move || if ready.get() { ui.t().promise_sealed } else { ui.t().promise_will_seal }}</li>
                    <li>{move || ui.t().promise_unsaved}</li>
                </ul>
            </section>
        </div>
    }
}

fn loading(ui: Ui) -> impl IntoView {
    let stage = ui.part(|session| session.stage.clone());
    let words = move || {
        let t = ui.t();
        match stage.get() {
            Stage::Loading(Some(loading)) => {
                let part = if loading.part == Part::Model { t.load_model } else { t.load_program };
                let origin = if loading.origin == Origin::Device { t.load_from_device } else { t.load_from_network };
                let bytes = t.bytes_of(&device::megabytes(loading.done), &device::megabytes(loading.total));
                format!("{bytes} · {part} · {origin}")
            }
            Stage::Sealing => t.load_checking.to_owned(),
            _ => t.load_program.to_owned(),
        }
    };
    let share = move || match stage.get() {
        Stage::Loading(Some(loading)) => Some((loading.done * 1000 / loading.total.max(1)).to_string()),
        Stage::Loading(None) => Some("0".to_owned()),
        _ => None,
    };
    view! {
        <section class="loading" data-testid="load-progress">
            <h2>{move || ui.t().load_title}</h2>
            <progress max="1000" value=share aria-label=move || ui.t().load_title></progress>
            <p class="figures">{words}</p>
            <p class="muted">{move || ui.t().load_why}</p>
        </section>
    }
}

fn file(ui: Ui, ready: Memo<bool>) -> impl IntoView {
    let over = RwSignal::new(false);
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            ui.visit.take_file(file.into());
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <section class="way">
            <h2>{move || ui.t().file_title}</h2>
            <label class="drop" class:over=over class:shut=move || !ready.get() data-testid="drop-zone"
                on:dragenter=move |_| over.set(true) on:dragover=move |_| over.set(true)
                on:dragleave=move |_| over.set(false) on:drop=move |_| over.set(false)>
                <input type="file" id="cv-file" data-testid="cv-file" disabled=move || !ready.get() on:change=chosen
                    accept=".pdf,.docx,.doc,.txt,.md,text/plain"/>
                <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 4l8 8h-5v9h-6v-9H8zM5 22h3v4h16v-4h3v7H5z"/></svg>
                <strong class="button">{move || ui.t().file_button}</strong>
                <span>{move || ui.t().file_hint}</span>
            </label>
        </section>
    }
}

fn paste(ui: Ui, ready: Memo<bool>) -> impl IntoView {
    let draft = ui.part(|session| session.draft.clone());
    let empty = ui.part(|session| session.draft.trim().is_empty());
    view! {
        <section class="way">
            <h2><label for="paste-text">{move || ui.t().paste_title}</label></h2>
            <textarea id="paste-text" data-testid="paste-text" rows="6" autocomplete="off" spellcheck="false"
                placeholder=move || ui.t().paste_hint disabled=move || !ready.get() prop:value=move || draft.get()
                on:input=move |event| ui.visit.tell(Event::Draft(event_target_value(&event)))></textarea>
            <button type="button" class="main" data-testid="paste-go" disabled=move || !ready.get() || empty.get()
                on:click=move |_| ui.visit.take(Source::Pasted(ui.visit.session.with_untracked(|session| session.draft.clone())))>
                {move || ui.t().paste_button}
            </button>
        </section>
    }
}

fn samples(ui: Ui, ready: Memo<bool>) -> impl IntoView {
    let card = move |sample: Sample, id: &'static str, lang: &'static str, words: fn(Ui) -> &'static str| {
        view! {
            <button type="button" class="sample" lang=lang data-testid=id disabled=move || !ready.get()
                on:click=move |_| ui.visit.take(Source::Sample(sample))>{move || words(ui)}</button>
        }
    };
    view! {
        <section class="samples">
            <h2>{move || ui.t().samples_title}</h2>
            <div class="row">
                {card(Sample::LineWorkerEn, "sample-line_worker.en", "en", |ui| ui.t().sample_line_worker_en)}
                {card(Sample::LineWorkerZh, "sample-line_worker.zh", "zh-CN", |ui| ui.t().sample_line_worker_zh)}
                {card(Sample::OfficeAdminEn, "sample-office_admin.en", "en", |ui| ui.t().sample_office_admin_en)}
                {card(Sample::AccountantZh, "sample-accountant.zh", "zh-CN", |ui| ui.t().sample_accountant_zh)}
                <small>{move || ui.t().sample_note}</small>
            </div>
        </section>
    }
}
