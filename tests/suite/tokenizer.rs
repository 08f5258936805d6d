//! The shipped tokenizer against Python's `tokenizers` 0.23.3: the same ids and the same bytes over 1,070 lines of ours.
use std::path::Path;
use waymark_shared::tokenize::PieceTokenizer;
use waymark_trainer::train::checkpoint::sha256;

/// SHA-256 over lines `id:start-end id:start-end …`, written by Python (character offsets turned into bytes, leading
/// white space of a piece left out).
const PYTHON: &str = "ffcf30343e2cb54df92f806b1323860a11dc9fd6061debe8c27262ffe0a45362";

#[test]
fn ids_and_offsets_equal_those_of_python() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tokenizer = PieceTokenizer::parse(&std::fs::read(root.join(waymark_trainer::model_dir::shipped()).join("tokenizer.json")).unwrap()).unwrap();
    let mut all = String::new();
    let mut count = 0;
    for (file, lines) in [("zh.train", 330), ("en.train", 330), ("zh.dev", 250), ("en.dev", 160)] {
        let text = std::fs::read_to_string(root.join(format!("trainer/data/{file}.jsonl"))).unwrap();
        for line in text.lines().take(lines) {
            let sentence = serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_string();
            let pieces = tokenizer.pieces(&sentence).unwrap();
            let parts: Vec<String> = pieces.ids.iter().zip(&pieces.offsets).map(|(id, at)| format!("{id}:{}-{}", at.start, at.end)).collect();
            all.push_str(&parts.join(" "));
            all.push('\n');
            count += 1;
        }
    }
    assert_eq!((count, sha256(all.as_bytes()).as_str()), (1070, PYTHON));
}
