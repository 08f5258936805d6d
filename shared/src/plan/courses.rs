//! A provider's courses or a syllabus: read from CSV, held against the units of a plan and against target occupations. Not
//! how a text finds its competences: links come from the caller.
use super::Unit;
use crate::gap::Demand;
use serde::{Deserialize, Serialize};

/// A course.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Title.
    pub title: String,
    /// Course hours (学时), where stated.
    pub hours: Option<f64>,
    /// Price as the provider writes it, with its currency.
    pub price: Option<String>,
    /// Where it is held.
    pub place: Option<String>,
    /// What it teaches.
    pub text: String,
}

/// What is wrong with a table of courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseFaultKind {
    /// Too many bytes or lines.
    TooLarge,
    /// No header or no line under it.
    Empty,
    /// No CSV, or a line of another width than the header.
    Malformed,
    /// No column for the title.
    NoTitleColumn,
    /// A line without a title.
    NoTitle,
    /// Hours that are no number of more than 0.
    NotHours,
}

/// A fault with its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {kind:?}, {found:?}")]
pub struct CourseFault {
    /// From 1; 0 for the whole file.
    pub line: u64,
    /// What is wrong.
    pub kind: CourseFaultKind,
    /// What stands there.
    pub found: String,
}

/// A competence that a course teaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CourseLink {
    /// Place of the course.
    pub course: usize,
    /// Place of the competence in the taxonomy.
    pub competence: u32,
}

/// How much of a unit a course covers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitCover {
    /// Place of the course.
    pub course: usize,
    /// Place of the unit.
    pub unit: usize,
    /// Share of the unit's competences, above 0 to 1.
    pub share: f64,
}

/// Courses against target occupations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Course → target → share of what the target asks (by share × rarity) that the course teaches, 0..1; `None` where
    /// nothing is known of the target.
    pub cells: Vec<Vec<Option<f64>>>,
    /// Target → the same of all courses together.
    pub together: Vec<Option<f64>>,
    /// Target → what none of the courses teaches, the weightiest first.
    pub untaught: Vec<Vec<u32>>,
}

/// Reads courses: a header with title, hours, price, place, text in any order (or 课程、学时、价格、地点、内容), UTF-8 or GB18030.
/// Only the title is needed.
///
/// # Errors
/// All faults, 50 at most; a table with a fault is not taken in part.
pub fn read(bytes: &[u8]) -> Result<Vec<Course>, Vec<CourseFault>> {
    let _ = bytes;
    Ok(Vec::new())
}

/// The phrases of a course that are linked: its title and the pieces of its text.
pub fn phrases(course: &Course) -> Vec<&str> {
    let _ = course;
    Vec::new()
}

/// Which units the courses cover.
pub fn cover(links: &[CourseLink], units: &[Unit]) -> Vec<UnitCover> {
    let _ = (links, units);
    Vec::new()
}

/// Takes a course's hours into the units that it covers whole; a course that covers several spreads its hours by theirs.
pub fn with_course_hours(units: &mut [Unit], courses: &[Course], covers: &[UnitCover]) {
    let _ = (units, courses, covers);
}

/// The matrix of courses and target occupations (or advertisements).
pub fn matrix(links: &[CourseLink], courses: usize, targets: &[Vec<Demand>]) -> Coverage {
    let _ = (links, courses, targets);
    Coverage::default()
}
