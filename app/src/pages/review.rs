//! Review: the CV as text beside what was found in it, linked both ways.
use leptos::prelude::*;
use waymark_shared::analyse::SpanKind;

use crate::device;
use crate::parts::{document, entries};
use crate::review::Group;
use crate::ui::{Ui, reveal};

/// The page.
pub fn page(ui: Ui) -> impl IntoView {
    follow(ui);
    let held = ui.part(|session| {
        let Some(review) = &session.review else { return (0, 0) };
        let count = |kind| {
            (review.entries.iter().zip(review.groups()))
                .filter(|(entry, group)| entry.kind == kind && !matches!(group, Group::LeftOut | Group::NotMine))
                .count()
        };
        (count(SpanKind::Skill), count(SpanKind::Knowledge))
    });
    let counted = move || {
        let (skills, knowledge) = held.get();
        ui.t().counted(&skills.to_string(), &knowledge.to_string())
    };
    view! {
        <div class="review">
            <div class="title">
                <h1 tabindex="-1">{move || ui.t().review_title}</h1>
                <p class="lead">{move || ui.t().review_lead} " " <span class="figures">{counted}</span></p>
                <button type="button" data-testid="another" on:click=move |_| ui.visit.another()>{move || ui.t().another}</button>
            </div>
            <div class="columns">
                {document::document(ui)}
                {entries::entries(ui)}
            </div>
        </div>
    }
}

/// Marks the entry looked at on both sides.
fn follow(ui: Ui) {
    Effect::new(move || {
        let document = device::document();
        if let Ok(marked) = document.query_selector_all(".active") {
            for index in 0..marked.length() {
                let element = marked.item(index).and_then(|node| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(node).ok());
                // A class of ours can always be taken away.
                let _ = element.map(|element| element.class_list().remove_1("active"));
            }
        }
        let Some(number) = ui.active.get() else { return };
        let selector = format!("[data-entries~='{number}'], [data-entry='{number}']");
        if let Ok(found) = document.query_selector_all(&selector) {
            for index in 0..found.length() {
                let element = found.item(index).and_then(|node| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(node).ok());
                // As above.
                let _ = element.map(|element| element.class_list().add_1("active"));
            }
        }
    });
}

/// Brings the first element that fits into view.
pub fn show(selector: &str, middle: bool) {
    if let Some(element) = device::document().query_selector(selector).ok().flatten() {
        reveal(&element, middle);
    }
}
