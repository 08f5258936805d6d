//! What a first visit costs, and what the glue can reach: read off the built files.
use crate::page::site_folder;
use std::fs;
use waymark_site::build::{FIRST_LOAD_GZIP_BYTES_MAX, PAGE_WASM_BYTES_MAX, measure};

#[test]
fn the_first_load_keeps_its_budgets() {
    let sizes = measure(&site_folder()).unwrap();
    println!("{sizes:?}");
    assert!(sizes.page_wasm > 0 && sizes.page_wasm <= PAGE_WASM_BYTES_MAX, "page wasm: {} bytes", sizes.page_wasm);
    let first = sizes.program_gzip + sizes.data_gzip;
    assert!(first > 1_000_000 && first <= FIRST_LOAD_GZIP_BYTES_MAX, "first load: {first} bytes gzip");
    assert!(sizes.model <= 24 << 20, "model: {} bytes", sizes.model);
    assert!(sizes.pack <= 32 << 20, "pack: {} bytes", sizes.pack);
}

#[test]
fn every_placeholder_is_filled_and_every_file_is_listed() {
    let folder = site_folder();
    let index: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("site.json")).unwrap()).unwrap();
    assert_eq!(index["build"].as_str().unwrap().len(), 10);
    let files = index["files"].as_array().unwrap();
    for file in files {
        let path = file["path"].as_str().unwrap();
        let bytes = fs::read(folder.join(path)).unwrap_or_else(|_| panic!("{path} is listed, but not there"));
        assert_eq!(Some(bytes.len()), file["bytes"].as_u64().and_then(|n| usize::try_from(n).ok()), "{path}");
        if path.ends_with(".html") || path.starts_with("boot-") {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains("{{"), "{path} has an open placeholder");
            // What a page names, it has.
            let names = text.split(['"', '\'']).map(|name| name.trim_start_matches("./"));
            for name in names.filter(|name| [".js", ".css", ".wasm"].iter().any(|end| name.ends_with(end)) && *name != "sw.js") {
                assert!(folder.join(name).is_file(), "{path} names {name}");
            }
        }
    }
    assert!(files.iter().any(|file| file["path"] == "index.html"));
}

#[test]
fn the_glue_imports_nothing_that_the_seal_does_not_cover() {
    for entry in fs::read_dir(site_folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".js") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for banned in ["RTCPeerConnection", "sendBeacon", "WebTransport", "getImageData", "toDataURL", "geolocation"] {
            assert!(!text.contains(banned), "{name} reaches {banned}");
        }
        if name.starts_with("worker-") {
            assert!(!text.contains("import.meta") && !text.contains("import("), "{name} must be one classic text");
        }
    }
}
