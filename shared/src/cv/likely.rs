//! Whether a text looks like a CV at all. Not a judgement of it: a doubt becomes a notice, never an error.
use crate::text::heading;

/// Words that stand in most CVs and in few other texts.
const CUES: &[&str] = &[
    "curriculum vitae", "resume", "résumé", "experience", "skills", "education", "university", "college", "certif", "degree", "responsible", "worked", "employ",
    "简历", "经验", "经历", "技能", "教育", "学历", "大学", "学院", "专业", "证书", "熟悉", "熟练", "精通", "负责", "岗位", "求职", "工作", "毕业", "掌握",
];

/// True where a short text, or one with at least two of: a section heading, two cue words, an address, a year.
pub fn is_cv(text: &str) -> bool {
    if text.chars().count() < 200 {
        return true;
    }
    let lower = text.to_lowercase();
    let cues = CUES.iter().filter(|cue| lower.contains(**cue)).count();
    let years = lower.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")));
    let signs = [text.lines().any(|line| heading(line).is_some()), cues >= 2, text.contains('@'), years];
    signs.iter().filter(|sign| **sign).count() >= 2
}
