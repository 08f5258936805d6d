//! An element of the page, put together step by step, and kept true by leptos' effects: what follows a signal (words, an
//! attribute, a whole piece) is one effect that lives as long as the piece around it. Used in place of the `view!` macro,
//! which makes a type of every element with its attributes and children: two hundred of them weighed more than all the
//! rest of the page.
use std::any::Any;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, Node};

use crate::device::document;
use crate::i18n::Texts;
use crate::ui::Ui;

/// A key of the table of words.
pub type Key = fn(&'static Texts) -> &'static str;

/// An element in the making. What the page asks of the document here (names of ours, nodes just made) is never refused.
pub struct El(Element);

/// Begins an element.
#[inline(never)]
pub fn el(tag: &str) -> El {
    El(document().create_element(tag).unwrap_or_else(|refused| refused.unchecked_into()))
}

/// Keeps something for as long as the piece around it.
#[inline(never)]
fn keep(what: Box<dyn Any>) {
    StoredValue::new_local(what);
}

/// Does something now and whenever what it read changes, for as long as the piece around it is there.
#[inline(never)]
fn follow(mut act: Box<dyn FnMut()>) {
    keep(Box::new(RenderEffect::new(move |_| act())));
}

impl El {
    /// With an attribute.
    #[inline(never)]
    pub fn set(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// With classes.
    #[inline(never)]
    pub fn class(self, names: &str) -> Self {
        self.set("class", names)
    }

    /// With the name by which tests find it.
    #[inline(never)]
    pub fn test(self, name: &str) -> Self {
        self.set("data-testid", name)
    }

    /// With an attribute that follows; without a value it is not there.
    pub fn live(self, name: &'static str, mut of: impl FnMut() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        self.following(Box::new(move || {
            let _ = match of() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            };
        }))
    }

    #[inline(never)]
    fn following(self, act: Box<dyn FnMut()>) -> Self {
        follow(act);
        self
    }

    /// With an attribute that is there or not.
    pub fn when(self, name: &'static str, mut of: impl FnMut() -> bool + 'static) -> Self {
        let element = self.0.clone();
        self.following(Box::new(move || {
            let _ = element.toggle_attribute_with_force(name, of());
        }))
    }

    /// With `true` or `false` as the value, as ARIA wants it.
    pub fn truth(self, name: &'static str, mut of: impl FnMut() -> bool + 'static) -> Self {
        let element = self.0.clone();
        self.following(Box::new(move || {
            let _ = element.set_attribute(name, if of() { "true" } else { "false" });
        }))
    }

    /// Named for readers by a key of the table.
    #[inline(never)]
    pub fn label(self, ui: Ui, key: Key) -> Self {
        self.live("aria-label", move || Some(key(ui.t()).to_owned()))
    }

    /// With a `value` that follows, and is left alone where it is right already.
    pub fn value(self, mut of: impl FnMut() -> String + 'static) -> Self {
        let element = self.0.clone();
        self.following(Box::new(move || {
            let (name, value) = ("value".into(), of().into());
            if js_sys::Reflect::get(&element, &name).as_ref() != Ok(&value) {
                let _ = js_sys::Reflect::set(&element, &name, &value);
            }
        }))
    }

    /// With a listener.
    pub fn on(self, name: &str, act: impl FnMut(Event) + 'static) -> Self {
        self.listening(name, Box::new(act))
    }

    #[inline(never)]
    fn listening(self, name: &str, act: Box<dyn FnMut(Event)>) -> Self {
        let act = Closure::wrap(act);
        let _ = self.0.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
        keep(Box::new(act));
        self
    }

    /// With what a click does.
    pub fn click(self, mut act: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| act())
    }

    /// With fixed words.
    #[inline(never)]
    pub fn text(self, words: &str) -> Self {
        self.put(&document().create_text_node(words))
    }

    /// With words that follow.
    pub fn words(self, mut of: impl FnMut() -> String + 'static) -> Self {
        let text = document().create_text_node("");
        self.put(&text).following(Box::new(move || text.set_data(&of())))
    }

    /// With words of the table that follow the language.
    #[inline(never)]
    pub fn say(self, ui: Ui, key: Key) -> Self {
        let text = document().create_text_node("");
        self.put(&text).following(Box::new(move || text.set_data(key(ui.t()))))
    }

    #[inline(never)]
    fn put(self, child: &Node) -> Self {
        let _ = self.0.append_child(child);
        self
    }

    /// With a child.
    #[inline(never)]
    pub fn with(self, child: El) -> Self {
        self.put(&child.0)
    }

    /// With children.
    pub fn all(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, El::with)
    }

    /// With a piece that comes and goes, made anew each time; what it kept goes with it.
    pub fn piece(self, of: impl FnMut() -> Option<El> + 'static) -> Self {
        self.changing(Box::new(of))
    }

    #[inline(never)]
    fn changing(self, mut of: Box<dyn FnMut() -> Option<El>>) -> Self {
        let place = document().create_comment("");
        let mut shown: Option<Element> = None;
        self.put(&place).following(Box::new(move || {
            let next = of().map(|next| next.0);
            if let (Some(parent), Some(next)) = (place.parent_node(), &next) {
                let _ = parent.insert_before(next, Some(&place));
            }
            if let Some(former) = std::mem::replace(&mut shown, next) {
                former.remove();
            }
        }))
    }

    /// The element itself, for what works on the document.
    pub fn element(&self) -> &Element {
        &self.0
    }

    /// Puts the element into the page.
    pub fn show_in(self, parent: &Element) {
        let _ = parent.append_child(&self.0);
    }
}

/// A button with words of the table.
pub fn button(ui: Ui, key: Key, act: impl FnMut() + 'static) -> El {
    plain_button().click(act).say(ui, key)
}

/// A button that sends no form.
#[inline(never)]
pub fn plain_button() -> El {
    el("button").set("type", "button")
}
