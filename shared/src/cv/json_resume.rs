//! JSON Resume (schema 1.0.0) and the profile that the page saves: their fields as the text of a CV. Not a check against
//! the schema, and no profile again: that is `Profile::of_json_resume`, which finds the words of its items in this text.
use super::{CvError, Limits, Notice, NoticeKind, plain};
use crate::text::{Language, is_han, language};
use node::Node;
use std::collections::BTreeSet;

mod node;

/// Reads the text: a line for each contact, then a heading and the entries of each section, in the language that most
/// fields are in.
///
/// # Errors
/// JSON that is no résumé, cut off or broken, over the depth or the bytes of text.
pub fn read(bytes: &[u8], limits: &Limits, notices: &mut Vec<Notice>) -> Result<String, CvError> {
    let source = plain::decode(bytes, notices);
    let source = source.trim_start_matches('\u{feff}');
    let (root, whole) = node::parse(source, limits)?;
    if !whole {
        notices.push(Notice::new(NoticeKind::PartlyRead, "text behind the JSON left out"));
    }
    if !is_resume(&root) {
        return Err(CvError::OtherJson { detail: "no basics, work, education or skills in the form of the schema".to_owned() });
    }
    let unknown = root.entries().iter().filter(|(key, node)| !matches!(node, Node::Text(_)) && !is_known(key));
    let unknown: Vec<&str> = unknown.map(|(key, _)| key.as_str()).take(8).collect();
    if !unknown.is_empty() {
        notices.push(Notice::new(NoticeKind::PartlyRead, format!("sections left out: {}", unknown.join(", "))));
    }
    Ok(print(&lines(&root)))
}

/// A section of the schema: where its entries have what. Older names of a field follow the one of 1.0.0.
struct Shape {
    key: &'static str,
    /// English, Chinese; both are headings to `text::heading`.
    heading: [&'static str; 2],
    /// What its entries open with, parted by tabs.
    head: &'static [&'static str],
    /// Its time: from, to, or one date.
    dates: [&'static str; 2],
    /// Paragraphs.
    prose: &'static [&'static str],
    /// Lists of bullets.
    bullets: &'static [&'static str],
}

const NO_DATES: [&str; 2] = ["", ""];
const FROM_TO: [&str; 2] = ["startDate", "endDate"];

/// The sections in the order of a CV; skills and interests are lists of names with keywords.
const SHAPES: [Shape; 11] = [
    Shape {
        key: "work",
        heading: ["Work Experience", "工作经历"],
        head: &["position", "name", "company", "location"],
        dates: FROM_TO,
        prose: &["description", "summary"],
        bullets: &["highlights", "keywords"],
    },
    Shape {
        key: "volunteer",
        heading: ["Volunteering", "志愿者经历"],
        head: &["position", "organization", "location"],
        dates: FROM_TO,
        prose: &["summary"],
        bullets: &["highlights"],
    },
    Shape {
        key: "projects",
        heading: ["Projects", "项目经历"],
        head: &["name", "roles", "entity", "type"],
        dates: FROM_TO,
        prose: &["description", "summary"],
        bullets: &["highlights", "keywords"],
    },
    Shape {
        key: "education",
        heading: ["Education", "教育背景"],
        head: &["studyType", "area", "institution", "location", "score", "gpa"],
        dates: FROM_TO,
        prose: &["summary"],
        bullets: &["courses"],
    },
    Shape {
        key: "skills",
        heading: ["Skills", "专业技能"],
        head: &[],
        dates: NO_DATES,
        prose: &["summary"],
        bullets: &[],
    },
    Shape {
        key: "certificates",
        heading: ["Certificates", "证书"],
        head: &["name", "issuer"],
        dates: ["date", ""],
        prose: &["summary"],
        bullets: &[],
    },
    Shape {
        key: "languages",
        heading: ["Languages", "语言能力"],
        head: &["language", "fluency"],
        dates: NO_DATES,
        prose: &[],
        bullets: &[],
    },
    Shape {
        key: "awards",
        heading: ["Awards", "获奖经历"],
        head: &["title", "awarder"],
        dates: ["date", ""],
        prose: &["summary"],
        bullets: &[],
    },
    Shape {
        key: "publications",
        heading: ["Publications", "出版物"],
        head: &["name", "publisher"],
        dates: ["releaseDate", ""],
        prose: &["summary"],
        bullets: &[],
    },
    Shape {
        key: "interests",
        heading: ["Interests", "兴趣爱好"],
        head: &[],
        dates: NO_DATES,
        prose: &[],
        bullets: &[],
    },
    Shape {
        key: "references",
        heading: ["References", "推荐人"],
        head: &[],
        dates: NO_DATES,
        prose: &["reference"],
        bullets: &[],
    },
];

const SUMMARY: [&str; 2] = ["Summary", "个人简介"];
const NAME: [&str; 2] = ["Name: ", "姓名："];
/// Where each kind of evidence of a saved profile stands, so that it is found there again.
const EVIDENCE: [(&str, &str); 3] = [("shown_at_work", "work"), ("claimed", "skills"), ("certified", "certificates")];

fn is_known(key: &str) -> bool {
    matches!(key, "basics" | "meta") || SHAPES.iter().any(|shape| shape.key == key)
}

/// True where one of the parts that every résumé has is there and has a field of the schema, or the schema is named.
fn is_resume(root: &Node) -> bool {
    let has = |node: &Node, keys: &[&str]| keys.iter().any(|key| *node.get(key) != Node::Nothing);
    let any = |section: &str, keys: &[&str]| root.get(section).items().iter().any(|entry| has(entry, keys));
    has(root.get("basics"), &["name", "label", "email", "phone", "url", "website", "summary", "location", "profiles"])
        || any("work", &["position", "company", "highlights", "startDate"])
        || any("education", &["institution", "studyType"])
        || any("skills", &["keywords", "level"])
        || root.get("$schema").text().is_some_and(|schema| schema.contains("resume-schema"))
}

/// A line before its language is known.
#[derive(Debug)]
enum Line {
    /// English and Chinese.
    Heading([&'static str; 2]),
    /// The same for what stands before a text.
    Labelled([&'static str; 2], String),
    Text(String),
    Blank,
}

fn lines(root: &Node) -> Vec<Line> {
    let mut lines = Vec::new();
    basics(root.get("basics"), &mut lines);
    for shape in &SHAPES {
        let first = lines.len();
        for entry in root.get(shape.key).items().iter().filter(|entry| *entry.get("waymark") == Node::Nothing) {
            if lines.len() > first && !shape.bullets.is_empty() {
                lines.push(Line::Blank);
            }
            section_entry(shape, entry, &mut lines);
        }
        saved_items(root.get("skills").items(), shape.key, &mut lines);
        if lines.len() > first {
            lines.splice(first..first, [Line::Blank, Line::Heading(shape.heading)]);
        }
    }
    lines
}

/// Each with its label, by which the rules for personal data find it.
fn basics(basics: &Node, lines: &mut Vec<Line>) {
    let mut labelled = |label, texts: Vec<&str>| {
        if !texts.is_empty() {
            lines.push(Line::Labelled(label, texts.join(", ").replace('\n', ", ")));
        }
    };
    labelled(NAME, basics.all(&["name"]));
    labelled(["Title: ", "职位："], basics.all(&["label"]));
    labelled(["Phone: ", "电话："], basics.all(&["phone"]));
    labelled(["Email: ", "邮箱："], basics.all(&["email"]));
    labelled(["Website: ", "网址："], basics.all(&["url", "website"]));
    let place = basics.get("location");
    let parts = place.all(&["address", "postalCode", "city", "region", "countryCode"]);
    labelled(["Address: ", "地址："], [place.texts(), parts].concat());
    for profile in basics.get("profiles").items() {
        let address = profile.all(&["url"]);
        let named = profile.all(&["network", "username"]).join(": ");
        let shown = if address.is_empty() { named } else { address.join(" ") };
        lines.extend((!shown.is_empty()).then_some(Line::Text(shown)));
    }
    if let Some(summary) = basics.get("summary").text() {
        lines.extend([Line::Blank, Line::Heading(SUMMARY)]);
        lines.extend(summary.lines().map(|line| Line::Text(line.to_owned())));
    }
}

/// An entry of a section; one that is only a text is its own line.
fn section_entry(shape: &Shape, entry: &Node, lines: &mut Vec<Line>) {
    let bulleted = |text: &str| Line::Text(format!("• {}", text.lines().map(str::trim).collect::<Vec<_>>().join(" ")));
    let mut head: Vec<String> = entry.text().into_iter().chain(entry.all(shape.head)).map(str::to_owned).collect();
    match shape.key {
        "skills" | "interests" => head.extend(with_keywords(entry)),
        "references" => lines.extend(entry.get("name").text().map(|name| Line::Labelled(NAME, name.to_owned()))),
        _ => {}
    }
    head.extend(dates(entry, shape.dates));
    if !head.is_empty() {
        lines.push(Line::Text(head.join("\t").replace('\n', " ")));
    }
    lines.extend(entry.all(shape.prose).into_iter().flat_map(str::lines).map(|line| Line::Text(line.to_owned())));
    lines.extend(entry.all(shape.bullets).into_iter().map(bulleted));
}

/// `2019-03 – 2021-05`; an end that is not there is not made up.
fn dates(entry: &Node, [from, to]: [&str; 2]) -> Option<String> {
    match (entry.get(from).text(), entry.get(to).text()) {
        (Some(from), Some(to)) => Some(format!("{from} – {to}")),
        (Some(from), None) if to.is_empty() => Some(from.to_owned()),
        (Some(from), None) => Some(format!("{from} –")),
        (None, Some(to)) => Some(format!("– {to}")),
        (None, None) => None,
    }
}

/// `Welding (advanced): MIG, TIG`.
fn with_keywords(entry: &Node) -> Option<String> {
    let (name, level, keywords) = (entry.get("name").text(), entry.get("level").text(), listed(&entry.get("keywords").texts()));
    let head = match (name, level) {
        (Some(name), Some(level)) => format!("{name} ({level})"),
        (name, level) => name.or(level).unwrap_or("").to_owned(),
    };
    match (head.is_empty(), keywords.is_empty()) {
        (true, true) => None,
        (false, false) => Some(format!("{head}: {keywords}")),
        _ => Some(head + &keywords),
    }
}

/// Words as a list, in the manner of their language.
fn listed(words: &[&str]) -> String {
    words.join(if words.iter().any(|word| word.contains(is_han)) { "、" } else { ", " })
}

/// The items of a saved profile whose evidence stands in this section: their words, with the year behind, those without
/// one first, because a year holds for the lines below it. Not the names of the competences: the CV did not have them.
fn saved_items(skills: &[Node], section: &str, lines: &mut Vec<Line>) {
    let mut here: Vec<(Option<&str>, String)> = Vec::new();
    for item in skills {
        let saved = item.get("waymark");
        let evidence = saved.get("evidence").text().unwrap_or("claimed");
        let place = EVIDENCE.iter().find(|(name, _)| *name == evidence).map_or("skills", |(_, place)| *place);
        if *saved == Node::Nothing || place != section {
            continue;
        }
        let mut seen = BTreeSet::new();
        let mut words = [item.all(&["name"]), saved.get("words").texts()].concat();
        words.retain(|word| seen.insert(*word));
        if !words.is_empty() {
            here.push((saved.get("year").text(), listed(&words)));
        }
    }
    here.sort_by_key(|(year, _)| year.is_some());
    for (year, words) in here {
        let year = year.map_or_else(String::new, |year| format!(" ({year})"));
        lines.push(Line::Text(format!("• {words}{year}")));
    }
}

/// The lines in the language of their texts.
fn print(lines: &[Line]) -> String {
    let words = |line: &Line| if let Line::Text(text) | Line::Labelled(_, text) = line { format!("{text}\n") } else { String::new() };
    let of = usize::from(language(&lines.iter().map(words).collect::<String>()) != Language::En);
    let line = |line: &Line| match line {
        Line::Heading(words) => words[of].to_owned(),
        Line::Labelled(label, text) => format!("{}{text}", label[of]),
        Line::Text(text) => text.clone(),
        Line::Blank => String::new(),
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Section, heading};

    fn shown(json: &str) -> (String, Vec<&'static str>) {
        let mut notices = Vec::new();
        let text = read(json.as_bytes(), &Limits::default(), &mut notices).unwrap_or_else(|e| panic!("{json}: {e}"));
        (super::super::tidy(&text), notices.iter().map(|n| n.kind.kind()).collect())
    }

    fn refused(json: &str) -> &'static str {
        read(json.as_bytes(), &Limits::default(), &mut Vec::new()).map(|text| panic!("{text}")).unwrap_err().kind()
    }

    #[test]
    fn every_heading_heads_its_section_in_both_languages() {
        for shape in SHAPES {
            let expected = match shape.key {
                "work" | "volunteer" | "projects" => Section::Experience,
                "education" => Section::Education,
                "skills" | "languages" => Section::Skills,
                "certificates" => Section::Certificates,
                _ => Section::Other,
            };
            assert_eq!(shape.heading.map(heading), [Some(expected); 2], "{}", shape.key);
        }
        assert_eq!(SUMMARY.map(heading), [Some(Section::Summary); 2]);
    }

    /// By hand from the schema.
    #[test]
    fn fields_stand_where_a_cv_has_them() {
        let json = r#"{"basics": {"name": "Ana Silva", "label": "Welder", "email": "a@example.org", "location": {"city": "Leeds", "address": "1 Mill Lane\nFlat 2"},
            "image": "data:x", "profiles": [{"network": "GitHub", "username": "ana"}, {"network": "X", "url": "https://x.example/ana"}], "summary": "Ten years\nof MIG."},
            "work": [{"name": "Aire Ltd", "position": "Welder", "startDate": "2019-03", "highlights": ["Read\n drawings", null, ""], "url": "https://aire.example"},
                     {"company": "Old Ltd", "startDate": 2012, "endDate": 2018, "summary": "Ran a press."}],
            "skills": [{"name": "Welding", "level": "good", "keywords": ["MIG", "TIG"]}, {"keywords": "Excel"}, "Forklifts", {"level": "none"}],
            "certificates": [{"name": "EN 9606", "date": "2020", "issuer": "TWI"}], "references": [{"name": "Bo Lind", "reference": "Careful."}], "interests": [], "meta": {"version": "v1.0.0"}}"#;
        let expected = "Name: Ana Silva\nTitle: Welder\nEmail: a@example.org\nAddress: 1 Mill Lane, Flat 2, Leeds\nGitHub: ana\nhttps://x.example/ana\n\nSummary\nTen years\nof MIG.\n\n\
            Work Experience\nWelder\tAire Ltd\t2019-03 –\n• Read drawings\n\nOld Ltd\t2012 – 2018\nRan a press.\n\nSkills\nWelding (good): MIG, TIG\nExcel\nForklifts\nnone\n\n\
            Certificates\nEN 9606\tTWI\t2020\n\nReferences\nName: Bo Lind\nCareful.";
        assert_eq!(shown(json), (expected.to_owned(), vec![]));
    }

    #[test]
    fn headings_and_labels_speak_the_language_of_the_fields() {
        let json = r#"{"basics": {"name": "欧阳海棠", "phone": 13712345678}, "work": [{"position": "装配工", "name": "苏州锦禾", "endDate": "2016-02"}],
            "skills": [{"name": "焊接", "level": "熟练", "keywords": ["MIG", "氩弧焊"]}]}"#;
        assert_eq!(shown(json).0, "姓名：欧阳海棠\n电话：13712345678\n\n工作经历\n装配工\t苏州锦禾\t– 2016-02\n\n专业技能\n焊接 (熟练): MIG、氩弧焊");
    }

    #[test]
    fn a_saved_item_stands_where_its_evidence_was() {
        let item = |name: &str, evidence: &str, year: &str| {
            let saved = format!(r#"{{"evidence": "{evidence}", "year": {year}, "words": ["{name}", "PLC"], "competence": {{"name_en": "x"}}}}"#);
            format!(r#"{{"name": "{name}", "keywords": ["x"], "waymark": {saved}}}"#)
        };
        let items = [
            item("焊接", "shown_at_work", "2019"),
            item("plc", "shown_at_work", "null"),
            item("电工证", "certified", "null"),
            item("Python", "claimed", "null"),
        ];
        let json = format!(r#"{{"skills": [{}], "basics": {{"name": "A"}}}}"#, items.join(", "));
        assert_eq!(shown(&json).0, "姓名：A\n\n工作经历\n• plc, PLC\n• 焊接、PLC (2019)\n\n专业技能\n• Python, PLC\n\n证书\n• 电工证、PLC");
    }

    #[test]
    fn what_is_left_out_is_told() {
        assert_eq!(shown(r#"{"basics": {"name": "A"}, "sections": {"experience": ["b"]}, "x": null}"#).1, ["partly_read"]);
        assert_eq!(shown(r#"{"basics": {"name": "A"}} trailing"#).1, ["partly_read"]);
    }

    #[test]
    fn json_that_is_no_resume_gets_its_named_error() {
        for other in [
            "{}",
            "[]",
            "[null, null]",
            r#"[{"basics": {"name": "A"}}]"#,
            r#"{"name": "left-pad", "version": "1.3.0", "license": "MIT"}"#,
            r#"{"skills": ["x"], "title": "Welder wanted"}"#,
            r#"{"basics": "x"}"#,
        ] {
            assert_eq!(refused(other), "other_json", "{other}");
        }
        for broken in [r#"{"basics": {"name": "A"#, r#"{"basics": {"name": A}}"#, r#"{"basics": }"#] {
            assert_eq!(refused(broken), "damaged", "{broken}");
        }
        assert_eq!(refused(&format!(r#"{{"basics": {}"#, r#"{"x": "#.repeat(100_000))), "over_budget");
        assert_eq!(refused(&format!(r#"{{"basics": {{"summary": "{}"}}}}"#, "a".repeat(2 << 20))), "over_budget");
        assert_eq!(shown(&format!(r#"{{"basics": {{"name": "A", "image": "{}", "x": [{}null]}}}}"#, "a".repeat(3 << 20), "null,".repeat(1 << 20))).0, "Name: A");
    }
}
