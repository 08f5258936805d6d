//! The columns of a person's own table, what they are called, and the empty table to fill in. Not its cells.
use serde::{Deserialize, Serialize};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalColumn {
    /// US code (`51-2090`) or exact name of the occupation, English or Chinese.
    Occupation,
    /// Code of 中华人民共和国职业分类大典 (2022), as `6-31-07-01`.
    ChinaCode,
    /// People employed.
    Employment,
    /// Open positions at the date.
    Vacancies,
    /// People looking for such work at the date.
    JobSeekers,
    /// Currency and period of pay: `CNY/month`, `元/月`.
    PayUnit,
    /// A tenth earns less.
    PayP10,
    /// A quarter earns less.
    PayP25,
    /// Half earn less.
    PayMedian,
    /// Three quarters earn less.
    PayP75,
    /// Nine tenths earn less.
    PayP90,
    /// Unemployed, per cent of the labour force of the occupation.
    Unemployment,
    /// What day, month or year the figures belong to.
    Date,
    /// Who published them.
    Source,
}

impl LocalColumn {
    /// All columns in the order of the template.
    pub const ALL: [Self; 14] = [
        Self::Occupation,
        Self::ChinaCode,
        Self::Employment,
        Self::Vacancies,
        Self::JobSeekers,
        Self::PayUnit,
        Self::PayP10,
        Self::PayP25,
        Self::PayMedian,
        Self::PayP75,
        Self::PayP90,
        Self::Unemployment,
        Self::Date,
        Self::Source,
    ];

    /// Its name in the header, English and Chinese; both are taken.
    pub const fn names(self) -> [&'static str; 2] {
        match self {
            Self::Occupation => ["occupation", "职业"],
            Self::ChinaCode => ["china_code", "大典编码"],
            Self::Employment => ["employment", "就业人数"],
            Self::Vacancies => ["vacancies", "空缺岗位数"],
            Self::JobSeekers => ["job_seekers", "求职人数"],
            Self::PayUnit => ["pay_unit", "工资单位"],
            Self::PayP10 => ["pay_p10", "工资P10"],
            Self::PayP25 => ["pay_p25", "工资P25"],
            Self::PayMedian => ["pay_median", "工资中位数"],
            Self::PayP75 => ["pay_p75", "工资P75"],
            Self::PayP90 => ["pay_p90", "工资P90"],
            Self::Unemployment => ["unemployment_percent", "失业率%"],
            Self::Date => ["date", "日期"],
            Self::Source => ["source", "来源"],
        }
    }
}

/// The language of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateLanguage {
    /// English names of columns.
    English,
    /// Chinese names of columns.
    Chinese,
}

/// An empty table to fill in: remarks (lines with `#`), then the header.
pub fn template(language: TemplateLanguage) -> String {
    let (remarks, column): (&[&str], usize) = match language {
        TemplateLanguage::English => (
            &[
                "# One line an occupation. Leave a cell empty where you have no figure; an empty cell is not 0.",
                "# occupation: a US code such as 51-2090, or the exact name as Waymark shows it. china_code: code of the Chinese classification (2022). One of the two is needed.",
                "# employment, vacancies, job_seekers: numbers of people. pay_unit: CNY/month, CNY/year, USD/year ... unemployment_percent: 0 to 100.",
                "# date (2025, 2025-06 or 2025-06-30) and source are needed in every line.",
            ],
            0,
        ),
        TemplateLanguage::Chinese => (
            &[
                "# 每行一个职业。没有数据的单元格请留空；空单元格不等于 0。",
                "# 职业：美国职业编码（如 51-2090）或路标显示的完整名称。大典编码：《职业分类大典（2022年版）》编码。两者至少填一项。",
                "# 就业人数、空缺岗位数、求职人数：人数。工资单位：元/月、元/年等。失业率%：0 到 100。",
                "# 每行都要填日期（2025、2025-06 或 2025-06-30）和来源。",
            ],
            1,
        ),
    };
    let header: Vec<&str> = LocalColumn::ALL.iter().filter_map(|c| c.names().get(column).copied()).collect();
    // With a byte order mark, or spreadsheets take the Chinese for another encoding.
    format!("\u{feff}{}\n{}\n", remarks.join("\n"), header.join(","))
}
