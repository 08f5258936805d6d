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
            for tab in ["", "states", "heat", "beveridge", "flows", "tornado", "system", "created", "backtest", "sources"] {
                let drawn = studio.draw(&call(lang, &format!("soc={soc}&more={tab}"), tab.is_empty()));
                let all: String = drawn.parts.iter().map(|(_, html)| html.as_str()).collect();
                assert!(!all.contains("NaN") && !all.contains("inf<") && !all.contains(" style"), "{soc} {tab}");
                assert!(part(&drawn, "more").len() > 300, "{soc} {tab}: {}", part(&drawn, "more"));
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
    for name in ["future", "states", "heat", "beveridge", "flows", "tornado", "system"] {
        for kind in ["csv", "svg", "png"] {
            let file = studio.save(&SaveDrawn { draw: call(Lang::Zh, "soc=51-2090", false), what: format!("{name}.{kind}") }).unwrap();
            assert!(file.name.ends_with(kind) && file.text.contains("数据来源"), "{name}.{kind}");
        }
    }
    assert!(studio.save(&SaveDrawn { draw: call(Lang::En, "", false), what: "other.exe".into() }).is_none());
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
