//! Personal data found in the CV: shown, so that the person sees what is left out of profile and export.
use leptos::prelude::*;
use waymark_shared::analyse::PersonalKind;

use crate::el::{El, Key, el};
use crate::ui::Ui;

/// The list; nothing where nothing was found.
pub fn personal(ui: Ui) -> Option<El> {
    let found = ui.visit.session.with_untracked(|session| {
        let review = session.review.as_ref()?;
        let words = |span: &waymark_shared::analyse::PersonalSpan| Some((span.kind, review.text.get(span.start..span.end)?.to_owned()));
        Some(review.analysis.personal.iter().filter_map(words).collect::<Vec<_>>())
    })?;
    if found.is_empty() {
        return None;
    }
    let count = found.len().to_string();
    let rows = found.into_iter().map(|(kind, words)| el("li").test("personal-row").with(el("span").class("muted").say(ui, name(kind))).text(" ").with(el("span").text(&words)));
    let list = el("ul").all(rows.collect::<Vec<_>>());
    let open = el("details").with(el("summary").words(move || ui.t().personal_title(&count))).with(el("p").class("muted").say(ui, |t| t.personal_note)).with(list);
    Some(el("section").class("group personal").test("personal").with(open))
}

fn name(kind: PersonalKind) -> Key {
    match kind {
        PersonalKind::Name => |t| t.personal_name,
        PersonalKind::Phone => |t| t.personal_phone,
        PersonalKind::Mail => |t| t.personal_mail,
        PersonalKind::Address => |t| t.personal_address,
        PersonalKind::Birth => |t| t.personal_birth,
        PersonalKind::Number => |t| t.personal_number,
        PersonalKind::Account => |t| t.personal_account,
        PersonalKind::Private => |t| t.personal_private,
        PersonalKind::Photo => |t| t.personal_photo,
    }
}
