//! What an entry means: the competence it is linked to, why, and choosing another.
use leptos::prelude::*;
use waymark_shared::analyse::{LinkedBy, SpanLink};

use super::entry::change as make;
use super::occupations::named;
use crate::device;
use crate::el::{El, button, el, plain_button};
use crate::review::{Edit, Entry, SURE_LOW};
use crate::ui::Ui;

/// The line under the words: the name of the competence, or that there is none.
pub fn meaning(ui: Ui, entry: &Entry) -> El {
    let line = el("p").class("meaning").test("meaning");
    match &entry.link {
        Some(link) => {
            let perhaps = link.by == LinkedBy::Nearness && link.score < SURE_LOW;
            let sign = el("span").words(move || if perhaps { ui.t().link_perhaps } else { "→ " }.to_owned());
            line.set("data-link", &link.id).with(sign).with(named(ui, &link.name_en, &link.name_zh))
        }
        None => line.say(ui, |t| t.link_none),
    }
}

/// Why it is linked so, and a search for another competence.
pub fn change(ui: Ui, entry: &Entry) -> El {
    let number = entry.number;
    let why = entry.link.as_ref().map(|link| {
        let (by, percent) = (link.by, device::whole(f64::from(link.score) * 100.0 + 0.5).to_string());
        el("p").words(move || match by {
            LinkedBy::Name => ui.t().link_by_name.to_owned(),
            LinkedBy::Part => ui.t().link_by_part(&percent),
            LinkedBy::Nearness => ui.t().link_by_nearness(&percent),
            LinkedBy::Person => ui.t().link_by_person.to_owned(),
        })
    });
    let words = RwSignal::new(entry.label.clone());
    let search = move || {
        let query = words.get_untracked();
        if !query.trim().is_empty() {
            ui.visit.find(query, move |found| ui.found.set(Some((number, found.nearest))));
        }
    };
    let field = el("input")
        .set("autocomplete", "off")
        .test("link-words")
        .label(ui, |t| t.link_search)
        .value(move || words.get())
        .on("input", move |event| words.set(event_target_value(&event)));
    let form = el("form")
        .class("row")
        .on("submit", move |event| {
            event.prevent_default();
            search();
        })
        .with(field)
        .with(el("button").set("type", "submit").test("link-go").say(ui, |t| t.find));
    let choose = move |link: Option<SpanLink>| {
        ui.found.set(None);
        make(ui, number, Edit::Relink(number, link), "summary");
    };
    let results = move || {
        let (of, found) = ui.found.get()?;
        (of == number).then(|| {
            let row = |link: SpanLink| {
                let name = named(ui, &link.name_en, &link.name_zh);
                el("li").with(plain_button().class("quiet").test("link-choice").set("data-link", &link.id).click(move || choose(Some(link.clone()))).with(name))
            };
            let none = el("li").with(button(ui, |t| t.link_no, move || choose(None)).test("link-no"));
            el("ul").class("results").all(found.into_iter().map(row)).with(none)
        })
    };
    let open = button(ui, |t| t.link_change, search).test("link-change");
    let opened = move || ui.found.get().is_some_and(|(of, _)| of == number);
    el("div")
        .class("changing")
        .all(why)
        .with(open.when("hidden", opened))
        .with(form.when("hidden", move || !opened()))
        .piece(results)
}
