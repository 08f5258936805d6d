//! The taxonomy of the pack from O*NET's and BLS's tables and our Chinese names: names, aliases, titles, weights, and the
//! vectors of the names. Names, codes and numbers only; no description or task sentence enters the pack.
use super::join::{Joins, LineItems};
use super::sheet::columns;
use crate::data::names;
use crate::train::checkpoint::{sha256, write_whole};
use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use safetensors::tensor::TensorView;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use waymark_shared::market::data::Join;
use waymark_shared::model::NeuralTagger;
use waymark_shared::taxonomy::linker::LinkCalibration;
use waymark_shared::taxonomy::words::key;
use waymark_shared::taxonomy::{self, NameVectors};

/// What the taxonomy rests on; the same lines stand in NOTICE.
const LICENCES: [&str; 3] = [
    "O*NET 29.3 Database (CC BY 4.0), U.S. Department of Labor, Employment and Training Administration",
    "National Employment Matrix 2024-34 (public domain), U.S. Bureau of Labor Statistics",
    "our own names, titles and aliases in trainer/data/taxonomy (CC0)",
];
/// A title that more occupations share says too little.
const OCCUPATIONS_A_TITLE: usize = 4;
/// An importance (1..5) from which a skill or an area of knowledge counts as one of the occupation.
const IMPORTANT: f32 = 3.0;

/// Everything the taxonomy is built from.
pub struct Sources {
    competences: Vec<(String, &'static str, String, String)>,
    aliases: BTreeMap<String, String>,
    occupations: Vec<(String, String, String)>,
    titles: BTreeMap<String, BTreeSet<String>>,
    weights: BTreeMap<String, BTreeMap<u32, f32>>,
    /// Counted for the report.
    pub joins: Joins,
}

/// Reads the tables. `sources` is the folder of the market data, `ours` the one of our own names.
///
/// # Errors
/// A table or a translation that is missing.
pub fn read(sources: &Path, ours: &Path) -> Result<Sources> {
    let onet = |file: &str| sources.join("onet-29.3").join(file);
    let zh_occupations = names::read(&ours.join("occupations.zh.tsv"))?;
    let zh_activities = names::read(&ours.join("activities.zh.tsv"))?;
    let zh_elements = names::read(&ours.join("elements.zh.tsv"))?;
    let named = |names: &BTreeMap<String, [String; 2]>, id: &str| names.get(id).map(|[_, zh]| zh.clone()).with_context(|| format!("no Chinese name for {id}"));

    let items = columns(&sources.join("bls-ep-2024-34/occupation.xlsx"), Some("Table 1.2"), 1, ["2024 National Employment Matrix title", "2024 National Employment Matrix code", "Occupation type"])?;
    let mut occupations = Vec::new();
    for [title, code, kind] in items {
        if kind == "Line item" {
            occupations.push((code.clone(), title, named(&zh_occupations, &code)?));
        }
    }
    occupations.sort();
    let items = LineItems::new(occupations.iter().map(|(code, ..)| code.clone()));
    let mut joins = Joins::default();
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let mut titles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for [onet_code, title] in columns(&onet("Occupation_Data.xlsx"), None, 0, ["O*NET-SOC Code", "Title"])? {
        let Some(row) = items.counted(&onet_code, &mut joins) else { continue };
        let to = &items.codes[row];
        titles.entry(key(&title)).or_default().insert(to.clone());
        joined.insert(onet_code.clone(), to.clone());
    }
    for (code, en, zh) in &occupations {
        for name in [en, zh] {
            titles.entry(key(name)).or_default().insert(code.clone());
        }
    }
    for [onet_code, long, short] in columns(&onet("Alternate_Titles.xlsx"), None, 0, ["O*NET-SOC Code", "Alternate Title", "Short Title"])? {
        if let Some(code) = joined.get(&onet_code) {
            for title in [long.split(" (").next().unwrap_or(&long), &short].into_iter().filter(|t| t.len() > 2 && *t != "n/a") {
                titles.entry(key(title)).or_default().insert(code.clone());
            }
        }
    }
    // Our English titles stand in place of O*NET's: there a care assistant looks after animals.
    for (file, replaces) in [("titles.en.tsv", true), ("titles.zh.tsv", false)] {
        let path = ours.join(file);
        for (i, line) in std::fs::read_to_string(&path).with_context(|| path.display().to_string())?.lines().enumerate() {
            let (title, of) = line.split_once('\t').with_context(|| format!("{}:{}: expected title, codes", path.display(), i + 1))?;
            if let Some(code) = of.split(',').find(|code| items.row(code).is_none()) {
                bail!("{}:{}: no occupation {code}", path.display(), i + 1);
            }
            let slot = titles.entry(key(title)).or_default();
            if replaces {
                slot.clear();
            }
            slot.extend(of.split(',').map(str::to_owned));
        }
    }
    titles.retain(|title, of| title.chars().count() > 1 && of.len() <= OCCUPATIONS_A_TITLE);

    // Competences: activities, skills and knowledge, technologies.
    let mut competences: Vec<(String, &'static str, String, String)> = Vec::new();
    for [id, title] in columns(&onet("DWA_Reference.xlsx"), None, 0, ["DWA ID", "DWA Title"])? {
        let zh = named(&zh_activities, &id)?;
        competences.push((id, "activity", title.trim_end_matches('.').into(), zh));
    }
    let mut ratings = Vec::new();
    for (file, kind) in [("Skills.xlsx", "skill"), ("Knowledge.xlsx", "knowledge")] {
        let mut elements = BTreeMap::new();
        for [code, id, name, scale, value] in columns(&onet(file), None, 0, ["O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value"])? {
            elements.insert(id.clone(), name);
            if scale == "IM" {
                ratings.push((code, id, value.parse::<f32>().with_context(|| format!("{file}: {value:?}"))?));
            }
        }
        for (id, name) in elements {
            let zh = named(&zh_elements, &id)?;
            competences.push((id, kind, name, zh));
        }
    }
    let mut technologies: BTreeMap<String, String> = BTreeMap::new();
    let used = columns(&onet("Technology_Skills.xlsx"), None, 0, ["O*NET-SOC Code", "Example", "Hot Technology", "In Demand"])?;
    for [_, name, ..] in &used {
        technologies.entry(technology_id(name)).or_insert_with(|| name.clone());
    }
    for (id, name) in &technologies {
        competences.push((id.clone(), "technology", name.clone(), String::new()));
    }
    let index: HashMap<&str, u32> = competences.iter().zip(0u32..).map(|(c, i)| (c.0.as_str(), i)).collect();

    // Weights: share of an occupation's tasks for activities, importance for skills and knowledge, demand for technologies.
    let mut weights: BTreeMap<String, BTreeMap<u32, f32>> = BTreeMap::new();
    let core: HashMap<String, bool> =
        columns(&onet("Task_Statements.xlsx"), None, 0, ["Task ID", "Task Type"])?.into_iter().map(|[task, kind]| (task, kind == "Core")).collect();
    for [code, task, activity] in columns(&onet("Tasks_to_DWAs.xlsx"), None, 0, ["O*NET-SOC Code", "Task ID", "DWA ID"])? {
        if let (Some(to), Some(competence)) = (joined.get(&code), index.get(activity.as_str())) {
            // A supplemental task is done by fewer people.
            let share = if core.get(&task).copied().unwrap_or(false) { 1.0 } else { 0.5 };
            *weights.entry(to.clone()).or_default().entry(*competence).or_default() += share;
        }
    }
    for of in weights.values_mut() {
        let most = of.values().fold(0f32, |m, w| m.max(*w));
        of.values_mut().for_each(|w| *w /= most);
    }
    for (code, id, importance) in ratings {
        if let (Some(to), Some(competence)) = (joined.get(&code), index.get(id.as_str()))
            && importance >= IMPORTANT
        {
            let slot = weights.entry(to.clone()).or_default().entry(*competence).or_default();
            *slot = slot.max((importance - 1.0) / 4.0);
        }
    }
    for [code, name, hot, in_demand] in &used {
        if let (Some(to), Some(competence)) = (joined.get(code), index.get(technology_id(name).as_str())) {
            let weight = if in_demand == "Y" { 1.0 } else if hot == "Y" { 0.7 } else { 0.4 };
            let slot = weights.entry(to.clone()).or_default().entry(*competence).or_default();
            *slot = slot.max(weight);
        }
    }

    let mut aliases = technology_aliases(&technologies);
    let path = ours.join("aliases.tsv");
    for (i, line) in std::fs::read_to_string(&path).with_context(|| path.display().to_string())?.lines().enumerate() {
        let (alias, id) = line.split_once('\t').with_context(|| format!("{}:{}: expected words, id", path.display(), i + 1))?;
        if !index.contains_key(id) {
            bail!("{}:{}: no competence {id}", path.display(), i + 1);
        }
        aliases.insert(alias.into(), id.into());
    }
    Ok(Sources { competences, aliases, occupations, titles, weights, joins })
}

/// The id of a technology.
pub fn technology_id(name: &str) -> String {
    format!("tech:{}", key(name).replace(' ', "-"))
}

/// What technologies are commonly called: the name without its maker, and the abbreviation at its end.
fn technology_aliases(technologies: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    // A first word that many names share is a maker's.
    let mut first: HashMap<&str, usize> = HashMap::new();
    for name in technologies.values() {
        *first.entry(name.split(' ').next().unwrap_or("")).or_default() += 1;
    }
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (id, name) in technologies {
        let mut rest = name.as_str();
        if let Some((maker, after)) = name.split_once(' ')
            && first.get(maker).is_some_and(|n| *n >= 4)
            && after.len() > 2
        {
            rest = after.strip_prefix("Systemes ").unwrap_or(after);
            found.entry(key(rest)).or_default().insert(id);
        }
        if let Some((before, abbreviation)) = rest.rsplit_once(' ') {
            let initials: String = before.split([' ', '-', '/']).filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect();
            if abbreviation.len() >= 2 && abbreviation.chars().all(|c| c.is_ascii_uppercase()) && initials.contains(abbreviation) {
                found.entry(key(abbreviation)).or_default().insert(id);
                found.entry(key(before)).or_default().insert(id);
            }
        }
    }
    // Only what means one thing, and no other thing's own name.
    let names: BTreeSet<String> = technologies.values().map(|n| key(n)).collect();
    found.into_iter().filter(|(alias, of)| of.len() == 1 && !names.contains(alias)).filter_map(|(alias, of)| Some((alias, (*of.first()?).to_owned()))).collect()
}

/// Vectors of names in one language, with a progress bar.
///
/// # Errors
/// Those of the model.
pub fn vectors(tagger: &NeuralTagger, names: &[&str], what: &str) -> Result<Vec<Vec<f32>>> {
    let bar = ProgressBar::new(names.len() as u64).with_message(what.to_owned());
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&i| (names[i].len(), i));
    let mut out = vec![Vec::new(); names.len()];
    for chunk in order.chunks(32) {
        let batch: Vec<&str> = chunk.iter().map(|&i| names[i]).collect();
        for (&i, vector) in chunk.iter().zip(tagger.sentence_vectors(&batch)?) {
            out[i] = vector;
        }
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(out)
}

/// Name vectors of a tagger for the competences that have such.
///
/// # Errors
/// Those of the model.
pub fn name_vectors(tagger: &NeuralTagger, competences: &[(String, &'static str, String, String)], chinese: bool) -> Result<NameVectors> {
    let (of, names): (Vec<u32>, Vec<&str>) = competences
        .iter()
        .zip(0u32..)
        .filter(|(c, _)| c.1 != "technology")
        .map(|(c, i)| (i, if chinese { c.3.as_str() } else { c.2.as_str() }))
        .unzip();
    Ok(NameVectors::pack(of, &vectors(tagger, &names, if chinese { "Chinese names" } else { "English names" })?))
}

impl Sources {
    /// Writes the files of the taxonomy into a folder.
    ///
    /// # Errors
    /// Those of the model and the disk.
    pub fn write(&self, tagger: &NeuralTagger, encoder: &[u8], calibration: &LinkCalibration, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let lines = |rows: &mut dyn Iterator<Item = String>| rows.fold(String::new(), |all, row| all + &row + "\n");
        let text = |name: &str, rows: &mut dyn Iterator<Item = String>| write_whole(&folder.join(name), lines(rows).as_bytes());
        text(taxonomy::COMPETENCES, &mut self.competences.iter().map(|(id, kind, en, zh)| format!("{id}\t{kind}\t{en}\t{zh}")))?;
        text(taxonomy::ALIASES, &mut self.aliases.iter().map(|(alias, id)| format!("{alias}\t{id}")))?;
        text(taxonomy::OCCUPATIONS, &mut self.occupations.iter().map(|(code, en, zh)| format!("{code}\t{en}\t{zh}")))?;
        text(taxonomy::TITLES, &mut self.titles.iter().map(|(title, of)| format!("{title}\t{}", of.iter().cloned().collect::<Vec<_>>().join(","))))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "weights are shares")]
        let byte = |w: f32| ((w * 255.0).round() as u8).max(1);
        text(taxonomy::WEIGHTS, &mut self.weights.iter().map(|(code, of)| {
            format!("{code}\t{}", of.iter().map(|(c, w)| format!("{c}:{}", byte(*w))).collect::<Vec<_>>().join(" "))
        }))?;
        let stored: Vec<_> =
            [("en", false), ("zh", true)].into_iter().map(|(name, chinese)| Ok(name_vectors(tagger, &self.competences, chinese)?.tensors(name))).collect::<Result<Vec<_>>>()?;
        let views = stored.iter().flatten().map(|(name, dtype, shape, bytes)| Ok((name.clone(), TensorView::new(*dtype, shape.clone(), bytes)?))).collect::<Result<BTreeMap<_, _>>>()?;
        let metadata = HashMap::from([(taxonomy::ENCODER.to_owned(), sha256(encoder))]);
        write_whole(&folder.join(taxonomy::VECTORS), &safetensors::serialize(views, Some(metadata))?)?;
        self.write_calibration(calibration, folder)
    }

    /// Writes what was fitted for linking.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write_calibration(&self, calibration: &LinkCalibration, folder: &Path) -> Result<()> {
        write_whole(&folder.join(taxonomy::LINKING), &serde_json::to_vec_pretty(calibration)?)
    }

    /// Writes the card: what the taxonomy rests on, and how well phrases find it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write_card(&self, encoder_sha256: &str, score: &crate::linking::LinkScore, folder: &Path) -> Result<()> {
        let card = serde_json::json!({
            "licences": LICENCES,
            "counts": self.counts(),
            "encoder_sha256": encoder_sha256,
            "linking_on_judged_phrases_not_fitted_on": score,
            "limits": [
                "US occupations and competences; Chinese names are our reference translations.",
                "The phrases linking is fitted and scored on were written and judged by us.",
            ],
        });
        write_whole(&folder.join("card.json"), &serde_json::to_vec_pretty(&card)?)
    }

    /// Competences: id, kind, English, Chinese.
    pub fn competences(&self) -> &[(String, &'static str, String, String)] {
        &self.competences
    }

    /// How much there is of each table.
    pub fn counts(&self) -> String {
        let of = |kind: &str| self.competences.iter().filter(|c| c.1 == kind).count();
        format!(
            "{} activities, {} skills, {} knowledge areas, {} technologies, {} aliases, {} occupations ({} with weights), {} titles; O*NET to BLS codes: {} exact, {} broad, {} by hand, none for {:?}",
            of("activity"),
            of("skill"),
            of("knowledge"),
            of("technology"),
            self.aliases.len(),
            self.occupations.len(),
            self.weights.len(),
            self.titles.len(),
            self.joins.count(Join::Exact),
            self.joins.count(Join::Broad),
            self.joins.count(Join::Hand),
            self.joins.none
        )
    }
}
