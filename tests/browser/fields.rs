//! The pages for counsellors, schools, companies and policy, in both languages: from the footer, over files given there, to print.
use crate::page::Page;
use crate::paths::{DRAW_SECONDS_MAX, act, drawn, text, texts};
use serde_json::json;
use std::path::PathBuf;

/// Gives texts as files to an input.
fn give(page: &Page, name: &str, input: &str, files: &[String]) {
    let before = drawn(page, name);
    let script = "const given = new DataTransfer();
        arguments[1].forEach((text, at) => given.items.add(new File([text], `${at}`)));
        const input = document.querySelector(`[data-file='${arguments[0]}']`);
        input.files = given.files; input.dispatchEvent(new Event('change', {bubbles: true}))";
    page.script(script, &[json!(input), json!(files)]);
    page.wait_until("the files taken", DRAW_SECONDS_MAX, || (drawn(page, name) > before + 1).then_some(()));
}

fn go(page: &Page, name: &str) {
    page.script("document.querySelector(`nav [data-go='${arguments[0]}']`).click()", &[json!(name)]);
    page.wait_until(name, DRAW_SECONDS_MAX, || (drawn(page, name) > 1).then_some(()));
    fits(page, name);
}

/// Nothing runs over the edge of a small telephone, light or dark; a picture of each for a person to look at.
fn fits(page: &Page, name: &str) {
    let folder = std::env::var_os("WAYMARK_SHOTS").map_or_else(|| waymark_site::target_dir().join("shots"), PathBuf::from);
    let language = page.language();
    for (width, height, dark) in [(360, 740, true), (1280, 900, false)] {
        page.emulate(width, height, dark);
        let over = page.script("return document.documentElement.scrollWidth - window.innerWidth", &[]);
        assert!(over.as_i64().unwrap_or(0) <= 0, "{name} {language} {width}: {over} px");
        page.screenshot(&folder.join(format!("{name}-{language}-{width}.png")));
    }
}

fn plan(more: &[[&str; 2]]) -> String {
    let state: Vec<[&str; 2]> = [["soc", "51-2090"], ["to", "49-9041"]].iter().chain(more).copied().collect();
    json!({"waymark_plan": 1, "state": state, "mark": null, "person": null}).to_string()
}

#[test]
fn counsellor_school_company_and_policy_work_over_the_same_parts() {
    let page = Page::ready();
    page.clear_requests();
    for (language, person, people, cost) in [("en", "Person 2", "40 people", "2000"), ("zh", "第2人", "40人", "3000")] {
        page.click(&page.test_id(&format!("lang-{language}")));
        page.click(&page.test_id("fields"));
        page.wait_until("three suggestions", DRAW_SECONDS_MAX, || (texts(&page, ".way").len() == 3).then_some(()));
        fits(&page, "counsellor");
        page.script("const n = document.getElementById('note'); n.value = 'Friday'; n.dispatchEvent(new Event('input', {bubbles: true}))", &[]);
        page.wait_until("the note kept", DRAW_SECONDS_MAX, || (text(&page, ".noted") == "Friday").then_some(()));
        act(&page, "counsellor", "document.querySelector('[data-part=ask] [data-list]').click()");
        let pdf = page.cdp("Page.printToPDF", json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true}));
        assert!(pdf["data"].as_str().is_some_and(|data| data.len() > 10_000));

        go(&page, "school");
        if texts(&page, "[data-file=class]").is_empty() {
            act(&page, "school", "document.getElementById('agreed').click()");
        }
        give(&page, "school", "class", &[plan(&[]), plan(&[["my.learn", "3"]]), "no plan".into()]);
        act(&page, "school", "document.querySelector('[data-part=class] [data-set]').click()");
        let class = text(&page, "[data-part=class]");
        assert!(class.contains(person) && texts(&page, "[data-part=class] tbody tr").len() > 10, "{language}: {class}");
        assert!(texts(&page, "[data-part=files] .message").len() == 1, "{language}: the third is none");
        fits(&page, "school-open");

        go(&page, "company");
        give(&page, "company", "headcounts", &["职业,人数\n51-2090,40\n49-9041,6\n17-3024,2\n".into()]);
        let groups = text(&page, "[data-part=groups]");
        assert!(groups.contains(people) && texts(&page, "[data-part=groups] section").len() == 2, "{language}: {groups}");
        fits(&page, "company-open");

        go(&page, "policy");
        act(&page, "policy", "document.querySelector('[data-set^=\"kind=line&speed=8\"]').click()");
        page.wait_until("the range", DRAW_SECONDS_MAX, || text(&page, "[data-part=groups] > .note").contains("25").then_some(()));
        act(&page, "policy", &format!("const e = document.getElementById('each'); e.value = '{cost}'; e.dispatchEvent(new Event('change', {{bubbles: true}}))"));
        assert!(texts(&page, "[data-part=cost] .value-small").len() == 1, "{language}: {}", text(&page, "[data-part=cost]"));
        fits(&page, "policy-open");
        // What is given stays here, and what is agreed is in no address.
        let hash = page.script("return location.hash", &[]);
        assert!(hash.as_str().is_some_and(|hash| hash.starts_with("#policy?v=1&") && hash.contains(&format!("each={cost}")) && !hash.contains("my.")), "{hash}");
        assert!(page.requests().is_empty(), "{:?}", page.requests());
    }
}
