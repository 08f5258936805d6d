//! What to look at first on the Plan page: offers in the order of the ranker, with what was chosen of them, and opinions on what
//! was finished. Not how they are ordered: that is `plan::ranker` of the core. All of it stands in the person's own keys:
//! `my.choices` holds what the ranker learns from, an entry a choice: a sign (`t` taken, `d` turned down, `f` finished, `1` to `5` a
//! rating), a digit for each trait as it was then, and the key of the offer or unit; `my.counted` which units are among them.
use waymark_shared::plan::Unit;
use waymark_shared::plan::ranker::{Choice, Offer, Ranker, Recommended, SHOWN, TRAITS, Traits, Way, of_unit, offers};
use waymark_shared::random::mix;
use waymark_shared::report::{FirstLine, reason};

use super::words::words;
use super::{Planned, resource_line, unit_key, unit_name};
use crate::i18n::Lang;
use crate::state::{State, coded, decoded};
use crate::studio::Studio;
use crate::studio::figure::{locale, note};
use crate::studio::html::{escaped, said, select, tag};
use crate::worker::protocol::Draw;

/// No more choices are kept: the oldest go.
const CHOICES_MAX: usize = 300;
/// Characters of a note.
const NOTE_MAX: usize = 200;
/// Keys of ratings and of notes begin so; the key of the unit follows.
const RATE: &str = "my.rate.";
const NOTE: &str = "my.note.";

/// Every way of learning what is not done.
pub fn all(studio: &Studio, planned: &Planned, lang: Lang) -> Vec<Offer> {
    let id = |place: u32| studio.taxonomy.competences.get(place as usize).map(|of| of.id.as_str());
    let language = if lang == Lang::Zh { "zh" } else { "en" };
    let (courses, covers) = studio.courses().map_or((&[][..], Vec::new()), |courses| courses.offered(&planned.units.units));
    offers(&planned.units.units, &planned.schedule.done, &id, language, studio.resources(), courses, &covers)
}

/// A key that stays the same in every pack that has the unit's competence.
fn key(studio: &Studio, planned: &Planned, offer: &Offer) -> String {
    let unit = planned.units.units.get(offer.unit).map_or(String::new(), unit_key);
    let short = |words: &str| words.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte))) >> 32;
    match offer.way {
        Way::Open(at) => format!("{unit}-o{:x}", short(studio.resources().get(at).map_or("", |of| &of.url))),
        Way::Course(at) => format!("{unit}-k{:x}", short(studio.courses().and_then(|of| of.title(at)).unwrap_or_default())),
        Way::Ask => format!("{unit}-q"),
    }
}

/// An entry of `my.choices`: sign, traits, key.
fn entry(text: &str) -> Option<(char, Traits, &str)> {
    let (head, key) = text.split_once('.')?;
    let mut signs = head.chars();
    let sign = signs.next()?;
    let digits: Vec<u8> = signs.filter_map(|digit| digit.to_digit(10)?.try_into().ok()).collect();
    let digits: [u8; TRAITS] = digits.try_into().ok()?;
    Some((sign, digits.map(|digit| f32::from(digit) / 9.0), key))
}

/// What the ranker learns from.
fn choices(state: &State) -> Vec<Choice> {
    let liked = |sign: char| match sign {
        't' | 'f' => Some(1.0),
        'd' => Some(0.0),
        '1'..='5' => sign.to_digit(10).and_then(|stars| u8::try_from(stars).ok()).map(|stars| f32::from(stars - 1) / 4.0),
        _ => None,
    };
    state.list("my.choices").filter_map(entry).filter_map(|(sign, traits, _)| Some(Choice { traits, liked: liked(sign)? })).collect()
}

/// Puts a choice in the place of an earlier one with its key; `None` takes that out.
fn put(state: &mut State, key: &str, choice: Option<(char, Traits)>) {
    let mut entries: Vec<String> = state.list("my.choices").filter(|text| entry(text).is_some_and(|(.., of)| of != key)).map(str::to_owned).collect();
    entries.extend(choice.map(|(sign, traits)| {
        let digit = |value: f32| (0..=9u8).min_by(|a, b| (value * 9.0 - f32::from(*a)).abs().total_cmp(&(value * 9.0 - f32::from(*b)).abs())).unwrap_or(0).to_string();
        format!("{sign}{}.{key}", traits.map(digit).concat())
    }));
    let from = entries.len().saturating_sub(CHOICES_MAX);
    state.set("my.choices", &entries.split_off(from).join("+"));
}

/// Takes over what was chosen, noted, rated and finished since the last drawing.
pub fn follow(studio: &Studio, planned: &Planned, all: &[Offer], state: &mut State, call: &Draw) {
    let asked = state.get("my.choice").map(str::to_owned).unwrap_or_default();
    state.set("my.choice", "");
    if let Some((sign, wanted)) = asked.split_once('.') {
        let traits = all.iter().find(|offer| key(studio, planned, offer) == wanted).map(|offer| offer.traits);
        match sign {
            "t" => put(state, wanted, traits.map(|traits| ('t', traits))),
            "d" => put(state, wanted, traits.map(|traits| ('d', traits))),
            _ => put(state, wanted, None),
        }
    }
    let noted = state.get("my.say").map(str::to_owned).unwrap_or_default();
    state.set("my.say", "");
    if let Some(words) = typed(call, &noted) {
        state.set(&format!("{NOTE}{noted}"), &coded(&words.trim().chars().take(NOTE_MAX).collect::<String>()));
    }
    let units = &planned.units.units;
    for (place, unit) in units.iter().enumerate().filter(|(_, unit)| !unit.competences.is_empty()) {
        let of = unit_key(unit);
        let rated = state.get(&format!("{RATE}{of}")).and_then(|stars| stars.chars().next());
        let sign = planned.schedule.done.contains(&place).then(|| rated.unwrap_or('f'));
        let counted = state.list("my.counted").find_map(|text| text.split_once('.').filter(|(unit, _)| *unit == of)?.1.chars().next());
        if sign == counted {
            continue;
        }
        // As it was taught, where that was chosen here.
        let taken = state.list("my.choices").filter_map(entry).find(|(sign, _, key)| *sign == 't' && key.split_once('-').is_some_and(|(unit, _)| unit == of)).map(|(_, traits, _)| traits);
        put(state, &of, sign.map(|sign| (sign, taken.unwrap_or_else(|| of_unit(unit, units, &planned.schedule.done)))));
        let mut all: Vec<String> = state.list("my.counted").filter(|text| text.split_once('.').is_some_and(|(unit, _)| unit != of)).map(str::to_owned).collect();
        all.extend(sign.map(|sign| format!("{of}.{sign}")));
        state.set("my.counted", &all.join("+"));
    }
}

/// The offers that were neither taken nor turned down, and those recommended of them.
fn recommended(studio: &Studio, planned: &Planned, all: &[Offer], state: &State) -> Vec<(Offer, Recommended)> {
    let chosen: Vec<&str> = state.list("my.choices").filter_map(entry).map(|(.., key)| key).collect();
    let open: Vec<Offer> = all.iter().filter(|offer| !chosen.contains(&key(studio, planned, offer).as_str())).copied().collect();
    let found = Ranker::new(&choices(state)).recommend(&open, SHOWN);
    found.into_iter().filter_map(|of| Some((*open.get(of.offer)?, of))).collect()
}

/// What is recommended, for the report.
pub fn first(studio: &Studio, planned: &Planned, state: &State, lang: Lang) -> Vec<FirstLine> {
    let line = |(offer, of): (Offer, Recommended)| {
        let what = match offer.way {
            Way::Open(at) => studio.resources().get(at).map(|of| of.title.clone()),
            Way::Course(at) => studio.courses().and_then(|of| of.title(at)).map(str::to_owned),
            Way::Ask => None,
        };
        FirstLine { unit: offer.unit, what, reason: of.reason, learnt: of.learnt }
    };
    recommended(studio, planned, &all(studio, planned, lang), state).into_iter().map(line).collect()
}

/// The way of an offer, as HTML.
fn way(studio: &Studio, offer: &Offer, lang: Lang) -> String {
    let t = words(lang);
    match offer.way {
        Way::Open(at) => studio.resources().get(at).map_or(String::new(), |of| resource_line(of, lang)),
        Way::Course(at) => escaped(&t.advice_course(studio.courses().and_then(|of| of.title(at)).unwrap_or_default())),
        Way::Ask => escaped(t.advice_ask),
    }
}

/// The recommendations with their reasons, and what was taken.
pub fn html(studio: &Studio, planned: &Planned, all: &[Offer], state: &State, lang: Lang) -> String {
    let t = words(lang);
    let button = |set: &str, class: &str, words: &str| said(&format!("button type=\"button\" class=\"{class}\" data-set=\"{set}\""), words);
    let name = |offer: &Offer| planned.units.units.get(offer.unit).map_or(String::new(), |unit| unit_name(studio, unit, lang));
    let line = |(offer, of): &(Offer, Recommended)| {
        let key = key(studio, planned, offer);
        let why = said("p class=\"muted\"", &t.advice_why(&reason(of.reason, of.learnt, locale(lang))));
        let row = button(&format!("my.choice=t.{key}"), "", t.advice_take) + &button(&format!("my.choice=d.{key}"), "quiet", t.advice_less);
        tag("li class=\"unit\"", &(said("strong", &name(offer)) + &tag("p", &way(studio, offer, lang)) + &why + &tag("p class=\"row\"", &row)))
    };
    let found = recommended(studio, planned, all, state);
    let list = if found.is_empty() { said("p", t.advice_none) } else { tag("ol class=\"units\"", &found.iter().map(line).collect::<String>()) };
    let taken: String = (state.list("my.choices").filter_map(entry).filter(|(sign, ..)| *sign == 't'))
        .filter_map(|(.., of)| all.iter().find(|offer| key(studio, planned, offer) == of).map(|offer| (of, offer)))
        .map(|(of, offer)| tag("li", &(said("strong", &name(offer)) + " " + &way(studio, offer, lang) + " " + &button(&format!("my.choice=x.{of}"), "quiet", t.advice_forget))))
        .collect();
    let taken = if taken.is_empty() { taken } else { said("h3", t.advice_taken) + &tag("ul class=\"plain\"", &taken) };
    let made = choices(state);
    let count = made.len().to_string();
    let how = if Ranker::new(&made).learnt() { t.advice_learnt(&count) } else { t.advice_rule(&count) };
    let reset = if made.is_empty() { String::new() } else { tag("p class=\"row\"", &button("my.choices=", "quiet", t.advice_reset)) };
    note(&how) + &note(t.advice_local) + &list + &taken + &reset
}

fn typed<'c>(call: &'c Draw, unit: &str) -> Option<&'c str> {
    call.asked.iter().find_map(|(field, words)| (field.strip_prefix("note-")? == unit).then_some(words.as_str()))
}

/// A person's opinion on a unit that they finished, to give and as given.
pub fn opinion(unit: &Unit, state: &State, call: &Draw) -> String {
    let t = words(call.lang);
    let of = unit_key(unit);
    let rate = format!("{RATE}{of}");
    let levels = [("", t.opinion_none), ("1", t.opinion_1), ("2", t.opinion_2), ("3", t.opinion_3), ("4", t.opinion_4), ("5", t.opinion_5)];
    let chosen = state.get(&rate).unwrap_or_default();
    let kept = decoded(state.get(&format!("{NOTE}{of}")).unwrap_or_default());
    let field = format!(
        "<label for=\"note-{of}\">{}</label> <input id=\"note-{of}\" class=\"wide\" type=\"text\" maxlength=\"{NOTE_MAX}\" data-quiet data-ask=\"note-{of}\" autocomplete=\"off\" value=\"{}\">",
        escaped(t.opinion_note),
        escaped(typed(call, &of).unwrap_or(&kept))
    );
    let save = said(&format!("button type=\"button\" class=\"quiet\" data-set=\"my.say={of}\""), t.opinion_save);
    tag("p class=\"field\"", &select(&format!("rate-{of}"), &rate, t.opinion_rate, chosen, levels)) + &tag("p class=\"field\"", &(field + &save)) + &note(t.opinion_hint)
}
