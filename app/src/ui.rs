//! What every part of the page shares: visit, language, colours, which entry is looked at. Not the parts themselves.
use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use waymark_shared::analyse::SpanLink;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::device;
use crate::i18n::{Lang, Texts};
use crate::review::Place;
use crate::session::{Busy, Screen, Session, Stage};
use crate::visit::Visit;

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the device has it.
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name in settings and in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// By name; unknown names are [`Theme::Auto`].
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// A part of the session, told only when it changes.
pub struct Part<T: 'static> {
    session: RwSignal<Session>,
    of: fn(&Session) -> T,
    changed: Memo<u64>,
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<T> {}

impl<T> Part<T> {
    /// The part; what asks is told of changes.
    pub fn get(&self) -> T {
        // Reading, not only tracking: a memo that nobody reads never runs.
        self.changed.get();
        self.session.with_untracked(self.of)
    }
}

/// Handles to the shared state; copied into every view.
#[derive(Clone, Copy)]
pub struct Ui {
    /// What happens.
    pub visit: Visit,
    /// Language of the words.
    pub lang: RwSignal<Lang>,
    /// Colours.
    pub theme: RwSignal<Theme>,
    /// The proof panel is open.
    pub proof: RwSignal<bool>,
    /// Requests that the browser blocked in this page.
    pub blocked: RwSignal<usize>,
    /// Number of the entry looked at.
    pub active: RwSignal<Option<usize>>,
    /// Number of the entry whose reasons are shown.
    pub open: RwSignal<Option<usize>>,
    /// Number of the entry whose meaning is looked up, and what was found.
    pub found: RwSignal<Option<(usize, Vec<SpanLink>)>>,
    /// Bytes of the CV that are selected.
    pub selected: RwSignal<Option<Place>>,
}

impl Ui {
    /// With the settings of an earlier visit, or those of the browser.
    pub fn new(visit: Visit) -> Self {
        let lang = device::setting("waymark.lang").or_else(|| device::window().navigator().language()).unwrap_or_default();
        let theme = device::setting("waymark.theme").unwrap_or_default();
        let ui = Self {
            visit,
            lang: RwSignal::new(Lang::from_tag(&lang)),
            theme: RwSignal::new(Theme::named(&theme)),
            proof: RwSignal::new(false),
            blocked: RwSignal::new(0),
            active: RwSignal::new(None),
            open: RwSignal::new(None),
            found: RwSignal::new(None),
            selected: RwSignal::new(None),
        };
        ui.keep_attributes();
        ui
    }

    /// The words in the language of the moment.
    pub fn t(self) -> &'static Texts {
        self.lang.get().texts()
    }

    /// The words at this moment, for handlers.
    pub fn t_now(self) -> &'static Texts {
        self.lang.get_untracked().texts()
    }

    /// A part of the session.
    pub fn part<T: Hash + 'static>(self, of: fn(&Session) -> T) -> Part<T> {
        let changed = self.digest(Box::new(move |session| {
            let mut hasher = DefaultHasher::new();
            of(session).hash(&mut hasher);
            hasher.finish()
        }));
        Part { session: self.visit.session, of, changed }
    }

    fn digest(self, of: Box<dyn Fn(&Session) -> u64 + Send + Sync>) -> Memo<u64> {
        Memo::new(move |_| self.visit.session.with(&of))
    }

    /// Changes the language and keeps it.
    pub fn speak(self, lang: Lang) {
        device::set_setting("waymark.lang", lang.tag());
        self.lang.set(lang);
    }

    /// Changes the colours and keeps them.
    pub fn colour(self, theme: Theme) {
        device::set_setting("waymark.theme", theme.name());
        self.theme.set(theme);
    }

    /// Looks at no entry any more.
    pub fn look_away(self) {
        self.active.set(None);
        self.open.set(None);
        self.found.set(None);
        self.selected.set(None);
    }

    /// Language, colours and state as attributes, for styles, readers and tests.
    fn keep_attributes(self) {
        let set = |element: Option<Element>, name: &str, value: &str| {
            // An attribute with a name of ours cannot be refused.
            let _ = element.map(|element| element.set_attribute(name, value));
        };
        effect(move || {
            let html = device::document().document_element();
            set(html.clone(), "lang", self.lang.get().tag());
            match self.theme.get() {
                Theme::Auto => drop(html.map(|html| html.remove_attribute("data-theme"))),
                theme => set(html, "data-theme", theme.name()),
            }
            device::document().set_title(&format!("{}: {}", self.t().name, self.t().tagline));
        });
        let root = || device::root().map(Element::from);
        let stage = self.part(|session| match &session.stage {
            Stage::Loading(_) | Stage::Sealing => ("loading", 0),
            Stage::Ready(sealed) => ("ready", sealed.epoch_millis),
            Stage::Failed(_) => ("failed", 0),
        });
        effect(move || {
            let (name, sealed_at) = stage.get();
            if sealed_at > 0 {
                set(root(), "data-sealed-at", &sealed_at.to_string());
            }
            set(root(), "data-stage", name);
        });
        let screen = self.part(|session| match session.screen {
            Screen::Start => "start",
            Screen::Busy(Busy::Reading | Busy::Analysing(_)) => "busy",
            Screen::Review => "review",
            Screen::Drawn(page) => page.name(),
        });
        let mut before = "start";
        effect(move || {
            let name = screen.get();
            set(root(), "data-screen", name);
            if name != std::mem::replace(&mut before, name) {
                self.look_away();
                device::window().scroll_to_with_x_and_y(0.0, 0.0);
                focus("h1");
            }
        });
    }
}

/// Runs an action now and whenever what it read changes. Boxed, like all that there is much of.
pub fn effect(act: impl FnMut() + 'static) {
    let act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(act);
}

/// Moves the focus to the first element that fits, without scrolling.
pub fn focus(selector: &str) {
    let found = device::document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What cannot take the focus leaves it where it was.
        let _ = element.focus();
    }
}

/// Brings an element to the middle of the screen.
pub fn reveal(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    let calm = (device::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten()).is_some_and(|query| query.matches());
    options.set_behavior(if calm { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    options.set_block(ScrollLogicalPosition::Center);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Scrolls a column by the shortest way until it shows an element of it. The page itself stays where it is.
pub fn reveal_within(column: &Element, element: &Element) {
    let (outer, inner) = (column.get_bounding_client_rect(), element.get_bounding_client_rect());
    let (above, below) = (inner.top() - outer.top(), inner.bottom() - outer.bottom());
    let by = if above < 0.0 { above } else { below.min(above).max(0.0) };
    column.scroll_by_with_x_and_y(0.0, by);
}
