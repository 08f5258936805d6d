//! What the page has to say at once: a fault with its next step, the password prompt, notices, that all is deleted.
use leptos::prelude::*;

use crate::device;
use crate::fault::Fault;
use crate::i18n::{fault_text, notice_text};
use crate::session::{Event, Screen, Stage};
use crate::ui::{Ui, click, focus, piece, words};

/// All of them, above the page.
pub fn messages(ui: Ui) -> AnyView {
    let fault = ui.part(|session| match &session.stage {
        Stage::Failed(fault) => Some((fault.clone(), true)),
        _ => session.message.clone().map(|fault| (fault, false)),
    });
    let password = ui.part(|session| session.password);
    let notices = ui.part(|session| match session.screen {
        Screen::Review => session.notices.len(),
        _ => 0,
    });
    let forgotten = ui.part(|session| session.forgotten);
    let gone = piece(move || forgotten.get().then(|| view! { <p class="message calm">{ui.say(|t| t.forgotten)}</p> }.into_any()));
    view! {
        {piece(move || fault.get().map(|(fault, lasting)| message(ui, fault, lasting)))}
        {piece(move || password.get().map(|wrong| prompt(ui, wrong)))}
        {piece(move || (notices.get() > 0).then(|| self::notices(ui)))}
        <div role="status">{gone}</div>
    }
    .into_any()
}

fn notices(ui: Ui) -> AnyView {
    let kinds = ui.visit.session.with_untracked(|session| session.notices.clone());
    let rows = kinds.into_iter().map(|kind| {
        view! { <li data-testid="notice" data-kind=kind.kind()>{words(move || notice_text(ui.lang.get(), kind).to_owned())}</li> }.into_any()
    });
    view! { <section class="message notice"><h2>{ui.say(|t| t.notice_title)}</h2><ul>{rows.collect_view()}</ul></section> }.into_any()
}

fn message(ui: Ui, fault: Fault, lasting: bool) -> AnyView {
    let kind = fault.kind();
    let class = if fault.is_choice() { "message calm" } else { "message danger" };
    let (asked, again) = (fault.clone(), fault.clone());
    let what = words(move || fault_text(ui.lang.get(), &fault).what);
    let next = words(move || fault_text(ui.lang.get(), &asked).next.to_owned());
    let kept = (!lasting).then(|| {
        let kept = words(move || fault_text(ui.lang.get(), &again).kept.to_owned());
        view! { <p class="muted">{kept}</p> }.into_any()
    });
    let close = click(move || {
        ui.visit.tell(Event::MessageClosed);
        focus("h1");
    });
    let button = if lasting {
        view! { <button type="button" on:click=click(device::reload)>{ui.say(|t| t.reload)}</button> }.into_any()
    } else {
        view! { <button type="button" class="close" data-testid="message-close" aria-label=ui.say(|t| t.close) on:click=close>"×"</button> }
            .into_any()
    };
    view! {
        <section class=class role="alert" data-testid="message" data-kind=kind>
            <p><strong>{what}</strong></p>
            <p>{next}</p>
            {kept}
            {button}
        </section>
    }
    .into_any()
}

fn prompt(ui: Ui, wrong: bool) -> AnyView {
    let typed = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(input) = typed.get() {
            // A field that cannot take the focus can still be reached.
            let _ = input.focus();
        }
    });
    let open = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(input) = typed.get_untracked() {
            ui.visit.take_password(input.value());
        }
    };
    view! {
        <form class="message password" data-testid="password" aria-labelledby="password-title" on:submit=open>
            <h2 id="password-title">{ui.say(|t| t.password_title)}</h2>
            {wrong.then(|| view! { <p role="alert" class="wrong">{ui.say(|t| t.password_wrong)}</p> }.into_any())}
            <label for="cv-password">{ui.say(|t| t.password_label)}</label>
            <div class="row">
                <input type="password" id="cv-password" data-testid="password-input" autocomplete="off" node_ref=typed/>
                <button type="submit" class="main" data-testid="password-go">{ui.say(|t| t.password_button)}</button>
                <button type="button" on:click=click(move || ui.visit.tell(Event::PasswordDropped))>{ui.say(|t| t.close)}</button>
            </div>
            <small>{ui.say(|t| t.password_note)}</small>
        </form>
    }
    .into_any()
}
