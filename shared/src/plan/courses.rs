//! A provider's courses or a syllabus: read from CSV, held against the units of a plan and against target occupations. Not
//! how a text finds its competences: links come from the caller.
use super::units::{is_example, to_half};
use super::{Hours, HoursBasis, Unit};
use crate::gap::Demand;
use crate::text::sheet::{Sheet, SheetFault};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// More bytes than the courses of a provider take. Ours.
const BYTES_MAX: usize = 4 << 20;
/// Faults that are told at once.
const FAULTS_MAX: usize = 50;
/// No course has more hours. Ours.
const HOURS_MAX: f64 = 10_000.0;
/// Names of the columns, English and Chinese: title, hours, price, place, text.
const COLUMNS: [&[&str]; 5] = [
    &["title", "course", "name", "课程", "课程名称", "名称"],
    &["hours", "学时", "课时"],
    &["price", "fee", "价格", "学费", "费用"],
    &["place", "地点", "地址"],
    &["text", "description", "content", "内容", "课程内容", "简介"],
];
/// What stands between phrases.
const BETWEEN: [char; 24] = ['\n', '\r', '\t', ',', ';', ':', '(', ')', '[', ']', '|', '•', '·', '，', '、', '；', '：', '。', '（', '）', '！', '？', '“', '”'];
/// Words that join two phrases.
const JOINS: [&str; 8] = [" and ", " or ", " & ", "和", "与", "及", "或", "/"];

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
    /// Its group, as in [`Demand::group`].
    pub group: Option<u32>,
}

/// How much of a unit a course covers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitCover {
    /// Place of the course.
    pub course: usize,
    /// Place of the unit.
    pub unit: usize,
    /// Share of the unit's competences, above 0 to 1; a kindred activity alone counts half.
    pub share: f64,
}

/// Courses against target occupations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Course → target → share of what the target asks (by share × rarity) that the course teaches, a kindred activity counted
    /// half, 0..1; `None` where nothing is known of the target.
    pub cells: Vec<Vec<Option<f64>>>,
    /// Target → the same of all courses together.
    pub together: Vec<Option<f64>>,
    /// Target → what none of the courses teaches, the weightiest first.
    pub untaught: Vec<Vec<u32>>,
}

/// Reads courses: a header with title, hours, price, place, text in any order (or 课程、学时、价格、地点、内容), UTF-8 or, as
/// Chinese spreadsheets write it, GB18030. Only the title is needed; columns of other names are passed over.
///
/// # Errors
/// All faults, 50 at most; a table with a fault is not taken in part.
pub fn read(bytes: &[u8]) -> Result<Vec<Course>, Vec<CourseFault>> {
    let whole = |kind, found: String| vec![CourseFault { line: 0, kind, found }];
    let malformed = |line| CourseFault { line, kind: CourseFaultKind::Malformed, found: String::new() };
    let sheet = Sheet::open(bytes, BYTES_MAX, None).map_err(|fault| match fault {
        SheetFault::TooLarge => whole(CourseFaultKind::TooLarge, bytes.len().to_string()),
        SheetFault::Malformed(line) => vec![malformed(line)],
    })?;
    let [Some(title), hours, price, place, body] = sheet.columns(COLUMNS) else {
        let kind = if sheet.is_blank() { CourseFaultKind::Empty } else { CourseFaultKind::NoTitleColumn };
        return Err(whole(kind, sheet.header.iter().collect::<Vec<_>>().join(",")));
    };
    let (mut courses, mut faults) = (Vec::new(), Vec::new());
    for (line, record) in sheet.rows {
        let Some(record) = record else {
            faults.push(malformed(line));
            continue;
        };
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).filter(|cell| !cell.is_empty());
        let owned = |column| cell(column).map(str::to_owned);
        let stated = cell(hours).map(|cell| cell.parse::<f64>().ok().filter(|hours| *hours > 0.0 && *hours <= HOURS_MAX).ok_or_else(|| cell.to_owned())).transpose();
        match (cell(Some(title)), stated) {
            (Some(title), Ok(hours)) => courses.push(Course { title: title.into(), hours, price: owned(price), place: owned(place), text: owned(body).unwrap_or_default() }),
            (None, _) => faults.push(CourseFault { line, kind: CourseFaultKind::NoTitle, found: String::new() }),
            (_, Err(found)) => faults.push(CourseFault { line, kind: CourseFaultKind::NotHours, found }),
        }
    }
    if faults.is_empty() && courses.is_empty() {
        return Err(whole(CourseFaultKind::Empty, String::new()));
    }
    faults.truncate(FAULTS_MAX);
    if faults.is_empty() { Ok(courses) } else { Err(faults) }
}

/// The phrases of a course that are to be linked: the pieces of its title and text between marks, and what words such as
/// "and" join within them.
pub fn phrases(course: &Course) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let pieces = [course.title.as_str(), course.text.as_str()].into_iter().flat_map(|text| text.split(BETWEEN)).flat_map(|text| text.split(". "));
    for piece in pieces.map(|piece| piece.trim().trim_end_matches('.')).filter(|piece| !piece.is_empty()) {
        found.push(piece);
        let mut parts = vec![piece];
        for join in JOINS {
            parts = parts.into_iter().flat_map(|part| part.split(join)).map(str::trim).filter(|part| !part.is_empty()).collect();
        }
        if parts.len() > 1 {
            found.extend(parts);
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|phrase| seen.insert(*phrase));
    found
}

/// Which units the courses cover, by unit, the fullest cover first.
pub fn cover(links: &[CourseLink], units: &[Unit]) -> Vec<UnitCover> {
    let courses: BTreeSet<usize> = links.iter().map(|link| link.course).collect();
    let mut covers = Vec::new();
    for (place, unit) in units.iter().enumerate() {
        for &course in &courses {
            let own = || links.iter().filter(|link| link.course == course);
            let taught = unit.competences.iter().filter(|competence| own().any(|link| link.competence == **competence)).count();
            let kin = unit.group.is_some() && own().any(|link| link.group == unit.group);
            let share = if taught > 0 { taught as f64 / unit.competences.len() as f64 } else { 0.0 };
            let share = if kin { share.max(0.5) } else { share };
            if share > 0.0 {
                covers.push(UnitCover { course, unit: place, share });
            }
        }
    }
    covers.sort_by(|a, b| a.unit.cmp(&b.unit).then(b.share.total_cmp(&a.share)).then(a.course.cmp(&b.course)));
    covers
}

/// Takes the stated hours of courses into the units that they cover whole, except where the person gave their own; a course
/// of several units spreads its hours by theirs, up to the next half hour each. Of two courses the first counts.
pub fn with_course_hours(units: &mut [Unit], courses: &[Course], covers: &[UnitCover]) {
    let mut of: Vec<Option<(usize, f64)>> = vec![None; units.len()];
    for cover in covers.iter().filter(|cover| cover.share >= 1.0) {
        let hours = courses.get(cover.course).and_then(|course| course.hours);
        let slot = of.get_mut(cover.unit).filter(|slot| slot.is_none());
        if let (Some(slot), Some(hours)) = (slot, hours) {
            *slot = Some((cover.course, hours));
        }
    }
    let own = |unit: &Unit| unit.hours.basis == HoursBasis::Own;
    let spread = |units: &[Unit], course: usize| -> f64 {
        units.iter().zip(&of).filter(|(unit, of)| !own(unit) && of.is_some_and(|(other, _)| other == course)).map(|(unit, _)| unit.hours.expected).sum()
    };
    let all: Vec<Option<(usize, f64)>> = of.iter().map(|of| of.map(|(course, hours)| (course, hours / spread(units, course)))).collect();
    for (unit, of) in units.iter_mut().zip(all) {
        if let Some((course, part)) = of.filter(|_| !own(unit)) {
            let hours = to_half(unit.hours.expected * part);
            unit.hours = Hours { low: hours, expected: hours, high: hours, basis: HoursBasis::Course { course } };
        }
    }
}

/// The matrix of `courses` courses (or the lines of a syllabus) and target occupations or advertisements. Tools that an
/// occupation only names as examples do not count.
pub fn matrix(links: &[CourseLink], courses: usize, targets: &[Vec<Demand>]) -> Coverage {
    let asked: Vec<Vec<Demand>> = targets.iter().map(|demands| demands.iter().filter(|demand| !is_example(demand.kind, demand.share, demand.must)).cloned().collect()).collect();
    let weight = |demand: &Demand| f64::from(demand.share) * f64::from(demand.rarity);
    let taught = |demand: &Demand, course: Option<usize>| {
        let own = || links.iter().filter(|link| course.is_none_or(|course| link.course == course));
        if own().any(|link| link.competence == demand.competence) {
            1.0
        } else if demand.group.is_some() && own().any(|link| link.group == demand.group) {
            0.5
        } else {
            0.0
        }
    };
    let share = |demands: &[Demand], course: Option<usize>| {
        let all: f64 = demands.iter().map(weight).sum();
        (all > 0.0).then(|| demands.iter().map(|demand| weight(demand) * taught(demand, course)).sum::<f64>() / all)
    };
    let untaught = |demands: &Vec<Demand>| {
        let mut left: Vec<&Demand> = demands.iter().filter(|demand| taught(demand, None) <= 0.0).collect();
        left.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.competence.cmp(&b.competence)));
        left.into_iter().map(|demand| demand.competence).collect()
    };
    Coverage {
        cells: (0..courses).map(|course| asked.iter().map(|demands| share(demands, Some(course))).collect()).collect(),
        together: asked.iter().map(|demands| share(demands, None)).collect(),
        untaught: asked.iter().map(untaught).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Track;
    use super::*;
    use crate::span::CompetenceKind;

    fn link(course: usize, competence: u32) -> CourseLink {
        CourseLink { course, competence, group: None }
    }

    fn unit(id: &str, competences: &[u32], hours: f64) -> Unit {
        let hours = Hours { low: hours, expected: hours, high: hours, basis: HoursBasis::OurEstimate };
        Unit { id: id.into(), track: Track::Practice, competences: competences.into(), group: None, standing: None, must: false, weight: 1.0, hours, after: Vec::new(), check_first: false }
    }

    #[test]
    fn courses_are_read_in_either_language_and_encoding() {
        let csv = "课程,学时,价格,地点,内容\nPLC编程,40,1200元,苏州,梯形图、故障排查\n电工基础,,,,\n";
        let expected = Course { title: "PLC编程".into(), hours: Some(40.0), price: Some("1200元".into()), place: Some("苏州".into()), text: "梯形图、故障排查".into() };
        let read_utf8 = read(csv.as_bytes()).unwrap();
        assert_eq!((&read_utf8[0], read_utf8[1].hours), (&expected, None));
        assert_eq!(read(&encoding_rs::GB18030.encode(csv).0).unwrap(), read_utf8);
        assert_eq!(read(b"place,Title\nHere,\"Welding, basic\"\n").unwrap()[0].title, "Welding, basic");
    }

    #[test]
    fn faults_are_told_by_line_and_nothing_is_taken_in_part() {
        let faults = |csv: &str| read(csv.as_bytes()).unwrap_err().into_iter().map(|f| (f.line, f.kind, f.found)).collect::<Vec<_>>();
        assert_eq!(faults("title,hours\nA,20\n,3\nB,many\n"), [(3, CourseFaultKind::NoTitle, String::new()), (4, CourseFaultKind::NotHours, "many".into())]);
        assert_eq!(faults("hours\n3\n")[0].1, CourseFaultKind::NoTitleColumn);
        assert_eq!(faults("title,hours\nA,20,3\n")[0].1, CourseFaultKind::Malformed);
        assert_eq!((faults("")[0].1, faults("title\n")[0].1), (CourseFaultKind::Empty, CourseFaultKind::Empty));
        assert_eq!(faults("title,hours\nA,NaN\n")[0].1, CourseFaultKind::NotHours);
    }

    #[test]
    fn phrases_are_what_stands_between_marks_and_joining_words() {
        let course = Course { title: "PLC编程".into(), text: "Wiring, fault finding and repair. Node.js；液压与气动".into(), ..Course::default() };
        assert_eq!(phrases(&course), ["PLC编程", "Wiring", "fault finding and repair", "fault finding", "repair", "Node.js", "液压与气动", "液压", "气动"]);
    }

    #[test]
    fn a_course_covers_units_whole_in_part_or_by_kin_and_spreads_its_hours() {
        let mut units = [unit("a", &[1], 20.0), unit("b", &[2, 3], 10.0), unit("c", &[4], 8.0), unit("d", &[5], 8.0)];
        units[2].group = Some(9);
        units[3].hours.basis = HoursBasis::Own;
        let links = [link(0, 1), link(0, 2), link(0, 3), link(1, 2), CourseLink { course: 1, competence: 77, group: Some(9) }, link(0, 5)];
        let covers = cover(&links, &units);
        let of: Vec<_> = covers.iter().map(|c| (c.unit, c.course, c.share)).collect();
        assert_eq!(of, [(0, 0, 1.0), (1, 0, 1.0), (1, 1, 0.5), (2, 1, 0.5), (3, 0, 1.0)]);
        let courses = [Course { hours: Some(40.0), ..Course::default() }, Course { hours: Some(5.0), ..Course::default() }];
        with_course_hours(&mut units, &courses, &covers);
        // 40 hours by 20 : 10, the next half; C is covered only in part, D is the person's own.
        assert_eq!(units.each_ref().map(|u| u.hours.expected), [27.0, 13.5, 8.0, 8.0]);
        assert_eq!(units[0].hours.basis, HoursBasis::Course { course: 0 });
    }

    #[test]
    fn a_matrix_worked_by_hand() {
        let demand = |competence, share, rarity, group| Demand { competence, kind: CompetenceKind::Activity, share, rarity, rated: None, group, must: None };
        let example = Demand { kind: CompetenceKind::Technology, ..demand(4, 0.4, 9.0, None) };
        let targets = [vec![demand(1, 1.0, 2.0, None), demand(2, 0.5, 2.0, Some(7)), demand(3, 1.0, 1.0, None), example], Vec::new()];
        let links = [link(0, 1), CourseLink { course: 1, competence: 50, group: Some(7) }];
        let found = matrix(&links, 2, &targets);
        // Weights 2, 1, 1: the first course teaches 2 of 4, the second half of 1.
        assert_eq!(found.cells, [vec![Some(0.5), None], vec![Some(0.125), None]]);
        assert_eq!((found.together, found.untaught), (vec![Some(0.625), None], vec![vec![3], Vec::new()]));
    }
}
