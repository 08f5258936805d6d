//! Lines that say that someone had no work for a time, and nothing else. What was done in that time (caring, learning) is no such line.

/// Words of which a line must have one.
const BREAKS: [&str; 52] = [
    "career break", "career gap", "employment gap", "employment break", "gap in employment", "gap in work", "unemployed", "unemployment", "out of work", "out of employment", "not working",
    "not employed", "not in employment", "not in work", "no employment", "between jobs", "looking for work", "seeking work", "seeking employment", "parental leave", "maternity leave",
    "paternity leave", "family leave", "childcare leave", "sick leave", "sabbatical", "gap year", "made redundant", "laid off", "time off work", "break from work", "away from work", "待业", "未工作",
    "未就业", "没有工作", "没工作", "没上班", "未上班", "失业", "无业", "空窗", "空档", "赋闲", "离职在家", "在家休息", "休整", "找工作", "停薪留职", "产假", "育儿假", "病假",
];
/// Words that may stand beside them: when, and why in a word or two.
const BESIDE: &str = "january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec since from until till to present now current \
years year months month one two three four five and on due because of for after during the a my family personal private health medical childcare illness pandemic covid relocation redundancy reasons reason \
circumstances commitments taken took was 至今 今 年 月 日 至 到 起 自 从 半 个 一 二 两 三 四 五 期间 阶段 状态 在家 休 因 由于 家庭 个人 身体 健康 疫情 生育 育儿 原因 公司 倒闭 裁员 被裁 离职 后 期 的 职业 处于 一直";

/// True for a line of that kind, in either language.
pub fn career_break(line: &str) -> bool {
    let letters: String = line.to_lowercase().chars().map(|c| if c.is_alphabetic() { c } else { ' ' }).collect();
    let line = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    if !BREAKS.iter().any(|words| line.contains(words)) {
        return false;
    }
    let mut known: Vec<&str> = BREAKS.into_iter().chain(BESIDE.split_whitespace()).collect();
    // The longest first, for one may hold another.
    known.sort_by_key(|words| std::cmp::Reverse(words.len()));
    known.iter().fold(line, |rest, words| rest.replace(words, " ")).trim().is_empty()
}
