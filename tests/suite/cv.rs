//! Reading CVs: every kind of file against its text, and every hostile file against its named error.
use std::path::PathBuf;
use std::time::{Duration, Instant};
use waymark_shared::cv::{CvError, CvFormat, CvText, Limits, Notice, NoticeKind, read};
use waymark_shared::text::nfkc;

mod imports;

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
        ("browser-sidebar.pdf", "browser-sidebar.txt"),
        ("lzw.pdf", "lzw.txt"),
        // The same, uncompressed: the mutations then reach fonts and character maps.
        ("zh-embedded-open.pdf", "zh-embedded.txt"),
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
        ("browser-sidebar.pdf", ["Priya", "takes five minutes", "2017 – 2020", "Fergusson", "Forecasting", "PL-300"]),
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
    let text = open("browser-sidebar.pdf").0.text;
    assert!(text.contains("Analyst, Monsoon Retail\t2020 – now\nBuilds"), "{text}");
    assert!(text.contains("Excel\texpert\tten years\nAirflow\tgood\ttwo years"), "{text}");
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

/// Content streams and fonts that write `Skills: …` in their own way, one a case.
#[test]
fn every_way_to_write_a_text_is_read() {
    let helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    for (case, font, content, expected) in [
        ("show operators", helvetica, "BT /F 10 Tf 14 TL 50 700 Td (Skills:) ' 0 0 (welding) \" T* [(M) 20 (I) -10 (G) -300 (TIG)] TJ ET", "Skills:\nwelding\nMIG TIG"),
        ("words placed one by one", helvetica, "BT /F 10 Tf 1 0 0 1 50 700 Tm (Skills) Tj 1 0 0 1 81 700 Tm (and) Tj 1 0 0 1 101 700 Tm (tools) Tj ET", "Skills and tools"),
        ("scaled and flipped space", helvetica, "q .1 0 0 -.1 0 800 cm BT /F 100 Tf 1 0 0 -1 500 1000 Tm (Skills) Tj 1 0 0 -1 500 1140 Tm (welding) Tj ET Q", "Skills\nwelding"),
        ("a turned page", helvetica, "BT /F 10 Tf 0 1 -1 0 100 50 Tm (Skills) Tj 0 1 -1 0 114 50 Tm (welding) Tj ET", "Skills\nwelding"),
        ("lines drawn from below", helvetica, "BT /F 10 Tf 50 600 Td (third) Tj 0 14 Td (second) Tj 0 14 Td (first) Tj ET", "first\nsecond\nthird"),
        ("bold by drawing twice", helvetica, "BT /F 10 Tf 50 700 Td (Skills) Tj .3 0 Td (Skills) Tj ET", "Skills"),
        ("a raised sign", helvetica, "BT /F 10 Tf 50 700 Td (25 m) Tj /F 6 Tf 4 Ts (2) Tj /F 10 Tf 0 Ts ( hall) Tj ET", "25 m2 hall"),
        ("accents, octals, breaks", helvetica, "BT /F 10 Tf 50 700 Td (Caf\\351 \\(na\\357ve\\) \\225 5\\240\\200) Tj ET", "Café (naïve) • 5 €"),
        ("an inline picture", helvetica, "BI /W 2 /H 2 /BPC 8 /CS /G ID \u{1}(\u{2}<< EI BT /F 10 Tf 50 700 Td (Skills) Tj ET", "Skills"),
        ("a marked stretch with its own text", helvetica, "BT /F 10 Tf 50 700 Td /Span << /ActualText <FEFF006600660069> >> BDC (x) Tj EMC (cient) Tj ET", "fficient"),
        (
            "glyph names",
            "<< /Type /Font /Subtype /Type1 /BaseFont /X /Encoding << /Differences [1 /S /k /i.alt /l_l /uni0073 /Eacute /fi /u4E2D /beta /bullet] >> >>",
            "BT /F 10 Tf 50 700 Td <0102030405> Tj 0 -14 Td <060708090A> Tj ET",
            "Skills\nÉfi中β•",
        ),
        ("Mac Roman", "<< /Type /Font /Subtype /TrueType /BaseFont /X /Encoding /MacRomanEncoding >>", "BT /F 10 Tf 50 700 Td (Caf\\216) Tj ET", "Café"),
        ("Symbol", "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>", "BT /F 10 Tf 50 700 Td (\\267 a) Tj ET", "• α"),
        (
            "a character map",
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /DW 500 /W [1 [600 200] 5 9 500] >>] >>",
            "BT /F 10 Tf 50 700 Td <000100020003000500060007> Tj ET",
            "Skillsffiok焊",
        ),
        (
            "UTF-16 codes",
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /UniGB-UTF16-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 >>] >>",
            "BT /F 10 Tf 50 700 Td <710A5DE5D840DC000041> Tj ET",
            "焊工𠀀A",
        ),
        (
            "a font's own table",
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /FontDescriptor << /FontFile2 7 0 R >> >>] >>",
            "BT /F 10 Tf 50 700 Td <000300040005> Tj ET",
            "ABC",
        ),
        ("an encoding in the font program", "<< /Type /Font /Subtype /Type1 /BaseFont /X /FontDescriptor << /FontFile 8 0 R >> >>", "BT /F 10 Tf 50 700 Td <010203> Tj ET", "Off"),
    ] {
        let map = "2 begincodespacerange <00> <7f> <0000> <ffff> endcodespacerange 3 beginbfchar <0001> <0053> <0002> <006B> <0003> <0069006C006C0073> endbfchar \
                   1 beginbfrange <0005> <0006> [<FB03> <006F006B>] endbfrange 1 beginbfrange <0007> <0009> <710A> endbfrange";
        // One `cmap` table: glyphs 3 to 5 are A to C (format 4, delta -62), then the end segment.
        let words: Vec<u8> = [0_u16, 1, 3, 1, 0, 12, 4, 32, 0, 4, 4, 1, 0, 0x43, 0xffff, 0, 0x41, 0xffff, 62_u16.wrapping_neg(), 1, 0, 0].iter().flat_map(|w| w.to_be_bytes()).collect();
        let table = [&[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], b"cmap\0\0\0\0\0\0\0\x1c\0\0\0\x30", &words].concat();
        let hex = table.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let file = objects(&[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>".to_vec(),
            font.as_bytes().to_vec(),
            stream("", content),
            stream("", map),
            stream("/Filter /ASCIIHexDecode", &hex),
            stream("", "%!PS-AdobeFont\n/Encoding 256 array dup 1 /O put dup 2 /ff put dup 3 /period put readonly def currentfile eexec xxxx"),
        ]);
        let text = read(&file, None, &Limits::default()).map(|(cv, _)| cv.text);
        let expected = if case.contains("program") { "Off." } else { expected };
        assert_eq!(text.as_deref(), Ok(expected), "{case}");
    }
}

#[test]
fn filled_in_form_fields_are_read() {
    let file = objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Annots [6 0 R] /Resources << /Font << /F 4 0 R >> >> >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        stream("", "BT /F 10 Tf 50 700 Td (Skills:) Tj ET"),
        b"<< /Type /Annot /Subtype /Widget /Rect [100 695 300 710] /AP << /N 7 0 R >> >>".to_vec(),
        stream("/Type /XObject /Subtype /Form /BBox [0 0 200 15] /Resources << /Font << /F 4 0 R >> >>", "BT /F 10 Tf 2 5 Td (forklift) Tj ET"),
    ]);
    assert_eq!(read(&file, None, &Limits::default()).unwrap().0.text, "Skills:\tforklift");
}

#[test]
fn a_catalog_at_a_wrong_place_is_found() {
    let file = replaced(&pdf(&[("", b"BT /F 12 Tf 50 700 Td (Skills: welding) Tj ET")]), "0000000009 00000 n", "0000000019 00000 n");
    assert_eq!(read(&file, None, &Limits::default()).unwrap().0.text, "Skills: welding");
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
        ("a length that is itself", plain_pdf(&replaced(&stream("/Length 5 0 R /Other (x)", hello), "/Length", "/Lengt_"))),
        ("forms within forms", nested_forms(hello)),
        ("a chain of lengths", length_chain(hello)),
        ("words strewn over 300 pages", strewn(300, 1500)),
        ("letters in one row", pdf(&[("", (format!("{hello} BT /F 9 Tf 50 600 Td ") + &"(a) Tj 30 0 Td ".repeat(200_000)).as_bytes())])),
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
    for name in ["browser-print.pdf", "one-column-en.pdf", "ligatures.pdf", "zh-embedded.pdf", "aes-256-empty.pdf", "word.docx", "web-page.html", "word-page-zh.html", "resume-en.json"] {
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
    let part = |name: &str| {
        let mut inner = Vec::new();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes("word.docx"))).unwrap();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut inner).unwrap();
        inner
    };
    let (document, styles) = (part("word/document.xml"), part("word/styles.xml"));
    let mut random = Random(seed);
    let (mut read_on, mut slowest) = (0, Duration::ZERO);
    for case in 0..count {
        let place = random.below(files.len());
        // Every fourth: the XML within a Word file.
        let mutated = if case % 4 == 3 {
            zip(&[("word/document.xml", &random.mutated(&document, &files)[..]), ("word/styles.xml", &styles)], false)
        } else {
            random.mutated(&files[place], &files)
        };
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
                    const WORDS: [&[u8]; 13] =
                        [b"endobj", b"stream\n", b"<<", b">>", b"[", b"99999999999", b"-1", b" 3 0 R", b"<w:p>", b"\xff\xff\xff\xff", b"<table><td>", b"</div>", b"\": {\""];
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

/// A page with this as its content stream.
fn plain_pdf(content: &[u8]) -> Vec<u8> {
    objects(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        content.to_vec(),
    ])
}

/// Pages of words at random places.
fn strewn(pages: usize, words: usize) -> Vec<u8> {
    let mut random = Random(11);
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    let mut list = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Resources << /Font << /F 3 0 R >> >> >>").into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>".to_vec(),
    ];
    for page in 0..pages {
        let mut content = "BT /F 4 Tf 1 0 0 1 20 790 Tm (Skills: welding 2020) Tj\n".to_owned();
        for _ in 0..words {
            content += &format!("1 0 0 1 {} {} Tm (ab) Tj\n", random.below(580), random.below(780));
        }
        list.push(format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", 5 + page * 2).into_bytes());
        list.push(stream("", &(content + "ET")));
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
