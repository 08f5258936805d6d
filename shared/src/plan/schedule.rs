//! Units laid out in weeks. No calendar: weeks count from 0. Not the order of units: that is `units`.
use super::{Deadline, Progress, Schedule, ScheduleRequest, Unit, Week};

/// No week has more hours than this for learning; more is taken as this. Ours.
pub const WEEK_HOURS_MAX: f64 = 60.0;

/// Lays units out, one after the other.
pub fn lay_out(units: &[Unit], request: &ScheduleRequest) -> Schedule {
    let _ = (units, request);
    Schedule::default()
}

/// Months from the beginning to the effect of the training, as `market::system::Parameters::lead_months` takes them.
pub fn lead_months(schedule: &Schedule) -> u8 {
    let _ = schedule;
    0
}
