//! What was found, in groups, each entry with its decision; then the sentences in which nothing was found.
use leptos::prelude::*;
use waymark_shared::analyse::SpanKind;
use waymark_shared::text::typeset;

use super::{add, entry, kind, occupations, personal};
use crate::el::{El, Key, el, plain_button};
use crate::pages::review::show;
use crate::review::Group;
use crate::session::Session;
use crate::ui::{Part, Ui};

/// An entry as listed: its number, and a digest of all that its card shows.
type Listed = (usize, u64);

/// The column with the entries.
pub fn entries(ui: Ui) -> El {
    fn listed(session: &Session, which: Group) -> Vec<Listed> {
        let Some(review) = &session.review else { return Vec::new() };
        let rows = review.groups().into_iter().zip(&review.entries);
        rows.filter(|(group, _)| *group == which).map(|(_, entry)| (entry.number, entry::digest(entry))).collect()
    }
    fn nth(session: &Session, which: usize) -> Vec<Listed> {
        session.tag_set().kinds().nth(which).map(|kind| listed(session, Group::Held(kind))).unwrap_or_default()
    }
    let of: [fn(&Session) -> Vec<Listed>; 3] = [|session| nth(session, 0), |session| nth(session, 1), |session| nth(session, 2)];
    let held = kind::kinds(ui).into_iter().zip(of).map(|(kind, of)| {
        let name = if kind == SpanKind::Skill { "skills" } else { kind::look(kind).class };
        group(ui, Group::Held(kind), name, ui.part(of))
    });
    let empty = ui.part(|session| session.review.as_ref().is_some_and(|review| review.entries.is_empty()));
    el("section")
        .class("found")
        .set("aria-labelledby", "found-title")
        .with(occupations::occupations(ui))
        .with(el("h2").set("id", "found-title").say(ui, |t| t.skills_title))
        .piece(move || empty.get().then(|| el("p").class("message calm").say(ui, |t| t.nothing_found)))
        .with(group(ui, Group::Check, "check", ui.part(|session| listed(session, Group::Check))))
        .all(held)
        .with(group(ui, Group::LeftOut, "left_out", ui.part(|session| listed(session, Group::LeftOut))))
        .with(group(ui, Group::NotMine, "not_mine", ui.part(|session| listed(session, Group::NotMine))))
        .with(add::by_hand(ui))
        .with(unplaced(ui))
        .all(personal::personal(ui))
        .with(el("p").class("muted").say(ui, |t| t.measured_note))
}

fn group(ui: Ui, which: Group, name: &'static str, listed: Part<Vec<Listed>>) -> El {
    let title = move || {
        let (t, count) = (ui.t(), listed.get().len());
        match which {
            Group::Check if count == 1 => t.check_one.to_owned(),
            Group::Check => t.check_many(&count.to_string()),
            Group::Held(kind) => (kind::look(kind).group)(t).to_owned(),
            Group::LeftOut => t.group_left_out.to_owned(),
            Group::NotMine => t.group_not_mine.to_owned(),
        }
    };
    let note: Option<Key> = match which {
        Group::Check => Some(|t| t.check_note),
        Group::LeftOut => Some(|t| t.group_left_out_note),
        _ => None,
    };
    let cards = move || Some(el("ul").all(listed.get().into_iter().filter_map(|(number, _)| entry::card(ui, number, name))));
    el("section")
        .class(&format!("group {name}"))
        .when("hidden", move || listed.get().is_empty())
        .with(el("h3").words(title))
        .all(note.map(|note| el("p").class("muted").say(ui, note)))
        .piece(cards)
}

/// Sentences about work or skills in which nothing was found: shown, never dropped.
fn unplaced(ui: Ui) -> El {
    let rows = ui.visit.session.with_untracked(|session| match &session.review {
        Some(review) => review.unplaced.iter().map(|index| (*index, typeset(review.sentence(*index)))).collect::<Vec<_>>(),
        None => Vec::new(),
    });
    let count = rows.len().to_string();
    let note: Key = if rows.is_empty() { |t| t.unplaced_none } else { |t| t.unplaced_note };
    let rows = rows.into_iter().map(|(index, sentence)| {
        let to = plain_button().class("quiet").click(move || show(&format!("#sentence-{index}")));
        el("li").test("unplaced-row").with(to.text(&sentence))
    });
    el("section")
        .class("group unplaced-list")
        .test("unplaced")
        .with(el("h3").words(move || ui.t().unplaced_title(&count)))
        .with(el("p").class("muted").say(ui, note))
        .with(el("ul").all(rows))
}
