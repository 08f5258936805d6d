//! The CV set like a document, with the words of every entry marked in place. Not the list of entries: `entries`.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::SpanKind;
use waymark_shared::text::Language;
use web_sys::{Element, EventTarget};

use super::kind;
use crate::el::{El, el, plain_button};
use crate::pages::review::{hint, show};
use crate::review::lines::{Line, LineKind, Segment};
use crate::review::{Place, Review};
use crate::session::Session;
use crate::ui::{Ui, focus};

/// The number of the innermost entry at an event's target.
fn entry_at(target: Option<EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?.closest("[data-entries], [data-entry]").ok()??;
    let list = element.get_attribute("data-entries").or_else(|| element.get_attribute("data-entry"))?;
    list.rsplit(' ').next()?.parse().ok()
}

/// What the marks in the text depend on: the number, kind and places of every entry.
pub fn marks(session: &Session) -> Vec<(usize, SpanKind, Vec<Place>)> {
    let entries = session.review.iter().flat_map(|review| &review.entries);
    entries.map(|entry| (entry.number, entry.kind, entry.places.clone())).collect()
}

/// The column with the text.
pub fn document(ui: Ui) -> El {
    let language = ui.visit.session.with_untracked(|session| match session.review.as_ref().map(|review| review.analysis.language) {
        Some(Language::En) => Some("en"),
        Some(Language::Zh) => Some("zh-CN"),
        Some(Language::Mixed) | None => None,
    });
    let marked = ui.part(marks);
    let lines = move || {
        marked.get();
        let lines = ui.visit.session.with_untracked(|session| session.review.as_ref().map(Review::lines).unwrap_or_default());
        Some(el("div").all(lines.into_iter().map(|line| self::line(ui, line))))
    };
    let look = move |target: Option<EventTarget>| {
        if let Some(number) = entry_at(target) {
            ui.active.set(Some(number));
            hint(&format!(".entry[data-entry='{number}']"));
        }
    };
    let choose = move |event: web_sys::Event| {
        if let Some(number) = entry_at(event.target()) {
            ui.active.set(Some(number));
            show(&format!(".entry[data-entry='{number}']"));
            focus(&format!(".entry[data-entry='{number}'] .to-text"));
        }
    };
    let legend = el("p")
        .class("legend")
        .set("role", "group")
        .label(ui, |t| t.legend)
        .all(kind::kinds(ui).into_iter().map(kind::look).map(|look| el("span").class(look.class).say(ui, look.name)))
        .with(el("span").class("unplaced").say(ui, |t| t.unplaced_mark));
    let text = el("article")
        .class("cv")
        .test("cv-text")
        .live("lang", move || language.map(str::to_owned))
        .on("mouseover", move |event| look(event.target()))
        .on("focusin", move |event| look(event.target()))
        .on("click", choose)
        .piece(lines);
    el("section")
        .class("paper")
        .set("aria-labelledby", "cv-title")
        .with(el("h2").set("id", "cv-title").say(ui, |t| t.cv_title))
        .with(legend)
        .with(text)
}

fn line(ui: Ui, line: Line) -> El {
    let class = match line.kind {
        LineKind::Heading => "heading",
        LineKind::Bullet => "bullet",
        LineKind::Plain => "plain",
        LineKind::Blank => "blank",
    };
    line.segments.into_iter().fold(el("p").class(class).set("data-start", &line.start.to_string()), |line, piece| segment(ui, line, piece))
}

/// Adds a segment to its line.
fn segment(ui: Ui, line: El, segment: Segment) -> El {
    let covering: Vec<String> = segment.over.iter().map(|(number, _)| number.to_string()).collect();
    if covering.is_empty() {
        return match segment.unplaced {
            None => line.text(&segment.words),
            Some(index) => {
                let title = move || Some(ui.t().unplaced_mark.to_owned());
                line.with(el("span").class("unplaced").set("id", &format!("sentence-{index}")).live("title", title).text(&segment.words))
            }
        };
    }
    let kinds: Vec<&str> = segment.over.iter().map(|(_, kind)| kind::look(*kind).class).collect();
    let line = line.with(el("mark").class(&kinds.join(" ")).set("data-entries", &covering.join(" ")).text(&segment.words));
    segment.ends.into_iter().fold(line, |line, number| line.with(self::number(ui, number)))
}

/// The small number after the words of an entry, which leads to it.
fn number(ui: Ui, number: usize) -> El {
    let label = move || {
        let label = ui.visit.session.with_untracked(|session| {
            let entry = session.review.as_ref().and_then(|review| review.entry(number));
            entry.map(|entry| entry.label.clone()).unwrap_or_default()
        });
        Some(ui.t().show_in_list(&number.to_string(), &label))
    };
    let button = plain_button().class("number").set("data-entry", &number.to_string());
    button.set("data-n", &number.to_string()).live("aria-label", label)
}
