//! Courses of a provider in the page: which units they cover, and how much of an occupation they teach. Not how a table is
//! read: that is `plan::courses` of the core.
use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::gap::DemandBook;
use waymark_shared::plan::Unit;
use waymark_shared::plan::courses::{Course, CourseFault, CourseFaultKind, CourseLink, UnitCover, cover, matrix, phrases, read, with_course_hours};

use super::words::words;
use super::{Planned, unit_name};
use crate::i18n::Lang;
use crate::studio::Studio;
use crate::studio::figure::{locale, note};
use crate::studio::html::{opener, said, tag};
use crate::worker::protocol::DrawnFile;

/// What no course teaches, at most so many.
const UNTAUGHT: usize = 5;

/// Courses that were read, with the competences that they name.
pub struct Courses {
    all: Vec<Course>,
    links: Vec<CourseLink>,
}

impl Courses {
    /// Reads a table; its texts are linked by name and alias.
    ///
    /// # Errors
    /// The faults of the table.
    pub fn read(studio: &Studio, bytes: &[u8]) -> Result<Self, Vec<CourseFault>> {
        let all = read(bytes)?;
        let book = DemandBook::new(&studio.taxonomy, &studio.data);
        let mut links: Vec<CourseLink> = Vec::new();
        for (course, of) in all.iter().enumerate() {
            for phrase in phrases(of) {
                links.extend(studio.linker().by_rule(phrase).into_iter().map(|found| CourseLink { course, competence: found.competence, group: book.group(found.competence) }));
            }
        }
        links.sort_unstable();
        links.dedup();
        Ok(Self { all, links })
    }

    /// The title of a course.
    pub fn title(&self, course: usize) -> Option<&str> {
        self.all.get(course).map(|course| course.title.as_str())
    }

    /// The courses, and which units they cover.
    pub fn offered(&self, units: &[Unit]) -> (&[Course], Vec<UnitCover>) {
        (&self.all, cover(&self.links, units))
    }

    /// True where one of the courses names a competence.
    pub fn teaches(&self, competence: u32) -> bool {
        self.links.iter().any(|link| link.competence == competence)
    }

    /// Takes the hours of courses into the units that they cover whole.
    pub fn into_units(&self, units: &mut [Unit]) {
        let covers = cover(&self.links, units);
        with_course_hours(units, &self.all, &covers);
    }
}

/// Buttons.
pub fn controls(lang: Lang) -> String {
    let t = words(lang);
    let open = opener("courses", ".csv,text/csv", false, t.courses_file);
    said("p", t.courses_lead) + &tag("p class=\"row\"", &(open + &said("button type=\"button\" data-save=\"courses.csv\"", t.courses_template)))
}

/// A table to fill in.
pub fn template(lang: Lang) -> DrawnFile {
    let head = if lang == Lang::Zh { "课程,学时,价格,地点,内容" } else { "title,hours,price,place,text" };
    DrawnFile { name: "waymark-courses.csv".into(), text: format!("\u{feff}{head}\r\n") }
}

/// What is wrong with the table.
fn told(faults: &[CourseFault], lang: Lang) -> String {
    let t = words(lang);
    let line = |fault: &CourseFault| {
        let what = match fault.kind {
            CourseFaultKind::TooLarge => t.course_too_large,
            CourseFaultKind::Empty => t.course_empty,
            CourseFaultKind::Malformed => t.course_malformed,
            CourseFaultKind::NoTitleColumn => t.course_no_title_column,
            CourseFaultKind::NoTitle => t.course_no_title,
            CourseFaultKind::NotHours => t.course_not_hours,
        };
        said("li", &t.course_fault(&fault.line.to_string(), what))
    };
    tag("div class=\"message\" role=\"alert\"", &(said("p", t.courses_faults) + &tag("ul", &faults.iter().map(line).collect::<String>())))
}

/// What became of the table: how much of the targets it teaches.
pub fn syllabus(studio: &Studio, targets: &[usize], lang: Lang) -> String {
    match &studio.courses {
        None => String::new(),
        Some(Err(faults)) => told(faults, lang),
        Some(Ok(courses)) => said("p", &words(lang).courses_taken(&courses.all.len().to_string())) + &coverage(studio, targets, courses, lang),
    }
}

/// What became of the table: what each course covers of the plan, and how much of the targets they teach.
pub fn html(studio: &Studio, planned: &Planned, lang: Lang) -> String {
    let t = words(lang);
    let courses = match &studio.courses {
        None => return String::new(),
        Some(Err(faults)) => return told(faults, lang),
        Some(Ok(courses)) => courses,
    };
    let units = &planned.units.units;
    let covers = cover(&courses.links, units);
    let separator = if lang == Lang::Zh { "、" } else { "; " };
    let unknown = crate::studio::words::words(lang).not_published;
    let line = |(place, course): (usize, &Course)| {
        let hours = course.hours.map_or(unknown.to_owned(), |hours| t.hours(&write(hours, Quantity::Plain { decimals: 0 }, locale(lang))));
        let of = |value: &Option<String>| value.clone().unwrap_or_else(|| unknown.to_owned());
        let covered: Vec<String> = covers.iter().filter(|cover| cover.course == place).filter_map(|cover| units.get(cover.unit)).map(|unit| unit_name(studio, unit, lang)).collect();
        let covered = if covered.is_empty() { t.course_covers_none.to_owned() } else { t.course_covers(&covered.join(separator)) };
        tag("li", &(said("strong", &t.course_line(&course.title, &hours, &of(&course.price), &of(&course.place))) + &said("p", &covered)))
    };
    let list: String = courses.all.iter().enumerate().map(line).collect();
    let mut targets: Vec<usize> = planned.target.into_iter().collect();
    for target in planned.found.suggestions.iter().filter_map(|suggestion| suggestion.path.target()) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    said("p", &t.courses_taken(&courses.all.len().to_string())) + &tag("ul class=\"plain\"", &list) + &coverage(studio, &targets, courses, lang)
}

/// Courses against occupations; with none there is nothing to say.
fn coverage(studio: &Studio, targets: &[usize], courses: &Courses, lang: Lang) -> String {
    if targets.is_empty() {
        return String::new();
    }
    let t = words(lang);
    let book = DemandBook::new(&studio.taxonomy, &studio.data);
    let demands: Vec<_> = targets.iter().map(|target| book.occupation(*target)).collect();
    let coverage = matrix(&courses.links, courses.all.len(), &demands);
    let unknown = crate::studio::words::words(lang).not_published;
    let share = |value: &Option<f64>| said("td", &value.map_or(unknown.to_owned(), |value| write(value, Quantity::Share { decimals: 0 }, locale(lang))));
    let row = |name: &str, cells: &[Option<f64>]| tag("tr", &(said("th scope=\"row\"", name) + &cells.iter().map(share).collect::<String>()));
    let head: String = std::iter::once(t.matrix_course).chain(targets.iter().map(|target| studio.name(*target, lang))).map(|name| said("th scope=\"col\"", name)).collect();
    let mut rows: String = courses.all.iter().zip(&coverage.cells).map(|(course, cells)| row(&course.title, cells)).collect();
    rows += &row(t.together, &coverage.together);
    let separator = if lang == Lang::Zh { "、" } else { "; " };
    let untaught: Vec<&str> = coverage.untaught.first().into_iter().flatten().take(UNTAUGHT).map(|place| studio.competence(*place, lang)).collect();
    let untaught = if untaught.is_empty() { String::new() } else { note(&t.untaught(&untaught.join(separator))) };
    let table = tag("div class=\"table\" tabindex=\"0\"", &tag("table", &(tag("thead", &tag("tr", &head)) + &tag("tbody", &rows))));
    said("h3", t.matrix_title) + &note(t.matrix_note) + &table + &untaught
}
