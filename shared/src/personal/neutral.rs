//! What the tagger reads in place of who a person is: names, sex, age, origin and schools stand in the text as shown, but the
//! tagger reads the same few words for everyone's, so that no tag, link or guess of an occupation can hang on them. Not what is
//! left out of a profile: that is [`super::PersonalRules::find`], and a school may stand in a profile.
use super::{FAMILY_NAMES, PersonalKind, PersonalRules, PersonalSpan};
use regex::Regex;

/// A piece of the text with what is read in its place, in a Chinese sentence and in any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// First byte in the text as shown.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    words: [&'static str; 2],
}

impl From<PersonalSpan> for Unread {
    fn from(span: PersonalSpan) -> Self {
        Self { start: span.start, end: span.end, words: words(span.kind) }
    }
}

impl Unread {
    /// Sorted; of pieces that overlap the first counts for all.
    pub fn joined(mut all: Vec<Self>) -> Vec<Self> {
        all.sort_by_key(|piece| (piece.start, std::cmp::Reverse(piece.end)));
        all.dedup_by(|next, kept| {
            let one = next.start < kept.end;
            kept.end = if one { kept.end.max(next.end) } else { kept.end };
            one
        });
        all
    }

    /// Bytes in place of which the same words are read in any sentence.
    pub fn masked(start: usize, end: usize, mask: &'static str) -> Self {
        Self { start, end, words: [mask; 2] }
    }
}

/// What is read for a kind of personal data: words of the same shape.
const fn words(kind: PersonalKind) -> [&'static str; 2] {
    match kind {
        PersonalKind::Name => ["王某", "Jo Doe"],
        PersonalKind::Phone | PersonalKind::Number => ["000", "000"],
        PersonalKind::Mail => ["某邮箱", "mail"],
        PersonalKind::Address => ["某地", "Anytown"],
        PersonalKind::Birth => ["30岁", "30"],
        PersonalKind::Account => ["某账号", "account"],
        PersonalKind::Private => ["某", "any"],
        PersonalKind::Photo => ["照片", "photo"],
    }
}

const SCHOOL: [&str; 2] = ["某学校", "a college"];

/// What is no personal data, or not by its form, and yet says who someone is: sex, ethnic group, school and its tier. `value` is
/// the piece, where there is more than it.
const FORMS: [([&str; 2], &str); 8] = [
    (words(PersonalKind::Private), r"(?m)(?:^|[\s|｜，,、/·])(?P<value>[男女])(?:[\s|｜，,、/·]|$)"),
    (words(PersonalKind::Private), r"(?im)(?:^|[|,/·]\s*)(?P<value>male|female|man|woman)\s*(?:[|,/·]|$)"),
    (words(PersonalKind::Private), r"(?m)(?P<value>(?:汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)族)(?:[\s，,；;。|｜·]|$)"),
    (SCHOOL, r"(?:985|211|双一流|一本|二本|三本|民办|重点|名牌)(?:[、/和及]?(?:985|211|双一流))?(?:工程)?(?:院校|高校|大学|本科)"),
    (SCHOOL, r"(?m)(?:^|[\s，,；;：:|｜·—–-]|\d)(?P<value>\p{Han}{2,14}?(?:大学|学院|学校|中学|技校|职校))(?:[\s，,；;。|｜·（(]|$)"),
    (SCHOOL, r"(?:就读于?|毕业于?|考入|院校[:：]?|学校[:：]|母校)(?P<value>\p{Han}{2,14}?(?:大学|学院|学校|中学|技校|职校))"),
    (SCHOOL, r"\b(?:\p{Lu}[\p{L}.'’-]* ){1,2}(?:University|College|Polytechnic|(?:High|Secondary|Grammar|Technical) School|Institute of Technology)\b"),
    (SCHOOL, r"\b(?:University|College) of \p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*)?"),
];

/// Characters common in the transcribed names of China's other peoples.
const SOUNDS: &str = "阿艾麦买提尼古丽娜尔扎西次仁卓玛依木江汗别克巴图吉格勒乌兰其热合曼努斯坦卜杜孜莱帕迪力肉才让央旦达桑多杰拉特布";

/// Others named in running text, told by the words around them: who is worked with, learnt from, reported to, taken over from.
fn others() -> [String; 3] {
    let name = format!(r"(?P<value>[{FAMILY_NAMES}]\p{{Han}}{{1,2}}|[{SOUNDS}]{{2,6}}(?:·\p{{Han}}{{2,6}})?)");
    [
        format!(r"(?:同事|师[傅父]|徒弟|搭档|领导|[班组]长|导师){name}(?:一起|一同|共同|合作|搭班|交接|学[过了习徒艺着]|带)"),
        // Not within 参与, 方向 …; and what is used together is no person.
        format!(r"(?:^|[^参方给赋趋导取总调温共饱伴])(?:跟着?|[和与向随]){name}(?:(?:一起|一同|共同)[带负完做管值搭研]|搭[班档]|学[过了习徒艺着]|汇报|请教)"),
        r"(?i:\b(?:work|train|teach|taught)[a-z]*(?: [a-z]+){0,3} together with|report(?:ed|ing) to|(?:mentored|trained|taught|supervised) by|supervision of|\btook over (?:[a-z]+ ){1,4}from|hand(?:ed|ing) over to) (?P<value>\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}\p{Ll}+)? \p{Lu}[\p{L}'’]+(?:-\p{Lu}\p{Ll}+)?)(?:[.,;:\s]|$)".into(),
    ]
}

/// The forms, compiled; `None` only if one did not compile.
pub(super) fn forms() -> Option<Vec<([&'static str; 2], Regex)>> {
    let others = others();
    let all = FORMS.into_iter().chain(others.iter().map(|form| (words(PersonalKind::Name), form.as_str())));
    all.map(|(words, form)| Some((words, Regex::new(form).ok()?))).collect()
}

impl PersonalRules {
    /// All that the tagger is not to read, sorted, none over another; `personal` is what [`PersonalRules::find`] found.
    pub fn unread(&self, text: &str, personal: &[PersonalSpan]) -> Vec<Unread> {
        let mut found: Vec<Unread> = personal.iter().copied().map(Unread::from).collect();
        for (words, form) in &self.unread {
            for captures in form.captures_iter(text) {
                // "Vale University" of "Hallam Vale University of Applied Arts" is no name of a school.
                let piece = captures.name("value").or_else(|| captures.get(0)).filter(|piece| !text.get(piece.end()..).is_some_and(|rest| rest.starts_with(" of ")));
                found.extend(piece.map(|piece| Unread { start: piece.start(), end: piece.end(), words: *words }));
            }
        }
        Unread::joined(found)
    }
}

/// A stretch of the text as it is read, and the way back to the bytes as shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neutral {
    /// What is read.
    pub text: String,
    /// Bytes of the words put in, and of what they stand for, both from the start of the stretch.
    places: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
}

impl Neutral {
    /// The bytes `start..end` of a text.
    pub fn new(text: &str, start: usize, end: usize, unread: &[Unread]) -> Self {
        let within: Vec<(std::ops::Range<usize>, [&str; 2])> =
            unread.iter().filter(|piece| piece.start < end && start < piece.end).map(|piece| (piece.start.max(start)..piece.end.min(end), piece.words)).collect();
        let said = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let edges = || std::iter::once(start).chain(within.iter().map(|(piece, _)| piece.end)).zip(within.iter().map(|(piece, _)| piece.start).chain([end]));
        // The language is that of the other words: a name in other letters must not change what is read.
        let language = usize::from(!edges().any(|(from, to)| said(from, to).chars().any(crate::text::is_han)));
        let mut out = Self::default();
        let mut at = start;
        for (piece, words) in &within {
            out.text.push_str(said(at, piece.start));
            let from = out.text.len();
            out.text.push_str(words.get(language).copied().unwrap_or_default());
            out.places.push((from..out.text.len(), piece.start - start..piece.end - start));
            at = piece.end;
        }
        out.text.push_str(said(at, end));
        out
    }

    /// The bytes as shown, from the start of the stretch, of bytes as read; what touches words put in takes in all that they stand for.
    pub fn back(&self, start: usize, end: usize) -> (usize, usize) {
        let before = |at: usize, inclusive: bool| self.places.iter().rev().find(|(read, _)| read.start < at || inclusive && read.start == at);
        let first = before(start, true).map_or(start, |(read, shown)| if start < read.end { shown.start } else { start - read.end + shown.end });
        let last = before(end, false).map_or(end, |(read, shown)| if end <= read.end { shown.end } else { end - read.end + shown.end });
        (first, last)
    }

    /// The byte as read of one as shown that no words stand for, both from the start of the stretch.
    pub fn forth(&self, at: usize) -> usize {
        self.places.iter().rev().find(|(_, shown)| shown.end <= at).map_or(at, |(read, shown)| at - shown.end + read.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sentences;

    /// All sentences of a text as they are read.
    fn read(text: &str) -> Vec<String> {
        let rules = PersonalRules::built_in().unwrap();
        let sentences = sentences(text);
        let unread = rules.unread(text, &rules.find(text, &sentences));
        sentences.iter().map(|s| Neutral::new(text, s.start, s.end, &unread).text).collect()
    }

    #[test]
    fn who_someone_is_changes_nothing_that_is_read() {
        for (one, other) in [
            ("姓名：王伟\n王伟做事踏实", "姓名：古丽娜尔·买买提\n古丽娜尔·买买提做事踏实"),
            ("王小明\n电工\n工作经历\n王小明做事踏实", "扎西次仁\n电工\n工作经历\n扎西次仁做事踏实"),
            ("王小明 | 电工\n工作经历", "古丽娜尔·买买提 | 电工\n工作经历"),
            ("姓名：王伟，电工", "姓名：Aaliyah Washington，电工"),
            ("林某舟 | 男 | 27岁 | 电工", "林某舟 | 女 | 52岁 | 电工"),
            ("性别：男　民族：汉族　籍贯：上海", "性别：女　民族：哈萨克族　籍贯：黑龙江佳木斯"),
            ("1989年生，会开叉车", "1974年6月出生，会开叉车"),
            ("清华大学，机械设计，2009年", "盐城某职业技术学院，机械设计，2009年"),
            ("毕业于北京大学计算机专业", "毕业于运城学院计算机专业"),
            ("985高校毕业", "民办院校毕业"),
            ("Gender: male\nHometown: New Haven", "Gender: female\nHometown: Gary"),
            ("Nationality: South African", "Nationality: Irish"),
            ("Nursing, Oxford University, 2014", "Nursing, Bradley Technical College, 2014"),
            ("MSc Econometrics, University of Hallam Vale", "MSc Econometrics, University of Leeds"),
            ("A 34-year-old welder", "A 61-year-old welder"),
            ("Reference: Dr. Ngozi Okafor, ward sister", "Reference: Mr Brown, ward sister"),
            ("和同事孙卫东一起带新人", "和同事买买提一起带新人"),
            ("跟张伟学过两年", "跟阿依古丽学过两年"),
            ("跟张伟学过两年", "跟才让学过两年"),
            ("和同事孙卫东一起带新人", "和同事阿卜杜拉一起带新人"),
            ("向陈建国汇报，与李娜搭班", "向王强汇报，与古丽娜尔·买买提搭班"),
            ("Trained new starters together with Greg Baker.", "Trained new starters together with Fatima Al-Hassan."),
            ("Took over the night shift from Anne Miller in 2014.", "Took over the night shift from Jamal O’Neill in 2014."),
        ] {
            assert_eq!(read(one), read(other));
        }
    }

    #[test]
    fn words_about_work_are_read_as_they_stand() {
        for text in ["打女装版，量体、出纸样", "大学英语六级", "百汇广场三楼　男装区", "大学辅导员，带过三届学生", "和同事一起换模具", "跟师傅学钳工", "向客户汇报进度", "同事张贴标识后一起巡检", "自学线性代数和高等数学", "焊接工艺和金属学", "示波器和万用表一起使用", "把减速机和马达一起更换", "参与高校合作项目", "研究方向金融学过一年", "教徒弟金工、钳工", "Power BI alongside Microsoft Excel", "Used Google Sheets together with Google Analytics", "Worked together with the fitters", "Reported to the Plant Director", "City & Guilds Level 3 in Mechanical Engineering", "College lecturer in nursing", "Sold men and women's shoes", "水族馆维护"] {
            assert_eq!(read(text), sentences(text).iter().map(|s| text[s.start..s.end].to_owned()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn bytes_lead_back_to_the_text_as_shown() {
        let text = "毕业于北京大学计算机专业";
        let rules = PersonalRules::built_in().unwrap();
        let neutral = Neutral::new(text, 0, text.len(), &rules.unread(text, &[]));
        assert_eq!(neutral.text, "毕业于某学校计算机专业");
        let at = |words: &str| neutral.text.find(words).map(|at| (at, at + words.len())).unwrap();
        let shown = |(start, end): (usize, usize)| { let (start, end) = neutral.back(start, end); &text[start..end] };
        assert_eq!(["毕业于", "计算机", "校计", "某", "业于某学校计"].map(|words| shown(at(words))), ["毕业于", "计算机", "北京大学计", "北京大学", "业于北京大学计"]);
    }
}
