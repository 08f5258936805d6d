//! Which occupations a CV describes, guessed from the titles it names and the competences it shows. Not a judgement of
//! fit, and not a forecast.
use super::words::key;
use super::Taxonomy;
use crate::span::DescribedOccupation;
use crate::text::{Section, Sentence, bullet, is_han};
use std::collections::BTreeMap;

/// The longest title that is looked up, in words and in Chinese characters.
const LONGEST: (usize, usize) = (7, 12);
/// A longer line under work tells what was done, in words and Chinese characters.
const LONGEST_TITLE_LINE: usize = 24;
/// A single Latin word of fewer bytes (`hand`, `page`) is no title; `Cook` is left to the competences.
const SHORTEST_TITLE: usize = 5;
/// Words before a title that make no name of it (Head Baker), and words before both after which a post is named.
const RANKS: [&str; 20] = [
    "senior", "junior", "lead", "leading", "head", "chief", "principal", "master", "assistant", "associate", "deputy", "apprentice", "trainee", "graduate", "certified", "qualified", "licensed",
    "registered", "night", "shift",
];
const POST_FOLLOWS: [&str; 5] = ["as", "a", "an", "the", "became"];
/// What stands directly before a post in a line that tells what was done.
const POST_BECOMES: [&str; 12] = ["as", "as a", "as an", "became", "to", "任", "为", "成", "做", "当", "到", "从"];
/// How a line begins that names a post one wants, not one that was held.
const WANTED: [&str; 11] = ["求职意向", "期望职位", "期望岗位", "目标职位", "目标岗位", "意向岗位", "意向职位", "objective", "desired position", "desired role", "target role"];
/// What a title counts beside competences.
const TITLE_WEIGHT: f32 = 1.0;
/// At most so many competences are given as evidence.
const EVIDENCE: usize = 5;
/// Scores that are the same at this many steps a unit are a tie: which sentences are read together moves the last bits of a
/// confidence, and must not decide which of two occupations comes first.
const STEPS: f32 = 10_000.0;

/// A title found in a text: byte range, occupations.
type FoundTitle<'a> = (usize, usize, &'a [u16]);

/// Titles where titles stand: at the head, in the summary, and in the short lines of work; never in words that show a
/// skill ("changed models"), the longest first. Posts that are only wanted count where no other is named.
fn titles<'a>(taxonomy: &'a Taxonomy, text: &str, sentences: &[Sentence], spans: &[(usize, usize)]) -> Vec<FoundTitle<'a>> {
    let (mut found, mut wanted) = (Vec::new(), Vec::new());
    let known = |words: &str| {
        let wanted = key(words);
        taxonomy.titles.binary_search_by(|(title, _)| title.as_str().cmp(&wanted)).ok().and_then(|i| taxonomy.titles.get(i)).map(|(_, of)| of.as_slice())
    };
    for sentence in sentences {
        if !matches!(sentence.section, Section::Head | Section::Summary | Section::Experience) || sentence.heading {
            continue;
        }
        let Some(words) = text.get(sentence.start..sentence.end) else { continue };
        let begins = words.to_lowercase();
        let into = if WANTED.iter().any(|label| begins.starts_with(label)) { &mut wanted } else { &mut found };
        // Latin words and single Chinese characters, each with its bytes.
        let mut units: Vec<(usize, usize, bool)> = Vec::new();
        for (at, c) in words.char_indices() {
            let end = at + c.len_utf8();
            match units.last_mut() {
                _ if is_han(c) => units.push((at, end, true)),
                Some(last) if (c.is_alphanumeric() || c == '-' || c == '\'') && last.1 == at && !last.2 => last.1 = end,
                _ if c.is_alphanumeric() => units.push((at, end, false)),
                _ => {}
            }
        }
        if sentence.section == Section::Experience && units.len() > LONGEST_TITLE_LINE {
            continue;
        }
        // In running words a title after a word with a capital is a family name (with Greg Baker).
        let is_name = |at: usize| {
            let word = |at: usize| units.get(at).and_then(|(start, end, _)| words.get(*start..*end)).unwrap_or_default();
            let blank = |at: usize| units.get(at).zip(units.get(at + 1)).is_some_and(|((_, end, _), (start, ..))| words.get(*end..*start) == Some(" "));
            let capital = |at: usize| word(at).starts_with(char::is_uppercase);
            let runs_on = |at: usize| word(at).starts_with(char::is_lowercase) && !POST_FOLLOWS.contains(&word(at));
            at >= 2 && capital(at) && capital(at - 1) && blank(at - 1) && blank(at - 2) && !RANKS.contains(&word(at - 1).to_lowercase().as_str()) && runs_on(at - 2)
        };
        // A bullet of work that shows skills tells what was done, and with whom: there a post is named only as one that was taken up.
        let line = text.get(..sentence.start).map_or(0, |before| before.rfind('\n').map_or(0, |end| end + 1));
        let told = sentence.section == Section::Experience
            && text.get(line..sentence.end).is_some_and(|line| bullet(line) > 0)
            && spans.iter().any(|(a, b)| sentence.start < *b && *a < sentence.end);
        let taken_up = |start: usize| {
            let before = words.get(..start).unwrap_or_default().trim_end().to_lowercase();
            POST_BECOMES.iter().any(|word| before.strip_suffix(word).is_some_and(|rest| word.starts_with(is_han) || rest.is_empty() || rest.ends_with(' ')))
        };
        // A title that holds all of a span and more is a title (Accounts Payable Clerk).
        let shows_skill = |start: usize, end: usize| {
            let (start, end) = (sentence.start + start, sentence.start + end);
            spans.iter().any(|(a, b)| start < *b && *a < end && !(start <= *a && *b <= end && b - a < end - start))
        };
        let mut first = 0;
        while first < units.len() {
            let most = if units[first].2 { LONGEST.1 } else { LONGEST.0 };
            let hit = (1..=most.min(units.len() - first)).rev().find_map(|count| {
                let (start, end) = (units[first].0, units[first + count - 1].1);
                known(&words[start..end]).filter(|_| !shows_skill(start, end) && (!told || taken_up(start)) && !(count == 1 && !units[first].2 && (end - start < SHORTEST_TITLE || is_name(first)))).map(|of| (count, start, end, of))
            });
            match hit {
                Some((count, start, end, of)) => {
                    into.push((sentence.start + start, sentence.start + end, of));
                    first += count;
                }
                None => first += 1,
            }
        }
    }
    if found.is_empty() { wanted } else { found }
}

/// Guesses the occupations of a CV, best first. `spans` are the bytes of all that was tagged; `competences` are those
/// linked and held, each with its confidence.
pub fn guess(taxonomy: &Taxonomy, text: &str, sentences: &[Sentence], spans: &[(usize, usize)], competences: &[(u32, f32)], top: usize) -> Vec<DescribedOccupation> {
    // How telling a competence is: rare ones more than those that most occupations have.
    let mut spread: BTreeMap<u32, usize> = BTreeMap::new();
    for (competence, _) in taxonomy.weights.iter().flatten() {
        *spread.entry(*competence).or_default() += 1;
    }
    let all = taxonomy.occupations.len().max(1) as f32;
    let rarity = |c: u32| spread.get(&c).map_or(0.0, |n| (all / *n as f32).ln().max(0.0));
    let mut held: BTreeMap<u32, f32> = BTreeMap::new();
    for (competence, confidence) in competences {
        let slot = held.entry(*competence).or_default();
        *slot = slot.max(*confidence);
    }
    let length = |weights: &mut dyn Iterator<Item = f32>| weights.map(|w| w * w).sum::<f32>().sqrt().max(1e-6);
    let held_length = length(&mut held.iter().map(|(c, confidence)| rarity(*c) * confidence));
    let found = titles(taxonomy, text, sentences, spans);
    // (occupation, score, titles, competences)
    let mut guesses: Vec<(usize, f32, Vec<(usize, usize)>, Vec<u32>)> = Vec::new();
    for (occupation, weights) in taxonomy.weights.iter().enumerate() {
        let mut shared: Vec<(u32, f32)> =
            weights.iter().filter_map(|(c, weight)| held.get(c).map(|confidence| (*c, rarity(*c).powi(2) * weight * confidence))).collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let own = length(&mut weights.iter().map(|(c, weight)| rarity(*c) * weight));
        let cosine = shared.iter().map(|(_, s)| s).sum::<f32>() / (own * held_length);
        let names_it = |of: &[u16]| of.iter().any(|o| usize::from(*o) == occupation);
        let named: Vec<&FoundTitle<'_>> = found.iter().filter(|(_, _, of)| names_it(of)).collect();
        // The first title counts whole, each further one (an earlier post, as a rule) half as much; a title that several
        // occupations share counts less for each.
        let title: f32 = named.iter().zip(0i32..).map(|((_, _, of), i)| 0.5f32.powi(i) / (of.len() as f32).sqrt()).sum();
        let score = (cosine + TITLE_WEIGHT * title.min(1.0)) / (1.0 + TITLE_WEIGHT);
        if score > 0.0 {
            let titles = named.iter().map(|(start, end, _)| (*start, *end)).collect();
            guesses.push((occupation, score, titles, shared.into_iter().take(EVIDENCE).map(|(c, _)| c).collect()));
        }
    }
    let step = |score: f32| (score * STEPS).round();
    guesses.sort_by(|a, b| step(b.1).total_cmp(&step(a.1)).then(a.0.cmp(&b.0)));
    let described = |(occupation, score, titles, competences): (usize, f32, Vec<(usize, usize)>, Vec<u32>)| {
        let of = taxonomy.occupations.get(occupation)?;
        let names = |c: &u32| taxonomy.competences.get(*c as usize).map(|c| (c.name_en.clone(), c.name_zh.clone()));
        Some(DescribedOccupation {
            soc: of.soc.clone(),
            name_en: of.name_en.clone(),
            name_zh: of.name_zh.clone(),
            score,
            titles,
            competences: competences.iter().filter_map(names).collect(),
        })
    };
    guesses.into_iter().take(top).filter_map(described).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::{Competence, CompetenceKind, Occupation};

    fn taxonomy() -> Taxonomy {
        let competence = |id: &str| Competence { id: id.into(), kind: CompetenceKind::Activity, name_en: id.into(), name_zh: String::new() };
        let occupation = |soc: &str| Occupation { soc: soc.into(), name_en: soc.into(), name_zh: String::new() };
        Taxonomy {
            competences: ["weld", "cook", "talk"].map(competence).into(),
            occupations: ["51-4121", "35-2014"].map(occupation).into(),
            titles: vec![("cooks".into(), vec![1]), ("焊工".into(), vec![0])],
            weights: vec![vec![(0, 1.0), (2, 0.5)], vec![(1, 1.0), (2, 0.5)]],
            ..Taxonomy::default()
        }
    }

    fn sentence(text: &str, section: Section) -> Sentence {
        Sentence { start: 0, end: text.len(), section, heading: false }
    }

    #[test]
    fn competences_and_titles_each_name_the_occupation() {
        let text = "Line cooks, Harbour Inn";
        let by_title = guess(&taxonomy(), text, &[sentence(text, Section::Experience)], &[], &[], 5);
        assert_eq!((by_title[0].soc.as_str(), by_title[0].titles.as_slice()), ("35-2014", [(5, 10)].as_slice()));
        let by_skill = guess(&taxonomy(), "", &[], &[], &[(0, 0.9), (2, 0.9)], 5);
        assert_eq!((by_skill[0].soc.as_str(), by_skill[0].competences[0].0.as_str()), ("51-4121", "weld"));
        let chinese = "2015年起任焊工";
        assert_eq!(guess(&taxonomy(), chinese, &[sentence(chinese, Section::Experience)], &[], &[], 5)[0].soc, "51-4121");
    }

    #[test]
    fn a_title_that_is_a_name_is_no_post() {
        let named = |text: &str| !guess(&taxonomy(), text, &[sentence(text, Section::Experience)], &[], &[], 5).is_empty();
        assert!(["trained starters together with Anne Cooks", "took over from Greg Cooks in 2014"].iter().all(|text| !named(text)));
        assert!(["Head of the Line Cooks", "worked as Night Cooks", "led Head Cooks", "worked with cooks", "2014 Pastry Cooks"].iter().all(|text| named(text)));
    }

    #[test]
    fn a_title_with_a_tagged_word_in_it_is_a_title_and_one_within_tagged_words_is_none() {
        let of = |text: &str, tagged: &str| {
            let at = text.find(tagged).unwrap();
            guess(&taxonomy(), text, &[sentence(text, Section::Experience)], &[(at, at + tagged.len())], &[], 5).len()
        };
        assert_eq!([of("Line cooks, Harbour Inn", "Line"), of("Cooks, Harbour Inn", "ook"), of("Line cooks, Harbour Inn", "Line cooks"), of("Trained line cooks", "line cooks")], [1, 1, 0, 0]);
    }

    #[test]
    fn a_post_that_is_only_wanted_counts_where_no_other_is_named() {
        let of = |lines: [&str; 2]| {
            let text = lines.concat();
            let at = lines[0].len();
            let sentences = [Sentence { end: at, ..sentence(&text, Section::Head) }, Sentence { start: at, ..sentence(&text, Section::Experience) }];
            guess(&taxonomy(), &text, &sentences, &[], &[], 5).into_iter().map(|of| of.soc).collect::<Vec<_>>()
        };
        assert_eq!([of(["求职意向：焊工。", "Line cooks, Inn"]), of(["求职意向：焊工。", "no post"]), of(["Objective: line cooks. ", "焊工"])], [vec!["35-2014"], vec!["51-4121"], vec!["51-4121"]]);
    }

    #[test]
    fn scores_that_differ_in_their_last_bits_are_a_tie() {
        let first = |weld: f32, cook: f32| guess(&taxonomy(), "", &[], &[], &[(0, weld), (1, cook)], 5)[0].soc.clone();
        assert_eq!([first(0.9, 0.9), first(0.9, 0.900_001), first(0.900_001, 0.9)], ["51-4121", "51-4121", "51-4121"]);
        assert_eq!(first(0.9, 0.91), "35-2014");
    }

    #[test]
    fn a_competence_that_every_occupation_has_tells_nothing() {
        assert!(guess(&taxonomy(), "", &[], &[], &[(2, 1.0)], 5).is_empty());
    }

    #[test]
    fn a_bullet_that_shows_a_skill_names_a_post_only_where_one_was_taken_up() {
        let of = |text: &str, skill: &str| {
            let at = text.find(skill).unwrap();
            guess(&taxonomy(), text, &[sentence(text, Section::Experience)], &[(at, at + skill.len())], &[], 5)
        };
        assert!(of("- 焊工不在时，驾驶叉车", "驾驶叉车").is_empty());
        assert!(of("- stood in for line cooks, drove forklifts", "drove forklifts").is_empty());
        assert_eq!(of("- 2016年升为焊工，操作焊机", "操作焊机")[0].soc, "51-4121");
        assert_eq!(of("焊工　操作焊机", "操作焊机")[0].soc, "51-4121", "no bullet");
    }

    #[test]
    fn a_title_in_a_list_of_skills_is_no_post() {
        let text = "cooks";
        assert!(guess(&taxonomy(), text, &[sentence(text, Section::Skills)], &[], &[], 5).is_empty());
        let tagged = guess(&taxonomy(), text, &[sentence(text, Section::Experience)], &[(0, 5)], &[], 5);
        assert!(tagged.is_empty(), "nor is a word that shows a skill");
    }
}
