//! What the page has to say at once: a fault with its next step, the password prompt, notices, that all is deleted.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::device;
use crate::el::{El, button, el, plain_button};
use crate::fault::Fault;
use crate::i18n::{fault_text, notice_text};
use crate::session::{Event, Screen, Stage};
use crate::ui::{Ui, effect, focus};

/// All of them, above the page.
pub fn messages(ui: Ui) -> El {
    let fault = ui.part(|session| match &session.stage {
        Stage::Failed(fault) => Some((fault.clone(), true)),
        _ => session.message.clone().map(|fault| (fault, false)),
    });
    let password = ui.part(|session| session.password);
    let noticed = ui.part(|session| match session.screen {
        Screen::Review => session.notices.len(),
        _ => 0,
    });
    let forgotten = ui.part(|session| session.forgotten);
    let gone = move || forgotten.get().then(|| el("p").class("message calm").say(ui, |t| t.forgotten));
    el("div")
        .piece(move || fault.get().map(|(fault, lasting)| message(ui, fault, lasting)))
        .piece(move || password.get().map(|wrong| prompt(ui, wrong)))
        .piece(move || (noticed.get() > 0).then(|| notices(ui)))
        .with(el("div").set("role", "status").piece(gone))
}

fn notices(ui: Ui) -> El {
    let kinds = ui.visit.session.with_untracked(|session| session.notices.clone());
    let rows = kinds.into_iter().map(|kind| {
        el("li").test("notice").set("data-kind", kind.kind()).words(move || notice_text(ui.lang.get(), kind).to_owned())
    });
    el("section").class("message notice").with(el("h2").say(ui, |t| t.notice_title)).with(el("ul").all(rows))
}

fn message(ui: Ui, fault: Fault, lasting: bool) -> El {
    let class = if fault.is_choice() { "message calm" } else { "message danger" };
    let shown = el("section").class(class).set("role", "alert").test("message").set("data-kind", fault.kind());
    let (asked, again) = (fault.clone(), fault.clone());
    let shown = shown
        .with(el("p").with(el("strong").words(move || fault_text(ui.lang.get(), &fault).what)))
        .with(el("p").words(move || fault_text(ui.lang.get(), &asked).next.to_owned()));
    if lasting {
        return shown.with(button(ui, |t| t.reload, device::reload));
    }
    let kept = el("p").class("muted").words(move || fault_text(ui.lang.get(), &again).kept.to_owned());
    let close = plain_button().class("close").test("message-close").label(ui, |t| t.close).text("×");
    shown.with(kept).with(close.click(move || {
        ui.visit.tell(Event::MessageClosed);
        focus("h1");
    }))
}

fn prompt(ui: Ui, wrong: bool) -> El {
    effect(|| focus("#cv-password"));
    let open = move |event: web_sys::Event| {
        event.prevent_default();
        let field = device::document().get_element_by_id("cv-password");
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            ui.visit.take_password(field.value());
        }
    };
    let field = el("input").set("type", "password").set("id", "cv-password").test("password-input").set("autocomplete", "off");
    let go = el("button").set("type", "submit").class("main").test("password-go").say(ui, |t| t.password_button);
    let close = button(ui, |t| t.close, move || ui.visit.tell(Event::PasswordDropped));
    el("form")
        .class("message password")
        .test("password")
        .set("aria-labelledby", "password-title")
        .on("submit", open)
        .with(el("h2").set("id", "password-title").say(ui, |t| t.password_title))
        .all(wrong.then(|| el("p").set("role", "alert").class("wrong").say(ui, |t| t.password_wrong)))
        .with(el("label").set("for", "cv-password").say(ui, |t| t.password_label))
        .with(el("div").class("row").with(field).with(go).with(close))
        .with(el("small").say(ui, |t| t.password_note))
}
