//! What the page has to say at once: a fault with its next step, the password prompt, notices, that all is deleted.
use leptos::prelude::*;

use crate::device;
use crate::fault::Fault;
use crate::i18n::{fault_text, notice_text};
use crate::session::{Event, Screen, Stage};
use crate::ui::{Ui, focus};

/// All of them, above the page.
pub fn messages(ui: Ui) -> impl IntoView {
    let fault = ui.part(|session| match &session.stage {
        Stage::Failed(fault) => Some((fault.clone(), true)),
        _ => session.message.clone().map(|fault| (fault, false)),
    });
    let password = ui.part(|session| session.password);
    let notices = ui.part(|session| match session.screen {
        Screen::Review => session.notices.clone(),
        _ => Vec::new(),
    });
    let forgotten = ui.part(|session| session.forgotten);
    view! {
        {move || fault.get().map(|(fault, lasting)| message(ui, fault, lasting))}
        {move || password.get().map(|wrong| prompt(ui, wrong))}
        {move || (!notices.get().is_empty()).then(|| {
            let rows = notices.get().into_iter().map(|kind| {
                let name = format!("{kind:?}");
                view! { <li data-testid="notice" data-kind=snake(&name)>{move || notice_text(ui.lang.get(), kind)}</li> }
            }).collect_view();
            view! { <section class="message notice"><h2>{move || ui.t().notice_title}</h2><ul>{rows}</ul></section> }
        })}
        <div role="status">{move || forgotten.get().then(|| view! { <p class="message calm">{ui.t().forgotten}</p> })}</div>
    }
}

/// `PartlyRead` as `partly_read`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn message(ui: Ui, fault: Fault, lasting: bool) -> impl IntoView {
    let kind = fault.kind();
    let class = if fault.is_choice() { "message calm" } else { "message danger" };
    let text = Memo::new(move |_| {
        let text = fault_text(ui.lang.get(), &fault);
        (text.what, text.next, text.kept)
    });
    view! {
        <section class=class role="alert" data-testid="message" data-kind=kind>
            <p><strong>{move || text.get().0}</strong></p>
            <p>{move || text.get().1} {move || (!lasting).then(|| view! { <span class="kept">" "{text.get().2}</span> })}</p>
            {if lasting {
                view! { <button type="button" on:click=move |_| device::reload()>{move || ui.t().reload}</button> }.into_any()
            } else {
                view! {
                    <button type="button" class="close" data-testid="message-close" aria-label=move || ui.t().close
                        on:click=move |_| { ui.visit.tell(Event::MessageClosed); focus("h1"); }>"×"</button>
                }.into_any()
            }}
        </section>
    }
}

fn prompt(ui: Ui, wrong: bool) -> impl IntoView {
    let typed = NodeRef::<leptos::html::Input>::new();
    let shown = typed;
    Effect::new(move || {
        if let Some(input) = shown.get() {
            // A field that cannot take the focus can still be reached.
            let _ = input.focus();
        }
    });
    view! {
        <form class="message password" data-testid="password" aria-labelledby="password-title"
            on:submit=move |event| {
                event.prevent_default();
                if let Some(input) = typed.get_untracked() {
                    ui.visit.take_password(input.value());
                }
            }>
            <h2 id="password-title">{move || ui.t().password_title}</h2>
            {wrong.then(|| view! { <p role="alert" class="wrong">{move || ui.t().password_wrong}</p> })}
            <label for="cv-password">{move || ui.t().password_label}</label>
            <div class="row">
                <input type="password" id="cv-password" data-testid="password-input" autocomplete="off" node_ref=typed/>
                <button type="submit" class="main" data-testid="password-go">{move || ui.t().password_button}</button>
                <button type="button" on:click=move |_| ui.visit.tell(Event::PasswordDropped)>{move || ui.t().close}</button>
            </div>
            <small>{move || ui.t().password_note}</small>
        </form>
    }
}
