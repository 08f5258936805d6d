//! What a person keeps of a CV: the competences that count as theirs, with the words that show them. No personal data:
//! it holds nothing else. As a file it is a JSON Resume or a table (CSV); each gives the same profile back. Not saved by itself.
use crate::span::{CompetenceKind, LinkedBy, SpanKind, SpanLink};
use crate::text::sheet::{Sheet, line, unquoted};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How well a CV shows a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Named, no more.
    Claimed,
    /// Named under work or projects.
    ShownAtWork,
    /// Named under certificates.
    Certified,
}

/// One skill or area of knowledge of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileItem {
    /// Its words.
    pub label: String,
    /// Skill or knowledge.
    pub kind: SpanKind,
    /// What it means.
    pub link: Option<SpanLink>,
    /// How well it is shown.
    pub evidence: Evidence,
    /// The latest year of the post it stands under.
    pub year: Option<u16>,
    /// The words that show it, each as in the CV.
    pub words: Vec<String>,
    /// True where the person confirmed it; else it only was not turned down.
    pub confirmed: bool,
}

/// The profile of a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// In the order of the CV.
    pub items: Vec<ProfileItem>,
}

/// A skill of JSON Resume; what only we know of it stands under the key `waymark`.
#[derive(Serialize, Deserialize)]
struct Skill {
    name: String,
    keywords: Vec<String>,
    waymark: Kept,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    kind: SpanKind,
    competence: Option<Competence>,
    evidence: Evidence,
    year: Option<u16>,
    words: Vec<String>,
    confirmed: bool,
}

#[derive(Serialize, Deserialize)]
struct Competence {
    id: String,
    taxonomy: String,
    kind: CompetenceKind,
    name_en: String,
    name_zh: String,
    score: f32,
    by: LinkedBy,
}

/// JSON Resume, as far as we write it.
#[derive(Serialize)]
struct Resume {
    #[serde(rename = "$schema")]
    schema: &'static str,
    basics: Value,
    skills: Vec<Skill>,
    meta: Value,
}

/// The columns of a profile as a table, and where in a skill of JSON Resume each stands.
const COLUMNS: [(&str, &str); 13] = [
    ("name", "/name"),
    ("kind", "/waymark/kind"),
    ("competence", "/waymark/competence/id"),
    ("taxonomy", "/waymark/competence/taxonomy"),
    ("competence_kind", "/waymark/competence/kind"),
    ("name_en", "/waymark/competence/name_en"),
    ("name_zh", "/waymark/competence/name_zh"),
    ("score", "/waymark/competence/score"),
    ("linked_by", "/waymark/competence/by"),
    ("evidence", "/waymark/evidence"),
    ("year", "/waymark/year"),
    ("confirmed", "/waymark/confirmed"),
    ("words", "/waymark/words"),
];
/// A table of more bytes is no profile.
const TABLE_BYTES_MAX: usize = 4 << 20;

impl From<&ProfileItem> for Skill {
    fn from(item: &ProfileItem) -> Self {
        let competence = |l: SpanLink| Competence { id: l.id, taxonomy: "onet".into(), kind: l.kind, name_en: l.name_en, name_zh: l.name_zh, score: l.score, by: l.by };
        let ProfileItem { label, kind, link, evidence, year, words, confirmed } = item.clone();
        let keywords = link.iter().map(|link| link.name_en.clone()).collect();
        Self { name: label, keywords, waymark: Kept { kind, competence: link.map(competence), evidence, year, words, confirmed } }
    }
}

/// The item of a skill that [`Skill`] was made of.
fn item(skill: Value) -> Option<ProfileItem> {
    let Skill { name, waymark: Kept { kind, competence, evidence, year, words, confirmed }, .. } = serde_json::from_value(skill).ok()?;
    let link = competence.map(|c| SpanLink { id: c.id, kind: c.kind, name_en: c.name_en, name_zh: c.name_zh, score: c.score, by: c.by });
    Some(ProfileItem { label: name, kind, link, evidence, year, words, confirmed })
}

impl Profile {
    /// As CSV (RFC 4180): the columns of `COLUMNS`, a line a skill; the words that show it each on a line of their own.
    pub fn csv(&self) -> String {
        let cell = |skill: &Value, at: &str| match skill.pointer(at) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
            Some(other) => other.to_string(),
        };
        let row = |item: &ProfileItem| {
            let skill = json!(Skill::from(item));
            line(COLUMNS.map(|(_, at)| cell(&skill, at)))
        };
        line(COLUMNS.map(|(name, _)| name)) + &self.items.iter().map(row).collect::<String>()
    }

    /// The profile of a table that [`Profile::csv`] wrote, as a spreadsheet may have saved it since; `None` where it has no
    /// skill of ours.
    pub fn of_csv(bytes: &[u8]) -> Option<Self> {
        let begins = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).starts_with(b"name,kind,competence,");
        let sheet = begins.then(|| Sheet::open(bytes, TABLE_BYTES_MAX, None))?.ok()?;
        let names = COLUMNS.map(|(name, _)| [name]);
        let places = sheet.columns(names.each_ref().map(<[&str; 1]>::as_slice)).map(|place| place.unwrap_or(usize::MAX));
        let skill = |row: &csv::StringRecord| {
            let [name, kind, id, taxonomy, of, name_en, name_zh, score, by, evidence, year, confirmed, words] = places.map(|place| unquoted(row.get(place).unwrap_or_default()));
            let competence = json!({"id": id, "taxonomy": taxonomy, "kind": of, "name_en": name_en, "name_zh": name_zh, "score": score.parse::<f64>().ok(), "by": by});
            let competence = if id.is_empty() { Value::Null } else { competence };
            let words: Vec<&str> = words.lines().collect();
            let confirmed = confirmed.eq_ignore_ascii_case("true");
            json!({"name": name, "keywords": [], "waymark": {"kind": kind, "competence": competence, "evidence": evidence, "year": year.parse::<u16>().ok(), "confirmed": confirmed, "words": words}})
        };
        let items: Vec<ProfileItem> = sheet.rows.iter().filter_map(|(_, row)| item(skill(row.as_ref()?))).collect();
        (!items.is_empty()).then_some(Self { items })
    }

    /// The profile of a file that [`Profile::json_resume`] or [`Profile::csv`] wrote.
    pub fn of_file(bytes: &[u8]) -> Option<Self> {
        Self::of_json_resume(bytes).or_else(|| Self::of_csv(bytes))
    }

    /// As JSON Resume (schema 1.0.0): a skill each, its competence and evidence under the key `waymark`.
    pub fn json_resume(&self) -> String {
        let resume = Resume {
            schema: "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
            basics: json!({}),
            skills: self.items.iter().map(Skill::from).collect(),
            meta: json!({"version": "v1.0.0", "waymark": {"profile": 1}}),
        };
        // Names and numbers: nothing in it has no form in JSON.
        serde_json::to_string_pretty(&resume).unwrap_or_default() + "\n"
    }

    /// The profile of a JSON Resume that [`Profile::json_resume`] wrote, whatever was added to it since; `None` where it has
    /// no skill of ours.
    pub fn of_json_resume(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct File {
            skills: Vec<Value>,
        }
        let file: File = serde_json::from_slice(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)).ok()?;
        let items: Vec<ProfileItem> = file.skills.into_iter().filter_map(item).collect();
        (!items.is_empty()).then_some(Self { items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_json_resume_that_gives_it_back() {
        let link = SpanLink { id: "2.C.1.a".into(), kind: CompetenceKind::Knowledge, name_en: "Welding".into(), name_zh: "焊接".into(), score: 0.7, by: LinkedBy::Person };
        let item = ProfileItem { label: "焊接".into(), kind: SpanKind::Skill, link: Some(link), evidence: Evidence::ShownAtWork, year: Some(2019), words: vec!["焊接".into()], confirmed: true };
        let profile = Profile { items: vec![item.clone(), ProfileItem { label: "PLC".into(), kind: SpanKind::Maintenance, link: None, year: None, confirmed: false, ..item }] };
        let text = profile.json_resume();
        assert_eq!(Profile::of_json_resume(text.as_bytes()), Some(profile.clone()));
        // Another program may have added to it.
        let mut value: Value = serde_json::from_str(&text).unwrap();
        value["basics"] = json!({"name": "A"});
        value["skills"].as_array_mut().unwrap().push(json!({"name": "Chess"}));
        assert_eq!(Profile::of_json_resume(format!("\u{feff}{value}").as_bytes()), Some(profile));
        for other in ["", "{}", r#"{"skills": [{"name": "x", "keywords": []}]}"#, r#"{"skills": "x"}"#] {
            assert_eq!(Profile::of_json_resume(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn a_profile_is_a_table_that_gives_it_back_from_a_spreadsheet_too() {
        let link = SpanLink { id: "tech:C++".into(), kind: CompetenceKind::Technology, name_en: "C++".into(), name_zh: "C++".into(), score: 0.7, by: LinkedBy::Nearness };
        let item = ProfileItem { label: "=1+1, \"焊接\"".into(), kind: SpanKind::Skill, link: Some(link), evidence: Evidence::Certified, year: Some(2019), words: vec!["焊接, a".into(), "'+b".into()], confirmed: true };
        let profile = Profile { items: vec![item.clone(), ProfileItem { label: "PLC".into(), kind: SpanKind::Maintenance, link: None, year: None, confirmed: false, ..item }] };
        let text = profile.csv();
        assert!(text.contains("\"'=1+1, \"\"焊接\"\"\""), "no cell is a formula: {text}");
        assert_eq!(Profile::of_csv(text.as_bytes()), Some(profile.clone()));
        assert_eq!(Profile::of_csv(format!("\u{feff}{text}").as_bytes()), Some(profile.clone()));
        // As a Chinese spreadsheet saves it.
        let saved = text.replace("true", "TRUE").replace("false", "FALSE");
        assert_eq!(Profile::of_csv(&encoding_rs::GB18030.encode(&saved).0), Some(profile));
        for other in ["", "name,kind,competence,taxonomy\r\n", "name,kind\r\nx,skill\r\n", "name,kind,competence,\r\nx,skill,,\r\n"] {
            assert_eq!(Profile::of_csv(other.as_bytes()), None, "{other}");
        }
    }
}
