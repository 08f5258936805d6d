//! The article's recipe as it stands in `recipes/article.toml`, run on a tiny model and a few lines; and a head made for an
//! encoder that stays as it is.
use safetensors::SafeTensors;
use std::path::Path;
use std::process::{Command, Output};
use waymark_trainer::train::recipe::{Recipe, Schedule};

fn recipe(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes").join(name)
}

/// A folder with a tiny base of that version and the first lines of the data that the recipe names.
fn workplace(version: &str, name: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().unwrap();
    let (base, data) = (work.path().join("base"), work.path().join("trainer/data"));
    std::fs::create_dir(&base).unwrap();
    std::fs::create_dir_all(&data).unwrap();
    for (name, bytes) in waymark_tests::tiny_model(12, true) {
        let bytes = if name == "config.json" {
            let mut config: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            config["encoder_version"] = version.into();
            serde_json::to_vec(&config).unwrap()
        } else {
            bytes
        };
        std::fs::write(base.join(name), bytes).unwrap();
    }
    let Recipe { train, dev, test, .. } = Recipe::read(&recipe(name)).unwrap();
    for (file, count) in train.iter().map(|file| (file, 48)).chain(dev.iter().chain(&test).map(|file| (file, 16))) {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap();
        std::fs::write(work.path().join(file), text.lines().take(count).map(|l| format!("{l}\n")).collect::<String>()).unwrap();
    }
    work
}

fn waymark(work: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_waymark")).current_dir(work).args(arguments).output().unwrap()
}

#[test]
fn the_article_s_recipe_prints_its_loss_and_reports() {
    let numbers = Recipe::read(&recipe("article.toml")).unwrap();
    assert_eq!((numbers.learning_rate, numbers.batch, numbers.epochs, numbers.max_length, numbers.bucket), (2e-5, 16, 5, 128, false));
    assert_eq!((numbers.rate(1, 50), numbers.rate(50, 50), numbers.schedule), (2e-5, 2e-5, Schedule::Constant));
    assert_eq!(numbers.heads()[0].labels, ["O", "机器人操作", "数据分析", "维护技能"]);

    let work = workplace("tiny", "article.toml");
    let output = waymark(work.path(), &["train", "--config", recipe("article.toml").to_str().unwrap(), "--base", "base", "--out", "out"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.matches("mean loss").count(), 5);
    assert_eq!((text.matches("line.dev.jsonl").count(), text.matches("line.test.jsonl").count()), (5, 1), "dev after every epoch, test at the end");
    for row in ["precision    recall  f1-score   support", "\naccuracy", "\nmacro avg", "\nweighted avg", "strict spans", "\npooled"] {
        assert_eq!(text.matches(row).count(), 6, "{row}");
    }
    assert!(text.find("line.test.jsonl") > text.rfind("line.dev.jsonl"));
}

#[test]
fn a_head_on_a_frozen_encoder_leaves_its_files_as_they_are_and_finds_the_tag_set() {
    let work = workplace("waymark-3", "line.toml");
    let read = |path: &str| std::fs::read(work.path().join(path)).unwrap();
    let mut short: toml::Table = std::fs::read_to_string(recipe("line.toml")).unwrap().parse().unwrap();
    short["epochs"] = 1.into();
    short["adapter"]["from_layer"] = 1.into();
    // The tiny base has no additions to begin as.
    short.remove("adapter_of");
    std::fs::write(work.path().join("short.toml"), short.to_string()).unwrap();
    let output = waymark(work.path(), &["train", "--config", "short.toml", "--base", "base", "--out", "short"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        assert!(read(&format!("short/model/{file}")) == read(&format!("base/{file}")), "{file} changed");
    }
    let data = work.path().join("trainer/data/line.dev.jsonl");
    let output = waymark(work.path(), &["eval", "--data", data.to_str().unwrap(), "--model", "short/model", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = waymark(work.path(), &["eval", "--data", data.to_str().unwrap(), "--model", "base"]);
    assert!(!output.status.success(), "a model without the head says so");

    // Made again on a base that lends them, and nothing learnt: they are the lent ones.
    let bytes = read("short/model/head.line.safetensors");
    let learnt = SafeTensors::deserialize(&bytes).unwrap();
    let lent = learnt.tensors().into_iter().filter_map(|(name, of)| Some((format!("adapter.skill.{}", name.strip_prefix("adapter.line.")?), of)));
    std::fs::write(work.path().join("base/lent.safetensors"), safetensors::serialize(lent, None).unwrap()).unwrap();
    let mut config: serde_json::Value = serde_json::from_slice(&read("base/config.json")).unwrap();
    let skill = config["heads"].as_array_mut().unwrap().iter_mut().find(|head| head["name"] == "skill").unwrap();
    skill["adapter"] = serde_json::to_value(&short["adapter"]).unwrap();
    std::fs::write(work.path().join("base/config.json"), config.to_string()).unwrap();
    short.insert("adapter_of".into(), "skill".into());
    short["learning_rate"] = 0.0.into();
    std::fs::write(work.path().join("lent.toml"), short.to_string()).unwrap();
    let output = waymark(work.path(), &["train", "--config", "lent.toml", "--base", "base", "--out", "lent"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = read("lent/model/head.line.safetensors");
    let begun = SafeTensors::deserialize(&bytes).unwrap();
    for (name, of) in learnt.tensors() {
        assert_eq!(begun.tensor(&name).unwrap().data() == of.data(), name.starts_with("adapter."), "{name}");
    }
}

#[test]
fn a_head_taught_beside_the_open_ones_goes_on_alone_on_their_additions() {
    let work = workplace("waymark-3", "personal.toml");
    let read = |path: &str| std::fs::read(work.path().join(path)).unwrap();
    let train = |recipe: &toml::Table, base: &str, out: &str| {
        std::fs::write(work.path().join("recipe.toml"), recipe.to_string()).unwrap();
        let output = waymark(work.path(), &["train", "--config", "recipe.toml", "--base", base, "--out", out]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let mut open: toml::Table = std::fs::read_to_string(recipe("open.toml")).unwrap().parse().unwrap();
    for files in ["train", "dev"] {
        open[files] = vec!["trainer/data/zh.train.jsonl"].into();
    }
    open["epochs"] = 1.into();
    open["adapter"]["from_layer"] = 1.into();
    train(&open, "base", "open");
    let mut alone: toml::Table = std::fs::read_to_string(recipe("personal.toml")).unwrap().parse().unwrap();
    alone["epochs"] = 1.into();
    train(&alone, "open/model", "alone");

    for file in ["config.json", "model.safetensors", "head.skill.safetensors", "head.knowledge.safetensors", "head.context.safetensors"] {
        assert!(read(&format!("alone/model/{file}")) == read(&format!("open/model/{file}")), "{file} changed");
    }
    let personal = "head.personal.safetensors";
    assert!(read(&format!("alone/model/{personal}")) != read(&format!("open/model/{personal}")), "nothing was taught");
    let loads = |model: &str| waymark(work.path(), &["eval", "--data", "trainer/data/personal.dev.jsonl", "--model", model]).status.success();
    assert!(loads("open/model") && loads("alone/model"));
    // Taught further, the open heads leave behind a head that read other additions.
    open.remove("beside");
    train(&open, "alone/model", "further");
    assert!(!work.path().join("further/model").join(personal).exists() && !loads("further/model"));
}
