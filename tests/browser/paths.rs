//! From a CV, an advertisement or answers to a path and a plan that follows progress, in both languages.
use crate::page::{Page, strings};
use serde_json::{Value, json};

/// A drawing may take this long on a busy machine: the first compares all pairs of occupations.
pub const DRAW_SECONDS_MAX: u64 = 90;

/// How often a drawn page was drawn.
pub fn drawn(page: &Page, name: &str) -> i64 {
    page.script("return Number(document.querySelector(`[data-testid='${arguments[0]}']`)?.dataset.drawn ?? 0)", &[json!(name)]).as_i64().unwrap_or(0)
}

/// Goes to a page by its step in the header (Start 0 to Plan 4).
pub fn go(page: &Page, step: usize, name: &str) {
    page.script("document.querySelectorAll('.steps li')[arguments[0]].querySelector('button').click()", &[json!(step)]);
    page.wait_until("the page drawn", DRAW_SECONDS_MAX, || (drawn(page, name) > 1).then_some(()));
}

/// Does something and waits until the page has answered it.
pub fn act(page: &Page, name: &str, script: &str) {
    let before = drawn(page, name);
    page.script(script, &[]);
    page.wait_until(script, DRAW_SECONDS_MAX, || (drawn(page, name) > before + 1).then_some(()));
}

pub fn texts(page: &Page, css: &str) -> Vec<String> {
    strings(&page.script("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", &[json!(css)]))
}

pub fn text(page: &Page, css: &str) -> String {
    texts(page, css).concat()
}

#[test]
fn a_line_worker_comes_to_a_plan_that_follows_two_weeks_of_progress() {
    let page = Page::ready();
    let said = [("en", "Done: ", "because of: progress in"), ("zh", "已完成：", "有进展")];
    for (language, done, why) in said {
        page.click(&page.test_id(&format!("lang-{language}")));
        page.click(&page.test_id(&format!("sample-line_worker.{language}")));
        page.wait_review();
        page.clear_requests();
        go(&page, 3, "paths");
        let ways = texts(&page, ".way");
        assert!((3..=5).contains(&ways.len()), "{language}: {ways:?}");
        act(&page, "paths", "document.querySelector('.way button').click()");
        assert!(texts(&page, ".standing").len() > 1, "{language}: {}", text(&page, "#gap"));
        assert!(text(&page, "#gap .words").len() > 10, "{language}: no word of the CV stands beside what it shows");
        page.script("document.querySelector('.way button.main').click()", &[]);
        page.wait_until("the plan drawn", DRAW_SECONDS_MAX, || (drawn(&page, "plan") > 1).then_some(()));
        let weeks = texts(&page, ".week");
        assert!(weeks.len() > 1, "{language}: {weeks:?}");
        const THIS_WEEK: &str = "[data-part=weeks] > .weeks > .week:first-child input";
        let left = || texts(&page, &format!("{THIS_WEEK}:not(:checked)")).len();
        act(&page, "plan", "document.querySelector('[data-part=units] input').click()");
        for _ in 0..2 {
            // What is ticked stays in its week and fills it.
            while left() > 0 {
                act(&page, "plan", &format!("document.querySelector('{THIS_WEEK}:not(:checked)').click()"));
            }
            assert!(!texts(&page, &format!("{THIS_WEEK}:checked")).is_empty(), "{language}");
            act(&page, "plan", "[...document.querySelectorAll('[data-part=weeks] [data-set]')].find(b => !b.dataset.set.endsWith('=')).click()");
        }
        let changed = text(&page, "[data-part=changes]");
        assert!(changed.contains(done) && changed.contains(why), "{language}: {changed}");
        assert!(texts(&page, ".week h3")[0].contains('3'), "{language}: two weeks have passed");
        // What the person did is in no address.
        let hash = page.script("return location.hash", &[]);
        assert!(hash.as_str().unwrap().starts_with("#plan?v=1&") && !hash.as_str().unwrap().contains("my."), "{hash}");
        let pdf = page.cdp("Page.printToPDF", json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true}));
        assert!(pdf["data"].as_str().is_some_and(|data| data.len() > 10_000));
        assert!(page.requests().is_empty(), "{:?}", page.requests());
        go_back(&page);
    }
}

/// To the review and from there to the start.
fn go_back(page: &Page) {
    page.script("document.querySelectorAll('.steps li')[1].querySelector('button').click()", &[]);
    page.wait_review();
    page.start_again();
}

#[test]
fn an_advertisement_is_held_against_the_person_with_musts_and_wishes_apart() {
    let page = Page::ready();
    let ads = [
        ("en", "Maintenance technician\nRequirements:\nPLC programming\nPreventive maintenance of conveyors\nNice to have:\nMicrosoft Excel", "must", "nice to have"),
        ("zh", "设备维修工\n任职要求：\n熟悉PLC编程\n会做预防性维护\n会用Excel者优先", "必须", "加分"),
    ];
    for (language, ad, must, nice) in ads {
        page.click(&page.test_id(&format!("lang-{language}")));
        page.click(&page.test_id(&format!("sample-line_worker.{language}")));
        page.wait_review();
        go(&page, 3, "paths");
        let give = "const t = document.getElementById('ad-text'); t.value = arguments[0]; t.dispatchEvent(new Event('input', {bubbles: true}))";
        page.script(give, &[json!(ad)]);
        page.script("document.querySelector('[data-read]').click()", &[]);
        page.wait_until("the advertisement read", DRAW_SECONDS_MAX, || text(&page, "#gap .asked").contains(must).then_some(()));
        let gap = text(&page, "#gap");
        assert!(gap.contains(must) && gap.contains(nice) && gap.contains("PLC"), "{language}: {gap}");
        act(&page, "paths", "document.querySelector('[data-set*=\"my.ads=clear\"]').click()");
        assert!(!text(&page, "#gap").contains("PLC"), "{language}: the advertisement is put away");
        go_back(&page);
    }
}

#[test]
fn without_a_cv_at_most_twelve_questions_lead_to_paths() {
    let page = Page::ready();
    page.click(&page.test_id("intake"));
    page.wait_until("the first question", DRAW_SECONDS_MAX, || (drawn(&page, "intake") > 1).then_some(()));
    let found = |css: &str| page.script("return document.querySelector(arguments[0]) !== null", &[json!(css)]) == Value::Bool(true);
    let mut asked = 0;
    while !found("[data-testid=intake] [data-go=paths]") {
        asked += 1;
        assert!(asked <= 12, "{}", text(&page, "[data-testid=intake]"));
        if found("[data-list]") {
            act(&page, "intake", "document.querySelector('[data-list]').click()");
        } else {
            page.script("const t = document.querySelector('[data-ask]'); t.value = '电焊、叉车'; t.dispatchEvent(new Event('input', {bubbles: true}))", &[]);
        }
        act(&page, "intake", "document.querySelector('[data-testid=intake] button.main').click()");
    }
    page.script("document.querySelector('[data-go=paths]').click()", &[]);
    page.wait_until("paths drawn", DRAW_SECONDS_MAX, || (drawn(&page, "paths") > 1).then_some(()));
    assert!(!texts(&page, ".way").is_empty() && text(&page, "[data-part=ways]").contains("your answers"));
    assert!(page.script("return location.hash", &[]).as_str().is_some_and(|hash| !hash.contains("my.")));
}
