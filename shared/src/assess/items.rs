//! The statements of the self-check, read from a table of ours. Not the answers, and no wording of O*NET's: its level scale
//! only guided where a rung sits.
use super::AssessError;
use std::collections::BTreeMap;

/// The shipped table: 35 skills, 33 areas of knowledge and the 30 work activities that most occupations of the pack share,
/// five rungs each. A line is id of the competence, rung, level, English, Chinese, parted by tabs. Wording ours (CC0).
pub const ITEMS: &str = include_str!("items.tsv");

/// The top of O*NET's level scale (Scales Reference, O*NET 29.3: LV, 0 to 7).
pub const LEVEL_MAX: f64 = 7.0;

/// One "I can …" statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its place on the ladder of the competence, from 1.
    pub rung: u8,
    /// Where it sits on O*NET's level scale, above 0 and below 7: at this level half of the people are assumed to say "yes".
    /// Set by us beside O*NET's anchors, not estimated from answers.
    pub level: f64,
    /// English, first person.
    pub en: String,
    /// Chinese, first person.
    pub zh: String,
}

/// All statements by competence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemBank {
    ladders: BTreeMap<String, Vec<Item>>,
}

impl ItemBank {
    /// The statements that are shipped.
    ///
    /// # Errors
    /// As [`ItemBank::parse`].
    pub fn shipped() -> Result<Self, AssessError> {
        Self::parse(ITEMS)
    }

    /// Reads a table as [`ITEMS`].
    ///
    /// # Errors
    /// [`AssessError::Malformed`] with the line: not five fields, a level off the scale, or rungs that do not climb.
    pub fn parse(table: &str) -> Result<Self, AssessError> {
        let mut ladders: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        for (line, number) in table.lines().zip(1usize..) {
            let bad = |detail: &str| AssessError::Malformed { line: number, detail: detail.to_owned() };
            let [id, rung, level, en, zh] = line.split('\t').collect::<Vec<_>>().try_into().map_err(|_| bad("not five fields"))?;
            let rung: u8 = rung.parse().map_err(|_| bad("the rung is no number"))?;
            let level: f64 = level.parse().map_err(|_| bad("the level is no number"))?;
            if !(level > 0.0 && level < LEVEL_MAX) {
                return Err(bad("the level is not within 0 and 7"));
            }
            let ladder = ladders.entry(id.to_owned()).or_default();
            if usize::from(rung) != ladder.len() + 1 || ladder.last().is_some_and(|below| below.level >= level) {
                return Err(bad("the rung does not stand above the one before"));
            }
            ladder.push(Item { rung, level, en: en.to_owned(), zh: zh.to_owned() });
        }
        Ok(Self { ladders })
    }

    /// The competences that can be checked, by id.
    pub fn competences(&self) -> impl Iterator<Item = &str> {
        self.ladders.keys().map(String::as_str)
    }

    /// The statements of a competence, from the lowest rung.
    ///
    /// # Errors
    /// [`AssessError::Unknown`] where there are none.
    pub fn ladder(&self, competence: &str) -> Result<&[Item], AssessError> {
        self.ladders.get(competence).map(Vec::as_slice).ok_or_else(|| AssessError::Unknown { competence: competence.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const COMPETENCES: &str = include_str!("../../../public/pack/taxonomy/competences.tsv");
    const WEIGHTS: &str = include_str!("../../../public/pack/taxonomy/weights.tsv");
    /// Rungs of every ladder.
    const RUNGS: usize = 5;
    /// How many work activities have a ladder.
    const ACTIVITIES: usize = 30;

    /// (id, kind) in the order of the pack.
    fn competences() -> Vec<(&'static str, &'static str)> {
        COMPETENCES.lines().map(|line| line.split('\t').collect::<Vec<_>>()).map(|fields| (fields[0], fields[1])).collect()
    }

    #[test]
    fn every_skill_and_knowledge_area_and_the_commonest_activities_have_a_ladder() {
        let all = competences();
        // Competence → (occupations, summed weight).
        let mut counts = vec![(0u32, 0u32); all.len()];
        for pair in WEIGHTS.lines().flat_map(|line| line.split_once('\t').unwrap().1.split(' ')) {
            let (place, weight) = pair.split_once(':').unwrap();
            let count = &mut counts[place.parse::<usize>().unwrap()];
            *count = (count.0 + 1, count.1 + weight.parse::<u32>().unwrap());
        }
        let mut activities: Vec<usize> = (0..all.len()).filter(|i| all[*i].1 == "activity").collect();
        activities.sort_by_key(|i| std::cmp::Reverse(counts[*i]));
        let commonest = activities[..ACTIVITIES].iter().map(|i| all[*i].0);
        let elements = all.iter().filter(|(_, kind)| ["skill", "knowledge"].contains(kind)).map(|(id, _)| *id);
        let wanted: BTreeSet<&str> = elements.chain(commonest).collect();
        let bank = ItemBank::shipped().unwrap();
        assert_eq!(bank.competences().collect::<BTreeSet<_>>(), wanted);
    }

    #[test]
    fn every_ladder_spans_the_scale_in_even_steps() {
        let bank = ItemBank::shipped().unwrap();
        for id in bank.competences() {
            let levels: Vec<f64> = bank.ladder(id).unwrap().iter().map(|item| item.level).collect();
            assert!(levels.len() >= RUNGS, "{id}");
            assert!(levels[0] <= 2.0 && levels[levels.len() - 1] >= 5.0, "{id}: {levels:?}");
            assert!(levels.windows(2).all(|pair| (0.5..=2.0).contains(&(pair[1] - pair[0]))), "{id}: {levels:?}");
        }
    }

    #[test]
    fn statements_are_said_in_the_first_person_in_plain_words_of_both_languages() {
        let bank = ItemBank::shipped().unwrap();
        let mut finds = Vec::new();
        let mut seen = BTreeSet::new();
        let has_han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for (id, item) in bank.competences().flat_map(|id| bank.ladder(id).unwrap().iter().map(move |item| (id, item))) {
            let mut find = |what: &str| finds.push(format!("{id} {}: {what}: {} {}", item.rung, item.en, item.zh));
            if !item.en.starts_with("I can ") || !item.en.ends_with('.') || has_han(&item.en) {
                find("English starts with I can, ends with a stop");
            }
            if !item.zh.starts_with("我能") || !item.zh.ends_with('。') {
                find("Chinese starts with 我能, ends with a stop");
            }
            if item.en.split(' ').count() > 22 || item.zh.chars().count() > 40 {
                find("too long");
            }
            // terms.md: rules 1, 5, 8, 10 and the entries of gap and self-check.
            for word in ["考试", "测试", "测评", "得分", "短板", "缺陷", "精准", "一定", "保证", "最佳", "进行", "作出", "证据", "「", "」", "您", "被", "赋能"] {
                if item.zh.contains(word) {
                    find(word);
                }
            }
            for word in [" score", " exam ", " exam.", "always", "never", "perfect", "leverage", "utilize", "expert"] {
                if item.en.to_lowercase().contains(word) {
                    find(word);
                }
            }
            if item.zh.contains([' ', ',', '.', '?', '!', ';', ':', '(', ')']) {
                find("half-width signs or blanks in Chinese");
            }
            if !seen.insert(item.en.clone()) || !seen.insert(item.zh.clone()) {
                find("said twice");
            }
        }
        assert!(finds.is_empty(), "{}", finds.join("\n"));
    }

    #[test]
    fn a_bad_line_is_named_with_its_number() {
        let good = "a\t1\t1.5\tI can.\t我能。\n";
        for bad in ["a\t2\t1.5\tx\ty", "a\t3\t2.5\tx\ty", "a\t2\t7.5\tx\ty", "a\t2\tx\tx\ty", "a\t2\t2.5\tx"] {
            let error = ItemBank::parse(&format!("{good}{bad}\n")).unwrap_err();
            assert!(matches!(error, AssessError::Malformed { line: 2, .. }), "{bad}: {error}");
        }
        assert_eq!(ItemBank::parse(good).unwrap().ladder("a").unwrap().len(), 1);
        assert!(ItemBank::parse(good).unwrap().ladder("b").is_err());
    }
}
