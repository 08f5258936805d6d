//! Pages for others than the person: counsellor, school, company, policy, all over the same parts; and the files of people who
//! agreed to it. What is kept of such a file is what the person brings and how far they are: no name, no word of a CV.
pub mod company;
pub mod counsellor;
pub mod policy;
pub mod school;
pub mod words;

pub use company::Headcounts;
pub use policy::Compared;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use waymark_shared::gap::DemandBook;
use waymark_shared::gap::brought::Brought;
use waymark_shared::plan::units::Choices;
use waymark_shared::profile::Profile;
use waymark_shared::text::sheet::line;

use super::figure::note;
use super::html::{escaped, opener, said, tag};
use super::person::{self, Origin};
use super::{Studio, plan};
use crate::i18n::Lang;
use crate::state::{DrawnPage, State};
use crate::worker::protocol::{Draw, Person};
use words::{Texts, words};

/// People of a group at most. Ours.
const PEOPLE_MAX: usize = 500;

/// A person of a group.
struct Member {
    /// Place of their occupation, where the file says one.
    occupation: Option<usize>,
    /// What they bring.
    brought: Brought,
    /// Place of the occupation that their own plan leads to.
    target: Option<usize>,
    /// What their plan takes in and leaves out.
    choices: Choices,
    /// Units of their plan that are done, by their keys.
    done: BTreeSet<String>,
}

/// People by their files, in the order in which those were opened.
#[derive(Default)]
pub struct Group {
    members: Vec<Member>,
    /// Digests of the files.
    seen: BTreeSet<u64>,
    /// Files that were open already, and those that were not taken.
    twice: usize,
    refused: usize,
}

/// Takes the file of a person of a class or a firm.
pub fn take(studio: &mut Studio, what: &str, bytes: &[u8]) {
    let member = member(studio, bytes);
    let group = if what == "class" { &mut studio.class } else { &mut studio.staff };
    let mut digest = DefaultHasher::new();
    bytes.hash(&mut digest);
    match member.filter(|_| group.members.len() < PEOPLE_MAX) {
        None => group.refused += 1,
        Some(_) if !group.seen.insert(digest.finish()) => group.twice += 1,
        Some(member) => group.members.push(member),
    }
}

/// The person of a saved plan or profile; `None` for any other file and for one that says nothing.
fn member(studio: &mut Studio, bytes: &[u8]) -> Option<Member> {
    let (state, person) = match plan::read(bytes) {
        Some(saved) => (saved.state, saved.person),
        None => (State::default(), Some(Person { profile: Profile::of_file(bytes)?, occupations: Vec::new() })),
    };
    let call = Draw { page: DrawnPage::Plan, lang: Lang::En, state, whole: false, settled: false, asked: Vec::new(), width: 0, today: String::new(), person };
    // Whoever's plan is open here is another person.
    let kept = studio.kept.take();
    let told = call.state.get("soc").is_some() || !person::suggestions(studio, &call).is_empty();
    let me = person::of(studio, &call, &mut call.state.clone(), &DemandBook::new(&studio.taxonomy, &studio.data));
    studio.kept = kept;
    if !told && me.origin == Origin::Occupation {
        return None;
    }
    let state = &call.state;
    let places = |key: &str| state.list(key).filter_map(|place| place.parse().ok()).collect::<Vec<u32>>();
    Some(Member {
        occupation: told.then_some(me.place),
        brought: me.brought,
        target: state.get("to").and_then(|soc| studio.data.place(soc)),
        choices: Choices { include: places("my.learn"), decline: places("my.decline"), ..Choices::default() },
        done: plan::progress::done(state).into_iter().map(str::to_owned).collect(),
    })
}

/// The way to each of these pages.
fn pages(here: DrawnPage, lang: Lang) -> String {
    let t = words(lang);
    let all = [(DrawnPage::Counsellor, t.counsellor), (DrawnPage::School, t.school), (DrawnPage::Company, t.company), (DrawnPage::Policy, t.policy)];
    let one = |(page, name): (DrawnPage, &str)| {
        let current = if page == here { " aria-current=\"page\"" } else { "" };
        said(&format!("button type=\"button\" class=\"quiet\" data-go=\"{}\"{current}", page.name()), name)
    };
    tag(&format!("nav class=\"row\" aria-label=\"{}\"", escaped(t.pages)), &all.map(one).concat())
}

/// The head of a page.
fn head(here: DrawnPage, title: &str, lead: &str, lang: Lang) -> String {
    pages(here, lang) + &said("h1 tabindex=\"-1\"", title) + &said("p class=\"lead\"", lead)
}

/// The consent, and behind it the button that opens files.
fn consent(what: &str, state: &State, lang: Lang) -> String {
    let t = words(lang);
    let agreed = state.get("my.agreed") == Some("1");
    let boxed = format!("<input type=\"checkbox\" id=\"agreed\" data-key=\"my.agreed\"{}> ", if agreed { " checked" } else { "" });
    let open = if agreed { tag("p class=\"row\"", &opener(what, ".json,.csv,application/json,text/csv", true, t.open_files)) } else { String::new() };
    tag("p class=\"choices\"", &tag("label", &(boxed + &escaped(t.agreed)))) + &open + &note(t.files_note)
}

/// What became of the files.
fn files(group: &Group, lang: Lang) -> String {
    let t = words(lang);
    let say = |count: usize, words: fn(&Texts, &str) -> String| if count == 0 { String::new() } else { said("p", &words(t, &count.to_string())) };
    let refused = if group.refused == 0 { String::new() } else { tag("div class=\"message\" role=\"alert\"", &say(group.refused, Texts::refused)) };
    let taken = say(group.members.len(), Texts::taken) + &say(group.twice, Texts::twice);
    let close = if taken.is_empty() && refused.is_empty() { String::new() } else { tag("p class=\"row\"", &said("button type=\"button\" data-set=\"my.files=close\"", t.close_files)) };
    tag("div role=\"status\"", &taken) + &refused + &close
}

/// True once where all files are to be closed.
fn closes(state: &mut State) -> bool {
    let closes = state.get("my.files").is_some();
    state.set("my.files", "");
    closes
}

/// A table: its head and its rows, the first cell of each the row's name; cells are HTML.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: String = head.iter().map(|cell| said("th scope=\"col\"", cell)).collect();
    let cell = |(column, cell): (usize, &String)| tag(if column == 0 { "th scope=\"row\"" } else { "td" }, cell);
    let rows: String = rows.iter().map(|cells| tag("tr", &cells.iter().enumerate().map(cell).collect::<String>())).collect();
    tag("div class=\"table\" tabindex=\"0\"", &tag("table", &(tag("thead", &tag("tr", &head)) + &tag("tbody", &rows))))
}

/// A table as CSV; no cell is a formula.
fn csv(head: &[&str], rows: &[Vec<String>]) -> String {
    let rows: String = rows.iter().map(line).collect();
    format!("\u{feff}{}{rows}", line(head))
}

/// What stands between names.
fn separator(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "、" } else { "; " }
}

#[cfg(test)]
mod tests;
