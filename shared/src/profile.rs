//! What a person keeps of a CV: the competences that count as theirs, with the words that show them. No personal data:
//! it holds nothing else. As a file it is a JSON Resume, which gives the same profile back. Not saved by itself.
use crate::span::{CompetenceKind, LinkedBy, SpanKind, SpanLink};
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

impl Profile {
    /// As JSON Resume (schema 1.0.0): a skill each, its competence and evidence under the key `waymark`.
    pub fn json_resume(&self) -> String {
        let skill = |item: &ProfileItem| {
            let competence = |l: SpanLink| Competence { id: l.id, taxonomy: "onet".into(), kind: l.kind, name_en: l.name_en, name_zh: l.name_zh, score: l.score, by: l.by };
            let ProfileItem { label, kind, link, evidence, year, words, confirmed } = item.clone();
            let keywords = link.iter().map(|link| link.name_en.clone()).collect();
            Skill { name: label, keywords, waymark: Kept { kind, competence: link.map(competence), evidence, year, words, confirmed } }
        };
        let resume = Resume {
            schema: "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
            basics: json!({}),
            skills: self.items.iter().map(skill).collect(),
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
        let item = |skill: Value| {
            let Skill { name, waymark: Kept { kind, competence, evidence, year, words, confirmed }, .. } = serde_json::from_value(skill).ok()?;
            let link = competence.map(|c| SpanLink { id: c.id, kind: c.kind, name_en: c.name_en, name_zh: c.name_zh, score: c.score, by: c.by });
            Some(ProfileItem { label: name, kind, link, evidence, year, words, confirmed })
        };
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
}
