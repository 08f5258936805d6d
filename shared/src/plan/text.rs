//! A plan as CSV, and an agreed next step as a calendar file (iCalendar, RFC 5545). Words and dates are the caller's; nothing
//! but what is given stands in them.
use super::{Schedule, Unit};
use crate::text::sheet::line;

/// The weeks of a plan as CSV (RFC 4180): a line a week and unit. `header` names the five columns: week, unit, hours, hours of
/// the unit still to go at first, its competences; `name` words a unit by its place, `competences` what is in it.
pub fn csv(header: [&str; 5], units: &[Unit], schedule: &Schedule, name: &dyn Fn(usize) -> String, competences: &dyn Fn(usize) -> String) -> String {
    let mut text = line(header);
    for week in &schedule.weeks {
        for (place, hours) in week.lines.iter().filter(|(place, _)| *place < units.len()) {
            let left = schedule.hours_left.get(*place).copied().unwrap_or(0.0);
            text.push_str(&line([(week.week + 1).to_string(), name(*place), short(*hours), short(left), competences(*place)]));
        }
    }
    text
}

/// At most two decimals, none that are 0.
fn short(hours: f64) -> String {
    let text = format!("{hours:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A next step that person and counsellor agreed on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NextStep {
    /// Tells it from other entries of the calendar: letters and digits by the caller, as `waymark-1a2b`. No name in it.
    pub uid: String,
    /// When the file was made, UTC: `20261124T220000Z`.
    pub made: String,
    /// The day, all of it: year, month, day.
    pub day: (u16, u8, u8),
    /// What was agreed, in one line.
    pub summary: String,
    /// More, in lines.
    pub note: String,
}

/// Why there is no calendar file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NextStepError {
    /// No such day.
    #[error("there is no such day: give year, month and day of the calendar")]
    Day,
    /// `uid` or `made` is not of its form.
    #[error("uid must be letters, digits and hyphens, made as 20261124T220000Z")]
    Form,
}

/// A day's event without an alarm, as iCalendar text.
///
/// # Errors
/// [`NextStepError`].
pub fn ics(step: &NextStep) -> Result<String, NextStepError> {
    let (year, month, day) = step.day;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if !(1..=days).contains(&day) || !(1900..=9999).contains(&year) {
        return Err(NextStepError::Day);
    }
    let made = step.made.as_bytes();
    let stamp = made.len() == 16 && made.iter().enumerate().all(|(place, byte)| match place {
        8 => *byte == b'T',
        15 => *byte == b'Z',
        _ => byte.is_ascii_digit(),
    });
    if !stamp || step.uid.is_empty() || !step.uid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(NextStepError::Form);
    }
    let (summary, note) = (escaped(&step.summary), escaped(&step.note));
    let mut lines = vec!["BEGIN:VCALENDAR".into(), "VERSION:2.0".into(), "PRODID:-//Waymark//Waymark//EN".into(), "BEGIN:VEVENT".into()];
    lines.extend([format!("UID:{}", step.uid), format!("DTSTAMP:{}", step.made), format!("DTSTART;VALUE=DATE:{year:04}{month:02}{day:02}"), format!("SUMMARY:{summary}")]);
    if !note.is_empty() {
        lines.push(format!("DESCRIPTION:{note}"));
    }
    lines.extend(["TRANSP:TRANSPARENT".into(), "END:VEVENT".into(), "END:VCALENDAR".into()]);
    Ok(lines.iter().map(|line: &String| folded(line)).collect())
}

/// TEXT of RFC 5545, 3.3.11: backslash, semicolon, comma and line ends escaped; other control characters left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").replace('\r', "\n").trim_end().chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A content line of RFC 5545, 3.1: at most 75 octets, going on after a line end and a blank; never within a character.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::super::units::tests::random;
    use super::super::{ScheduleRequest, schedule::lay_out};
    use super::*;

    fn step(summary: &str, note: &str) -> NextStep {
        NextStep { uid: "waymark-1a2b".into(), made: "20261124T220000Z".into(), day: (2026, 12, 8), summary: summary.into(), note: note.into() }
    }

    #[test]
    fn a_calendar_file_is_escaped_and_folded() {
        let text = ics(&step("Visit the school; ask for hours, price", "Bring:\n\\ papers\r\n")).unwrap();
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Waymark//Waymark//EN\r\nBEGIN:VEVENT\r\nUID:waymark-1a2b\r\nDTSTAMP:20261124T220000Z\r\nDTSTART;VALUE=DATE:20261208\r\nSUMMARY:Visit the school\\; ask for hours\\, price\r\nDESCRIPTION:Bring:\\n\\\\ papers\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(text, expected);
        // A line end in the summary opens no property.
        assert!(!ics(&step("a\rATTENDEE:mailto:x@y.z\u{85}", "")).unwrap().contains("\nATTENDEE"));
        let long = "到培训中心咨询电工课程的时间、费用和考证要求，".repeat(9);
        let text = ics(&step(&long, "")).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 75) && text.replace("\r\n ", "").contains(&long));
    }

    #[test]
    fn a_day_that_is_none_and_a_loose_id_are_refused() {
        for (day, fine) in [((2026, 2, 29), false), ((2028, 2, 29), true), ((2100, 2, 29), false), ((2026, 13, 1), false), ((2026, 0, 1), false), ((2026, 4, 31), false), ((2026, 4, 0), false)] {
            assert_eq!(ics(&NextStep { day, ..step("a", "") }).is_ok(), fine, "{day:?}");
        }
        assert_eq!(ics(&NextStep { uid: "a\r\nX:1".into(), ..step("a", "") }), Err(NextStepError::Form));
        assert_eq!(ics(&NextStep { made: "2026-11-24".into(), ..step("a", "") }), Err(NextStepError::Form));
    }

    #[test]
    fn a_plan_as_csv_reads_back_and_no_cell_is_a_formula() {
        let units = random(5).units;
        let schedule = lay_out(&units, &ScheduleRequest { hours_per_week: 6.5, deadline_weeks: None, from_week: 3, hours_over: 0.0, progress: Vec::new() });
        let name = |place: usize| if place == 0 { "=HYPERLINK(1,\"x\")".to_owned() } else { units[place].id.clone() };
        let text = csv(["week", "unit", "hours", "left", "what"], &units, &schedule, &name, &|place| format!("a, \"{place}\"\nb"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), schedule.weeks.iter().map(|week| week.lines.len()).sum::<usize>());
        assert_eq!((&rows[0][0], &rows[0][1], &rows[0][4]), ("4", "'=HYPERLINK(1,\"x\")", "a, \"0\"\nb"));
        assert_eq!((short(6.50), short(0.25), short(10.0)), ("6.5".into(), "0.25".into(), "10".into()));
    }
}
