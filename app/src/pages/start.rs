//! Start: one sentence, then a file, a text or an example; how far loading is; what happens to the file.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::device;
use crate::i18n::Texts;
use crate::session::{Event, Origin, Part as Loaded, Stage};
use crate::ui::{Part, Ui, click, flag, piece, words};
use crate::worker::protocol::{Sample, Source};

/// The page.
pub fn page(ui: Ui) -> AnyView {
    let ready = ui.part(|session| matches!(session.stage, Stage::Ready(_)));
    let under_way = ui.part(|session| matches!(session.stage, Stage::Loading(_) | Stage::Sealing));
    let sealed = words(move || if ready.get() { ui.t().promise_sealed } else { ui.t().promise_will_seal }.to_owned());
    view! {
        <div class="start">
            <h1 tabindex="-1">{ui.say(|t| t.start_title)}</h1>
            <p class="lead">{ui.say(|t| t.start_lead)}</p>
            {piece(move || under_way.get().then(|| loading(ui)))}
            <div class="ways">{file(ui, ready)} {paste(ui, ready)}</div>
            {samples(ui, ready)}
            <section class="promise">
                <h2>{ui.say(|t| t.promise_title)}</h2>
                <ul>
                    <li>{ui.say(|t| t.promise_here)}</li>
                    <li>{sealed}</li>
                    <li>{ui.say(|t| t.promise_unsaved)}</li>
                </ul>
            </section>
        </div>
    }
    .into_any()
}

fn loading(ui: Ui) -> AnyView {
    let stage = ui.part(|session| session.stage.clone());
    let figures = words(move || {
        let t = ui.t();
        match stage.get() {
            Stage::Loading(Some(loading)) => {
                let part = if loading.part == Loaded::Model { t.load_model } else { t.load_program };
                let origin = if loading.origin == Origin::Device { t.load_from_device } else { t.load_from_network };
                let bytes = t.bytes_of(&device::megabytes(loading.done), &device::megabytes(loading.total));
                format!("{bytes} · {part} · {origin}")
            }
            Stage::Sealing => t.load_checking.to_owned(),
            _ => t.load_program.to_owned(),
        }
    });
    let share = move || match stage.get() {
        Stage::Loading(Some(loading)) => Some((loading.done * 1000 / loading.total.max(1)).to_string()),
        Stage::Loading(None) => Some("0".to_owned()),
        _ => None,
    };
    view! {
        <section class="loading" data-testid="load-progress">
            <h2>{ui.say(|t| t.load_title)}</h2>
            <progress max="1000" value=share aria-label=ui.say(|t| t.load_title)></progress>
            <p class="figures">{figures}</p>
            <p class="muted">{ui.say(|t| t.load_why)}</p>
        </section>
    }
    .into_any()
}

fn file(ui: Ui, ready: Part<bool>) -> AnyView {
    let over = RwSignal::new(false);
    let class = words(move || {
        match (ready.get(), over.get()) {
            (false, _) => "drop shut",
            (true, false) => "drop",
            (true, true) => "drop over",
        }
        .to_owned()
    });
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            ui.visit.take_file(file.into());
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    let hover = move |on: bool| move |_: web_sys::DragEvent| over.set(on);
    view! {
        <section class="way">
            <h2>{ui.say(|t| t.file_title)}</h2>
            <label class=class data-testid="drop-zone"
                on:dragover=hover(true) on:dragleave=hover(false) on:drop=hover(false)>
                <input type="file" id="cv-file" data-testid="cv-file" disabled=flag(move || !ready.get()) on:change=chosen
                    accept=".pdf,.docx,.doc,.txt,.md,text/plain"/>
                <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 4l8 8h-5v9h-6v-9H8zM5 22h3v4h16v-4h3v7H5z"/></svg>
                <strong class="button">{ui.say(|t| t.file_button)}</strong>
                <span>{ui.say(|t| t.file_hint)}</span>
            </label>
        </section>
    }
    .into_any()
}

fn paste(ui: Ui, ready: Part<bool>) -> AnyView {
    let draft = ui.part(|session| session.draft.clone());
    let empty = ui.part(|session| session.draft.trim().is_empty());
    let go = click(move || {
        ui.visit.take(Source::Pasted(ui.visit.session.with_untracked(|session| session.draft.clone())));
    });
    view! {
        <section class="way">
            <h2><label for="paste-text">{ui.say(|t| t.paste_title)}</label></h2>
            <textarea id="paste-text" data-testid="paste-text" rows="6" autocomplete="off" spellcheck="false"
                placeholder=ui.say(|t| t.paste_hint) disabled=flag(move || !ready.get()) prop:value=words(move || draft.get())
                on:input=move |event| ui.visit.tell(Event::Draft(event_target_value(&event)))></textarea>
            <button type="button" class="main" data-testid="paste-go" disabled=flag(move || !ready.get() || empty.get())
                on:click=go>{ui.say(|t| t.paste_button)}</button>
        </section>
    }
    .into_any()
}

fn samples(ui: Ui, ready: Part<bool>) -> AnyView {
    let card = move |sample: Sample, id: &'static str, lang: &'static str, name: fn(&'static Texts) -> &'static str| {
        view! {
            <button type="button" class="sample" lang=lang data-testid=id disabled=flag(move || !ready.get())
                on:click=click(move || ui.visit.take(Source::Sample(sample)))>{ui.say(name)}</button>
        }
        .into_any()
    };
    view! {
        <section class="samples">
            <h2>{ui.say(|t| t.samples_title)}</h2>
            <div class="row">
                {card(Sample::LineWorkerEn, "sample-line_worker.en", "en", |t| t.sample_line_worker_en)}
                {card(Sample::LineWorkerZh, "sample-line_worker.zh", "zh-CN", |t| t.sample_line_worker_zh)}
                {card(Sample::OfficeAdminEn, "sample-office_admin.en", "en", |t| t.sample_office_admin_en)}
                {card(Sample::AccountantZh, "sample-accountant.zh", "zh-CN", |t| t.sample_accountant_zh)}
                <small>{ui.say(|t| t.sample_note)}</small>
            </div>
        </section>
    }
    .into_any()
}
