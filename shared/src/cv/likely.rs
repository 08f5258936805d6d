//! Whether a text looks like a CV at all. Not a judgement of it: a doubt becomes a notice, never an error.
use crate::text::{Section, heading};

/// Words that stand in most CVs and in few other texts.
const CUES: &[&str] = &[
    "curriculum vitae", "resume", "résumé", "experience", "skills", "education", "university", "college", "certif", "degree", "responsible", "worked", "employ",
    "简历", "经验", "经历", "技能", "教育", "学历", "大学", "学院", "专业", "证书", "熟悉", "熟练", "精通", "负责", "岗位", "求职", "工作", "毕业", "掌握",
];

/// True for a short text, one with a heading that few other texts have, and one with two of: another section heading,
/// two cue words, an address, a year.
pub fn is_cv(text: &str) -> bool {
    if text.chars().count() < 200 {
        return true;
    }
    let headings: Vec<Section> = text.lines().filter_map(heading).collect();
    if headings.iter().any(|s| matches!(s, Section::Experience | Section::Skills | Section::Education | Section::Certificates)) {
        return true;
    }
    let lower = text.to_lowercase();
    let cues = CUES.iter().filter(|cue| lower.contains(**cue)).count();
    let years = lower.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")));
    let signs = [!headings.is_empty(), cues >= 2, text.contains('@'), years];
    signs.iter().filter(|sign| **sign).count() >= 2
}
