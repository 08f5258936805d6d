//! A small WebDriver client and the Chromium it drives. Knows nothing of Waymark: that is `page.rs`.
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys as WebDriver writes them.
pub mod key {
    /// Tabulator.
    pub const TAB: char = '\u{e004}';
    /// Escape.
    pub const ESCAPE: char = '\u{e00c}';
    /// End.
    pub const END: char = '\u{e010}';
    /// Home.
    pub const HOME: char = '\u{e011}';
    /// Arrow to the left.
    pub const LEFT: char = '\u{e012}';
    /// Arrow to the right.
    pub const RIGHT: char = '\u{e014}';
    /// Enter.
    pub const ENTER: char = '\u{e007}';
}

/// A Chromium of its own, with a fresh profile; ends with its driver when dropped.
pub struct Browser {
    driver: Child,
    /// Kept open: a driver that cannot write its log ends.
    _output: BufReader<ChildStdout>,
    port: u16,
    session: String,
    profile: PathBuf,
}

/// An element of the page.
#[derive(Clone, Debug)]
pub struct Element(String);

impl Browser {
    /// Starts a headless Chromium.
    pub fn start() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let profile = std::env::temp_dir().join(format!("waymark-chromium-{}-{number}", std::process::id()));
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not on this machine: `cargo site test` installs it");
        let mut output = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(output.read_line(&mut line).unwrap() > 0, "chromedriver ended before it named its port");
            if let Some((_, rest)) = line.split_once("successfully on port ")
                && let Ok(port) = rest.trim_matches(|c: char| !c.is_ascii_digit()).parse()
            {
                break port;
            }
        };
        let mut browser = Self { driver, _output: output, port, session: String::new(), profile };
        let arguments = json!([
            "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-unsafe-webgpu", "--window-size=1280,900",
            "--lang=en-US", format!("--user-data-dir={}", browser.profile.display()),
        ]);
        let started = browser.call("POST", "/session", &json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 120_000, "pageLoad": 60_000},
        }}}));
        browser.session = started["sessionId"].as_str().unwrap().to_owned();
        browser
    }

    /// Opens an address.
    pub fn open(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    /// Runs the body of a function in the page.
    pub fn script(&self, body: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({"script": body, "args": arguments}))
    }

    /// Runs the body of an async function in the page and awaits it; what it throws becomes `{"thrown": …}`.
    pub fn script_awaited(&self, body: &str, arguments: &[Value]) -> Value {
        let wrapped = format!(
            "const done = arguments[arguments.length - 1];
             (async function() {{ {body} }}).apply(null, arguments).then(done, e => done({{thrown: String(e)}}));"
        );
        self.post("/execute/async", &json!({"script": wrapped, "args": arguments}))
    }

    /// The first element that matches now.
    pub fn find(&self, css: &str) -> Option<Element> {
        self.find_all(css).into_iter().next()
    }

    /// All elements that match now.
    pub fn find_all(&self, css: &str) -> Vec<Element> {
        let found = self.post("/elements", &json!({"using": "css selector", "value": css}));
        found.as_array().unwrap().iter().map(|element| Element(element[ELEMENT].as_str().unwrap().to_owned())).collect()
    }

    /// The element once it is there.
    pub fn wait(&self, css: &str, seconds: u64) -> Element {
        self.wait_until(css, seconds, || self.find(css))
    }

    /// What `check` gives once it gives something; else fails with what the page shows.
    pub fn wait_until<T>(&self, what: &str, seconds: u64, check: impl Fn() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = check() {
                return found;
            }
            if started.elapsed() > Duration::from_secs(seconds) {
                let shown = self.script("return document.body.innerText.slice(0, 2000)", &[]);
                panic!("after {seconds} s still no {what}; the page shows {shown}; its console: {:#?}", self.console());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Clicks, scrolling there first. Two frames pass before it: where the page still moves the focus, what is clicked would
    /// scroll away from under the pointer.
    pub fn click(&self, element: &Element) {
        self.script_awaited("await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))", &[]);
        self.post(&format!("/element/{}/click", element.0), &json!({}));
    }

    /// Types into an element; a file input takes paths.
    pub fn type_into(&self, element: &Element, text: &str) {
        self.post(&format!("/element/{}/value", element.0), &json!({"text": text}));
    }

    /// The text as rendered.
    pub fn text(&self, element: &Element) -> String {
        self.call("GET", &self.path(&format!("/element/{}/text", element.0)), &Value::Null).as_str().unwrap().to_owned()
    }

    /// An attribute, where it is there.
    pub fn attribute(&self, element: &Element, name: &str) -> Option<String> {
        let value = self.call("GET", &self.path(&format!("/element/{}/attribute/{name}", element.0)), &Value::Null);
        value.as_str().map(str::to_owned)
    }

    /// Presses keys together, in this order, wherever the focus is.
    pub fn press(&self, keys: &[char]) {
        let down = keys.iter().map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys.iter().rev().map(|key| json!({"type": "keyUp", "value": key}));
        let actions: Vec<Value> = down.chain(up).collect();
        self.post("/actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// Calls Chromium's own protocol.
    pub fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Sets viewport and colour scheme; without motion, so that a picture never shows a change half done.
    pub fn emulate(&self, width: u32, height: u32, dark: bool) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Writes a picture of the whole page.
    pub fn screenshot(&self, file: &Path) {
        use base64::Engine;
        let size = self.cdp("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let shot = self.cdp("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true, "clip": clip}));
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// What the page's console said since it was last asked.
    pub fn console(&self) -> Vec<String> {
        let entries = self.post("/se/log", &json!({"type": "browser"}));
        entries.as_array().unwrap().iter().map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }

    fn path(&self, rest: &str) -> String {
        format!("/session/{}{rest}", self.session)
    }

    fn post(&self, rest: &str, body: &Value) -> Value {
        self.call("POST", &self.path(rest), body)
    }

    /// One command; an error of the driver fails the test.
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, value) = self.try_call(method, path, body).unwrap();
        assert_eq!(status, 200, "{method} {path} {body}: {}", value["value"]["message"]);
        value["value"].clone()
    }

    fn try_call(&self, method: &str, path: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(180)))?;
        let body = if method == "POST" { body.to_string() } else { String::new() };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/json; charset=utf-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let mut length = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes)?;
        Ok((status, serde_json::from_slice(&bytes)?))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session's end ends Chromium; the driver would leave it running when killed.
        if !self.session.is_empty() {
            let _ended = self.try_call("DELETE", &self.path(""), &Value::Null);
        }
        let _killed = self.driver.kill();
        let _waited = self.driver.wait();
        let _removed = std::fs::remove_dir_all(&self.profile);
    }
}
