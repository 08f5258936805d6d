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
        ("one-column-en.pdf", "one-column-en.txt"),
        ("ligatures.pdf", "ligatures.txt"),
        ("zh-embedded.pdf", "zh-embedded.txt"),
        ("zh-unigb-ucs2.pdf", "zh-unigb-ucs2.txt"),
        ("zh-gbk-euc.pdf", "zh-gbk-euc.txt"),
        ("rc4-128-empty.pdf", "one-column-en.txt"),
        ("aes-128-empty.pdf", "one-column-en.txt"),
        ("aes-256-empty.pdf", "one-column-en.txt"),
        ("two-columns.pdf", "two-columns.txt"),
        ("two-columns-by-row.pdf", "two-columns-by-row.txt"),
        ("two-columns-mixed.pdf", "two-columns-mixed.txt"),
        ("browser-print.pdf", "browser-print.txt"),
    ] {
        assert_eq!(check(name, truth, CvFormat::Pdf), [], "{name}");
    }
}

#[test]
fn columns_are_read_one_after_the_other() {
    for (name, order) in [
        ("two-columns.pdf", ["steady hand", "MIG and TIG", "German, basic", "Harbour Steel", "boiler shop", "References"]),
        ("two-columns-by-row.pdf", ["steady hand", "MIG and TIG", "German, basic", "Harbour Steel", "boiler shop", "References"]),
        ("two-columns-mixed.pdf", ["Singapore", "心电图操作", "护士执业资格证书", "Eastbay", "呼吸机", "mobile clinic"]),
        ("browser-print.pdf", ["supervisor", "库存盘点", "Arabic", "cross-dock", "拣货差错率", "Tyre"]),
    ] {
        let text = open(name).0.text;
        let places: Vec<_> = order.iter().map(|words| text.find(words).unwrap_or_else(|| panic!("{name}: {words} in\n{text}"))).collect();
        assert!(places.is_sorted(), "{name}: {places:?}\n{text}");
    }
}

#[test]
fn dates_at_the_right_stay_in_their_lines() {
    let text = open("one-column-en.pdf").0.text;
    assert!(text.contains("Northgate Foods Ltd\t2019 – 2024\n•"), "{text}");
}

#[test]
fn word_files_read_as_their_truth() {
    let notices = check("word.docx", "word.txt", CvFormat::Docx);
    assert_eq!(notices.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoticeKind::TrackedChanges]);
    let text = open("word.docx").0.text;
    for gone in ["two fitters", "HIDDEN"] {
        assert!(!text.contains(gone), "{gone} in\n{text}");
    }
    for once in ["Text box", "Ines Duarte", "• Wired", "• Read single-line", "wiring photos\tone\ntwo-three", "Thermal imaging\tvery good", "repair."] {
        assert_eq!(text.matches(once).count(), 1, "{once} in\n{text}");
    }
    let order = ["Ines Duarte", "Summary", "four fitters", "Portuguese", "Boom lift", "After the tables", "Text box", "Footnote", "CV, March"];
    let places: Vec<_> = order.iter().map(|words| text.find(words).unwrap_or_else(|| panic!("{words} in\n{text}"))).collect();
    assert!(places.is_sorted(), "{places:?}\n{text}");
    assert_eq!(check("word-zh.docx", "word-zh.txt", CvFormat::Docx), []);
}

#[test]
fn text_files_read_alike_in_every_encoding() {
    let expected = nfkc(&std::fs::read_to_string(folder().join("plain-utf8.txt")).unwrap());
    for name in ["plain-utf8.txt", "plain-utf8-bom.txt", "plain-utf16le.txt", "plain-utf16be-no-bom.txt", "plain-gb18030.txt"] {
        let (cv, notices) = open(name);
        assert_eq!((cv.format, cv.text.as_str(), notices.len()), (CvFormat::Plain, expected.trim_end(), 0), "{name}");
    }
    assert!(open("plain-windows-1252.txt").0.text.starts_with("Zoë Müller – café manager\nSkills: barista’s craft"));
    let cut = read("简历 skills: 焊".as_bytes().split_last().unwrap().1, None, &Limits::default()).unwrap();
    assert_eq!(cut.0.text, "简历 skills:");
}

#[test]
fn a_password_opens_what_it_fits() {
    for (name, password) in [("rc4-128-user.pdf", "line 7"), ("aes-128-user.pdf", "line 7"), ("aes-256-user.pdf", "Zürich 七")] {
        let file = bytes(name);
        let try_with = |password| read(&file, password, &Limits::default()).map(|(cv, _)| cv.text);
        assert_eq!(try_with(None), Err(CvError::PasswordNeeded), "{name}");
        assert_eq!(try_with(Some("wrong")), Err(CvError::PasswordWrong), "{name}");
        for right in [password, "owner-key"] {
            assert_eq!(try_with(Some(right)).as_deref(), Ok(open("one-column-en.pdf").0.text.as_str()), "{name}");
        }
    }
}

#[test]
fn a_file_without_a_readable_cv_gets_its_named_error() {
    let pages = |count| many_pages(count);
    for (case, file, kind) in [
        ("nothing", Vec::new(), "empty"),
        ("blanks", b" \r\n\t ".to_vec(), "empty"),
        ("punctuation", b"---\n***".to_vec(), "empty"),
        ("scan", bytes("scan.pdf"), "scan"),
        ("picture", bytes("picture.png"), "not_a_cv"),
        ("spreadsheet", bytes("spreadsheet.xlsx"), "not_a_cv"),
        ("old spreadsheet", bytes("old-sheet.xls"), "not_a_cv"),
        ("noise", Random(7).bytes(5000), "not_a_cv"),
        ("web page", b"<!DOCTYPE html><p>CV".to_vec(), "not_a_cv"),
        ("old Word", bytes("old-word.doc"), "old_doc"),
        ("protected Word", bytes("protected-word.docx"), "password_needed"),
        ("entities", bytes("external-entity.docx"), "external_entity"),
        ("cut Word", bytes("word.docx")[..20_000].to_vec(), "damaged"),
        ("header only", b"%PDF-1.7\n".to_vec(), "damaged"),
        ("cut PDF", bytes("one-column-en.pdf")[..700].to_vec(), "damaged"),
        ("301 pages", pages(301), "over_budget"),
        ("bomb", zip(&[("word/document.xml", &vec![b' '; 150 << 20])], false), "archive_bomb"),
        ("lying bomb", zip(&[("word/document.xml", &vec![b' '; 150 << 20])], true), "damaged"),
        ("PDF bomb", pdf(&[("", &vec![b' '; 150 << 20])]), "over_budget"),
        ("deep XML", zip(&[("word/document.xml", "<w:p>".repeat(100_000).as_bytes())], false), "over_budget"),
        ("31 MiB", vec![b'a'; 31 << 20], "over_budget"),
    ] {
        let start = Instant::now();
        let error = read(&file, None, &Limits::default()).expect_err(case);
        assert_eq!(error.kind(), kind, "{case}: {error}");
        let most = if case.contains("bomb") && kind == "archive_bomb" { Duration::from_millis(500) } else { Duration::from_secs(5) };
        println!("{case}: {kind} in {:?}", start.elapsed());
        assert!(start.elapsed() < most, "{case}: {:?}", start.elapsed());
    }
}

#[test]
fn hostile_pdfs_end_soon_and_still_give_their_text() {
    let hello = "BT /F 12 Tf 50 700 Td (Skills: welding 2020) Tj ET\n";
    let calls = "/X Do ".repeat(10);
    let forms = |inner: &str| pdf(&[("", format!("{hello}{calls}").as_bytes()), ("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", inner.as_bytes())]);
    for (case, file) in [
        ("a form that draws itself", forms(&calls)),
        ("deep arrays", pdf(&[("", format!("{hello}{}", "[".repeat(300_000)).as_bytes())])),
        ("deep dictionaries", pdf(&[("", format!("{hello}{}", "<</A".repeat(100_000)).as_bytes())])),
        ("many states", pdf(&[("", format!("{}{hello}", "q ".repeat(500_000)).as_bytes())])),
        ("far numbers", pdf(&[("", format!("1e99 0 0 99999999999999999999 0 0 cm {hello} 1 0 0 1 0 0 cm").as_bytes()), ("", b"")])),
        ("pages that hold themselves", replaced(&pdf(&[("", hello.as_bytes())]), "/Kids [3 0 R] /Count 1", "/Kids [3 0 R 2 0 R]")),
        ("junk before the header", [&[b'x'; 100][..], &pdf(&[("", hello.as_bytes())])].concat()),
        ("a length that is itself", replaced(&pdf(&[("/Length 5 0 R /Other", hello.as_bytes())]), "/Length", "/Lengt_")),
        ("forms within forms", nested_forms(hello)),
        ("a chain of lengths", length_chain(hello)),
    ] {
        let start = Instant::now();
        let result = read(&file, None, &Limits::default());
        println!("{case}: {:?} in {:?}", result.as_ref().map(|r| r.0.text.len()).map_err(CvError::kind), start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(5), "{case}: {:?}", start.elapsed());
        if case != "far numbers" {
            assert!(result.expect(case).0.text.contains("welding 2020"), "{case}");
        }
    }
}

#[test]
fn three_hundred_pages_are_within_budget() {
    let start = Instant::now();
    let (cv, notices) = read(&many_pages(300), None, &Limits::default()).unwrap();
    println!("300 pages, {} bytes of text: {:?}", cv.text.len(), start.elapsed());
    assert_eq!(cv.text.matches("Ran a lathe").count(), 300 * 40);
    assert_eq!(notices, []);
    let small = Limits { text_bytes: 1000, ..Limits::default() };
    assert!(matches!(read(&many_pages(3), None, &small).map(|(_, notices)| notices), Ok(n) if n.iter().any(|n| n.kind == NoticeKind::PartlyRead)) || read(&many_pages(3), None, &small).is_err());
    assert_eq!(read(&[b'a'; 2000], None, &small).unwrap_err().kind(), "over_budget");
}

#[test]
fn a_file_that_is_cut_off_is_damaged_or_partly_read() {
    for name in ["browser-print.pdf", "one-column-en.pdf", "ligatures.pdf", "zh-embedded.pdf", "aes-256-empty.pdf", "word.docx"] {
        let file = bytes(name);
        for percent in [5, 30, 50, 70, 90, 99] {
            let cut = &file[..file.len() * percent / 100];
            match read(cut, None, &Limits::default()) {
                Ok((cv, notices)) => {
                    println!("{name} {percent} %: {} bytes", cv.text.len());
                    assert!(notices.iter().any(|n| n.kind == NoticeKind::PartlyRead), "{name} {percent} %");
                }
                Err(error) => {
                    println!("{name} {percent} %: {error}");
                    assert_eq!(error.kind(), "damaged", "{name} {percent} %");
                }
            }
        }
    }
}

#[test]
fn a_text_that_is_no_cv_is_read_with_a_doubt() {
    let story = "The rain had stopped before the gate was opened and nobody spoke of it. ".repeat(8);
    let (_, notices) = read(story.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!(notices.iter().map(|n| n.kind.kind()).collect::<Vec<_>>(), ["unlikely_cv"]);
}

/// Every mutated fixture gives text or a named error, without panic, within 2 s; the same bytes give the same answer.
///
/// 300 files with a seed of the day; `WAYMARK_LONG=1` reads 10,000, `WAYMARK_SEED` repeats a run.
#[test]
fn mutated_files_never_panic_or_hang() {
    let day = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let seed = std::env::var("WAYMARK_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(day);
    let count = if std::env::var_os("WAYMARK_LONG").is_some() { 10_000 } else { 300 };
    println!("WAYMARK_SEED={seed}");
    let mut names: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let files: Vec<_> = names.iter().map(|name| bytes(name)).collect();
    let mut random = Random(seed);
    let (mut read_on, mut slowest) = (0, Duration::ZERO);
    for case in 0..count {
        let place = random.below(files.len());
        let mutated = random.mutated(&files[place], &files);
        let start = Instant::now();
        let result = std::panic::catch_unwind(|| read(&mutated, None, &Limits::default()));
        let took = start.elapsed();
        slowest = slowest.max(took);
        let Ok(result) = result else {
            std::fs::write(std::env::temp_dir().join("waymark-mutated"), &mutated).unwrap();
            panic!("case {case} of seed {seed}, from {}: a panic", names[place]);
        };
        if took > Duration::from_secs(2) {
            std::fs::write(std::env::temp_dir().join("waymark-mutated"), &mutated).unwrap();
            panic!("case {case} of seed {seed}, from {}: {took:?}", names[place]);
        }
        if let Ok((cv, _)) = &result {
            read_on += 1;
            for sentence in waymark_shared::text::sentences(&cv.text) {
                assert!(cv.text.get(sentence.start..sentence.end).is_some_and(|s| !s.is_empty()), "case {case} of seed {seed}");
            }
        }
        if case % 50 == 0 {
            assert_eq!(result, read(&mutated, None, &Limits::default()), "case {case} of seed {seed}");
        }
    }
    println!("{read_on} of {count} still give text; slowest {slowest:?}");
}

/// SplitMix64 (Steele, Lea and Flood 2014): the seed is all its state.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn bytes(mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }

    fn mutated(&mut self, file: &[u8], all: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = file.to_vec();
        for _ in 0..1 + self.below(6) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            let length = (1 << self.below(12)).min(bytes.len() - at);
            match self.below(8) {
                0 => bytes[at] = self.next() as u8,
                1 => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..at + length)),
                3 => {
                    let copy = bytes[at..at + length].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, copy);
                }
                4 => bytes.truncate(at),
                5 => {
                    let other = &all[self.below(all.len())];
                    let from = self.below(other.len());
                    let copy = other[from..(from + length).min(other.len())].to_vec();
                    bytes.splice(at..at + length, copy);
                }
                // Numbers of offsets, lengths and counts.
                6 => {
                    if let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
                        bytes[at + digit] = b'0' + self.below(10) as u8;
                    }
                }
                _ => {
                    const WORDS: [&[u8]; 10] = [b"endobj", b"stream\n", b"<<", b">>", b"[", b"99999999999", b"-1", b" 3 0 R", b"<w:p>", b"\xff\xff\xff\xff"];
                    let word = WORDS[self.below(WORDS.len())];
                    bytes.splice(at..at, word.iter().copied());
                }
            }
        }
        bytes
    }
}

fn deflated(bytes: &[u8], zlib: bool) -> Vec<u8> {
    use std::io::Write;
    let level = flate2::Compression::fast();
    if zlib {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), level);
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    } else {
        let mut writer = flate2::write::DeflateEncoder::new(Vec::new(), level);
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }
}

/// A zip archive; one that lies says each part is 100 bytes long.
fn zip(parts: &[(&str, &[u8])], lies: bool) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let packed = deflated(bytes, false);
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        let size = if lies { 100 } else { bytes.len() as u32 };
        let mut fields = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        for number in [sum.sum(), packed.len() as u32, size] {
            fields.extend(number.to_le_bytes());
        }
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend([b"PK\x01\x02\x14\0", &fields[..], &[0; 10], &(out.len() as u32).to_le_bytes(), name.as_bytes()].concat());
        out.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), &packed].concat());
    }
    let count = (parts.len() as u16).to_le_bytes();
    let at = (out.len() as u32).to_le_bytes();
    let size = (directory.len() as u32).to_le_bytes();
    out.extend(directory);
    out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &at, &[0, 0]].concat());
    out
}

/// A PDF of numbered objects.
fn objects(list: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (at, object) in list.iter().enumerate() {
        offsets.push(out.len());
        out.extend([format!("{} 0 obj\n", at + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", list.len() + 1).bytes());
    offsets.iter().for_each(|at| out.extend(format!("{at:010} 00000 n \n").bytes()));
    out.extend(format!("trailer\n<< /Root 1 0 R /Size {} >>\nstartxref\n{table}\n%%EOF\n", list.len() + 1).bytes());
    out
}

/// A page whose content is the first stream (object 5); the second is its form `X`. Entries before each stream's length.
fn pdf(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut list = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources << /Font << /F 4 0 R >> /XObject << /X 6 0 R >> >> >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    for (entries, bytes) in streams {
        let packed = deflated(bytes, true);
        list.push([format!("<< {entries} /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).as_bytes(), &packed, b"\nendstream"].concat());
    }
    objects(&list)
}

fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    let at = bytes.windows(old.len()).rposition(|w| w == old.as_bytes()).unwrap();
    [&bytes[..at], new.as_bytes(), &bytes[at + old.len()..]].concat()
}

fn stream(entries: &str, content: &str) -> Vec<u8> {
    format!("<< {entries} /Length {} >>\nstream\n{content}\nendstream", content.len()).into_bytes()
}

/// Ten forms, each drawing the next ten times.
fn nested_forms(content: &str) -> Vec<u8> {
    let mut list = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 4 0 R >> /XObject << /X 6 0 R >> >> >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        stream("", &format!("{content} /X Do")),
    ];
    for form in 6..16 {
        list.push(stream(&format!("/Type /XObject /Subtype /Form /Resources << /XObject << /X {} 0 R >> >>", form + 1), &"/X Do ".repeat(10)));
    }
    objects(&list)
}

/// Streams whose lengths are streams whose lengths are streams.
fn length_chain(content: &str) -> Vec<u8> {
    let mut list = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    for number in 5..20_000 {
        list.push(format!("<< /Length {} 0 R >>\nstream\n{content}\nendstream", number + 1).into_bytes());
    }
    objects(&list)
}

fn many_pages(count: usize) -> Vec<u8> {
    let kids: String = (0..count).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    let mut list = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {count} /Resources << /Font << /F 3 0 R >> >> >>").into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>".to_vec(),
    ];
    for page in 0..count {
        let lines: String = (0..40).map(|line| format!("(Ran a lathe and kept its records, with experience and skills, {} on line {line}) Tj T*\n", 1990 + page)).collect();
        list.push(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R >>", 5 + page * 2).into_bytes());
        let content = format!("BT /F 11 Tf 14 TL 50 750 Td\n{lines}ET");
        list.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()).into_bytes());
    }
    objects(&list)
}
