//! What was found, in groups, each entry with its decision; then the sentences in which nothing was found.
use leptos::prelude::*;
use waymark_shared::analyse::{FoundBy, SpanContext, SpanKind};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::device;
use crate::pages::review::show;
use crate::review::{Decision, Entry, Group, Review, Sureness};
use crate::session::Event;
use crate::ui::{Ui, focus};

/// An entry as listed: its place in the review, its decision, its group.
type Listed = (usize, Decision);

/// The column with the entries.
pub fn entries(ui: Ui) -> impl IntoView {
    let groups = ui.part(|session| match &session.review {
        Some(review) => review.groups().into_iter().zip(review.decisions.iter().copied()).collect::<Vec<_>>(),
        None => Vec::new(),
    });
    let empty = move || groups.with(Vec::is_empty);
    view! {
        <section class="found" aria-labelledby="found-title">
            <h2 id="found-title">{move || ui.t().skills_title}</h2>
            {move || empty().then(|| view! { <p class="message calm">{ui.t().nothing_found}</p> })}
            {group(ui, groups, Group::Check, "check")}
            {group(ui, groups, Group::Skills, "skills")}
            {group(ui, groups, Group::Knowledge, "knowledge")}
            {group(ui, groups, Group::LeftOut, "left_out")}
            {group(ui, groups, Group::NotMine, "not_mine")}
            {unplaced(ui)}
            <p class="muted">{move || ui.t().measured_note}</p>
        </section>
    }
}

fn group(ui: Ui, groups: Memo<Vec<(Group, Decision)>>, which: Group, name: &'static str) -> impl IntoView {
    let listed = Memo::new(move |_| {
        groups.with(|groups| {
            let of = groups.iter().enumerate().filter(|(_, (group, _))| *group == which);
            of.map(|(index, (_, decision))| (index, *decision)).collect::<Vec<Listed>>()
        })
    });
    let title = move || {
        let t = ui.t();
        match which {
            Group::Check if listed.with(Vec::len) == 1 => t.check_one.to_owned(),
            Group::Check => t.check_many(&listed.with(Vec::len).to_string()),
            Group::Skills => t.group_skills.to_owned(),
            Group::Knowledge => t.group_knowledge.to_owned(),
            Group::LeftOut => t.group_left_out.to_owned(),
            Group::NotMine => t.group_not_mine.to_owned(),
        }
    };
    let note = move || match which {
        Group::Check => Some(ui.t().check_note),
        Group::LeftOut => Some(ui.t().group_left_out_note),
        _ => None,
    };
    view! {
        <section class=format!("group {name}") hidden=move || listed.with(Vec::is_empty)>
            <h3>{title}</h3>
            {move || note().map(|note| view! { <p class="muted">{note}</p> })}
            <ul>
                <For each=move || listed.get() key=|listed| *listed children=move |listed| card(ui, listed, name)/>
            </ul>
        </section>
    }
}

/// Words of an entry that do not change while it is listed.
struct Shown {
    entry: Entry,
    around: [String; 3],
}

fn shown(review: &Review, index: usize) -> Option<Shown> {
    let entry = review.entries.get(index)?.clone();
    let around = review.around(&entry).map(str::to_owned);
    Some(Shown { entry, around })
}

fn card(ui: Ui, (index, decision): Listed, group: &'static str) -> AnyView {
    let shown = ui.visit.session.with_untracked(|session| session.review.as_ref().and_then(|review| shown(review, index)));
    let Some(Shown { entry, around }) = shown else { return ().into_any() };
    let Entry { number, kind, context, label, places, confidence, by } = entry;
    let [before, words, after] = around;
    let kind_name = if kind == SpanKind::Skill { "skill" } else { "knowledge" };
    let sureness = Sureness::of(confidence);
    let state = match decision {
        Decision::Open => "open",
        Decision::Confirmed => "confirmed",
        Decision::NotMine => "not_mine",
    };
    let sure = move || match (decision, context) {
        (Decision::Confirmed, _) => ui.t().confirmed,
        (_, SpanContext::Wanted) => ui.t().context_wanted,
        (_, SpanContext::Negated) => ui.t().context_negated,
        (_, SpanContext::Other) => ui.t().context_other,
        (_, SpanContext::Own) => match sureness {
            Sureness::High => ui.t().sure_high,
            Sureness::Medium => ui.t().sure_medium,
            Sureness::Low => ui.t().sure_low,
        },
    };
    let how = if decision == Decision::Open && context.held() && sureness == Sureness::Low { "sure low" } else { "sure" };
    let percent = device::whole(f64::from(confidence) * 100.0 + 0.5).to_string();
    let count = places.len();
    let spoken = label.clone();
    let look = move |_| ui.active.set(Some(number));
    view! {
        <li class="entry" data-testid="entry" data-entry=number data-kind=kind_name data-group=group data-state=state
            on:mouseenter=move |_| { ui.active.set(Some(number)); show(&format!("mark[data-entries~='{number}']"), false); }
            on:focusin=look>
            <button type="button" class=format!("to-text {kind_name}") aria-label=move || ui.t().show_in_text(&number.to_string(), &spoken)
                on:click=move |_| { ui.active.set(Some(number)); show(&format!("mark[data-entries~='{number}']"), true); }>
                <span class="n">{number}</span> <span class="label">{label}</span>
            </button>
            <p class="facts">
                <span class=how>{sure}</span>
                {(count > 1).then(|| view! { <span>{move || ui.t().mentions(&count.to_string())}</span> })}
            </p>
            <div class="row actions">
                {actions(ui, index, number, decision, context)}
            </div>
            <details>
                <summary data-testid="why">{move || ui.t().why}</summary>
                <p>{move || if by == FoundBy::Model { ui.t().why_model } else { ui.t().why_rule }} " " <b>{words.clone()}</b></p>
                <p>{move || ui.t().why_context} " " <q>{before}<b>{words.clone()}</b>{after}</q></p>
                <p class="figures">{move || ui.t().why_number(&percent)}</p>
            </details>
        </li>
    }
    .into_any()
}

fn actions(ui: Ui, index: usize, number: usize, decision: Decision, context: SpanContext) -> AnyView {
    let button = move |id: &'static str, class: &'static str, words: fn(Ui) -> &'static str, next: Decision| {
        view! {
            <button type="button" class=class data-testid=id on:click=move |_| decide(ui, index, number, next)>{move || words(ui)}</button>
        }
        .into_any()
    };
    if decision != Decision::Open {
        return button("undo", "quiet", |ui| ui.t().undo, Decision::Open);
    }
    if !context.held() {
        return button("confirm", "", |ui| ui.t().its_mine, Decision::Confirmed);
    }
    let yes = button("confirm", "", |ui| ui.t().confirm, Decision::Confirmed);
    let no = button("not-mine", "", |ui| ui.t().not_mine, Decision::NotMine);
    view! { {yes} {no} }.into_any()
}

/// Decides, and moves the focus to the entry that follows in the same group, or along with this one.
fn decide(ui: Ui, index: usize, number: usize, decision: Decision) {
    let here = device::document().query_selector(&format!(".entry[data-entry='{number}']")).ok().flatten();
    let beside = here.and_then(|card| card.next_element_sibling().or_else(|| card.previous_element_sibling()));
    let beside = beside.and_then(|card: Element| card.get_attribute("data-entry")).unwrap_or_else(|| number.to_string());
    ui.visit.tell(Event::Decided(index, decision));
    // After the lists were set anew.
    let then = wasm_bindgen::closure::Closure::once_into_js(move || focus(&format!(".entry[data-entry='{beside}'] .actions button")));
    // Without a next frame the focus stays where the browser puts it.
    let _ = device::window().request_animation_frame(then.unchecked_ref());
}

/// Sentences about work or skills in which nothing was found: shown, never dropped.
fn unplaced(ui: Ui) -> impl IntoView {
    let rows = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => review.unplaced.iter().map(|index| (*index, review.sentence(*index).to_owned())).collect::<Vec<_>>(),
        None => Vec::new(),
    });
    let count = rows.len().to_string();
    let none = rows.is_empty();
    let rows = rows.into_iter().map(|(index, words)| {
        view! {
            <li data-testid="unplaced-row"><button type="button" class="quiet" on:click=move |_| show(&format!("#sentence-{index}"), true)>
                {words}</button></li>
        }
    });
    view! {
        <section class="group unplaced-list" data-testid="unplaced">
            <h3>{move || ui.t().unplaced_title(&count)}</h3>
            <p class="muted">{move || if none { ui.t().unplaced_none } else { ui.t().unplaced_note }}</p>
            <ul>{rows.collect_view()}</ul>
        </section>
    }
}
