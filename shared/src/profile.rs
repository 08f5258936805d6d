//! What a person keeps of a CV: the competences that count as theirs, with the words that show them. No personal data:
//! it holds nothing else. Not saved by itself.
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

impl Profile {
    /// As JSON Resume (schema 1.0.0): a skill each, its competence and evidence under the key `waymark`.
    pub fn json_resume(&self) -> String {
        let skill = |item: &ProfileItem| -> Value {
            let competence = item.link.as_ref().map(|l| json!({"id": l.id, "taxonomy": "onet", "kind": l.kind, "name_en": l.name_en, "name_zh": l.name_zh, "by": l.by}));
            json!({
                "name": item.label,
                "keywords": item.link.iter().map(|l| l.name_en.clone()).collect::<Vec<_>>(),
                "waymark": {"kind": item.kind, "competence": competence, "evidence": item.evidence, "year": item.year, "words": item.words, "confirmed": item.confirmed},
            })
        };
        let all = json!({
            "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
            "basics": {},
            "skills": self.items.iter().map(skill).collect::<Vec<_>>(),
            "meta": {"version": "v1.0.0", "waymark": {"profile": 1}},
        });
        format!("{all:#}\n")
    }

    /// The profile of a file that [`Self::json_resume`] wrote; `None` for any other. The file holds no probabilities: what bears
    /// the name or was chosen is sure (1), all else has [`SCORE`].
    pub fn of_json_resume(bytes: &[u8]) -> Option<Self> {
        let all: Value = serde_json::from_slice(bytes).ok()?;
        if all.pointer("/meta/waymark/profile") != Some(&json!(1)) {
            return None;
        }
        let item = |skill: &Value| {
            let kept = Kept::deserialize(skill.get("waymark")?).ok()?;
            let link = kept.competence.map(|of| {
                let score = if matches!(of.by, LinkedBy::Name | LinkedBy::Person) { 1.0 } else { SCORE };
                SpanLink { id: of.id, kind: of.kind, name_en: of.name_en, name_zh: of.name_zh, score, by: of.by }
            });
            let label = skill.get("name")?.as_str()?.to_owned();
            Some(ProfileItem { label, kind: kept.kind, link, evidence: kept.evidence, year: kept.year, words: kept.words, confirmed: kept.confirmed })
        };
        Some(Self { items: all.get("skills")?.as_array()?.iter().map(item).collect::<Option<_>>()? })
    }
}

/// The probability that a competence is meant which a person let stand without confirming it: just enough to count.
pub const SCORE: f32 = 0.5;

/// What a file holds of a skill under the key `waymark`.
#[derive(Deserialize)]
struct Kept {
    kind: SpanKind,
    competence: Option<KeptLink>,
    evidence: Evidence,
    year: Option<u16>,
    words: Vec<String>,
    confirmed: bool,
}

/// Its competence.
#[derive(Deserialize)]
struct KeptLink {
    id: String,
    kind: CompetenceKind,
    name_en: String,
    name_zh: String,
    by: LinkedBy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_json_resume_with_its_competences() {
        let item = ProfileItem { label: "焊接".into(), kind: SpanKind::Skill, link: None, evidence: Evidence::ShownAtWork, year: Some(2019), words: vec!["焊接".into()], confirmed: true };
        let text = Profile { items: vec![item] }.json_resume();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["skills"][0]["name"], "焊接");
        assert_eq!(value["skills"][0]["waymark"]["evidence"], "shown_at_work");
        assert_eq!(value["basics"], json!({}));
    }

    #[test]
    fn a_saved_profile_comes_back_and_another_json_does_not() {
        let link = |by, score| Some(SpanLink { id: "2.C.3.d".into(), kind: CompetenceKind::Knowledge, name_en: "Mechanical".into(), name_zh: "机械".into(), score, by });
        let item = |link, confirmed| ProfileItem { label: "a \"b\"".into(), kind: SpanKind::Knowledge, link, evidence: Evidence::Certified, year: None, words: vec!["b".into()], confirmed };
        let profile = Profile { items: vec![item(link(LinkedBy::Name, 1.0), true), item(link(LinkedBy::Nearness, SCORE), false), item(None, false)] };
        assert_eq!(Profile::of_json_resume(profile.json_resume().as_bytes()), Some(profile.clone()));
        let damaged = profile.json_resume().replace("certified", "sworn");
        let deep = "[".repeat(100_000);
        for other in ["", "{}", "[1]", "{\"skills\":[{\"name\":\"welding\"}]}", damaged.as_str(), deep.as_str()] {
            assert_eq!(Profile::of_json_resume(other.as_bytes()), None);
        }
    }
}
