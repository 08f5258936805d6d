//! After the seal nothing leaves the page: the server counts, then it is gone and the work goes on.
use crate::page::{Page, repository_file};
use serde_json::json;
use std::collections::BTreeSet;
use waymark_site::server::{Request, Server};

/// Ways for a page to send something, each a function of an address. Each hits the server from a page without policy.
const PROBES: &str = r#"
const worker = code => new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})));
const append = (tag, attributes) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element[name] = value;
  document.head.append(element);
};
const probes = {
  img: url => { new Image().src = url },
  srcset: url => { append('img', {srcset: url + ' 2x'}) },
  css_image: url => { document.body.style.backgroundImage = `url("${url}")` },
  fetch: url => fetch(url, {mode: 'no-cors'}),
  keepalive: url => fetch(url, {mode: 'no-cors', keepalive: true}),
  xhr: url => { const x = new XMLHttpRequest(); x.open('GET', url); x.send() },
  beacon: url => { navigator.sendBeacon(url, 'cv') },
  websocket: url => { new WebSocket(url.replace('http', 'ws')) },
  event_source: url => { new EventSource(url) },
  import: url => import(url),
  script: url => append('script', {src: url}),
  url_worker: url => { new Worker(url) },
  shared_worker: url => { new SharedWorker(url) },
  blob_worker_fetch: url => { worker(`fetch("${url}", {mode: 'no-cors'}).catch(() => 0)`) },
  blob_worker_import: url => { worker(`importScripts("${url}")`) },
  stylesheet: url => append('link', {rel: 'stylesheet', href: url}),
  icon: url => append('link', {rel: 'icon', href: url}),
  manifest: url => append('link', {rel: 'manifest', href: url}),
  prefetch: url => append('link', {rel: 'prefetch', href: url}),
  modulepreload: url => append('link', {rel: 'modulepreload', href: url}),
  iframe: url => append('iframe', {src: url}),
  object: url => { const o = document.createElement('object'); o.data = url; document.body.append(o) },
  media: url => { const a = new Audio(); a.preload = 'auto'; a.src = url; a.load() },
  font: url => { const f = new FontFace('probe', `url("${url}")`); document.fonts.add(f); return f.load() },
};
const [base, parts] = arguments;
const names = Object.keys(probes);
await Promise.allSettled(names.flatMap(name => parts.map(async part => probes[name](`${base}probe/${part}/${name}.js`))));
await new Promise(resolve => setTimeout(resolve, 1500));
return names;
"#;

/// The names of the probes that a server saw.
fn seen(server_requests: &[Request]) -> BTreeSet<String> {
    let name = |target: &str| target.split_once("/probe/").map(|(_, rest)| rest.split(['/', '.']).nth(1).unwrap_or("").to_owned());
    server_requests.iter().filter_map(|request| name(&request.target)).collect()
}

#[test]
fn after_the_seal_no_planted_request_reaches_a_server() {
    let page = Page::ready();
    let outside = Server::start(&repository_file("tests/browser/control"), "/", 0).unwrap();
    page.clear_requests();

    let names = page.script_awaited(PROBES, &[json!(page.url()), json!(["own"])]);
    let names: BTreeSet<String> = crate::page::strings(&names).into_iter().collect();
    page.script_awaited(PROBES, &[json!(outside.url()), json!(["outside"])]);
    assert_eq!(page.requests(), [], "own host");
    assert_eq!(outside.requests(), [], "another host");

    // Removing the policies' tags does not unseal.
    page.script("for (const meta of document.querySelectorAll('meta[http-equiv]')) meta.remove()", &[]);
    page.script_awaited(PROBES, &[json!(page.url()), json!(["own"])]);
    assert_eq!(page.requests(), [], "own host, tags removed");

    // The control: the same probes from a page without policy all arrive.
    page.open(&format!("{}control.html", outside.url()));
    page.script_awaited(PROBES, &[json!(outside.url()), json!(["control"])]);
    let arrived = seen(&outside.requests());
    assert_eq!(arrived, names, "a probe that never arrives proves nothing");
}

#[test]
fn the_page_does_not_navigate_away_with_a_cv() {
    let page = Page::ready();
    page.click(&page.test_id("sample-line_worker.en"));
    page.wait_review();
    page.clear_requests();
    for way in [
        "location.href = arguments[0]",
        "location.assign(arguments[0])",
        "location.replace(arguments[0])",
        "const a = document.createElement('a'); a.href = arguments[0]; document.body.append(a); a.click()",
        "const f = document.createElement('form'); f.action = arguments[0]; document.body.append(f); f.submit()",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=' + arguments[0]; document.head.append(m)",
    ] {
        page.script(way, &[json!(format!("{}?cv=secret", page.url()))]);
        std::thread::sleep(std::time::Duration::from_millis(400));
        assert_eq!(page.requests(), [], "{way}");
        assert_eq!(page.state("screen").as_deref(), Some("review"), "{way}");
    }
}

#[test]
fn the_whole_journey_works_without_a_server() {
    let mut page = Page::ready();
    assert!(page.state("sealedAt").is_some_and(|at| at.parse::<f64>().is_ok()));
    page.clear_requests();
    page.review_file(&repository_file(crate::journey::ENGLISH_PDF));
    let with_server = page.highlighted();
    assert!(!with_server.is_empty());
    page.click(&page.test_id("lang-zh"));
    page.click(&page.test_id("lang-en"));
    assert_eq!(page.requests(), [], "between the seal and the end of the review");

    page.stop_server();
    page.start_again();
    page.review_file(&repository_file(crate::journey::ENGLISH_PDF));
    assert_eq!(page.highlighted(), with_server, "the same file, with nobody to ask");
    crate::journey::cancel_one_analysis(&page);
    page.review_file(&repository_file(crate::journey::CHINESE_CV));
    assert!(!page.highlighted().is_empty(), "a fresh worker after the cancel needs nobody either");
    assert_eq!(page.requests(), [], "after the server had stopped");
}
