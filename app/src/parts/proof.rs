//! The proof panel: what this page asked the network for, when it gave the network up, and what that does not cover.
use leptos::prelude::*;

use crate::device::{self, Requested};
use crate::session::{Sealed, Stage};
use crate::ui::{Ui, flag, piece};

/// A section under the status line, closed at first.
pub fn panel(ui: Ui) -> AnyView {
    view! {
        <section id="proof" class="proof" data-testid="proof" aria-labelledby="proof-title" hidden=flag(move || !ui.proof.get())>
            {piece(move || ui.proof.get().then(|| content(ui)))}
        </section>
    }
    .into_any()
}

fn content(ui: Ui) -> AnyView {
    let sealed = ui.part(|session| match &session.stage {
        Stage::Ready(sealed) => Some(sealed.clone()),
        _ => None,
    });
    view! {
        <h2 id="proof-title">{ui.say(|t| t.proof_title)}</h2>
        {piece(move || Some(facts(ui, sealed.get())))}
        <h3>{ui.say(|t| t.proof_not_covered)}</h3>
        <ul>
            <li>{ui.say(|t| t.proof_gap_address)}</li>
            <li>{ui.say(|t| t.proof_gap_rtc)}</li>
            <li>{ui.say(|t| t.proof_gap_extensions)}</li>
            <li>{ui.say(|t| t.proof_gap_device)}</li>
        </ul>
        <p>{ui.say(|t| t.proof_check)}</p>
    }
    .into_any()
}

fn is_test(row: &Requested) -> bool {
    row.path.ends_with("?seal-test")
}

fn facts(ui: Ui, sealed: Option<Sealed>) -> AnyView {
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
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let rows = rows.into_iter().map(|row| {
        let source = if is_test(&row) {
            t.proof_blocked
        } else if row.over_network {
            t.proof_from_network
        } else {
            t.proof_from_cache
        };
        let size = if row.bytes == 0 { String::new() } else { format!("{} KB", row.bytes.div_ceil(1000)) };
        let cell = |words: String| view! { <td>{words}</td> };
        view! {
            <tr data-testid="proof-row">
                {cell(row.path)} {cell(device::seconds(row.at_millis))} {cell(size)} {cell(source.to_owned())}
            </tr>
        }
        .into_any()
    });
    let head = |words: &'static str| view! { <th scope="col">{words}</th> };
    view! {
        <ul>{lines}</ul>
        <div class="scroll" tabindex="0">
            <table data-testid="proof-requests">
                <thead><tr>
                    {head(t.proof_col_what)} {head(t.proof_col_when)} {head(t.proof_col_size)} {head(t.proof_col_source)}
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
