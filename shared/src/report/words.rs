//! The words of the report, English and Chinese by `terms.md`. Slots stand in braces; nothing is put together from fragments.
use crate::chart::Locale;
use crate::gap::Standing;
use crate::market::data::figures::{Education, Experience};
use crate::plan::ranker::Trait;
use crate::plan::resources::Ask;
use crate::plan::{HoursBasis, Track};

/// A template with its slots filled.
pub(super) fn fill(template: &str, slots: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in slots {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

macro_rules! words {
    ($($key:ident: $en:literal, $zh:literal;)*) => {
        /// A whole phrase or sentence of the report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Key { $($key),* }

        impl Key {
            /// All of them.
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$key),*];

            /// In a language.
            pub(super) const fn in_language(self, locale: Locale) -> &'static str {
                match (self, locale) {
                    $((Self::$key, Locale::En) => $en, (Self::$key, Locale::Zh) => $zh,)*
                }
            }
        }
    };
}

words! {
    Title: "Plan towards: {target}", "行动计划：{target}";
    PageTitle: "Waymark plan", "路标行动计划";
    Head: "Made on {date}.", "生成日期：{date}。";
    For: "For {name}", "姓名：{name}";
    From: "Starting from: {from}.", "起点职业：{from}。";
    Why: "Why this target", "推荐理由";
    Fastest: "No other path found takes less time.", "在找到的路径中用时最短。";
    Cheapest: "No other path found costs less.", "在找到的路径中花费最少。";
    BestPaid: "No other path found earns more in the first five years.", "在找到的路径中，头五年收入最高。";
    Safest: "No other path found has less risk, as risk is measured here.", "在找到的路径中，按本报告的算法风险最低。";
    VeryClose: "Every step is very close to present experience.", "每一步都比较接近现有经验。";
    NoSchooling: "It usually asks for no schooling beyond the present level.", "通常不需要更高学历。";
    EntryPayAbove: "Entry pay (US) is about {share} above present pay.", "美国入门工资比目前工资高约{share}。";
    NoReason: "A fair balance of time, cost, pay and risk.", "用时、花费、收入和风险比较均衡。";
    OwnChoice: "Chosen by the person; no path was suggested for it.", "由本人选定，没有推荐路径。";
    InTop: "In the top five in {n} of {of} scenarios.", "{of}个情景中{n}个成立。";
    Path: "Path", "转型路径";
    Step: "Step", "步骤";
    Occupation: "Occupation", "职业";
    Closeness: "Closeness", "接近程度";
    WithinReach: "within reach", "可以考虑";
    Near: "very close", "比较接近";
    EntryPay: "Entry pay (US, dollars a year)", "入门工资（参考，美国，美元/年）";
    NotPublished: "not published", "未公布";
    Time: "Time, schooling and training included: {value}.", "用时（含学习和培训）：{value}。";
    Months: "about {n} months", "约{n}个月";
    Cost: "Pay forgone and tuition: {value}.", "少拿的工资和学费：{value}。";
    NoTuition: "not computed, because tuition was not entered", "未填写学费，无法计算";
    Pay: "Earned in the first five years: {value}.", "头五年收入：{value}。";
    NoDollars: "none", "无";
    Dollars: "about ${n}", "约{n}美元";
    Risk: "Risk on the way: {value}.", "途中风险（参考）：{value}。";
    RiskExposure: "Risk here is the AI exposure of the occupations' tasks, combined over the steps. Exposed does not mean replaced, and this is not a probability.", "这里的风险按各步职业的AI影响程度合计。受影响不等于被取代，这个数也不表示可能性大小。";
    RiskMachines: "Risk here is our index of routine and manual work, combined over the steps; it is not a probability.", "这里的风险按各步职业的重复性和体力操作指数合计。指数由我们自编，不表示可能性大小。";
    RiskDecline: "Risk here is the share of jobs lost by 2034 in the official US projection, combined over the steps.", "这里的风险按美国官方预测到2034年各步职业就业人数减少的比例合计。";
    RiskScenario: "Risk here comes from our model's run of the scenario “{name}”; it is not a forecast.", "这里的风险来自情景“{name}”的模型推演，不是官方预测。";
    Hard: "Hard requirements to confirm", "硬性条件（请逐项确认）";
    AsksEducation: "Typical education for entry in the US: {value}.", "美国通常要求的学历：{value}。";
    AsksExperience: "Typical work experience in a related occupation, US: {value}.", "美国通常要求的相关工作经验：{value}。";
    Met: "Met.", "已满足。";
    NotMet: "Not met yet.", "尚未满足。";
    Licence: "{country}: {name}. Rule: {source}; table last checked {date}. Check locally whether it still holds.", "{country}：{name}。依据：{source}；本表核对于{date}。请向当地核实是否仍然适用。";
    China: "China", "中国";
    UnitedStates: "US", "美国";
    AskLocally: "Whether a licence or certificate is required: ask locally.", "是否须持证上岗：请向当地核实。";
    Gap: "Skills compared", "技能对照";
    Shown: "About {share} of what the target asks for is shown. A skill the CV does not mention may still be there.", "目标所需技能中，约{share}已体现。简历未提到，不等于不会。";
    AndMore: "{names} and {n} more", "{names}等{n}项";
    Plan: "Learning plan", "学习计划";
    PlanHead: "{hours} hours a week; all is done after week {week}.", "每周{hours}小时，第{week}周全部完成。";
    PlanDone: "Every unit is done.", "所有学习单元均已完成。";
    Kept: "The plan fits within {weeks} weeks.", "按此安排，{weeks}周内排得完。";
    NotKept: "The deadline of {weeks} weeks cannot be kept at these hours: {over} hours do not fit.", "按目前安排，有{over}小时排不进{weeks}周。";
    Needs: "It would take {hours} hours a week, or {weeks} weeks.", "需要每周{hours}小时，或延长到{weeks}周。";
    NeedsWeeks: "It would take {weeks} weeks.", "需要延长到{weeks}周。";
    Fits: "What fits: units {units}.", "期限内可完成：第{units}单元。";
    FitsNone: "No unit fits.", "期限内没有可完成的单元。";
    Unit: "Unit", "学习单元";
    Kind: "Kind", "类别";
    HoursOf: "Expected hours", "预计用时";
    Weeks: "Weeks", "周次";
    After: "After unit", "先修单元";
    WeekSpan: "{from}–{to}", "第{from}～{to}周";
    WeekOne: "{from}", "第{from}周";
    Done: "done", "已完成";
    HoursLine: "{expected} ({low}–{high}; {basis})", "{expected}小时（{low}～{high}小时，{basis}）";
    HoursExact: "{expected} ({basis})", "{expected}小时（{basis}）";
    CheckFirst: "The CV does not mention units {units}: first see whether the skill is there already.", "第{units}单元：简历未提到，先看看是否已具备。";
    Responsible: "Responsible use of AI and data", "负责任地使用AI和数据";
    ResponsibleText: "What may be given to an AI tool, how to check what it gives back, whose data it is.", "哪些内容可以交给AI工具，结果怎么核对，数据归谁所有。";
    ByMonth: "What each month brings", "每月进展";
    Month: "Month", "月份";
    MonthNumber: "{n}", "第{n}个月";
    Ends: "Units finished", "完成的单元";
    Opens: "Comes within reach", "新增可以考虑的职业";
    Nothing: "–", "无";
    Places: "{names} (and {n} more)", "{names}等{n}个职业";
    Resources: "Where to learn", "学习资源";
    ResourceLine: "Unit {n}: {title}, {url} ({language}; {licence})", "第{n}单元：{title}，{url}（{language}；{licence}）";
    LicenceOf: "licence: {name}", "许可：{name}";
    NoLicence: "licence not stated; the list it comes from calls it free", "未注明许可，来源清单标为免费";
    English: "English", "英文";
    Simplified: "Chinese", "中文";
    Traditional: "Chinese, traditional", "繁体中文";
    NoResource: "No open resource known for units {units}. Ask a local provider:", "第{units}单元未找到公开资源。可以向当地培训机构询问：";
    First: "What to look at first", "先看这些";
    FirstLine: "Unit {n}: {what}. Why: {reason}.", "第{n}单元：{what}。推荐理由：{reason}。";
    FirstAsk: "ask a local provider", "向当地培训机构了解";
    ReasonWeight: "the target weighs it much", "目标职业比较看重";
    ReasonMust: "the advertisement requires it", "招聘信息写明要求";
    ReasonPartly: "part of it is there already", "已具备一部分";
    ReasonReady: "nothing has to be learnt before it", "不用先学别的";
    ReasonFoundation: "later units build on it", "为后面的单元打基础";
    ReasonPractice: "it is practice", "以实操为主";
    ReasonSoft: "it is about working with others", "关于沟通协作";
    ReasonShort: "it takes few hours", "用时较短";
    ReasonOwnLanguage: "the language fits", "语言合适";
    ReasonOwnPace: "it is learnt at one’s own pace", "时间自己安排";
    ReasonOnSite: "it is taught on site", "有老师现场教";
    ReasonFree: "it is free of charge", "免费";
    ReasonLicence: "its licence is stated", "注明了许可";
    ReasonLearnt: "{reason}, like what was chosen before", "{reason}，与之前选过的相近";
    NextStep: "Agreed next step", "约定的下一步";
    NextStepLine: "{date}: {text}", "{date}：{text}";
    Code: "The code holds the numbers of the occupations and of the first {n} skills to learn, and nothing about the person.", "二维码只含职业和前{n}项待学技能的编号，没有个人信息。";
    Unknown: "What is not known", "尚不清楚的事";
    UnknownMoves: "Whether people really move this way: the paths are not based on real job moves.", "实际有多少人这样转行：路径没有用到真实的转行记录。";
    UnknownHours: "How long a unit really takes: most hours are our rough estimates, each with its range.", "实际要学多久：多数用时是我们的粗略估计，并给出范围。";
    UnknownCv: "Skills that the CV does not mention.", "简历未提到的技能。";
    UnknownFigures: "Figures that are not published are marked as such; none was filled in.", "未公布的数据已如实注明，没有补填。";
    UnknownJobs: "Whether a post will be open nearby. A plan promises none.", "当地届时是否有岗位。本计划不作承诺。";
    Sources: "Sources", "数据来源";
    SourceLine: "{attribution} ({date}; {licence})", "{attribution}（{date}；{licence}）";
    UsNote: "Pay, schooling and projections are US figures and do not describe other countries. Made on the device; nothing was sent.", "工资、学历要求与预测为美国数据，不代表中国市场。本报告仅在本机生成，没有上传。";
    NamesNote: "Occupation and skill names follow US classifications.", "职业和技能名称为参考译名，依据美国分类。";
}

/// Why something is recommended, in one line; `learnt` where the person's choices say so.
pub fn reason(of: Trait, learnt: bool, locale: Locale) -> String {
    let key = match of {
        Trait::Weight => Key::ReasonWeight,
        Trait::Must => Key::ReasonMust,
        Trait::Partly => Key::ReasonPartly,
        Trait::Ready => Key::ReasonReady,
        Trait::Foundation => Key::ReasonFoundation,
        Trait::Practice => Key::ReasonPractice,
        Trait::Soft => Key::ReasonSoft,
        Trait::Short => Key::ReasonShort,
        Trait::OwnLanguage => Key::ReasonOwnLanguage,
        Trait::OwnPace => Key::ReasonOwnPace,
        Trait::OnSite => Key::ReasonOnSite,
        Trait::Free => Key::ReasonFree,
        Trait::Licence => Key::ReasonLicence,
    };
    let words = key.in_language(locale);
    if learnt { fill(Key::ReasonLearnt.in_language(locale), &[("reason", words)]) } else { words.to_owned() }
}

impl Key {
    /// Of a standing.
    pub(super) const fn standing(standing: Standing, locale: Locale) -> &'static str {
        match (standing, locale) {
            (Standing::Have, Locale::En) => "Have",
            (Standing::Have, Locale::Zh) => "已具备",
            (Standing::Partly, Locale::En) => "Partly",
            (Standing::Partly, Locale::Zh) => "部分具备",
            (Standing::NotInCv, Locale::En) => "Not in your CV",
            (Standing::NotInCv, Locale::Zh) => "简历未提到",
            (Standing::ToLearn, Locale::En) => "To learn",
            (Standing::ToLearn, Locale::Zh) => "待学习",
        }
    }

    /// Of a track.
    pub(super) const fn track(track: Track, locale: Locale) -> &'static str {
        match (track, locale) {
            (Track::Responsible | Track::Foundation, Locale::En) => "foundation",
            (Track::Responsible | Track::Foundation, Locale::Zh) => "基础",
            (Track::Practice, Locale::En) => "practice",
            (Track::Practice, Locale::Zh) => "实操",
            (Track::Soft, Locale::En) => "working with others",
            (Track::Soft, Locale::Zh) => "沟通协作",
        }
    }

    /// Of what hours rest on.
    pub(super) const fn basis(basis: HoursBasis, locale: Locale) -> &'static str {
        match (basis, locale) {
            (HoursBasis::OurEstimate, Locale::En) => "our rough estimate",
            (HoursBasis::OurEstimate, Locale::Zh) => "粗略估计",
            (HoursBasis::LevelsToGo { .. }, Locale::En) => "rough estimate from the self-check",
            (HoursBasis::LevelsToGo { .. }, Locale::Zh) => "按自评粗略估计",
            (HoursBasis::Course { .. }, Locale::En) => "stated by the course",
            (HoursBasis::Course { .. }, Locale::Zh) => "课程学时",
            (HoursBasis::Own, Locale::En) => "own figure",
            (HoursBasis::Own, Locale::Zh) => "本人填写",
        }
    }

    /// Of a question to a provider.
    pub(super) const fn ask(ask: Ask, locale: Locale) -> &'static str {
        match (ask, locale) {
            (Ask::Covers, Locale::En) => "Which of the skills in this unit does the course cover?",
            (Ask::Covers, Locale::Zh) => "课程包含本单元的哪些技能？",
            (Ask::Hours, Locale::En) => "How many hours is it, on which days, and can missed hours be made up?",
            (Ask::Hours, Locale::Zh) => "一共多少学时，哪几天上课，缺课能不能补？",
            (Ask::Price, Locale::En) => "What does it cost in all, and is there any funding?",
            (Ask::Price, Locale::Zh) => "总费用多少，有没有补贴？",
            (Ask::Entry, Locale::En) => "What are the entry requirements?",
            (Ask::Entry, Locale::Zh) => "报名有什么条件？",
            (Ask::Practice, Locale::En) => "How much of it is practice on real equipment?",
            (Ask::Practice, Locale::Zh) => "用真实设备实操的时间有多少？",
            (Ask::Certificate, Locale::En) => "Which certificate does it lead to, and which local employers accept it?",
            (Ask::Certificate, Locale::Zh) => "发什么证书，当地哪些单位认可？",
        }
    }

    /// Of an education.
    pub(super) const fn education(education: Education, locale: Locale) -> &'static str {
        match (education, locale) {
            (Education::Doctoral, Locale::En) => "doctoral or professional degree",
            (Education::Doctoral, Locale::Zh) => "博士或专业学位",
            (Education::Masters, Locale::En) => "master's degree",
            (Education::Masters, Locale::Zh) => "硕士",
            (Education::Bachelors, Locale::En) => "bachelor's degree",
            (Education::Bachelors, Locale::Zh) => "本科",
            (Education::Associates, Locale::En) => "associate's degree",
            (Education::Associates, Locale::Zh) => "副学士（相近：大专）",
            (Education::Award, Locale::En) => "postsecondary award without a degree",
            (Education::Award, Locale::Zh) => "高中后非学历证书",
            (Education::SomeCollege, Locale::En) => "some college, no degree",
            (Education::SomeCollege, Locale::Zh) => "读过大学，未取得学位",
            (Education::HighSchool, Locale::En) => "high school diploma or equivalent",
            (Education::HighSchool, Locale::Zh) => "高中或同等学历",
            (Education::Nothing, Locale::En) => "no formal credential",
            (Education::Nothing, Locale::Zh) => "不要求学历",
        }
    }

    /// Of an experience.
    pub(super) const fn experience(experience: Experience, locale: Locale) -> &'static str {
        match (experience, locale) {
            (Experience::FiveYears, Locale::En) => "five years or more",
            (Experience::FiveYears, Locale::Zh) => "5年及以上",
            (Experience::UnderFiveYears, Locale::En) => "less than five years",
            (Experience::UnderFiveYears, Locale::Zh) => "5年以下",
            (Experience::Nothing, Locale::En) => "none",
            (Experience::Nothing, Locale::Zh) => "不要求",
        }
    }
}
