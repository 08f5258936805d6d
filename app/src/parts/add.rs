//! Adding what the model missed: words selected in the CV, or words typed. Not the review itself.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::SpanKind;
use web_sys::{Element, Node};

use crate::device;
use super::kind;
use crate::el::{El, el, plain_button};
use crate::review::{Edit, Place};
use crate::ui::Ui;

/// A longer selection is no skill.
const LONGEST: usize = 300;

/// The byte of the text that a place in the document stands for.
fn byte_at(text: &str, node: &Node, offset: u32) -> Option<usize> {
    let element = node.dyn_ref::<Element>().cloned().or_else(|| node.parent_element())?;
    let line = element.closest("[data-start]").ok()??;
    let start: usize = line.get_attribute("data-start")?.parse().ok()?;
    let range = device::document().create_range().ok()?;
    range.set_start(&line, 0).ok()?;
    range.set_end(node, offset).ok()?;
    let units = range.to_string().length() as usize;
    let mut seen = 0;
    let inside = text.get(start..)?.chars().take_while(|c| {
        seen += c.len_utf16();
        seen <= units
    });
    Some(start + inside.map(char::len_utf8).sum::<usize>())
}

/// The bytes of the CV that are selected, without blanks at the ends.
fn selection(ui: Ui) -> Option<Place> {
    let selection = device::window().get_selection().ok()??;
    if selection.is_collapsed() {
        return None;
    }
    let range = selection.get_range_at(0).ok()?;
    ui.visit.session.with_untracked(|session| {
        let text = &session.review.as_ref()?.text;
        let start = byte_at(text, &range.start_container().ok()?, range.start_offset().ok()?)?;
        let end = byte_at(text, &range.end_container().ok()?, range.end_offset().ok()?)?;
        let words = text.get(start..end).filter(|words| words.len() <= LONGEST)?;
        let start = start + words.len() - words.trim_start().len();
        let end = start + words.trim().len();
        (start < end).then_some((start, end))
    })
}

/// Follows what is selected, and offers to add it.
pub fn of_selection(ui: Ui) -> El {
    let follow = gloo::events::EventListener::new(&device::document(), "selectionchange", move |_| ui.selected.set(selection(ui)));
    StoredValue::new_local(follow);
    let words = move |place: Place| {
        ui.visit.session.with_untracked(|session| session.review.as_ref().and_then(|review| review.text.get(place.0..place.1)).unwrap_or_default().to_owned())
    };
    let add = move |kind: SpanKind| {
        let look = kind::look(kind);
        let act = move |event: web_sys::Event| {
            // The selection must outlive the press.
            event.prevent_default();
            if let Some(place) = ui.selected.get_untracked() {
                ui.visit.edit(Edit::AddPlace(place, kind));
                ui.selected.set(None);
            }
        };
        plain_button().class("main").test(&format!("add-selected-{}", look.class)).on("mousedown", act).on("touchend", act).say(ui, look.add)
    };
    el("div").class("selection").set("role", "status").piece(move || {
        ui.selected.get().map(|place| el("p").with(el("q").text(&words(place))).all(kind::kinds(ui).into_iter().map(add)))
    })
}

/// Typing what the CV does not say.
pub fn by_hand(ui: Ui) -> El {
    let words = RwSignal::new(String::new());
    let field = el("input")
        .set("id", "add-words")
        .set("autocomplete", "off")
        .test("add-words")
        .value(move || words.get())
        .on("input", move |event| words.set(event_target_value(&event)));
    let add = move |kind: SpanKind| {
        let look = kind::look(kind);
        let act = move || {
            ui.visit.edit(Edit::AddWords(words.get_untracked(), kind));
            words.set(String::new());
            crate::ui::focus("#add-words");
        };
        plain_button().test(&format!("add-{}", look.class)).click(act).say(ui, look.add).when("disabled", move || words.with(|words| words.trim().is_empty()))
    };
    el("section")
        .class("group adding")
        .with(el("h3").with(el("label").set("for", "add-words").say(ui, |t| t.add_title)))
        .with(el("p").class("muted").say(ui, |t| t.add_hint))
        .with(
            el("div")
                .class("row")
                .with(field)
                .all(kind::kinds(ui).into_iter().map(add)),
        )
}
