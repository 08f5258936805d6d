//! A page that the worker draws: its HTML is put in here, part by part, and what the person does in it goes back as
//! state. Knows no page's content. In the HTML: `data-part` names what can be redrawn alone; `data-key` is a control
//! whose value is the state's (what is typed, coded); `data-ask` one whose words are only asked (`data-quiet`: not before a button is pressed); `data-set` holds keys and values that a click sets (`undo`, `reset` likewise); `data-save`
//! a file to be written, or what the device is to keep; `data-open-kept` opens that with the pass phrase in `#phrase`, which
//! is read when a button needs it and never held; `data-file` a file to be taken; `data-reading` a value of a chart that keys and pointer reach;
//! `data-list` a box whose value is an entry of a list of the state; `data-go` a link to a drawn page by its name (after
//! `data-set`, if it is there), or to a part of this one by its id; `data-read` has the words of a `data-ask` read as an advertisement; `data-print` prints.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, HtmlElement};

use crate::device;
use crate::el::{El, el};
use crate::session::Screen;
use crate::state::{DrawnPage, State, coded};
use crate::ui::{Ui, effect, focus};
use crate::worker::protocol::{Draw, KEPT, SaveDrawn, Source, TakeFile};

/// A drawn page while it is shown.
struct Board {
    ui: Ui,
    page: DrawnPage,
    place: Element,
    /// The states before this one, the oldest first, then this one.
    states: RefCell<Vec<State>>,
    /// What is typed, by the name of its control.
    asked: RefCell<Vec<(String, String)>>,
    /// The next drawing is of the whole page.
    whole: Cell<bool>,
    /// The last state grows with the lever that is being moved.
    moving: Cell<bool>,
    drawing: Cell<bool>,
    again: Cell<bool>,
    drawn: Cell<u32>,
    /// The width that was drawn for.
    width: Cell<i32>,
}

/// The page.
pub fn page(ui: Ui, page: DrawnPage) -> El {
    let host = el("div").class("drawn").test(page.name());
    let board = Rc::new(Board {
        ui,
        page,
        place: host.element().clone(),
        states: RefCell::new(vec![ui.visit.state()]),
        asked: RefCell::default(),
        whole: Cell::new(true),
        moving: Cell::new(false),
        drawing: Cell::new(false),
        again: Cell::new(false),
        drawn: Cell::new(0),
        width: Cell::new(0),
    });
    let of_lang = board.clone();
    effect(move || {
        ui.lang.get();
        of_lang.whole.set(true);
        of_lang.draw();
    });
    // Pictures are drawn for the width they have.
    let of_width = Rc::downgrade(&board);
    let resized = window_event_listener_untyped("resize", move |_| {
        if let Some(board) = of_width.upgrade().filter(|board| board.place.client_width() != board.width.get()) {
            board.draw();
        }
    });
    on_cleanup(move || resized.remove());
    let on = |name: &str, act: fn(&Rc<Board>, &Event, &Element)| {
        let board = board.clone();
        (name.to_owned(), move |event: Event| {
            if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                act(&board, &event, &target);
            }
        })
    };
    let listeners = [
        on("input", |board, _, target| board.set_by(target, true)),
        on("change", |board, _, target| board.changed(target)),
        on("click", |board, event, target| board.clicked(event, target)),
        on("pointerover", |_, _, target| read(target)),
        on("focusin", |_, _, target| read(target)),
        on("keydown", |_, event, target| step(event, target)),
    ];
    listeners.into_iter().fold(host, |host, (name, act)| host.on(&name, act))
}

impl Board {
    fn state(&self) -> State {
        self.states.borrow().last().cloned().unwrap_or_default()
    }

    /// Draws what the state is now; while a drawing is under way the latest state waits, all between are skipped.
    fn draw(self: &Rc<Self>) {
        if self.drawing.replace(true) {
            return self.again.set(true);
        }
        let board = self.clone();
        device::spawn(async move {
            let mut quick = true;
            loop {
                board.again.set(false);
                // At once what answers at once; where nothing has changed since, the rest.
                let settled = !std::mem::replace(&mut quick, false);
                if let Some(drawn) = board.ui.visit.draw(board.call(settled)).await {
                    if !board.again.get() {
                        board.understood(drawn.state);
                    }
                    board.put(&drawn.parts);
                }
                if board.again.get() {
                    quick = true;
                } else if settled {
                    break;
                }
            }
            board.drawing.set(false);
        });
    }

    fn call(&self, settled: bool) -> Draw {
        self.width.set(self.place.client_width());
        let mut asked = self.asked.borrow().clone();
        if device::setting(KEPT).is_some() {
            asked.push((KEPT.to_owned(), String::new()));
        }
        Draw {
            page: self.page,
            lang: self.ui.lang.get_untracked(),
            state: self.state(),
            whole: self.whole.take(),
            settled,
            asked,
            // A hidden page has no width; it is drawn again when it is shown.
            width: u32::try_from(self.width.get()).unwrap_or_default(),
            today: device::today(),
            person: self.ui.visit.person(),
        }
    }

    fn understood(&self, state: State) {
        device::show_address(&state.address(self.page));
        self.ui.visit.keep_state(state.clone());
        if let Some(last) = self.states.borrow_mut().last_mut() {
            *last = state;
        }
    }

    fn put(&self, parts: &[(String, String)]) {
        let focused = device::document().active_element().map(|element| element.id()).filter(|id| !id.is_empty());
        for (name, html) in parts {
            if name == "page" {
                self.place.set_inner_html(html);
            } else if let Ok(Some(part)) = self.place.query_selector(&format!("[data-part='{name}']")) {
                part.set_inner_html(html);
            }
        }
        if let Some(id) = focused.filter(|_| device::document().active_element().is_none_or(|element| element.id().is_empty())) {
            focus(&format!("#{id}"));
        }
        self.drawn.set(self.drawn.get() + 1);
        // An attribute with a name of ours cannot be refused.
        let _ = self.place.set_attribute("data-drawn", &self.drawn.get().to_string());
    }

    /// Takes a control's value; a lever that moves makes one step that can be undone.
    fn set_by(self: &Rc<Self>, control: &Element, moving: bool) {
        let value = |name: &str| device::get(control, name);
        if let Some(name) = control.get_attribute("data-ask") {
            let mut asked = self.asked.borrow_mut();
            asked.retain(|(of, _)| *of != name);
            asked.push((name, value("value").as_string().unwrap_or_default()));
            drop(asked);
            // What is only taken with a button changes nothing yet.
            if !control.has_attribute("data-quiet") {
                self.draw();
            }
            return;
        }
        if let Some(list) = control.get_attribute("data-list") {
            let entry = value("value").as_string().unwrap_or_default();
            let before = self.state();
            let mut entries: Vec<&str> = before.list(&list).filter(|other| *other != entry).collect();
            if value("checked").is_truthy() {
                entries.push(&entry);
            }
            let entries = entries.join("+");
            if before.get(&list).unwrap_or_default() != entries {
                self.change(|state| state.set(&list, &entries), false);
            }
            return;
        }
        let Some(key) = control.get_attribute("data-key") else { return };
        let value = match value("type").as_string().as_deref() {
            Some("checkbox") => if value("checked").is_truthy() { "1" } else { "0" }.to_owned(),
            Some("text") => coded(&value("value").as_string().unwrap_or_default()),
            _ => value("value").as_string().unwrap_or_default(),
        };
        if self.state().get(&key).unwrap_or_default() != value {
            self.change(|state| state.set(&key, &value), moving);
        }
    }

    fn change(self: &Rc<Self>, act: impl FnOnce(&mut State), moving: bool) {
        let mut state = self.state();
        act(&mut state);
        {
            let mut states = self.states.borrow_mut();
            if self.moving.replace(moving) {
                states.pop();
            }
            states.push(state);
        }
        self.draw();
    }

    fn changed(self: &Rc<Self>, control: &Element) {
        self.set_by(control, false);
        self.moving.set(false);
        let files = control.dyn_ref::<web_sys::HtmlInputElement>().and_then(web_sys::HtmlInputElement::files);
        let (Some(what), Some(files)) = (control.get_attribute("data-file"), files) else { return };
        if what == "ad" {
            return files.get(0).map(|file| self.read_ad(Source::Attached, Some(file.into()))).unwrap_or_default();
        }
        let board = self.clone();
        device::spawn(async move {
            let mut at = 0;
            while let Some(file) = files.get(at) {
                at += 1;
                let Ok(buffer) = JsFuture::from(file.array_buffer()).await else { continue };
                board.ui.visit.take_into(TakeFile { page: board.page, what: what.clone(), bytes: Uint8Array::new(&buffer).to_vec() }).await;
            }
            board.whole.set(true);
            board.draw();
        });
    }

    /// Gives the page something, and draws it anew: it may be about something else now.
    async fn give(self: &Rc<Self>, what: String, bytes: Vec<u8>) {
        self.ui.visit.take_into(TakeFile { page: self.page, what, bytes }).await;
        self.whole.set(true);
        self.draw();
    }

    /// The pass phrase that is typed.
    fn phrase(&self) -> String {
        let field = self.place.query_selector("#phrase").ok().flatten();
        field.and_then(|field| device::get(&field, "value").as_string()).unwrap_or_default()
    }

    /// Has an advertisement read and held against the person.
    fn read_ad(self: &Rc<Self>, source: Source, file: Option<web_sys::Blob>) {
        let board = self.clone();
        device::spawn(async move {
            if let Some(ad) = board.ui.visit.read_beside(source, file).await {
                board.ui.visit.take_ad(ad).await;
                board.whole.set(true);
                board.change(|state| state.set("my.ad", "1"), false);
            }
        });
    }

    fn go(&self, to: &str) {
        match DrawnPage::ALL.into_iter().find(|page| page.name() == to) {
            Some(page) => self.ui.visit.go(Screen::Drawn(page)),
            None => show(to),
        }
    }

    fn clicked(self: &Rc<Self>, event: &Event, target: &Element) {
        let above = |name: &str| target.closest(&format!("[{name}]")).ok().flatten().and_then(|element| element.get_attribute(name));
        let to = above("data-go").and_then(|name| DrawnPage::ALL.into_iter().find(|page| page.name() == name));
        if let Some(query) = above("data-set") {
            event.prevent_default();
            match query.as_str() {
                "undo" => {
                    let mut states = self.states.borrow_mut();
                    if states.len() > 1 {
                        states.pop();
                    }
                }
                query => {
                    let mut state = self.state();
                    if query == "reset" { state.reset() } else { state.set_all(query) }
                    self.states.borrow_mut().push(state);
                }
            }
            self.moving.set(false);
            if let Some(page) = to {
                self.ui.visit.keep_state(self.state());
                return self.ui.visit.go(Screen::Drawn(page));
            }
            // The levers stand elsewhere now.
            self.whole.set(true);
            self.draw();
        } else if let Some(what) = above("data-save") {
            let (board, mut draw) = (self.clone(), Draw { whole: false, ..self.call(true) });
            let keeps = what.starts_with("kept");
            if keeps {
                draw.asked.push(("phrase".to_owned(), self.phrase()));
            }
            device::spawn(async move {
                match board.ui.visit.save_drawn(SaveDrawn { draw, what }).await {
                    Some(file) if file.name == KEPT => device::set_setting(KEPT, &file.text),
                    Some(file) if file.name.ends_with(".png") => device::save_picture(&file.name, &file.text).await,
                    Some(file) => device::save(&file.name, &file.text),
                    None => {}
                }
                if keeps {
                    board.whole.set(true);
                    board.draw();
                }
            });
        } else if above("data-open-kept").is_some() {
            let bytes = format!("{}\n{}", self.phrase(), device::setting(KEPT).unwrap_or_default()).into_bytes();
            let board = self.clone();
            device::spawn(async move { board.give("kept".to_owned(), bytes).await });
        } else if let Some(to) = above("data-go") {
            event.prevent_default();
            self.go(&to);
        } else if let Some(field) = above("data-read") {
            let typed = self.asked.borrow().iter().find(|(of, _)| *of == field).map(|(_, words)| words.clone()).unwrap_or_default();
            self.read_ad(Source::Pasted(typed), None);
        } else if above("data-print").is_some() {
            device::print();
        } else if above("data-skills").is_some() {
            self.ui.visit.go(Screen::Review);
        }
    }
}

/// Brings a part of the page into view and under focus; a button that shows it is pressed.
fn show(id: &str) {
    let Some(part) = device::document().get_element_by_id(id) else { return };
    if let Ok(Some(folded)) = part.closest("details") {
        // An attribute of HTML cannot be refused.
        let _ = folded.set_attribute("open", "");
    }
    part.scroll_into_view();
    focus(&format!("#{id}"));
    if part.get_attribute("aria-pressed").as_deref() == Some("false") {
        // Not now: the listener that hears it is at work.
        gloo::timers::callback::Timeout::new(0, move || part.unchecked_into::<HtmlElement>().click()).forget();
    }
}

/// Shows the value of a chart under pointer or focus beside it.
fn read(target: &Element) {
    let Ok(Some(reading)) = target.closest("[data-reading]") else { return };
    let Ok(Some(figure)) = reading.closest("figure") else { return };
    unread(&figure);
    let text = reading.query_selector("title").ok().flatten().and_then(|title| title.text_content());
    if let Ok(Some(out)) = figure.query_selector("[data-readout]") {
        out.set_text_content(text.as_deref());
    }
    let _ = reading.class_list().add_1("on");
}

/// Takes back what was read off a chart.
fn unread(part: &Element) {
    let Ok(Some(figure)) = part.closest("figure") else { return };
    if let Ok(Some(out)) = figure.query_selector("[data-readout]") {
        out.set_text_content(None);
    }
    if let Ok(Some(before)) = figure.query_selector("[data-reading].on") {
        let _ = before.class_list().remove_1("on");
    }
}

/// The keys of a chart under focus: an arrow goes in, arrows go from value to value, Home and End to the first and the last,
/// Escape back to the chart as a whole.
fn step(event: &Event, target: &Element) {
    let Ok(Some(chart)) = target.closest("svg") else { return };
    let at = target.get_attribute("data-reading").and_then(|at| at.parse::<i32>().ok());
    let next = match (device::get(event, "key").as_string().as_deref(), at) {
        (Some("ArrowRight" | "ArrowDown"), Some(at)) => at + 1,
        (Some("ArrowLeft" | "ArrowUp"), Some(at)) => at - 1,
        (Some("ArrowRight" | "ArrowDown" | "ArrowLeft" | "ArrowUp"), None) | (Some("Home"), _) => 0,
        (Some("End"), _) => chart.query_selector_all("[data-reading]").map_or(0, |all| i32::try_from(all.length()).unwrap_or(0)) - 1,
        (Some("Escape"), Some(_)) => {
            unread(&chart);
            let _ = chart.unchecked_into::<HtmlElement>().focus();
            return;
        }
        _ => return,
    };
    if let Ok(Some(next)) = chart.query_selector(&format!("[data-reading='{next}']")) {
        event.prevent_default();
        let _ = next.unchecked_into::<HtmlElement>().focus();
    }
}
