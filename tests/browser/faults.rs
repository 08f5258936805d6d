//! What goes wrong: each file gives its own message, in both languages, and what was there before stays.
use crate::page::{Page, repository_file};
use serde_json::json;
use std::io::Write;
use std::time::{Duration, Instant};

/// A refusal comes within this time.
const REFUSAL_SECONDS_MAX: u64 = 5;

/// Hostile files: name, bytes, the kind of the message.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let fixture = |name: &str| std::fs::read(repository_file(&format!("tests/cv/{name}"))).unwrap();
    vec![
        ("empty.pdf", Vec::new(), "empty"),
        ("blank.txt", b" \n\t\n".to_vec(), "empty"),
        ("scan.pdf", fixture("scan.pdf"), "scan"),
        ("letter.doc", fixture("old-word.doc"), "old_doc"),
        ("photo.docx", fixture("picture.png"), "not_a_cv"),
        ("table.pdf", fixture("spreadsheet.xlsx"), "not_a_cv"),
        ("app.html", b"<!doctype html><div id=root></div><script>start()</script>".to_vec(), "script_page"),
        ("package.json", br#"{"name": "left-pad", "version": "1.3.0"}"#.to_vec(), "other_json"),
        ("entity.docx", fixture("external-entity.docx"), "external_entity"),
        ("cut.docx", fixture("word.docx")[..20_000].to_vec(), "damaged"),
        ("cut.pdf", fixture("one-column-en.pdf")[..700].to_vec(), "damaged"),
        ("bomb.docx", docx(&vec![b' '; 100 << 20]), "archive_bomb"),
        ("huge.txt", vec![b'a'; 31 << 20], "over_budget"),
    ]
}

/// A Word file with this document in it.
fn docx(document: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(document).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_protected_file_asks_for_its_password_and_opens_with_it() {
    let page = Page::ready();
    page.give_file(&repository_file("tests/cv/aes-256-user.pdf"));
    let try_with = |password: &str| {
        page.type_into(&page.test_id("password-input"), password);
        page.click(&page.test_id("password-go"));
    };
    try_with("wrong");
    page.wait("[data-testid=password] [role=alert]", 20);
    try_with("Zürich 七");
    page.wait_review();
    assert!(!page.highlighted().is_empty());
}

/// What a person had typed before.
const DRAFT: &str = "Skills: welding, PLC\n技能：焊接";

#[test]
fn each_hostile_file_is_refused_in_both_languages_and_the_text_before_stays() {
    let page = Page::ready();
    page.set_paste(DRAFT);
    for (name, bytes, kind) in hostile() {
        let started = Instant::now();
        page.give_bytes(name, &bytes);
        let message = page.wait(&format!("[data-testid=message][data-kind={kind}]"), 20);
        let waited = started.elapsed();
        assert!(waited < Duration::from_secs(REFUSAL_SECONDS_MAX), "{name}: {waited:?}");
        let english = page.text(&message);
        page.click(&page.test_id("lang-zh"));
        let (zh_kind, chinese) = page.message();
        page.click(&page.test_id("lang-en"));
        assert_eq!(zh_kind, kind, "{name}");
        assert!(!has_han(&english) && !english.is_empty(), "{name}: {english}");
        assert!(has_han(&chinese), "{name}: {chinese}");
        assert_eq!(page.pasted(), DRAFT, "{name}: what was typed before is gone");
        page.click(&page.test_id("message-close"));
        page.wait_until("closed message", 5, || page.find("[data-testid=message]").is_none().then_some(()));
    }
    page.click(&page.test_id("paste-go"));
    page.wait_review();
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn a_damaged_model_is_refused_and_the_page_says_so() {
    // The same site with one byte of the model turned: the digest does not match.
    let folder = std::env::temp_dir().join(format!("waymark-damaged-{}", std::process::id()));
    copy(&crate::page::site_folder(), &folder);
    let weights = waymark_site::build::files_under(&folder.join("pack/model")).unwrap();
    let weights = weights.iter().find(|path| path.extension().is_some_and(|e| e == "safetensors")).unwrap();
    let mut bytes = std::fs::read(weights).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(weights, bytes).unwrap();
    let page = Page::open_site(&folder, "");
    page.wait_until("failed", 90, || (page.state("stage").as_deref() == Some("failed")).then_some(()));
    assert!(page.find("[data-testid=cv-file]:not([disabled])").is_none(), "the input is open without a model");
    let (kind, words) = page.message();
    assert_eq!(kind, "digest", "{words}");
    drop(page);
    std::fs::remove_dir_all(folder).unwrap();
}

/// Copies a folder.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    for file in waymark_site::build::files_under(from).unwrap() {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, &target).unwrap();
    }
}

#[test]
fn markup_in_a_cv_is_shown_as_text() {
    let page = Page::ready();
    let payloads = [
        "<img src=x onerror=alert(1)>", "<script>alert(2)</script>", "</textarea><svg onload=alert(3)>",
        "javascript:alert(4)", "\"><iframe srcdoc='<script>alert(5)</script>'>", "{{constructor.constructor('alert(6)')()}}",
    ];
    page.paste(&format!("Skills: Python, welding\n{}\n", payloads.join("\n")));
    page.wait_review();
    let shown = page.script("return document.querySelector('[data-testid=cv-text]').textContent", &[]);
    for payload in payloads {
        assert!(shown.as_str().unwrap().contains(payload), "{payload} is not shown as it is: {shown}");
    }
    let count = page.script("return document.querySelectorAll('#app img, #app script, #app iframe, #app svg[onload]').length", &[]);
    assert_eq!(count, json!(0));
}
