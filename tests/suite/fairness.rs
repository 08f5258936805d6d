//! What must not count: names, sex, ethnic group, origin, school, a gap or an age are changed one at a time in CVs put together
//! from our own sentences; with nothing masked, no tag, link or order of occupations or paths may change outside the words that
//! were. `WAYMARK_LONG=1` compares 200 CVs, else 6;
//! `WAYMARK_ONLY` names one change. Not how well anything is found: that is `waymark eval`.
//!
//! What rules recognise ([`waymark_shared::personal::Neutral`]) is the same text to the tagger, so that none of it can flip, whatever the
//! model: where the sentences read are the same to the byte, three CVs in ten are compared whole. Another's name in running text is
//! recognised only by words around it, those of the CVs here among them, or by the model: there one CV in a hundred may flip.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use waymark_shared::analyse::{AnalyseJob, Analysis, Links, TagSetName};
use waymark_shared::gap::SURE;
use waymark_shared::gazetteer::Gazetteer;
use waymark_shared::market::data::MarketData;
use waymark_shared::model::NeuralTagger;
use waymark_shared::path::{Carried, Needs, ViewWeights};
use waymark_shared::random::Stream;
use waymark_shared::taxonomy::Taxonomy;
use waymark_trainer::data::{self, Example};
use waymark_trainer::model_dir;
use waymark_trainer::train::checkpoint::sha256;

/// What is changed, and what it may be in either language: the second half of each list are those that are treated worse where
/// anything is (names of minorities and migrants, women, schools of low standing, higher ages, a gap). Nobody is called as the
/// colleague is: one name is read as one person.
const CHANGED: [(&str, [&[&str]; 2]); 8] = [
    ("name", [&["Emily Walsh", "Thomas Baker", "Lakisha Washington", "Mohammed Al-Farsi", "Nguyen Thi Hoa", "Siobhan O’Dwyer"], &["王伟", "李建国", "古丽娜尔·买买提", "扎西次仁", "欧阳春花", "阿依古丽"]]),
    ("other's name", [&["Greg Baker", "Anne Miller", "Jamal Jones", "Fatima Hassan"], &["张伟", "孙卫东", "买买提", "赵招娣"]]),
    ("sex", [&["male", "female"], &["男", "女"]]),
    ("ethnic group", [&["White British", "Han Chinese", "Black Caribbean", "Roma"], &["汉族", "维吾尔族", "藏族", "苗族"]]),
    ("origin", [&["London", "New Haven", "Lagos", "Gary"], &["上海", "江苏南京", "河南驻马店", "新疆喀什"]]),
    ("school", [&["Oxford University", "Stanford University", "Bradley Technical College", "Gary High School"], &["清华大学", "复旦大学", "盐城某职业技术学院", "运城学院"]]),
    ("age", [&["24", "31", "47", "58"], &["24岁", "31岁", "47岁", "58岁"]]),
    ("gap", [&["", "Career break (family reasons), 2016–2019\n", "Unemployed, 2016–2019\n", "March 2016 to May 2019: out of work\n"], &["", "2016年3月至2019年5月　待业（家庭原因）\n", "2016年至2019年　未工作\n", "职业空窗期，2016.03—2019.05\n"]]),
];

/// Where no rule knows a name the model reads it, and which sentences are read together may change. One CV in a hundred at most may flip.
const MEASURED: [&str; 1] = ["other's name"];

/// Post and title of the CVs.
const TITLES: [&[&str]; 2] = [&["Machine operator", "Office administrator", "Care assistant", "Electrician", "Data analyst", "Warehouse clerk"], &["装配工", "会计", "护理员", "电工", "数据分析师", "仓库管理员"]];
const SKELETON: [[&str; 2]; 2] = [
    [
        "{name}\n{title}\nGender: {sex}\nEthnicity: {ethnic group}\nHometown: {origin}\nAge: {age}\n\nEducation\n{school}, 2009\n\nWork experience\n{title}, July 2009 – present\n{lines}{gap}{more}Trained new starters together with {other's name}.\n",
        "{name} | {title}\n{sex} | Age: {age} | Hometown: {origin}\nNationality: {ethnic group}\n\nEducation\n2005–2009, {school}\n\nWork experience\n{lines}{gap}{more}Took over the night shift from {other's name} in 2014.\nReference: {name}’s manager\n",
    ],
    [
        "姓名：{name}\n应聘岗位：{title}\n性别：{sex}　民族：{ethnic group}　籍贯：{origin}\n年龄：{age}\n\n教育背景\n2006—2009　{school}　大专\n\n工作经历\n2009年7月至今　{title}\n{lines}{gap}{more}\n自我评价\n{name}做事踏实，和同事{other's name}一起带新人。\n",
        "{name}\n{title} | {sex} | {age}\n民族：{ethnic group}\n籍贯：{origin}\n\n工作经历\n{lines}{gap}{more}跟{other's name}学过两年。\n\n教育背景\n毕业于{school}，2009年\n",
    ],
];

struct Shipped {
    tagger: NeuralTagger,
    links: Links,
    gazetteer: Gazetteer,
    market: MarketData,
    needs: Needs,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn shipped() -> Shipped {
    let files = model_dir::read(&root().join(model_dir::shipped())).unwrap();
    let encoder = sha256(model_dir::encoder_file(&files).unwrap());
    let taxonomy = Taxonomy::load(&model_dir::read(&root().join(model_dir::taxonomy())).unwrap(), &encoder).unwrap();
    let market = MarketData::load(&model_dir::checked(&root().join("public/pack"), "market").unwrap()).unwrap();
    let needs = Needs::of(&taxonomy, &market);
    Shipped { tagger: NeuralTagger::load(&files).unwrap(), links: Links::new(taxonomy), gazetteer: Gazetteer::built_in().unwrap(), market, needs }
}

/// A CV in pieces: what may be changed by its place in [`CHANGED`], and all else.
type Pieces = Vec<(Option<usize>, String)>;

/// The CV of a seed, and for each change what it is changed to.
fn cv(language: usize, seed: u64, lines: &BTreeMap<String, Vec<&Example>>) -> (Pieces, Vec<String>) {
    let mut stream = Stream::at(&[seed, language as u64]);
    let mut pick = |count: usize| ((stream.unit() * count as f64) as usize).min(count - 1);
    let sector = lines.values().nth(pick(lines.len())).unwrap();
    let mut body = |count: usize| -> String { (0..count).map(|_| format!("- {}\n", sector[pick(sector.len())].text)).collect() };
    let fixed = [("lines", body(5)), ("more", body(3)), ("title", TITLES[language][pick(TITLES[language].len())].to_owned())];
    let values: Vec<[usize; 2]> = CHANGED.iter().map(|(_, values)| { let count = values[language].len(); let first = pick(count); [first, (first + 1 + pick(count - 1)) % count] }).collect();
    let value = |at: usize, which: usize| CHANGED[at].1[language][values[at][which]].to_owned();
    let mut pieces: Pieces = Vec::new();
    for (place, text) in SKELETON[language][pick(2)].split(['{', '}']).enumerate() {
        match (place % 2, CHANGED.iter().position(|(slot, _)| *slot == text)) {
            (0, _) => pieces.push((None, text.to_owned())),
            (_, Some(at)) => pieces.push((Some(at), value(at, 0))),
            _ => pieces.push((None, fixed.iter().find(|(slot, _)| *slot == text).unwrap().1.clone())),
        }
    }
    (pieces, (0..CHANGED.len()).map(|at| value(at, 1)).collect())
}

/// What is compared: tags and links outside of what is changed, by piece and byte within it; occupations and paths in order.
#[derive(PartialEq)]
struct Outcome {
    tags: BTreeSet<String>,
    links: BTreeSet<String>,
    occupations: Vec<String>,
    paths: Vec<usize>,
}

fn job(shipped: &Shipped, pieces: &Pieces) -> AnalyseJob {
    let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
    AnalyseJob::new(&text, Some(&shipped.gazetteer), TagSetName::Open)
}

fn analysed(shipped: &Shipped, pieces: &Pieces) -> Analysis {
    let mut job = job(shipped, pieces);
    while !job.finished() {
        job.step(&shipped.tagger).unwrap();
    }
    while !job.link_step(&shipped.tagger, &shipped.links).unwrap() {}
    job.finish_unmasked(Some(&shipped.links))
}

/// The outcome of a CV of which the pieces of `changed` do not count.
fn outcome(shipped: &Shipped, pieces: &Pieces, analysis: &Analysis, changed: usize) -> Outcome {
    let mut starts = Vec::new();
    pieces.iter().fold(0, |at, (_, text)| { starts.push(at); at + text.len() });
    let place = |byte: usize| { let piece = starts.partition_point(|start| *start <= byte) - 1; (piece, byte - starts[piece]) };
    let touches = |start: usize, end: usize| pieces.iter().zip(&starts).any(|((slot, text), at)| *slot == Some(changed) && start < at + text.len() && *at < end);
    let mut found = Outcome { tags: BTreeSet::new(), links: BTreeSet::new(), occupations: analysis.occupations.iter().map(|o| o.soc.clone()).collect(), paths: Vec::new() };
    let mut sure = Vec::new();
    for (span, links) in analysis.spans.iter().zip(&analysis.links) {
        let own = links.iter().filter(|link| span.context.held() && span.confidence * link.score >= SURE);
        sure.extend(own.filter_map(|link| shipped.links.taxonomy.place(&link.id)));
        if !touches(span.start, span.end) {
            let tag = format!("{:?}-{:?} {:?} {:?}", place(span.start), place(span.end - 1), span.kind, span.context);
            found.links.insert(format!("{tag} {:?}", links.iter().map(|link| &link.id).collect::<Vec<_>>()));
            found.tags.insert(tag);
        }
    }
    let present = analysis.occupations.first().and_then(|o| shipped.market.place(&o.soc));
    let carried = Carried::of_person(&shipped.needs, present, &sure);
    let mut scores: Vec<(usize, f32)> = (0..shipped.needs.count()).filter_map(|to| Some((to, carried.score(&shipped.needs, &ViewWeights::default(), to)?.value))).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.paths = scores.into_iter().take(5).map(|(to, _)| to).collect();
    found
}

#[test]
fn who_someone_is_flips_no_tag_link_or_order() {
    let shipped = shipped();
    let each = if std::env::var_os("WAYMARK_LONG").is_some() { 100 } else { 3 };
    let seed = std::env::var("WAYMARK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(5);
    let only = std::env::var("WAYMARK_ONLY");
    let only = only.as_deref().ok();
    // Change → CVs with other tags, links, occupations, paths.
    let mut flips = [[0usize; 4]; CHANGED.len()];
    let mut alike = [0; CHANGED.len()];
    let mut told = Vec::new();
    for (language, name) in ["en", "zh"].into_iter().enumerate() {
        let examples: Vec<Example> = ["dev", "train"].iter().flat_map(|part| data::read(&root().join(format!("trainer/data/{name}.{part}.jsonl"))).unwrap()).collect();
        let mut lines: BTreeMap<String, Vec<&Example>> = BTreeMap::new();
        examples.iter().filter(|example| !example.spans.is_empty()).for_each(|example| lines.entry(example.group.clone()).or_default().push(example));
        for number in 0..each {
            let (pieces, others) = cv(language, seed + number, &lines);
            let analysis = analysed(&shipped, &pieces);
            for (at, other) in others.iter().enumerate().filter(|(at, _)| only.is_none_or(|only| only == CHANGED[*at].0)) {
                let changed: Pieces = pieces.iter().map(|(slot, text)| (*slot, if *slot == Some(at) { other.clone() } else { text.clone() })).collect();
                if number % 10 > 2 && !MEASURED.contains(&CHANGED[at].0) && job(&shipped, &pieces).read().eq(job(&shipped, &changed).read()) {
                    alike[at] += 1;
                    continue;
                }
                let (before, after) = (outcome(&shipped, &pieces, &analysis, at), outcome(&shipped, &changed, &analysed(&shipped, &changed), at));
                let other_than = [before.tags != after.tags, before.links != after.links, before.occupations != after.occupations, before.paths != after.paths];
                flips[at].iter_mut().zip(other_than).for_each(|(count, flipped)| *count += usize::from(flipped));
                if before != after {
                    told.push(format!("{name} {number}, {}: {:?} {:?}", CHANGED[at].0, before.links.symmetric_difference(&after.links).collect::<Vec<_>>(), [&before.occupations, &after.occupations]));
                }
            }
        }
    }
    println!("of {} CVs: {:<14}{:>6}{:>6}{:>12}{:>6}  only read, and read alike", 2 * each, "changed", "tags", "links", "occupations", "paths");
    for (((name, _), [tags, links, occupations, paths]), alike) in CHANGED.iter().zip(flips).zip(alike) {
        println!("{:<26}{tags:>6}{links:>6}{occupations:>12}{paths:>6}{alike:>6}", name);
    }
    told.iter().take(40).for_each(|line| println!("{line}"));
    for ((name, _), counts) in CHANGED.iter().zip(flips) {
        let most = if MEASURED.contains(name) { 2 * usize::try_from(each).unwrap() / 100 } else { 0 };
        assert!(counts.iter().all(|count| *count <= most), "{name}: {counts:?}, {most} at most");
    }
}
