//! Review: the CV as text beside what was found in it, linked both ways.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::SpanKind;
use web_sys::Element;

use crate::device;
use crate::el::{El, button, el};
use crate::parts::{document, entries};
use crate::ui::{Ui, effect, reveal};

/// The page.
pub fn page(ui: Ui) -> El {
    follow(ui);
    let held = ui.part(|session| {
        let Some(review) = &session.review else { return (0, 0) };
        let count = |kind| (review.entries.iter().enumerate()).filter(|(index, entry)| entry.kind == kind && review.counts(*index)).count();
        (count(SpanKind::Skill), count(SpanKind::Knowledge))
    });
    let counted = move || {
        let (skills, knowledge) = held.get();
        ui.t().counted(&skills.to_string(), &knowledge.to_string())
    };
    let title = el("div")
        .class("title")
        .with(el("h1").set("tabindex", "-1").say(ui, |t| t.review_title))
        .with(el("p").class("lead").with(el("span").say(ui, |t| t.review_lead)).with(el("span").class("figures").words(counted)))
        .with(button(ui, |t| t.another, move || ui.visit.another()).test("another"));
    let columns = el("div").class("columns").with(document::document(ui)).with(entries::entries(ui));
    el("div").class("review").with(title).with(columns)
}

/// Calls `act` with every element that fits.
fn every(selector: &str, act: impl Fn(&Element)) {
    let Ok(found) = device::document().query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}

/// Keeps the classes of the marks true: `active` for the entry looked at, on both sides; `faded` where none of its
/// entries counts.
fn follow(ui: Ui) {
    // A class name of ours cannot be refused.
    let set = |element: &Element, class: &str, on: bool| drop(element.class_list().toggle_with_force(class, on));
    effect(move || {
        every(".active", |element| set(element, "active", false));
        if let Some(number) = ui.active.get() {
            every(&format!("[data-entries~='{number}'], [data-entry='{number}']"), |element| set(element, "active", true));
        }
    });
    let counting = ui.part(|session| match &session.review {
        Some(review) => (0..review.entries.len()).map(|index| review.counts(index)).collect(),
        None => Vec::new(),
    });
    effect(move || {
        let counting = counting.get();
        every("mark", |mark| {
            let list = mark.get_attribute("data-entries").unwrap_or_default();
            let counts = |number: &str| number.parse::<usize>().is_ok_and(|number| counting.get(number - 1) == Some(&true));
            set(mark, "faded", !list.split(' ').any(counts));
        });
    });
}

/// Brings the first element that fits into view.
pub fn show(selector: &str, middle: bool) {
    if let Some(element) = device::document().query_selector(selector).ok().flatten() {
        reveal(&element, middle);
    }
}
