//! The engine in the page against the same engine here: same numbers, bounded memory. Through `bench.html`, which takes
//! no CV and keeps its network.
use crate::page::{Page, site_folder};
use serde_json::json;
use std::fs;
use waymark_shared::model::{NeuralTagger, PackFiles};

/// Logits differ by the order of sums only: SIMD width and threads.
const LOGIT_DIFFERENCE_MAX: f64 = 1e-3;
/// Linear memory of the engine after a long CV, in bytes.
const HEAP_BYTES_MAX: u64 = 350_000_000;

/// Short and long, English, Chinese, mixed, and what no vocabulary holds.
const SENTENCES: [&str; 6] = [
    "Operated CNC mills and trained three new colleagues.",
    "负责数控机床的操作与日常保养，熟悉FANUC系统。",
    "使用Python和SQL编写周报, reporting weekly to the plant manager.",
    "Skills: Excel, SAP MM, forklift licence, 5S, root cause analysis, German (B1), welding TIG/MIG, AutoCAD",
    "𝛼🙂 ﷽",
    "PLC",
];

/// The files of the model that the site serves.
fn model_files() -> PackFiles {
    let pack = site_folder().join("pack");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(pack.join("manifest.json")).unwrap()).unwrap();
    let paths = manifest["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned());
    let of_model = paths.filter(|path| path.starts_with("model/"));
    of_model.map(|path| (path.rsplit('/').next().unwrap().to_owned(), fs::read(pack.join(&path)).unwrap())).collect()
}

#[test]
fn logits_in_the_page_equal_the_native_ones_and_the_heap_stays_small() {
    let native = NeuralTagger::load(&model_files()).unwrap();
    let page = Page::bench();
    let loaded = page.script_awaited("return await __bench.load({})", &[]);
    println!("loaded: {loaded}");
    assert!(loaded["thrown"].is_null(), "{loaded}");
    let mut worst = 0.0_f64;
    for sentence in SENTENCES {
        let in_page = page.script_awaited("return await __bench.logits(arguments[0])", &[json!(sentence)]);
        let rows = in_page.as_array().unwrap_or_else(|| panic!("{sentence}: {in_page}"));
        let expected = native.logits(sentence).unwrap();
        assert_eq!(rows.len(), expected.len(), "{sentence}");
        for (row, expected) in rows.iter().zip(&expected) {
            let row = row.as_array().unwrap();
            assert_eq!(row.len(), expected.len(), "{sentence}");
            for (found, expected) in row.iter().zip(expected) {
                worst = worst.max((found.as_f64().unwrap() - f64::from(*expected)).abs());
            }
        }
    }
    println!("largest difference of a logit: {worst:.2e}");
    assert!(worst <= LOGIT_DIFFERENCE_MAX, "{worst}");

    let lines: Vec<String> = (0..4).flat_map(|n| SENTENCES.map(|sentence| format!("{n}. {}", sentence.repeat(3)))).collect();
    let encoded = page.script_awaited("return (await __bench.encode([arguments[0]])).vectors.length", &[json!(lines)]);
    assert_eq!(encoded.as_u64(), u64::try_from(lines.len()).ok(), "{encoded}");
    // The same CV in both languages, with all that linking needs in the heap too.
    for sample in [include_str!("../../app/samples/line_worker.en.txt"), include_str!("../../app/samples/line_worker.zh.txt")] {
        let analysed = page.script_awaited("return await __bench.analyse(arguments[0])", &[json!(sample)]);
        println!("two pages: {analysed}");
        assert!(analysed["linked"].as_u64().is_some_and(|linked| linked > 20), "{analysed}");
        assert!(analysed["wasm"].as_u64().is_some_and(|bytes| bytes <= HEAP_BYTES_MAX), "{analysed}");
    }
}
