//! Review: the CV as text beside what was found in it, linked both ways.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::TagSetName;
use web_sys::{Element, HtmlElement};

use crate::device;
use crate::el::{El, Key, button, el};
use crate::parts::{add, document, entries, kind};
use crate::review::{Decision, Edit};
use crate::session::Event;
use crate::ui::{Ui, effect, focus, reveal, reveal_within};

/// The page.
pub fn page(ui: Ui) -> El {
    follow(ui);
    let held = ui.part(|session| {
        let Some(review) = &session.review else { return Vec::new() };
        let count = |kind| (review.entries.iter().enumerate()).filter(|(index, entry)| entry.kind == kind && review.counts(*index)).count();
        session.tag_set().kinds().map(|kind| (kind, count(kind))).collect::<Vec<_>>()
    });
    let counted = move || {
        let of = |(kind, count): (_, usize)| ui.t().counted((kind::look(kind).name)(ui.t()), &count.to_string());
        held.get().into_iter().map(of).collect::<Vec<_>>().join(" · ")
    };
    let title = el("div")
        .class("title")
        .with(el("h1").set("tabindex", "-1").say(ui, |t| t.review_title))
        .with(el("p").class("lead").with(el("span").say(ui, |t| t.review_lead)).with(el("span").class("figures").words(counted)))
        .with(tag_set(ui))
        .with(button(ui, |t| t.another, move || ui.visit.another()).test("another"));
    let open = ui.part(|session| {
        let Some(review) = &session.review else { return 0 };
        review.entries.iter().filter(|entry| entry.decision == Decision::Open && entry.context.held()).count()
    });
    let undo = ui.part(|session| session.review.as_ref().is_some_and(|review| review.can_undo()));
    let deciding = el("div")
        .class("deciding")
        .with(el("span").class("figures").words(move || match open.get() {
            0 => ui.t().all_confirmed.to_owned(),
            count => ui.t().unconfirmed(&count.to_string()),
        }))
        .with(button(ui, |t| t.accept_all, move || ui.visit.edit(Edit::AcceptAll)).class("main").test("accept-all").when("disabled", move || open.get() == 0))
        .with(button(ui, |t| t.save_profile, move || ui.visit.save()).test("save-profile").live("title", move || Some(ui.t().save_note.to_owned())))
        .with(button(ui, |t| t.save_profile_table, move || ui.visit.save_table()).test("save-profile-table"))
        .with(button(ui, |t| t.undo_last, move || ui.visit.tell(Event::Undone)).test("undo-last").when("disabled", move || !undo.get()));
    let columns = el("div").class("columns").with(document::document(ui)).with(entries::entries(ui));
    let done = move || open.get() == 0;
    el("div").class("review").with(title).with(deciding).with(columns).with(giving(ui, done)).with(add::of_selection(ui))
}

/// What was corrected as training data: agreed to each time, once all is decided.
fn giving(ui: Ui, done: impl Fn() -> bool + 'static) -> El {
    let agreed = RwSignal::new(false);
    let save = move || {
        ui.visit.save_training();
        // Unticked by the box's own click, which the listener hears.
        every("#agree", |tick| tick.unchecked_ref::<HtmlElement>().click());
    };
    let tick = el("input").set("type", "checkbox").set("id", "agree").on("change", move |_| agreed.update(|on| *on = !*on));
    el("details")
        .with(el("summary").say(ui, |t| t.training_title))
        .with(el("p").say(ui, |t| t.training_note))
        .with(el("label").class("row").with(tick).with(el("span").say(ui, |t| t.training_agree)))
        .with(button(ui, |t| t.training_save, save).test("save-training").when("disabled", move || !agreed.get() || !done()))
}

/// What to look for in the text.
fn tag_set(ui: Ui) -> El {
    let now = ui.visit.session.with_untracked(|session| session.tag_set());
    let option = |set: TagSetName, key: Key| el("option").when("selected", move || set == now).say(ui, key);
    let choose = move |_| {
        ui.look_away();
        ui.visit.look_for(if now == TagSetName::Open { TagSetName::Line } else { TagSetName::Open });
        focus("#tag-set");
    };
    el("label").class("row").with(el("span").say(ui, |t| t.tag_set)).with(
        el("select")
            .set("id", "tag-set")
            .test("tag-set")
            .with(option(TagSetName::Open, |t| t.tag_set_open))
            .with(option(TagSetName::Line, |t| t.tag_set_line))
            .on("change", choose),
    )
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
        Some(review) => (0..review.entries.len()).filter(|index| review.counts(*index)).map(|index| review.entries[index].number).collect(),
        None => Vec::new(),
    });
    // The marks are set anew when an entry's words change.
    let marks = ui.part(document::marks);
    effect(move || {
        marks.get();
        let counting = counting.get();
        every("mark", |mark| {
            let list = mark.get_attribute("data-entries").unwrap_or_default();
            let counts = |number: &str| number.parse::<usize>().is_ok_and(|number| counting.contains(&number));
            set(mark, "faded", !list.split(' ').any(counts));
        });
    });
}

/// Brings the first element that fits to the middle of the screen.
pub fn show(selector: &str) {
    if let Some(element) = device::document().query_selector(selector).ok().flatten() {
        reveal(&element);
    }
}

/// Lets the column of the first element that fits show it, where columns scroll by themselves.
pub fn hint(selector: &str) {
    if let Some(element) = device::document().query_selector(selector).ok().flatten()
        && let Ok(Some(column)) = element.closest(".paper, .found")
    {
        reveal_within(&column, &element);
    }
}
