//! The Market page: occupation, levers, presets compared, the address reopened, files, both languages.
use crate::driver::key;
use crate::page::{Page, site_folder};
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
    page.script("document.querySelectorAll('.steps button')[2].click()", &[]);
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
    for view in ["states", "heat", "beveridge", "flows", "tornado", "system"] {
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

/// The Market page at an address, drawn.
fn market(page: &Page, query: &str) {
    page.open(&format!("{}#market?v=1&{query}", page.url()));
    page.wait_ready();
    page.wait_until("the market drawn", DRAW_SECONDS_MAX, || (drawn(page) > 1).then_some(()));
}

fn readout(page: &Page, figure: &str) -> String {
    page.script("return document.querySelector(`[data-figure='${arguments[0]}'] [data-readout]`).textContent", &[json!(figure)]).as_str().unwrap_or("").to_owned()
}

#[test]
fn a_chart_is_read_by_keys_alone() {
    let page = Page::open_file_of_site("bench.html");
    market(&page, "soc=51-2090&more=system");
    page.tab_to("[data-figure='gains'] svg");
    assert_eq!(readout(&page, "gains"), "");
    let at = || page.script("return document.activeElement.dataset.reading ?? document.activeElement.tagName.toLowerCase()", &[]);
    let mut read = Vec::new();
    for (pressed, expected) in [(key::RIGHT, "0"), (key::RIGHT, "1"), (key::LEFT, "0"), (key::LEFT, "0"), (key::END, "11"), (key::RIGHT, "11"), (key::HOME, "0")] {
        page.press(&[pressed]);
        assert_eq!(at(), json!(expected), "{read:?}");
        read.push(readout(&page, "gains"));
    }
    assert!(read[0].starts_with("T technology") && read[0] == read[6] && read[4] != read[0] && !read[4].is_empty(), "{read:?}");
    page.press(&[key::ESCAPE]);
    assert_eq!((at(), readout(&page, "gains")), (json!("svg"), String::new()));
    page.press(&[key::TAB]);
    assert_ne!(at(), json!("svg"));
}

#[test]
fn gains_follow_a_lever_and_own_formulas_and_a_series_are_taken() {
    let page = Page::open_file_of_site("bench.html");
    market(&page, "soc=51-2090&more=system");
    let lever_before = page.script("window.kept = document.getElementById('lever-alpha'); return kept.value", &[]);
    assert_eq!(lever_before, json!("0.5"));
    lever(&page, "alpha", "0.75");
    assert!(text(&page, "system-gains").contains("α = +0.75"), "{}", text(&page, "system-gains"));
    // The lever under the hand is the same one still.
    assert_eq!(page.script("return kept === document.getElementById('lever-alpha')", &[]), json!(true));
    act(&page, "const f = document.getElementById('own-f'); f.value = 'alpha * T + Q'; f.dispatchEvent(new Event('input', {bubbles: true}))");
    assert!(text(&page, "system-figure").contains("“Q”"), "{}", text(&page, "system-figure"));
    act(&page, "const f = document.getElementById('own-f'); f.value = 'alpha * T + 0.5 * P'; f.dispatchEvent(new Event('input', {bubbles: true}))");
    assert!(text(&page, "system-gains").contains("∂(f−g)/∂P = −0.00") || text(&page, "system-gains").contains("∂(f−g)/∂T"), "{}", text(&page, "system-gains"));
    let series: String = (0..9).map(|i| format!("\n{},{},{},{}", 2010 + i, 1 + i, i * i, 0.3 * f64::from(1 + i) - 0.02 * f64::from(i * i))).collect();
    let file = std::env::temp_dir().join(format!("waymark-series-{}.csv", std::process::id()));
    std::fs::write(&file, format!("date,S,T,P{series}")).unwrap();
    page.type_into(&page.wait("#series", 10), file.to_str().unwrap());
    page.wait_until("the series fitted", DRAW_SECONDS_MAX, || text(&page, "system-fit").contains("9 points").then_some(()));
    act(&page, "document.querySelector('[data-part=system-fit] [data-set]').click()");
    assert!(text(&page, "value-beta").contains("0.30"), "{}", text(&page, "value-beta"));
}

#[test]
fn the_concept_map_leads_on_and_a_state_is_chosen() {
    let page = Page::open_file_of_site("bench.html");
    market(&page, "soc=51-2090");
    act(&page, "const s = document.getElementById('area'); s.value = '26'; s.dispatchEvent(new Event('change', {bubbles: true}))");
    assert!(text(&page, "numbers").contains("Michigan") && text(&page, "numbers").contains("not published"), "{}", text(&page, "numbers"));
    assert!(page.script("return location.hash", &[]).as_str().unwrap().contains("area=26"));
    page.tab_to("[data-figure='concept'] a[data-go='view-created']");
    let before = drawn(&page);
    page.press(&[key::ENTER]);
    page.wait_until("the page drawn", DRAW_SECONDS_MAX, || (drawn(&page) > before + 1).then_some(()));
    assert!(text(&page, "more").contains("What is being created"));
    assert_eq!(page.script("return document.activeElement.id", &[]), json!("view-created"));
    // A host's table stands beside the page.
    let folder = std::env::temp_dir().join(format!("waymark-host-{}", std::process::id()));
    copy(&site_folder(), &folder);
    std::fs::write(folder.join("local.csv"), "occupation,employment,date,source\n51-2090,420,2025-06,Bureau of Example\n").unwrap();
    drop(page);
    let page = Page::open_site(&folder, "bench.html");
    market(&page, "soc=51-2090");
    assert!(text(&page, "numbers").contains("Bureau of Example"), "{}", text(&page, "numbers"));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &place) } else { std::fs::copy(&path, &place).map(|_| ()).unwrap() }
    }
}

#[test]
fn the_bench_page_simulates() {
    let page = Page::bench();
    let found = page.script_awaited("return await __bench.simulate({levers: 60, workers: 2})", &[]);
    let number = |name: &str| found[name].as_f64().unwrap_or_else(|| panic!("{name} in {found}"));
    assert_eq!(number("nodes"), 784.0);
    assert!((100.0 * number("peak") - 10.11).abs() < 0.05, "{found}");
    assert!(number("stepsPerSecond") > 100.0 && number("leverMs") > 0.0 && number("sharedMs") > 0.0);
    let [alone, together, shared] = [number("stepsPerSecond"), number("runStepsPerSecond"), number("runs") * number("steps") * 1000.0 / number("sharedMs")];
    println!("784 nodes: {alone:.0} steps/s alone, {together:.0} in {} runs, {shared:.0} in two workers; a lever moved: {:.1} ms", number("runs"), number("leverMs"));
    let found = page.script_awaited("return await __bench.simulate({levers: 1, runs: 200, steps: 232, workers: 2})", &[]);
    println!("200 runs of 30 years: {:.0} ms in one worker, {:.0} in two", found["ms"].as_f64().unwrap(), found["sharedMs"].as_f64().unwrap());
}

#[test]
fn the_bench_page_searches_for_paths() {
    let page = Page::bench();
    let found = page.script_awaited("return await __bench.search({})", &[]);
    let searches = found["searches"].as_array().unwrap_or_else(|| panic!("{found}"));
    let mut millis: Vec<f64> = searches.iter().map(|of| of["ms"].as_f64().unwrap()).collect();
    millis.sort_by(f64::total_cmp);
    assert_eq!((&found["occupations"], searches.len()), (&json!(832), 40));
    assert!(searches.iter().any(|of| of["found"].as_u64().unwrap() > 0), "{found}");
    println!("832 occupations: all moves scored in {:.0} ms; 40 searches of up to 4 steps: median {:.1} ms, slowest {:.1} ms", found["scoresMs"].as_f64().unwrap(), millis[20], millis[39]);
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
