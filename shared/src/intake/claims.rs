//! What the answers of an intake say: competences and occupations, each with the answer that claims it. Nothing that no
//! answer names, and nothing left out: words that name nothing known are handed back.
use super::{Given, Intake, Questionnaire, Target};
use crate::personal::PersonalRules;
use crate::profile::{Evidence, ProfileItem};
use crate::span::{CompetenceKind, LinkedBy, SpanKind};
use crate::taxonomy::linker::{LinkMatch, Linker};
use crate::taxonomy::words::key;
use crate::taxonomy::{Occupation, Taxonomy};
use crate::text::Language;
use serde::{Deserialize, Serialize};

/// The question whose words are job titles; other words are skills.
const TITLES: &str = "title";

/// An occupation whose work a person says they have done. Not a post that is proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedOccupation {
    /// Code of the US National Employment Matrix.
    pub soc: String,
    /// English name.
    pub name_en: String,
    /// Our Chinese reference name.
    pub name_zh: String,
    /// The answers that claim it, as the person read or wrote them.
    pub words: Vec<String>,
}

/// What an intake yields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IntakeClaims {
    /// Competences, all only claimed, in the order of the answers.
    pub items: Vec<ProfileItem>,
    /// Occupations, in the order of the answers. A title that several share gives them all: the person tells which.
    pub occupations: Vec<ClaimedOccupation>,
    /// The person's words that name nothing known, and choices that stand for what this taxonomy lacks.
    pub unplaced: Vec<String>,
}

impl IntakeClaims {
    fn competence(&mut self, taxonomy: &Taxonomy, found: LinkMatch, words: &str) {
        let Some(link) = taxonomy.span_link(found) else { return };
        let known = self.items.iter_mut().find(|item| item.link.as_ref().is_some_and(|known| known.id == link.id));
        let chosen = found.by == LinkedBy::Person;
        if let Some(item) = known {
            item.confirmed |= chosen;
            if !item.words.iter().any(|known| known == words) {
                item.words.push(words.to_owned());
            }
            return;
        }
        let kind = match link.kind {
            CompetenceKind::Activity | CompetenceKind::Skill => SpanKind::Skill,
            CompetenceKind::Knowledge | CompetenceKind::Technology => SpanKind::Knowledge,
        };
        self.items.push(ProfileItem {
            label: words.to_owned(),
            kind,
            link: Some(link),
            evidence: Evidence::Claimed,
            year: None,
            words: vec![words.to_owned()],
            confirmed: chosen,
        });
    }

    fn occupation(&mut self, occupation: &Occupation, words: &str) {
        match self.occupations.iter_mut().find(|known| known.soc == occupation.soc) {
            Some(known) if known.words.iter().any(|known| known == words) => {}
            Some(known) => known.words.push(words.to_owned()),
            None => self.occupations.push(ClaimedOccupation {
                soc: occupation.soc.clone(),
                name_en: occupation.name_en.clone(),
                name_zh: occupation.name_zh.clone(),
                words: vec![words.to_owned()],
            }),
        }
    }

    fn target(&mut self, taxonomy: &Taxonomy, target: &Target, words: &str) {
        match target {
            Target::Occupation(soc) => match taxonomy.occupations.iter().find(|occupation| occupation.soc == *soc) {
                Some(occupation) => self.occupation(occupation, words),
                None => self.unplaced.push(words.to_owned()),
            },
            Target::Competence(id) => match taxonomy.place(id) {
                Some(competence) => self.competence(taxonomy, LinkMatch { competence, score: 1.0, by: LinkedBy::Person }, words),
                None => self.unplaced.push(words.to_owned()),
            },
        }
    }

    fn title(&mut self, taxonomy: &Taxonomy, words: &str) {
        let wanted = key(words);
        let place = taxonomy.titles.binary_search_by(|(title, _)| title.as_str().cmp(&wanted));
        match place.ok().and_then(|place| taxonomy.titles.get(place)) {
            Some((_, occupations)) => {
                for occupation in occupations.iter().filter_map(|place| taxonomy.occupations.get(usize::from(*place))) {
                    self.occupation(occupation, words);
                }
            }
            None => self.unplaced.push(words.to_owned()),
        }
    }

    fn skill(&mut self, taxonomy: &Taxonomy, linker: &Linker, words: &str) {
        let found = linker.by_rule(words);
        if found.is_empty() {
            self.unplaced.push(words.to_owned());
        }
        for one in found {
            self.competence(taxonomy, one, words);
        }
    }
}

/// The person's words without what is personal in them, which goes neither into the profile nor to what is handed back.
pub fn without_personal(rules: &PersonalRules, words: &str) -> String {
    let mut kept = String::new();
    let mut at = 0;
    // Labels and forms only: a short phrase at the head of a list is no name.
    for span in rules.find(words, &[]) {
        kept.push_str(words.get(at..span.start).unwrap_or_default());
        kept.push('\n');
        at = span.end;
    }
    kept.push_str(words.get(at..).unwrap_or_default());
    kept
}

/// What the answers claim, with the words of the choices in the language they were read in. Answers to questions that the
/// others no longer lead to count for nothing. `linker` is the taxonomy's.
pub fn claims(
    intake: &Intake,
    all: &Questionnaire,
    taxonomy: &Taxonomy,
    linker: &Linker,
    rules: &PersonalRules,
    language: Language,
) -> IntakeClaims {
    let mut out = IntakeClaims::default();
    for question in intake.asked(all) {
        match intake.given(&question.id) {
            None => {}
            Some(Given::Words(words)) => {
                let kept = without_personal(rules, words);
                let phrases = kept.split(['\n', ',', ';', '，', '、', '；', '。']).map(str::trim);
                for phrase in phrases.filter(|phrase| !phrase.is_empty()) {
                    if question.id == TITLES { out.title(taxonomy, phrase) } else { out.skill(taxonomy, linker, phrase) }
                }
            }
            Some(Given::Chosen(chosen)) => {
                for choice in question.choices.iter().filter(|choice| chosen.contains(&choice.id)) {
                    let words = if language == Language::Zh { &choice.zh } else { &choice.en };
                    choice.targets.iter().for_each(|target| out.target(taxonomy, target, words));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Question, QuestionKind};
    use crate::taxonomy::Competence;

    /// The names of the shipped taxonomy, without its vectors and weights.
    fn taxonomy() -> Taxonomy {
        let rows = |table: &'static str| table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        let mut taxonomy = Taxonomy::default();
        for row in rows(include_str!("../../../public/pack/taxonomy/competences.tsv")) {
            let kind = match row[1] {
                "activity" => CompetenceKind::Activity,
                "technology" => CompetenceKind::Technology,
                "knowledge" => CompetenceKind::Knowledge,
                _ => CompetenceKind::Skill,
            };
            taxonomy.competences.push(Competence { id: row[0].into(), kind, name_en: row[2].into(), name_zh: row[3].into() });
        }
        for row in rows(include_str!("../../../public/pack/taxonomy/occupations.tsv")) {
            taxonomy.occupations.push(Occupation { soc: row[0].into(), name_en: row[1].into(), name_zh: row[2].into() });
        }
        for row in rows(include_str!("../../../public/pack/taxonomy/titles.tsv")) {
            let place = |soc: &str| taxonomy.occupations.iter().position(|o| o.soc == soc).unwrap().try_into().unwrap();
            taxonomy.titles.push((row[0].into(), row[1].split(',').map(place).collect()));
        }
        taxonomy
    }

    fn answered(answers: &[(&str, Given)]) -> (Intake, Questionnaire) {
        let all = Questionnaire::shipped().unwrap();
        let mut intake = Intake::default();
        for (id, given) in answers {
            intake.answer(&all, id, given.clone()).unwrap();
        }
        (intake, all)
    }

    fn chosen(ids: &[&str]) -> Given {
        Given::Chosen(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn claimed(answers: &[(&str, Given)], language: Language) -> IntakeClaims {
        let (taxonomy, (intake, all)) = (taxonomy(), answered(answers));
        let linker = Linker::of(&taxonomy, taxonomy.calibration.clone());
        claims(&intake, &all, &taxonomy, &linker, &PersonalRules::built_in().unwrap(), language)
    }

    #[test]
    fn care_at_home_counts_with_the_answer_as_its_words() {
        let found = claimed(&[("fields", chosen(&["care"])), ("care", chosen(&["daily"]))], Language::Zh);
        assert_eq!(found.items.len(), 1);
        let item = &found.items[0];
        assert_eq!(item.link.as_ref().unwrap().id, "4.A.4.a.5.I09.D02");
        assert_eq!(item.words, ["帮老人病人洗漱、穿衣、吃饭"]);
        assert!(item.evidence == Evidence::Claimed && item.confirmed);
        assert_eq!(found.occupations.iter().map(|o| o.soc.as_str()).collect::<Vec<_>>(), ["31-1120"]);
    }

    #[test]
    fn a_title_gives_every_occupation_that_bears_it_and_an_unknown_one_is_handed_back() {
        let found = claimed(&[("title", Given::Words("电工\n Forklift Driver \n隔壁老王".into()))], Language::Zh);
        assert!(found.occupations.iter().any(|o| o.soc == "47-2111" && o.words == ["电工"]), "{:?}", found.occupations);
        assert!(found.occupations.iter().any(|o| o.soc == "53-7051" && o.words == ["Forklift Driver"]));
        assert_eq!(found.unplaced, ["隔壁老王"]);
        assert!(found.items.is_empty());
    }

    #[test]
    fn own_words_are_linked_by_name_only_and_wait_for_the_person() {
        let found = claimed(&[("other", Given::Words("编程、记忆门牌号".into()))], Language::Zh);
        assert_eq!(found.items.len(), 1);
        assert!(found.items[0].link.as_ref().unwrap().id == "2.B.3.e" && !found.items[0].confirmed);
        assert_eq!(found.unplaced, ["记忆门牌号"]);
    }

    #[test]
    fn personal_data_in_own_words_go_nowhere() {
        let found = claimed(&[("other", Given::Words("编程 13712345678\nhaitang@example.cn；会开锁".into()))], Language::Zh);
        assert_eq!(found.items.iter().flat_map(|item| &item.words).collect::<Vec<_>>(), ["编程"]);
        assert_eq!(found.unplaced, ["会开锁"]);
    }

    #[test]
    fn two_answers_to_one_competence_make_one_item_with_both_words() {
        let answers = [("fields", chosen(&["teaching"])), ("teaching", chosen(&["trainee"])), ("people", chosen(&["explain"]))];
        let found = claimed(&answers, Language::En);
        assert_eq!(found.items.len(), 1);
        assert_eq!(found.items[0].words, ["Showed new workers their job", "Explained a task until someone could do it"]);
    }

    #[test]
    fn nothing_is_claimed_that_no_answer_names() {
        let all = Questionnaire::shipped().unwrap();
        let nothing = |question: &Question| match question.kind {
            QuestionKind::Words => Given::Words(" \n".into()),
            QuestionKind::Choose(_) => chosen(&[]),
        };
        let passed_over = all.questions.iter().map(|question| (question.id.as_str(), nothing(question)));
        let passed_over: Vec<(&str, Given)> = passed_over.collect();
        assert_eq!(claimed(&passed_over, Language::En), IntakeClaims::default());
        // Answers under a field that was taken back are out.
        let taken_back = [("fields", chosen(&["care"])), ("care", chosen(&["daily"])), ("fields", chosen(&[]))];
        assert_eq!(claimed(&taken_back, Language::En), IntakeClaims::default());
    }

    #[test]
    fn a_choice_that_stands_for_what_the_taxonomy_lacks_is_handed_back() {
        let (intake, all) = answered(&[("languages", chosen(&["english"]))]);
        let empty = Taxonomy::default();
        let linker = Linker::of(&empty, empty.calibration.clone());
        let found = claims(&intake, &all, &empty, &linker, &PersonalRules::built_in().unwrap(), Language::En);
        assert_eq!((found.items.len(), found.unplaced), (0, vec!["English".to_owned()]));
    }
}
