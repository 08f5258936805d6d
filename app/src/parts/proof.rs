//! The proof panel: what this page asked the network for, when it gave the network up, and what that does not cover.
use leptos::prelude::*;

use crate::device::{self, Requested};
use crate::el::{El, el};
use crate::session::{Sealed, Stage};
use crate::ui::Ui;

/// A section under the status line, closed at first.
pub fn panel(ui: Ui) -> El {
    el("section")
        .set("id", "proof")
        .class("proof")
        .test("proof")
        .set("aria-labelledby", "proof-title")
        .when("hidden", move || !ui.proof.get())
        .piece(move || ui.proof.get().then(|| content(ui)))
}

fn content(ui: Ui) -> El {
    let sealed = ui.part(|session| match &session.stage {
        Stage::Ready(sealed) => Some(sealed.clone()),
        _ => None,
    });
    let gaps = el("ul")
        .with(el("li").say(ui, |t| t.proof_gap_address))
        .with(el("li").say(ui, |t| t.proof_gap_rtc))
        .with(el("li").say(ui, |t| t.proof_gap_extensions))
        .with(el("li").say(ui, |t| t.proof_gap_device));
    el("div")
        .with(el("h2").set("id", "proof-title").say(ui, |t| t.proof_title))
        .piece(move || Some(facts(ui, sealed.get())))
        .with(el("h3").say(ui, |t| t.proof_not_covered))
        .with(gaps)
        .with(el("p").say(ui, |t| t.proof_check))
}

fn is_test(row: &Requested) -> bool {
    row.path.ends_with("?seal-test")
}

fn facts(ui: Ui, sealed: Option<Sealed>) -> El {
    let t = ui.t();
    let rows = device::requested();
    let after = |row: &&Requested| sealed.as_ref().is_some_and(|sealed| device::whole(row.at_millis) >= sealed.page_millis);
    let before = rows.iter().filter(|row| !after(row)).count();
    let later = rows.iter().filter(|row| after(row) && !is_test(row)).count();
    let mut lines = Vec::new();
    match &sealed {
        None => lines.push(t.proof_not_yet.to_owned()),
        Some(sealed) => {
            lines.extend([t.proof_sealed(&sealed.clock), t.proof_self_test.to_owned()]);
            lines.push(if later == 0 { t.proof_after_none.to_owned() } else { t.proof_after_some(&later.to_string()) });
            lines.push(t.proof_tests(&ui.blocked.get().to_string()));
            if sealed.device.0 > 0 {
                lines.push(t.proof_device(&sealed.device.0.to_string(), &device::megabytes(sealed.device.1)));
            }
        }
    }
    lines.push(t.proof_requests(&before.to_string()));
    let rows = rows.into_iter().map(|row| {
        let source = if is_test(&row) {
            t.proof_blocked
        } else if row.over_network {
            t.proof_from_network
        } else {
            t.proof_from_cache
        };
        let size = if row.bytes == 0 { String::new() } else { format!("{} KB", row.bytes.div_ceil(1000)) };
        let cells = [row.path, device::seconds(row.at_millis), size, source.to_owned()];
        el("tr").test("proof-row").all(cells.map(|cell| el("td").text(&cell)))
    });
    let heads = [t.proof_col_what, t.proof_col_when, t.proof_col_size, t.proof_col_source];
    let head = el("tr").all(heads.map(|head| el("th").set("scope", "col").text(head)));
    let table = el("table").test("proof-requests").with(el("thead").with(head)).with(el("tbody").all(rows));
    el("div")
        .with(el("ul").all(lines.into_iter().map(|line| el("li").text(&line))))
        .with(el("div").class("scroll").set("tabindex", "0").with(table))
}
