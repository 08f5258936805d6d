//! How well phrases find their competence, and what is fitted for it. Not the linking itself: that is the core's.
use crate::calibrate::platt_scores;
use crate::data::pairs::is_held_out_name;
use crate::pack::sheet::columns;
use crate::pack::taxonomy::vectors;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use waymark_shared::model::NeuralTagger;
use waymark_shared::model::kernels::mix;
use waymark_shared::span::LinkedBy;
use waymark_shared::taxonomy::Taxonomy;
use waymark_shared::taxonomy::linker::{LinkCalibration, Linker, SCORE_CAP};

/// Shares of queries whose right name is the nearest, and among the five nearest.
#[derive(Clone, Copy, Debug)]
pub struct Recall {
    /// Pairs of a query and a right name.
    pub pairs: usize,
    /// At 1.
    pub at_1: f64,
    /// At 5.
    pub at_5: f64,
}

/// Nearest names by plain cosine of vectors.
fn plain_recall(queries: &[Vec<f32>], names: &[Vec<f32>], right: &[BTreeSet<usize>]) -> Recall {
    let ranks = queries.iter().zip(right).flat_map(|(query, right)| {
        let cosine = |name: &Vec<f32>| name.iter().zip(query).map(|(a, b)| a * b).sum::<f32>();
        let scores: Vec<f32> = names.iter().map(cosine).collect();
        right.iter().map(|&r| scores.iter().filter(|s| **s > scores[r]).count()).collect::<Vec<_>>()
    });
    recall(&ranks.collect::<Vec<_>>())
}

fn recall(ranks: &[usize]) -> Recall {
    let share = |k: usize| ranks.iter().filter(|r| **r < k).count() as f64 / ranks.len().max(1) as f64;
    Recall { pairs: ranks.len(), at_1: share(1), at_5: share(5) }
}

/// A share of things, drawn by a seed.
fn drawn(seed: u64, i: usize, share: f64) -> bool {
    (mix(seed ^ mix(i as u64)) >> 11) as f64 / (1u64 << 53) as f64 <= share
}

/// O*NET task → its work activities, over the tasks of the major groups that `keep` names (a share of them): plain cosine.
///
/// # Errors
/// Tables or model.
pub fn tasks(tagger: &NeuralTagger, market: &Path, keep: impl Fn(&str) -> bool, share: f64, seed: u64) -> Result<Recall> {
    let onet = |file: &str| market.join("onet-29.3").join(file);
    let activities = columns(&onet("DWA_Reference.xlsx"), None, 0, ["DWA ID", "DWA Title"])?;
    let index: BTreeMap<&str, usize> = activities.iter().enumerate().map(|(i, [id, _])| (id.as_str(), i)).collect();
    let mut right: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for [code, task, activity] in columns(&onet("Tasks_to_DWAs.xlsx"), None, 0, ["O*NET-SOC Code", "Task", "DWA ID"])? {
        if keep(code.get(..2).unwrap_or("")) {
            right.entry(task).or_default().insert(*index.get(activity.as_str()).context("an activity without a name")?);
        }
    }
    let chosen: Vec<(String, BTreeSet<usize>)> = right.into_iter().enumerate().filter(|(i, _)| drawn(seed, *i, share)).map(|(_, pair)| pair).collect();
    let names: Vec<&str> = activities.iter().map(|[_, name]| name.trim_end_matches('.')).collect();
    let queries: Vec<&str> = chosen.iter().map(|(task, _)| task.as_str()).collect();
    let right: Vec<_> = chosen.iter().map(|(_, right)| right.clone()).collect();
    Ok(plain_recall(&vectors(tagger, &queries, "tasks")?, &vectors(tagger, &names, "activities")?, &right))
}

/// Chinese name of a competence → its English one, over names no training saw, with every Chinese name and alias out of the index, by the linker.
///
/// # Errors
/// Those of the model.
pub fn chinese_names(tagger: &NeuralTagger, taxonomy: &Taxonomy, sample: usize, seed: u64) -> Result<Recall> {
    let named = taxonomy.competences.iter().zip(0u32..).map(|(c, i)| (c.name_en.as_str(), i));
    let vectors_of_names = [taxonomy.english.clone(), taxonomy.chinese.without_names()];
    let linker = Linker::new(named, vectors_of_names, taxonomy.calibration.clone());
    let mut order: Vec<usize> = (0..taxonomy.competences.len())
        .filter(|&i| !taxonomy.competences[i].name_zh.is_empty() && is_held_out_name(&taxonomy.competences[i].id))
        .collect();
    order.sort_by_key(|&i| mix(seed ^ mix(i as u64)));
    order.truncate(sample);
    let queries: Vec<&str> = order.iter().map(|&i| taxonomy.competences[i].name_zh.as_str()).collect();
    let mut ranks = Vec::new();
    for (&i, vector) in order.iter().zip(vectors(tagger, &queries, "sample")?) {
        let scores = linker.scores(&taxonomy.competences[i].name_zh, Some(&vector));
        let own = scores.iter().find(|(c, _)| *c as usize == i).map_or(f32::NEG_INFINITY, |(_, s)| *s);
        ranks.push(scores.iter().filter(|(_, s)| *s > own).count());
    }
    Ok(recall(&ranks))
}

/// The groups of ESCO's skills pillar that kompetencer's codes stand for (ESCO v1, © European Union; K00–K10 are ISCED-F 2013
/// fields). K99, "field unknown", and codes that are no group are left out.
const ESCO_GROUPS: [(&str, &str); 22] = [
    ("S1", "communication, collaboration and creativity"),
    ("S2", "information skills"),
    ("S3", "assisting and caring"),
    ("S4", "management skills"),
    ("S5", "working with computers"),
    ("S6", "handling and moving"),
    ("S7", "constructing"),
    ("S8", "working with machinery and specialised equipment"),
    ("K00", "generic programmes and qualifications"),
    ("K01", "education"),
    ("K02", "arts and humanities"),
    ("K03", "social sciences, journalism and information"),
    ("K04", "business, administration and law"),
    ("K05", "natural sciences, mathematics and statistics"),
    ("K06", "information and communication technologies"),
    ("K07", "engineering, manufacturing and construction"),
    ("K08", "agriculture, forestry, fisheries and veterinary"),
    ("K09", "health and welfare"),
    ("K10", "services"),
    ("A1", "attitudes"),
    ("A2", "values"),
    ("L1", "languages"),
];

/// How often a phrase gets its ESCO group (kompetencer), by cosine.
#[derive(Clone, Copy, Debug)]
pub struct GroupAccuracy {
    /// Distinct phrases with a group.
    pub phrases: usize,
    /// By the nearest of the groups' names, both off their mean, as linking compares names.
    pub by_name: f64,
    /// Every second of them by the group of the nearest of the others.
    pub by_phrase: f64,
}

/// Vectors less their mean, of length 1.
fn off_mean(vectors: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let mean: Vec<f32> = (0..vectors.first().map_or(0, Vec::len)).map(|k| vectors.iter().map(|v| v[k]).sum::<f32>() / vectors.len() as f32).collect();
    let centred = |vector: &Vec<f32>| {
        let off: Vec<f32> = vector.iter().zip(&mean).map(|(v, m)| v - m).collect();
        let length = off.iter().map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        off.into_iter().map(|v| v / length).collect()
    };
    vectors.iter().map(centred).collect()
}

/// Phrase → ESCO group (kompetencer).
///
/// # Errors
/// The file, or the model.
pub fn groups(tagger: &NeuralTagger, file: &Path) -> Result<GroupAccuracy> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let place = |code: &str| ESCO_GROUPS.iter().position(|(group, _)| *group == code);
    let phrases: BTreeMap<&str, usize> = text.lines().filter_map(|l| l.split_once('\t')).filter_map(|(phrase, code)| Some((phrase, place(code)?))).collect();
    let (phrases, groups): (Vec<&str>, Vec<usize>) = phrases.into_iter().unzip();
    let names = vectors(tagger, &ESCO_GROUPS.map(|(_, name)| name), "groups")?;
    let vectors = vectors(tagger, &phrases, "phrases")?;
    let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let share = |asked: &[usize], found: &dyn Fn(usize) -> Option<usize>| {
        let right = asked.iter().filter(|&&i| found(i) == Some(groups[i])).count();
        right as f64 / asked.len().max(1) as f64
    };
    let (names, queries) = (off_mean(&names), off_mean(&vectors));
    let nearest_name = |i: usize| (0..names.len()).max_by(|a, b| cosine(&queries[i], &names[*a]).total_cmp(&cosine(&queries[i], &names[*b])));
    let (known, asked): (Vec<usize>, Vec<usize>) = (0..phrases.len()).partition(|&i| mix(i as u64) % 2 == 0);
    let nearest_phrase = |i: usize| {
        let found = known.iter().max_by(|a, b| cosine(&vectors[i], &vectors[**a]).total_cmp(&cosine(&vectors[i], &vectors[**b])));
        found.map(|&j| groups[j])
    };
    let all: Vec<usize> = (0..phrases.len()).collect();
    Ok(GroupAccuracy { phrases: phrases.len(), by_name: share(&all, &nearest_name), by_phrase: share(&asked, &nearest_phrase) })
}

/// A phrase of a CV with the competences it means; none where no competence fits.
pub struct Judged {
    /// The phrase.
    pub phrase: String,
    /// Places in the taxonomy.
    pub right: BTreeSet<u32>,
}

/// Reads phrases judged by us: phrase, ids with commas (or nothing).
///
/// # Errors
/// The file, a line, an id that the taxonomy lacks.
pub fn judged(file: &Path, taxonomy: &Taxonomy) -> Result<Vec<Judged>> {
    let index: BTreeMap<&str, u32> = taxonomy.competences.iter().zip(0u32..).map(|(c, i)| (c.id.as_str(), i)).collect();
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut out = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let at = || format!("{}:{}", file.display(), i + 1);
        let (phrase, ids) = line.split_once('\t').with_context(at)?;
        let mut right = BTreeSet::new();
        for id in ids.split(',').filter(|id| !id.is_empty()) {
            match index.get(id) {
                Some(i) => right.insert(*i),
                None => bail!("{}: no competence {id}", at()),
            };
        }
        out.push(Judged { phrase: phrase.into(), right });
    }
    Ok(out)
}

/// Scores lie within some tenths of each other; the pull of the fit towards a slope of 1 is meant for logits.
const SPREAD: f64 = 10.0;

/// What linking does on judged phrases.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinkScore {
    /// Phrases.
    pub phrases: usize,
    /// Of those that mean something: the first match is right.
    pub first_right: f64,
    /// Of those: a right one is among the first five.
    pub in_five: f64,
    /// Of the links shown first: right.
    pub precision: f64,
    /// Of the phrases that mean something: linked, and the first link right.
    pub linked_right: f64,
}

/// Scores a linker on judged phrases with their vectors.
pub fn score(linker: &Linker, phrases: &[&Judged], vectors: &[&Vec<f32>]) -> LinkScore {
    let (mut meant, mut first, mut five, mut shown, mut shown_right, mut linked_right) = (0, 0, 0, 0, 0, 0);
    for (judged, vector) in phrases.iter().zip(vectors) {
        let nearest = linker.nearest(&judged.phrase, Some(vector), 5);
        let right = |i: usize| nearest.get(i).is_some_and(|m| judged.right.contains(&m.competence));
        let link = linker.link(&judged.phrase, Some(vector));
        let link_right = link.first().is_some_and(|m| judged.right.contains(&m.competence));
        shown += usize::from(!link.is_empty());
        shown_right += usize::from(link_right);
        if !judged.right.is_empty() {
            meant += 1;
            first += usize::from(right(0));
            five += usize::from((0..5).any(right));
            linked_right += usize::from(link_right);
        }
    }
    let share = |a: usize, b: usize| a as f64 / b.max(1) as f64;
    LinkScore { phrases: phrases.len(), first_right: share(first, meant), in_five: share(five, meant), precision: share(shown_right, shown), linked_right: share(linked_right, meant) }
}

/// Fits the weight of words and the probability of a match on every second judged phrase, or takes what is `kept`; returns the
/// score on the others.
///
/// # Errors
/// Those of the model.
pub fn fit(tagger: &NeuralTagger, taxonomy: &Taxonomy, phrases: &[Judged], kept: Option<LinkCalibration>) -> Result<(LinkCalibration, LinkScore)> {
    let all = vectors(tagger, &phrases.iter().map(|j| j.phrase.as_str()).collect::<Vec<_>>(), "judged phrases")?;
    let (judge_on, judge_vectors): (Vec<&Judged>, Vec<&Vec<f32>>) = phrases.iter().zip(&all).skip(1).step_by(2).unzip();
    if let Some(calibration) = kept {
        let score = score(&Linker::of(taxonomy, calibration.clone()), &judge_on, &judge_vectors);
        return Ok((calibration, score));
    }
    let (fit_on, fit_vectors): (Vec<&Judged>, Vec<&Vec<f32>>) = phrases.iter().zip(&all).step_by(2).unzip();
    let mut linker = Linker::of(taxonomy, LinkCalibration::default());
    let mut quality = |calibration: &LinkCalibration| {
        linker.calibrate(calibration.clone());
        let score = score(&linker, &fit_on, &fit_vectors);
        score.first_right + 0.5 * score.in_five
    };
    let trials = (1..=12u8).map(|step| LinkCalibration { overlap_weight: f32::from(step) * 0.1, ..LinkCalibration::default() });
    let mut calibration = trials.map(|c| (quality(&c), c)).fold((f64::MIN, LinkCalibration::default()), |best, next| if next.0 > best.0 { next } else { best }).1;
    // Of the aliases inside phrases, how many tell the meaning, by the rule of succession.
    let parts: Vec<bool> = fit_on
        .iter()
        .filter_map(|j| linker.by_rule(&j.phrase).into_iter().find(|m| m.by == LinkedBy::Part).map(|m| j.right.contains(&m.competence)))
        .collect();
    calibration.part = (parts.iter().filter(|right| **right).count() + 1) as f32 / (parts.len() + 2) as f32;
    linker.calibrate(calibration.clone());
    // (language, score of the first, its lead, whether it is right) of every phrase that no rule links.
    let firsts: Vec<(&str, f64, f64, bool)> = fit_on
        .iter()
        .zip(&fit_vectors)
        .filter(|(j, _)| linker.by_rule(&j.phrase).is_empty())
        .filter_map(|(j, vector)| match linker.nearest(&j.phrase, Some(vector), 2)[..] {
            [first, second] => Some((crate::evaluate::language_of(&j.phrase), f64::from(first.score), f64::from(first.score - second.score), j.right.contains(&first.competence))),
            _ => None,
        })
        .collect();
    let fitted = |lead_weight: f64, language: &str| {
        let pairs: Vec<(f64, bool)> = firsts.iter().filter(|(l, ..)| *l == language).map(|(_, score, lead, right)| (SPREAD * (score + lead_weight * lead).min(f64::from(SCORE_CAP)), *right)).collect();
        let (slope, offset) = platt_scores(&pairs);
        let loss: f64 = pairs.iter().map(|(x, right)| {
            let z = f64::from(slope) * x + f64::from(offset);
            (1.0 + (if *right { -z } else { z }).exp()).ln()
        }).sum();
        (slope * SPREAD as f32, offset, loss)
    };
    let losses = [0u8, 1, 2, 4, 8].map(|w| (w, ["en", "zh"].map(|l| fitted(f64::from(w), l).2).iter().sum::<f64>()));
    let lead_weight = losses.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(w, _)| *w);
    calibration.lead_weight = f32::from(lead_weight);
    for language in ["en", "zh"] {
        let (slope, offset, _) = fitted(f64::from(lead_weight), language);
        calibration.probability.insert(language.into(), (slope, offset));
    }
    linker.calibrate(calibration.clone());
    let score = score(&linker, &judge_on, &judge_vectors);
    Ok((calibration, score))
}
