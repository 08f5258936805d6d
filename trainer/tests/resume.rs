//! A run that is killed and taken up again ends with the same bytes as one that was not.
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RECIPE: &str = r#"
version = "tiny"
train = ["train.jsonl"]
dev = ["dev.jsonl"]
epochs = 2
batch = 8
max_length = 64
learning_rate = 1e-3
warmup = 0.1
weight_decay = 0.01
clip = 1.0
dropout = 0.1
keep_empty = 0.5
context_weight = 0.5
vector_weight = 1.0
seed = 5
dev_share = 1.0
checkpoint_steps = 3

[beside]
tag_set = "line"
train = ["line.jsonl"]
"#;

fn train(work: &Path, out: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.current_dir(work).args(["train", "--config", "recipe.toml", "--base", "base", "--out", out]).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn result(work: &Path, out: &str) -> Vec<u8> {
    std::fs::read(work.join(out).join("model/model.safetensors")).unwrap()
}

/// What a person exported who found every tag of our lines right.
fn corrected(own: &str) -> String {
    use waymark_shared::corrections::{Decision, Judged, lines};
    use waymark_shared::text::{Section, Sentence};
    let (mut text, mut sentences, mut judged) = (String::new(), Vec::new(), Vec::new());
    for line in own.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let start = text.len();
        let at = |span: &serde_json::Value, key: &str| start + usize::try_from(span[key].as_u64().unwrap()).unwrap();
        let tag = |span: &serde_json::Value| Judged {
            start: at(span, "start"),
            end: at(span, "end"),
            kind: serde_json::from_value(span["kind"].clone()).unwrap(),
            context: serde_json::from_value(span["context"].clone()).unwrap(),
            decision: Decision::Confirmed,
        };
        judged.extend(line["spans"].as_array().unwrap().iter().map(tag));
        text += &(line["text"].as_str().unwrap().to_owned() + "\n");
        sentences.push(Sentence { start, end: text.len(), section: Section::Experience, heading: false });
    }
    lines(&text, &sentences, &[], &judged)
}

#[test]
fn a_tiny_model_trains_on_exported_corrections() {
    let work = tempfile::tempdir().unwrap();
    let work = work.path();
    std::fs::create_dir(work.join("base")).unwrap();
    for (name, bytes) in waymark_tests::tiny_model(9, false) {
        std::fs::write(work.join("base").join(name), bytes).unwrap();
    }
    let own = |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file)).unwrap();
    let exported = corrected(&own("en.dev.jsonl")) + &corrected(&own("zh.dev.jsonl"));
    assert!(exported.lines().count() > 300);
    let file = work.join("waymark-corrections.jsonl");
    std::fs::write(&file, &exported).unwrap();
    let read = waymark_trainer::data::read(&file).unwrap();
    assert_eq!(read.len(), exported.lines().count(), "no bad line");
    std::fs::write(work.join("dev.jsonl"), exported.lines().take(40).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let recipe = RECIPE.replace("train.jsonl", "waymark-corrections.jsonl").replace("\n[beside]\ntag_set = \"line\"\ntrain = [\"line.jsonl\"]\n", "").replace("epochs = 2", "epochs = 1");
    std::fs::write(work.join("recipe.toml"), recipe).unwrap();
    assert!(train(work, "trained").status().unwrap().success());
    assert!(!result(work, "trained").is_empty());
}

#[test]
fn a_run_killed_at_any_moment_and_resumed_gives_the_same_bytes() {
    let work = tempfile::tempdir().unwrap();
    let work = work.path();
    std::fs::create_dir(work.join("base")).unwrap();
    for (name, bytes) in waymark_tests::tiny_model(9, false) {
        std::fs::write(work.join("base").join(name), bytes).unwrap();
    }
    std::fs::write(work.join("recipe.toml"), RECIPE).unwrap();
    let own = |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file)).unwrap();
    let lines = |text: String, n: usize| text.lines().take(n).map(|l| format!("{l}\n")).collect::<String>();
    std::fs::write(work.join("train.jsonl"), lines(own("en.dev.jsonl"), 80) + &lines(own("zh.dev.jsonl"), 80)).unwrap();
    std::fs::write(work.join("line.jsonl"), lines(own("line.dev.jsonl"), 40)).unwrap();
    std::fs::write(work.join("dev.jsonl"), lines(own("zh.train.jsonl"), 20)).unwrap();

    let start = Instant::now();
    assert!(train(work, "whole").status().unwrap().success());
    let whole = start.elapsed();
    let expected = result(work, "whole");
    assert!(!expected.windows(10).any(|w| w == b"head.line."), "a head taught beside is kept");

    // Killed at moments spread over the run, again and again, until it ends by itself.
    for (round, share) in [0.3, 0.55, 0.8].into_iter().enumerate() {
        let out = format!("killed-{round}");
        let mut child = train(work, &out).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(share).max(Duration::from_millis(20)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(train(work, &out).status().unwrap().success());
        assert!(result(work, &out) == expected, "resumed after {share} of the run: other bytes");
    }
    // And stopped at a known step, twice.
    for stop in ["4", "11"] {
        assert!(train(work, "stopped").args(["--stop-after", stop]).status().unwrap().success());
    }
    assert!(train(work, "stopped").status().unwrap().success());
    assert!(result(work, "stopped") == expected, "stopped and resumed: other bytes");
}
