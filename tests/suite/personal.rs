//! Personal data in running text, by the shipped model: names and home places that no rule knows are put aside, and what looks
//! like them is not. Not how many are found in all: that is `waymark eval` on `personal.dev.jsonl`.
use std::path::Path;
use waymark_shared::analyse::{AnalyseJob, TagSetName};
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::model::NeuralTagger;
use waymark_shared::personal::PersonalRules;
use waymark_shared::text::sentences;
use waymark_trainer::model_dir;

/// Lines with what must be put aside in them; no rule finds any of it.
const NAMED: [(&str, &[&str]); 5] = [
    ("Lives in Ashby Folville, commutes by bike", &["Ashby Folville"]),
    ("跟阿不都热合曼师傅学了两年钣金，后来自己带徒弟", &["阿不都热合曼"]),
    ("老家四川达州，开了八年注塑机", &["四川达州"]),
    ("配合宋玉兰调试夹具，节拍提高一成", &["宋玉兰"]),
    ("接班人胡志强由我带出来，现在独立顶岗", &["胡志强"]),
];

/// Lines without a name or a home place.
const UNNAMED: [&str; 12] = [
    "Programmed Allen-Bradley and Siemens PLCs, Makita tools",
    "Plotted Pareto charts and Gantt plans, Jenkins builds",
    "Worked at Harris & Sons, Leeds, three years",
    "Sheet Metal Worker, Power Query, Health and Safety",
    "Payroll is run by our external accountant, I collect the timesheets",
    "My boss ran the SATURN model, I counted cars",
    "高空作业证，安装钢结构，金属切割",
    "更换马达和万用表检测，白班为主",
    "石材干挂，江苏昆山工地，施工图会看",
    "集团合并报表由总部用Oracle Hyperion编制",
    "厂家工程师负责调试 DCS，我在旁边记录参数",
    "模具师傅开硅胶模，本人灌树脂、脱泡",
];

/// A line where it is no head of a CV, for there a rule looks for the person's own name.
fn cv(line: &str) -> String {
    format!("Work experience\n2014–2019\n- {line}\n")
}

fn aside(tagger: &NeuralTagger, text: &str) -> Vec<String> {
    let gazetteer = Gazetteer::built_in().unwrap();
    let mut job = AnalyseJob::new(text, Some(&gazetteer), TagSetName::Open);
    while !job.finished() {
        job.step(tagger).unwrap();
    }
    let analysis = job.finish(None);
    for span in &analysis.spans {
        assert!(!analysis.personal.iter().any(|p| span.start < p.end && p.start < span.end), "{text}: a skill over personal data");
    }
    analysis.personal.iter().map(|p| text[p.start..p.end].to_owned()).collect()
}

#[test]
fn names_and_home_places_that_no_rule_knows_are_put_aside() {
    let tagger = NeuralTagger::load(&model_dir::read(&Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(model_dir::shipped())).unwrap()).unwrap();
    assert!(tagger.finds(TagSetName::Personal));
    let rules = PersonalRules::built_in().unwrap();
    for (line, personal) in NAMED {
        let text = cv(line);
        assert!(rules.find(&text, &sentences(&text)).is_empty(), "{line}: a rule finds it");
        assert_eq!(aside(&tagger, &text), personal, "{line}");
    }
    for text in UNNAMED.map(cv) {
        assert!(aside(&tagger, &text).is_empty(), "{text}: {:?}", aside(&tagger, &text));
    }
}
