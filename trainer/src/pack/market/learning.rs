//! Learning resources out of public lists, and the occupations of China's classification. Titles and addresses only; no
//! link is opened.
use super::{Column, Folder, Table};
use anyhow::{Context, Result, bail};
use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use waymark_shared::market::data::lists::{CHINA, LEARNING, NEAREST};
use waymark_shared::taxonomy::COMPETENCES;

const LISTS: &[&str] = &["free-programming-books", "ossu", "mit-ocw"];
/// Markdown lists of free-programming-books and their languages.
const MARKDOWN: [(&str, &str); 4] = [
    ("learning/fpb_free-courses-en.md", "en"),
    ("learning/fpb_free-programming-interactive-tutorials-en.md", "en"),
    ("learning/fpb_free-courses-zh.md", "zh-Hans"),
    ("learning/fpb_free-courses-zh_TW.md", "zh-Hant"),
];

/// A resource under its heading.
#[derive(Debug, PartialEq, Eq)]
struct Resource {
    topics: Vec<String>,
    title: String,
    url: String,
}

/// A resource as it is written.
struct Listed {
    resource: Resource,
    about: BTreeSet<String>,
    language: &'static str,
    licence: &'static str,
    source: &'static str,
}

/// Reads the lists; what a resource is about is told by the headings or the department it stands under and by its title.
pub fn table(folder: &Folder, ours: &Path, taxonomy: &Path) -> Result<Table> {
    let known = topics(ours, taxonomy)?;
    let (mut listed, mut place_of) = (Vec::<Listed>::new(), BTreeMap::new());
    let mut add = |resource: Resource, language: &'static str, licence: &'static str, source: &'static str| {
        let of = |words: &String| known.get(&words.to_lowercase());
        // What stands of a title goes before what stands of its headings.
        let about: BTreeSet<String> = of(&resource.title).map_or_else(|| resource.topics.iter().filter_map(of).flatten().cloned().collect(), |ids| ids.iter().cloned().collect());
        match place_of.entry(resource.url.clone()) {
            // The same address under another heading: one resource about both.
            Entry::Occupied(place) => {
                let known: &mut Listed = &mut listed[*place.get()];
                known.about.extend(about);
            }
            Entry::Vacant(place) => {
                place.insert(listed.len());
                listed.push(Listed { resource, about, language, licence, source });
            }
        }
    };
    for (file, language) in MARKDOWN {
        markdown(&folder.text(file)?, "").into_iter().for_each(|resource| add(resource, language, "", "free-programming-books"));
    }
    let curriculum = markdown(&folder.text("learning/ossu_computer-science.md")?, "https://github.com/ossu/computer-science/blob/master/");
    curriculum.into_iter().for_each(|resource| add(resource, "en", "", "ossu"));
    for [title, url, department] in folder.csv("learning/mit_ocw_71.csv", ["title", "url", "department"])? {
        add(Resource { topics: vec![department], title, url }, "en", "CC BY-NC-SA 4.0", "mit-ocw");
    }
    // What teaches nothing of the table is shown beside no unit, and not packed.
    let rows = listed.into_iter().filter(|listed| !listed.about.is_empty()).map(|Listed { resource, about, language, licence, source }| -> Vec<Cow<'static, str>> {
        let topic = resource.topics.into_iter().next().unwrap_or_default();
        let about = about.into_iter().collect::<Vec<_>>().join(",");
        vec![resource.title.into(), resource.url.into(), language.into(), topic.into(), about.into(), licence.into(), source.into()]
    });
    let column = |name, unit, note| Column { name, sources: LISTS, unit, vintage: "2026", note };
    let columns = vec![
        column("title", "name", ""),
        column("url", "address", "not opened"),
        column("language", "code", ""),
        column("topic", "name", "the heading it stands under"),
        Column { name: "competences", sources: &["waymark", "onet-29.3"], unit: "code", vintage: "2026", note: "by a table of ours: what a heading or a title is about" },
        column("licence", "name", "of the resource itself, where the list tells"),
        column("source", "code", "the list"),
    ];
    Ok(Table { file: LEARNING, columns, wide: Vec::new(), rows: rows.collect() })
}

/// Our reviewed table, topic or title → ids of competences (`-` for none), each held against the taxonomy. Names and aliases alone would teach the
/// assembly of products by courses in assembly language.
fn topics(ours: &Path, taxonomy: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let names = read(&taxonomy.join(COMPETENCES))?;
    let known: BTreeSet<&str> = names.lines().filter_map(|line| line.split('\t').next()).collect();
    let path = ours.join("taxonomy/topics.tsv");
    let mut topics = BTreeMap::new();
    for (at, line) in read(&path)?.lines().enumerate() {
        let (topic, ids) = line.split_once('\t').unwrap_or((line, ""));
        let ids: Vec<String> = ids.split(',').filter(|id| *id != "-").map(str::to_owned).collect();
        if !ids.iter().all(|id| known.contains(id.as_str())) || topics.insert(topic.to_lowercase(), ids).is_some() {
            bail!("{}:{}: expected a topic that has no other line, and ids of competences", path.display(), at + 1);
        }
    }
    Ok(topics)
}

/// Links of a Markdown list or table with the nearest heading; `base` is where relative ones lead, empty to leave them out.
/// Only the first link of a line, and only where the line begins with it.
fn markdown(text: &str, base: &str) -> Vec<Resource> {
    let mut headings: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_start_matches('\u{feff}');
        let level = line.bytes().take_while(|b| *b == b'#').count();
        if level > 0 {
            headings.truncate(level - 1);
            headings.resize(level - 1, String::new());
            // "0 - MOOC" sorts first in its list; that is all the number means. An anchor may stand before the words (C#).
            let words = line[level..].rsplit("</a>").next().unwrap_or_default();
            headings.push(words.trim().trim_start_matches("0 - ").replace('\\', ""));
            continue;
        }
        let item = line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")).unwrap_or(line).trim_start();
        // A table's row begins with the link and goes on with a bar; other lines with a link first are prose.
        if item == line && !line.contains('|') {
            continue;
        }
        let Some((title, url)) = link(item) else { continue };
        let url = if url.starts_with("http") { url } else if base.is_empty() || url.starts_with('#') { continue } else { format!("{base}{url}") };
        // The document's own title is no topic.
        let topics = headings.iter().enumerate().skip(1).rev().map(|(_, heading)| heading.clone()).filter(|heading| !heading.is_empty()).collect();
        found.push(Resource { topics, title, url });
    }
    found
}

/// Title and address of the link a text begins with. Brackets in a title stand in pairs.
fn link(text: &str) -> Option<(String, String)> {
    let inner = text.strip_prefix('[')?;
    let mut depth = 1_usize;
    let end = inner.char_indices().find_map(|(at, c)| {
        depth = match c { '[' => depth + 1, ']' => depth - 1, _ => depth };
        (depth == 0).then_some(at)
    })?;
    let address = inner[end + 1..].strip_prefix('(')?;
    let mut depth = 1_usize;
    let close = address.char_indices().find_map(|(at, c)| {
        depth = match c { '(' => depth + 1, ')' => depth - 1, _ => depth };
        (depth == 0).then_some(at)
    })?;
    let title = inner[..end].replace('\\', "").replace(['\t', '`'], " ").trim().to_owned();
    let url = address[..close].split_whitespace().next()?.to_owned();
    (!title.is_empty()).then_some((title, url))
}

/// Reads our choice of the nearest entry of that classification to each occupation, and holds each against the table.
pub fn nearest(ours: &Path, china: &Table) -> Result<Table> {
    let path = ours.join("taxonomy/china.tsv");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut rows: Vec<Vec<Cow<'static, str>>> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let known = matches!(cells[..], [_, code, name, "close" | "near"] if china.rows.iter().any(|row| row[0] == code && row[2] == name));
        if !known {
            bail!("{}:{}: expected an occupation, code and name of the classification, and `close` or `near`", path.display(), at + 1);
        }
        rows.push(cells.into_iter().map(|cell| cell.to_owned().into()).collect());
    }
    let column = |name, unit, note| Column { name, sources: &["waymark", "china-occupations-2022"], unit, vintage: "2026", note };
    let columns = vec![
        column("soc", "code", ""),
        column("code", "code", "the nearest entry as we judge it, reviewed"),
        column("name", "name", ""),
        column("fit", "close or near", "close: the same work; near: wider or narrower"),
    ];
    Ok(Table { file: NEAREST, columns, wide: Vec::new(), rows })
}

/// Reads the occupations of 中华人民共和国职业分类大典 (2022); the marks S and L at the end of a name become columns.
pub fn china(folder: &Folder) -> Result<Table> {
    let mut rows: Vec<Vec<Cow<'static, str>>> = Vec::new();
    for [level, code, name] in folder.csv("china-occupations-2022/csco22_codes_names.csv", ["level", "code", "name"])? {
        let plain = name.trim_end_matches(['S', 'L', '/']);
        let marks = &name[plain.len()..];
        if !matches!(marks, "" | "S" | "L" | "L/S" | "S/L") {
            bail!("{code}: marks {marks:?}");
        }
        let mark = |of: char| Cow::from(if marks.contains(of) { "1" } else { "0" });
        let (digital, green) = (mark('S'), mark('L'));
        rows.push(vec![code.into(), level.into(), plain.to_owned().into(), digital, green]);
    }
    rows.sort();
    let column = |name, unit, note| Column { name, sources: &["china-occupations-2022"], unit, vintage: "2022", note };
    let columns = vec![
        column("code", "code", ""),
        column("level", "1 to 4", "大类, 中类, 小类, 细类"),
        column("name", "name", ""),
        column("digital", "1 or 0", "marked S: 数字职业"),
        column("green", "1 or 0", "marked L: 绿色职业"),
    ];
    Ok(Table { file: CHINA, columns, wide: Vec::new(), rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_under_their_headings() {
        let text = "# List\n### Index\n* [Python](#python)\n### Python\n* [One [2025]](https://a.test/x_(y)) - Somebody (Site)\n#### <a id=\"d\"></a>Django\\#\n    * [Two \\[new\\]](https://a.test/2 \"t\")\nSee [prose](https://a.test/3).\n[Prose](https://a.test/4) goes on.\n### Tools\n[Three](pages/3.md) | 4 weeks | [chat](https://a.test/5)\n";
        let of = |topics: &[&str], title: &str, url: &str| Resource { topics: topics.iter().map(|t| (*t).into()).collect(), title: title.into(), url: url.into() };
        let lists = [of(&["Python"], "One [2025]", "https://a.test/x_(y)"), of(&["Django#", "Python"], "Two [new]", "https://a.test/2")];
        assert_eq!(markdown(text, ""), lists);
        let [one, two] = lists;
        assert_eq!(markdown(text, "https://b.test/"), [one, two, of(&["Tools"], "Three", "https://b.test/pages/3.md")]);
    }
}
