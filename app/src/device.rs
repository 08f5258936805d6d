//! The browser as the page meets it: fetching with byte counts, the cache, the seal, clock and settings.
//! Not the order in which they are used: that is `visit`.
use std::pin::Pin;

use js_sys::{Array, JSON, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Document, HtmlElement, ReadableStreamDefaultReader, Response, Storage, Window};

use crate::worker::protocol::{EngineAsked, KEPT};

/// Policy 2 of the seal: with it the page and every worker started after it have no network.
pub const SEAL: &str = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; img-src data: blob:";
/// The cache of the model's files.
const CACHE: &str = "waymark-pack";

/// The window; the page runs in no other place.
pub fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The document.
pub fn document() -> Document {
    window().document().unwrap_or_else(|| JsValue::NULL.unchecked_into())
}

/// A property of an object, or undefined.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// The element of the page that everything stands in.
pub fn root() -> Option<HtmlElement> {
    document().get_element_by_id("app").and_then(|element| element.dyn_into().ok())
}

/// A value that the site wrote into the page, such as the worker's file name.
pub fn written(name: &str) -> String {
    root().and_then(|root| root.get_attribute(name)).unwrap_or_default()
}

/// Runs a task. Boxed, so that all tasks are one type to the runtime: that keeps the program small.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    wasm_bindgen_futures::spawn_local(task);
}

/// Milliseconds since the page began.
pub fn page_millis() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Hours and minutes of the person's clock.
pub fn clock() -> String {
    let now = js_sys::Date::new_0();
    format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
}

/// The person's day, as 2026-11-24.
pub fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// Whole, not negative numbers of the browser, far below 2^53.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before the cast")]
pub fn whole(number: f64) -> u64 {
    number.clamp(0.0, 9e15) as u64
}

/// Megabytes with one decimal.
pub fn megabytes(bytes: u64) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Fetches a file as a Blob; the chunks never enter wasm memory. `arrived` hears of every chunk's bytes.
pub async fn fetch(path: &str, arrived: &dyn Fn(u64)) -> Option<Blob> {
    let response: Response = JsFuture::from(window().fetch_with_str(path)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let reader: ReadableStreamDefaultReader = response.body()?.get_reader().dyn_into().ok()?;
    let chunks = Array::new();
    loop {
        let read = JsFuture::from(reader.read()).await.ok()?;
        if get(&read, "done").is_truthy() {
            break;
        }
        let chunk: Uint8Array = get(&read, "value").dyn_into().ok()?;
        arrived(u64::from(chunk.length()));
        chunks.push(&chunk);
    }
    Blob::new_with_u8_array_sequence(&chunks).ok()
}

/// True if the network cannot be reached.
pub async fn is_refused(url: &str) -> bool {
    JsFuture::from(window().fetch_with_str(url)).await.is_err()
}

/// The text of a Blob.
pub async fn text_of(blob: &Blob) -> String {
    JsFuture::from(blob.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A JSON text as a browser object.
pub async fn json_of(blob: &Blob) -> JsValue {
    JSON::parse(&text_of(blob).await).unwrap_or_default()
}

/// Compiles a program.
pub async fn compile(blob: &Blob) -> Option<JsValue> {
    let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
    JsFuture::from(js_sys::WebAssembly::compile(&bytes)).await.ok()
}

/// The cache of this site, where the browser grants one (a secure context).
pub async fn cache() -> Option<Cache> {
    let caches = window().caches().ok().filter(|caches| !caches.is_undefined())?;
    JsFuture::from(caches.open(CACHE)).await.ok()?.dyn_into().ok()
}

/// A file kept from an earlier visit, by its digest.
pub async fn kept(cache: &Cache, path: &str, sha256: &str) -> Option<Blob> {
    let found: Response = JsFuture::from(cache.match_with_str(&key(path, sha256))).await.ok()?.dyn_into().ok()?;
    JsFuture::from(found.blob().ok()?).await.ok()?.dyn_into().ok()
}

/// Keeps a verified file for the next visit. A full disk is no fault: the file is fetched again then.
pub async fn keep(cache: &Cache, path: &str, sha256: &str, blob: &Blob) {
    if let Ok(response) = Response::new_with_opt_blob(Some(blob)) {
        let _ = JsFuture::from(cache.put_with_str(&key(path, sha256), &response)).await;
    }
}

/// Drops every kept file whose digest is not among `wanted`.
pub async fn drop_others(cache: &Cache, wanted: &[String]) {
    let Ok(keys) = JsFuture::from(cache.keys()).await else { return };
    for request in Array::from(&keys) {
        let url = get(&request, "url").as_string().unwrap_or_default();
        if !wanted.iter().any(|sha256| url.ends_with(sha256)) {
            // What cannot be dropped now is dropped by the next visit.
            let _ = JsFuture::from(cache.delete_with_str(&url)).await;
        }
    }
}

fn key(path: &str, sha256: &str) -> String {
    format!("{path}?sha256={sha256}")
}

/// Deletes the settings and what is kept.
pub fn forget_settings() {
    for name in ["waymark.lang", "waymark.theme", KEPT] {
        set_setting(name, "");
    }
}

/// Deletes the cache.
pub async fn forget_cache() {
    if let Ok(caches) = window().caches()
        && !caches.is_undefined()
    {
        // A browser without a cache has nothing to delete.
        let _ = JsFuture::from(caches.delete(CACHE)).await;
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// A setting of an earlier visit.
pub fn setting(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a setting, none for an empty one; a browser that keeps none asks again next time.
pub fn set_setting(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = if value.is_empty() { storage.remove_item(name) } else { storage.set_item(name, value) };
    }
}

/// Adds policy 2 to the head: from here on this page has no network.
pub fn seal() -> Option<()> {
    let meta = document().create_element("meta").ok()?;
    meta.set_attribute("http-equiv", "Content-Security-Policy").ok()?;
    meta.set_attribute("content", SEAL).ok()?;
    document().head()?.append_child(&meta).ok()?;
    Some(())
}

thread_local! {
    static LEAVING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Reloads the page, offered only where no CV was taken.
pub fn reload() {
    LEAVING.set(true);
    // A browser that refuses leaves the page as it is; the person can reload.
    let _ = window().location().reload();
}

/// Stops what scripts and links start: navigation of the page itself, which no policy covers.
pub fn hold_navigation() {
    let navigation = get(&window(), "navigation");
    let Ok(target) = navigation.dyn_into::<web_sys::EventTarget>() else { return };
    let hold = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        // A file made here that the person saves leaves the page as it is and asks nobody.
        let url = get(&get(&event, "destination"), "url").as_string().unwrap_or_default();
        let saving = url.starts_with("blob:") && !get(&event, "downloadRequest").is_null_or_undefined();
        if !LEAVING.get() && !saving && !get(&event, "hashChange").is_truthy() {
            event.prevent_default();
        }
    });
    // Without the listener the seal holds all the same, for all but navigation.
    let _ = target.add_event_listener_with_callback("navigate", hold.as_ref().unchecked_ref());
    hold.forget();
}

/// Offers a text to the person as a file to save.
pub fn save(name: &str, text: &str) {
    if let Ok(blob) = Blob::new_with_str_sequence(&Array::of1(&text.into())) {
        offer(name, &blob);
    }
}

/// Opens the browser's way to print the page.
pub fn print() {
    // Where it cannot print, nothing happens, and the file is there to be saved.
    let _ = window().print();
}

/// Offers a picture, given as SVG, to the person as a PNG of twice its size.
pub async fn save_picture(name: &str, svg: &str) {
    if let Some(pixels) = pixels(svg).await {
        offer(name, &pixels);
    }
}

async fn pixels(svg: &str) -> Option<Blob> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&svg.into()), &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    drop(web_sys::Url::revoke_object_url(&url));
    decoded.ok()?;
    let canvas: web_sys::HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(image.width() * 2);
    canvas.set_height(image.height() * 2);
    let context: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.scale(2.0, 2.0).ok()?;
    context.draw_image_with_html_image_element(&image, 0.0, 0.0).ok()?;
    let promise = Promise::new(&mut |resolve, _| {
        let then = Closure::once_into_js(move |blob: JsValue| {
            // The promise is waited for below.
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        let _ = canvas.to_blob(then.unchecked_ref());
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// Offers a file to save; its address in memory is given back after a minute.
fn offer(name: &str, file: &Blob) {
    let (Ok(url), Ok(link)) = (web_sys::Url::create_object_url_with_blob(file), document().create_element("a")) else { return };
    // Attributes of ours cannot be refused.
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", name);
    link.unchecked_into::<HtmlElement>().click();
    gloo::timers::callback::Timeout::new(60_000, move || drop(web_sys::Url::revoke_object_url(&url))).forget();
}

/// The part of the address behind `#`.
pub fn address() -> String {
    window().location().hash().unwrap_or_default()
}

/// What `?engine=` of the address asks for.
pub fn engine_asked() -> EngineAsked {
    EngineAsked::of(&window().location().search().unwrap_or_default())
}

/// Puts a part behind `#` in place of what is there, without a step in the browser's history.
pub fn show_address(part: &str) {
    // Where the browser refuses, the address stays as it was.
    let _ = window().location().replace(&format!("#{part}"));
}

/// Waits until the browser has painted, so that words shown before hard work are seen.
pub async fn painted() {
    let promise = Promise::new(&mut |resolve, _| {
        let then = Closure::once_into_js(move || {
            gloo::timers::callback::Timeout::new(0, move || {
                // The promise is waited for by the caller below.
                let _ = resolve.call0(&JsValue::UNDEFINED);
            })
            .forget();
        });
        let _ = window().request_animation_frame(then.unchecked_ref());
    });
    let _ = JsFuture::from(promise).await;
}

/// Seconds with one decimal.
pub fn seconds(millis: f64) -> String {
    let tenths = whole(millis / 100.0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// One line of the browser's own list of requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Requested {
    /// Path below the site.
    pub path: String,
    /// Milliseconds since the page began.
    pub at_millis: f64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Came over the network, not out of the browser's cache.
    pub over_network: bool,
}

/// The browser's own list of what this page asked for, the page first; Blobs made here are no requests.
pub fn requested() -> Vec<Requested> {
    let Some(performance) = window().performance() else { return Vec::new() };
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let folder = base.rsplit_once('/').map_or(base.clone(), |(folder, _)| format!("{folder}/"));
    let mut rows = Vec::new();
    for kind in ["navigation", "resource"] {
        for entry in performance.get_entries_by_type(kind) {
            let name = get(&entry, "name").as_string().unwrap_or_default();
            if name.starts_with("blob:") || name.starts_with("data:") {
                continue;
            }
            let number = |field: &str| get(&entry, field).as_f64().unwrap_or_default();
            let path = name.strip_prefix(&folder).map_or(name.clone(), str::to_owned);
            rows.push(Requested {
                path: if path.is_empty() { "./".to_owned() } else { path },
                at_millis: number("startTime"),
                bytes: whole(number("decodedBodySize")),
                over_network: number("transferSize") > 0.0,
            });
        }
    }
    rows
}
