//! The drawn pages on the pack that ships.
use super::*;
use crate::state::State;
use std::path::Path;

pub fn studio() -> Studio {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/pack");
    let mut files = PackFiles::new();
    for folder in ["market", "taxonomy"] {
        for entry in std::fs::read_dir(pack.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            files.insert(format!("{folder}/{}", path.file_name().unwrap().to_string_lossy()), std::fs::read(&path).unwrap());
        }
    }
    Studio::load(&files).unwrap()
}

fn call(lang: Lang, set: &str, whole: bool) -> Draw {
    let mut state = State::default();
    state.set_all(set);
    Draw { page: DrawnPage::Market, lang, state, whole, settled: true, asked: Vec::new(), width: 700, today: "2026-11-24".into(), person: None }
}

pub fn part<'a>(drawn: &'a Drawn, name: &str) -> &'a str {
    &drawn.parts.iter().find(|(part, _)| part == name).unwrap().1
}

#[test]
fn every_view_is_drawn_in_both_languages_for_any_occupation() {
    let mut studio = studio();
    for lang in [Lang::En, Lang::Zh] {
        for soc in ["51-2090", "15-2051", "55-1010", "nonsense"] {
            for tab in ["", "concept", "states", "heat", "beveridge", "flows", "tornado", "system", "created", "backtest", "sources"] {
                let drawn = studio.draw(&call(lang, &format!("soc={soc}&more={tab}"), ["", "system"].contains(&tab)));
                let all: String = drawn.parts.iter().map(|(_, html)| html.as_str()).collect();
                assert!(!all.contains("NaN") && !all.contains("inf<") && !all.contains(" style"), "{soc} {tab}");
                let view = if tab == "system" { "system-gains" } else { "more" };
                assert!(part(&drawn, view).len() > 300, "{soc} {tab}: {}", part(&drawn, view));
                assert!(part(&drawn, "numbers").contains("BLS") || part(&drawn, "numbers").contains("Labor"), "{}", part(&drawn, "numbers"));
            }
        }
    }
}

#[test]
fn on_the_automated_line_assemblers_fall_and_mechanics_rise() {
    let mut studio = studio();
    let line = market::preset_state("line");
    let last = |studio: &mut Studio, soc: &str| {
        let place = studio.data.place(soc).unwrap();
        *studio.future.outcome(&studio.data, &market::levers_of(&line), place, false).unwrap().central.last().unwrap()
    };
    let (assemblers, mechanics) = (last(&mut studio, "51-2090"), last(&mut studio, "49-9041"));
    assert!(assemblers < 90.0, "assemblers {assemblers}");
    assert!(mechanics > 103.0, "mechanics {mechanics}");
}

#[test]
fn with_all_levers_at_zero_nothing_changes_and_ranges_hold_the_run() {
    let mut studio = studio();
    let place = studio.data.place("51-2090").unwrap();
    let base = studio.future.outcome(&studio.data, &market::levers_of(&market::preset_state("base")), place, true).unwrap();
    assert!(base.central.iter().all(|index| (index - 100.0).abs() < 1.0), "{:?}", base.central);
    let moved = studio.future.outcome(&studio.data, &market::levers_of(&market::preset_state("software")), place, true).unwrap();
    for (year, middle) in moved.central.iter().enumerate() {
        for band in moved.bands.as_ref().unwrap() {
            assert!(band.low[year] <= *middle && *middle <= band.high[year], "{year}");
        }
    }
}

#[test]
fn runs_begin_with_the_published_unemployment_of_every_group() {
    let studio = studio();
    for net in ["blend", "related", "similar"] {
        let mut state = market::preset_state("base");
        state.set("net", net);
        let places = studio.future.places();
        let run = studio.future.central(&studio.data, &market::levers_of(&state), places).unwrap();
        for group in &studio.data.groups {
            let counts = places.iter().zip(&run.recorded[0]).filter(|(place, _)| studio.data.occupations[**place].group() == group.soc).map(|(_, counts)| counts);
            let (u, all) = counts.fold((0.0, 0.0), |(u, all), c| (u + c.unemployed, all + c.employed + c.unemployed));
            assert!(all == 0.0 || (u / all - group.unemployment).abs() < 0.001, "{net} {}: {} for {}", group.soc, u / all, group.unemployment);
        }
    }
}

#[test]
fn a_saved_scenario_is_one_that_the_command_line_reads() {
    let mut studio = studio();
    for set in ["kind=line&speed=8&reach=0.6", "kind=software&demand=1.2", "kind=software&reach=0.4&net=similar&cycle=0.06&widen=0.4"] {
        let file = studio.save(&SaveDrawn { draw: call(Lang::En, set, false), what: "scenario.json".into() }, None).unwrap();
        let read: waymark_shared::market::scenario::Scenario = serde_json::from_str(&file.text).unwrap();
        read.check().unwrap();
    }
}

#[test]
fn hostile_states_are_put_right() {
    let mut studio = studio();
    for set in ["speed=NaN&reach=1e300", "reach=-5&cycle=inf&with=none&net=x", "soc=99-9999&more=zzz", "alpha=NaN&tech=literal&m=1&more=system"] {
        let drawn = studio.draw(&call(Lang::En, set, true));
        assert!(drawn.state.get("soc").is_some_and(|soc| studio.data.place(soc).is_some()), "{set}");
        for (part, html) in &drawn.parts {
            assert!(!html.contains("NaN"), "{set}: {part}: {html}");
        }
    }
    let kept = studio.draw(&call(Lang::En, "speed=5&reach=0.3&with=line", false)).state;
    assert_eq!((kept.get("speed"), kept.get("reach"), kept.get("with")), (Some("5"), Some("0.3"), Some("line")));
}

#[test]
fn the_occupation_of_a_cv_enters_no_state_until_it_is_chosen() {
    let mut studio = studio();
    let person = crate::worker::protocol::Person { occupations: vec!["49-9041".into()], ..Default::default() };
    for set in ["", "soc=nonsense"] {
        let drawn = studio.draw(&Draw { person: Some(person.clone()), ..call(Lang::En, set, true) });
        assert!(part(&drawn, "who").contains("value=\"49-9041\" selected"), "{set}");
        assert!(!drawn.state.address(DrawnPage::Market).contains("soc"), "{set}");
    }
    let chosen = studio.draw(&Draw { person: Some(person), ..call(Lang::En, "soc=51-2090", true) });
    assert_eq!(chosen.state.get("soc"), Some("51-2090"));
}

#[test]
fn every_file_is_written_and_says_its_source() {
    let mut studio = studio();
    for name in ["future", "concept", "states", "heat", "beveridge", "flows", "tornado", "system", "gains"] {
        for kind in ["csv", "svg", "png"] {
            let file = studio.save(&SaveDrawn { draw: call(Lang::Zh, "soc=51-2090", false), what: format!("{name}.{kind}") }, None).unwrap();
            assert!(file.name.ends_with(kind) && file.text.contains("数据来源"), "{name}.{kind}");
        }
    }
    assert!(studio.save(&SaveDrawn { draw: call(Lang::En, "", false), what: "other.exe".into() }, None).is_none());
}

#[test]
fn a_state_brings_its_figures_where_they_are_published() {
    let mut studio = studio();
    // Michigan, Miscellaneous assemblers: BLS publishes jobs and pay of the state, unemployment of none.
    let drawn = studio.draw(&call(Lang::En, "soc=51-2090&area=26", true));
    let numbers = part(&drawn, "numbers");
    assert!(numbers.contains("Jobs, Michigan") && numbers.contains("not published") && numbers.contains("the whole United States: "), "{numbers}");
    assert_eq!(numbers.matches("not published").count(), 1, "{numbers}");
    assert!(drawn.state.address(DrawnPage::Market).contains("area=26"));
    assert!(part(&drawn, "who").contains("value=\"26\" selected"));
    let zh = studio.draw(&call(Lang::Zh, "soc=51-2090&area=26", true));
    assert!(part(&zh, "numbers").contains("密歇根") && part(&zh, "numbers").contains("未公布"), "{}", part(&zh, "numbers"));
    for unknown in ["area=99", "area=US"] {
        assert_eq!(studio.draw(&call(Lang::En, unknown, true)).state.get("area"), None);
    }
}

#[test]
fn gains_follow_their_levers_and_own_formulas() {
    let mut studio = studio();
    let mut gains = |set: &str| studio.save(&SaveDrawn { draw: call(Lang::En, set, false), what: "gains.csv".into() }, None).unwrap().text;
    assert!(gains("alpha=0.75").contains("T,S,α technology raises demand,0.75,a year"), "{}", gains("alpha=0.75"));
    assert!(gains("epsilon=0.25").contains("P,S,\"1−ε training, less what ε takes away\",0.75"), "{}", gains("epsilon=0.25"));
    assert!(!gains("").contains("S,T,k") && gains("tech=literal&k=0.4").contains("S,T,k path from demand,0.4"));
    let own = format!("f={}&g={}", crate::state::coded("3 * T"), crate::state::coded("0.5 * S"));
    let own = gains(&own);
    assert!(own.contains("∂(f−g)/∂T") && own.contains("formulas,3,") && own.contains("formulas,-0.5,"), "{own}");
    assert!(!own.contains("∂(f−g)/∂P"), "{own}");
}

#[test]
fn own_formulas_run_or_are_refused_at_their_place() {
    let mut studio = studio();
    let mut drawn = |lang, f: &str| studio.draw(&call(lang, &format!("more=system&f={}", crate::state::coded(f)), true));
    let run = drawn(Lang::En, "alpha * T + P - 0.1 * L");
    assert!(part(&run, "system-equations").contains("f − g = alpha * T + P - 0.1 * L"), "{}", part(&run, "system-equations"));
    assert!(part(&run, "system-figure").contains("<svg") && !part(&run, "system-words").contains("balance point is"));
    assert!(part(&run, "page").contains("value=\"alpha * T + P - 0.1 * L\""));
    assert!(run.state.address(DrawnPage::Market).contains("f=alpha~20~2a~20T"));
    let wrong = drawn(Lang::En, "alpha * X");
    assert!(part(&wrong, "system-figure").contains("“X”: no such name"), "{}", part(&wrong, "system-figure"));
    let wrong = drawn(Lang::Zh, "1 / 0");
    assert!(part(&wrong, "system-figure").contains("除数为零"), "{}", part(&wrong, "system-figure"));
    for hostile in ["<b>", "((((((((((((((((((((((((((((((((1", "王伟", "sqrt(-S)", "1/(S-1.5)"] {
        let all: String = drawn(Lang::En, hostile).parts.iter().map(|(_, html)| html.as_str()).collect();
        assert!(!all.contains("<b>") && !all.contains("NaN"), "{hostile}");
    }
}

#[test]
fn a_series_gives_beta_and_gamma_with_intervals_or_the_reason_why_not() {
    let mut studio = studio();
    let mut fit = |lang, text: &str| {
        studio.take_file(&TakeFile { page: DrawnPage::Market, what: "series".into(), bytes: text.into() });
        let drawn = studio.draw(&call(lang, "more=system", true));
        part(&drawn, "system-fit").to_owned()
    };
    let rows = |count: u32| -> String { (0..count).map(|i| format!("\n{},{},{},{}", 2010 + i, 1 + i, i * i, 0.3 * f64::from(1 + i) - 0.02 * f64::from(i * i))).collect() };
    let found = fit(Lang::En, &format!("date,S,T,P{}", rows(9)));
    assert!(found.contains("9 points") && found.contains("β = 0.300, 95% interval 0.300 to 0.300") && found.contains("data-set=\"beta=0.3000&amp;gamma=-0.0200\""), "{found}");
    assert!(fit(Lang::En, &format!("date,S,T,P{}", rows(7))).contains("7 points. At least 8"));
    assert!(fit(Lang::Zh, &format!("date,S,T,P{}", rows(7))).contains("只有7个点"));
    assert!(fit(Lang::Zh, "date,S,T\n2010,1,2").contains("没有P列"));
    assert!(fit(Lang::En, "date,S,T,P\n2010,1,<i>,2").contains("Line 2, column T: “&lt;i&gt;”"));
    let along: String = (1..10).map(|i| format!("\n{i},{i},{},1", 2 * i)).collect();
    assert!(fit(Lang::En, &format!("t,S,T,P{along}")).contains("cannot be told apart"));
}

#[test]
fn every_card_of_the_concept_map_leads_to_a_part_that_is_there() {
    let mut studio = studio();
    for lang in [Lang::En, Lang::Zh] {
        let drawn = studio.draw(&call(lang, "soc=51-2090", true));
        let all: String = drawn.parts.iter().map(|(_, html)| html.as_str()).collect();
        let gos: Vec<&str> = part(&drawn, "more").split("data-go=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(gos.len(), 6, "{gos:?}");
        for go in gos {
            assert!(all.contains(&format!(" id=\"{go}\"")) || DrawnPage::ALL.iter().any(|page| page.name() == go), "{go}");
        }
    }
}

#[test]
fn a_persons_own_table_takes_the_place_of_us_figures() {
    let mut studio = studio();
    let take = |studio: &mut Studio, text: &str| studio.take_file(&TakeFile { page: DrawnPage::Market, what: "own".into(), bytes: text.into() });
    take(&mut studio, "职业,就业人数,工资单位,工资中位数,日期,来源\n51-2090,12000,元/月,6500,2025-06,某市统计局\n");
    let drawn = studio.draw(&call(Lang::Zh, "soc=51-2090", false));
    let numbers = part(&drawn, "numbers");
    assert!(numbers.contains("某市统计局") && numbers.contains("1.2万人") && !numbers.contains("美国"), "{numbers}");
    take(&mut studio, "职业,就业人数,日期,来源\n51-2090,-5,2025-06,某市统计局\n");
    let drawn = studio.draw(&call(Lang::Zh, "soc=51-2090", false));
    assert!(part(&drawn, "own").contains("第2行"), "{}", part(&drawn, "own"));
    // What was shown before is still shown.
    assert!(part(&drawn, "numbers").contains("1.2万人"));
}

#[test]
fn the_hosts_table_is_shown_until_a_person_gives_their_own_and_its_faults_are_said() {
    let mut studio = studio();
    let draw = |studio: &mut Studio, lang| studio.draw(&call(lang, "soc=51-2090", false));
    studio.take_table(b" <!doctype html><title>Not found</title>", true);
    assert_eq!(part(&draw(&mut studio, Lang::En), "own"), "");
    studio.take_table(b"occupation,employment,date,source\n51-2090,many,2025-06,Bureau\n", true);
    let faulty = draw(&mut studio, Lang::Zh);
    assert!(part(&faulty, "own").contains("local.csv") && part(&faulty, "own").contains("第2行"), "{}", part(&faulty, "own"));
    assert!(part(&faulty, "numbers").contains("美国"));
    studio.take_table(b"occupation,employment,date,source\n51-2090,420,2025-06,Bureau of Example\n", true);
    let of_host = draw(&mut studio, Lang::En);
    assert!(part(&of_host, "numbers").contains("Figures of this place") && part(&of_host, "numbers").contains("Bureau of Example"));
    assert!(part(&of_host, "own").contains("local.csv"));
    studio.take_table(b"occupation,employment,date,source\n51-2090,43,2025-06,Mine\n", false);
    assert!(part(&draw(&mut studio, Lang::En), "numbers").contains("Figures from your own table"));
}

/// A call of another page, as for a person without a CV.
pub fn call_of(page: DrawnPage, lang: Lang, set: &str) -> Draw {
    Draw { page, ..call(lang, set, true) }
}

pub fn whole(drawn: &Drawn) -> String {
    drawn.parts.iter().map(|(_, html)| html.as_str()).collect()
}

#[test]
fn paths_lead_somewhere_from_any_occupation_in_both_languages() {
    let mut studio = studio();
    for soc in ["51-2090", "15-2051", "55-1010", "11-1011"] {
        for lang in [Lang::En, Lang::Zh] {
            let drawn = studio.draw(&call_of(DrawnPage::Paths, lang, &format!("soc={soc}&steps=4&to=49-9041&tuition=6000")));
            let all = whole(&drawn);
            assert!(!all.contains("NaN") && !all.contains(" style"), "{soc}");
            assert!(all.contains("class=\"way\"") || all.contains("message notice"), "{soc}: {all}");
            assert!(part(&drawn, "gap").contains("class=\"asked\""), "{soc}");
        }
    }
}

#[test]
fn a_line_worker_is_shown_ways_that_the_scenario_changes() {
    let mut studio = studio();
    let line = PRESET_LINE;
    let found = |studio: &Studio, set: &str| {
        let call = call_of(DrawnPage::Paths, Lang::En, set);
        paths::find(studio, &call, &mut call.state.clone())
    };
    let calm = found(&studio, "soc=51-2090&reach=0&steps=2");
    let automated = found(&studio, &format!("soc=51-2090&steps=2&{line}"));
    assert!((3..=5).contains(&calm.suggestions.len()) && (3..=5).contains(&automated.suggestions.len()));
    assert!(calm.suggestions.iter().all(|s| s.path.objectives.risk.is_some_and(|risk| risk < 0.01)), "nothing spreads, nothing is lost");
    assert!(automated.front.iter().any(|path| path.objectives.risk.is_some_and(|risk| risk > 0.05)));
    // No path breaks what was asked.
    let bounded = found(&studio, "soc=51-2090&floor=50000&ceiling=high-school&steps=3");
    for path in &bounded.front {
        for step in &path.steps {
            assert!(bounded.figures[step.to].entry_middle().unwrap() >= 50_000.0 && bounded.request.open(step.to, &bounded.figures[step.to]));
        }
    }
    let drawn = studio.draw(&call_of(DrawnPage::Paths, Lang::En, "soc=51-2090&floor=400000"));
    assert!(whole(&drawn).contains("No occupation fits all of this."));
}

/// The levers of the automated line, as in the address.
const PRESET_LINE: &str = "kind=line&speed=8&reach=0.6";

#[test]
fn what_a_person_says_moves_a_competence_between_standings() {
    let mut studio = studio();
    let drawn = studio.draw(&call_of(DrawnPage::Paths, Lang::En, "soc=51-2090&to=49-9041"));
    let first = part(&drawn, "gap").split("id=\"my.learn-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let said = studio.draw(&call_of(DrawnPage::Paths, Lang::En, &format!("soc=51-2090&to=49-9041&my.learn={first}")));
    assert!(part(&said, "gap").contains("To learn <span class=\"muted\">1</span>"), "{}", part(&said, "gap"));
    assert_eq!(said.state.address(DrawnPage::Paths), "paths?v=1&soc=51-2090&to=49-9041");
}

#[test]
fn a_self_check_asks_at_most_eight_statements_and_then_says_a_level() {
    let mut studio = studio();
    let mut state = "soc=51-2090&to=49-9041".to_owned();
    let drawn = studio.draw(&call_of(DrawnPage::Paths, Lang::Zh, &state));
    let options: Vec<&str> = part(&drawn, "check").split("<option value=\"").skip(2).filter_map(|rest| rest.split('"').next()).collect();
    let competence = options[0];
    state += &format!("&my.checking={competence}");
    let mut asked = 0;
    let key = format!("my.check.{competence}=");
    let mut answers = String::new();
    loop {
        let drawn = studio.draw(&call_of(DrawnPage::Paths, Lang::Zh, &format!("{state}{answers}")));
        let html = part(&drawn, "check").to_owned();
        let Some(next) = html.split(&format!("data-set=\"{key}")).nth(2).filter(|_| html.contains("class=\"statement\"")) else {
            assert!(html.contains("多半在"), "{html}");
            break;
        };
        asked += 1;
        assert!(asked <= 8);
        answers = format!("&{key}{}", next.split('"').next().unwrap());
    }
    assert!(asked >= 2, "{asked}");
}

#[test]
fn the_intake_leads_to_paths_and_keeps_no_names() {
    let mut studio = studio();
    let mut state = State::default();
    for asked in 0..14 {
        let mut call = call_of(DrawnPage::Intake, Lang::Zh, "");
        call.state = state.clone();
        let drawn = studio.draw(&call);
        let html = whole(&drawn);
        if html.contains("data-go=\"paths\"") {
            assert!(asked > 2 && asked <= 12, "{asked}");
            assert!(!html.contains("13812345678"), "{html}");
            let mut call = call_of(DrawnPage::Paths, Lang::Zh, "");
            call.state = drawn.state.clone();
            assert!(whole(&studio.draw(&call)).contains("回答中的"), "the answers count");
            return;
        }
        state = drawn.state;
        if let Some(first) = html.split("data-list=\"").nth(1) {
            let (key, rest) = first.split_once('"').unwrap();
            state.set(key, rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap());
            // A choice alone stays with its question; the button goes on.
            let mut call = call_of(DrawnPage::Intake, Lang::Zh, "");
            call.state = state.clone();
            let chosen = studio.draw(&call);
            assert!(whole(&chosen).contains(&format!("data-list=\"{key}\"")) && whole(&chosen).contains(" checked"), "{key}");
            state = chosen.state;
            state.set("my.at", "");
        } else {
            let id = html.split("my.take=").nth(1).unwrap().split('&').next().unwrap().to_owned();
            let mut call = call_of(DrawnPage::Intake, Lang::Zh, "");
            call.state = state.clone();
            call.state.set_all(&format!("my.take={id}&my.at="));
            call.asked = vec![(format!("in-{id}"), "电焊、联系电话：13812345678".into())];
            state = studio.draw(&call).state;
        }
    }
    panic!("more than twelve questions");
}

#[test]
fn a_plan_fits_the_week_and_follows_progress() {
    let mut studio = studio();
    let plan_of = |studio: &Studio, set: &str| {
        let call = call_of(DrawnPage::Plan, Lang::En, set);
        plan::plan(studio, &call, &mut call.state.clone()).unwrap()
    };
    let set = "soc=51-2090&to=49-9041&hours=5";
    let before = plan_of(&studio, set);
    assert!(before.units.units.len() > 3);
    for week in &before.schedule.weeks {
        assert!(week.lines.iter().map(|(_, hours)| hours).sum::<f64>() <= 5.0 + 1e-9, "{week:?}");
    }
    let first = plan::unit_key(&before.units.units[0]);
    let after = plan_of(&studio, &format!("{set}&my.done={first}&my.week=2"));
    assert!(after.schedule.weeks.last().unwrap().week <= before.schedule.weeks.last().unwrap().week + 2);
    assert_eq!(after.schedule.weeks[0].week, 2);
    assert!(after.schedule.hours_left.iter().sum::<f64>() < before.schedule.hours_left.iter().sum::<f64>());
    for lang in [Lang::En, Lang::Zh] {
        for set in [set.to_owned(), format!("{set}&weeks=3"), format!("{set}&my.done={first}"), "soc=51-2090".to_owned(), "to=nothing&hours=-1&weeks=x".to_owned()] {
            let all = whole(&studio.draw(&call_of(DrawnPage::Plan, lang, &set)));
            assert!(!all.contains("NaN") && !all.contains(" style") && all.contains("<h1"), "{set}");
        }
    }
}

#[test]
fn what_changed_is_told_with_its_reason() {
    let mut studio = studio();
    let set = "soc=51-2090&to=49-9041";
    let first = studio.draw(&call_of(DrawnPage::Plan, Lang::En, set));
    assert!(part(&first, "changes").contains("Nothing since the last mark."));
    let call = call_of(DrawnPage::Plan, Lang::En, set);
    let unit = plan::unit_key(&plan::plan(&studio, &call, &mut call.state.clone()).unwrap().units.units[0]);
    let done = studio.draw(&call_of(DrawnPage::Plan, Lang::En, &format!("{set}&my.done={unit}")));
    assert!(part(&done, "changes").contains("Done: ") && part(&done, "changes").contains("because of: progress in"), "{}", part(&done, "changes"));
    let marked = studio.draw(&call_of(DrawnPage::Plan, Lang::En, &format!("{set}&my.done={unit}&my.mark=1")));
    assert!(part(&marked, "changes").contains("Nothing since") && marked.state.get("my.mark").is_none());
}

#[test]
fn a_saved_plan_comes_back_and_another_file_changes_nothing() {
    let mut studio = studio();
    let call = call_of(DrawnPage::Plan, Lang::Zh, "soc=51-2090&to=49-9041&hours=9&my.learn=3&my.week=4");
    studio.draw(&call);
    let file = studio.save(&SaveDrawn { draw: call.clone(), what: "plan.json".into() }, None).unwrap();
    let mut other = self::studio();
    let take = |studio: &mut Studio, text: &str| studio.take_file(&TakeFile { page: DrawnPage::Plan, what: "plan".into(), bytes: text.as_bytes().to_vec() });
    let before = call_of(DrawnPage::Plan, Lang::Zh, "soc=51-2090&to=15-2051");
    for wrong in ["", "{}", "[1]", "\u{0}", "{\"waymark_plan\":2}"] {
        take(&mut other, wrong);
        let drawn = other.draw(&before);
        assert!(part(&drawn, "file").contains("不是在这里保存的计划") && drawn.state.get("to") == Some("15-2051"), "{wrong}");
    }
    take(&mut other, &file.text);
    assert_eq!(other.draw(&before).state, call.state);
}

#[test]
fn a_providers_courses_cover_units_and_faults_are_told() {
    let mut studio = studio();
    let take = |studio: &mut Studio, text: &str| studio.take_file(&TakeFile { page: DrawnPage::Plan, what: "courses".into(), bytes: text.as_bytes().to_vec() });
    let call = call_of(DrawnPage::Plan, Lang::Zh, "soc=51-2090&to=49-9041");
    let planned = plan::plan(&studio, &call, &mut call.state.clone()).unwrap();
    let unit = planned.units.units.iter().find(|unit| !unit.competences.is_empty()).unwrap();
    let taught = studio.competence(unit.competences[0], Lang::Zh).to_owned();
    take(&mut studio, &format!("课程,学时,价格,地点,内容\n机械维修,120,1800元,苏州,{taught}、5S\n"));
    let drawn = studio.draw(&call);
    assert!(part(&drawn, "courses").contains("覆盖：") && part(&drawn, "courses").contains("<table"), "{}", part(&drawn, "courses"));
    take(&mut studio, "课程,学时\n机械维修,很多\n");
    assert!(part(&studio.draw(&call), "courses").contains("第2行：学时不是大于0的数"));
}

#[test]
fn what_is_turned_down_goes_and_after_twenty_choices_they_order() {
    let mut studio = studio();
    let mut state = "soc=51-2090&to=15-2051".to_owned();
    let first_key = |html: &str| html.split("my.choice=d.").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for number in 0..20 {
        let drawn = studio.draw(&call_of(DrawnPage::Plan, Lang::Zh, &state));
        let html = part(&drawn, "advice").to_owned();
        assert!(html.contains(&format!("已选{number}次")) && (1..=5).contains(&html.matches("推荐理由：").count()), "{number}: {html}");
        let key = first_key(&html);
        let kept = drawn.state.get("my.choices").map_or(String::new(), |choices| format!("&my.choices={choices}"));
        state = format!("soc=51-2090&to=15-2051{kept}&my.choice={}.{key}", if number % 2 == 0 { "d" } else { "t" });
        let after = studio.draw(&call_of(DrawnPage::Plan, Lang::Zh, &state));
        assert!(!part(&after, "advice").contains(&format!("my.choice=d.{key}")) && after.state.get("my.choice").is_none());
        assert_eq!(after.state.address(DrawnPage::Plan), "plan?v=1&soc=51-2090&to=15-2051");
        state = format!("soc=51-2090&to=15-2051&my.choices={}", after.state.get("my.choices").unwrap());
    }
    let drawn = studio.draw(&call_of(DrawnPage::Plan, Lang::Zh, &state));
    assert!(part(&drawn, "advice").contains("按您的20次选择排序") && part(&drawn, "advice").contains("已选</h3>"), "{}", part(&drawn, "advice"));
    assert!(part(&drawn, "advice").contains("data-set=\"my.choices=\""));
    // What is no choice is passed over.
    let odd = studio.draw(&call_of(DrawnPage::Plan, Lang::En, "soc=51-2090&to=15-2051&my.choices=t12.c1+x0000000000000.c2+d00000000000000.c3+.+t&my.choice=t.nothing"));
    assert!(part(&odd, "advice").contains("(0 so far)"), "{}", part(&odd, "advice"));
}

#[test]
fn an_opinion_on_a_finished_unit_is_shown_back_counts_and_stays() {
    let mut studio = studio();
    let set = "soc=51-2090&to=49-9041";
    let mut draw = call_of(DrawnPage::Plan, Lang::En, set);
    let unit = plan::plan(&studio, &draw, &mut draw.state.clone()).unwrap().units.units.into_iter().find(|unit| !unit.competences.is_empty()).map(|unit| plan::unit_key(&unit)).unwrap();
    draw.state.set_all(&format!("my.done={unit}&my.rate.{unit}=2&my.say={unit}"));
    draw.asked = vec![(format!("note-{unit}"), "too <b>shallow".into())];
    let told = studio.draw(&draw);
    assert!(part(&told, "units").contains("too &lt;b&gt;shallow") && part(&told, "units").contains("value=\"2\" selected"), "{}", part(&told, "units"));
    assert!(part(&told, "advice").contains("(1 so far)") && told.state.get("my.choices").unwrap().starts_with('2'));
    // Drawn again it counts once; another rating takes its place; a reset does not bring it back, and the opinion stays.
    let mut again = Draw { state: told.state.clone(), asked: Vec::new(), ..draw.clone() };
    again.state.set(&format!("my.rate.{unit}"), "5");
    let again = studio.draw(&again);
    assert!(again.state.list("my.choices").count() == 1 && again.state.get("my.choices").unwrap().starts_with('5'));
    let mut reset = Draw { state: again.state.clone(), ..draw.clone() };
    reset.state.set("my.choices", "");
    reset.asked.clear();
    let reset_drawn = studio.draw(&reset);
    assert!(reset_drawn.state.get("my.choices").is_none() && part(&reset_drawn, "units").contains("too &lt;b&gt;shallow"));
    assert_eq!(reset_drawn.state.address(DrawnPage::Plan), "plan?v=1&soc=51-2090&to=49-9041");
    reset.state = reset_drawn.state;
    let mut save = |what: &str| studio.save(&SaveDrawn { draw: reset.clone(), what: what.into() }, None).unwrap().text;
    assert!(save("plan.json").contains(&crate::state::coded("too <b>shallow")) && !save("report.html").contains("shallow"));
}

#[test]
fn runs_made_ahead_are_what_the_drawing_shows_and_it_says_by_what() {
    use waymark_shared::market::labour_flow::lanes::Lanes;
    let call = call(Lang::En, "soc=49-9041&kind=line&speed=8&reach=0.6", false);
    let mut plain = studio();
    let expected = plain.draw(&call);
    assert!(part(&expected, "engine").contains("data-engine=\"simd\""), "{}", part(&expected, "engine"));
    assert!(plain.ahead(&call).is_none(), "they are there already");
    let mut ahead = studio();
    assert!(ahead.ahead(&Draw { settled: false, ..call.clone() }).is_none(), "what is moved is not worth it");
    let runs = ahead.ahead(&call).unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Some(found)) = std::pin::pin!(runs.on(&Lanes)).as_mut().poll(&mut context) else { panic!("the lanes waited") };
    ahead.keep(&runs, &found, "gpu");
    let drawn = ahead.draw(&call);
    assert!(part(&drawn, "engine").contains("data-engine=\"gpu\""));
    assert_eq!((part(&drawn, "future"), part(&drawn, "sentence")), (part(&expected, "future"), part(&expected, "sentence")));
}

/// What must never leave with a file unless it was typed there.
pub const CANARIES: [&str; 4] = ["13812345678", "王小明", "li.lei@example.com", "Jane Canary"];

#[test]
fn files_of_the_plan_hold_no_personal_data_and_print_in_both_languages() {
    use waymark_shared::profile::{Evidence, Profile, ProfileItem};
    use waymark_shared::span::{CompetenceKind, LinkedBy, SpanKind, SpanLink};
    let mut studio = studio();
    let link = SpanLink { id: studio.taxonomy.competences[0].id.clone(), kind: CompetenceKind::Activity, name_en: "x".into(), name_zh: String::new(), score: 0.9, by: LinkedBy::Name };
    let item = ProfileItem { label: "welding".into(), kind: SpanKind::Skill, link: Some(link), evidence: Evidence::ShownAtWork, year: Some(2020), words: vec!["welding".into()], confirmed: true };
    let person = Some(Person { profile: Profile { items: vec![item] }, occupations: vec!["51-2090".into()] });
    let ad = waymark_shared::analyse::Analysis { tag_set: Default::default(), language: waymark_shared::text::Language::Zh, sentences: vec![], spans: vec![], links: vec![], occupations: vec![], personal: vec![] };
    studio.take_ad(&TakeAd { text: CANARIES.join(" "), analysis: ad });
    let mut draw = call_of(DrawnPage::Plan, Lang::En, "to=49-9041");
    draw.person = person;
    draw.asked = vec![("ad".into(), CANARIES.join(" ")), ("step".into(), "Visit the school".into()), ("step-date".into(), "2026-12-08".into())];
    studio.draw(&draw);
    for what in ["report.html", "report-both.html", "weeks.csv", "plan.json", "step.ics"] {
        let file = studio.save(&SaveDrawn { draw: draw.clone(), what: what.into() }, None).unwrap_or_else(|| panic!("{what}"));
        assert!(file.text.len() > 100, "{what}");
        for canary in CANARIES {
            assert!(!file.text.contains(canary), "{canary} in {what}");
        }
        if what == "report-both.html" {
            assert!(file.text.contains("2026-11-24") && file.text.contains("Industrial machinery mechanics") && file.text.contains("行动计划"), "{}", &file.text[..2000]);
        }
        if what == "step.ics" {
            assert!(file.text.contains("DTSTART;VALUE=DATE:20261208") && file.text.contains("Visit the school"));
        }
    }
    assert_eq!(studio.draw(&draw).state.address(DrawnPage::Plan), "plan?v=1&to=49-9041", "the occupation that the CV says is in no address");
    studio.take_file(&TakeFile { page: DrawnPage::Plan, what: "another".into(), bytes: Vec::new() });
    assert!(studio.ads.is_empty());
}

#[test]
fn licences_are_shown_with_their_source_and_the_rest_is_asked_locally() {
    let mut studio = studio();
    let drawn = studio.draw(&call_of(DrawnPage::Paths, Lang::Zh, "soc=51-2090&to=47-2111"));
    let gap = part(&drawn, "gap");
    assert!(gap.contains("特种作业操作证（电工作业）") && gap.contains("第30号") && gap.contains("请向当地核实"), "{gap}");
}

#[test]
fn the_line_workers_first_suggestions_are_near_and_many() {
    let studio = studio();
    let call = call_of(DrawnPage::Paths, Lang::En, "soc=51-2090&kind=line&speed=8&reach=0.6");
    let found = paths::find(&studio, &call, &mut call.state.clone());
    let told: Vec<String> = found.suggestions.iter().map(|s| format!("{} {:?}", studio.name(s.path.target().unwrap(), Lang::En), s.path.objectives)).collect();
    println!("{}", told.join("\n"));
    let openings: f64 = found.suggestions.iter().filter_map(|s| found.figures[s.path.target()?].openings).sum();
    assert!(openings > 50.0, "{told:#?}");
}
