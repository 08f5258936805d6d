//! The card of an entry: its words, what they mean, why it was found, and everything a person can change about it.
use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::{FoundBy, SpanContext};
use web_sys::Element;

use super::{kind, meaning};
use crate::device;
use crate::el::{El, Key, button, el, plain_button};
use crate::pages::review::{hint, show};
use crate::review::{Border, Decision, Edit, Entry, Evidence, Sureness};
use crate::ui::{Ui, focus};

/// A digest of all that a card shows.
pub fn digest(entry: &Entry) -> u64 {
    let mut hasher = DefaultHasher::new();
    let link = entry.link.as_ref().map(|link| (&link.id, link.by));
    (entry.number, &entry.label, &entry.places, entry.decision, entry.context, entry.evidence, entry.by, link).hash(&mut hasher);
    hasher.finish()
}

/// The card of an entry, by its number.
pub fn card(ui: Ui, number: usize, group: &'static str) -> Option<El> {
    let (entry, [before, here, after]) = ui.visit.session.with_untracked(|session| {
        let review = session.review.as_ref()?;
        let entry = review.entry(number)?.clone();
        let around = review.around(&entry).map(str::to_owned);
        Some((entry, around))
    })?;
    let kind = kind::look(entry.kind).class;
    let state = match entry.decision {
        Decision::Open => "open",
        Decision::Confirmed => "confirmed",
        Decision::NotMine => "not_mine",
    };
    let sure: Key = match (entry.decision, entry.context, Sureness::of(entry.confidence)) {
        (Decision::Confirmed, ..) => |t| t.confirmed,
        (_, SpanContext::Wanted, _) => |t| t.context_wanted,
        (_, SpanContext::Negated, _) => |t| t.context_negated,
        (_, SpanContext::Other, _) => |t| t.context_other,
        (_, SpanContext::Own, Sureness::High) => |t| t.sure_high,
        (_, SpanContext::Own, Sureness::Medium) => |t| t.sure_medium,
        (_, SpanContext::Own, Sureness::Low) => |t| t.sure_low,
    };
    let why: Key = match entry.by {
        FoundBy::Model => |t| t.why_model,
        FoundBy::Rule => |t| t.why_rule,
        FoundBy::Person => |t| t.why_person,
    };
    let count = entry.places.len();
    let marks = move || format!("mark[data-entries~='{number}']");
    let look = move || ui.active.set(Some(number));

    let spoken = entry.label.clone();
    let to_text = plain_button()
        .class(&format!("to-text {kind}"))
        .live("aria-label", move || Some(ui.t().show_in_text(&number.to_string(), &spoken)))
        .click(move || {
            look();
            show(&marks());
        })
        .with(el("span").class("n").text(&number.to_string()))
        .with(el("span").class("label").text(&entry.label));
    let summary = el("summary")
        .test("why")
        .with(el("span").class("sure").say(ui, sure))
        .all((count > 1).then(|| el("span").words(move || ui.t().mentions(&count.to_string()))))
        .with(el("span").class("why").say(ui, |t| t.why));
    // Kept apart from the element, which is made anew when a neighbour moves to another group.
    let toggle = move |event: web_sys::Event| {
        event.prevent_default();
        ui.open.update(|open| *open = if *open == Some(number) { None } else { Some(number) });
    };
    let details = el("details").when("open", move || ui.open.get() == Some(number)).with(summary.on("click", toggle));
    let details = if count > 0 {
        details.with(el("p").say(ui, why).with(el("b").text(&here))).with(el("p").say(ui, |t| t.why_context).with(el("q").text(&before).with(el("b").text(&here)).text(&after)))
    } else {
        details.with(el("p").say(ui, why))
    };
    let details = if entry.by == FoundBy::Person {
        details
    } else {
        let percent = device::whole(f64::from(entry.confidence) * 100.0 + 0.5).to_string();
        details.with(el("p").class("figures").words(move || ui.t().why_number(&percent)))
    };
    let details = details.with(meaning::change(ui, &entry)).with(changes(ui, &entry));
    let card = el("li")
        .class("entry")
        .test("entry")
        .set("data-entry", &number.to_string())
        .set("data-kind", kind)
        .set("data-group", group)
        .set("data-state", state)
        .on("mouseenter", move |_| {
            look();
            hint(&marks());
        })
        .on("focusin", move |_| look())
        .with(to_text)
        .with(meaning::meaning(ui, &entry))
        .with(details)
        .with(el("div").class("actions").all(actions(ui, number, entry.decision, entry.context)));
    Some(card)
}

/// Borders, evidence, merging.
fn changes(ui: Ui, entry: &Entry) -> El {
    let number = entry.number;
    let border = move |sign: &str, key: Key, border: Border| {
        let test = border_test(border);
        let act = move || change(ui, number, Edit::MoveBorder(number, border), &format!("[data-testid={test}]"));
        plain_button().class("small").test(test).label(ui, key).live("title", move || Some(key(ui.t()).to_owned())).text(sign).click(act)
    };
    let borders = (!entry.places.is_empty()).then(|| {
        el("p")
            .class("row")
            .with(el("span").say(ui, |t| t.words_range))
            .with(border("⇤", |t| t.start_earlier, Border::StartEarlier))
            .with(border("↦", |t| t.start_later, Border::StartLater))
            .with(el("b").text(&entry.label))
            .with(border("↤", |t| t.end_earlier, Border::EndEarlier))
            .with(border("⇥", |t| t.end_later, Border::EndLater))
    });
    let option = |value: &str, key: Key| el("option").set("value", value).say(ui, key);
    let shown = match entry.evidence {
        Evidence::Claimed => "claimed",
        Evidence::ShownAtWork => "work",
        Evidence::Certified => "certified",
    };
    let prove = move |event: web_sys::Event| {
        let evidence = match event_target_value(&event).as_str() {
            "work" => Evidence::ShownAtWork,
            "certified" => Evidence::Certified,
            _ => Evidence::Claimed,
        };
        change(ui, number, Edit::Prove(number, evidence), "[data-testid=evidence]");
    };
    let year = entry.year;
    let evidence = el("label")
        .class("row")
        .with(el("span").say(ui, |t| t.evidence))
        .with(
            el("select")
                .test("evidence")
                .with(option("claimed", |t| t.evidence_claimed))
                .with(option("work", |t| t.evidence_work))
                .with(option("certified", |t| t.evidence_certified))
                .value(move || shown.to_owned())
                .on("change", prove),
        )
        .all(year.map(|year| el("span").words(move || ui.t().evidence_year(&year.to_string()))));
    let others = ui.visit.session.with_untracked(|session| {
        let entries = session.review.iter().flat_map(|review| &review.entries);
        entries.filter(|other| other.number != number && other.kind == entry.kind).map(|other| (other.number, other.label.clone())).collect::<Vec<_>>()
    });
    let merge = move |event: web_sys::Event| {
        if let Ok(into) = event_target_value(&event).parse() {
            ui.open.set(Some(into));
            change(ui, into, Edit::Merge(number, into), ".to-text");
        }
    };
    let merging = el("label").class("row").with(el("span").say(ui, |t| t.merge)).with(
        el("select")
            .test("merge")
            .with(option("", |t| t.merge_choose))
            .all(others.into_iter().map(|(number, label)| el("option").set("value", &number.to_string()).text(&format!("{number} {label}"))))
            .on("change", merge),
    );
    el("div").class("changes").all(borders).with(evidence).with(merging)
}

fn border_test(border: Border) -> &'static str {
    match border {
        Border::StartEarlier => "start-earlier",
        Border::StartLater => "start-later",
        Border::EndEarlier => "end-earlier",
        Border::EndLater => "end-later",
    }
}

fn actions(ui: Ui, number: usize, decision: Decision, context: SpanContext) -> Vec<El> {
    let choice = move |id: &str, key: Key, next: Decision| button(ui, key, move || decide(ui, number, next)).test(id);
    match (decision, context.held()) {
        (Decision::Open, true) => vec![
            choice("confirm", |t| t.confirm, Decision::Confirmed),
            choice("not-mine", |t| t.not_mine, Decision::NotMine),
        ],
        (Decision::Open, false) => vec![choice("confirm", |t| t.its_mine, Decision::Confirmed)],
        _ => vec![choice("undo", |t| t.undo, Decision::Open)],
    }
}

/// Decides, and moves the focus to the entry that follows in the same group, or along with this one.
fn decide(ui: Ui, number: usize, decision: Decision) {
    let here = device::document().query_selector(&format!(".entry[data-entry='{number}']")).ok().flatten();
    let beside = here.and_then(|card| card.next_element_sibling().or_else(|| card.previous_element_sibling()));
    let beside = beside.and_then(|card: Element| card.get_attribute("data-entry")).and_then(|beside| beside.parse().ok());
    change(ui, beside.unwrap_or(number), Edit::Decide(number, decision), ".actions button");
}

/// Makes a change, and puts the focus into the card of an entry, once the cards are set anew.
pub fn change(ui: Ui, then_at: usize, edit: Edit, then: &str) {
    ui.visit.edit(edit);
    let selector = format!(".entry[data-entry='{then_at}'] {then}");
    let then = wasm_bindgen::closure::Closure::once_into_js(move || focus(&selector));
    // Without a next frame the focus stays where the browser puts it.
    let _ = device::window().request_animation_frame(then.unchecked_ref());
}
