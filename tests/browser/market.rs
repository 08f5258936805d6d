//! The Market page: occupation, levers, presets compared, the address reopened, files, both languages.
use crate::page::Page;
use serde_json::json;

/// A drawing with all its runs may take this long on a busy machine.
const DRAW_SECONDS_MAX: u64 = 60;

fn drawn(page: &Page) -> i64 {
    let script = "return Number(document.querySelector('[data-testid=market]')?.dataset.drawn ?? 0)";
    page.script(script, &[]).as_i64().unwrap_or(0)
}

/// Does something and waits until the page has answered it.
fn act(page: &Page, script: &str) {
    let before = drawn(page);
    page.script(script, &[]);
    page.wait_until("the page drawn", DRAW_SECONDS_MAX, || (drawn(page) > before + 1).then_some(()));
}

fn text(page: &Page, part: &str) -> String {
    page.script("return document.querySelector(`[data-part='${arguments[0]}']`)?.textContent ?? ''", &[json!(part)]).as_str().unwrap_or("").to_owned()
}

fn lever(page: &Page, key: &str, value: &str) {
    act(page, &format!("const l = document.getElementById('lever-{key}'); l.value = '{value}'; l.dispatchEvent(new Event('input', {{bubbles: true}})); l.dispatchEvent(new Event('change', {{bubbles: true}}))"));
}

#[test]
fn the_market_answers_its_levers_and_an_address_brings_the_numbers_back() {
    let page = Page::ready();
    page.script("[...document.querySelectorAll('.steps button')].at(-1).click()", &[]);
    page.wait_until("the market drawn", DRAW_SECONDS_MAX, || (drawn(&page) > 1).then_some(()));
    assert!(text(&page, "numbers").contains("U.S. Bureau of Labor Statistics"));
    act(&page, "const s = document.getElementById('soc'); s.value = '49-9041'; s.dispatchEvent(new Event('change', {bubbles: true}))");
    let before = text(&page, "sentence");
    act(&page, "document.querySelector('[data-set^=\"kind=line&speed=8\"]').click()");
    lever(&page, "reach", "0.9");
    let after = text(&page, "sentence");
    assert!(before != after && after.contains("more jobs"), "{before} / {after}");
    act(&page, "const w = document.getElementById('with'); w.value = 'software'; w.dispatchEvent(new Event('change', {bubbles: true}))");
    let hash = page.script("return location.hash", &[]);
    let hash = hash.as_str().unwrap();
    assert!(hash.starts_with("#market?v=1&") && hash.contains("soc=49-9041") && hash.contains("reach=0.9") && hash.contains("with=software"), "{hash}");
    for view in ["heat", "beveridge", "flows", "tornado", "system"] {
        act(&page, &format!("document.querySelector('[data-set=\"more={view}\"]').click()"));
        let readings = page.script("return document.querySelectorAll(`[data-figure='${arguments[0]}'] [data-reading]`).length", &[json!(view)]);
        assert!(readings.as_i64().unwrap() > 2, "{view}: {readings}");
    }
    // Files are made in the page, by no request.
    page.clear_requests();
    for file in ["future.csv", "future.png"] {
        page.script("document.querySelector(`[data-save='${arguments[0]}']`).click()", &[json!(file)]);
    }
    act(&page, "document.querySelector('[data-testid=lang-zh]').click()");
    assert!(text(&page, "sentence").contains("模型推演"), "{}", text(&page, "sentence"));
    assert!(page.requests().is_empty(), "{:?}", page.requests());
    // The same numbers from the address alone.
    let said = text(&page, "sentence");
    let address = page.script("return location.href", &[]);
    page.open("about:blank");
    page.open(address.as_str().unwrap());
    page.wait_ready();
    page.wait_until("the market drawn", DRAW_SECONDS_MAX, || (drawn(&page) > 1).then_some(()));
    assert_eq!(text(&page, "sentence"), said);
}

/// The numbers of the fan's file on a page opened with `query`, and the engine that the page says computed them.
fn fan(query: &str) -> (Vec<f64>, String) {
    let page = Page::open_file_of_site(&format!("{query}#market?v=1&soc=49-9041&kind=line&speed=8&reach=0.6"));
    page.wait_ready();
    let by = "return document.querySelector('[data-engine]')?.dataset.engine ?? null";
    let by = page.wait_until("the settled picture", DRAW_SECONDS_MAX, || page.script(by, &[]).as_str().map(str::to_owned));
    page.script("const make = URL.createObjectURL; URL.createObjectURL = blob => { window.saved = blob; return make.call(URL, blob) }", &[]);
    page.script("document.querySelector(`[data-save='future.csv']`).click()", &[]);
    page.wait_until("the file", DRAW_SECONDS_MAX, || page.script("return window.saved ? true : null", &[]).as_bool());
    let text = page.script_awaited("return await window.saved.text()", &[]);
    let numbers = text.as_str().unwrap().lines().skip(1).flat_map(|line| line.split(',')).filter_map(|cell| cell.trim_matches('"').parse().ok()).collect();
    assert!(page.requests().iter().all(|request| !request.target.contains("wgsl")), "the kernel is part of the worker");
    (numbers, by)
}

#[test]
fn a_gpu_gives_the_numbers_of_the_lanes_within_a_thousandth_and_software_is_not_taken_unasked() {
    // Chromium's SwiftShader, behind the seal: an adapter in software, so `auto` leaves it.
    let ((gpu, by_gpu), (simd, by_simd), (_, by_auto)) = (fan("?engine=gpu"), fan("?engine=simd"), fan(""));
    assert_eq!((by_gpu.as_str(), by_simd.as_str(), by_auto.as_str()), ("gpu", "simd", "simd"));
    assert_eq!(gpu.len(), simd.len());
    assert!(gpu.len() > 200, "{}", gpu.len());
    let worst = gpu.iter().zip(&simd).map(|(a, b)| (a - b).abs() / b.abs().max(1.0)).fold(0.0, f64::max);
    println!("{} numbers, {worst:.2e} apart", gpu.len());
    assert!(worst < 1e-3, "{worst}");
}
