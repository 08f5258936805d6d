//! What a person does: opens CVs, looks, confirms, switches language, cancels.
use crate::driver::key;
use crate::page::{Page, repository_file};
use serde_json::json;

/// An English CV in two columns.
pub const ENGLISH_PDF: &str = "tests/cv/two-columns.pdf";
/// An English CV with tables, a text box, tracked changes.
pub const ENGLISH_DOCX: &str = "tests/cv/word.docx";
/// A Chinese CV whose font is not embedded.
pub const CHINESE_CV: &str = "tests/cv/zh-unigb-ucs2.pdf";

/// A CV long enough that its analysis can be cancelled.
pub fn long_cv() -> String {
    let line = |n| format!("{n}. Maintained conveyor belt {n} and trained three operators on the safe use of a forklift.\n");
    format!("Work experience\n{}", (1..400).map(line).collect::<String>())
}

/// Starts a long analysis and cancels it.
pub fn cancel_one_analysis(page: &Page) {
    page.start_again();
    let text = long_cv();
    page.paste(&text);
    let cancel = page.test_id("cancel");
    page.click(&cancel);
    let (kind, words) = page.message();
    assert_eq!(kind, "cancelled", "{words}");
    assert_eq!(page.pasted(), text.trim_end(), "the pasted text is still there");
}

#[test]
fn a_pdf_a_docx_and_a_chinese_cv_light_up_at_their_words() {
    let page = Page::ready();
    for (file, words) in [
        (ENGLISH_PDF, ["welding", "drawings", "German"].as_slice()),
        (ENGLISH_DOCX, ["PLC programming", "single-line diagrams"].as_slice()),
        (CHINESE_CV, ["PLC", "Excel", "5S"].as_slice()),
    ] {
        page.review_file(&repository_file(file));
        let highlighted = page.highlighted();
        for word in words {
            assert!(highlighted.iter().any(|span| span.contains(word)), "{file}: {word} not in {highlighted:?}");
        }
        page.start_again();
    }
}

#[test]
fn a_language_switch_keeps_the_review() {
    let page = Page::ready();
    page.click(&page.test_id("sample-line_worker.en"));
    page.wait_review();
    page.click(&page.test_id("confirm"));
    let highlighted = page.highlighted();
    let cards = || {
        page.script(
            "return [...document.querySelectorAll('[data-testid=entry]')].map(e => e.dataset.entry + ' ' + e.dataset.state)",
            &[],
        )
    };
    let (before, english) = (cards(), page.body_text());
    assert!(before.to_string().contains("confirmed"), "{before}");
    page.click(&page.test_id("lang-zh"));
    assert_eq!(page.language(), "zh-CN");
    assert_eq!(page.highlighted(), highlighted);
    assert_eq!(cards(), before);
    assert_ne!(page.body_text(), english);
    page.click(&page.test_id("lang-en"));
    assert_eq!(page.body_text(), english);
}

#[test]
fn a_cancelled_analysis_keeps_the_text_and_the_next_one_works() {
    let page = Page::ready();
    page.click(&page.test_id("sample-line_worker.en"));
    page.wait_review();
    cancel_one_analysis(&page);
    page.paste("Skills: Python, SQL and welding.\nOperated CNC mills for six years.\n");
    page.wait_review();
    assert!(page.highlighted().iter().any(|span| span.contains("SQL")), "{:?}", page.highlighted());
}

#[test]
fn the_keyboard_alone_confirms_rejects_and_undoes() {
    let page = Page::ready();
    page.tab_to("[data-testid=\"sample-line_worker.en\"]");
    page.press(&[key::ENTER]);
    page.wait_review();
    let first = page.script("return document.querySelector('[data-group=check], [data-group=skills]').dataset.entry", &[]);
    let card = format!("[data-testid=entry][data-entry=\"{}\"]", first.as_str().unwrap());
    let state = || page.script("return document.querySelector(arguments[0])?.dataset.state ?? null", &[json!(card)]);
    for (control, expected) in [("confirm", "confirmed"), ("undo", "open"), ("not-mine", "not_mine"), ("undo", "open")] {
        page.tab_to(&format!("{card} [data-testid={control}]"));
        page.press(&[key::ENTER]);
        page.wait_until(&format!("{expected} after {control}"), 5, || (state().as_str() == Some(expected)).then_some(()));
    }
}
