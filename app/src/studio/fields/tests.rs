//! The pages for others on the pack that ships.
use super::super::tests::{call_of, part, studio, whole};
use super::*;
use crate::worker::protocol::{SaveDrawn, TakeFile};

fn give(studio: &mut Studio, page: DrawnPage, what: &str, text: &str) {
    studio.take_file(&TakeFile { page, what: what.into(), bytes: text.as_bytes().to_vec() });
}

fn saved(studio: &mut Studio, draw: &Draw, what: &str) -> String {
    studio.save(&SaveDrawn { draw: draw.clone(), what: what.into() }, None).unwrap_or_else(|| panic!("{what}")).text
}

/// The plan of a person as they save it; `more` makes it another's.
fn plan_file(more: &str) -> String {
    let mut own = studio();
    let draw = call_of(DrawnPage::Plan, Lang::En, &format!("soc=51-2090&to=49-9041{more}"));
    own.draw(&draw);
    saved(&mut own, &draw, "plan.json")
}

#[test]
fn every_page_is_drawn_in_both_languages_whatever_its_state() {
    let mut studio = studio();
    for lang in [Lang::En, Lang::Zh] {
        for page in [DrawnPage::Counsellor, DrawnPage::School, DrawnPage::Company, DrawnPage::Policy] {
            for set in ["", "soc=51-2090&to=49-9041&each=1500", "soc=x&to=<b>&each=NaN&speed=NaN&reach=9&my.agreed=1&my.files=close", "each=-4&kind=line&cycle=0.06"] {
                let drawn = studio.draw(&call_of(page, lang, set));
                let all = whole(&drawn);
                assert!(all.contains("<h1") && all.contains("aria-current=\"page\"") && !all.contains("NaN") && !all.contains(" style") && !all.contains("<b>"), "{page:?} {set}");
                for other in ["counsellor", "school", "company", "policy"] {
                    assert!(all.contains(&format!("data-go=\"{other}\"")), "{page:?}: no way to {other}");
                }
            }
        }
    }
}

#[test]
fn ten_minutes_hold_three_suggestions_questions_a_note_and_a_next_step() {
    let mut studio = studio();
    for (lang, question) in [(Lang::En, "Have you done this"), (Lang::Zh, "工作中或平时做过吗")] {
        let mut draw = call_of(DrawnPage::Counsellor, lang, "soc=51-2090");
        draw.asked = vec![("note".into(), "<i>rings on Friday".into()), ("step".into(), "Visit \"B\"".into()), ("step-date".into(), "2026-12-08".into())];
        let drawn = studio.draw(&draw);
        assert_eq!(part(&drawn, "talk").matches("class=\"way\"").count(), 3);
        let ask = part(&drawn, "ask").to_owned();
        assert!(ask.contains(question) && ask.matches("data-list=\"my.have\"").count() == QUESTIONS, "{ask}");
        // What is typed stays when the page is drawn anew, and is no tag.
        assert!(part(&drawn, "page").contains("&lt;i&gt;rings on Friday</textarea>") && part(&drawn, "page").contains("value=\"Visit &quot;B&quot;\""));
        assert!(saved(&mut studio, &draw, "step.ics").contains("DTSTART;VALUE=DATE:20261208"));
        // The note is in no state and no file.
        let plan = Draw { page: DrawnPage::Plan, ..call_of(DrawnPage::Plan, lang, "soc=51-2090&to=49-9041") };
        assert!(!saved(&mut studio, &plan, "plan.json").contains("Friday") && !drawn.state.address(DrawnPage::Counsellor).contains("Friday"));
        // An answer takes its question away.
        let first = ask.split("data-list=\"my.have\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let answered = studio.draw(&call_of(DrawnPage::Counsellor, lang, &format!("soc=51-2090&my.have={first}")));
        assert!(!part(&answered, "ask").contains(&format!("id=\"my.have-{first}\"")));
    }
    give(&mut studio, DrawnPage::Plan, "another", "");
    assert!(!whole(&studio.draw(&call_of(DrawnPage::Counsellor, Lang::En, "soc=51-2090"))).contains("Friday"));
}

/// Questions of the counsellor's page.
const QUESTIONS: usize = 6;

#[test]
fn a_class_is_shown_without_names_and_other_files_are_refused() {
    let mut studio = studio();
    let page = DrawnPage::School;
    let done = {
        let call = call_of(DrawnPage::Plan, Lang::En, "soc=51-2090&to=49-9041");
        plan::unit_key(&plan::plan(&studio, &call, &mut call.state.clone()).unwrap().units.units[0])
    };
    let competence = studio.taxonomy.competences.iter().find(|of| of.id == "2.C.3.e").unwrap().name_en.clone();
    let profile = format!("{{\"skills\": [{{\"name\": \"Jane Canary\", \"keywords\": [], \"waymark\": {{\"kind\": \"knowledge\", \"competence\": {{\"id\": \"2.C.3.e\", \"taxonomy\": \"onet\", \"score\": 1.0, \"kind\": \"knowledge\", \"name_en\": \"x\", \"name_zh\": \"\", \"by\": \"name\"}}, \"evidence\": \"claimed\", \"year\": null, \"words\": [\"Jane Canary\"], \"confirmed\": true}}}}], \"meta\": {{\"waymark\": {{\"profile\": 1}}}}}}");
    give(&mut studio, page, "class", &plan_file(""));
    give(&mut studio, page, "class", &plan_file(&format!("&my.done={done}&my.learn=3")));
    give(&mut studio, page, "class", &profile);
    // The same again, and what is no such file.
    give(&mut studio, page, "class", &profile);
    for wrong in ["", "{}", "Jane Canary", "{\"waymark_plan\":2}", "{\"skills\":[],\"meta\":{\"waymark\":{\"profile\":1}}}"] {
        give(&mut studio, page, "class", wrong);
    }
    for (lang, of, refused) in [(Lang::En, "The class against: Industrial machinery mechanics", "Not taken: 5"), (Lang::Zh, "全班对照：", "有5个文件没有读入")] {
        let drawn = studio.draw(&call_of(page, lang, "to=49-9041"));
        assert!(part(&drawn, "files").contains('3') && part(&drawn, "files").contains(refused), "{}", part(&drawn, "files"));
        let class = part(&drawn, "class");
        assert!(class.contains(of) && class.matches("<tr>").count() > 10 && !whole(&drawn).contains("Canary"), "{class}");
        assert!(!whole(&drawn).contains(" type=\"file\" accept=\".json"), "no file before the consent is given");
    }
    assert!(part(&studio.draw(&call_of(page, Lang::En, "my.agreed=1")), "consent").contains("multiple"));
    // Mechanical knowledge: one of three shows it; the two of the same occupation have what it usually asks for.
    let draw = call_of(page, Lang::En, "to=49-9041");
    let csv = saved(&mut studio, &draw, "class.csv");
    assert!(csv.contains(&competence) && !csv.contains("Canary"), "{csv}");
    let class = part(&studio.draw(&draw), "class").to_owned();
    assert!(class.contains("Person 3") && class.contains("no plan in the file"), "{class}");
    // A syllabus beside it.
    give(&mut studio, page, "courses", &format!("title,text\nMechanics,{competence}\n"));
    let drawn = studio.draw(&draw);
    assert!(part(&drawn, "courses").contains("All together") && part(&drawn, "class").contains("In the syllabus") && part(&drawn, "class").contains("<td>yes</td>"), "{}", part(&drawn, "courses"));
    give(&mut studio, page, "courses", "title,hours\nA,many\n");
    assert!(part(&studio.draw(&draw), "courses").contains("Line 2"));
    let closed = studio.draw(&call_of(page, Lang::En, "to=49-9041&my.files=close"));
    assert!(part(&closed, "class").contains("Open the files of a class") && closed.state.get("my.files").is_none());
}

#[test]
fn a_firm_shows_groups_of_five_and_where_they_could_move() {
    let mut studio = studio();
    let page = DrawnPage::Company;
    give(&mut studio, page, "headcounts", "职业,人数\n51-2090,40\n49-9041,6\n17-3024,2\n15-2051,0\n");
    for (lang, mechanics, small) in [(Lang::En, "Industrial machinery mechanics", "fewer than five people: 2"), (Lang::Zh, "工业机械维修工", "有2个职业少于5人")] {
        let drawn = studio.draw(&call_of(page, lang, ""));
        let groups = part(&drawn, "groups");
        assert_eq!(groups.matches("<section>").count(), 2, "{groups}");
        assert!(groups.contains(mechanics) && groups.contains(small) && groups.contains("40") && !groups.contains("17-3024"), "{groups}");
        assert!(groups.contains("<table"), "{groups}");
    }
    let csv = saved(&mut studio, &call_of(page, Lang::En, ""), "moves.csv");
    assert!(csv.lines().count() > 1 && csv.contains(",40,") && csv.contains(",Industrial machinery mechanics,within reach,"), "{csv}");
    // By files: four of one occupation are no group, five are.
    give(&mut studio, page, "another", "");
    for person in 0..5 {
        assert!(part(&studio.draw(&call_of(page, Lang::En, "to=49-9041")), "groups").contains("at least five people"));
        give(&mut studio, page, "staff", &plan_file(&format!("&my.learn={person}")));
    }
    let drawn = studio.draw(&call_of(page, Lang::En, "to=49-9041"));
    assert!(part(&drawn, "groups").contains("5 people") && part(&drawn, "groups").contains("Industrial machinery mechanics"), "{}", part(&drawn, "groups"));
    for (table, fault) in [("职业,人数\n宇航员,9\n", "第2行"), ("occupation\nx\n", "headcount"), ("", "第0行")] {
        give(&mut studio, page, "headcounts", table);
        let drawn = studio.draw(&call_of(page, Lang::Zh, ""));
        assert!(part(&drawn, "headcounts").contains("role=\"alert\"") && part(&drawn, "headcounts").contains(fault), "{}", part(&drawn, "headcounts"));
    }
}

#[test]
fn policy_shows_differences_with_their_range_a_cost_and_files() {
    let mut studio = studio();
    let page = DrawnPage::Policy;
    let set = "kind=line&speed=8&reach=0.6&each=2000";
    let first = studio.draw(&Draw { settled: false, ..call_of(page, Lang::En, set) });
    assert!(part(&first, "groups").contains("So far the central run"));
    for lang in [Lang::En, Lang::Zh] {
        let drawn = studio.draw(&call_of(page, lang, set));
        let groups = part(&drawn, "groups");
        assert!(groups.contains("<svg") && groups.matches("<tr>").count() > 40 && groups.contains("25"), "{groups}");
        assert!(part(&drawn, "cost").matches("<p").count() == 3, "{}", part(&drawn, "cost"));
    }
    let draw = call_of(page, Lang::En, set);
    let all: serde_json::Value = serde_json::from_str(&saved(&mut studio, &draw, "policy.json")).unwrap();
    let scenario: waymark_shared::market::scenario::Scenario = serde_json::from_value(all["scenario"].clone()).unwrap();
    scenario.check().unwrap();
    assert_eq!(all["baseline"]["adoption"]["ceiling"], 0.0);
    let gone = |of: &serde_json::Value| ["low", "middle", "high"].map(|end| of[end].as_f64().unwrap());
    let [low, middle, high] = gone(&all["jobs_gone"]);
    assert!(0.0 < low && low <= middle && middle <= high, "{low} {middle} {high}");
    assert!((gone(&all["cost"])[1] - 2000.0 * middle).abs() < 1e-3 * middle);
    // Production falls, and what is lost elsewhere is made up for: total demand is constant.
    let groups = all["groups"].as_array().unwrap();
    let share = |soc: &str| groups.iter().find(|group| group["soc"] == soc).unwrap()["share"]["middle"].as_f64().unwrap();
    assert!(share("51-0000") < -0.05 && groups[0]["share"]["middle"].as_f64().unwrap().abs() < 0.02, "{} {}", share("51-0000"), groups[0]);
    for what in ["policy.csv", "equations.csv", "scenario.json", "groups.csv", "groups.svg"] {
        assert!(saved(&mut studio, &draw, what).len() > 300, "{what}");
    }
    // Nothing changes, nothing differs.
    let calm = studio.draw(&call_of(page, Lang::En, "reach=0&cycle=0"));
    assert!(calm.state.get("each").is_none() && part(&calm, "cost").contains("Enter a cost"));
    let calm: serde_json::Value = serde_json::from_str(&saved(&mut studio, &call_of(page, Lang::En, "reach=0&cycle=0"), "policy.json")).unwrap();
    assert_eq!(gone(&calm["jobs_gone"]), [0.0; 3], "the baseline differs from itself");
}
