//! The site in a browser, by the hooks that `app/ASSETS.md` names. Drives only what a person could drive.
use crate::driver::{Browser, Element, key};
use serde_json::{Value, json};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use waymark_site::server::{Request, Server};

/// The page's load, with the model, may take this long on a busy machine.
const LOAD_SECONDS_MAX: u64 = 90;
/// A CV's analysis may take this long on a busy machine; the promise of 10 s is measured elsewhere.
const ANALYSE_SECONDS_MAX: u64 = 120;

/// Two Chromiums at once would only wait for each other on a small machine.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The page in its own Chromium, with the server that it came from.
pub struct Page {
    browser: Browser,
    server: Server,
    _turn: MutexGuard<'static, ()>,
}

impl Deref for Page {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Page {
    /// Serves the site under a sub-path and opens one of its files; waits for nothing.
    pub fn open_file_of_site(file: &str) -> Self {
        Self::open_site(&site_folder(), file)
    }

    /// The same for another folder.
    pub fn open_site(folder: &Path, file: &str) -> Self {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let server = Server::start(folder, "/sub/", 0).unwrap();
        let browser = Browser::start();
        browser.open(&format!("{}{file}", server.url()));
        Self { browser, server, _turn: turn }
    }

    /// The bench page, once its script has run.
    pub fn bench() -> Self {
        let page = Self::open_file_of_site("bench.html");
        page.wait_until("the bench", LOAD_SECONDS_MAX, || page.script("return globalThis.__bench ? true : null", &[]).as_bool());
        page
    }

    /// The page, loaded and sealed, ready to take a CV.
    pub fn ready() -> Self {
        let page = Self::open_file_of_site("");
        page.wait_ready();
        page
    }

    /// Waits until the page is sealed and takes a CV.
    pub fn wait_ready(&self) {
        let stage = self.wait_until("stage ready or failed", LOAD_SECONDS_MAX, || {
            self.state("stage").filter(|stage| stage == "ready" || stage == "failed")
        });
        assert_eq!(stage, "ready", "{}; console: {:#?}", self.body_text(), self.console());
    }

    /// A `data-` attribute of `#app`.
    pub fn state(&self, name: &str) -> Option<String> {
        let value = self.script("return document.getElementById('app')?.dataset[arguments[0]] ?? null", &[json!(name)]);
        value.as_str().map(str::to_owned)
    }

    /// The address of the site's root.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What arrived at the server since it was last forgotten.
    pub fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }

    /// Forgets what arrived so far.
    pub fn clear_requests(&self) {
        self.server.clear_requests();
    }

    /// From now on there is nobody to ask.
    pub fn stop_server(&mut self) {
        self.server.stop();
    }

    /// Gives a file to the file input, as the file dialogue does.
    pub fn give_file(&self, file: &Path) {
        assert!(file.is_file(), "{} is not there", file.display());
        self.wait("[data-testid=cv-file]:not([disabled])", 20);
        self.type_into(&self.wait("[data-testid=cv-file]", 20), file.to_str().unwrap());
    }

    /// Gives bytes as a file of that name.
    pub fn give_bytes(&self, name: &str, bytes: &[u8]) {
        let folder = std::env::temp_dir().join(format!("waymark-given-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, bytes).unwrap();
        self.give_file(&file);
    }

    /// Gives a file and waits for its review.
    pub fn review_file(&self, file: &Path) {
        self.give_file(file);
        self.wait_review();
    }

    /// Puts a text into the text field at once, as pasting does.
    pub fn set_paste(&self, text: &str) {
        self.test_id("paste-text");
        self.script(
            "const field = document.querySelector('[data-testid=paste-text]');
             field.value = arguments[0]; field.dispatchEvent(new Event('input', {bubbles: true}));",
            &[json!(text)],
        );
    }

    /// The text in the text field.
    pub fn pasted(&self) -> String {
        let value = self.script("return document.querySelector('[data-testid=paste-text]')?.value ?? null", &[]);
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Pastes a text and lets it be analysed.
    pub fn paste(&self, text: &str) {
        self.set_paste(text);
        self.click(&self.wait("[data-testid=paste-go]:not([disabled])", 10));
    }

    /// Waits until the review is on the screen.
    pub fn wait_review(&self) {
        self.wait_until("review", ANALYSE_SECONDS_MAX, || {
            let done = self.state("screen").as_deref() == Some("review") && self.find("[data-testid=busy]").is_none();
            assert!(self.find("[data-testid=message]").is_none() || done, "a message instead: {}", self.body_text());
            done.then_some(())
        });
    }

    /// Goes back to the start with the text forgotten.
    pub fn start_again(&self) {
        self.click(&self.test_id("another"));
        self.wait("[data-testid=paste-text]", 10);
    }

    /// The element with this test id, waited for.
    pub fn test_id(&self, id: &str) -> Element {
        self.wait(&format!("[data-testid=\"{id}\"]"), 20)
    }

    /// The words highlighted in the CV, in their order; one that is cut by another span is given whole by its card.
    pub fn highlighted(&self) -> Vec<String> {
        strings(&self.script(
            "const spans = new Map();
             for (const mark of document.querySelectorAll('[data-testid=cv-text] mark'))
               for (const entry of (mark.dataset.entries ?? '').split(' '))
                 spans.set(entry, (spans.get(entry) ?? '') + mark.textContent);
             return [...spans.values()]",
            &[],
        ))
    }

    /// All text of the page as rendered.
    pub fn body_text(&self) -> String {
        self.script("return document.body.innerText", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// The kind of the message shown, waited for, and its text.
    pub fn message(&self) -> (String, String) {
        let message = self.wait("[data-testid=message]", 20);
        (self.attribute(&message, "data-kind").unwrap_or_default(), self.text(&message))
    }

    /// The language of the page.
    pub fn language(&self) -> String {
        self.script("return document.documentElement.lang", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Moves the focus by the tabulator alone until `css` matches the focused element.
    pub fn tab_to(&self, css: &str) {
        for _ in 0..600 {
            let there = self.script("return document.activeElement?.matches(arguments[0]) ?? false", &[json!(css)]);
            if there == Value::Bool(true) {
                return;
            }
            self.press(&[key::TAB]);
        }
        panic!("the tabulator never reaches {css}");
    }
}

/// The strings of a JSON array.
pub fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The folder of the site under test.
pub fn site_folder() -> PathBuf {
    let folder = std::env::var_os("WAYMARK_SITE").map_or_else(|| waymark_site::target_dir().join("site-test"), PathBuf::from);
    assert!(folder.join("site.json").is_file(), "no site at {}: run `cargo site test`", folder.display());
    folder
}

/// A file of the repository.
pub fn repository_file(path: &str) -> PathBuf {
    waymark_site::workspace_root().join(path)
}
