//! Free resources of a unit from the pack's lists, or the honest answer that none is known. Waymark opens none of them.
use crate::market::data::lists::LearningResource;
use super::Track;
use serde::{Deserialize, Serialize};

/// Resources shown for a unit: too many to choose from help nobody. Ours.
pub const RESOURCES_MAX: usize = 3;

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

/// Words in the title of a resource for those who begin.
const BEGINNERS: [&str; 14] = ["introduction", "intro ", "beginner", "basics", "fundamentals", "getting started", "first steps", "essentials", "crash course", "from scratch", "入门", "基础", "初学", "速成"];

/// Places of the resources of the competences with these ids: those in `language` (`en`, `zh`) first, then those that are for
/// beginners by their title, then those whose licence is known, then in the order of the list.
pub fn all(ids: &[&str], language: &str, resources: &[LearningResource]) -> Vec<usize> {
    let fits = |resource: &LearningResource| resource.competences.iter().any(|id| ids.contains(&id.as_str()));
    let further = |resource: &LearningResource| {
        let title = resource.title.to_lowercase();
        title.contains("advanced") || !BEGINNERS.iter().any(|words| title.contains(words))
    };
    let mut found: Vec<(bool, bool, bool, usize)> = (resources.iter().enumerate().filter(|(_, resource)| fits(resource)))
        .map(|(place, resource)| (!resource.language.starts_with(language), further(resource), resource.licence.is_none(), place))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., place)| place).collect()
}

/// The first [`RESOURCES_MAX`] of [`all`], or what to ask.
pub fn of(ids: &[&str], track: Track, language: &str, resources: &[LearningResource]) -> Sources {
    let mut found = all(ids, language, resources);
    found.truncate(RESOURCES_MAX);
    if found.is_empty() {
        let asks = [Ask::Covers, Ask::Hours, Ask::Price, Ask::Entry, Ask::Practice, Ask::Certificate];
        return Sources::Ask(asks.into_iter().filter(|ask| *ask != Ask::Practice || track == Track::Practice).collect());
    }
    Sources::Open(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_language_what_is_for_beginners_and_a_known_licence_come_first_and_none_is_said() {
        let resource = |language: &str, licence: Option<&str>, of: &str| LearningResource {
            title: "t".into(), url: "https://a.test".into(), language: language.into(), topic: String::new(),
            competences: vec![of.into()], licence: licence.map(Into::into), source: "s".into(),
        };
        let all = [resource("en", None, "a"), resource("en", Some("CC BY 4.0"), "a"), resource("zh-Hans", None, "a"), resource("zh-Hant", Some("CC0"), "b"), resource("en", None, "a")];
        assert_eq!(of(&["a"], Track::Practice, "zh", &all), Sources::Open(vec![2, 1, 0]));
        assert_eq!(of(&["b", "a"], Track::Practice, "en", &all), Sources::Open(vec![1, 0, 4]));
        let titled = |title: &str| LearningResource { title: title.into(), ..all[0].clone() };
        assert_eq!(super::all(&["a"], "en", &[titled("Machine Vision"), titled("Introduction to Advanced Proofs"), titled("Python for Beginners")]), [2, 0, 1]);
        let Sources::Ask(asks) = of(&["c"], Track::Soft, "en", &all) else { panic!() };
        assert!(asks.contains(&Ask::Price) && !asks.contains(&Ask::Practice));
    }
}
