//! What a person ticked of a plan: the hours of a week, a unit as done. Not what follows from it: that is `schedule`.
use super::unit_key;
use crate::state::State;
use std::collections::BTreeSet;
use waymark_shared::plan::schedule::WEEK_HOURS;
use waymark_shared::plan::{Progress, Unit};

/// Hours of a unit ticked in a week, as `my.spent` holds them: `c12-0-6`, with `-d` where they were its last.
pub struct Spent<'s> {
    /// As it stands in the list.
    pub entry: &'s str,
    /// Key of the unit.
    pub key: &'s str,
    /// Week, from 0.
    pub week: u32,
    /// Hours.
    pub hours: f64,
    /// With them the unit is done.
    pub last: bool,
}

/// The entry of a line of a week.
pub fn entry(unit: &Unit, week: u32, hours: f64, last: bool) -> String {
    format!("{}-{week}-{}{}", unit_key(unit), (hours * 100.0).round() / 100.0, if last { "-d" } else { "" })
}

/// All hours that were ticked; what is no entry is passed over.
pub fn spent(state: &State) -> impl Iterator<Item = Spent<'_>> {
    state.list("my.spent").filter_map(|entry| {
        let mut parts = entry.split('-');
        let (key, week, hours) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        (0.0..=WEEK_HOURS[1]).contains(&hours).then_some(Spent { entry, key, week, hours, last: parts.next() == Some("d") })
    })
}

/// Keys of the units that were ticked as done, in the list or with the last of their hours.
pub fn done(state: &State) -> BTreeSet<&str> {
    state.list("my.done").chain(spent(state).filter(|spent| spent.last).map(|spent| spent.key)).collect()
}

/// How far the person is with the units of a plan.
pub fn of(state: &State, units: &[Unit]) -> Vec<Progress> {
    let done = done(state);
    let progress = |unit: &Unit| {
        let key = unit_key(unit);
        let hours: f64 = spent(state).filter(|spent| spent.key == key).map(|spent| spent.hours).sum();
        let done = done.contains(key.as_str());
        (done || hours > 0.0).then(|| Progress { unit: unit.id.clone(), hours, done })
    };
    units.iter().filter_map(progress).collect()
}

/// Hours of units of a plan ticked in a week.
pub fn in_week(state: &State, units: &[Unit], week: u32) -> f64 {
    let keys: BTreeSet<String> = units.iter().map(unit_key).collect();
    spent(state).filter(|spent| spent.week == week && keys.contains(spent.key)).map(|spent| spent.hours).sum()
}
