//! What a target asks held against what the person brings: an occupation, or advertisements. Not which targets there are.
use std::collections::{BTreeMap, BTreeSet};

use waymark_shared::analyse::Analysis;
use waymark_shared::chart::number::{Quantity, write};
use waymark_shared::gap::advertisement::{AdDemand, AdLink, together};
use waymark_shared::gap::{Demand, DemandBook, Gap, GapItem, Standing, against};
use waymark_shared::path::score::unlocked;
use waymark_shared::plan::book::PlanBook;
use waymark_shared::plan::units::telling;
use waymark_shared::taxonomy::Taxonomy;

use super::words::words;
use super::{Found, attained, hard};
use crate::i18n::Lang;
use crate::state::State;
use crate::studio::figure::{locale, note};
use crate::studio::html::{escaped, part, said, tag};
use crate::studio::{Studio, person};
use crate::worker::protocol::Draw;

/// Items shown of each standing before "more".
const SHOWN: usize = 8;
/// What each missing competence would unlock is computed for so many, the weightiest.
const UNLOCKED: usize = 16;
/// Words of a text that are shown at most, by characters.
const WORDS: usize = 60;

/// An advertisement that was read.
pub struct Ad {
    text: String,
    links: Vec<AdLink>,
}

impl Ad {
    /// What an advertisement asks, of what was found in it; its number is its place among those read.
    pub fn new(taxonomy: &Taxonomy, text: String, analysis: &Analysis, number: usize) -> Self {
        let links = AdLink::all(number, &text, &analysis.sentences, &analysis.spans, &analysis.links, &|id| taxonomy.place(id));
        Self { text, links }
    }
}

/// What is asked, and by which words of advertisements.
pub struct Target {
    /// The occupation, where the target is one.
    pub place: Option<usize>,
    /// What it asks.
    pub demands: Vec<Demand>,
    /// Competence → what advertisements say of it.
    ads: BTreeMap<u32, AdDemand>,
}

/// The target of a state: advertisements that were read, else the chosen occupation.
pub fn target(studio: &Studio, state: &State, book: &DemandBook<'_>) -> Option<Target> {
    if state.get("my.ad").is_some() && !studio.ads.is_empty() {
        let links: Vec<AdLink> = studio.ads.iter().flat_map(|ad| ad.links.iter().cloned()).collect();
        let ads: BTreeMap<u32, AdDemand> = together(&links, studio.ads.len()).into_iter().map(|demand| (demand.competence, demand)).collect();
        let demands = ads.values().filter_map(|d| book.demand(d.competence, d.share, Some(d.must), None)).collect();
        return Some(Target { place: None, demands, ads });
    }
    let place = state.get("to").and_then(|soc| studio.data.place(soc))?;
    Some(Target { place: Some(place), demands: book.occupation(place), ads: BTreeMap::new() })
}

/// The gap to the target, with what the weightiest missing competences would unlock.
pub fn of(studio: &Studio, found: &Found, target: &Target) -> Gap {
    let mut gap = against(&target.demands, &found.me.brought.held);
    let mut open: Vec<(usize, u32, f32)> = gap.items.iter().enumerate().filter(|(_, item)| item.standing != Standing::Have).map(|(at, item)| (at, item.competence, item.weight)).collect();
    open.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    open.truncate(UNLOCKED);
    let competences: Vec<u32> = open.iter().map(|(_, competence, _)| *competence).collect();
    let counts = unlocked(&studio.needs, &studio.weights, &person::carried(&studio.needs, &found.me), &found.thresholds, &competences);
    for ((at, ..), count) in open.into_iter().zip(counts) {
        if let Some(item) = gap.items.get_mut(at) {
            item.unlocks = Some(count);
        }
    }
    gap
}

/// The gap as it is shown: without tools that are only named as examples, which would drown the rest.
pub fn shown(studio: &Studio, found: &Found, target: &Target) -> Gap {
    let gap = of(studio, found, target);
    telling(&gap, &PlanBook::new(&studio.taxonomy, &studio.data).wants(&gap, &target.demands, &found.me.brought.held, None))
}

/// The section.
pub fn html(studio: &Studio, found: &Found, state: &State, call: &Draw) -> String {
    let (t, lang) = (words(call.lang), call.lang);
    let book = DemandBook::new(&studio.taxonomy, &studio.data);
    let Some(target) = target(studio, state, &book) else { return said("h2", t.gap_title("…").trim_end_matches([' ', '…', ':', '：'])) + &note(t.gap_pick) };
    let gap = shown(studio, found, &target);
    let title = target.place.map_or(t.gap_ad.to_owned(), |place| t.gap_title(studio.name(place, lang)));
    if gap.items.is_empty() {
        let nothing = if target.place.is_none() { t.ad_nothing } else { t.borrowed };
        return said("h2", &title) + &note(nothing) + &target.place.map_or(String::new(), |place| hard(studio, place, attained(state), lang));
    }
    let shown = gap.shown.map_or(String::new(), |share| said("p", &t.shown(&write(f64::from(share), Quantity::Share { decimals: 0 }, locale(lang)))));
    let standings = [(Standing::ToLearn, t.to_learn), (Standing::NotInCv, t.not_in_cv), (Standing::Partly, t.partly), (Standing::Have, t.have)];
    let groups: String = standings.iter().map(|(standing, name)| group(studio, found, &target, &gap, *standing, name, state, lang)).collect();
    let hard = target.place.map_or(String::new(), |place| hard(studio, place, attained(state), lang));
    said("h2", &title) + &note(t.gap_lead) + &shown + &tag("div class=\"standings\"", &groups) + &hard
}

#[expect(clippy::too_many_arguments, reason = "what a group of items is drawn from")]
fn group(studio: &Studio, found: &Found, target: &Target, gap: &Gap, standing: Standing, name: &str, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let items: Vec<&GapItem> = gap.items.iter().filter(|item| item.standing == standing).collect();
    if items.is_empty() {
        return String::new();
    }
    let of: Vec<String> = items.iter().map(|item| line(studio, found, target, item, state, lang)).collect();
    let (first, rest) = of.split_at(of.len().min(SHOWN));
    let rest = if rest.is_empty() { String::new() } else { tag("details", &(said("summary", &t.more_items(&rest.len().to_string())) + &tag("ul class=\"asked\"", &rest.concat()))) };
    let head = tag("h3", &(escaped(name) + " " + &said("span class=\"muted\"", &t.count(&items.len().to_string()))));
    tag("section class=\"standing\"", &(head + &tag("ul class=\"asked\"", &first.concat()) + &rest))
}

/// An item: its name, how much it counts, by which words it is shown, and what the person can say of it.
fn line(studio: &Studio, found: &Found, target: &Target, item: &GapItem, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let name = studio.competence(item.competence, lang);
    let weight = if item.weight >= 0.5 { t.weight_high } else if item.weight >= 0.2 { t.weight_some } else { t.weight_low };
    let mut facts = vec![weight.to_owned()];
    facts.extend(item.must.map(|must| if must { t.must } else { t.nice }.to_owned()));
    facts.extend(item.unlocks.filter(|count| *count > 0).map(|count| t.unlocks(&count.to_string())));
    let facts = said("span class=\"muted\"", &facts.join(" · "));
    let separator = if lang == Lang::Zh { "、" } else { "; " };
    let of_cv: BTreeSet<&str> = found.me.items.iter().filter(|own| own.link.as_ref().and_then(|link| studio.taxonomy.place(&link.id)) == Some(item.competence)).flat_map(|own| own.words.iter().map(String::as_str)).collect();
    let of_cv: Vec<&str> = of_cv.into_iter().take(3).collect();
    let of_cv = if of_cv.is_empty() { String::new() } else { said("span class=\"words\"", &t.evidence(&of_cv.join(separator))) };
    let of_ads: Vec<String> = target.ads.get(&item.competence).into_iter().flat_map(|ad| &ad.phrases).take(3).filter_map(|(ad, at)| studio.ads.get(*ad)?.text.get(at.clone())).map(|phrase| phrase.chars().take(WORDS).collect()).collect();
    let of_ads = if of_ads.is_empty() { String::new() } else { said("span class=\"words\"", &t.ad_words(&of_ads.join(separator))) };
    tag("li", &(said("strong", name) + &facts + &of_cv + &of_ads + &say(item, state, lang)))
}

/// What the person can say of an item: a box each, so that it can be taken back by the same hand.
pub fn say(item: &GapItem, state: &State, lang: Lang) -> String {
    let (t, place) = (words(lang), item.competence.to_string());
    let said_of = |list: &str, words: &str| {
        let on = state.list(list).any(|entry| entry == place);
        let box_ = format!("<input type=\"checkbox\" id=\"{list}-{place}\" data-list=\"{list}\" value=\"{place}\"{}>", if on { " checked" } else { "" });
        tag("label", &(box_ + " " + &escaped(words)))
    };
    let have = if item.standing == Standing::Have && !state.list("my.have").any(|entry| entry == place) { String::new() } else { said_of("my.have", t.have_it) };
    tag("span class=\"say\"", &(have + &said_of("my.learn", t.learn_it)))
}

/// The part where an advertisement is pasted or opened.
pub fn advertisement(studio: &Studio, lang: Lang) -> String {
    let t = words(lang);
    let field = format!("<label for=\"ad-text\">{}</label><textarea id=\"ad-text\" rows=\"5\" data-quiet data-ask=\"ad\" autocomplete=\"off\" spellcheck=\"false\"></textarea>", escaped(t.ad_paste));
    let file = format!("<label class=\"button\">{}<input type=\"file\" accept=\".pdf,.docx,.html,.htm,.txt\" data-file=\"ad\"></label>", escaped(t.ad_file));
    let read = said("button type=\"button\" class=\"main\" data-read=\"ad\"", t.ad_read);
    let taken = match studio.ads.len() {
        0 => String::new(),
        count => {
            let back = said("button type=\"button\" data-set=\"my.ads=clear&amp;my.ad=\"", t.ad_clear);
            let show = said("button type=\"button\" data-set=\"my.ad=1\"", t.ad_use);
            tag("p class=\"row\"", &(said("span", &t.ad_taken(&count.to_string())) + &show + &back))
        }
    };
    let body = said("p", t.ad_lead) + &field + &tag("p class=\"row\"", &(read + &file));
    tag("details class=\"ad\"", &(said("summary", t.ad_title) + &body)) + &part("ad", &taken)
}
