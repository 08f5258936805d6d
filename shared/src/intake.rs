//! Guided intake for people without a CV: at most twelve questions about what they have done, paid or not, and what may be
//! asked next. Not what the answers mean: that is [`claims`]; and no judgement of how well anything is done.
#[cfg(feature = "model")]
pub mod claims;

use serde::{Deserialize, Serialize};

/// The shipped questions, a line each, parted by tabs: `question`, id, kind (`choose:N`, 0 for as many as one likes, or
/// `words`), condition (`-`, or `question=choice`), English, Chinese; under it its choices: `choice`, id of the question, id,
/// what it stands for (`-`, or ids of competences and codes of occupations, blanks between), English, Chinese. Ours (CC0).
pub const QUESTIONS: &str = include_str!("intake/questions.tsv");
/// At most so many questions are asked.
pub const QUESTIONS_MAX: usize = 12;

/// Why the intake could not go on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// The table of questions does not parse.
    #[error("questions.tsv, line {line}: {detail}")]
    Malformed {
        /// From 1.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// A question that does not exist.
    #[error("there is no question {0}: the answer stems from another version of the questions; ask again")]
    NoQuestion(String),
    /// An answer that its question does not take.
    #[error("question {question} does not take this answer: {detail}")]
    BadAnswer {
        /// Id of the question.
        question: String,
        /// What is wrong.
        detail: String,
    },
}

/// What a choice stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Id of a competence of the taxonomy.
    Competence(String),
    /// Code of an occupation whose work this is.
    Occupation(String),
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id within the question.
    pub id: String,
    /// What it stands for; empty where it only leads to another question.
    pub targets: Vec<Target>,
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// By choosing at most so many; 0 for any number.
    Choose(usize),
    /// In the person's own words.
    Words,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Asked only where this choice of an earlier question was taken: (question, choice).
    pub after: Option<(String, String)>,
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
    /// What can be chosen; empty where it is answered in words.
    pub choices: Vec<Choice>,
}

/// The questions in the order asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questionnaire {
    /// All of them.
    pub questions: Vec<Question>,
}

impl Questionnaire {
    /// The questions that are shipped.
    ///
    /// # Errors
    /// As [`Questionnaire::parse`].
    pub fn shipped() -> Result<Self, IntakeError> {
        Self::parse(QUESTIONS)
    }

    /// Reads a table as [`QUESTIONS`].
    ///
    /// # Errors
    /// [`IntakeError::Malformed`] with the line.
    pub fn parse(table: &str) -> Result<Self, IntakeError> {
        let mut all = Self::default();
        for (line, number) in table.lines().zip(1usize..) {
            let bad = |detail: &str| IntakeError::Malformed { line: number, detail: detail.to_owned() };
            let fields = line.split('\t').collect::<Vec<_>>().try_into();
            let [record, first, second, third, en, zh] = fields.map_err(|_| bad("not six fields"))?;
            let (en, zh) = (en.to_owned(), zh.to_owned());
            match record {
                "question" => {
                    let kind = match second.split_once(':') {
                        None if second == "words" => QuestionKind::Words,
                        Some(("choose", most)) => QuestionKind::Choose(most.parse().map_err(|_| bad("not a number of choices"))?),
                        _ => return Err(bad("neither words nor choose")),
                    };
                    let after = third.split_once('=').map(|(question, choice)| (question.to_owned(), choice.to_owned()));
                    if let Some((question, choice)) = &after
                        && !all.question(question).is_some_and(|earlier| earlier.choices.iter().any(|c| c.id == *choice))
                    {
                        return Err(bad("depends on a choice that is not above it"));
                    }
                    if all.question(first).is_some() {
                        return Err(bad("a second question of this id"));
                    }
                    all.questions.push(Question { id: first.to_owned(), kind, after, en, zh, choices: Vec::new() });
                }
                "choice" => {
                    let above = all.questions.last_mut().filter(|above| above.id == first && above.kind != QuestionKind::Words);
                    let question = above.ok_or_else(|| bad("does not stand under its question"))?;
                    if question.choices.iter().any(|choice| choice.id == second) {
                        return Err(bad("a second choice of this id"));
                    }
                    let targets = third.split(' ').filter(|target| *target != "-").map(target).collect();
                    question.choices.push(Choice { id: second.to_owned(), targets, en, zh });
                }
                _ => return Err(bad("neither question nor choice")),
            }
        }
        Ok(all)
    }

    /// The question of an id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }
}

/// `51-4121` is an occupation, anything else a competence.
fn target(code: &str) -> Target {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match code.split_once('-') {
        Some((major, minor)) if digits(major, 2) && digits(minor, 4) => Target::Occupation(code.to_owned()),
        _ => Target::Competence(code.to_owned()),
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Ids of what was chosen; empty where the question was passed over.
    Chosen(Vec<String>),
    /// The person's words; empty where the question was passed over.
    Words(String),
}

/// The answers of one person so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Id of the question and its answer, in the order given, a question once.
    pub answers: Vec<(String, Given)>,
}

impl Intake {
    /// Notes an answer; an earlier one to the same question is replaced in its place.
    ///
    /// # Errors
    /// [`IntakeError::NoQuestion`]; [`IntakeError::BadAnswer`] for words where there is to choose or the reverse, a choice that
    /// does not exist or is taken twice, and more than the question allows.
    pub fn answer(&mut self, all: &Questionnaire, id: &str, given: Given) -> Result<(), IntakeError> {
        let question = all.question(id).ok_or_else(|| IntakeError::NoQuestion(id.to_owned()))?;
        let bad = |detail: String| Err(IntakeError::BadAnswer { question: id.to_owned(), detail });
        match (&given, question.kind) {
            (Given::Words(_), QuestionKind::Words) => {}
            (Given::Chosen(chosen), QuestionKind::Choose(most)) => {
                if most > 0 && chosen.len() > most {
                    return bad(format!("{} chosen, at most {most} allowed", chosen.len()));
                }
                if let Some(unknown) = chosen.iter().find(|id| !question.choices.iter().any(|choice| choice.id == **id)) {
                    return bad(format!("there is no choice {unknown}"));
                }
                if chosen.iter().enumerate().any(|(place, id)| chosen.iter().take(place).any(|other| other == id)) {
                    return bad("a choice is taken twice".to_owned());
                }
            }
            _ => return bad("words and choices are mixed up".to_owned()),
        }
        match self.answers.iter_mut().find(|(answered, _)| answered == id) {
            Some((_, before)) => *before = given,
            None => self.answers.push((id.to_owned(), given)),
        }
        Ok(())
    }

    fn given(&self, id: &str) -> Option<&Given> {
        self.answers.iter().find(|(answered, _)| answered == id).map(|(_, given)| given)
    }

    /// The questions that these answers lead to, answered or not, in the order asked; at most [`QUESTIONS_MAX`].
    pub fn asked<'a>(&self, all: &'a Questionnaire) -> Vec<&'a Question> {
        let taken = |(question, choice): &(String, String)| match self.given(question) {
            Some(Given::Chosen(chosen)) => chosen.contains(choice),
            _ => false,
        };
        all.questions.iter().filter(|question| question.after.as_ref().is_none_or(taken)).take(QUESTIONS_MAX).collect()
    }

    /// The question to ask next; none when all are answered.
    pub fn next_question<'a>(&self, all: &'a Questionnaire) -> Option<&'a Question> {
        self.asked(all).into_iter().find(|question| self.given(&question.id).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const FIELDS: &str = "fields";

    /// Answers every question by taking as many choices as it allows, from the `skip`-th on, or words.
    fn full(all: &Questionnaire, skip: usize) -> Intake {
        let mut intake = Intake::default();
        while let Some(question) = intake.next_question(all) {
            let given = match question.kind {
                QuestionKind::Words => Given::Words("叉车".into()),
                QuestionKind::Choose(most) => {
                    let count = if most == 0 { question.choices.len() } else { most };
                    let turned = question.choices.iter().cycle().skip(skip).take(count);
                    Given::Chosen(turned.map(|choice| choice.id.clone()).collect())
                }
            };
            intake.answer(all, &question.id, given).unwrap();
        }
        intake
    }

    #[test]
    fn no_one_is_asked_more_than_twelve_questions() {
        let all = Questionnaire::shipped().unwrap();
        for skip in 0..all.question(FIELDS).unwrap().choices.len() {
            // None is cut off by the cap either: all that the fields lead to is asked.
            let intake = full(&all, skip);
            assert_eq!(intake.answers.len(), 3 + all.questions.iter().filter(|q| q.after.is_none()).count(), "{skip}");
            assert!(intake.answers.len() <= QUESTIONS_MAX);
        }
    }

    #[test]
    fn every_field_leads_to_its_question_and_everything_else_stands_for_something() {
        let all = Questionnaire::shipped().unwrap();
        for choice in &all.question(FIELDS).unwrap().choices {
            assert!(all.questions.iter().any(|q| q.after == Some((FIELDS.into(), choice.id.clone()))), "{}", choice.id);
        }
        for question in all.questions.iter().filter(|q| q.id != FIELDS) {
            assert!(question.choices.iter().all(|choice| !choice.targets.is_empty()), "{}", question.id);
            assert_eq!(question.choices.is_empty(), question.kind == QuestionKind::Words, "{}", question.id);
        }
    }

    #[test]
    fn all_that_choices_stand_for_is_in_the_taxonomy() {
        let ids = |table: &'static str| table.lines().map(|line| line.split('\t').next().unwrap()).collect::<BTreeSet<_>>();
        let competences = ids(include_str!("../../public/pack/taxonomy/competences.tsv"));
        let occupations = ids(include_str!("../../public/pack/taxonomy/occupations.tsv"));
        for choice in Questionnaire::shipped().unwrap().questions.iter().flat_map(|question| &question.choices) {
            for target in &choice.targets {
                match target {
                    Target::Competence(id) => assert!(competences.contains(id.as_str()), "{}: {id}", choice.en),
                    Target::Occupation(soc) => assert!(occupations.contains(soc.as_str()), "{}: {soc}", choice.en),
                }
            }
        }
    }

    #[test]
    fn questions_are_short_and_stand_in_both_languages() {
        let has_han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for question in Questionnaire::shipped().unwrap().questions {
            assert!(question.en.is_ascii() && has_han(&question.zh) && question.zh.chars().count() <= 34, "{}", question.zh);
            for choice in &question.choices {
                // Only names of products stay as they are.
                assert!(choice.en.is_ascii() && (has_han(&choice.zh) || choice.zh == choice.en), "{}", choice.en);
                let label = !choice.en.ends_with('.') && !choice.zh.ends_with('。') && choice.zh.chars().count() <= 20;
                assert!(label, "{}", choice.zh);
            }
        }
    }

    #[test]
    fn informal_work_is_asked_for() {
        let fields = Questionnaire::shipped().unwrap().question(FIELDS).unwrap().clone();
        assert!(fields.en.contains("paid or unpaid") && fields.zh.contains("有没有工钱都算"));
        for id in ["care", "farming", "shop", "community"] {
            assert!(fields.choices.iter().any(|choice| choice.id == id), "{id}");
        }
    }

    #[test]
    fn an_answer_that_the_question_does_not_take_is_refused_and_nothing_is_changed() {
        let all = Questionnaire::shipped().unwrap();
        let chosen = |ids: &[&str]| Given::Chosen(ids.iter().map(|id| (*id).to_owned()).collect());
        let mut intake = Intake::default();
        for (id, given) in [
            (FIELDS, chosen(&["care", "farming", "shop", "office"])),
            (FIELDS, chosen(&["care", "care"])),
            (FIELDS, chosen(&["nothing"])),
            (FIELDS, Given::Words("care".into())),
            ("title", chosen(&[])),
        ] {
            assert!(matches!(intake.answer(&all, id, given), Err(IntakeError::BadAnswer { .. })), "{id}");
        }
        assert_eq!(intake.answer(&all, "none", chosen(&[])), Err(IntakeError::NoQuestion("none".into())));
        assert_eq!(intake, Intake::default());
    }

    #[test]
    fn a_changed_answer_takes_its_follow_up_back() {
        let all = Questionnaire::shipped().unwrap();
        let mut intake = full(&all, 0);
        intake.answer(&all, FIELDS, Given::Chosen(vec!["care".into()])).unwrap();
        assert_eq!(intake.next_question(&all).unwrap().id, "care");
        assert!(!intake.asked(&all).iter().any(|question| question.id == "factory"));
    }

    #[test]
    fn a_bad_line_is_named_with_its_number() {
        let good = "question\ta\tchoose:1\t-\tA?\t甲？\nchoice\ta\tx\t-\tX\t子\n";
        for bad in [
            "choice\tb\ty\t-\tY\t丑",
            "choice\ta\tx\t-\tY\t丑",
            "question\tb\tguess\t-\tB?\t乙？",
            "question\tb\twords\ta=z\tB?\t乙？",
            "question\ta\twords\t-\tB?\t乙？",
            "note",
            "question\tb",
        ] {
            let error = Questionnaire::parse(&format!("{good}{bad}\n")).unwrap_err();
            assert!(matches!(error, IntakeError::Malformed { line: 3, .. }), "{bad}: {error}");
        }
        assert_eq!(Questionnaire::parse(good).unwrap().questions.len(), 1);
    }
}
