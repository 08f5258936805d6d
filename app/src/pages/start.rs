//! Start: one sentence, then a file, a text or an example; how far loading is; what happens to the file.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::device;
use crate::el::{El, Key, button, el};
use crate::session::{Event, Origin, Part as Loaded, Screen, Stage};
use crate::state::DrawnPage;
use crate::ui::{Part, Ui};
use crate::worker::protocol::{KEPT, Sample, Source};

/// The page.
pub fn page(ui: Ui) -> El {
    let ready = ui.part(|session| matches!(session.stage, Stage::Ready(_)));
    let under_way = ui.part(|session| matches!(session.stage, Stage::Loading(_) | Stage::Sealing));
    let sealed = move || if ready.get() { ui.t().promise_sealed } else { ui.t().promise_will_seal }.to_owned();
    let promises = el("ul")
        .with(el("li").say(ui, |t| t.promise_here))
        .with(el("li").words(sealed))
        .with(el("li").say(ui, |t| t.promise_unsaved));
    el("div")
        .class("start")
        .with(el("h1").set("tabindex", "-1").say(ui, |t| t.start_title))
        .with(el("p").class("lead").say(ui, |t| t.start_lead))
        .piece(move || under_way.get().then(|| loading(ui)))
        .with(el("div").class("ways").with(file(ui, ready)).with(paste(ui, ready)))
        .with(samples(ui, ready))
        .with(intake(ui, ready))
        .piece(move || device::setting(KEPT).map(|_| kept(ui, ready)))
        .with(el("section").class("promise").with(el("h2").say(ui, |t| t.promise_title)).with(promises))
}

fn loading(ui: Ui) -> El {
    let stage = ui.part(|session| session.stage.clone());
    let figures = move || {
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
    };
    let share = move || match stage.get() {
        Stage::Loading(Some(loading)) => Some((loading.done * 1000 / loading.total.max(1)).to_string()),
        Stage::Loading(None) => Some("0".to_owned()),
        _ => None,
    };
    el("section")
        .class("loading")
        .test("load-progress")
        .with(el("h2").say(ui, |t| t.load_title))
        .with(el("progress").set("max", "1000").live("value", share).label(ui, |t| t.load_title))
        .with(el("p").class("figures").words(figures))
        .with(el("p").class("muted").say(ui, |t| t.load_why))
}

fn file(ui: Ui, ready: Part<bool>) -> El {
    let over = RwSignal::new(false);
    let class = move || {
        let name = match (ready.get(), over.get()) {
            (false, _) => "drop shut",
            (true, false) => "drop",
            (true, true) => "drop over",
        };
        Some(name.to_owned())
    };
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            ui.visit.take_file(file.into());
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    let input = el("input")
        .set("type", "file")
        .set("id", "cv-file")
        .test("cv-file")
        .set("accept", ".pdf,.docx,.doc,.html,.htm,.xhtml,.json,.csv,.txt,.md,text/html,text/plain")
        .when("disabled", move || !ready.get())
        .on("change", chosen);
    let zone = el("label")
        .live("class", class)
        .test("drop-zone")
        .on("dragover", move |_| over.set(true))
        .on("dragleave", move |_| over.set(false))
        .on("drop", move |_| over.set(false))
        .with(input)
        .with(el("span").class("arrow").set("aria-hidden", "true"))
        .with(el("strong").class("button").say(ui, |t| t.file_button))
        .with(el("span").say(ui, |t| t.file_hint));
    el("section").class("way").with(el("h2").say(ui, |t| t.file_title)).with(zone)
}

fn paste(ui: Ui, ready: Part<bool>) -> El {
    let draft = ui.part(|session| session.draft.clone());
    let empty = ui.part(|session| session.draft.trim().is_empty());
    let take = move || ui.visit.take(Source::Pasted(ui.visit.session.with_untracked(|session| session.draft.clone())));
    let field = el("textarea")
        .set("id", "paste-text")
        .test("paste-text")
        .set("rows", "6")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .live("placeholder", move || Some(ui.t().paste_hint.to_owned()))
        .when("disabled", move || !ready.get())
        .value(move || draft.get())
        .on("input", move |event| ui.visit.tell(Event::Draft(event_target_value(&event))));
    let go = button(ui, |t| t.paste_button, take).class("main").test("paste-go");
    el("section")
        .class("way")
        .with(el("h2").with(el("label").set("for", "paste-text").say(ui, |t| t.paste_title)))
        .with(field)
        .with(go.when("disabled", move || !ready.get() || empty.get()))
}

fn samples(ui: Ui, ready: Part<bool>) -> El {
    let card = move |sample: Sample, id: &str, lang: &str, key: Key| {
        let card = button(ui, key, move || ui.visit.take(Source::Sample(sample))).class("sample").set("lang", lang);
        card.test(id).when("disabled", move || !ready.get())
    };
    let row = el("div")
        .class("row")
        .with(card(Sample::LineWorkerEn, "sample-line_worker.en", "en", |t| t.sample_line_worker_en))
        .with(card(Sample::LineWorkerZh, "sample-line_worker.zh", "zh-CN", |t| t.sample_line_worker_zh))
        .with(card(Sample::OfficeAdminEn, "sample-office_admin.en", "en", |t| t.sample_office_admin_en))
        .with(card(Sample::AccountantZh, "sample-accountant.zh", "zh-CN", |t| t.sample_accountant_zh))
        .with(el("small").say(ui, |t| t.sample_note));
    el("section").class("samples").with(el("h2").say(ui, |t| t.samples_title)).with(row)
}

/// For people who kept a plan on this device.
fn kept(ui: Ui, ready: Part<bool>) -> El {
    let go = button(ui, |t| t.kept_button, move || ui.visit.go(Screen::Drawn(DrawnPage::Plan))).test("kept").when("disabled", move || !ready.get());
    el("section").class("samples").with(go)
}

/// For people without a CV.
fn intake(ui: Ui, ready: Part<bool>) -> El {
    let go = button(ui, |t| t.intake_button, move || ui.visit.go(Screen::Drawn(DrawnPage::Intake))).test("intake").when("disabled", move || !ready.get());
    let row = el("div").class("row").with(go).with(el("small").say(ui, |t| t.intake_hint));
    el("section").class("samples").with(el("h2").say(ui, |t| t.intake_title)).with(row)
}
