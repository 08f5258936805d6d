//! What was found, in groups, each entry with its decision; then the sentences in which nothing was found.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::{FoundBy, SpanContext, SpanKind};
use web_sys::Element;

use crate::device;
use crate::i18n::Texts;
use crate::pages::review::show;
use crate::review::{Decision, Entry, Group, Sureness};
use crate::session::{Event, Session};
use crate::ui::{Part, Ui, click, flag, focus, piece, words};

/// An entry as listed: its place in the review and its decision.
type Listed = (usize, Decision);

/// The column with the entries.
pub fn entries(ui: Ui) -> AnyView {
    fn listed(session: &Session, which: Group) -> Vec<Listed> {
        let Some(review) = &session.review else { return Vec::new() };
        let rows = review.groups().into_iter().zip(review.decisions.iter().copied()).enumerate();
        rows.filter(|(_, (group, _))| *group == which).map(|(index, (_, decision))| (index, decision)).collect()
    }
    let empty = ui.part(|session| session.review.as_ref().is_some_and(|review| review.entries.is_empty()));
    let nothing = piece(move || empty.get().then(|| view! { <p class="message calm">{ui.say(|t| t.nothing_found)}</p> }.into_any()));
    view! {
        <section class="found" aria-labelledby="found-title">
            <h2 id="found-title">{ui.say(|t| t.skills_title)}</h2>
            {nothing}
            {group(ui, Group::Check, "check", ui.part(|session| listed(session, Group::Check)))}
            {group(ui, Group::Skills, "skills", ui.part(|session| listed(session, Group::Skills)))}
            {group(ui, Group::Knowledge, "knowledge", ui.part(|session| listed(session, Group::Knowledge)))}
            {group(ui, Group::LeftOut, "left_out", ui.part(|session| listed(session, Group::LeftOut)))}
            {group(ui, Group::NotMine, "not_mine", ui.part(|session| listed(session, Group::NotMine)))}
            {unplaced(ui)}
            <p class="muted">{ui.say(|t| t.measured_note)}</p>
        </section>
    }
    .into_any()
}

fn group(ui: Ui, which: Group, name: &'static str, listed: Part<Vec<Listed>>) -> AnyView {
    let title = words(move || {
        let (t, count) = (ui.t(), listed.get().len());
        match which {
            Group::Check if count == 1 => t.check_one.to_owned(),
            Group::Check => t.check_many(&count.to_string()),
            Group::Skills => t.group_skills.to_owned(),
            Group::Knowledge => t.group_knowledge.to_owned(),
            Group::LeftOut => t.group_left_out.to_owned(),
            Group::NotMine => t.group_not_mine.to_owned(),
        }
    });
    let note: Option<fn(&'static Texts) -> &'static str> = match which {
        Group::Check => Some(|t| t.check_note),
        Group::LeftOut => Some(|t| t.group_left_out_note),
        _ => None,
    };
    let note = note.map(|note| view! { <p class="muted">{ui.say(note)}</p> }.into_any());
    view! {
        <section class=format!("group {name}") hidden=flag(move || listed.get().is_empty())>
            <h3>{title}</h3>
            {note}
            <ul><For each=move || listed.get() key=|listed| *listed children=move |listed| card(ui, listed, name)/></ul>
        </section>
    }
    .into_any()
}

fn card(ui: Ui, (index, decision): Listed, group: &'static str) -> AnyView {
    let shown = ui.visit.session.with_untracked(|session| {
        let review = session.review.as_ref()?;
        let entry = review.entries.get(index)?.clone();
        let around = review.around(&entry).map(str::to_owned);
        Some((entry, around))
    });
    let Some((Entry { number, kind, context, label, places, confidence, by }, [before, here, after])) = shown else {
        return ().into_any();
    };
    let (kind, to_text) = if kind == SpanKind::Skill { ("skill", "to-text skill") } else { ("knowledge", "to-text knowledge") };
    let state = match decision {
        Decision::Open => "open",
        Decision::Confirmed => "confirmed",
        Decision::NotMine => "not_mine",
    };
    let sure: fn(&'static Texts) -> &'static str = match (decision, context, Sureness::of(confidence)) {
        (Decision::Confirmed, ..) => |t| t.confirmed,
        (_, SpanContext::Wanted, _) => |t| t.context_wanted,
        (_, SpanContext::Negated, _) => |t| t.context_negated,
        (_, SpanContext::Other, _) => |t| t.context_other,
        (_, SpanContext::Own, Sureness::High) => |t| t.sure_high,
        (_, SpanContext::Own, Sureness::Medium) => |t| t.sure_medium,
        (_, SpanContext::Own, Sureness::Low) => |t| t.sure_low,
    };
    let why: fn(&'static Texts) -> &'static str = if by == FoundBy::Model { |t| t.why_model } else { |t| t.why_rule };
    let percent = device::whole(f64::from(confidence) * 100.0 + 0.5).to_string();
    let number = number.to_string();
    let marks = format!("mark[data-entries~='{number}']");
    let spoken = (number.clone(), label.clone());
    let attribute = number.clone();
    let count = places.len();
    let (hovered, chosen) = (marks.clone(), marks);
    let active = Some(index + 1);
    view! {
        <li class="entry" data-testid="entry" data-entry=attribute data-kind=kind data-group=group data-state=state
            on:mouseenter=move |_| { ui.active.set(active); show(&hovered, false); }
            on:focusin=move |_| ui.active.set(active)>
            <button type="button" class=to_text aria-label=words(move || ui.t().show_in_text(&spoken.0, &spoken.1))
                on:click=click(move || { ui.active.set(active); show(&chosen, true); })>
                <span class="n">{number}</span> <span class="label">{label}</span>
            </button>
            <details>
                <summary data-testid="why">
                    <span class="sure">{ui.say(sure)}</span>
                    {(count > 1).then(|| view! { <span>{words(move || ui.t().mentions(&count.to_string()))}</span> }.into_any())}
                    <span class="why">{ui.say(|t| t.why)}</span>
                </summary>
                <p>{ui.say(why)}<b>{here.clone()}</b></p>
                <p>{ui.say(|t| t.why_context)}<q>{before}<b>{here}</b>{after}</q></p>
                <p class="figures">{words(move || ui.t().why_number(&percent))}</p>
            </details>
            <div class="actions">{actions(ui, index, decision, context)}</div>
        </li>
    }
    .into_any()
}

fn actions(ui: Ui, index: usize, decision: Decision, context: SpanContext) -> AnyView {
    let button = move |id: &'static str, name: fn(&'static Texts) -> &'static str, next: Decision| {
        view! { <button type="button" data-testid=id on:click=click(move || decide(ui, index, next))>{ui.say(name)}</button> }.into_any()
    };
    if decision != Decision::Open {
        return button("undo", |t| t.undo, Decision::Open);
    }
    if !context.held() {
        return button("confirm", |t| t.its_mine, Decision::Confirmed);
    }
    let yes = button("confirm", |t| t.confirm, Decision::Confirmed);
    let no = button("not-mine", |t| t.not_mine, Decision::NotMine);
    view! { {yes} {no} }.into_any()
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
fn unplaced(ui: Ui) -> AnyView {
    let rows = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => review.unplaced.iter().map(|index| (*index, review.sentence(*index).to_owned())).collect::<Vec<_>>(),
        None => Vec::new(),
    });
    let count = rows.len().to_string();
    let note: fn(&'static Texts) -> &'static str = if rows.is_empty() { |t| t.unplaced_none } else { |t| t.unplaced_note };
    let rows = rows.into_iter().map(|(index, sentence)| {
        let to = click(move || show(&format!("#sentence-{index}"), true));
        view! { <li data-testid="unplaced-row"><button type="button" class="quiet" on:click=to>{sentence}</button></li> }.into_any()
    });
    view! {
        <section class="group unplaced-list" data-testid="unplaced">
            <h3>{words(move || ui.t().unplaced_title(&count))}</h3>
            <p class="muted">{ui.say(note)}</p>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}
