//! The command line with the shipped pack: the forms that others rely on.
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn waymark(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_waymark")).current_dir(root()).args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn analyse_gives_one_object_a_file_with_spans_at_their_bytes() {
    let output = waymark(&["analyse", "app/samples/line_worker.zh.txt", "app/samples/line_worker.en.txt", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let objects = lines(&output);
    assert_eq!(objects.len(), 2);
    for object in &objects {
        assert!(object["error"].is_null() && object["format"] == "plain");
        let occupation = &object["occupations"][0];
        assert!(["soc", "name_en", "name_zh"].iter().all(|field| occupation[field].is_string()) && occupation["score"].is_f64() && occupation["evidence"].is_object());
        let text = object["text"].as_str().unwrap();
        let spans = object["spans"].as_array().unwrap();
        let words = |s: &Value| text[s["start"].as_u64().unwrap() as usize..s["end"].as_u64().unwrap() as usize].to_string();
        let held: Vec<String> = spans.iter().filter(|s| s["held"] == true).map(words).collect();
        assert!(held.len() >= 20, "only {} skills are found in a full CV", held.len());
        for s in spans {
            assert!(["skill", "knowledge"].contains(&s["kind"].as_str().unwrap()));
            assert!(["model", "rule"].contains(&s["by"].as_str().unwrap()));
            assert!((0.0..=1.0).contains(&s["confidence"].as_f64().unwrap()) && s["links"].as_array().unwrap().iter().all(|l| l["taxonomy"] == "onet" && l["id"].is_string()));
            assert!(!words(s).contains('\n') && words(s).trim() == words(s), "{:?}", words(s));
        }
    }
    assert_eq!(objects[0]["language"], "zh");
    assert_eq!(objects[1]["language"], "en");
}

#[test]
fn analyse_names_why_a_file_cannot_be_read_and_ends_with_status_2() {
    for (file, kind) in [("scan.pdf", "scan"), ("picture.png", "not_a_cv"), ("old-word.doc", "old_doc"), ("aes-256-user.pdf", "password_needed"), ("external-entity.docx", "external_entity")] {
        let output = waymark(&["analyse", &format!("tests/cv/{file}"), "--json"]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert_eq!(lines(&output)[0]["error"]["kind"], kind, "{file}");
    }
}

#[test]
fn tag_gives_each_record_back_with_a_tag_for_each_token() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("records.json");
    std::fs::write(&file, concat!(r#"{"idx": 7, "tokens": ["Experience", "with", "Python", "(", "or", "Java", ")", ",", "write", "unit", "tests", "."], "tags_skill": [], "tags_knowledge": [], "source": "tech"}"#, "\n")).unwrap();
    let output = waymark(&["tag", "--format", "skillspan", file.to_str().unwrap(), "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let record = &lines(&output)[0];
    assert_eq!((&record["idx"], &record["source"]), (&7.into(), &"tech".into()));
    for layer in ["tags_skill", "tags_knowledge"] {
        let tags: Vec<&str> = record[layer].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(tags.len(), 12);
        assert!(tags.iter().enumerate().all(|(i, t)| *t != "I" || i > 0 && tags[i - 1] != "O"), "an inside after an outside: {tags:?}");
    }
    let knowledge: Vec<&str> = record["tags_knowledge"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
    assert_eq!(knowledge[2], "B", "Python is knowledge: {knowledge:?}");
}

#[test]
fn eval_prints_scores_as_json() {
    let output = waymark(&["eval", "--data", "trainer/data/en.dev.jsonl", "--json"]);
    assert!(output.status.success());
    let report = &lines(&output)[0];
    let f1 = |name: &str| report["rows"].as_array().unwrap().iter().find(|r| r["name"] == name).unwrap()["f1"].as_f64().unwrap();
    assert!(f1("pooled") > 0.4, "the shipped model fell to {} on our own English dev lines", f1("pooled"));
}

#[test]
fn plan_fills_weeks_and_puts_what_is_needed_first() {
    let output = waymark(&["plan", "--from", "51-2090", "--to", "49-9041", "--hours-per-week", "5", "--weeks", "10", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let plan = &lines(&output)[0];
    let units = plan["units"].as_array().unwrap();
    let place = |id: &Value| units.iter().position(|unit| unit["id"] == *id).unwrap();
    for (at, unit) in units.iter().enumerate() {
        assert!(unit["after"].as_array().unwrap().iter().all(|before| place(before) < at), "{unit}");
    }
    for week in plan["weeks"].as_array().unwrap() {
        assert!(week["lines"].as_array().unwrap().iter().map(|line| line[1].as_f64().unwrap()).sum::<f64>() <= 5.0);
    }
    assert_eq!(plan["deadline"]["kept"], false);
    assert!(plan["months"].as_array().unwrap().iter().any(|month| !month["unlocked"].as_array().unwrap().is_empty()));
}

#[test]
fn a_report_of_a_cv_holds_nothing_personal() {
    let folder = tempfile::tempdir().unwrap();
    let [cv, out] = ["cv.txt", "plan.html"].map(|name| folder.path().join(name));
    std::fs::write(&cv, "Zephyrine Quillfeather\nzephyrine@quill.example\n+86 138 1234 5678\n\nWork experience\n2018 - 2023 Line worker, Quillfeather Motors\n- operated the assembly line with Zephyrine Quillfeather\nSkills: 5S, PLC, welding\n").unwrap();
    let output = waymark(&["report", "--cv", cv.to_str().unwrap(), "--to", "49-9041", "--lang", "both", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(&out).unwrap();
    for canary in ["Zephyrine", "Quillfeather", "quill.example", "138 1234"] {
        assert!(!page.to_lowercase().contains(&canary.to_lowercase()), "{canary}");
    }
    assert!(page.contains("工业机械维修工") && page.contains("Industrial machinery mechanics"));
    assert!(page.contains("What to look at first") && page.contains("先看这些"));
}
