//! Personal data in a CV, found by rule: what identifies a person or says nothing of skills. It is shown, and left out
//! of profile and export. Names and home places that no rule knows are found by a head of the model (`analyse`). Not a
//! guarantee: both can miss, so the person sees what was found.
mod neutral;

use crate::text::{Section, Sentence};
pub use neutral::{Neutral, Unread};
use regex::Regex;
use serde::{Deserialize, Serialize};

/// What a piece of personal data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalKind {
    /// A person's name.
    Name,
    /// A telephone number.
    Phone,
    /// A mail address.
    Mail,
    /// A postal address or a part of it.
    Address,
    /// Date of birth or age.
    Birth,
    /// The number of a document, an account or a car.
    Number,
    /// A web address or an account of a messenger.
    Account,
    /// Sex, family, origin, belief, health, body.
    Private,
    /// A photograph, named.
    Photo,
}

impl PersonalKind {
    /// The kind of a tag of [`crate::span::TagSetName::Personal`].
    pub fn named(tag: &str) -> Option<Self> {
        match tag {
            "name" => Some(Self::Name),
            "address" => Some(Self::Address),
            _ => None,
        }
    }
}

/// A piece of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalSpan {
    /// First byte in the text as shown.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: PersonalKind,
}

/// Words before a value, `:` or blanks between, and the value: everything found counts.
const LABELLED: [(PersonalKind, &str, &str); 9] = [
    (PersonalKind::Name, r"姓\s?名|(?:推荐|证明|联系)人|(?:full |first |last |given |family )?name|surname|referees?|references?|contact person|emergency contact", r"[\p{Han}·]{2,12}|[\p{Lu}][\p{L}'’.-]+(?: [\p{Lu}][\p{L}'’.-]*){0,3}"),
    (PersonalKind::Phone, r"电\s?话|手\s?机(?:号码?)?|联系(?:方式|电话)|固话|座机|传真|tel(?:ephone)?|phone|mobile|cell|fax", r"[+(\d][\d\s()./*x-]{4,22}[\d*]"),
    (PersonalKind::Number, r"身份证(?:号码?)?|护照(?:号码?)?|通行证(?:号码?)?|驾驶证(?:号码?)|驾照号码?|社保(?:卡)?号|工号|学号|银行卡号?|卡号|车牌号?|passport(?: no| number)?|ssn|social security(?: no| number)?|national insurance(?: no| number)?|ni number|id(?: card)?(?: no| number)|driver'?s licen[cs]e(?: no| number)|tax id|nric|iban|account number|licen[cs]e plate", r"[\p{Han}]?[A-Za-z0-9][A-Za-z0-9 ()*·-]{3,32}[A-Za-z0-9)*]"),
    (PersonalKind::Address, r"(?:通讯|家庭|联系|现|户籍)?(?:地\s?址|住址)|现居(?:住地|地)?|居住地|所在地|邮\s?编|(?:home |postal |current )?address|post ?code|zip(?: code)?|lives in", r"[^\n|｜;；]{2,90}"),
    (PersonalKind::Birth, r"出生(?:日期|年月|地)?|生\s?日|年\s?龄|date of birth|d\.?o\.?b\.?|born(?: on| in)?|birthday|age", r"[^\n|｜;；,，]{1,24}"),
    (PersonalKind::Private, r"性\s?别|婚姻(?:状况)?|婚\s?否|民\s?族|籍\s?贯|政治面貌|宗教(?:信仰)?|国\s?籍|户口(?:所在地)?|身\s?高|体\s?重|血\s?型|健康(?:状况)?|生育(?:状况)?|gender|sex|marital status|nationality|citizenship|religion|ethnicity|hometown|native place|place of (?:birth|origin)|height|weight|blood type|children|health", r"[^\s|｜;；,，:：][^\s|｜;；,，]{0,20}(?: \p{Lu}[\p{Ll}-]{1,20}\b){0,3}"),
    (PersonalKind::Account, r"qq(?:号码?)?|微信(?:号)?|wechat(?: id)?|weixin|whatsapp|skype|telegram|钉钉|微博|line id|twitter|instagram|facebook", r"[+@]?[A-Za-z0-9_][\w.@-]{3,40}"),
    (PersonalKind::Mail, r"邮\s?箱|电子邮件|e-?mail", r"\S+\s?(?:@|\(at\)|\[at\])\s?\S+"),
    (PersonalKind::Photo, r"照\s?片|证件照|photo(?:graph)?", r"[^\n|｜;；]{1,40}"),
];

/// What tells itself by its form.
const FORMS: [(PersonalKind, &str); 19] = [
    (PersonalKind::Name, r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\b\.? \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?"),
    (PersonalKind::Mail, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (PersonalKind::Account, r"(?:https?://|www\.)[^\s，。；、）)]+"),
    (PersonalKind::Account, r"(?i)\b(?:linkedin|github|gitee|gitlab|xing|behance|medium|weibo|facebook|twitter|instagram|zhihu|csdn)\.(?:com|net|cn|org)/[^\s，。；、）)]+"),
    (PersonalKind::Phone, r"\b1[3-9]\d[\s-]?[\d*]{4}[\s-]?\d{4}\b"),
    (PersonalKind::Phone, r"\+\d{1,3}[\s().-]{0,2}(?:\d[\s().-]{0,2}){6,13}\d"),
    (PersonalKind::Phone, r"(?:\(\d{3}\)\s?|\b\d{3}[-.\s])\d{3}[-.\s]\d{4}\b"),
    (PersonalKind::Phone, r"\b0\d{2,4}[\s-]?\d{3,4}[\s-]?\d{3,4}\b"),
    (PersonalKind::Phone, r"\(0\d{2,4}\)\s?\d{3,4}[\s-]?\d{3,4}\b"),
    (PersonalKind::Number, r"\b[1-9]\d{5}\s?(?:19|20)\d{6}\s?\d{3}[\dXx]\b"),
    (PersonalKind::Number, r"\b\d{3}-\d{2}-\d{4}\b"),
    (PersonalKind::Number, r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b"),
    (PersonalKind::Number, r"\b[A-Z]\d{6}\([0-9A]\)"),
    (PersonalKind::Number, r"\b(?:\d{4}[ -]){3}\d{4}(?:[ -]?\d{3})?\b|\b[456]\d{15}(?:\d{3})?\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b"),
    (PersonalKind::Number, r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}\b"),
    (PersonalKind::Birth, r"(?:19|20)\d{2}\s?年(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?\s?(?:出生|生\b)|\b\d{2}\s?岁|\baged? \d{2}\b|\b\d{2}[ -]years?[ -]old\b"),
    (PersonalKind::Address, r"[\p{Han}]{2,8}(?:省|市|区|县|镇)[\p{Han}\dA-Za-z]{1,16}(?:路|街|巷|大道|弄|号|栋|幢|室|小区|村|苑|花园)[\p{Han}\dA-Za-z-]{0,16}"),
    (PersonalKind::Address, r"\b\d{1,5}[A-Za-z]?,? (?:[A-Z][a-z']+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Close|Way|Terrace|Place|Square|Boulevard|Blvd|Crescent|Gardens)\b\.?(?:, ?(?:Apt|Flat|Unit) ?\w+)?"),
    (PersonalKind::Address, r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
];

/// The commonest family names, four in five people of China.
const FAMILY_NAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常";

/// The rules, compiled.
pub struct PersonalRules {
    labelled: Vec<(PersonalKind, Regex)>,
    forms: Vec<(PersonalKind, Regex)>,
    latin_name: Regex,
    /// What is not read: [`Unread`].
    unread: Vec<([&'static str; 2], Regex)>,
}

impl PersonalRules {
    /// The rules that are part of the program; `None` only if one did not compile.
    pub fn built_in() -> Option<Self> {
        let label = |label: &str, value: &str| Regex::new(&format!(r"(?i:(?:^|[^\p{{L}}\d])(?:{label}))\s?(?:[:：]|\s|no\.?|为|是)\s?[:：]?\s*(?P<value>{value})"));
        Some(Self {
            labelled: LABELLED.iter().map(|(kind, words, value)| Some((*kind, label(words, value).ok()?))).collect::<Option<_>>()?,
            forms: FORMS.iter().map(|(kind, form)| Some((*kind, Regex::new(form).ok()?))).collect::<Option<_>>()?,
            unread: neutral::forms()?,
            latin_name: Regex::new(r#"^(?:(?:Mr|Mrs|Ms|Dr)\.? )?\p{Lu}[\p{L}'’-]+(?: \p{Lu}\.)?(?: ["“(]?\p{Lu}[\p{L}'’-]+["”)]?){1,3}$"#).ok()?,
        })
    }

    /// Everything personal in a text, sorted; pieces that touch or overlap are one.
    pub fn find(&self, text: &str, sentences: &[Sentence]) -> Vec<PersonalSpan> {
        let mut found: Vec<PersonalSpan> = Vec::new();
        for (kind, rule) in &self.forms {
            found.extend(rule.find_iter(text).map(|m| PersonalSpan { start: m.start(), end: m.end(), kind: *kind }));
        }
        // Labels stand in short lines: a sentence about "phone support" or "address labels" is none.
        for (start, line) in lines(text).filter(|(_, line)| line.chars().count() <= 120) {
            for (kind, rule) in &self.labelled {
                for captures in rule.captures_iter(line) {
                    if let Some(value) = captures.name("value").filter(|v| is_value(*kind, line, v.start(), v.as_str())) {
                        found.push(PersonalSpan { start: start + value.start(), end: start + value.end(), kind: *kind });
                    }
                }
            }
        }
        found.extend(self.name_at_the_head(text, sentences));
        let names: Vec<String> = found.iter().filter(|s| s.kind == PersonalKind::Name).filter_map(|s| text.get(s.start..s.end)).map(str::to_owned).collect();
        for name in &names {
            found.extend(again(text, name).map(|start| PersonalSpan { start, end: start + name.len(), kind: PersonalKind::Name }));
        }
        joined(found)
    }

    /// The first line of a CV that looks like a name, before the first heading.
    fn name_at_the_head(&self, text: &str, sentences: &[Sentence]) -> Option<PersonalSpan> {
        let head = sentences.iter().take_while(|s| s.section == Section::Head && !s.heading).take(3).enumerate();
        let has_headings = sentences.iter().any(|s| s.heading);
        head.filter_map(|(place, s)| Some((place == 0 && has_headings, s.start, text.get(s.start..s.end)?))).find_map(|(opens, start, line)| {
            let bare = line.trim();
            let at = start + line.find(bare)?;
            let han = |words: &str, most: usize| (2..=most).contains(&words.chars().count()) && words.chars().all(crate::text::is_han);
            // "张伟 | 电工": the name is the first of the pieces. Names of other peoples of China have a dot within, or a family
            // name that is not among the commonest: only the line that opens a CV with headings is taken for one.
            let opens = opens && !bare.contains([',', '，']);
            let piece = bare.split(['|', '｜', ',', '，', '\t']).next()?.trim();
            let dotted = opens && piece.split_once('·').is_some_and(|(given, family)| han(given, 6) && han(family, 6));
            let first = if dotted { piece } else { piece.split('·').next()?.trim() };
            let close: String = first.chars().filter(|c| !c.is_whitespace()).collect();
            let chinese = dotted || han(&close, 4) && (close.starts_with(|c| FAMILY_NAMES.contains(c)) || opens && !close.ends_with(|c| TITLE_ENDS.contains(c)));
            let latin = self.latin_name.is_match(first) && first.split(' ').all(|word| !TITLE_WORDS.contains(&word.to_lowercase().as_str()));
            (chinese || latin).then_some(PersonalSpan { start: at, end: at + first.len(), kind: PersonalKind::Name })
        })
    }
}

/// Sorted; pieces that overlap are one.
pub fn joined(mut found: Vec<PersonalSpan>) -> Vec<PersonalSpan> {
    found.sort_by_key(|s| (s.start, std::cmp::Reverse(s.end)));
    found.dedup_by(|next, kept| {
        let one = next.start < kept.end;
        kept.end = if one { kept.end.max(next.end) } else { kept.end };
        one
    });
    found
}

/// What was found, and every other place of the whole names among it: one of a single word may be a word of work elsewhere.
pub fn everywhere(text: &str, mut found: Vec<PersonalSpan>) -> Vec<PersonalSpan> {
    let whole = |name: &&str| name.contains([' ', '·']) || name.chars().count() > 2 && name.chars().all(crate::text::is_han);
    let names: Vec<&str> = found.iter().filter(|s| s.kind == PersonalKind::Name).filter_map(|s| text.get(s.start..s.end)).filter(whole).collect();
    let places: Vec<PersonalSpan> = names.iter().flat_map(|name| again(text, name).map(|start| PersonalSpan { start, end: start + name.len(), kind: PersonalKind::Name })).collect();
    found.extend(places);
    joined(found)
}

/// Personal data of so few bytes (女, 33) stand in other words too: they count at their place alone.
const SHORT: usize = 3;

/// First bytes of all places where a piece of personal data stands, within no word of Latin script (Ann Lee in Ann Leeson); none
/// for a short one.
pub fn again<'a>(text: &'a str, piece: &'a str) -> impl Iterator<Item = usize> + 'a {
    let runs_on = |one: Option<char>, other: Option<char>| [one, other].iter().all(|c| c.is_some_and(|c| c.is_ascii_alphanumeric()));
    let found = text.match_indices(piece).filter(|(_, piece)| piece.len() > SHORT).map(|(at, _)| at);
    found.filter(move |at| {
        let (before, after) = (text.get(..*at).unwrap_or_default(), text.get(at + piece.len()..).unwrap_or_default());
        !runs_on(before.chars().next_back(), piece.chars().next()) && !runs_on(piece.chars().next_back(), after.chars().next())
    })
}

/// How Chinese job titles and the headings of a CV end.
const TITLE_ENDS: &str = "工员师长理手生人匠历表介管务";

/// Words of job titles and of CV headings, which a person's name does not have.
const TITLE_WORDS: [&str; 44] = [
    "curriculum", "vitae", "resume", "cv", "engineer", "manager", "operator", "worker", "technician", "assistant", "analyst", "developer", "nurse",
    "teacher", "driver", "clerk", "accountant", "administrator", "officer", "supervisor", "specialist", "consultant", "designer", "welder", "machinist",
    "mechanic", "electrician", "assembler", "production", "line", "sales", "senior", "junior", "lead", "chief", "office", "personal", "profile",
    "professional", "summary", "contact", "application", "page", "skills",
];

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split('\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

/// A label in running words (`phone support`, `weight training`, `name tags`) has no colon and no number after it.
fn is_value(kind: PersonalKind, line: &str, at: usize, value: &str) -> bool {
    let marked = line.get(..at).is_some_and(|before| before.trim_end().ends_with([':', '：']));
    let chinese_label = line.get(..at).and_then(|before| before.trim_end().chars().next_back()).is_some_and(crate::text::is_han);
    let digits = value.chars().filter(char::is_ascii_digit).count();
    match kind {
        PersonalKind::Phone | PersonalKind::Number => digits >= 4 || value.contains('*'),
        PersonalKind::Account | PersonalKind::Mail => marked || digits >= 4 || value.contains('@'),
        PersonalKind::Birth => marked || chinese_label || digits >= 2,
        PersonalKind::Private => marked || (chinese_label && line.chars().count() <= 60),
        PersonalKind::Name | PersonalKind::Address | PersonalKind::Photo => marked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sentences;

    fn found(text: &str) -> Vec<String> {
        let rules = PersonalRules::built_in().unwrap();
        rules.find(text, &sentences(text)).iter().map(|s| text[s.start..s.end].to_owned()).collect()
    }

    /// (line, what must be covered by what is found)
    const CANARIES: [(&str, &str); 46] = [
        ("姓名：欧阳海棠", "欧阳海棠"),
        ("Name: Siobhan O'Dwyer", "Siobhan O'Dwyer"),
        ("手机：13712345678", "13712345678"),
        ("电话 0755-26551234", "0755-26551234"),
        ("联系方式：+86 137 1234 5678", "+86 137 1234 5678"),
        ("137-1234-5678", "137-1234-5678"),
        ("Mobile: 07700 900123", "07700 900123"),
        ("(415) 555-0132", "(415) 555-0132"),
        ("Tel +44 20 7946 0958", "+44 20 7946 0958"),
        ("555.867.5309", "555.867.5309"),
        ("邮箱：haitang.oy@example.cn", "haitang.oy@example.cn"),
        ("s.odwyer+cv@example.co.uk", "s.odwyer+cv@example.co.uk"),
        ("E-mail: siobhan (at) example.org", "siobhan (at) example.org"),
        ("QQ：283746152", "283746152"),
        ("微信号：haitang_88", "haitang_88"),
        ("WhatsApp: +4915112345678", "+4915112345678"),
        ("Skype: siobhan.od", "siobhan.od"),
        ("身份证号：440301199203154821", "440301199203154821"),
        ("44030119920315482X", "44030119920315482X"),
        ("护照号码：E12345678", "E12345678"),
        ("Passport No: 509384712", "509384712"),
        ("SSN 078-05-1120", "078-05-1120"),
        ("National Insurance number: QQ 12 34 56 C", "QQ 12 34 56 C"),
        ("HKID: A123456(7)", "A123456(7)"),
        ("银行卡号：6222 0212 3456 7890 123", "6222 0212 3456 7890 123"),
        ("IBAN: DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("车牌：粤B·12345", "粤B·12345"),
        ("住址：广东省深圳市南山区科苑路15号3栋502室", "广东省深圳市南山区科苑路15号3栋502室"),
        ("浙江省杭州市西湖区文三路99号", "浙江省杭州市西湖区文三路99号"),
        ("Address: 14 Maple Street, Leeds LS1 4AB", "14 Maple Street, Leeds LS1 4AB"),
        ("221B Baker Street", "221B Baker Street"),
        ("Springfield, IL 62704", "IL 62704"),
        ("邮编：518057", "518057"),
        ("出生日期：1992年3月15日", "1992年3月15日"),
        ("1992年3月出生", "1992年3月"),
        ("Date of birth: 15 March 1992", "15 March 1992"),
        ("DOB: 15/03/1992", "15/03/1992"),
        ("年龄：33岁", "33岁"),
        ("性别：女", "女"),
        ("民族：苗族", "苗族"),
        ("婚姻状况：已婚", "已婚"),
        ("政治面貌：群众", "群众"),
        ("身高：165cm", "165cm"),
        ("Marital status: divorced", "divorced"),
        ("Nationality: Irish", "Irish"),
        ("linkedin.com/in/siobhan-odwyer", "linkedin.com/in/siobhan-odwyer"),
    ];

    #[test]
    fn every_canary_of_46_is_found() {
        let mut missed = Vec::new();
        for (line, personal) in CANARIES {
            if !found(line).iter().any(|f| f.contains(personal)) {
                missed.push(format!("{line}: {:?}", found(line)));
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
    }

    #[test]
    fn the_name_at_the_head_is_found_wherever_it_stands_again() {
        let text = "王小明\n装配工\n\n工作经历\n2018年 装配发动机\n推荐人评价：王小明做事认真\n";
        assert_eq!(found(text).iter().filter(|f| *f == "王小明").count(), 2);
        assert_eq!(found("MARGARET \"MAGGIE\" OAKSHAW\nOffice Administrator\n"), ["MARGARET \"MAGGIE\" OAKSHAW"]);
        let text = "Maria Keller\nMachine operator\n\nExperience\nOperated a press, 2014-2019\n";
        assert_eq!(found(text), ["Maria Keller"]);
    }

    #[test]
    fn a_whole_name_is_found_wherever_it_stands_and_a_single_word_only_where_it_was_found() {
        let text = "带徒弟佟小磊，佟小磊已出师；和高兴搭班，干得高兴。Taught by Jo Quill (Hope). Hope to meet Jo Quill again, and Jo Quillan.";
        let at = |name: &str| text.find(name).map(|start| PersonalSpan { start, end: start + name.len(), kind: PersonalKind::Name }).unwrap();
        let all = everywhere(text, ["Hope", "佟小磊", "高兴", "Jo Quill"].map(at).to_vec());
        assert_eq!(all.iter().map(|s| &text[s.start..s.end]).collect::<Vec<_>>(), ["佟小磊", "佟小磊", "高兴", "Jo Quill", "Hope", "Jo Quill"]);
    }

    #[test]
    fn words_about_work_are_not_personal() {
        for line in [
            "Phone support for 40 customers a day",
            "Printed address labels and name tags",
            "Taught weight training and health and safety",
            "Line Operator",
            "负责电话回访客户，日均60通",
            "2015-2019 机加工车间 数控车工",
            "熟悉ISO 9001和IATF 16949",
            "管理微信公众号，粉丝3万",
            "Reduced scrap from 6.1 to 2.4 % in 2019 - 2021",
            "健康管理师三级",
            "拍摄产品照片并修图",
        ] {
            assert!(found(line).is_empty(), "{line}: {:?}", found(line));
        }
    }
}
