//! Figures of the major groups, and what was known and projected before, for the backtest. Not the present figures of
//! single occupations.
use super::{Column, Folder, Joins, LineItems, Report, Table, by_row, published};
use crate::data::names;
use super::occupations::Matrix;
use anyhow::{Context, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use waymark_shared::market::backtest::BACKTEST;
use waymark_shared::market::data::GROUPS;

const CPS: &[&str] = &["bls-cps-2025"];
const EP: &[&str] = &["bls-ep-2024-34"];
const BEFORE: &[&str] = &["bls-ep-2022-32"];
const PAY: &[&str] = &["bls-oews-2021-05"];
/// All occupations together.
const ALL: &str = "00-0000";

const COLUMNS: [Column; 8] = [
    Column { name: "soc", sources: CPS, unit: "code", vintage: "2025", note: "" },
    Column { name: "name_en", sources: CPS, unit: "name", vintage: "2025", note: "" },
    Column { name: "name_zh", sources: &["waymark"], unit: "name", vintage: "2026", note: "reference translation" },
    Column { name: "unemployment", sources: CPS, unit: "percent of the labour force", vintage: "2025", note: "by last job held" },
    Column { name: "labour_force", sources: CPS, unit: "thousand people", vintage: "2025", note: "" },
    Column { name: "employment_2024", sources: EP, unit: "thousand jobs", vintage: "2024", note: "" },
    Column { name: "employment_2034", sources: EP, unit: "thousand jobs", vintage: "2034, projected", note: "" },
    Column { name: "annual_median", sources: &["bls-oews-2025-05"], unit: "USD a year", vintage: "2025-05", note: "" },
];

/// Reads the major groups.
pub fn table(folder: &Folder, matrix: &Matrix, ours: &Path) -> Result<Table> {
    let chinese = names::read(&ours.join("taxonomy/elements.zh.tsv"))?;
    let pay = folder.csv("bls-oews-2025-05/oews_national_2025.csv", ["soc", "a_median"])?;
    let pay: BTreeMap<String, String> = pay.into_iter().map(|[code, median]| (code, median)).collect();
    let mut rows = Vec::new();
    let columns = ["soc_major", "title", "unemployment_rate_pct", "labor_force_thousands"];
    for [code, title, rate, force] in folder.csv("bls-cps-2025/unemployment_major_groups_2025.csv", columns)? {
        let name_zh = if code == ALL { "全部职业".to_owned() } else { chinese.get(&code).with_context(|| format!("no Chinese name for {code}"))?[1].clone() };
        let [from, to] = matrix.summaries.get(&code).with_context(|| format!("the matrix has no {code}"))?.clone();
        let median = published(pay.get(&code).map_or("", String::as_str))?;
        let name_en = if code == ALL { "All occupations".to_owned() } else { title };
        rows.push([code, name_en, name_zh, published(&rate)?, published(&force)?, from, to, median].into_iter().map(Cow::from).collect());
    }
    rows.sort();
    Ok(Table { file: GROUPS, columns: COLUMNS.to_vec(), wide: Vec::new(), rows })
}

const BACKTEST_COLUMNS: [Column; 5] = [
    Column { name: "soc", sources: BEFORE, unit: "code", vintage: "2022", note: "00-0000 is all occupations" },
    Column { name: "employment_2022", sources: BEFORE, unit: "thousand jobs", vintage: "2022, as published in 2023", note: "" },
    Column { name: "employment_2032", sources: BEFORE, unit: "thousand jobs", vintage: "2032, projected in 2023", note: "" },
    Column { name: "annual_median_2021", sources: PAY, unit: "USD a year", vintage: "2021-05", note: "" },
    Column { name: "pay_2021", sources: PAY, unit: "code", vintage: "2021-05", note: "published; top: 208000 or more, not published; nothing" },
];

/// Reads the projection of 2023 and the pay of 2021.
pub fn backtest(folder: &Folder, items: &LineItems, report: &mut Report) -> Result<Table> {
    let columns = ["2022 National Employment Matrix code", "Occupation type", "Employment, 2022", "Employment, 2032"];
    let (mut all, mut before) = (None, Vec::new());
    for [code, kind, from, to] in folder.sheet("bls-2021-23-for-backtest/occupation_2023_final.xlsx", Some("Table 1.7"), 1, columns)? {
        if code == ALL {
            all = Some([published(&from)?, published(&to)?]);
        } else if kind == "Line item" {
            before.push((code, [published(&from)?, published(&to)?]));
        }
    }
    let mut joins = Joins::default();
    let before = by_row(items, before, &mut joins);
    report.insert("projection 2022-32", joins);

    let (mut all_pay, mut pay) = (None, Vec::new());
    for [code, group, median] in folder.csv("bls-2021-23-for-backtest/national_May2021_dl.csv", ["OCC_CODE", "O_GROUP", "A_MEDIAN"])? {
        let flag = match median.as_str() { "#" => "top", "*" => "nothing", _ => "published" };
        let cells = [published(&median)?, flag.to_owned()];
        if code == ALL {
            all_pay = Some(cells);
        } else if group == "detailed" {
            pay.push((code, cells));
        }
    }
    let mut joins = Joins::default();
    let pay = by_row(items, pay, &mut joins);
    report.insert("pay May 2021", joins);

    let line = |code: &str, before: Option<&[String; 2]>, pay: Option<&[String; 2]>| -> Vec<Cow<'static, str>> {
        let none = [String::new(), String::new()];
        let [median, flag] = pay.cloned().unwrap_or_else(|| [String::new(), "nothing".into()]);
        let [from, to] = before.unwrap_or(&none).clone();
        [code.to_owned(), from, to, median, flag].into_iter().map(Cow::from).collect()
    };
    let mut rows = vec![line(ALL, all.as_ref(), all_pay.as_ref())];
    rows.extend(items.codes.iter().enumerate().map(|(row, code)| line(code, before.get(&row), pay.get(&row))));
    Ok(Table { file: BACKTEST, columns: BACKTEST_COLUMNS.to_vec(), wide: Vec::new(), rows })
}
