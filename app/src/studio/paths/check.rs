//! The self-check in the page: one statement at a time of one competence that the target asks. Not which statement comes
//! next, nor what answers show: that is `assess` of the core.
use waymark_shared::assess::Answer;
use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::gap::DemandBook;

use super::words::words;
use super::gap;
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::Studio;
use crate::studio::figure::{locale, note};
use crate::studio::html::{said, select, tag};
use crate::studio::person::{answer_sign, check, check_key, checkable};
use crate::worker::protocol::Draw;

/// The section; empty without a target.
pub fn html(studio: &Studio, state: &State, call: &Draw) -> String {
    let (t, lang) = (words(call.lang), call.lang);
    let book = DemandBook::new(&studio.taxonomy, &studio.data);
    let Some(target) = gap::target(studio, state, &book) else { return String::new() };
    let can = |competence: u32| studio.taxonomy.competences.get(competence as usize).is_some_and(|of| checkable(&studio.items, &of.id));
    let mut asked: Vec<(u32, f32, Option<(f32, f32)>)> = target.demands.iter().filter(|demand| can(demand.competence)).map(|d| (d.competence, d.share * d.rarity, d.rated)).collect();
    asked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let head = said("h2", t.check_title) + &note(t.check_lead);
    if asked.is_empty() {
        return tag("section", &(head + &note(t.check_none)));
    }
    let choices: Vec<(String, &str)> = asked.iter().map(|(competence, ..)| (competence.to_string(), studio.competence(*competence, lang))).collect();
    let chosen = state.get("my.checking").unwrap_or_default();
    let pick = select("checking", "my.checking", t.check_pick, chosen, std::iter::once(("", t.check_start)).chain(choices.iter().map(|(value, name)| (value.as_str(), *name))));
    let current = chosen.parse::<u32>().ok().filter(|competence| asked.iter().any(|(known, ..)| known == competence));
    let body = current.map_or(String::new(), |competence| one(studio, state, competence, asked.iter().find(|(known, ..)| *known == competence).and_then(|(.., rated)| *rated), lang));
    tag("section class=\"check\"", &(head + &tag("p class=\"field\"", &pick) + &body))
}

fn one(studio: &Studio, state: &State, competence: u32, rated: Option<(f32, f32)>, lang: Lang) -> String {
    let t = words(lang);
    let Some((check, level)) = check(studio, state, competence) else { return String::new() };
    let number = |value: f64| write(value, Quantity::Plain { decimals: 1 }, locale(lang));
    let so_far = if check.answers.is_empty() { String::new() } else { said("p", &t.check_level(&number(level.level), &number(level.low), &number(level.high))) };
    let asked = rated.map_or(String::new(), |(_, level)| said("p", &t.check_asked(&number(f64::from(level)))));
    let key = check_key(competence);
    let given = state.get(&key).unwrap_or_default();
    let next = match check.next_item(&studio.items) {
        Ok(Some(item)) => {
            let answer = |answer: Answer, words: &str| {
                let entry = format!("{}{}", item.rung, answer_sign(answer));
                let all = if given.is_empty() { entry } else { format!("{given}+{entry}") };
                said(&format!("button type=\"button\" data-set=\"{key}={all}\""), words)
            };
            let buttons = answer(Answer::Yes, t.yes) + &answer(Answer::Partly, t.some) + &answer(Answer::NotYet, t.not_yet);
            said("p class=\"statement\"", if lang == Lang::Zh { &item.zh } else { &item.en }) + &tag("p class=\"row\"", &buttons)
        }
        _ => said("p", t.check_done),
    };
    let again = if check.answers.is_empty() { String::new() } else { tag("p class=\"row\"", &said(&format!("button type=\"button\" class=\"quiet\" data-set=\"{key}=\""), t.check_again)) };
    tag("div class=\"card\"", &(said("h3", studio.competence(competence, lang)) + &next + &so_far + &asked + &again))
}
