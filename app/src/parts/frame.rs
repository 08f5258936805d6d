//! The frame around every page: header with steps, language and colours, the status line that is always true, footer.
use leptos::ev;
use leptos::prelude::*;

use crate::device;
use crate::el::{El, Key, button, el, plain_button};
use crate::i18n::Lang;
use crate::session::{Origin, Screen, Stage};
use crate::state::DrawnPage;
use crate::ui::{Theme, Ui};

/// Listens to the window: a file dropped beside the zone is taken too and never opened in place of the page; requests
/// that the browser blocks are counted.
pub fn listen(ui: Ui) {
    let over = window_event_listener(ev::dragover, |event| event.prevent_default());
    let drop = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            ui.visit.take_file(file.into());
        }
    });
    let blocked = window_event_listener_untyped("securitypolicyviolation", move |_| ui.blocked.update(|count| *count += 1));
    // They live as long as the page.
    std::mem::forget((over, drop, blocked));
}

/// Name, steps, language, colours, status.
pub fn header(ui: Ui) -> El {
    let sign = el("span").class("sign").set("aria-hidden", "true");
    let name = el("p").class("name").with(sign).with(el("span").say(ui, |t| t.name));
    let steps = el("ol").class("steps").with(step(ui, |t| t.step_start, Screen::Start)).with(step(ui, |t| t.step_skills, Screen::Review));
    let steps = steps.with(step(ui, |t| t.step_market, Screen::Drawn(DrawnPage::Market)));
    let steps = steps.with(step(ui, |t| t.step_paths, Screen::Drawn(DrawnPage::Paths))).with(step(ui, |t| t.step_plan, Screen::Drawn(DrawnPage::Plan)));
    let languages = el("div").class("languages").set("role", "group").label(ui, |t| t.language);
    let languages = languages.with(language(ui, Lang::En, "EN", "lang-en")).with(language(ui, Lang::Zh, "中文", "lang-zh"));
    let theme = el("select")
        .test("theme")
        .label(ui, |t| t.theme)
        .with(el("option").set("value", "auto").say(ui, |t| t.theme_auto))
        .with(el("option").set("value", "light").say(ui, |t| t.theme_light))
        .with(el("option").set("value", "dark").say(ui, |t| t.theme_dark))
        .value(move || ui.theme.get().name().to_owned())
        .on("change", move |event| ui.colour(Theme::named(&event_target_value(&event))));
    let settings = el("div").class("settings").with(languages).with(theme);
    el("header").with(el("div").class("bar").with(name).with(steps).with(settings)).with(status(ui))
}

/// A step of the way: where the page is, or a button to where it can go.
fn step(ui: Ui, key: Key, to: Screen) -> El {
    let steps = ui.part(|session| (session.screen.clone(), session.may_go(&Screen::Start), session.may_go(&Screen::Review), session.may_go(&Screen::Drawn(DrawnPage::Market))));
    let (at, of) = (to.clone(), to.clone());
    let go = button(ui, key, move || ui.visit.go(to.clone())).class("step");
    let may = move || {
        let (screen, start, review, drawn) = steps.get();
        screen != of && match of {
            Screen::Start => start,
            Screen::Review => review,
            _ => drawn,
        }
    };
    let here = move || {
        let screen = steps.get().0;
        (screen == at || at == Screen::Start && matches!(screen, Screen::Busy(_) | Screen::Drawn(DrawnPage::Intake))).then(|| "step".to_owned())
    };
    el("li").live("aria-current", here).with(go.when("disabled", move || !may()))
}

fn language(ui: Ui, lang: Lang, name: &str, id: &str) -> El {
    let button = plain_button().test(id).set("lang", lang.tag()).click(move || ui.speak(lang));
    button.truth("aria-pressed", move || ui.lang.get() == lang).text(name)
}

/// One line that is always true, and opens the proof.
fn status(ui: Ui) -> El {
    let stage = ui.part(|session| session.stage.clone());
    let lines = move || {
        let t = ui.t();
        let lines = match stage.get() {
            Stage::Loading(None) => vec![t.load_title.to_owned()],
            Stage::Loading(Some(loading)) => {
                vec![t.status_loading(&device::megabytes(loading.done), &t.bytes(&device::megabytes(loading.total)))]
            }
            Stage::Sealing => vec![t.status_sealing.to_owned()],
            Stage::Failed(_) => vec![t.status_failed.to_owned()],
            Stage::Ready(sealed) => {
                let size = t.bytes(&device::megabytes(sealed.model_bytes));
                let model = match sealed.origin {
                    Origin::Network => t.status_model_network(&size),
                    Origin::Device => t.status_model_device(&size),
                };
                vec![t.status_off(&sealed.clock), model, t.status_engine.to_owned()]
            }
        };
        Some(el("span").class("facts").all(lines.into_iter().map(|line| el("span").text(&line))))
    };
    let state = move || {
        let name = match stage.get() {
            Stage::Ready(_) => "status off",
            Stage::Failed(_) => "status bad",
            _ => "status",
        };
        Some(name.to_owned())
    };
    plain_button()
        .live("class", state)
        .test("status")
        .set("aria-controls", "proof")
        .truth("aria-expanded", move || ui.proof.get())
        .click(move || ui.proof.update(|open| *open = !*open))
        .with(el("span").class("dot").set("aria-hidden", "true"))
        .piece(lines)
        .with(el("span").class("more").say(ui, |t| t.status_open))
}

/// Sources, licences, the way to the pages for others' work, version, delete everything.
pub fn footer(ui: Ui) -> El {
    let ready = ui.part(|session| matches!(session.stage, Stage::Ready(_)));
    let version = format!("{} ({})", env!("CARGO_PKG_VERSION"), device::written("data-build"));
    let forget = button(ui, |t| t.forget, move || ui.visit.forget())
        .test("forget")
        .set("aria-describedby", "forget-note")
        .when("disabled", move || !ready.get());
    let note = el("small").set("id", "forget-note").say(ui, |t| t.forget_note);
    let others = button(ui, |t| t.footer_fields, move || ui.visit.go(Screen::Drawn(DrawnPage::Counsellor))).test("fields").class("quiet");
    el("footer")
        .with(el("details").with(el("summary").say(ui, |t| t.footer_sources)).with(el("p").say(ui, |t| t.footer_sources_text)))
        .with(others.when("disabled", move || !ready.get()))
        .with(el("p").words(move || ui.t().footer_version(&version)))
        .with(el("div").class("row").with(note).with(forget))
}
