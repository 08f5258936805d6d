//! The CV set like a document, with the words of every entry marked in place. Not the list of entries: `entries`.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::text::Language;
use web_sys::{Element, EventTarget};

use crate::pages::review::show;
use crate::review::{Decision, Line, LineKind, Segment};
use crate::ui::{Ui, focus};

/// The number of the innermost entry at an event's target.
fn entry_at(target: Option<EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?.closest("[data-entries], [data-entry]").ok()??;
    let list = element.get_attribute("data-entries").or_else(|| element.get_attribute("data-entry"))?;
    list.rsplit(' ').next()?.parse().ok()
}

/// The column with the text.
pub fn document(ui: Ui) -> impl IntoView {
    // The text changes only with the file, so it is set once.
    let (lines, labels, language) = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => (
            review.lines(),
            review.entries.iter().map(|entry| entry.label.clone()).collect::<Vec<_>>(),
            match review.analysis.language {
                Language::En => Some("en"),
                Language::Zh => Some("zh-CN"),
                Language::Mixed => None,
            },
        ),
        None => (Vec::new(), Vec::new(), None),
    });
    let labels = StoredValue::new(labels);
    let lines = lines.into_iter().map(|line| self::line(ui, line, labels)).collect_view();
    view! {
        <section class="paper" aria-labelledby="cv-title">
            <h2 id="cv-title">{move || ui.t().cv_title}</h2>
            <p class="legend" aria-label=move || ui.t().legend>
                <span class="skill">{move || ui.t().kind_skill}</span>
                <span class="knowledge">{move || ui.t().kind_knowledge}</span>
                <span class="unplaced">{move || ui.t().unplaced_mark}</span>
            </p>
            <article class="cv" data-testid="cv-text" lang=language
                on:mouseover=move |event| {
                    if let Some(number) = entry_at(event.target()) {
                        ui.active.set(Some(number));
                        show(&format!(".entry[data-entry='{number}']"), false);
                    }
                }
                on:focusin=move |event| {
                    if let Some(number) = entry_at(event.target()) {
                        ui.active.set(Some(number));
                        show(&format!(".entry[data-entry='{number}']"), false);
                    }
                }
                on:click=move |event| {
                    if let Some(number) = entry_at(event.target()) {
                        ui.active.set(Some(number));
                        show(&format!(".entry[data-entry='{number}']"), true);
                        focus(&format!(".entry[data-entry='{number}'] .to-text"));
                    }
                }>
                {lines}
            </article>
        </section>
    }
}

fn line(ui: Ui, line: Line, labels: StoredValue<Vec<String>>) -> AnyView {
    let segments = line.segments.into_iter().map(|segment| self::segment(ui, segment, labels)).collect_view();
    let class = match line.kind {
        LineKind::Heading => "heading",
        LineKind::Bullet => "bullet",
        LineKind::Plain => "plain",
        LineKind::Blank => "blank",
    };
    view! { <p class=class>{segments}</p> }.into_any()
}

fn segment(ui: Ui, segment: Segment, labels: StoredValue<Vec<String>>) -> AnyView {
    let covering: Vec<usize> = segment.skill.into_iter().chain(segment.knowledge).collect();
    if covering.is_empty() {
        return match segment.unplaced {
            None => segment.words.into_any(),
            Some(index) => {
                view! { <span class="unplaced" id=format!("sentence-{index}") title=move || ui.t().unplaced_mark>{segment.words}</span> }
                    .into_any()
            }
        };
    }
    let list = covering.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    let kinds = [segment.skill.map(|_| "skill"), segment.knowledge.map(|_| "knowledge")];
    let kinds = kinds.into_iter().flatten().collect::<Vec<_>>().join(" ");
    // Faded once none of its entries counts any more.
    let counts = ui.part(move |session| {
        session.review.as_ref().is_some_and(|review| {
            covering.iter().any(|number| {
                let index = number.saturating_sub(1);
                match (review.entries.get(index), review.decisions.get(index)) {
                    (Some(entry), Some(Decision::Open)) => entry.context.held(),
                    (Some(_), Some(decision)) => *decision == Decision::Confirmed,
                    _ => false,
                }
            })
        })
    });
    let numbers = segment.ends.into_iter().map(|number| {
        let label = move || {
            let label = labels.with_value(|labels| labels.get(number.saturating_sub(1)).cloned().unwrap_or_default());
            ui.t().show_in_list(&number.to_string(), &label)
        };
        view! { <button type="button" class="number" data-entry=number data-n=number aria-label=label></button> }
    });
    view! { <mark class=kinds class:faded=move || !counts.get() data-entries=list>{segment.words}</mark>{numbers.collect_view()} }.into_any()
}
