//! A plan that is kept on the device when asked, sealed; opened again; and nothing left of it once all is deleted.
use crate::page::Page;
use crate::paths::{drawn, go};
use serde_json::json;

const PHRASE: &str = "four plain words here";
/// A browser may take this long for the key and the drawing after it.
const SECONDS_MAX: u64 = 90;

/// All that the browser holds for this site, but for the pack.
fn held(page: &Page) -> String {
    let all = page.script_awaited(
        "const dbs = await indexedDB.databases(); return JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie, dbs])",
        &[],
    );
    all.as_str().unwrap().to_owned()
}

fn body_has(page: &Page, words: &str) {
    page.wait_until(words, SECONDS_MAX, || page.body_text().contains(words).then_some(()));
}

/// Types the pass phrase and presses a button of the section.
fn with_phrase(page: &Page, phrase: &str, button: &str) {
    page.type_into(&page.wait("#phrase", SECONDS_MAX), phrase);
    page.click(&page.wait(button, 10));
}

#[test]
fn a_plan_is_kept_sealed_opened_with_its_phrase_alone_and_deleted_without_a_trace() {
    let said = [
        ("en", "Kept on this device, encrypted", "This pass phrase does not open it", "The saved plan was opened"),
        ("zh", "已加密存在本机", "口令打不开存档", "已打开保存的计划"),
    ];
    let page = Page::ready();
    for (language, kept, wrong, opened) in said {
        page.click(&page.test_id(&format!("lang-{language}")));
        assert!(page.find("[data-testid=kept]").is_none(), "{language}: nothing is kept yet");
        page.click(&page.test_id(&format!("sample-line_worker.{language}")));
        page.wait_review();
        go(&page, 3, "paths");
        page.script("document.querySelector('.way button').click()", &[]);
        page.wait_until("the choice", SECONDS_MAX, || page.script("return location.hash.includes('to=') || null", &[]).as_bool());
        go(&page, 4, "plan");
        assert!(!held(&page).contains("waymark.kept"), "{language}: nothing is kept unasked");
        let first = page.script("const box = document.querySelector('.unit input'); box.click(); return box.value", &[]);
        page.wait_until("the tick", SECONDS_MAX, || page.script("return document.querySelector(`.unit input[value='${arguments[0]}']`)?.checked || null", &[first.clone()]).as_bool());
        page.clear_requests();
        with_phrase(&page, PHRASE, "[data-save=kept]");
        body_has(&page, kept);
        let stored = held(&page);
        assert!(stored.contains("waymark-sealed-1:") && !stored.contains(PHRASE) && !stored.contains("49-") && !stored.contains("PLC"), "{stored}");
        assert!(page.requests().is_empty());

        // Another day.
        page.open(&page.url());
        page.wait_ready();
        page.click(&page.wait("[data-testid=kept]:not([disabled])", 20));
        page.wait_until("the page without a plan", SECONDS_MAX, || (drawn(&page, "plan") > 1).then_some(()));
        with_phrase(&page, "four other words here", "[data-open-kept]");
        body_has(&page, wrong);
        assert!(held(&page).contains("waymark-sealed-1:"), "{language}: still there");
        with_phrase(&page, PHRASE, "[data-open-kept]");
        body_has(&page, opened);
        let ticked = page.script("return document.querySelector(`.unit input[value='${arguments[0]}']`)?.checked ?? null", &[first]);
        assert_eq!(ticked, json!(true), "{language}: progress is back");

        // All of it goes.
        page.click(&page.wait("[data-testid=forget]:not([disabled])", 10));
        page.wait("[data-testid=paste-text]", 20);
        let caches = || page.script_awaited("return (await caches.keys()).length", &[]);
        page.wait_until("no cache", 20, || (caches() == json!(0)).then_some(()));
        assert_eq!(page.script("return localStorage.length", &[]), json!(0), "{language}: {}", held(&page));
        assert!(page.find("[data-testid=kept]").is_none());
        page.open(&page.url());
        page.wait_ready();
        assert!(page.find("[data-testid=kept]").is_none(), "{language}: after all was deleted");
    }
}
