//! Pictures of every state for a person to look at, in `target/shots`: both languages, light and dark, from a small
//! telephone to a kiosk. The test itself only sees that nothing runs over the edge.
use crate::journey::long_cv;
use crate::page::Page;
use crate::paths::{DRAW_SECONDS_MAX, act, drawn, go};
use serde_json::json;
use std::path::PathBuf;

/// Width, height.
const SIZES: [(u32, u32); 3] = [(360, 740), (1280, 900), (1080, 1920)];

/// Takes all pictures of the state on the screen; the name says language, theme and width.
fn shoot(page: &Page, state: &str, language: &str, too_wide: &mut Vec<String>) {
    let folder = std::env::var_os("WAYMARK_SHOTS").map_or_else(|| waymark_site::target_dir().join("shots"), PathBuf::from);
    for dark in [false, true] {
        for (width, height) in SIZES {
            page.emulate(width, height, dark);
            settled(page);
            let theme = if dark { "dark" } else { "light" };
            let name = format!("{state}-{language}-{theme}-{width}");
            let over = page.script("return document.documentElement.scrollWidth - window.innerWidth", &[]);
            if over.as_i64().unwrap_or(0) > 0 {
                too_wide.push(format!("{name}: {over} px"));
            }
            page.screenshot(&folder.join(format!("{name}.png")));
        }
    }
}

/// Waits until no drawn page is drawn anew: charts are drawn for the width they have.
fn settled(page: &Page) {
    let drawn = || page.script("return [...document.querySelectorAll('[data-drawn]')].filter(e => e.clientWidth > 0).map(e => e.dataset.drawn).join()", &[]);
    page.wait_until("the drawn page at rest", DRAW_SECONDS_MAX, || {
        let before = drawn();
        if before != json!("") {
            std::thread::sleep(std::time::Duration::from_millis(400));
        }
        (drawn() == before).then_some(())
    });
}

#[test]
fn no_state_runs_over_the_edge() {
    let mut too_wide = Vec::new();
    let page = Page::open_file_of_site("site.json");
    for (language, sample) in [("en", "line_worker.en"), ("zh", "line_worker.zh")] {
        let lang = format!("lang-{language}");
        // Two megabytes a second: slow enough to see the loading.
        page.cdp("Network.enable", json!({}));
        let slow = |bytes_per_second: i64| {
            json!({"offline": false, "latency": 0, "downloadThroughput": bytes_per_second, "uploadThroughput": -1})
        };
        page.cdp("Network.emulateNetworkConditions", slow(2_000_000));
        page.cdp("Network.setCacheDisabled", json!({"cacheDisabled": true}));
        page.open(&page.url());
        page.click(&page.test_id(&lang));
        shoot(&page, "loading", language, &mut too_wide);
        page.cdp("Network.emulateNetworkConditions", slow(-1));
        page.wait_ready();

        shoot(&page, "start", language, &mut too_wide);
        page.click(&page.test_id("status"));
        page.test_id("proof");
        shoot(&page, "proof", language, &mut too_wide);
        page.click(&page.test_id("status"));

        page.give_bytes("empty.pdf", b"");
        page.message();
        shoot(&page, "message", language, &mut too_wide);

        page.paste(&long_cv());
        page.test_id("busy");
        shoot(&page, "busy", language, &mut too_wide);
        page.click(&page.test_id("cancel"));
        page.message();
        shoot(&page, "cancelled", language, &mut too_wide);

        page.click(&page.test_id(&format!("sample-{sample}")));
        page.wait_review();
        shoot(&page, "review", language, &mut too_wide);

        for (step, name) in [(2, "market"), (3, "paths")] {
            go(&page, step, name);
            shoot(&page, name, language, &mut too_wide);
        }
        act(&page, "paths", "document.querySelector('.way button').click()");
        page.script("document.querySelector('.way button.main').click()", &[]);
        page.wait_until("the plan drawn", DRAW_SECONDS_MAX, || (drawn(&page, "plan") > 1).then_some(()));
        shoot(&page, "plan", language, &mut too_wide);
    }
    assert!(too_wide.is_empty(), "wider than the screen:\n  {}", too_wide.join("\n  "));
}
