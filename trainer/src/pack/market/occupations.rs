//! The table of occupations: BLS's matrix with flows and pay, O*NET's codes and job zones, exposure, and what the
//! routine-manual index is made of. Not competences: those are `weights`.
use super::{Column, Folder, Joins, LineItems, Report, Table, by_row, published, rounded};
use anyhow::{Context, Result};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use waymark_shared::market::data::figures::{EDUCATION, EXPERIENCE, TRAINING};
use waymark_shared::market::data::{Join, OCCUPATIONS};

const EP: &[&str] = &["bls-ep-2024-34"];
const OEWS: &[&str] = &["bls-oews-2025-05"];
const EXPOSURE: &[&str] = &["gpts-are-gpts", "onet-29.3", "waymark"];
const EXPOSURE_NOTE: &str = "mean over the O*NET codes of the occupation";

/// The columns, in the order of the cells of a row.
const COLUMNS: [Column; 37] = [
    Column { name: "soc", sources: EP, unit: "code", vintage: "2024", note: "code of the National Employment Matrix" },
    Column { name: "onet", sources: &["onet-29.3", "waymark"], unit: "code", vintage: "2025-05", note: "O*NET-SOC codes joined to it" },
    Column { name: "join", sources: &["waymark"], unit: "code", vintage: "2026", note: "exact: same SOC code; broad: to xx-xxx0; hand: by our table of 13 codes; none" },
    Column { name: "combined", sources: &["soc-2018", "bls-ep-2024-34"], unit: "1 or 0", vintage: "2024", note: "1: no detailed occupation of SOC 2018 but BLS's combination of such" },
    Column { name: "job_zone", sources: &["onet-29.3", "waymark"], unit: "1 to 5", vintage: "2025-05", note: "of several codes the lower median" },
    Column { name: "education", sources: EP, unit: "BLS education code", vintage: "2024", note: "typical for entry" },
    Column { name: "experience", sources: EP, unit: "BLS work experience code", vintage: "2024", note: "typical for entry" },
    Column { name: "training", sources: EP, unit: "BLS training code", vintage: "2024", note: "typical on the job" },
    Column { name: "employment_2024", sources: EP, unit: "thousand jobs", vintage: "2024", note: "with the self-employed" },
    Column { name: "employment_2034", sources: EP, unit: "thousand jobs", vintage: "2034, projected", note: "with the self-employed" },
    Column { name: "self_employed", sources: EP, unit: "percent", vintage: "2024", note: "" },
    Column { name: "openings", sources: EP, unit: "thousand a year", vintage: "2024-34, projected", note: "growth and replacement; a flow, not vacancies" },
    Column { name: "exit_rate", sources: EP, unit: "percent a year", vintage: "2024-34, projected", note: "labour force exits" },
    Column { name: "transfer_rate", sources: EP, unit: "percent a year", vintage: "2024-34, projected", note: "transfers to other occupations" },
    Column { name: "jobs", sources: OEWS, unit: "jobs", vintage: "2025-05", note: "employees only" },
    Column { name: "jobs_relative_error", sources: OEWS, unit: "percent", vintage: "2025-05", note: "relative standard error" },
    Column { name: "annual_mean", sources: OEWS, unit: "USD a year", vintage: "2025-05", note: "" },
    Column { name: "annual_p10", sources: OEWS, unit: "USD a year", vintage: "2025-05", note: "" },
    Column { name: "annual_p25", sources: OEWS, unit: "USD a year", vintage: "2025-05", note: "" },
    Column { name: "annual_median", sources: OEWS, unit: "USD a year", vintage: "2025-05", note: "" },
    Column { name: "annual_p75", sources: OEWS, unit: "USD a year", vintage: "2025-05", note: "" },
    Column { name: "annual_p90", sources: OEWS, unit: "USD a year", vintage: "2025-05", note: "" },
    Column { name: "hourly_mean", sources: OEWS, unit: "USD an hour", vintage: "2025-05", note: "" },
    Column { name: "hourly_p10", sources: OEWS, unit: "USD an hour", vintage: "2025-05", note: "" },
    Column { name: "hourly_p25", sources: OEWS, unit: "USD an hour", vintage: "2025-05", note: "" },
    Column { name: "hourly_median", sources: OEWS, unit: "USD an hour", vintage: "2025-05", note: "" },
    Column { name: "hourly_p75", sources: OEWS, unit: "USD an hour", vintage: "2025-05", note: "" },
    Column { name: "hourly_p90", sources: OEWS, unit: "USD an hour", vintage: "2025-05", note: "" },
    Column { name: "pay_relative_error", sources: OEWS, unit: "percent", vintage: "2025-05", note: "relative standard error of the mean" },
    Column { name: "pay_published", sources: OEWS, unit: "code", vintage: "2025-05", note: "both, annual, hourly or nothing" },
    Column { name: "alpha", sources: EXPOSURE, unit: "share of tasks", vintage: "2023", note: EXPOSURE_NOTE },
    Column { name: "gamma", sources: EXPOSURE, unit: "share of tasks", vintage: "2023", note: EXPOSURE_NOTE },
    Column { name: "human_alpha", sources: EXPOSURE, unit: "share of tasks", vintage: "2023", note: EXPOSURE_NOTE },
    Column { name: "human_gamma", sources: EXPOSURE, unit: "share of tasks", vintage: "2023", note: EXPOSURE_NOTE },
    Column {
        name: "routine",
        sources: &["waymark", "onet-work-context"],
        unit: "0 to 1",
        vintage: "2025-10",
        note: "ours: mean of degree of automation, importance of repeating same tasks, 1 - freedom to structure the work",
    },
    Column { name: "manual", sources: &["waymark", "onet-30.1-profiles"], unit: "0 to 1", vintage: "2025-12", note: "ours: mean importance of 4.A.3.a.2 and 4.A.3.a.3, (IM - 1) / 4" },
    Column { name: "bottleneck", sources: &["waymark", "onet-30.1-profiles"], unit: "0 to 1", vintage: "2025-12", note: "ours: largest importance of 4.A.3.b.4, 4.A.3.b.5 and 4.A.4.a.5, (IM - 1) / 4" },
];

/// A line item of the matrix as BLS has it.
struct Item {
    /// Employment 2024 and 2034, self-employed, openings, exit and transfer rate.
    numbers: [String; 6],
    /// Education, experience, training, by code.
    codes: [&'static str; 3],
}

/// The National Employment Matrix 2024–34.
pub struct Matrix {
    /// Codes of its line items.
    pub items: LineItems,
    rows: Vec<Item>,
    /// Summary lines: code → employment 2024 and 2034.
    pub summaries: BTreeMap<String, [String; 2]>,
}

const WORKBOOK: &str = "bls-ep-2024-34/occupation.xlsx";

impl Matrix {
    /// Reads tables 1.2 and 1.10.
    pub fn read(folder: &Folder) -> Result<Self> {
        let columns = [
            "2024 National Employment Matrix code",
            "Occupation type",
            "Employment, 2024",
            "Employment, 2034",
            "Percent self employed, 2024",
            "Occupational openings, 2024–34 annual average",
            "Typical education needed for entry",
            "Work experience in a related occupation",
            "Typical on-the-job training needed to attain competency in the occupation",
        ];
        let flows = [
            "2024 National Employment Matrix code",
            "Occupation type",
            "Labor force exit rate, 2024–34 annual average",
            "Occupational transfer rate, 2024–34 annual average",
        ];
        let flows: BTreeMap<String, [String; 2]> =
            folder.sheet(WORKBOOK, Some("Table 1.10"), 1, flows)?.into_iter().filter(|row| row[1] == "Line item").map(|[code, _, exit, transfer]| (code, [exit, transfer])).collect();
        let (mut rows, mut summaries) = (BTreeMap::new(), BTreeMap::new());
        for [code, kind, from, to, own, openings, education, experience, training] in folder.sheet(WORKBOOK, Some("Table 1.2"), 1, columns)? {
            if kind == "Summary" {
                summaries.insert(code, [published(&from)?, published(&to)?]);
            } else if kind == "Line item" {
                let [exit, transfer] = flows.get(&code).with_context(|| format!("table 1.10 has no {code}"))?;
                let numbers = [&from, &to, &own, &openings, exit, transfer].map(|text| published(text));
                let numbers = numbers.into_iter().collect::<Result<Vec<_>>>()?.try_into().map_err(|_| anyhow::anyhow!("six numbers"))?;
                let codes = [code_of(&EDUCATION, &education)?, code_of(&EXPERIENCE, &experience)?, code_of(&TRAINING, &training)?];
                rows.insert(code, Item { numbers, codes });
            }
        }
        let items = LineItems::new(rows.keys().cloned());
        Ok(Self { items, rows: rows.into_values().collect(), summaries })
    }
}

/// BLS's code for its words.
fn code_of<T>(table: &[(&'static str, &'static str, T)], words: &str) -> Result<&'static str> {
    table.iter().find(|(_, of, _)| *of == words).map(|(code, ..)| *code).with_context(|| format!("BLS has no code for {words:?}"))
}

/// Reads all that belongs to the row of an occupation.
pub fn table(folder: &Folder, matrix: &Matrix, report: &mut Report) -> Result<Table> {
    let items = &matrix.items;
    let detailed: BTreeSet<String> = folder.csv("crosswalks/soc2010_to_soc2018.csv", ["2018 SOC Code"])?.into_iter().map(|[code]| code).collect();

    let mut onet: Vec<(Vec<String>, BTreeSet<Join>)> = vec![Default::default(); items.codes.len()];
    let mut joins = Joins::default();
    let mut titles = BTreeMap::new();
    for [code, title] in folder.sheet("onet-29.3/Occupation_Data.xlsx", None, 0, ["O*NET-SOC Code", "Title"])? {
        if let (Some(row), Some((_, join))) = (items.counted(&code, &mut joins), items.of(&code)) {
            onet[row].0.push(code.clone());
            onet[row].1.insert(join);
        }
        titles.insert(title, code);
    }
    report.insert("O*NET 29.3 occupations", joins);

    let mut zones: Vec<Vec<u8>> = vec![Vec::new(); items.codes.len()];
    let mut joins = Joins::default();
    for [code, zone] in folder.sheet("onet-29.3/Job_Zones.xlsx", None, 0, ["O*NET-SOC Code", "Job Zone"])? {
        if let Some(row) = items.counted(&code, &mut joins) {
            zones[row].push(zone.parse().with_context(|| format!("job zone {zone:?}"))?);
        }
    }
    report.insert("O*NET 29.3 job zones", joins);

    let exposure = exposure(folder)?;
    let (exposure, joins) = items.means(&exposure);
    report.insert("exposure to language models", joins);
    let context = work_context(folder, &titles)?;
    let (routine, joins) = items.means(&context);
    report.insert("work context", joins);
    let profiles = activities(folder)?;
    let (activities, joins) = items.means(&profiles);
    report.insert("O*NET 30.1 work activities", joins);

    let mut joins = Joins::default();
    let pay = by_row(items, pay(folder)?, &mut joins);
    report.insert("pay May 2025", joins);

    let mut rows = Vec::new();
    for (row, (code, item)) in items.codes.iter().zip(&matrix.rows).enumerate() {
        let (codes, joined) = &onet[row];
        // The least sure of its joins.
        let join = joined.last().copied().unwrap_or(Join::None);
        zones[row].sort_unstable();
        let zone = zones[row].get(zones[row].len().saturating_sub(1) / 2).map(u8::to_string).unwrap_or_default();
        let mut cells: Vec<Cow<'static, str>> = vec![code.clone().into(), codes.join(",").into(), join.name().into(), if detailed.contains(code) { "0" } else { "1" }.into(), zone.into()];
        cells.extend(item.codes.map(Cow::from));
        cells.extend(item.numbers.iter().cloned().map(Cow::from));
        match pay.get(&row) {
            Some(pay) => cells.extend(pay.iter().cloned().map(Cow::from)),
            None => cells.extend([""; PAY.len()].into_iter().chain(["nothing"]).map(Cow::from)),
        }
        let shares = |values: Option<Vec<f64>>, count: usize, decimals: usize| match values {
            Some(values) => values.into_iter().map(|value| rounded(value, decimals)).collect(),
            None => vec![String::new(); count],
        };
        let made = routine[row].zip(activities[row]).map(|([routine], [manual, mechanic, electronic, care])| vec![routine, manual, mechanic.max(electronic).max(care)]);
        cells.extend(shares(exposure[row].map(Vec::from), 4, 4).into_iter().chain(shares(made, 3, 3)).map(Cow::from));
        rows.push(cells);
    }
    Ok(Table { file: OCCUPATIONS, columns: COLUMNS.to_vec(), wide: Vec::new(), rows })
}

/// α and γ by GPT-4 and by people. β is their mean, and the shares of E0, E1, E2 are 1 − γ, α, γ − α (checked against the
/// labels of all tasks with supplemental ones at half: equal to 1e-15 in all 923 codes), so they are not stored.
fn exposure(folder: &Folder) -> Result<BTreeMap<String, [f64; 4]>> {
    let columns = ["O*NET-SOC Code", "dv_rating_alpha", "dv_rating_gamma", "human_rating_alpha", "human_rating_gamma", "dv_rating_beta", "human_rating_beta"];
    let mut read = BTreeMap::new();
    for [code, numbers @ ..] in folder.csv("gpts-are-gpts/occ_level.csv", columns)? {
        let values: Vec<f64> = numbers.iter().map(|text| text.parse().with_context(|| format!("{code}: {text:?}"))).collect::<Result<_>>()?;
        let [alpha, gamma, human_alpha, human_gamma, beta, human_beta] = values[..] else { continue };
        for (low, high, mean) in [(alpha, gamma, beta), (human_alpha, human_gamma, human_beta)] {
            anyhow::ensure!((f64::midpoint(low, high) - mean).abs() < 1e-9, "{code}: β {mean} is not the mean of α {low} and γ {high}");
        }
        read.insert(code, [alpha, gamma, human_alpha, human_gamma]);
    }
    Ok(read)
}

/// How routine each O*NET code is. The scale of "structured versus unstructured work" runs from no freedom to a lot.
fn work_context(folder: &Folder, titles: &BTreeMap<String, String>) -> Result<BTreeMap<String, [f64; 1]>> {
    let columns = ["occupation", "degree_of_automation_context", "importance_of_repeating_same_tasks_context", "structured_versus_unstructured_work_context"];
    let mut read = BTreeMap::new();
    for [title, automation, repetition, freedom] in folder.csv("onet-task-exposure/occupations_onet_work_contexts.csv", columns)? {
        let code = titles.get(&title).with_context(|| format!("O*NET has no occupation {title:?}"))?;
        let [automation, repetition, freedom] = [automation, repetition, freedom].map(|text| text.parse::<f64>());
        read.insert(code.clone(), [(automation? + repetition? + 1.0 - freedom?) / 3.0]);
    }
    Ok(read)
}

/// The importance of work activities, 0..1: handling and controlling (their mean), repairing mechanical and electronic
/// equipment, caring for others.
fn activities(folder: &Folder) -> Result<BTreeMap<String, [f64; 4]>> {
    #[derive(serde::Deserialize)]
    struct Profile {
        vector: BTreeMap<String, f64>,
    }
    #[derive(serde::Deserialize)]
    struct Profiles {
        profiles: BTreeMap<String, Profile>,
    }
    let read: Profiles = serde_json::from_slice(&folder.bytes("onet-30.1-profiles/onet_skill_profiles.json.gz")?)?;
    let mut values = BTreeMap::new();
    for (code, profile) in read.profiles {
        let of = |id: &str| profile.vector.get(id).map(|importance| (importance - 1.0) / 4.0).with_context(|| format!("{code} has no {id}"));
        values.insert(code.clone(), [f64::midpoint(of("4.A.3.a.2")?, of("4.A.3.a.3")?), of("4.A.3.b.4")?, of("4.A.3.b.5")?, of("4.A.4.a.5")?]);
    }
    Ok(values)
}

/// Columns of BLS's table of pay, in the order of ours.
const PAY: [&str; 15] = [
    "employment", "employment_prse", "a_mean", "a_p10", "a_p25", "a_median", "a_p75", "a_p90", "h_mean", "h_p10", "h_p25", "h_median", "h_p75", "h_p90", "wage_prse",
];

/// Pay by code, and which of it is published. Detailed codes only: broad ones would join their own sum.
fn pay(folder: &Folder) -> Result<Vec<(String, Vec<String>)>> {
    let mut columns = [""; PAY.len() + 2];
    columns[..2].copy_from_slice(&["soc", "display_level"]);
    columns[2..].copy_from_slice(&PAY);
    let mut read = Vec::new();
    for [code, level, cells @ ..] in folder.csv("bls-oews-2025-05/oews_national_2025.csv", columns)? {
        if level != "3" {
            continue;
        }
        let mut cells = cells.iter().map(|text| published(text)).collect::<Result<Vec<_>>>()?;
        let (annual, hourly) = (!cells[5].is_empty(), !cells[11].is_empty());
        cells.push(match (annual, hourly) { (true, true) => "both", (true, false) => "annual", (false, true) => "hourly", (false, false) => "nothing" }.into());
        read.push((code, cells));
    }
    Ok(read)
}
