//! What was found, in groups, each entry with its decision; then the sentences in which nothing was found.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::{FoundBy, SpanContext, SpanKind};
use web_sys::Element;

use crate::device;
use crate::el::{El, Key, button, el, plain_button};
use crate::pages::review::show;
use crate::review::{Decision, Entry, Group, Sureness};
use crate::session::{Event, Session};
use crate::ui::{Part, Ui, focus};

/// An entry as listed: its place in the review and its decision.
type Listed = (usize, Decision);

/// The column with the entries.
pub fn entries(ui: Ui) -> El {
    fn listed(session: &Session, which: Group) -> Vec<Listed> {
        let Some(review) = &session.review else { return Vec::new() };
        let rows = review.groups().into_iter().zip(review.decisions.iter().copied()).enumerate();
        rows.filter(|(_, (group, _))| *group == which).map(|(index, (_, decision))| (index, decision)).collect()
    }
    let empty = ui.part(|session| session.review.as_ref().is_some_and(|review| review.entries.is_empty()));
    el("section")
        .class("found")
        .set("aria-labelledby", "found-title")
        .with(el("h2").set("id", "found-title").say(ui, |t| t.skills_title))
        .piece(move || empty.get().then(|| el("p").class("message calm").say(ui, |t| t.nothing_found)))
        .with(group(ui, Group::Check, "check", ui.part(|session| listed(session, Group::Check))))
        .with(group(ui, Group::Skills, "skills", ui.part(|session| listed(session, Group::Skills))))
        .with(group(ui, Group::Knowledge, "knowledge", ui.part(|session| listed(session, Group::Knowledge))))
        .with(group(ui, Group::LeftOut, "left_out", ui.part(|session| listed(session, Group::LeftOut))))
        .with(group(ui, Group::NotMine, "not_mine", ui.part(|session| listed(session, Group::NotMine))))
        .with(unplaced(ui))
        .with(el("p").class("muted").say(ui, |t| t.measured_note))
}

fn group(ui: Ui, which: Group, name: &'static str, listed: Part<Vec<Listed>>) -> El {
    let title = move || {
        let (t, count) = (ui.t(), listed.get().len());
        match which {
            Group::Check if count == 1 => t.check_one.to_owned(),
            Group::Check => t.check_many(&count.to_string()),
            Group::Skills => t.group_skills.to_owned(),
            Group::Knowledge => t.group_knowledge.to_owned(),
            Group::LeftOut => t.group_left_out.to_owned(),
            Group::NotMine => t.group_not_mine.to_owned(),
        }
    };
    let note: Option<Key> = match which {
        Group::Check => Some(|t| t.check_note),
        Group::LeftOut => Some(|t| t.group_left_out_note),
        _ => None,
    };
    let cards = move || Some(el("ul").all(listed.get().into_iter().filter_map(|listed| card(ui, listed, name))));
    el("section")
        .class(&format!("group {name}"))
        .when("hidden", move || listed.get().is_empty())
        .with(el("h3").words(title))
        .all(note.map(|note| el("p").class("muted").say(ui, note)))
        .piece(cards)
}

fn card(ui: Ui, (index, decision): Listed, group: &'static str) -> Option<El> {
    let (entry, [before, here, after]) = ui.visit.session.with_untracked(|session| {
        let review = session.review.as_ref()?;
        let entry = review.entries.get(index)?.clone();
        let around = review.around(&entry).map(str::to_owned);
        Some((entry, around))
    })?;
    let Entry { number, kind, context, label, places, confidence, by } = entry;
    let (kind, to_text) = if kind == SpanKind::Skill { ("skill", "to-text skill") } else { ("knowledge", "to-text knowledge") };
    let state = match decision {
        Decision::Open => "open",
        Decision::Confirmed => "confirmed",
        Decision::NotMine => "not_mine",
    };
    let sure: Key = match (decision, context, Sureness::of(confidence)) {
        (Decision::Confirmed, ..) => |t| t.confirmed,
        (_, SpanContext::Wanted, _) => |t| t.context_wanted,
        (_, SpanContext::Negated, _) => |t| t.context_negated,
        (_, SpanContext::Other, _) => |t| t.context_other,
        (_, SpanContext::Own, Sureness::High) => |t| t.sure_high,
        (_, SpanContext::Own, Sureness::Medium) => |t| t.sure_medium,
        (_, SpanContext::Own, Sureness::Low) => |t| t.sure_low,
    };
    let why: Key = if by == FoundBy::Model { |t| t.why_model } else { |t| t.why_rule };
    let percent = device::whole(f64::from(confidence) * 100.0 + 0.5).to_string();
    let count = places.len();
    let marks = move || format!("mark[data-entries~='{number}']");
    let look = move || ui.active.set(Some(number));

    let spoken = label.clone();
    let to_text = plain_button()
        .class(to_text)
        .live("aria-label", move || Some(ui.t().show_in_text(&number.to_string(), &spoken)))
        .click(move || {
            look();
            show(&marks(), true);
        })
        .with(el("span").class("n").text(&number.to_string()))
        .with(el("span").class("label").text(&label));
    let summary = el("summary")
        .test("why")
        .with(el("span").class("sure").say(ui, sure))
        .all((count > 1).then(|| el("span").words(move || ui.t().mentions(&count.to_string()))))
        .with(el("span").class("why").say(ui, |t| t.why));
    let sentence = el("q").text(&before).with(el("b").text(&here)).text(&after);
    // Kept apart from the element, which is made anew when a neighbour moves to another group.
    let toggle = move |event: web_sys::Event| {
        event.prevent_default();
        ui.open.update(|open| *open = if *open == Some(number) { None } else { Some(number) });
    };
    let details = el("details")
        .when("open", move || ui.open.get() == Some(number))
        .with(summary.on("click", toggle))
        .with(el("p").say(ui, why).with(el("b").text(&here)))
        .with(el("p").say(ui, |t| t.why_context).with(sentence))
        .with(el("p").class("figures").words(move || ui.t().why_number(&percent)));
    let card = el("li")
        .class("entry")
        .test("entry")
        .set("data-entry", &number.to_string())
        .set("data-kind", kind)
        .set("data-group", group)
        .set("data-state", state)
        .on("mouseenter", move |_| {
            look();
            show(&marks(), false);
        })
        .on("focusin", move |_| look())
        .with(to_text)
        .with(details)
        .with(el("div").class("actions").all(actions(ui, index, decision, context)));
    Some(card)
}

fn actions(ui: Ui, index: usize, decision: Decision, context: SpanContext) -> Vec<El> {
    let choice = move |id: &str, key: Key, next: Decision| button(ui, key, move || decide(ui, index, next)).test(id);
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
fn decide(ui: Ui, index: usize, decision: Decision) {
    let number = (index + 1).to_string();
    let here = device::document().query_selector(&format!(".entry[data-entry='{number}']")).ok().flatten();
    let beside = here.and_then(|card| card.next_element_sibling().or_else(|| card.previous_element_sibling()));
    let beside = beside.and_then(|card: Element| card.get_attribute("data-entry")).unwrap_or(number);
    ui.visit.tell(Event::Decided(index, decision));
    // After the lists were set anew.
    let then = wasm_bindgen::closure::Closure::once_into_js(move || focus(&format!(".entry[data-entry='{beside}'] .actions button")));
    // Without a next frame the focus stays where the browser puts it.
    let _ = device::window().request_animation_frame(then.unchecked_ref());
}

/// Sentences about work or skills in which nothing was found: shown, never dropped.
fn unplaced(ui: Ui) -> El {
    let rows = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => review.unplaced.iter().map(|index| (*index, review.sentence(*index).to_owned())).collect::<Vec<_>>(),
        None => Vec::new(),
    });
    let count = rows.len().to_string();
    let note: Key = if rows.is_empty() { |t| t.unplaced_none } else { |t| t.unplaced_note };
    let rows = rows.into_iter().map(|(index, sentence)| {
        let to = plain_button().class("quiet").click(move || show(&format!("#sentence-{index}"), true));
        el("li").test("unplaced-row").with(to.text(&sentence))
    });
    el("section")
        .class("group unplaced-list")
        .test("unplaced")
        .with(el("h3").words(move || ui.t().unplaced_title(&count)))
        .with(el("p").class("muted").say(ui, note))
        .with(el("ul").all(rows))
}
