//! A firm: who could move where. Groups of people in one occupation, never one person; groups under [`GROUP_MIN`] are no
//! groups. No exposure, risk or score of a worker. Not what a group would learn: that is `plan`.
use crate::market::local::{LocalColumn, LocalFault, LocalFaultKind};
use crate::path::search::{PathRequest, PathStep, StepFigures, after_each_step};
use crate::path::{Carried, Needs, Thresholds, ViewWeights};
use crate::plan::Unit;
use crate::text::sheet::{Sheet, SheetFault};
use std::collections::BTreeMap;

/// A group has at least so many people.
pub const GROUP_MIN: usize = 5;
/// No firm's table has more bytes. Ours.
const BYTES_MAX: usize = 1 << 20;
/// Faults that are told at once.
const FAULTS_MAX: usize = 50;
/// No occupation of a firm has more people. Ours.
const PEOPLE_MAX: usize = 10_000_000;
/// Names of the columns, English and Chinese: occupation, headcount.
const COLUMNS: [&[&str]; 2] = [&["occupation", "job", "职业", "岗位", "工种"], &["headcount", "people", "employees", "人数", "在岗人数"]];

/// People in one occupation.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its place.
    pub occupation: usize,
    /// How many, at least [`GROUP_MIN`].
    pub people: usize,
    /// Competences that at least half of the group shows; none where only its headcount is known.
    pub brought: Vec<u32>,
}

/// The groups of a firm, by occupation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// Those that may be shown.
    pub groups: Vec<Group>,
    /// Occupations with fewer people: places to move to, and no more.
    pub small: Vec<usize>,
}

/// Where a group could move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupMove {
    /// Place of the occupation.
    pub to: usize,
    /// How well what the group brings prepares for it, 0..1.
    pub score: f32,
    /// Months of schooling and training, typical for the US; `None` where not known.
    pub months: Option<f64>,
}

/// Reads a table of occupation and headcount (职业、人数), UTF-8 or GB18030; columns of other names are passed over, and lines of
/// one occupation are added up. `place` finds an occupation by what stands in its cell. 0 people is an occupation to fill.
///
/// # Errors
/// All faults, 50 at most; a table with a fault is not taken in part.
pub fn headcounts(bytes: &[u8], place: &dyn Fn(&str) -> Option<usize>) -> Result<Vec<(usize, usize)>, Vec<LocalFault>> {
    use LocalFaultKind as K;
    let fault = |line, kind, found: &str| LocalFault { line, column: None, kind, found: found.to_owned() };
    let malformed = |line| fault(line, K::Malformed, "");
    let sheet = Sheet::open(bytes, BYTES_MAX, None).map_err(|of| match of {
        SheetFault::TooLarge => vec![fault(0, K::TooLarge, "")],
        SheetFault::Malformed(line) => vec![malformed(line)],
    })?;
    let columns = sheet.columns(COLUMNS);
    let [Some(occupation), Some(people)] = columns else {
        if sheet.is_blank() {
            return Err(vec![fault(0, K::Empty, "")]);
        }
        let missing: Vec<&str> = COLUMNS.iter().zip(columns).filter(|(_, at)| at.is_none()).filter_map(|(names, _)| names.first().copied()).collect();
        return Err(vec![fault(sheet.line, K::ColumnMissing, &missing.join(", "))]);
    };
    let (mut all, mut faults) = (BTreeMap::<usize, usize>::new(), Vec::new());
    for (line, record) in sheet.rows {
        let Some(record) = record else {
            faults.push(malformed(line));
            continue;
        };
        let [named, count] = [occupation, people].map(|column| record.get(column).unwrap_or_default());
        match (place(named), count.parse::<usize>().ok().filter(|count| *count <= PEOPLE_MAX)) {
            (Some(place), Some(count)) => *all.entry(place).or_default() += count,
            (None, _) if named.is_empty() => faults.push(LocalFault { column: Some(LocalColumn::Occupation), ..fault(line, K::CellMissing, "") }),
            (None, _) => faults.push(LocalFault { column: Some(LocalColumn::Occupation), ..fault(line, K::UnknownOccupation, named) }),
            (_, None) => faults.push(fault(line, K::NotANumber, count)),
        }
    }
    faults.truncate(FAULTS_MAX);
    match (faults.is_empty(), all.is_empty()) {
        (false, _) => Err(faults),
        (true, true) => Err(vec![fault(0, K::Empty, "")]),
        (true, false) => Ok(all.into_iter().collect()),
    }
}

/// Groups of a table of headcounts and of people by their occupation and what they bring; where both know an occupation the
/// greater number counts. What is brought is only said of [`GROUP_MIN`] people or more.
pub fn groups(headcounts: &[(usize, usize)], people: &[(usize, Vec<u32>)]) -> Groups {
    let mut counts: BTreeMap<usize, usize> = headcounts.iter().copied().collect();
    let mut bring: BTreeMap<usize, Vec<&Vec<u32>>> = BTreeMap::new();
    people.iter().for_each(|(occupation, brought)| bring.entry(*occupation).or_default().push(brought));
    for (occupation, of) in &bring {
        let count = counts.entry(*occupation).or_default();
        *count = of.len().max(*count);
    }
    let mut all = Groups::default();
    for (occupation, count) in counts {
        if count < GROUP_MIN {
            all.small.push(occupation);
            continue;
        }
        let of = bring.get(&occupation).filter(|of| of.len() >= GROUP_MIN).map_or(&[][..], Vec::as_slice);
        let mut having: BTreeMap<u32, usize> = BTreeMap::new();
        of.iter().copied().flatten().for_each(|competence| *having.entry(*competence).or_default() += 1);
        let brought = having.into_iter().filter(|(_, count)| count * 2 >= of.len()).map(|(competence, _)| competence).collect();
        all.groups.push(Group { occupation, people: count, brought });
    }
    all
}

/// Which of the targets are within reach of a group, the nearest first. Its schooling is what its occupation usually asks for.
pub fn moves(group: &Group, targets: &[usize], needs: &Needs, weights: &ViewWeights, figures: &[StepFigures], thresholds: &Thresholds) -> Vec<GroupMove> {
    let carried = Carried::of_person(needs, Some(group.occupation), &group.brought);
    let own = figures.get(group.occupation).copied().unwrap_or_default();
    let request = PathRequest { origin: Some(group.occupation), education: own.education, zone: own.zone, ..PathRequest::default() };
    let step = |to: &usize| {
        let score = carried.score(needs, weights, *to)?.value;
        let months = after_each_step(&[PathStep { to: *to, score }], figures, &request).first().and_then(|after| after.months);
        (*to != group.occupation && score >= thresholds.within_reach).then_some(GroupMove { to: *to, score, months })
    };
    let mut found: Vec<GroupMove> = targets.iter().filter_map(step).collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.to.cmp(&b.to)));
    found
}

/// Few, expected and many hours of units together.
pub fn hours(units: &[Unit]) -> super::Span {
    let sum = |of: fn(&Unit) -> f64| units.iter().map(of).sum();
    super::Span { low: sum(|unit| unit.hours.low), middle: sum(|unit| unit.hours.expected), high: sum(|unit| unit.hours.high) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::data::figures::{Education, Training};
    use crate::path::needs::ViewRows;

    fn place(text: &str) -> Option<usize> {
        ["welder", "装配工", "robot technician"].iter().position(|name| *name == text)
    }

    #[test]
    fn a_table_is_read_in_either_language_and_encoding_and_lines_are_added_up() {
        let csv = "部门,职业,人数\n一,装配工,7\n二,装配工,4\n二,welder,0\n";
        assert_eq!(headcounts(csv.as_bytes(), &place), Ok(vec![(0, 0), (1, 11)]));
        assert_eq!(headcounts(&encoding_rs::GB18030.encode(csv).0, &place), Ok(vec![(0, 0), (1, 11)]));
        assert_eq!(headcounts(b"\xef\xbb\xbfHeadcount,Occupation\n12,welder\n", &place), Ok(vec![(0, 12)]));
    }

    #[test]
    fn faults_are_told_by_line_and_nothing_is_taken_in_part() {
        use LocalFaultKind as K;
        let faults = |csv: &str| headcounts(csv.as_bytes(), &place).unwrap_err().into_iter().map(|f| (f.line, f.kind, f.found)).collect::<Vec<_>>();
        assert_eq!(faults("occupation,headcount\nwelder,6\nastronaut,2\n,3\nwelder,-1\n"), [(3, K::UnknownOccupation, "astronaut".into()), (4, K::CellMissing, String::new()), (5, K::NotANumber, "-1".into())]);
        assert_eq!(faults("occupation\nwelder\n"), [(1, K::ColumnMissing, "headcount".into())]);
        assert_eq!((faults("")[0].1, faults("occupation,headcount\n")[0].1, faults("occupation,headcount\nwelder,6,7\n")[0].1), (K::Empty, K::Empty, K::Malformed));
        assert_eq!((faults("occupation,headcount\nwelder,1e9\n")[0].1, faults(&"x".repeat(BYTES_MAX + 1))[0].1), (K::NotANumber, K::TooLarge));
    }

    #[test]
    fn groups_under_five_are_none_and_what_is_brought_is_what_half_bring() {
        let four = (0..4).map(|_| (2, vec![9]));
        // Six people: 1 by all, 2 by three, 3 by two.
        let six = (0..6).map(|i| (1, if i < 2 { vec![1, 2, 3] } else if i < 3 { vec![1, 2] } else { vec![1] }));
        let people: Vec<(usize, Vec<u32>)> = four.chain(six).collect();
        let all = groups(&[(0, 4), (3, 5), (1, 3)], &people);
        let group = |occupation, people, brought: &[u32]| Group { occupation, people, brought: brought.into() };
        assert_eq!(all, Groups { groups: vec![group(1, 6, &[1, 2]), group(3, 5, &[])], small: vec![0, 2] });
        // A headcount makes a group of four files, but says nothing of what they bring.
        assert_eq!(groups(&[(2, 40)], &people[..4]).groups, [group(2, 40, &[])]);
        assert_eq!(groups(&[], &[]), Groups::default());
    }

    #[test]
    fn moves_worked_by_hand() {
        // Activities 0..3, all of one amount: 0 asks 0, 1; 1 asks 0, 1, 2; 2 asks 3.
        let view = ViewRows { rows: vec![Some(vec![(0, 1.0), (1, 1.0)]), Some(vec![(0, 1.0), (1, 1.0), (2, 1.0)]), Some(vec![(3, 1.0)])], by_rarity: false };
        let nothing = || ViewRows { rows: Vec::new(), by_rarity: false };
        let needs = Needs::new(&["51-2011", "51-2021", "51-3011"], [view, nothing(), nothing(), nothing(), nothing()], vec![vec![(0, 0)], vec![(0, 1)], vec![(0, 2)], vec![(0, 3)]]);
        let of = |education, training| StepFigures { education: Some(education), training: Some(training), zone: Some(2), ..StepFigures::default() };
        let figures = [of(Education::HighSchool, Training::Nothing), of(Education::Associates, Training::Moderate), of(Education::Nothing, Training::Short)];
        let thresholds = Thresholds { within_reach: 0.5, very_close: 0.9 };
        let found = |brought: &[u32]| moves(&Group { occupation: 0, people: 5, brought: brought.into() }, &[0, 1, 2], &needs, &ViewWeights::default(), &figures, &thresholds);
        // Two of three shared, nothing left unused: √(2/3). Two years more of school, then six months.
        let near = found(&[]);
        assert_eq!((near.len(), near[0].to, near[0].months), (1, 1, Some(30.0)));
        assert!((near[0].score - (2f32 / 3.0).sqrt()).abs() < 1e-6);
        // With activity 3 in full the third is shared whole, two of the present unused: √(1 / (1 + ½)).
        let more = found(&[3]);
        assert_eq!(more.iter().map(|of| (of.to, of.months)).collect::<Vec<_>>(), [(1, Some(30.0)), (2, Some(1.0))]);
    }
}
