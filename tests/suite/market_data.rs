//! The shipped market data: what it holds, that every column names its source, that what is missing is missing. How it was
//! read from the public tables is tested beside the code that reads them.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use waymark_shared::market::backtest::{BACKTEST, Backtest, Guess};
use waymark_shared::market::data::lists::{self, States};
use waymark_shared::market::data::sources::SOURCES;
use waymark_shared::market::data::table::Table;
use waymark_shared::market::data::{GROUPS, Join, MarketData, OCCUPATIONS, PayPublished, RELATED, WEIGHTS, similarity};
use waymark_shared::market::local::{LocalMarket, TemplateLanguage, template};
use waymark_shared::market::present::{Origin, present};
use waymark_shared::pack::{Manifest, PackError, PackFiles};
use waymark_trainer::model_dir;

const TABLES: [&str; 10] = [OCCUPATIONS, GROUPS, WEIGHTS, RELATED, BACKTEST, lists::AREAS, lists::STATES, lists::TECHNOLOGIES, lists::LEARNING, lists::CHINA];

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("public/pack")
}

fn shipped() -> (PackFiles, MarketData) {
    let files = model_dir::checked(&pack(), "market").unwrap();
    let data = MarketData::load(&files).unwrap();
    (files, data)
}

/// Names of the taxonomy's occupations: code, English, Chinese.
fn names() -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(pack().join("taxonomy/occupations.tsv")).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()).collect()
}

#[test]
fn a_changed_byte_is_refused_by_name() {
    let manifest = Manifest::parse(&std::fs::read(pack().join("manifest.json")).unwrap()).unwrap();
    for name in TABLES.into_iter().chain([SOURCES]) {
        let path = format!("market/{name}");
        let mut bytes = std::fs::read(pack().join(&path)).unwrap();
        assert_eq!(manifest.check(&path, &bytes), Ok(()));
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert_eq!(manifest.check(&path, &bytes), Err(PackError::Changed(path.clone())));
    }
}

#[test]
fn every_column_names_its_source_and_every_source_its_licence_and_files() {
    let (files, data) = shipped();
    let mut columns = 0;
    for file in TABLES {
        for column in &Table::read(&files, file).unwrap().header {
            let of = data.sources.of(file, column).unwrap();
            assert!(!of.unit.is_empty() && !of.vintage.is_empty(), "{file} {column}");
            assert!(!data.source_of(file, column).unwrap().attribution.is_empty());
            columns += 1;
        }
    }
    println!("{columns} columns of {} sources", data.sources.sources.len());
    for source in &data.sources.sources {
        assert!(!source.licence.is_empty() && !source.name.is_empty(), "{}", source.id);
        assert!(source.id == "waymark" || !source.files.is_empty() && source.files.iter().all(|file| file.sha256.len() == 64), "{}", source.id);
        let used = data.sources.columns.values().flat_map(BTreeMap::values).any(|column| column.sources.contains(&source.id));
        assert!(used, "no column rests on {}", source.id);
    }
    // No column is described that is not there.
    for (file, of) in &data.sources.columns {
        let table = Table::read(&files, file).unwrap();
        assert!(of.keys().all(|column| column == "*" || table.header.contains(&column.as_str())), "{file}");
    }
}

#[test]
fn occupations_stand_in_the_order_of_the_taxonomy() {
    let (_, data) = shipped();
    let codes: Vec<String> = names().into_iter().map(|[code, ..]| code).collect();
    assert_eq!(data.occupations.iter().map(|figures| figures.soc.clone()).collect::<Vec<_>>(), codes);
}

#[test]
fn the_rows_are_those_that_the_sources_have() {
    let (files, data) = shipped();
    let rows: Vec<usize> = TABLES.iter().map(|file| Table::read(&files, file).unwrap().rows().len()).collect();
    // Notices of the data sets: 832 line items; 22 groups and all; 54 areas; 172 hot, 270 in demand, together 319.
    assert_eq!(rows[..8], [832, 23, 754, 785, 833, 54, 830, 319]);
    assert_eq!(rows[9], 2051);
    let weighted = data.weights.iter().filter(|weights| !weights.is_empty()).count();
    assert_eq!((weighted, data.elements.len()), (754, 68));
    let technologies = lists::technologies(&files, &data).unwrap();
    assert_eq!(technologies.iter().filter(|t| t.hot).count(), 172);
    assert_eq!(technologies.iter().filter(|t| t.demanded_by > 0).count(), 270);
    let china = lists::china_occupations(&files, &data).unwrap();
    let levels: Vec<usize> = (1..=4).map(|level| china.iter().filter(|entry| entry.level == level).count()).collect();
    assert_eq!(levels, [8, 73, 336, 1634]);
    assert_eq!((china.iter().filter(|entry| entry.digital).count(), china.iter().filter(|entry| entry.green).count()), (95, 134));
    assert!(china.iter().all(|entry| !entry.name.ends_with(['S', 'L', '/'])));
}

#[test]
fn joins_are_counted_and_those_by_hand_are_thirteen() {
    let (_, data) = shipped();
    let count = |join| data.occupations.iter().filter(|figures| figures.join == join).count();
    assert_eq!(Join::ALL.map(count), [820, 7, 5, 0]);
    let by_hand: Vec<&str> = data.occupations.iter().filter(|figures| figures.join == Join::Hand).flat_map(|figures| &figures.onet).map(|code| &code[..7]).collect();
    let mut socs = by_hand.clone();
    socs.dedup();
    assert_eq!(socs.len(), 13, "{socs:?}");
    assert_eq!(data.occupations.iter().map(|figures| figures.onet.len()).sum::<usize>(), 997);
    // BLS's own combinations, and all that joined otherwise than exactly are among them.
    let combined: Vec<&str> = data.occupations.iter().filter(|figures| figures.combined).map(|figures| figures.soc.as_str()).collect();
    assert_eq!(combined, ["13-1020", "13-2020", "21-1018", "25-2052", "25-9045", "29-2010", "31-1120", "39-7010", "47-4090", "51-2028", "51-2090", "53-1047"]);
    assert!(data.occupations.iter().all(|figures| (figures.join == Join::Exact) != figures.combined));
}

#[test]
fn what_is_missing_is_missing_and_totals_are_those_of_bls() {
    let (_, data) = shipped();
    let all = &data.groups[0];
    assert_eq!((all.soc.as_str(), all.employment_2024, all.annual_median), ("00-0000", 169_956.1, Some(50_980.0)));
    let sum = |of: fn(&waymark_shared::market::data::OccupationFigures) -> Option<f64>| data.occupations.iter().filter_map(of).sum::<f64>();
    // Line items are rounded to hundreds; employees lack what OEWS does not publish by detailed occupation.
    assert!((sum(|o| o.employment_2024) - all.employment_2024).abs() < 1.0);
    assert!((sum(|o| o.employment_2034) - all.employment_2034).abs() < 5.0);
    assert!((sum(|o| o.jobs) / 155_495_730.0 - 1.0).abs() < 2e-4);
    let mut published = BTreeMap::new();
    for figures in &data.occupations {
        let (annual, hourly) = (figures.pay.annual, figures.pay.hourly);
        let there = |pay: waymark_shared::market::data::Percentiles| [pay.mean, pay.p10, pay.p25, pay.median, pay.p75, pay.p90].iter().flatten().count();
        let counts = match figures.pay.published {
            PayPublished::Both => (6, 6),
            PayPublished::Annual => (6, 0),
            PayPublished::Hourly => (0, 6),
            PayPublished::Nothing => (0, 0),
        };
        assert_eq!((there(annual), there(hourly)), counts, "{}", figures.soc);
        *published.entry(format!("{:?}", figures.pay.published)).or_insert(0) += 1;
        for pay in [annual, hourly] {
            let rising: Vec<f64> = [pay.p10, pay.p25, pay.median, pay.p75, pay.p90].into_iter().flatten().collect();
            assert!(rising.is_sorted() && rising.iter().all(|value| *value > 0.0), "{}", figures.soc);
        }
        assert!(figures.employment_2024.is_some_and(|jobs| jobs > 0.0) && figures.jobs.is_none_or(|jobs| jobs > 0.0), "{}", figures.soc);
        assert!(data.group_of(figures).is_some(), "{}", figures.soc);
    }
    println!("{published:?}");
    assert_eq!(published, BTreeMap::from([("Both", 767), ("Annual", 58), ("Hourly", 5), ("Nothing", 2)].map(|(k, v)| (k.to_owned(), v))));
    let none = |of: fn(&waymark_shared::market::data::OccupationFigures) -> bool| data.occupations.iter().filter(|o| of(o)).count();
    assert_eq!((none(|o| o.exposure.is_none()), none(|o| o.job_zone.is_none()), none(|o| o.routine_manual.is_none()), none(|o| o.self_employed.is_none())), (47, 47, 82, 199));
}

#[test]
fn the_index_tells_those_who_assemble_from_those_who_repair() {
    let (_, data) = shipped();
    let index = |soc: &str| data.occupation(soc).unwrap().routine_manual.unwrap().index();
    let mechanics = index("49-9041");
    for assemblers in ["51-2028", "51-2031", "51-2090"] {
        assert!(index(assemblers) > mechanics + 0.05, "{assemblers}");
    }
    assert!(index("29-1141") < mechanics, "nurses");
}

#[test]
fn the_network_is_that_of_the_reference() {
    let (_, data) = shipped();
    let inputs = data.network_inputs();
    // The part in which each can be reached from each: reached from the first node and reaching it.
    let reach = |backward: bool| {
        let mut seen = vec![false; inputs.places.len()];
        let mut open = vec![0];
        seen[0] = true;
        while let Some(node) = open.pop() {
            for &(from, to, _) in &inputs.related {
                let (from, to) = if backward { (to, from) } else { (from, to) };
                if from == node && !seen[to] {
                    seen[to] = true;
                    open.push(to);
                }
            }
        }
        seen
    };
    let part: Vec<bool> = reach(false).into_iter().zip(reach(true)).map(|(a, b)| a && b).collect();
    let edges = inputs.related.iter().filter(|(from, to, _)| part[*from] && part[*to]).count();
    // market.md 2c.
    assert_eq!((part.iter().filter(|inside| **inside).count(), edges), (784, 15_504));
    assert_eq!(inputs.places.len(), 785);
    let similar = inputs.similar.iter().filter(|(.., cosine)| *cosine > 0.0 && *cosine <= 1.0 + 1e-12).count();
    assert_eq!(similar, inputs.similar.len());
    assert_eq!(similar, 754 * similarity::NEIGHBOURS, "all with weights have so many neighbours at a cosine above 0");
    let machinists = data.place("51-4041").unwrap();
    let nearest: Vec<&str> = data.similar_to(machinists).iter().take(5).map(|(place, _)| data.occupations[*place].soc.as_str()).collect();
    println!("machinists are most like {nearest:?}");
    assert!(nearest.iter().filter(|soc| soc.starts_with("51-4")).count() >= 2, "{nearest:?}");
}

#[test]
fn the_projection_beats_both_simple_guesses_and_says_what_it_is_not() {
    let (files, data) = shipped();
    let backtest = Backtest::run(&files, &data).unwrap();
    let scores: Vec<_> = backtest.employment.trials.iter().map(|trial| (trial.guess, trial.score)).collect();
    println!("employment {scores:?}\npay {:?}, left out {}", backtest.pay.trials.iter().map(|t| (t.guess, t.score)).collect::<Vec<_>>(), backtest.pay.left_out.len());
    // The notice of the data set, worked out apart from this code: 10.7, 11.1, 11.2, rank correlation .36.
    let close = |guess: Guess, error: f64| scores.iter().any(|(of, score)| *of == guess && score.count == 832 && (score.mean_error - error).abs() < 0.05);
    assert!(close(Guess::Official, 10.68) && close(Guess::CommonGrowth, 11.13) && close(Guess::NoChange, 11.20));
    assert!((scores[0].1.rank_correlation.unwrap() - 0.362).abs() < 0.001);
    assert_eq!(backtest.employment.caveats.len(), 3);
    assert_eq!((backtest.pay.trials[0].score.count, backtest.pay.left_out.len()), (806, 26));
}

#[test]
fn lists_hold_addresses_that_can_be_named_and_states_add_up() {
    let (files, data) = shipped();
    let states = States::load(&files, &data).unwrap();
    let jobs: f64 = states.all.iter().flatten().filter_map(|all| all.jobs).sum();
    // 51 of the 54 areas make up the country; Guam, Puerto Rico and the Virgin Islands are beside it.
    let outside: f64 = states.areas.iter().zip(&states.all).filter(|(area, _)| ["66", "72", "78"].contains(&area.code.as_str())).filter_map(|(_, all)| all.as_ref()?.jobs).sum();
    assert!(((jobs - outside) / 155_495_730.0 - 1.0).abs() < 1e-3, "{jobs} {outside}");
    let cells = states.figures.iter().flatten().flatten().count();
    assert_eq!(cells, 36_168);
    let learning = lists::learning(&files, &data).unwrap();
    let known: Vec<String> = std::fs::read_to_string(pack().join("taxonomy/competences.tsv")).unwrap().lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    let about: Vec<&String> = learning.iter().flat_map(|resource| &resource.competences).collect();
    assert!(about.iter().all(|id| known.contains(id)));
    let mut addresses: Vec<&str> = learning.iter().map(|resource| resource.url.as_str()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), learning.len());
    println!("{} resources, {} with competences", learning.len(), learning.iter().filter(|resource| !resource.competences.is_empty()).count());
    let technologies = lists::technologies(&files, &data).unwrap();
    assert!(technologies.iter().all(|technology| known.contains(&technology.id)));
}

#[test]
fn a_table_of_ones_own_replaces_the_shipped_figures() {
    let (files, data) = shipped();
    let china = lists::china_occupations(&files, &data).unwrap();
    let names = names();
    let names: Vec<[&str; 2]> = names.iter().map(|[_, en, zh]| [en.as_str(), zh.as_str()]).collect();
    let place = data.place("49-9041").unwrap();
    let table = format!("{}{},{},900,40,,元/月,,,7000,,,,2025-06,某市统计局\n", template(TemplateLanguage::Chinese), names[place][1], china.last().unwrap().code);
    let local = LocalMarket::read(table.as_bytes(), &data, &names, &china).unwrap();
    let own = present(&data, Some(&local), place).unwrap().unwrap();
    assert_eq!((own.employment.value, own.pay.value.unwrap().median, own.unemployment.value), (Some(900.0), Some(7000.0), None));
    assert_eq!(own.pay.origin, Origin::Local { source: "某市统计局", date: "2025-06" });
    let us = present(&data, None, place).unwrap().unwrap();
    assert!(matches!(us.pay.origin, Origin::Pack { source, column } if source.id == "bls-oews-2025-05" && column.vintage == "2025-05"));
    // Every name of the pack finds its occupation, in both languages, unless two bear it.
    for language in 0..2 {
        let alone = |name: &str| names.iter().filter(|both| both.contains(&name)).count() == 1;
        let named: Vec<(usize, &str)> = names.iter().map(|both| both[language]).enumerate().filter(|(_, name)| alone(name)).collect();
        let lines: String = named.iter().map(|(_, name)| format!("\"{name}\",2025,x\n")).collect();
        let local = LocalMarket::read(format!("occupation,date,source\n{lines}").as_bytes(), &data, &names, &china).unwrap();
        assert_eq!(local.rows.iter().map(|row| row.place.unwrap()).collect::<Vec<_>>(), named.iter().map(|(at, _)| *at).collect::<Vec<_>>());
        println!("{} of 832 names are an occupation's alone", named.len());
    }
}
