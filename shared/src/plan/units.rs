//! From the competences of a gap to learning units: which belong together, which come first, how long they may take. Not
//! when they are done: that is `schedule`.
//!
//! **Together.** Work activities of one intermediate activity of O*NET are one unit; every other competence is its own.
//! **Order.** Basic skills, then knowledge, then technical skills and tools, then work activities: a unit waits for those of an
//! earlier kind that it needs, as the caller measures it ([`super::book`]: the occupations that ask for the later ask for the
//! earlier clearly more than others do). Soft skills wait for nothing. Of what is ready the most urgent comes first; a
//! prerequisite is as urgent as what waits for it.
//! **Few.** A plan holds the most telling of each kind ([`Kind::most`]) and every must; all else is named as left out.
use super::{Hours, HoursBasis, Left, LeftOut, RESPONSIBLE, Track, Unit, Units};
use crate::gap::Standing;
use crate::span::CompetenceKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A competence of the gap with what a plan has to know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Want {
    /// Place in the taxonomy.
    pub competence: u32,
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: CompetenceKind,
    /// As the gap has it.
    pub standing: Standing,
    /// As the gap has it.
    pub weight: f32,
    /// How much the target asks for it, 0..1.
    pub share: f32,
    /// As the gap has it.
    pub must: Option<bool>,
    /// Levels between the self-check and what is asked, above 0; `None` without a self-check.
    pub levels_to_go: Option<f32>,
}

/// What the person chose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// Competences to take in, however little they are asked for.
    pub include: Vec<u32>,
    /// Competences to leave out.
    pub decline: Vec<u32>,
    /// Unit → the person's own hours.
    pub hours: BTreeMap<String, f64>,
}

/// Makes units of what a gap holds and puts them in order. `needed(earlier, later)` says how much the competences of one
/// unit are needed for those of another, from 0 (not) on.
pub fn draft(wants: &[Want], choices: &Choices, needed: &dyn Fn(&[u32], &[u32]) -> f32) -> Units {
    let _ = (wants, choices, needed);
    Units::default()
}
