//! Ten minutes of a counsellor with a client: an agenda over the client's own Paths, with three suggestions, the gaps as
//! questions, a note, and one agreed next step. Not another search: what is shown is what the client sees.
use waymark_shared::gap::{DemandBook, GapItem, Standing};

use super::words::words;
use super::head;
use crate::i18n::Lang;
use crate::state::{DrawnPage, State};
use crate::studio::figure::note;
use crate::studio::html::{escaped, find, part, said, tag};
use crate::studio::paths::{self, Found, gap};
use crate::studio::{Studio, market, person, plan, words as general};
use crate::worker::protocol::{Draw, Drawn};

/// Suggestions to talk about.
const TALKED: usize = 3;
/// Questions about gaps.
const QUESTIONS: usize = 6;
/// Minutes of the four parts: ten in all.
const MINUTES: [&str; 4] = ["2", "3", "3", "2"];

/// The page, or the parts that follow the state.
pub fn draw(studio: &mut Studio, call: &Draw) -> Drawn {
    let lang = call.lang;
    if let Some((_, typed)) = call.asked.iter().find(|(of, _)| of == "note") {
        studio.note.clone_from(typed);
    }
    let mut state = call.state.clone();
    let place = person::occupation(studio, call, &mut state);
    let mut parts = Vec::new();
    if call.whole {
        parts.push(("page".to_owned(), page(studio, call, &state, place)));
    }
    parts.push(("noted".to_owned(), said("p class=\"noted\"", &studio.note)));
    parts.push(("found".to_owned(), market::found_for(studio, call, "title", "soc")));
    if paths::waits(studio, call) {
        parts.push(("talk".to_owned(), note(paths::words::words(lang).wait)));
    } else if call.settled || call.whole {
        let found = paths::find(studio, call, &mut state);
        parts.push(("stand".to_owned(), paths::brings(&found.me, lang)));
        parts.push(("talk".to_owned(), talk(studio, &found, &state, lang)));
        parts.push(("ask".to_owned(), ask(studio, &found, &state, lang)));
    }
    Drawn { state, parts }
}

fn page(studio: &Studio, call: &Draw, state: &State, place: usize) -> String {
    let (t, g, p, lang) = (words(call.lang), general::words(call.lang), plan::words::words(call.lang), call.lang);
    let item = |at: usize, title: &str, body: String| {
        let minutes = said("span class=\"muted\"", &t.minutes(MINUTES.get(at).copied().unwrap_or_default()));
        tag("li", &(tag("h2", &(escaped(title) + " " + &minutes)) + &body))
    };
    let who = market::who(studio, call, state, place) + &find("find", "title", g.find_title, g.find_hint) + &part("found", "") + &part("stand", "");
    let noting = format!("<p class=\"field\"><label for=\"note\">{}</label><textarea id=\"note\" rows=\"4\" data-ask=\"note\" autocomplete=\"off\">{}</textarea></p>", escaped(t.note), escaped(&studio.note));
    let agenda = [
        item(0, t.stand, who),
        item(1, t.ways, part("talk", "")),
        item(2, t.questions, part("ask", "")),
        item(3, p.next_step, plan::next_step(call) + &noting + &part("noted", "") + &note(t.note_hint)),
    ];
    let print = tag("p class=\"row\"", &said("button type=\"button\" class=\"main\" data-print=\"1\"", p.print));
    head(DrawnPage::Counsellor, t.counsellor_title, t.counsellor_lead, lang) + &tag("ol class=\"agenda\"", &agenda.concat()) + &print
}

/// The suggestions to talk about.
fn talk(studio: &Studio, found: &Found, state: &State, lang: Lang) -> String {
    if found.suggestions.is_empty() {
        return paths::none(lang);
    }
    let cards: String = found.suggestions.iter().take(TALKED).map(|suggestion| paths::way(studio, found, suggestion, "", state, lang)).collect();
    note(paths::words::words(lang).us_note) + &tag("ol class=\"suggested\"", &cards)
}

/// What the chosen target, else the first suggestion, asks, as questions.
fn ask(studio: &Studio, found: &Found, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let mut of = state.clone();
    let first = found.suggestions.first().and_then(|suggestion| studio.data.occupations.get(suggestion.path.target()?));
    if let Some(first) = first.filter(|_| state.get("to").is_none_or(|soc| studio.data.place(soc).is_none())) {
        of.set("to", &first.soc);
    }
    let Some(target) = gap::target(studio, &of, &DemandBook::new(&studio.taxonomy, &studio.data)) else { return String::new() };
    let gap = gap::shown(studio, found, &target);
    let mut open: Vec<&GapItem> = gap.items.iter().filter(|item| item.standing != Standing::Have).collect();
    open.sort_by(|a, b| (b.must == Some(true)).cmp(&(a.must == Some(true))).then(b.weight.total_cmp(&a.weight)).then(a.competence.cmp(&b.competence)));
    let question = |item: &&GapItem| {
        let name = studio.competence(item.competence, lang);
        let words = match item.standing {
            Standing::Partly => t.ask_partly(name),
            Standing::ToLearn => t.ask_learn(name),
            Standing::Have | Standing::NotInCv => t.ask_silent(name),
        };
        tag("li", &(said("span", &words) + &gap::say(item, state, lang)))
    };
    let questions: String = open.iter().take(QUESTIONS).map(question).collect();
    let name = target.place.map_or(plan::words::words(lang).for_ad, |place| studio.name(place, lang));
    let asked = if questions.is_empty() { note(t.ask_none) } else { note(t.ask_note) + &tag("ul class=\"asked\"", &questions) };
    said("h3", &t.ask_title(name)) + &asked + &target.place.map_or(String::new(), |place| paths::hard(studio, place, paths::attained(state), lang))
}
