//! Rules about the source text itself: arrows between modules, what is absent where, the shape of a file. No behaviour.
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of `shared` a module may use: the arrows of ARCHITECTURE.md. A new module is added here first.
const SHARED_ARROWS: [(&str, &[&str]); 25] = [
    ("text", &[]),
    ("pack", &[]),
    ("chart", &[]),
    ("span", &[]),
    ("cv", &["text"]),
    ("personal", &["text"]),
    ("profile", &["span", "text"]),
    ("corrections", &["text", "span", "personal"]),
    ("assess", &["profile"]),
    ("intake", &["text", "span", "personal", "profile", "taxonomy"]),
    ("tokenize", &[]),
    ("tag", &[]),
    ("gazetteer", &["span"]),
    ("compare", &[]),
    ("random", &[]),
    ("market", &["compare", "pack", "random", "text"]),
    ("model", &["compare", "pack", "random", "span", "tag", "tokenize"]),
    ("taxonomy", &["compare", "text", "span", "model"]),
    ("gap", &["market", "profile", "span", "taxonomy", "text"]),
    ("path", &["compare", "market", "random", "span", "taxonomy"]),
    ("plan", &["gap", "market", "path", "random", "span", "taxonomy", "text"]),
    ("feedback", &["gap", "plan", "span"]),
    ("fields", &["gap", "market", "path", "plan", "span", "text"]),
    ("report", &["chart", "gap", "market", "path", "plan", "span"]),
    ("analyse", &["text", "span", "gazetteer", "model", "taxonomy", "personal"]),
];

/// A file of more lines is more than one noun.
const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files under the folders (or the files named) whose name ends so, with their text; build outputs are left out.
fn sources(places: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let mut open: Vec<PathBuf> = places.iter().map(|place| root.join(place)).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
            open.extend(entries.filter(|entry| !entry.ends_with("target") && !entry.ends_with("node_modules")));
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing like {endings:?} under {places:?}");
    found
}

/// The code of a line, without its comment.
fn code(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// The first names after each `head` (such as `crate::`) in the code: of `crate::{text::nfkc, tag}`, `text` and `tag`.
fn names_after(text: &str, head: &str) -> Vec<String> {
    let text: String = text.lines().map(|line| format!("{}\n", code(line))).collect();
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for (place, _) in text.match_indices(head) {
        let bounded = text[..place].chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let rest = &text[place + head.len()..];
        match rest.strip_prefix('{') {
            _ if !bounded => {}
            None => names.push(word(rest)),
            Some(group) => {
                let mut depth = 0;
                names.push(word(group));
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => names.push(word(&group[at + 1..])),
                        _ => {}
                    }
                }
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Fails with all finds at once.
fn none(rule: &str, finds: Vec<String>) {
    assert!(finds.is_empty(), "{rule}:\n  {}", finds.join("\n  "));
}

#[test]
fn names_are_found_alone_and_in_groups() {
    assert_eq!(names_after("use crate::text; // crate::cv\nuse crate::{tag::{A, B}, model};", "crate::"), ["text", "tag", "model"]);
    assert_eq!(names_after("use std::{fs, io};\nlet t = std::time::now(); my_std::env", "std::"), ["fs", "io", "time"]);
}

#[test]
fn shared_has_only_the_arrows_of_the_plan() {
    let mut finds = Vec::new();
    for (file, text) in sources(&["shared/src"], &[".rs"]) {
        let module = file["shared/src/".len()..].split(['/', '.']).next().unwrap().to_owned();
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = SHARED_ARROWS.iter().find(|(name, _)| *name == module) else {
            finds.push(format!("{file}: module {module} is not in the plan"));
            continue;
        };
        for used in names_after(&text, "crate::") {
            if used != module && !allowed.contains(&used.as_str()) {
                finds.push(format!("{file}: {module} may not use {used}"));
            }
        }
    }
    none("arrows inside shared", finds);
}

#[test]
fn shared_touches_no_disk_clock_thread_or_environment() {
    let mut finds = Vec::new();
    for (file, text) in sources(&["shared/src"], &[".rs"]) {
        for name in names_after(&text, "std::") {
            if ["fs", "time", "thread", "env", "net", "process"].contains(&name.as_str()) {
                finds.push(format!("{file}: std::{name}"));
            }
        }
    }
    none("the core is pure", finds);
}

#[test]
fn app_and_trainer_never_meet() {
    let mut finds = Vec::new();
    for (places, foreign) in [
        (["app/Cargo.toml", "app/src"], ["waymark-trainer", "waymark_trainer"]),
        (["trainer/Cargo.toml", "trainer/src"], ["waymark-app", "waymark_app"]),
        (["shared/Cargo.toml", "shared/src"], ["waymark-trainer", "waymark_trainer"]),
        (["shared/Cargo.toml", "shared/src"], ["waymark-app", "waymark_app"]),
    ] {
        for (file, text) in sources(&places, &[".rs", ".toml"]) {
            if foreign.iter().any(|name| text.lines().any(|line| code(line).contains(name))) {
                finds.push(format!("{file}: {}", foreign[0]));
            }
        }
    }
    none("both know only the core", finds);
}

#[test]
fn every_source_file_says_what_it_is_and_is_one_noun() {
    let mut finds = Vec::new();
    for (file, text) in sources(&["shared", "trainer", "app", "tests"], &[".rs"]) {
        if !text.starts_with("//! ") {
            finds.push(format!("{file}: does not open with a `//!` line"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            finds.push(format!("{file}: {lines} lines"));
        }
    }
    none("the shape of a file", finds);
}

#[test]
fn every_kernel_has_its_twin_on_the_cpu_and_a_test_that_bounds_the_difference() {
    let mut finds = Vec::new();
    for (file, text) in sources(&["shared/src"], &[".wgsl"]) {
        if !text.starts_with("// ") {
            finds.push(format!("{file}: does not open with a line that says what it is"));
        }
        let folder = root().join(&file).parent().unwrap().to_owned();
        // "Twin: ../scalar.rs, …" of the opening comment.
        let twin = text.lines().take_while(|line| line.starts_with("//")).find_map(|line| line.split_once("Twin: ")).map(|(_, rest)| rest.split([',', ' ']).next().unwrap());
        let Some(twin) = twin.filter(|twin| folder.join(twin).is_file()) else {
            finds.push(format!("{file}: names no twin that is there"));
            continue;
        };
        // The test beside it runs the twin and holds a bound.
        let tests = fs::read_to_string(folder.join("tests.rs")).unwrap_or_default();
        let module = Path::new(twin).file_stem().unwrap().to_string_lossy().into_owned();
        if !tests.contains(&format!("::{module}::")) || !tests.contains("< 1e-") {
            finds.push(format!("{file}: no tests.rs beside it that holds it to {twin}"));
        }
    }
    none("kernels", finds);
}

#[test]
fn the_page_has_nothing_that_its_policy_blocks_or_that_leaves_the_site() {
    let mut finds = Vec::new();
    for (file, text) in sources(&["app/src", "app/bench.html", "index.html"], &[".rs", ".html"]) {
        for (number, line) in text.lines().enumerate() {
            let code = if file.ends_with(".rs") { code(line) } else { line };
            let banned = ["style=\"", "style=move", "style={", "style=format", "inner_html", "preconnect", "dns-prefetch", "<style"];
            // The host of the drawn pages puts in what the worker made and escaped (`studio::html`), and nothing else.
            let hosts = file.ends_with("app/src/parts/drawn.rs");
            for banned in banned.iter().filter(|banned| code.contains(**banned) && !(hosts && **banned == "inner_html")) {
                finds.push(format!("{file}:{}: {banned}", number + 1));
            }
            let html = file.ends_with(".html");
            let leaves = ["=\"http", "=\"//", "=\"/"].iter().any(|start| line.contains(start));
            if html && (leaves || line.contains("<script>")) {
                finds.push(format!("{file}:{}: an inline script or an address outside the folder", number + 1));
            }
        }
    }
    none("styles by classes, scripts by file, addresses relative", finds);
}

#[test]
fn wasm_exports_stand_only_in_the_binaries() {
    // One export in the library that reaches the engine puts the engine into the page: megabytes.
    let mut finds = Vec::new();
    for (file, text) in sources(&["app/src", "shared/src"], &[".rs"]) {
        let exports = text.lines().map(code).any(|line| line.contains("#[wasm_bindgen") && !line.contains("extern"));
        if exports && !file.starts_with("app/src/bin/") && !only_imports(&text) {
            finds.push(file);
        }
    }
    none("#[wasm_bindgen] exports", finds);
}

/// True where every `#[wasm_bindgen…]` of a file stands inside or before an `extern "C"` block: those are imports.
fn only_imports(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut announced = false;
    for line in text.lines().map(code) {
        let line = line.trim();
        if depth > 0 {
            depth = (depth + line.matches('{').count()).saturating_sub(line.matches('}').count());
        } else if line.contains("extern \"C\"") && line.contains('{') {
            depth = 1;
            announced = false;
        } else if announced && !line.is_empty() {
            return false;
        } else if line.starts_with("#[wasm_bindgen") {
            announced = true;
        }
    }
    !announced
}

#[test]
fn every_part_of_the_pack_is_whole_and_its_licences_stand_in_the_notice() {
    let root = root();
    let json = |path: &Path| serde_json::from_str::<serde_json::Value>(&fs::read_to_string(path).unwrap()).unwrap();
    let manifest = json(&root.join("public/pack/manifest.json"));
    let notice = fs::read_to_string(root.join("NOTICE")).unwrap();
    let files = manifest["files"].as_array().unwrap();
    let paths: Vec<&str> = files.iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(!paths.is_empty());
    let mut finds = Vec::new();
    for (path, file) in paths.iter().zip(files) {
        let bytes = fs::metadata(root.join("public/pack").join(path)).map(|data| data.len()).unwrap_or(0);
        if Some(bytes) != file["bytes"].as_u64() {
            finds.push(format!("{path}: the manifest says {} bytes, there are {bytes}", file["bytes"]));
        }
        // The card of a folder names the licences of all that went into its files.
        let card = format!("{}/card.json", path.rsplit_once('/').map_or("", |(folder, _)| folder));
        if !paths.contains(&card.as_str()) {
            finds.push(format!("{path}: no card beside it"));
        }
    }
    for card in paths.iter().filter(|path| path.ends_with("/card.json")) {
        let card_json = json(&root.join("public/pack").join(card));
        let licences = card_json["licences"].as_array().unwrap();
        assert!(!licences.is_empty(), "{card} names no licence");
        let missing = licences.iter().filter(|licence| !notice.contains(licence.as_str().unwrap()));
        finds.extend(missing.map(|licence| format!("{card}: NOTICE does not say {licence}")));
    }
    none("the pack", finds);
}
