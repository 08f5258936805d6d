//! Every change a person can make to what was found, by mouse and by keyboard, in both languages; and that personal data
//! stay in the text.
use crate::driver::key;
use crate::page::{Page, strings};
use serde_json::json;

/// All that the cards say, in order.
fn cards(page: &Page) -> Vec<String> {
    strings(&page.script(
        "return [...document.querySelectorAll('[data-testid=entry]')].map(e => [e.dataset.entry, e.dataset.group, e.dataset.state,
             e.querySelector('.label').textContent, e.querySelector('[data-testid=meaning]').dataset.link ?? '',
             e.querySelector('[data-testid=evidence]').value].join(' | ')).sort()",
        &[],
    ))
}

/// The number of the first skill whose words can grow to both sides.
fn first_skill(page: &Page) -> String {
    let number = page.script("return document.querySelector('[data-testid=entry][data-group=skills]').dataset.entry", &[]);
    number.as_str().unwrap().to_owned()
}

fn in_card(number: &str, control: &str) -> String {
    format!("[data-testid=entry][data-entry=\"{number}\"] [data-testid={control}]")
}

/// Uses a control by the mouse or by the keyboard alone.
fn press(page: &Page, css: &str, by_keyboard: bool) {
    if by_keyboard {
        page.tab_to(css);
        page.press(&[key::ENTER]);
    } else {
        page.click(&page.wait(css, 10));
    }
}

/// Chooses the option after the present one.
fn next_option(page: &Page, css: &str, by_keyboard: bool) {
    if by_keyboard {
        page.tab_to(css);
        page.press(&['\u{e015}']);
    } else {
        page.script(
            "const s = document.querySelector(arguments[0]); s.selectedIndex += 1; s.dispatchEvent(new Event('change', {bubbles: true}))",
            &[json!(css)],
        );
    }
}

/// Makes a change, sees that it shows, takes it back, sees that all is as before.
fn there_and_back(page: &Page, what: &str, by_keyboard: bool, change: impl Fn()) {
    let before = cards(page);
    change();
    page.wait_until(&format!("{what} shows"), 10, || (cards(page) != before).then_some(()));
    // What the new words mean arrives a moment later.
    std::thread::sleep(std::time::Duration::from_millis(600));
    press(page, "[data-testid=undo-last]", by_keyboard);
    page.wait_until(&format!("{what} is undone"), 10, || (cards(page) == before).then_some(()));
}

fn every_change(language: &str, sample: &str, by_keyboard: bool) {
    let page = Page::ready();
    page.click(&page.test_id(&format!("lang-{language}")));
    page.click(&page.test_id(&format!("sample-{sample}")));
    page.wait_review();
    let linked = cards(&page).iter().filter(|card| !card.contains(" |  | ")).count();
    assert!(linked * 4 > cards(&page).len(), "fewer than a quarter are linked: {:#?}", cards(&page));
    assert!(page.find_all("[data-testid=occupation]").len() >= 3);

    let number = first_skill(&page);
    let press = |css: &str| press(&page, css, by_keyboard);
    let change = |what: &str, act: &dyn Fn()| there_and_back(&page, what, by_keyboard, act);
    change("confirming", &|| press(&in_card(&number, "confirm")));
    change("turning down", &|| press(&in_card(&number, "not-mine")));
    press(&in_card(&number, "why"));
    change("another border", &|| press(&in_card(&number, "end-earlier")));
    change("another border", &|| press(&in_card(&number, "start-later")));
    change("another evidence", &|| next_option(&page, &in_card(&number, "evidence"), by_keyboard));
    change("merging", &|| next_option(&page, &in_card(&number, "merge"), by_keyboard));
    if page.find(&format!("{} details[open]", format!("[data-testid=entry][data-entry=\"{number}\"]"))).is_none() {
        press(&in_card(&number, "why"));
    }
    let found = || {
        press(&in_card(&number, "link-change"));
        page.wait(&in_card(&number, "link-choice"), 20);
    };
    let another = || {
        found();
        press(&format!("[data-entry=\"{number}\"] li:nth-child(3) [data-testid=link-choice]"));
    };
    change("another meaning", &another);
    let before = cards(&page);
    another();
    page.wait_until("a meaning to take away", 10, || (cards(&page) != before).then_some(()));
    change("no meaning", &|| {
        found();
        press(&in_card(&number, "link-no"));
    });
    change("adding by hand", &|| {
        let field = page.test_id("add-words");
        page.type_into(&field, "Esperanto");
        press("[data-testid=add-knowledge]");
    });
    change("accepting all", &|| press("[data-testid=accept-all]"));
}

#[test]
fn every_change_by_mouse_in_english() {
    every_change("en", "line_worker.en", false);
}

#[test]
fn every_change_by_mouse_in_chinese() {
    every_change("zh", "line_worker.zh", false);
}

#[test]
fn every_change_by_keyboard_in_english() {
    every_change("en", "line_worker.en", true);
}

#[test]
fn every_change_by_keyboard_in_chinese() {
    every_change("zh", "line_worker.zh", true);
}

#[test]
fn selected_words_become_a_skill() {
    let page = Page::ready();
    page.paste("Work experience\nOperated CNC mills and 我会修理水泵 on site.\n");
    page.wait_review();
    let before = cards(&page).len();
    // Selected over the border of marks, as a person drags.
    page.script(
        "const line = [...document.querySelectorAll('[data-start]')].find(p => p.textContent.includes('on site'));
         const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
         const at = offset => { let n; walker.currentNode = line; while ((n = walker.nextNode())) { if (offset <= n.length) return [n, offset]; offset -= n.length } };
         const text = line.textContent, start = text.indexOf('水泵'), range = document.createRange();
         range.setStart(...at(start)); range.setEnd(...at(start + '水泵 on site'.length));
         getSelection().removeAllRanges(); getSelection().addRange(range);",
        &[],
    );
    page.click(&page.test_id("add-selected-skill"));
    page.wait_until("the added skill", 10, || (cards(&page).len() > before).then_some(()));
    assert!(cards(&page).iter().any(|card| card.contains("水泵 on site") && card.contains("confirmed")), "{:#?}", cards(&page));
}

/// Values that must never leave the text.
const CANARIES: [&str; 8] =
    ["欧阳海棠", "13712345678", "haitang.oy@example.cn", "440301199203154821", "科苑路15号", "1992年3月15日", "haitang_88", "苗族"];

#[test]
fn personal_data_enter_neither_profile_nor_file_nor_storage() {
    let page = Page::ready();
    let folder = std::env::temp_dir().join(format!("waymark-saved-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    page.cdp("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": folder}));
    page.paste(
        "姓名：欧阳海棠\n手机：13712345678\n邮箱：haitang.oy@example.cn\n身份证号：440301199203154821\n住址：深圳市南山区科苑路15号\n\
         出生日期：1992年3月15日\n微信号：haitang_88\n民族：苗族\n\n工作经历\n2016-2021 装配车间\n操作焊接机器人，保养传送带，会用PLC\n",
    );
    page.wait_review();
    let shown = page.find_all("[data-testid=personal-row]").len();
    assert!(shown >= CANARIES.len(), "{shown} shown");
    page.click(&page.test_id("accept-all"));
    page.click(&page.test_id("save-profile"));
    let file = folder.join("waymark-profile.json");
    let text = page.wait_until("the saved file", 20, || std::fs::read_to_string(&file).ok().filter(|text| text.ends_with("}\n")));
    let saved: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(saved["skills"].as_array().is_some_and(|skills| skills.iter().any(|skill| skill["name"].as_str().is_some_and(|n| n.contains("PLC")))), "{text}");
    // Of the words, too, that are exported to train by: each time only after a tick, which then is gone.
    page.script("document.querySelector('details:has(#agree)').open = true", &[]);
    assert!(page.find("[data-testid=save-training][disabled]").is_some());
    page.click(&page.wait("#agree", 10));
    page.click(&page.wait("[data-testid=save-training]:not([disabled])", 10));
    let file = folder.join("waymark-corrections.jsonl");
    let lines = page.wait_until("the exported lines", 20, || std::fs::read_to_string(&file).ok().filter(|text| text.ends_with("}\n")));
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok_and(|line| line["spans"].is_array())), "{lines}");
    page.wait("[data-testid=save-training][disabled]", 10);
    assert_eq!(page.script("return document.querySelector('#agree').checked", &[]), json!(false));
    let kept = page.script_awaited(
        "const dbs = await indexedDB.databases(); return JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie, dbs])",
        &[],
    );
    let cards = cards(&page).join("\n");
    for canary in CANARIES {
        for (place, held) in [("the file", &text), ("the exported lines", &lines), ("storage or address", &kept.to_string()), ("the cards", &cards)] {
            assert!(!held.contains(canary), "{canary} in {place}");
        }
    }
    // The saved file gives the same profile back: opened and saved again it is the same file.
    std::fs::rename(folder.join("waymark-profile.json"), folder.join("mine.json")).unwrap();
    page.start_again();
    page.review_file(&folder.join("mine.json"));
    page.click(&page.test_id("save-profile"));
    let again = page.wait_until("the file saved again", 20, || std::fs::read_to_string(folder.join("waymark-profile.json")).ok().filter(|text| text.ends_with("}\n")));
    assert_eq!(again, text);
    // So does the table, which holds no more than it.
    page.click(&page.test_id("save-profile-table"));
    let file = folder.join("waymark-profile.csv");
    let table = page.wait_until("the table", 20, || std::fs::read_to_string(&file).ok().filter(|text| text.ends_with("\r\n")));
    assert!(CANARIES.iter().all(|canary| !table.contains(canary)), "{table}");
    std::fs::remove_file(folder.join("waymark-profile.json")).unwrap();
    page.start_again();
    page.review_file(&file);
    page.click(&page.test_id("save-profile"));
    let again = page.wait_until("the file saved once more", 20, || std::fs::read_to_string(folder.join("waymark-profile.json")).ok().filter(|text| text.ends_with("}\n")));
    assert_eq!(again, text);
    std::fs::remove_dir_all(&folder).unwrap();
}
