//! Reading CVs: every kind of file against its text, and every hostile file against its named error.
use std::path::PathBuf;
use std::time::{Duration, Instant};
use waymark_shared::cv::{CvError, CvFormat, CvText, Limits, Notice, NoticeKind, read};
use waymark_shared::text::nfkc;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cv")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn open(name: &str) -> (CvText, Vec<Notice>) {
    read(&bytes(name), None, &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn squeezed(text: &str) -> Vec<char> {
    nfkc(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// The share of characters that two texts have in common in the same order: 2 · LCS / (lengths).
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (squeezed(a), squeezed(b));
    let mut row = vec![0_usize; b.len() + 1];
    for x in &a {
        let mut corner = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { corner + 1 } else { above.max(row[at]) };
            corner = above;
        }
    }
    2.0 * row[b.len()] as f64 / (a.len() + b.len()).max(1) as f64
}

/// Reads a fixture and holds its text against the one beside it.
fn check(name: &str, truth: &str, format: CvFormat) -> Vec<Notice> {
    let (cv, notices) = open(name);
    assert_eq!(cv.format, format);
    let expected = std::fs::read_to_string(folder().join(truth)).unwrap_or_else(|e| panic!("{truth}: {e}"));
    let share = similarity(&cv.text, &expected);
    println!("{name}: {share:.4}");
    assert!(share >= 0.98, "{name}: {share:.4}\n--- read\n{}\n--- expected\n{expected}", cv.text);
    assert_eq!(cv.text, nfkc(&cv.text), "the text is in normal form");
    notices
}

#[test]
fn pdfs_of_every_kind_read_as_their_truth() {
    for (name, truth) in [
        ("two-columns.pdf", "two-columns.txt"),
        ("two-columns-by-row.pdf", "two-columns-by-row.txt"),
        ("zh-unigb-ucs2.pdf", "zh-unigb-ucs2.txt"),
    ] {
        assert_eq!(check(name, truth, CvFormat::Pdf), []);
    }
}
