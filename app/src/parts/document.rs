//! The CV set like a document, with the words of every entry marked in place. Not the list of entries: `entries`.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::text::Language;
use web_sys::{Element, EventTarget};

use crate::pages::review::show;
use crate::review::{Line, LineKind, Segment};
use crate::ui::{Ui, focus, words};

/// The number of the innermost entry at an event's target.
fn entry_at(target: Option<EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<Element>().ok()?.closest("[data-entries], [data-entry]").ok()??;
    let list = element.get_attribute("data-entries").or_else(|| element.get_attribute("data-entry"))?;
    list.rsplit(' ').next()?.parse().ok()
}

/// The column with the text.
pub fn document(ui: Ui) -> AnyView {
    // The text changes only with the file, so it is set once.
    let (lines, language) = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => (
            review.lines(),
            match review.analysis.language {
                Language::En => Some("en"),
                Language::Zh => Some("zh-CN"),
                Language::Mixed => None,
            },
        ),
        None => (Vec::new(), None),
    });
    let lines = lines.into_iter().map(|line| self::line(ui, line)).collect_view();
    let look = move |target: Option<EventTarget>| {
        if let Some(number) = entry_at(target) {
            ui.active.set(Some(number));
            show(&format!(".entry[data-entry='{number}']"), false);
        }
    };
    let choose = move |event: web_sys::MouseEvent| {
        if let Some(number) = entry_at(event.target()) {
            ui.active.set(Some(number));
            show(&format!(".entry[data-entry='{number}']"), true);
            focus(&format!(".entry[data-entry='{number}'] .to-text"));
        }
    };
    view! {
        <section class="paper" aria-labelledby="cv-title">
            <h2 id="cv-title">{ui.say(|t| t.cv_title)}</h2>
            <p class="legend" role="group" aria-label=ui.say(|t| t.legend)>
                <span class="skill">{ui.say(|t| t.kind_skill)}</span>
                <span class="knowledge">{ui.say(|t| t.kind_knowledge)}</span>
                <span class="unplaced">{ui.say(|t| t.unplaced_mark)}</span>
            </p>
            <article class="cv" data-testid="cv-text" lang=language
                on:mouseover=move |event| look(event.target()) on:focusin=move |event| look(event.target()) on:click=choose>
                {lines}
            </article>
        </section>
    }
    .into_any()
}

fn line(ui: Ui, line: Line) -> AnyView {
    let segments = line.segments.into_iter().map(|segment| self::segment(ui, segment)).collect_view();
    let class = match line.kind {
        LineKind::Heading => "heading",
        LineKind::Bullet => "bullet",
        LineKind::Plain => "plain",
        LineKind::Blank => "blank",
    };
    view! { <p class=class>{segments}</p> }.into_any()
}

fn segment(ui: Ui, segment: Segment) -> AnyView {
    let covering: Vec<String> = segment.skill.into_iter().chain(segment.knowledge).map(|number| number.to_string()).collect();
    if covering.is_empty() {
        return match segment.unplaced {
            None => segment.words.into_any(),
            Some(index) => {
                let id = format!("sentence-{index}");
                view! { <span class="unplaced" id=id title=ui.say(|t| t.unplaced_mark)>{segment.words}</span> }.into_any()
            }
        };
    }
    let kinds = match (segment.skill, segment.knowledge) {
        (Some(_), Some(_)) => "skill knowledge",
        (Some(_), None) => "skill",
        _ => "knowledge",
    };
    let numbers = segment.ends.into_iter().map(|number| {
        let label = words(move || {
            let label = ui.visit.session.with_untracked(|session| {
                let entry = session.review.as_ref().and_then(|review| review.entries.get(number - 1));
                entry.map(|entry| entry.label.clone()).unwrap_or_default()
            });
            ui.t().show_in_list(&number.to_string(), &label)
        });
        let number = number.to_string();
        view! { <button type="button" class="number" data-entry=number.clone() data-n=number aria-label=label></button> }.into_any()
    });
    view! { <mark class=kinds data-entries=covering.join(" ")>{segment.words}</mark>{numbers.collect_view()} }.into_any()
}
