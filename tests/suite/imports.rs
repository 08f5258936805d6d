//! Reading CVs that come as web pages or as JSON: our own against their texts, hostile ones against their named errors.
use super::{bytes, folder, open};
use serde_json::{Value, json};
use std::time::Instant;
use waymark_shared::analyse::PersonalKind::{Account, Address, Mail, Name, Phone};
use waymark_shared::analyse::{CompetenceKind, LinkedBy, SpanKind, SpanLink};
use waymark_shared::cv::{CvError, CvFormat, Limits, Notice, read};
use waymark_shared::personal::PersonalRules;
use waymark_shared::profile::{Evidence, Profile, ProfileItem};
use waymark_shared::text::{Section, nfkc, sentences};

fn truth(name: &str) -> String {
    nfkc(std::fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}")).trim_end())
}

fn kinds(notices: &[Notice]) -> Vec<&'static str> {
    notices.iter().map(|n| n.kind.kind()).collect()
}

#[test]
fn web_pages_read_line_by_line_as_their_truth() {
    for (name, expected, told) in [("web-page.html", "web-page.txt", &[][..]), ("word-page-zh.html", "word-page-zh.txt", &["tracked_changes"])] {
        let (cv, notices) = open(name);
        assert_eq!((cv.format, cv.text, kinds(&notices).as_slice()), (CvFormat::Html, truth(expected), told), "{name}");
    }
}

#[test]
fn a_web_page_reads_alike_in_every_encoding() {
    let expected = truth("web-page.txt");
    let page = String::from_utf8(bytes("web-page.html")).unwrap();
    let utf16: Vec<u8> = [vec![0xff, 0xfe], page.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let marked = [b"\xef\xbb\xbf", page.as_bytes()].concat();
    let lines = page.replace('\n', "\r\n").into_bytes();
    for (case, file) in [("UTF-16", utf16), ("UTF-8 with a mark", marked), ("DOS line ends", lines)] {
        assert_eq!(read(&file, None, &Limits::default()).unwrap().0.text, expected, "{case}");
    }
}

#[test]
fn json_resumes_read_line_by_line_as_their_truth() {
    for (name, expected) in [("resume-en.json", "resume-en.txt"), ("resume-zh.json", "resume-zh.txt")] {
        let (cv, notices) = open(name);
        assert_eq!((cv.format, cv.text, notices), (CvFormat::JsonResume, truth(expected), vec![]), "{name}");
    }
}

#[test]
fn the_rules_find_the_personal_fields_of_a_json_resume() {
    let rules = PersonalRules::built_in().unwrap();
    for (name, personal) in [
        (
            "resume-en.json",
            &[
                (Name, "Nadia Okonjo"),
                (Phone, "07700 900482"),
                (Mail, "nadia.okonjo@example.org"),
                (Address, "14 Maple Street, LS1 4AB"),
                (Account, "linkedin.com/in/nokonjo"),
                (Name, "Colin Baxter"),
            ][..],
        ),
        ("resume-zh.json", &[(Name, "慕容晓舟"), (Phone, "13712345678"), (Mail, "xiaozhou@example.cn"), (Address, "文三路99号")]),
    ] {
        let text = open(name).0.text;
        let found = rules.find(&text, &sentences(&text));
        for (kind, words) in personal {
            assert!(found.iter().any(|f| f.kind == *kind && text[f.start..f.end].contains(words)), "{name}: {words} in\n{text}");
        }
        assert!(!found.iter().any(|f| text[f.start..f.end].contains("SAP EWM")));
    }
}

fn item(label: &str, kind: SpanKind, evidence: Evidence, year: Option<u16>, words: &[&str], link: Option<(&str, &str)>) -> ProfileItem {
    let link = link.map(|(en, zh)| SpanLink {
        id: "4.A.3.a.3.I01.D01".into(),
        kind: CompetenceKind::Activity,
        name_en: en.into(),
        name_zh: zh.into(),
        score: 0.9,
        by: LinkedBy::Nearness,
    });
    ProfileItem { label: label.into(), kind, link, evidence, year, words: words.iter().map(|w| (*w).to_owned()).collect(), confirmed: true }
}

#[test]
fn a_saved_profile_opens_again_with_every_skill_under_its_evidence() {
    use Evidence::{Certified, Claimed, ShownAtWork};
    use SpanKind::{Knowledge, Skill};
    let items = vec![
        item("换型", Skill, ShownAtWork, Some(2024), &["换型", "快速换型"], Some(("Set up production equipment", "调试生产设备"))),
        item("Excel", Knowledge, Claimed, None, &["Excel", "EXCEL"], None),
        item("操作金属检测机", Skill, ShownAtWork, Some(2016), &["操作金属检测机"], None),
        item("叉车证", Knowledge, Certified, Some(2013), &[], None),
        item("PLC故障排查", Skill, Claimed, None, &["PLC故障排查"], Some(("Diagnose equipment malfunctions", "诊断设备故障"))),
        item("按作业指导书装配路由器", Skill, ShownAtWork, None, &["按作业指导书装配路由器"], None),
    ];
    let profile = Profile { items };
    assert_eq!(profile.json_resume(), String::from_utf8(bytes("profile-zh.json")).unwrap(), "the file is what the page saves today");
    let (cv, notices) = open("profile-zh.json");
    assert_eq!((cv.format, cv.text.as_str(), notices), (CvFormat::JsonResume, truth("profile-zh.txt").as_str(), vec![]));
    let found = sentences(&cv.text);
    for item in &profile.items {
        let expected = match item.evidence {
            ShownAtWork => Section::Experience,
            Claimed => Section::Skills,
            Certified => Section::Certificates,
        };
        assert!(found.iter().any(|s| s.section == expected && cv.text[s.start..s.end].contains(&item.label)), "{} in\n{}", item.label, cv.text);
    }
    // Nothing to keep: said as such, not taken for other JSON.
    assert_eq!(read(Profile::default().json_resume().as_bytes(), None, &Limits::default()), Err(CvError::Empty));
}

/// What a value breaks of a schema: the keywords that the schema of JSON Resume 1.0.0 uses, and no other keyword.
fn breaks(schema: &Value, root: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "type" => match rule.as_str().unwrap() {
                "string" => value.is_string(),
                "array" => value.is_array(),
                "object" => value.is_object(),
                other => panic!("type {other}"),
            },
            "$ref" => {
                found.extend(breaks(root.pointer(rule.as_str().unwrap().strip_prefix('#').unwrap()).unwrap(), root, value, at));
                true
            }
            "properties" => {
                for (key, of) in rule.as_object().unwrap() {
                    found.extend(value.get(key).map(|value| breaks(of, root, value, &format!("{at}/{key}"))).unwrap_or_default());
                }
                true
            }
            "additionalProperties" => rule == true || value.as_object().is_none_or(|all| all.keys().all(|key| schema["properties"].get(key).is_some())),
            "items" => {
                found.extend(value.as_array().into_iter().flatten().flat_map(|value| breaks(rule, root, value, &format!("{at}/*"))));
                true
            }
            "pattern" => {
                assert!(rule.as_str().unwrap().starts_with("^([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|"), "a pattern that is no date");
                let shape: String = value.as_str().unwrap_or_default().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
                ["0000-00-00", "0000-00", "0000"].contains(&shape.as_str())
            }
            "format" => match rule.as_str().unwrap() {
                "uri" => value.as_str().is_none_or(|text| text.contains("://") && !text.contains(char::is_whitespace)),
                "email" => value.as_str().is_none_or(|text| text.contains('@')),
                "date" => value.as_str().is_none_or(|text| text.len() == 10),
                other => panic!("format {other}"),
            },
            // Words; and `additionalItems`, which says nothing where `items` is one schema for all.
            "description" | "title" | "$schema" | "definitions" | "additionalItems" => true,
            other => panic!("keyword {other}"),
        };
        if !holds {
            found.push(format!("{at}: {keyword} {rule}"));
        }
    }
    found
}

#[test]
fn what_the_page_saves_validates_against_the_schema_of_json_resume() {
    let schema: Value = serde_json::from_slice(&bytes("json-resume.schema.json")).unwrap();
    let broken = |value: &Value| breaks(&schema, &schema, value, "");
    for file in [bytes("profile-zh.json"), Profile::default().json_resume().into_bytes()] {
        assert_eq!(broken(&serde_json::from_slice(&file).unwrap()), [""; 0]);
    }
    // The check sees what is wrong.
    for wrong in [
        json!({"waymark": 1}),
        json!({"skills": {}}),
        json!({"skills": [{"name": 1}]}),
        json!({"skills": [{"keywords": [null]}]}),
        json!({"basics": []}),
        json!({"$schema": "x"}),
        json!({"work": [{"startDate": "March"}]}),
        json!([]),
    ] {
        assert_eq!(broken(&wrong).len(), 1, "{wrong}: {:?}", broken(&wrong));
    }
}

/// What a hostile file comes to.
enum End {
    /// Its text, somewhere in it these words; nothing larger than the file.
    Text(&'static str),
    /// The kind of error.
    Error(&'static str),
}

#[test]
fn hostile_pages_and_json_end_in_text_or_a_named_error() {
    use End::{Error, Text};
    let skills = "<p>Skills: welding 2020</p>";
    let million = 1 << 20;
    let page = |before: &str, count: usize, after: &str| format!("<html>{skills}{}{after}</html>", before.repeat(count));
    let entities: String = (1..10).map(|n| format!("<!ENTITY lol{n} \"{}\">", format!("&lol{};", n - 1).repeat(10))).collect();
    let work = |entry: &str, count: usize| format!(r#"{{"basics": {{"name": "A", "label": "welder 2020"}}, "work": [{}null]}}"#, entry.repeat(count));
    for (case, file, end) in [
        ("100,000 divs deep", page("<div>", 100_000, ""), Error("over_budget")),
        ("tables within tables", page("<table><tr><td>", 100_000, ""), Error("over_budget")),
        ("hidden within hidden", page("<span hidden>", 100_000, ""), Error("over_budget")),
        ("entities of HTML", format!("<!DOCTYPE html [<!ENTITY lol0 \"lol\">{entities}]>{skills}&lol9;"), Text("&lol9;")),
        ("entities of XML", format!("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol0 \"lol\">{entities}]><lolz>&lol9;</lolz>"), Error("not_a_cv")),
        ("a huge attribute", format!("<p title=\"{}\">Skills: welding 2020", "a".repeat(20 * million)), Text("welding 2020")),
        ("a huge style", format!("<p style=\"{}\">Skills: welding 2020", "color:red;".repeat(million)), Text("welding 2020")),
        ("a million attributes", format!("<p {}>Skills: welding 2020", "a=b ".repeat(million)), Text("welding 2020")),
        ("a huge name", format!("{skills}<{0} hidden>x</{0}>", "a".repeat(million)), Text("welding 2020")),
        ("open inline elements", page("<b>", million, "x"), Text("welding 2020")),
        ("ends of nothing", page("</b>", million, "x"), Text("welding 2020")),
        ("ends of nothing, deep within", page(&"<div>".repeat(250), 1, &"</b>".repeat(million)), Text("welding 2020")),
        ("inline elements, deep within", page(&format!("{}<i hidden></i>", "<div>".repeat(250)), 1, &"<i>".repeat(million)), Text("welding 2020")),
        ("list items", page("<li>", million, ""), Text("welding 2020")),
        ("cells without end", page("<table><td>", 1, &"<td>a".repeat(200_000)), Text("welding 2020")),
        ("line breaks", page("<br>", million, "x"), Text("welding 2020")),
        ("control characters", page("\u{1}", 4 * million, ""), Error("over_budget")),
        ("references", page("&amp", 150_000, ""), Text("welding 2020")),
        ("a letter a line", page("a<br>", million, ""), Error("over_budget")),
        ("too much text", page("welding ", 300_000, ""), Error("over_budget")),
        ("cut in a tag", format!("{skills}<p class=\"x"), Text("welding 2020")),
        ("only a script", format!("<html><body><div id=app></div><script>{}</script></body></html>", "render();".repeat(million)), Error("script_page")),
        ("a million nulls", format!("[{}null]", "null,".repeat(million)), Error("other_json")),
        ("a million nulls at work", work("null,", million), Text("welder 2020")),
        ("a million empty entries", work("{\"name\": \"\"},", million), Text("welder 2020")),
        ("a million entries", work("{\"name\": \"a\"},", million), Error("over_budget")),
        ("many keys", work(&format!("{{{}\"a\": null}},", "\"a\": true,".repeat(million)), 1), Text("welder 2020")),
        ("deep lists", "[".repeat(million), Error("other_json")),
        ("deep lists at work", work(&"[".repeat(million), 1), Error("over_budget")),
        ("deep objects at work", work(&"{\"name\": ".repeat(million), 1), Error("over_budget")),
        ("a picture", format!(r#"{{"basics": {{"image": "{}", "label": "welder 2020"}}}}"#, "a".repeat(20 * million)), Text("welder 2020")),
        ("cut JSON", work("{\"name\": \"a\"},", 9)[..80].to_owned(), Error("damaged")),
        ("other JSON", r#"{"name": "left-pad", "version": "1.3.0", "keywords": ["skills"]}"#.to_owned(), Error("other_json")),
    ] {
        let start = Instant::now();
        let result = read(file.as_bytes(), None, &Limits::default());
        println!("{case}: {} bytes, {:?} in {:?}", file.len(), result.as_ref().map(|r| r.0.text.len()).map_err(CvError::kind), start.elapsed());
        match (result, end) {
            (Ok((cv, _)), Text(words)) => assert!(cv.text.contains(words) && cv.text.len() <= file.len(), "{case}"),
            (Err(error), Error(kind)) => assert_eq!(error.kind(), kind, "{case}: {error}"),
            (result, _) => panic!("{case}: {:?}", result.map(|(cv, _)| cv.text.chars().take(200).collect::<String>())),
        }
    }
}
