//! The drawn pages on the pack that ships.
use super::*;
use crate::state::State;
use std::path::Path;

fn studio() -> Studio {
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
    Draw { page: DrawnPage::Market, lang, state, whole, settled: true, asked: Vec::new(), width: 700, person: None }
}

fn part<'a>(drawn: &'a Drawn, name: &str) -> &'a str {
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
        *studio.future.outcome(&studio.data, &market::Levers::of(&line), place, false).unwrap().central.last().unwrap()
    };
    let (assemblers, mechanics) = (last(&mut studio, "51-2090"), last(&mut studio, "49-9041"));
    assert!(assemblers < 90.0, "assemblers {assemblers}");
    assert!(mechanics > 103.0, "mechanics {mechanics}");
}

#[test]
fn with_all_levers_at_zero_nothing_changes_and_ranges_hold_the_run() {
    let mut studio = studio();
    let place = studio.data.place("51-2090").unwrap();
    let base = studio.future.outcome(&studio.data, &market::Levers::of(&market::preset_state("base")), place, true).unwrap();
    assert!(base.central.iter().all(|index| (index - 100.0).abs() < 1.0), "{:?}", base.central);
    let moved = studio.future.outcome(&studio.data, &market::Levers::of(&market::preset_state("software")), place, true).unwrap();
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
        let run = studio.future.central(&studio.data, &market::Levers::of(&state), places).unwrap();
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
        let file = studio.save(&SaveDrawn { draw: call(Lang::En, set, false), what: "scenario.json".into() }).unwrap();
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
            let file = studio.save(&SaveDrawn { draw: call(Lang::Zh, "soc=51-2090", false), what: format!("{name}.{kind}") }).unwrap();
            assert!(file.name.ends_with(kind) && file.text.contains("数据来源"), "{name}.{kind}");
        }
    }
    assert!(studio.save(&SaveDrawn { draw: call(Lang::En, "", false), what: "other.exe".into() }).is_none());
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
    let mut gains = |set: &str| studio.save(&SaveDrawn { draw: call(Lang::En, set, false), what: "gains.csv".into() }).unwrap().text;
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
