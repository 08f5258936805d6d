//! Units laid out in weeks. No calendar: weeks count from 0. Not the order of units: that is `units`.
use super::{Deadline, Schedule, ScheduleRequest, Unit, Week};
use crate::market::system::LEAD_MONTHS_MAX;

/// A week has between these hours for learning; less or more is taken as these. Ours.
pub const WEEK_HOURS: [f64; 2] = [1.0, 60.0];
/// A unit that has had its hours and is not done still takes so many: only the person says that it is done. Ours.
pub const OPEN_HOURS: f64 = 1.0;
/// Hours less than this are none: sums of fractions.
const NOTHING: f64 = 1e-6;

/// The month, from 1, of a week counted from 0: a month is 52/12 weeks.
pub const fn month(week: u32) -> u32 {
    week.saturating_mul(12) / 52 + 1
}

/// Lays units out, one after the other, from the week to come.
pub fn lay_out(units: &[Unit], request: &ScheduleRequest) -> Schedule {
    let [least, most] = WEEK_HOURS;
    let per_week = if request.hours_per_week.is_nan() { least } else { request.hours_per_week.clamp(least, most) };
    let mut schedule = Schedule::default();
    for (place, unit) in units.iter().enumerate() {
        let own = request.progress.iter().find(|progress| progress.unit == unit.id);
        let spent = own.map_or(0.0, |own| if own.hours.is_finite() { own.hours.max(0.0) } else { 0.0 });
        if own.is_some_and(|own| own.done) {
            schedule.done.push(place);
            schedule.hours_left.push(0.0);
        } else {
            let expected = unit.hours.expected;
            schedule.hours_left.push((expected - spent).max(OPEN_HOURS.min(expected)));
        }
    }
    let over = if request.hours_over.is_finite() { request.hours_over.clamp(0.0, per_week) } else { 0.0 };
    let (mut week, mut free) = (request.from_week, per_week - over);
    let mut lines: Vec<(usize, f64)> = Vec::new();
    for (place, hours) in schedule.hours_left.iter().enumerate() {
        if schedule.done.contains(&place) {
            schedule.ends.push(None);
            continue;
        }
        let mut left = *hours;
        while left > NOTHING {
            if free <= NOTHING {
                schedule.weeks.push(Week { week, lines: std::mem::take(&mut lines) });
                (week, free) = (week.saturating_add(1), per_week);
            }
            let part = left.min(free);
            lines.push((place, part));
            left -= part;
            free -= part;
        }
        schedule.ends.push(Some(week));
    }
    if !lines.is_empty() {
        schedule.weeks.push(Week { week, lines });
    }
    schedule.deadline = request.deadline_weeks.map(|weeks| deadline(units, &schedule, weeks, request.from_week, per_week, over));
    schedule
}

fn deadline(units: &[Unit], schedule: &Schedule, weeks: u32, from_week: u32, per_week: f64, over: f64) -> Deadline {
    let weeks_left = f64::from(weeks.saturating_sub(from_week));
    let room = (weeks_left * per_week - over).max(0.0);
    let all: f64 = schedule.hours_left.iter().sum();
    let needed = (weeks_left > 0.0).then(|| super::units::to_half(all / weeks_left)).filter(|hours| *hours <= WEEK_HOURS[1]);
    let mut fits: Vec<usize> = Vec::new();
    let mut free = room;
    for (place, (unit, hours)) in units.iter().zip(&schedule.hours_left).enumerate().filter(|(place, _)| !schedule.done.contains(place)) {
        let ready = |id: &String| units.iter().position(|other| other.id == *id).is_none_or(|before| schedule.done.contains(&before) || fits.contains(&before));
        if *hours <= free + NOTHING && unit.after.iter().all(ready) {
            free -= hours;
            fits.push(place);
        }
    }
    let kept = all <= room + NOTHING;
    Deadline {
        weeks,
        kept,
        hours_over: if kept { 0.0 } else { all - room },
        hours_per_week_needed: needed,
        weeks_needed: schedule.weeks.last().map_or(from_week, |last| last.week.saturating_add(1)),
        fits,
    }
}

/// Months from week 0 to the end of the schedule: when the training takes effect, as the simulation's `lead_months` takes it;
/// at most [`LEAD_MONTHS_MAX`].
pub fn lead_months(schedule: &Schedule) -> u8 {
    let months = schedule.weeks.last().map_or(0, |last| month(last.week));
    u8::try_from(months).unwrap_or(LEAD_MONTHS_MAX).min(LEAD_MONTHS_MAX)
}

#[cfg(test)]
mod tests {
    use super::super::units::tests::random;
    use super::super::{Hours, HoursBasis, Progress, Track};
    use super::*;

    pub fn unit(id: &str, hours: f64, after: &[&str]) -> Unit {
        let hours = Hours { low: hours, expected: hours, high: hours, basis: HoursBasis::Own };
        Unit { id: id.into(), track: Track::Practice, competences: vec![0], group: None, standing: None, must: false, weight: 1.0, hours, after: after.iter().map(|id| (*id).into()).collect(), check_first: false }
    }

    fn request(hours_per_week: f64) -> ScheduleRequest {
        ScheduleRequest { hours_per_week, deadline_weeks: None, from_week: 0, hours_over: 0.0, progress: Vec::new() }
    }

    fn lines(schedule: &Schedule) -> Vec<(u32, Vec<(usize, f64)>)> {
        schedule.weeks.iter().map(|week| (week.week, week.lines.clone())).collect()
    }

    #[test]
    fn a_schedule_worked_by_hand() {
        let units = [unit("a", 8.0, &[]), unit("b", 3.0, &["a"]), unit("c", 4.0, &[])];
        let schedule = lay_out(&units, &request(6.0));
        assert_eq!(lines(&schedule), [(0, vec![(0, 6.0)]), (1, vec![(0, 2.0), (1, 3.0), (2, 1.0)]), (2, vec![(2, 3.0)])]);
        assert_eq!(schedule.ends, [Some(1), Some(1), Some(2)]);
        assert_eq!((schedule.deadline, lead_months(&lay_out(&units, &request(1.0)))), (None, 4), "15 weeks end in the fourth month");
    }

    #[test]
    fn it_goes_on_from_what_is_done() {
        let units = [unit("a", 8.0, &[]), unit("b", 3.0, &["a"]), unit("c", 4.0, &[])];
        let progress = |unit: &str, hours, done| Progress { unit: unit.into(), hours, done };
        // Done after fewer hours; ran over and not done; spent nothing.
        let more = ScheduleRequest { from_week: 2, progress: vec![progress("a", 5.0, true), progress("b", 9.0, false)], ..request(6.0) };
        let schedule = lay_out(&units, &more);
        assert_eq!(lines(&schedule), [(2, vec![(1, 1.0), (2, 4.0)])]);
        assert_eq!((&schedule.done[..], &schedule.ends[..]), (&[0][..], &[None, Some(2), Some(2)][..]));
    }

    #[test]
    fn hours_that_are_over_fill_their_week() {
        let units = [unit("a", 8.0, &[]), unit("b", 3.0, &["a"])];
        let of = |hours: f64| ScheduleRequest { hours_over: hours, deadline_weeks: Some(2), progress: vec![Progress { unit: "a".into(), hours, done: false }], ..request(6.0) };
        assert_eq!(lines(&lay_out(&units, &of(6.0))), [(0, vec![]), (1, vec![(0, 2.0), (1, 3.0)])]);
        assert_eq!(lines(&lay_out(&units, &of(4.0))), [(0, vec![(0, 2.0)]), (1, vec![(0, 2.0), (1, 3.0)])]);
        assert_eq!([0.0, 4.0].map(|hours| lay_out(&units, &of(hours)).deadline.map(|deadline| deadline.kept)), [Some(true); 2]);
    }

    #[test]
    fn a_deadline_that_cannot_be_kept_is_said_with_what_fits() {
        // B needs A, which does not fit: only C does.
        let units = [unit("a", 9.0, &[]), unit("b", 1.0, &["a"]), unit("c", 4.0, &[])];
        let ask = |weeks, from_week| lay_out(&units, &ScheduleRequest { deadline_weeks: Some(weeks), from_week, ..request(4.0) }).deadline.unwrap();
        assert_eq!(ask(2, 0), Deadline { weeks: 2, kept: false, hours_over: 6.0, hours_per_week_needed: Some(7.0), weeks_needed: 4, fits: vec![2] });
        assert_eq!((ask(4, 0).kept, ask(4, 0).hours_over, ask(4, 0).fits), (true, 0.0, vec![0, 1, 2]));
        assert_eq!((ask(2, 2).kept, ask(2, 2).hours_per_week_needed, ask(2, 2).weeks_needed), (false, None, 6));
    }

    #[test]
    fn no_week_holds_more_than_its_hours_and_no_hour_is_lost() {
        for seed in 0..200u32 {
            let units = random(u64::from(seed)).units;
            let per_week = 1.0 + f64::from(seed % 23) * 0.7;
            let ask = ScheduleRequest { deadline_weeks: Some(seed % 90), ..request(per_week) };
            let schedule = lay_out(&units, &ask);
            for week in &schedule.weeks {
                assert!(week.lines.iter().map(|(_, hours)| hours).sum::<f64>() <= per_week + 1e-9 && week.lines.iter().all(|(_, hours)| *hours > 0.0));
            }
            let laid: f64 = schedule.weeks.iter().flat_map(|week| &week.lines).map(|(_, hours)| hours).sum();
            assert!((laid - units.iter().map(|unit| unit.hours.expected).sum::<f64>()).abs() < 1e-4);
            assert!(schedule.weeks.windows(2).all(|pair| pair[0].week + 1 == pair[1].week));
            assert!(schedule.ends.is_sorted());
            let said = schedule.deadline.clone().unwrap();
            assert_eq!(said.kept, said.weeks_needed <= said.weeks);
            assert_eq!(said.kept, said.fits.len() == units.len());
            assert_eq!(schedule, lay_out(&units, &ask));
        }
        // Nonsense is taken as the nearest hours that a week can have.
        assert_eq!(lay_out(&[unit("a", 2.0, &[])], &request(f64::NAN)).weeks.len(), 2);
        assert_eq!(lay_out(&[unit("a", 70.0, &[])], &request(f64::INFINITY)).weeks.len(), 2);
    }
}
