//! The page for people without a CV: at most twelve questions, one at a time; what they answer becomes what they bring.
//! Not what the answers mean: that is `intake` of the core.
use waymark_shared::intake::claims::{IntakeClaims, claims, without_personal};
use waymark_shared::intake::{Given, Intake, Question, QuestionKind, QUESTIONS_MAX};
use waymark_shared::personal::PersonalRules;
use waymark_shared::text::Language;

use super::Studio;
use super::figure::note;
use super::html::{escaped, said, tag};
use crate::i18n::{Lang, texts};
use crate::state::{State, coded, decoded};
use crate::worker::protocol::{Draw, Drawn};

/// Keys of answers begin so; the id of the question follows.
const ANSWER: &str = "my.in.";
/// The value of a question that was passed over.
const PASSED: &str = "-";

texts! {
    title, lead, question(number, most), next, pass, back, done, done_lead(competences, occupations), unplaced(words), to_paths, to_market, again, words_hint, your_answers, own_words,
}

const EN: Texts = Texts {
    title: "No CV? Start here",
    lead: "What you have done counts, paid or not. Nothing is judged, and you can skip any question.",
    question: "Question {number} of at most {most}",
    next: "Next",
    pass: "Skip",
    back: "Back",
    done: "That is all.",
    done_lead: "Your answers name {competences} skills and areas of knowledge and {occupations} occupations.",
    unplaced: "Not recognised, and so not counted: {words}",
    to_paths: "See what is within reach",
    to_market: "See the market",
    again: "Start over",
    words_hint: "A few words, separated by commas. No names.",
    your_answers: "What your answers show",
    own_words: "In your own words",
};

const ZH: Texts = Texts {
    title: "没有简历？从这里开始",
    lead: "做过的事都算，有没有报酬都一样。回答没有好坏，每个问题都可以跳过。",
    question: "第{number}题，最多{most}题",
    next: "下一题",
    pass: "跳过",
    back: "上一题",
    done: "问完了。",
    done_lead: "回答里有{competences}项技能和知识，{occupations}个职业。",
    unplaced: "没有认出，因此未计入：{words}",
    to_paths: "看可选的路径",
    to_market: "看市场",
    again: "重新回答",
    words_hint: "写几个词，用逗号隔开。不要写姓名。",
    your_answers: "回答中的技能和职业",
    own_words: "用自己的话写",
};

fn words(lang: Lang) -> &'static Texts {
    match lang {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    }
}

/// The answers of a state. Words stand in it coded.
fn answers(studio: &Studio, state: &State) -> Intake {
    let mut intake = Intake::default();
    for question in &studio.questions.questions {
        let Some(value) = state.get(&format!("{ANSWER}{}", question.id)) else { continue };
        let given = match question.kind {
            QuestionKind::Choose(_) => Given::Chosen(value.split('+').filter(|id| *id != PASSED && !id.is_empty()).map(str::to_owned).collect()),
            QuestionKind::Words => Given::Words(if value == PASSED { String::new() } else { decoded(value) }),
        };
        // An answer of another version of the questions counts for nothing.
        let _ = intake.answer(&studio.questions, &question.id, given);
    }
    intake
}

/// What the answers claim; `None` before any was given.
pub fn claimed(studio: &Studio, state: &State, lang: Lang) -> Option<IntakeClaims> {
    let intake = answers(studio, state);
    if intake.answers.is_empty() {
        return None;
    }
    let language = if lang == Lang::Zh { Language::Zh } else { Language::En };
    // Without the rules that find what is personal, nothing of a person's own words may be kept.
    let rules = PersonalRules::built_in()?;
    Some(claims(&intake, &studio.questions, &studio.taxonomy, studio.linker(), &rules, language))
}

/// The page.
pub fn draw(studio: &Studio, call: &Draw) -> Drawn {
    let t = words(call.lang);
    let mut state = call.state.clone();
    // What is typed is taken into the answer with the button beside it.
    if let Some(id) = state.get("my.take").map(str::to_owned) {
        state.set("my.take", "");
        let typed = call.asked.iter().find(|(of, _)| *of == format!("in-{id}")).zip(PersonalRules::built_in()).map(|((_, words), rules)| coded(without_personal(&rules, words).trim())).unwrap_or_default();
        state.set(&format!("{ANSWER}{id}"), if typed.is_empty() { PASSED } else { &typed });
    }
    let intake = answers(studio, &state);
    let asked = intake.asked(&studio.questions);
    let unanswered = || asked.iter().position(|question| intake.answers.iter().all(|(id, _)| *id != question.id));
    let at = asked.iter().position(|question| state.get("my.at") == Some(&question.id)).or_else(unanswered);
    // The question stays while choices are made; the button goes on.
    state.set("my.at", at.map_or("", |at| &asked[at].id));
    let body = match at {
        Some(at) => question(asked[at], at, &intake, (at > 0).then(|| asked[at - 1]), call.lang),
        None => done(studio, &state, call.lang),
    };
    let page = said("h1 tabindex=\"-1\"", t.title) + &said("p class=\"lead\"", t.lead) + &tag("div data-part=\"question\"", &body);
    let part = if call.whole { ("page".to_owned(), tag("div class=\"intake\"", &page)) } else { ("question".to_owned(), body) };
    Drawn { state, parts: vec![part] }
}

fn question(question: &Question, at: usize, intake: &Intake, before: Option<&Question>, lang: Lang) -> String {
    let t = words(lang);
    let key = format!("{ANSWER}{}", question.id);
    let text = |en: &str, zh: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let given = intake.answers.iter().find(|(id, _)| *id == question.id).map(|(_, given)| given);
    let number = (at + 1).to_string();
    let (controls, hint, next) = match question.kind {
        QuestionKind::Choose(most) => {
            let chosen = |id: &str| matches!(given, Some(Given::Chosen(chosen)) if chosen.iter().any(|one| one == id));
            let full = matches!(given, Some(Given::Chosen(chosen)) if most > 0 && chosen.len() >= most);
            let boxed = |choice: &waymark_shared::intake::Choice| {
                let (on, shut) = (chosen(&choice.id), full && !chosen(&choice.id));
                let input = format!(
                    "<input type=\"checkbox\" id=\"in-{0}-{1}\" data-list=\"{key}\" value=\"{1}\"{2}{3}>",
                    question.id,
                    escaped(&choice.id),
                    if on { " checked" } else { "" },
                    if shut { " disabled" } else { "" }
                );
                tag("li", &tag("label", &(input + " " + &escaped(&text(&choice.en, &choice.zh)))))
            };
            let boxes: String = question.choices.iter().map(boxed).collect();
            let any = matches!(given, Some(Given::Chosen(chosen)) if !chosen.is_empty());
            let next = if any { said("button type=\"button\" class=\"main\" data-set=\"my.at=\"", t.next) } else { String::new() };
            (tag("ul class=\"choices\"", &boxes), "", next)
        }
        QuestionKind::Words => {
            let value = match given {
                Some(Given::Words(words)) => words.clone(),
                _ => String::new(),
            };
            let field = format!(
                "<input type=\"text\" class=\"wide\" id=\"in-{0}\" data-quiet data-ask=\"in-{0}\" autocomplete=\"off\" aria-label=\"{1}\" value=\"{2}\">",
                question.id,
                escaped(t.own_words),
                escaped(&value)
            );
            (field, t.words_hint, said(&format!("button type=\"button\" class=\"main\" data-set=\"my.take={}&my.at=\"", question.id), t.next))
        }
    };
    let back = before.map_or(String::new(), |before| said(&format!("button type=\"button\" data-set=\"my.at={}\"", before.id), t.back));
    let pass = said(&format!("button type=\"button\" class=\"quiet\" data-set=\"{key}={PASSED}&my.at=\""), t.pass);
    let body = [
        note(&t.question(&number, &QUESTIONS_MAX.to_string())),
        said("h2", &text(&question.en, &question.zh)),
        if hint.is_empty() { String::new() } else { note(hint) },
        controls,
        tag("p class=\"row\"", &(next + &back + &pass)),
    ];
    tag("section", &body.concat())
}

fn done(studio: &Studio, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let claims = claimed(studio, state, lang).unwrap_or_default();
    let name = |en: &str, zh: &str| if lang == Lang::Zh && !zh.is_empty() { zh.to_owned() } else { en.to_owned() };
    let items: String = claims.items.iter().filter_map(|item| item.link.as_ref()).map(|link| said("li", &name(&link.name_en, &link.name_zh))).collect();
    let jobs: String = claims.occupations.iter().map(|of| said("li", &name(&of.name_en, &of.name_zh))).collect();
    let separator = if lang == Lang::Zh { "、" } else { ", " };
    let unplaced = if claims.unplaced.is_empty() { String::new() } else { note(&t.unplaced(&claims.unplaced.join(separator))) };
    let body = [
        said("h2", t.done),
        said("p", &t.done_lead(&claims.items.len().to_string(), &claims.occupations.len().to_string())),
        tag("p class=\"row\"", &(said("button type=\"button\" class=\"main\" data-go=\"paths\"", t.to_paths) + &said("button type=\"button\" data-go=\"market\"", t.to_market))),
        said("h3", t.your_answers),
        tag("ul class=\"plain\"", &(jobs + &items)),
        unplaced,
        tag("p class=\"row\"", &said(&format!("button type=\"button\" data-set=\"{}\"", studio.questions.questions.iter().map(|q| format!("{ANSWER}{}=", q.id)).collect::<Vec<_>>().join("&amp;")), t.again)),
    ];
    tag("section", &body.concat())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_words_of_the_intake_hold_to_the_rules() {
        crate::i18n::tests::hold_to_the_rules(super::EN.rows(), super::ZH.rows(), |_| false);
    }
}
