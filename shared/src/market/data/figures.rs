//! What is known of an occupation: employment, flows, pay, schooling, exposure. Not where it stands in a file, nor what its
//! source is: that is `sources`.
use serde::{Deserialize, Serialize};

/// How O*NET's codes of an occupation joined the line item of BLS's matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// The same SOC code.
    Exact,
    /// O*NET's detailed occupations belong to the broad one (`xx-xxx0`) that BLS publishes.
    Broad,
    /// By a table of ours: BLS combines them under a code of its own.
    Hand,
    /// Not at all.
    None,
}

impl Join {
    /// All of them, best first.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Broad, Self::Hand, Self::None];

    /// As it stands in the tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Broad => "broad",
            Self::Hand => "hand",
            Self::None => "none",
        }
    }

    /// From its name in the tables.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|join| join.name() == name)
    }
}

/// Typical education for entry, by BLS's code of it (Employment Projections, "Education Code").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Education {
    /// 1: doctoral or professional degree.
    Doctoral,
    /// 2: master's degree.
    Masters,
    /// 3: bachelor's degree.
    Bachelors,
    /// 4: associate's degree.
    Associates,
    /// 5: postsecondary nondegree award.
    Award,
    /// 6: some college, no degree.
    SomeCollege,
    /// 7: high school diploma or equivalent.
    HighSchool,
    /// 8: no formal educational credential.
    Nothing,
}

/// Typical work experience in a related occupation, by BLS's code of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Experience {
    /// 1: five years or more.
    FiveYears,
    /// 2: less than five years.
    UnderFiveYears,
    /// 4: none (BLS has no 3 any more).
    Nothing,
}

/// Typical training on the job, by BLS's code of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Training {
    /// 1: internship or residency.
    Internship,
    /// 2: apprenticeship.
    Apprenticeship,
    /// 3: long-term, more than a year.
    Long,
    /// 4: moderate-term, one to twelve months.
    Moderate,
    /// 5: short-term, a month or less.
    Short,
    /// 6: none.
    Nothing,
}

/// BLS's codes and words, as the workbook has them.
pub const EDUCATION: [(&str, &str, Education); 8] = [
    ("1", "Doctoral or professional degree", Education::Doctoral),
    ("2", "Master's degree", Education::Masters),
    ("3", "Bachelor's degree", Education::Bachelors),
    ("4", "Associate's degree", Education::Associates),
    ("5", "Postsecondary nondegree award", Education::Award),
    ("6", "Some college, no degree", Education::SomeCollege),
    ("7", "High school diploma or equivalent", Education::HighSchool),
    ("8", "No formal educational credential", Education::Nothing),
];
/// BLS's codes and words, as the workbook has them.
pub const EXPERIENCE: [(&str, &str, Experience); 3] =
    [("1", "5 years or more", Experience::FiveYears), ("2", "Less than 5 years", Experience::UnderFiveYears), ("4", "None", Experience::Nothing)];
/// BLS's codes and words, as the workbook has them.
pub const TRAINING: [(&str, &str, Training); 6] = [
    ("1", "Internship/residency", Training::Internship),
    ("2", "Apprenticeship", Training::Apprenticeship),
    ("3", "Long-term on-the-job training", Training::Long),
    ("4", "Moderate-term on-the-job training", Training::Moderate),
    ("5", "Short-term on-the-job training", Training::Short),
    ("6", "None", Training::Nothing),
];

/// The value of a code.
pub fn by_code<T: Copy>(table: &[(&str, &str, T)], code: &str) -> Option<T> {
    table.iter().find(|(of, ..)| *of == code).map(|(.., value)| *value)
}

/// Mean and percentiles of pay; `None` where BLS publishes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Percentiles {
    /// Mean.
    pub mean: Option<f64>,
    /// A tenth earns less.
    pub p10: Option<f64>,
    /// A quarter earns less.
    pub p25: Option<f64>,
    /// Half earn less.
    pub median: Option<f64>,
    /// Three quarters earn less.
    pub p75: Option<f64>,
    /// Nine tenths earn less.
    pub p90: Option<f64>,
}

/// Which pay BLS publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayPublished {
    /// A year's and an hour's.
    Both,
    /// Only a year's: the work does not fill a year of 2,080 hours, as in teaching.
    Annual,
    /// Only an hour's: few work the whole year, as in acting.
    Hourly,
    /// None.
    Nothing,
}

/// Pay of employees, US dollars before tax, all areas and industries; the self-employed are not in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pay {
    /// A year's, dollars.
    pub annual: Percentiles,
    /// An hour's, dollars.
    pub hourly: Percentiles,
    /// Relative standard error of the mean, as a share.
    pub relative_error: Option<f64>,
    /// Which of them BLS publishes.
    pub published: PayPublished,
}

/// Shares of an occupation's tasks that a large language model could at least halve the time of (Eloundou et al. 2024,
/// supplemental tasks counted half): E1 with a chat tool alone, E2 with software built on one, E0 neither. Over several
/// O*NET codes, their mean. Not a probability of losing a job, and not about robots.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// α, the share E1, 0..1.
    pub alpha: f64,
    /// γ, the shares E1 + E2, 0..1.
    pub gamma: f64,
}

impl Exposure {
    /// β = E1 + E2 / 2 (Eloundou et al. 2024).
    pub fn beta(self) -> f64 {
        f64::midpoint(self.alpha, self.gamma)
    }

    /// Shares of E0, E1 and E2; they sum to 1.
    pub fn shares(self) -> [f64; 3] {
        [1.0 - self.gamma, self.alpha, self.gamma - self.alpha]
    }
}

/// How routine and how manual an occupation is, for scenarios of machines rather than software: an index **of ours**, not
/// calibrated on anything, from O*NET's work context and work activities.
///
/// `routine` is the mean of degree of automation, importance of repeating the same tasks, and 1 − freedom to structure
/// one's work; `manual` the mean importance of handling objects (4.A.3.a.2) and controlling machines (4.A.3.a.3);
/// `bottleneck` the largest importance of repairing mechanical (4.A.3.b.4) or electronic equipment (4.A.3.b.5) and of
/// caring for others (4.A.4.a.5), which machines do least (cf. the bottlenecks of Frey and Osborne 2017). All 0..1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoutineManual {
    /// How routine, 0..1.
    pub routine: f64,
    /// How manual, 0..1.
    pub manual: f64,
    /// How much of what machines do least, 0..1.
    pub bottleneck: f64,
}

impl RoutineManual {
    /// The index, 0..1: the geometric mean of routine, manual and 1 − bottleneck.
    pub fn index(self) -> f64 {
        (self.routine * self.manual * (1.0 - self.bottleneck)).cbrt()
    }
}

/// What is known of an occupation. `None` is "not published", never 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OccupationFigures {
    /// Code of the National Employment Matrix, as `51-2090`.
    pub soc: String,
    /// O*NET-SOC codes that belong to it.
    pub onet: Vec<String>,
    /// How they joined.
    pub join: Join,
    /// BLS's own combination of detailed SOC occupations.
    pub combined: bool,
    /// O*NET's job zone, 1 (little preparation) to 5 (extensive); of several codes the lower median.
    pub job_zone: Option<u8>,
    /// Typical education for entry.
    pub education: Option<Education>,
    /// Typical experience for entry.
    pub experience: Option<Experience>,
    /// Typical training on the job.
    pub training: Option<Training>,
    /// Jobs in 2024, thousands, the self-employed among them.
    pub employment_2024: Option<f64>,
    /// Jobs projected for 2034, thousands.
    pub employment_2034: Option<f64>,
    /// Share of the self-employed, 0..1.
    pub self_employed: Option<f64>,
    /// Openings a year 2024–34, thousands: from growth and from people leaving. Not vacancies at a time.
    pub openings: Option<f64>,
    /// Share of those employed who leave the labour force in a year, 0..1.
    pub exit_rate: Option<f64>,
    /// Share of those employed who change to another occupation in a year, 0..1.
    pub transfer_rate: Option<f64>,
    /// Employees in May 2025, jobs (not thousands), without the self-employed.
    pub jobs: Option<f64>,
    /// Relative standard error of `jobs`, as a share.
    pub jobs_relative_error: Option<f64>,
    /// Pay in May 2025.
    pub pay: Pay,
    /// Exposure to language models as rated by GPT-4.
    pub exposure: Option<Exposure>,
    /// The same as rated by people.
    pub human_exposure: Option<Exposure>,
    /// How routine and manual it is.
    pub routine_manual: Option<RoutineManual>,
}

impl OccupationFigures {
    /// Projected change of employment 2024–34, as a share of 2024: +0.161 is 16.1 % more jobs.
    pub fn growth(&self) -> Option<f64> {
        let (from, to) = (self.employment_2024?, self.employment_2034?);
        (from > 0.0).then(|| to / from - 1.0)
    }

    /// Its major group, as `51-0000`.
    pub fn group(&self) -> String {
        format!("{}-0000", self.soc.get(..2).unwrap_or(""))
    }
}

/// What is known of a major group of occupations, or of all together (`00-0000`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// Code, as `51-0000`.
    pub soc: String,
    /// Name in English, as BLS has it.
    pub name_en: String,
    /// Our Chinese reference name.
    pub name_zh: String,
    /// Share of the labour force unemployed whose last job was of this group, 0..1, mean of 2025.
    pub unemployment: f64,
    /// The labour force of the group, thousands.
    pub labour_force: f64,
    /// Jobs in 2024, thousands.
    pub employment_2024: f64,
    /// Jobs projected for 2034, thousands.
    pub employment_2034: f64,
    /// Median pay of a year in May 2025, dollars.
    pub annual_median: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_shares_sum_to_one_and_beta_counts_the_second_half() {
        // Chief executives (11-1011.00): α .10, γ .82, published β .46.
        let exposure = Exposure { alpha: 0.10, gamma: 0.82 };
        assert!((exposure.beta() - 0.46).abs() < 1e-12);
        assert!((exposure.shares().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((exposure.shares()[1] + exposure.shares()[2] / 2.0 - exposure.beta()).abs() < 1e-12);
    }

    #[test]
    fn the_routine_manual_index_is_a_geometric_mean() {
        let of = |routine, manual, bottleneck| RoutineManual { routine, manual, bottleneck }.index();
        assert!((of(0.4, 0.5, 0.6) - 0.08f64.cbrt()).abs() < 1e-15);
        assert!((of(1.0, 1.0, 0.0) - 1.0).abs() < 1e-15);
        // One who repairs all day is not replaced by what he repairs.
        assert!(of(1.0, 1.0, 1.0).abs() < 1e-15);
        assert!(of(0.4, 0.8, 0.2) > of(0.4, 0.8, 0.8));
    }
}
