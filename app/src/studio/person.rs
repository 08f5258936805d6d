//! Who a drawn page is about: the occupation they come from, what they bring, and what they said of themselves. Not what is
//! made of it.
use waymark_shared::assess::{Answer, ItemBank, LevelEstimate, SelfCheck};
use waymark_shared::gap::DemandBook;
use waymark_shared::gap::brought::{Brought, Said};
use waymark_shared::path::{Carried, Needs};
use waymark_shared::profile::{Evidence, ProfileItem};

use super::Studio;
use crate::state::State;
use crate::worker::protocol::Draw;

/// The occupation a page begins with where neither CV nor choice says one: that of the built-in example.
pub const EXAMPLE_SOC: &str = "51-2090";
/// Keys of self-checks begin so; the place of the competence follows.
const CHECK: &str = "my.check.";

/// Where what is brought comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A CV that was reviewed.
    Cv,
    /// The answers of the intake.
    Answers,
    /// The occupation alone.
    Occupation,
}

/// A person, as far as a page knows.
pub struct Me {
    /// Place of the occupation they come from.
    pub place: usize,
    /// What they bring.
    pub brought: Brought,
    /// What the profile holds.
    pub items: Vec<ProfileItem>,
    /// Where it comes from.
    pub origin: Origin,
}

/// The occupation of a state, else of the CV or the answers (the likeliest that the model's network knows: "all other" has
/// neither pay nor links), else the example. What no one chose is put into no state, and so
/// into no address; the example is.
pub fn occupation(studio: &Studio, call: &Draw, state: &mut State) -> usize {
    let suggested = || {
        let all = suggestions(studio, call);
        all.iter().copied().find(|place| studio.future.knows(*place)).or_else(|| all.first().copied())
    };
    let chosen = state.get("soc").and_then(|soc| studio.data.place(soc));
    if let Some(place) = chosen {
        return place;
    }
    let of_person = suggested();
    state.set("soc", if of_person.is_some() { "" } else { EXAMPLE_SOC });
    of_person.or_else(|| studio.data.place(EXAMPLE_SOC)).unwrap_or(0)
}

/// Places of the occupations that CV or answers describe, the likeliest first.
pub fn suggestions(studio: &Studio, call: &Draw) -> Vec<usize> {
    let codes: Vec<String> = match call.person.as_ref().or(studio.kept.as_ref()) {
        Some(person) => person.occupations.clone(),
        None => super::intake::claimed(studio, &call.state, call.lang).map(|claims| claims.occupations.into_iter().map(|o| o.soc).collect()).unwrap_or_default(),
    };
    codes.iter().filter_map(|soc| studio.data.place(soc)).collect()
}

/// The person of a call.
pub fn of(studio: &Studio, call: &Draw, state: &mut State, book: &DemandBook<'_>) -> Me {
    let place = occupation(studio, call, state);
    let answers = || super::intake::claimed(studio, &call.state, call.lang);
    let (items, origin) = match (call.person.as_ref().or(studio.kept.as_ref()), answers()) {
        (Some(person), _) if !person.profile.items.is_empty() => (person.profile.items.clone(), Origin::Cv),
        (_, Some(claims)) => (claims.items, Origin::Answers),
        _ => (Vec::new(), Origin::Occupation),
    };
    let brought = match origin {
        Origin::Occupation => Brought::of_occupation(&studio.taxonomy, book, place),
        _ => Brought::of_profile(&studio.taxonomy, book, &items, Some(place)),
    };
    let brought = brought.with(book, &said(studio, state));
    Me { place, brought, items, origin }
}

/// What the person said of competences, in the state.
fn said(studio: &Studio, state: &State) -> Vec<(u32, Said)> {
    let list = |key: &str, what: Said| state.list(key).filter_map(move |place| Some((place.parse().ok()?, what))).collect::<Vec<_>>();
    let mut all = list("my.have", Said::Have);
    all.extend(list("my.learn", Said::ToLearn));
    let checks = state.iter().filter_map(|(key, _)| key.strip_prefix(CHECK)?.parse::<u32>().ok());
    for competence in checks {
        let level = check(studio, state, competence).and_then(|(check, _)| Some((check.answers.len(), check.estimate(&studio.items).ok()?)));
        if let Some((answers, estimate)) = level
            && answers > 0
        {
            #[expect(clippy::cast_possible_truncation, reason = "0..7")]
            all.push((competence, Said::Level(estimate.level as f32)));
        }
    }
    all.retain(|(competence, _)| (*competence as usize) < studio.taxonomy.competences.len());
    all
}

/// The key of the state that holds the answers about a competence.
pub fn check_key(competence: u32) -> String {
    format!("{CHECK}{competence}")
}

/// The self-check of a competence as far as it was answered (`3y+4p`: rung, then yes, partly, not yet), with what it shows.
pub fn check(studio: &Studio, state: &State, competence: u32) -> Option<(SelfCheck, LevelEstimate)> {
    let of = studio.taxonomy.competences.get(competence as usize)?;
    let mut check = SelfCheck::new(&of.id, None::<Evidence>);
    for entry in state.list(&check_key(competence)) {
        let (rung, answer) = entry.split_at_checked(entry.len().checked_sub(1)?)?;
        let answer = Answer::ALL.into_iter().find(|known| answer_sign(*known) == answer)?;
        check.answer(rung.parse().ok()?, answer);
    }
    let estimate = check.estimate(&studio.items).ok()?;
    Some((check, estimate))
}

/// The sign of an answer in a state.
pub fn answer_sign(answer: Answer) -> &'static str {
    match answer {
        Answer::NotYet => "n",
        Answer::Partly => "p",
        Answer::Yes => "y",
    }
}

/// What is carried into moves.
pub fn carried(needs: &Needs, me: &Me) -> Carried {
    let own = if me.origin == Origin::Occupation { Vec::new() } else { me.brought.sure() };
    Carried::of_person(needs, Some(me.place), &own)
}

/// True where a competence can be checked.
pub fn checkable(items: &ItemBank, id: &str) -> bool {
    items.ladder(id).is_ok()
}
