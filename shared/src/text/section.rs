//! Section headings of a CV in both languages. Not a layout analysis: a heading is told by its words alone.
use super::{Section, columns, is_han};

/// The widest heading, in half-width columns.
const WIDEST: usize = 48;

/// The section that a line heads, or `None` where the line is no heading.
///
/// Decoration, numbering (`1.`, `一、`), brackets, a closing colon and spaces between letters do not count;
/// two languages side by side (`教育背景 Education`) do, and so do pairs (`Skills & Tools`).
pub fn heading(line: &str) -> Option<Section> {
    let line = line.trim();
    if line.is_empty() || columns(line) > WIDEST || line.starts_with(['•', '-', '*', '·', '+']) || line.ends_with(['.', '。', ',', ';', '、']) {
        return None;
    }
    let bare = undecorated(line);
    let marked = line.starts_with('#') || line.ends_with([':', '】', ']', '》']);
    let first = bare.chars().find(|c| c.is_alphabetic())?;
    if first.is_lowercase() && !marked {
        return None;
    }
    named(bare)
}

/// The section of a line that carries its heading before its words (`Skills: Python, SQL`), else `None`.
pub(super) fn label(line: &str) -> Option<Section> {
    let (before, after) = line.split_once([':', '：'])?;
    if after.trim().is_empty() || before.trim().is_empty() { None } else { heading(before) }
}

fn undecorated(line: &str) -> &str {
    let edge = |c: char| !c.is_alphanumeric();
    let mut bare = line.trim_matches(edge);
    // Numbering: "1.", "2)", "一、", "IV.", "Part 2:".
    if let Some(at) = bare.find(['.', '、', ')', ':']) {
        let number = bare.get(..at).unwrap_or("").trim();
        let roman = number.len() < 5 && !number.is_empty() && number.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
        let counted = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        if roman || counted {
            bare = bare.get(at..).unwrap_or("").trim_matches(edge);
        }
    }
    bare
}

fn named(bare: &str) -> Option<Section> {
    let han: String = bare.chars().filter(|c| is_han(*c)).collect();
    let latin: String = bare.chars().map(|c| if is_han(c) { ' ' } else { c }).collect::<String>().to_lowercase();
    let has_latin = latin.chars().any(char::is_alphabetic);
    match (han.is_empty(), has_latin) {
        (true, true) => english(&latin),
        (false, false) => chinese(bare),
        // Both: they must say the same kind of thing, the Chinese one decides.
        (false, true) => english(&latin).and(chinese(&han)),
        (true, false) => None,
    }
}

fn chinese(bare: &str) -> Option<Section> {
    let tight: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(section) = chinese_one(&tight) {
        return Some(section);
    }
    let parts: Vec<_> = tight.split(['与', '和', '及', '、', '/', '&', '|', '·', '-']).filter(|p| !p.is_empty()).collect();
    let sections: Option<Vec<_>> = parts.iter().map(|p| chinese_one(p)).collect();
    sections.filter(|s| s.len() > 1).and_then(|s| s.first().copied())
}

fn chinese_one(words: &str) -> Option<Section> {
    let core = ["个人", "主要", "相关", "本人", "我的", "其他", "过往", "近期"].iter().find_map(|m| words.strip_prefix(m)).filter(|c| !c.is_empty());
    let find = |w: &str| CHINESE.iter().find(|(_, names)| names.split(' ').any(|n| n == w)).map(|(s, _)| *s);
    find(words).or_else(|| core.and_then(find))
}

fn english(latin: &str) -> Option<Section> {
    let words: Vec<_> = latin.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
    // Letters set apart: "E D U C A T I O N", "S KILLS".
    let tight = words.concat();
    let one = |s: &Section, names: &str| names.split(' ').any(|n| n == tight).then_some(*s);
    if words.iter().filter(|w| w.len() == 1).count() * 2 > words.len() {
        return ENGLISH.iter().find_map(|(s, names)| one(s, names)).or_else(|| spaced(&tight));
    }
    let mut found = None;
    for word in words {
        match ENGLISH.iter().find(|(_, names)| names.split(' ').any(|n| n == word)) {
            Some((section, _)) => {
                // "Work Experience", "Education & Training": the first noun decides; "Summary of Skills" too.
                found = found.or(Some(*section));
            }
            None if MODIFIERS.split(' ').any(|m| m == word) => {}
            None => return None,
        }
    }
    found
}

/// A heading of two words whose letters are set apart, so that the word gap is lost.
fn spaced(tight: &str) -> Option<Section> {
    let modifier = MODIFIERS.split(' ').filter(|m| m.len() > 2).find_map(|m| tight.strip_prefix(m))?;
    ENGLISH.iter().find(|(_, names)| names.split(' ').any(|n| n == modifier)).map(|(s, _)| *s)
}

/// Nouns that head a section.
const ENGLISH: &[(Section, &str)] = &[
    (Section::Experience, "experience experiences employment employments internship internships project projects positions volunteering placements"),
    (Section::Skills, "skills skill competencies competences competence competency expertise proficiencies technologies tools languages strengths capabilities toolkit toolbox"),
    (Section::Education, "education qualification qualifications schooling studies degrees apprenticeship"),
    (Section::Certificates, "certifications certification certificates certificate licenses licences license licence accreditations training trainings courses coursework credentials tickets"),
    (Section::Summary, "summary profile objective objectives overview introduction about statement"),
    (Section::Other, "references referees interests hobbies publications awards honors honours achievements contact contacts activities patents memberships affiliations miscellaneous availability appendix"),
];

/// Words that may stand around them.
const MODIFIERS: &str = "my me a an the of and or in for to with work working professional technical key core relevant career personal additional other selected \
main soft hard it computer academic formal industry further vocational history background information details practical previous past recent volunteer voluntary \
job executive special areas area language digital software programming transferable practice driving research teaching operational & extracurricular \
continuing development knowledge short general current clinical field major notable side open source military service safety machine set abilities at glance i who am attained held";

/// Whole headings; the two that mean "what I look for" stand with the summary.
const CHINESE: &[(Section, &str)] = &[
    (
        Section::Experience,
        "工作经历 工作经验 工作履历 工作背景 工作情况 工作 职业经历 职业履历 职业经验 任职经历 从业经历 实习经历 实习经验 实习 实践经历 实践经验 社会实践 项目经历 项目经验 项目 项目介绍 \
         项目描述 项目案例 校园经历 校内经历 在校经历 校园实践 经历 经验 履历 社团经历 学生工作 科研经历 研究经历 创业经历 兼职经历 工作和实习经历 工作与实习经历 实习与工作经历 志愿者经历 志愿服务 社会经历 工作简历 简历 工作业绩 主要业绩 工作成果",
    ),
    (
        Section::Skills,
        "专业技能 技能 职业技能 掌握技能 技能特长 技能专长 专业特长 特长 技术能力 技术栈 技术特长 核心技能 核心能力 核心竞争力 专业能力 能力 能力特长 技能清单 技能标签 技能列表 技能掌握 语言能力 语言 外语水平 \
         外语能力 计算机技能 计算机能力 计算机水平 软件技能 技能水平 擅长领域 擅长 工作技能 岗位技能 操作技能 职业能力 综合技能 综合能力 IT技能 专长 优势技能 技能优势 专业知识 知识技能 工具 软件能力 办公软件 技能总结 实操技能 语言技能 个人技能 通用技能",
    ),
    (Section::Education, "教育背景 教育经历 教育 教育情况 学历 学历背景 学习经历 教育程度 学历教育 求学经历 教育信息 毕业院校 学历信息 学业背景 主修课程 教育履历"),
    (
        Section::Certificates,
        "证书 资格证书 职业证书 技能证书 专业证书 获得证书 所获证书 持有证书 资质证书 证书资质 资质 职业资格 职业资格证书 执业资格 培训经历 培训 培训经验 培训情况 培训证书 课程 相关证书 上岗证 从业资格 特种作业证书 荣誉证书 证书荣誉 证书情况 进修经历 参加培训",
    ),
    (
        Section::Summary,
        "自我评价 自我介绍 自我描述 自我总结 个人评价 个人总结 个人简介 个人概述 个人优势 个人介绍 简介 概述 关于我 职业概述 职业总结 职业目标 求职意向 求职目标 求职意愿 意向岗位 期望职位 期望工作 \
         优势 优势亮点 核心优势 个人亮点 综合评价 自我鉴定 职业规划 职业发展 职业简介 工作概述 求职信 自荐信 应聘岗位 应聘职位",
    ),
    (
        Section::Other,
        "兴趣爱好 爱好 兴趣 荣誉奖项 获奖经历 获奖情况 奖项荣誉 荣誉 奖项 所获荣誉 所获奖项 奖励 奖惩情况 联系方式 联系我 基本信息 基本资料 个人信息 个人资料 个人情况 基本情况 推荐人 证明人 发表论文 论文 专利 出版物 其他 其他信息 附件 备注 家庭情况 家庭成员 作品 作品集 科研成果 学术成果 个人作品",
    ),
];
