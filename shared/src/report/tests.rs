//! The report of a made-up person in both languages.
use super::words::Key;
use super::*;
use crate::chart::Locale;
use crate::gap::{GapItem, WeightBasis, hard_requirements, licences};
use crate::market::data::figures::{Education, Experience};
use crate::path::search::{Objectives, PathStep};
use crate::plan::ranker::Trait;
use crate::plan::schedule::lay_out;
use crate::plan::units::{Choices, Want, draft};
use crate::plan::{Progress, RESPONSIBLE, ScheduleRequest};
use crate::span::CompetenceKind;

fn named(en: &str, zh: &str) -> Named {
    Named { en: en.into(), zh: zh.into() }
}

fn report() -> Report {
    let want = |competence: u32, id: &str, kind, standing| Want { competence, id: id.into(), kind, group: None, standing, weight: 0.5, share: 1.0, must: None, levels_to_go: None, usual: false };
    let wants = [
        want(0, "4.A.1.I01.D01", CompetenceKind::Activity, Standing::NotInCv),
        want(1, "2.C.3.e", CompetenceKind::Knowledge, Standing::Partly),
        want(2, "tech:python", CompetenceKind::Technology, Standing::ToLearn),
    ];
    let units = draft(&wants, &Choices::default(), &|earlier, later| if earlier == [1] && later == [0] { 1.0 } else { 0.0 });
    let progress = vec![Progress { unit: RESPONSIBLE.into(), hours: 3.0, done: true }];
    let schedule = lay_out(&units.units, &ScheduleRequest { hours_per_week: 6.0, deadline_weeks: Some(4), from_week: 0, hours_over: 0.0, progress });
    let name = |competence: u32| [named("Repair & test machines", "维修和测试机器"), named("Mechanical", "机械"), named("Python", "")][competence as usize].clone();
    let occupation = |_: usize| named("Machinists", "机械加工工");
    let months = [Month { month: 1, units: vec![0], score: Some(0.5), occupations: vec![3, 4, 5, 6, 7] }];
    let where_to = |place: usize| match units.units[place].id.as_str() {
        "tech:python" => (vec![ResourceLine { title: "Python <basics>".into(), url: "https://a.test/?a=1&b=2".into(), language: "en".into(), licence: None }], Vec::new()),
        RESPONSIBLE => (Vec::new(), Vec::new()),
        _ => (Vec::new(), vec![Ask::Price, Ask::Practice]),
    };
    let item = |competence, standing| GapItem { competence, kind: CompetenceKind::Activity, standing, weight: 0.5, basis: WeightBasis::Rarity, must: None, unlocks: None };
    let gap = Gap { items: vec![item(1, Standing::Partly), item(0, Standing::NotInCv), item(2, Standing::ToLearn)], shown: Some(0.17) };
    let path = CareerPath { steps: vec![PathStep { to: 0, score: 0.4 }], objectives: Objectives { months: Some(14.2), cost: None, pay: Some(251_000.0), risk: None } };
    let thresholds = Thresholds { within_reach: 0.4, very_close: 0.5 };
    let path = PathPart::new(&path, &[StepFigures::default()], &thresholds, RiskBasis::Exposure, false, &[Reason::Fastest, Reason::EntryPayAbove { share: 0.12 }], &occupation);
    Report {
        date: "2026-11-24".into(),
        from: Some(named("Assemblers", "装配工")),
        target: named("Electricians", "电工"),
        path: Some(PathPart { in_top: Some((5, 6)), ..path }),
        hard: hard_requirements(Some(Education::HighSchool), Some(Experience::UnderFiveYears), &licences::of("47-2111"), Some(Education::Bachelors)),
        gap: standings(&gap, &name),
        shown: gap.shown,
        plan: Some(PlanPart::new(&units, &schedule, &months, 6.0, &name, &occupation, &where_to)),
        first: vec![
            FirstLine { unit: 1, what: Some("Python <basics>".into()), reason: Trait::Free, learnt: true },
            FirstLine { unit: 0, what: None, reason: Trait::Weight, learnt: false },
        ],
        sources: vec![SourceLine { attribution: "Source: BLS.".into(), date: "2025".into(), licence: "public domain".into() }],
        ..Report::default()
    }
}

fn in_chinese(text: &str) -> &str {
    let start = text.find("<article lang=\"zh-CN\">").unwrap();
    &text[start..start + text[start..].find("</article>").unwrap()]
}

#[test]
fn the_report_opens_and_runs_nothing_and_escapes_what_it_is_given() {
    let text = html(&report(), &[Locale::En, Locale::Zh]);
    for absent in ["<script", "href", "src=", "url(", "<basics>", "@import", "<img", "<link"] {
        assert!(!text.contains(absent), "{absent}");
    }
    assert!(text.contains(": Python &lt;basics&gt;, https://a.test/?a=1&amp;b=2 (English; licence not stated"));
    assert!(text.contains("Repair &amp; test machines"));
    assert_eq!(text.matches("<article").count(), 2);
    assert!(text.contains("<li>Unit 2: Python &lt;basics&gt;. Why: it is free of charge, like what was chosen before.</li>"));
    assert!(text.contains("<li>第1单元：向当地培训机构了解。推荐理由：目标职业比较看重。</li>"));
    assert!(!text.contains('{') || text.split("</style>").nth(1).is_some_and(|body| !body.contains('{')), "a slot was left");
    assert_eq!(text, html(&report(), &[Locale::En, Locale::Zh]));
}

#[test]
fn what_is_not_published_is_said_and_never_a_nought() {
    let text = html(&report(), &[Locale::En, Locale::Zh]);
    for line in [
        "<td>not published</td>",
        "<li>Time, schooling and training included: about 14 months.</li>",
        "<li>Pay forgone and tuition: not computed, because tuition was not entered.</li>",
        "<li>Earned in the first five years: about $251 thousand.</li>",
        "<li>Risk on the way: not published.</li>",
        "<li>途中风险（参考）：未公布。</li>",
        "<li>头五年收入：约25.1万美元。</li>",
        "<li>6个情景中5个成立。</li>",
        "<li>美国通常要求的学历：高中或同等学历。已满足。</li>",
        "<li>中国：特种作业操作证（电工作业）。依据：《特种作业人员安全技术培训考核管理规定》（2010年国家安全监管总局令第30号）；本表核对于2026-11。请向当地核实是否仍然适用。</li>",
        "<p>About 17% of what the target asks for is shown.",
        // 20 + 16 + 20 hours at 6 a week; the unit on data was done before.
        "<p>6 hours a week; all is done after week 10.</p>",
        "cannot be kept at these hours: 32 hours do not fit. It would take 14 hours a week, or 10 weeks. What fits: units",
        "<p>每周6小时，第10周全部完成。</p>",
        "<td>机械加工工；机械加工工；机械加工工等5个职业</td>",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn a_name_is_printed_only_where_it_was_asked_for() {
    assert!(!html(&report(), &[Locale::En, Locale::Zh]).contains("For "));
    let mut asked = report();
    asked.name = Some("Li <Ming>".into());
    assert!(html(&asked, &[Locale::Zh]).contains("姓名：Li &lt;Ming&gt;"));
}

#[test]
fn chinese_is_written_by_the_rules_of_the_house() {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let texts = Key::ALL.iter().map(|key| key.in_language(Locale::Zh).to_owned());
    let drawn = html(&report(), &[Locale::Zh]);
    for text in texts.chain(in_chinese(&drawn).lines().map(str::to_owned)) {
        for banned in ["场景", "杠杆", "置信区间", "缺失", "替代率", "「", "」", "您缺", "学时 "] {
            assert!(!text.contains(banned), "{banned}: {text}");
        }
        let chars: Vec<char> = text.chars().collect();
        for pair in chars.windows(2) {
            assert!(!(han(pair[0]) && [',', '.', '?', '!', ' ', ':', ';', '('].contains(&pair[1])), "{text}");
            assert!(!(pair[0] == ' ' && han(pair[1])), "{text}");
        }
    }
    // Every slot of one language stands in the other.
    let slots = |text: &str| text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    for key in Key::ALL {
        let [en, zh] = [Locale::En, Locale::Zh].map(|locale| slots(key.in_language(locale)));
        assert_eq!(en, zh, "{key:?}");
    }
}
